"""A digit drawn by hand, brought into the form of scikit-learn's digits: 8 × 8 counts from 0 to 16.

Those were bitmaps of 32 × 32 pixels, in which every digit reaches from the top to the bottom and
has about the same number of black pixels, a thin one too: 312, give or take 34. Blocks of 4 × 4
pixels were then counted (Alpaydin & Kaynak 1998, doi:10.24432/C50P49). A drawing is scaled to such
a bitmap, drawn with the pen that makes it as black, and counted; `digit-pad/drawing.ts` does the
same, bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Strokes = Sequence[Sequence[Sequence[float]]]

PIXELS, BLOCK = 32, 4
WIDEST = 20
"""Pixels: how wide a digit may be."""
BLACK = 312
"""Pixels of a bitmap that are black, on average."""
TALLER = 3
"""How much more the height may be magnified than the width: a dash must not become a 1."""
PENS = np.arange(4, 29) / 4
"""Radii of the pens to choose from, in pixels."""


def counts(strokes: Strokes) -> NDArray[np.int_]:
    """Return how many of its 16 pixels are black in each block, shape (8, 8)."""
    blocks = bitmap(strokes).reshape(PIXELS // BLOCK, BLOCK, PIXELS // BLOCK, BLOCK)
    return np.asarray(blocks.sum(axis=(1, 3)))


def bitmap(strokes: Strokes) -> NDArray[np.bool_]:
    """Draw strokes of points (x to the right, y down) with the thinnest pen that is black enough.

    Shape (32, 32), the top row first.
    """
    drawn = np.zeros((PIXELS, PIXELS), bool)
    if not any(len(stroke) for stroke in strokes):
        return drawn
    for pen in PENS:
        drawn = _drawn(_scaled(strokes, pen), pen)
        if np.count_nonzero(drawn) >= BLACK:
            break
    return drawn


def _scaled(strokes: Strokes, pen: float) -> list[Array]:
    """Scale strokes so that, with the pen's thickness, they fill the height; squeeze what is wide.

    What is narrow keeps its proportions: a 1 stays thin.
    """
    points = np.concatenate([np.asarray(stroke, float) for stroke in strokes if len(stroke)])
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.maximum(high - low, 1e-9)
    across, down = (np.array([WIDEST, PIXELS]) - 2 * pen) / span
    scale = np.array([min(across, down), min(down, TALLER * across)])
    middle = (low + high) / 2
    return [
        (np.asarray(stroke, float) - middle) * scale + PIXELS / 2
        for stroke in strokes
        if len(stroke)
    ]


def _drawn(strokes: list[Array], pen: float) -> NDArray[np.bool_]:
    """Blacken the pixels whose middle is within a pen's radius of a stroke."""
    middles = np.arange(PIXELS) + 0.5
    x, y = middles[None, :], middles[:, None]
    black = np.zeros((PIXELS, PIXELS), bool)
    for stroke in strokes:
        ends = stroke[1:] if len(stroke) > 1 else stroke  # a dot is a stroke that goes nowhere
        for (ax, ay), (bx, by) in zip(stroke, ends, strict=False):
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            along = (x - ax) * dx + (y - ay) * dy
            share = np.clip(along / length, 0, 1) if length > 0 else 0 * along
            u, v = x - ax - share * dx, y - ay - share * dy
            black |= u * u + v * v <= pen * pen
    return black
