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
        x = x.sum(axis=tuple(range(x.ndim - like.ndim)))
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
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(part, (list, np.ndarray)) for part in parts)


def reshaped(x: Any, shape: Any) -> Any:
    """Arrange the numbers in a shape."""
    return x.reshape(shape)


def shaped_as(x: Any, like: Any) -> Any:
    """Arrange the numbers in another array's shape."""
    return x.reshape(like.shape)


def transposed(x: Any) -> Any:
    """Reverse the axes."""
    return x.T


def swapped(x: Any) -> Any:
    """Swap the last two axes."""
    return x.mT
