"""The explorers on pages without a kernel, opened from a folder: dragged, keyed, played, linked."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.site import paint
from tests.browser.widget_site import WIDTHS, fits_and_offends_no_rule

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page


def fact(page: Page, name: str) -> Locator:
    """Return the readout beside a name."""
    return page.locator("dt", has_text=name).locator("xpath=following-sibling::dd[1]").first


def start(page: Page) -> list[float]:
    """Return the start that the handle's label tells."""
    label = page.locator(".gdw-handle").first.get_attribute("aria-label") or ""
    return [float(x) for x in re.findall(r"-?\d+\.?\d*", label.replace("−", "-"))]


CHANGED = "(before) => document.querySelector('canvas').toDataURL() !== before"
"""Wait for this: the first picture is no longer that one."""


TEN_KEYS = """() => {
  const handle = document.querySelector(".gdw-handle");
  const key = () => new KeyboardEvent("keydown", { key: "ArrowLeft" });
  for (let i = 0; i < 10; i++) handle.dispatchEvent(key());
}"""


def drawn(page: Page) -> None:
    """Wait until the first picture has been painted."""
    page.wait_for_function("document.querySelector('canvas').width > 300")
    paint(page)


def pixels(page: Page) -> str:
    """Return the map's picture."""
    return str(page.locator("canvas").first.evaluate("c => c.toDataURL()"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["explorer", "line", "simple"])
def test_a_widget_stands_fits_and_offends_no_rule(open_widget: Any, name: str, theme: str) -> None:
    page = open_widget(name, width=WIDTHS[0], theme=theme).page
    expect(page.locator(".gdw-handle")).to_be_visible()
    page.wait_for_function("document.querySelector('canvas').width > 100")
    fits_and_offends_no_rule(page, theme)


def test_dragging_the_start_moves_the_runs(open_widget: Any) -> None:
    page = open_widget("explorer").page
    before, picture = start(page), pixels(page)
    handle = page.locator(".gdw-handle")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 22, box["y"] + 22)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] + 60, steps=4)
    page.mouse.up()
    after = start(page)
    assert after[0] < before[0]
    assert after[1] < before[1]
    page.wait_for_function(CHANGED, arg=picture)


def test_a_click_on_the_map_puts_the_start_there(open_widget: Any) -> None:
    page = open_widget("explorer").page
    page.locator(".gdw-map canvas").first.click(position={"x": 150, "y": 100})
    handle, canvas = (
        page.locator(".gdw-handle").bounding_box(),
        page.locator(".gdw-map canvas").first.bounding_box(),
    )
    assert handle["x"] + 22 - canvas["x"] == pytest.approx(150, abs=1.5)
    assert handle["y"] + 22 - canvas["y"] == pytest.approx(100, abs=1.5)


def test_a_finger_drags_the_handle_and_scrolls_the_map(open_widget: Any) -> None:
    page = open_widget("explorer", width=390, touch=True).page
    action = "e => getComputedStyle(e).touchAction"
    assert page.locator(".gdw-handle").evaluate(action) == "none"
    assert page.locator(".gdw-map").first.evaluate(action) == "pan-y"
    before = start(page)
    page.locator(".gdw-map canvas").first.tap(position={"x": 90, "y": 60})
    assert start(page) != before


def test_arrow_keys_move_the_start_by_small_steps(open_widget: Any) -> None:
    page = open_widget("explorer").page
    handle = page.locator(".gdw-handle")
    handle.press("ArrowLeft")
    assert start(page) == [1.95, 1.0]
    handle.press("Shift+ArrowDown")
    assert start(page) == [1.95, 0.9]


def test_everything_is_reached_by_the_tab_key_in_order(open_widget: Any) -> None:
    page = open_widget("explorer").page
    page.locator(".gdw select").first.focus()
    names = []
    for _ in range(18):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent")
        )
    said = " | ".join(names)
    for name in (
        "Copy link",
        "Reset",
        "Start of all runs",
        "Back to the start",
        "Play",
        "Step",
        "Run momentum",
    ):
        assert name in said


def test_play_runs_to_the_end_and_can_be_paused(open_widget: Any) -> None:
    page = open_widget("explorer", motion=True).page
    page.get_by_label("Speed").select_option("4")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    paused = page.get_by_label("Step", exact=True).input_value()
    assert int(paused) < 40
    paint(page, 20)
    assert page.get_by_label("Step", exact=True).input_value() == paused
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=60_000)
    assert page.get_by_label("Step", exact=True).input_value() == "40"


def test_nothing_moves_by_itself(open_widget: Any) -> None:
    page = open_widget("explorer", motion=True).page
    drawn(page)
    before = pixels(page)
    paint(page, 30)
    assert pixels(page) == before


def test_stepping_and_scrubbing_show_the_step(open_widget: Any) -> None:
    page = open_widget("explorer").page
    page.get_by_role("button", name="Back to the start").click()
    expect(fact(page, "point")).to_have_text("(2, 1)")
    expect(fact(page, "cost J")).to_have_text("7")
    expect(fact(page, "curvatures")).to_have_text("1 and 10")
    page.get_by_role("button", name="One step forward").click()
    expect(fact(page, "point")).to_have_text("(1.8, 0)")  # (1 − 0.1·1)·2 and (1 − 0.1·10)·1
    page.get_by_role("button", name="One step back").click()
    expect(fact(page, "point")).to_have_text("(2, 1)")
    page.get_by_label("Step", exact=True).fill("2")
    expect(fact(page, "point")).to_have_text("(1.62, 0)")


def test_pointing_at_the_loss_chart_shows_that_step_on_the_map(open_widget: Any) -> None:
    page = open_widget("explorer").page
    chart = page.locator(".gdw-seek")
    box = chart.bounding_box()
    chart.hover(position={"x": box["width"] * 0.5, "y": 60})
    assert 10 < int(page.get_by_label("Step", exact=True).input_value()) < 30


def test_the_rates_bound_is_marked_and_crossing_it_is_said(open_widget: Any) -> None:
    page = open_widget("explorer").page
    expect(page.locator(".gdw-tick:visible")).to_have_text("2/L")
    expect(page.locator(".gdw-hint")).to_contain_text("2/L = 0.2")
    page.get_by_role("slider", name="learning rate").fill("400")
    expect(page.locator(".gdw-endings")).to_contain_text("higher than at the start")
    assert "NaN" not in page.locator(".gdw").inner_text()
    assert "Infinity" not in page.locator(".gdw").inner_text()


def test_a_number_can_be_typed_and_a_slip_is_forgiven(open_widget: Any) -> None:
    page = open_widget("explorer").page
    rate = page.get_by_role("slider", name="learning rate")
    field = page.get_by_role("textbox", name="learning rate, as a number")
    for typed, key, taken in [
        ("0.21", "Enter", "0.21"),
        ("0,05", "Tab", "0.05"),
        ("fast", "Enter", "0.05"),
        ("7", "Escape", "0.05"),
        ("99", "Enter", "10"),
        ("1e-3", "Enter", "0.001"),
    ]:
        field.fill(typed)
        field.press(key)
        expect(field).to_have_value(taken)
        expect(rate).to_have_attribute("aria-valuetext", taken)
    field.fill("99")
    field.press("Enter")
    expect(page.locator(".gdw-live")).to_have_text(
        "learning rate: a number from 1 times ten to the minus 4 to 10."
    )


def test_the_start_snaps_to_an_axis_that_is_close(open_widget: Any) -> None:
    page = open_widget("explorer").page
    for _ in range(60):
        page.locator(".gdw-handle").press("ArrowDown")
        if start(page)[1] <= 0:
            break
    assert start(page)[1] == 0
    page.locator(".gdw-handle").press("ArrowUp")
    assert start(page)[1] > 0
    box = page.locator(".gdw-handle").bounding_box()
    up = start(page)[1]
    page.mouse.move(box["x"] + 22, box["y"] + 22)
    page.mouse.down()
    page.mouse.move(box["x"] + 22, box["y"] + 60, steps=3)
    page.mouse.move(box["x"] + 22, box["y"] + 24, steps=3)
    page.mouse.up()
    assert start(page)[1] == 0 < up


def test_a_diverged_run_says_at_which_step_and_shows_its_last_finite_point(
    open_widget: Any,
) -> None:
    page = open_widget(
        "explorer#gd/descentexplorer-1?steps=2000&run=gradient-descent&gradient-descent.learning_rate=5"
    ).page
    expect(page.locator(".gdw-endings")).to_contain_text(re.compile(r"diverged at step \d+"))
    assert not re.search("NaN|Infinity|∞", page.locator(".gdw").inner_text())


def test_methods_join_and_leave_and_one_always_stays(open_widget: Any) -> None:
    page = open_widget("explorer").page
    page.get_by_label("Run Adam", exact=True).check()
    expect(page.locator(".gdw-endings li")).to_have_count(3)
    expect(page.get_by_role("slider", name="beta2")).to_be_visible()
    page.get_by_label("Run Adam", exact=True).uncheck()
    page.get_by_label("Run momentum").uncheck()
    expect(page.get_by_label("Run gradient descent")).to_be_disabled()
    expect(page.locator(".gdw-endings li")).to_have_count(1)


def test_another_landscape_brings_its_formula_and_its_start(open_widget: Any) -> None:
    page = open_widget("explorer").page
    page.get_by_role("combobox", name="Landscape").select_option("Himmelblau")
    assert start(page) == [0, -1]
    assert page.locator(".gdw-formula math").count() == 1


def test_the_live_line_speaks_once_for_many_changes(open_widget: Any) -> None:
    page = open_widget("explorer").page
    page.evaluate(
        "window.said = []; new MutationObserver(([change]) => said.push(change.target.textContent))"
        ".observe(document.querySelector('.gdw-live'), {childList: true})"
    )
    page.evaluate(TEN_KEYS)
    page.wait_for_function("said.length > 0")
    handle = page.locator(".gdw-handle")
    assert start(page)[0] == pytest.approx(1.5)  # ten steps of 0.05 to the left
    handle.press("ArrowLeft")
    page.wait_for_function("said.length > 1")
    said = page.evaluate("said")
    assert len(said) == 2  # one for the ten, one for the eleventh
    assert "gradient descent, step 40: cost" in said[0]
    assert said[1] != said[0]


def test_the_state_is_in_the_address_and_a_link_restores_it(open_widget: Any) -> None:
    page = open_widget("explorer").page
    page.locator(".gdw-handle").press("ArrowLeft")
    page.get_by_label("Run Adam", exact=True).check()
    page.wait_for_function("location.hash.includes('run=')")
    fragment = page.evaluate("location.hash")
    assert fragment.startswith(
        "#gd/descentexplorer-1?start=1.95,1&run=gradient-descent,momentum,adam"
    )
    again = open_widget(f"explorer{fragment}").page
    assert start(again) == [1.95, 1]
    assert again.get_by_label("Run Adam", exact=True).is_checked()
    expect(again.locator(".gdw-note")).to_be_hidden()
    again.get_by_role("button", name="Reset").click()
    assert start(again) == [2, 1]
    assert not again.get_by_label("Run Adam", exact=True).is_checked()
    again.wait_for_function("location.hash === ''")


def test_copy_link_gives_the_address_of_what_is_seen(open_widget: Any) -> None:
    visit = open_widget("explorer")
    page = visit.page
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.locator(".gdw-handle").press("ArrowLeft")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".gdw-note")).to_have_text("Link copied.")
    assert page.evaluate("copied").endswith("explorer.html#gd/descentexplorer-1?start=1.95,1")


@pytest.mark.parametrize(
    "fields",
    [
        "start=1",
        "start=NaN,1",
        "steps=1e9",
        "run=nobody",
        "run=adam,adam",
        "run=adam&adam.beta1=2",
        "on=<img src=x onerror=alert(1)>",
        "view=alert(1)",
        "start",
        "__proto__=1",
        "focus=%E0%A4%A",
    ],
)
def test_a_malformed_link_changes_nothing_and_says_so_quietly(
    open_widget: Any, fields: str
) -> None:
    visit = open_widget(f"explorer#gd/descentexplorer-1?{fields}")
    expect(visit.page.locator(".gdw-note")).to_contain_text("shows its usual start")
    assert start(visit.page) == [2, 1]


def test_two_views_of_one_model_stay_linked_and_others_do_not(open_widget: Any) -> None:
    page = open_widget("linked").page
    first, second = page.locator(".gdw-handle").nth(0), page.locator(".gdw-handle").nth(1)
    line = page.locator(".gdw-handle").nth(2).get_attribute("aria-label")
    first.press("ArrowLeft")
    assert second.get_attribute("aria-label") == first.get_attribute("aria-label")
    second.press("ArrowRight")
    assert start(page) == [2, 1]
    assert page.locator(".gdw-handle").nth(2).get_attribute("aria-label") == line


def test_the_bundle_is_loaded_once_and_only_where_a_widget_stands(widget_pages: Path) -> None:
    linked = (widget_pages / "linked.html").read_text()
    assert linked.count("widgets/widgets.js") == 1
    assert linked.count("gd/book.css") == 1  # the widgets' style is in it
    assert "widgets/widgets.css" not in linked
    assert linked.count("descentexplorer-1") >= 2
    assert "_esm" not in linked
    assert "widget-state+json" not in linked
    assert "widgets/widgets" not in (widget_pages / "index.html").read_text()


def test_without_scripts_the_still_figure_stands_with_its_text(
    widget_pages: Path, browser: Any
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((widget_pages / "explorer.html").as_uri())
    image = page.locator(".gd-still img")
    expect(image).to_be_visible()
    assert (image.get_attribute("alt") or "").startswith("Contour map of quadratic.")
    context.close()


def test_a_widget_that_fails_says_so_in_its_box_and_spares_the_rest(
    widget_pages: Path, browser: Any
) -> None:
    text = (widget_pages / "linked.html").read_text()
    state = re.search(r'id="gd-state-descentexplorer-1">(.*?)</script>', text)
    assert state
    broken = json.loads(state[1])
    broken["landscape"] = "nowhere"
    page_file = widget_pages / "broken.html"
    page_file.write_text(text.replace(state[1], json.dumps(broken).replace("<", "\\u003c")))
    context = browser.new_context()
    page = context.new_page()
    page.goto(page_file.as_uri())
    expect(page.locator(".gdw-failure").first).to_contain_text("no landscape is called nowhere")
    expect(page.locator(".gdw-regime")).to_be_visible()
    context.close()


def test_nothing_is_painted_off_screen(open_widget: Any) -> None:
    page = open_widget("explorer").page
    page.evaluate(
        "document.querySelector('main').style.paddingBottom = '5000px'; scrollTo(0, 5000)"
    )
    page.wait_for_function("document.querySelector('canvas').getBoundingClientRect().bottom < -200")
    paint(page)
    before = pixels(page)
    page.evaluate(
        "document.querySelector('.gdw-handle')"
        ".dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft'}))"
    )
    paint(page, 10)
    assert pixels(page) == before
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(CHANGED, arg=before)


@pytest.mark.parametrize(
    ("rate", "name"),
    [
        (0.02, "crawls"),
        (0.5, "walks down one side"),
        (1.0, "lands at once"),
        (1.7, "zigzags inward"),
        (2.0, "bounces for ever"),
        (2.3, "explodes"),
    ],
)
def test_the_regime_has_its_name(open_widget: Any, rate: float, name: str) -> None:
    page = open_widget(
        f"line#gd/descentline-1?run=gradient-descent&gradient-descent.learning_rate={rate}"
    ).page
    expect(page.locator(".gdw-regime strong")).to_have_text(name)
    expect(page.locator(".gdw-product")).to_have_text(f"ηλ = {rate:g}")


def test_a_simple_line_shows_the_ball_the_rate_and_play(open_widget: Any) -> None:
    page = open_widget("simple").page
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.get_by_role("slider", name="learning rate")).to_be_visible()
    expect(fact(page, "slope")).to_be_visible()
    for more in (".gdw-regime", ".gdw-chip", ".gdw-tick", ".gdw-hint", ".gdw-words", ".gdw-seek"):
        for element in page.locator(more).all():
            expect(element).to_be_hidden()
    said = page.locator(".gdw").inner_text()
    for word in ("2/L", "λ", "curvature", "Nesterov", "∇", "Tangent"):
        assert word not in said
    expect(page.locator(".gdw-endings")).to_be_visible()  # at the last step, and not before
    page.get_by_role("button", name="Back to the start").click()
    expect(page.locator(".gdw-endings")).to_be_hidden()


def test_the_lines_start_moves_along_the_curve(open_widget: Any) -> None:
    page = open_widget("line").page
    page.locator(".gdw-handle").press("ArrowRight")
    assert start(page) == [-2.35]
    page.get_by_role("button", name="Back to the start").click()
    expect(fact(page, "point")).to_have_text("(−2.35)")


def test_the_view_in_space_is_loaded_when_opened_and_turns(open_widget: Any) -> None:
    page = open_widget("explorer").page
    assert page.locator("script[src*='surface.js']").count() == 0
    page.get_by_role("checkbox", name="In space").check()
    space = page.locator(".gdw-space")
    expect(space).to_be_visible()
    expect(page.locator(".gdw-map").first).to_be_hidden()
    page.wait_for_function("window.gdSurface !== undefined")
    page.wait_for_function("document.querySelector('.gdw-space canvas').width > 300")
    paint(page)
    before = space.screenshot()
    space.press("ArrowLeft")
    paint(page)
    after = space.screenshot()
    assert after != before
    box = space.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, box["y"] + 100, steps=3)
    page.mouse.up()
    paint(page)
    assert space.screenshot() != after
    page.get_by_role("checkbox", name="In space").uncheck()
    expect(page.locator(".gdw-handle")).to_be_visible()
