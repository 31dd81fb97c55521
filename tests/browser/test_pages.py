"""Every page: quiet, offline, light, accessible; served from a sub-path and from a folder."""

from __future__ import annotations

import gzip
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.site import SITE, pages, paint

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
every_page = pytest.mark.parametrize("name", pages())
LIMIT = 1_020_000  # bytes of text and script, uncompressed; what a host sends is held above


def test_the_site_is_built() -> None:
    assert (SITE / "index.html").exists(), f"no site in {SITE}: run `make book` first"
    assert len(pages()) >= 3


@every_page
@pytest.mark.parametrize("at", ["served", "folder"])
def test_a_page_is_quiet_and_asks_nothing_of_the_world(
    visit: Callable[..., Visit], name: str, at: str
) -> None:
    visited = visit(name, at=at)
    visited.page.mouse.wheel(0, 20_000)
    visited.page.wait_for_load_state("networkidle")
    assert visited.strangers == []
    assert visited.complaints == []


@every_page
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_a_page_has_no_accessibility_violation(
    visit: Callable[..., Visit], name: str, theme: str, width: int
) -> None:
    page = visit(name, theme=theme, width=width).page
    assert page.locator("html").get_attribute("data-theme") == theme
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert _violations(page) == []


def test_the_contents_on_a_phone_have_no_accessibility_violation(
    visit: Callable[..., Visit],
) -> None:
    page = visit("index.html", width=390).page
    page.get_by_role("button", name="Contents of the book").click()
    assert _violations(page) == []


AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def _violations(page: Page) -> list[str]:
    # axe holds an element of nothing but MathML to be empty; screen readers read it. KaTeX's visual
    # half is hidden from them, and axe is slow in it.
    page.evaluate("document.querySelectorAll('.katex-html').forEach((e) => e.remove())")
    page.evaluate("document.querySelectorAll('math').forEach((e) => e.replaceWith(e.textContent))")
    found = Axe().run(page, options=AXE)
    return [_brief(violation) for violation in found.response["violations"]]


def _brief(violation: dict[str, object]) -> str:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    places = [f"{node['target']}: {node.get('failureSummary', '')}" for node in nodes[:3]]
    return f"{violation['id']}: {violation['help']}: {places}"


@every_page
def test_a_page_says_what_it_is_and_where(visit: Callable[..., Visit], name: str) -> None:
    page = visit(name).page
    assert "Gradient Descent" in page.title()
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("img:not([alt])").count() == 0
    levels = [int(h.evaluate("e => e.tagName[1]")) for h in page.locator("h1,h2,h3,h4").all()]
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_page
def test_every_link_of_a_page_leads_somewhere(visit: Callable[..., Visit], name: str) -> None:
    page = visit(name).page
    links = page.evaluate("[...document.links].map((a) => a.href.split(/[?]/)[0])")
    base = SITE.as_uri() + "/"
    for address in {link for link in links if link.startswith(base)}:
        path, _, anchor = address.removeprefix(base).partition("#")
        anchor = anchor.removeprefix("gd/")  # before the place of a figure and what to do there
        target = SITE / path
        assert target.is_file(), f"{name} links to {address}"
        if anchor:
            assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), address


FIRST = 300_000  # bytes that a host sends before the first scroll, gzipped
FIRST_FILES = 20
PACKED = (".woff2", ".webp", ".png")


@every_page
@pytest.mark.parametrize("width", [1280, 390])
def test_what_a_page_loads_before_the_first_scroll_is_little(
    visit: Callable[..., Visit], name: str, width: int
) -> None:
    visited = visit(name, at="served", width=width)
    visited.page.wait_for_load_state("networkidle")
    paint(visited.page)
    visited.page.wait_for_load_state("networkidle")
    loaded = {address.removeprefix(visited.base) for address, _ in visited.page.evaluate(SIZES)}
    weights = {path: _sent(SITE / path) for path in loaded}
    total = sum(weights.values())
    print(f"{name} at {width} px: {total / 1000:.0f} kB in {len(weights)} files")
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:6]
    assert total <= FIRST, heaviest
    assert len(weights) <= FIRST_FILES, sorted(weights)


def _sent(file: Path) -> int:
    """Return how many bytes a host sends of a file: pictures and fonts are packed already."""
    body = file.read_bytes()
    return len(body if file.suffix in PACKED else gzip.compress(body))


@every_page
def test_a_page_is_light_to_load(visit: Callable[..., Visit], name: str) -> None:
    page = visit(name, at="served").page
    page.wait_for_load_state("networkidle")
    sizes = _sizes(page.evaluate(SIZES))
    assert 0 < sizes["text"] <= LIMIT, sizes


SIZES = """() => ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
    .map((entry) => [entry.name.split(/[?#]/)[0], entry.decodedBodySize])"""


def _sizes(entries: list[tuple[str, int]]) -> dict[str, int]:
    sizes = {"text": 0, "fonts": 0, "images": 0}
    for address, size in entries:
        image = address.endswith((".png", ".jpg", ".svg", ".webp"))
        kind = "fonts" if address.endswith(".woff2") else "images" if image else "text"
        sizes[kind] += size
    return sizes


def test_the_licences_of_what_the_site_carries_are_on_it() -> None:
    text = (SITE / "_static" / "licences.txt").read_text(encoding="utf-8")
    carried = (
        "d3-shape",
        "twgl.js",
        "katex",
        "minisearch",
        "sphinx",
        "sphinx-copybutton",
        "sphinx-design",
    )
    fonts = {re.sub("-(latin|greek).*", "", path.name) for path in SITE.rglob("source-*.woff2")}
    assert len(fonts) == 3
    for name in (*carried, *(f"@fontsource-variable/{font}" for font in fonts)):
        assert re.search(rf"^{name} [\d.]+", text, re.MULTILINE), name
    assert text.count("SIL OPEN FONT LICENSE Version 1.1") >= len(fonts)
