"""How finely the numbers of a run are known: by their type, by their bits, or as they are printed.

A training loop in single precision, or one that prints four decimals, has ripples of its own that
mean nothing; whatever is smaller than they are is not judged.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DOUBLE, SINGLE = (float(np.finfo(kind).eps) for kind in (np.float64, np.float32))
ULPS = 512.0
"""Sums over rows and layers lose some hundreds of units in the last place: 1e−13 of J in double
precision, 6e−5 in single."""
SAFE = 1e3
"""Differences of so many units in the last place have three digits left."""
PRINTED = range(1, 8)
"""Decimals to which training loops round what they print."""


def epsilon(given: Any, numbers: Array | None = None) -> float:
    """Return the relative rounding of numbers, as they came and, if they were not yet, as read.

    A single-precision number that became a Python float ends in 29 zero bits. Numbers of few
    digits, such as 0 and ½, are exact in any type and tell nothing.
    """
    kind = getattr(given, "dtype", None)
    if isinstance(kind, np.dtype) and kind.kind == "f" and kind.itemsize < 8:
        return float(np.finfo(kind).eps)
    read = given if numbers is None else numbers
    finite = read[np.isfinite(read)]
    with np.errstate(all="ignore"):
        single = (finite == finite.astype(np.float32)).all()
        short = (finite == finite.astype(np.float16)).all()
    return SINGLE if single and not short else DOUBLE


def unit(losses: Array) -> float:
    """Return the last decimal of losses that were rounded to a few, or 0."""
    finite = losses[np.isfinite(losses)]
    if not finite.size or np.abs(finite).max() > 1e8:
        return 0.0
    for decimals in PRINTED:
        if (np.round(finite, decimals) == finite).all():
            return float(10.0**-decimals)
    return 0.0
