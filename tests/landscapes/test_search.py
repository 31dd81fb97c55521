"""The parts of the search for critical points, each by numbers worked out by hand."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.descent import basins
from gdlib.landscapes import critical_points as search

X, Y = sp.symbols("x y", real=True)
BOX = ((-1.0, 3.0), (10.0, 10.5))


def landscape(expr: Any, bounds: Any = BOX) -> gd.Landscape:
    return gd.Landscape("mine", expr, (X, Y), bounds, [low for low, _ in bounds])


def test_beside_a_point_lie_a_thousandth_and_a_hundred_thousandth_of_the_widths() -> None:
    beside = search._beside(landscape(X + Y), np.array([[1.0, 10.25], [2.0, 10.0]]))
    moves = [
        (0.004, 0), (0, 0.0005), (-0.004, 0), (0, -0.0005),
        (0.00004, 0), (0, 0.000005), (-0.00004, 0), (0, -0.000005),
    ]  # fmt: skip
    wanted = [[(1 + a, 10.25 + b), (2 + a, 10 + b)] for a, b in moves]
    np.testing.assert_allclose(beside, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("n", "each"), [(1, 40_000), (2, 200), (3, 34), (4, 14), (8, 3)])
def test_starts_are_a_lattice_within_the_bounds(n: int, each: int) -> None:
    low, high = np.arange(n, dtype=np.float64) - 1, np.arange(n, dtype=np.float64) + 1
    starts = search._starts(low, high)
    assert starts.shape == (each**n, n)
    for axis in range(n):
        places = np.unique(starts[:, axis])
        first = low[axis] + 2 / (np.pi * each)  # off the round numbers
        np.testing.assert_allclose(places, first + 2 / each * np.arange(each), atol=1e-12)
    assert len(np.unique(starts, axis=0)) == each**n


@pytest.mark.parametrize(("n", "count"), [(9, 5486), (20, 500), (30, 500)])
def test_starts_in_many_dimensions_are_spread_evenly(n: int, count: int) -> None:
    # 4·10⁶/n³ of them, 500 at least: a lattice would have less than 3 a side.
    low, high = np.full(n, 2.0), np.full(n, 6.0)
    starts = search._starts(low, high)
    assert starts.shape == (count, n)
    assert ((starts > low) & (starts < high)).all()
    np.testing.assert_allclose(starts.mean(0), 4, atol=0.1)
    np.testing.assert_allclose(starts.std(0), 4 / 12**0.5, atol=0.1)
    golden = np.sqrt(2) % 1  # the first prime's root
    np.testing.assert_allclose(starts[:3, 0], 2 + 4 * (golden * np.arange(1, 4) % 1), rtol=1e-12)


@pytest.mark.parametrize("most", [1, 16, 500])
def test_of_many_rows_some_are_taken_evenly_and_no_more_than_asked_for(most: int) -> None:
    for count in (0, 1, 2, 15, 16, 17, 499, 500, 501, 1000, 1001):
        some = search._few(np.arange(count), most)
        assert len(some) <= most
        if count <= most:
            assert len(some) == count
        else:
            assert len(some) > most // 2
            assert len(set(np.diff(some))) <= 1
            assert some[0] == 0


def test_a_step_of_newtons_is_the_shortest_that_meets_the_gradient() -> None:
    hessians = np.array([np.diag([2.0, 4.0]), np.ones((2, 2)), np.diag([np.nan, 1.0])])
    gradients = np.array([[2.0, 2.0], [3.0, 3.0], [1.0, 1.0]])
    np.testing.assert_allclose(
        search._solve(hessians, gradients), [[1.0, 0.5], [1.5, 1.5], [0.0, 0.0]], atol=1e-12
    )
    lost = search._solve(hessians[:1], np.array([[np.inf, 1.0]]))
    np.testing.assert_array_equal(lost, [[0, 0]])


def test_of_points_nearer_than_a_tolerance_the_first_is_kept() -> None:
    tolerance = np.array([0.1, 0.01])
    points = np.array([[1, 1], [0, 0], [1.09, 1.009], [1.09, 1.021], [1.11, 1.0], [0, 0], [1, 0]])
    kept = search._distinct(points, tolerance).tolist()
    assert kept == [[1, 1], [0, 0], [1.09, 1.021], [1.11, 1.0], [1, 0]]
    row = np.arange(search.MOST_POINTS + 7.0)[:, None]
    assert len(search._distinct(row, np.array([0.5]))) == search.MOST_POINTS + 1


def test_the_digits_of_all_coefficients_are_counted() -> None:
    polys = [sp.Poly(-12 * X**2 + sp.Rational(3, 45) * Y, X, Y), sp.Poly(X + 345, X, Y)]
    assert search._digits(polys) == len("121" + "115" + "11" + "3451")


def test_a_gradient_of_0_may_come_to_its_largest_term_at_half_the_digits() -> None:
    polys = [sp.Poly(3 * X**2 - 5 * Y, X, Y), sp.Poly(X * Y / 2, X, Y)]
    point = (mpmath.mpf(-2), mpmath.mpf(4))
    assert float(search._rounding(polys, point)) == pytest.approx(20e-20)  # 12, 20 and 4
    nothing = float(search._rounding(polys, (mpmath.mpf(0), mpmath.mpf(0))))
    assert nothing == pytest.approx(1e-60)


def test_a_basis_is_led_by_its_highest_degrees() -> None:
    """By a lexical order y² + x would be led by x."""
    basis = search._basis([X**2 - Y, Y**2 + X], (X, Y))
    assert [poly.LM(basis.order).exponents for poly in basis.polys] == [(2, 0), (0, 2)]
    assert basis.gens == (X, Y)


def test_roots_are_real_each_once_in_order_and_exact_to_forty_digits() -> None:
    basis = sp.groebner([(X**2 - 2) * (X - 1) ** 2 * (X**2 + 1), Y - X], X, Y, order="grevlex")
    for variable in (X, Y):
        with mpmath.workdps(search.DIGITS):
            roots = search._roots(basis, variable)
            assert len(roots) == 3
            for root, wanted in zip(roots, (-mpmath.sqrt(2), 1, mpmath.sqrt(2)), strict=True):
                assert abs(root - wanted) < mpmath.mpf(10) ** -39


@pytest.mark.parametrize(
    ("expr", "kind"),
    [
        (X**2 + Y**2, "minimum"),
        (-(X**2) - Y**2, "maximum"),
        (X**2 - Y**2, "saddle"),
        (X**2 + Y**4, "degenerate"),
    ],
)
def test_a_point_is_told_with_its_value_and_its_curvatures(expr: sp.Expr, kind: str) -> None:
    found = search.classify(landscape(expr + 7, ((-1, 1), (-1, 1))), (-0.0, 0.0))
    curvatures = sorted(float(expr.diff(v, 2).subs({X: 0, Y: 0})) for v in (X, Y))
    assert str(found.point) == "(0.0, 0.0)"  # no −0
    assert (found.value, found.kind, found.eigenvalues) == (7.0, kind, tuple(curvatures))


# --- basins ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [sp.sqrt(2), sp.log(2), -sp.cos(3), sp.tanh(1), sp.pi, sp.E])
def test_a_factor_that_is_no_fraction_moves_no_point(factor: sp.Expr) -> None:
    bowl = landscape(factor * ((X - 1) ** 2 + 3 * (Y - sp.Rational(41, 4)) ** 2))
    (found,) = bowl.critical_points()
    assert found.kind == "minimum"
    np.testing.assert_allclose(found.point, (1, 10.25), rtol=1e-9)
    np.testing.assert_allclose(found.eigenvalues, [2 * float(factor), 6 * float(factor)])


def test_the_middles_of_cells_go_from_the_upper_left_to_the_lower_right() -> None:
    middles = basins.middles(landscape(X + Y), (2, 4))
    assert middles.shape == (2, 4, 2)
    np.testing.assert_allclose(middles[0], [(-0.5, 10.375), (0.5, 10.375), (1.5, 10.375),
                                            (2.5, 10.375)])  # fmt: skip
    np.testing.assert_allclose(middles[1, :, 1], 10.125)


def test_systems_of_two_are_solved_by_cramers_rule() -> None:
    matrices = np.array([[[2.0, 1.0], [3.0, 5.0]], [[0.0, 1.0], [-1.0, 4.0]]])
    vectors = np.array([[1.0, -2.0], [3.0, 0.5]])
    np.testing.assert_allclose(
        basins._solve(matrices, vectors), np.linalg.solve(matrices, vectors[..., None])[..., 0]
    )


def test_a_bowl_is_a_matrix_of_two_positive_curvatures() -> None:
    kinds = [[[2, 1], [1, 1]], [[2, 2], [2, 1]], [[-2, 0], [0, -1]], [[1, 1], [1, 1]]]
    assert basins._bowl(np.array(kinds, float)).tolist() == [True, False, False, False]


def test_ends_are_given_the_known_points_first_and_new_ones_in_turn() -> None:
    # sin²x + y² has a minimum at each kπ, of which one is known; (π/2, 0) is a saddle.
    box = ((-1.0, 7.0), (-3.0, 3.0))  # a diagonal of 10: a point is reached within 0.1
    waves = gd.Landscape("waves", sp.sin(X) ** 2 + Y**2, (X, Y), box, (0.0, 0.0), [(np.pi, 0.0)])
    ends = np.array([
        (np.nan, np.nan), (0.05, 0.05), (np.pi - 0.09, 0.0), (np.pi - 0.11, 0.0), (2 * np.pi, 0.09),
        (np.pi / 2, 0.0), (np.pi / 2 + 0.05, 0.0), (1.0, 1.0), (0.0, -0.08),
    ])  # fmt: skip
    labels, known = basins._assign(waves, ends, flat=1e-8)
    assert labels.tolist() == [-2, 1, 0, -1, 2, 3, 3, -1, 1]
    np.testing.assert_allclose(known[:4, 1], 0, atol=1e-9)
    np.testing.assert_allclose(known[:4, 0], [np.pi, 0, 2 * np.pi, np.pi / 2], rtol=1e-9, atol=1e-9)


def test_a_flat_stretch_is_seen_from_a_few_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, run = [], search._run

    def counted(land: Any, points: Any) -> Any:
        sizes.append(len(points))
        return run(land, points)

    monkeypatch.setattr(search, "_run", counted)
    with pytest.raises(ValueError, match="not isolated"):
        search.find(landscape(X**2 * Y**2, ((-3, 3), (-3, 3))))
    assert max(sizes) <= search.FEW
    sizes.clear()
    assert len(search.find(landscape(sp.cos(X) + Y**2, ((-1, 4), (-1, 2))))) == 2
    assert max(sizes) > 10 * search.FEW  # what is isolated is looked for from everywhere
