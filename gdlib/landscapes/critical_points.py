"""Find the points where a landscape is flat, and classify them by the Hessian's eigenvalues."""
# ruff: noqa: D102 - of the protocol, whose members the landscape describes

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import mpmath
import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib.landscapes.flatness import FLAT

Array = NDArray[np.float64]

DIGITS = 40
"""Working precision of the exact search, in decimal digits."""
LARGEST_DEGREE = 24
"""Polynomial systems whose degrees multiply to more than this are left to Newton's method."""
MOST_DIGITS = 400
"""Of all coefficients together; what has more is left to Newton's method too."""
MOST_COMBINATIONS = 20_000
MOST_STARTS = 40_000
MOST_WORK = 4_000_000
STEPS, SLOW_STEPS, FEW = 60, 500, 500
"""Newton's steps for all starts, and more of them for the few that still move."""
MOST_POINTS = 5_000
"""Critical points within the bounds: with so many each still has eight starts."""
SAMPLE = 16
MANY_DIGITS = 10_000
JUMP = 0.01
"""A Hessian that differs so much a little beside is computed again, with more digits."""


class Smooth(Protocol):
    """What is asked of a landscape here, so that a landscape can stand above this module."""

    @property
    def name(self) -> str: ...
    @property
    def variables(self) -> tuple[sp.Symbol, ...]: ...
    @property
    def bounds(self) -> tuple[tuple[float, float], ...]: ...
    @property
    def has_corners(self) -> bool: ...
    @property
    def gradient_formula(self) -> list[sp.Expr]: ...
    @property
    def hessian_formula(self) -> sp.Matrix: ...
    def value(self, x: ArrayLike) -> Array: ...
    def hessian(self, x: ArrayLike) -> Array: ...
    def evaluate(self, what: str, points: Array) -> Array: ...


class CriticalPoint(NamedTuple):
    """A point of zero gradient: where, how high, of which kind, and its Hessian's eigenvalues."""

    point: tuple[float, ...]
    value: float
    kind: str
    eigenvalues: tuple[float, ...]


def find(landscape: Smooth) -> list[CriticalPoint]:
    """Find a landscape's critical points, sorted by value; see `Landscape.critical_points`."""
    return search(landscape)[0]


def search(landscape: Smooth) -> tuple[list[CriticalPoint], bool]:
    """Find them, and tell whether these are all, or those that were found within the bounds."""
    if landscape.has_corners:
        raise ValueError(
            f"{landscape.name} has corners, and the gradient need not be zero at a minimum there;"
            " critical points are listed only for smooth formulas, without abs, max, min and"
            " roots of what reaches 0"
        )
    solved = _polynomial(landscape)
    points = _newton(landscape) if solved is None else solved
    found = [classify(landscape, point) for point in points]
    return sorted(found, key=lambda c: (round(c.value, 9), c.point)), solved is not None


def classify(landscape: Smooth, point: tuple[float, ...]) -> CriticalPoint:
    """Name a critical point: minimum, maximum, saddle, or degenerate where an eigenvalue is 0.

    An eigenvalue counts as 0 below `FLAT` of the largest curvature at the point and beside it.
    """
    at = np.array(point)
    hessian = np.asarray(landscape.hessian(at))
    beside = landscape.evaluate("hessian", _beside(landscape, at[None]))[:, 0]
    largest = np.nanmax(np.abs(beside), initial=float(np.abs(hessian).max()))
    away = np.abs(beside[len(beside) // 2 :] - hessian).max((-2, -1))
    if (away > JUMP * largest).any():  # rounding, maybe: a hole as of sin(x)/x at 0 is near
        hessian = _precise_hessian(landscape, point)
    eigenvalues = np.linalg.eigvalsh(hessian)
    if (np.abs(eigenvalues) <= FLAT * largest).any():
        kind = "degenerate"
    elif (eigenvalues > 0).all():
        kind = "minimum"
    else:
        kind = "maximum" if (eigenvalues < 0).all() else "saddle"
    return CriticalPoint(
        tuple(float(c) + 0.0 for c in point),
        float(landscape.value(point)),
        kind,
        tuple(map(float, eigenvalues)),
    )


def _precise_hessian(landscape: Smooth, point: tuple[float, ...]) -> Array:
    """Return the Hessian at a point as floats, from `DIGITS` decimal digits."""
    exact = sp.lambdify(landscape.variables, landscape.hessian_formula, "mpmath")
    with mpmath.workdps(DIGITS):
        rows = exact(*map(mpmath.mpf, point)).tolist()
    return np.array([[float(entry) for entry in row] for row in rows])


def _beside(landscape: Smooth, points: Array) -> Array:
    """Return what lies 1/1000 and 1/100,000 of the bounds' width beside (m, n), (4n, m, n)."""
    low, high = np.array(landscape.bounds).T
    moves = np.concatenate([np.diag((high - low) * size) for size in (1e-3, -1e-3, 1e-5, -1e-5)])
    return np.asarray(points + moves[:, None])


def _polynomial(landscape: Smooth) -> list[tuple[float, ...]] | None:
    """Solve a polynomial gradient exactly, or return None where that does not apply.

    Each variable's possible values are the real roots of a polynomial in it alone (from a
    Gröbner basis); of their combinations, those with zero gradient at 40 digits are the answer.
    Where the complex solutions are not isolated, as of (x² + y²)², the real ones may be.
    """
    variables, gradient = landscape.variables, landscape.gradient_formula
    if not all(g.is_polynomial(*variables) for g in gradient):
        return None
    polys = [sp.Poly(g, *variables) for g in gradient]
    if not all(c.is_Rational for poly in polys for c in poly.coeffs()):
        return None
    if math.prod(max(p.total_degree(), 1) for p in polys) > LARGEST_DEGREE:
        return None
    if _digits(polys) > MOST_DIGITS:
        return None
    basis = _basis(gradient, variables)
    if list(basis.exprs) == [sp.S.One]:
        return []
    if not basis.is_zero_dimensional:
        return None
    gradients = sp.lambdify(variables, gradient, "mpmath")
    with mpmath.workdps(DIGITS):
        roots = [_roots(basis, v) for v in variables]
        if math.prod(map(len, roots)) > MOST_COMBINATIONS:
            return None
        return [
            tuple(map(float, point))
            for point in itertools.product(*roots)
            if max(map(abs, gradients(*point))) < _rounding(polys, point)
        ]


def _basis(gradient: Sequence[sp.Expr], variables: Sequence[sp.Symbol]) -> sp.GroebnerBasis:
    """Return the Gröbner basis by total degree, whose numbers stay small."""
    return sp.groebner(gradient, *variables, order="grevlex")


def _digits(polys: list[sp.Poly]) -> int:
    """Count the digits of all coefficients, which a Gröbner basis multiplies with each other."""
    return sum(len(f"{abs(c.p)}{c.q}") for poly in polys for c in poly.coeffs())


def _rounding(polys: list[sp.Poly], point: tuple[mpmath.mpf, ...]) -> mpmath.mpf:
    """Return what a gradient of 0 may come to at half the working digits: its terms cancel."""
    sizes = [
        abs(mpmath.mpf(c.p) / c.q)
        * mpmath.fprod(abs(x) ** k for x, k in zip(point, powers, strict=True))
        for poly in polys
        for powers, c in poly.terms()
    ]
    return max([*sizes, mpmath.mpf(10) ** -DIGITS]) * mpmath.mpf(10) ** (-DIGITS // 2)


def _roots(basis: sp.GroebnerBasis, variable: sp.Symbol) -> list[mpmath.mpf]:
    """Return the real roots of the basis's polynomial in one variable, to 40 digits."""
    others = [v for v in basis.gens if v != variable]
    alone = basis
    if others:
        alone = _basis(basis.exprs, [*others, variable]).fglm("lex")
    eliminant = next(e for e in alone.exprs if e.free_symbols == {variable})
    exact = set(sp.Poly(eliminant, variable).real_roots())
    return sorted(mpmath.mpf(str(root.evalf(DIGITS + 5))) for root in exact)


def _newton(landscape: Smooth) -> list[tuple[float, ...]]:
    """Run Newton's method on the gradient from a lattice of starts; keep what converged inside.

    A few starts go first: where a whole stretch is flat, they are enough to see it.
    """
    starts = _starts(*np.array(landscape.bounds).T)
    if len(starts) > FEW:
        _reached(landscape, _few(starts, FEW))
    return [tuple(map(float, np.round(point, 12))) for point in _reached(landscape, starts)]


def _reached(landscape: Smooth, starts: Array) -> Array:
    """Return the isolated critical points that Newton's method reaches from some starts."""
    low, high = np.array(landscape.bounds).T
    points = _run(landscape, starts)
    points = points[((points >= low) & (points <= high)).all(1)]
    points = points[_flat(landscape, points)]
    points = points[_truly_flat(landscape, points)]
    points = _distinct(points, (high - low) * 1e-5)
    _check_isolated(landscape, points)
    return points


def _starts(low: Array, high: Array) -> Array:
    """Return points spread evenly over the bounds, at most `MOST_STARTS`."""
    n = len(low)
    most = min(MOST_STARTS, max(FEW, MOST_WORK // n**3))  # a step costs n³
    each = int(most ** (1 / n) + 1e-9)
    if each < 3:  # a lattice of so many dimensions has corners alone: a Kronecker sequence
        golden = np.sqrt(np.array([sp.prime(i + 1) for i in range(n)]))
        return np.asarray(low + (high - low) * (np.arange(1, most + 1)[:, None] * golden % 1))
    # Off the round numbers, where symmetric landscapes have their corners.
    axes = [
        np.linspace(a, b, each + 1)[:-1] + (b - a) / (np.pi * each)
        for a, b in zip(low, high, strict=True)
    ]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, n)


def _run(landscape: Smooth, points: Array) -> Array:
    """Step until points rest, or have left; a degenerate point takes long to be reached."""
    low, high = np.array(landscape.bounds).T
    reach = (high - low) / 10  # no step longer than this, lest a flat spot throws a run far away
    resting = [points[:0]]
    for k in range(SLOW_STEPS):
        if k == STEPS:
            points = _few(points, FEW)
        step = _solve(landscape.evaluate("hessian", points), landscape.evaluate("gradient", points))
        points = points - np.clip(np.nan_to_num(step), -reach, reach)
        near = ((points >= low - reach) & (points <= high + reach)).all(1)
        rests = (np.abs(step) <= (1e-12 if k < SLOW_STEPS - 1 else 1e-6) * (high - low)).all(1)
        resting.append(points[near & rests])
        points = points[near & ~rests]
        if not len(points):
            break
    return np.concatenate(resting)


def _few(rows: NDArray[Any], most: int) -> NDArray[Any]:
    """Return all rows, or every so manieth of them, so that there are not too many."""
    return rows[:: max(1, math.ceil(len(rows) / most))]


def _flat(landscape: Smooth, points: Array) -> NDArray[np.bool_]:
    """Tell where the gradient is small beside what it is nearby: its size alone says nothing."""
    here = np.abs(landscape.evaluate("gradient", points)).max(1)
    beside = np.abs(landscape.evaluate("gradient", _beside(landscape, points))).max(-1)
    finite = np.isfinite(landscape.evaluate("hessian", points)).all((-2, -1)) & np.isfinite(here)
    return np.asarray(finite & (here <= 1e-6 * np.nan_to_num(beside.max(0))))


def _truly_flat(landscape: Smooth, points: Array) -> NDArray[np.bool_]:
    """Tell where a gradient of 0 is no underflow, as far out on exp(−1000x²) or tanh(1000x).

    A sample of points without gradient nor curvature is looked at with as many digits as it takes.
    """
    curvature = np.abs(landscape.evaluate("hessian", points)).max((-2, -1))
    slope = np.abs(landscape.evaluate("gradient", points)).max(1)
    (void,) = np.nonzero((curvature < 1e-290) & (slope < 1e-290))
    keep = np.ones(len(points), bool)
    gradient = sp.lambdify(landscape.variables, landscape.gradient_formula, "mpmath")
    sample = _few(void, SAMPLE)
    with mpmath.workdps(MANY_DIGITS):
        flat = [not any(gradient(*map(mpmath.mpf, points[i].tolist()))) for i in sample]
    keep[void] = any(flat)
    keep[sample] = flat
    return keep


def _check_isolated(landscape: Smooth, points: Array) -> None:
    """Refuse a line or an area of critical points: beside one of them stands another.

    And refuse more points than the starts can tell apart.
    """
    if len(points) > MOST_POINTS:
        raise ValueError(
            f"the critical points of {landscape.name} are not isolated (a whole stretch is flat),"
            f" or more than {MOST_POINTS:,} within its bounds: choose smaller ones"
        )
    sample = _few(points, SAMPLE)
    kinds = [classify(landscape, tuple(point)).kind for point in sample]
    doubtful = sample[[kind == "degenerate" for kind in kinds]]
    if not len(doubtful):
        return
    low, high = np.array(landscape.bounds).T
    for move in np.concatenate([np.diag(high - low), -np.diag(high - low)]) * 1e-2:
        for point in doubtful:
            ends = _run(landscape, (point + move)[None])
            ends = ends[_flat(landscape, ends)] if len(ends) else ends
            far = np.abs(ends - point) > 1e-3 * (high - low)
            if far.any() and (np.abs(ends - point) < 2e-2 * (high - low)).all():
                raise ValueError(
                    f"the critical points of {landscape.name} are not isolated: a whole stretch"
                    f" is flat, near {tuple(np.round(point, 3).tolist())}"
                )


def _solve(hessians: Array, gradients: Array) -> Array:
    """Solve H s = g for each point by pseudo-inverse, so that singular Hessians do not stop all."""
    with np.errstate(all="ignore"):
        finite = np.isfinite(hessians).all((-2, -1)) & np.isfinite(gradients).all(1)
        step = np.zeros_like(gradients)
        inverse = np.linalg.pinv(hessians[finite], hermitian=True)
        step[finite] = np.einsum("...ij,...j->...i", inverse, gradients[finite])
    return step


def _distinct(points: Array, tolerance: Array) -> Array:
    """Keep one of each bunch of points closer than `tolerance` in every coordinate."""
    _, first = np.unique(np.round(points / tolerance), axis=0, return_index=True)
    points = points[np.sort(first)]
    kept = np.empty_like(points[: MOST_POINTS + 1])
    count = 0
    for point in points:
        if not (np.abs(kept[:count] - point) < tolerance).all(1).any():
            kept[count] = point
            count += 1
        if count > MOST_POINTS:
            break
    return kept[:count]
