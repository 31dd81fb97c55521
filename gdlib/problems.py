"""Costs over data: least squares and logistic regression, over all rows or chosen ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.console import printable
from gdlib.landscapes import Landscape

Array = NDArray[np.float64]
Rows = slice | ArrayLike | None

BLOCK = 80_000  # numbers of the features that stay in a core's own cache between their two uses
PIECE = 2**22  # scores computed at once when a cost is evaluated along a path
MOST_WRITTEN = 2_000  # numbers of the features in a formula: SymPy takes a minute for more
LARGEST = 1e100  # of a number that data are made with: its square is still far from infinity


@printable
class Problem:
    """A mean of row costs, J(θ) = (1/N) Σ ℓ(xᵢ·θ, yᵢ) + (l2/2)‖θ‖², for a subclass's ℓ.

    A problem is also a function θ ↦ (value, gradient), which is what `descend` takes. It keeps
    its own copy of the data, read-only: arrays that change later do not change the problem.
    `value` and `gradient` also take complex θ, for the complex step of `numerical_gradient`.
    """

    name = "problem"
    wanted = "targets"
    """What a subclass calls its y."""

    def __init__(self, features: ArrayLike, targets: ArrayLike, l2: float = 0.0) -> None:
        self.features, self.targets = _data(features, targets, self.wanted)
        self.l2 = checks.number("l2", l2, at_least=0)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Arrive in another process; there, too, the data are read-only."""
        self.__dict__.update(state)
        _freeze(self.features, self.targets)

    @cached_property
    def largest(self) -> float:
        """The size of the largest number in the features."""
        return float(max(self.features.max(), -self.features.min()))

    @property
    def rows(self) -> int:
        """How many rows the data have: N."""
        return len(self.features)

    @property
    def n(self) -> int:
        """How many parameters there are."""
        return int(self.features.shape[1])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.rows} rows, {self.n} parameters)"

    def __call__(self, theta: Array) -> tuple[Array, Array]:
        """Return the cost and its gradient over all rows; at one point, reading them once."""
        points = self._points(theta)
        if points.ndim > 1:
            return self.value(points), self.gradient(points)
        costs = np.empty(self.rows, np.result_type(points, float))
        with np.errstate(all="ignore"):
            total = self._sum_gradient(points, self.features, self.targets, costs)
            mean = total / self.rows
            gradient = self._penalized(points, mean) if self.l2 else mean
            return self._mean_cost(points, costs), gradient

    def value(self, theta: ArrayLike, rows: Rows = None) -> Array:
        """Return the mean cost at points (..., n), of shape (...), over all rows or some.

        `rows` is a slice, a mask of shape (N,), or the numbers of the rows, each from 0 to N − 1;
        a row that is named twice counts twice. None stands for all.
        """
        points = self._points(theta)
        features, targets = self._chosen(rows)
        with np.errstate(all="ignore"):  # far out a cost is infinite
            return self._mean_cost(points, self.row_costs(points @ features.T, targets))

    def _mean_cost(self, points: Array, costs: Array) -> Array:
        mean = costs.mean(-1)
        if self.l2:  # without one, θ² may overflow, and 0·∞ is NaN
            mean = mean + self.l2 / 2 * (points**2).sum(-1)
        value: Array = np.asarray(mean)[()]
        return value

    def gradient(self, theta: ArrayLike, rows: Rows = None) -> Array:
        """Return the gradient at points (..., n), of that shape, over all rows or some."""
        points = self._points(theta)
        features, targets = self._chosen(rows)
        with np.errstate(all="ignore"):
            return self.mean_gradient(points, features, targets)

    def value_and_gradient(self, points: Array) -> tuple[Array, Array]:
        """Evaluate both at points (..., n), in pieces that fit into memory.

        They are NaN where θ is not finite.
        """
        flat = points.reshape(-1, self.n)
        values, gradients = np.full(len(flat), np.nan), np.full(flat.shape, np.nan)
        good = np.flatnonzero(np.isfinite(flat).all(1))
        size = max(1, PIECE // self.rows)
        for some in (good[i : i + size] for i in range(0, len(good), size)):
            at = flat[some] if len(flat) > 1 else flat[0]  # one alone: in one go over the rows
            values[some], gradients[some] = self(at)
        return values.reshape(points.shape[:-1]), gradients.reshape(points.shape)

    def mean_gradient(self, theta: Array, features: Array, targets: Array) -> Array:
        """Return the gradient on a batch, without checks: the inner step of every run."""
        if features.size <= BLOCK and theta.ndim == 1:  # a batch: `dot` is `@` in half the time
            gradient = self.row_slopes(features.dot(theta), targets).dot(features)
        elif theta.ndim == 1:
            gradient = self._sum_gradient(theta, features, targets)
        else:
            gradient = self.row_slopes(theta @ features.T, targets) @ features
        gradient /= _number(len(targets))
        return self._penalized(theta, gradient) if self.l2 else gradient

    def _penalized(self, theta: Array, gradient: Array) -> Array:
        return gradient + self.l2 * theta

    def _sum_gradient(
        self, theta: Array, features: Array, targets: Array, costs: Array | None = None
    ) -> Array:
        """Add the rows' gradients block by block, so that memory is read once and not twice.

        Fill in the rows' `costs`, if they are wanted, on the way.
        """
        total, size = np.zeros(self.n, theta.dtype), max(1, BLOCK // self.n)
        for i in range(0, len(features), size):
            block, wanted = features[i : i + size], targets[i : i + size]
            scores = block.dot(theta)
            total += self.row_slopes(scores, wanted).dot(block)
            if costs is not None:
                costs[i : i + size] = self.row_costs(scores, wanted)
        return total

    def hessian(self, theta: ArrayLike) -> Array:
        """Return the n × n second derivatives at one point, over all rows."""
        point = checks.array("theta", theta, shape=(self.n,))
        with np.errstate(all="ignore"):
            curvatures = self.row_curvatures(self.features @ point)
            weighted = (self.features * curvatures[:, None]).T @ self.features / self.rows
        return np.asarray(weighted + self.l2 * np.eye(self.n))

    def spectrum(self, theta: ArrayLike) -> Array:
        """Return the Hessian's eigenvalues at a point, smallest first: from μ to L."""
        hessian = self.hessian(theta)
        if not np.isfinite(hessian).all():
            raise ValueError(f"{self!r} must have a finite Hessian; its features are too large")
        return np.asarray(np.linalg.eigvalsh(hessian))

    def points(self, theta: ArrayLike) -> Array:
        """Return θ as a finite array of shape (..., n), or say what is wrong with it."""
        points = checks.array("theta", theta)
        self._check_shape(points)
        return points

    def _points(self, theta: Any) -> Any:
        """Return θ as `points` does, or as it is where it is complex."""
        if not (checks.is_a(theta, np.ndarray) and theta.dtype.kind == "c"):
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
        chosen = _choice_of_rows(rows, self.rows)
        features = self.features[chosen]
        if not len(features):
            raise ValueError("rows must name at least one row, of which to take a mean")
        return features, self.targets[chosen]

    def landscape(self, bounds: Sequence[Sequence[float]], start: Sequence[float]) -> Landscape:
        """Write the cost out as a formula: the mean over rows as a `Landscape`, exact to the bit.

        For a few parameters and a few dozen rows, at most 2,000 numbers of features; larger
        problems run as they are.
        """
        if self.features.size > MOST_WRITTEN:
            raise ValueError(
                f"landscape must write at most {MOST_WRITTEN:,} numbers of features out, not"
                f" {self.features.size:,}; `descend` takes {self!r} as it is"
            )
        symbols = sp.symbols(f"theta_0:{self.n}", real=True)
        rows = zip(self.features, self.targets, strict=True)
        costs = [self.row_formula(_exact(x, symbols), sp.Rational(float(y))) for x, y in rows]
        penalty = sp.Rational(self.l2) / 2 * sum(s**2 for s in symbols)
        expr = sp.Add(*costs) / self.rows + penalty
        return Landscape(
            name=self.name,
            expr=sp.expand(expr) if expr.is_polynomial() else expr,
            variables=symbols,
            bounds=bounds,
            start=start,
        )

    def row_formula(self, score: sp.Expr, target: sp.Expr) -> sp.Expr:
        """Return one row's cost ℓ as SymPy, from its score x·θ and its target."""
        raise NotImplementedError

    def row_costs(self, scores: Array, targets: Array) -> Array:
        """Return each row's cost from its score x·θ; shapes (..., N)."""
        raise NotImplementedError

    def row_slopes(self, scores: Array, targets: Array) -> Array:
        """Return each row's dℓ/d(x·θ); shapes (..., N)."""
        raise NotImplementedError

    def row_curvatures(self, scores: Array) -> Array:
        """Return each row's d²ℓ/d(x·θ)²; shape (N,)."""
        raise NotImplementedError


@cache
def _number(count: int) -> Array:
    """Return a count as an array without axes: NumPy is slow to convert a number."""
    number = np.array(float(count))
    _freeze(number)
    return number


def _exact(row: Array, symbols: Sequence[sp.Symbol]) -> sp.Expr:
    return sp.Add(*(sp.Rational(float(x)) * s for x, s in zip(row, symbols, strict=True)))


def _data(features: Any, targets: Any, wanted: str) -> tuple[Array, Array]:
    """Return copies of the data that cannot be written to."""
    x, y = checks.array("features", features).copy(), checks.array(wanted, targets).copy()
    if x.ndim != 2 or not x.size:
        raise ValueError(f"features must be of shape (rows, parameters), not {x.shape}")
    if y.shape != x.shape[:1]:
        raise ValueError(f"{wanted} must be one a row, of shape {x.shape[:1]}, not {y.shape}")
    _freeze(x, y)
    return x, y


def _freeze(*arrays: Array) -> None:
    for array in arrays:
        array.setflags(write=False)


def _choice_of_rows(rows: Any, n: int) -> Any:
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


class LeastSquares(Problem):
    """Half the mean squared error of a linear model: J(θ) = ‖Xθ − y‖² / 2N.

    Parameters
    ----------
    features
        X, shape (N, n); add a column of ones for an intercept.
    targets
        y, shape (N,).

    Raises
    ------
    TypeError, ValueError
        Masked or complex data, or text; data of the wrong shape, or not finite.
    """

    name = "least squares"

    def __init__(self, features: ArrayLike, targets: ArrayLike) -> None:
        super().__init__(features, targets)

    @property
    def minimum(self) -> Array:
        """The minimiser in closed form (the shortest, where there are many)."""
        return np.asarray(np.linalg.lstsq(self.features, self.targets)[0])

    def row_formula(self, score: sp.Expr, target: sp.Expr) -> sp.Expr:
        """Return ½(x·θ − y)²."""
        return (score - target) ** 2 / 2

    def row_costs(self, scores: Array, targets: Array) -> Array:
        """Return half the squared residuals."""
        return (scores - targets) ** 2 / 2

    def row_slopes(self, scores: Array, targets: Array) -> Array:
        """Return the residuals."""
        return scores - targets

    def row_curvatures(self, scores: Array) -> Array:
        """Return ones: the Hessian is XᵀX/N everywhere."""
        return np.ones_like(scores)


class LogisticRegression(Problem):
    """Mean log loss of a linear classifier, with an optional penalty (l2/2)‖θ‖².

    Parameters
    ----------
    features
        X, shape (N, n); add a column of ones for an intercept.
    labels
        y, shape (N,), each 0 or 1.
    l2
        Strength of the penalty; it applies to every parameter.

    Raises
    ------
    TypeError, ValueError
        Masked or complex data, or text; data of the wrong shape or not finite, labels other than
        0 and 1, l2 below 0.
    """

    name = "logistic regression"
    wanted = "labels"

    def __init__(self, features: ArrayLike, labels: ArrayLike, l2: float = 0.0) -> None:
        super().__init__(features, labels, l2)
        strange = sorted(set(self.targets.tolist()) - {0.0, 1.0})
        if strange:
            raise ValueError(f"labels must be 0 or 1, not {strange[0]:g}")

    def row_formula(self, score: sp.Expr, target: sp.Expr) -> sp.Expr:
        """Return log(1 + exp(s)) − ys."""
        return sp.log(1 + sp.exp(score)) - target * score

    def row_costs(self, scores: Array, targets: Array) -> Array:
        """Return the log losses, safe for scores of any size."""
        return _softplus(scores) - targets * scores

    def row_slopes(self, scores: Array, targets: Array) -> Array:
        """Return predicted probability minus label."""
        return np.asarray(_sigmoid(scores) - targets)

    def row_curvatures(self, scores: Array) -> Array:
        """Return p(1 − p), p the predicted probability."""
        probability = _sigmoid(scores)
        return np.asarray(probability * (1 - probability))


def sigmoid(scores: ArrayLike) -> Array:
    """Return 1 / (1 + exp(−s)) without overflow."""
    return _sigmoid(checks.array("scores", scores))


def _sigmoid(scores: Array) -> Array:
    return np.asarray(np.exp(-_softplus(-scores)))


def _softplus(scores: Array) -> Array:
    """Return log(1 + exp(s)) for scores of any size; NumPy has no complex `logaddexp`."""
    if scores.dtype.kind != "c":
        return np.logaddexp(0, scores)
    up = scores.real > 0
    return np.where(up, scores, 0) + np.log1p(np.exp(np.where(up, -scores, scores)))


def noisy_line(
    rows: int = 100,
    *,
    slope: float = 2.0,
    intercept: float = 1.0,
    noise: float = 0.5,
    seed: int = 0,
) -> LeastSquares:
    """Make the data of a line with Gaussian noise: features (1, x), x uniform on [−1, 1]."""
    n, rng = _rows_of("noisy_line", rows), np.random.default_rng(checks.seed(seed))
    level, spread = _size("intercept", intercept), _size("noise", noise, at_least=0)
    x = rng.uniform(-1, 1, n)
    y = level + _size("slope", slope) * x + spread * rng.normal(size=n)
    return LeastSquares(np.stack([np.ones(n), x], axis=1), y)


def two_clouds(
    rows: int = 100, *, distance: float = 2.0, l2: float = 0.0, seed: int = 0
) -> LogisticRegression:
    """Make two Gaussian clouds of unit spread on either side of the origin, labelled 0 and 1."""
    n, rng = _rows_of("two_clouds", rows), np.random.default_rng(checks.seed(seed))
    labels = np.arange(n) % 2
    centres = np.where(labels[:, None] == 1, 0.5, -0.5) * _size("distance", distance) / np.sqrt(2)
    return LogisticRegression(centres + rng.normal(size=(n, 2)), labels, l2)


def _rows_of(owner: str, rows: Any) -> int:
    n = checks.count("rows", rows, at_least=1)
    checks.room(f"the rows of {owner}", 3 * n)
    return n


def _size(name: str, value: Any, at_least: float = -LARGEST) -> float:
    return checks.number(name, value, at_least=at_least, at_most=LARGEST)
