"""What is no finite number means the same in every language: IEEE's infinities and NaN."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.formula import ieee, lower
from gdlib.optimizers.symbols import eta, g, k
from tests.formula.test_random_formulas import everywhere
from tests.node import Node

INF, NAN = math.inf, math.nan
x, y, z = sp.symbols("x y z", real=True)


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node() as running:
        yield running


# By hand, from IEEE 754 and C's Annex F: formula, x, y, value.
MEANINGS: list[tuple[Any, float, float, float]] = [
    (x / y, 1, 0, INF),
    (x / y, -1, 0, -INF),
    (x / y, 0, 0, NAN),
    (1 / x, -0.0, 0, -INF),
    (sp.log(x), 0, 0, -INF),
    (sp.log(x), -1, 0, NAN),
    (sp.log(x), INF, 0, INF),
    (sp.sqrt(x), -1, 0, NAN),
    (sp.sqrt(x), INF, 0, INF),
    (sp.exp(x), 1000, 0, INF),
    (sp.exp(x), -INF, 0, 0),
    (sp.sinh(x), -1000, 0, -INF),
    (sp.cosh(x), -1000, 0, INF),
    (sp.tanh(x), -INF, 0, -1),
    (sp.sin(x), INF, 0, NAN),
    (sp.tan(x), -INF, 0, NAN),
    (sp.asin(x), 2, 0, NAN),
    (sp.acos(x), -2, 0, NAN),
    (sp.atan(x), INF, 0, math.pi / 2),
    (sp.Abs(x), -INF, 0, INF),
    (x**y, -8, 0.5, NAN),
    (x**y, 0, -1, INF),
    (x**y, -0.0, -1, -INF),
    (x**y, -0.0, -2, INF),
    (x**y, 10, 400, INF),
    (x**y, -10, 401, -INF),
    (x**y, -10, 400, INF),
    (x**y, NAN, 0, 1),
    (x**7, 1e300, 0, INF),
    # JavaScript's own power of 1 is NaN where the exponent is no finite number
    (x ** sp.floor(y), 1, NAN, 1),
    (x ** sp.floor(y), 1, -INF, 1),
    (x ** sp.floor(y), -1, INF, 1),
    (x ** sp.floor(y), -1, NAN, NAN),
    (x ** sp.floor(y), 2, NAN, NAN),
    (x ** sp.floor(y), 0.5, INF, 0),
    (x ** sp.floor(y), NAN, 0.5, 1),
    (sp.Abs(sp.sign(x)) ** sp.floor(y ** sp.Rational(3, 2)), 3, -0.5, 1),
    (sp.Max(x, y), NAN, 0, NAN),
    (sp.Max(x, y), 0, NAN, NAN),
    (sp.Min(x, y), NAN, 0, NAN),
    (sp.Min(x, y), 0, NAN, NAN),
    (sp.Max(x, y), -INF, INF, INF),
    (sp.Min(sp.log(y), x), 1, -1, NAN),
    (sp.sign(x), NAN, 0, NAN),
    (sp.sign(x), -INF, 0, -1),
    (sp.sign(x), 0, 0, 0),
    (sp.Heaviside(x), NAN, 0, NAN),
    (sp.Heaviside(x), -INF, 0, 0),
    (sp.Heaviside(x), INF, 0, 1),
    (sp.Heaviside(x), 0, 0, 0),
    (sp.floor(x), NAN, 0, NAN),
    (sp.floor(x), -INF, 0, -INF),
    (sp.floor(x) ** 3, 1e120, 0, INF),
    # a comparison with NaN is false, so the last piece is taken
    (sp.Piecewise((1, x > 0), (2, True)), NAN, 0, 2),
    (sp.Piecewise((1, x <= 0), (2, True)), NAN, 0, 2),
    # a branch that is not taken does not matter, though parts of it are shared with the other
    (sp.Piecewise((x, y < 0), (sp.log(y), True)), 3, -1, 3),
    (sp.Piecewise((sp.log(y), y > 0), (x + 1, True)), 3, -1, 4),
    (sp.Piecewise((sp.sqrt(y) + sp.sqrt(y) ** 3, y > 0), (x / y, True)), 3, 0, INF),
]


@pytest.mark.parametrize(("formula", "a", "b", "expected"), MEANINGS)
def test_a_formula_means_the_same_everywhere(
    formula: Any, a: float, b: float, expected: float, node: Node
) -> None:
    names = {s: f"theta_{i}" for i, s in enumerate((x, y, z))}
    block = lower.lower([formula], names=names)
    for target, (found,) in everywhere(block, (float(a), float(b), 0.0), node).items():
        assert found == pytest.approx(expected, nan_ok=True, rel=1e-15), target


ONE_PLACE = [
    "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "exp", "log", "sqrt",
    "floor",
]  # fmt: skip


@pytest.mark.parametrize("a", [-INF, -2.5, -0.0, 0.0, 0.5, 3.0, 1e308, INF, NAN])
@pytest.mark.parametrize("b", [-INF, -3.0, -0.5, -0.0, 0.0, 2.0, 401.0, INF, NAN])
def test_careful_arithmetic_is_numpys(a: float, b: float) -> None:
    with np.errstate(all="ignore"):
        pairs = [
            (ieee.divide(a, b), np.divide(a, b)),
            (ieee.power(a, b), np.power(a, b)),
            (ieee.maximum(a, b), np.maximum(a, b)),
            (ieee.minimum(a, b), np.minimum(a, b)),
        ]
        pairs += [
            (ieee.CAREFUL[name.replace("arc", "a")](a), getattr(np, name)(a)) for name in ONE_PLACE
        ]
    for ours, theirs in pairs:
        assert ours == pytest.approx(float(theirs), nan_ok=True, rel=1e-14)
        assert type(ours) is float


def test_a_run_past_a_branch_that_is_not_defined_goes_on_as_in_a_grid() -> None:
    formula = sp.Piecewise((x**2 - sp.log(x) / 8, x > 0), ((x - 1) ** 2 + 1, True))
    cost = gd.Landscape("edge", formula, [x], [(-2, 2)], [-1.0])
    rule = gd.gradient_descent(0.1)
    alone, grid = (gd.descend(cost, rule, start, steps=40) for start in ([-1.0], [[-1.0]]))
    assert alone.steps == 40
    np.testing.assert_allclose(grid.points[:, 0], alone.points, rtol=1e-12)


def test_a_rule_with_a_high_power_of_the_steps_number_stays_in_floats() -> None:
    """In whole numbers k**40 would not fit into an array's, nor at last into a float."""
    rule = gd.Optimizer("fading", -eta * g * (1 + 1 / k**40), {}, {eta: 0.001})
    bowl = gd.landscapes.quadratic()
    ends = [gd.descend(bowl, rule, s, steps=300).end for s in ([1.0, 1.0], [[1.0, 1.0]])]
    np.testing.assert_allclose(ends[1][0], ends[0], rtol=1e-12)


def test_numbers_that_a_rule_computes_once_may_be_infinite() -> None:
    """Python raises on 1/0, also where it stands outside the loop over arrays."""
    w = sp.Symbol("w", real=True)
    rule = gd.Optimizer("capped", -eta * g / (1 + sp.exp(-1 / w)), {}, {eta: 0.1, w: 0.0})
    bowl = gd.landscapes.quadratic(2)

    def cost(point: Any) -> tuple[float, Any]:
        return float(bowl.value(point)), bowl.gradient(point)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ends = [
            gd.descend(bowl, rule, [1.0, 1.0], steps=3).end,
            gd.descend(bowl, rule, [[1.0, 1.0]], steps=3).end[0],
            gd.descend(cost, rule, [1.0, 1.0], steps=3).end,
        ]
    by_hand = np.array([1.0, 1.0])
    for _ in range(3):
        by_hand = by_hand - 0.1 * bowl.gradient(by_hand)
    np.testing.assert_allclose(ends, [by_hand] * 3, rtol=1e-14)


def test_a_running_power_is_that_of_a_constant() -> None:
    """γᵏ is kept as a product; gᵏ and ηᵏ under a schedule change their base and are no product."""
    bowl = gd.landscapes.quadratic()
    rates = [0.5, 0.25, 0.125]
    rules: list[tuple[Any, Callable[[Any, int, float], Any]]] = [
        (-eta * g * sp.Abs(g) ** k / 100, lambda s, n, r: -r * s * abs(s) ** n / 100),
        (-(eta**k) * g, lambda s, n, r: -(r**n) * s),
    ]
    for step, by_hand in rules:
        rule = gd.Optimizer("powers", step, {}, {eta: 0.1})
        point = np.array([0.5, 0.25])
        for n, rate in enumerate(rates, 1):
            point = point + by_hand(bowl.gradient(point), n, rate)
        for start in ([0.5, 0.25], [[0.5, 0.25]]):
            run = gd.descend(bowl, rule, start, steps=3, learning_rate=rates)
            np.testing.assert_allclose(np.ravel(run.end), point, rtol=1e-12)


def test_an_update_divides_a_number_by_zero_as_the_loops_do() -> None:
    w, r = sp.symbols("w r", real=True)
    rule = gd.Optimizer("far", -w / (r * 8), {r: w - w**2}, {w: 1.0})
    step, _ = rule.update([0.5, 1.0], rule.init([1.0, 1.0]), [1.0, 1.0])
    assert step.tolist() == [-INF, -INF]
