"""Checks of chapter 19: word vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from gdlib.exercises.kinds import choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.symbolic import expression

value(
    "words/score",
    float(np.log(2)),
    mistakes=[
        Mistake("That is the ratio; the score is its logarithm.", like=2),
        Mistake("That is the PMI; the random words are drawn K times as often.", like=np.log(8)),
        Mistake("K divides: more random words make a true pair less likely.", like=np.log(32)),
        Mistake("Take the natural logarithm.", among=(1, np.log10(2))),
        Mistake("That is the share of true pairs; which score says it?", like=2 / 3),
        Mistake("The pair is true more often than not: the score is positive.", like=-np.log(2)),
    ],
    note="PMI minus ln K",
)

choice(
    "words/never",
    answer="c",
    why_not={
        "a": "At 0 the pair is held to be true one time in two; but it is never true, only drawn.",
        "b": "That is the score of a pair that meets as often as by chance; this one never does.",
        "d": "It is drawn at random, too, and each time it is drawn its score goes down.",
    },
    note="a valley without a floor: short vectors or a penalty put one in",
)


def _chance(n: Any) -> Any:
    return np.outer(n.sum(axis=1), n.sum(axis=0)) / n.sum()


_RNG = np.random.default_rng(19)
_TABLES = [(_RNG.integers(1, 40, (size, size)) * 1.0, k) for size, k in ((2, 2), (3, 5), (4, 3))]


@function(
    "words/shifted",
    inputs=_TABLES,
    mistakes=[
        Mistake("The shift is missing: subtract ln K.", like=lambda n, k: np.log(n / _chance(n))),
        Mistake(
            "Subtract ln K: random words make a score lower.",
            like=lambda n, k: np.log(n / _chance(n)) + np.log(k),
        ),
        Mistake(
            "K itself is subtracted; its logarithm belongs there.",
            like=lambda n, k: np.log(n / _chance(n)) - k,
        ),
        Mistake(
            "Take the natural logarithm, of n / m and of K.",
            like=lambda n, k: np.log2(n / _chance(n) / k),
        ),
        Mistake(
            "The two sums have swapped places: rows are words, columns their neighbours.",
            like=lambda n, k: np.log(n / _chance(n).T) - np.log(k),
        ),
        Mistake(
            "m must add up to as much as n: divide the product of the sums by the sum of all.",
            like=lambda n, k: np.log(n / (_chance(n) * n.sum())) - np.log(k),
        ),
        Mistake(
            "That is the ratio; the score is its logarithm.", like=lambda n, k: n / _chance(n) / k
        ),
    ],
)
def shifted(n: Any, negatives: Any) -> Any:
    """Return the table of shifted pointwise mutual information."""
    return np.log(n / _chance(n)) - np.log(negatives)


_u, _v = sp.symbols("u v", real=True)
expression(
    "words/slope",
    -_v / (1 + sp.exp(_u * _v)),
    variables=[_u, _v],
    mistakes=[
        Mistake(
            "Down is along v: the slope of a true pair is negative.",
            like=_v / (1 + sp.exp(_u * _v)),
        ),
        Mistake(
            "That is the slope along s; the chain rule wants ∂s/∂u, too.",
            like=-1 / (1 + sp.exp(_u * _v)),
        ),
        Mistake(
            "That is the slope of a drawn pair, whose cost is ln(1 + eˢ).",
            like=_v / (1 + sp.exp(-_u * _v)),
        ),
        Mistake("That is the slope with respect to v.", like=-_u / (1 + sp.exp(_u * _v))),
        Mistake(
            "That is σ(s) where 1 − σ(s) belongs: a pair that is sure has no slope left.",
            like=-_v / (1 + sp.exp(-_u * _v)),
        ),
    ],
    note="(σ(s) − 1) v",
)


def _off(u: Any, v: Any, true: Any) -> Any:
    return 1 / (1 + np.exp(-(u @ v))) - true


def _step(u: Any, v: Any, true: Any, rate: Any) -> Any:
    off = _off(u, v, true)
    return u - rate * off * v, v - rate * off * u


def _one_after_the_other(u: Any, v: Any, true: Any, rate: Any) -> Any:
    new = u - rate * _off(u, v, true) * v
    return new, v - rate * _off(u, v, true) * new


def _in_turn(u: Any, v: Any, true: Any, rate: Any) -> Any:
    new = u - rate * _off(u, v, true) * v
    return new, v - rate * _off(new, v, true) * new


_PAIRS = [
    (_RNG.normal(size=size), _RNG.normal(size=size), true, rate)
    for size, true, rate in ((2, 1, 0.5), (3, 0, 0.3), (4, 1, 1.0))
]


@function(
    "words/step",
    inputs=_PAIRS,
    mistakes=[
        Mistake(
            "The new u is in the step of v: both slopes belong to the old point.",
            like=_one_after_the_other,
        ),
        Mistake(
            "You step twice, the second time from the new u: take both slopes at the old point.",
            like=_in_turn,
        ),
        Mistake(
            "Your step climbs: a minus sign is missing.",
            like=lambda u, v, true, rate: _step(u, v, true, -rate),
        ),
        Mistake(
            "The label is left out: true pairs and drawn ones would move alike.",
            like=lambda u, v, true, rate: _step(u, v, 0, rate),
        ),
        Mistake(
            "u moves along v, and v along u: each of yours moves along itself.",
            like=lambda u, v, true, rate: (
                u - rate * _off(u, v, true) * u,
                v - rate * _off(u, v, true) * v,
            ),
        ),
        Mistake(
            "The score itself is no probability: put it into the logistic function.",
            like=lambda u, v, true, rate: (
                u - rate * (u @ v - true) * v,
                v - rate * (u @ v - true) * u,
            ),
        ),
        Mistake(
            "Both vectors are right, and in the wrong order: the word first.",
            like=lambda u, v, true, rate: _step(u, v, true, rate)[::-1],
        ),
        Mistake(
            "Return two vectors, with a comma between them.",
            when=lambda result, *_: not isinstance(result, tuple),
        ),
    ],
)
def step(u: Any, v: Any, true: Any, rate: Any) -> Any:
    """Return both vectors after one step on a pair."""
    return _step(u, v, true, rate)


def _cosines(vectors: Any, i: Any) -> Any:
    rows = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return rows @ rows[i]


def _best(scores: Any, i: Any) -> int:
    return int(np.argmax(np.where(np.arange(len(scores)) == i, -np.inf, scores)))


_ROWS = [
    (np.array([[1.0, 0.2], [5.0, 4.0], [0.4, 0.0], [-3.0, -0.5], [1.0, 0.6]]), 0),
    (np.array([[0.0, 2.0], [3.0, 3.0], [-0.3, 1.5], [0.1, -2.0]]), 0),
    (np.array([[1.0, 1.0, 0.0], [0.1, 0.1, 0.02], [4.0, 2.0, 3.0], [-1.0, -1.0, 0.0]]), 0),
    (np.array([[9.0, 1.0], [0.5, 0.6], [0.7, 1.2], [2.0, 7.0], [-0.5, -0.6]]), 2),
]


@function(
    "words/nearest",
    inputs=_ROWS,
    mistakes=[
        Mistake(
            "A word is nearest to itself: leave row i out.",
            like=lambda vectors, i: int(np.argmax(_cosines(vectors, i))),
        ),
        Mistake(
            "By the product long vectors win: divide each row by its length.",
            like=lambda vectors, i: _best(vectors @ vectors[i], i),
        ),
        Mistake(
            "That is the nearest by distance; the angle does not see lengths.",
            like=lambda vectors, i: _best(-np.linalg.norm(vectors - vectors[i], axis=1), i),
        ),
        Mistake(
            "That is the row with the largest angle.",
            like=lambda vectors, i: int(np.argmin(_cosines(vectors, i))),
        ),
        Mistake(
            "An opposite direction is no near one: leave the sign as it is.",
            like=lambda vectors, i: _best(np.abs(_cosines(vectors, i)), i),
        ),
    ],
)
def nearest(vectors: Any, i: Any) -> Any:
    """Return the number of the row with the smallest angle to row i."""
    return _best(_cosines(vectors, i), i)
