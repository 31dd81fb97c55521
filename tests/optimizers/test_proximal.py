"""Proximal steps against closed forms, SciPy, and the definition of the proximal point."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import minimize, minimize_scalar

import gdlib as gd
from gdlib.book.parity import in_javascript
from gdlib.widgets import printed

LASSO = gd.landscapes.lasso()


def test_soft_threshold_is_the_lowest_point_of_its_definition() -> None:
    for v in (-2.5, -0.3, 0.0, 0.7, 1.9):
        found = minimize_scalar(lambda x, v=v: (x - v) ** 2 / 2 + 0.7 * abs(x), bounds=(-3, 3))
        assert float(gd.soft_threshold(v, 0.7)) == pytest.approx(found.x, abs=1e-5)


CORNERS: dict[str, tuple[Any, float, float, float]] = {
    "absolute value": (abs, -1, 1, 0),
    "ReLU": (lambda x: max(0, x), 0, 1, 0),
    "hinge": (lambda x: max(0, 1 - x), -1, 0, 1),
    "leaky": (lambda x: max(x / 4 + 1, 3 * x - 10), 0.25, 3, 4),
}


@pytest.mark.parametrize("name", CORNERS)
@pytest.mark.parametrize("rate", [0.2, 1.5])
def test_a_proximal_step_is_the_lowest_point_of_its_definition(name: str, rate: float) -> None:
    cost, left, right, corner = CORNERS[name]
    given = np.array([-4.0, -0.7, 0.0, 0.1, 0.9, 1.0, 1.3, 4.1, 6.0, 9.0])
    result = gd.proximal_step(given, rate * left, rate * right, corner)
    for v, ours in zip(given, result, strict=True):
        found = minimize_scalar(
            lambda x, v=v: (x - v) ** 2 / 2 + rate * cost(x),
            bounds=(-15, 15),
            options={"xatol": 1e-9},
        )
        assert ours == pytest.approx(found.x, abs=1e-5)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((1.0, 1, -1), ValueError, "left must be at most right, not 1 and -1"),
        ((1.0, -np.inf, 1), ValueError, "left must be finite, not -inf"),
        ((1.0, 0, True), TypeError, "right must be a number, not True"),
        ((1.0, 0, 1, None), TypeError, "corner must be a number, not None"),
        (("word", 0, 1), TypeError, "x must be numbers, not 'word'"),
    ],
)
def test_corners_that_are_none_are_refused(
    arguments: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        gd.proximal_step(*arguments)


def test_what_is_within_the_threshold_becomes_a_plain_zero() -> None:
    result = gd.soft_threshold([[-1.0, -0.2], [0.2, 1.0]], 1)
    assert result.shape == (2, 2)
    assert (result == 0).all()
    assert not np.signbit(result).any()


def test_no_threshold_changes_nothing() -> None:
    x = np.random.default_rng(0).normal(size=9)
    np.testing.assert_array_equal(gd.soft_threshold(x, 0), x)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((1.0, -1), ValueError, "threshold must be at least 0 and finite, not -1"),
        ((1.0, np.inf), ValueError, "threshold must be at least 0 and finite, not inf"),
        ((1.0, "1"), TypeError, "threshold must be a number (at least 0 and finite), not '1'"),
        (("word", 1), TypeError, "x must be numbers, not 'word'"),
    ],
)
def test_thresholds_that_are_none_are_refused(
    arguments: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        gd.soft_threshold(*arguments)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"learning_rate": 0, "l1": 1}, ValueError, "learning_rate must be positive and finite"),
        ({"learning_rate": 0.1, "l1": -1}, ValueError, "l1 must be at least 0 and finite, not -1"),
        ({"learning_rate": 0.1, "l1": None}, TypeError, "l1 must be a number (at least 0"),
    ],
)
def test_a_rule_with_impossible_numbers_is_refused(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        gd.proximal_descent(**arguments)


def test_without_a_penalty_it_is_gradient_descent() -> None:
    bowl = gd.landscapes.quadratic()
    plain = gd.descend(bowl, gd.gradient_descent(0.05), steps=30)
    same = gd.descend(bowl, gd.proximal_descent(0.05, l1=0), steps=30)
    np.testing.assert_array_equal(same.points, plain.points)


def data(n: int = 40, d: int = 6) -> tuple[Any, Any]:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(n, d))
    return features, features @ [2.0, -1.0, 0, 0, 0.5, 0] + rng.normal(size=n)


def cost_of(features: Any, targets: Any, alpha: float) -> Any:
    def cost(theta: Any) -> tuple[float, Any]:
        residual = features @ theta - targets
        value = residual @ residual / (2 * len(targets)) + alpha * np.abs(theta).sum()
        return value, features.T @ residual / len(targets) + alpha * np.sign(theta)

    return cost


def ista(features: Any, targets: Any, alpha: float, rate: float, steps: int) -> Any:
    """Take the steps by hand, by cases and without a sign."""
    theta, path = np.zeros(features.shape[1]), [np.zeros(features.shape[1])]
    for _ in range(steps):
        v = theta - rate * features.T @ (features @ theta - targets) / len(targets)
        theta = np.array([
            u - rate * alpha if u > rate * alpha else u + rate * alpha if u < -rate * alpha else 0.0
            for u in v
        ])  # fmt: skip
        path.append(theta)
    return np.array(path)


def test_its_path_is_that_of_steps_taken_by_hand() -> None:
    features, targets = data()
    run = gd.descend(
        cost_of(features, targets, 0.3), gd.proximal_descent(0.2, l1=0.3), np.zeros(6), steps=50
    )
    by_hand = ista(features, targets, 0.3, 0.2, 50)
    np.testing.assert_allclose(run.points, by_hand, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(run.end == 0, by_hand[-1] == 0)
    assert run.evaluations == 50


def test_an_orthonormal_lasso_is_solved_by_one_threshold() -> None:
    features, targets = data()
    columns = np.linalg.qr(features)[0] * np.sqrt(len(targets))  # XᵀX = N·1
    run = gd.descend(
        cost_of(columns, targets, 0.4), gd.proximal_descent(1.0, l1=0.4), np.zeros(6), steps=1
    )
    least_squares = columns.T @ targets / len(targets)
    shrunk = np.maximum(np.abs(least_squares) - 0.4, 0) * np.sign(least_squares)
    np.testing.assert_allclose(run.end, shrunk, rtol=1e-12, atol=1e-14)


def test_the_end_is_scipys_solution_with_the_parameters_split_in_two() -> None:
    features, targets = data()
    run = gd.descend(
        cost_of(features, targets, 0.3), gd.proximal_descent(0.4, l1=0.3), np.zeros(6), steps=400
    )

    def split(z: Any) -> float:  # θ = p − q with p, q ≥ 0, so that the penalty is smooth
        residual = features @ (z[:6] - z[6:]) - targets
        return float(residual @ residual / (2 * len(targets)) + 0.3 * z.sum())

    z = minimize(split, np.full(12, 0.1), bounds=[(0, None)] * 12, tol=1e-14).x
    np.testing.assert_allclose(run.end, z[:6] - z[6:], atol=1e-5)
    slope = features.T @ (features @ run.end - targets) / len(targets)
    assert (np.abs(slope) <= 0.3 + 1e-9).all()
    np.testing.assert_allclose(slope[run.end != 0], -0.3 * np.sign(run.end[run.end != 0]))


def test_it_stands_still_at_the_landscapes_minimum_and_reaches_it() -> None:
    rule = gd.proximal_descent(0.4, l1=1)
    np.testing.assert_allclose(gd.descend(LASSO, rule, (0.75, 0.0), steps=1).end, (0.75, 0))
    run = gd.descend(LASSO, rule, steps=80)
    assert run.end[1] == 0
    assert run.end[0] == pytest.approx(0.75)
    assert (np.diff(run.values) <= 1e-15).all()


def test_a_grid_of_starts_takes_the_same_steps() -> None:
    rule = gd.proximal_descent(0.4, l1=1)
    starts = np.array([[-0.75, 1.25], [2.0, -1.0]])
    together = gd.descend(LASSO, rule, starts, steps=20)
    for i, start in enumerate(starts):
        alone = gd.descend(LASSO, rule, start, steps=20)
        np.testing.assert_allclose(together.points[:, i], alone.points, rtol=1e-13, atol=1e-15)


def test_a_rate_beyond_the_bound_ends_as_diverged() -> None:
    run = gd.descend(LASSO, gd.proximal_descent(5.0, l1=1), steps=2000)
    assert run.status == "diverged"
    assert np.isfinite(run.points).all()


def test_javascript_takes_the_same_path() -> None:
    rule = gd.proximal_descent(0.4, l1=1)
    (run,) = in_javascript(
        [
            {
                "landscape": printed.landscape(LASSO),
                "rule": printed.rule(rule),
                "settings": rule.settings,
                "start": LASSO.start,
                "steps": 60,
            }
        ]
    )
    ours = gd.descend(LASSO, rule, steps=60)
    np.testing.assert_array_equal(np.reshape(run["points"], (-1, 2)), ours.points)


def test_a_constant_rate_hops_about_a_corner_at_half_a_step() -> None:
    corner = gd.Landscape.parse("abs(x)", start=(0.95,))
    run = gd.descend(corner, gd.gradient_descent(0.1), steps=99)
    assert (np.diff(run.values[:10]) < 0).all()
    np.testing.assert_allclose(np.abs(run.points[-10:]), 0.05, atol=1e-12)


def test_the_browser_is_told_of_no_valley_and_no_bowl_where_there_are_corners() -> None:
    x = sp.Symbol("x", real=True)
    corner = gd.Landscape("corner", sp.Abs(x), [x], [(-1, 1)], [0.5], [[0.0]])
    described = printed.landscape(corner)
    assert (described["valleys"], described["quadratic"]) == ([], False)
    assert described["minima"] == [[0.0]]
    assert not printed.landscape(LASSO)["quadratic"]


def test_a_slider_knows_the_penalty_by_its_letter() -> None:
    rule = printed.rule(gd.proximal_descent(0.1, l1=1))
    assert [h["letter"] for h in rule["hyperparameters"]] == ["η", "α"]
    assert rule["bound"] is None
    changed = gd.proximal_descent(0.1, l1=1).with_settings(l1=0.5)
    assert changed.settings == {"learning_rate": 0.1, "l1": 0.5}
