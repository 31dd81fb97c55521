"""Checks of chapter 4: how conditioning slows descent, what scaling mends, and when to stop."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gdlib import landscapes
from gdlib.exercises.challenges import Counted, challenge, final_cost
from gdlib.exercises.kinds import check_callable, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotStarted, NotYet, call

Array = np.ndarray

value(
    "valleys/ruler",
    12.25,
    rtol=5e-3,  # 12.3 is a reader's rounding
    mistakes=[
        Mistake(
            "That is how many times as long as wide: a curvature goes with 1/length².", like=3.5
        ),
        Mistake(
            "You took the root; the lengths already are roots of the curvatures.", like=3.5**0.5
        ),
        Mistake("κ is the *larger* curvature over the smaller, at least 1.", like=1 / 12.25),
        Mistake("κ is at least 1, and a curvature goes with 1/length².", like=1 / 3.5),
        Mistake(
            "You halved one axis and not the other: take both whole, or both halves.",
            among=((7 / 4) ** 2, 7.0**2),
        ),
    ],
    note="a half axis is `√(2c/λ)`",
)


def _modes(
    factor: Callable[[Any, float, int], Any] = lambda values, rate, steps: (
        (1 - rate * values) ** steps
    ),
    there: bool = True,
    back: bool = True,
    turned: bool = False,
) -> Callable[[Any, Any, float, int], Any]:
    """Build the answer to "modes", or one that leaves a part out."""

    def after(hessian: Any, start: Any, rate: float, steps: int) -> Any:
        values, vectors = np.linalg.eigh(hessian)
        vectors = vectors.T if turned else vectors
        along = vectors.T @ start if there else start
        ended = factor(values, rate, steps) * along
        return vectors @ ended if back else ended

    return after


@function(
    "valleys/modes",
    inputs=[
        (np.array([[10.0, -12.0], [-12.0, 17.0]]), np.array([0.6, 1.2]), 0.05, 7),
        (np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([-1.0, 3.0]), 0.3, 4),
        (
            np.array([[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.5, -0.2, 1.5]]),
            np.array([1.0, -2.0, 0.5]),
            0.2,
            5,
        ),
        # More steps than a loop can take in the time; by powers of two, so that rounding is small.
        (np.array([[0.75, 0.25], [0.25, 0.5]]), np.array([1.0, -4.0]), 2.0**-25, 2**25),
    ],
    seconds=0.5,
    slow="One of the runs has 33 million steps: the formula takes none of them.",
    mistakes=[
        Mistake(
            "That is one step only: the factor needs its power.",
            like=_modes(lambda values, rate, _: 1 - rate * values),
        ),
        Mistake(
            "Your factor is larger than 1: a step goes *against* the slope.",
            like=_modes(lambda values, rate, steps: (1 + rate * values) ** steps),
        ),
        Mistake(
            "Many steps multiply many times: the factor needs a power, not a product.",
            like=_modes(lambda values, rate, steps: (1 - rate * values) * steps),
        ),
        Mistake(
            "The power of a matrix is not the power of its entries.",
            like=lambda hessian, start, rate, steps: (
                (np.eye(len(start)) - rate * hessian) ** steps @ start
            ),
        ),
        Mistake(
            "Your factor is a power of `λ` or of `ηλ`: a step multiplies by `1 - ηλ`.",
            when=lambda result, hessian, start, rate, steps: any(
                np.allclose(result, _modes(wrong)(hessian, start, rate, steps))
                for wrong in (lambda v, _, k: v**k, lambda v, r, k: (r * v) ** k)
            ),
        ),
        Mistake(
            "You have not come back: the answer is measured along the eigenvectors.",
            like=_modes(back=False),
        ),
        Mistake(
            "`start` has to be measured along the eigenvectors first.", like=_modes(there=False)
        ),
        Mistake("The eigenvectors are the *columns* of `vectors`.", like=_modes(turned=True)),
        Mistake(
            "Each entry of θ has got a factor of its own, but entries are coupled: turn first.",
            like=lambda hessian, start, rate, steps: (
                (1 - rate * np.linalg.eigvalsh(hessian)) ** steps * start
            ),
        ),
    ],
    note="the whole run in one formula",
)
def after(hessian: Any, start: Any, rate: float, steps: int) -> Any:
    """Return where gradient descent is after so many steps."""
    return _modes()(hessian, start, rate, steps)


def _scaled(
    axis: int | None = 0, ddof: int = 0, power: int = 1, centre: bool = True, least: float = 0.0
) -> Any:
    """Build the answer to "standardise", or one with a slip."""

    def standardise(table: Any) -> Any:
        mean = table.mean(axis=axis, keepdims=True) if centre else 0
        spread = table.std(axis=axis, ddof=ddof, keepdims=True) ** power
        return (table - mean) / np.where(spread > least, spread, 1)

    return standardise


def _constant_lost(result: Any, table: Any) -> bool:
    """Tell whether all is right but the constant columns, which are not finite."""
    constant = table.std(axis=0) == 0
    right = np.allclose(result[:, ~constant], _scaled()(table)[:, ~constant])
    return right and not np.isfinite(result[:, constant]).any()


def _padded(result: Any, table: Any) -> bool:
    """Tell whether all is right but for a spread that came out a little longer."""
    right = _scaled()(table)
    return bool(np.allclose(result, right, rtol=1e-2) and result.std() < right.std())


TABLE = np.array([[50.0, 3.0, 900.0], [80.0, 40.0, 150.0], [120.0, 11.0, 4000.0], [65.0, 25, 70.0]])


@function(
    "valleys/standardise",
    inputs=[
        (np.insert(TABLE, 1, 7.0, axis=1),),
        (np.insert(TABLE[:, :2] / 3, 2, -2.0, axis=1),),
        (np.insert(TABLE[:, :2] / 1000, 1, 0.5, axis=1),),
    ],
    mistakes=[
        Mistake(
            "A column with a spread below 1 is to be stretched, too: only a spread of 0 is not.",
            like=_scaled(least=1.0),
        ),
        Mistake(
            "You add a little to every spread to keep from dividing by 0, and the columns end "
            "with a spread below 1: make an exception of the constant one.",
            when=_padded,
        ),
        Mistake("A constant column has spread 0, and you divide by it.", when=_constant_lost),
        Mistake("You standardise the rows; each *column* has its own unit.", like=_scaled(axis=1)),
        Mistake(
            "One mean and one spread for the whole table: each column needs its own.",
            like=_scaled(axis=None),
        ),
        Mistake(
            "You stretch the columns from 0 to 1; what is asked for is mean 0 and spread 1.",
            when=lambda result, table: np.allclose(
                [np.nanmin(result[:, 0]), np.nanmax(result[:, 0])], [0, 1]
            ),
        ),
        Mistake("You divide without subtracting the mean first.", like=_scaled(centre=False)),
        Mistake("You centre the columns and leave their spread.", like=_scaled(power=0)),
        Mistake("You divide by the variance: the spread is its root.", like=_scaled(power=2)),
        Mistake(
            "Your spread divides by N − 1; here it is `np.std` as it is.", like=_scaled(ddof=1)
        ),
    ],
)
def standardise(table: Any) -> Any:
    """Return the columns with mean 0 and standard deviation 1; a constant one becomes zeros."""
    return _scaled()(table)


value(
    "valleys/correlation",
    19.0,
    mistakes=[
        Mistake("κ would be 1 if the columns had nothing in common.", like=1),
        Mistake(
            "You have one of the two curvatures in it, not both.",
            among=(10, 9),
        ),
        Mistake(
            "That is the determinant or its inverse, not a quotient.",
            among=(0.19, 1 / 0.19),
        ),
        Mistake("That is the smaller curvature alone.", like=0.1),
        Mistake("That is how many times as long as wide the ellipse is.", like=19**0.5),
        Mistake("κ is the larger curvature over the smaller, at least 1.", like=0.1 / 1.9),
        Mistake("That is the larger curvature alone.", like=1.9),
    ],
    note="scaling stretches a valley, it does not turn it",
)

_FLAT, _STEEP = np.linalg.eigvalsh(np.array([[802.0, -400.0], [-400.0, 200.0]]))
value(
    "valleys/promise",
    float(1e-4 / _FLAT),
    rtol=5e-3,  # 2.5e-4 is a reader's rounding
    mistakes=[
        Mistake(
            "That is the distance up the steep wall: the floor is flatter.", like=1e-4 / _STEEP
        ),
        Mistake("That is the gradient's length: a distance divides it by a curvature.", like=1e-4),
        Mistake(
            "You multiply by the curvature: a flat floor makes it *longer*.", like=1e-4 * _FLAT
        ),
        Mistake("That is the bound on the cost, not on the distance.", like=1e-8 / (2 * _FLAT)),
        Mistake(
            "You have read the diagonal of the Hessian: take its eigenvalues.",
            among=(1e-4 / 200, 1e-4 / 802),
        ),
    ],
    note="where the floor is flat, a small gradient promises little",
)


def _slope(theta: Any) -> Any:
    return np.array([1.0, 12.0]) * theta - np.array([2.0, 3.0])


def _itself(theta: Any) -> Any:
    return theta


def _loop(
    stops: Callable[[Any, Any, float], bool],
) -> Callable[..., tuple[Any, int]]:
    """Build a loop that stops when `stops(previous, theta, tolerance)` holds."""

    def descend_until(
        gradient: Callable[[Any], Any], theta: Any, rate: float, tolerance: float, most: int
    ) -> tuple[Any, int]:
        for k in range(1, most + 1):
            previous, theta = theta, theta - rate * gradient(theta)
            if stops(previous, theta, tolerance):
                return theta, k
        return theta, most

    return descend_until


def _length(vector: Any) -> float:
    return float(np.linalg.norm(vector))


@function(
    "valleys/bug",
    inputs=[
        (_slope, np.array([5.0, -1.0]), 0.1, 1e-3, 1000),
        (_slope, np.array([-3.0, 2.0]), 0.15, 1e-5, 1000),
        (_slope, np.array([2.0, -2.5]), 0.02, 0.05, 1000),
        (_slope, np.array([40.0, 0.5]), 0.02, 1e-6, 25),
        # Quarters: the fourth step is exactly as long as the tolerance, on every machine.
        (_itself, np.array([8.0, 0.0]), 0.25, 0.84375, 1000),
    ],
    mistakes=[
        Mistake(
            "It still stops after one step: `previous` is a second name of the array you change.",
            when=lambda result, *given: result[1] == 1,
        ),
        Mistake("Now it never stops early.", like=_loop(lambda *_: False)),
        Mistake(
            "A step that is just as long as the tolerance is short enough: *at most*.",
            like=_loop(lambda old, new, small: _length(new - old) < small),
        ),
        Mistake(
            "The point is right, the count is not: the first step is number 1.",
            when=lambda result, *given: (
                np.allclose(result[0], descend_until(*given)[0])
                and abs(result[1] - descend_until(*given)[1]) == 1
            ),
        ),
        Mistake(
            "You measure the gradient; the rule is about the *step*.",
            like=lambda gradient, *given: _loop(
                lambda _, new, small: _length(gradient(new)) <= small
            )(gradient, *given),
        ),
        Mistake(
            "You compare lengths of points: two places equally far from 0 are not one place.",
            like=_loop(lambda old, new, small: abs(_length(new) - _length(old)) <= small),
        ),
        Mistake(
            "You return the point before the last step.",
            when=lambda result, gradient, theta, rate, tolerance, most: np.allclose(
                result[0] - rate * gradient(result[0]),
                descend_until(gradient, theta, rate, tolerance, most)[0],
                rtol=0,
                atol=1e-12,
            ),
        ),
    ],
    note="one array, two names",
)
def descend_until(
    gradient: Callable[[Any], Any], theta: Any, rate: float, tolerance: float, most: int
) -> tuple[Any, int]:
    """Return the point and the steps taken; stop when a step is at most `tolerance` long."""
    return _loop(lambda old, new, small: _length(new - old) <= small)(
        gradient, theta, rate, tolerance, most
    )


# Moved by sums of powers of two, so that the runs are the same to the bit on every machine.
RACES = [
    ((-1.25, 1.0), (2.5, -1.75)),
    ((0.0, 2.0), (-0.75, 3.5)),
    ((1.5, -0.5), (0.25, 0.625)),
    ((-0.5, -0.5), (-4.0, -1.5)),
]


@challenge(
    "valleys/race",
    par=400,
    mistakes=[Mistake("Your point is not yet close enough to the minimum.")],
    seconds=5.0,
)
def race(answer: Any) -> float:
    """Count the gradients of four runs down a moved Rosenbrock valley to J ≤ 1e-6."""
    check_callable(answer, lambda cost, start: None, 2)
    valley = landscapes.rosenbrock()
    total = 0
    for start, shift in RACES:
        cost = Counted(valley.value, valley.gradient, shift=shift, budget=20_000)
        end = call(answer, cost, np.array(start) + shift)
        if end is ...:
            raise NotStarted
        if not final_cost(cost, end) <= 1e-6 or math.isnan(final_cost(cost, end)):
            raise NotYet("Your point is not yet close enough to the minimum.")
        total += cost.evaluations
    return float(total)
