"""Proximal steps for costs with an ℓ₁ penalty, α‖θ‖₁: a smooth step, then the corner's own.

The corner at 0 needs no derivative here: its step is known in closed form. Corners of other
shapes are not here, nor acceleration.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import codegen
from gdlib.loops import eta, g, theta
from gdlib.optimizers import Optimizer, alpha, v

Array = NDArray[np.float64]

t = sp.Symbol("t", real=True)
SOFT_THRESHOLD = sp.Max(0, v - t) - sp.Max(0, -v - t)
"""The θ that makes ½(θ − v)² + t|θ| least, t ≥ 0."""


def soft_threshold(x: ArrayLike, threshold: float) -> Array:
    """Move every number towards 0 by `threshold`, and those that are nearer to 0 itself.

    The proximal step of `threshold`·‖x‖₁, for an x of any shape; the result has the same.
    Source: Donoho & Johnstone 1994, doi:10.1093/biomet/81.3.425.

    Raises
    ------
    TypeError, ValueError
        What is not an array of numbers; a threshold below 0 or not finite.
    """
    try:
        values = np.asarray(x, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"soft_threshold takes numbers, not {x!r:.60}") from None
    number: Any = threshold
    if isinstance(number, bool) or not isinstance(number, (int, float, np.number)):
        raise TypeError(f"the threshold must be a number, not {threshold!r}")
    if not 0 <= number < np.inf:
        raise ValueError(f"the threshold must be at least 0 and finite, not {threshold!r}")
    return np.asarray(_compiled()(values, float(number)))


@cache
def _compiled() -> Any:
    block = codegen.lower([SOFT_THRESHOLD])
    source = codegen.function("soft_threshold", ["v", "t"], block, "numpy", ())
    return codegen.compile_python(source, "soft_threshold")


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
        step=SOFT_THRESHOLD.subs(t, eta * alpha) - theta,
        hyperparameters={eta: learning_rate, alpha: l1},
        source="Beck & Teboulle 2009, doi:10.1137/080716542",
    )
