"""Arithmetic on Python's floats as NumPy and JavaScript have it: it never raises.

Python's own raises where IEEE 754 has an answer: 1/0 is an infinity, √−1 is NaN, e¹⁰⁰⁰ overflows to
an infinity; and its `max(0.0, nan)` loses the NaN. One meaning holds here in every target: NaN
propagates, infinities are numbers, a comparison with NaN is false, and a branch that is not
taken does not matter. 1 to the power NaN is 1, as C has it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

RAISED = (OverflowError, ValueError, ZeroDivisionError)
"""What Python's arithmetic raises where the answer is no finite number."""


def maximum(a: float, b: float) -> float:
    """Return the larger number, or NaN if one of them is."""
    return a if a >= b or a != a else b  # only NaN differs from itself


def minimum(a: float, b: float) -> float:
    """Return the smaller number, or NaN if one of them is."""
    return a if a <= b or a != a else b


def whole(x: float) -> float:
    """Round down to a float; Python's own `floor` gives an int, whose products are exact."""
    return float(math.floor(x))


def divide(a: float, b: float) -> float:
    """Divide; by zero gives an infinity, or NaN for 0/0."""
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0 or math.isnan(a):
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1.0, b)


def power(a: float, b: float) -> float:
    """Raise a to the power b as C does: infinite at a pole or where too large, else NaN."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf
    except ValueError:
        if a:
            return math.nan
        return math.copysign(math.inf, a) if b % 2 == 1 else math.inf


def _or(function: Callable[[float], float], otherwise: Callable[[float], float], x: float) -> float:
    """Apply a function of one number, or another where the first one raises."""
    try:
        return function(x)
    except (OverflowError, ValueError):
        return otherwise(x)


def _nowhere(_: float) -> float:
    return math.nan


PLAIN: dict[str, Any] = {
    **{name: getattr(math, name) for name in dir(math) if name[0] != "_"},
    "max": maximum,
    "min": minimum,
    "floor": whole,
}
"""What printed Python calls, by name; as fast as can be, and it raises."""

CAREFUL: dict[str, Any] = {
    **PLAIN,
    **{
        name: partial(_or, getattr(math, name), _nowhere)
        for name in ("sin", "cos", "tan", "asin", "acos", "sqrt")
    },
    "exp": partial(_or, math.exp, lambda _: math.inf),
    "cosh": partial(_or, math.cosh, lambda _: math.inf),
    "sinh": partial(_or, math.sinh, lambda x: math.copysign(math.inf, x)),
    "log": partial(_or, math.log, lambda x: math.nan if x else -math.inf),
    "floor": partial(_or, whole, lambda x: x),
    "divide": divide,
    "pow": power,
}
"""The same, without raising."""
