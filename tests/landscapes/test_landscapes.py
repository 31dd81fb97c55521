"""Landscapes: shapes, errors, source text, critical points, a reader's own."""

from __future__ import annotations

import dataclasses
import math
import pickle
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.book.parity import in_javascript
from gdlib.widgets import printed
from tests import reference_landscapes

x, y = sp.symbols("x y", real=True)

GOOD: dict[str, Any] = {
    "name": "mine", "expr": x**2 + y**2, "variables": (x, y),
    "bounds": ((-1, 1), (-1, 1)), "start": (1, 1),
}  # fmt: skip


@pytest.mark.parametrize("shape", [(2,), (5, 2), (0, 2), (3, 4, 2)])
def test_value_gradient_and_hessian_keep_the_leading_axes(shape: tuple[int, ...]) -> None:
    points = np.random.default_rng(0).uniform(-2, 2, shape)
    landscape = gd.landscapes.himmelblau()
    assert landscape.value(points).shape == shape[:-1]
    assert landscape.gradient(points).shape == shape
    assert landscape.hessian(points).shape == (*shape, 2)


def test_constant_derivatives_fill_their_shape() -> None:
    hessian = gd.landscapes.booth().hessian(np.zeros((3, 2)))
    np.testing.assert_array_equal(hessian, np.tile([[10.0, 8.0], [8.0, 10.0]], (3, 1, 1)))


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ((1.0, 2.0, 3.0), "Rosenbrock takes points of shape (..., 2), not (3,)"),
        (1.0, "Rosenbrock takes points of shape (..., 2), not ()"),
        ((1.0, np.nan), "the points of Rosenbrock must be finite, not nan at index 1"),
        ((1.0, np.inf), "the points of Rosenbrock must be finite, not inf at index 1"),
    ],
)
def test_points_of_the_wrong_form_are_refused(points: Any, message: str) -> None:
    for method in ("value", "gradient", "hessian"):
        with pytest.raises(ValueError, match=re.escape(message)):
            getattr(gd.landscapes.rosenbrock(), method)(points)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bounds": ((0, 1),)}, "mine's bounds must be 2 pairs (low, high), shape (2, 2), not"),
        ({"bounds": (-1, 1)}, "mine's bounds must be 2 pairs (low, high), shape (2, 2), not (-1"),
        (
            {"bounds": ((0, 1), (2, 1))},
            "must be (low, high) with low < high, not (2.0, 1.0)",
        ),
        (
            {"bounds": ((0, 1), (0, np.inf))},
            "must be (low, high) with low < high, not (0.0, inf)",
        ),
        ({"start": (1.0,)}, "mine's start must be of shape (2,), not (1,)"),
        ({"minima": ((1.0, np.nan),)}, "mine's minima must be finite, not nan at index (0, 1)"),
        ({"expr": x + sp.Symbol("z")}, "unbound symbol 'z'"),
        ({"expr": 0.5 * x}, "the float 0.5"),
    ],
)
def test_a_landscape_that_contradicts_itself_is_refused(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        gd.Landscape(**(GOOD | changes))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"expr": "x**2 + y**2"}, TypeError, "not text: 'x**2 + y**2'; write it with"),
        ({"expr": None}, TypeError, "mine's formula must be a SymPy expression, not None"),
        ({"expr": sp.true}, TypeError, "mine's formula must be a SymPy expression, not True"),
        ({"expr": sp.Eq(x, y)}, TypeError, "mine's formula must be a SymPy expression, not Eq("),
        ({"expr": 0.5}, ValueError, "the float 0.5"),
        ({"expr": sp.oo * x}, ValueError, "JavaScript cannot say"),
        ({"expr": sp.I * x}, ValueError, "JavaScript cannot say"),
        ({"expr": sp.Function("f")(x)}, ValueError, "JavaScript cannot say"),
        ({"variables": "xy"}, TypeError, "a sequence of real SymPy symbols, not 'xy'"),
        ({"variables": ("x", "y")}, TypeError, "'x' is none"),
        ({"variables": x}, TypeError, "not x: write (x,)"),
        ({"variables": {x, y}}, TypeError, "a sequence of real SymPy symbols, not {"),
        ({"variables": None}, TypeError, "a sequence of real SymPy symbols, not None"),
        ({"variables": ()}, ValueError, "at least one, not ()"),
        ({"variables": (x, x)}, ValueError, "each once; x is there twice"),
        ({"variables": sp.symbols("x y")}, ValueError, "sympy.symbols('x', real=True)"),
        ({"variables": (x, sp.Integer(2))}, TypeError, "2 is none"),
        ({"bounds": None}, TypeError, "mine's bounds must be numbers"),
        ({"bounds": ((0, 1), ("a", 2))}, TypeError, "mine's bounds must be numbers"),
        ({"start": "here"}, TypeError, "mine's start must be numbers, not 'here'"),
        ({"start": (1, np.nan)}, ValueError, "mine's start must be finite"),
        ({"start": 1j}, TypeError, "mine's start must be real numbers"),
        ({"start": np.ma.masked_array([1, 2], [False, True])}, TypeError, "masked"),
        ({"minima": (1, 2)}, ValueError, "mine's minima must be of shape (any, 2), not (2,)"),
        ({"name": 3}, TypeError, "name must be a string, not 3"),
        ({"source": None}, TypeError, "source must be a string, not None"),
    ],
)
def test_what_is_no_part_of_a_landscape_is_refused_in_words(
    changes: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        gd.Landscape(**(GOOD | changes))


def test_a_formula_that_nests_too_deep_is_refused_in_words() -> None:
    deep: sp.Expr = x
    for _ in range(150):
        deep = sp.sin(deep + 1)
    with pytest.raises(ValueError, match="mine's formula nests too deep"):
        gd.Landscape(**(GOOD | {"expr": deep}))


def test_text_for_a_formula_is_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "run"
    for text in (f"open({str(mark)!r}, 'w')", f"__import__('pathlib').Path({str(mark)!r}).touch()"):
        for given in ({"expr": text}, {"variables": (text,)}, {"bounds": text}, {"start": [text]}):
            with pytest.raises(TypeError):
                gd.Landscape(**(GOOD | given))
    assert not mark.exists()


BOXES: list[Any] = [
    [[-2, 2], [-1, 3]],
    ((-2.0, 2.0), (-1.0, 3.0)),
    np.array([[-2, 2], [-1, 3]], dtype=np.float32),
    (np.array([-2, 2]), [np.int8(-1), sp.Integer(3)]),
]


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("start", [[0, 0.5], np.array([0, 0.5], np.float16), (False, sp.S.Half)])
def test_bounds_and_starts_of_any_kind_of_array_are_honoured(box: Any, start: Any) -> None:
    fit = gd.LeastSquares([[1.0, 2.0], [0.5, 1.0], [1.0, -1.0]], [1.0, 0.0, 2.0])
    for made in (
        gd.Landscape(**(GOOD | {"bounds": box, "start": start, "minima": np.array([start])})),
        gd.Landscape.parse("x**2 + y**2", bounds=box, start=start),
        fit.landscape(bounds=box, start=start),
    ):
        assert made.bounds == ((-2.0, 2.0), (-1.0, 3.0))
        assert made.start == (0.0, 0.5)
        assert {type(c) for c in (*made.start, *made.bounds[0])} == {float}


def test_a_start_at_zero_given_as_an_array_is_no_missing_start() -> None:
    assert gd.Landscape.parse("(x - 1)**2", start=np.array([0.0])).start == (0.0,)
    assert gd.Landscape.parse("(x - 1)**2").start == (-1.0,)
    with pytest.raises(ValueError, match=r"start must be of shape \(1,\), not \(0,\)"):
        gd.Landscape.parse("(x - 1)**2", start=())


def test_one_pair_of_bounds_serves_for_every_variable() -> None:
    assert gd.Landscape.parse("x", bounds=(-1, 1)).bounds == ((-1, 1),)
    assert gd.Landscape.parse("x*y", bounds=[0, 2]).bounds == ((0, 2), (0, 2))
    with pytest.raises(ValueError, match=r"bounds must be \(low, high\) with low < high"):
        gd.Landscape.parse("x*y", bounds=(1, -1))
    with pytest.raises(ValueError, match=r"bounds must be 2 pairs .* not \(1, 2, 3\)"):
        gd.Landscape.parse("x*y", bounds=(1, 2, 3))


def test_equal_landscapes_are_equal_and_can_be_kept_in_sets() -> None:
    bowl = gd.landscapes.quadratic()
    assert bowl == gd.landscapes.quadratic()
    assert bowl != gd.landscapes.quadratic(11)
    assert len({bowl, gd.landscapes.quadratic(), gd.landscapes.booth()}) == 2
    (found,) = bowl.critical_points()
    assert found == bowl.critical_points()[0]
    assert len({found, bowl.critical_points()[0]}) == 1
    assert pickle.loads(pickle.dumps(bowl)) == bowl


def test_a_part_of_a_landscape_can_be_replaced_and_the_others_stay() -> None:
    booth = gd.landscapes.booth()
    moved = dataclasses.replace(booth, start=(1, 1), name="moved")
    assert (moved.start, moved.name) == ((1.0, 1.0), "moved")
    assert (moved.citation, moved.minima, moved.expr) == (booth.citation, booth.minima, booth.expr)
    replace: Any = dataclasses.replace
    assert replace(booth, source="mine").citation == "mine"
    with pytest.raises(ValueError, match="unbound symbol 'y'"):
        replace(booth, variables=(x,), bounds=[(0, 1)], start=[0], minima=())


@pytest.mark.parametrize(
    ("condition", "error"),
    [("10", TypeError), (None, TypeError), (True, TypeError), (np.nan, ValueError),
     (np.inf, ValueError), (0, ValueError), (2j, TypeError), ([10], TypeError)],
)  # fmt: skip
def test_what_is_no_condition_number_is_refused(condition: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="condition must be"):
        gd.landscapes.quadratic(condition)


@pytest.mark.parametrize(
    ("condition", "kappa"),
    [(7, 7), (2.5, 2.5), (np.float32(1.5), 1.5), (np.int64(3), 3), (Fraction(5, 4), 1.25)],
)
def test_a_condition_number_may_be_any_real_number(condition: Any, kappa: float) -> None:
    assert gd.landscapes.quadratic(condition).hessian([0.0, 0.0]).tolist() == [[1, 0], [0, kappa]]


def test_a_landscape_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        gd.landscapes.booth().name = "other"  # type: ignore[misc]


def test_the_source_can_be_read_and_run() -> None:
    source = gd.landscapes.rosenbrock().source("python")
    scope: dict[str, Any] = {}
    exec(source, scope)
    assert scope["value"](-1.2, 1.0) == pytest.approx(24.2)
    assert scope["gradient"](-1.2, 1.0) == pytest.approx([-215.6, -88.0])
    assert scope["hessian"](1.0, 1.0) == [[802.0, -400.0], [-400.0, 200.0]]


@pytest.mark.parametrize("name", ["a0", "exp", "lambda", "new", "θ"])
def test_a_variable_whose_name_code_needs_is_numbered_in_the_source(name: str) -> None:
    x, odd = sp.symbols(f"x {name}", real=True)
    box = ((-1.0, 1.0), (-1.0, 1.0))
    landscape = gd.Landscape("odd", odd**4 + sp.exp(x * odd**2), (x, odd), box, (0.0, 0.0))
    scope: dict[str, Any] = {"exp": math.exp}
    exec(landscape.source("python"), scope)
    assert scope["value"](0.5, 2.0) == pytest.approx(16 + math.exp(2))
    assert "value(x_0, x_1)" in landscape.source("javascript")


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(ValueError, match="not 'rust'"):
        gd.landscapes.booth().source("rust")


@pytest.mark.parametrize("name", gd.landscapes.catalogue)
def test_every_catalogue_entry_states_its_facts(name: str) -> None:
    landscape = gd.landscapes.catalogue[name]()
    low, high = np.array(landscape.bounds).T
    assert ((low <= landscape.start) & (np.array(landscape.start) <= high)).all()
    assert landscape.citation
    for point in landscape.minima:
        around = np.array(point) + 1e-4 * np.random.default_rng(0).normal(size=(200, landscape.n))
        assert (landscape.value(around) >= landscape.value(point) - 1e-12).all()
    assert "\\" in landscape.latex() or "^" in landscape.latex()


PLATES = {  # the usual name, the part that is drawn, and where runs start
    "quadratic": ("quadratic", ((-2.5, 2.5), (-1.5, 1.5)), (2.0, 1.0)),
    "rosenbrock": ("Rosenbrock", ((-2.0, 2.0), (-1.0, 3.0)), (-1.2, 1.0)),
    "himmelblau": ("Himmelblau", ((-5.0, 5.0), (-5.0, 5.0)), (0.0, -1.0)),
    "beale": ("Beale", ((-4.5, 4.5), (-2.0, 2.0)), (1.0, -0.5)),
    "saddle": ("saddle", ((-2.0, 2.0), (-1.6, 1.6)), (1.5, 0.001)),
    "monkey_saddle": ("monkey saddle", ((-1.5, 1.5), (-1.5, 1.5)), (1.0, 0.01)),
    "double_well": ("double well", ((-2.2, 2.2),), (2.0,)),
    "rastrigin": ("Rastrigin", ((-5.12, 5.12), (-5.12, 5.12)), (3.3, -2.4)),
    "ackley": ("Ackley", ((-5.0, 5.0), (-5.0, 5.0)), (2.8, -1.7)),
    "booth": ("Booth", ((-10.0, 10.0), (-10.0, 10.0)), (-7.0, -4.0)),
    "matyas": ("Matyas", ((-10.0, 10.0), (-10.0, 10.0)), (-8.0, 5.0)),
    "three_hump_camel": ("three-hump camel", ((-2.5, 2.5), (-2.5, 2.5)), (2.2, 1.8)),
    "six_hump_camel": ("six-hump camel", ((-2.1, 2.1), (-1.2, 1.2)), (1.9, 0.95)),
    "styblinski_tang": ("Styblinski–Tang", ((-5.0, 5.0), (-5.0, 5.0)), (0.5, 0.5)),
    "plateau": ("plateau", ((-4.0, 4.0), (-3.0, 3.0)), (2.6, 1.4)),
    "lasso": ("lasso", ((-1.0, 3.0), (-1.5, 1.5)), (-0.75, 1.25)),
    "wolfe": ("Wolfe", ((-1.4, 2.2), (-1.3, 1.3)), (16 / 9, 1.0)),
}


def test_names_maps_and_starts_stay_what_the_chapters_draw() -> None:
    found = {key: make() for key, make in gd.landscapes.catalogue.items()}
    assert {key: (cost.name, cost.bounds, cost.start) for key, cost in found.items()} == PLATES


# Himmelblau's nine: published values to the digits of the course's plan.
def test_himmelblaus_nine_critical_points_are_found_and_classified() -> None:
    found = gd.landscapes.himmelblau().critical_points()
    kinds = [c.kind for c in found]
    assert kinds == ["minimum"] * 4 + ["saddle"] * 4 + ["maximum"]
    np.testing.assert_allclose(
        [c.value for c in found],
        [0, 0, 0, 0, 13.312, 67.719, 104.015, 178.337, 181.6165],
        atol=5e-4,
    )


def test_beale_has_its_minimum_and_one_saddle() -> None:
    minimum, saddle = gd.landscapes.beale().critical_points()
    assert minimum.point == pytest.approx((3.0, 0.5))
    assert minimum.eigenvalues == pytest.approx((0.3015, 48.98), rel=2e-4)
    assert (saddle.kind, saddle.point, saddle.value) == ("saddle", (0.0, 1.0), 14.203125)


def test_beale_has_a_second_saddle_below_its_map() -> None:
    # The oracle: Newton's steps on the derivatives that the reference has by hand.
    by_hand, point = reference_landscapes.beale, np.array([0.1, -2.6])
    assert by_hand.second is not None
    for _ in range(20):
        xx, xy, yy = by_hand.second(*point)
        point = point - np.linalg.solve([[xx, xy], [xy, yy]], by_hand.first(*point))
    map_ = gd.landscapes.beale()
    square = [(-4.5, 4.5), (-4.5, 4.5)]  # the usual one
    found = gd.Landscape("Beale", map_.expr, map_.variables, square, map_.start).critical_points()
    low, _ = (flat for flat in found if flat.kind == "saddle")
    assert low.point == pytest.approx(tuple(point), abs=1e-8)
    assert (round(low.point[0], 4), round(low.point[1], 4)) == (0.1005, -2.6445)
    assert low.value == pytest.approx(float(by_hand.f(*point)), rel=1e-9)
    assert round(low.value, 4) == 9.8645


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("six_hump_camel", {"minimum": 6, "saddle": 7, "maximum": 2}),
        ("three_hump_camel", {"minimum": 3, "saddle": 2}),
        ("styblinski_tang", {"minimum": 4, "saddle": 4, "maximum": 1}),
        ("rastrigin", {"minimum": 121, "saddle": 220, "maximum": 100}),
        ("monkey_saddle", {"degenerate": 1}),
        ("double_well", {"minimum": 2, "maximum": 1}),
    ],
)
def test_critical_points_are_counted_as_known(name: str, counts: dict[str, int]) -> None:
    kinds = [c.kind for c in gd.landscapes.catalogue[name]().critical_points()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == counts


def test_a_function_without_critical_points_has_none() -> None:
    assert gd.Landscape.parse("x + y").critical_points() == []
    assert gd.Landscape.parse("exp(x)").critical_points() == []


@pytest.mark.parametrize(
    ("text", "kind", "eigenvalues"),
    [("sin(x)/x", "maximum", [-1 / 3]), ("sin(x)/x + y**2", "saddle", [-1 / 3, 2])],
)
def test_near_a_hole_the_kind_is_that_of_the_formula_and_not_of_its_rounding(
    text: str, kind: str, eigenvalues: list[float]
) -> None:
    """Of sin(x)/x at 5e−9, floats have lost all digits of the curvature −1/3."""
    bounds = [(-3.0, 3.0)] * len(eigenvalues)
    (found,) = gd.Landscape.parse(text, bounds=bounds).critical_points()
    assert found.kind == kind
    assert found.point == pytest.approx([0.0] * len(bounds), abs=1e-6)
    assert found.eigenvalues == pytest.approx(eigenvalues)


def test_transcendental_critical_points_are_found_numerically() -> None:
    found = gd.Landscape.parse("sin(x)", bounds=[(-5, 5)]).critical_points()
    assert [c.point[0] for c in found] == pytest.approx(
        [-np.pi / 2, 3 * np.pi / 2, -3 * np.pi / 2, np.pi / 2]
    )
    assert [c.kind for c in found] == ["minimum", "minimum", "maximum", "maximum"]


@pytest.mark.parametrize("text", ["(x + y)**2", "x**2*y**2"])
def test_a_line_of_critical_points_is_an_error_not_a_list(text: str) -> None:
    with pytest.raises(ValueError, match="not isolated"):
        gd.Landscape.parse(text).critical_points()


def test_three_variables_work_as_two_do() -> None:
    bowl = gd.Landscape.parse("x**2 + 2*y**2 + 3*z**2 + x*z", start=(1, 1, 1))
    (found,) = bowl.critical_points()
    assert (found.kind, found.point) == ("minimum", (0.0, 0.0, 0.0))
    run = gd.descend(bowl, gd.gradient_descent(0.1), steps=200)
    assert np.abs(run.end).max() < 1e-6


def test_a_condition_number_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match=r"condition must be at least 1 and finite, not 0\.5"):
        gd.landscapes.quadratic(condition=0.5)


def test_a_stretch_that_is_flat_everywhere_is_refused_at_once() -> None:
    floor = sp.Piecewise((0, x < 0), (x**2, True))
    with pytest.raises(ValueError, match="a whole stretch is flat"):
        gd.Landscape("half a bowl", floor, (x,), [(-3, 3)], (1.0,)).critical_points()


# Each without a gradient that is zero anywhere, though far out doubles make it 0.
@pytest.mark.parametrize(
    "text",
    ["exp(x)**20", "tanh(1000*x)", "cosh(x) + y", "1/(1 + exp(-x))", "x**20 + y"],
)
def test_a_gradient_that_is_only_small_is_no_critical_point(text: str) -> None:
    assert gd.Landscape.parse(text).critical_points() == []


# Counted by hand: sin 20x sin 20y is flat where both sines are 0 (39 × 39 saddles within ±3) and
# where both cosines are (38 × 38), sin 1000x where cos is 0: (k + ½)π/1000 within ±3.
@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("sin(20*x)*sin(20*y)", {"saddle": 1521, "minimum": 722, "maximum": 722}),
        ("sin(1000*x)", {"minimum": 955, "maximum": 955}),
        ("exp(-1000*x**2)", {"maximum": 1}),
        ("1 - exp(-1000*(x**2 + y**2))", {"minimum": 1}),
        ("sin(x)**20", {"degenerate": 1, "maximum": 2}),
        ("(x**2 + y**2)**2", {"degenerate": 1}),
        ("exp((x - 1/3)**3 - 3*(x - 1/3)*(y - 0.7)**2)", {"degenerate": 1}),
        ("exp(20*x) + x**2", {"minimum": 1}),
    ],
)
def test_isolated_critical_points_are_all_found_and_none_besides(
    text: str, counts: dict[str, int]
) -> None:
    kinds = [c.kind for c in gd.Landscape.parse(text).critical_points()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == counts


@pytest.mark.parametrize("text", ["sin(x + y)", "exp(-(x**2 + y**2 - 1)**2)", "cosh(x*y)"])
def test_lines_of_critical_points_of_any_formula_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not isolated"):
        gd.Landscape.parse(text).critical_points()


@pytest.mark.parametrize("text", ["sin(10000*x)", "sin(100*x)*sin(100*y)"])
def test_more_critical_points_than_starts_can_find_are_refused_not_cut_off(text: str) -> None:
    with pytest.raises(ValueError, match=r"more than 5,000 within its bounds"):
        gd.Landscape.parse(text).critical_points()


# Curvatures of x² + 4y², x² − 4y² and −x² − y², whatever their unit; and of a flat direction.
@pytest.mark.parametrize("unit", [sp.Rational(1, 10**9), 1, 10**9])
@pytest.mark.parametrize(
    ("expr", "kind"),
    [
        (x**2 + 4 * y**2, "minimum"),
        (x**2 - 4 * y**2, "saddle"),
        (-(x**2) - y**2, "maximum"),
        (x**2 + y**4, "degenerate"),
        (x**2 + sp.Rational(1, 10**7) * y**2, "minimum"),
        ((x - sp.Rational(1, 3)) ** 3 - 3 * (x - sp.Rational(1, 3)) * y**2, "degenerate"),
    ],
)
def test_the_kind_of_a_critical_point_does_not_depend_on_the_unit_of_the_cost(
    expr: sp.Expr, kind: str, unit: Any
) -> None:
    scaled = gd.Landscape("scaled", unit * expr, (x, y), [(-2, 2), (-2, 2)], (1, 1))
    assert [c.kind for c in scaled.critical_points()] == [kind]


def test_many_variables_or_combinations_do_not_stall_the_search() -> None:
    names = sp.symbols("t0:12", real=True)
    bowl = sp.Add(*(t**2 for t in names)) + sp.cos(names[0])
    wide = gd.Landscape("wide", bowl, names, [(-1, 1)] * 12, [0.5] * 12)
    (found,) = wide.critical_points()
    assert found.kind == "minimum"
    np.testing.assert_allclose(found.point, 0, atol=1e-12)
    eight = gd.Landscape.parse(
        "(a+b)**3/3-a-b + (c+d)**3/3-c-d + (x+y)**2+(x-y)**2 + (a-b)**2+(c-d)**2"
    )
    assert sorted(c.kind for c in eight.critical_points()) == ["minimum", *["saddle"] * 3]


@pytest.mark.parametrize("text", ["abs(x)", "max(0, x)", "x**2 + min(x, 2*x)", "x**2 + abs(x - 1)"])
def test_critical_points_of_a_formula_with_corners_are_refused(text: str) -> None:
    cost = gd.Landscape.parse(text, name="angular")
    assert cost.has_corners
    with pytest.raises(ValueError, match="angular has corners"):
        cost.critical_points()


def test_a_smooth_formula_has_no_corners() -> None:
    assert not gd.landscapes.rosenbrock().has_corners


@pytest.mark.parametrize(
    ("text", "at", "slope"),
    [
        ("abs(x)", 0, 0),
        ("max(0, x)", 0, 0),
        ("max(x, 0)", 0, 0),
        ("max(0, 1 - x)", 1, 0),
        ("min(0, x)", 0, 0),
        ("abs(x - 1) + x**2", 1, 2),
    ],
)
def test_the_slope_chosen_at_a_corner_is_the_stated_one_in_every_language(
    text: str, at: float, slope: float
) -> None:
    cost = gd.Landscape.parse(text)
    assert cost.gradient([at]) == [slope]
    scope: dict[str, Any] = {}
    exec(cost.source("python"), scope)
    assert scope["gradient"](float(at)) == [slope]
    path = in_javascript(
        [
            {
                "landscape": printed.landscape(cost),
                "rule": printed.rule(gd.gradient_descent(1.0)),
                "settings": {"learning_rate": 1.0},
                "start": [at],
                "steps": 1,
            }
        ]
    )[0]["points"]
    assert path == [at, at - slope]


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("max(x, 2*x)", 1, 2), ("max(-x, x)", -1, 1), ("max(x, max(2*x, -x))", -1, 2)],
)
def test_where_arguments_tie_the_slope_is_a_subgradient(
    text: str, least: float, most: float
) -> None:
    assert least <= gd.Landscape.parse(text).gradient([0.0])[0] <= most


def test_a_minimum_of_two_lines_has_the_slope_of_one_of_them() -> None:
    lower = gd.Landscape.parse("min(x, 2*x)")
    assert lower.gradient([0.0])[0] in (1, 2)
    np.testing.assert_array_equal(lower.gradient([[-1.0], [1.0]])[:, 0], [2, 1])


def test_the_hessian_of_a_corner_is_that_of_its_pieces() -> None:
    cost = gd.Landscape.parse("3*x**2 + abs(x)")
    np.testing.assert_array_equal(cost.hessian([[-1.0], [0.0], [1.0]]).ravel(), [6, 6, 6])
