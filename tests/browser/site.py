"""Where the built site is, its pages, the browser that opens them, and what a visit notices."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Request

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


class Quiet(SimpleHTTPRequestHandler):
    """What sends a folder's files."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Say nothing: pytest reports what fails."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a page that closes before its last file has come is no error."""


@contextmanager
def serving(handler: type[Quiet] = Quiet, folder: Path = SITE) -> Iterator[str]:
    """Serve a folder while the block runs; its address, with a slash at the end."""
    server = _Server(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def launch(chromium: BrowserType, *arguments: str) -> Browser:
    """Start Debian's Chromium where there is one, else Playwright's own; it finds no other host."""
    system = shutil.which("chromium")
    alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    options = ["--no-sandbox", "--no-proxy-server", alone, *arguments]
    return chromium.launch(executable_path=system, args=options)


FRAMES = """(count) => new Promise((done) => {
  const next = (left) => (left ? requestAnimationFrame(() => next(left - 1)) : done());
  next(count);
})"""


def paint(page: Page, frames: int = 3) -> None:
    """Wait until the browser has painted so often: what was asked for by then is on the screen."""
    page.evaluate(FRAMES, frames)


class Visit:
    """One opened page, what it said on the console, and what it asked of the world."""

    def __init__(self, context: BrowserContext, base: str, name: str, theme: str = "light") -> None:
        self.base, self.name, self.theme = base, name, theme
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        context.on("request", self._asked)
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

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.strangers.append(request.url)


class Look(NamedTuple):
    """A page and how it is opened: from its folder or served, how wide, light or dark."""

    name: str
    at: str = "folder"
    width: int = 1280
    theme: str = "light"

    def open(self, browser: Browser, base: dict[str, str]) -> Visit:
        """Open the page in a context of its own."""
        context = browser.new_context(
            viewport={"width": self.width, "height": 900},
            color_scheme="dark" if self.theme == "dark" else "light",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        return Visit(context, base[self.at], self.name, self.theme)


def looking(names: Iterable[str], *ways: dict[str, Any]) -> pytest.MarkDecorator:
    """Give a test the visit `seen` of each page, in each of these ways.

    To load a chapter takes longer than to look at it, so the tests of one module share a visit.
    They run as they are written: one that changes the page stands below those that do not.
    """
    names = list(names)
    looks = [Look(name, **way) for way in ways or ({},) for name in names]
    ids = ["-".join(map(str, (*way.values(), name))) for way in ways or ({},) for name in names]
    return pytest.mark.parametrize("seen", looks, indirect=True, ids=ids)
