"""Every page: quiet, offline, light, accessible; served from a sub-path and from a folder."""

from __future__ import annotations

import gzip
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.site import SITE, looking, pages, paint
from tests.browser.widget_site import BY_LOOKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
every_page = looking(pages())
DARK_PHONE = {"theme": "dark", "width": 390}
OF_EACH_KIND = [
    "index.html", "search.html", "chapters/01-walking-downhill.html", "chapters/api.html",
    "chapters/glossary.html", "chapters/diagnose.html",
]  # fmt: skip
LIMIT = 1_020_000  # bytes of text and script, uncompressed; what a host sends is held above


def test_the_site_is_built() -> None:
    assert (SITE / "index.html").exists(), f"no site in {SITE}: run `make book` first"
    assert len(pages()) >= 3


@every_page
def test_a_page_says_what_it_is_and_where(seen: Visit) -> None:
    page = seen.page
    assert "Gradient Descent" in page.title()
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("img:not([alt])").count() == 0
    levels = [int(h.evaluate("e => e.tagName[1]")) for h in page.locator("h1,h2,h3,h4").all()]
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_page
def test_every_link_of_a_page_leads_somewhere(seen: Visit) -> None:
    links = seen.page.evaluate("[...document.links].map((a) => a.href.split(/[?]/)[0])")
    base = SITE.as_uri() + "/"
    for address in {link for link in links if link.startswith(base)}:
        path, _, anchor = address.removeprefix(base).partition("#")
        anchor = anchor.removeprefix("gd/")  # before the place of a figure and what to do there
        target = SITE / path
        assert target.is_file(), f"{seen.name} links to {address}"
        if anchor:
            assert f'id="{anchor}"' in _text(target), address


@cache
def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


LATEX = """() => [...document.querySelectorAll("main a, nav a, summary, figcaption")]
  .map((found) => {
    const copy = found.cloneNode(true);
    copy.querySelectorAll(".katex, math").forEach((formula) => formula.remove());
    return copy.textContent;
  })
  .filter((text) => /\\\\[a-z]/.test(text))"""
"""The links and captions in which a reader would see a command of LaTeX."""


@every_page
def test_no_formula_is_translated_and_no_name_of_a_page_holds_one_twice(
    seen: Visit,
) -> None:
    page = seen.page
    assert page.locator(".katex:not([translate='no'] *, [translate='no'])").count() == 0
    assert page.evaluate(LATEX) == []
    assert page.locator("math:not([translate='no'] *, [translate='no'])").count() == 0
    assert "\\" not in page.title()


FIRST = 300_000  # bytes that a host sends before the first scroll, gzipped
MORE = {"chapters/23-language-model.html": 25_000, "search.html": 20_000}
"""What a page may have beyond that: a language model at several steps; all words of the book."""
FIRST_FILES = 20
PACKED = (".woff2", ".webp", ".png")


@looking(pages(), {"at": "served"}, {"at": "served", "width": 390})
def test_what_a_page_loads_before_the_first_scroll_is_little(seen: Visit) -> None:
    seen.page.wait_for_load_state("networkidle")
    paint(seen.page)
    seen.page.wait_for_load_state("networkidle")
    loaded = {address.removeprefix(seen.base) for address, _ in seen.page.evaluate(SIZES)}
    weights = {path: _sent(SITE / path) for path in loaded}
    total = sum(weights.values())
    print(
        f"{seen.name} at {seen.page.viewport_size}: {total / 1000:.0f} kB in {len(weights)} files"
    )
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:6]
    assert total <= FIRST + MORE.get(seen.name, 0), heaviest
    assert len(weights) <= FIRST_FILES, sorted(weights)


@cache
def _sent(file: Path) -> int:
    """Return how many bytes a host sends of a file: pictures and fonts are packed already."""
    body = file.read_bytes()
    return len(body if file.suffix in PACKED else gzip.compress(body))


@looking(pages(), {"at": "served"})
def test_a_page_is_light_to_load(seen: Visit) -> None:
    seen.page.wait_for_load_state("networkidle")
    sizes = _sizes(seen.page.evaluate(SIZES))
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


@looking(pages(), {}, {"at": "served"})
def test_a_page_is_quiet_and_asks_nothing_of_the_world(seen: Visit) -> None:
    seen.page.mouse.wheel(0, 20_000)
    seen.page.wait_for_load_state("networkidle")
    assert seen.strangers == []
    assert seen.complaints == []


@every_page
def test_a_page_has_no_accessibility_violation(seen: Visit) -> None:
    assert _violations_unfolded(seen.page, "light") == []


@looking(OF_EACH_KIND, {"width": 390})
def test_a_light_phone_has_no_accessibility_violation(seen: Visit) -> None:
    """What only one width shows is the same on all pages of a kind."""
    assert _violations_unfolded(seen.page, "light") == []


@looking(pages(), DARK_PHONE)
def test_a_dark_phone_has_no_violation_that_colours_or_sizes_make(seen: Visit) -> None:
    assert _violations_unfolded(seen.page, "dark", BY_LOOKS) == []


@looking(OF_EACH_KIND, {"theme": "dark"})
def test_a_dark_wide_page_has_no_violation_that_colours_or_sizes_make(seen: Visit) -> None:
    assert _violations_unfolded(seen.page, "dark", BY_LOOKS) == []


def test_the_contents_on_a_phone_have_no_accessibility_violation(
    visit: Callable[..., Visit],
) -> None:
    page = visit("index.html", width=390).page
    page.get_by_role("button", name="Contents of the book").click()
    assert _violations(page) == []


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": RULES, "resultTypes": ["violations"]}
ONE_OF_EACH = """() => {
  const grounds = new Map();
  const ground = (e) => {
    if (!e) return "";
    if (!grounds.has(e)) {
      const { backgroundColor, opacity, position } = getComputedStyle(e);
      grounds.set(e, `${ground(e.parentElement)} ${backgroundColor} ${opacity} ${position}`);
    }
    return grounds.get(e);
  };
  const seen = new Set();
  const again = [...document.querySelectorAll("pre span, dt.sig span")].filter((e) => {
    if (e.childElementCount || [...e.attributes].some(({ name }) => name !== "class")) return false;
    const { color, fontSize, fontWeight, textShadow, visibility } = getComputedStyle(e);
    const look = [color, fontSize, fontWeight, textShadow, visibility, ground(e)].join(" ");
    return seen.has(look) || !seen.add(look);
  });
  for (const e of again) e.replaceWith(e.textContent);
}"""
"""Code is a thousand words in ten colours: leaves one word of each colour on each ground."""


def _violations_unfolded(page: Page, theme: str, rules: list[str] = RULES) -> list[str]:
    assert page.locator("html").get_attribute("data-theme") == theme
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    page.evaluate(ONE_OF_EACH)
    return _violations(page, rules)


def _violations(page: Page, rules: list[str] = RULES) -> list[str]:
    # axe holds an element of nothing but MathML to be empty; screen readers read it. KaTeX's visual
    # half is hidden from them, and axe is slow in it.
    page.evaluate("document.querySelectorAll('.katex-html').forEach((e) => e.remove())")
    page.evaluate("document.querySelectorAll('math').forEach((e) => e.replaceWith(e.textContent))")
    found = Axe().run(page, options={**AXE, "runOnly": rules})
    return [_brief(violation) for violation in found.response["violations"]]


def _brief(violation: dict[str, object]) -> str:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    places = [f"{node['target']}: {node.get('failureSummary', '')}" for node in nodes[:3]]
    return f"{violation['id']}: {violation['help']}: {places}"


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
