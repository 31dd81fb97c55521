"""A chapter whose code runs on the page, and the site that offers it with Pyodide's files in it."""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gdlib.book import live_code
from gdlib.book.live_code import LOCK
from tests.browser.site import ROOT, SITE, Quiet, Visit, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

PYODIDE = Path(os.environ.get("PYODIDE", ROOT / ".venv" / "pyodide")).resolve()
CDN = json.loads((SITE / "_static/run/python.json").read_text(encoding="utf-8"))["pyodide"]
"""Where a reader's browser finds Pyodide, if it is no folder of the site."""
PATIENCE = 400_000
"""How long Python may take to start on a busy machine, in milliseconds."""
RUN = "/_static/run/"
ENDED = re.compile(r"^(Done in|Stopped|A cell above stopped|Python could not|This browser)")


def needs_pyodide() -> None:
    """Skip a test where Pyodide's files are not; `make test` puts them there first."""
    if not PYODIDE.exists():
        pytest.skip("Pyodide's files are not here: make pyodide")


class SelfHosted(Quiet):
    """The site as it is where `gd_pyodide` is a folder: with Pyodide's files in it."""

    run: Path
    """What then lies in the folder of code that runs."""

    def translate_path(self, path: str) -> str:
        """Return where a file is."""
        before, found, name = path.partition(RUN)
        return str(self.run / name) if found else super().translate_path(before)


def with_pyodide(target: Path, where: str) -> Path:
    """Fill a folder with what runs code where Pyodide lies elsewhere than the site says."""
    needs_pyodide()
    for file in (SITE / RUN.strip("/")).iterdir():
        if file.suffix in {".whl", ".mjs"}:
            shutil.copy2(file, target)
    live_code.fill(target, where, PYODIDE / LOCK)
    return target


def route_public(context: BrowserContext, served: str, lock: Path) -> list[str]:
    """Answer what is asked of other hosts than `served` with the tests' files of Pyodide.

    Their hashes are those of `lock`, which stands for the site's. Returns a list to which each
    address is added that was asked for.
    """
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if not route.request.url.startswith(CDN):
            route.abort()
            return
        file = PYODIDE / route.request.url.removeprefix(CDN)
        head = {"Access-Control-Allow-Origin": "*"}
        kinds = {".mjs": "text/javascript", ".wasm": "application/wasm"}
        kind = kinds.get(file.suffix, "application/octet-stream")
        route.fulfill(body=file.read_bytes(), content_type=kind, headers=head)

    context.route(lambda url: url.startswith("http") and not url.startswith(served), answer)
    context.route(f"{served}_static/run/{LOCK}", lambda route: route.fulfill(path=lock))
    return asked


def _number(kinds: str) -> int:
    """Return a cell's place in its notebook, of its classes."""
    return int(re.findall(r"\bgd-cell-(\d+)", kinds)[0])


@contextmanager
def self_hosting(handler: type[SelfHosted], target: Path) -> Iterator[str]:
    """Serve the site with Pyodide's files in it, by a handler, while the block runs."""
    handler.run = with_pyodide(target, str(PYODIDE))
    with serving(handler) as address:
        yield address


@pytest.fixture(scope="session")
def self_hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site with Pyodide's files in it."""
    with self_hosting(SelfHosted, tmp_path_factory.mktemp("run")) as address:
        yield address


@contextmanager
def on_a_phone(browser: Browser, served: str, name: str) -> Iterator[Locator]:
    """Open a page on a phone, which may ask nothing of the world; yields the cell of its form."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce"
    )
    visit = Visit(context, served, name)
    yield visit.page.locator(".cell:has(> .cell_input > .gd-form)")
    assert visit.strangers == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def answered(cell: Locator, button: str, *, by: str = "click") -> str:
    """Press a form's button, and return what then stands below it.

    `by` is "click", "tap", or "keys": Tab from where the focus is until the button has it, then
    Enter.
    """
    press = cell.get_by_role("button", name=button)
    if by == "keys":
        for _ in range(60):
            if press.evaluate("one => one === document.activeElement"):
                break
            cell.page.keyboard.press("Tab")
        cell.page.keyboard.press("Enter")
    else:
        getattr(press, by)()
    expect(cell.locator(".gd-run-status")).to_have_text(re.compile("^Done in"), timeout=PATIENCE)
    return cell.locator(".cell_output").inner_text()


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
        return cell.locator(".gd-run button").filter(has_text=re.compile(f"^{name}$"))

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
