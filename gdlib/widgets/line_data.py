"""What the widgets that fit a line share: which data make one, and its cost for the browser."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import sympy as sp

from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.problems import LeastSquares
from gdlib.widgets import printed

MOST_ROWS = 400


def checked(problem: LeastSquares) -> LeastSquares:
    """Return data to which one line fits best, or say what is wrong with them."""
    if problem.n != 2 or not (problem.features[:, 0] == 1).all():
        raise ValueError(f"problem must fit a line, features (1, x); this is {problem!r}")
    if not 3 <= problem.rows <= MOST_ROWS:
        raise ValueError(f"problem must have from 3 to {MOST_ROWS} rows, not {problem.rows}")
    if not problem.spectrum(problem.minimum)[0] > 0:
        raise ValueError("problem must have one best line; these x are all alike")
    return problem


def cost_around(
    problem: LeastSquares, start: Sequence[float], *, square: bool = False
) -> Landscape:
    """Return the whole cost over intercept and slope, with start and minimum well inside."""
    least, first = problem.minimum, np.array(start)
    span = max(float(np.abs(least - first).max()), 1e-3)
    low, high = np.minimum(least, first) - 0.4 * span, np.maximum(least, first) + 0.4 * span
    if square:
        low, high = (low + high) / 2 - 0.9 * span, (low + high) / 2 + 0.9 * span
    unit = 10.0 ** (math.floor(math.log10(span)) - 1)
    bounds = [_rounded_out(a, b, unit) for a, b in zip(low, high, strict=True)]
    found: Landscape = problem.landscape(bounds, start)
    return found


def program(problem: LeastSquares, cost: Landscape) -> printed.Program:
    """Return the cost as the browser runs it, under the names by which a reader knows a line."""
    minimum = problem.minimum.tolist()
    return {
        **printed.landscape(cost),
        "math": printed.mathml(_cost_formula()),
        "variables": ["intercept θ₀", "slope θ₁"],
        "minima": [minimum],
        "valleys": [minimum],
    }


def ends(trajectories: Mapping[str, Trajectory]) -> str:
    """Say where each run ends."""
    return "; ".join(
        f"{name}: {run.status} after {run.steps} steps, at intercept {run.end[0]:.3g} and"
        f" slope {run.end[1]:.3g}"
        for name, run in trajectories.items()
    )


def points(problem: LeastSquares) -> list[list[float]]:
    """Return the data as pairs (x, y)."""
    return [
        [float(x), float(y)] for (_, x), y in zip(problem.features, problem.targets, strict=True)
    ]


def _cost_formula() -> sp.Expr:
    """Return the cost as a reader knows it, for show."""
    i = sp.Symbol("i", integer=True)
    count = sp.Symbol("N")
    x, y = sp.Indexed("x", i), sp.Indexed("y", i)
    residual = sp.Symbol("theta_0") + sp.Symbol("theta_1") * x - y
    mean = sp.Mul(1 / (2 * count), sp.Sum(residual**2, (i, 1, count)), evaluate=False)
    return sp.Eq(sp.Symbol("J"), mean, evaluate=False)


def _rounded_out(low: float, high: float, unit: float) -> tuple[float, float]:
    """Widen an interval to multiples of a unit."""
    ends = math.floor(low / unit) * unit, math.ceil(high / unit) * unit
    return round(ends[0], 12), round(ends[1], 12)
