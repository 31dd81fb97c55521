"""Checks of chapter 5: single rows, mini-batches, and the noise that they leave."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from gdlib.exercises.challenges import challenge
from gdlib.exercises.kinds import check_callable, choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call
from gdlib.exercises.symbolic import expression
from gdlib.problems import LeastSquares, noisy_line

value(
    "batches/steps",
    2346,
    rtol=0,
    mistakes=[
        Mistake("That is one epoch, or a part of it.", between=(780.5, 782.5)),
        Mistake("You leave out the rows of each epoch's last, smaller batch.", like=2343),
        Mistake("The last batch is smaller in *every* epoch: round up first.", like=2344),
        Mistake("A step is a whole number; what becomes of the rows left over?", like=2343.75),
        Mistake("That is how many rows are seen, not how many steps are taken.", like=150_000),
    ],
)

choice(
    "batches/sgd",
    answer="c",
    why_not={
        "a": "No row is drawn inside `torch.optim.SGD`: look at what it is given.",
        "b": "The class has no batch size: the rows are chosen before it is called.",
        "d": "`momentum` is 0 unless you set it.",
    },
    note="the class is the rule of chapter 2; the gradient that you give it decides the rest",
)


def _gradient(theta: Any, features: Any, targets: Any, rows: Any) -> Any:
    residual = features[rows] @ theta - targets[rows]
    return features[rows].T @ residual


_RNG = np.random.default_rng(5)
_DATA = _RNG.normal(size=(7, 3)), _RNG.normal(size=7)
_CHOSEN = [np.array([4, 1]), np.array([0, 2, 6, 5]), np.array([3, 5, 1])]


@function(
    "batches/gradient",
    inputs=[(_RNG.normal(size=3), *_DATA, rows) for rows in _CHOSEN],
    mistakes=[
        Mistake(
            "That is the sum over the batch: its length would grow with the batch.",
            like=_gradient,
        ),
        Mistake(
            "You divide by all rows, and only the batch's are in the sum.",
            like=lambda theta, x, y, rows: _gradient(theta, x, y, rows) / len(x),
        ),
        Mistake(
            "That is the gradient over all rows: use the chosen ones alone.",
            like=lambda theta, x, y, rows: _gradient(theta, x, y, slice(None)) / len(x),
        ),
        Mistake(
            "Your gradient points downhill: the residual is prediction minus target.",
            like=lambda theta, x, y, rows: -_gradient(theta, x, y, rows) / len(rows),
        ),
        Mistake(
            "Twice the gradient: this book's cost has a ½ before the squares.",
            like=lambda theta, x, y, rows: 2 * _gradient(theta, x, y, rows) / len(rows),
        ),
        Mistake(
            "One number came back: the gradient has an entry for each parameter.",
            when=lambda result, *_: np.ndim(result) == 0,
        ),
        Mistake(
            "The mean of products is not the product of means: multiply row by row first.",
            like=lambda theta, x, y, rows: (
                (x[rows] @ theta - y[rows]).mean() * x[rows].mean(axis=0)
            ),
        ),
    ],
)
def batch_gradient(theta: Any, features: Any, targets: Any, rows: Any) -> Any:
    """Return the mean gradient of half the squared residual over the chosen rows."""
    return _gradient(theta, features, targets, rows) / len(rows)


value(
    "batches/halve",
    39,
    rtol=0,
    mistakes=[
        Mistake("Right if rows could come twice; here they cannot, and that helps.", like=40),
        Mistake("That halves the variance: for half the deviation it must fall further.", like=20),
        Mistake(
            "Not a whole number of rows: which whole one is the smallest that will do?",
            between=(38, 40),
        ),
        Mistake(
            "Just short: with so many rows the deviation is a little above half.",
            between=(30, 38.5),
        ),
        Mistake("A smaller batch is noisier, not quieter.", between=(0, 10)),
    ],
)

_eta, _lam, _s, _b = sp.symbols("eta lamda s B", positive=True)
_floor = _eta * _s / (2 * _b * (2 - _eta * _lam))
expression(
    "batches/floor",
    _floor,
    variables=[_eta, _lam, _s, _b],
    mistakes=[
        Mistake(
            "That is the variance of the parameter; the cost weighs it.", like=2 * _floor / _lam
        ),
        Mistake("The cost is *half* the curvature times the square.", like=2 * _floor),
        Mistake("That is the floor of single rows: where is the batch?", like=_b * _floor),
        Mistake("Averaging divides the variance by B, not by its square.", like=_floor / _b),
        Mistake("A mean of B rows is quieter than one row, not louder.", like=_b**2 * _floor),
        Mistake("That is the limit for small rates: keep the bracket.", like=_eta * _s / (4 * _b)),
        Mistake("A cost cannot be below 0: mind the sign of the bracket.", like=-_floor),
    ],
    note="for small rates it goes with η/B: halve the rate or double the batch",
)


def _parts(theta: Any, features: Any, targets: Any, sizes: Any) -> list[Any]:
    ends = np.cumsum(sizes)
    rows = [np.arange(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    return [_gradient(theta, features, targets, part) for part in rows]


@function(
    "batches/accumulate",
    inputs=[
        (_RNG.normal(size=3), *_DATA, [4, 2, 1]),
        (_RNG.normal(size=3), *_DATA, [1, 6]),
        (_RNG.normal(size=3), *_DATA, [2, 2, 3]),
    ],
    mistakes=[
        Mistake(
            "Still the mean of means: a row in a small part counts for more than one in a large.",
            like=lambda theta, x, y, sizes: np.mean(
                [g / b for g, b in zip(_parts(theta, x, y, sizes), sizes, strict=True)], axis=0
            ),
        ),
        Mistake(
            "The sum of the means: it grows with the number of parts.",
            like=lambda theta, x, y, sizes: np.sum(
                [g / b for g, b in zip(_parts(theta, x, y, sizes), sizes, strict=True)], axis=0
            ),
        ),
        Mistake(
            "Now every row counts the same, but you return the sum: divide by the rows.",
            like=lambda theta, x, y, sizes: np.sum(_parts(theta, x, y, sizes), axis=0),
        ),
        Mistake(
            "Every row counts the same now, but you divide by the number of parts.",
            like=lambda theta, x, y, sizes: np.mean(_parts(theta, x, y, sizes), axis=0),
        ),
        Mistake(
            "You divide twice: each part is divided by its size already.",
            like=lambda theta, x, y, sizes: (
                np.sum(
                    [g / b for g, b in zip(_parts(theta, x, y, sizes), sizes, strict=True)], axis=0
                )
                / sum(sizes)
            ),
        ),
        Mistake(
            "You return the last part's gradient: the others are lost.",
            like=lambda theta, x, y, sizes: _parts(theta, x, y, sizes)[-1] / sizes[-1],
        ),
    ],
)
def accumulated(theta: Any, features: Any, targets: Any, sizes: Any) -> Any:
    """Return the gradient over all rows, computed in parts of the given sizes."""
    return np.sum(_parts(theta, features, targets, sizes), axis=0) / sum(sizes)


ROWS, CLOSE = 4000, 1e-3
LINES = [(2.0, 1.0, 0.5, 11), (-1.5, 0.5, 0.4, 12), (0.7, -2.0, 0.5, 13)]
SHORT = Mistake(f"Your run used up all its {ROWS} rows before it arrived.")
WHOLE = Mistake("A batch has a whole number of rows, at least one.")
FAR = Mistake("Your line is not yet close enough: its cost is more than 0.001 above the least.")


class CountedRows:
    """The rows of a problem in a random order: each mean gradient takes the next ones."""

    def __init__(self, problem: LeastSquares, seed: int) -> None:
        self.problem, self.seen = problem, 0
        self.order = np.random.default_rng(seed).permutation(problem.rows)

    def gradient(self, theta: Any, size: Any) -> Any:
        """Return the mean gradient over the next `size` rows, and count them."""
        if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
            raise NotYet(WHOLE.message)
        if self.seen + size > self.problem.rows:
            raise NotYet(SHORT.message)
        self.seen += int(size)
        return self.problem.gradient(theta, self.order[self.seen - size : self.seen])


@challenge("batches/fewest-rows", par=2400, mistakes=[SHORT, WHOLE, FAR], unit="rows")
def fewest_rows(answer: Any) -> float:
    """Count the rows that three lines take until each is close to the best."""
    check_callable(answer, lambda gradient, start: start, 2)
    seen = 0
    for slope, intercept, noise, seed in LINES:
        problem = noisy_line(ROWS, slope=slope, intercept=intercept, noise=noise, seed=seed)
        rows = CountedRows(problem, seed)
        end = call(answer, rows.gradient, np.zeros(2))
        if not _close(problem, end):
            raise NotYet(FAR.message)
        seen += rows.seen
    return seen


def _close(problem: LeastSquares, end: Any) -> bool:
    try:
        gap = problem.value(end) - problem.value(problem.minimum)
    except (TypeError, ValueError, OverflowError):
        raise NotYet("Your function has to return intercept and slope, two numbers.") from None
    return bool(np.ndim(gap) == 0 and gap <= CLOSE)
