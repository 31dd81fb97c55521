"""A verdict is one line of text, and the same words in HTML."""

from __future__ import annotations

import dataclasses
import html
import math
import re
from typing import Any

import pytest

from gdlib.exercises import Verdict

VERDICTS = [
    Verdict.not_started(),
    Verdict.right(),
    Verdict.right("41 evaluations", 41.0),
    Verdict.wrong("Your step climbs: the gradient points uphill."),
    Verdict.wrong('line 2: `if a < b & c: return "<script>alert(1)</script>"`'),
]


def test_each_state_has_its_own_mark_and_words() -> None:
    assert [repr(verdict) for verdict in VERDICTS[:4]] == [
        "○ not started",
        "✓ correct",
        "✓ correct: 41 evaluations",
        "✗ not yet: Your step climbs: the gradient points uphill.",
    ]


@pytest.mark.parametrize("verdict", VERDICTS, ids=repr)
def test_html_has_the_same_words_escaped(verdict: Verdict) -> None:
    page = verdict._repr_html_()
    assert set(re.findall(r"</?(\w+)", page)) <= {"div", "code"}
    assert html.unescape(re.sub("<[^>]+>", "", page)) == repr(verdict).replace("`", "")


@pytest.mark.parametrize("verdict", VERDICTS, ids=repr)
def test_html_names_no_colour_but_the_texts_own(verdict: Verdict) -> None:
    page = verdict._repr_html_()
    assert "currentColor" in page
    assert not re.search(r"#[0-9a-f]{3}|rgb|background|[^t]color:", page)


def test_a_message_of_several_lines_becomes_one() -> None:
    assert repr(Verdict.wrong("one\n  two")) == "✗ not yet: one two"


def test_a_verdict_cannot_be_changed_and_is_true_only_when_correct() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Verdict.wrong("no").state = "correct"  # type: ignore[misc]
    assert [bool(verdict) for verdict in VERDICTS] == [False, True, True, False, False]


MADE: Any = Verdict  # of anything: that is what is tested


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: MADE("right"), ValueError, 'state must be "not started", "correct" or "not yet"'),
        (lambda: MADE(True), TypeError, 'state must be "not started", "correct" or "not yet"'),
        (lambda: MADE("correct", None), TypeError, "message must be a string, not None"),
        (lambda: MADE("correct", "", "41"), TypeError, "score must be a number, not '41'"),
        (lambda: Verdict.right(score=math.nan), ValueError, "score must be finite, not nan"),
        (lambda: MADE.wrong(3), TypeError, "message must be a string, not 3"),
    ],
)
def test_a_verdict_is_not_made_of_anything(make: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        make()
