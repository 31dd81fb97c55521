"""Costs without a lowest value: what the curvatures of a quadratic prove."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib.landscapes import Landscape
from gdlib.landscapes.flatness import FLAT
from gdlib.surveys.words import point

Array = NDArray[np.float64]


def proven(cost: Landscape, start: Array) -> str | None:
    """Say along which direction a quadratic falls without end; None if it does not."""
    values, directions = np.linalg.eigh(np.asarray(cost.hessian(start)))
    slope = directions.T @ np.asarray(cost.gradient(start))
    largest = float(np.abs(values).max())
    if values[0] < -FLAT * largest:
        way = _signed(directions[:, 0], slope[0])
        return f"along {way} J curves down everywhere, so it falls without end"
    flat = np.abs(values) <= FLAT * largest
    if (np.abs(slope[flat]) > FLAT * np.abs(slope).max()).any():
        way = directions[:, flat] @ slope[flat]
        way = _signed(way / np.linalg.norm(way), 1.0)
        return f"along {way} J falls at a constant slope, without end"
    return None


def _signed(direction: Array, slope: float) -> str:
    """Say a direction, the way down; where both are, the one whose first part is above 0."""
    if slope > 0 or (slope == 0 and direction[np.flatnonzero(direction)[0]] < 0):
        direction = -direction
    return point(direction)
