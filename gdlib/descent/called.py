"""Run a reader's function θ ↦ (value, gradient): asked with care, moved by any rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.engine import Made, Turn
from gdlib.descent.stopping import finite
from gdlib.layout import Layout
from gdlib.optimizers import UpdateRule

Array = NDArray[np.float64]
CostFunction = Callable[[Array], tuple[ArrayLike, ArrayLike]]


def layout_of(cost: Any) -> Layout | None:
    """Return the names of θ's arrays, where a cost has any."""
    layout = checks.attribute(cost, "layout")
    return layout if checks.is_a(layout, Layout) else None


class Called:
    """A reader's function as a cost and, with a rule, as a stepper; θ of any shape."""

    name = "the cost"

    def __init__(
        self,
        function: CostFunction,
        optimizer: UpdateRule,
        theta: Array,
        rates: Array | None,
        bar: Any,
    ) -> None:
        self.function, self.rates, self.shape, self.bar = function, rates, theta.shape, bar
        self.stepper = optimizer.stepper(theta.copy(), layout_of(function))

    def advance(self, turn: Turn) -> Made:
        """Take one step."""
        rate = None if self.rates is None else float(self.rates[turn.k])
        self.bar.update(1)
        mover = self.stepper
        # Where θ itself is not what is recorded, its gradient has not been asked for yet.
        elsewhere = mover.reported is not mover.theta and finite(mover.theta.reshape(1, 1, -1))
        slopes = self._ask(mover.theta)[1] if elsewhere else turn.last.gradients
        mover.step(slopes.reshape(self.shape), rate)
        return Made(mover.reported.reshape(1, 1, -1).copy(), 1)

    def value_and_gradient(self, points: Array) -> tuple[Array, Array]:
        """Ask for one point; nothing is asked where θ is not finite."""
        if not finite(points):
            return np.full((1, 1), math.nan), points
        value, gradient = self._ask(points.reshape(self.shape))
        return np.array([[value]]), gradient.reshape(points.shape)

    def _ask(self, theta: Array) -> tuple[float, Array]:
        """Check and copy what comes back."""
        try:
            answer: Any = self.function(theta.copy())
        except ArithmeticError:  # Python's numbers raise where NumPy's go on with ∞
            return math.nan, np.full(theta.shape, math.nan)
        if not (isinstance(answer, tuple) and len(answer) == 2):
            raise TypeError(f"the cost must return (value, gradient), not {type(answer).__name__}")
        if isinstance(answer[0], (bool, np.bool_)):
            raise TypeError(f"the cost's value must be a number, not {answer[0]}")
        value = _numbers("the cost's value", answer[0])
        gradient = _numbers("the cost's gradient", answer[1])
        if value.size != 1:
            raise ValueError(
                f"the cost's value must be one number, not an array of shape {value.shape}"
            )
        if gradient.shape != theta.shape:
            raise ValueError(
                f"the gradient must have θ's shape {theta.shape}, not {gradient.shape}"
            )
        return float(value.reshape(())), gradient


def _numbers(name: str, came: Any) -> Array:
    """Return a copy of what a cost returned; the usual kinds without the converter's detours."""
    if type(came) in (np.ndarray, np.float64) and came.dtype == np.float64:
        return np.array(came)
    return checks.array(name, came, finite=False, copy=True)
