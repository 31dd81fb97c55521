"""Checks of chapter 17: networks, their slopes, their starts and their sharpness."""

from __future__ import annotations

from typing import Any

import numpy as np

from gdlib.exercises.kinds import choice, function, value
from gdlib.exercises.registry import Mistake

value(
    "network/count",
    1210,
    rtol=0,
    mistakes=[
        Mistake("The biases are missing: one for each unit.", like=1184),
        Mistake("That is the number of units; each pair of them has a weight.", like=90),
        Mistake("Only the hidden layer has its biases.", like=1200),
        Mistake("Only the output has its biases.", like=1194),
        Mistake("That is the first layer alone.", like=1040),
        Mistake("The inputs have no biases: they compute nothing.", like=1274),
        Mistake("The layers are chained: no weight leads from inputs to outputs.", like=10250),
        Mistake("That is the network of the digits, with 32 hidden units.", like=2410),
        Mistake("Half the units, but the output has all its biases.", like=1205),
    ],
)

_RNG = np.random.default_rng(17)
_LAYERS = [
    (_RNG.normal(size=(rows, n)), _RNG.normal(size=(n, m)), _RNG.normal(size=(rows, m)))
    for rows, n, m in ((5, 3, 2), (4, 2, 6), (7, 4, 1))
]


@function(
    "network/slopes",
    inputs=_LAYERS,
    mistakes=[
        Mistake(
            "The slope of b has a row for each row of the batch. All rows share one b: add up.",
            like=lambda x, w, z_bar: (z_bar @ w.T, x.T @ z_bar, z_bar),
        ),
        Mistake(
            "The slopes of b are averaged; they add up. The mean over rows is in z_bar already.",
            like=lambda x, w, z_bar: (z_bar @ w.T, x.T @ z_bar, z_bar.mean(axis=0)),
        ),
        Mistake(
            "The slopes of the weights are averaged; they add up. "
            "The mean over rows is in z_bar already.",
            like=lambda x, w, z_bar: (z_bar @ w.T, x.T @ z_bar / len(x), z_bar.sum(axis=0)),
        ),
        Mistake(
            "The slopes of b are added up over the units; add them up over the rows.",
            like=lambda x, w, z_bar: (z_bar @ w.T, x.T @ z_bar, z_bar.sum(axis=1)),
        ),
        Mistake(
            "The slope of the weights is transposed: it has their shape.",
            like=lambda x, w, z_bar: (z_bar @ w.T, z_bar.T @ x, z_bar.sum(axis=0)),
        ),
        Mistake(
            "All three are right, and in another order: x, weights, b.",
            like=lambda x, w, z_bar: (x.T @ z_bar, z_bar.sum(axis=0), z_bar @ w.T),
        ),
        Mistake(
            "The weights' slopes stand first; return those of x, weights, b.",
            like=lambda x, w, z_bar: (x.T @ z_bar, z_bar @ w.T, z_bar.sum(axis=0)),
        ),
        Mistake(
            "The slopes of b are the sums of z_bar over the rows, and are missing.",
            like=lambda x, w, z_bar: (z_bar @ w.T, x.T @ z_bar),
        ),
    ],
)
def slopes(x: Any, w: Any, z_bar: Any) -> Any:
    """Return the slopes with respect to the input, the weights and the bias of a layer."""
    return z_bar @ w.T, x.T @ z_bar, z_bar.sum(axis=0)


@function(
    "network/spread",
    inputs=[(8,), (50,), (256,)],
    mistakes=[
        Mistake("Still the old code: that is the variance.", like=lambda n: 2 / n),
        Mistake(
            "That is the start of variance 1/n, which a ReLU halves at every layer.",
            like=lambda n: np.sqrt(1 / n),
        ),
        Mistake("The n belongs under the root as well.", like=lambda n: np.sqrt(2) / n),
        Mistake("The signal would grow: divide by n.", like=lambda n: np.sqrt(2 * n)),
        Mistake("That is the inverse.", like=lambda n: np.sqrt(n / 2)),
        Mistake("That is the square of the variance; its root is wanted.", like=lambda n: 4 / n**2),
    ],
    note="the variance is 2/n, its root the scale",
)
def spread(n: Any) -> Any:
    """Return the standard deviation of He's start."""
    return np.sqrt(2 / n)


choice(
    "network/alike",
    answer="c",
    why_not={
        "a": "The slopes are the same for all units, but they are not 0: the weights are not.",
        "b": "Waiting does not help: what would ever make two equal units different?",
        "d": "It runs at small rates, as other costs do. Ask what such a network can say.",
    },
    note="equal units get equal slopes",
)

value(
    "network/clock",
    float(np.log(3e6 - 1) / 6),
    mistakes=[
        Mistake("The start is under a logarithm: it does not scale the time.", like=1334.339),
        Mistake("Twice as many powers of ten, but s is in the logarithm, too.", like=2.668678),
        Mistake("Divide by 2s, not by s.", like=4.9714),
        Mistake("Divide by 2s, not by 2.", like=7.457),
        Mistake("That is the old time; the smaller start waits longer.", like=1.3343),
    ],
    note="a thousandth of the start costs ln(1000)/6 more",
)

value(
    "network/halve",
    50,
    mistakes=[
        Mistake("The edge was at 25 for the old rate. It moves.", like=25),
        Mistake("The other way round: a smaller rate is stable on steeper ground.", like=12.5),
        Mistake("That is the rate now; the sharpness is asked for.", like=0.04),
        Mistake("That was the rate; the sharpness is asked for.", like=0.08),
        Mistake("The edge goes with 1/η, not with 1/η².", like=100),
    ],
)


@function(
    "network/filter",
    inputs=[
        (_RNG.normal(size=9), _RNG.normal(size=7)),
        (_RNG.normal(size=12), _RNG.normal(size=8)),
        (_RNG.normal(size=6), _RNG.normal(size=4)),
    ],
    mistakes=[
        Mistake(
            "That is the other sum, with one of the two turned round: the slopes in reverse.",
            like=lambda x, y_bar: np.convolve(x, y_bar, mode="valid"),
        ),
        Mistake(
            "The right numbers, in reverse: the first belongs to the first weight.",
            like=lambda x, y_bar: np.correlate(x, y_bar, mode="valid")[::-1],
        ),
        Mistake(
            "The slopes are averaged over the places; they add up.",
            like=lambda x, y_bar: np.correlate(x, y_bar, mode="valid") / len(y_bar),
        ),
        Mistake(
            "Too many: only places at which the filter lies within x count.",
            when=lambda result, x, y_bar: np.size(result) > len(x) - len(y_bar) + 1,
        ),
    ],
)
def filter_slopes(x: Any, y_bar: Any) -> Any:
    """Return the slopes of a filter's weights."""
    return np.correlate(x, y_bar, mode="valid")
