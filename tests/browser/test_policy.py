"""The site under a Content-Security-Policy that allows its own files and nothing else.

Many hosts send one. Without `unsafe-eval` no text becomes code, without `blob:` there is no worker
made of text, without `unsafe-inline` no script stands in a page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.figures import HAIRS, KINDS, SHOWN, apart, figure, page_of, press
from tests.browser.site import ROOT, SITE, Quiet, Visit, pages, serving
from tests.browser.test_progress import export, take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.site

README = (ROOT / "README.md").read_text(encoding="utf-8")
POLICY = re.findall(r"^Content-Security-Policy: (.*)$", README, re.MULTILINE)[0]
"""The one that the README tells hosts, for all but the worker of code that runs: see test_run."""
ASKED = "unsafe-eval"
"""What the browser notes when a page finds out that it may not compile."""


class _Strict(Quiet):
    def end_headers(self) -> None:
        """Send the policy with every file."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    """Serve the site under the policy."""
    with serving(_Strict) as address:
        yield address


@pytest.fixture
def at(browser: Browser, base: dict[str, str], strict: str) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a page under the policy, or without it from its folder."""
    contexts = []

    def open_page(name: str, *, free: bool = False) -> Visit:
        context = browser.new_context(
            viewport={"width": 1280, "height": 1000}, reduced_motion="reduce"
        )
        contexts.append(context)
        return Visit(context, base["folder"] if free else strict, name)

    yield open_page
    for context in contexts:
        context.close()


def test_the_readme_names_the_policy() -> None:
    words = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert words["default-src"] == "'none'"
    assert words["script-src"] == "'self'"


def test_no_page_holds_a_script_of_its_own() -> None:
    """A state in JSON is data: no policy stops it."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>")
    handler = re.compile(r"<[a-z][^<>]*\son[a-z]+=[\"']?[^<>]*>|href=[\"']?javascript:")
    for name in pages():
        text = (SITE / name).read_text(encoding="utf-8")
        assert not inline.findall(text), name
        assert not handler.findall(text), name


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_shows_the_same_with_and_without_compiling(
    at: Callable[..., Visit], kind: str
) -> None:
    """Words and pixels alike, so the numbers too; a curve that is moved by a pixel is seen."""
    shown = []
    for free in (True, False):
        visit = at(page_of(kind), free=free)
        press(figure(visit.page, kind), kind)
        shown.append(visit.page.evaluate(SHOWN, f"{kind}-1"))
        assert visit.page.locator(".gdw-failure").count() == 0
        rest = [text for text in visit.complaints if free or ASKED not in text]
        assert rest == []
        assert len(visit.complaints) <= 1  # asked once, however many figures there are
    assert len(shown[0]) > (kind != "quiz")
    assert shown[1][0] == shown[0][0]
    for strict, free in zip(shown[1][1:], shown[0][1:], strict=True):
        assert apart(strict, free) < HAIRS


def test_the_view_in_space_opens_under_the_policy(at: Callable[..., Visit]) -> None:
    page = at(page_of("descentexplorer")).page
    found = figure(page, "descentexplorer")
    found.get_by_role("checkbox", name="In space").check()
    expect(found.locator(".gdw-space")).to_be_visible()
    page.wait_for_function("() => window.gdSurface !== undefined")  # text is no code here
    expect(found.get_by_role("checkbox", name="In space")).to_be_checked()


def test_the_list_of_progress_becomes_a_file_and_is_read_under_the_policy(
    at: Callable[..., Visit], tmp_path: Path
) -> None:
    visit = at("chapters/progress.html")
    take(visit.page, export(visit.page, tmp_path / "mine.json"))
    said = visit.page.locator(".gd-progress").get_by_role("status")
    expect(said).to_have_text("mine.json was read: 0 entries, 0 of them new or better.")
    assert visit.complaints == []


def test_search_and_colour_scheme_work_under_the_policy(at: Callable[..., Visit]) -> None:
    visit = at("search.html?q=momentum")
    expect(visit.page.locator(".gd-results > li").first).to_be_visible()
    expect(visit.page.locator(".gd-results > li > p").first).to_be_visible()  # an excerpt
    before = visit.page.locator("html").get_attribute("data-theme")
    visit.page.locator(".gd-tool.gd-theme").click()
    assert visit.page.locator("html").get_attribute("data-theme") != before
    assert visit.complaints == []
