"""How far from the origin a formula must be finite, so that a run within needs no look at it."""

from __future__ import annotations

import math
from functools import cache

import sympy as sp

from gdlib.formula import derivatives

LARGEST = 1e200
"""No intermediate result within the radius is larger, whatever the order of the operations."""
RADII = tuple(10.0**exponent for exponent in (75, 50, 30, 20, 10, 5, 2, 1, 0))
NOWHERE = -math.inf
"""The radius of a formula that may be infinite or undefined anywhere, by what is known here."""

BOUNDED = (sp.sin, sp.cos, sp.tanh, sp.atan, sp.sign, sp.Heaviside)
GROWING = (sp.exp, sp.sinh, sp.cosh)


@cache
def radius(expr: sp.Expr, variables: tuple[sp.Symbol, ...]) -> float:
    """Return an R such that value and gradient are finite wherever all |θᵢ| ≤ R."""
    value, gradient, _ = derivatives.derivatives(expr, variables)
    for size in RADII:
        if all(largest(part, size) <= LARGEST for part in (value, *gradient)):
            return size
    return NOWHERE


def largest(expr: sp.Basic, size: float) -> float:
    """Bound every partial result of a formula where all |θᵢ| ≤ `size`; ∞ where none is known.

    No bound is below 1, so that a product is bounded in any order of its factors.
    """
    try:
        if isinstance(expr, sp.Rational):
            return float(max(abs(expr.p), expr.q))
        if isinstance(expr, (sp.Symbol, sp.NumberSymbol)):
            return max(4.0, size)  # π and e are less than 4
        if isinstance(expr, sp.Piecewise):
            return sum(largest(branch, size) for branch, _ in expr.args)
        parts = [largest(part, size) for part in expr.args]
        if isinstance(expr, sp.Mul):
            return float(math.prod(parts))
        if isinstance(expr, sp.Pow):
            return _power(expr, parts[0])
        if isinstance(expr, (sp.Add, sp.Abs, sp.Max, sp.Min)):
            return sum(parts)
        if isinstance(expr, BOUNDED):
            return max(2.0, *parts)
        if isinstance(expr, GROWING):
            return max(parts[0], math.exp(parts[0]))
    except OverflowError:
        pass
    return math.inf


def _power(expr: sp.Pow, base: float) -> float:
    if expr.exp.is_Integer and expr.exp.is_positive:
        return float(base ** int(expr.exp))
    if expr.base.is_Rational and expr.base > 0 and expr.exp.is_Rational:
        return float(base ** max(1.0, abs(float(expr.exp))))
    return math.inf
