"""A formula on a page is translated by nobody, copied once, and heard once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
CHAPTER = "chapters/03-learning-rate.html"
COPY = """(found) => {
  const range = document.createRange();
  range.selectNodeContents(found);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


SIGNS = """(found) => {
  const copy = found.cloneNode(true);
  copy.querySelectorAll(".katex").forEach((formula) => formula.replaceWith("$"));
  return copy.textContent;
}"""
"""A paragraph's text with a sign for each formula."""


def _copied(visit: Visit, selector: str, text: str = "") -> tuple[str, str]:
    """Select the first such element and copy it by keyboard; return plain text and HTML."""
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(selector, has_text=text).first.evaluate(COPY)
    page.keyboard.press("Control+C")
    plain = page.evaluate("navigator.clipboard.readText()")
    html = page.evaluate(
        """async () => {
          const [item] = await navigator.clipboard.read();
          return (await item.getType("text/html")).text();
        }"""
    )
    return plain, html


def test_a_copied_sentence_holds_each_formula_once(visit: Callable[..., Visit]) -> None:
    visited = visit(CHAPTER, at="served")
    paragraph = "main section > p:has(.katex)"
    latex = visited.page.locator(paragraph).first.locator("annotation").all_text_contents()
    plain, html = _copied(visited, paragraph)
    assert latex
    for formula in latex:
        assert plain.count(f"${formula}$") == latex.count(formula)
    signs = visited.page.locator(paragraph).first.evaluate(SIGNS)
    prose = re.sub(r"\$[^$]*\$", "$", plain)
    assert " ".join(prose.split()) == " ".join(signs.split())  # nothing else came along
    assert "katex" not in html
    assert visited.complaints == []


def test_a_part_of_a_formula_is_copied_as_the_whole(visit: Callable[..., Visit]) -> None:
    visited = visit(CHAPTER, at="served")
    display = visited.page.locator("main .katex-display:not(.output .katex-display)").first
    latex = display.locator("annotation").text_content()
    plain, _ = _copied(visited, "main .katex-display:not(.output .katex-display) .katex-html .mord")
    assert plain.strip() == f"$${latex}$$"


def test_a_copy_of_the_whole_page_has_lines_and_no_scripts(visit: Callable[..., Visit]) -> None:
    plain, _ = _copied(visit(CHAPTER, at="served"), "main")
    assert len(plain.splitlines()) > 200
    assert "_kind" not in plain


def test_a_sentence_without_formulas_is_copied_as_ever(visit: Callable[..., Visit]) -> None:
    visited = visit("index.html", at="served")
    plain, _ = _copied(visited, "main p")
    assert plain == visited.page.locator("main p").first.inner_text()


@pytest.mark.parametrize("name", [CHAPTER, "chapters/glossary.html"])
def test_a_screen_reader_hears_each_formula_once(visit: Callable[..., Visit], name: str) -> None:
    """In the browser's own tree a formula is one piece of mathematics, and its doubles are none."""
    page = visit(name).page
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    page.evaluate("document.querySelectorAll('pre').forEach((code) => code.remove())")
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    heard = [node for node in tree if not node.get("ignored")]
    roles = [node.get("role", {}).get("value") for node in heard]
    words = " ".join(
        str(node.get("name", {}).get("value", ""))
        for node in heard
        if node.get("role", {}).get("value") == "StaticText"
    )
    latex = set(page.locator("annotation").all_text_contents())
    assert roles.count("MathMLMath") == page.locator("math:visible").count() > 20
    assert not [formula for formula in latex if "\\" in formula and formula in words]
    painted = page.locator(".katex-html").evaluate_all(
        "all => all.filter((e) => e.ariaHidden !== 'true').length"
    )
    assert painted == 0
