"""Checks of chapter 8: kinds of flat points, and how a run leaves a saddle."""

from __future__ import annotations

from typing import Any

import numpy as np

from gdlib import landscapes
from gdlib.exercises.challenges import Counted, challenge, final_cost
from gdlib.exercises.kinds import check_callable, choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call

choice(
    "saddle-points/kind",
    answer="c",
    why_not={
        "a": "A minimum needs every curvature positive.",
        "b": "A maximum needs every curvature negative.",
        "d": "None of the curvatures is zero, so they decide.",
    },
    note="one way down is enough",
)
value(
    "saddle-points/steps",
    242,
    mistakes=[
        Mistake(
            "That is the natural logarithm alone; a step multiplies by 1.1, not by e.", like=24
        ),
        Mistake("A step multiplies by 1 + ηλ = 1.1, not by 2.", like=34),
        Mistake("Rounded down you are not quite there.", like=241),
        Mistake(
            "A number of steps is whole: which whole number is enough?",
            between=(241, 242),
        ),
    ],
    note="ln 10¹⁰ / ln 1.1, rounded up",
)


@function(
    "saddle-points/escape",
    inputs=[(0.01, 0.1, 1.0, 30), (1e-6, 0.05, 2.0, 12), (-0.3, 0.2, 0.5, 4)],
    mistakes=[
        Mistake(
            "That shrinks: along a direction that curves down the factor is 1 + ηλ.",
            like=lambda start, rate, size, steps: start * (1 - rate * size) ** steps,
        ),
        Mistake(
            "That is the flow of a continuous descent; steps multiply by 1 + ηλ each.",
            like=lambda start, rate, size, steps: start * np.exp(rate * size * steps),
        ),
        Mistake(
            "You added the same step each time; the slope grows with the distance.",
            like=lambda start, rate, size, steps: start * (1 + rate * size * steps),
        ),
    ],
)
def escape(start: Any, rate: float, size: float, steps: int) -> Any:
    """Return the distance from the saddle after so many steps."""
    return start * (1 + rate * size) ** steps


def _lowest(gradient: Any, hessian: Any, *, size: Any = np.linalg.norm, least: float = 0.0) -> bool:
    return bool(size(gradient) < 1e-6 and (np.linalg.eigvalsh(hessian) > least).all())


@function(
    "saddle-points/judge",
    inputs=[
        (np.array([0.0, 0.0]), np.diag([1.0, 2.0])),
        (np.array([1e-9, 0.0]), np.diag([1.0, -2.0])),
        (np.array([0.5, 0.0]), np.diag([1.0, 2.0])),
        (np.array([0.0, 1e-8]), np.diag([1.0, 2.0])),
        (np.array([0.0, 0.0]), np.diag([-1.0, -2.0])),
        (np.array([0.0, 0.0]), np.array([[1.0, 3.0], [3.0, 1.0]])),
        (np.array([0.0, 0.0]), np.diag([1.0, 0.0])),
        (np.array([0.0, 0.0]), np.diag([1.0, -1e-4])),
        (np.array([-0.5, -0.1]), np.diag([1.0, 2.0])),
        (np.array([2e-6, 0.0]), np.diag([1.0, 2.0])),
        (np.array([8e-7, -8e-7]), np.diag([1.0, 2.0])),
        (np.array([0.0, -5e-7]), np.array([[2.0, 1.0], [1.0, 3.0]])),
        (np.array([1.2e-6, 0.0]), np.diag([1.0, 2.0])),
        (np.array([0.0, 0.0]), np.diag([1.0, 1e-3])),
    ],
    mistakes=[
        Mistake(
            "A zero gradient is not enough: a saddle has it, too.",
            like=lambda gradient, hessian: bool(np.linalg.norm(gradient) < 1e-6),
        ),
        Mistake(
            "Positive curvatures are not enough: the ground must be flat as well.",
            like=lambda gradient, hessian: bool((np.linalg.eigvalsh(hessian) > 0).all()),
        ),
        Mistake(
            "A curvature of 0 decides nothing: this may be no minimum. Each must be positive.",
            like=lambda gradient, hessian: _lowest(gradient, hessian, least=-1e-16),
        ),
        Mistake(
            "A small negative curvature leads down, too: compare with 0.",
            like=lambda gradient, hessian: _lowest(gradient, hessian, least=-1e-3),
        ),
        Mistake(
            "A small positive curvature is positive, too: compare with 0.",
            like=lambda gradient, hessian: _lowest(gradient, hessian, least=1e-2),
        ),
        Mistake(
            "A component of −0.5 is below 10⁻⁶: take the gradient's length.",
            like=lambda gradient, hessian: _lowest(gradient, hessian, size=np.max),
        ),
        Mistake(
            "Each component is small, and the gradient is longer than that: take its length.",
            like=lambda gradient, hessian: _lowest(
                gradient, hessian, size=lambda g: np.abs(g).max()
            ),
        ),
        Mistake(
            "The bound on the gradient is 10⁻⁶; yours is larger.",
            like=lambda gradient, hessian: _lowest(
                gradient, hessian, size=lambda g: np.linalg.norm(g) / 100
            ),
        ),
        Mistake(
            "The diagonal is not enough: curvatures are the eigenvalues.",
            like=lambda gradient, hessian: bool(
                np.linalg.norm(gradient) < 1e-6 and (np.diag(hessian) > 0).all()
            ),
        ),
    ],
)
def judge(gradient: Any, hessian: Any) -> Any:
    """Tell whether a point is a minimum."""
    return _lowest(gradient, hessian)


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


@function(
    "saddle-points/saturated",
    inputs=[(np.array([-8.0, -2.0, 0.5, 3.0]),), (-5.0,)],
    mistakes=[
        Mistake(
            "The sigmoid's own slope σ(1 − σ) is missing: the chain rule has two factors.",
            like=lambda z: _sigmoid(z) - 1,
        ),
        Mistake(
            "That is the sigmoid's slope alone; the residual σ − 1 multiplies it.",
            like=lambda z: _sigmoid(z) * (1 - _sigmoid(z)),
        ),
        Mistake(
            "The sign: below the target the residual is negative.",
            like=lambda z: (1 - _sigmoid(z)) ** 2 * _sigmoid(z),
        ),
    ],
)
def saturated(z: Any) -> Any:
    """Return the slope of ½(σ(z) − 1)²."""
    return (_sigmoid(z) - 1) * _sigmoid(z) * (1 - _sigmoid(z))


def _kicked(theta: Any, gradient: Any, noise: Any, rate: float, small: float, *, by: Any) -> Any:
    if np.linalg.norm(gradient) < small:
        theta = theta + by(gradient) * noise
    return theta - rate * gradient


@function(
    "saddle-points/kick",
    inputs=[
        (np.array([1.0, 2.0]), np.array([0.05, 0.0]), np.array([0.01, -0.02]), 0.1, 0.1),
        (np.array([1.0, 2.0]), np.array([0.3, -0.4]), np.array([0.01, -0.02]), 0.1, 0.1),
        (np.array([0.0, -1.0]), np.array([0.0, 0.0]), np.array([-0.05, 0.03]), 0.2, 1e-2),
        (np.array([0.5, 0.5]), np.array([0.0, -0.5]), np.array([0.02, 0.04]), 0.1, 0.1),
        (np.array([0.5, 0.5]), np.array([0.08, -0.08]), np.array([0.02, 0.04]), 0.1, 0.1),
    ],
    mistakes=[
        Mistake(
            "The noise is still multiplied by the length of the gradient: at the saddle it is 0.",
            like=lambda theta, gradient, noise, rate, small: _kicked(
                theta, gradient, noise, rate, small, by=np.linalg.norm
            ),
        ),
        Mistake(
            "You jump on slopes too: the run would never come to rest.",
            like=lambda theta, gradient, noise, rate, small: theta + noise - rate * gradient,
        ),
        Mistake(
            "You look at the largest component; how long is the gradient?",
            like=lambda theta, gradient, noise, rate, small: (
                theta + noise * (np.abs(gradient).max() < small) - rate * gradient
            ),
        ),
        Mistake(
            "There is no jump at all where the slope is small.",
            like=lambda theta, gradient, noise, rate, small: theta - rate * gradient,
        ),
        Mistake(
            "You jump on the slopes and not on the flat: the comparison is the wrong way round.",
            like=lambda theta, gradient, noise, rate, small: (
                theta + noise * (np.linalg.norm(gradient) >= small) - rate * gradient
            ),
        ),
    ],
)
def kick(theta: Any, gradient: Any, noise: Any, rate: float, small: float) -> Any:
    """Step, and jump by the noise first where the slope is small."""
    return _kicked(theta, gradient, noise, rate, small, by=lambda g: 1.0)


@challenge("saddle-points/leave", par=300)
def leave(answer: Any) -> float:
    """Measure the gradients that lead from four saddles' middles to a minimum beside them."""
    check_callable(answer, lambda cost, start: None, 2)
    total = 0
    cost = landscapes.Landscape.parse("x**2/2 + y**4/4 - y**2/2")
    for seed in range(4):
        # How far out on the ridge is drawn too: else the start would tell where the minima are.
        rng = np.random.default_rng(80 + seed)
        shift, out = rng.uniform(-4, 4, 2), rng.uniform(0.4, 1.0)
        counted = Counted(cost.value, cost.gradient, shift=shift, budget=5_000)
        end = call(answer, counted, shift + np.array([out, 0.0]))
        if not final_cost(counted, end) <= -0.25 + 1e-4:
            raise NotYet("You are not yet at a minimum each time.")
        total += counted.evaluations
    return float(total)
