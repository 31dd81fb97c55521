"""Every runner on costs that overflow, leave their domain or are flat: quiet, and an honest end.

Warnings are errors here, as everywhere in these tests.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.descent import stopping
from gdlib.descent.basins import ESCAPED
from gdlib.formula import tame

ENDINGS = {"converged", "diverged", "stalled", "out of steps"}


def landscape(text: str, *start: float) -> gd.Landscape:
    return gd.Landscape.parse(text, start=start)


COSTS = {
    "a steep bowl": landscape("10**20*x**2 + y**2", 1e140, 1.0),
    "a quartic far out": landscape("x**4 + y**4", 1e70, -1e60),
    "an exponential of a square": landscape("exp(x**2 + y**2)", 18.0, 10.0),
    "an exponential slope": landscape("exp(-x) + y**2", -700.0, 1.0),
    "a logarithm": landscape("log(x) + y**2", 1.0, 1.0),
    "a barrier": landscape("x - log(x) + y**2", 3.0, 1.0),
    "a root": landscape("sqrt(x) + y**2", 1e-70, 1.0),
    "a pole": landscape("1/x + y", 1e-150, 1.0),
    "a plane of infinite fall": landscape("10**20*x - 10**20*y", 1e280, 1.0),
    "a plateau": landscape("tanh(x) + tanh(y)", 400.0, -400.0),
    "a cone at its tip": landscape("sqrt(x**2 + y**2)", 1e-200, 1e-200),
    "a soft cone": landscape("x*atan(x) - log(1 + x**2)/2 + y**2", 2.0, 0.0),
    "a huge saddle": landscape("x**3*y**3", 1e50, 1e50),
    "a flat bottom": landscape("x**20 + y**20", 1e-12, 1e-10),
}
STRICT: dict[str, Any] = {
    "gradient_norm": 1e-300, "value_change": 1e-300, "point_change": 1e-300, "patience": 40,
}  # fmt: skip


def jump(cost: gd.Landscape, start: Any) -> gd.Trajectory:
    return gd.perturbed_descent(
        cost, start, steps=60,
        learning_rate=1e3, radius=1e3, gradient_norm=1e300, cooldown=2, seed=1,
    )  # fmt: skip


RUNNERS: dict[str, Any] = {
    **{
        f"{name} at {rate:g}, {keep}": (
            lambda cost, start, name=name, rate=rate, keep=keep: gd.descend(
                cost, gd.optimizers.catalogue[name](learning_rate=rate), start,
                steps=80, stop=gd.Stop(**STRICT), keep=keep,
            )
        )
        for name in ("gradient_descent", "adam", "nesterov")
        for rate in (0.3, 1e150)
        for keep in ("path", "end")
    },
    "a growing schedule": lambda cost, start: gd.descend(
        cost, gd.momentum(0.1), start, steps=80, learning_rate=lambda k: 1e3**k
    ),
    "newton": gd.newton,
    "damped newton": lambda cost, start: gd.newton(cost, start, damped=True),
    "backtracking": gd.backtracking,
    "backtracking from afar": lambda cost, start: gd.backtracking(
        cost, start, learning_rate=1e300, slope=0.9, shrink=0.01
    ),
    "perturbed descent": jump,
}  # fmt: skip


def honest(run: gd.Trajectory, cost: gd.Landscape) -> None:
    """What every result promises, with values asked of the formula anew."""
    status = np.ravel(run.status)
    assert set(status.tolist()) <= ENDINGS
    for part in (run.points, run.values, run.gradients):
        assert np.isfinite(part).all()
    np.testing.assert_array_equal(run.values, cost.value(run.points))
    np.testing.assert_array_equal(run.gradients, cost.gradient(run.points))


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("name", COSTS)
def test_a_run_on_a_hostile_cost_ends_quietly_and_honestly(name: str, runner: str) -> None:
    cost = COSTS[name]
    run = RUNNERS[runner](cost, None)
    honest(run, cost)
    assert len(run.points) == (1 if runner.endswith("end") else run.steps + 1)
    if "newton" in runner or "backtracking" in runner:
        return
    many = RUNNERS[runner](cost, [cost.start, cost.start])
    honest(many, cost)
    if "perturbed" not in runner:  # whose jumps are drawn for all starts together
        assert many.status.tolist() == [run.status] * 2
        assert many.steps.tolist() == [run.steps] * 2


@pytest.mark.parametrize("name", COSTS)
@pytest.mark.parametrize("rate", [0.3, 1e150])
def test_a_function_on_a_hostile_cost_ends_as_the_landscape_does(name: str, rate: float) -> None:
    cost, rule = COSTS[name], gd.gradient_descent(rate)
    one = gd.descend(cost, rule, steps=80, stop=gd.Stop(**STRICT))
    called = gd.descend(
        lambda theta: (cost.value(theta), cost.gradient(theta)), rule, cost.start,
        steps=80, stop=gd.Stop(**STRICT),
    )  # fmt: skip
    assert (called.status, called.steps) == (one.status, one.steps)


@pytest.mark.parametrize("name", COSTS)
def test_a_map_of_a_hostile_cost_is_drawn_quietly(name: str) -> None:
    cost = COSTS[name]
    for rate in (0.3, 1e150):
        found = gd.basins(cost, gd.gradient_descent(rate), (5, 4), 40)
        assert found.labels.shape == (5, 4)
        assert found.labels.min() >= ESCAPED


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 15, 16, 17, 40])
def test_a_map_says_diverged_where_a_run_does(steps: int) -> None:
    cost = gd.Landscape.parse("log(x) + y**2", start=(1.0, 1.0), bounds=((-1, 4), (-1, 1)))
    found = gd.basins(cost, gd.gradient_descent(1.5), (2, 50), steps)
    x = -1 + (np.arange(50) + 0.5) / 10
    for start, label in zip(x, found.labels[0], strict=True):
        at, alive = float(start), start > 0
        for _ in range(steps):  # by hand: there is no logarithm of what is not positive
            at -= 1.5 / at
            alive = alive and at > 0
        y_alive = abs((1 - 3.0) ** steps) < 1e150
        assert (label == ESCAPED) == (not (alive and y_alive))


@pytest.mark.parametrize("condition", [1, 10**9])
@pytest.mark.parametrize("size", [1.0, 1e100, 1e145])
def test_exact_line_search_is_exact_at_any_size(condition: int, size: float) -> None:
    # From (γ, 1)·s: x_k = sγqᵏ and y_k = s(−q)ᵏ with q = (γ − 1)/(γ + 1) (Boyd, §9.3.2).
    cost = gd.landscapes.quadratic(condition)
    run = gd.exact_line_search(cost, (condition * size / 1e9, size / 1e9), steps=1)
    q = (condition - 1) / (condition + 1)
    wanted = np.array([condition * q, -q]) * size / 1e9
    np.testing.assert_allclose(run.end, wanted, rtol=1e-9, atol=size * 1e-16)


def test_newton_that_overflows_ends_as_diverged_at_its_last_finite_point() -> None:
    # J′ = arctan x, J″ = 1/(1 + x²): from 2, x − (1 + x²)·arctan x is farther each time.
    cost = landscape("x*atan(x) - log(1 + x**2)/2", 2.0)
    run = gd.newton(cost, steps=50)
    by_hand = [2.0]
    while abs(by_hand[-1]) < 1e150:  # 1 + x² of the next is infinite
        x = by_hand[-1]
        by_hand.append(x - (1 + x * x) * math.atan(x))
    assert run.status == "diverged"
    np.testing.assert_allclose(run.points[:, 0], by_hand[: len(run.points)], rtol=1e-9)
    assert len(by_hand) - 1 <= len(run.points) <= len(by_hand)


def test_a_hessian_that_is_not_finite_ends_newton_as_diverged() -> None:
    # J = √x·x has a slope of 0 and an infinite curvature at 0; J′ = 1.5√x.
    cost = landscape("x**(3/2) + 10*x", 0.0)
    for damped in (False, True):
        run = gd.newton(cost, damped=damped)
        assert (run.status, run.steps) == ("diverged", 0)


def test_a_line_search_looks_back_into_the_domain() -> None:
    # On x − log x from 3, J′ = ⅔: at rate 8, 4 and so on, 3 − 8·⅔ < 0 has no logarithm.
    cost = landscape("x - log(x)", 3.0)
    run = gd.backtracking(cost, steps=1, learning_rate=8.0)
    rate = 8.0
    looks = 1
    while not (
        (x := 3 - rate * 2 / 3) > 0 and x - math.log(x) <= 3 - math.log(3) - 1e-4 * rate * 4 / 9
    ):
        rate, looks = rate / 2, looks + 1
    assert run.end[0] == pytest.approx(3 - rate * 2 / 3)
    assert run.value_evaluations == looks
    done = gd.backtracking(cost, gradient_norm=1e-9)
    assert done.status == "converged"
    assert done.end[0] == pytest.approx(1)


def test_minus_infinity_is_not_low_enough() -> None:
    # log x + x from 1, J′ = 2: at rate ½ the look is at x = 0, where J = −∞.
    cost = landscape("log(x) + x", 1.0)
    run = gd.backtracking(cost, steps=1)
    assert np.isfinite(run.values).all()
    assert run.end[0] == pytest.approx(0.5)  # the third look, at ¼


def test_a_step_too_short_to_move_is_no_step() -> None:
    far = landscape("x", 1e200)  # floats there are 10¹⁸⁴ apart
    for run in (gd.backtracking(far), gd.newton(far, damped=True)):
        assert run.status == "stalled"
        assert run.steps == run.value_evaluations == 0


@pytest.mark.parametrize("scale", [1e60, 1e90, 1e110, 1e140])
@pytest.mark.parametrize("kind", [gd.LeastSquares, gd.LogisticRegression])
def test_batches_of_huge_data_end_alike_whatever_is_kept(kind: Any, scale: float) -> None:
    rng = np.random.default_rng(0)
    problem = kind(scale * rng.normal(size=(20, 2)), np.arange(20) % 2)
    options: dict[str, Any] = {"batch_size": 5, "epochs": 3, "seed": 1}
    for rate in (1e-3, 1e3):
        path, end = (
            gd.descend_batches(problem, gd.gradient_descent(rate), keep=keep, **options)
            for keep in ("path", "end")
        )
        for run in (path, end):
            for part in (run.points, run.values, run.gradients):
                assert np.isfinite(part).all()
        assert (end.status, end.steps) == (path.status, path.steps)
        np.testing.assert_array_equal(end.end, path.end)
        np.testing.assert_allclose(end.values[-1], path.values[-1], rtol=1e-12)
        assert len(path.points) == path.steps + 1
        if kind is gd.LeastSquares:
            # θ grows by η‖x‖² a step: the whole cost, of (x·θ)², is the first to overflow.
            assert path.status == "diverged"
            assert path.steps < 12


def test_a_batch_run_ends_at_the_step_before_the_whole_cost_overflows() -> None:
    # One row, x = 10⁵⁰ and y = 0, η = 1: θ ← θ(1 − 10¹⁰⁰), and J = (10⁵⁰θ)²/2 overflows at 10²⁰⁰.
    problem = gd.LeastSquares([[1e50]], [0.0])
    for keep in ("path", "end"):
        run = gd.descend_batches(
            problem, gd.gradient_descent(1.0), [1.0], batch_size=1, epochs=9, seed=0, keep=keep
        )
        assert (run.status, run.steps) == ("diverged", 1)
        assert run.end[0] == pytest.approx(-1e100)


@pytest.mark.parametrize("keep", ["path", "end"])
def test_a_batch_run_ends_where_the_slope_alone_overflows(keep: Any) -> None:
    # x = 10¹⁶⁰: the step goes from −10⁻¹⁰⁰ to 2·10⁻¹¹, where J = 2·10²⁹⁸ and J′ = 2·10³⁰⁹.
    problem = gd.LeastSquares([[1e160]], [0.0])
    rule = gd.gradient_descent(2e-231)
    run = gd.descend_batches(problem, rule, [-1e-100], batch_size=1, epochs=3, seed=0, keep=keep)
    assert (run.status, run.steps, run.end.tolist()) == ("diverged", 0, [-1e-100])


def test_data_whose_cost_is_infinite_at_the_start_are_refused() -> None:
    huge = gd.LeastSquares(np.ones((4, 2)), np.full(4, 1e200))
    with pytest.raises(ValueError, match="least squares must have a finite value and gradient"):
        gd.descend_batches(huge, gd.adam(), batch_size=2, epochs=1, seed=0)


def test_a_perturbed_run_that_has_diverged_is_over() -> None:
    cost = COSTS["a quartic far out"]
    run = jump(cost, [cost.start] * 3)
    assert (run.status == "diverged").all()
    assert len(run.points) == run.steps.max() + 1


@pytest.mark.parametrize("name", gd.landscapes.catalogue)
def test_a_formula_is_finite_as_far_out_as_is_promised(name: str) -> None:
    cost = gd.landscapes.catalogue[name]()
    radius = tame.radius(cost.expr, cost.variables)
    if radius < 0:
        assert name in ("ackley", "wolfe")  # by what is known; nothing is promised
        return
    rng = np.random.default_rng(0)
    corners = rng.choice([-radius, 0.0, radius], (500, cost.n))
    within = radius * rng.uniform(-1, 1, (500, cost.n)) ** 9
    points = np.concatenate([corners, within])
    assert not stopping.has_diverged(points, *cost.value_and_gradient(points)).any()


@pytest.mark.parametrize("text", ["log(x)", "1/x", "sqrt(x)", "x**(1/3)", "tan(x)", "exp(1/x)"])
def test_nothing_is_promised_of_a_formula_with_a_domain(text: str) -> None:
    cost = landscape(text, 1.0)
    assert tame.radius(cost.expr, cost.variables) == tame.NOWHERE
