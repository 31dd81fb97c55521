"""WorstCase on a page without a kernel: planned, drawn by mouse and keys, linked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.site import paint
from tests.browser.widget_site import rules_broken

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def words(page: Page) -> Locator:
    return page.locator(".gdw-words")


def bar(page: Page, number: int) -> Locator:
    return page.get_by_role("button", name=re.compile(rf"^Step {number},"))


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_the_machine_stands_fits_and_offends_no_rule(
    open_widget: Any, width: int, theme: str
) -> None:
    page = open_widget("worst", width=width, theme=theme).page
    expect(words(page)).to_contain_text("Worst found after 7 steps: 0.0333")
    page.wait_for_function("document.querySelector('canvas').width > 100")
    paint(page)
    drawn = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean)"
    assert page.locator("canvas").evaluate_all(f"all => all.every({drawn})")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".gd-still").is_hidden()
    assert not rules_broken(page)


def test_plans_bars_and_the_number_of_steps_are_chosen_and_linked(open_widget: Any) -> None:
    page = open_widget("worst").page
    page.get_by_role("button", name="silver").click()
    expect(words(page)).to_contain_text("0.0184, on the Huber function that bends at 0.0368.")
    expect(words(page)).to_contain_text("The silver steps leave as much.")
    expect(page).to_have_url(re.compile("steps=1.41421,2,"))
    again = open_widget(f"worst#{page.url.partition('#')[2]}").page
    expect(words(again)).to_contain_text("The silver steps leave as much.")
    expect(again.get_by_role("button", name="silver")).to_have_attribute("aria-pressed", "true")
    for _ in range(8):  # each press is two per cent
        bar(page, 4).press("ArrowUp")
    expect(bar(page, 4)).to_have_accessible_name(re.compile("4 over L"))
    expect(words(page)).to_contain_text("The silver steps leave more: 0.0184")
    page.get_by_role("slider").press("ArrowRight")
    expect(bar(page, 8)).to_be_visible()
    expect(words(page)).to_contain_text("after 8 steps")


def test_a_mouse_draws_across_the_bars(open_widget: Any) -> None:
    page = open_widget("worst").page
    box = page.locator("canvas").first.bounding_box()
    y = box["y"] + 0.4 * box["height"]
    page.mouse.move(box["x"] + 0.2 * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], y, steps=20)
    page.mouse.up()
    labels = [bar(page, k).get_attribute("aria-label") or "" for k in range(2, 7)]
    (size,) = {label.partition(", ")[2] for label in labels}
    assert size != "1 over L. Arrow keys move it."


@pytest.mark.parametrize("steps", ["", "1,", "0.1", "1e9", ",".join(["1"] * 16)])
def test_a_strange_link_is_answered_in_words(open_widget: Any, steps: str) -> None:
    page = open_widget(f"worst#gd/worstcase-1?steps={steps}").page
    expect(page.get_by_text("not one this figure understands")).to_be_visible()
