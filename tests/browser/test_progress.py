"""Progress: marks in the contents, the page that lists it, what comes back, the file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import gdlib as gd
from gdlib.exercises.levels import FORMAT, LEVELS, REFUSALS, VERSION
from gdlib.exercises.record import SESSION, entries_of
from gdlib.exercises.registry import EXERCISES, load
from tests.browser.site import chapters
from tests.browser.test_pages import AXE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Locator, Page

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
load()
FIRST, SECOND = "chapters/01-walking-downhill.html", "chapters/02-update-rule.html"
HERE = "chapters/progress.html"
QUIZ, EXERCISE = "walking-downhill/predict", "walking-downhill/first-step"
KEPT = "JSON.parse(localStorage.getItem('gdlib/progress') ?? 'null')"
ALL = """() => [...document.querySelectorAll("li[data-kind][data-name]")]
    .map(({ dataset }) => [dataset.kind, dataset.name])"""


def go(visited: Visit, name: str) -> Page:
    visited.page.goto(visited.base + name)
    return visited.page


def put(page: Page, **entries: Any) -> None:
    """Let the browser keep a list."""
    text = json.dumps({"format": FORMAT, "version": VERSION, **entries})
    page.evaluate("(text) => localStorage.setItem('gdlib/progress', text)", text)
    page.reload()


def answer(page: Page, *, rightly: bool) -> None:
    """Answer the first question of the first chapter."""
    page.wait_for_url(re.compile("01-walking-downhill"), wait_until="load")
    options = page.evaluate(
        "JSON.parse(document.getElementById('gd-state-quiz-1').textContent)._programs.options"
    )
    at = next(i for i, option in enumerate(options) if option["correct"] == rightly)
    page.locator("#quiz-1").get_by_role("radio").nth(at).check()
    page.locator("#quiz-1").get_by_role("button", name="Check my answer").click()


def link_of(page: Page, chapter: str) -> Locator:
    return page.locator("#gd-contents li > a").filter(has_text=chapter)


def state_of(page: Page, name: str) -> Locator:
    return page.locator(f'li[data-kind][data-name="{name}"] .gd-level')


# --- the contents -------------------------------------------------------------------------------


def test_a_chapter_is_marked_when_it_is_begun_and_nothing_moves(
    visit: Callable[..., Visit],
) -> None:
    visited = visit(FIRST, at="served")
    page = visited.page
    first = link_of(page, "Walking downhill")
    boxes = "[...document.querySelectorAll('#gd-contents a')].map((a) => a.offsetHeight)"
    before = page.evaluate(boxes)
    assert page.locator('#gd-contents [data-state="begun"]').count() == 0
    answer(page, rightly=True)
    expect(first).to_have_attribute("data-state", "begun")
    expect(first).to_have_accessible_name(re.compile(r"Walking downhill in fog \(begun\)$"))
    assert first.evaluate("(a) => getComputedStyle(a, '::after').content").startswith('"◐"')
    assert page.evaluate(boxes) == before
    page = go(visited, "index.html")
    expect(first).to_have_accessible_name(re.compile(r"Walking downhill in fog \(begun\)$"))
    expect(link_of(page, "The update rule")).to_have_accessible_name(re.compile("rule$"))


def test_a_chapter_is_done_when_nothing_in_it_is_left(visit: Callable[..., Visit]) -> None:
    visited = visit(HERE, at="served")
    names = [tuple(pair) for pair in visited.page.evaluate(ALL)]
    mine = [pair for pair in names if pair[1].startswith("walking-downhill/")]
    levels: dict[str, dict[str, str]] = {"quizzes": {}, "exercises": {}}
    for kind, name in mine:
        levels[kind][name] = "mended" if kind == "quizzes" else "right"
    put(visited.page, **levels)
    expect(link_of(visited.page, "Walking downhill")).to_have_attribute("data-state", "done")
    levels["exercises"][EXERCISE] = "tried"
    put(visited.page, **levels)
    expect(link_of(visited.page, "Walking downhill")).to_have_attribute("data-state", "begun")
    put(visited.page, **{k: {n: "right" for kind, n in names if kind == k} for k in LEVELS})
    assert visited.page.locator('#gd-contents [data-state="done"]').count() == len(chapters())


def test_another_tab_shows_what_is_done_in_this_one(visit: Callable[..., Visit]) -> None:
    visited = visit(FIRST, at="served")
    other = visited.page.context.new_page()
    other.goto(visited.base + HERE)
    expect(state_of(other, QUIZ)).to_have_text("open")
    answer(visited.page, rightly=True)
    expect(state_of(other, QUIZ)).to_have_text("right")
    expect(link_of(other, "Walking downhill")).to_have_attribute("data-state", "begun")


# --- the page -----------------------------------------------------------------------------------


def test_the_page_lists_every_exercise_and_every_quiz_of_the_book(
    visit: Callable[..., Visit],
) -> None:
    visited = visit(HERE)
    listed = [tuple(pair) for pair in visited.page.evaluate(ALL)]
    exercises = sorted(name for kind, name in listed if kind == "exercises")
    assert exercises == sorted(name for name in EXERCISES if "/" in name)
    quizzes = []
    names = """[...document.querySelectorAll('[id^="gd-state-quiz-"]')]
        .map((state) => JSON.parse(state.textContent)._programs.name)"""
    for name in chapters():
        page = go(visited, name)
        found = page.evaluate(names)
        quizzes += found
        for i, quiz in enumerate(found, start=1):
            assert page.locator(f"#quiz-{i}").count() == 1, quiz
    assert [name for kind, name in listed if kind == "quizzes"] == quizzes


def test_answers_stand_in_the_list_and_in_the_sum(visit: Callable[..., Visit]) -> None:
    visited = visit(FIRST)
    answer(visited.page, rightly=False)
    first = visited.page.locator(f'.gd-answer[data-exercise="{EXERCISE}"]')
    for typed, said in (("1", "tried, not right yet"), ("12/5", "right"), ("1", "right")):
        page = go(visited, FIRST)
        first.get_by_role("textbox").fill(typed)
        first.get_by_role("button", name="Check").click()
        page = go(visited, HERE)
        expect(state_of(page, EXERCISE)).to_have_text(said)
    expect(state_of(page, QUIZ)).to_have_text("not right: it comes back")
    total = sum("/" in name for name in EXERCISES)
    expect(page.locator(".gd-sum")).to_contain_text(f"1 of {total} exercises are right; 1 of ")
    expect(page.locator(".gd-progress .gd-items li")).to_have_count(1)


# --- a failed prediction ------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["served", "folder"])
def test_a_failed_prediction_comes_back_until_a_new_try_is_right(
    visit: Callable[..., Visit], at: str
) -> None:
    visited = visit(SECOND, at=at)
    expect(visited.page.locator("[data-quiz]")).to_be_hidden()
    answer(go(visited, FIRST), rightly=False)
    answer(visited.page, rightly=True)  # told by then
    page = go(visited, SECOND)
    again = page.locator("[data-quiz]")
    expect(again).to_have_text("Again from chapter 1: Where is the walker after a hundred steps?")
    again.get_by_role("link").click()
    quiz = page.locator("#quiz-1")
    expect(quiz.locator(".gdw-said")).to_have_text("Not right at first. And now?")
    expect(quiz.get_by_role("radio").first).to_be_focused()
    assert quiz.locator("input:checked").count() == 0
    answer(page, rightly=False)
    expect(page).to_have_url(visited.base + FIRST)
    expect(go(visited, SECOND).locator("[data-quiz]")).to_be_visible()
    page.locator("[data-quiz] a").click()
    answer(page, rightly=True)
    expect(page).to_have_url(visited.base + FIRST)
    page.reload()
    expect(quiz.get_by_role("radio", checked=True)).to_have_count(1)
    expect(go(visited, SECOND).locator("[data-quiz]")).to_be_hidden()
    expect(state_of(go(visited, HERE), QUIZ)).to_have_text("right at a later try")
    assert visited.complaints == []


def test_the_page_asks_a_failed_prediction_afresh(visit: Callable[..., Visit]) -> None:
    visited = visit(FIRST, at="served")
    answer(visited.page, rightly=False)
    page = go(visited, HERE)
    page.locator(".gd-progress .gd-items a").click()
    assert page.locator("#quiz-1 input:checked").count() == 0
    answer(page, rightly=True)
    page = go(visited, HERE)
    expect(page.locator(".gd-progress")).to_contain_text("Nothing: no prediction has failed")
    page.go_back()
    page.go_forward()
    expect(state_of(page, QUIZ)).to_have_text("right at a later try")


def test_a_second_try_that_is_begun_by_hand_counts_too(visit: Callable[..., Visit]) -> None:
    page = visit(FIRST).page
    answer(page, rightly=False)
    page.locator("#quiz-1").get_by_role("button", name="Start again").click()
    answer(page, rightly=True)
    assert page.evaluate(KEPT)["quizzes"] == {QUIZ: "mended"}


# --- the file -----------------------------------------------------------------------------------


def export(page: Page, to: Path) -> Path:
    with page.expect_download() as started:
        page.get_by_role("button", name="Export").click()
    started.value.save_as(to)
    assert started.value.suggested_filename == "gradient-descent-progress.json"
    return to


def take(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import…").click()
    chooser.value.set_files(file)


@pytest.mark.parametrize("at", ["served", "folder"])
def test_a_list_is_exported_forgotten_and_imported_again(
    visit: Callable[..., Visit], at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited = visit(FIRST, at=at)
    answer(visited.page, rightly=False)
    page = go(visited, HERE)
    file = export(page, tmp_path / "mine.json")
    assert entries_of(file.read_text()) == {"quizzes": {QUIZ: "wrong"}, "exercises": {}}

    page.get_by_role("button", name="Forget everything…").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget everything").click()
    said = page.locator(".gd-progress").get_by_role("status")
    expect(said).to_have_text("Forgotten: the list is empty.")
    expect(state_of(page, QUIZ)).to_have_text("open")
    assert go(visited, FIRST).locator("#quiz-1 input:checked").count() == 0

    for kind in LEVELS:  # the notebook takes it, and adds to it
        monkeypatch.setitem(SESSION.entries, kind, {})
    monkeypatch.setattr(SESSION, "file", None)
    gd.progress(file)
    gd.check(EXERCISE, 2.4)
    page = go(visited, HERE)
    take(page, file)
    expect(said).to_have_text("mine.json was read: 2 entries, 2 of them new or better.")
    expect(state_of(page, QUIZ)).to_have_text("not right: it comes back")
    expect(state_of(page, EXERCISE)).to_have_text("right")
    expect(link_of(page, "Walking downhill")).to_have_attribute("data-state", "begun")
    assert visited.complaints == []
    assert visited.strangers == []


def test_an_import_loses_nothing_and_says_what_it_leaves_out(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    page = visit(HERE).page
    put(page, quizzes={QUIZ: "mended"}, exercises={})
    file = tmp_path / "old.json"
    entries = {"quizzes": {QUIZ: "wrong"}, "exercises": {EXERCISE: "right", "gone/one": "right"}}
    file.write_text(json.dumps({"format": FORMAT, "version": VERSION, **entries}))
    take(page, file)
    expect(page.locator(".gd-progress").get_by_role("status")).to_have_text(
        "old.json was read: 2 entries, 1 of them new or better."
        " 1 entry of another edition left out."
    )
    assert page.evaluate(KEPT)["quizzes"] == {QUIZ: "mended"}
    assert page.evaluate(KEPT)["exercises"] == {EXERCISE: "right"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "text"),
        ('{"cells": []}', "format"),
        ('{"format": "gdlib progress", "version": 9}', "version"),
        ('{"format": "gdlib progress", "version": 1, "quizzes": {"<img>": "right"}}', "entry"),
    ],
)
def test_what_is_not_ours_is_refused_in_words(
    visit: Callable[..., Visit], tmp_path: Path, text: str, why: str
) -> None:
    page = visit(HERE).page
    put(page, quizzes={QUIZ: "right"})
    before = page.evaluate(KEPT)
    file = tmp_path / "else.json"
    file.write_text(text)
    take(page, file)
    expect(page.locator(".gd-progress").get_by_role("status")).to_have_text(
        f"else.json was not read: {REFUSALS[why]}."
    )
    assert page.evaluate(KEPT) == before


# --- without a memory, without a mouse ----------------------------------------------------------

FORBIDDEN = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("forbidden", "SecurityError"); } });"""
FULL = """Storage.prototype.setItem = () => {
    throw new DOMException("full", "QuotaExceededError"); };"""


@pytest.mark.parametrize("trouble", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_where_nothing_can_be_kept_the_page_says_so_and_the_rest_works(
    visit: Callable[..., Visit], tmp_path: Path, trouble: str
) -> None:
    visited = visit(HERE)
    visited.page.context.add_init_script(trouble)
    page = go(visited, FIRST)
    answer(page, rightly=False)
    expect(page.locator("#quiz-1 .gdw-said")).to_contain_text("Not right.")
    page = go(visited, HERE)
    cannot = "keeps nothing for this page: its storage is forbidden or full"
    expect(page.locator(".gd-sum")).to_contain_text(cannot)
    file = tmp_path / "mine.json"
    entries = {"quizzes": {QUIZ: "right"}, "exercises": {}}
    file.write_text(json.dumps({"format": FORMAT, "version": VERSION, **entries}))
    take(page, file)
    expect(page.locator(".gd-progress").get_by_role("status")).to_contain_text(cannot)
    export(page, tmp_path / "empty.json")
    assert visited.complaints == []


def test_a_keyboard_alone_forgets_and_changes_its_mind(visit: Callable[..., Visit]) -> None:
    page = visit(HERE).page
    put(page, quizzes={QUIZ: "right"})
    page.get_by_role("button", name="Export").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Import…")).to_be_focused()
    page.keyboard.press("Tab")
    forget = page.get_by_role("button", name="Forget everything…")
    for key in ("Escape", "Enter"):  # the first button keeps the list
        expect(forget).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Keep it")).to_be_focused()
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(state_of(page, QUIZ)).to_have_text("right")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(state_of(page, QUIZ)).to_have_text("open")


@pytest.mark.parametrize(
    ("width", "theme"), [(1280, "light"), (1280, "dark"), (390, "dark"), (320, "light")]
)
def test_a_full_list_is_accessible_and_fits(
    visit: Callable[..., Visit], width: int, theme: str
) -> None:
    page = visit(HERE, width=width, theme=theme).page
    levels = {QUIZ: "wrong", "update-rule/predict": "mended", "update-rule/factor": "right"}
    put(page, quizzes=levels, exercises={EXERCISE: "tried", "update-rule/step": "right"})
    rights = (
        "[...document.querySelectorAll('.gd-items *')].map((e) => e.getBoundingClientRect().right)"
    )
    assert max(page.evaluate(rights)) <= width
    page.evaluate("document.querySelectorAll('math').forEach((e) => e.replaceWith(e.textContent))")
    for dialog in (False, True):
        if dialog:
            page.get_by_role("button", name="Forget everything…").click()
        found = Axe().run(page, options=AXE).response["violations"]
        assert [violation["id"] for violation in found] == []


def test_without_scripts_the_list_is_there_and_says_why_it_is_empty(
    browser: Browser, base: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base["folder"] + HERE)
    assert page.locator("li[data-kind]").count() > 100
    assert "Without JavaScript this page keeps nothing" in page.locator("article").inner_text()
    context.close()
