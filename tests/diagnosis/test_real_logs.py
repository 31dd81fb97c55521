"""Logs that the tools themselves wrote, of runs whose trouble was known before (data/logs/make.py).

The numbers to find come from the runs, and what to say of them from how they were spoilt.
"""

from __future__ import annotations

import io
import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest

import gdlib as gd
from gdlib.__main__ import FINE, UNREADABLE, WRONG, main
from gdlib.diagnosis import columns, logs, sources
from gdlib.diagnosis.columns import Log

LOGS = Path(__file__).parent.parent / "data" / "logs"
LABELS: dict[str, dict[str, Any]] = json.loads((LOGS / "labels.json").read_text())
OTHERS = ("", ".py")
UNSEEN = {
    "tensorboard_floor.csv": "its losses follow each other, and alone they do not tell noise from"
    " ripples of a rule",
    "sklearn_linear.log": "20 late losses are too few to tell a level with noise from bouncing",
    "spaces_plateau.txt": "after the first plateau comes a second, in the middle of the run: losses"
    " alone do not tell what it is",
}
"""Of which logs the judgement of one column says less than is known, and why."""


def understood(file: str) -> Log:
    return columns.understood(logs.read(sources.decoded((LOGS / file).read_bytes())))


def near(found: float, known: str, decimals: int | None) -> bool:
    wanted = float(known)
    if not math.isfinite(wanted):
        return not math.isfinite(found)
    slack = 0.51 * 10.0**-decimals if decimals else 2e-6 * abs(wanted)
    return abs(found - wanted) <= slack


def test_every_log_has_a_label_and_is_small() -> None:
    files = {path.name: path.stat().st_size for path in LOGS.iterdir() if path.suffix not in OTHERS}
    assert set(files) - {"labels.json"} == set(LABELS)
    assert max(files.values()) <= 20_000
    assert len(LABELS) >= 20


@pytest.mark.parametrize("file", LABELS)
def test_the_losses_of_a_run_are_read_from_its_log(file: str) -> None:
    known, log = LABELS[file], understood(file)
    assert len(log.losses.values) == known["count"]
    if "first" in known:
        assert near(log.losses.values[0], known["first"], known["decimals"])
        assert near(log.losses.values[-1], known["last"], known["decimals"])
    if "steps" in known:
        at = log.at(log.losses)
        assert at is not None
        assert [at[1][0], at[1][-1]] == known["steps"]


@pytest.mark.parametrize("file", [file for file in LABELS if "held_count" in LABELS[file]])
def test_losses_on_data_held_out_are_read_beside_them(file: str) -> None:
    known, held = LABELS[file], understood(file).held_out
    assert held is not None
    assert len(held.values) == known["held_count"]
    assert near(held.values[0], known["held_first"], known["decimals"])
    assert near(held.values[-1], known["held_last"], known["decimals"])


@pytest.mark.parametrize("file", [file for file in LABELS if "held_count" not in LABELS[file]])
def test_no_losses_on_data_held_out_are_made_up(file: str) -> None:
    assert understood(file).held_out is None


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, marks=pytest.mark.xfail(strict=True, reason=UNSEEN[file]))
        if file in UNSEEN
        else file
        for file in LABELS
    ],
)
def test_a_log_is_diagnosed_as_its_run_was_made(file: str) -> None:
    known, found = LABELS[file], gd.diagnose(LOGS / file)
    assert found.kind == known["kind"]
    assert known.get("says", "") in str(found)
    first = found.findings[0]
    if "near" in known:
        assert first.step is not None
        assert known["near"][0] <= first.step <= known["near"][1]
    if known["kind"] == "falls, then climbs":
        assert first.step == known["steps"][0] + known["lowest"]


@pytest.mark.parametrize(
    ("file", "status"), [("loop_healthy.log", FINE), ("keras_diverged.json", WRONG)]
)
def test_the_shell_hears_whether_a_run_is_in_trouble(
    file: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diagnose", str(LOGS / file)]) == status
    assert capsys.readouterr().out.startswith("· read: ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_shell_reads_what_is_piped_in(
    encoding: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = io.TextIOWrapper(io.BytesIO("step 0: loss 2 −\nstep 1: loss 1\n".encode(encoding)))
    monkeypatch.setattr(sys, "stdin", piped)
    assert main(["diagnose", "-"]) == FINE
    assert "2 losses (“loss”); steps 0 to 1" in capsys.readouterr().out


def test_the_shell_hears_that_a_log_cannot_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", str(LOGS)]) == UNREADABLE
    assert "that is a folder" in capsys.readouterr().err
