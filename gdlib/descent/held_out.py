"""A cost on data that a run does not see, recorded on its way."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.landscapes import Landscape
from gdlib.problems import Problem

Array = NDArray[np.float64]
Judge = Problem | Callable[[Array], ArrayLike]


class HeldOut:
    """What a problem, or any function of θ, says at each point where a run is looked at."""

    def __init__(self, cost: Judge, theta: Array) -> None:
        self.cost, self.shape, self.said = cost, theta.shape, list[Array]()

    def look(self, points: Array) -> Array:
        """Judge the points (k, 1, n) of one run; what is not finite is ∞, and never the best."""
        values = np.full(points.shape[:2], math.inf)
        for k in np.flatnonzero(np.isfinite(points).all((1, 2))):
            value = self._at(points[k].reshape(self.shape))
            values[k] = value if math.isfinite(value) else math.inf
        self.said.append(values)
        return values

    def _at(self, theta: Array) -> float:
        if isinstance(self.cost, Problem):
            return float(self.cost.value(theta))
        try:
            came = self.cost(theta.copy())
        except ArithmeticError:
            return math.inf
        value = checks.array("what held_out returns", came, finite=False)
        if value.size != 1:
            raise ValueError(
                f"held_out must return one number, not an array of shape {value.shape}"
            )
        return float(value.reshape(()))

    def first(self, count: int) -> Array:
        """Return what was said at so many points, from the start on; shape (count,)."""
        return np.concatenate(self.said)[:count, 0]


def held_out_of(cost: Any, held_out: Any, theta: Array, keep: str) -> HeldOut | None:
    """Return the judge that a run was given, or None.

    Raises
    ------
    TypeError, ValueError
        Something else than a problem or a function, a problem of other parameters, a run on a
        landscape, which has no data, or one that keeps no path to record along.
    """
    if held_out is None:
        return None
    if isinstance(cost, Landscape):
        raise TypeError("held_out goes with a cost of data, not with a Landscape")
    if not checks.is_a(held_out, Problem) and not callable(held_out):
        came = checks.shown(held_out)
        raise TypeError(f"held_out must be a problem or a function of θ, not {came}")
    if isinstance(held_out, Problem) and theta.shape != (held_out.n,):
        raise ValueError(
            f"held_out must have the parameters of the cost, of shape {theta.shape}, not"
            f" ({held_out.n},): {held_out!r}"
        )
    if keep == "end":
        raise ValueError('held_out is recorded along a path: keep must not be "end"')
    return HeldOut(held_out, theta)
