"""What a reader does with the pages: colour scheme, contents on a phone, keys, paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
GLOSSARY = "chapters/glossary.html"


def test_the_colour_scheme_follows_the_system_until_chosen_and_is_remembered(
    visit: Callable[..., Visit],
) -> None:
    visited = visit(GLOSSARY, at="served", theme="dark")
    page, root = visited.page, visited.page.locator("html")
    assert root.get_attribute("data-theme") == "dark"
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    button = page.get_by_role("button", name="Dark page")
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert root.get_attribute("data-theme") == "light"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.goto(visited.base + "index.html")
    assert root.get_attribute("data-theme") == "light"
    assert visited.complaints == []


def test_contents_open_and_close_by_key_on_a_phone(visit: Callable[..., Visit]) -> None:
    page = visit(GLOSSARY, width=390).page
    contents = page.locator("#gd-contents")
    assert not contents.is_visible()
    page.get_by_role("button", name="Contents of the book").focus()
    page.keyboard.press("Enter")
    assert contents.is_visible()
    page.keyboard.press("Escape")
    assert not contents.is_visible()


def test_the_first_stop_of_the_keyboard_skips_to_the_text(visit: Callable[..., Visit]) -> None:
    page = visit(GLOSSARY).page
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the text")
    assert link.evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "gd-main"


def test_a_page_can_be_read_without_script(visit: Callable[..., Visit]) -> None:
    browser = visit(GLOSSARY).page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(visit(GLOSSARY).base + GLOSSARY)
    assert page.get_by_role("heading", name="Glossary").is_visible()
    assert page.locator("dt .katex, dd .katex").first.is_visible()
    page.get_by_role("button", name="Contents of the book").click()
    assert page.locator("#gd-contents").is_visible()
    context.close()


def test_paper_is_light_and_shows_folds_but_no_answers_and_no_folded_code(
    visit: Callable[..., Visit],
) -> None:
    """What a reader has unfolded is printed; a question's answers are not told before it."""
    page = visit(GLOSSARY, theme="dark").page
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 35, 39)"
    assert not page.locator(".gd-bar").is_visible()
    page.evaluate(
        "document.querySelector('article').insertAdjacentHTML('beforeend',"
        " '<details id=aside><summary>s</summary>t</details>"
        "<details id=code class=hide><summary>s</summary>t</details>"
        "<details id=solution class=solution><summary>s</summary>t</details>"
        "<details id=answer class=gd-hint><summary>s</summary>t</details>"
        "<img id=still loading=lazy>')"
    )
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    opened = "[...document.querySelectorAll('details[open]')].map((fold) => fold.id)"
    assert page.evaluate(opened) == ["aside"]
    for unseen in ("code", "solution", "answer"):
        assert not page.locator(f"#{unseen}").is_visible()
    assert page.locator("#still").get_attribute("loading") == "eager"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(opened) == []


def test_code_that_goes_on_to_the_right_says_so_until_it_is_scrolled_to(
    visit: Callable[..., Visit],
) -> None:
    page = visit(GLOSSARY, width=390).page
    page.evaluate(
        "document.querySelector('article').insertAdjacentHTML('afterbegin',"
        " `<div class=highlight><pre id=wide>${'x'.repeat(200)}</pre></div>`)"
    )
    wide = page.locator("#wide[data-more]")
    wide.wait_for()
    assert wide.evaluate("e => getComputedStyle(e).maskImage") != "none"
    page.locator("#wide").evaluate("e => { e.scrollLeft = e.scrollWidth; }")
    page.locator("#wide:not([data-more])").wait_for()
