"""Rows of data: what comes in, kept read-only, and which of them are meant."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks

Rows = slice | ArrayLike | None


def freeze(*arrays: NDArray[Any]) -> None:
    """Let nobody write to these arrays."""
    for array in arrays:
        array.setflags(write=False)


def choice_of_rows(rows: Any, n: int) -> Any:
    """Return a slice, a mask or numbers by which rows are chosen, or say what is wrong."""
    wanted = f"rows must be a slice, a mask of shape ({n},), or whole numbers from 0 to {n - 1}"
    if checks.is_a(rows, slice):
        try:
            rows.indices(n)
        except (TypeError, ValueError):
            raise TypeError(f"{wanted}, not {rows!r}") from None
        return rows
    checks.array("rows", rows, finite=False)  # in words what is no array of numbers
    chosen = np.asarray(rows)
    if not chosen.size:
        return np.empty(0, int)
    if chosen.ndim != 1:
        raise TypeError(f"{wanted}, not {checks.shown(rows)}")
    if chosen.dtype.kind == "b" and len(chosen) != n:
        raise ValueError(f"{wanted}, not a mask of shape {chosen.shape}")
    if chosen.dtype.kind in "iu" and (chosen.min() < 0 or chosen.max() >= n):
        strange = chosen.min() if chosen.min() < 0 else chosen.max()
        raise ValueError(f"{wanted}, not {strange}")
    if chosen.dtype.kind not in "biu":
        raise TypeError(f"{wanted}, not {checks.shown(rows)}")
    return chosen
