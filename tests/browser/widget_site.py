"""A small book of widgets, built once: the pages on which the widgets' browser tests work."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat import v4

from tests.browser.site import ROOT, Visit, paint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

EXPLORER = """explorer = gd.DescentExplorer(
    gd.landscapes.quadratic(), [gd.gradient_descent(0.1), gd.momentum(0.05)], steps=40
)
explorer"""
LINE = "gd.DescentLine(learning_rate=0.5)"

DIGITS = """shades = np.random.default_rng(0).uniform(0, 1, (20, 64))
network = gd.Network(shades, np.arange(20) % 10, {"hidden": 8, "out": 10}, loss="cross-entropy")
gd.DigitPad(network, 2 * network.start(0))"""

ITEMS = """gd.ItemMap(
    [(2, 1), (1, 2), (-2, 1), (-1, -2), (1.5, -1), (0.5, 2)],
    ["Like tea", "Like cake", "Like coffee", "Like beer", "Like wine", "Like milk"],
    [4, 3.5, 3, 2.5, 3, 4], 1.0, ["warm", "food", "warm", "cold", "cold", "cold"],
)"""
WORDS = """known = [f"{one}{two}" for one in "bcdfghklmn" for two in ("a", "e", "i", "o")]
vectors = np.random.default_rng(0).normal(size=(2, 40, 6))
gd.WordNeighbours(known, dict(zip(("first", "second"), vectors)), np.arange(40) + 7)"""

WIDTHS = (320, 390, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
BY_LOOKS = [
    "color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size",
]  # fmt: skip
"""The rules that colours or sizes decide; what the others find is the same in light and dark."""

PAGES = {
    "index": ["import gdlib as gd"],
    "explorer": ["import gdlib as gd", EXPLORER],
    "line": ["import gdlib as gd", LINE],
    "simple": ["import gdlib as gd", "gd.DescentLine(learning_rate=0.5, simple=True)"],
    "linked": ["import gdlib as gd", EXPLORER, "explorer", LINE],
    "edge": ["import gdlib as gd", "gd.EdgeOfStability(width=6, steps=2000)"],
    "boundary": ["import gdlib as gd", "gd.DecisionBoundary(steps=400, step=0)"],
    "bowl": ["import gdlib as gd", "gd.TurnedBowl(angle=30, step=20)"],
    "digits": ["import numpy as np\nimport gdlib as gd", DIGITS],
    "items": ["import gdlib as gd", ITEMS],
    "words": ["import numpy as np\nimport gdlib as gd", WORDS],
    "worst": ["import gdlib as gd", "gd.WorstCase()"],
    "surface": ["import gdlib as gd", EXPLORER.replace("steps=40", "steps=40, view='surface'")],
}


def build(folder: Path, pages: dict[str, list[str]]) -> Path:
    """Build a book whose pages hold these cells; return the site's folder."""
    source = folder / "book"
    source.mkdir()
    for name, cells in pages.items():
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        text = v4.new_markdown_cell(f"# The page {name}")
        code = [v4.new_code_cell(cell, metadata={"tags": ["hide-input"]}) for cell in cells]
        nbformat.write(
            v4.new_notebook(cells=[text, *code], metadata={"kernelspec": kernel}),
            source / f"{name}.ipynb",
        )
    others = [f"  - file: {name}" for name in pages if name != "index"]
    contents = [
        "format: jb-book",
        "root: index",
        "parts:",
        "- caption: Widgets",
        "  chapters:",
        *others,
    ]
    (source / "_toc.yml").write_text("\n".join(contents))
    shutil.copy(ROOT / "_config.yml", source)
    shutil.copy(ROOT / "references.bib", source)
    npm = ROOT / "_build" / "npm"
    if npm.exists():  # what the book itself has installed already
        shutil.copytree(npm, source / "_build" / "npm", symlinks=True)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command: list[str | Path] = [jupyter_book, "build", source, "-W", "--keep-going"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout[-2000:] + done.stderr[-4000:]
    return source / "_build" / "html"


def _asked_for(tests: list[Any]) -> dict[str, list[str]]:
    """Return the pages on which the tests of this run work: `PAGES`, or their module's own."""
    pages: dict[str, list[str]] = {}
    for module in {test.module for test in tests if "widget_pages" in test.fixturenames}:
        for name, cells in getattr(module, "WIDGET_PAGES", PAGES).items():
            assert pages.setdefault(name, cells) == cells, f"two pages are called {name}"
    return dict(sorted(pages.items()))


@pytest.fixture(scope="session")
def widget_pages(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build one book of all pages that are asked for; who asks first builds it for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "widgets").open("a+", encoding="utf-8") as built:
        fcntl.flock(built, fcntl.LOCK_EX)
        built.seek(0)
        if place := built.read():
            return Path(place)
        folder = Path(tempfile.mkdtemp(prefix="widgets-", dir=shared))
        site = build(folder, _asked_for(request.session.items))
        built.write(str(site))
    return site


@pytest.fixture
def open_widget(browser: Browser, widget_pages: Path) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a page from its folder: `open_widget("line", width=390)`.

    After the test: nothing was said on a console, and nothing was asked from elsewhere.
    """
    contexts, visits = [], []

    def open_page(
        name: str,
        *,
        width: int = 1280,
        theme: str = "light",
        motion: bool = False,
        touch: bool = False,
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 1000},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="no-preference" if motion else "reduce",
            has_touch=touch,
            is_mobile=touch,
        )
        contexts.append(context)
        page, _, fragment = name.partition("#")
        hash_part = f"#{fragment}" if fragment else ""
        visits.append(Visit(context, widget_pages.as_uri() + "/", f"{page}.html{hash_part}"))
        return visits[-1]

    yield open_page
    for context in contexts:
        context.close()
    for visit in visits:
        # Chromium's software WebGL remarks on each screenshot.
        serious = [text for text in visit.complaints if "GL Driver Message" not in text]
        assert not serious, serious
        assert not visit.strangers, visit.strangers


def rules_broken(page: Page, rules: list[str] = RULES) -> str:
    """Return what axe-core finds wrong with a page, in words; nothing where all is well."""
    # No style sheets by XHR: a folder has none.
    found = Axe().run(page, options={"runOnly": rules, "preload": False})
    return str(found.generate_report()) if found.response["violations"] else ""


def fits_and_offends_no_rule(page: Page, theme: str) -> None:
    """Check a page at each width, by all rules where light ones are at their ends."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        paint(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert page.locator(".gd-still").first.is_hidden()
        broken = rules_broken(page, BY_LOOKS if theme == "dark" or width == 390 else RULES)
        assert not broken, (width, broken)
