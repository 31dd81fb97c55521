"""Refuse formulas that some target cannot say exactly, in words, before anything is printed."""

from __future__ import annotations

import math
import numbers
from collections.abc import Collection
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from gdlib.checks import NO_NUMBERS, shown
from gdlib.formula import real
from gdlib.formula.lower import lower, refuse_floats
from gdlib.formula.targets import FUNCTIONS, compile_scalar


def formula(value: Any, owner: str = "the formula") -> sp.Expr:
    """Return a SymPy expression, or a whole number or fraction as one.

    Raises
    ------
    TypeError
        Anything else. Text above all: SymPy's own parser would run it.
    ValueError
        A float, which the targets would print differently.
    """
    if isinstance(value, str):
        raise TypeError(
            f"{owner} must be a SymPy expression, not text: {shown(value)}; write it with"
            " sympy.symbols, or let gd.Landscape.parse read a cost from text"
        )
    if isinstance(value, numbers.Rational) and not isinstance(value, (*NO_NUMBERS, sp.Expr)):
        return sp.Rational(int(value.numerator), int(value.denominator))
    if isinstance(value, (float, np.floating)):
        value = sp.Float(float(value))
    if not isinstance(value, sp.Expr):
        raise TypeError(f"{owner} must be a SymPy expression, not {shown(value)}")
    refuse_floats(value, owner)
    return value


def symbol(value: Any, owner: str) -> sp.Symbol:
    """Return a SymPy symbol, or refuse what is none."""
    if not isinstance(value, sp.Symbol):
        raise TypeError(f"{owner} must be a SymPy symbol, not {shown(value)}")
    return value


def check(
    expression: sp.Expr,
    symbols: Collection[sp.Symbol],
    owner: str = "the formula",
    also: tuple[type, ...] = (),
) -> None:
    """Refuse what some target could not say exactly, naming the culprit.

    It may hold functions that are given `also`, which only some targets have.

    Raises
    ------
    TypeError
        `expression` is not a SymPy expression.
    ValueError
        A float literal, an unbound symbol, or a function that a target lacks.
    """
    if not isinstance(expression, sp.Expr):
        raise TypeError(f"{owner} must be a SymPy expression, not {type(expression).__name__}")
    refuse_floats(expression, owner)
    unbound = sorted(map(str, expression.free_symbols - set(symbols)))
    if unbound:
        known = ", ".join(map(str, symbols)) or "none"
        other = " of other assumptions" if unbound[0] in map(str, symbols) else ""
        raise ValueError(
            f"{owner} holds the unbound symbol {unbound[0]!r}{other}; its symbols: {known}"
        )
    for part in sp.preorder_traversal(expression):
        if isinstance(part, sp.Rational) and part.is_finite and not _fits(part):
            raise ValueError(f"{owner} holds a number that no double holds: {shown(part)}")
        if not isinstance(part, also) and not _sayable(part):
            why = f", which JavaScript cannot say{_instead(part)}"
            raise ValueError(f"{owner} holds {shown(part)}{why}")
    for number in _numbers(expression):
        if not math.isfinite(_double(number)):
            raise ValueError(f"{owner} holds a number that no double holds: {shown(number)}")


def _instead(part: sp.Basic) -> str:
    """Return how to write pieces and their conditions, where a part is of that kind."""
    if isinstance(part, sp.ITE):  # what SymPy makes of Max(Piecewise(...), x)
        return (
            ": a condition that compares pieces; write max, min and comparisons inside each piece,"
            " Piecewise((Max(x, y), x > 0), (Max(1, y), True))"
        )
    if isinstance(part, (sp.And, sp.Or, sp.Not, sp.Xor)):
        return (
            ": conditions that are joined; write pieces inside pieces,"
            " Piecewise((Piecewise((x, y > 0), (y, True)), x > 0), (y, True))"
        )
    if part in (sp.I, sp.nan, sp.oo, -sp.oo, sp.zoo):
        return ": it is no finite real number"
    if isinstance(part, (sp.Eq, sp.Ne)):
        return ": a condition compares with <, <=, > or >="
    return ": its last piece must be (..., True)" if part.is_Piecewise else ""


def _numbers(e: sp.Expr) -> set[sp.Expr]:
    """Return the numbers that are computed, such as exp(3), and a product's numbers together."""
    found: set[sp.Expr] = set()
    seen, left = {e}, [e]
    while left:
        part = left.pop()
        computed = [n for n in (part, *part.args) if n.args and n.is_number]
        if part in computed:
            found.add(part)
            continue
        if computed and part.is_Mul:
            found.add(sp.Mul(*(n for n in part.args if n.is_number)))
        new = {*part.args} - seen
        seen |= new
        left += new
    return found


@cache
def _double(number: sp.Expr) -> float:
    return float(compile_scalar("number", [], lower([number]), ())())


def _sayable(part: sp.Basic) -> bool:
    if part in (sp.pi, sp.E) or isinstance(part, (sp.Rational, sp.Symbol)):
        return bool(part.is_finite is not False)
    if isinstance(part, sp.Piecewise):  # every point must fall into some piece
        return bool(part.args[-1].cond == sp.true)
    passed = (sp.Add, sp.Mul, sp.Pow, sp.functions.elementary.piecewise.ExprCondPair)
    return isinstance(part, passed) or real.sympys(part.func) in FUNCTIONS or part == sp.true


def _fits(number: sp.Rational) -> bool:
    """Tell whether a fraction, or what it is printed as, is a double."""
    whole = number.q & (number.q - 1) == 0
    size = abs(number) if whole else max(abs(number.p), number.q)
    return bool(size < 2**1023)
