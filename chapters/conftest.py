"""What nbval leaves out where a library is missing that a chapter's cells need, and says so."""

from collections import Counter

import pytest

from gdlib.book import left_out

LEFT_OUT = "left out"


def pytest_itemcollected(item):
    if library := left_out.lacks(getattr(item, "cell", {"metadata": {}})):
        item.add_marker(pytest.mark.skip(reason=f"{library} is not installed"))
        item.user_properties.append((LEFT_OUT, (item.path.stem, library)))


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    found = Counter(
        tuple(what)
        for report in skipped
        for name, what in report.user_properties
        if name == LEFT_OUT
    )
    for line in left_out.told(found):
        terminalreporter.write_line(line)
