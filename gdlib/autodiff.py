"""Reverse-mode automatic differentiation of NumPy code, short enough to be read as chapter 17 does.

A `Var` is an array that remembers what it was computed from. `backward` walks back along that
memory, from the result to the inputs, and adds up what each of them did.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike, NDArray

from gdlib import checks

Array = NDArray[np.float64]
Pull = Callable[[Array], Array]
"""From the slope of the result with respect to an output to that with respect to an input."""

_order = count()


class Var(NDArrayOperatorsMixin):
    """An array, and for each array that it was computed from how slopes come back to it."""

    def __init__(self, value: ArrayLike, inputs: tuple[tuple[Var, Pull], ...] = ()) -> None:
        self.value = np.asarray(value, dtype=float)
        self.inputs = inputs
        self.order = next(_order)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return self.value.shape

    @property
    def T(self) -> Var:  # noqa: N802 (NumPy's name)
        """The transpose."""
        return Var(self.value.T, ((self, np.transpose),))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **more: Any) -> Any:
        """Compute `np.exp(var)`, `2 * var` and the like, and remember how."""
        if method != "__call__" or more or ufunc not in SLOPES:
            return NotImplemented
        values = [one.value if isinstance(one, Var) else np.asarray(one) for one in inputs]
        out = ufunc(*values)

        def pulled(slope: Callable[..., Array], like: Array) -> Pull:
            return lambda g: _fitted(slope(g, out, *values), like)

        known = zip(inputs, SLOPES[ufunc], values, strict=True)
        return Var(out, tuple((x, pulled(s, v)) for x, s, v in known if isinstance(x, Var)))

    def __getitem__(self, index: Any) -> Var:
        """Take a part; slopes go back to their places, and add up where one is taken twice."""

        def pull(g: Array) -> Array:
            back = np.zeros_like(self.value)
            np.add.at(back, index, g)
            return back

        return Var(self.value[index], ((self, pull),))

    def reshape(self, *shape: Any) -> Var:
        """Arrange the numbers anew."""
        return Var(self.value.reshape(*shape), ((self, lambda g: g.reshape(self.shape)),))

    def sum(self, axis: Any = None, keepdims: bool = False, **_numpys: Any) -> Var:
        """Add up all numbers, or those along an axis: each has the slope of its sum."""

        def pull(g: Array) -> Array:
            g = g if axis is None or keepdims else np.expand_dims(g, axis)
            return np.broadcast_to(g, self.shape)

        return Var(self.value.sum(axis=axis, keepdims=keepdims), ((self, pull),))

    def mean(self, axis: Any = None, keepdims: bool = False, **_numpys: Any) -> Var:
        """Return the mean of all numbers, or along an axis."""
        total = self.sum(axis, keepdims)
        return total * (total.value.size / self.value.size)


def _fitted(g: Array, like: Array) -> Array:
    """Add a slope up over what broadcasting repeated, until it has the shape of its input."""
    if g.shape == like.shape:
        return g
    g = g.sum(axis=tuple(range(g.ndim - like.ndim)))
    repeated = tuple(i for i, size in enumerate(like.shape) if size == 1 != g.shape[i])
    return g.sum(axis=repeated, keepdims=True) if repeated else g


def _left(g: Array, _out: Array, x: Array, y: Array) -> Array:
    """Return the slope with respect to X of X @ Y: G Yᵀ."""
    if y.ndim == 1:
        return np.multiply.outer(g, y)
    return y @ g if x.ndim == 1 else g @ np.swapaxes(y, -1, -2)


def _right(g: Array, _out: Array, x: Array, y: Array) -> Array:
    """Return the slope with respect to Y of X @ Y: Xᵀ G."""
    if x.ndim == 1:
        return np.multiply.outer(x, g)
    return g @ x if y.ndim == 1 else np.swapaxes(x, -1, -2) @ g


SLOPES: dict[np.ufunc, tuple[Callable[..., Array], ...]] = {
    np.add: (lambda g, o, x, y: g, lambda g, o, x, y: g),
    np.subtract: (lambda g, o, x, y: g, lambda g, o, x, y: -g),
    np.multiply: (lambda g, o, x, y: g * y, lambda g, o, x, y: g * x),
    np.divide: (lambda g, o, x, y: g / y, lambda g, o, x, y: -g * o / y),
    np.power: (lambda g, o, x, y: g * y * x ** (y - 1), lambda g, o, x, y: g * o * np.log(x)),
    np.matmul: (_left, _right),
    np.maximum: (lambda g, o, x, y: g * (x >= y), lambda g, o, x, y: g * (x < y)),
    np.logaddexp: (
        lambda g, o, x, y: g * np.exp(x - o),
        lambda g, o, x, y: g * np.exp(y - o),
    ),
    np.negative: (lambda g, o, x: -g,),
    np.exp: (lambda g, o, x: g * o,),
    np.log: (lambda g, o, x: g / x,),
    np.sqrt: (lambda g, o, x: g / (2 * o),),
    np.tanh: (lambda g, o, x: g * (1 - o * o),),
    np.sin: (lambda g, o, x: g * np.cos(x),),
    np.cos: (lambda g, o, x: -g * np.sin(x),),
    np.abs: (lambda g, o, x: g * np.sign(x),),
}
"""The chain rule, one line an operation: from the slope g of its result o to those of its inputs."""


def backward(result: Var) -> dict[int, Array]:
    """Return the slope of a result with respect to all that it was computed from, by `order`.

    What was computed last comes first: its slope is whole before it is passed on.
    """
    slopes = {result.order: np.ones_like(result.value)}
    waiting = [(-result.order, result)]
    while waiting:
        _, now = heappop(waiting)
        for one, pull in now.inputs:
            back = pull(slopes[now.order])
            if one.order in slopes:
                slopes[one.order] = slopes[one.order] + back
            else:
                slopes[one.order] = back
                heappush(waiting, (-one.order, one))
    return slopes


def value_and_grad(f: Callable[[Any], Any]) -> Callable[[ArrayLike], tuple[float, Array]]:
    """Return a function θ ↦ (f(θ), ∇f(θ)), which is what `descend` takes.

    Parameters
    ----------
    f
        A function of one array that returns one number, written with NumPy: `+ - * / ** @`,
        `np.exp`, `log`, `sqrt`, `tanh`, `sin`, `cos`, `abs`, `maximum`, `sum`, `mean`, `reshape`,
        `.T` and parts `θ[i]`.

    Raises
    ------
    TypeError, ValueError
        `f` is no function; later, where it is called: an operation without a line above, or a
        result that is not one number.
    """
    checks.function("f", f, "a function of an array that returns one number")

    def both(theta: ArrayLike) -> tuple[float, Array]:
        point = Var(theta)
        result = f(point)
        if not isinstance(result, Var):
            return float(result), np.zeros(point.shape)
        if result.value.size != 1:
            raise ValueError(f"f must return one number, not an array of shape {result.shape}")
        slope = backward(result).get(point.order)
        return float(result.value), np.zeros(point.shape) if slope is None else np.array(slope)

    return both


def grad(f: Callable[[Any], Any]) -> Callable[[ArrayLike], Array]:
    """Return the gradient of a function of one array, as a function: see `value_and_grad`."""
    both = value_and_grad(f)
    return lambda theta: both(theta)[1]
