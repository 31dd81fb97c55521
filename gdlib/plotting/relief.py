"""The heights of a landscape on a grid, their colours, and the levels worth a line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from gdlib import checks
from gdlib.landscapes import Landscape
from gdlib.plotting.theme import PALETTE, check_landscape

Array = NDArray[np.float64]
Bounds = Sequence[Sequence[float]]
MOST_LEVELS = 1000

MAP = LinearSegmentedColormap.from_list("landscape", PALETTE["figure"]["map"])
"""Low ground dark, high ground pale."""


def sample(
    landscape: Landscape, bounds: Bounds | None, count: int
) -> tuple[tuple[Array, Array], Array]:
    """Evaluate a landscape on a grid: the two axes, and the heights of shape (count, count)."""
    check_landscape(landscape, 2)
    box = checks.bounds("bounds", landscape.bounds if bounds is None else bounds, 2)
    x, y = (np.linspace(low, high, count) for low, high in box)
    heights = landscape.value(np.stack(np.meshgrid(x, y), axis=-1))
    return (x, y), np.ma.masked_invalid(heights)


def levels_at(heights: Array, wanted: int | Sequence[float]) -> Array:
    """Choose round levels, even in a power of the height above the lowest point.

    The power is the one that puts half of the lines into the lower half of the area.
    """
    if not isinstance(wanted, (int, np.integer)):
        given = checks.array("levels", wanted)
        if given.ndim != 1 or not len(given) or not (np.diff(given) > 0).all():
            raise ValueError(
                f"levels must be a whole number or rising values, not {checks.shown(wanted)}"
            )
        return given
    wanted = checks.count("levels", wanted, at_least=1, at_most=MOST_LEVELS)
    if not np.ma.count(heights):
        return np.empty(0)
    low, middle, high, top = np.quantile(np.ma.compressed(heights), (0, 0.5, 0.985, 1))
    if not high > low:
        return np.empty(0)
    power = np.clip(np.log((middle - low) / (high - low) + 1e-6) / np.log(0.5), 1, 6)
    raw = low + (high - low) * (np.arange(1, wanted + 2) / (wanted + 0.5)) ** power
    rounded = np.unique([_round(a, min(b - a, a - low)) for a, b in pairwise(raw)])
    return np.asarray(rounded[(rounded > low) & (rounded < top)])


def _round(level: float, gap: float) -> float:
    """Round to a multiple of 1, 2 or 5 times a power of ten that is at most half of the gap."""
    power = 10.0 ** np.floor(np.log10(gap / 2))
    unit = max(u for u in (1, 2, 5) if u == 1 or u * power <= gap / 2) * power
    return float(f"{np.round(level / unit) * unit:.12g}") + 0.0  # no minus before zero


def brief(value: float) -> str:
    """Write a level briefly: powers of ten for the very large and the very small."""
    if value and not 1e-3 <= abs(value) < 1e5:
        exponent = int(np.floor(np.log10(abs(value)) + 1e-9))
        return f"${value / 10.0**exponent:.3g}\\cdot 10^{{{exponent}}}$"
    return f"{value:g}".replace("-", "−")
