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


def _errors(people: Any, items: Any, table: Any, shown: Any) -> Any:
    return np.where(shown, people @ items.T - table, 0)


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
            like=lambda people, items, table, shown, alpha: (
                (people @ items.T - table) @ items + alpha * people,
                (people @ items.T - table).T @ people + alpha * items,
            ),
        ),
        Mistake(
            "Zero in place of an answer is an answer, too: where `shown` is false, the error is 0.",
            like=lambda people, items, table, shown, alpha: (
                (people @ items.T - np.where(shown, table, 0)) @ items + alpha * people,
                (people @ items.T - np.where(shown, table, 0)).T @ people + alpha * items,
            ),
        ),
        Mistake(
            "The penalty's part is missing.",
            like=lambda people, items, table, shown, alpha: (
                _errors(people, items, table, shown) @ items,
                _errors(people, items, table, shown).T @ people,
            ),
        ),
        Mistake(
            "The penalty is halved in the cost, so its slope is alpha times the factor, not twice.",
            like=lambda people, items, table, shown, alpha: (
                _errors(people, items, table, shown) @ items + 2 * alpha * people,
                _errors(people, items, table, shown).T @ people + 2 * alpha * items,
            ),
        ),
        Mistake(
            "Twice too much: the cost has a half in front.",
            like=lambda people, items, table, shown, alpha: (
                2 * (_errors(people, items, table, shown) @ items + alpha * people),
                2 * (_errors(people, items, table, shown).T @ people + alpha * items),
            ),
        ),
        Mistake(
            "The signs are those of a step downhill; the slope itself is wanted.",
            like=lambda people, items, table, shown, alpha: (
                -(_errors(people, items, table, shown) @ items + alpha * people),
                -(_errors(people, items, table, shown).T @ people + alpha * items),
            ),
        ),
        Mistake(
            "Both are right, and in the wrong order: first by people, then by items.",
            like=lambda people, items, table, shown, alpha: (
                _errors(people, items, table, shown).T @ people + alpha * items,
                _errors(people, items, table, shown) @ items + alpha * people,
            ),
        ),
        Mistake(
            "Return two things, with a comma between them: the slope by people, that by items.",
            when=lambda result, *_: not isinstance(result, tuple),
        ),
    ],
)
def slopes(people: Any, items: Any, table: Any, shown: Any, alpha: Any) -> Any:
    """Return the gradient of the cost by people and by items."""
    errors = _errors(people, items, table, shown)
    return errors @ items + alpha * people, errors.T @ people + alpha * items


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
            "The gaps count as answers of 0. Leave their statements out of items as well.",
            like=lambda items, answers, alpha: _ridge(items, np.nan_to_num(answers), alpha),
        ),
        Mistake(
            "The penalty is missing: with few answers, the vector becomes huge.",
            like=lambda items, answers, alpha: _ridge(
                items[_known(answers)], answers[_known(answers)], 0
            ),
        ),
        Mistake(
            "Alpha is added to every entry; it belongs on the diagonal, times the identity.",
            like=lambda items, answers, alpha: np.linalg.solve(
                items[_known(answers)].T @ items[_known(answers)] + alpha,
                items[_known(answers)].T @ answers[_known(answers)],
            ),
        ),
        Mistake(
            "Those are the guesses; the person's vector is wanted.",
            like=lambda items, answers, alpha: (
                items @ _ridge(items[_known(answers)], answers[_known(answers)], alpha)
            ),
        ),
        Mistake(
            "There are gaps left in it: an answer that is not known may not enter a sum.",
            when=lambda result, *_: bool(np.isnan(np.asarray(result, dtype=float)).any()),
        ),
    ],
)
def newcomer(items: Any, answers: Any, alpha: Any) -> Any:
    """Return the vector of a person of whom some answers are known."""
    known = _known(answers)
    return _ridge(items[known], answers[known], alpha)


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
        Mistake("Nearly: that drops the 1 of σ/a₀ − 1.", like=sp.log(900 * _sigma) / (2 * _sigma)),
    ],
    note="from half to nine tenths it takes ln 9 / 2σ, whatever the start",
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
            like=lambda people, items, table: (
                np.sum((people @ items.T - np.nan_to_num(table)) ** 2) / 2
            ),
        ),
        Mistake(
            "A gap makes the whole sum a gap: leave it out before you add up.",
            when=lambda result, *_: bool(np.isnan(result)),
        ),
        Mistake(
            "Half of the sum is wanted, not their mean.",
            like=lambda people, items, table: np.nanmean((people @ items.T - table) ** 2) / 2,
        ),
        Mistake(
            "The half in front is missing.",
            like=lambda people, items, table: np.nansum((people @ items.T - table) ** 2),
        ),
    ],
)
def gaps(people: Any, items: Any, table: Any) -> Any:
    """Return half the sum of the squared errors of the entries that are known."""
    return np.nansum((people @ items.T - table) ** 2) / 2


def _hidden(seed: int) -> tuple[Any, Any]:
    """Return a table with gaps, and what stands in them; NaN elsewhere."""
    rng = np.random.default_rng(seed)
    full = rng.normal(size=(60, 3)) @ rng.normal(size=(3, 20)) + rng.normal(size=20)
    full = full + 0.3 * rng.normal(size=full.shape)
    known = rng.random(full.shape) < 0.5
    return np.where(known, full, np.nan), np.where(known, np.nan, full)


@challenge("recommender/fill", par=40, unit="% of the spread missed", seconds=10.0)
def fill(answer: Any) -> float:
    """Measure by how much three tables are missed, in per cent of what columns' means miss."""
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
