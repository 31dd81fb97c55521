"""How long a reader waits before the first path."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import Row

IMPORT = (
    "import time; t = time.perf_counter(); import gdlib as gd; {}; print(time.perf_counter() - t)"
)
DESCEND = (
    "import time; import gdlib as gd; rosenbrock = gd.landscapes.rosenbrock();"
    " adam = gd.adam(); t = time.perf_counter(); gd.descend(rosenbrock, adam);"
    " print(time.perf_counter() - t)"
)


def _median(script: str, runs: int = 5) -> float:
    """Run a script that prints seconds in fresh processes."""
    command = [sys.executable, "-c", script]
    prints = [
        subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(runs)
    ]
    return statistics.median(float(done.stdout) for done in prints)


def rows() -> Iterator[Row]:
    """Time imports and the first run, each in a fresh process."""
    for what, script, aim in (
        ("import gdlib", IMPORT.format("pass"), 0.6),
        ("the same, with SymPy: gd.landscapes", IMPORT.format("gd.landscapes"), None),
        ("the first descend on a landscape", DESCEND, 0.3),
    ):
        yield Row(what, _median(script), None, "", None, aim)
