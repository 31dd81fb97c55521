"""Curvatures of a cost at a point: μ, L and κ, and what a change of units does to κ."""

from __future__ import annotations

import math
from typing import NamedTuple

import mpmath
import numpy as np
from numpy.typing import NDArray

from gdlib.landscapes import Landscape
from gdlib.landscapes.flatness import FLAT
from gdlib.problems import LeastSquares, LinearModel, LogisticRegression

Array = NDArray[np.float64]

DIGITS = 60
"""Decimal digits with which a quadratic's curvatures are found: what is 0 then is 0."""
ROUNDING = 1e-13
"""Of the largest curvature, as doubles have it."""


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

    @property
    def kind(self) -> str:
        """Of which kind a critical point with these curvatures is."""
        if self.flat:
            return "degenerate"
        return "minimum" if self.lowest > 0 else "maximum" if self.largest < 0 else "saddle"


def of_matrix(hessian: Array, flat: float = FLAT) -> Spectrum | None:
    """Return the spectrum of a symmetric matrix; None if it is not finite.

    What is at most `flat` of the largest is 0.
    """
    if not np.isfinite(hessian).all():
        return None
    values = np.linalg.eigvalsh(hessian)
    largest = float(np.abs(values).max())
    return Spectrum(np.where(np.abs(values) <= flat * largest, 0.0, values))


def axes(cost: Landscape) -> tuple[Array, Array, Array]:
    """Return the curvatures (n,) of a quadratic, their directions (n, n), and the slopes at 0.

    The directions are columns, and the slopes (n,) those along them; what is 0 but for rounding
    in `DIGITS` digits is 0.
    """
    zero = dict.fromkeys(cost.variables, 0)
    with mpmath.workdps(DIGITS):
        hessian, slope = (
            mpmath.matrix([[mpmath.mpf(str(x.evalf(DIGITS))) for x in row] for row in rows])
            for rows in (
                cost.hessian_formula.tolist(),
                [[part.subs(zero)] for part in cost.gradient_formula],
            )
        )
        values, directions = mpmath.eigsy(hessian)
        along = directions.T * slope
        least = mpmath.mpf(10) ** (20 - DIGITS)
        parts = [(values, mpmath.mnorm(hessian)), (along, mpmath.mnorm(slope))]
        found = [
            np.array([0.0 if abs(x) <= least * size else float(x) for x in part])
            for part, size in parts
        ]
        ways = np.array([[float(x) for x in row] for row in directions.tolist()])
    order = np.argsort(found[0])
    return found[0][order], ways[:, order], found[1][order]


def at(cost: Landscape | LinearModel, point: Array) -> Spectrum | None:
    """Return the spectrum of a cost's Hessian at a point; of least squares, that of everywhere."""
    if isinstance(cost, LeastSquares):
        return of_features(cost.features)
    if isinstance(cost, LogisticRegression):
        weights = cost.row_curvatures(cost.features @ point)
        return of_features(cost.features * np.sqrt(weights)[:, None], 1.0, cost.l2)
    if is_quadratic(cost) and isinstance(cost, Landscape):
        return Spectrum(axes(cost)[0])
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


def is_quadratic(cost: Landscape | LinearModel) -> bool:
    """Tell whether a cost's Hessian is the same everywhere."""
    if isinstance(cost, LinearModel):
        return isinstance(cost, LeastSquares)
    return not cost.has_corners and not cost.hessian_formula.free_symbols


# --- units ----------------------------------------------------------------------------------------


def in_unit_curvatures(hessian: Array) -> Spectrum | None:
    """Return the spectrum after each variable is measured in units of 1/√Hᵢᵢ (Jacobi's scaling)."""
    sizes = np.sqrt(np.diag(hessian))
    return of_matrix(hessian / np.outer(sizes, sizes), ROUNDING)


class Scaled(NamedTuple):
    """Spectra of a problem's features as given and standardised, and what those are."""

    before: Spectrum
    after: Spectrum
    centred: bool
    dropped: bool
    """Whether constant features were left out."""
    there: str
    """Where they are so, of a logistic regression."""
    at_zero: bool
    """Whether that is θ = 0, and no minimum."""
    correlated: tuple[int, int, float] | None
    """The two features that are correlated most, and how much."""


def standardised(problem: LinearModel, minimum: Array | None = None) -> Scaled | None:
    """Compare curvatures with those of features of unit spread; constant ones are left out.

    Centring wants an intercept, a column that says the same in every row; without it features are
    only divided. Of logistic regression the curvatures are those at the minimum, which predicts the
    same in any units, or where it has none, or a penalty, at θ = 0. None where nothing can be
    compared: no feature varies.
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
    if not np.isfinite(scaled).all():  # of numbers too small to be squared
        return None
    weights, there, at_zero = np.ones(len(x)), "", False
    if isinstance(problem, LogisticRegression):
        at_zero = minimum is None or problem.l2 > 0
        there = " at θ = 0" if at_zero else " at the minimum"
        theta = np.zeros(problem.n) if at_zero or minimum is None else minimum
        weights = problem.row_curvatures(x @ theta)
    roots = np.sqrt(weights)[:, None]
    before, after = (of_features(part * roots, 1.0, problem.l2) for part in (x, scaled))
    dropped = scaled.shape[1] < problem.n
    correlated = _most_correlated(chosen, varying)
    return Scaled(before, after, centred, dropped, there, at_zero, correlated)


def _most_correlated(features: Array, numbers: NDArray[np.int_]) -> tuple[int, int, float] | None:
    if len(numbers) < 2 or len(features) < 3:
        return None
    found = np.triu(np.corrcoef(features, rowvar=False), 1)
    i, j = np.unravel_index(np.abs(found).argmax(), found.shape)
    return int(numbers[i]), int(numbers[j]), float(found[i, j])
