"""The figures of the built site by kind: on which page each stands, and how a reader presses it."""

from __future__ import annotations

import base64
import io
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from tests.browser.site import SITE, pages

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

KINDS = (
    "basinmap", "batchrace", "contourellipse", "decisionboundary", "descentexplorer", "descentline",
    "digitpad", "edgeofstability", "itemmap", "momentummap", "newtonline", "pathplayer",
    "probehunt", "quiz", "textsampler", "turnedbowl", "wordneighbours", "worstcase",
)  # fmt: skip
PRESSES = {
    "digitpad": ("button", "Undo"),
    "pathplayer": ("button", re.compile("One (step|frame) back")),
    "probehunt": ("button", "Probe here"),
    "textsampler": ("button", "Draw anew"),
    "quiz": ("button", "Check my answer"),
}
"""What to press in a figure that has no point to move."""
SLIDES = {
    "decisionboundary", "edgeofstability", "turnedbowl", "wordneighbours",
}  # fmt: skip
"""Figures whose last slider is moved."""


@cache
def page_of(kind: str) -> str:
    """Return a page on which such a figure stands."""
    return next(name for name in pages() if f'id="{kind}-1"' in (SITE / name).read_text("utf-8"))


def figure(page: Page, kind: str) -> Locator:
    """Return the page's first figure of a kind, scrolled into sight."""
    found = page.locator(f"#{kind}-1")
    found.scroll_into_view_if_needed()
    return found


def press(found: Locator, kind: str) -> None:
    """Change something in a figure, and wait until it has said so."""
    if kind == "quiz":
        found.locator(".gdw-choice input").first.check()
    if kind in PRESSES:
        role, name = PRESSES[kind]
        found.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
    elif kind in SLIDES:
        found.get_by_role("slider").last.press("ArrowRight")
    else:
        found.locator(".gdw-handle").first.press("ArrowLeft")
    said = ".gdw-said" if kind == "quiz" else ".gdw-live"
    found.page.wait_for_function(
        "([id, said, wanted]) => document.querySelector(`#${id} ${said}`)"
        ".textContent.includes(wanted) && document.querySelector(`#${id} ${said}`).textContent",
        arg=[f"{kind}-1", said, "Of all starts" if kind == "basinmap" else ""],
        timeout=120_000,
    )


SHOWN = """async (id) => {
  const figure = document.getElementById(id);
  const frame = () => new Promise(requestAnimationFrame);
  for (let turn = 0; turn < 3; turn++) {  // what is drawn may ask for a typeface, and is drawn anew
    for (let i = 0; i < 10; i++) await frame();
    await document.fonts.ready;
  }
  const canvases = [...figure.querySelectorAll("canvas")].filter((canvas) => canvas.width > 1);
  return [figure.innerText, ...canvases.map((canvas) => canvas.toDataURL())];
}"""
"""All that a figure shows once it is at rest, word by word and pixel by pixel."""

HAIRS = 1 / 4000
"""The share of pixels in which two drawings of the same may differ: where hairlines end.

Chromium draws a canvas by one of two means, as it likes; of the same page it made two pictures that
differed in the last pixel of each tick, 18 of 154,814.
"""
SHADES = 32
"""By how many shades of 255 a pixel may differ: the two means round a slanted edge differently."""


def apart(one: str, other: str) -> float:
    """Return the share of pixels in which two pictures, given as data URLs, differ."""
    first, second = (_on_white(url) for url in (one, other))
    if first.shape != second.shape:
        return 1.0
    return float(np.mean(np.any(abs(first - second) > SHADES, axis=-1)))


def _on_white(url: str) -> Any:
    picture = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return np.asarray(Image.alpha_composite(white, picture)).astype(int)
