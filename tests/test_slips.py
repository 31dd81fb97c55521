"""Slips that once passed every test, each now with the smallest case in which it shows.

They were made by hand, one a line, in code that has changed since: what is tested is what a reader
sees, and every right value is worked out on paper.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.descent import basins, many_starts
from gdlib.optimizers import symbols
from tests import runs

STEEP = gd.landscapes.quadratic(condition=10)

# --- what stands at the end of a run that blows up ------------------------------------------------

# Each leaves the finite numbers in one respect alone: its text, start, rate, and where it ends.
ONE_RESPECT: dict[str, tuple[str, float, float, list[float]]] = {
    # From 1 with J′ = ½: 0, where the root is 0 and its slope is not finite.
    "the gradient": ("sqrt(x)", 1.0, 2.0, [1.0]),
    # x ← x(1 − 3·10⁹): after 17 steps J′ = x ≈ 1.3·10¹⁶¹, but J = x²/2 overflows.
    "the value": ("x**2/2", 1.0, 3e9 + 1, [(-3e9) ** k for k in range(17)]),
}


@pytest.mark.parametrize("how", runs.WAYS)
@pytest.mark.parametrize("respect", ONE_RESPECT)
@pytest.mark.parametrize("later", [0, 30])
def test_a_run_ends_before_the_first_point_that_is_not_finite_in_any_respect(
    later: int, respect: str, how: str
) -> None:
    text, start, rate, wanted = ONE_RESPECT[respect]
    landscape = gd.Landscape.parse(text, start=(start,), bounds=((0, 2),))
    run = runs.WAYS[how](landscape, gd.gradient_descent(rate), (start,), len(wanted) + later)
    assert run.status == "diverged"
    assert run.steps == len(wanted) - 1
    np.testing.assert_allclose(run.points[:, 0], wanted[-len(run.points) :], rtol=1e-12)


@pytest.mark.parametrize("how", runs.WAYS)
def test_a_point_at_infinity_ends_a_run_though_the_cost_is_finite_there(how: str) -> None:
    # J = tanh: the first step, of 1.5·10³⁰⁸, meets a slope of 0; the momentum's second overflows.
    landscape = gd.Landscape.parse("tanh(x)", start=(0.0,))
    rule = gd.momentum(1.5e308, decay=0.9)
    run = runs.WAYS[how](landscape, rule, (0.0,), 40)
    assert run.status == "diverged"
    assert (run.steps, run.end.tolist()) == (1, [-1.5e308])


@pytest.mark.parametrize("how", runs.WAYS)
def test_a_step_onto_a_pole_is_a_divergence(how: str) -> None:
    # J = −1/x, J′ = 1/x²: from 1 at rate 1 to 0, where dividing raises in Python's own floats.
    landscape = gd.Landscape.parse("-1/x", start=(1.0,))
    run = runs.WAYS[how](landscape, gd.gradient_descent(1.0), (1.0,), 40)
    assert (run.status, run.steps, run.end.tolist()) == ("diverged", 0, [1.0])


@pytest.mark.parametrize("keep", ["path", "end"])
def test_a_step_that_is_no_number_ends_a_run_on_batches(keep: Any) -> None:
    # J and its slope of 10¹⁶⁰ are finite; the rule's own g²/(1 + g²) is ∞/∞.
    bounded = gd.Optimizer(
        "bounded", -symbols.eta * symbols.g**2 / (1 + symbols.g**2), {}, {symbols.eta: 1}
    )
    steep = gd.LeastSquares([[1e10], [1e10]], [1e150, 1e150])
    run = gd.descend_batches(steep, bounded, batch_size=1, epochs=9, seed=0, keep=keep)
    assert (run.status, run.steps, run.points.tolist()) == ("diverged", 0, [[0.0]])


# --- when a run is over --------------------------------------------------------------------------


@pytest.mark.parametrize("how", runs.WAYS)
def test_a_step_that_both_converges_and_stalls_converges(how: str) -> None:
    # At ηλ = 2 it bounces between ±1: J does not change, and has no new lowest value either.
    stop = gd.Stop(value_change=0.0, patience=1)
    run = runs.WAYS[how](STEEP, gd.gradient_descent(0.2), (0.0, 1.0), 40, stop=stop)
    assert (run.status, run.steps) == ("converged", 1)


@pytest.mark.parametrize("keep", ["path", "end"])
def test_a_run_of_a_grid_that_is_over_stays_what_it_was(keep: Any) -> None:
    # The first is flat at once, the second bounces; both would be out of patience after 3 steps.
    stop = gd.Stop(gradient_norm=1e-9, patience=3)
    run = gd.descend(
        STEEP, gd.gradient_descent(0.2), [(0.0, 0.0), (0.0, 1.0)], steps=40, stop=stop, keep=keep
    )
    assert run.status.tolist() == ["converged", "stalled"]
    assert run.steps.tolist() == [0, 3]


@pytest.mark.parametrize("how", runs.WAYS)
@pytest.mark.parametrize(("rate", "status"), [(0.21, "diverged"), (0.19, "converged")])
def test_a_change_of_the_value_counts_by_its_size_up_or_down(
    rate: float, status: str, how: str
) -> None:
    # y ← −1.1y climbs for ever and y ← −0.9y falls: a large change either way is a change.
    stop = gd.Stop(value_change=1e-7)
    run = runs.WAYS[how](STEEP, gd.gradient_descent(rate), (0.0, 1.0), 20_000, stop=stop)
    falls = 5 * 0.81 ** np.arange(200)
    assert run.status == status
    if status == "converged":
        assert run.steps == 1 + np.flatnonzero(-np.diff(falls) <= 1e-7)[0]


def test_blocks_that_end_early_wait_at_their_end_for_the_longest() -> None:
    # x ← x/2 on ½x²: ‖g‖ ≤ 1/10 after 0 steps from 0.1, and after 4 from 1.
    bowl = gd.landscapes.quadratic(condition=1)
    starts = np.zeros((many_starts.BLOCK + 2, 2))
    starts[:, 0], starts[-1, 0] = 0.1, 1.0
    starts[0, 0] = 0.15  # one step
    run = gd.descend(
        bowl, gd.gradient_descent(0.5), starts, steps=40, stop=gd.Stop(gradient_norm=0.1)
    )
    wanted = np.full((5, len(starts)), 0.1)
    wanted[:, 0] = [0.15] + [0.075] * 4
    wanted[:, -1] = [1, 1 / 2, 1 / 4, 1 / 8, 1 / 16]
    np.testing.assert_allclose(run.points[..., 0], wanted, rtol=1e-15)
    np.testing.assert_allclose(run.values, wanted**2 / 2, rtol=1e-15)
    np.testing.assert_allclose(run.gradients[..., 0], wanted, rtol=1e-15)


def test_a_rate_of_nothing_is_a_step_of_nothing_and_one_of_infinity_is_refused() -> None:
    run = gd.descend(
        STEEP, gd.gradient_descent(9.0), (1.0, 0.0), steps=3, learning_rate=[0.0, 0.5, 0]
    )
    assert run.points[:, 0].tolist() == [1.0, 1.0, 0.5, 0.5]
    with pytest.raises(ValueError, match="at step 2 must be at least 0 and finite, not inf"):
        gd.descend(STEEP, gd.gradient_descent(9.0), steps=2, learning_rate=[0.1, math.inf])


# --- symbols -------------------------------------------------------------------------------------


def test_a_symbol_without_assumptions_is_a_hyperparameter_and_an_infinite_one_is_none() -> None:
    plain, endless = sp.Symbol("q"), sp.Symbol("q", infinite=True)
    scaled = gd.Optimizer("scaled", -plain * symbols.g, {}, {plain: 0.25})
    run = gd.descend(STEEP, scaled, (1.0, 0.0), steps=2)
    assert run.points[:, 0].tolist() == [1.0, 0.75, 0.5625]
    with pytest.raises((TypeError, ValueError)):
        gd.Optimizer("endless", -endless * symbols.g, {}, {endless: 0.25})


# --- problems and differences --------------------------------------------------------------------


def test_two_clouds_stand_on_either_side_of_the_origin_and_take_turns() -> None:
    clouds = gd.problems.two_clouds(400, distance=1000.0, seed=3)
    assert clouds.targets.tolist() == [0.0, 1.0] * 200
    for label, side in ((0, -1), (1, 1)):
        middle = clouds.features[clouds.targets == label].mean(axis=0)
        np.testing.assert_allclose(middle, side * 500 / np.sqrt(2), atol=0.3)  # 4/√200
    assert clouds.features[clouds.targets == 1].std(axis=0) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("x", [1e8, -1e8, 1e-12, 0.0])
def test_a_difference_is_as_wide_as_its_point_is_large_and_never_narrower_than_at_1(
    x: float,
) -> None:
    assert gd.numerical_gradient(lambda t: t[0] ** 2, [x]) == pytest.approx(2 * x, rel=1e-7)
    sine = gd.numerical_gradient(lambda t: np.cos(t[0] - x) + np.sin(t[0] - x), [x])
    assert sine == pytest.approx(1, rel=1e-7 if abs(x) < 1 else 1)


def test_a_difference_is_divided_by_the_distance_that_the_floats_have() -> None:
    # Near 10⁸ floats lie 1.5·10⁻⁸ apart: x ± 10⁻⁷ is off by up to 7%, and the cost θ shows it.
    assert gd.numerical_gradient(lambda t: 2 * t[0], [1e8], h=1e-7).tolist() == [2.0]


# --- critical points and basins ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("curvatures", "kind"),
    [
        ((2e12, 2e3), "degenerate"),  # below 1e−8 of the larger
        ((2e12, 2e5), "minimum"),
        ((2e-9, 2e-7), "minimum"),  # however small both are
        ((2e-18, 2e-7), "degenerate"),
        ((2e-7, 2e-6), "minimum"),
        ((-2e-7, 2e-6), "saddle"),
        ((-2e-7, -2e-6), "maximum"),
    ],
)
def test_a_curvature_is_nothing_beside_a_much_larger_one_alone(
    curvatures: tuple[float, float], kind: str
) -> None:
    x, y = sp.symbols("x y", real=True)
    a, b = (sp.Rational(c) / 2 for c in curvatures)
    (found,) = gd.Landscape(
        "bowl", a * x**2 + b * y**2, (x, y), [(-1, 1)] * 2, (1.0, 1.0)
    ).critical_points()
    assert found.kind == kind
    assert found.eigenvalues == pytest.approx(tuple(sorted(curvatures)))


@pytest.mark.parametrize(
    "text",
    [
        "x**2/2 + y**2/10**8/2",  # slow in y, and far from its minimum
        "y**2/2 + x**2/10**8/2",  # slow in x
        "x**2/2 - y**2/10**8/2",  # slow, and on its way off a ridge
    ],
)
def test_a_slow_run_is_not_yet_at_rest(text: str) -> None:
    slow = gd.Landscape.parse(text, bounds=((-1, 1), (-1, 1)))
    found = gd.basins(slow, gd.gradient_descent(1.0), (4, 4), 64)
    assert (found.steps == 64).all()
    assert (found.labels == basins.UNDECIDED).all()


def test_a_run_on_a_ridge_is_not_at_rest_at_its_saddle() -> None:
    ridge = gd.Landscape.parse("x**2/2 - y**2/2", bounds=((-1, 1), (-1, 1)))
    found = gd.basins(ridge, gd.gradient_descent(0.5), (1, 3), 200)
    assert (found.steps == 200).all()


# --- methods of their own ------------------------------------------------------------------------

JUMPS: dict[str, Any] = {"radius": 0.01, "gradient_norm": 0.01, "wait": 50, "seed": 1}


def test_a_perturbed_run_ends_where_the_slope_alone_is_not_finite() -> None:
    landscape = gd.Landscape.parse("sqrt(x) + y**2", start=(1.0, 0.0), bounds=((0, 2), (-1, 1)))
    starts = np.array([(1.0, 0.0), (4.0, 0.0)])  # √4′ = ¼: the second goes on to 3.5
    run = gd.perturbed_descent(landscape, starts, steps=1, learning_rate=2.0, **JUMPS)
    assert run.status.tolist() == ["diverged", "out of steps"]
    assert run.end.tolist() == [[1.0, 0.0], [3.5, 0.0]]
    assert np.isfinite(run.gradients).all()


@pytest.mark.parametrize("n", [1, 3, 5])
def test_jumps_are_even_in_a_ball_of_any_dimension(n: int) -> None:
    # Within half of the radius lies the 2⁻ⁿ-th part of the ball.
    symbols = sp.symbols(f"x0:{n}", real=True)
    flat = gd.Landscape("flat", sp.Add(*symbols) / 10**9, symbols, [(-1, 1)] * n, [0.0] * n)
    run = gd.perturbed_descent(flat, np.zeros((20_000, n)), steps=1, learning_rate=0.1, **JUMPS)
    radii = np.linalg.norm(run.end, axis=-1) / 0.01
    assert radii.max() == pytest.approx(1, abs=1e-3)
    for part in (0.5, 0.8):
        share = part**n
        assert abs((radii < part).mean() - share) < 4 * np.sqrt(share * (1 - share) / 20_000)


def test_random_matrices_vary_twice_as_much_on_the_diagonal() -> None:
    # Variance 1/n on it and 1/2n beside it; the estimate's own spread is √(2/40 000).
    matrices = gd.random_symmetric(3, 40_000, seed=5)
    np.testing.assert_array_equal(matrices, matrices.swapaxes(1, 2))
    wanted = (1 + np.eye(3)) / 6
    np.testing.assert_allclose(matrices.var(axis=0), wanted, rtol=4 * (2 / 40_000) ** 0.5)
    assert (np.abs(matrices.mean(axis=0)) < 4 * np.sqrt(wanted / 40_000)).all()
    above = matrices[:, 0, 1], matrices[:, 1, 2]
    assert abs(np.corrcoef(*above)[0, 1]) < 4 / 200


def test_a_damped_step_takes_curvatures_for_flat_below_a_hundred_millionth_of_the_largest() -> None:
    x, y = sp.symbols("x y", real=True)
    # Slope 1 and no curvature along y: a step of 1/10⁻⁸, and J falls by all that is promised.
    trough = gd.Landscape("trough", x**2 / 2 + y, (x, y), [(-1, 1)] * 2, (1.0, 1.0))
    run = gd.newton(trough, steps=1, damped=True)
    np.testing.assert_allclose(run.end, (0, 1 - 1e8), atol=1e-9)
    narrow = gd.newton(gd.landscapes.quadratic(10**7), (3.0, -2.0), steps=1, damped=True)
    np.testing.assert_allclose(narrow.end, 0, atol=1e-7)


def test_a_damped_step_goes_down_a_downward_curvature_as_far_as_up_an_upward_one() -> None:
    saddle = gd.Landscape.parse("x**2/2 - y**2/2", bounds=((-1, 1), (-1, 1)))
    run = gd.newton(saddle, (1.0, 0.1), steps=1, damped=True)  # −|H|⁻¹g = (−1, 0.1)
    np.testing.assert_allclose(run.end, (0, 0.2), atol=1e-15)
    assert run.value_evaluations == 1


def test_a_shorter_step_promises_less() -> None:
    # Armijo with c = 0.4 on ½·10y² from 1: η ≤ 2(1 − c)/10 = 0.12; of 1, ½, ¼, ⅛, 1/16 the last.
    run = gd.backtracking(gd.landscapes.quadratic(10), (0.0, 1.0), steps=1, slope=0.4)
    assert run.end[1] == pytest.approx(1 - 10 / 16)
    assert (run.status, run.evaluations, run.value_evaluations) == ("out of steps", 1, 5)


def test_with_a_wrong_gradient_nothing_else_that_it_says_is_told() -> None:
    # At ηλ = 1/1000 it crawls, which is all that is said with the right gradient.
    def slipped(theta: Any) -> Any:
        return STEEP.value(theta), 2 * STEEP.gradient(theta)

    right = gd.descend(STEEP, gd.gradient_descent(1e-4), steps=200)
    wrong = gd.descend(slipped, gd.gradient_descent(1e-4 / 2), STEEP.start, steps=200)
    np.testing.assert_allclose(wrong.points, right.points)
    assert not gd.diagnose(right, cost=STEEP).healthy
    assert [finding.kind for finding in gd.diagnose(wrong, cost=STEEP)] == ["wrong scale"]
