"""The list of what there is to do holds all of it, in order, with words that lead there."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from gdlib.book import course
from gdlib.exercises import registry

NOTEBOOKS = sorted((Path(__file__).parents[2] / "chapters").glob("[0-9]*.ipynb"))
chapters = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cell(source: str, *tags: str) -> dict[str, Any]:
    return {"source": source.splitlines(keepends=True), "metadata": {"tags": list(tags)}}


CELLS = [
    cell("# Down\n\nA text."),
    cell('gd.Quiz("down/predict", "It is $x < 1$. How far?", [])', "quiz"),
    cell(":::{exercise} Past the paper's bound\n:label: ex-down-a\n:::"),
    cell('a = ...\n\ngd.check("down/a", a)', "exercise"),
    cell(":::{solution-start} ex-down-a\n:label: sol-down-a\n:::"),
    cell('a = 1\n\ngd.check("down/a", a, solution=True)', "solution"),
    cell('gd.Quiz(\n    "down/more",\n    "Why "\n    "so?",\n    answer=1,\n)', "quiz"),
]


@pytest.fixture
def written(tmp_path: Path) -> course.Chapter:
    path = tmp_path / "01-down.ipynb"
    path.write_text(json.dumps({"cells": CELLS}), encoding="utf-8")
    return course.chapter(1, path, 0)


def test_quizzes_and_exercises_stand_in_the_notebooks_order(written: course.Chapter) -> None:
    assert written.title == "Down"
    assert [(item.kind, item.name, item.anchor) for item in written.items] == [
        ("quizzes", "down/predict", "quiz-1"),
        ("exercises", "down/a", "ex-down-a"),
        ("quizzes", "down/more", "quiz-2"),
    ]


def test_the_last_sentence_of_a_question_leads_to_it(written: course.Chapter) -> None:
    section = course._section(written)
    assert section.startswith("## 1. Down\n")
    assert '</math>. <a href="01-down.html#quiz-1">How far?</a>' in section
    assert '<a href="01-down.html#quiz-2">Why so?</a>' in section
    assert '<a href="01-down.html#ex-down-a">Past the paper’s bound</a>' in section


def test_the_next_chapter_asks_the_questions_afresh(written: course.Chapter) -> None:
    [(name, words), _] = course._again(written)
    assert name == "down/predict"
    assert words == 'chapter 1: <a href="01-down.html#gd/quiz-1?again=1">How far?</a>'


@chapters
def test_a_chapters_list_holds_every_exercise_and_quiz_of_its_notebook(path: Path) -> None:
    items = course.chapter(1, path, 0).items
    slug = path.stem.partition("-")[2]
    registry.load(slug)
    declared = {name for name in registry.EXERCISES if name.startswith(f"{slug}/")}
    assert {item.name for item in items if item.kind == "exercises"} == declared
    quizzes = [item.name for item in items if item.kind == "quizzes"]
    source = path.read_text(encoding="utf-8")
    assert len(quizzes) == source.count('"gd.Quiz(\\n"')
    assert f"{slug}/predict" in quizzes
    assert all(name.startswith(f"{slug}/") for name in quizzes)
    assert len({item.name for item in items}) == len(items)


@chapters
def test_a_question_asks_in_its_last_sentence(path: Path) -> None:
    for item in course.chapter(1, path, 0).items:
        if item.kind == "quizzes":
            assert item.words.endswith("?"), item.words
            assert item.before.count("$") % 2 == item.words.count("$") % 2 == 0
        assert "$" not in item.words or item.kind == "quizzes"
        assert not re.search(r"[<>&]", item.words), html.escape(item.words)
