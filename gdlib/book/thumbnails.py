"""Small pictures of one rule's path: SVG in the page's own colours, light or dark.

All are drawn on one landscape from one start, each rule at a good rate of one grid.
"""

from __future__ import annotations

import html
import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gdlib import landscapes
from gdlib.descent.descend import descend
from gdlib.plotting.theme import PALETTE

if TYPE_CHECKING:
    from gdlib.descent.trajectory import Trajectory
    from gdlib.landscapes import Landscape
    from gdlib.optimizers import UpdateRule

STEPS = 30
START = (2.1, 1.15)
"""No multiple of any rate, so that no rule of fixed steps lands on the minimum by luck."""
RATES = tuple(float(f"{d}e{power}") for power in range(-3, 1) for d in (1, 2, 5))
"""The grid of rates: 1, 2 and 5 times 10⁻³, 10⁻², 10⁻¹, 1."""
ENOUGH = 0.02
"""A run is shown that ends below this share of its first cost."""
_WIDTH, _HEIGHT = 250, 150
_LEVELS = (0.05, 0.2, 0.6, 1.4, 2.7, 4.6, 7.2, 10.5)


@cache
def ground() -> Landscape:
    """Return the landscape under every thumbnail: a valley ten times as steep as it is long."""
    return landscapes.quadratic(condition=10)


def best(optimizer: UpdateRule) -> tuple[UpdateRule, Trajectory]:
    """Return the rule at the smallest rate of `RATES` that is `ENOUGH`, with its run.

    Where none is, at the rate that ends lowest. The lowest of all would often be a rate that leaps
    across the valley and lands well by luck: no model to follow.
    """
    tried = (optimizer.with_settings(learning_rate=rate) for rate in RATES)
    runs = [(rule, descend(ground(), rule, START, STEPS)) for rule in tried]
    finished = [pair for pair in runs if pair[1].status != "diverged"]
    enough = [pair for pair in finished if pair[1].values[-1] < ENOUGH * pair[1].values[0]]
    return enough[0] if enough else min(finished, key=lambda pair: float(pair[1].values[-1]))


def svg(optimizer: UpdateRule, run: Trajectory) -> str:
    """Return the picture of a run: contour lines, the path, a ring at its start, the minimum."""
    places = [_place(*point) for point in run.points]
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="1.9"/>' for x, y in places[1:])
    (x, y), (low_x, low_y) = places[0], _place(0.0, 0.0)
    return (
        f'<svg class="gd-thumbnail" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{html.escape(_words(optimizer, run))}" style="{_colours(optimizer)}">'
        f'<g class="gd-levels">{_levels()}</g>'
        f'<path class="gd-star" d="M{low_x - 4} {low_y}h8M{low_x} {low_y - 4}v8"/>'
        f'<polyline class="gd-way" points="{" ".join(f"{x},{y}" for x, y in places)}"/>'
        f'<g class="gd-dots">{dots}</g><circle class="gd-ring" cx="{x}" cy="{y}" r="3.8"/></svg>'
    )


def _words(optimizer: UpdateRule, run: Trajectory) -> str:
    rate = optimizer.settings["learning_rate"]
    crossed = int((np.diff(np.sign(run.points[:, 1])) != 0).sum())
    return (
        f"The path of {optimizer.name} at rate {rate:g} in a long valley: in {STEPS} steps it"
        f" crosses the valley's floor {crossed} times and ends at height {run.values[-1]:.1e}."
    )


def _colours(optimizer: UpdateRule) -> str:
    look: dict[str, Any] = PALETTE["methods"][optimizer.name]
    dash = " ".join(map(str, look["dash"])) or "none"
    return f"--light:{look['light']};--dark:{look['dark']};--dash:{dash}"


def _place(x: float, y: float) -> tuple[float, float]:
    """Return where a point of the landscape lies in the picture, in its own units."""
    (left, right), (bottom, top) = ground().bounds
    across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
    return round(across * _WIDTH, 1), round((1 - up) * _HEIGHT, 1)


@cache
def _levels() -> str:
    """Return the contour lines, which are the ellipses ½(μx² + Ly²) = level."""
    curvatures = np.linalg.eigvalsh(ground().hessian(np.zeros(2)))
    return "".join(_ellipse(*map(float, np.sqrt(2 * level / curvatures))) for level in _LEVELS)


def _ellipse(a: float, b: float) -> str:
    """Return an ellipse about the minimum as two arcs, as far as the picture goes."""
    end = min(a, ground().bounds[0][1])
    height = b * math.sqrt(1 - (end / a) ** 2)
    (right, top), (middle_x, middle_y) = _place(a, b), _place(0.0, 0.0)
    radii = f"{right - middle_x:.1f} {middle_y - top:.1f}"
    arcs = []
    for sweep, y in ((1, height), (0, -height)):
        (x0, y0), (x1, y1) = _place(-end, y), _place(end, y)
        arcs.append(f"M{x0} {y0}A{radii} 0 0 {sweep} {x1} {y1}")
    return f'<path d="{"".join(arcs)}"/>'
