"""One browser and one server for all site tests; every request that leaves them is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.site import SITE, Look, Visit, launch, serving
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
    visits: list[Visit] = []

    def open_page(name: str, **way: Any) -> Visit:
        visits.append(Look(name, **way).open(browser, base))
        return visits[-1]

    yield open_page
    for one in visits:
        one.page.context.close()


@pytest.fixture(scope="module")
def seen(browser: Browser, base: dict[str, str], request: Any) -> Iterator[Visit]:
    """Open a page once for all tests of a module that only look at it: see `looking`."""
    visit = request.param.open(browser, base)
    yield visit
    visit.page.context.close()
