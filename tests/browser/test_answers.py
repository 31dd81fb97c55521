"""Exercises that want no code are answered on the page, in the words of `gdlib.check`."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from gdlib.exercises import check
from gdlib.exercises.registry import EXERCISES, load
from tests.browser.site import SITE, chapters

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Locator, Page

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
load()
PLACE = re.compile(r'data-exercise="?([\w/-]+)"?')


def place(page: Page, name: str) -> Locator:
    return page.locator(f'.gd-answer[data-exercise="{name}"]')


def test_every_exercise_of_the_book_that_wants_no_code_has_a_place() -> None:
    found = [name for page in chapters() for name in PLACE.findall((SITE / page).read_text())]
    assert sorted(found) == sorted(name for name, one in EXERCISES.items() if one.page)


@pytest.mark.parametrize("name", chapters())
def test_right_and_wrong_answers_are_told_apart_in_the_page(
    visit: Callable[..., Visit], name: str
) -> None:
    page = visit(name).page
    for one in page.locator(".gd-answer").all():
        exercise = one.get_attribute("data-exercise") or ""
        declared: Any = EXERCISES[exercise].page
        said = one.get_by_role("status")
        expect(said).to_have_text("○ not started")
        if "letters" in declared:
            for letter in declared["letters"]:
                button = one.get_by_role("button").nth(declared["letters"].index(letter))
                assert (button.get_attribute("aria-label") or "").startswith(f"{letter}: ")
                button.click()
                expect(said).to_have_text(words(exercise, letter))
            continue
        expected = declared["expected"]
        neither = [0.1234] * len(expected) if isinstance(expected, list) else 0.1234
        for given in (EXERCISES[exercise].mistakes[0].like, expected, neither):
            if given is not None:
                one.get_by_role("textbox").fill(typed(given))
                one.get_by_role("button", name="Check").click()
                value = tuple(given) if isinstance(given, list) else given
                expect(said).to_have_text(words(exercise, value))


def words(exercise: str, given: Any) -> str:
    return repr(check(exercise, given)).replace("`", "")


def typed(given: Any) -> str:
    return ", ".join(map(repr, given)) if isinstance(given, list | tuple) else repr(float(given))


def test_a_keyboard_alone_answers_and_a_reload_remembers(visit: Callable[..., Visit]) -> None:
    page = visit("chapters/01-walking-downhill.html").page
    first = place(page, "walking-downhill/first-step")
    field = first.get_by_role("textbox", name="after_one_step =")
    field.focus()
    page.keyboard.type("12/5")
    page.keyboard.press("Enter")
    right = "✓ correct: the slope is 6, so the step is 0.6 to the left"
    expect(first.get_by_role("status")).to_have_text(right)
    page.reload()
    expect(first.get_by_role("status")).to_have_text(right)
    expect(field).to_have_value("12/5")
    field.fill("")
    page.keyboard.press("Enter")
    expect(first.get_by_role("status")).to_have_text("○ not started")
    page.keyboard.press("Tab")
    expect(first.get_by_role("button", name="Check")).to_be_focused()


def test_a_letter_is_named_with_the_words_that_stand_above_it(
    visit: Callable[..., Visit],
) -> None:
    page = visit("chapters/03-learning-rate.html").page
    buttons = place(page, "learning-rate/regime").get_by_role("button")
    assert buttons.nth(2).get_attribute("aria-label") == "c: a zigzag that closes in"
    hill = visit("chapters/01-walking-downhill.html").page
    at_zero = place(hill, "walking-downhill/hilltop").get_by_role("button").nth(1)
    assert at_zero.get_attribute("aria-label") == "b: at 0"  # a formula is said once
    buttons.nth(2).press("Enter")
    expect(buttons.nth(2)).to_have_attribute("aria-pressed", "true")


def test_what_else_is_kept_under_an_answers_name_is_no_answer(
    visit: Callable[..., Visit],
) -> None:
    page = visit("chapters/03-learning-rate.html").page
    one = place(page, "learning-rate/regime")
    keep = "(junk) => localStorage.setItem('gdlib/exercise/learning-rate/regime', junk)"
    for junk in ('"zzz"', '"constructor"', "3", "{", '["c"]'):
        page.evaluate(keep, junk)
        page.reload()
        expect(one.get_by_role("status")).to_have_text("○ not started")
        assert one.locator('[aria-pressed="true"]').count() == 0


def test_letters_and_names_of_code_stay_as_they_are_in_a_translation(
    visit: Callable[..., Visit],
) -> None:
    page = visit("chapters/03-learning-rate.html").page
    place(page, "learning-rate/regime").get_by_role("button").first.click()
    for one in page.locator(".gd-answer :is(code, button[aria-pressed])").all():
        assert not one.evaluate("(element) => element.translate")


def test_without_scripts_the_page_shows_what_the_notebook_does(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((SITE / "chapters/01-walking-downhill.html").as_uri())
    expect(page.locator(".tag_exercise .cell_output").first).to_have_text("○ not started")
    context.close()


def test_an_answer_is_not_read_by_accident_in_the_source() -> None:
    text = (SITE / "chapters/01-walking-downhill.html").read_text()
    assert EXERCISES["walking-downhill/first-step"].mistakes[0].message not in text
    encoded = re.search(r'data-page="?([\w+/=]+)', text)
    assert encoded is not None
    assert "expected" in json.loads(base64.b64decode(encoded[1]))
