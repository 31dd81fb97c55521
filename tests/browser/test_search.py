"""The search page: what comes first, what is said of it, and who can use it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.site import SITE, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.site
FORBIDDEN = """for (const name of ["localStorage", "sessionStorage", "indexedDB"])
  Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
"""


@pytest.fixture(scope="module")
def strict(browser: Browser) -> Iterator[Visit]:
    """Open the search page from its folder, with storage forbidden."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(FORBIDDEN)
    yield Visit(context, SITE.as_uri() + "/", "search.html")
    context.close()


def _titles(page: Page) -> list[str]:
    return page.locator(".gd-results > li > h2").all_inner_texts()


def _search(visit: Visit, query: str) -> Page:
    visit.page.goto(f"{visit.base}search.html?q={query.replace(' ', '+')}")
    visit.page.locator(".gd-found:not(:empty)").wait_for()
    return visit.page


@pytest.mark.parametrize(
    ("query", "title", "place"),
    [
        ("learning rate", "The learning rate", 1),
        ("what is wrong", "What is wrong with my run?", 1),
        ("Adam", "Adam", 1),
        ("momentum", "Momentum", 1),
        ("saddle points", "Saddle points", 1),
        ("saddle", "Saddle points", 2),
        ("condition number", "Glossary", 3),
        ("gd.tune", "API reference", 2),
        ("mini-batch", "Glossary", 4),
        ("ηλ", "The learning rate", 2),
        ("eta lambda", "The learning rate", 2),
        ("cheat sheet", "Cheat sheet", 1),
        ("Nesterov", "Nesterov", 1),
        ("momentum vs Adam", "Adam", 1),
        ("what is an epoch", "Glossary", 2),
        ("how to choose the learning rate", "The learning rate", 2),
        ("gradient descent stuck in local minimum", "Local minima", 2),
        ("overfitting", "What is wrong", 2),
    ],
)
def test_the_page_that_is_meant_comes_first(
    strict: Visit, query: str, title: str, place: int
) -> None:
    page = _search(strict, query)
    assert [name for name in _titles(page)[:place] if title in name], _titles(page)[:5]
    assert strict.complaints == []
    assert strict.strangers == []


def test_a_word_that_is_spelt_wrong_finds_what_was_meant(strict: Visit) -> None:
    assert any("Momentum" in name for name in _titles(_search(strict, "momentun"))[:3])


def test_nothing_found_is_said(strict: Visit) -> None:
    page = _search(strict, "xyzzyplugh")
    assert page.get_by_role("status").inner_text().startswith("Nothing is found for “xyzzyplugh”")
    assert _titles(page) == []


@pytest.mark.parametrize("query", ["learning rate", "gradient", "curvature", "predict", "exercise"])
def test_excerpts_are_prose_with_formulas_once(strict: Visit, query: str) -> None:
    page = _search(strict, query)
    results = page.locator(".gd-results > li")
    excerpts = page.locator(".gd-results > li > p").all_inner_texts()
    assert len(excerpts) >= 0.8 * results.count() > 0
    for text in excerpts:
        assert len(text) < 300
        assert not re.search(r"\\[a-z]+|\$|\{|\}|Show the code|Link to|#", text), text
        assert not re.search(r"(\w[^\w\s]*[₀-₉ₖᵢ²])\1", text), text
    assert page.locator(".gd-results mark").count() > 0


def test_a_result_leads_to_its_page_and_its_parts_to_their_place(strict: Visit) -> None:
    page = _search(strict, "condition number")
    page.get_by_role("link", name="condition number", exact=True).first.click()
    page.wait_for_url("**/*.html#*")
    assert page.locator(":target").count() == 1
    assert strict.complaints == []


def test_every_address_of_the_index_is_on_its_page(strict: Visit) -> None:
    _search(strict, "rate")
    index = strict.page.evaluate("gdSearchIndex")
    for name, parts in index.items():
        text = (SITE / f"{name}.html").read_text(encoding="utf-8")
        missing = [anchor for anchor, *_ in parts if anchor and f'id="{anchor}"' not in text]
        assert not missing, name


@pytest.mark.parametrize("at", ["served", "folder"])
def test_it_is_used_by_keyboard_and_heard(visit: Callable[..., Visit], at: str) -> None:
    visited = visit("index.html", at=at)
    page = visited.page
    page.keyboard.press("/")
    page.keyboard.type("valley")
    page.keyboard.press("Enter")
    page.locator(".gd-results > li").first.wait_for()
    assert re.fullmatch(r"\d+ pages with “valley”", page.get_by_role("status").inner_text())
    assert page.title().startswith("valley · Search")
    results = page.locator("main").get_by_role("list").first.get_by_role("heading", level=2)
    assert results.count() == len(_titles(page)) > 1
    page.locator("#gd-query").focus()
    for _ in range(2):  # the button, then the first result
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.gd-results > li h2') !== null")
    address = page.evaluate("document.activeElement.href")
    page.keyboard.press("Enter")
    page.wait_for_url(address)
    assert visited.complaints == []
    assert visited.strangers == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_results_have_no_accessibility_violation(visit: Callable[..., Visit], theme: str) -> None:
    page = visit("search.html?q=learning+rate", theme=theme, width=390).page
    page.locator(".gd-results > li").first.wait_for()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [violation["id"] for violation in found] == []
