"""Bad values put to every public callable: it works, or says what was wanted and what came.

`tests.bad_input` makes the calls, in processes of their own, which are killed if one never returns.
GDLIB_BAD_INPUT=10 draws ten times as many.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import bad_input

PARTS = 3
PATIENCE = 1800
"""Seconds after which a process is killed; it needs some twenty of its own."""


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_public_callable_works_or_refuses_in_words(part: int, tmp_path: Path) -> None:
    more = os.environ.get("GDLIB_BAD_INPUT", "1")
    labels = tmp_path / "labels.txt"
    command = [sys.executable, "-W", "error", "-m", "tests.bad_input", str(part), str(PARTS), more]
    with labels.open("w", encoding="utf-8") as log:
        try:
            child = subprocess.run(
                command,
                cwd=Path(__file__).parents[1],
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
                stdout=subprocess.PIPE,
                stderr=log,
                timeout=PATIENCE,
                check=False,
                encoding="utf-8",
            )
        except subprocess.TimeoutExpired:
            pytest.fail(f"never returns: {_last(labels)}")
    faults = [": ".join(json.loads(line)) for line in child.stdout.splitlines()]
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:40]])
    assert child.returncode == 0, _last(labels, 2000)


def _last(log: Path, length: int = 200) -> str:
    return log.read_text(encoding="utf-8")[-length:]


def test_the_walk_finds_functions_classes_methods_and_what_modules_offer() -> None:
    found = {target.name: target for target in bad_input.targets()}
    assert {
        "descend", "Stop", "adam", "Optimizer.update", "Landscape.parse", "landscapes.quadratic",
        "plotting.contours", "problems.noisy_line", "schedules.Schedule.__call__", "Verdict.wrong",
        "LeastSquares.gradient", "BatchRace.radius",
    } <= set(found)  # fmt: skip
    assert found["Optimizer.with_settings"].parameters == ("learning_rate", "beta1")
    assert set(found["DescentExplorer"].parameters) >= {"landscape", "optimizers", "learning_rate"}
    assert len(found) > 100


def test_the_judge_of_a_call_sees_each_kind_of_fault() -> None:
    def silent(rate: Any) -> Any:
        return rate

    def raw(rate: Any) -> Any:
        return rate + "1"

    def lost(rate: Any) -> Any:
        return rate.nothing

    def changing(rate: dict[str, int]) -> None:
        rate.clear()

    cases = [
        (silent, "complex", "takes complex"),
        (silent, "1.5", None),
        (raw, "1.5", "not in our words"),
        (lost, "1.5", "AttributeError"),
        (changing, "dict", "changes rate"),
    ]
    for function, bad, expected in cases:
        target = bad_input.Target(function.__name__, lambda f=function: f, ("rate",), ("rate",))  # type: ignore[misc]
        found = bad_input.fault(target, "", {"rate": bad})
        assert (found is None) if expected is None else expected in str(found)
