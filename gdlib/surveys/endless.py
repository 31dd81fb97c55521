"""Costs without a lowest value: what the curvatures of a quadratic prove."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib.landscapes import Landscape
from gdlib.surveys import curvature
from gdlib.surveys.words import point

Array = NDArray[np.float64]


def proven(cost: Landscape) -> str | None:
    """Say along which direction a quadratic falls without end; None if it does not."""
    values, directions, slopes = curvature.axes(cost)
    if values[0] < 0:
        way = _signed(directions[:, 0], slopes[0])
        return f"along {way} J curves down everywhere, so it falls without end"
    falls = np.where(values == 0, slopes, 0)
    if falls.any():
        way = _signed(directions @ falls / float(np.linalg.norm(falls)), 1.0)
        return f"along {way} J falls at a constant slope, without end"
    return None


def _signed(direction: Array, slope: float) -> str:
    """Say a direction, the way down; where both are, the one whose first part is above 0."""
    if slope > 0 or (slope == 0 and direction[np.flatnonzero(direction)[0]] < 0):
        direction = -direction
    return point(direction)
