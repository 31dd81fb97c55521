"""Bounds of formulas, part by part, against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest
import sympy as sp

from gdlib.formula import tame

x, y = sp.symbols("x y", real=True)
HALF = sp.Rational(1, 2)


@pytest.mark.parametrize(
    ("u", "size", "bound"),
    [
        (sp.Integer(-12), 1, 12), (sp.Rational(-3, 7), 1, 7), (sp.Integer(0), 1, 1),
        (x, 10, 10), (x, 1, 4), (sp.pi, 1, 4), (sp.pi, 10, 10),
        (x * y, 10, 100), (x + y + 3, 10, 23), (x**3, 10, 1000), (5 * x**2, 10, 500),
        (sp.Abs(x), 10, 10), (sp.Max(x, y), 10, 20), (sp.Min(x, 2, y), 10, 22),
        (sp.sin(x), 10, 10), (sp.sin(HALF), 1, 2), (sp.Heaviside(x), 10, 10),
        (sp.exp(x), 10, math.exp(10)), (sp.cosh(x), 5, math.exp(5)), (sp.tanh(x), 10, 10),
        (sp.Piecewise((x, x > 0), (y**2, True)), 10, 110),
        (sp.sqrt(2), 1, 2), (sp.Pow(2, 5 * HALF, evaluate=False), 1, 2**2.5),
        (sp.sqrt(x), 10, math.inf), (1 / x, 10, math.inf), (x**y, 10, math.inf),
        (2**x, 10, math.inf), (sp.log(x), 10, math.inf), (sp.tan(x), 10, math.inf),
        (x**400, 10, math.inf), (sp.exp(x**3), 10, math.inf),
    ],
)  # fmt: skip
def test_a_formula_is_bounded_part_by_part(u: sp.Expr, size: float, bound: float) -> None:
    assert tame.largest(u, size) == pytest.approx(bound)


@pytest.mark.parametrize(
    ("u", "radius"),
    [
        (x + y, 1e75), (x**2 + y**2, 1e75), (x**3, 1e50), (x**5, 1e30),
        (x**9, 1e20), (x**19, 1e10), (sp.sin(x), 1e75), (sp.exp(x), 1e2),
        (sp.exp(x + 4 * y), 1e1), (sp.exp(sp.exp(x)), 1.0), (sp.exp(sp.exp(5 * x)), -math.inf),
        (sp.log(x), -math.inf), (1 / (1 + x**2), -math.inf),
    ],
)  # fmt: skip
def test_value_and_slope_are_finite_within_the_radius(u: sp.Expr, radius: float) -> None:
    assert tame.radius(u, (x, y)) == radius
