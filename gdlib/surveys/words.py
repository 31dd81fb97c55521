"""Numbers and points as a survey says them: three digits, and none that is only rounding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

SHOWN = 6
"""Coordinates of a point that are said; of a longer one the first few."""


def number(x: float) -> str:
    """Return a number with three digits: 2,510 and 0.00399, 1.2e-07 and 3e+08."""
    rounded = float(f"{x:.3g}") + 0.0
    return f"{rounded:,.6g}" if 1e-4 <= abs(rounded) < 1e6 or not rounded else f"{rounded:.3g}"


def value(x: float) -> str:
    """Return a value of J, 0 where it is only rounding."""
    return number(0.0 if abs(x) < 1e-12 else x)


def point(coordinates: Iterable[float], size: float = 1.0) -> str:
    """Return a point between parentheses; what is a billionth of `size` or less is 0."""
    x = np.asarray(list(coordinates), float)
    x = np.where(np.abs(x) <= 1e-9 * size, 0.0, x)
    more = ", …" if len(x) > SHOWN else ""
    return f"({', '.join(map(number, x[:SHOWN].tolist()))}{more})"


def times(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: 1 minimum, 1,200 rows."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def listed(words: Sequence[str]) -> str:
    """Return names between quotes, the first dozen of them."""
    more = f" and {len(words) - 12} more" if len(words) > 12 else ""
    return ", ".join(f"“{short(word)}”" for word in words[:12]) + more


def short(name: str) -> str:
    """Return a column's name in one line, cut where it is long."""
    name = " ".join(name.split()) or "(no name)"
    return name if len(name) <= 40 else f"{name[:39]}…"
