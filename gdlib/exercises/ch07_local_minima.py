"""Checks of chapter 7: which minimum a start leads to."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gdlib import landscapes
from gdlib.exercises.challenges import Counted, challenge, final_cost
from gdlib.exercises.kinds import check_callable, choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call

Array = np.ndarray

choice(
    "local-minima/convex",
    answer="b",
    why_not={
        "a": "At 0 its second derivative is −2.",
        "c": "Its Hessian has the eigenvalues 1 and −1 everywhere.",
        "d": "Its second derivative is −sin x, which has both signs.",
    },
    note="both curvatures are positive everywhere",
)


@function(
    "local-minima/directions",
    inputs=[
        (np.array([[2.0, 0.0], [0.0, -1.0]]),),
        (np.array([[1.0, 3.0], [3.0, 2.0]]),),
        (np.array([[-4.0, 0.5], [0.5, -3.0]]),),
        (np.array([[3.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]]),),
        (np.diag([2.0, 0.0, -1e-4]),),
    ],
    mistakes=[
        Mistake(
            "You counted negative entries of the diagonal; curvatures are the eigenvalues.",
            like=lambda hessian: int((np.diag(hessian) < 0).sum()),
        ),
        Mistake(
            "A negative determinant tells that some direction curves down, not how many.",
            like=lambda hessian: int(np.linalg.det(hessian) < 0),
        ),
        Mistake(
            "That says whether any direction curves down; how many is wanted.",
            like=lambda hessian: int((np.linalg.eigvalsh(hessian) < 0).any()),
        ),
        Mistake(
            "A curvature of 0 is level: it does not curve down.",
            like=lambda hessian: int((np.linalg.eigvalsh(hessian) <= 0).sum()),
        ),
        Mistake(
            "A small negative curvature curves down, too.",
            like=lambda hessian: int((np.linalg.eigvalsh(hessian) < -1e-3).sum()),
        ),
        Mistake(
            "You counted the directions that curve *up*.",
            like=lambda hessian: int((np.linalg.eigvalsh(hessian) > 0).sum()),
        ),
    ],
)
def directions(hessian: Any) -> Any:
    """Count the negative eigenvalues."""
    return int((np.linalg.eigvalsh(hessian) < 0).sum())


value(
    "local-minima/restarts",
    16,
    mistakes=[
        Mistake("Four give 70 %: 1 − 0.74⁴.", like=4),
        Mistake(
            "A number of runs is whole: which whole number is enough?",
            between=(15, 16),
        ),
        Mistake("Enough, but fewer do it too.", between=(16, math.inf)),
        Mistake("Rounded down it is just below 99 %.", like=15),
    ],
    note="1 − 0.74ⁿ",
)
value(
    "local-minima/over-the-ridge",
    1 / 3,
    mistakes=[
        Mistake("That lands *on* the other minimum; the ridge is at 0.", like=0.5),
        Mistake("The slope at 2 is 2³ − 2 = 6.", like=0.25),
        Mistake(
            "That lands at −2, far beyond the ridge; a shorter step crosses it too.", like=2 / 3
        ),
        Mistake("That lands at 1, still on this side of the ridge at 0.", like=1 / 6),
    ],
)


def _race(methods: Any, gradient: Any, start: Any, rounds: int, *, again: bool = True) -> Any:
    ends, theta = [], start
    for step in methods:
        theta = start if again else theta
        for _ in range(rounds):
            theta = theta - step(gradient(theta))
        ends.append(theta)
    return ends


def _sharing(methods: Any, gradient: Any, start: Any, rounds: int) -> Any:
    """Race as with `theta -= …`: one array is the start and every method's end."""
    apart = np.ndim(start) == 0
    ends = _race(methods, gradient, start, rounds, again=apart)
    return ends if apart else [ends[-1]] * len(methods)


def _bowl(theta: Any) -> Any:
    return 2 * theta


def _long(slope: Any) -> Any:
    return 0.3 * slope


def _short(slope: Any) -> Any:
    return 0.05 * slope


@function(
    "local-minima/fair",
    inputs=[
        ([_long, _short], _bowl, 1.0, 5),
        ([_short, _long, _short], _bowl, -2.0, 3),
        ([_long, _short], _bowl, np.array([1.0, -2.0]), 2),
    ],
    mistakes=[
        Mistake(
            "With an array, `theta -= …` moves `start` itself: write theta = theta - ….",
            like=_sharing,
        ),
        Mistake(
            "Each method still starts where the one before ended.",
            like=lambda methods, gradient, start, rounds: _race(
                methods, gradient, start, rounds, again=False
            ),
        ),
        Mistake(
            "You set θ back before each *step*: only the last one counts. Once a method is enough.",
            like=lambda methods, gradient, start, rounds: _race(methods, gradient, start, 1),
        ),
        Mistake(
            "You return the last end alone; the race has an end for every method.",
            like=lambda methods, gradient, start, rounds: _race(methods, gradient, start, rounds)[
                -1
            ],
        ),
    ],
)
def fair(methods: Sequence[Any], gradient: Callable[[Any], Any], start: Any, rounds: int) -> Any:
    """Return where each method ends, all from one start."""
    return _race(methods, gradient, start, rounds)


@function(
    "local-minima/interval",
    inputs=[(2600, 10_000), (3, 40), (40, 40)],
    rtol=1e-4,
    mistakes=[
        Mistake(
            "That is p ± 1.96·√(p(1−p)/n): of 40 hits in 40 it says that you are certain.",
            like=lambda hits, runs: (
                hits / runs - 1.96 * math.sqrt(hits / runs * (1 - hits / runs) / runs),
                hits / runs + 1.96 * math.sqrt(hits / runs * (1 - hits / runs) / runs),
            ),
        ),
        Mistake(
            "The middle is right; the width lacks z²/4n² under the root.",
            like=lambda hits, runs: _interval(hits, runs, extra=0.0),
        ),
        Mistake(
            "That is the middle and the half width; the two ends are wanted.",
            like=lambda hits, runs: (
                sum(_interval(hits, runs)) / 2,
                (_interval(hits, runs)[1] - _interval(hits, runs)[0]) / 2,
            ),
        ),
        Mistake("The lower end comes first.", like=lambda hits, runs: _interval(hits, runs)[::-1]),
        Mistake(
            "The width is right, but the middle is not the bare share p.",
            like=lambda hits, runs: tuple(
                hits / runs + side * (_interval(hits, runs)[1] - _interval(hits, runs)[0]) / 2
                for side in (-1, 1)
            ),
        ),
    ],
)
def interval(hits: int, runs: int) -> Any:
    """Return Wilson's 95 % interval."""
    return _interval(hits, runs)


def _interval(hits: int, runs: int, extra: float = 1.0) -> tuple[float, float]:
    z, p = 1.96, hits / runs
    middle = (p + z**2 / (2 * runs)) / (1 + z**2 / runs)
    root = math.sqrt(p * (1 - p) / runs + extra * z**2 / (4 * runs**2))
    half = z / (1 + z**2 / runs) * root
    return middle - half, middle + half


@challenge("local-minima/lowest", par=300)
def lowest(answer: Any) -> float:
    """Measure the evaluations that find the lowest of four hollows on three moved landscapes."""
    check_callable(answer, lambda cost, low, high: None, 3)
    cost, total = landscapes.styblinski_tang(), 0
    floor = float(cost.value(cost.minima[0]))
    for seed in range(3):
        rng = np.random.default_rng(70 + seed)
        shift = rng.uniform(-4, 4, 2)
        counted = Counted(cost.value, cost.gradient, shift=shift, budget=20_000)
        below, beyond = rng.uniform(4, 6, (2, 2))  # uneven, so that the box tells no place
        end = call(answer, counted, shift - below, shift + beyond)
        if not final_cost(counted, end) <= floor + 1e-3:
            raise NotYet("You are not yet at the bottom of the lowest hollow each time.")
        total += counted.evaluations
    return float(total)
