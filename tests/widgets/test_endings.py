"""The words for how a run ends, and where one is at rest: the browser's are Python's, printed."""

from __future__ import annotations

from gdlib.descent import endings
from tests.widgets import typescript

SCRIPT = """
    import * as endings from "../gdlib/static/endings";
    console.log(JSON.stringify(endings));"""


def test_the_browser_has_pythons_words_and_thresholds_for_how_a_run_ends() -> None:
    said = {name: value for name, value in vars(endings).items() if name.isupper()}
    assert said["STATUSES"] == ("converged", "diverged", "stalled", "out of steps")
    assert typescript.run(SCRIPT, None) == {**said, "STATUSES": list(said["STATUSES"])}
