"""From a drag to the painted frame in Chromium, beside ipywidgets and Matplotlib in a live kernel.

The work is issue-sized: three optimizers of 200 steps each on a map of 300 × 300. In the browser a
frame counts from the input event's dispatch until the frame that shows it has been handed on; the
alternative counts the kernel's part alone, without the way to the browser and back.
"""

from __future__ import annotations

import html
import io
import json
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import gdlib as gd
from benchmarks.measure import Row, seconds
from gdlib.widgets import base

MOVES = 200
STATIC = Path(base.__file__).parent.parent / "static"

WATCH = """() => {
  window.frames_ms = [];
  const channel = new MessageChannel();
  let begun = 0;
  channel.port1.onmessage = () => {
    if (begun) frames_ms.push(performance.now() - begun);
    begun = 0;
  };
  addEventListener("pointermove", () => {
    if (begun) return;
    begun = performance.now();
    requestAnimationFrame(() => channel.port2.postMessage(0));
  }, { capture: true });
}"""


def rows() -> Iterator[Row]:
    """Measure the widget, then the alternative."""
    ours = _in_chromium()
    theirs = _in_kernel()
    what = "drag a start: 3 paths × 200 steps"
    yield Row(f"{what}, 95th percentile", _p95(ours), None, "", None, 0.016)
    middle, other = statistics.median(ours), statistics.median(theirs)
    yield Row(what, middle, other, "ipywidgets + Matplotlib, kernel alone", other / middle, 5)


def _p95(times: list[float]) -> float:
    return float(np.percentile(times, 95))


def _optimizers() -> list[gd.Optimizer]:
    return [gd.gradient_descent(0.005), gd.momentum(0.002), gd.adam(0.1)]


def _in_chromium() -> list[float]:
    """Drag the start along a circle with real input events; return the seconds of each frame."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        system = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=system, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto(_page(Path(folder)).as_uri())
        page.wait_for_timeout(500)
        page.evaluate(WATCH)
        box = page.locator(".gdw-map canvas").first.bounding_box()
        assert box is not None
        centre = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(*centre)
        page.mouse.down()
        for k in range(MOVES):
            turn = 2 * np.pi * k / 60
            page.mouse.move(centre[0] + 120 * np.cos(turn), centre[1] + 90 * np.sin(turn))
        page.wait_for_timeout(200)
        times: list[float] = page.evaluate("frames_ms")
        browser.close()
    assert len(times) > MOVES / 4, f"only {len(times)} frames were seen"
    return [time / 1000 for time in times]


def _page(folder: Path) -> Path:
    """Write a page with one explorer, as the book's pages have it."""
    explorer = gd.DescentExplorer(gd.landscapes.himmelblau(), _optimizers(), steps=200)
    state = json.dumps(explorer.page_state()).replace("<", "\\u003c")
    for name in ("widgets.js", "widgets.css"):
        shutil.copy(STATIC / name, folder)
    page = folder / "page.html"
    page.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><title>{html.escape(repr(explorer))}</title>"
        '<link rel="stylesheet" href="widgets.css">'
        '<div class="gd-widget" id="w" data-model="w">'
        f'<script type="application/json" id="gd-state-w">{state}</script></div>'
        '<script src="widgets.js"></script>',
        encoding="utf-8",
    )
    return page


def _in_kernel(moves: int = 25) -> list[float]:
    """Move an ipywidgets slider; each move redraws the same figure and encodes it."""
    import ipywidgets
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    cost = gd.landscapes.himmelblau()
    axis = np.linspace(-5, 5, 300)
    heights = cost.value(np.stack(np.meshgrid(axis, axis), axis=-1))

    def redraw(x: float) -> None:
        figure, ax = plt.subplots()
        ax.contourf(axis, axis, heights, 11)
        ax.contour(axis, axis, heights, 11, linewidths=0.7)
        for optimizer in _optimizers():
            ax.plot(*gd.descend(cost, optimizer, (x, -1.0), 200).points.T)
        figure.savefig(io.BytesIO(), format="png")
        plt.close(figure)

    slider: Any = ipywidgets.FloatSlider(0.0, min=-4, max=4)
    slider.observe(lambda change: redraw(change["new"]), "value")
    values = iter(np.linspace(-3, 3, moves + 1).tolist())

    def move() -> None:
        slider.value = next(values)

    move()
    return [seconds(move) for _ in range(moves)]
