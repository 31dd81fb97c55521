"""Newton's method: a step to the minimum of the second-order model, plain and damped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.line_search import armijo, follow
from gdlib.descent.stopping import finite
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.landscapes.flatness import FLAT
from gdlib.problems import LinearModel

Array = NDArray[np.float64]

OVERFLOWN = np.array(np.nan)  # a step that ends the run as diverged


def newton(
    cost: Landscape | LinearModel,
    start: ArrayLike | None = None,
    steps: int = 50,
    *,
    damped: bool = False,
    gradient_norm: float = 0.0,
) -> Trajectory:
    """Step to where the second-order model of the cost is flat: θ ← θ − H⁻¹g.

    Parameters
    ----------
    cost
        A `Landscape` or a linear model: whatever has a value, a gradient and a Hessian.
    start
        One point of shape (n,); the landscape's own, or zeros for a problem, by default.
    damped
        False: the plain step, which seeks *any* flat point: minimum, saddle or maximum.
        True: each curvature λ is replaced by |λ|, so that the step goes downhill, and the step is
        halved until the cost falls by enough (Nocedal & Wright 2006, §3.4; Armijo 1966).
    gradient_norm
        Stop when ‖g‖ is at most this.

    Returns
    -------
    Trajectory
        `evaluations` counts gradients (as many Hessians are computed); `value_evaluations` the
        looks of the damped step. Status "stalled" where the Hessian cannot be inverted, or where
        none of a hundred halved steps moves θ and lowers the cost enough; "diverged" where the
        next point, its cost, its slope or the Hessian is not finite.

    Raises
    ------
    TypeError, ValueError
        A cost without a Hessian; `gradient_norm` < 0; steps < 0, or so many that their path would
        not fit; a start of the wrong shape.
    """
    if not checks.is_a(cost, (Landscape, LinearModel)):
        raise TypeError(
            "newton takes a Landscape or a problem like gd.LeastSquares(...), which have a Hessian,"
            f" not {type(cost).__name__}"
        )
    checks.flag("damped", damped)
    looks = 0

    def plain(theta: Array, _value: float, gradient: Array) -> Array | None:
        hessian = cost.hessian(theta)
        if not finite(hessian):
            return OVERFLOWN
        try:
            return np.asarray(-np.linalg.solve(hessian, gradient))
        except np.linalg.LinAlgError:  # singular: the model has no one flat point
            return None

    def careful(theta: Array, value: float, gradient: Array) -> Array | None:
        nonlocal looks
        hessian = cost.hessian(theta)
        direction = downhill(hessian, gradient) if finite(hessian) else OVERFLOWN
        if not finite(direction):
            return OVERFLOWN
        if isinstance(cost, LinearModel):  # over many rows, the run's value may round otherwise
            value = float(cost.value(theta))
        step, looked = armijo(cost, theta, value, gradient, direction)
        looks += looked
        return step

    path = follow(cost, start, steps, careful if damped else plain, gradient_norm)
    return replace(path, value_evaluations=looks)


def downhill(hessian: Array, gradient: Array) -> Array:
    """Return −|H|⁻¹g: along each eigenvector, the slope over the size of the curvature."""
    curvatures, directions = np.linalg.eigh(hessian)
    sizes = np.abs(curvatures)
    sizes = np.maximum(sizes, FLAT * max(float(sizes.max()), FLAT))
    step: Any = directions @ ((directions.T @ gradient) / sizes)
    return np.asarray(-step)
