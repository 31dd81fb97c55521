"""How every page is laid out, narrow and wide, from left to right and from right to left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.site import looking, pages, paint

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
PAGES = [*pages(), "search.html?q=learning+rate", "search.html?q=xyzzyplugh"]
FAULTS = """() => {
  const room = document.documentElement.clientWidth;
  const faults = [];
  const note = (fault, e) => faults.push(`${fault}: ${e.outerHTML.slice(0, 120)}`);
  const shown = (e) => e.checkVisibility() && e.getClientRects().length > 0;
  const all = (parent, selector) => [...parent.querySelectorAll(selector)].filter(shown);
  const box = (e) => e.getBoundingClientRect();
  const scrolls = ".katex, pre, svg, [tabindex='0'], .gdw-handle"; // boxes that scroll, and a
  // handle, which a figure puts in its place when it is seen
  const main = document.querySelector("main");

  const over = document.documentElement.scrollWidth - room;
  if (over > 0) faults.push(`the page scrolls sideways by ${over}`);

  for (const e of all(document, "header, header *, main *, footer, footer *")) {
    const outside = box(e).width && (box(e).right > room + 1 || box(e).left < -1);
    const unseen = getComputedStyle(e).clipPath !== "none";
    if (outside && !unseen && !e.closest(scrolls)) note("sticks out", e);
  }

  const flows = (e) => {
    const { display, position, float } = getComputedStyle(e);
    const block = ["block", "list-item", "table", "flex", "grid"].includes(display);
    return block && ["static", "relative"].includes(position) && float === "none";
  };
  for (const parent of all(main, "article, section, .gd-results, .gd-results > li, .admonition")) {
    if (getComputedStyle(parent).display === "grid") continue;
    const blocks = [...parent.children].filter((e) => shown(e) && flows(e));
    blocks.slice(1).forEach((e, i) => {
      if (box(e).top < box(blocks[i]).bottom - 1) note("over what stands above it", e);
    });
  }

  for (const e of all(main, "p, li, dd")) {
    const long = e.innerText.length > 60;
    if (long && box(e).width < 110 && !e.closest("table, [tabindex='0']")) note("narrow", e);
  }
  return faults.slice(0, 5);
}"""
"""What is wrong with a page: it scrolls sideways; something sticks out of the window; a block lies
over the one above it; a text has no room."""

PARTED = r"""() => {
  const number = new RegExp(
    /\d{1,3}(\s\d{3})+(?!\d)/.source +
    /|[\d⁰¹²³⁴-⁹]\s(%|s|ms|cm|kB|GB)(?!\w)/.source +
    /|(Figure|[Cc]hapter)\s\d+(\.\d+)?/.source, "g");
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  const range = document.createRange();
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.parentElement.closest("code, pre, math, script, svg, .gdw")) continue;
    for (const match of text.data.matchAll(number)) {
      range.setStart(text, match.index);
      range.setEnd(text, match.index + match[0].length);
      if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1) found.push(match[0]);
    }
  }
  return found;
}"""
"""Numbers that stand on two lines, in what the build writes."""


@looking(pages(), {"width": 320})
@pytest.mark.parametrize("width", [320, 390])
def test_no_line_ends_inside_a_number(seen: Visit, width: int) -> None:
    page = seen.page
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert page.evaluate(PARTED) == []


@looking(PAGES, {"width": 320})
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_page_is_laid_out_within_its_window(seen: Visit, width: int) -> None:
    page = seen.page
    page.set_viewport_size({"width": width, "height": 900})
    if "?" in page.url:
        page.locator(".gd-found:not(:empty)").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    for direction in ("ltr", "rtl"):
        page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
        paint(page)  # what watches sizes has seen the open folds
        assert page.evaluate(FAULTS) == [], direction


def test_results_of_a_search_are_a_column_as_wide_as_the_text(
    visit: Callable[..., Visit],
) -> None:
    page = visit("search.html?q=learning+rate").page
    page.locator(".gd-results > li").nth(3).wait_for()
    boxes = [item.bounding_box() for item in page.locator(".gd-results > li").all()]
    assert len({(box["x"], box["width"]) for box in boxes if box}) == 1
    assert all(600 < box["width"] < 700 for box in boxes if box)
