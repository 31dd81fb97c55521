"""ItemMap and WordNeighbours on pages without a kernel: dragged, answered, turned, linked."""

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


def guesses(page: Page) -> list[str]:
    return page.locator(".gdw-guesses .gdw-share").all_inner_texts()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def grip(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=re.compile(name))


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark"), (320, "light")])
@pytest.mark.parametrize("name", ["items", "words"])
def test_a_figure_stands_fits_and_offends_no_rule(
    open_widget: Any, name: str, width: int, theme: str
) -> None:
    page = open_widget(name, width=width, theme=theme).page
    expect(words(page)).not_to_be_empty()
    page.wait_for_function("document.querySelector('canvas').width > 100")
    paint(page)
    drawn = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean)"
    assert page.locator("canvas").evaluate(drawn)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".gd-still").is_hidden()
    assert not rules_broken(page)


def test_answers_move_the_arrow_and_a_drag_forgets_them(open_widget: Any) -> None:
    page = open_widget("items").page
    means = guesses(page)
    assert means == ["4.0", "3.5", "3.0", "2.5", "3.0", "4.0"]
    expect(words(page)).to_contain_text("Guess for “Like tea”: 4.0 (mean 4.0).")
    press(page, "6")
    # (VᵀV + I)⁻¹Vᵀr with v = (2, 1) and r = 2: u = (4, 2)/6, so tea gets 4 + 10/6.
    expect(words(page)).to_contain_text("Guess for “Like tea”: 5.7 (mean 4.0).")
    expect(words(page)).to_contain_text("told from 1 answer.")
    page.get_by_role("combobox").select_option("Like cake")
    press(page, "1")
    expect(words(page)).to_contain_text("told from 2 answers.")
    expect(page.locator(".gdw-told")).to_have_count(2)
    press(page, "1")
    expect(words(page)).to_contain_text("told from 1 answer.")
    told = guesses(page)
    expect(page).to_have_url(re.compile(r"answers=0:6&item=1$"))
    again = open_widget(f"items#{page.url.partition('#')[2]}").page
    expect(words(again)).to_contain_text("told from 1 answer.")
    assert guesses(again) == told
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 0.55 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"], steps=3)
    page.mouse.up()
    expect(words(page)).to_contain_text("put by hand")
    assert guesses(page) not in (told, means)
    press(page, "Reset")
    assert guesses(page) == means


def test_five_answers_are_the_most(open_widget: Any) -> None:
    page = open_widget("items").page
    for item in ("tea", "cake", "coffee", "beer", "wine"):
        page.get_by_role("combobox").select_option(f"Like {item}")
        press(page, "3")
    page.get_by_role("combobox").select_option("Like milk")
    expect(page.get_by_role("button", name="3", exact=True)).to_be_disabled()
    expect(page.get_by_text("5 answers are the most")).to_be_visible()
    press(page, "Forget all")
    expect(page.get_by_role("button", name="3", exact=True)).to_be_enabled()
    expect(words(page)).to_contain_text("every guess is the mean")


def test_keys_move_the_arrow_and_turn_the_picture_without_changing_a_guess(
    open_widget: Any,
) -> None:
    page = open_widget("items").page
    tip, ring = grip(page, "Tip of the person's arrow"), grip(page, "Turn of the picture")
    before = guesses(page)
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "ArrowUp"):
        tip.press(key)
    moved = guesses(page)
    assert moved != before
    drawn = page.locator("canvas").evaluate("c => c.toDataURL()")
    ring.press("Shift+ArrowUp")
    expect(words(page)).to_contain_text("Turned by 25°, points and arrow together: no guess")
    page.wait_for_function(
        "(one) => document.querySelector('canvas').toDataURL() !== one", arg=drawn
    )
    assert guesses(page) == moved
    box, at = page.locator("canvas").bounding_box(), ring.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 5, steps=4)
    page.mouse.up()
    expect(words(page)).not_to_contain_text("Turned by 25°")
    expect(words(page)).to_contain_text("no guess has changed")
    assert guesses(page) == moved


def near(page: Page) -> list[str]:
    return [text for text in page.locator(".gdw-near button:visible").all_inner_texts() if text]


def test_a_word_is_typed_pressed_and_linked(open_widget: Any) -> None:
    page = open_widget("words").page
    assert len(near(page)) == 8
    expect(words(page)).to_contain_text("Nearest to “ba” (7 times in the text)")
    expect(words(page)).to_contain_text("By “second”")
    field = page.get_by_label("Word", exact=True)
    field.fill(" KO ")
    field.press("Enter")
    expect(words(page)).to_contain_text("Nearest to “ko”")
    expect(field).to_have_value("ko")
    first = near(page)
    field.fill("xylophone")
    field.press("Enter")
    expect(page.get_by_text("“xylophone” has no vector here.")).to_be_visible()
    assert near(page) == first
    field.press("Escape")
    expect(page.get_by_text("has no vector here.")).to_be_hidden()
    page.get_by_label("Vectors").select_option("second")
    assert near(page) != first
    second = near(page)
    page.get_by_label("neighbours", exact=True).press("ArrowRight")
    assert near(page)[:8] == second
    assert len(near(page)) == 9
    expect(page).to_have_url(re.compile(r"word=ko&by=1&number=9$"))
    again = open_widget(f"words#{page.url.partition('#')[2]}").page
    expect(words(again)).to_contain_text("Nearest to “ko”")
    assert near(again) == near(page)
    press(page, second[0])
    expect(words(page)).to_contain_text(f"Nearest to “{second[0]}”")


def test_a_strange_link_is_answered_in_words(open_widget: Any) -> None:
    for name, query in (
        ("items", "itemmap-1?answers=0:9"), ("items", "itemmap-1?item=constructor"),
        ("words", "wordneighbours-1?word=constructor"), ("words", "wordneighbours-1?by=7"),
    ):  # fmt: skip
        page = open_widget(f"{name}#gd/{query}").page
        expect(page.get_by_text("not one this figure understands")).to_be_visible()
