"""Slopes where SymPy has none: tips of cones, roots at 0, sizes and choices of any formula."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import gdlib as gd
from gdlib.book.parity import in_javascript
from gdlib.formula import derivatives, signs
from gdlib.widgets import printed

x, y = sp.symbols("x y", real=True)

# At 0: the slopes along x (and y), worked out by hand. A root has its minimum where what is below
# it is 0, so that 0 is one of its subgradients where it has no slope.
TIPS = [
    ("sqrt(x**2 + y**2)", [0, 0]),
    ("sqrt(x**2 + y**2) + 5*x", [5, 0]),
    ("sqrt(2*x**2 + 2*x*y + y**2) - y", [0, -1]),
    ("sqrt(x**2 + y**2) + sqrt((x - 3)**2 + (y - 4)**2)", [-3 / 5, -4 / 5]),
    ("exp(-sqrt(x**2 + 3*y**2))", [0, 0]),
    ("(x**2 + y**2)**(1/4)", [0, 0]),
    ("(x**2 + y**2)**(3/2)", [0, 0]),
    ("sqrt(sqrt(x**2 + y**2) + x**2)", [0, 0]),
    ("sqrt(x*y)", [0, 0]),
    ("abs(x)**(3/2)", [0]),
    ("sqrt(abs(x))", [0]),
    ("x*sqrt(x)", [0]),
    ("sqrt(x**3) - x", [-1]),
    ("sqrt(1 - cos(x))", [0]),
    ("acos(1 - x**2)", [0]),
    ("sqrt(max(0, x))", [0]),
    ("max(sqrt(x), 1)", [0]),
    ("abs(sqrt(x + 1) - 2)", [-1 / 2]),
]


@pytest.mark.parametrize(("text", "slope"), TIPS)
def test_a_tip_has_the_slope_0_in_every_language(text: str, slope: list[float]) -> None:
    cost = gd.Landscape.parse(text)
    check_slope(cost, [0.0] * cost.n, slope)


# Where the base of a power is 0 and its exponent, which varies, above 0, the power is 0 as far as
# the exponent alone moves: its slope u**w log(u) w′ has the limit 0. The other slope is by hand.
@pytest.mark.parametrize(
    ("text", "at", "slope"),
    [
        ("abs(x)**y", [0, 2], [0, 0]),
        ("abs(x)**y + x*y", [0, 1], [1, 0]),
        ("(x**2)**y - 3*y", [0, 1.5], [0, -3]),
        ("-x**y", [0, 1], [-1, 0]),
        ("-sqrt(x)**(y + 2)", [0, 0], [-1, 0]),
        ("y**max(0, -x)", [-2, 0], [0, 0]),
        ("5*x - y**max(0, -x)", [-1, 0], [5, -1]),
        ("(x**2 + y**2)**(x**2 + 1)", [0, 0], [0, 0]),
        ("max(0, x)**(1 + abs(y))", [0, -3], [0, 0]),
        ("(1 - cos(x))**exp(y)*2", [0, 0], [0, 0]),
    ],
)
def test_a_power_of_0_has_a_slope_where_its_exponent_moves(
    text: str, at: list[float], slope: list[float]
) -> None:
    check_slope(gd.Landscape.parse(text), [float(c) for c in at], slope)


@pytest.mark.parametrize(
    ("text", "at"),
    [("abs(x)**y", [0, 0]), ("abs(x)**y", [0, 0.5]), ("x**y", [-1.5, 3]), ("x**y", [0, 0.5]),
     ("y**max(0, -x)", [0, 0]), ("y**(x**2)", [0, 0]), ("x**x", [0]), ("x**y", [-1.5, 2.5])],
)  # fmt: skip
def test_where_a_power_jumps_is_steep_or_has_no_value_no_slope_is_made_up(
    text: str, at: list[float]
) -> None:
    cost = gd.Landscape.parse(text)
    assert not np.isfinite(cost.gradient(at)).all()
    with pytest.raises(ValueError, match="must have a finite value and gradient at the start"):
        gd.descend(cost, gd.gradient_descent(0.1), at)


def test_slopes_and_curvatures_of_powers_that_vary_are_those_worked_out_by_hand() -> None:
    at = np.array([[0.3, 1.7], [1.0, 0.5], [2.5, -1.2], [4.0, 3.0]])
    cost, (u, w) = gd.Landscape.parse("x**y"), at.T
    power, log = u**w, np.log(u)
    slopes_ = [w * power / u, power * log]
    mixed = power / u * (1 + w * log)
    rows = [[w * (w - 1) * power / u**2, mixed], [mixed, power * log**2]]
    curvatures = np.moveaxis(np.array(rows), -1, 0)
    np.testing.assert_allclose(cost.gradient(at), np.array(slopes_).T, rtol=1e-13)
    np.testing.assert_allclose(cost.hessian(at), curvatures, rtol=1e-13)


def check_slope(cost: gd.Landscape, tip: list[float], slope: list[float]) -> None:
    """Compare a slope in Python, NumPy and JavaScript, and in the runs that take it."""
    assert cost.gradient(tip).tolist() == pytest.approx(slope, abs=1e-15)
    names = ("sqrt", "exp", "cos", "sin", "log", "pow")
    scope: dict[str, Any] = {name: getattr(math, name) for name in names}
    exec(cost.source("python"), scope)
    assert scope["gradient"](*tip) == pytest.approx(slope, abs=1e-15)
    one = gd.descend(cost, gd.gradient_descent(1.0), tip, 1)
    many = gd.descend(cost, gd.gradient_descent(1.0), [tip, tip], 1)
    expected = np.array(tip) - slope
    job = {
        "landscape": printed.landscape(cost),
        "rule": printed.rule(gd.gradient_descent(1.0)),
        "settings": {"learning_rate": 1.0},
        "start": tip,
        "steps": 1,
    }
    in_browser = np.array(in_javascript([job])[0]["points"]).reshape(-1, cost.n)[1]
    grid = gd.Landscape.evaluate(cost, "gradient", np.array([tip, tip]))
    np.testing.assert_allclose(grid, [slope, slope], atol=1e-15)
    np.testing.assert_allclose(in_browser, expected, atol=1e-15)
    if np.isfinite(cost.value(expected)):
        np.testing.assert_allclose(one.points[1], expected, atol=1e-15)
        np.testing.assert_allclose(many.points[1], [expected, expected], atol=1e-15)


@pytest.mark.parametrize(
    "text",
    ["sqrt(x)", "asin(x + 1)", "sqrt(x)*sqrt(x + x**2)", "sqrt(y + x**2)", "x**y", "exp(-1/x**2)"],
)
def test_where_a_slope_is_infinite_or_unknown_none_is_made_up(text: str) -> None:
    cost = gd.Landscape.parse(text)
    tip = [0.0] * cost.n
    assert not np.isfinite(cost.gradient(tip)).all()
    assert cost.has_corners
    with pytest.raises(ValueError, match="has corners"):
        cost.critical_points()


@pytest.mark.parametrize("text", ["x*log(x)", "x**2*log(x**2)", "sin(x)/x", "1/sqrt(x**2)"])
def test_where_a_formula_has_no_value_no_descent_starts(text: str) -> None:
    cost = gd.Landscape.parse(text)
    assert not np.isfinite(cost.value([0.0]))
    with pytest.raises(ValueError, match="finite"):
        gd.descend(cost, gd.gradient_descent(0.1), [0.0])


def test_ackley_starts_and_rests_on_its_minimum() -> None:
    ackley = gd.landscapes.ackley()
    assert ackley.has_corners
    run = gd.descend(ackley, gd.gradient_descent(0.1), (0.0, 0.0), 5)
    np.testing.assert_array_equal(run.points, np.zeros((6, 2)))
    with pytest.raises(ValueError, match="Ackley has corners"):
        ackley.critical_points()


def test_a_run_that_lands_on_a_tip_converges() -> None:
    cone = gd.Landscape.parse("sqrt(x**2 + y**2)", start=(4, 0))
    stop = gd.Stop(gradient_norm=1e-9)
    run = gd.descend(cone, gd.gradient_descent(4.0), steps=9, stop=stop)
    assert (run.status, run.end.tolist(), run.steps) == ("converged", [0.0, 0.0], 1)
    many = gd.descend(cone, gd.gradient_descent(4.0), [(4, 0), (0, -8)], steps=9, stop=stop)
    assert many.status.tolist() == ["converged"] * 2
    assert many.steps.tolist() == [1, 2]


def test_a_cone_has_no_curvature_at_its_tip_and_its_own_elsewhere() -> None:
    cone = gd.Landscape.parse("sqrt(x**2 + y**2)")
    assert np.isnan(cone.hessian([0.0, 0.0])).all()
    np.testing.assert_allclose(cone.hessian([3.0, 4.0]), np.array([[16, -12], [-12, 9]]) / 125)


@pytest.mark.parametrize(
    "text",
    ["sqrt(1 + x**2)", "sqrt(x**2 + x + 1)", "sqrt(2 + cos(x*y))", "x*sqrt(x)", "log(1 + exp(x))",
     "1/(1 + exp(-x))", "sqrt(x**2 - 2*x*y + 3*y**2 + y + 9)", "exp(-x**2)/(1 + tanh(x)**2)",
     "x**4 - 3*x**2", "2**x", "sqrt(x**4 - x**2 + 1)", "tan(x)", "1/x", "log(x)"],
)  # fmt: skip
def test_what_is_smooth_wherever_it_has_a_value_has_no_corners(text: str) -> None:
    assert not gd.Landscape.parse(text).has_corners


# |u|′ = sign(u) u′, whatever u is; each slope by hand.
@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("abs(log(x))", lambda z: np.sign(np.log(z)) / z),
        ("abs(sqrt(x) - 1)", lambda z: np.sign(np.sqrt(z) - 1) / (2 * np.sqrt(z))),
        ("abs(1/x - 1)", lambda z: -np.sign(1 / z - 1) / z**2),
        ("abs(x*log(x))", lambda z: np.sign(z * np.log(z)) * (np.log(z) + 1)),
        ("abs(asin(x/9))", lambda z: 1 / np.sqrt(81 - z**2)),
        ("abs(x**x - 2)", lambda z: np.sign(z**z - 2) * z**z * (np.log(z) + 1)),
        ("abs(exp(x*log(x)) - 2)", lambda z: np.sign(z**z - 2) * z**z * (np.log(z) + 1)),
        ("abs(sqrt(x))", lambda z: 1 / (2 * np.sqrt(z))),
        ("abs(abs(log(x)) - 1)", lambda z: np.sign(abs(np.log(z)) - 1) * np.sign(np.log(z)) / z),
        ("sign(log(x))*x", lambda z: np.sign(np.log(z))),
    ],
)
def test_the_size_of_any_formula_is_differentiated(text: str, slope: Any) -> None:
    at = np.array([0.2, 0.7, 1.3, 2.5, 4.0])
    cost = gd.Landscape.parse(text)
    np.testing.assert_allclose(cost.gradient(at[:, None])[:, 0], slope(at), rtol=1e-12)
    assert np.isfinite(cost.hessian(at[:, None])).all()
    assert not {"re", "im", "arg", "atan2", "Derivative"} & set(cost.source("python").split("("))


def test_the_branch_of_a_maximum_that_is_not_taken_may_be_infinite() -> None:
    cost = gd.Landscape.parse("max(sqrt(x), 1) + min(0, 1/(x - 2))")
    np.testing.assert_array_equal(cost.gradient([[0.0], [4.0]]).ravel(), [-0.25, 0.25])


def test_choices_inside_choices_are_differentiated_twice() -> None:
    """SymPy looked at the conditions of such pieces again and again, until its stack was full."""
    cost = gd.Landscape.parse(
        "sinh(min(log(b) + (x + min(1/3, a) + a + max(z, y)) + x,"
        " tanh(y**(-1/3)) - sqrt(a)*b**(3/2)))"
    )
    at, h = np.array([0.5, 0.6, 0.7, 0.8, 0.9]), 1e-5
    steps = h * np.eye(5)
    value, slope = cost.value, cost.gradient
    by_values = (value(at + steps) - value(at - steps)) / (2 * h)
    np.testing.assert_allclose(slope(at), by_values, atol=1e-8)
    by_slopes = (slope(at + steps) - slope(at - steps)) / (2 * h)
    np.testing.assert_allclose(cost.hessian(at), by_slopes, atol=1e-8)


def test_second_derivatives_without_end_are_refused_in_words() -> None:
    factors = [sp.Max(x, i * y) * sp.sin(x + i * y) for i in range(16)]
    with pytest.raises(ValueError, match="derivatives hold at most"):
        derivatives.derivatives(sp.Mul(*factors), (x, y), most=derivatives.MOST_NODES)


ATOMS = st.sampled_from([x, y, *map(sp.Integer, (-2, -1, 0, 1, 2)), sp.Rational(1, 3), sp.pi])


def grown(parts: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
    """Build sums, products, powers and functions of smaller formulas."""
    functions = (sp.sin, sp.cos, sp.tanh, sp.atan, sp.exp, sp.cosh, sp.Abs, lambda u: sp.sqrt(u**2))
    return st.one_of(
        st.builds(lambda a, b: a + b, parts, parts),
        st.builds(lambda a, b: a * b, parts, parts),
        st.builds(sp.Max, parts, parts),
        st.builds(sp.Min, parts, parts),
        st.builds(lambda a, n: a**n, parts, st.sampled_from([2, 3, 4])),
        st.builds(lambda f, a: f(a), st.sampled_from(functions), parts),
    )


@given(st.recursive(ATOMS, grown, max_leaves=6))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_what_is_proved_of_a_formulas_sign_holds_wherever_it_is_evaluated(u: sp.Expr) -> None:
    low, high = signs.range_of(u)
    positive, nonnegative = signs.is_positive(u), signs.is_nonnegative(u)
    assert nonnegative or not positive
    for a, b in itertools.product((-2, sp.Rational(-1, 3), 0, 1, sp.Rational(5, 2)), repeat=2):
        value = u.xreplace({x: sp.sympify(a), y: sp.sympify(b)}).evalf(30)
        if not (value.is_real and abs(value) < 1e30):
            continue
        slack = 1e-25 * (1 + abs(value))
        assert low == -math.inf or value >= low - slack
        assert high == math.inf or value <= high + slack
        assert not positive or value > -slack
        assert not nonnegative or value >= -slack


def test_pieces_that_sympy_cannot_compare_are_refused_in_words() -> None:
    part = sp.log(sp.Piecewise((x, x > -1), (-1, True)))
    with pytest.raises(ValueError, match=r"pieces are real everywhere, not .*log\(Piecewise"):
        gd.Landscape("pieces", sp.Min(part, sp.Max(x, y)), (x, y), [(-2, 2)] * 2, (0.5, 0.5))


@pytest.mark.parametrize(
    ("u", "pieces"),
    [
        (x**3, False), ((x - y) ** 2, False), (2**x, False), (sp.E**x, False), (sp.sqrt(x), False),
        ((1 + x**2) ** y, False),  # a base above 0 everywhere: SymPy's own slope holds
        (x**y, True), ((x**2) ** y, True), ((1 + x) ** (y**2), True),
    ],
)  # fmt: skip
def test_pieces_stand_only_where_a_base_that_varies_may_reach_0(u: sp.Expr, pieces: bool) -> None:
    _, gradient, hessian = derivatives.derivatives(u, (x, y))
    assert any(e.has(sp.Piecewise) for e in itertools.chain(gradient, *hessian)) == pieces
    at = {x: sp.Rational(3, 4), y: sp.Rational(5, 3)}
    for v, slope in zip((x, y), gradient, strict=True):
        assert float(slope.subs(at)) == pytest.approx(float(u.diff(v).subs(at)), abs=1e-12)


@pytest.mark.parametrize("x", [-1.3, 0.4, 2.0])
def test_a_power_of_a_size_has_the_slopes_of_the_power(x: float) -> None:
    """By hand: (|x|^5/2)' = 5/2 sign(x) |x|^3/2, and once more."""
    cost = gd.Landscape.parse("abs(x)**2.5")
    assert cost.gradient([x]) == pytest.approx([2.5 * np.sign(x) * abs(x) ** 1.5], rel=1e-14)
    assert cost.hessian([x]) == pytest.approx(3.75 * abs(x) ** 0.5, rel=1e-14)
    assert cost.gradient([0.0]) == 0
