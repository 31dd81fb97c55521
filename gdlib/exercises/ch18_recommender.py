"""Checks of chapter 18: tables with gaps as products of two matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from gdlib.exercises.challenges import challenge
from gdlib.exercises.kinds import check_callable, choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call
from gdlib.exercises.symbolic import expression

value(
    "recommender/numbers",
    14_125,
    rtol=0,
    mistakes=[
        Mistake("That is every product; what is stored are the vectors alone.", like=350_000),
        Mistake("That is the table itself, without any vectors.", like=70_000),
        Mistake("The statements have vectors, too.", like=14_000),
        Mistake("That is how many vectors there are; each holds five numbers.", like=2825),
    ],
    note="a fifth of the table's 70 000 entries",
)


def _errors(U: Any, V: Any, table: Any, shown: Any) -> Any:
    return np.where(shown, U @ V.T - table, 0)


_RNG = np.random.default_rng(18)
_CASES = [
    (
        _RNG.normal(size=(people, rank)),
        _RNG.normal(size=(items, rank)),
        _RNG.normal(size=(people, items)),
        _RNG.random((people, items)) < 0.6,
        alpha,
    )
    for people, items, rank, alpha in ((4, 3, 2, 0.5), (3, 5, 1, 2.0), (5, 4, 3, 1.5))
]


@function(
    "recommender/slopes",
    inputs=_CASES,
    mistakes=[
        Mistake(
            "The gaps count as answers: an error belongs only where `shown` is true.",
            like=lambda U, V, table, shown, alpha: (
                (U @ V.T - table) @ V + alpha * U,
                (U @ V.T - table).T @ U + alpha * V,
            ),
        ),
        Mistake(
            "The penalty's part is missing.",
            like=lambda U, V, table, shown, alpha: (
                _errors(U, V, table, shown) @ V,
                _errors(U, V, table, shown).T @ U,
            ),
        ),
        Mistake(
            "The penalty is halved in the cost, so its slope is alpha times the factor, not twice.",
            like=lambda U, V, table, shown, alpha: (
                _errors(U, V, table, shown) @ V + 2 * alpha * U,
                _errors(U, V, table, shown).T @ U + 2 * alpha * V,
            ),
        ),
        Mistake(
            "Twice too much: the cost has a half in front.",
            like=lambda U, V, table, shown, alpha: (
                2 * (_errors(U, V, table, shown) @ V + alpha * U),
                2 * (_errors(U, V, table, shown).T @ U + alpha * V),
            ),
        ),
        Mistake(
            "The signs are those of a step downhill; the slope itself is wanted.",
            like=lambda U, V, table, shown, alpha: (
                -(_errors(U, V, table, shown) @ V + alpha * U),
                -(_errors(U, V, table, shown).T @ U + alpha * V),
            ),
        ),
        Mistake(
            "Both are right, and in the wrong order: first by U, then by V.",
            like=lambda U, V, table, shown, alpha: (
                _errors(U, V, table, shown).T @ U + alpha * V,
                _errors(U, V, table, shown) @ V + alpha * U,
            ),
        ),
        Mistake(
            "Return two things, the slope by U and the slope by V, with a comma between them.",
            when=lambda result, *_: not isinstance(result, tuple),
        ),
    ],
)
def slopes(U: Any, V: Any, table: Any, shown: Any, alpha: Any) -> Any:
    """Return the gradient of the cost by U and by V."""
    E = _errors(U, V, table, shown)
    return E @ V + alpha * U, E.T @ U + alpha * V


def _gappy(items: int, gaps: int) -> Any:
    answers = _RNG.normal(size=items)
    answers[_RNG.permutation(items)[:gaps]] = np.nan
    return answers


_NEW = [
    (_RNG.normal(size=(items, rank)), _gappy(items, gaps), alpha)
    for items, rank, gaps, alpha in ((6, 2, 2, 0.5), (5, 1, 1, 2.0), (8, 3, 3, 1.5))
]


def _ridge(rows: Any, values: Any, alpha: Any) -> Any:
    return np.linalg.solve(rows.T @ rows + alpha * np.eye(rows.shape[1]), rows.T @ values)


def _known(answers: Any) -> Any:
    return ~np.isnan(answers)


@function(
    "recommender/newcomer",
    inputs=_NEW,
    mistakes=[
        Mistake(
            "The gaps count as answers of 0. Leave their statements out of V as well.",
            like=lambda V, answers, alpha: _ridge(V, np.nan_to_num(answers), alpha),
        ),
        Mistake(
            "The penalty is missing: with few answers, the vector becomes huge.",
            like=lambda V, answers, alpha: _ridge(V[_known(answers)], answers[_known(answers)], 0),
        ),
        Mistake(
            "Alpha is added to every entry; it belongs on the diagonal, times the identity.",
            like=lambda V, answers, alpha: np.linalg.solve(
                V[_known(answers)].T @ V[_known(answers)] + alpha,
                V[_known(answers)].T @ answers[_known(answers)],
            ),
        ),
        Mistake(
            "Those are the guesses; the person's vector is wanted.",
            like=lambda V, answers, alpha: (
                V @ _ridge(V[_known(answers)], answers[_known(answers)], alpha)
            ),
        ),
        Mistake(
            "There are gaps left in it: an answer that is not known may not enter a sum.",
            when=lambda result, *_: bool(np.isnan(np.asarray(result, dtype=float)).any()),
        ),
    ],
)
def newcomer(V: Any, answers: Any, alpha: Any) -> Any:
    """Return the vector of a person of whom some answers are known."""
    known = _known(answers)
    return _ridge(V[known], answers[known], alpha)


_sigma = sp.Symbol("sigma", positive=True)
expression(
    "recommender/nine-tenths",
    sp.log(9 * (100 * _sigma - 1)) / (2 * _sigma),
    variables=[_sigma],
    mistakes=[
        Mistake("That is when half is learned.", like=sp.log(100 * _sigma - 1) / (2 * _sigma)),
        Mistake(
            "That is when a tenth is learned.", like=sp.log((100 * _sigma - 1) / 9) / (2 * _sigma)
        ),
        Mistake(
            "The product of two factors grows at twice the speed of each.",
            like=sp.log(9 * (100 * _sigma - 1)) / _sigma,
        ),
        Mistake(
            "Nearly: 1 + (σ/a₀ − 1)e^(−2σt) has to be 10/9, so that the second part is a ninth.",
            like=sp.log(10 * (100 * _sigma - 1)) / (2 * _sigma),
        ),
        Mistake(
            "Nearly: that drops the 1 of σ/a₀ − 1.", like=sp.log(900 * _sigma) / (2 * _sigma)
        ),
    ],
    note="the last four tenths take ln 9 / 2σ, whatever the start",
)

choice(
    "recommender/scaled",
    answer="b",
    why_not={
        "a": "The product is the same at the start, but U's slope is half of what it was, V's is "
        "double, and so the table moves in another way.",
        "c": "Another minimum: UᵀU − VᵀV is another, and it is kept.",
        "d": "Its two parts are now four times and a quarter of what they were.",
    },
    note="the cost has the symmetry, the way that descent goes has not",
)


@function(
    "recommender/gaps",
    inputs=[
        (
            _RNG.normal(size=(people, rank)),
            _RNG.normal(size=(items, rank)),
            np.where(_RNG.random((people, items)) < 0.7, _RNG.normal(size=(people, items)), np.nan),
        )
        for people, items, rank in ((4, 3, 2), (3, 5, 1), (6, 4, 2))
    ],
    mistakes=[
        Mistake(
            "Still the old code: it learns that whatever nobody answered is 0.",
            like=lambda U, V, table: np.sum((U @ V.T - np.nan_to_num(table)) ** 2) / 2,
        ),
        Mistake(
            "A gap makes the whole sum a gap: leave it out before you add up.",
            when=lambda result, *_: bool(np.isnan(result)),
        ),
        Mistake(
            "Half of the sum is wanted, not their mean.",
            like=lambda U, V, table: np.nanmean((U @ V.T - table) ** 2) / 2,
        ),
        Mistake(
            "The half in front is missing.",
            like=lambda U, V, table: np.nansum((U @ V.T - table) ** 2),
        ),
    ],
)
def gaps(U: Any, V: Any, table: Any) -> Any:
    """Return half the sum of the squared errors of the entries that are known."""
    return np.nansum((U @ V.T - table) ** 2) / 2


def _hidden(seed: int) -> tuple[Any, Any]:
    """Return a table with gaps, and what stands in them; NaN elsewhere."""
    rng = np.random.default_rng(seed)
    full = rng.normal(size=(60, 3)) @ rng.normal(size=(3, 20)) + rng.normal(size=20)
    full = full + 0.3 * rng.normal(size=full.shape)
    known = rng.random(full.shape) < 0.5
    return np.where(known, full, np.nan), np.where(known, np.nan, full)


@challenge("recommender/fill", par=40, unit="% of the spread missed", seconds=10.0)
def fill(answer: Any) -> float:
    """Measure by how much three tables are missed, in per cent of what their columns' means miss."""
    check_callable(answer, lambda table: None, 1)
    worst = 0.0
    for seed in range(3):
        table, hidden = _hidden(seed)
        try:
            filled = np.asarray(call(answer, table), dtype=float)
        except (TypeError, ValueError, OverflowError):
            raise NotYet("Your function has to return a table of numbers.") from None
        if filled.shape != table.shape:
            raise NotYet("Your function has to return a table of the same shape.")
        if not np.isfinite(filled).all():
            raise NotYet("Your function has to fill every gap with a finite number.")
        by_mean = hidden - np.nanmean(table, axis=0)
        missed = np.nanmean((filled - hidden) ** 2) / np.nanmean(by_mean**2)
        worst = max(worst, 100 * float(np.sqrt(missed)))
    return float(np.ceil(worst))
