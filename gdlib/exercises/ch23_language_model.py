"""Checks of chapter 23: bits, attention, and what a race of rules says."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from gdlib.exercises.kinds import choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.symbolic import expression

value(
    "language-model/bits",
    2.25,
    mistakes=[
        Mistake("That is the sum of the four; what is it for each sign?", like=9.0),
        Mistake("Take the mean of the bits, not the bits of the mean.", like=2.0),
        Mistake("That is in units of ln: divide by ln 2.", like=2.25 * np.log(2)),
        Mistake("A probability below 1 costs something: a minus sign is missing.", like=-2.25),
    ],
    note="1, 2, 3 and 3 bits",
)

choice(
    "language-model/mask",
    answer="b",
    why_not={
        "a": "Descent takes whatever lowers the cost. What does the sign at the next place tell?",
        "c": "It learned no page by heart. On a held-out page the next sign stands there, too.",
        "d": "It can do more than before, not less.",
    },
    note="a leak: the answer stands among the questions",
)

_s1, _s2 = sp.symbols("s1 s2", real=True)
_p2 = sp.exp(_s2) / (sp.exp(_s1) + sp.exp(_s2))
expression(
    "language-model/slope",
    _p2,
    variables=[_s1, _s2],
    interval=(-2.0, 2.0),
    mistakes=[
        Mistake("That is the slope along s1, the score of the sign that came.", like=_p2 * -1),
        Mistake("That is the probability of the other sign.", like=1 - _p2),
        Mistake("That is the slope of p₁, not that of its cost.", like=-_p2 * (1 - _p2)),
        Mistake("That is in bits; the exercise has ln.", like=_p2 / sp.log(2)),
    ],
    note="p₂: what is expected and does not come is pushed down",
)

_RNG = np.random.default_rng(23)
_CASES = [tuple(_RNG.normal(size=(2, m, d))) for m, d in ((3, 4), (1, 2), (5, 9))]


def _weights(
    queries: Any, keys: Any, *, power: float = 0.5, mask: bool = True, axis: int = 1
) -> Any:
    scores = queries @ keys.T / queries.shape[1] ** power
    if mask:
        scores = np.where(np.triu(np.ones_like(scores), 1) > 0, -np.inf, scores)
    powers = np.exp(scores)
    return powers / powers.sum(axis=axis, keepdims=True)


def _late(queries: Any, keys: Any) -> Any:
    return np.tril(_weights(queries, keys, mask=False))


@function(
    "language-model/weights",
    inputs=_CASES,
    mistakes=[
        Mistake("Scores are not divided.", like=lambda q, k: _weights(q, k, power=0.0)),
        Mistake("Divide by the root of d, not by d.", like=lambda q, k: _weights(q, k, power=1.0)),
        Mistake("Places see what comes after them.", like=lambda q, k: _weights(q, k, mask=False)),
        Mistake("The mask comes after the softmax: rows no longer add up to 1.", like=_late),
        Mistake(
            "Columns add up to 1; rows must: those of the place that looks.",
            like=lambda q, k: _weights(q, k, axis=0),
        ),
        Mistake(
            "Queries and keys have changed places: row i is that of query i.",
            like=lambda q, k: _weights(k, q),
        ),
    ],
    note="the first place can look at itself alone: its weight is 1",
)
def weights(queries: Any, keys: Any) -> Any:
    """Return the weights of attention, one row for each place that looks."""
    return _weights(queries, keys)


@function(
    "language-model/normal",
    inputs=[(_RNG.normal(size=(3, 4)),), (np.array([[3.0, 4.0]]),), (_RNG.normal(size=(2, 7)),)],
    mistakes=[
        Mistake(
            "Rows have the length 1; their mean square must be 1.",
            like=lambda x: x / np.linalg.norm(x, axis=1, keepdims=True),
        ),
        Mistake(
            "The root is missing: that divides by the mean square.",
            like=lambda x: x / (x**2).mean(axis=1, keepdims=True),
        ),
        Mistake("Each row has a mean of its own.", like=lambda x: x / np.sqrt((x**2).mean())),
        Mistake(
            "That is the mean of each column; a place is a row.",
            like=lambda x: x / np.sqrt((x**2).mean(axis=0)),
        ),
        Mistake(
            "No mean is taken out here: that is another norm, LayerNorm.",
            like=lambda x: (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True),
        ),
    ],
    note="a factor on a row changes nothing",
)
def normal(x: Any) -> Any:
    """Return rows whose mean square is 1."""
    return x / np.sqrt((x**2).mean(axis=1, keepdims=True))


_OUTSIDE, _BLOCK = 28 * 64 + 32 * 64 + 64 * 28, 4 * 64**2 + 2 * 64 * 128
value(
    "language-model/numbers",
    float(_OUTSIDE + 3 * _BLOCK),
    rtol=0,
    mistakes=[
        Mistake("That is one block; there are three.", like=float(_OUTSIDE + _BLOCK)),
        Mistake(
            "The vectors of signs and places and the last matrix are missing.", like=3.0 * _BLOCK
        ),
        Mistake("The last matrix is missing.", like=float(_OUTSIDE - 64 * 28 + 3 * _BLOCK)),
        Mistake("The vectors of places are missing.", like=float(_OUTSIDE - 32 * 64 + 3 * _BLOCK)),
        Mistake(
            "There are four square matrices: query, key, value, and one behind them.",
            like=float(_OUTSIDE + 3 * (_BLOCK - 64**2)),
        ),
        Mistake(
            "The ReLUs have two matrices: into them, and back.",
            like=float(_OUTSIDE + 3 * (_BLOCK - 64 * 128)),
        ),
    ],
    note="95 of 100 of them are in the blocks",
)

value(
    "language-model/saving",
    1000 / 840,
    mistakes=[
        Mistake("That is the factor in steps; each takes longer.", like=1000 / 700),
        Mistake("Its steps take longer: that makes the saving smaller.", like=1200 / 700),
        Mistake("That is the time as a share; the factor is its inverse.", like=0.84),
    ],
    note="1.43 in steps, 1.19 in time",
)
