"""Learning rates: too small, too large, falling, and how much hangs on them."""

from __future__ import annotations

from functools import cache

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib import landscapes, schedules
from gdlib.descent.descend import descend
from gdlib.descent.stopping import Stop
from gdlib.landscapes import Landscape
from gdlib.optimizers import gradient_descent, momentum

Array = NDArray[np.float64]
_X = sp.Symbol("x", real=True)


def convex_arrives(start: float) -> float:
    """Return J after 1000 steps on x⁴/4 at the rate 0.1."""
    return _fall(_power(4), 0.1, start, 1000) * start**4 / 4


def too_large(rate: float) -> float:
    """Return J after 200 steps over J at the start, in a valley whose largest curvature is 1."""
    run = descend(_valley(10.0), gradient_descent(rate), np.ones(2), steps=200)
    return float(run.values[-1] / run.values[0]) if run.status != "diverged" else np.inf


def too_small(rate: float) -> float:
    """Return the steps to a thousandth of J along the floor of a valley with κ = 1000."""
    valley = landscapes.quadratic(condition=1000)  # curvatures 1 along the floor, 1000 across
    run = descend(
        valley,
        gradient_descent(rate / 1000),
        (1.0, 0.0),
        steps=3_000_000,
        keep="end",
        stop=Stop(gradient_norm=1e-3**0.5),
    )
    return float(run.steps)


def start_with_a_hundredth(unit: float) -> float:
    """Return J after 1000 steps at the rate 0.01 over J at the start, where a unit stretches x."""
    stretched = Landscape(
        name="stretched",
        expr=(sp.Rational(unit) * _X - 1) ** 2 / 2,
        variables=(_X,),
        bounds=((-2.0, 2.0),),
        start=(0.0,),
    )
    return _fall(stretched, 0.01, 0.0, 1000)


def steps_shrink(power: float) -> float:
    """Return the length of the thousandth step over that of the first, on |x|ᵖ at the rate 0.1."""

    def cost(x: Array) -> tuple[float, Array]:
        return float(abs(x[0]) ** power), power * np.sign(x) * np.abs(x) ** (power - 1)

    run = descend(cost, gradient_descent(0.1), np.array([1.0]), steps=1000)
    lengths = np.abs(np.diff(run.points[:, 0]))
    return float(lengths[-1] / lengths[0])


def most_important(decades: float) -> float:
    """Return how much of log J the rate decides, over how much β decides, in a valley with κ = 100.

    Both are drawn on grids: β from 0 to 0.95, the rate over so many decades around its best.
    """
    betas = np.linspace(0, 0.95, 12)
    rates = 1.0 * 10 ** np.linspace(-decades / 2, decades / 2, 25)
    table = np.array([_after_momentum(beta, rates) for beta in betas])
    return float(table.mean(0).var() / table.mean(1).var())


def _after_momentum(beta: float, rates: Array) -> Array:
    """Return log J after 100 steps at each rate, where J has not grown tenfold."""
    valley, rule = landscapes.quadratic(condition=100), momentum(1.0, beta)
    runs = [
        descend(valley, rule, (1.0, 1.0), steps=100, learning_rate=np.full(100, rate / 100))
        for rate in rates
    ]
    ends = np.array([run.values[-1] if run.status != "diverged" else np.inf for run in runs])
    return np.asarray(np.log10(np.minimum(ends, 10 * runs[0].values[0])))


def schedules_help(noise: float) -> float:
    """Return J with a rate that falls to 0 over J with a constant one, each at its best rate."""
    rates = 1.6 / 2.0 ** np.arange(12)
    constant = min(_noisy_end(noise, rate, falling=False) for rate in rates)
    return min(_noisy_end(noise, rate, falling=True) for rate in rates) / constant


@cache
def _noisy_end(noise: float, rate: float, *, falling: bool) -> float:
    """Return the mean J of 200 runs of 300 steps in a valley with κ = 10."""
    rng = np.random.default_rng(1)
    curvatures = np.array([1.0, 0.1])

    def cost(theta: Array) -> tuple[float, Array]:
        slopes = curvatures * theta + noise * rng.standard_normal(theta.shape)
        return float(0.5 * (curvatures * theta**2).sum() / len(theta)), slopes

    shape = schedules.polynomial(rate, steps=300) if falling else None
    run = descend(
        cost,
        gradient_descent(rate),
        np.ones((200, 2)),
        steps=300,
        learning_rate=shape,
        keep="end",
    )
    return float(run.values[-1])


def _valley(condition: float) -> Landscape:
    """Return a valley along the axes, with curvatures 1 and 1/κ."""
    y = sp.Symbol("y", real=True)
    return Landscape(
        name="valley",
        expr=_X**2 / 2 + y**2 / (2 * sp.Rational(condition)),
        variables=(_X, y),
        bounds=((-2.0, 2.0), (-2.0, 2.0)),
        start=(1.0, 1.0),
    )


def _power(power: int) -> Landscape:
    return Landscape(
        name="power",
        expr=_X**power / power,
        variables=(_X,),
        bounds=((-2.0, 2.0),),
        start=(1.0,),
    )


def _fall(cost: Landscape, rate: float, start: float, steps: int) -> float:
    """Return J at the end over J at the start."""
    run = descend(cost, gradient_descent(rate), (start,), steps=steps)
    return float(run.values[-1] / run.values[0]) if run.status != "diverged" else np.inf
