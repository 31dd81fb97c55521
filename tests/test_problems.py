"""Costs over data and descent on batches, against formulas, differences and theory."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib import problems
from gdlib.problems import Problem

LINE = gd.problems.noisy_line(60, seed=1)
CLOUDS = gd.problems.two_clouds(40, l2=0.1, seed=1)
PROBLEMS = [LINE, CLOUDS]


def points(problem: Problem) -> Any:
    return np.random.default_rng(0).normal(size=(6, problem.n))


def _entry(problem: Problem, i: int, theta: Any) -> Any:
    return problem.gradient(theta)[i]


def test_least_squares_is_half_the_mean_squared_residual() -> None:
    theta = np.array([0.3, -1.2])
    residual = LINE.features @ theta - LINE.targets
    assert LINE.value(theta) == pytest.approx((residual**2).mean() / 2)
    np.testing.assert_allclose(LINE.gradient(theta), LINE.features.T @ residual / 60)


def test_logistic_regression_is_the_mean_negative_log_likelihood() -> None:
    theta = np.array([0.7, -0.2])
    p = 1 / (1 + np.exp(-CLOUDS.features @ theta))
    likelihood = np.where(CLOUDS.targets == 1, p, 1 - p)
    expected = -np.log(likelihood).mean() + 0.05 * theta @ theta
    assert CLOUDS.value(theta) == pytest.approx(expected)


def test_a_gradient_over_more_rows_than_a_cache_holds_is_still_the_mean_over_all() -> None:
    rows = 2 * (problems.BLOCK // 3) + 7
    rng = np.random.default_rng(0)
    features, targets = rng.normal(size=(rows, 3)), rng.normal(size=rows)
    theta = np.array([0.5, -1.0, 2.0])
    expected = features.T @ (features @ theta - targets) / rows
    np.testing.assert_allclose(gd.LeastSquares(features, targets).gradient(theta), expected)


@pytest.mark.parametrize("problem", PROBLEMS, ids=repr)
def test_gradients_and_hessians_are_the_derivatives_of_the_value(problem: Problem) -> None:
    for theta in points(problem):
        estimate = gd.numerical_gradient(problem.value, theta)
        np.testing.assert_allclose(problem.gradient(theta), estimate, atol=1e-8)
        hessian = [gd.numerical_gradient(partial(_entry, problem, i), theta) for i in (0, 1)]
        np.testing.assert_allclose(problem.hessian(theta), hessian, atol=1e-8)


@pytest.mark.parametrize("problem", PROBLEMS, ids=repr)
def test_the_formula_of_a_problem_equals_its_vectorised_form(problem: Problem) -> None:
    landscape = problem.landscape(bounds=((-3, 3), (-3, 3)), start=(0, 0))
    theta = points(problem)
    np.testing.assert_allclose(landscape.value(theta), problem.value(theta), rtol=1e-12)
    np.testing.assert_allclose(landscape.gradient(theta), problem.gradient(theta), atol=1e-12)
    np.testing.assert_allclose(landscape.hessian(theta[0]), problem.hessian(theta[0]), rtol=1e-10)


def test_logistic_regression_is_safe_for_huge_scores() -> None:
    value, gradient = CLOUDS(np.array([1e4, -1e4]))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


def test_the_closed_form_minimum_has_no_gradient_and_descent_finds_it() -> None:
    np.testing.assert_allclose(LINE.gradient(LINE.minimum), 0, atol=1e-14)
    run = gd.descend(LINE, gd.gradient_descent(0.5), np.zeros(2), steps=500)
    np.testing.assert_allclose(run.end, LINE.minimum, atol=1e-12)


def test_chosen_rows_give_the_mean_over_those_rows() -> None:
    theta = np.array([0.5, 0.5])
    alone = [LINE.gradient(theta, [i]) for i in range(60)]
    np.testing.assert_allclose(np.mean(alone, axis=0), LINE.gradient(theta))
    np.testing.assert_allclose(LINE.gradient(theta, [3, 8]), (alone[3] + alone[8]) / 2)
    np.testing.assert_allclose(LINE.gradient(theta, slice(3, 5)), (alone[3] + alone[4]) / 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: gd.LeastSquares([1.0, 2.0], [1.0, 2.0]), "features must be of shape (rows, para"),
        (lambda: gd.LeastSquares(np.ones((3, 2)), np.ones(2)), "shape (3,), not (2,)"),
        (lambda: gd.LeastSquares([[np.nan]], [1.0]), "the data must be finite"),
        (
            lambda: gd.LogisticRegression([[1.0], [2.0]], [-1, 1]),
            "labels must be 0 or 1; these hold -1",
        ),
        (lambda: gd.LogisticRegression([[1.0]], [1], l2=-1), "l2 must be at least 0"),
        (lambda: LINE.value([1.0, 2.0, 3.0]), "takes points of shape (..., 2), not (3,)"),
        (lambda: LINE.gradient([1.0, 2.0], []), "at least one row"),
    ],
)
def test_data_of_the_wrong_form_are_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_a_batch_of_all_rows_is_batch_gradient_descent_to_the_bit(name: str) -> None:
    optimizer = gd.optimizers.catalogue[name](learning_rate=0.05)
    for problem in PROBLEMS:
        plain = gd.descend(problem, optimizer, np.zeros(2), steps=40)
        batches = gd.descend_batches(problem, optimizer, batch_size=problem.rows, epochs=40, seed=9)
        np.testing.assert_array_equal(batches.points, plain.points)


@pytest.mark.parametrize("size", [1, 7, 60])
def test_every_epoch_uses_each_row_once_and_a_smaller_last_batch(size: int) -> None:
    seen: list[float] = []

    class Spy(gd.LeastSquares):
        def mean_gradient(self, theta: Any, features: Any, targets: Any) -> Any:
            seen.extend(targets.tolist())
            return super().mean_gradient(theta, features, targets)

    spy = Spy(LINE.features, LINE.targets)
    run = gd.descend_batches(spy, gd.gradient_descent(0.1), batch_size=size, epochs=2, seed=0)
    seen = seen[:120]  # what follows is the whole cost along the path
    assert sorted(seen[:60]) == sorted(seen[60:]) == sorted(LINE.targets.tolist())
    assert (seen[:60] != seen[60:]) == (size < 60)
    sizes = np.diff(run.samples)
    assert run.samples[-1] == 120
    assert sizes.max() == size
    assert sizes[-1] == (60 % size or size)


def test_the_same_seed_gives_the_same_run() -> None:
    runs = [
        gd.descend_batches(LINE, gd.gradient_descent(0.1), batch_size=8, epochs=2, seed=s).points
        for s in (5, 5, 6)
    ]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_batches_drawn_with_replacement_repeat_rows() -> None:
    run = gd.descend_batches(
        LINE, gd.gradient_descent(0.1), batch_size=7, epochs=3, seed=0, replacement=True
    )
    assert set(np.diff(run.samples)) == {7}
    once = gd.descend_batches(LINE, gd.gradient_descent(0.1), batch_size=7, epochs=3, seed=0)
    assert not np.array_equal(run.points[:5], once.points[:5])


def test_the_mini_batch_gradient_is_unbiased_with_the_variance_of_theory() -> None:
    # Var = s²/B · (N − B)/(N − 1) without replacement (Cochran 1977, theorem 2.2).
    theta, size, rng = np.array([0.2, -0.4]), 12, np.random.default_rng(0)
    rows = np.array([LINE.gradient(theta, [i]) for i in range(60)])
    draws = np.array([LINE.gradient(theta, rng.permutation(60)[:size]) for _ in range(20_000)])
    expected = rows.var(axis=0) / size * (60 - size) / 59
    np.testing.assert_allclose(draws.mean(axis=0), rows.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(draws.var(axis=0), expected, rtol=0.04)


def test_a_diverging_run_on_batches_ends_quietly() -> None:
    run = gd.descend_batches(LINE, gd.gradient_descent(50.0), batch_size=5, epochs=500, seed=0)
    assert run.status == "diverged"
    assert np.isfinite(run.values).all()
    assert len(run.points) == run.steps + 1 == len(run.samples)


def test_the_end_alone_is_the_end_of_the_path() -> None:
    keywords: dict[str, Any] = {"batch_size": 8, "epochs": 3, "seed": 2}
    path = gd.descend_batches(LINE, gd.adam(0.1), **keywords)
    end = gd.descend_batches(LINE, gd.adam(0.1), keep="end", **keywords)
    np.testing.assert_array_equal(end.points, path.points[-1:])
    assert (end.samples[-1], end.steps) == (path.samples[-1], path.steps)


def test_a_schedule_runs_over_the_steps() -> None:
    keywords: dict[str, Any] = {"batch_size": 20, "epochs": 2, "seed": 2}
    rates = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    scheduled = gd.descend_batches(LINE, gd.gradient_descent(9.0), learning_rate=rates, **keywords)
    constant = gd.descend_batches(LINE, gd.gradient_descent(0.1), **keywords)
    np.testing.assert_array_equal(scheduled.points[1], constant.points[1])
    assert not np.array_equal(scheduled.points[2], constant.points[2])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"batch_size": 61}, ValueError, "batch_size must be from 1 to the 60 rows, not 61"),
        ({"batch_size": 0}, ValueError, "not 0"),
        ({"batch_size": 2.0}, TypeError, "batch_size must be a whole number, not 2.0"),
        ({"epochs": -1}, ValueError, "epochs must be at least 0, not -1"),
        ({"start": [1.0]}, ValueError, "takes points of shape (..., 2), not (1,)"),
        ({"start": [np.nan, 0.0]}, ValueError, "one finite point"),
        ({"problem": gd.landscapes.booth()}, TypeError, "gd.LeastSquares(...), not Landscape"),
        ({"optimizer": gd.adam}, TypeError, "one like gd.adam()"),
        ({"keep": "some"}, ValueError, 'keep must be "path" or "end"'),
    ],
)
def test_mistakes_are_refused_before_the_first_batch(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    given: dict[str, Any] = {
        "problem": LINE, "optimizer": gd.adam(), "batch_size": 10, "epochs": 1, "seed": 0,
    }  # fmt: skip
    with pytest.raises(error, match=re.escape(message)):
        gd.descend_batches(**(given | arguments))
