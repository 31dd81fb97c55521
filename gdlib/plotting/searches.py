"""The cost along a step, and what a line search tries on it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from gdlib import checks
from gdlib.descent.line_search import SHRINK, SLOPE, looks_along
from gdlib.landscapes import Landscape
from gdlib.plotting.search_window import REACH
from gdlib.plotting.theme import INK, check_axes, check_landscape, legend, look, style


def line_search(
    ax: Axes,
    landscape: Landscape,
    point: ArrayLike,
    *,
    learning_rate: float = 1.0,
    shrink: float = SHRINK,
    slope: float = SLOPE,
) -> None:
    """Draw the cost along −g from a point, Armijo's line, and the rates that backtracking tries.

    A refused rate is crossed, the one that is taken has a ring. What lies above the picture is
    marked at its edge.

    Parameters
    ----------
    point
        Where the step starts, of shape (n,).
    learning_rate
        The rate that is tried first.
    shrink
        By what a refused rate is multiplied.
    slope
        Armijo's fraction of the fall that the slope promises.

    Raises
    ------
    TypeError, ValueError
        A point of the wrong shape, or where the cost or its slope is no finite number; a rate ≤ 0;
        `shrink` or `slope` outside (0, 1).
    """
    check_axes(ax)
    check_landscape(landscape)
    rate = checks.number("learning_rate", learning_rate, above=0)
    shrink = checks.number("shrink", shrink, above=0, below=1)
    slope = checks.number("slope", slope, above=0, below=1)
    theta = checks.array("point", point)
    if theta.shape != (landscape.n,):
        raise ValueError(
            f"point must be of shape ({landscape.n},), for the landscape {landscape.name};"
            f" it is of shape {theta.shape}"
        )
    value, g = float(landscape.value(theta)), landscape.gradient(theta)
    with np.errstate(over="ignore"):
        fall = float(g @ g)
    if not np.isfinite([value, fall]).all():
        raise ValueError(f"point must have a cost and a slope; {checks.shown(point)} has none")
    looks = list(looks_along(landscape, theta, value, g, -g, rate, shrink, slope))
    taken = bool(looks) and looks[-1].enough
    reach = REACH * looks[-1].rate if taken else rate  # where none is taken, all are shown
    shown = [each for each in looks if each.rate <= reach]
    rates = np.linspace(0, 1.12 * max((each.rate for each in shown), default=rate), 400)
    heights = landscape.value(theta - np.multiply.outer(rates, g))
    known = heights[np.isfinite(heights)]
    low = float(known.min())
    room = (value - low if taken else float(known.max()) - value) or abs(value) or 1.0
    colour = look("gradient descent").colour
    ax.plot(rates, value - rates * fall, ":", color=INK, lw=1.8, label="tangent")
    ax.plot(
        rates, value - slope * rates * fall, "--", color=INK, lw=1.8,
        label=rf"Armijo, $c = {slope:g}$",
    )  # fmt: skip
    ax.plot(rates, heights, color=colour, lw=2.4, label=r"$J(\theta - \eta g)$", gid="along")
    for each in shown:
        mark = {"ms": 10, "mfc": "none"} if each.enough else {"ms": 9}
        height = min(each.value if np.isfinite(each.value) else np.inf, value + 0.95 * room)
        ax.plot(
            each.rate, height, "o" if each.enough else "x", color=colour, mew=2.5, **mark,
            gid="taken" if each.enough else "refused", zorder=4,
        )  # fmt: skip
    ax.set(
        xlim=(0, rates[-1]), ylim=(low - 0.2 * room, value + room),
        xlabel=r"$\eta$", ylabel="cost along the step",
    )  # fmt: skip
    style(ax)
    legend(ax)
