"""How figures look: the grey of their text, their sizes, and one look for each method."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.trajectory import Trajectory
from gdlib.formula.names import latex
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer

Array = NDArray[np.float64]
Path2 = Trajectory | ArrayLike

PALETTE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "palette.json").read_text(encoding="utf-8")
)
INK = "#747a7e"
"""Text, ticks and frames: as far from a white page as from a near-black one, 4.2 : 1 or better."""
DARK, PALE = "#1d2f36", "#f7f6f1"
"""What stands on a map, and the halo that lifts it off."""
MARKERS = {"circle": "o", "square": "s", "diamond": "D", "triangle": "^", "cross": "X", "star": "*"}
FAR = 1e4
"""A path ends where it is so many times the picture's size away from it."""


@dataclass(frozen=True)
class Look:
    """A method's colour, its marker, and its dashes in points (none: a solid line)."""

    colour: str
    marker: str = "o"
    dash: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        checks.text("colour", self.colour)
        checks.text("marker", self.marker)
        checks.instance("dash", self.dash, tuple, "a tuple of lengths")
        dash = checks.array("dash", self.dash or np.empty(0), shape=(None,))
        if len(dash) % 2 or (dash < 0).any():
            raise ValueError(f"dash must be pairs of lengths at least 0, not {self.dash!r}")

    @property
    def linestyle(self) -> Any:
        """The dashes as Matplotlib wants them."""
        return (0, self.dash) if self.dash else "-"


METHODS = {
    name: Look(entry["figure"], MARKERS[entry["marker"]], tuple(entry["dash"]))
    for name, entry in PALETTE["methods"].items()
}
OTHERS = [
    Look(colour, marker, dash)
    for dash, (colour, marker) in product(
        ((), (7, 3), (2, 3)), zip(PALETTE["figure"]["other"], "osD^XP", strict=True)
    )
]


def look(method: Optimizer | str | None, others: int = 0) -> Look:
    """Return the look of a method, or of the label of a run.

    Parameters
    ----------
    method
        An optimizer, or a label: "Adam" and "Adam, η = 0.1" both get Adam's look.
    others
        For a label that names no method: how many such runs the figure has already.
    """
    checks.count("others", others)
    if method is not None and not isinstance(method, Optimizer):
        checks.text("method", method)
    name = (method.name if isinstance(method, Optimizer) else method or "").casefold()
    known = [known for known in METHODS if name.startswith(known.casefold())]
    if known:
        return METHODS[max(known, key=len)]
    return OTHERS[others % len(OTHERS)]


def looks(labels: Iterable[str]) -> list[Look]:
    """Return a look for each label; where two runs name one method, the later is dashed anew.

    What names no method gets a colour that no method beside it has, while there are any.
    """
    first = [look(label) for label in labels]
    taken = {wanted.colour for wanted in first if wanted is not OTHERS[0]}
    free = [other for other in OTHERS if other.colour not in taken] or OTHERS
    given: list[Look] = []
    others = 0
    for wanted in first:
        if wanted is OTHERS[0]:
            wanted, others = free[others % len(free)], others + 1
        dashes = [wanted.dash, (7, 3), (2, 3), (9, 2, 2, 2), (1, 2)]
        choices = [
            Look(wanted.colour, marker, dash)
            for marker, dash in zip(wanted.marker + "osD^", dashes, strict=True)
        ]
        given.append(next((choice for choice in choices if choice not in given), wanted))
    return given


def name_of(symbol: sp.Symbol) -> str:
    """Return what an axis is called: typeset, or as it is where it is neither word nor letter."""
    typeset = latex(symbol)
    if typeset.startswith(r"\text"):
        return str(symbol.name).replace("$", r"\$")
    return f"${typeset}$"


def style(ax: Axes) -> None:
    """Give an Axes the look of the book's figures: for one that you fill with Matplotlib yourself.

    The grounds become transparent; text, ticks and frame grey; text grows with the figure's width,
    as all figures are shown equally wide. Call it before or after drawing.
    """
    check_axes(ax)
    ax.figure.patch.set_alpha(0)
    ax.patch.set_alpha(0)
    size = text_size(ax)
    ax.tick_params(which="both", colors=INK, labelsize=size * 0.92, width=0.8)
    for text in (ax.title, ax.xaxis.label, ax.yaxis.label):
        text.set(color=INK, size=size)
    for axis in (ax.xaxis, ax.yaxis):
        axis.get_offset_text().set_color(INK)
        if axis.get_scale() == "linear":
            axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        elif axis.get_scale() == "log":
            axis.set_major_locator(LogLocator(numticks=8))
    for name, spine in ax.spines.items():
        spine.set(color=INK, linewidth=0.8, visible=name in ("left", "bottom"))


def text_size(ax: Axes) -> float:
    """Return the size of an Axes' text in points: 12 in a figure 7 inches wide."""
    return float(np.clip(inches_of(ax)[0] * 12 / 7, 7, 18))


def inches_of(ax: Axes) -> tuple[float, float]:
    """Return the width and height of an Axes' figure in inches."""
    figure: Any = ax.get_figure(root=True)
    return float(figure.get_figwidth()), float(figure.get_figheight())


def legend(ax: Axes, **options: Any) -> None:
    """Add a legend that can be read on any page, above the picture unless `loc` says otherwise.

    `options` are those of `Axes.legend`. Functions of this module that are given labels call this
    themselves.
    """
    check_axes(ax)
    size = text_size(ax) * 0.86
    chosen: dict[str, Any] = {"fontsize": size, "handlelength": 2.4, "columnspacing": 1.4}
    if "loc" not in options:
        place = {"loc": "lower left", "bbox_to_anchor": (-0.01, 1.0), "borderaxespad": 0.2}
        chosen |= place | {"ncols": _columns(ax, size)}
    if "loc" in options and has_map(ax):
        chosen |= {"facecolor": PALE, "edgecolor": "none", "framealpha": 0.86, "labelcolor": DARK}
    else:
        chosen |= {"frameon": False, "labelcolor": INK}
    try:
        ax.legend(**(chosen | options))
    except Warning:
        raise
    except Exception as error:  # Matplotlib fails at wrong options in any way
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"legend must have options that Axes.legend takes: {error}") from None


def _columns(ax: Axes, size: float) -> int:
    """Return how many columns of the labels fit the width of the picture, text being `size`."""
    ax.apply_aspect()
    room = ax.get_position().width * 72 * inches_of(ax)[0]
    longest = max((len(label) for label in ax.get_legend_handles_labels()[1]), default=0)
    return max(1, int(room / (size * (0.52 * longest + 4.4))))


def has_map(ax: Axes) -> bool:
    """Tell whether a filled map lies under what is drawn next."""
    return any(artist.get_gid() == "map" for artist in ax.collections)


def check_axes(ax: Any) -> None:
    """Refuse what is no Axes to draw on."""
    checks.instance("ax", ax, Axes, "Matplotlib Axes, as plt.subplots() makes")


def check_landscape(cost: Any, n: int | None = None) -> None:
    """Refuse what is no landscape, such as a constructor that was not called."""
    wanted = "a Landscape such as gd.landscapes.quadratic()"
    checks.instance("landscape", cost, Landscape, wanted)
    if n is not None and cost.n != n:
        raise ValueError(f"landscape must have {n} variable(s); {cost.name} has {cost.n}")


def check_runs(runs: Any, name: str = "runs") -> dict[str, Any]:
    """Return runs, or what `name` says, by their labels, or say how they are given."""
    checks.instance(name, runs, Mapping, f'{name} by label, like {{"Adam": run}}')
    return {checks.text(f"a label of {name}", label): run for label, run in runs.items()}


def check_texts(**texts: Any) -> None:
    """Refuse labels and colours that are neither text nor None."""
    for name, value in texts.items():
        if value is not None:
            checks.text(name, value)


def check_colour(color: Any) -> None:
    """Refuse what Matplotlib knows as no colour."""
    try:
        known = isinstance(color, (str, tuple, list)) and is_color_like(color)
    except Exception:  # whatever a reader's class does when it is looked at
        known = False
    if not known:
        kind = ValueError if isinstance(color, str) else TypeError
        raise kind(f"color must be a colour of Matplotlib's, not {checks.shown(color)}")


def points_of(run: Path2, n: int) -> Array:
    """Return a run's points, of shape (k + 1, n), or say what is wrong with them."""
    points = checks.array("run", run.points if isinstance(run, Trajectory) else run)
    if points.ndim != 2 or points.shape[1] != n or not len(points):
        raise ValueError(f"run must be one, with points of shape (k + 1, {n}), not {points.shape}")
    return points


def cut(ax: Axes, points: Array) -> Array:
    """Return the points up to where the run is far out of sight, and end it there."""
    low, high = np.sort([ax.get_xlim(), ax.get_ylim()]).T
    span = high - low
    away = np.abs(points / span - (low + high) / 2 / span).max(1) > FAR
    if not away.any():
        return points
    at = int(away.argmax())
    before = points[max(at - 1, 0)]
    leap = points[at] / span - before / span
    end = before + leap / np.abs(leap).max(initial=1e-300) * FAR * span
    return np.vstack([points[:at], end])


def apart(ax: Axes, points: Array, gap: float = 9.0, most: int = 40) -> list[int]:
    """Return which points to mark: each at least `gap` points of type from the last, and few."""
    places = ax.transData.transform(points) * 72 / ax.figure.dpi
    marked = [0]
    for i, place in enumerate(places):
        if np.abs(place - places[marked[-1]]).max() >= gap:
            marked.append(i)
    return marked[:: -(-len(marked) // most)]
