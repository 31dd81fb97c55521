"""Charts: the loss as it falls, and costs of one variable with the steps taken on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape, catalogue
from gdlib.optimizers import Optimizer
from gdlib.plotting.theme import (
    INK,
    Look,
    apart,
    check_axes,
    check_colour,
    check_landscape,
    check_runs,
    check_texts,
    cut,
    legend,
    look,
    looks,
    name_of,
    points_of,
    style,
)

Array = NDArray[np.float64]
Against = Literal["evaluations", "steps", "samples"]
AXES: dict[str, str] = {
    "evaluations": "gradient evaluations",
    "steps": "step $k$",
    "samples": "samples seen",
}
DECADES = 18
"""How far below its start a loss is followed: beyond lies rounding."""


def loss(
    ax: Axes,
    runs: Mapping[str, Trajectory],
    *,
    against: Against = "evaluations",
    floor: float = 0.0,
    log: bool = True,
) -> None:
    """Draw how the cost falls, one line for each run.

    Parameters
    ----------
    runs
        Trajectories by their labels; a label that begins with a method's name has its look.
    against
        What the horizontal axis counts. Gradient evaluations make a comparison fair; where a
        method asks for several a step, they are spread evenly over its steps.
    floor
        The lowest possible cost, which is subtracted: J − floor is drawn.
    log
        A logarithmic axis, on which a run is left out where it is at the floor or below.

    Raises
    ------
    TypeError, ValueError
        A grid of runs, or one without its path; "samples" for a run that counted none.
    """
    check_axes(ax)
    checks.choice("against", against, AXES)
    floor, log = checks.number("floor", floor), checks.flag("log", log)
    lines = {label: _clock(run, against) for label, run in check_runs(runs).items()}
    ceiling = _ceiling([run.values - floor for run in runs.values()], log)
    for (label, x), chosen in zip(lines.items(), looks(lines), strict=True):
        height = np.minimum(runs[label].values - floor, ceiling)
        if log:
            height = np.where(height > 0, height, np.nan)
        swings = (np.diff(height) > 0).sum() / len(height)  # what swings lies below
        _line(ax, x, height, chosen, label=label, gid="loss", zorder=3 - swings)
    if log:
        ax.set_yscale("log")
    style(ax)
    ax.set_xlabel(AXES[against])
    ax.set_ylabel("$J - J^*$" if floor else "$J$")
    _frame(ax, log)
    if lines:
        legend(ax)


def _line(ax: Axes, x: Array, height: Array, chosen: Look, **options: Any) -> None:
    ax.plot(
        x, height, color=chosen.colour, linestyle=chosen.linestyle, linewidth=2,
        marker=chosen.marker, markersize=5, markevery=0.12, **options,
    )  # fmt: skip


def lines(
    ax: Axes,
    heights: Mapping[str, ArrayLike],
    at: ArrayLike | None = None,
    *,
    log: bool = False,
) -> None:
    """Draw sequences of numbers, one line for each, with a legend.

    Parameters
    ----------
    heights
        Each sequence, of shape (m,), by its label; a label that begins with a method's name has its
        look. What is not a number is left out.
    at
        Where on the horizontal axis the numbers stand, of shape (m,); 0, 1, 2, … by default.
    log
        A logarithmic vertical axis, on which what is not positive is left out.

    Raises
    ------
    TypeError, ValueError
        A sequence that is none, or not as long as `at`.
    """
    check_axes(ax)
    checks.flag("log", log)
    shape = (None,) if at is None else checks.array("at", at, shape=(None,)).shape
    drawn = {
        label: checks.array("a line of heights, as long as at,", one, shape=shape, finite=False)
        for label, one in check_runs(heights, "heights").items()
    }
    for (label, height), chosen in zip(drawn.items(), looks(drawn), strict=True):
        x = np.arange(len(height), dtype=float) if at is None else np.asarray(at, dtype=float)
        seen = np.where(height > 0, height, np.nan) if log else height
        _line(ax, x, seen, chosen, label=label, gid="line")
    if log:
        ax.set_yscale("log")
    style(ax)
    if drawn:
        legend(ax)


def _clock(run: Trajectory, against: Against) -> Array:
    """Return what had been spent at each point of a run, of shape (k + 1,)."""
    checks.instance("runs", run, Trajectory, "trajectories by label")
    if run.values.ndim != 1 or len(run.values) != run.steps + 1:
        raise ValueError(
            "runs must be single ones, each with its whole path; one has values of shape"
            f" {run.values.shape} for {checks.shown(run.steps)} steps"
        )
    if against == "samples":
        if run.samples is None:
            raise ValueError('this run counted no samples; use against="evaluations"')
        return np.asarray(run.samples, dtype=float)
    return np.linspace(0, run.evaluations if against == "evaluations" else run.steps, run.steps + 1)


def _ceiling(heights: Sequence[Array], log: bool) -> float:
    """Return a height far above the picture, and near enough for Matplotlib.

    It spreads markers along the whole line, seen or not: up to 3.10 it counts them all first.
    """
    start = max((float(h[0]) for h in heights), default=0.0)
    if log:
        return 1e12 * abs(start) + 1
    low = min((float(h.min()) for h in heights), default=start)
    return start + 1e4 * (start - low or 1.0)


def _frame(ax: Axes, log: bool) -> None:
    """Keep diverging runs from squeezing the others, and rounding from deepening the picture."""
    heights = [np.asarray(line.get_ydata(), float) for line in ax.lines if line.get_gid() == "loss"]
    known = np.concatenate([h[np.isfinite(h)] for h in heights]) if heights else np.empty(0)
    starts = [h[np.isfinite(h)][0] for h in heights if np.isfinite(h).any()]
    if not len(known):
        return
    start, low = max(starts), float(known.min())
    if log:
        top = min(float(known.max()), 1e3 * start)
        bottom = max(low, start * 10.0**-DECADES)
        ax.set_ylim(bottom / 2 if bottom < top else bottom / 10, top * 3)
    else:
        top = min(float(known.max()), low + 2 * (start - low) if start > low else start + 1)
        room = 0.06 * (top - low or 1)
        ax.set_ylim(low - room, top + room)


def curve(
    ax: Axes,
    cost: Landscape | Callable[[Array], ArrayLike],
    *,
    bounds: Sequence[float] | None = None,
    label: str | None = None,
    color: str = INK,
) -> None:
    """Draw a cost of one variable.

    Parameters
    ----------
    cost
        A landscape of one variable, or a function of x (m,) that returns its values (m,).
    bounds
        `(low, high)`; a landscape's own by default.

    Raises
    ------
    TypeError, ValueError
        A landscape of more variables; a function without bounds, or bounds in a wrong order.
    """
    check_axes(ax)
    check_texts(label=label)
    check_colour(color)
    low, high = _interval(cost, bounds)
    x = np.linspace(low, high, 600)
    if isinstance(cost, Landscape):
        heights = cost.value(x[:, None])
    else:
        heights = checks.array("the values of cost", cost(x.copy()), shape=(600,), finite=False)
    style(ax)
    ax.plot(x, heights, color=color, linewidth=2, label=label, gid="curve", zorder=2)
    ax.set_xlim(low, high)
    if isinstance(cost, Landscape):
        ax.set_xlabel(name_of(cost.variables[0]))
    ax.set_ylabel("$J$", rotation=0, va="center")
    if label:
        legend(ax)


def _interval(
    cost: Landscape | Callable[[Array], ArrayLike], bounds: Sequence[float] | None
) -> tuple[float, float]:
    if isinstance(cost, Landscape):
        check_landscape(cost, 1)
        bounds = cost.bounds[0] if bounds is None else bounds
    elif any(cost is build for build in list[Any](catalogue.values())):
        raise TypeError("cost must be a Landscape: call it, gd.landscapes.double_well()")
    checks.function(
        "cost", cost if not isinstance(cost, Landscape) else cost.value, "a Landscape or a function"
    )
    if bounds is None:
        raise ValueError("bounds must be (low, high) where the cost is a function")
    (pair,) = checks.bounds("bounds", [checks.array("bounds", bounds, shape=(2,), finite=False)], 1)
    return pair


def steps(
    ax: Axes,
    landscape: Landscape,
    run: Trajectory,
    *,
    bounds: Sequence[float] | None = None,
    tangents: bool = True,
    method: Optimizer | str | None = "gradient descent",
    label: str | None = None,
) -> None:
    """Draw the steps of a run along the curve of its cost: where each lands, and its tangent there.

    Steps that leave the picture are drawn to its edge.

    Parameters
    ----------
    landscape
        Of one variable; its curve is drawn unless the Axes has one already.
    bounds
        The part of the curve to draw, `(low, high)`.
    tangents
        Whether each point has a piece of its tangent, whose slope makes the step.
    method
        The optimizer, or its name: whose look the steps have.

    Raises
    ------
    TypeError, ValueError
        A landscape or a run of more than one variable.
    """
    check_axes(ax)
    check_landscape(landscape, 1)
    check_texts(label=label)
    checks.flag("tangents", tangents)
    points = points_of(run, 1)
    _interval(landscape, bounds)
    chosen = look(method)
    if not any(line.get_gid() == "curve" for line in ax.lines):
        curve(ax, landscape, bounds=bounds)
    ax.autoscale(enable=False)
    landings = cut(ax, np.column_stack([points[:, 0], landscape.value(points)]))
    if tangents:
        _tangents(ax, landings, landscape.gradient(points)[:, 0], chosen.colour)
    ax.plot(
        *landings.T, color=chosen.colour, linewidth=1, linestyle=(0, (2, 2)), marker="o",
        markersize=5, label=label, gid="steps", zorder=3,
    )  # fmt: skip
    ax.plot(*landings[0], "o", ms=11, mfc="none", mec=INK, mew=1.8, gid="start", zorder=4)
    if len(landings) == len(points):
        ax.plot(*landings[-1], "o", ms=9, color=chosen.colour, gid="end", zorder=5)
    if label:
        legend(ax)


def _tangents(ax: Axes, landings: Array, slopes: Array, colour: str) -> None:
    """Draw pieces of tangents, equally long to the eye, where they can be told apart."""
    ax.apply_aspect()
    scale = ax.transData.transform([(1.0, 1.0)])[0] - ax.transData.transform([(0.0, 0.0)])[0]
    half = 0.11 * ax.bbox.width
    for i in apart(ax, landings, gap=20):
        across = half / np.hypot(scale[0], slopes[i] * scale[1])
        ends = landings[i] + np.outer((-across, across), (1, slopes[i]))
        ax.plot(
            *ends.T, color=colour, alpha=0.8, linewidth=1.4, solid_capstyle="round",
            gid="tangent", zorder=2.5,
        )  # fmt: skip
