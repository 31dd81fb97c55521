"""A check and a tracer (a debugger, coverage) do not harm each other, whichever comes first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = str(Path(__file__).with_name("traced.py"))
TRACERS = {
    "none": [PROGRAM, "none"],
    "of the caller": [PROGRAM, "sys"],
    "of new threads": [PROGRAM, "threads"],
    "coverage": ["-m", "coverage", "run", "--data-file=measured", PROGRAM, "none"],
}
SAID = "correct 1\nnot yet 1\nnot yet 1\ncorrect 1\ntraced True\n"


@pytest.mark.parametrize("arguments", TRACERS.values(), ids=TRACERS)
def test_checks_judge_as_ever_under_a_tracer_and_leave_none_waiting(
    arguments: list[str], tmp_path: Path
) -> None:
    # A process that waits for ever is ended: no time is asserted, any machine is much faster.
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == (SAID, "", 0)
