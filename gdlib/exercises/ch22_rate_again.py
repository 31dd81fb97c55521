"""Checks of chapter 22: what a plan of step lengths can do."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from gdlib.exercises.kinds import choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.symbolic import expression

value(
    "rate-again/left",
    1 / 122,
    rtol=0.01,
    mistakes=[
        Mistake("That is for fifteen steps of length 1: add up the lengths.", like=1 / 62),
        Mistake("Twice the sum, and once more twice: four times it, and 2.", like=1 / 62 / 2),
        Mistake("The 2 is missing: at no steps at all ½ is left.", like=1 / 120),
    ],
    note="one over four times the sum and two",
)

RHO = 1 + np.sqrt(2)


def _halvings(k: int) -> int:
    return (int(k) & -int(k)).bit_length() - 1


@function(
    "rate-again/silver",
    inputs=[(k,) for k in (1, 2, 3, 4, 6, 8, 12, 96, 1024)],
    mistakes=[
        Mistake(
            "The exponent is ν − 1: an odd step is √2 long, not 2.",
            like=lambda k: 1 + RHO ** _halvings(k),
        ),
        Mistake("The 1 in front is missing.", like=lambda k: RHO ** (_halvings(k) - 1)),
        Mistake(
            "ρ is 1 + √2, the silver ratio.",
            like=lambda k: 1 + np.sqrt(2) ** (_halvings(k) - 1),
        ),
        Mistake(
            "ν counts how often 2 divides k; you took the logarithm of k.",
            like=lambda k: 1 + RHO ** (np.floor(np.log2(k)) - 1),
        ),
        Mistake(
            "You count the steps from 0; the first is k = 1.",
            like=lambda k: 1 + RHO ** (_halvings(k + 1) - 1),
        ),
    ],
)
def silver_length(k: Any) -> Any:
    """Return the length of a silver step."""
    return 1 + RHO ** (_halvings(k) - 1)


p, q = sp.symbols("p q", positive=True)
expression(
    "rate-again/size",
    2 * sp.sqrt(p * q),
    [p, q],
    mistakes=[
        Mistake("That is the best η; put it into the bound.", like=sp.sqrt(p / q)),
        Mistake("That is one of the two parts; they are equal.", like=sp.sqrt(p * q)),
        Mistake("That is the bound at η = 1.", like=p + q),
        Mistake("The root of q over p is one over the best η.", like=sp.sqrt(q / p)),
    ],
    note="two equal parts",
)


@function(
    "rate-again/line",
    inputs=[(1, 4, 0.5), (4, 4, 0.5), (10, 20, 2.0), (1, 1, 1.0)],
    mistakes=[
        Mistake(
            "Your last step has the rate 0, and is wasted: divide by T + 1.",
            like=lambda k, last, rate: rate * (1 - k / last),
        ),
        Mistake(
            "You begin one step early: at k = 1 the rate has fallen once.",
            like=lambda k, last, rate: rate * (1 - (k - 1) / (last + 1)),
        ),
        Mistake(
            "You begin at the whole rate, and divide by T: that line is PyTorch's.",
            like=lambda k, last, rate: rate * (1 - (k - 1) / last),
        ),
        Mistake("That rises.", like=lambda k, last, rate: rate * k / (last + 1)),
    ],
)
def line_rate(k: Any, steps: Any, rate: Any) -> Any:
    """Return the rate of step k of so many."""
    return rate * (1 - k / (steps + 1))


@function(
    "rate-again/clip",
    inputs=[
        (np.array([3.0, 4.0]), 1.0),
        (np.array([0.3, -0.4]), 1.0),
        (np.array([-6.0, 2.0, 3.0]), 3.5),
        (np.zeros(2), 1.0),
        (np.array([0.9, -0.9]), 1.0),
    ],
    mistakes=[
        Mistake(
            "You clip each number by itself: that turns the gradient.",
            like=lambda gradient, most: np.clip(gradient, -most, most),
        ),
        Mistake(
            "A gradient that is short enough stays as it is; yours is made longer.",
            like=lambda gradient, most: (
                gradient * (most / np.linalg.norm(gradient)) if gradient.any() else gradient
            ),
        ),
        Mistake(
            "The factor is turned round: it lengthens.",
            like=lambda gradient, most: gradient * max(1, np.linalg.norm(gradient) / most),
        ),
        Mistake(
            "That is the length 1: bring it to the length `most`.",
            like=lambda gradient, most: (
                gradient / max(1.0, np.linalg.norm(gradient))
                if np.linalg.norm(gradient) <= most
                else gradient / np.linalg.norm(gradient)
            ),
        ),
        Mistake(
            "You compare the squared length with `most`: take its root.",
            like=lambda gradient, most: (
                gradient
                if gradient @ gradient <= most
                else gradient * (most / (gradient @ gradient))
            ),
        ),
    ],
)
def clipped(gradient: Any, most: Any) -> Any:
    """Return the gradient, at most so long."""
    return gradient * min(1.0, most / max(float(np.linalg.norm(gradient)), 1e-300))


def _slope(y: Any) -> Any:
    return np.array([1.0, 3.0]) * y + y**3


def _by(order: str) -> Any:
    """Return a step that errs in this way."""

    def wrong(z: Any, x: Any, k: Any, gradient: Any, rate: Any, beta: Any) -> Any:
        y = beta * z + (1 - beta) * x if order == "swapped" else (1 - beta) * z + beta * x
        at = {"at z": z, "at x": x}.get(order, y)
        new = (y if order == "from y" else z) - rate * gradient(at)
        if order == "old mean":
            return new, x + (z - x) / k
        if order == "late":
            return new, x + (new - x) / (k + 1)
        if order == "turned":
            return x + (new - x) / k, new
        return new, x + (new - x) / k

    return wrong


@function(
    "rate-again/free",
    inputs=[
        (np.array([1.0, -0.5]), np.array([0.6, 0.2]), 3, _slope, 0.1, 0.75),
        (np.array([0.4, 0.8]), np.array([0.9, -0.3]), 2, _slope, 0.2, 0.5),
        (np.array([0.4, 0.8]), np.array([0.4, 0.8]), 1, _slope, 0.2, 0.9),
    ],
    mistakes=[
        Mistake("The slope is asked for at y, not at z.", like=_by("at z")),
        Mistake("The slope is asked for at y, not at the mean x.", like=_by("at x")),
        Mistake("β is the weight of x in y, and 1 − β that of z.", like=_by("swapped")),
        Mistake(
            "The step begins at z; y is only where the slope is asked for.", like=_by("from y")
        ),
        Mistake("The mean takes in the *new* z.", like=_by("old mean")),
        Mistake("One step late: k counts the new z already.", like=_by("late")),
        Mistake("Return z first, then x.", like=_by("turned")),
    ],
)
def free_step(z: Any, x: Any, k: Any, gradient: Any, rate: Any, beta: Any) -> Any:
    """Return z and x after step k."""
    z_next = z - rate * gradient((1 - beta) * z + beta * x)
    return z_next, x + (z_next - x) / k


choice(
    "rate-again/batch",
    "b",
    {
        "a": "That is so far below the critical size, where noise limits the rate.",
        "c": "A larger batch has less noise: no reason for a smaller rate.",
        "d": "The rate is limited by the curvature, which does not know the batch.",
    },
    note="curvature limits the rate, and it does not know the batch",
)
