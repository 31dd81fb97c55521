"""Refusals are what `data/refusals.txt` says, word for word; at a limit there is none."""

from __future__ import annotations

import pytest

from tests import refusals

WRITTEN = refusals.read()


@pytest.mark.parametrize("name", refusals.targets())
def test_a_bad_argument_is_refused_in_the_words_written_down(name: str) -> None:
    assert refusals.said(refusals.targets()[name]) == WRITTEN.get(name, [])


@pytest.mark.parametrize("text", refusals.TEXTS)
def test_a_line_that_is_no_formula_is_refused_in_the_words_written_down(text: str) -> None:
    assert refusals.said_of(text) == WRITTEN[repr(text)]


@pytest.mark.parametrize(
    "text",
    [
        "x" + " + 1" * 60,
        "+".join("abcdfghj"),
        "sin(" * 8 + "x" + ")" * 8,
        "x**20 + x**-20 + 1000000000000*x",
        "x" * 500,
    ],
)
def test_a_line_at_a_limit_is_a_formula(text: str) -> None:
    assert refusals.said_of(text) == []
