"""Where the built site is, its pages, the browser that opens them, and what a visit notices."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Request, Route

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("SITE", ROOT / "_build" / "html")).resolve()


def pages() -> list[str]:
    """Return every page's path below the site's folder; JupyterLite's are none of ours."""
    found = (path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
    return sorted(name for name in found if not name.startswith("lite/"))


def chapters() -> list[str]:
    """Return the pages that are notebooks."""
    return [name for name in pages() if source(name).exists()]


def source(name: str) -> Path:
    """Return the notebook that the site offers for a page, whether or not it is there."""
    return SITE / "_sources" / Path(name).with_suffix(".ipynb")


def launch(chromium: BrowserType, *arguments: str) -> Browser:
    """Start Debian's Chromium where there is one, else Playwright's own."""
    system = shutil.which("chromium")
    return chromium.launch(executable_path=system, args=["--no-sandbox", *arguments])


FRAMES = """(count) => new Promise((done) => {
  const next = (left) => (left ? requestAnimationFrame(() => next(left - 1)) : done());
  next(count);
})"""


def paint(page: Page, frames: int = 3) -> None:
    """Wait until the browser has painted so often: what was asked for by then is on the screen."""
    page.evaluate(FRAMES, frames)


class Visit:
    """One opened page, what it said on the console, and what it asked of the world."""

    def __init__(self, context: BrowserContext, base: str, name: str) -> None:
        self.base = base
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        context.route("**/*", self._admit)
        self.page = context.new_page()
        self.page.on("console", lambda m: self._note(m.type, m.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("requestfailed", self._missed)
        self.page.goto(base + name)
        self.page.evaluate("document.fonts.ready.then(() => 0)")

    def _missed(self, request: Request) -> None:
        """Note what did not load, but not what a reload or a closed page called off."""
        if request.failure != "net::ERR_ABORTED":
            self._note("error", f"not loaded: {request.url}")

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _admit(self, route: Route) -> None:
        if route.request.url.startswith((self.base, "data:", "blob:")):
            route.continue_()
        else:
            self.strangers.append(route.request.url)
            route.abort()
