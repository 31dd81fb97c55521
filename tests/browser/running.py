"""A chapter whose code runs on the page, and the site that offers it with Pyodide's files in it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.site import ROOT, Quiet, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

PYODIDE = Path(os.environ.get("PYODIDE", ROOT / ".venv" / "pyodide")).resolve()
PATIENCE = 400_000
"""How long Python may take to start on a busy machine, in milliseconds."""
ENDED = re.compile(r"^(Done in|Stopped|A cell above stopped|Python could not|This browser)")
_BELOW = "/_static/run/pyodide/"


def needs_pyodide() -> None:
    """Skip a test where Pyodide's files are not; `make test` puts them there first."""
    if not PYODIDE.exists():
        pytest.skip("Pyodide's files are not here: make pyodide")


class SelfHosted(Quiet):
    """The site with Pyodide's files below its own, as a folder in `gd_pyodide` puts them there."""

    def translate_path(self, path: str) -> str:
        """Return where a file is."""
        before, found, name = path.partition(_BELOW)
        return str(PYODIDE / name) if found else super().translate_path(before)

    def do_GET(self) -> None:  # noqa: N802 (the base class's name)
        """Send a file, or the settings with Pyodide in the site."""
        if not self.path.endswith("/_static/run/python.json"):
            super().do_GET()
            return
        settings = json.loads(Path(self.translate_path(self.path)).read_text(encoding="utf-8"))
        body = json.dumps(settings | {"pyodide": "pyodide/"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _number(kinds: str) -> int:
    """Return a cell's place in its notebook, of its classes."""
    return int(re.findall(r"\bgd-cell-(\d+)", kinds)[0])


@pytest.fixture(scope="session")
def self_hosted() -> Iterator[str]:
    """Serve the site with Pyodide's files in it."""
    needs_pyodide()
    with serving(SelfHosted) as address:
        yield address


class Running:
    """A chapter's cells, pressed as a reader does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        cells = page.locator(".cell.tag_exercise:has(.gd-run)").evaluate_all(
            "cells => cells.map((cell) => [cell.className, cell.textContent])"
        )
        names = (re.findall(r'gd\.check\(\s*"([\w/-]+)"', code)[-1] for _, code in cells)
        self.exercises = dict(zip(names, (_number(kinds) for kinds, _ in cells), strict=True))
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    def numbers(self) -> list[int]:
        """Return the numbers of all cells that can run, in the notebook's order."""
        names = self.page.locator(".cell:has(.gd-run)").evaluate_all(
            "cells => cells.map((cell) => cell.className)"
        )
        return sorted(map(_number, names))

    def cell(self, which: int | str) -> Locator:
        """Return the cell with a number, or the exercise of this name."""
        if isinstance(which, str):
            which = self.exercises[which]
        return self.page.locator(f".gd-cell-{which}")

    def button(self, cell: Locator, name: str) -> Locator:
        """Return one of a cell's buttons."""
        return cell.locator(".gd-run").get_by_role("button", name=name, exact=True)

    def press(self, cell: Locator) -> None:
        """Press Run, and wait until it has begun."""
        self.button(cell, "Run").click()
        expect(self.button(cell, "Stop")).to_be_visible()

    def run(self, cell: Locator) -> str:
        """Press Run and return what stands beside it when it has ended."""
        self.button(cell, "Run").click()
        status = cell.locator(".gd-run-status")
        expect(status).to_have_text(ENDED, timeout=PATIENCE)
        expect(self.button(cell, "Stop")).to_be_hidden()
        return status.inner_text()

    def write(self, cell: Locator, code: str) -> None:
        """Type code in a cell, in place of its own."""
        editor = cell.locator(".cm-content")
        if not editor.count():
            self.button(cell, "Edit").click()
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)

    def output(self, cell: Locator) -> str:
        """Return what a cell has printed."""
        return cell.locator(".cell_output").inner_text().strip()
