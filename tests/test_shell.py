"""`python -m gdlib diagnose`: what it prints, and with what it exits."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import gdlib as gd
from gdlib.__main__ import main

FALLING = "\n".join(f"{1 + 0.8**k:.12f}" for k in range(40))
RUINED = "step,loss\n" + "\n".join(f"{10 * k},{loss}" for k, loss in enumerate([2, 1.5, 1, "nan"]))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "losses.csv"
    file.write_text(RUINED, encoding="utf-8")
    return file


def test_it_prints_what_diagnose_says_and_exits_with_1(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diagnose", str(log)]) == 1
    printed = capsys.readouterr().out
    assert printed == f"{gd.diagnose(log)}\n"
    assert "! diverged: J goes from 2 to 1, and is not finite at step 30" in printed


def test_a_run_without_trouble_exits_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").write_text(FALLING, encoding="utf-8")
    assert main(["diagnose", str(tmp_path / "log")]) == 0
    assert "✓ healthy" in capsys.readouterr().out


def test_what_cannot_be_told_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("2.3 2.1"))
    assert main(["diagnose", "-"]) == 0
    assert "? cannot tell: too few steps: 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2.3\n2.1\nOOM\n2.0\n", "line 3: a number was wanted, not 'OOM'"),
        ("a,b\n1,2\n3,1\n", "which column holds the losses"),
        (None, "there is no such file"),
    ],
)
def test_a_log_that_cannot_be_read_exits_with_2_and_says_why(
    text: str | None, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / "log").write_text(text, encoding="utf-8")
    assert main(["diagnose", str(tmp_path / "log")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err


def test_the_losses_column_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log").write_text("a,b\n1,2\n3,1\n", encoding="utf-8")
    assert main(["diagnose", str(tmp_path / "log"), "--loss", "b"]) == 0
    assert "2 losses (“b”)" in capsys.readouterr().out


def test_json_holds_all_that_the_text_says(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", str(log), "--json"]) == 1
    read = json.loads(capsys.readouterr().out)
    found = gd.diagnose(log)
    assert read["read"] == list(found.notes)
    (finding,) = read["findings"]
    assert finding == {
        "kind": "diverged",
        "evidence": found.findings[0].evidence,
        "step": 30,
        "advice": found.findings[0].advice,
        "chapter": "03-learning-rate",
        "wrong": True,
    }


def test_as_a_program_it_reads_what_is_piped_in() -> None:
    command = [sys.executable, "-m", "gdlib", "diagnose", "-"]
    done = subprocess.run(command, check=False, input=RUINED, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("· read: 4 losses")


def test_without_a_command_it_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 2
    assert "diagnose" in capsys.readouterr().err
