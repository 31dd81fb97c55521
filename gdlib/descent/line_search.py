"""Choose the step by looking at the cost along it: backtracking, and exactly on quadratics."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.arguments import check_room, check_steps, start_of
from gdlib.descent.engine import Made, Turn, run
from gdlib.descent.stopping import Stop, finite
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.problems import Problem

Array = NDArray[np.float64]
MOST_SHRINKS = 100
SHRINK, SLOPE = 0.5, 1e-4  # where nobody says otherwise


def backtracking(
    landscape: Landscape,
    start: ArrayLike | None = None,
    steps: int = 100,
    *,
    learning_rate: float = 1.0,
    shrink: float = SHRINK,
    slope: float = SLOPE,
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
        `value_evaluations` counts the looks along the line. Status "stalled" when none of a
        hundred steps, each shorter by `shrink`, moves θ and lowers the cost enough; where the
        cost is not finite it is not low enough.

    Raises
    ------
    TypeError, ValueError
        A rate ≤ 0, `shrink` or `slope` outside (0, 1), `gradient_norm` < 0; steps < 0, or so many
        that their path would not fit; a start of the wrong shape.
    """
    _check(landscape)
    rate = checks.number("learning_rate", learning_rate, above=0)
    shrink = checks.number("shrink", shrink, above=0, below=1)
    slope = checks.number("slope", slope, above=0, below=1)
    looks = 0

    def choose(theta: Array, value: float, gradient: Array) -> Array | None:
        nonlocal looks
        step, looked = armijo(landscape, theta, value, gradient, -gradient, rate, shrink, slope)
        looks += looked
        return step

    path = follow(landscape, start, steps, choose, gradient_norm)
    return replace(path, value_evaluations=looks)


def armijo(
    cost: Any,
    theta: Array,
    value: float,
    gradient: Array,
    direction: Array,
    rate: float = 1.0,
    shrink: float = SHRINK,
    slope: float = SLOPE,
) -> tuple[Array | None, int]:
    """Shrink a step s = `rate`·`direction` until J(θ + s) ≤ J(θ) + `slope`·gᵀs; count the looks.

    None where no step will do: the hundredth would not, or s has become too short to move θ.
    """
    looks = 0
    for looks, look in enumerate(
        looks_along(cost, theta, value, gradient, direction, rate, shrink, slope), 1
    ):
        if look.enough:
            return look.step, looks
    return None, looks


class Looked(NamedTuple):
    """One rate that a line search has tried."""

    rate: float
    step: Array
    value: float
    """J there; NaN where the place is out of reach of floats."""
    enough: bool


def looks_along(
    cost: Any,
    theta: Array,
    value: float,
    gradient: Array,
    direction: Array,
    rate: float,
    shrink: float,
    slope: float,
) -> Iterator[Looked]:
    """Look at J along a direction, each time nearer, until it has fallen enough."""
    for _ in range(MOST_SHRINKS):
        step = rate * direction
        there = theta + step
        if (there == theta).all():
            return
        found = float(cost.value(there)) if finite(there) else math.nan
        enough = math.isfinite(found) and found <= value + slope * float(gradient @ step)
        yield Looked(rate, step, found, enough)
        if enough:
            return
        rate *= shrink


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
    TypeError, ValueError
        The Hessian is not constant or not positive definite; `gradient_norm` < 0; steps < 0, or so
        many that their path would not fit; a start of the wrong shape.
    """
    _check(landscape)
    if landscape.hessian_formula.free_symbols:
        raise ValueError(
            f"exact line search needs a quadratic; the Hessian of {landscape.name} varies"
        )
    hessian = landscape.hessian(landscape.start)
    if not (finite(hessian) and np.linalg.eigvalsh(hessian)[0] > 0):
        raise ValueError(f"exact line search needs a bowl; {landscape.name} curves down somewhere")

    def choose(_theta: Array, _value: float, gradient: Array) -> Array:
        # η does not change with the length of g; at about 1 its squares do not overflow.
        slope = np.ldexp(gradient, -np.frexp(np.abs(gradient).max())[1])
        squared = float(slope @ slope)
        eta = squared / float(slope @ hessian @ slope) if squared else 0.0
        return -eta * gradient

    return follow(landscape, start, steps, choose, gradient_norm)


def _check(landscape: Any) -> None:
    if not checks.is_a(landscape, Landscape):
        raise TypeError(f"a line search takes a Landscape, not {type(landscape).__name__}")


class OneByOne(NamedTuple):
    """A run's steps as `choose(θ, J, g)` returns them; None where it has none to offer."""

    choose: Callable[[Array, float, Array], Array | None]

    def advance(self, turn: Turn) -> Made | None:
        """Take one step."""
        theta, value, gradient = (part[0, 0] for part in turn.last)
        step = self.choose(theta, float(value), gradient)
        return None if step is None else Made((theta + step)[None, None], 1)


def follow(
    cost: Landscape | Problem,
    start: ArrayLike | None,
    steps: int,
    choose: Callable[[Array, float, Array], Array | None],
    gradient_norm: float,
) -> Trajectory:
    """Check what a line search or Newton's method is given; then take the steps of `choose`."""
    steps = check_steps(steps)
    check_room(cost.n, steps, advice="; take fewer steps")
    tolerance = checks.number("gradient_norm", gradient_norm, at_least=0)
    return run(cost, OneByOne(choose), start_of(cost, start), steps, Stop(gradient_norm=tolerance))
