"""Hollows, bumps, saddles and corners: where a run ends, and how it leaves."""

from __future__ import annotations

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib import landscapes
from gdlib.descent.descend import descend
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer, adam, gradient_descent, momentum
from gdlib.theory.random_matrices import random_symmetric

Array = NDArray[np.float64]


def noise_escapes(batch: float) -> float:
    """Return the share of 200 runs that end in the deeper of two hollows, from the other one.

    The cost of row i is x⁴/4 − x²/2 + x/10 + ξᵢx, where the 64 numbers ξ add up to 0.
    """
    rng = np.random.default_rng(2)
    shifts = rng.standard_normal(64) * 2.5
    shifts -= shifts.mean()
    x = np.full(200, 0.95)  # in the shallow hollow; the deeper one is at −1.05
    rows = np.tile(np.arange(64), (200, 1))
    for k in range(1024):
        at = k * int(batch) % 64
        if at == 0:
            rows = rng.permuted(rows, axis=1)
        noise = shifts[rows[:, at : at + int(batch)]].mean(1)
        x = x - 0.1 * (x**3 - x + 0.1 + noise)
    return float((x < 0).mean())


def noise_leaves_saddles(noise: float) -> float:
    """Return the share of 200 runs that leave a saddle within 1000 steps, started at it."""
    rng = np.random.default_rng(3)
    saddle = _saddle()

    def cost(theta: Array) -> tuple[float, Array]:
        slopes = saddle.gradient(theta)
        slopes[:, 1] += noise * rng.standard_normal(len(theta))
        return float(saddle.value(theta).sum()), slopes

    run = descend(cost, gradient_descent(0.05), np.zeros((200, 2)), steps=1000, keep="end")
    return float((np.abs(run.points[-1][:, 1]) > 0.5).mean())


def saddle_slows(distance: float) -> float:
    """Return the steps that gradient descent takes to leave a saddle, from so far off its line."""
    run = descend(_saddle(), gradient_descent(0.1), (1.0, distance), steps=1000)
    return float(np.argmax(np.abs(run.points[:, 1]) > 0.5))


def ends_at_a_saddle(distance: float) -> float:
    """Return how far from the saddle a run of 10,000 steps ends."""
    run = descend(_saddle(), gradient_descent(0.1), (1.0, distance), steps=10_000)
    return float(np.hypot(*run.points[-1]))


def saddles_are_common(shift: float) -> float:
    """Return how many of 4000 random Hessians belong to saddles, for each that is a minimum's.

    They have 20 dimensions; all curvatures are raised by that share of the largest.
    """
    edge = np.sqrt(2)  # where the eigenvalues of such matrices end, as their dimension grows
    curvatures = np.linalg.eigvalsh(random_symmetric(20, 4000, seed=4)) + shift * edge
    minima, maxima = (curvatures > 0).all(1).sum(), (curvatures < 0).all(1).sum()
    return float((len(curvatures) - minima - maxima) / max(minima, 1))


def momentum_rolls_over(height: float) -> float:
    """Return the share of 201 starts from which momentum reaches the lowest of many hollows."""
    starts = np.linspace(-6, 6, 201)[:, None]
    run = descend(_bumpy(height), momentum(0.02, 0.9), starts, steps=2000, keep="end")
    return float((np.abs(run.points[-1]) < 0.4).mean())


def momentum_reaches_the_global(beta: float) -> float:
    """Return the share of starts from which momentum ends at the lowest of four minima."""
    return _share(momentum(0.01 * (1 - beta), beta))


def adaptive_escapes(rate: float) -> float:
    """Return the share of starts from which Adam ends at the lowest of four minima."""
    return _share(adam(rate))


def _share(rule: Optimizer) -> float:
    landscape = landscapes.styblinski_tang()
    starts = np.random.default_rng(5).uniform(-5, 5, (1000, 2))
    run = descend(landscape, rule, starts, steps=1000, keep="end")
    away = np.abs(run.points[-1] - landscape.minima[0]).max(1)
    return float((away < 0.5).mean())


def fresh_starts(dimension: float) -> float:
    """Return the chance that one of 100 random starts leads to Rastrigin's lowest hollow."""
    line = sp.Symbol("x", real=True)
    rastrigin = Landscape(
        name="one coordinate of Rastrigin's",
        expr=10 + line**2 - 10 * sp.cos(2 * sp.pi * line),
        variables=(line,),
        bounds=((-5.12, 5.12),),
        start=(1.0,),
    )
    starts = np.random.default_rng(6).uniform(-5.12, 5.12, (20_000, 1))
    run = descend(rastrigin, gradient_descent(0.002), starts, steps=60, keep="end")
    lowest = (np.abs(run.points[-1]) < 0.5).mean()  # coordinates do not know of each other
    return float(1 - (1 - lowest**dimension) ** 100)


def needs_a_derivative(rate: float) -> float:
    """Return how far from the corner of |x| a run of 1000 steps ends, from 0.7071."""

    def cost(x: Array) -> tuple[float, Array]:
        return float(np.abs(x[0])), np.sign(x)

    run = descend(cost, gradient_descent(rate), np.array([0.5**0.5]), steps=1000)
    return float(np.abs(run.points[-2:]).max())


def _saddle() -> Landscape:
    """Return a saddle at the origin with two minima beside it, at y = ±1."""
    x, y = sp.symbols("x y", real=True)
    return Landscape(
        name="saddle between two hollows",
        expr=x**2 / 2 - y**2 / 2 + y**4 / 4,
        variables=(x, y),
        bounds=((-2.0, 2.0), (-2.0, 2.0)),
        start=(1.0, 0.0),
    )


def _bumpy(height: float) -> Landscape:
    x = sp.Symbol("x", real=True)
    return Landscape(
        name="bowl with bumps",
        expr=x**2 / 10 + sp.Rational(height) / 2 * (1 - sp.cos(4 * x)),
        variables=(x,),
        bounds=((-6.0, 6.0),),
        start=(5.0,),
    )
