"""Checks of chapter 13: a rate of its own for each coordinate."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from gdlib.exercises.challenges import Counted, challenge, final_cost
from gdlib.exercises.kinds import check_callable, choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call
from gdlib.exercises.symbolic import expression

value(
    "adaptive-rates/tenth",
    100,
    rtol=0,
    mistakes=[
        Mistake("It falls more slowly than that: the root of the sum divides.", like=10),
        Mistake("The 5 is above and below the fraction: does it matter?", like=500),
        Mistake("You squared once too often.", like=10_000),
        Mistake(
            "Count from 1: the first step is already divided by the root of one square.", like=99
        ),
    ],
    note="step k is η/√k, whatever the gradient",
)


def _step(theta: Any, gradient: Any, total: Any, rate: Any, epsilon: Any) -> Any:
    total = total + gradient**2
    return theta - rate * gradient / (np.sqrt(total) + epsilon), total


_RNG = np.random.default_rng(13)
_CASES = [
    (_RNG.normal(size=n), _RNG.normal(size=n), _RNG.uniform(0.5, 2, n), rate, epsilon)
    for n, rate, epsilon in ((2, 0.1, 0.3), (3, 0.5, 0.1), (4, 1.0, 0.2))
]


@function(
    "adaptive-rates/adagrad",
    inputs=_CASES,
    mistakes=[
        Mistake(
            "The gradient is added without its square: such a sum can vanish, or turn negative.",
            like=lambda theta, gradient, total, rate, epsilon: (
                theta - rate * gradient / (np.sqrt(np.abs(total + gradient)) + epsilon),
                total + gradient,
            ),
        ),
        Mistake(
            "The gradient is added without its square: such a sum can vanish, or turn negative.",
            when=lambda result, theta, gradient, total, rate, epsilon: np.allclose(
                result[1], total + gradient
            ),
        ),
        Mistake(
            "You divide by the sum itself; its root belongs there.",
            like=lambda theta, gradient, total, rate, epsilon: (
                theta - rate * gradient / (total + gradient**2 + epsilon),
                total + gradient**2,
            ),
        ),
        Mistake(
            "You step before you add: the present gradient belongs in the sum, and on the first "
            "step you would divide by nearly nothing.",
            like=lambda theta, gradient, total, rate, epsilon: (
                theta - rate * gradient / (np.sqrt(total) + epsilon),
                total + gradient**2,
            ),
        ),
        Mistake(
            "ε is inside the root; here it stands outside.",
            like=lambda theta, gradient, total, rate, epsilon: (
                theta - rate * gradient / np.sqrt(total + gradient**2 + epsilon),
                total + gradient**2,
            ),
        ),
        Mistake(
            "Your step climbs: a minus sign is missing.",
            like=lambda theta, gradient, total, rate, epsilon: (
                2 * theta - _step(theta, gradient, total, rate, epsilon)[0],
                total + gradient**2,
            ),
        ),
        Mistake(
            "All coordinates get one rate: you added up over them, too.",
            like=lambda theta, gradient, total, rate, epsilon: (
                theta - rate * gradient / (np.sqrt(np.sum(total + gradient**2)) + epsilon),
                total + gradient**2,
            ),
        ),
        Mistake(
            "θ is right. Return the *new* total beside it, or nothing is remembered.",
            like=lambda theta, gradient, total, rate, epsilon: (
                _step(theta, gradient, total, rate, epsilon)[0],
                total,
            ),
        ),
        Mistake(
            "ε is missing: a coordinate that has seen no gradient yet would divide by 0.",
            like=lambda theta, gradient, total, rate, epsilon: (
                theta - rate * gradient / np.sqrt(total + gradient**2),
                total + gradient**2,
            ),
        ),
        Mistake(
            "Only the last gradient divides: the old sum is left out, so that each step is η long.",
            like=lambda theta, gradient, total, rate, epsilon: (
                theta - rate * gradient / (np.abs(gradient) + epsilon),
                gradient**2,
            ),
        ),
        Mistake(
            "The sum grows, but nothing divides by it: that is gradient descent.",
            like=lambda theta, gradient, total, rate, epsilon: (
                theta - rate * gradient,
                total + gradient**2,
            ),
        ),
        Mistake(
            "That is the step alone; return where it leads, θ plus the step.",
            like=lambda theta, gradient, total, rate, epsilon: (
                _step(theta, gradient, total, rate, epsilon)[0] - theta,
                total + gradient**2,
            ),
        ),
        Mistake(
            "Both values are right, and in the wrong order: θ first, then the sum.",
            like=lambda theta, gradient, total, rate, epsilon: _step(
                theta, gradient, total, rate, epsilon
            )[::-1],
        ),
        Mistake(
            "Return two things, θ and the sum, with a comma between them and no brackets around.",
            when=lambda result, *_: isinstance(result, list),
        ),
        Mistake(
            "The new total is missing: return two things, θ and the sum.",
            when=lambda result, *_: not isinstance(result, tuple),
        ),
    ],
)
def adagrad(theta: Any, gradient: Any, total: Any, rate: Any, epsilon: Any) -> Any:
    """Return θ and the sum of squared gradients after one step of AdaGrad."""
    return _step(theta, gradient, total, rate, epsilon)


@function(
    "adaptive-rates/forget",
    inputs=[
        (np.array([0.5, 2.0]), np.array([-1.0, 3.0]), 0.9),
        (np.array([1.0, 0.1, 4.0]), np.array([0.2, -0.5, 1.5]), 0.99),
        (np.array([0.3]), np.array([2.0]), 0.5),
    ],
    mistakes=[
        Mistake(
            "Still the old code: it settles at 1/(1 − ρ) times the mean.",
            like=lambda average, gradient, rho: rho * average + gradient**2,
        ),
        Mistake(
            "Now nothing is forgotten: that is AdaGrad's sum.",
            like=lambda average, gradient, rho: average + gradient**2,
        ),
        Mistake(
            "ρ and 1 − ρ have swapped places: that forgets nearly everything at once.",
            like=lambda average, gradient, rho: (1 - rho) * average + rho * gradient**2,
        ),
        Mistake(
            "The square is missing.",
            like=lambda average, gradient, rho: rho * average + (1 - rho) * gradient,
        ),
        Mistake(
            "The root comes later, in the step; keep the mean of the squares.",
            like=lambda average, gradient, rho: np.sqrt(rho * average + (1 - rho) * gradient**2),
        ),
        Mistake(
            "You scale the whole average at every step; only what is new needs the factor.",
            like=lambda average, gradient, rho: (1 - rho) * (rho * average + gradient**2),
        ),
    ],
    note="a mean of ones settles at 1",
)
def forget(average: Any, gradient: Any, rho: Any) -> Any:
    """Return RMSProp's average after one more gradient."""
    return rho * average + (1 - rho) * gradient**2


_eta, _rho, _k = sp.symbols("eta rho k", positive=True)
expression(
    "adaptive-rates/first-steps",
    _eta / sp.sqrt(1 - _rho**_k),
    variables=[_eta, _rho, _k],
    interval=(0.3, 0.9),
    mistakes=[
        Mistake(
            "That is the first step; the later ones are shorter.", like=_eta / sp.sqrt(1 - _rho)
        ),
        Mistake("That is AdaGrad's; an average does not grow for ever.", like=_eta / sp.sqrt(_k)),
        Mistake("That is where the steps end up; the first are longer.", like=_eta),
        Mistake("The step divides by the *root* of the average.", like=_eta / (1 - _rho**_k)),
        Mistake(
            "That is how much is missing in the average; what is in it?",
            like=_eta / sp.sqrt(_rho**_k),
        ),
        Mistake(
            "The average is in the divisor: too little in it makes the step long.",
            like=_eta * sp.sqrt(1 - _rho**_k),
        ),
        Mistake(
            "One step late: the first step would divide by 0. v holds the present gradient.",
            like=_eta / sp.sqrt(1 - _rho ** (_k - 1)),
        ),
        Mistake("A length has no sign: leave out the minus.", like=-_eta / sp.sqrt(1 - _rho**_k)),
    ],
    note="more than three times η at first, for ρ = 0.9",
)

value(
    "adaptive-rates/epsilon",
    0.01,
    mistakes=[
        Mistake("Then the steps become a hundred times as long: compare the divisors.", like=1e-4),
        Mistake("You squared it: the other way round.", like=1e-8),
    ],
)

choice(
    "adaptive-rates/cents",
    answer="b",
    why_not={
        "a": "Their steps are proportional to the gradient, so they become 100 times as long.",
        "c": "Forgetting does not matter here: each square in the average has the same factor.",
        "d": "The gradients are, but some rules divide by what is 100 times as large, too.",
    },
    note="the factor is above and below the fraction",
)


def _valley(seed: int, budget: int = 5000) -> tuple[Counted, np.ndarray]:
    """Return a hidden valley along 20 axes with curvatures from 10⁻³ to 10³, and its start."""
    rng = np.random.default_rng(seed)
    curvatures = 10.0 ** rng.permutation(np.linspace(-3, 3, 20))
    shift = rng.uniform(-5, 5, 20)
    start = shift + rng.uniform(0.5, 2, 20) * rng.choice([-1.0, 1.0], 20)

    def cost(z: np.ndarray) -> Any:
        return (curvatures * (z**2 / 2 + z**4 / 8)).sum(-1)

    def gradient(z: np.ndarray) -> np.ndarray:
        return np.asarray(curvatures * (z + z**3 / 2))

    return Counted(cost, gradient, shift=shift, budget=budget), start


@challenge("adaptive-rates/steep-and-flat", par=60)
def steep_and_flat(answer: Any) -> float:
    """Measure the gradient evaluations that reach the end of three valleys along the axes."""
    check_callable(answer, lambda cost, start: None, 2)
    total = 0
    for seed in range(3):
        counted, start = _valley(seed)
        end = call(answer, counted, start)
        if not final_cost(counted, end) <= 1e-6:
            raise NotYet("Your last point's cost is not yet below 1e-6 in each valley.")
        total += counted.evaluations
    return float(total)
