"""Costs over data: least squares and logistic regression, over all rows or chosen ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib.landscapes import Landscape

Array = NDArray[np.float64]
Rows = slice | Sequence[int] | NDArray[np.int_] | None

BLOCK = 80_000  # numbers of the features that stay in a core's own cache between their two uses


class Problem:
    """A mean of row costs, J(θ) = (1/N) Σ ℓ(xᵢ·θ, yᵢ) + (l2/2)‖θ‖², for a subclass's ℓ.

    A problem is also a function θ ↦ (value, gradient), which is what `descend` takes.
    """

    name = "problem"

    def __init__(self, features: ArrayLike, targets: ArrayLike, l2: float = 0.0) -> None:
        self.features = np.ascontiguousarray(features, dtype=float)
        self.targets = np.ascontiguousarray(targets, dtype=float)
        self.l2 = float(l2)
        _check_data(self.features, self.targets)
        if not 0 <= self.l2 < np.inf:
            raise ValueError(f"l2 must be at least 0 and finite, not {l2!r}")

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
        """Return the cost and its gradient over all rows."""
        return self.value(theta), self.gradient(theta)

    def value(self, theta: ArrayLike, rows: Rows = None) -> Array:
        """Return the mean cost at points (..., n), of shape (...), over all rows or some."""
        points = self.points(theta)
        features, targets = self._chosen(rows)
        costs = self.row_costs(points @ features.T, targets).mean(-1)
        return np.asarray(costs + self.l2 / 2 * (points**2).sum(-1))[()]

    def gradient(self, theta: ArrayLike, rows: Rows = None) -> Array:
        """Return the gradient at points (..., n), of that shape, over all rows or some."""
        points = self.points(theta)
        features, targets = self._chosen(rows)
        return self.mean_gradient(points, features, targets)

    def mean_gradient(self, theta: Array, features: Array, targets: Array) -> Array:
        """Return the gradient on a batch, without checks: the inner step of every run."""
        if theta.ndim > 1:
            gradient = self.row_slopes(theta @ features.T, targets) @ features / len(features)
        else:
            gradient = self._sum_gradient(theta, features, targets) / len(features)
        return np.asarray(gradient + self.l2 * theta if self.l2 else gradient)

    def _sum_gradient(self, theta: Array, features: Array, targets: Array) -> Array:
        """Add the rows' gradients block by block, so that memory is read once and not twice."""
        if features.size <= BLOCK:
            return np.asarray(self.row_slopes(features @ theta, targets) @ features)
        total, size = np.zeros(self.n), max(1, BLOCK // self.n)
        for i in range(0, len(features), size):
            block, wanted = features[i : i + size], targets[i : i + size]
            total += self.row_slopes(block @ theta, wanted) @ block
        return total

    def hessian(self, theta: ArrayLike) -> Array:
        """Return the n × n second derivatives at one point, over all rows."""
        curvatures = self.row_curvatures(self.features @ self.points(theta))
        weighted = (self.features * curvatures[:, None]).T @ self.features / self.rows
        return np.asarray(weighted + self.l2 * np.eye(self.n))

    def spectrum(self, theta: ArrayLike) -> Array:
        """Return the Hessian's eigenvalues at a point, smallest first: from μ to L."""
        return np.asarray(np.linalg.eigvalsh(self.hessian(theta)))

    def points(self, theta: ArrayLike) -> Array:
        """Return θ as an array of shape (..., n), or say what is wrong with it."""
        points = np.asarray(theta, dtype=float)
        if points.ndim == 0 or points.shape[-1] != self.n:
            raise ValueError(f"{self!r} takes points of shape (..., {self.n}), not {points.shape}")
        return points

    def _chosen(self, rows: Rows) -> tuple[Array, Array]:
        if rows is None:
            return self.features, self.targets
        features = self.features[rows]
        if not len(features):
            raise ValueError("a mean needs at least one row; none was chosen")
        return features, self.targets[rows]

    def landscape(self, bounds: Sequence[Sequence[float]], start: Sequence[float]) -> Landscape:
        """Write the cost out as a formula: the mean over rows as a `Landscape`, exact to the bit.

        For a few parameters and a few dozen rows; larger problems run as they are.
        """
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


def _exact(row: Array, symbols: Sequence[sp.Symbol]) -> sp.Expr:
    return sp.Add(*(sp.Rational(float(x)) * s for x, s in zip(row, symbols, strict=True)))


def _check_data(features: Array, targets: Array) -> None:
    if features.ndim != 2 or not features.size:
        raise ValueError(f"features must be of shape (rows, parameters), not {features.shape}")
    if targets.shape != features.shape[:1]:
        wanted = features.shape[:1]
        raise ValueError(f"there must be one target a row, shape {wanted}, not {targets.shape}")
    if not (np.isfinite(features).all() and np.isfinite(targets).all()):
        raise ValueError("the data must be finite; they hold NaN or infinity")


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
    ValueError
        Data of the wrong shape, or not finite.
    """

    name = "least squares"

    def __init__(self, features: ArrayLike, targets: ArrayLike) -> None:
        super().__init__(features, targets)

    @property
    def minimum(self) -> Array:
        """The minimiser in closed form (the shortest, where there are many)."""
        return np.asarray(np.linalg.lstsq(self.features, self.targets, rcond=None)[0])

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
    ValueError
        Data of the wrong shape or not finite, labels other than 0 and 1, l2 below 0.
    """

    name = "logistic regression"

    def __init__(self, features: ArrayLike, labels: ArrayLike, l2: float = 0.0) -> None:
        super().__init__(features, labels, l2)
        strange = sorted(set(self.targets.tolist()) - {0.0, 1.0})
        if strange:
            raise ValueError(f"labels must be 0 or 1; these hold {strange[0]:g}")

    def row_formula(self, score: sp.Expr, target: sp.Expr) -> sp.Expr:
        """Return log(1 + exp(s)) − ys."""
        return sp.log(1 + sp.exp(score)) - target * score

    def row_costs(self, scores: Array, targets: Array) -> Array:
        """Return the log losses, safe for scores of any size."""
        return np.logaddexp(0, scores) - targets * scores

    def row_slopes(self, scores: Array, targets: Array) -> Array:
        """Return predicted probability minus label."""
        return np.asarray(sigmoid(scores) - targets)

    def row_curvatures(self, scores: Array) -> Array:
        """Return p(1 − p), p the predicted probability."""
        probability = sigmoid(scores)
        return np.asarray(probability * (1 - probability))


def sigmoid(scores: ArrayLike) -> Array:
    """Return 1 / (1 + exp(−s)) without overflow."""
    return np.asarray(np.exp(-np.logaddexp(0, -np.asarray(scores, dtype=float))))


def noisy_line(
    rows: int = 100,
    *,
    slope: float = 2.0,
    intercept: float = 1.0,
    noise: float = 0.5,
    seed: int = 0,
) -> LeastSquares:
    """Make the data of a line with Gaussian noise: features (1, x), x uniform on [−1, 1]."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, rows)
    y = intercept + slope * x + noise * rng.normal(size=rows)
    return LeastSquares(np.stack([np.ones(rows), x], axis=1), y)


def two_clouds(
    rows: int = 100, *, distance: float = 2.0, l2: float = 0.0, seed: int = 0
) -> LogisticRegression:
    """Make two Gaussian clouds of unit spread on either side of the origin, labelled 0 and 1."""
    rng = np.random.default_rng(seed)
    labels = np.arange(rows) % 2
    centres = np.where(labels[:, None] == 1, 0.5, -0.5) * distance / np.sqrt(2)
    return LogisticRegression(centres + rng.normal(size=(rows, 2)), labels, l2)
