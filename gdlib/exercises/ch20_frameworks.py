"""Checks of chapter 20: what frameworks do under the same names."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from gdlib.exercises.kinds import choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.symbolic import expression

value(
    "frameworks/first-step",
    0.5 * 0.1 / 0.11**0.5,
    mistakes=[
        Mistake("That is PyTorch's, whose sum begins at 0.", like=0.5),
        Mistake("The sum holds the present gradient's square, too.", like=0.5 * 0.1 / 0.1**0.5),
        Mistake("The root of the sum divides.", like=0.5 * 0.1 / 0.11),
        Mistake("The gradient's square is added, not the gradient.", like=0.5 * 0.1 / 0.2**0.5),
        Mistake("That is gradient descent's: nothing divides.", like=0.05),
        Mistake("A length has no sign.", like=-0.5 * 0.1 / 0.11**0.5),
    ],
    note="PyTorch's first step would be 0.5",
)


def _clip(weights: Any, biases: Any, limit: Any) -> Any:
    factor = min(1.0, limit / np.sqrt((weights**2).sum() + (biases**2).sum()))
    return factor * weights, factor * biases


def _alone(gradient: Any, limit: Any) -> Any:
    return gradient * min(1.0, limit / np.sqrt((gradient**2).sum()))


def _scaled(factor: Any) -> Any:
    """Return a wrong answer that multiplies both gradients by a factor of theirs."""

    def wrong(weights: Any, biases: Any, limit: Any) -> Any:
        multiple = factor(np.concatenate([weights, biases]), limit)
        return multiple * weights, multiple * biases

    return wrong


@function(
    "frameworks/clip",
    inputs=[
        (np.array([3.0, 1.0]), np.array([4.0]), 1.0),
        (np.array([0.1, -0.2, 0.3]), np.array([0.2, 0.1]), 1.5),
        (np.array([-6.0]), np.array([2.0, 3.0]), 2.5),
    ],
    mistakes=[
        Mistake(
            "Each array has a factor of its own: the direction of both together turns.",
            like=lambda weights, biases, limit: (_alone(weights, limit), _alone(biases, limit)),
        ),
        Mistake(
            "That cuts each number by itself, as clip_grad_value_ does.",
            like=lambda weights, biases, limit: (
                np.clip(weights, -limit, limit),
                np.clip(biases, -limit, limit),
            ),
        ),
        Mistake(
            "Long gradients are right. Short ones grow: the factor is at most 1.",
            like=_scaled(lambda both, limit: limit / np.sqrt((both**2).sum())),
        ),
        Mistake(
            "The square root is missing in the length.",
            like=_scaled(lambda both, limit: min(1.0, limit / (both**2).sum())),
        ),
        Mistake(
            "The length is the root of the sum of squares, not the sum of sizes.",
            like=_scaled(lambda both, limit: min(1.0, limit / np.abs(both).sum())),
        ),
        Mistake("Nothing is clipped.", like=lambda weights, biases, limit: (weights, biases)),
        Mistake(
            "Both values are right, and in the wrong order: the weights' gradient first.",
            like=lambda weights, biases, limit: _clip(weights, biases, limit)[::-1],
        ),
        Mistake(
            "Return two things, with a comma between them.",
            when=lambda result, *_: not (isinstance(result, tuple | list) and len(result) == 2),
        ),
    ],
)
def clip(weights: Any, biases: Any, limit: Any) -> Any:
    """Return both gradients, shortened together to a length of at most `limit`."""
    return _clip(weights, biases, limit)


choice(
    "frameworks/accumulate",
    answer="b",
    why_not={
        "a": "The large batch has the mean of the four gradients. Is that what .grad has?",
        "c": "The other way round: is the sum of four longer or shorter than their mean?",
        "d": "All four are gradients at one point, and none is left for the next step.",
    },
    note="with Adam it would stay 0.01, for Adam divides by the size of the gradients",
)

_v, _beta = sp.symbols("v beta", positive=True)
expression(
    "frameworks/coast",
    _beta * _v / (1 - _beta),
    variables=[_v, _beta],
    interval=(0.3, 0.9),
    mistakes=[
        Mistake("That counts the last step again, which is made already.", like=_v / (1 - _beta)),
        Mistake("That is the next step alone; how many follow?", like=_beta * _v),
        Mistake("That would be PyTorch's: its memory is multiplied by the rate.", like=sp.S.Zero),
        Mistake("The sum of a geometric series has 1 − β below.", like=_beta * _v / (1 + _beta)),
        Mistake("The first of these steps is βv, not β²v.", like=_beta**2 * _v / (1 - _beta)),
    ],
    note="with β = 0.9 nine times the last step",
)

value(
    "frameworks/cosine",
    0.5,
    mistakes=[
        Mistake("It is 0 after 10 calls, and climbs again after that.", like=0.0),
        Mistake("That is the rate after 100 calls; five more follow.", like=1.0),
        Mistake(
            "The scheduler counts calls, not epochs. How many calls are there?",
            between=(0.972, 0.977),
        ),
        Mistake("One half comes from the formula: is it outside the bracket?", like=-0.5),
    ],
    note="half way down, for the sixth time",
)

value(
    "frameworks/scale",
    32.0,
    rtol=0,
    mistakes=[
        Mistake("That is enough, but half of it is, too: rounding goes to the nearer.", like=64.0),
        Mistake(
            "That is too small: the gradient is still rounded to 0.", among=(2.0, 4.0, 8.0, 16.0)
        ),
        Mistake("That is where PyTorch begins; a much smaller one is enough here.", like=2.0**16),
        Mistake("The loss is multiplied by 2 to that power: give the factor.", like=5.0),
    ],
    note="to survive is not to be exact: it becomes 2⁻²⁴, nearly twice as much",
)

_RNG = np.random.default_rng(20)
_CASES = [
    (_RNG.normal(size=n), _RNG.normal(size=n), 0.1 * _RNG.normal(size=n), v, k, rate)
    for n, v, k, rate in (
        (2, np.zeros(2), 1, 0.1),
        (3, _RNG.uniform(1e-6, 1e-4, 3), 5, 0.02),
        (1, _RNG.uniform(1e-6, 1e-4, 1), 40, 0.5),
    )
]


def _adam(where: str = "before", *, correct: bool = True, sign: float = 1.0) -> Any:
    """Return Adam's step with ε somewhere; `before` the correction is Keras' place."""

    def step(theta: Any, gradient: Any, m: Any, v: Any, k: Any, rate: Any) -> Any:
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        first, second = (1 - 0.9**k, 1 - 0.999**k) if correct else (1.0, 1.0)
        divisor = {
            "before": (np.sqrt(v) + 1e-3) / np.sqrt(second),
            "after": np.sqrt(v / second) + 1e-3,
            "inside": np.sqrt(v + 1e-3) / np.sqrt(second),
            "nowhere": np.sqrt(v / second),
            "no root": (np.sqrt(v) + 1e-3) / second,
        }[where]
        return theta - sign * rate * m / first / divisor, m, v

    return step


@function(
    "frameworks/keras-adam",
    inputs=_CASES,
    mistakes=[
        Mistake(
            "That is PyTorch's: ε is added after v is corrected. Keras adds it before.",
            like=_adam("after"),
        ),
        Mistake("ε is inside the root; it stands outside.", like=_adam("inside")),
        Mistake("ε is missing.", like=_adam("nowhere")),
        Mistake("Both corrections are missing.", like=_adam(correct=False)),
        Mistake(
            "The second correction is that of a square: its root belongs there.",
            like=_adam("no root"),
        ),
        Mistake("Your step climbs: a minus sign is missing.", like=_adam(sign=-1.0)),
        Mistake(
            "θ is right. Return the new m and v beside it.",
            like=lambda theta, gradient, m, v, k, rate: (
                _adam()(theta, gradient, m, v, k, rate)[0],
                m,
                v,
            ),
        ),
        Mistake(
            "Return three things: θ, m and v.",
            when=lambda result, *_: not (isinstance(result, tuple | list) and len(result) == 3),
        ),
    ],
    note="no constant ε makes PyTorch's the same: the factor between them changes each step",
)
def keras_adam(theta: Any, gradient: Any, m: Any, v: Any, k: Any, rate: Any) -> Any:
    """Return θ, m and v after step k of Keras' Adam, with ε̂ = 10⁻³."""
    return _adam()(theta, gradient, m, v, k, rate)
