"""One browser and one server for all site tests; every request that leaves them is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.site import SITE, Visit, launch, serving
from tests.browser.widget_site import open_widget, widget_pages  # noqa: F401 (fixtures)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser


expect.set_options(timeout=60_000)  # what is waited for comes late on a busy machine


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site below a sub-path, as a project's page on a shared host has it."""
    root = tmp_path_factory.mktemp("host")
    (root / "some").mkdir()
    (root / "some" / "book").symlink_to(SITE)
    with serving(folder=root) as address:
        yield f"{address}some/book/"


@pytest.fixture(scope="session")
def base(served: str) -> dict[str, str]:
    """Return the two addresses at which every page must work."""
    return {"served": served, "folder": SITE.as_uri() + "/"}


@pytest.fixture
def visit(browser: Browser, base: dict[str, str]) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a page: `visit("index.html", width=390, theme="dark")`."""
    contexts = []

    def open_page(
        name: str, *, at: str = "folder", width: int = 1280, theme: str = "light"
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        contexts.append(context)
        return Visit(context, base[at], name)

    yield open_page
    for context in contexts:
        context.close()
