"""Take a picture of every page, at two widths, light and dark.

Usage: ``python -m tests.browser.screenshots FOLDER [PAGE ...]``, after `make book`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.site import SITE, launch, pages

WIDTHS = (1280, 390)


def take(target: Path, wanted: list[str]) -> None:
    """Write `page-width-theme.png` for each page into a folder."""
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        for width in WIDTHS:
            for theme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": 900}, color_scheme=theme
                )
                for name in wanted or pages():
                    page = context.new_page()
                    page.goto((SITE / name).as_uri())
                    stem = name.removesuffix(".html").replace("/", "-")
                    picture = target / f"{stem}-{width}-{theme}.png"
                    page.screenshot(path=picture, full_page=True)
                    page.close()
                context.close()
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2:])
