"""How finely a cost is known, and on what length it is smooth: from its values on short stretches.

Differences of high order leave rounding and little that is smooth (Moré & Wild 2011,
doi:10.1137/100786125). Where smooth curvature is left, it loses more with each further order than
rounding does, and 10⁴ on a tenth of the length.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from gdlib.diagnosis.precision import DOUBLE
from gdlib.finite_differences import best_width, precision

COARSE = 1e-3
"""With fewer digits than three, a wider difference would leave the neighbourhood."""
SHORTER = tuple(0.1**k for k in range(7))
"""So much shorter stretches are tried: costs have features that are small beside θ, or beside 1."""
ALIKE = 10.0
"""Scatters within this factor of each other are the same rounding."""
APART = 6
"""Values this part of a difference's width apart lie along a little more than it."""
CURVED = 0.05
"""Sixth differences over fourth, each as a standard deviation: 1 in rounding. Of a sine it is
0.28·(ωs)² at a stride s, so this wants 15 points a period."""


class Stretch(NamedTuple):
    """Nine values in a row: their digits, level, and scatter by fourth and sixth differences."""

    digits: float
    level: float
    fourth: float
    sixth: float

    @property
    def curved(self) -> bool:
        """Whether the scatter is smooth curvature, seen well above rounding."""
        return self.fourth > ALIKE * self.digits and self.sixth < CURVED * self.fourth


def resolution(along: Callable[[float], float], known: Any, size: float) -> tuple[float, float]:
    """Return the rounding of a cost, absolute, and the width of differences that suits it.

    Its type says its rounding, or its digits, also those of `known`, one of its values. Costs that
    lose digits on the way betray it by their scatter.
    """
    rounding = _rounding(along, known, size)
    for share in SHORTER:
        width = size * share * best_width(min(rounding, COARSE))
        seen = _stretch(along, known, width / APART)
        if not seen.fourth > ALIKE * rounding:
            break
    return max(rounding, seen.fourth) * seen.level, width


def _rounding(along: Callable[[float], float], known: Any, size: float) -> float:
    """Return the relative scatter of a cost, of which all that is curvature was taken out."""
    found, curved = np.nan, False
    for share in SHORTER:
        seen = _stretch(along, known, size * share * best_width(DOUBLE) / APART)
        if np.isnan(found) or (curved and not seen.curved):
            found = max(seen.digits, seen.fourth)
        if (curved and not seen.curved) or not seen.fourth > ALIKE * seen.digits:
            break
        curved = seen.curved
    return found


def _stretch(along: Callable[[float], float], known: Any, stride: float) -> Stretch:
    values = [along(i * stride) for i in range(9)]
    level = max(float(np.abs(values).max()), float(np.finfo(float).tiny))
    # Differences of order k of white noise have (2k)!/(k!)² times its variance.
    fourth, sixth = (
        float(np.sqrt((np.diff(values, k) ** 2).mean() / math.comb(2 * k, k))) / level
        for k in (4, 6)
    )
    return Stretch(precision(known, *values), level, fourth, sixth)
