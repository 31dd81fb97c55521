"""A printed line that arrives in two parts stays one line on the page."""

from __future__ import annotations

from myst_nb.core.utils import coalesce_streams
from nbformat.v4 import new_output

from gdlib.book.printed_lines import whole_lines

PRINTED = [
    new_output("stream", name="stdout", text="RMSProp  same\nAdam"),
    new_output("stream", name="stderr", text="a warn"),
    new_output("display_data", {"text/plain": "a figure"}),
    new_output("stream", name="stdout", text="     same\n\n"),
    new_output("stream", name="stderr", text="ing\n"),
    new_output("stream", name="stdout", text="Lion     same\n"),
]


def test_lines_stay_whole_and_empty_ones_stay() -> None:
    found = whole_lines(coalesce_streams)(PRINTED)
    assert [output.get("text") for output in found] == [
        "RMSProp  same\nAdam     same\n\nLion     same\n",
        "a warning\n",
        None,
    ]


def test_the_outputs_that_came_are_left_alone() -> None:
    whole_lines(coalesce_streams)(PRINTED)
    assert PRINTED[0]["text"] == "RMSProp  same\nAdam"
