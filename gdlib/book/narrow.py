"""Each figure of a chapter twice: as it was drawn, and laid out anew for a narrow screen.

This runs in the kernel that executes a chapter for the site, and in the one that runs code on a
page. The narrow form is the same figure: panels stand in one column, letters keep a size that can
be read on a phone, long words wrap. Beside both goes what a test needs: the sizes and colours of
all that is written.
"""

from __future__ import annotations

import base64
import io
import re
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, MaxNLocator
from matplotlib.transforms import Bbox
from PIL import Image

from gdlib.book.dark import darkened, has_landscape
from gdlib.plotting.theme import INK, has_map

MIME = "application/vnd.gdlib.figure+json"
"""Under this type an output carries the narrow picture and what is known of both."""
WIDTH = 3.54
"""How wide a narrow figure is in inches; at `SCREEN` pixels an inch, as wide as a phone's text."""
SCREEN = 100
SMALLEST = 10.7
"""No letter is smaller on the narrow screen, in pixels; powers and indices neither."""
_SHRUNK = 0.7
"""Matplotlib sets powers and indices so much smaller."""
_FORMULA = re.compile(r"\$[^$]*\$")
_MARKS = str.maketrans("", "", "${}^_ ")
_INLINE = re.compile(r"\$[^$]*(?:[\^_]|\\frac)[^$]*\$")


def install() -> None:
    """Let the kernel show each figure with its narrow form."""
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    shell.display_formatter.mimebundle_formatter.for_type(Figure, both)


def both(figure: Figure, **_which: Any) -> dict[str, Any]:
    """Return a figure's picture and both forms for a page; the figure is narrow from then on.

    With a landscape in it, both forms are there for the dark, too.
    """
    shown = one(figure, slim=False)
    shown[MIME] |= one(figure, slim=True)[MIME]
    return shown


def one(figure: Figure, *, slim: bool) -> dict[str, Any]:
    """Return a figure's picture, and the form of it that a page has room for: narrow or wide."""
    name, dpi = ("narrow", 2 * SCREEN) if slim else ("wide", figure.dpi)
    with warnings.catch_warnings():
        # Before Matplotlib 3.11.2, beside a picture in space; axes keep their places.
        warnings.filterwarnings("ignore", "constrained_layout not applied", UserWarning)
        if slim:
            narrow(figure)
        png, form = _drawn(figure, dpi)
        forms = {name: form} | _in_the_dark(name, figure, dpi)
    return {"image/png": base64.b64encode(png).decode(), MIME: forms}


def _in_the_dark(form: str, figure: Figure, dpi: float) -> dict[str, Any]:
    """Return a form of a figure for a dark page, if it needs one."""
    if not has_landscape(figure):
        return {}
    with darkened(figure):
        _png, known = _drawn(figure, dpi)
    grounds = {"map": "dark map"}
    letters = [(size, colour, grounds.get(on, on)) for size, colour, on in known["letters"]]
    return {f"dark {form}": known | {"letters": letters}}


def narrow(figure: Figure) -> None:
    """Lay a figure out for a narrow screen."""
    wide, high = figure.get_size_inches()
    rows, columns = _grid(figure)
    if columns > 1 and not _alike(figure):
        _stack(figure)
    shape = min(max(1.12 * high / rows / (wide / columns), 0.72), 1.25)
    stacked, beside = _grid(figure)
    layout = figure.get_layout_engine()
    figure.set_layout_engine("none")  # for measures: a layout has no room yet
    figure.set_size_inches(WIDTH, WIDTH * shape * stacked / beside)
    _lighten(figure)
    _resize(figure, 0.75 * 7 / wide)
    _lift(figure)
    figure.set_layout_engine(layout)
    for _turn in range(2):
        _thin(figure)
        _fit(figure)
        figure.canvas.draw()


def _alike(figure: Figure) -> bool:
    """Tell whether all panels share both axes: such stay beside each other, to be compared."""
    first, *others = figure.axes
    return all(
        group.joined(first, ax)
        for group in (first.get_shared_x_axes(), first.get_shared_y_axes())
        for ax in others
    )


def _grid(figure: Figure) -> tuple[int, int]:
    """Return how many rows and columns of panels a figure has."""
    specs = [ax.get_subplotspec() for ax in figure.axes]
    grids = [spec.get_topmost_subplotspec().get_gridspec() for spec in specs if spec]
    rows = max((grid.nrows for grid in grids), default=1)
    return rows, max((grid.ncols for grid in grids), default=1)


def _stack(figure: Figure) -> None:
    """Put panels that stand beside each other below each other, with the axes that they shared."""
    panels = [ax for ax in figure.axes if ax.get_subplotspec()]
    labels = {
        side: next((text for ax in panels if (text := getattr(ax, f"get_{side}label")())), "")
        for side in "xy"
    }
    grid = GridSpec(len(panels), 1, figure=figure)
    for place, ax in enumerate(panels):
        ax.set_subplotspec(grid[place])
        if ax.name == "3d":
            continue
        ax.tick_params(labelleft=True, labelbottom=True)
        if not ax.get_ylabel() and not figure.get_supylabel():
            ax.set_ylabel(labels["y"], color=panels[0].yaxis.label.get_color())
        if not ax.get_xlabel() and not figure.get_supxlabel():
            ax.set_xlabel(labels["x"], color=panels[0].xaxis.label.get_color())
        for axis in (ax.xaxis, ax.yaxis):
            axis.label.set_visible(True)


def smallest(text: str, size: float) -> float:
    """Return how large the smallest letter of a text is, powers and indices included.

    >>> smallest("$10^{-6}$", 10.0)
    7.0
    """
    return size * (_SHRUNK if _INLINE.search(text) else 1)


def _size(text: Text) -> float:
    """Return a text's size in points."""
    return float(text.get_fontproperties().get_size_in_points())


def _resize(figure: Figure, scale: float) -> None:
    """Give all letters their size for a narrow screen."""
    least = SMALLEST * 72 / SCREEN
    figure.canvas.draw()
    for ax in figure.axes:
        for axis in _axes_of(ax):
            shown = [label.get_text() for label in axis.get_ticklabels()]
            size = max((_size(label) for label in axis.get_ticklabels()), default=8.0) * scale
            shrunk = min((smallest(text, 1.0) for text in shown), default=1.0)
            axis.set_tick_params(which="both", labelsize=max(size, least / shrunk))
    for text in figure.findobj(Text):
        if text.get_text():
            size = _size(text) * scale
            text.set_fontsize(max(size, least / smallest(text.get_text(), 1.0)))


def _lighten(figure: Figure) -> None:
    """Make lines and markers as much finer as the figure is smaller."""
    for line in figure.findobj(Line2D):
        line.set_linewidth(line.get_linewidth() * 0.85)
        line.set_markersize(line.get_markersize() * 0.75)


def _lift(figure: Figure) -> None:
    """Put legends above what they tell of, in as many columns as there is room for."""
    legends = [(ax, legend) for ax in figure.axes if (legend := ax.get_legend())]
    for ax, legend in legends:
        texts, handles = legend.get_texts(), [*filter(None, legend.legend_handles)]
        labels = [_lines(text.get_text(), 34) for text in texts]
        size = max(_size(text) for text in texts)
        letters = max(_length(line) for label in labels for line in label.splitlines())
        look: Any = {
            "ncols": max(1, int(0.97 * WIDTH * 72 / (size * (0.56 * letters + 4.2)))),
            "fontsize": size, "handlelength": 2.0, "columnspacing": 1.2, "frameon": False,
            "labelcolor": INK, "title": legend.get_title().get_text() or None,
        }  # fmt: skip
        legend.remove()
        if len(legends) == 1:
            new = figure.legend(handles, labels, loc="outside upper left", **look)
        else:
            new = ax.legend(handles, labels, loc="lower left", bbox_to_anchor=(-0.01, 1), **look)
        new.get_title().set(color=INK, size=size)
        high = sum(label.count("\n") + 1.5 for label in labels) * size / 72 / look["ncols"]
        figure.set_figheight(figure.get_figheight() + high)


def _length(text: str) -> int:
    """Return about how many letters a text shows."""
    return len(_FORMULA.sub(lambda found: "x" * _letters(found[0]), text))


def _letters(formula: str) -> int:
    return max(len(re.sub(r"\\[a-z]+", "x", formula).translate(_MARKS)), 1)


def _axes_of(ax: Axes) -> list[Axis]:
    return [axis for name in "xyz" if (axis := getattr(ax, f"{name}axis", None)) is not None]


def _thin(figure: Figure) -> None:
    """Take numbers away along the axes where they would touch."""
    figure.canvas.draw()
    for ax in figure.axes:
        for axis in _axes_of(ax):
            for most in (5, 4, 3, 2):
                if not _touch(axis):
                    break
                if isinstance(axis.get_major_locator(), LogLocator):
                    axis.set_major_locator(LogLocator(numticks=most))
                elif isinstance(axis.get_major_locator(), MaxNLocator):
                    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
                figure.canvas.draw()


def _touch(axis: Axis) -> bool:
    """Tell whether two numbers along an axis are less than a third of a letter apart."""
    labels = [label for label in axis.get_ticklabels() if label.get_text() and label.get_visible()]
    boxes = [label.get_window_extent() for label in labels]
    grown = [Bbox.from_extents(b.x0 - 3, b.y0, b.x1 + 3, b.y1) for b in boxes]
    return any(one.overlaps(other) for one, other in pairwise(grown))


def _fit(figure: Figure) -> None:
    """Break words that are wider than the figure into lines."""
    for text in figure.findobj(Text):
        if not text.get_visible() or not text.get_text().strip():
            continue
        box, page = text.get_window_extent(), Bbox.from_extents(*figure.bbox.extents)
        if text.axes is not None and text is text.axes.title:
            page = Bbox.from_bounds(box.x0, 0, text.axes.bbox.width, figure.bbox.height)
        if _outside(page, box) and " " in text.get_text():
            _wrap(text, box, page)


def _outside(page: Bbox, box: Bbox) -> bool:
    return bool(box.x0 < page.x0 - 2 or box.x1 > page.x1 + 2 or box.height > page.height)


def _wrap(text: Text, box: Bbox, page: Bbox) -> None:
    upright = box.height > box.width
    room = page.height if upright else page.width
    share = min(0.94 * room / (box.height if upright else box.width), 0.75)
    longest = max(_length(line) for line in text.get_text().splitlines())
    text.set_text(_lines(text.get_text(), int(longest * share)))


def _lines(words: str, most: int) -> str:
    """Break a text into lines, never within a formula."""
    formulas = _FORMULA.findall(words)
    whole = _FORMULA.sub(lambda found: "\0" * _letters(found[0]), " ".join(words.split()))
    broken = textwrap.fill(whole, max(most, 8), break_long_words=False, break_on_hyphens=False)
    for formula in formulas:
        broken = re.sub("\0+", formula.replace("\\", r"\\"), broken, count=1)
    return broken


def _drawn(figure: Figure, dpi: float) -> tuple[bytes, dict[str, Any]]:
    """Return a figure as PNG; and as WebP, with its width in inches and what its letters are."""
    file = io.BytesIO()
    with _listening() as words:
        figure.savefig(file, dpi=dpi, bbox_inches="tight", pad_inches=0.04)
    picture = Image.open(file)
    known = {
        "size": picture.size,
        "inches": round(picture.width / dpi, 3),
        "letters": sorted(words),
        "webp": base64.b64encode(_packed(picture)).decode(),
    }
    return file.getvalue(), known


def _packed(picture: Image.Image) -> bytes:
    """Return a picture as WebP: lines and flat colours are least without loss, shaded ones with."""
    forms: list[dict[str, Any]] = [{"lossless": True, "quality": 80}, {"quality": 85}]
    files = [io.BytesIO() for _ in forms]
    for file, form in zip(files, forms, strict=True):
        picture.save(file, "WEBP", **form)
    return min((file.getvalue() for file in files), key=len)


@contextmanager
def _listening() -> Iterator[set[tuple[float, str, str]]]:
    """Note of each text that is drawn: its smallest letter in points, its colour and its ground."""
    words: set[tuple[float, str, str]] = set()
    draw: Any = Text.draw

    def heard(text: Text, *args: Any, **kwargs: Any) -> Any:
        if text.get_visible() and text.get_text().strip():
            size = smallest(text.get_text(), _size(text))
            words.add((round(size, 1), _colour(text), _ground(text)))
        return draw(text, *args, **kwargs)

    Text.draw = heard  # type: ignore[assignment, method-assign]
    try:
        yield words
    finally:
        Text.draw = draw  # type: ignore[method-assign]


def _colour(text: Text) -> str:
    """Return a text's colour with its transparency: what is half clear is half as dark."""
    alpha = text.get_alpha()
    return to_hex(to_rgba(text.get_color(), alpha), keep_alpha=True)


def _ground(text: Text) -> str:
    """Return the colour on which a text stands: its halo, its box, a map, or the page itself."""
    for effect in text.get_path_effects():
        if halo := getattr(effect, "_gc", {}).get("foreground"):
            return to_hex(halo)
    patch = text.get_bbox_patch()
    if patch is not None and to_rgba(patch.get_facecolor())[3] > 0.5:
        return to_hex(patch.get_facecolor())
    return "map" if _on_map(text) else "page"


def _on_map(text: Text) -> bool:
    ax: Any = text.axes
    if ax is None or text in (ax.title, ax.xaxis.label, ax.yaxis.label) or not has_map(ax):
        return False
    return bool(ax.bbox.overlaps(text.get_window_extent()))
