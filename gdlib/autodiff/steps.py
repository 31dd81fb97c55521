"""What a tape's steps do to arrays, where NumPy has no function of that form.

Each has beside it what brings slopes back through it: a sum repeats them, a part puts them back.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def summed(x: Any, axis: Any, keepdims: bool) -> Any:
    """Add up all numbers, or those along an axis."""
    return x.sum(axis=axis, keepdims=keepdims)


def averaged(x: Any, axis: Any, keepdims: bool) -> Any:
    """Return the mean of all numbers, or of those along an axis."""
    total = summed(x, axis, keepdims)
    return total / ratio(x, total)


def repeated(g: Any, like: Any, axis: Any, keepdims: bool) -> Any:
    """Give each number of an array that of its sum."""
    out = np.empty(like.shape)
    out[...] = g if axis is None or keepdims else np.expand_dims(g, axis)
    return out


def largest(x: Any, axis: Any, keepdims: bool) -> Any:
    """Return the largest of all numbers, or of those along an axis."""
    return x.max(axis=axis, keepdims=keepdims)


def ratio(x: Any, like: Any) -> float:
    """Return how many numbers of x there are for one of another array."""
    return float(x.size / like.size)


def fitted(x: Any, like: Any) -> Any:
    """Give x another array's shape: add up where x has more numbers, repeat where it has fewer.

    What broadcasting repeats is used several times, so slopes with respect to it add up.
    """
    if x.ndim > like.ndim:
        x = x.sum(axis=0 if x.ndim == like.ndim + 1 else tuple(range(x.ndim - like.ndim)))
    if x.shape == like.shape:
        return x
    ones = tuple(i for i in range(-x.ndim, 0) if like.shape[i] == 1 != x.shape[i])
    x = x.sum(axis=ones, keepdims=True) if ones else x
    return x if x.shape == like.shape else np.broadcast_to(x, like.shape)


def taken(x: Any, index: Any) -> Any:
    """Take a part."""
    return x[index]


def put(g: Any, like: Any, index: Any) -> Any:
    """Put a part back among zeros; numbers add up where a place was taken several times."""
    if may_repeat(index):
        places = np.arange(like.size).reshape(like.shape)[index]
        return np.bincount(places.ravel(), np.ravel(g), like.size).reshape(like.shape)
    back = np.zeros(like.shape)
    back[index] = g
    return back


def may_repeat(index: Any) -> bool:
    """Tell whether an index may name a place several times."""
    if type(index) is slice or type(index) is int:
        return False
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(part, (list, np.ndarray)) for part in parts)


def reshaped(x: Any, shape: Any) -> Any:
    """Arrange the numbers in a shape."""
    return x.reshape(shape)


def shaped_as(x: Any, like: Any) -> Any:
    """Arrange the numbers in another array's shape."""
    return x.reshape(like.shape)


def unchanged(x: Any) -> Any:
    """Return x."""
    return x


def transposed(x: Any) -> Any:
    """Reverse the axes."""
    return x.T


def swapped(x: Any) -> Any:
    """Swap the last two axes."""
    return x.mT


def spectral_power(x: Any, exponent: float) -> Any:
    """Return a power of a symmetric matrix; of eigenvalues that are 0 but for rounding, 0."""
    if not np.isfinite(x).all():
        return np.full(x.shape, np.nan)
    values, vectors = np.linalg.eigh(x)
    least = len(values) * np.finfo(float).eps * np.abs(values).max(initial=0.0)
    powers = np.where(values > least, np.maximum(values, np.finfo(float).tiny) ** exponent, 0.0)
    return (vectors * powers) @ vectors.T


def eigenvectors(x: Any) -> Any:
    """Return the orthonormal eigenvectors of a symmetric matrix as columns, eigenvalues rising."""
    if not np.isfinite(x).all():
        return np.full(x.shape, np.nan)
    return np.linalg.eigh(x)[1]
