"""Check a gradient against differences of the cost itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Method = Literal["central", "complex"]

BEST_STEP = {"central": float(np.finfo(float).eps) ** (1 / 3), "complex": 1e-200}
"""The default h, relative to max(1, |θᵢ|): where the error of a central difference is least; the
complex step subtracts nothing, so there any tiny number will do."""


def numerical_gradient(
    f: Callable[[Any], Any], x: ArrayLike, *, h: float | None = None, method: Method = "central"
) -> Array:
    """Estimate the gradient of a function of θ without differentiating it.

    Parameters
    ----------
    f
        θ ↦ J(θ), one number. For the complex step it must accept complex θ.
    x
        The point, an array of any shape.
    h
        The width of the difference; by default ε^(1/3)·max(1, |θᵢ|) (central) or 1e−200 (complex).
    method
        "central": (J(θ + h) − J(θ − h)) / 2h; "complex": Im J(θ + ih) / h
        (Squire & Trapp 1998, doi:10.1137/S003614459631241X).

    Returns
    -------
    array of the shape of `x`

    Raises
    ------
    ValueError
        An unknown method, h ≤ 0, a point that is not finite, or a cost that is not one number.
    """
    if method not in BEST_STEP:
        raise ValueError(f'method must be "central" or "complex", not {method!r}')
    if h is not None and not 0 < h < np.inf:
        raise ValueError(f"h must be positive and finite, not {h!r}")
    point = np.asarray(x, dtype=float)
    if not np.isfinite(point).all():
        raise ValueError("the point must be finite; it holds NaN or infinity")
    difference = _central if method == "central" else _complex
    gradient = np.empty(point.shape)
    for i in np.ndindex(point.shape):
        width = h or BEST_STEP[method] * max(1.0, abs(float(point[i])))
        gradient[i] = difference(f, point, i, width)
    return gradient


def _central(f: Callable[[Any], Any], point: Array, i: tuple[int, ...], h: float) -> float:
    up, down = point.copy(), point.copy()
    up[i] += h
    down[i] -= h
    # The difference that the floats really have, not the one that was asked for.
    return float((_one(f(up)) - _one(f(down))).real / (up[i] - down[i]))


def _complex(f: Callable[[Any], Any], point: Array, i: tuple[int, ...], h: float) -> float:
    shifted = point.astype(complex)
    shifted[i] += 1j * h
    return float(_one(f(shifted)).imag / h)


def _one(value: Any) -> complex:
    number = np.asarray(value)
    if number.size != 1:
        raise ValueError(f"the cost must be one number, not an array of shape {number.shape}")
    return complex(number.reshape(())[()])
