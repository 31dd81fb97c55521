"""Random formulas for the property tests, and their values to many digits by mpmath.

The oracle walks an expression with mpmath alone: it shares neither the printer nor SymPy's `evalf`.
"""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import sympy as sp
from hypothesis import strategies as st

VARIABLES = sp.symbols("x y z", real=True)

_numbers = st.integers(-4, 4).map(sp.Integer) | st.sampled_from(
    [sp.Rational(1, 3), sp.Rational(-5, 8), sp.Rational(7, 10), sp.pi, sp.E]
)
_PLAIN = [sp.sin, sp.cos, sp.tan, sp.atan, sp.sinh, sp.cosh, sp.tanh, sp.exp, sp.Abs]
_NARROW = [sp.asin, sp.acos, sp.log, sp.sqrt]
_CORNERED = [sp.sign, sp.Heaviside, sp.floor]


def _piece(low: Any, high: Any, relation: Any, one: Any, other: Any) -> Any:
    return sp.Piecewise((one, relation(low, high)), (other, True))


_TWO = [
    lambda a, b: a + b,
    lambda a, b: a - 2 * b,
    lambda a, b: a * b,
    lambda a, b: a / b,
    sp.Max,
    sp.Min,
    lambda a, b: sp.Abs(a) ** b,
]
_POWERS = [-3, -1, 2, 3, 5, 6, sp.Rational(1, 2), sp.Rational(3, 2), sp.Rational(-1, 2)]
_RELATIONS = [sp.Le, sp.Lt, sp.Ge, sp.Gt]


def _build(parts: Any) -> Any:
    """Apply a function to formulas; what SymPy refuses, such as Max(asin(4), x), is its first."""
    function, *operands = parts
    try:
        made = function(*operands)
    except (TypeError, ValueError):
        return operands[0]
    return operands[0] if made.has(sp.zoo, sp.nan, sp.oo, sp.I) else made


def _branches(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    one = st.sampled_from([*_PLAIN, *_NARROW, *_CORNERED])
    two, power, relation = map(st.sampled_from, (_TWO, _POWERS, _RELATIONS))
    return (
        st.tuples(two, children, children).map(_build)
        | st.tuples(one, children).map(_build)
        | st.tuples(st.just(sp.Pow), children, power).map(_build)
        | st.tuples(st.just(_piece), children, children, relation, children, children).map(_build)
    )


def formulas(leaves: Any = VARIABLES, size: int = 7) -> st.SearchStrategy[Any]:
    """Return a strategy for formulas over some symbols, of at most `size` leaves."""
    some = _numbers | st.sampled_from(list(leaves)) | st.sampled_from(list(leaves))
    return st.recursive(some, _branches, max_leaves=size)


_MPMATH = {
    **{f: getattr(mpmath, f.__name__) for f in (*_PLAIN[:8], sp.asin, sp.acos, sp.log, sp.floor)},
    sp.Abs: abs,
    sp.sign: mpmath.sign,
    sp.Max: lambda *a: max(a),
    sp.Min: lambda *a: min(a),
    sp.Heaviside: lambda a, *_: mpmath.mpf(a > 0),
    sp.Add: lambda *a: mpmath.fsum(a),
    sp.Mul: lambda *a: mpmath.fprod(a),
    sp.Pow: mpmath.power,
    sp.Le: lambda a, b: a <= b,
    sp.Lt: lambda a, b: a < b,
    sp.Ge: lambda a, b: a >= b,
    sp.Gt: lambda a, b: a > b,
}
"""What each part of a formula means."""


class NoValueError(Exception):
    """A formula has no finite real value."""


class EdgeError(Exception):
    """A formula's value is decided by the rounding of a number near a jump or a pole."""


def value(e: Any, point: dict[Any, Any], seen: list[Any] | None = None) -> Any:
    """Return a formula's value at a point by mpmath, at its precision.

    `seen` collects the sizes of all numbers on the way: what rounding may spoil.

    Raises NoValueError where there is none, and EdgeError within 1e-9 of where that changes.
    """
    found = _value(e, point, seen)
    if not mpmath.isfinite(found) or isinstance(found, mpmath.mpc):
        raise NoValueError
    if seen is not None:
        seen.append(abs(found))
    return found


def _value(e: Any, point: dict[Any, Any], seen: list[Any] | None) -> Any:
    if e in point:
        return point[e]
    if isinstance(e, sp.Rational):
        return mpmath.mpf(int(e.p)) / int(e.q)
    if e in (sp.pi, sp.E):
        return +mpmath.pi if e == sp.pi else +mpmath.e
    if isinstance(e, sp.Piecewise):
        for piece, condition in e.args:
            if condition == sp.true or _holds(condition, point, seen):
                return value(piece, point, seen)
    parts = [value(part, point, seen) for part in e.args]
    _off_edges(e, parts)
    try:
        return _MPMATH[e.func](*parts)
    except (ZeroDivisionError, ValueError, OverflowError):
        raise NoValueError from None


def _holds(condition: Any, point: dict[Any, Any], seen: list[Any] | None) -> bool:
    low, high = (value(side, point, seen) for side in condition.args)
    _apart(low - high)
    return bool(_MPMATH[condition.func](low, high))


def _apart(distance: Any) -> None:
    if abs(distance) < mpmath.mpf("1e-9"):
        raise EdgeError


def _off_edges(e: Any, parts: list[Any]) -> None:
    """Keep away from where a rounded operand would give another value, or none."""
    if e.func in (sp.sign, sp.Heaviside, sp.Abs, sp.log):
        _apart(parts[0])
    if e.func is sp.floor:
        _apart(parts[0] - mpmath.nint(parts[0]))
    if e.func in (sp.asin, sp.acos):
        _apart(1 - abs(parts[0]))
    if e.func in (sp.Max, sp.Min):
        ordered = sorted(parts)
        for below, above in itertools.pairwise(ordered):
            _apart(above - below)
    if e.func is sp.Pow and not (e.exp.is_Integer and e.exp > 0):
        _apart(parts[0])
