"""Choose the step by looking at the cost along it: backtracking, and exactly on quadratics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib.landscapes import Landscape
from gdlib.trajectory import (
    CONVERGED,
    DIVERGED,
    OUT_OF_STEPS,
    STALLED,
    Trajectory,
    check_start,
    check_steps,
)

Array = NDArray[np.float64]
MOST_SHRINKS = 100


def backtracking(
    landscape: Landscape,
    start: ArrayLike | None = None,
    steps: int = 100,
    *,
    learning_rate: float = 1.0,
    shrink: float = 0.5,
    slope: float = 1e-4,
    gradient_norm: float = 0.0,
) -> Trajectory:
    """Descend, shrinking each step until the cost falls by enough (Armijo's condition).

    Each step starts from `learning_rate` and multiplies it by `shrink` until
    J(θ − ηg) ≤ J(θ) − `slope`·η‖g‖² (Armijo 1966, doi:10.2140/pjm.1966.16.1;
    Boyd & Vandenberghe 2004, §9.2).

    Parameters
    ----------
    start
        One point of shape (n,); the landscape's own by default.
    gradient_norm
        Stop when ‖g‖ is at most this.

    Returns
    -------
    Trajectory
        `value_evaluations` counts the looks along the line. Status "stalled" when no step
        that floats can tell apart lowers the cost enough.

    Raises
    ------
    ValueError
        A rate ≤ 0, `shrink` or `slope` outside (0, 1), steps < 0, or a start of the wrong shape.
    """
    _check(landscape, steps)
    if not 0 < learning_rate < np.inf:
        raise ValueError(f"learning_rate must be positive and finite, not {learning_rate!r}")
    for name, number in (("shrink", shrink), ("slope", slope)):
        if not 0 < number < 1:
            raise ValueError(f"{name} must lie between 0 and 1, not {number!r}")
    looks = 0

    def choose(theta: Array, value: float, gradient: Array) -> Array | None:
        nonlocal looks
        step, looked = armijo(
            landscape, theta, value, gradient, -learning_rate * gradient, shrink, slope
        )
        looks += looked
        return step

    path = follow(landscape, start, steps, choose, gradient_norm)
    return Trajectory(*path, path[0].shape[0] - 1, path[0].shape[0] - 1, looks)


def armijo(
    cost: Any,
    theta: Array,
    value: float,
    gradient: Array,
    step: Array,
    shrink: float = 0.5,
    slope: float = 1e-4,
) -> tuple[Array | None, int]:
    """Shrink a downhill step s until J(θ + s) ≤ J(θ) + `slope`·gᵀs; return it, and the looks."""
    promise = float(gradient @ step)
    for looks in range(1, MOST_SHRINKS + 1):
        if float(cost.value(theta + step)) <= value + slope * promise:
            return step, looks
        step, promise = shrink * step, shrink * promise
    return None, MOST_SHRINKS


def exact_line_search(
    landscape: Landscape,
    start: ArrayLike | None = None,
    steps: int = 100,
    *,
    gradient_norm: float = 0.0,
) -> Trajectory:
    """Descend on a quadratic, each time to the lowest point along the gradient: η = gᵀg / gᵀHg.

    Source: Cauchy 1847; Boyd & Vandenberghe 2004, §9.3.2.

    Raises
    ------
    ValueError
        The Hessian is not constant or not positive definite; steps < 0; a start of the wrong
        shape.
    """
    _check(landscape, steps)
    if landscape.hessian_formula.free_symbols:
        raise ValueError(
            f"exact line search needs a quadratic; the Hessian of {landscape.name} varies"
        )
    hessian = landscape.hessian(landscape.start)
    if np.linalg.eigvalsh(hessian)[0] <= 0:
        raise ValueError(f"exact line search needs a bowl; {landscape.name} curves down somewhere")

    def choose(_theta: Array, _value: float, gradient: Array) -> Array:
        squared = float(gradient @ gradient)
        eta = squared / float(gradient @ hessian @ gradient) if squared else 0.0
        return -eta * gradient

    path = follow(landscape, start, steps, choose, gradient_norm)
    return Trajectory(*path, path[0].shape[0] - 1, path[0].shape[0] - 1)


def _check(landscape: Any, steps: Any) -> None:
    if not isinstance(landscape, Landscape):
        raise TypeError(f"a line search takes a Landscape, not {type(landscape).__name__}")
    check_steps(steps)


def follow(
    cost: Any,
    start: ArrayLike | None,
    steps: int,
    choose: Callable[[Array, float, Array], Array | None],
    gradient_norm: float,
) -> tuple[Array, Array, Array, str]:
    """Take the steps that `choose(θ, J, g)` returns; None ends the run as "stalled"."""
    theta = cost.points(cost.start if start is None else start)
    if theta.ndim != 1:
        raise ValueError(f"the start must be one point of shape ({cost.n},), not {theta.shape}")
    path = [_look(cost, theta)]
    check_start(cost.name, *(np.asarray(part)[None] for part in path[0]))
    status = OUT_OF_STEPS
    while True:
        theta, value, gradient = path[-1]
        if float(np.linalg.norm(gradient)) <= gradient_norm:
            status = CONVERGED
        if status == CONVERGED or len(path) > steps:
            break
        step = choose(theta, float(value), gradient)
        if step is None:
            status = STALLED
            break
        new = _look(cost, theta + step)
        if not all(np.isfinite(part).all() for part in new):
            status = DIVERGED
            break
        path.append(new)
    points, values, gradients = (np.array(part) for part in zip(*path, strict=True))
    return points, values, gradients, status


def _look(cost: Any, theta: Array) -> tuple[Array, Array, Array]:
    with np.errstate(all="ignore"):
        return theta, np.asarray(cost.value(theta)), cost.gradient(theta)
