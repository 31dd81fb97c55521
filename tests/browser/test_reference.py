"""The generated reference pages: complete, linked, printable, usable by key and on a phone."""

from __future__ import annotations

import math
import re
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

import gdlib as gd
from gdlib.book import cheat_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
A4 = (210, 297)  # mm
VERIFIED = "chapters/verified.html"
API = "chapters/api.html"
CHEAT_SHEET = "chapters/cheat-sheet.html"
GLOSSARY = "chapters/glossary.html"
BROKEN = r"""() => {
  const broken = [], range = document.createRange();
  for (const signature of document.querySelectorAll("dl.py > dt")) {
    const walker = document.createTreeWalker(signature, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      for (const name of text.data.matchAll(/\w+/g)) {
        range.setStart(text, name.index);
        range.setEnd(text, name.index + name[0].length);
        const lines = new Set([...range.getClientRects()].map((box) => box.top));
        if (lines.size > 1) broken.push(name[0]);
      }
    }
  }
  return broken;
}"""
"""The names in signatures that stand on two lines."""


def test_the_cheat_sheet_has_a_formula_and_a_path_for_every_rule(
    visit: Callable[..., Visit],
) -> None:
    page = visit(CHEAT_SHEET).page
    rules = page.locator("article > section > section:has(figure)")
    assert rules.count() == len(cheat_sheet.RULES)
    for rule in rules.all():
        assert rule.locator(".katex-display").count() == 1
        assert "crosses" in (rule.locator("svg.gd-thumbnail").get_attribute("aria-label") or "")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_thumbnails_path_has_the_colour_of_its_method_on_this_page(
    visit: Callable[..., Visit], theme: str
) -> None:
    page = visit(CHEAT_SHEET, theme=theme).page
    for picture in page.locator("svg.gd-thumbnail").all():
        wanted, drawn = picture.evaluate(
            "(e, theme) => [getComputedStyle(e).getPropertyValue('--' + theme).trim(),"
            " getComputedStyle(e.querySelector('.gd-way')).stroke]",
            theme,
        )
        red, green, blue = (int(wanted[i : i + 2], 16) for i in (1, 3, 5))
        assert drawn == f"rgb({red}, {green}, {blue})"


def test_the_cheat_sheet_prints_four_rules_or_more_on_a_page(visit: Callable[..., Visit]) -> None:
    printed = visit(CHEAT_SHEET, theme="dark").page.pdf(prefer_css_page_size=True)
    pages = printed.count(b"/Type /Page\n")
    besides = 2  # what is made from a rule, and schedules
    assert 1 <= pages <= math.ceil((len(cheat_sheet.RULES) + besides) / 4)
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert {(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in sizes} == {A4}


def test_each_verified_result_leads_to_the_cell_that_measures_it(
    visit: Callable[..., Visit],
) -> None:
    visited = visit(VERIFIED)
    page = visited.page
    rows = page.eval_on_selector_all(
        ".measured tbody tr",
        "(rows) => rows.map((row) => [row.querySelector('.setup a').href,"
        " [...row.cells].map((cell) => cell.textContent)])",
    )
    assert len(rows) > 50
    for address in dict.fromkeys(address for address, _ in rows):
        page.goto(address)
        cell = page.locator(f"[id='{address.partition('#')[2]}']")
        shown = cell.locator(".measured tbody tr").evaluate_all(
            "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
        )
        assert shown == [cells for there, cells in rows if there == address]


def test_every_rule_is_compared_between_languages(visit: Callable[..., Visit]) -> None:
    page = visit(VERIFIED).page
    table = page.locator("table").last
    names = table.locator("tbody td:first-child").all_inner_texts()
    assert [name.lower() for name in names] == [
        build(learning_rate=0.1).name.lower() for build in gd.optimizers.catalogue.values()
    ]


def test_every_public_name_is_on_the_api_page_and_in_its_index(visit: Callable[..., Visit]) -> None:
    page = visit(API).page
    for name in dir(gd):
        assert page.locator(f"[id='{_anchor(name)}']").count() == 1
        assert page.locator(f"p.gd-names a[href='#{_anchor(name)}']").count() == 1
    assert page.locator("main .problematic, main .system-message").count() == 0


def _anchor(name: str) -> str:
    module = isinstance(getattr(gd, name), ModuleType)
    return f"module-gdlib.{name}" if module else f"gdlib.{name}"


def test_signatures_wrap_on_a_phone(visit: Callable[..., Visit]) -> None:
    page = visit(API, width=390).page
    for signature in page.locator("dl.py > dt").all():
        width, room = signature.evaluate("(e) => [e.scrollWidth, e.clientWidth]")
        assert width <= room, signature.inner_text()


@pytest.mark.parametrize("width", [320, 390])
def test_no_name_in_a_signature_is_broken(visit: Callable[..., Visit], width: int) -> None:
    assert visit(API, width=width).page.evaluate(BROKEN) == []


def test_every_concept_on_the_map_leads_to_its_entry(visit: Callable[..., Visit]) -> None:
    page = visit(GLOSSARY).page
    leads = page.locator(".gd-concept").evaluate_all(
        "(links) => links.map((link) => [link.textContent,"
        " document.getElementById(link.hash.slice(1))?.textContent.trim()])"
    )
    assert len(leads) > 40
    assert [word for word, entry in leads if entry is None or not entry.startswith(word)] == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_concept_that_is_pressed_shows_its_definition_and_its_arrows(
    visit: Callable[..., Visit], width: int
) -> None:
    page = visit(GLOSSARY, width=width).page
    chip = page.locator(".gd-concept", has_text=re.compile("^Newton step$"))
    said = page.locator(".gd-concept-map .gd-said")
    chip.click()
    assert page.locator(".gd-concept.gd-before").all_inner_texts() == ["cost"]
    assert page.locator(".gd-concept-map .gd-arrows > path.gd-before").count() == 1
    assert said.get_by_role("heading").inner_text() == "Newton step"
    assert said.locator("mjx-container, .katex").count() >= 1
    box, card = chip.bounding_box(), said.bounding_box()
    assert box is not None
    assert card is not None
    assert box["y"] + box["height"] <= card["y"]
    said.get_by_role("link", name="cost", exact=True).first.click()
    assert said.get_by_role("heading").inner_text() == "cost"
    page.keyboard.press("Escape")
    assert said.inner_text() == ""
    assert page.locator(".gd-concept-map .gd-arrows > path").count() == 0


def test_the_map_is_usable_by_key(visit: Callable[..., Visit]) -> None:
    page = visit(GLOSSARY).page
    page.locator(".gd-concept", has_text=re.compile("^feature scaling$")).focus()
    page.keyboard.press("Enter")
    said = page.locator(".gd-concept-map .gd-said")
    assert said.get_by_role("heading").inner_text() == "feature scaling"
    said.get_by_role("button", name="Close").press("Enter")
    assert said.inner_text() == ""
