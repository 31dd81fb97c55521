"""The figures of networks on pages without a kernel: trained, dragged, drawn on, linked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.site import paint
from tests.browser.widget_site import rules_broken

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def cells(page: Page) -> Locator:
    """Return the cells of the table's first row."""
    return page.locator(".gdw-table tbody tr").first.locator("th, td")


def steps(page: Page) -> int:
    """Return how many steps a training has taken."""
    return int(cells(page).first.inner_text())


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def rate(page: Page) -> Locator:
    return page.get_by_label("learning rate", exact=True)


def words(page: Page) -> Locator:
    return page.locator(".gdw-words")


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark"), (320, "light")])
@pytest.mark.parametrize("name", ["edge", "boundary", "bowl", "digits"])
def test_a_figure_stands_fits_and_offends_no_rule(
    open_widget: Any, name: str, width: int, theme: str
) -> None:
    page = open_widget(name, width=width, theme=theme).page
    expect(words(page)).not_to_be_empty()
    page.wait_for_function("document.querySelector('canvas').width > 100")
    paint(page)
    drawn = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean)"
    assert all(canvas.evaluate(drawn) for canvas in page.locator("canvas").all())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".gd-still").is_hidden()
    assert not rules_broken(page)


def test_only_a_page_with_such_a_figure_loads_their_script(open_widget: Any) -> None:
    script = "script[src*='practice.js']"
    with_one = open_widget("digits").page
    expect(words(with_one)).not_to_be_empty()
    assert with_one.locator(script).count() == 1
    without = open_widget("line").page
    expect(without.locator(".gdw-handle")).to_be_visible()
    assert without.locator(script).count() == 0


def test_a_training_goes_on_pauses_and_begins_again(open_widget: Any) -> None:
    page = open_widget("edge").page
    expect(words(page)).to_contain_text("Not trained yet")
    press(page, "One step forward")
    assert steps(page) == 1
    press(page, "Train")
    page.wait_for_function("Number(document.querySelector('.gdw-table tbody th').innerText) > 100")
    press(page, "Pause")
    at = steps(page)
    paint(page, 10)
    assert steps(page) == at
    press(page, "Back to the start")
    assert steps(page) == 0


def test_a_training_runs_to_its_end(open_widget: Any) -> None:
    page = open_widget("edge").page
    page.get_by_label("Speed").select_option("5000 steps/s")
    press(page, "Train")
    expect(cells(page).first).to_have_text("2000")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    expect(words(page)).to_contain_text("of 2000 steps")


def test_a_figure_on_paper_is_trained(open_widget: Any) -> None:
    page = open_widget("edge").page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(words(page)).to_contain_text("of 2000 steps")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(words(page)).to_contain_text("Not trained yet")


def test_another_rate_goes_on_from_where_the_training_stands_another_seed_does_not(
    open_widget: Any,
) -> None:
    page = open_widget("edge").page
    for _ in range(3):
        press(page, "One step forward")
    expect(cells(page).last).to_have_text("10")
    rate(page).press("ArrowRight")
    assert steps(page) == 3
    assert float(cells(page).last.inner_text()) < 10
    page.get_by_label("seed", exact=True).press("ArrowRight")
    assert steps(page) == 0
    press(page, "One step forward")
    press(page, "Reset")
    assert steps(page) == 0
    expect(cells(page).last).to_have_text("10")


def test_a_training_rests_off_screen(open_widget: Any) -> None:
    page = open_widget("edge").page
    page.evaluate("document.querySelector('main').style.paddingBottom = '4000px'")
    press(page, "Train")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    paint(page, 10)
    at = steps(page)
    paint(page, 20)
    assert steps(page) == at
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(
        "(at) => Number(document.querySelector('.gdw-table tbody th').innerText) > at", arg=at
    )


def test_a_boundary_plays_and_another_start_may_be_stuck(open_widget: Any) -> None:
    page = open_widget("boundary").page
    scrub = page.get_by_label("Step", exact=True)
    scrub.press("End")
    expect(words(page)).to_contain_text("All 4 points are right, since step")
    before = page.locator("canvas").first.evaluate("c => c.toDataURL()")
    press(page, "Another start")
    expect(words(page)).to_contain_text("2 of 4 points are right")
    expect(page.locator(".gdw-table tbody td", has_text="wrong")).to_have_count(2)
    page.wait_for_function(
        "(before) => document.querySelector('canvas').toDataURL() !== before", arg=before
    )
    page.locator("canvas").nth(1).click(position={"x": 55, "y": 60})
    assert int(scrub.input_value()) < 40
    expect(page).to_have_url(re.compile("seed=1"))


def stroke(page: Any, *places: tuple[float, float]) -> None:
    """Draw with the mouse, from shares of the pad's width."""
    box = page.locator(".gdw-pad").bounding_box()
    assert box
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def answer(page: Page) -> str:
    return page.locator(".gdw-bars").inner_text()


def test_a_digit_is_drawn_by_mouse_undone_and_cleared(open_widget: Any) -> None:
    page = open_widget("digits").page
    first = answer(page)
    press(page, "Clear")
    expect(words(page)).to_have_text("Nothing is drawn yet.")
    stroke(page, (0.3, 0.2), (0.7, 0.2), (0.4, 0.8))
    expect(words(page)).to_contain_text("It reads a")
    second = answer(page)
    assert second != first
    stroke(page, (0.3, 0.5), (0.7, 0.5))
    expect(page.locator(".gdw-bars")).not_to_have_text(second)
    press(page, "Undo")
    assert answer(page) == second
    expect(page).to_have_url(re.compile(r"#gd/digitpad-1\?ink=[\d,]+$"))  # one stroke
    again = open_widget(f"digits#{page.url.partition('#')[2]}").page
    expect(words(again)).to_contain_text("It reads a")
    assert answer(again) == second


def test_a_digit_is_drawn_by_keys(open_widget: Any) -> None:
    page = open_widget("digits").page
    press(page, "Clear")
    pen = page.get_by_role("button", name=re.compile("Pen"))
    pen.focus()
    page.keyboard.press("ArrowDown")
    expect(words(page)).to_have_text("Nothing is drawn yet.")
    page.keyboard.press("Space")
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    expect(words(page)).to_contain_text("It reads a")
    page.keyboard.press("Space")
    drawn = answer(page)
    page.keyboard.press("Shift+ArrowRight")
    assert answer(page) == drawn


def test_a_finger_draws_and_does_not_scroll(open_widget: Any) -> None:
    page = open_widget("digits", width=390, touch=True).page
    press(page, "Clear")
    box = page.locator(".gdw-pad").bounding_box()
    client = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
                  for x, y in places]  # fmt: skip
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (0.5, 0.2))
    for y in (0.4, 0.6, 0.8):
        touch("touchMove", (0.5, y))
    touch("touchEnd")
    expect(words(page)).to_contain_text("It reads a")
    assert page.evaluate("scrollY") == 0
