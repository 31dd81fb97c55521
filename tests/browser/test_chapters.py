"""What each chapter's page owes its reader: mathematics, captions, folds, notebook, paper."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nbformat
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.site import SITE, chapters, looking, pages, source

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.site import Visit

pytestmark = pytest.mark.site
every_chapter = looking(chapters(), {"at": "served"})


@every_chapter
def test_the_first_screen_holds_question_prediction_and_figure(seen: Visit) -> None:
    page = seen.page
    boxes = [
        page.locator(part).first.bounding_box()
        for part in (".gd-question", ".gdw-quiz", ".gd-opening > .cell .gdw")
    ]
    question, quiz, figure = (box for box in boxes if box is not None)
    assert question["y"] < quiz["y"] < 720
    assert figure["y"] <= 450, "half of the screen is left to the figure"
    assert quiz["x"] + quiz["width"] < figure["x"], "they stand beside each other"


@every_chapter
def test_its_mathematics_is_typeset_in_the_page(seen: Visit) -> None:
    page = seen.page
    assert page.locator(".math .katex-mathml math").count() > 10
    assert page.locator(".math").count() == page.locator(".math:has(.katex-html)").count()
    assert page.locator(".katex-error").count() == 0
    text = page.evaluate(
        "[...document.querySelectorAll('main :is(p, li, td, dd, figcaption)')]"
        ".map((e) => { const c = e.cloneNode(true);"
        " c.querySelectorAll('.katex, code, pre').forEach((m) => m.remove());"
        " return c.textContent; })"
        ".join(' ')"
    )
    assert not any(mark in text for mark in ("\\(", "\\[", "$$", "\\frac", "\\theta"))


@every_chapter
def test_each_figure_has_a_caption_and_words_for_who_cannot_see_it(seen: Visit) -> None:
    page = seen.page
    images = page.locator("main .cell_output img")
    assert images.count() > 0
    for image in images.all():
        assert len(image.get_attribute("alt") or "") > 40, image.get_attribute("src")
        caption = image.locator("xpath=ancestor::figure//figcaption")
        assert caption.count() == 1, f"no caption: {image.get_attribute('alt')}"
        assert len(caption.inner_text()) > 40


@every_chapter
def test_each_figure_is_drawn_for_a_light_and_a_dark_page(seen: Visit) -> None:
    page = seen.page
    for image in page.locator("main .cell_output img").all():
        source = (SITE / seen.name).parent / (image.get_attribute("src") or "")
        corner = Image.open(source).convert("RGBA").getpixel((0, 0))
        assert isinstance(corner, tuple)
        assert corner[3] == 0, f"{source.name} has a ground of its own"


@every_chapter
def test_it_has_a_prediction_and_exercises_with_hints_and_solutions(seen: Visit) -> None:
    page = seen.page
    assert page.locator(".gd-question").inner_text().endswith("?")
    assert page.locator(".gd-hurry a").count() == 3
    assert page.locator("details.gd-chapter-card dd").count() == 2
    assert page.locator("#predict .gdw-choice").count() >= 2
    exercises = page.locator(".exercise").count()
    assert exercises >= 5
    assert page.locator("details.solution").count() == exercises
    assert page.locator("details.gd-hint").count() >= 2 * exercises
    assert page.locator(".gd-minute li").count() >= 3
    assert page.locator("details.solution[open], details.gd-hint[open]").count() == 0


@every_chapter
def test_it_can_be_downloaded_as_its_notebook(seen: Visit, tmp_path: Path) -> None:
    page = seen.page
    with page.expect_download() as download:
        page.get_by_role("link", name="Notebook").click()
    download.value.save_as(tmp_path / "chapter.ipynb")
    notebook = nbformat.read(tmp_path / "chapter.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert json.loads(source(seen.name).read_text(encoding="utf-8"))["cells"]


@every_chapter
def test_it_leads_to_its_notebook_in_jupyterlite(seen: Visit) -> None:
    link = seen.page.get_by_role("link", name="JupyterLite")
    assert link.get_attribute("href") == f"../lite/lab/index.html?path={source(seen.name).name}"
    expect(link).to_be_visible()


PAPER = 23
"""As many sheets of A4 as a chapter takes at most; with all that is folded some took 36."""


@every_chapter
def test_a_chapter_is_short_on_paper(seen: Visit) -> None:
    page = seen.page
    sheets = page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")
    print(f"{seen.name}: {sheets} sheets")
    assert 1 <= sheets <= PAPER


@every_chapter
def test_a_cell_that_only_sets_up_is_folded_and_opens_by_key(seen: Visit) -> None:
    page = seen.page
    folded = page.locator(".tag_hide-input > details.hide")
    hidden = [c for c in _cells(seen.name) if "hide-input" in c.metadata.get("tags", [])]
    assert folded.count() == len(hidden) > 0
    assert not folded.first.locator("pre").is_visible()
    folded.first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert folded.first.locator("pre").is_visible()


@every_chapter
def test_a_link_to_a_solution_unfolds_it(seen: Visit) -> None:
    page = seen.page
    solution = page.locator("details.solution").first
    page.evaluate("id => { location.hash = id; }", solution.get_attribute("id"))
    page.wait_for_function(
        "id => document.getElementById(id).open", arg=solution.get_attribute("id")
    )
    assert solution.locator("pre, p").first.is_visible()


def _cells(name: str) -> list[nbformat.NotebookNode]:
    cells: list[nbformat.NotebookNode] = nbformat.read(source(name), as_version=4).cells
    return cells


def test_no_page_carries_what_the_book_does_without() -> None:
    """JupyterLite's own pages, in `lite`, are JupyterLab's."""
    ours = [path for path in SITE.rglob("*") if not path.is_relative_to(SITE / "lite")]
    served = {path.name for path in ours if path.suffix in {".js", ".css"}}
    assert not served & {"fontawesome.js", "bootstrap.js", "require.js", "sphinx-thebe.js"}
    for page in pages():
        text = (SITE / page).read_text(encoding="utf-8").lower()
        assert "thebe" not in text
        assert "requirejs" not in text
        assert "mathjax.js" not in text


@looking(chapters(), {"width": 390})
def test_a_phone_has_question_prediction_and_figure_in_this_order(seen: Visit) -> None:
    page = seen.page
    parts = page.locator(".gd-question, .gd-opening .gdw").all()
    tops = [box["y"] for part in parts if (box := part.bounding_box())]
    assert len(tops) == 3
    assert tops == sorted(tops)
