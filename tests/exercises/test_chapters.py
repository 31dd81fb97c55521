"""Every check of every chapter, against what readers answer: rightly, wrongly, and with junk.

`answers_chNN_….py` beside this file gives, for each exercise of a chapter, right answers and one
example of each mistake that the check names. They are read by path, as a reader's cells would be.
"""

from __future__ import annotations

import dataclasses
import runpy
from pathlib import Path
from typing import Any

import pytest

from gdlib.exercises import check, registry
from tests.exercises.junk import JUNK, looping

registry.load()
EXERCISES = {name: found for name, found in registry.EXERCISES.items() if "/" in name}
MODULES = {slug: module.rpartition(".")[2] for slug, module in registry.chapters().items()}
FILES = {slug: Path(__file__).parent / f"answers_{name}.py" for slug, name in MODULES.items()}
ANSWERS = {slug: runpy.run_path(str(path)) for slug, path in FILES.items() if path.exists()}
RIGHT: dict[str, list[Any]] = {}
WRONG: dict[str, dict[str, Any]] = {}
for answers in ANSWERS.values():
    RIGHT |= answers["RIGHT"]
    WRONG |= answers["WRONG"]

names = pytest.mark.parametrize("name", sorted(EXERCISES))


def test_every_chapter_with_checks_has_answers_and_the_other_way_round() -> None:
    here = Path(__file__).parent
    assert {path.name for path in here.glob("answers_*")} == {path.name for path in FILES.values()}


def test_every_exercise_belongs_to_its_files_chapter() -> None:
    assert {name.partition("/")[0] for name in EXERCISES} == set(MODULES)


def test_no_answer_is_left_over_from_an_exercise_that_is_gone() -> None:
    assert RIGHT.keys() | WRONG.keys() <= EXERCISES.keys()


@names
def test_every_right_answer_is_correct(name: str) -> None:
    assert RIGHT.get(name), "an exercise needs a right answer in its chapter's answers file"
    for answer in RIGHT[name]:
        verdict = check(name, answer)
        assert verdict, repr(verdict)
        assert repr(check(name, answer)) == repr(verdict)


@names
def test_every_named_mistake_has_an_example_that_gets_its_message(name: str) -> None:
    examples = WRONG.get(name, {})
    messages = [mistake.message for mistake in EXERCISES[name].mistakes]
    for message in messages:
        keys = [key for key in examples if message.startswith(key)]
        assert len(keys) == 1, f"{message!r} has the examples {keys}"
    for key, answer in examples.items():
        verdict = check(name, answer)
        assert verdict.state == "not yet"
        assert verdict.message.startswith(key), repr(verdict)
        assert repr(check(name, answer)) == repr(verdict)


@names
def test_a_wrong_answer_that_the_check_knows_gets_its_own_message(name: str) -> None:
    for mistake in EXERCISES[name].mistakes:
        if mistake.like is not None:
            assert check(name, mistake.like).message == " ".join(mistake.message.split())


@names
def test_every_message_is_whole_sentences(name: str) -> None:
    for answer in WRONG.get(name, {}).values():
        assert check(name, answer).message[-1] in ".?!"


@names
def test_a_blank_is_not_started(name: str) -> None:
    assert repr(check(name, ...)) == repr(check(name, None)) == "○ not started"


@names
def test_junk_is_never_correct_never_an_exception_and_always_the_same(name: str) -> None:
    for kind, junk in JUNK.items():
        verdict = check(name, junk)
        assert not verdict, kind
        assert verdict._repr_html_() == check(name, junk)._repr_html_(), kind


@names
def test_only_a_hostile_object_cannot_be_read(name: str) -> None:
    for kind, junk in JUNK.items():
        if "hostile" not in kind:
            assert "cannot be read" not in check(name, junk).message, kind


@names
def test_no_message_reveals_the_answer(name: str) -> None:
    answers = [*JUNK.values(), *WRONG.get(name, {}).values()]
    for verdict in (check(name, answer) for answer in answers):
        for secret in EXERCISES[name].secrets:
            assert secret not in verdict.message


@names
def test_an_answer_that_loops_for_ever_is_stopped(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = dataclasses.replace(EXERCISES[name], seconds=0.05)
    monkeypatch.setitem(registry.EXERCISES, name, brief)
    verdict = check(name, looping)
    assert verdict.state == "not yet"
    # An exercise that wants no function does not call it, and says so.
    wants_function = callable(next(iter(RIGHT.get(name, ())), None))
    assert "stopped: does every loop" in verdict.message or not wants_function
