"""Find the points where a landscape is flat, and classify them by the Hessian's eigenvalues."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import mpmath
import numpy as np
import sympy as sp
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gdlib.landscapes import Landscape

Array = NDArray[np.float64]

DIGITS = 40
"""Working precision of the exact search, in decimal digits."""
LARGEST_DEGREE = 24
"""Polynomial systems whose degrees multiply to more than this are left to Newton's method."""
MOST_STARTS = 40_000


class CriticalPoint(NamedTuple):
    """A point of zero gradient: where, how high, of which kind, and its Hessian's eigenvalues."""

    point: tuple[float, ...]
    value: float
    kind: str
    eigenvalues: tuple[float, ...]


def find(landscape: Landscape) -> list[CriticalPoint]:
    """Find a landscape's critical points, sorted by value; see `Landscape.critical_points`."""
    if landscape.has_corners:
        raise ValueError(
            f"{landscape.name} has corners, and the gradient need not be zero at a minimum there;"
            " critical points are listed only for smooth formulas, without abs, max and min"
        )
    points = _polynomial(landscape)
    if points is None:
        points = _newton(landscape)
    found = [classify(landscape, point) for point in points]
    return sorted(found, key=lambda c: (round(c.value, 9), c.point))


def classify(landscape: Landscape, point: tuple[float, ...]) -> CriticalPoint:
    """Name a critical point: minimum, maximum, saddle, or degenerate where an eigenvalue is 0.

    An eigenvalue counts as 0 below 1e−8 of the largest one's size (or of 1).
    """
    eigenvalues = np.linalg.eigvalsh(landscape.hessian(point))
    tiny = 1e-8 * max(1.0, float(np.abs(eigenvalues).max()))
    if (np.abs(eigenvalues) <= tiny).any():
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


def _polynomial(landscape: Landscape) -> list[tuple[float, ...]] | None:
    """Solve a polynomial gradient exactly, or return None where that does not apply.

    Each variable's possible values are the real roots of a polynomial in it alone (from a
    Gröbner basis); of their combinations, those with zero gradient at 40 digits are the answer.
    """
    variables, gradient = landscape.variables, landscape.gradient_formula
    if not all(g.is_polynomial(*variables) and not g.has(sp.pi, sp.E) for g in gradient):
        return None
    if np.prod([max(sp.Poly(g, *variables).total_degree(), 1) for g in gradient]) > LARGEST_DEGREE:
        return None
    basis = sp.groebner(gradient, *variables, order="grevlex")
    if list(basis.exprs) == [sp.S.One]:
        return []
    if not basis.is_zero_dimensional:
        raise ValueError(f"the critical points of {landscape.name} are not isolated")
    gradients = sp.lambdify(variables, gradient, "mpmath")
    with mpmath.workdps(DIGITS):
        roots = [_roots(basis, v) for v in variables]
        return [
            tuple(map(float, point))
            for point in itertools.product(*roots)
            if max(map(abs, gradients(*point))) < mpmath.mpf(10) ** (-DIGITS // 2)
        ]


def _roots(basis: sp.GroebnerBasis, variable: sp.Symbol) -> list[mpmath.mpf]:
    """Return the real roots of the basis's polynomial in one variable, to 40 digits."""
    others = [v for v in basis.gens if v != variable]
    alone = basis if not others else sp.groebner(basis.exprs, *others, variable, order="lex")
    eliminant = next(e for e in alone.exprs if e.free_symbols == {variable})
    exact = set(sp.Poly(eliminant, variable).real_roots())
    return sorted(mpmath.mpf(str(root.evalf(DIGITS + 5))) for root in exact)


def _newton(landscape: Landscape) -> list[tuple[float, ...]]:
    """Run Newton's method on the gradient from a lattice of starts; keep what converged inside."""
    low, high = np.array(landscape.bounds).T
    each = max(3, int(MOST_STARTS ** (1 / landscape.n)))
    # Off the round numbers, where symmetric landscapes have their corners.
    axes = [
        np.linspace(a, b, each + 1)[:-1] + (b - a) / (np.pi * each)
        for a, b in zip(low, high, strict=True)
    ]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, landscape.n)[:MOST_STARTS]
    reach = (high - low) / 10  # no step longer than this, lest a flat spot throws a run far away
    for _ in range(60):
        step = _solve(landscape.evaluate("hessian", points), landscape.evaluate("gradient", points))
        points = points - np.clip(np.nan_to_num(step), -reach, reach)
        points = points[((points >= low - reach) & (points <= high + reach)).all(-1)]
    flat = np.abs(landscape.evaluate("gradient", points)).max(-1, initial=0.0)
    scale = max(1.0, float(np.abs(landscape.value((low + high) / 2 + reach / 7))))
    inside = ((points >= low) & (points <= high)).all(-1)
    return _distinct(points[(flat < 1e-9 * scale) & inside], (high - low) * 1e-6)


def _solve(hessians: Array, gradients: Array) -> Array:
    """Solve H s = g for each point by pseudo-inverse, so that singular Hessians do not stop all."""
    with np.errstate(all="ignore"):
        finite = np.isfinite(hessians).all((-2, -1)) & np.isfinite(gradients).all(-1)
        step = np.zeros_like(gradients)
        inverse = np.linalg.pinv(hessians[finite], hermitian=True)
        step[finite] = np.einsum("...ij,...j->...i", inverse, gradients[finite])
    return step


def _distinct(points: Array, tolerance: Array) -> list[tuple[float, ...]]:
    """Keep one of each bunch of points closer than `tolerance` in every coordinate."""
    kept: list[Array] = []
    _, first = np.unique(np.round(points / tolerance / 10), axis=0, return_index=True)
    for point in points[np.sort(first)]:
        if not any((np.abs(point - other) < 10 * tolerance).all() for other in kept):
            kept.append(point)
        if len(kept) > 2_000:
            raise ValueError("the critical points are not isolated: a whole stretch is flat")
    return [tuple(map(float, np.round(point, 12))) for point in kept]
