"""A chapter's first figure waits for its reader's prediction, and tells all after that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.figures import HAIRS, apart
from tests.browser.site import SITE, chapters, paint

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Locator, Page, Route

    from tests.browser.site import Visit

pytestmark = pytest.mark.site

PROMPT = "Make your prediction, or try the figure."
LATER = "What it shows is said here after your prediction."
TELLING = ".gdw-endings li, .gdw-regime:not([hidden]), .gdw-table"


def _figure(page: Page) -> Locator:
    return page.locator(".gd-opening > .cell figure")


def _pictures(page: Page) -> list[str]:
    """Return what each canvas of the figure shows, once it stays the same."""
    _figure(page).scroll_into_view_if_needed()
    page.evaluate("document.fonts.ready.then(() => 0)")
    before: list[str] = []
    for _ in range(50):
        paint(page)
        shown: list[str] = page.evaluate(
            "[...document.querySelectorAll('.gd-opening figure canvas.gdw-canvas')]"
            ".filter((c) => c.width && c.offsetParent).map((c) => c.toDataURL())"
        )
        if shown == before:
            break
        before = shown
    return before


def _alike(some: list[str], others: list[str]) -> bool:
    """Tell whether pictures are the same but for how a busy browser shades an edge's pixels."""
    return len(some) == len(others) and all(
        apart(one, other) < HAIRS for one, other in zip(some, others, strict=True)
    )


def _waits(page: Page) -> None:
    figure = _figure(page)
    expect(figure.locator(".gdw[data-waiting]")).to_have_count(1)
    expect(figure.locator(".gdw-words").first).to_have_text(PROMPT)
    expect(figure.locator("figcaption")).to_contain_text(LATER)
    assert not figure.locator("figcaption .caption-text").is_visible()
    assert not any(part.is_visible() for part in figure.locator(TELLING).all())
    assert not figure.locator(".gdw-hint:visible").count(), "a bound tells what lies beyond it"
    heard = figure.aria_snapshot()
    assert PROMPT in heard
    told = figure.locator(f"{TELLING}, .caption-text strong").all_text_contents()
    assert told
    assert not [text for text in told if text.strip() and text.strip() in heard]
    clock = figure.get_by_label("Step", exact=True).or_(figure.get_by_label("Sample", exact=True))
    for handle in clock.all():
        assert handle.input_value() == "0"


def _tells(page: Page) -> None:
    figure = _figure(page)
    expect(figure.locator("figcaption .caption-text")).to_be_visible()
    expect(page.locator("[data-waiting]")).to_have_count(0)
    expect(figure.get_by_text(PROMPT)).to_have_count(0)
    expect(figure.get_by_text(LATER)).to_have_count(0)


def _answer(page: Page) -> None:
    quiz = page.locator(".gd-opening .gdw-quiz")
    quiz.locator("input[type=radio]").first.check()
    quiz.get_by_role("button", name="Check my answer").click()


@pytest.mark.parametrize("name", chapters())
def test_it_shows_its_start_until_it_is_answered_touched_or_printed(
    visit: Callable[..., Visit], name: str
) -> None:
    page = visit(name).page
    address = page.url
    _waits(page)
    start = _pictures(page)
    assert start
    _figure(page).get_by_role("slider").first.focus()
    _waits(page)
    page.keyboard.press("ArrowRight")
    _tells(page)
    page.goto(address)
    _waits(page)
    assert _alike(_pictures(page), start)
    page.emulate_media(media="print")
    expect(_figure(page).locator("figcaption .caption-text")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="screen")
    _tells(page)
    page.goto(address)
    _waits(page)
    _answer(page)
    _tells(page)
    whole = _pictures(page)
    assert "01-" in name or not _alike(whole, start)
    page.goto(address)
    _tells(page)


def _chapter(number: str) -> str:
    return next(name for name in chapters() if f"/{number}-" in name)


def test_the_answer_plays_it_and_it_ends_whole(browser: Browser) -> None:
    page = browser.new_page(reduced_motion="no-preference")
    page.goto((SITE / _chapter("12")).as_uri())
    _waits(page)
    _answer(page)
    _tells(page)
    clock = _figure(page).get_by_role("slider", name="Step").first
    expect(clock).not_to_have_value("0")
    expect(clock).to_have_value("60", timeout=60_000)
    expect(_figure(page).locator(".gdw-endings")).to_be_visible()
    page.close()


def test_it_shows_nothing_that_depends_on_the_rate(visit: Callable[..., Visit]) -> None:
    page = visit(_chapter("12"), at="served").page
    address = page.url

    def faster(route: Route) -> None:
        text = route.fetch().text()
        assert '"learning_rate":0.015' in text
        changed = text.replace('"learning_rate":0.015', '"learning_rate":0.03')
        route.fulfill(body=changed, content_type="text/html")

    slow = _pictures(page)
    page.route(address, faster)
    page.goto(address)
    _waits(page)
    assert _alike(_pictures(page), slow)
    _answer(page)
    _tells(page)
    assert not _alike(_pictures(page), slow)


def test_a_mouse_that_passes_over_its_chart_is_no_touch(visit: Callable[..., Visit]) -> None:
    page = visit(_chapter("12")).page
    _waits(page)
    _figure(page).locator(".gdw-seek").hover()
    paint(page)
    _waits(page)
    _figure(page).locator(".gdw-seek").click()
    _tells(page)


def test_a_link_that_sets_it_shows_it(visit: Callable[..., Visit]) -> None:
    name = _chapter("12")
    _tells(visit(f"{name}#gd/descentexplorer-1?steps=40").page)
    _waits(visit(f"{name}#gd/descentexplorer-1?steps=much").page)


def test_without_scripts_its_caption_and_still_picture_are_there(browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((SITE / _chapter("12")).as_uri())
    assert _figure(page).locator("figcaption .caption-text").is_visible()
    assert _figure(page).locator(".gd-still img").is_visible()
    page.close()
