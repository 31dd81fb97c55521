"""The style that the chapters use says what gdlib.plotting says."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.colors import to_hex

from gdlib.plotting.theme import INK, PALETTE
from tests.browser.site import ROOT

FILE = ROOT / "gdlib" / "plotting" / "book.mplstyle"
STYLE: dict[str, Any] = {
    str(name): value
    for name, value in mpl.rc_params_from_file(FILE, use_default_template=False).items()
}


@pytest.mark.parametrize(
    "name",
    ["text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "legend.labelcolor"],
)
def test_text_in_figures_has_the_one_grey_that_reads_on_both_pages(name: str) -> None:
    assert to_hex(STYLE[name]) == INK


def test_figures_without_a_method_cycle_through_the_palette() -> None:
    cycle = STYLE["axes.prop_cycle"].by_key()["color"]
    assert [to_hex(colour) for colour in cycle] == [c.lower() for c in PALETTE["figure"]["other"]]


def test_grounds_are_transparent() -> None:
    grounds = ("figure.facecolor", "axes.facecolor", "savefig.facecolor")
    assert {STYLE[name] for name in grounds} == {"none"}
