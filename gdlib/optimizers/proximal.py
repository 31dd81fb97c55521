"""Proximal steps: a smooth step, then the corner's own, which is known in closed form.

A corner needs no derivative here. The rule for `descend` is that of the ℓ₁ penalty, α‖θ‖₁, whose
corners lie at 0; acceleration is not here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.formula import lower, targets
from gdlib.optimizers.optimizer import Optimizer
from gdlib.optimizers.symbols import alpha, eta, g, theta, v

Array = NDArray[np.float64]

left, right, corner = sp.symbols("left right corner", real=True)
PROXIMAL_STEP = corner + sp.Max(0, v - corner - right) - sp.Max(0, corner + left - v)
"""The θ that makes ½(θ − v)² + f(θ) least, for f straight on both sides of one corner."""


def proximal_step(x: ArrayLike, left: float, right: float, corner: float = 0.0) -> Array:
    """Return where a step with a corner in its model ends: on either side of it, or in it.

    The θ that makes ½(θ − x)² + f(θ) least, number by number, for f straight on both sides of one
    corner: with the slope `left` below it and `right` above. For a rate η, ηα|θ| has the slopes
    −ηα and ηα, a ReLU η·max(0, θ) has 0 and η, a hinge η·max(0, 1 − θ) has −η and 0 at the corner
    1. An x of any shape gives a result of the same.
    Source: Parikh & Boyd 2014, doi:10.1561/2400000003, §6.

    Raises
    ------
    TypeError, ValueError
        What is not an array of finite numbers; a slope or a corner that is no finite number; `left`
        above `right`, for then f is not convex and the lowest point need not be one.
    """
    values = checks.array("x", x)
    below, above, at = (
        checks.number(name, number)
        for name, number in (("left", left), ("right", right), ("corner", corner))
    )
    if below > above:
        raise ValueError(f"left must be at most right, not {below:g} and {above:g}")
    with np.errstate(all="ignore"):  # an infinity, where the result is beyond the largest float
        return np.asarray(_compiled()(values, below, above, at))


def soft_threshold(x: ArrayLike, threshold: float) -> Array:
    """Move every number towards 0 by `threshold`, and those that are nearer to 0 itself.

    The proximal step of `threshold`·‖x‖₁, for an x of any shape; the result has the same.
    Source: Donoho & Johnstone 1994, doi:10.1093/biomet/81.3.425.

    Raises
    ------
    TypeError, ValueError
        What is not an array of finite numbers; a threshold below 0 or not finite.
    """
    size = checks.number("threshold", threshold, at_least=0)
    return proximal_step(x, -size, size)


@cache
def _compiled() -> Any:
    names = [str(symbol) for symbol in (v, left, right, corner)]
    block = lower.lower([PROXIMAL_STEP])
    source = targets.function("proximal_step", names, block, "numpy", ())
    return targets.compile_python(source, "proximal_step")


def proximal_descent(learning_rate: float, l1: float) -> Optimizer:
    """Step down the smooth part of a cost, then soft-threshold by η times its ℓ₁ penalty.

    For a cost with α‖θ‖₁ among its terms, `l1` = α: θ ← soft(θ − ηs, ηα), where s is the gradient
    of the other terms. The gradient that `descend` hands over is the whole cost's, s + α sign(θ)
    with sign(0) = 0, so s is what is left of it without the corners. Also called ISTA.
    Source: Daubechies, Defrise & De Mol 2004, doi:10.1002/cpa.20042; Beck & Teboulle 2009,
    doi:10.1137/080716542.

    Raises
    ------
    TypeError, ValueError
        A rate that is not positive and finite, or an `l1` below 0.
    """
    return Optimizer(
        "proximal descent",
        moments={v: theta - eta * (g - alpha * sp.sign(theta))},
        step=PROXIMAL_STEP.subs({left: -eta * alpha, right: eta * alpha, corner: 0}) - theta,
        hyperparameters={eta: learning_rate, alpha: l1},
        source="Beck & Teboulle 2009, doi:10.1137/080716542",
    )
