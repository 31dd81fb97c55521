"""Curvatures of a cost at a point: μ, L and κ, and what a change of units does to κ."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdlib.landscapes import Landscape
from gdlib.landscapes.flatness import FLAT
from gdlib.problems import LeastSquares, LogisticRegression, Problem

Array = NDArray[np.float64]


class Spectrum(NamedTuple):
    """The eigenvalues of a Hessian, smallest first; what is 0 but for rounding is 0."""

    values: Array

    @property
    def lowest(self) -> float:
        """The smallest eigenvalue: μ, if it is above 0."""
        return float(self.values[0])

    @property
    def largest(self) -> float:
        """The largest: L, if it is above 0."""
        return float(self.values[-1])

    @property
    def kappa(self) -> float:
        """L/μ; infinite where a direction is flat, NaN where one curves down or all are flat."""
        if self.lowest < 0 or self.largest <= 0:
            return math.nan
        return self.largest / self.lowest if self.lowest else math.inf

    @property
    def flat(self) -> int:
        """How many directions have no curvature."""
        return int((self.values == 0).sum())


def of_matrix(hessian: Array) -> Spectrum | None:
    """Return the spectrum of a symmetric matrix; None if it is not finite."""
    if not np.isfinite(hessian).all():
        return None
    values = np.linalg.eigvalsh(hessian)
    largest = float(np.abs(values).max())
    return Spectrum(np.where(np.abs(values) <= FLAT * largest, 0.0, values))


def at(cost: Landscape | Problem, point: Array) -> Spectrum | None:
    """Return the spectrum of a cost's Hessian at a point; of least squares, that of everywhere."""
    if isinstance(cost, LeastSquares):
        return of_features(cost.features)
    if isinstance(cost, LogisticRegression):
        weights = cost.row_curvatures(cost.features @ point)
        return of_features(cost.features * np.sqrt(weights)[:, None], 1.0, cost.l2)
    return of_matrix(np.asarray(cost.hessian(point)))


def of_features(features: Array, weight: float = 1.0, l2: float = 0.0) -> Spectrum:
    """Return the spectrum of `weight`·XᵀX/N + `l2`, from X's singular values.

    They know a μ of 1e−20 L, which is rounding in XᵀX.
    """
    rows, n = features.shape
    sizes = np.zeros(n)
    found = np.linalg.svd(features, compute_uv=False)
    found[found <= max(rows, n) * np.finfo(float).eps * found[0]] = 0.0
    sizes[: len(found)] = found
    return Spectrum(weight * (sizes[::-1] / math.sqrt(rows)) ** 2 + l2)


def is_quadratic(cost: Landscape | Problem) -> bool:
    """Tell whether a cost's Hessian is the same everywhere."""
    if isinstance(cost, Problem):
        return isinstance(cost, LeastSquares)
    return not cost.has_corners and not cost.hessian_formula.free_symbols


# --- units ----------------------------------------------------------------------------------------


def in_unit_curvatures(hessian: Array) -> Spectrum | None:
    """Return the spectrum after each variable is measured in units of 1/√Hᵢᵢ (Jacobi's scaling)."""
    sizes = np.sqrt(np.diag(hessian))
    return of_matrix(hessian / np.outer(sizes, sizes))


class Scaled(NamedTuple):
    """Spectra of a problem's features as given and standardised, and what those are."""

    before: Spectrum
    after: Spectrum
    centred: bool
    at_zero: bool
    """Whether they are those at θ = 0, of logistic regression, and not those of everywhere."""
    correlated: tuple[int, int, float] | None
    """The two features that are correlated most, and how much."""


def standardised(problem: Problem) -> Scaled | None:
    """Compare curvatures with those of features of unit spread; constant ones are left out.

    Centring wants an intercept, a column that says the same in every row; without it features are
    only divided. Of logistic regression the curvatures are those at θ = 0. None where nothing can
    be compared: no feature varies.
    """
    if not isinstance(problem, (LeastSquares, LogisticRegression)):
        return None
    x = problem.features
    spread = np.ptp(x, axis=0)
    varying = np.flatnonzero(spread > 1e-12 * np.abs(x).max(0))
    centred = bool(((spread == 0) & (x[0] != 0)).any())
    if not len(varying):
        return None
    chosen = x[:, varying]
    if centred:
        middle = chosen - chosen.mean(0)
        scaled = np.column_stack([np.ones(len(x)), middle / middle.std(0)])
    else:
        scaled = chosen / np.sqrt((chosen**2).mean(0))
    at_zero = isinstance(problem, LogisticRegression)
    if not np.isfinite(scaled).all():  # of numbers too small to be squared
        return None
    weight = 0.25 if at_zero else 1.0
    before, after = (of_features(part, weight, problem.l2) for part in (x, scaled))
    return Scaled(before, after, centred, at_zero, _most_correlated(chosen, varying))


def _most_correlated(features: Array, numbers: NDArray[np.int_]) -> tuple[int, int, float] | None:
    if len(numbers) < 2 or len(features) < 3:
        return None
    found = np.triu(np.corrcoef(features, rowvar=False), 1)
    i, j = np.unravel_index(np.abs(found).argmax(), found.shape)
    return int(numbers[i]), int(numbers[j]), float(found[i, j])
