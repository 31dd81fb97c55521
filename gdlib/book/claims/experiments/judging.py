"""What a curve and a last number tell, and what they do not."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from gdlib import problems
from gdlib.descent.batches import descend_batches
from gdlib.descent.descend import descend
from gdlib.optimizers import clipped, gradient_descent
from gdlib.problems import LeastSquares

Array = NDArray[np.float64]


def final_loss_tells(runs: float) -> float:
    """Return how often the better of two rules has the lower mean of so many runs' last costs."""
    rng = np.random.default_rng(10)
    short, long = _ends()
    drawn = [rng.choice(ends, (4000, int(runs))).mean(1) for ends in (short, long)]
    right = drawn[0] < drawn[1] if short.mean() < long.mean() else drawn[1] < drawn[0]
    return float(right.mean())


@cache
def _ends() -> tuple[Array, Array]:
    """Return the last costs of 150 runs each, at the rates 0.1 and 0.15."""
    problem = problems.noisy_line(64)
    short, long = (
        np.array(
            [
                descend_batches(
                    problem, gradient_descent(rate), batch_size=4, epochs=10, seed=s, keep="end"
                ).values[-1]
                for s in range(150)
            ]
        )
        for rate in (0.1, 0.15)
    )
    return short, long


def smaller_loss_is_better(steps: float) -> float:
    """Return the cost on rows not seen after twice so many steps, over that after so many."""
    curve = _held_out()
    return float(curve[2 * int(steps)] / curve[int(steps)])


@cache
def _held_out() -> Array:
    """Return the mean cost on 200 other rows along ten fits of 40 features to 60 rows."""
    curves = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        features = rng.standard_normal((260, 40))
        targets = features @ (rng.standard_normal(40) / 6) + rng.standard_normal(260)
        seen, unseen = (
            LeastSquares(features[part], targets[part]) for part in (slice(60), slice(60, 260))
        )
        run = descend(seen, gradient_descent(0.2), np.zeros(40), steps=2000, held_out=unseen)
        curves.append(run.held_out)
    return np.asarray(np.mean(curves, axis=0))


def read_off_the_curve(curvature: float) -> float:
    """Return the distance that is left when J has fallen by less than a thousandth in 100 steps.

    From (1, 1) in a valley whose largest curvature is 1, at the rate 1; relative to the start's.
    """
    curvatures = np.array([1.0, curvature])

    def cost(theta: Array) -> tuple[float, Array]:
        return float(0.5 * curvatures @ theta**2), curvatures * theta

    run = descend(cost, gradient_descent(1.0), np.ones(2), steps=2000)
    falls = run.values[:-100] - run.values[100:]
    end = 100 + int(np.argmax(falls < 1e-3 * run.values[0]))
    return float(np.linalg.norm(run.points[end]) / np.linalg.norm(run.points[0]))


def clipping_makes_stable(norm: float) -> float:
    """Return J after 1000 steps over J at the start, of x⁴/4 from 9 at the rate 0.1, clipped."""

    def cost(theta: Array) -> tuple[float, Array]:
        return float(theta[0] ** 4 / 4), theta**3

    rule = clipped(gradient_descent(0.1), norm=norm)
    run = descend(cost, rule, np.array([9.0]), steps=1000)
    return float(run.values[-1] / run.values[0]) if run.status != "diverged" else np.inf
