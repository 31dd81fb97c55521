"""Quiz: what it refuses, what it tells Python, what stands for it without scripts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup

import gdlib as gd
from gdlib.widgets import prose

WRONG = gd.Option("Left", "Not so: $J'(0) > 0$.")
RIGHT = gd.Option("Right", "Yes.", correct=True)


def choice(**changed: Any) -> gd.Quiz:
    asked = {"name": "walk/side", "question": r"Where is $\theta$?", "options": [WRONG, RIGHT]}
    return gd.Quiz(**{**asked, **changed})


def number(**changed: Any) -> gd.Quiz:
    asked = {"name": "walk/rate", "question": "How large?", "answer": 0.2, "mistakes": {0.1: "1/L"}}
    return gd.Quiz(**{**asked, **changed})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "Walk"}, "chapter/question"),
        ({"question": " "}, "empty"),
        ({"question": "costs $5"}, "no partner"),
        ({"question": r"$\frac$"}, "no LaTeX"),
        ({"options": []}, "either options or an answer"),
        ({"answer": 3.0}, "either options or an answer"),
        ({"options": [WRONG, WRONG]}, "0 of 2 options are correct"),
        ({"options": [RIGHT]}, "1 of 1 options are correct"),
        (
            {"options": [WRONG, "Right"]},
            r"options must be gd\.Option\(text, feedback\); it holds 'Right'",
        ),
        ({"options": [RIGHT, gd.Option("Right", "No.")]}, "same text"),
        ({"responses": [2]}, "no reader can answer 2"),
        ({"responses": ["1"]}, "numbers"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused(changed: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        choice(**changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"answer": float("nan")}, "finite"),
        ({"answer": 0.0}, "tolerance must be positive"),
        ({"tolerance": -1.0}, "tolerance must be positive"),
        ({"mistakes": {0.2001: "close"}}, "no mistake"),
        ({"mistakes": {0.1: 3}}, "mistakes must be a string, not 3"),
        ({"mistakes": {"0.1": "1/L"}}, "mistakes must be a number"),
        ({"mistakes": ["1/L"]}, "mistakes must be what to say by number"),
        ({"answer": 1e400}, "answer must be finite"),
        ({"unit": 3}, "unit must be a string"),
        ({"responses": [float("inf")]}, "responses must be finite"),
    ],
)
def test_a_number_that_cannot_be_asked_for_is_refused(changed: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        number(**changed)


def test_an_option_says_something() -> None:
    with pytest.raises(ValueError, match="needs a text and a feedback"):
        gd.Option("Left", " ")


def test_an_unknown_keyword_is_named() -> None:
    with pytest.raises(TypeError, match="no 'anwser'"):
        number(anwser=0.3)


def test_python_reads_what_the_reader_answered() -> None:
    assert choice().correct is None
    assert choice(responses=[0]).correct is False
    assert choice(responses=[0, 1]).correct is True
    assert number(responses=[0.201]).correct is True
    assert number(responses=[0.201, 0.203]).correct is False


def test_the_state_of_a_page_is_json_with_the_mathematics_typeset() -> None:
    state = json.loads(json.dumps(choice().page_state()))
    assert state["responses"] == []
    kinds = [kind for kind, _ in state["_programs"]["question"]]
    assert kinds == ["text", "math", "text"]
    assert state["_programs"]["question"][1][1].startswith("<math")


def test_another_wording_makes_old_answers_void() -> None:
    first, again, other = choice(), choice(), choice(question="Where now?")
    assert first._programs["print"] == again._programs["print"] != other._programs["print"]


def test_without_scripts_each_answer_unfolds() -> None:
    page = BeautifulSoup(choice().fallback()["text/html"], "html.parser")
    assert [s.get_text() for s in page.find_all("summary")] == ["Left", "Right"]
    assert not page.find_all("details", open=True)
    assert len(page.select("details math")) == 1
    data, _ = choice()._repr_mimebundle_()
    assert "image/png" not in data
    assert data["text/plain"] == "Quiz(walk/side)"


def test_markup_in_a_string_stays_text() -> None:
    quiz = choice(question="Is <script> & `<b>` *safe*?")
    page = BeautifulSoup(quiz.fallback()["text/html"], "html.parser")
    assert page.find("script") is None
    assert page.select("strong")[0].get_text() == "Is <script> & <b> safe?"
    assert quiz.alt == "Is <script> & <b> safe?"


def test_prose_leaves_a_star_that_multiplies() -> None:
    assert prose.parse("2 * 3 * 4") == [("text", "2 * 3 * 4")]
