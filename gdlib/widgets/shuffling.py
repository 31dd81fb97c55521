"""The order in which rows are drawn, by a generator so small that the browser has the same one.

Not for statistics: for two programs that must shuffle alike from one small seed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

WORD = 0xFFFFFFFF


def uniforms(seed: int) -> Iterator[float]:
    """Yield numbers on [0, 1) by mulberry32 (T. Ettinger 2017, public domain), 32 bits of state."""
    state = seed & WORD
    while True:
        state = (state + 0x6D2B79F5) & WORD
        t = ((state ^ (state >> 15)) * (state | 1)) & WORD
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & WORD)) & WORD
        yield (t ^ (t >> 14)) / 2**32


def order(rows: int, epochs: int, seed: int, *, replacement: bool) -> NDArray[np.int_]:
    """Return the rows in the order in which they are seen, of shape (epochs · rows,).

    Without replacement every epoch is a new shuffle (Fisher and Yates, from the last place down);
    with it, each row is drawn from all.
    """
    draw = uniforms(seed)
    if replacement:
        return np.array([int(next(draw) * rows) for _ in range(epochs * rows)], dtype=int)
    return np.concatenate([_shuffled(rows, draw) for _ in range(epochs)])


def _shuffled(rows: int, draw: Iterator[float]) -> NDArray[np.int_]:
    places = np.arange(rows)
    for last in range(rows - 1, 0, -1):
        other = int(next(draw) * (last + 1))
        places[[last, other]] = places[[other, last]]
    return places


def batch_ends(rows: int, epochs: int, batch_size: int) -> NDArray[np.int_]:
    """Return how many rows have been seen when each batch is full; an epoch's last may be small."""
    within = np.minimum(np.arange(batch_size, rows + batch_size, batch_size), rows)
    return (np.arange(epochs)[:, None] * rows + within).ravel()
