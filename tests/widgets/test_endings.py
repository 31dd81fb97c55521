"""The words for how a run ends: the browser's list is Python's."""

from __future__ import annotations

from gdlib.descent import stopping
from tests.widgets import typescript

SCRIPT = """
    import { STATUSES } from "./src/core/endings";
    console.log(JSON.stringify(STATUSES));"""


def test_the_browser_has_pythons_words_for_how_a_run_ends() -> None:
    ends = (
        stopping.CONVERGED,
        stopping.DIVERGED,
        stopping.STALLED,
        stopping.OUT_OF_STEPS,
    )
    assert typescript.run(SCRIPT, None) == list(ends)
