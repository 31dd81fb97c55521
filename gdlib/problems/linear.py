"""Costs of linear models: least squares and logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.landscapes import Landscape
from gdlib.layout import Layout
from gdlib.problems.problem import Problem
from gdlib.problems.rows import freeze

Array = NDArray[np.float64]

BLOCK = 80_000  # numbers of the features that stay in a core's own cache between their two uses
PIECE = 2**22  # scores computed at once when a cost is evaluated along a path
MOST_WRITTEN = 2_000  # numbers of the features in a formula: SymPy takes a minute for more


class LinearModel(Problem):
    """A problem whose rows' costs depend on one score each, ℓ(xᵢ·θ, yᵢ), for a subclass's ℓ."""

    wanted = "targets"
    """What a subclass calls its y."""

    def __init__(self, features: ArrayLike, targets: ArrayLike, l2: float = 0.0) -> None:
        x, y = _data(features, targets, self.wanted)
        super().__init__(x, y, Layout({"weights": x.shape[1:]}), l2)

    @cached_property
    def largest(self) -> float:
        """The size of the largest number in the features."""
        return float(max(self.features.max(), -self.features.min()))

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
            return self._with_penalty(points, costs.mean(-1)), gradient

    def _portions(self, good: NDArray[np.int_]) -> Any:
        """Cut points into pieces whose scores fit into memory."""
        size = max(1, PIECE // self.rows)
        return (good[i : i + size] for i in range(0, len(good), size))

    def mean_value(self, theta: Array, features: Array, targets: Array) -> Array:
        """Return the cost of a batch at points (..., n), without checks."""
        return self._with_penalty(theta, self.row_costs(theta @ features.T, targets).mean(-1))

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

    def on(self, features: ArrayLike, targets: ArrayLike) -> LinearModel:
        """Return the same model on other rows, without the penalty: what a held-out cost is."""
        other = type(self)(features, targets)
        if other.n != self.n:
            raise ValueError(f"features must have {self.n} columns, not {other.n}")
        return other

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
    freeze(number)
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
    freeze(x, y)
    return x, y


class LeastSquares(LinearModel):
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


class LogisticRegression(LinearModel):
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
        return softplus(scores) - targets * scores

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
    return np.asarray(np.exp(-softplus(-scores)))


def softplus(scores: Array) -> Array:
    """Return log(1 + exp(s)) for scores of any size; NumPy has no complex `logaddexp`."""
    if scores.dtype.kind != "c":
        return np.logaddexp(0, scores)
    up = scores.real > 0
    return np.where(up, scores, 0) + np.log1p(np.exp(np.where(up, -scores, scores)))
