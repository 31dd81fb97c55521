"""How a run ends, where one is at rest, what is flat: the browser's are Python's, printed."""

from __future__ import annotations

from gdlib.descent import endings
from gdlib.landscapes import flatness
from gdlib.plotting import search_window
from tests.widgets import typescript

SCRIPT = """
    import * as endings from "../gdlib/static/endings";
    console.log(JSON.stringify(endings));"""


def test_the_browser_has_pythons_words_and_thresholds_for_how_a_run_ends() -> None:
    said = {name: value for name, value in vars(endings).items() if name.isupper()}
    assert said["STATUSES"] == ("converged", "diverged", "stalled", "out of steps")
    assert typescript.run(SCRIPT, None) == {**said, "STATUSES": list(said["STATUSES"])}


def test_the_browser_reaches_as_far_along_a_line_search() -> None:
    script = """
        import { REACH } from "../gdlib/static/search_window";
        console.log(JSON.stringify(REACH));"""
    assert typescript.run(script, None) == search_window.REACH


def test_the_browser_takes_the_same_curvatures_for_flat() -> None:
    script = """
        import { FLAT } from "../gdlib/static/flatness";
        import { bends } from "./src/core/curvature";
        console.log(JSON.stringify([FLAT, ...[0.5, 2].map((x) => bends([x * FLAT, 1]))]));"""
    said = [flatness.FLAT, {"up": 1, "down": 0}, {"up": 2, "down": 0}]
    assert typescript.run(script, None) == said
