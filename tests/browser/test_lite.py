"""Whole notebooks in the browser: JupyterLite in the site, with the book's chapters and package."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gdlib.book.live_code import LOCK
from tests.browser import running
from tests.browser.running import CDN, PATIENCE
from tests.browser.site import SITE, Visit, chapters, source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.site
LITE = SITE / "lite"


def test_it_holds_every_chapter_as_the_site_offers_it_and_no_source_maps() -> None:
    listed = json.loads((LITE / "api/contents/all.json").read_text(encoding="utf-8"))["content"]
    assert {one["name"] for one in listed} == {source(name).name for name in chapters()}
    for name in chapters():
        held = LITE / "files" / source(name).name
        assert json.loads(held.read_text("utf-8")) == json.loads(source(name).read_text("utf-8"))
    assert list(LITE.rglob("*.map")) == []


def test_from_a_folder_there_is_no_way_to_it(visit: Callable[..., Visit]) -> None:
    link = visit(chapters()[0]).page.locator(".gd-lite")
    expect(link).to_have_count(1)
    expect(link).to_be_hidden()


def test_a_notebook_runs_whole_with_its_figures_and_checks(
    browser: Browser, served: str, tmp_path: Path
) -> None:
    lock = running.with_pyodide(tmp_path, CDN) / LOCK
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    asked = running.route_public(context, served, lock)
    page = context.new_page()
    notebook = source(chapters()[0])
    page.goto(f"{served}lite/lab/index.html?path={notebook.name}")
    kernel = page.locator(".jp-Toolbar-kernelName")
    expect(kernel).to_have_text("Python (Pyodide)", timeout=PATIENCE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    # JupyterLab makes a cell when it comes into view, and others when the browser has time.
    whole = len(json.loads(notebook.read_text(encoding="utf-8"))["cells"])
    page.wait_for_function(
        """([whole, last]) => {
            const pane = document.querySelector(".jp-WindowedPanel-outer");
            const left = pane.scrollHeight - pane.clientHeight - pane.scrollTop;
            pane.scrollTo(0, left < 2 ? 0 : pane.scrollTop + pane.clientHeight);
            return pane.querySelectorAll(".jp-Cell").length >= whole
                && pane.textContent.includes(last);
        }""",
        arg=[whole, "✓ correct: On average"],
        polling=500,
        timeout=PATIENCE,
    )
    assert page.locator(".gdw").count() > 2
    failed = re.compile(r"\b[A-Z]\w+Error\b")
    assert page.locator(".jp-OutputArea-output").filter(has_text=failed).count() == 0
    assert asked
    assert all(url.startswith(CDN) for url in asked)
    context.close()
