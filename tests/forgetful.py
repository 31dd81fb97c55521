"""A pytest plugin for mutation runs: what the tests remember hides no mutant.

mutmut runs for a mutant only the tests that were seen to call its function. A function behind a
cache is called by the first test alone, and one that a test file calls as it is read by none: here
every counted test starts with empty caches, and a file's own calls count for each of its tests.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

seen_while_reading: dict[str, set[str]] = {}


def forget() -> None:
    """Empty every cache of the package."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "gdlib":
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def counting() -> bool:
    """Tell whether mutmut is finding out which test calls what."""
    return os.environ.get("MUTANT_UNDER_TEST") == "stats"


def called() -> Any:
    """Return mutmut's own list of the functions called since it was last emptied."""
    from mutmut.state import state

    return state()._stats


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Iterator[None]:
    """Keep apart what reading each file calls."""
    if not (counting() and isinstance(collector, pytest.File)):
        return (yield)
    forget()
    called().clear()
    report = yield
    seen_while_reading[collector.nodeid] = set(called())
    called().clear()
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run short tests first, and forget what reading the files has left in caches."""
    stats = Path("mutmut-stats.json")
    if stats.exists():
        took = json.loads(stats.read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(key=lambda item: took.get(item.nodeid, 0.0))
    forget()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Start each counted test without memories, and with what its file called."""
    if counting():
        forget()
        called().update(seen_while_reading.get(item.nodeid.partition("::")[0], ()))
