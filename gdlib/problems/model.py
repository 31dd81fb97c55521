"""Costs that are written in NumPy over named parameters, with the gradient of `autodiff`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.autodiff import Var, stop_gradient, value_and_grad
from gdlib.problems.linear import softplus
from gdlib.problems.problem import Problem

Array = NDArray[np.float64]


class Model(Problem):
    """A problem whose rows' costs are NumPy code in named parameters: a subclass writes it.

    The same code computes the cost from arrays and, from the `Var`s of `autodiff`, the gradient.
    """

    def predict(self, theta: ArrayLike, features: ArrayLike | None = None) -> Array:
        """Return what the model says to rows of features, of all rows if none are given."""
        point = checks.array("theta", theta, shape=(self.n,))
        rows = self.features if features is None else self._readable(features)
        with np.errstate(all="ignore"):
            return np.asarray(self.predicted(self.layout.unpack(point), rows))

    def _readable(self, features: Any) -> Array:
        """Return other rows as this model takes them, or say what is wrong with them."""
        return checks.array("features", features, shape=(None, *self.features.shape[1:]))

    def predicted(self, parameters: dict[str, Any], features: Array) -> Any:
        """Return what the model says to a batch, from arrays or `Var`s by name."""
        raise NotImplementedError

    def row_costs(self, parameters: dict[str, Any], features: Array, targets: Array) -> Any:
        """Return each row's cost ℓ, shape (B,), from arrays or `Var`s by name."""
        raise NotImplementedError

    def __call__(self, theta: Array) -> tuple[Any, Array]:
        """Return the cost and its gradient over all rows; at one point, computing it once."""
        points = self._points(theta)
        if points.ndim > 1 or checks.is_complex(points):
            return self.value(points), self.gradient(points)
        with np.errstate(all="ignore"):
            return self._both(points, self.features, self.targets)

    def mean_value(self, theta: Array, features: Array, targets: Array) -> Array:
        """Return the cost of a batch at points (..., n), one after the other, without checks."""
        points = theta.reshape(-1, self.n)
        means = np.array([self._mean(point, features, targets) for point in points])
        return self._with_penalty(theta, means.reshape(theta.shape[:-1]))

    def mean_gradient(self, theta: Array, features: Array, targets: Array) -> Array:
        """Return the gradient on a batch at points (..., n), without checks."""
        if checks.is_complex(theta):
            raise TypeError(f"the gradient of {self!r} takes real θ; its value takes complex θ too")
        points = theta.reshape(-1, self.n)
        slopes = [self._both(point, features, targets)[1] for point in points]
        return np.asarray(slopes).reshape(theta.shape)

    def _mean(self, theta: Any, features: Array, targets: Array) -> Any:
        """Return the mean of the rows' costs at one point, an array or a `Var`."""
        return self.row_costs(self.layout.unpack(theta), features, targets).mean()

    def _both(self, theta: Array, features: Array, targets: Array) -> tuple[Any, Array]:
        value, gradient = value_and_grad(lambda at: self._mean(at, features, targets))(theta)
        if self.l2:
            gradient = self._penalized(theta, gradient)
        return self._with_penalty(theta, np.asarray(value)), gradient


def classes_of(name: str, labels: Any, rows: int, classes: int) -> Array:
    """Return labels 0 … K − 1 as rows of zeros with a one, shape (N, K), or say what is wrong."""
    numbers = checks.array(name, labels, shape=(rows,))
    checks.room(f"labels of {classes:,} classes", rows * classes)
    strange = numbers[(numbers != np.floor(numbers)) | (numbers < 0) | (numbers >= classes)]
    if strange.size:
        wanted = f"whole numbers from 0 to {classes - 1}"
        raise ValueError(f"{name} must be {wanted}, not {strange[0]:g}")
    chosen = np.zeros((rows, classes))
    chosen[np.arange(rows), numbers.astype(int)] = 1
    return chosen


def cross_entropy(scores: Any, chosen: Array) -> Any:
    """Return −log of the softmax probability of each row's class: log Σ exp(s) − s of the class.

    Scores are of shape (..., K), `chosen` has a one in each row. The largest score is taken out
    before `exp`, so that none overflows.
    """
    shifted = scores - stop_gradient(scores).max(axis=-1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=-1)) - (shifted * chosen).sum(axis=-1)


def softmax(scores: Any) -> Any:
    """Return exp(s) / Σ exp(s) along the last axis: probabilities that add up to 1."""
    powers = np.exp(scores - stop_gradient(scores).max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def log_loss(scores: Any, labels: Array) -> Any:
    """Return log(1 + exp(s)) − ys, the log loss of a label y of 0 or 1."""
    if not isinstance(scores, Var):
        return softplus(scores) - labels * scores
    taped: Any = scores  # NumPy's annotations know nothing of what takes part in its functions
    return np.logaddexp(0.0, taped) - labels * taped
