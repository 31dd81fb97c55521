"""Where the built site is, its pages, and the browser that opens them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("SITE", ROOT / "_build" / "html")).resolve()


def pages() -> list[str]:
    """Return every page's path below the site's folder."""
    return sorted(str(path.relative_to(SITE).as_posix()) for path in SITE.rglob("*.html"))


def chapters() -> list[str]:
    """Return the pages that are notebooks."""
    sources = SITE / "_sources"
    return [p for p in pages() if (sources / p).with_suffix(".ipynb").exists()]


def launch(playwright: Playwright) -> Browser:
    """Start Debian's Chromium where there is one, else Playwright's own."""
    system = shutil.which("chromium")
    return playwright.chromium.launch(executable_path=system, args=["--no-sandbox"])
