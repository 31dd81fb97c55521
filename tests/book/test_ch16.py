"""What chapter 16 says of its two tables, recomputed by other means."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp
from numpy.typing import NDArray
from scipy.optimize import linprog
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LogisticRegression, Ridge, lars_path

import gdlib as gd

Array = NDArray[np.float64]


@cache
def diabetes(scaled: bool = False) -> tuple[Array, Array]:
    table = load_diabetes(scaled=scaled)
    return table.data, table.target


def kappa(table: Array) -> float:
    values = np.linalg.eigvalsh(table.T @ table / len(table))
    return float(values[-1] / values[0])


def with_ones(table: Array) -> Array:
    return np.column_stack([np.ones(len(table)), table])


def standardised(table: Array, rows: Any = slice(None)) -> Array:
    return np.asarray((table - table[rows].mean(axis=0)) / table[rows].std(axis=0))


def test_the_units_make_the_condition_number() -> None:
    columns, _ = diabetes()
    centred = columns - columns.mean(axis=0)
    found = [
        kappa(columns),
        kappa(with_ones(columns)),
        kappa(with_ones(centred)),
        kappa(standardised(columns)),
    ]
    assert found == pytest.approx([1_030_321, 52_365_337, 76_279, 470.08], rel=1e-5)
    assert kappa(with_ones(diabetes(scaled=True)[0])) == pytest.approx(51_631, rel=1e-5)


@cache
def line() -> gd.LeastSquares:
    columns, y = diabetes()
    rows = np.random.default_rng(0).permutation(442)[:221]
    return gd.LeastSquares(with_ones(columns[rows, 2:3]), y[rows])


def test_one_step_finds_a_slope_and_a_thousand_no_intercept() -> None:
    fit, step = line(), 0.0014
    hessian, pull = fit.features.T @ fit.features / 221, fit.features.T @ fit.targets / 221
    curvatures, axes = np.linalg.eigh(hessian)
    best = np.linalg.solve(hessian, pull)

    def after(k: int) -> Array:
        return np.asarray(best - axes @ ((1 - step * curvatures) ** k * (axes.T @ best)))

    assert best == pytest.approx([-117.8, 10.1], abs=0.05)
    assert after(1) == pytest.approx([0.21, 5.85], abs=5e-3)
    assert after(1000) == pytest.approx([-4.4, 5.96], abs=0.05)
    assert after(100_000)[0] > 0.99 * best[0]  # of the way, less than 99%
    assert fit.features[:, 1] @ fit.features[:, 1] / 221 == pytest.approx(720, abs=5)
    assert 2 / curvatures[-1] == pytest.approx(2 * step, rel=0.02)


@cache
def products() -> tuple[list[Array], list[Array]]:
    """Return the features and the targets of the three parts."""
    columns, y = diabetes()
    order = np.random.default_rng(0).permutation(442)
    parts = order[:221], order[221:332], order[332:]
    ten = standardised(columns, parts[0])
    both = [ten[:, i] * ten[:, j] for i in range(10) for j in range(i, 10) if (i, j) != (1, 1)]
    table = standardised(np.column_stack([ten, *both]), parts[0])
    return [table[rows] for rows in parts], [y[rows] - y[parts[0]].mean() for rows in parts]


def errors(thetas: Array, part: int) -> Array:
    features, targets = products()
    return np.asarray(((thetas @ features[part].T - targets[part]) ** 2).mean(axis=-1))


def test_the_training_error_falls_and_the_test_error_turns_round() -> None:
    features, targets = products()
    hessian, pull = features[0].T @ features[0] / 221, features[0].T @ targets[0] / 221
    curvatures, axes = np.linalg.eigh(hessian)
    times = 0.02 * np.geomspace(1, 5000, 60)[:, None]
    stopped = (
        (1 - (1 - 0.02 * curvatures) ** (times / 0.02)) / curvatures * (axes.T @ pull)
    ) @ axes.T
    ridged = np.array(
        [Ridge(221 / t, fit_intercept=False).fit(features[0], targets[0]).coef_ for (t,) in times]
    )
    for thetas in (stopped, ridged):
        assert (np.diff(errors(thetas, 0)) < 0).all()
        tested = errors(thetas, 2)
        lowest = int(tested.argmin())
        assert 10 < lowest < 50
        assert (np.diff(tested[:lowest]) < 0).all()
        assert (np.diff(tested[lowest:]) > 0).all()
    ratio = errors(stopped, 2) / errors(ridged, 2)
    assert (ratio.min(), ratio.max()) == pytest.approx((0.96, 1.04), abs=6e-3)


def test_stopping_and_ridge_differ_by_no_more_than_the_theorem_says() -> None:
    u = np.linspace(1e-3, 50, 500_000)
    quotient = -np.expm1(-u) * (1 + u) / u
    assert quotient.max() == pytest.approx(1.2984, abs=5e-5)
    assert u[quotient.argmax()] == pytest.approx(1.7933, abs=1e-3)
    assert quotient.min() >= 1


def test_the_lasso_takes_the_columns_in_the_order_of_the_paper() -> None:
    """Efron et al. 2004, Figure 1: 3, 9, 4, 7, 2, 10, 5, 8, 6, 1, counted from 1."""
    columns, y = diabetes(scaled=True)
    _, _, weights = lars_path(columns, y - y.mean(), method="lasso")
    first = [int(np.flatnonzero(row)[0]) for row in weights]
    assert (np.argsort(first) + 1).tolist() == [3, 9, 4, 7, 2, 10, 5, 8, 6, 1]


def test_a_plane_separates_the_tumours() -> None:
    cancer = load_breast_cancer()
    side = (2 * cancer.target - 1)[:, None] * with_ones(standardised(cancer.data))
    found = linprog(np.zeros(31), A_ub=-side, b_ub=-np.ones(569), bounds=(None, None))
    assert found.status == 0
    assert (side @ found.x > 0.99).all()


def test_with_a_penalty_the_tumours_have_a_minimum() -> None:
    cancer = load_breast_cancer()
    problem = gd.LogisticRegression(with_ones(standardised(cancer.data)), cancer.target, l2=1e-3)
    ours = gd.newton(problem, steps=30, gradient_norm=1e-10).end
    theirs = LogisticRegression(C=1 / 0.569, fit_intercept=False, tol=1e-10, max_iter=5000)
    theirs.fit(problem.features, cancer.target)
    np.testing.assert_allclose(ours, theirs.coef_[0], atol=1e-4)


def test_the_validation_loss_of_the_tumours_turns_round_and_the_training_loss_does_not() -> None:
    cancer = load_breast_cancer()
    order = np.random.default_rng(0).permutation(569)
    table = with_ones(standardised(cancer.data, order[:285]))
    x, y = table[order[:285]], cancer.target[order[:285]]
    rate, theta, losses = 4 / np.linalg.eigvalsh(x.T @ x / 285)[-1], np.zeros(31), []
    side = (2 * cancer.target - 1)[:, None] * table
    for _ in range(10_000):
        theta = theta - rate * x.T @ (1 / (1 + np.exp(-x @ theta)) - y) / 285
        losses.append(
            [np.logaddexp(0, -side[rows] @ theta).mean() for rows in (order[:285], order[285:427])]
        )
    training, validation = np.array(losses).T
    assert (np.diff(training) < 0).all()
    assert int(validation.argmin()) + 1 == 154
    assert (np.diff(validation[200:]) > 0).all()
    assert validation[-1] > 5 * validation.min()


def test_the_widest_margin_of_the_four_points_is_where_two_pushes_balance() -> None:
    """Karush, Kuhn and Tucker: θ̂ = Σ aᵢxᵢ with aᵢ ≥ 0, and aᵢ = 0 where the margin is above 1."""
    signed = sp.Matrix(
        [[1, 2], [2, sp.Rational(1, 2)], [1, sp.Rational(3, 2)], [2, sp.Rational(1, 5)]]
    )
    widest = sp.Matrix([sp.Rational(13, 28), sp.Rational(5, 14)])
    assert list(signed * widest) == [sp.Rational(33, 28), sp.Rational(31, 28), 1, 1]
    pushes = signed[2:, :].T.solve(widest)
    assert min(pushes) > 0
    assert float(widest.norm()) == pytest.approx(0.5858, abs=5e-5)


def test_a_wide_sample_of_draws_is_the_one_that_the_page_reports() -> None:
    """Other seeds than the chapter's: its quantiles are no accident of the generator."""
    columns, y = diabetes(scaled=True)
    table, rng = with_ones(columns[:, 2:3]), np.random.default_rng(99)
    shares = []
    for _ in range(2000):
        kept, fitted = np.split(rng.permutation(442), [20])
        theta = np.linalg.lstsq(table[fitted], y[fitted])[0]
        shares.append(1 - np.mean((table[kept] @ theta - y[kept]) ** 2) / y[kept].var())
    assert np.quantile(shares, (0.05, 0.5, 0.95)) == pytest.approx((-0.07, 0.30, 0.56), abs=0.05)
