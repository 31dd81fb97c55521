"""Prove of a formula of real variables that it is above 0 everywhere, or nowhere below 0.

Nothing is evaluated at points: a proof holds everywhere. What is not proved may hold all the same.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import sympy as sp

from gdlib.formula import real

LARGEST_DEGREE = 24
FEW_TERMS = 4
"""Degree up to which a polynomial in several variables is multiplied out, to see if it has 2."""
Bound = Fraction | float
Interval = tuple[Bound, Bound]
ALL: Interval = (-math.inf, math.inf)
OFF = Fraction(1, 10**12)
"""A share of a number by which its float is not off."""
_HALF_TURN = Fraction(math.pi) / 2 * (1 + OFF)
_RANGES: dict[type, Interval] = {
    sp.sin: (Fraction(-1), Fraction(1)),
    sp.cos: (Fraction(-1), Fraction(1)),
    sp.tanh: (Fraction(-1), Fraction(1)),
    sp.sign: (Fraction(-1), Fraction(1)),
    sp.Heaviside: (Fraction(0), Fraction(1)),
    sp.cosh: (Fraction(1), math.inf),
    sp.exp: (Fraction(0), math.inf),
    sp.atan: (-_HALF_TURN, _HALF_TURN),
    sp.acos: (Fraction(0), 2 * _HALF_TURN),
}


def is_positive(u: sp.Expr) -> bool:
    """Tell whether a formula is proved to be above 0 everywhere."""
    return bool(u.is_positive) or range_of(u)[0] > 0 or _polynomial(u, strictly=True)


def is_nonnegative(u: sp.Expr) -> bool:
    """Tell whether a formula is proved to be nowhere below 0."""
    return bool(u.is_nonnegative) or range_of(u)[0] >= 0 or _polynomial(u, strictly=False)


def range_of(e: sp.Expr) -> Interval:
    """Bound a formula from below and above, part by part: 1 − cos x lies between 0 and 2."""
    if e.is_Rational:
        return (Fraction(e.p, e.q),) * 2
    if e.is_number and not e.has(sp.Function):
        near = Fraction(float(e)) if math.isfinite(float(e)) else Fraction(0)
        return (near - abs(near) * OFF, near + abs(near) * OFF) if near else ALL
    if e.is_Add:
        lows, highs = zip(*map(range_of, e.args), strict=True)
        return sum(lows), sum(highs)
    if e.is_Mul:
        total: Interval = (Fraction(1), Fraction(1))
        for factor in e.args:
            corners = [_times(*pair) for pair in itertools.product(total, range_of(factor))]
            total = min(corners), max(corners)
        return total
    if e.is_Pow and e.base != sp.E:
        return _power(e)
    if isinstance(e, sp.Max | sp.Min | sp.Abs):
        return _chosen(e)
    return _RANGES.get(sp.exp if e.is_Pow else real.sympys(e.func), ALL)


def _times(a: Bound, b: Bound) -> Bound:
    return Fraction(0) if a == 0 or b == 0 else a * b


def _power(e: sp.Pow) -> Interval:
    low, high = range_of(e.base)
    if e.exp.is_Integer and e.exp.is_positive and e.exp <= LARGEST_DEGREE:
        n = int(e.exp)
        ends = [end**n if math.isfinite(end) else math.inf * (1 if end > 0 else (-1) ** n)
                for end in (low, high)]  # fmt: skip
        return (Fraction(0), max(ends)) if n % 2 == 0 and low < 0 < high else (min(ends), max(ends))
    above = e.exp.is_Integer and e.exp.is_even, e.exp.is_Rational and not e.exp.is_Integer, low >= 0
    return (Fraction(0), math.inf) if any(above) else ALL


def _chosen(e: sp.Expr) -> Interval:
    ranges = list(map(range_of, e.args))
    if isinstance(e, sp.Abs):
        low, high = ranges[0]
        return max(low, -high, Fraction(0)), max(-low, high)
    best = max if isinstance(e, sp.Max) else min
    return best(low for low, _ in ranges), best(high for _, high in ranges)


def _polynomial(u: sp.Expr, *, strictly: bool) -> bool:
    variables = sorted(u.free_symbols, key=str)
    if not variables or not u.is_polynomial(*variables):
        return False
    # Before it is multiplied out: (a + b + c + d + x)**19 has 8,855 terms.
    if _degree(u) > (LARGEST_DEGREE if len(variables) == 1 else FEW_TERMS):
        return False
    poly = sp.Poly(u, *variables)
    if not all(c.is_Rational for c in poly.coeffs()):
        return False
    if len(variables) == 1 and poly.degree() <= LARGEST_DEGREE:
        return _curve(poly, strictly=strictly)
    return bool(poly.total_degree() == 2) and _quadratic(poly, strictly=strictly)


def _degree(u: sp.Expr) -> int:
    """Bound a polynomial's degree, in all variables together, as it is written."""
    if u.is_Pow:
        return int(u.exp) * _degree(u.base) if u.free_symbols else 0
    degrees = map(_degree, u.args)
    return sum(degrees) if u.is_Mul else max(degrees, default=int(u.is_Symbol))


def _curve(poly: sp.Poly, *, strictly: bool) -> bool:
    if not poly.LC() > 0:
        return False
    crossed = [factor for factor, times in poly.sqf_list()[1] if strictly or times % 2]
    return all(factor.count_roots() == 0 for factor in crossed)


def _quadratic(poly: sp.Poly, *, strictly: bool) -> bool:
    """Tell whether ½ θᵀHθ + bᵀθ + c is: H has no direction down, and the lowest value is not."""
    hessian = sp.hessian(poly.as_expr(), poly.gens)
    if not hessian.is_positive_semidefinite:
        return False
    slopes = sp.Matrix([poly.diff(v).eval(dict.fromkeys(poly.gens, 0)) for v in poly.gens])
    try:
        lowest, free = hessian.gauss_jordan_solve(-slopes)
    except ValueError:  # a slope along a flat direction: no lowest value
        return False
    at = lowest.subs(dict.fromkeys(free, 0))
    value = poly.eval(dict(zip(poly.gens, at, strict=True)))
    return bool(value > 0) if strictly else bool(value >= 0)
