"""Every cell of every chapter, run on its page, gives what the page shows; every exercise answers.

That takes half an hour and more: `make cells`. The tests of the site do the first chapter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from gdlib.exercises.registry import EXERCISES, load
from tests.browser.conftest import browser  # noqa: F401 (a fixture)
from tests.browser.running import Running, self_hosted  # noqa: F401 (a fixture)
from tests.browser.site import Visit, chapters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

load()
SHOWN = """place => {
  const copy = place.cloneNode(true);
  const figures = copy.querySelectorAll("picture").length;
  const widgets = copy.querySelectorAll(".gdw").length;
  const apart = "figcaption, picture, .gd-widget, .widget, [data-foreign]";
  copy.querySelectorAll(apart).forEach((one) => one.remove());
  copy.querySelectorAll(".katex").forEach((one) => {
    one.replaceWith(one.querySelector("annotation").textContent);
  });
  return { figures, widgets, words: copy.textContent };
}"""
TIMED = re.compile(r"\d[\d.]*\s*(?:s|ms|µs)\b")


@pytest.fixture(scope="module", params=chapters())
def chapter(browser: Browser, self_hosted: str, request: Any) -> Iterator[Running]:  # noqa: F811
    """Open a chapter."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield Running(Visit(context, self_hosted, request.param).page)
    context.close()


def shown(cell: Locator) -> dict[str, Any]:
    """Return how many figures and widgets a cell shows, and its words, formulas as LaTeX."""
    place = cell.locator(".cell_output")
    if not place.count():
        return {"figures": 0, "widgets": 0, "words": ""}
    found: dict[str, Any] = place.first.evaluate(SHOWN)
    words = re.sub(r"\\displaystyle|\$", "", found["words"])
    return found | {"words": "".join(words.split())}


def test_every_cell_gives_what_the_page_shows(chapter: Running) -> None:
    wrong: dict[int, Any] = {}
    for number in chapter.numbers():
        cell = chapter.cell(number)
        before = shown(cell)
        said = chapter.run(cell)
        if not said.startswith("Done in"):
            wrong[number] = said, chapter.output(cell)
        elif before != (after := shown(cell)):
            wrong[number] = before, after
    assert wrong == {}


def test_every_exercise_tells_right_from_wrong(chapter: Running) -> None:
    for name, number in chapter.exercises.items():
        cell = chapter.cell(number)
        chapter.write(cell, f'gd.check("{name}", lambda *_, **__: -7.25)')
        assert chapter.run(cell).startswith("Done in"), name
        expect(cell.locator(".cell_output")).to_be_visible()
        assert "✗" in chapter.output(cell), name
        chapter.button(cell, "Reset").click()  # the solution may need what the exercise defines
        solution = chapter.page.locator(f".gd-cell-{number + 1}.tag_solution")
        assert chapter.run(solution).startswith("Done in"), name
        assert "✓" in chapter.output(solution), name
    assert set(chapter.exercises) <= set(EXERCISES)
