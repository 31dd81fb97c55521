"""What counts as done, how two records become one, and the file that notebook and page share."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import gdlib as gd
from gdlib.exercises import registry
from gdlib.exercises.levels import LEVELS, LONGEST, REFUSALS
from gdlib.exercises.record import SESSION, Record, entries_of, read, text_of
from tests.widgets.typescript import run

CHAPTER = Path(__file__).parents[2] / "chapters" / "01-walking-downhill.ipynb"
RIGHT, WRONG = ("walking-downhill/first-step", 2.4), ("walking-downhill/first-step", 1.0)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a session in which nothing has been answered."""
    monkeypatch.setattr(SESSION, "entries", {kind: {} for kind in LEVELS})
    monkeypatch.setattr(SESSION, "file", None)
    monkeypatch.setattr(SESSION, "trouble", "")


def first() -> Any:
    return gd.progress().chapters[0]


# --- what counts --------------------------------------------------------------------------------


def test_an_exercise_is_open_then_tried_then_right_and_stays_right() -> None:
    assert "first-step" in first().open
    gd.check("walking-downhill/first-step")
    assert "first-step" in first().open
    for asked, group in ((WRONG, "tried"), (RIGHT, "right"), (WRONG, "right")):
        gd.check(*asked)
        assert getattr(first(), group) == ("first-step",)
        assert "first-step" not in first().open


def test_the_books_own_solution_counts_for_nobody() -> None:
    assert gd.check(*RIGHT, solution=True)
    assert first().right == ()
    with pytest.raises(TypeError, match="solution must be True or False, not 'yes'"):
        gd.check(*RIGHT, solution="yes")  # type: ignore[arg-type]


def test_every_exercise_stands_in_its_chapter_once() -> None:
    registry.load()
    shown = [
        f"{chapter.name}/{name}"
        for chapter in gd.progress().chapters
        for name in (*chapter.right, *chapter.tried, *chapter.open)
    ]
    assert sorted(shown) == sorted(name for name in registry.EXERCISES if "/" in name)
    assert [chapter.name for chapter in gd.progress().chapters] == list(registry.chapters())


def quiz() -> gd.Quiz:
    options = [gd.Option("yes", "Right."), gd.Option("no", "Not so.", correct=True)]
    return gd.Quiz("walking-downhill/predict", "Is it?", options)


@pytest.mark.parametrize(
    ("tries", "level"),
    [
        ([(1,)], "right"),
        ([(0,)], "wrong"),
        ([(0,), (0, 1)], "wrong"),  # the answer had been told
        ([(0,), (), (1,)], "mended"),
        ([(0,), (), (0,), (), (1,), (), (0,)], "mended"),
        ([(1,), (), (0,)], "right"),
    ],
)
def test_the_first_answer_of_a_try_is_the_prediction(tries: list[Any], level: str) -> None:
    asked = quiz()
    for responses in tries:
        asked.responses = responses
    assert first().predictions == (("predict", level),)


def test_a_question_that_was_not_answered_is_no_prediction() -> None:
    quiz().responses = ()
    assert first().predictions == ()


@pytest.mark.long
def test_a_chapter_that_is_run_whole_counts_nothing() -> None:
    notebook = nbformat.read(CHAPTER, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("gd.progress().chapters[0]"))
    NotebookClient(notebook, kernel_name="python3", timeout=180).execute()
    [output] = notebook.cells[-1].outputs
    said = output["data"]["text/plain"]
    assert "right=(), tried=()" in said
    assert "predictions=()" in said


# --- what is shown ------------------------------------------------------------------------------


def test_the_text_names_what_is_open_where_a_chapter_has_begun() -> None:
    gd.check(*RIGHT)
    gd.check("walking-downhill/hilltop", "zzz")
    quiz().responses = (0,)
    total = sum(len(c.right + c.tried + c.open) for c in gd.progress().chapters)
    lines = repr(gd.progress()).splitlines()
    assert lines[0] == (
        f"1 of {total} exercises right, 1 tried; 1 prediction made, 1 to make again"
    )
    assert lines[1].split() == ["1", "walking-downhill", "1", "of", "6", "right"]
    assert [line.strip() for line in lines[2:5]] == [
        "tried: hilltop",
        "open: walk, patience, warehouse, hunt",
        "predicted: predict (to make again)",
    ]
    assert lines[5].split()[:2] == ["2", "update-rule"]
    assert lines[-1].startswith("Kept until Python ends")


def test_the_table_has_a_row_a_chapter_and_the_same_sum() -> None:
    gd.check(*RIGHT)
    shown = gd.progress()._repr_html_()
    assert shown.count('<th scope="row">') == len(registry.chapters())
    assert repr(gd.progress()).splitlines()[0] in shown
    assert "<td>1: first-step</td>" in shown


# --- merging ------------------------------------------------------------------------------------


def of(quiz: str | None, exercise: str | None) -> Record:
    made = Record()
    made.entries = {
        "quizzes": {"a/b": quiz} if quiz else {},
        "exercises": {"a/b": exercise} if exercise else {},
    }
    return made


def test_merging_loses_nothing_whatever_the_order() -> None:
    pairs = list(itertools.product((None, *LEVELS["quizzes"]), (None, *LEVELS["exercises"])))
    for one, other in itertools.product(pairs, pairs):
        there, back = of(*one), of(*other)
        there.merge(of(*other).entries)
        back.merge(of(*one).entries)
        assert there.entries == back.entries
        for kind, mine, theirs in zip(LEVELS, one, other, strict=True):
            order = [None, *LEVELS[kind]]
            both = there.entries[kind].get("a/b")
            assert order.index(both) == max(order.index(mine), order.index(theirs))


# --- the file -----------------------------------------------------------------------------------


def test_a_file_is_loaded_and_kept_up_to_date(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    gd.check(*WRONG)
    assert gd.progress(file).kept == "Kept in mine.json."
    gd.check(*RIGHT)
    assert entries_of(file.read_text())["exercises"] == {RIGHT[0]: "right"}
    SESSION.entries, SESSION.file = {kind: {} for kind in LEVELS}, None
    assert first().right == ()
    assert gd.progress(str(file)).chapters[0].right == ("first-step",)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.json"]


def test_two_notebooks_that_keep_one_file_lose_nothing(tmp_path: Path) -> None:
    one, other, file = Record(), Record(), tmp_path / "mine.json"
    one.keep(file)
    other.keep(file)
    one.note_exercise("a/b", correct=True)
    other.note_exercise("a/c", correct=True)
    other.note_exercise("a/b", correct=False)
    one.note_quiz("a/d", correct=False)
    assert entries_of(file.read_text()) == {
        "quizzes": {"a/d": "wrong"},
        "exercises": {"a/b": "right", "a/c": "right"},
    }


def written(**entries: Any) -> str:
    return json.dumps({"format": "gdlib progress", "version": 1, **entries})


NOT_OURS = [
    ("", "text"),
    ("[" * 100_000, "text"),
    ("x" * 1_000_001, "long"),
    ("[]", "format"),
    ("3", "format"),
    ('{"cells": []}', "format"),
    (written(version=2), "version"),
    (written(version=True), "version"),
    (written(version="1"), "version"),
    (written(quizzes=[]), "entry"),
    (written(exercises=None), "entry"),
    (written(quizzes={"a/b": "tried"}), "entry"),
    (written(quizzes={"a/b": ["right"]}), "entry"),
    (written(quizzes={"a/b": 1}), "entry"),
    (written(exercises={"a b": "right"}), "entry"),
    (written(exercises={"a/b\n": "right"}), "entry"),
    (written(exercises={"__proto__": "right"}), "entry"),
    (written(exercises={"<script>": "right"}), "entry"),
]


@pytest.mark.parametrize(("text", "why"), NOT_OURS, ids=range(len(NOT_OURS)))
def test_a_file_that_is_not_ours_is_refused_and_stays_as_it_is(
    tmp_path: Path, text: str, why: str
) -> None:
    file = tmp_path / "else.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=REFUSALS[why]):
        gd.progress(file)
    assert file.read_text(encoding="utf-8") == text
    gd.check(*RIGHT)
    assert file.read_text(encoding="utf-8") == text


def test_a_file_of_bytes_is_no_json(tmp_path: Path) -> None:
    file = tmp_path / "else.json"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="it is not JSON"):
        gd.progress(file)


def test_only_a_name_that_ends_in_json_is_taken() -> None:
    with pytest.raises(ValueError, match=r"the name of a \.json file, not 'chapter\.ipynb'"):
        gd.progress("chapter.ipynb")
    with pytest.raises(TypeError, match="file must be a string, not 3"):
        gd.progress(3)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="no-such-folder"):
        gd.progress("no-such-folder/mine.json")


def test_a_file_that_can_no_longer_be_written_stops_no_exercise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gd.progress(tmp_path / "mine.json")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        assert gd.check(*RIGHT)
        assert "Not kept in mine.json: " in repr(gd.progress())
        assert "No space left" in gd.progress().kept
    gd.check("walking-downhill/hilltop", "zzz")
    assert gd.progress().kept == "Kept in mine.json."


# --- the same file in the page ------------------------------------------------------------------

PAGE = """
import { merged, readText, textOf } from "./src/core/progress.ts";
const read = readText(data);
const quizzes = new Map([["a/q", "mended"]]), exercises = new Map([["a/e", "right"]]);
const own = { quizzes, exercises } as any;
console.log(JSON.stringify(typeof read === "string" ? read : textOf(merged(read, own))));
"""


def test_the_page_reads_what_python_writes_and_the_other_way_round() -> None:
    notes = Record()
    notes.note_quiz("a/q", correct=False)
    notes.note_quiz("b/q", correct=True)
    notes.note_exercise("b/e", correct=False)
    text = run(PAGE, text_of(notes.entries))
    notes.merge({"quizzes": {"a/q": "mended"}, "exercises": {"a/e": "right"}})
    assert entries_of(text) == notes.entries
    assert text == text_of(notes.entries)


@pytest.mark.parametrize(("text", "why"), NOT_OURS, ids=range(len(NOT_OURS)))
def test_the_page_refuses_the_same_files_in_the_same_words(text: str, why: str) -> None:
    assert run(PAGE, text) == REFUSALS[why]


def test_what_is_kept_is_what_a_file_may_hold() -> None:
    registry.load()
    names = [name for name in registry.EXERCISES if "/" in name]
    text = text_of({"quizzes": {}, "exercises": dict.fromkeys(names, "right")})
    assert len(entries_of(text)["exercises"]) == len(names)
    assert 10 * len(text) < LONGEST


def test_on_a_page_of_the_book_the_page_keeps_the_list(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GDLIB_PAGE", "1")
    assert "see “Where you are”" in gd.progress().kept
    with pytest.raises(ValueError, match="a page has no files: “Where you are” exports"):
        gd.progress(tmp_path / "mine.json")
    assert not list(tmp_path.iterdir())


def test_a_file_may_lie_at_home_and_a_folder_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert gd.progress("~/Mine.JSON").kept == "Kept in Mine.JSON."
    assert (tmp_path / "Mine.JSON").exists()
    with pytest.raises(FileNotFoundError, match=r"no folder .*missing for mine\.json"):
        gd.progress(tmp_path / "missing" / "mine.json")


def test_a_file_with_a_mark_of_byte_order_is_read(tmp_path: Path) -> None:
    """As some editors write it."""
    file = tmp_path / "mine.json"
    record = Record()
    record.note_exercise("walking-downhill/walk", True)
    file.write_text(text_of(record.entries), encoding="utf-8-sig")
    assert read(file) == record.entries
