"""What every cost over data is: a mean of row costs that takes all rows or chosen ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.console import printable
from gdlib.layout import Layout
from gdlib.problems.rows import Rows, choice_of_rows, freeze

Array = NDArray[np.float64]


@printable
class Problem:
    """A mean of row costs, J(θ) = (1/N) Σ ℓ(row i, θ) + (l2/2)‖θ‖², for a subclass's ℓ.

    A problem is also a function θ ↦ (value, gradient), which is what `descend` takes. It keeps
    its own copy of the data, read-only: arrays that change later do not change the problem.
    `value` and `gradient` also take complex θ, for the complex step of `numerical_gradient`.

    Attributes
    ----------
    features, targets
        The data, N rows each.
    layout
        Which parameters a flat θ of shape (n,) holds, by name.
    l2
        Strength of the penalty; it applies to every parameter.
    """

    name = "problem"
    zero_is_a_start = True
    """Whether a run may start at θ = 0; if not, `start` has a better place."""

    def __init__(self, features: Any, targets: Any, layout: Layout, l2: float = 0.0) -> None:
        self.features: NDArray[Any] = checks.instance("features", features, np.ndarray, "an array")
        self.targets: NDArray[Any] = checks.instance("targets", targets, np.ndarray, "an array")
        if not features.ndim or not len(features) or targets.shape[:1] != features.shape[:1]:
            came = f"{features.shape} and {targets.shape}"
            raise ValueError(f"features and targets must have the same rows, one at least: {came}")
        self.layout: Layout = checks.instance("layout", layout, Layout, "a gd.Layout(...)")
        self.l2 = checks.number("l2", l2, at_least=0)
        freeze(self.features, self.targets)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Arrive in another process; there, too, the data are read-only."""
        self.__dict__.update(state)
        freeze(self.features, self.targets)

    @property
    def rows(self) -> int:
        """How many rows the data have: N."""
        return len(self.features)

    @property
    def width(self) -> int:
        """How many numbers of features a row has."""
        return int(np.prod(self.features.shape[1:]))

    @property
    def n(self) -> int:
        """How many parameters there are."""
        return self.layout.size

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.rows} rows, {self.n} parameters)"

    def __call__(self, theta: Array) -> tuple[Any, Array]:
        """Return the cost and its gradient over all rows."""
        points = self._points(theta)
        return self.value(points), self.gradient(points)

    def value(self, theta: ArrayLike, rows: Rows = None) -> Array:
        """Return the mean cost at points (..., n), of shape (...), over all rows or some.

        `rows` is a slice, a mask of shape (N,), or the numbers of the rows, each from 0 to N − 1;
        a row that is named twice counts twice. None stands for all.
        """
        points = self._points(theta)
        features, targets = self._chosen(rows)
        with np.errstate(all="ignore"):  # far out a cost is infinite
            return self.mean_value(points, features, targets)

    def gradient(self, theta: ArrayLike, rows: Rows = None) -> Array:
        """Return the gradient at points (..., n), of that shape, over all rows or some."""
        points = self._points(theta)
        features, targets = self._chosen(rows)
        with np.errstate(all="ignore"):
            return self.mean_gradient(points, features, targets)

    def value_and_gradient(self, points: Array) -> tuple[Array, Array]:
        """Evaluate both at points (..., n); they are NaN where θ is not finite."""
        flat = points.reshape(-1, self.n)
        values, gradients = np.full(len(flat), np.nan), np.full(flat.shape, np.nan)
        for some in self._portions(np.flatnonzero(np.isfinite(flat).all(1))):
            at = flat[some] if len(flat) > 1 else flat[0]  # one alone: in one go over the rows
            values[some], gradients[some] = self(at)
        return values.reshape(points.shape[:-1]), gradients.reshape(points.shape)

    def _portions(self, good: NDArray[np.int_]) -> Any:
        """Cut the numbers of points into such as are evaluated together."""
        return [good] if len(good) else []

    def on(self, features: ArrayLike, targets: ArrayLike) -> Problem:
        """Return the same model on other rows, without the penalty: what a held-out cost is."""
        raise NotImplementedError

    def mean_value(self, theta: Array, features: Array, targets: Array) -> Array:
        """Return the cost of a batch, without checks."""
        raise NotImplementedError

    def mean_gradient(self, theta: Array, features: Array, targets: Array) -> Array:
        """Return the gradient on a batch, without checks: the inner step of every run."""
        raise NotImplementedError

    def _with_penalty(self, points: Array, mean: Array) -> Array:
        if self.l2:  # without one, θ² may overflow, and 0·∞ is NaN
            mean = mean + self.l2 / 2 * (points**2).sum(-1)
        value: Array = np.asarray(mean)[()]
        return value

    def _penalized(self, theta: Array, gradient: Array) -> Array:
        return gradient + self.l2 * theta

    def points(self, theta: ArrayLike) -> Array:
        """Return θ as a finite array of shape (..., n), or say what is wrong with it."""
        points = checks.array("theta", theta)
        self._check_shape(points)
        return points

    def _points(self, theta: Any) -> Any:
        """Return θ as `points` does, or as it is where it is complex."""
        if not checks.is_complex(theta):
            return self.points(theta)
        self._check_shape(theta)
        for part in (theta.real, theta.imag):
            checks.array("theta", part)
        return theta

    def _check_shape(self, points: Any) -> None:
        if points.ndim == 0 or points.shape[-1] != self.n:
            raise ValueError(f"{self!r} takes points of shape (..., {self.n}), not {points.shape}")

    def _chosen(self, rows: Any) -> tuple[Array, Array]:
        if rows is None:
            return self.features, self.targets
        chosen = choice_of_rows(rows, self.rows)
        features = self.features[chosen]
        if not len(features):
            raise ValueError("rows must name at least one row, of which to take a mean")
        return features, self.targets[chosen]
