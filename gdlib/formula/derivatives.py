"""Differentiate a formula twice, and say what its slope is where it has none: at corners.

SymPy differentiates functions of complex numbers; the formulas here are of real ones. So |u|, its
sign, max and min have derivatives of their own, and a root of what reaches 0 has one there too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

import sympy as sp

from gdlib.checks import shown
from gdlib.formula import real, signs

Formulas = tuple[sp.Expr, list[sp.Expr], list[list[sp.Expr]]]
Roots = Mapping[sp.Expr, tuple[sp.Expr, ...]]

MOST_NODES = 20_000
"""Numbers, symbols and operations that a reader's line may have in its derivatives."""


class _Real(sp.Function):  # type: ignore[misc]  # SymPy publishes no types
    is_extended_real = True


class _Size(_Real):  # |u|
    def _eval_derivative(self, v: sp.Symbol) -> sp.Expr:
        return _Sign(self.args[0]) * self.args[0].diff(v)


class _Sign(_Real):
    def _eval_derivative(self, _: sp.Symbol) -> sp.Expr:
        return sp.S.Zero


class _Root(_Real):  # u**a, whose slope SymPy writes as a u**a u′/u, with 0/0 where u = 0
    def _eval_derivative(self, v: sp.Symbol) -> sp.Expr:
        u, a = self.args
        power = (_Root if a > 1 else sp.Pow)(u, a - 1)
        return a * power * u.diff(v)


class _Power(_Real):  # u**w of a w that varies: SymPy's slope divides by u, and takes log(u)
    def _eval_derivative(self, v: sp.Symbol) -> sp.Expr:
        u, w = self.args
        return w * _Power(u, w - 1) * u.diff(v) + _PowerLog(u, w) * w.diff(v)


class _PowerLog(_Real):  # u**w log(u)
    def _eval_derivative(self, v: sp.Symbol) -> sp.Expr:
        u, w = self.args
        return (_Power(u, w) * sp.log(u)).diff(v)


class _Largest(_Real):
    def _eval_derivative(self, v: sp.Symbol) -> sp.Expr:
        *others, last = self.args
        before = others[0] if len(others) == 1 else self.func(*others)
        larger = (before, last) if self.func == _Smallest else (last, before)
        return _Chosen(*larger, last.diff(v), before.diff(v))


class _Smallest(_Largest):
    pass


class _Chosen(_Real):  # `yes` where a > b, else `no`: a branch not taken may be undefined
    @classmethod
    def eval(cls, _a: sp.Expr, _b: sp.Expr, yes: sp.Expr, no: sp.Expr) -> sp.Expr | None:
        return yes if yes == no else None

    def _eval_power(self, exponent: sp.Expr) -> sp.Expr:  # SymPy's, of pieces, may not end
        a, b, yes, no = self.args
        return _Chosen(a, b, yes**exponent, no**exponent)

    def _eval_derivative(self, v: sp.Symbol) -> sp.Expr:
        a, b, yes, no = self.args
        return _Chosen(a, b, yes.diff(v), no.diff(v))


def _chosen(a: sp.Expr, b: sp.Expr, yes: sp.Expr, no: sp.Expr) -> sp.Expr:
    try:
        return sp.Piecewise((yes, sp.Gt(a, b, evaluate=False)), (no, True), evaluate=False)
    except TypeError:  # SymPy compares piece by piece, and a piece may have no real value
        raise ValueError(
            "max and min must compare formulas whose pieces are real everywhere, not"
            f" {shown(a)} and {shown(b)}"
        ) from None


def derivatives(
    expr: sp.Expr, variables: tuple[sp.Symbol, ...], *, most: int | None = None
) -> Formulas:
    """Differentiate a formula: itself, its gradient, its Hessian.

    At a kink of `Abs`, `Max` or `Min` the gradient is a subgradient: sign(0) = 0, the slope of
    `Max(0, x)` at 0 is 0, and where the arguments of a `Max` tie, its slope is that of one of
    them. The Hessian ignores the kink.

    Raises
    ------
    ValueError
        Derivatives of more than `most` parts.
    """
    if (expr, variables) not in _KNOWN:
        _KNOWN[expr, variables] = _derived(expr, variables, math.inf if most is None else most)
    return _KNOWN[expr, variables]


_KNOWN: dict[tuple[sp.Expr, tuple[sp.Symbol, ...]], Formulas] = {}


def _derived(expr: sp.Expr, variables: tuple[sp.Symbol, ...], most: float) -> Formulas:
    # Both derivatives are taken in our functions; SymPy's come back at the end, to be printed.
    own = _own(expr)
    first = [_slope(own, v) for v in variables]
    left = most - sum(_nodes(g, most) for g in first)
    second: list[list[sp.Expr]] = []
    for g in first:
        second.append([])
        for v in variables:
            second[-1].append(_slope(g, v))
            left -= _nodes(second[-1][-1], left)
    known: dict[sp.Basic, sp.Basic] = {}
    gradient = [_translated(g, _THEIRS, known) for g in first]
    return expr, gradient, [[_translated(h, _THEIRS, known) for h in row] for row in second]


def _nodes(e: sp.Expr, most: float) -> int:
    """Count the parts of a formula, or refuse more than there may be."""
    count = 0
    for _ in sp.preorder_traversal(e) if most < math.inf else ():
        count += 1
        if count > most:
            raise ValueError(
                f"a formula's derivatives hold at most {MOST_NODES:,} numbers, symbols and"
                " operations in all; these hold more: write fewer factors, nests or variables"
            )
    return count


def _slope(e: sp.Expr, v: sp.Symbol) -> sp.Expr:
    slope = sp.diff(e, v)
    # The slope of a jump is 0 but at one point, a corner, which the Hessian ignores.
    if slope.has(sp.DiracDelta):
        slope = slope.replace(sp.DiracDelta, lambda *_: sp.S.Zero)
    return slope


def _root(u: sp.Expr, a: sp.Expr) -> sp.Expr:
    plain = u.is_Add or u.is_Atom or not _fractional(a)
    return sp.Pow(u, a) if plain else _Root(u, a)


def _power(u: sp.Expr, a: sp.Expr) -> sp.Expr:
    plain = a.is_number or u.is_number or sp.Tuple(u, a).has(sp.Piecewise)
    return _root(u, a) if plain or signs.is_positive(_back(u)) else _Power(u, a)


def _power_log(u: sp.Expr, w: sp.Expr) -> sp.Expr:
    """Return u**w log(u), and its limit 0 where u is 0 and w above 0.

    Where w is 0 too, u**w jumps between 0 and 1: no slope is made up.
    """
    # u = 0 and w > 0 as one comparison: targets print no conditions that are joined.
    at_0 = sp.Le(sp.sign(u) ** 2 - sp.sign(w), -1, evaluate=False)
    return sp.Piecewise((0, at_0), (u**w * sp.log(u), True), evaluate=False)


_OURS = {sp.Abs: _Size, sp.sign: _Sign, sp.Max: _Largest, sp.Min: _Smallest, sp.Pow: _power}
_OURS |= {f: real.hyperbolic(f) for f in (sp.sinh, sp.cosh, sp.tanh)}
# SymPy has looked already whether one argument is always the largest; that takes it long.
_THEIRS = {
    _Size: sp.Abs, _Sign: sp.sign,
    _Largest: partial(sp.Max, evaluate=False), _Smallest: partial(sp.Min, evaluate=False),
    _Root: sp.Pow, _Chosen: _chosen, _Power: sp.Pow, _PowerLog: _power_log,
}  # fmt: skip


def _own(e: sp.Expr) -> sp.Expr:
    """Write |·|, sign, max, min and roots of products as functions with slopes of their own."""
    return _translated(e, _OURS, {})


def _back(e: sp.Expr) -> sp.Expr:
    return _translated(e, _THEIRS, {})


Words = Mapping[Any, Callable[..., sp.Basic]]


def _translated(e: sp.Basic, words: Words, known: dict[sp.Basic, sp.Basic]) -> sp.Basic:
    """Replace functions from the inside out, each part once, however often it occurs."""
    if not e.args:
        return e
    if e not in known:
        args = tuple(_translated(part, words, known) for part in e.args)
        if e.func in words:
            known[e] = words[e.func](*args)
        else:
            known[e] = e if args == e.args else e.func(*args)
    return known[e]


def _fractional(exponent: sp.Expr) -> bool:
    return bool(exponent.is_Rational and not exponent.is_Integer and exponent.is_positive)


def roots(expressions: Iterable[sp.Expr], variables: tuple[sp.Symbol, ...]) -> Roots:
    """Find the u of each root of u (or arcsine's 1 − v²) that may reach 0, with u's slopes.

    A root's slope, u′/2√u, is 0/0 where u and u′ are 0. The root has a minimum there, for it is
    nowhere below 0, so that 0 is a subgradient. Where only u is 0 the slope is infinite. No
    slopes are given where u is nowhere below 0, for then u′ is 0 where u is. Something that is
    also divided by has no value there, nor a slope.
    """
    parts = {part for e in expressions for part in sp.preorder_traversal(e)}
    found = _radicands(parts) - {p.base for p in parts if _divides(p)}
    return {
        u: () if signs.is_nonnegative(u) else tuple(_back(_slope(_own(u), v)) for v in variables)
        for u in sorted(found, key=str)
    }


def _radicands(parts: Iterable[sp.Basic]) -> set[sp.Expr]:
    """Return what stands below a root, or is an arcsine's 1 − v², and may reach 0."""
    found = {p.base for p in parts if p.is_Pow and p.exp.is_Rational and not math.floor(p.exp)}
    found |= {1 - p.args[0] ** 2 for p in parts if isinstance(p, (sp.asin, sp.acos))}
    return {u for u in found if not u.is_number and not signs.is_positive(u)}


def _divides(part: sp.Basic) -> bool:
    return bool(part.is_Pow and part.exp.is_Rational and part.exp.is_negative)


@cache
def has_corners(expr: sp.Expr) -> bool:
    """Tell whether a formula may have a value where its slope jumps, is infinite or is none.

    True of |·|, max, min, a sign or a step; of a root, or a power that varies, of what may reach
    0; and where a pole is inside what stays finite, as in exp(−1/x²). What is not proved to have
    no corner counts as one.
    """
    parts = set(sp.preorder_traversal(expr))
    jumps = (sp.Abs, sp.Max, sp.Min, sp.sign, sp.Heaviside, sp.floor)
    bases = {p.base for p in parts if p.is_Pow and p.base != sp.E and not p.exp.is_number}
    return (
        expr.has(*jumps)
        or bool(_radicands(parts))
        or not all(map(signs.is_positive, bases))
        or any(_hides_a_pole(p) for p in parts)
    )


def _hides_a_pole(part: sp.Basic) -> bool:
    """Tell whether a part stays finite where something inside it is infinite."""
    if not (isinstance(part, (sp.exp, sp.atan, sp.tanh)) or _divides(part)):
        return False
    inside = {p for a in part.args for p in sp.preorder_traversal(a)}
    reached = {p.base for p in inside if _divides(p)} | {
        p.args[0] for p in inside if p.func == sp.log
    }
    return bool(any(p.func == sp.tan for p in inside) or not all(map(signs.is_positive, reached)))
