"""Checks of chapter 16: regression on tables, its units, its penalties and its classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from gdlib.exercises.challenges import challenge
from gdlib.exercises.kinds import check_callable, choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call
from gdlib.exercises.symbolic import expression

value(
    "regression/grams",
    1_000_000,
    rtol=0,
    mistakes=[
        Mistake("That is the factor on the column; the curvature has its square.", like=1000),
        Mistake("That is the factor on the weight at the minimum.", like=0.001),
        Mistake("The numbers grow, and so do their squares.", like=1e-6),
    ],
    note="and κ may change by as much",
)


def _scaled(train: Any, new: Any) -> Any:
    return (new - train.mean(axis=0)) / train.std(axis=0)


_RNG = np.random.default_rng(16)
_TABLES = [
    (
        _RNG.normal(3, 2, (rows, columns)) * 10.0 ** np.arange(columns),
        _RNG.normal(4, 1, (few, columns)) * 10.0 ** np.arange(columns),
    )
    for rows, columns, few in ((6, 2, 3), (9, 3, 2), (7, 1, 4))
]


@function(
    "regression/leak",
    inputs=_TABLES,
    mistakes=[
        Mistake(
            "The new rows are scaled by their own mean and spread: the model has not learned "
            "its weights in these units.",
            like=lambda train, new: _scaled(new, new),
        ),
        Mistake(
            "The new rows have a part in the mean and the spread: the model was trained without "
            "them.",
            like=lambda train, new: _scaled(np.vstack([train, new]), new),
        ),
        Mistake(
            "One mean and one spread for the whole table: each column has its own.",
            like=lambda train, new: (new - train.mean()) / train.std(),
        ),
        Mistake(
            "You divide by the variance; its root is the spread.",
            like=lambda train, new: (new - train.mean(axis=0)) / train.var(axis=0),
        ),
        Mistake(
            "The mean is still in it.",
            like=lambda train, new: new / train.std(axis=0),
        ),
        Mistake(
            "The spread is still in it.",
            like=lambda train, new: new - train.mean(axis=0),
        ),
        Mistake("Return the new rows, not the old ones.", like=lambda t, new: _scaled(t, t)),
        Mistake(
            "That spread divides by N − 1; the chapter's, and NumPy's `std`, by N.",
            like=lambda train, new: (new - train.mean(axis=0)) / train.std(axis=0, ddof=1),
        ),
    ],
    note="means and spreads are part of the model",
)
def scaled(train: Any, new: Any) -> Any:
    """Return new rows in the units of the training rows."""
    return _scaled(train, new)


def _chance(theta: Any, features: Any) -> Any:
    return 1 / (1 + np.exp(-features @ theta))


def _gradient(theta: Any, features: Any, labels: Any, alpha: Any) -> Any:
    slopes = features.T @ (_chance(theta, features) - labels)
    return slopes / len(labels) + alpha * theta


_CASES = [
    (
        _RNG.normal(size=columns),
        _RNG.normal(size=(rows, columns)),
        1.0 * (_RNG.random(rows) < 0.5),
        alpha,
    )
    for rows, columns, alpha in ((5, 2, 0.3), (8, 3, 0.1), (4, 1, 0.7))
]


@function(
    "regression/gradient",
    inputs=_CASES,
    mistakes=[
        Mistake(
            "σ is missing: that is the gradient of least squares.",
            like=lambda theta, features, labels, alpha: (
                features.T @ (features @ theta - labels) / len(labels) + alpha * theta
            ),
        ),
        Mistake(
            "The sum over the rows is not divided by their number.",
            like=lambda theta, features, labels, alpha: (
                features.T @ (_chance(theta, features) - labels) + alpha * theta
            ),
        ),
        Mistake(
            "All is divided by the number of rows, the penalty too; it stands outside the mean.",
            like=lambda theta, features, labels, alpha: (
                (features.T @ (_chance(theta, features) - labels) + alpha * theta) / len(labels)
            ),
        ),
        Mistake(
            "The penalty's part is missing.",
            like=lambda theta, features, labels, alpha: _gradient(theta, features, labels, 0),
        ),
        Mistake(
            "The penalty has a half in it, and its derivative does not.",
            like=lambda theta, features, labels, alpha: _gradient(
                theta, features, labels, alpha / 2
            ),
        ),
        Mistake(
            "The penalty pulls the wrong way: its gradient is +αθ.",
            like=lambda theta, features, labels, alpha: _gradient(theta, features, labels, -alpha),
        ),
        Mistake(
            "That is minus the gradient: a step against it would climb.",
            like=lambda theta, features, labels, alpha: -_gradient(theta, features, labels, alpha),
        ),
        Mistake(
            "σ has a minus sign in its exponent: yours is the chance of a 0.",
            like=lambda theta, features, labels, alpha: (
                features.T @ (_chance(-theta, features) - labels) / len(labels) + alpha * theta
            ),
        ),
        Mistake(
            "σ is turned into right or wrong: keep the chance itself.",
            like=lambda theta, features, labels, alpha: (
                features.T @ ((features @ theta > 0) - labels) / len(labels) + alpha * theta
            ),
        ),
        Mistake(
            "The factor σ(1 − σ) does not belong here: the log loss cancels it. It does in the "
            "squared error of the chances.",
            like=lambda theta, features, labels, alpha: (
                features.T
                @ (
                    (_chance(theta, features) - labels)
                    * _chance(theta, features)
                    * (1 - _chance(theta, features))
                )
                / len(labels)
                + alpha * theta
            ),
        ),
    ],
)
def log_loss_gradient(theta: Any, features: Any, labels: Any, alpha: Any) -> Any:
    """Return the gradient of the penalised mean log loss."""
    return _gradient(theta, features, labels, alpha)


_eta, _lam, _k = sp.symbols("eta lamda k", positive=True)
expression(
    "regression/share",
    1 - (1 - _eta * _lam) ** _k,
    variables=[_eta, _lam, _k],
    interval=(0.2, 0.9),
    mistakes=[
        Mistake("That is the share that is left.", like=(1 - _eta * _lam) ** _k),
        Mistake(
            "That is the flow, the limit of small rates: at a finite rate the power stays.",
            like=1 - sp.exp(-_eta * _lam * _k),
        ),
        Mistake(
            "That is ridge's, with α = 1/ηk: near, but not the same.",
            like=_lam / (_lam + 1 / (_eta * _k)),
        ),
        Mistake("The steps get shorter on the way: the first covers ηλ.", like=_eta * _lam * _k),
        Mistake("That is one step's share; take k of them.", like=_eta * _lam),
        Mistake(
            "That grows beyond 1: each step multiplies what is left.",
            like=1 - (1 - _eta) ** (_lam * _k),
        ),
    ],
    note="steep directions first",
)


def _best(costs: Any, patience: int) -> int:
    best = 0
    for k, cost in enumerate(costs):
        if cost < costs[best]:
            best = k
        elif k - best >= patience:
            break
    return best


def _ended(costs: Any, patience: int) -> int:
    best = 0
    for k, cost in enumerate(costs):
        if cost < costs[best]:
            best = k
        elif k - best >= patience:
            return k
    return len(costs) - 1


def _neighbours(costs: Any, patience: int) -> int:
    waited, k = 0, 0
    for k in range(1, len(costs)):
        waited = waited + 1 if costs[k] >= costs[k - 1] else 0
        if waited >= patience:
            break
    return k


def _neighbours_best(costs: Any, patience: int) -> int:
    return int(np.argmin(costs[: _neighbours(costs, patience) + 1]))


def _late(costs: Any, patience: int) -> int:
    best = 0
    for k, cost in enumerate(costs):
        if cost <= costs[best]:
            best = k
        elif k - best >= patience:
            break
    return best


_COSTS = [
    ([5.0, 4.0, 3.0, 3.5, 3.2, 3.4, 3.1, 2.0, 1.0], 3),
    ([5.0, 4.0, 3.0, 3.5, 3.2, 3.4, 3.1, 2.0, 2.5], 5),
    ([2.0, 3.0, 4.0, 1.0], 2),
    ([9.0, 8.0, 7.0, 6.0], 2),
    ([3.0, 2.0, 2.0, 2.0, 1.0], 2),
    ([4.0, 3.0, 5.0, 6.0, 2.0, 7.0], 2),
]


@function(
    "regression/patience",
    inputs=_COSTS,
    mistakes=[
        Mistake(
            "That is the number of the last step. Keep the best one, and return that.", like=_ended
        ),
        Mistake(
            "Still the old code: it compares neighbours, and returns the last step.",
            like=_neighbours,
        ),
        Mistake(
            "It compares neighbours: compare with the lowest so far, wherever that was.",
            like=_neighbours_best,
        ),
        Mistake(
            "The run never ends: with so much patience, the lowest of all is found.",
            like=lambda costs, patience: int(np.argmin(costs)),
        ),
        Mistake(
            "It waits one step too long.",
            like=lambda costs, patience: _best(costs, patience + 1),
        ),
        Mistake(
            "It loses patience one step too soon.",
            like=lambda costs, patience: _best(costs, patience - 1),
        ),
        Mistake(
            "Return the number of the best step, not its cost.",
            like=lambda costs, patience: costs[_best(costs, patience)],
        ),
        Mistake(
            "An equal cost is no new lowest one: of two equal costs the first counts.",
            like=_late,
        ),
    ],
)
def best_step(costs: Any, patience: int) -> int:
    """Return the number of the step whose parameters are kept."""
    return _best(costs, patience)


choice(
    "regression/report",
    answer="c",
    why_not={
        "a": "The fit was made on them: its error there is low whatever it has learned.",
        "b": "The penalty was chosen on them, as the lowest of fifty, so this is low by luck, too.",
        "d": "The lowest of fifty again, and now the test rows are used up.",
    },
    note="rows on which nothing was chosen",
)


BUDGET = 5000


def _table(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return 200 rows of 6 columns in units of their own, and targets."""
    rng = np.random.default_rng(seed)
    mix = np.eye(6) + 0.3 * rng.normal(size=(6, 6))
    plain = rng.normal(size=(200, 6)) @ mix
    features = (plain + rng.uniform(-3, 3, 6)) * 10.0 ** rng.permutation(np.linspace(-3, 3, 6))
    return features, plain @ rng.normal(size=6) + 0.5 * rng.normal(size=200) + rng.normal()


def _counted(targets: np.ndarray, asked: list[int]) -> Callable[[Any, Any], np.ndarray]:
    """Return the gradient that a reader is given; each call counts."""

    def gradient(table: Any, theta: Any) -> np.ndarray:
        asked.append(1)
        if len(asked) > BUDGET:
            raise NotYet(f"Your fit used up its budget of {BUDGET} gradients before it arrived.")
        x = np.asarray(table, dtype=float)
        return np.asarray(x.T @ (x @ np.asarray(theta, dtype=float) - targets) / len(targets))

    return gradient


def _seven(theta: Any) -> np.ndarray:
    try:
        numbers = np.array(theta, dtype=float)
    except (TypeError, ValueError, OverflowError):
        numbers = np.empty(0)
    if numbers.shape != (7,) or not np.isfinite(numbers).all():
        raise NotYet("Your function has to return seven numbers: six weights, the intercept.")
    return numbers


@challenge("regression/fit", par=400)
def fit(answer: Any) -> float:
    """Measure the gradients that fit three tables in units of their own."""
    check_callable(answer, lambda features, targets, gradient: None, 3)
    asked: list[int] = []
    for seed in range(3):
        features, targets = _table(seed)
        theta = call(answer, features, targets, _counted(targets, asked))
        ones = np.column_stack([features, np.ones(len(features))])
        left = ones @ _seven(theta) - targets
        scaled_too = np.column_stack([_scaled(features, features), np.ones(len(features))])
        least = scaled_too @ np.linalg.lstsq(scaled_too, targets)[0] - targets
        if not left @ left <= 1.0001 * (least @ least):
            raise NotYet("Your weights do not fit each table to 1.0001 times the least cost.")
    return float(len(asked))
