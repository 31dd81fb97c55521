"""The chain rule, one line an operation.

From g, the slope of f with respect to an operation's output o, to those with respect to its inputs.
The arrays may be Vars of another tape: then second derivatives are written down.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gdlib.autodiff import steps
from gdlib.autodiff.var import RULES, Var, record

__all__ = ["RULES"]


def fit(g: Any, like: Any) -> Any:
    """Return a slope in the shape of the input that it belongs to."""
    plain = type(g) is not Var
    return g if plain and g.shape == like.shape else record(steps.fitted, g, like)


def _left(g: Any, _out: Any, x: Any, y: Any) -> Any:
    """Return the slope with respect to X of X @ Y, which is G Yᵀ; a vector X is a row."""
    if y.ndim == 1:
        return fit(g[..., None] * y, x)
    return fit(g @ y.mT if x.ndim > 1 else (y @ g[..., None])[..., 0], x)


def _right(g: Any, _out: Any, x: Any, y: Any) -> Any:
    """Return the slope with respect to Y of X @ Y, which is Xᵀ G; a vector Y is a column."""
    if y.ndim == 1:
        return g * x if x.ndim == 1 else g @ x if x.ndim == 2 else fit(x * g[..., None], y)
    if x.ndim == 1:
        return fit(x[:, None] * g[..., None, :], y)
    if x.ndim > 2 == y.ndim:  # one product of long matrices, not many of short ones
        return x.reshape(-1, x.shape[-1]).mT @ g.reshape(-1, g.shape[-1])
    return fit(x.mT @ g, y)


def _largest(g: Any, out: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Share a slope among those numbers that are the largest."""
    most = (x == record(steps.repeated, out, x, axis, keepdims)) * 1.0
    return most * record(
        steps.repeated, g / record(steps.summed, most, axis, keepdims), x, axis, keepdims
    )


FLAT: tuple[Any, ...] = (
    *(np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal),
    *(np.sign, steps.ratio, steps.unchanged),
    *(steps.spectral_power, steps.eigenvectors),
)
"""Steps without a slope: what they return jumps, counts, or is told to be a constant.

The last two have slopes, but stand in update rules alone, which nobody differentiates.
"""

RULES |= {
    np.add: (
        lambda g, o, x, y: fit(g, x),
        lambda g, o, x, y: fit(g, y),
    ),
    np.subtract: (
        lambda g, o, x, y: fit(g, x),
        lambda g, o, x, y: fit(-g, y),
    ),
    np.multiply: (
        lambda g, o, x, y: fit(g * y, x),
        lambda g, o, x, y: fit(g * x, y),
    ),
    np.divide: (
        lambda g, o, x, y: fit(g / y, x),
        lambda g, o, x, y: fit(-g * o / y, y),
    ),
    np.power: (
        lambda g, o, x, y: fit(g * y * x ** (y - (y != 0)), x),
        lambda g, o, x, y: fit(g * o * np.log(np.where(x == 0, 1, x)), y),
    ),
    np.matmul: (_left, _right),
    # At a tie the first has the slope: np.maximum(0, s) has none at s = 0,
    # as elsewhere a ReLU.
    np.maximum: (
        lambda g, o, x, y: fit(g * (x >= y), x),
        lambda g, o, x, y: fit(g * (x < y), y),
    ),
    np.minimum: (
        lambda g, o, x, y: fit(g * (x <= y), x),
        lambda g, o, x, y: fit(g * (x > y), y),
    ),
    np.logaddexp: (
        lambda g, o, x, y: fit(g * np.exp(x - o), x),
        lambda g, o, x, y: fit(g * np.exp(y - o), y),
    ),
    np.where: (
        None,
        lambda g, o, mask, x, y: fit(np.where(mask, g, 0), x),
        lambda g, o, mask, x, y: fit(np.where(mask, 0, g), y),
    ),
    np.negative: (lambda g, o, x: -g,),
    np.square: (lambda g, o, x: g * (2 * x),),
    np.exp: (lambda g, o, x: g * o,),
    np.log: (lambda g, o, x: g / x,),
    np.log1p: (lambda g, o, x: g / (1 + x),),
    np.sqrt: (lambda g, o, x: g / (2 * o),),
    np.tanh: (lambda g, o, x: g * (1 - o * o),),
    np.sin: (lambda g, o, x: g * np.cos(x),),
    np.cos: (lambda g, o, x: -g * np.sin(x),),
    np.absolute: (lambda g, o, x: g * np.sign(x),),
    steps.summed: (lambda g, o, x, axis, keepdims: record(steps.repeated, g, x, axis, keepdims),),
    steps.averaged: (
        lambda g, o, x, axis, keepdims: record(
            steps.repeated, g / record(steps.ratio, x, o), x, axis, keepdims
        ),
    ),
    steps.repeated: (
        lambda g, o, x, like, axis, keepdims: record(steps.summed, g, axis, keepdims),
    ),
    steps.largest: (_largest,),
    steps.fitted: (lambda g, o, x, like: fit(g, x),),
    steps.taken: (lambda g, o, x, index: record(steps.put, g, x, index),),
    steps.put: (lambda g, o, x, like, index: g[index],),
    steps.reshaped: (lambda g, o, x, shape: record(steps.shaped_as, g, x),),
    steps.shaped_as: (lambda g, o, x, like: record(steps.shaped_as, g, x),),
    steps.transposed: (lambda g, o, x: g.T,),
    steps.swapped: (lambda g, o, x: g.mT,),
    **dict.fromkeys(FLAT, ()),
}
