"""The rate that a survey suggests, run again by a loop of the test's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import gdlib as gd
from gdlib.surveys import trial
from gdlib.surveys.result import Item
from tests.surveys.material import surveyed

Array = NDArray[np.float64]

X, Y = np.arange(6.0), np.array([1, 3, 5.5, 7, 8.5, 11])
SMOOTH = [
    name
    for name, build in gd.landscapes.catalogue.items()
    if not build().has_corners and name != "monkey_saddle"
]


def rate_item(found: gd.Survey) -> Item:
    return next(item for item in found if item.heading == "first rate")


def walked(cost: Any, rate: float, steps: int) -> Array:
    """Return the costs along a run, by the rule itself."""
    theta = np.array(cost.start)
    values = [float(cost.value(theta))]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            theta = theta - rate * cost.gradient(theta)
            if not np.isfinite(theta).all():
                return np.array([*values, np.inf])
            values.append(float(cost.value(theta)))
    return np.array(values)


def end_of(cost: Any, rate: float, steps: int) -> Array:
    """Return where a run ends."""
    theta = np.array(cost.start)
    for _ in range(steps):
        theta = theta - rate * cost.gradient(theta)
    return theta


def never_rises(values: Array) -> bool:
    with np.errstate(invalid="ignore"):
        return bool((np.diff(values) <= 1e-12 * np.abs(values).max()).all())


@pytest.mark.parametrize("name", SMOOTH)
def test_with_the_rate_suggested_the_cost_falls_and_with_the_next_larger_not(name: str) -> None:
    cost, rate = gd.landscapes.catalogue[name](), surveyed(name).learning_rate
    assert rate is not None
    values = walked(cost, rate, 300)
    assert never_rises(values)
    assert values[-1] < values[0]
    if rate in trial.RATES[1:]:
        larger = trial.RATES[trial.RATES.index(rate) - 1]
        if never_rises(walked(cost, larger, 1000)):
            curved = np.linalg.eigvalsh(cost.hessian(end_of(cost, larger, 5000)))
            assert larger * curved[-1] > 1.999


def test_a_rate_that_is_unstable_where_the_run_ends_is_not_suggested() -> None:
    # From (−1, −1) a run stays at x = −1, where the curvature along x is 8, and never feels it.
    found = gd.survey("(x**2 - 1)**2 + y**2")
    assert found.learning_rate == 0.1
    assert "the largest of 1, 0.3, 0.1, … below 2/L at its end" in rate_item(found).sentence
    cost = gd.Landscape.parse("(x**2 - 1)**2 + y**2", start=(-1.01, -1))
    assert never_rises(walked(cost, 0.1, 300))
    assert not never_rises(walked(cost, 0.3, 300))


def test_a_run_that_rests_on_a_valleys_floor_is_not_said_to_have_converged() -> None:
    # One step of 1/L leaves a slope a millionth of the first; κ is some 10²³.
    x, y = 1e6 + np.arange(10.0), np.arange(10.0) ** 2
    said = rate_item(gd.survey({"x": x, "y": y})).sentence
    assert "and yet 100% of the way to the minimum is left" in said
    assert "converged" not in said
    # After one step y is 0, and x as it was.
    said = rate_item(gd.survey("x**2/10**6 + 10**6*y**2", start=(-1, 1))).sentence
    assert "after 1 step the slope is a millionth of the first, and yet 71% of the way" in said
    # Residuals (1, −2, 1)/12 from the line through 1, 2, 3.5: J = 6/144/6.
    said = rate_item(gd.survey({"x": [30, 31, 32], "y": [1, 2, 3.5]})).sentence
    assert "and still falls, towards 0.00694" in said


def test_of_a_quadratic_it_is_one_over_its_largest_curvature_and_the_run_is_told() -> None:
    found = gd.survey(gd.landscapes.quadratic(10))
    assert found.learning_rate == pytest.approx(0.1)
    said = rate_item(found).sentence
    # From (2, 1): x → 0.9 x, y → 0; J = ½x² after a step: 1.62, 1.3122, …
    assert said.startswith("η = 0.1, 1/L. Tried from the start: J = 7, 1.62, 1.31, 1.06, …;")
    # The slope is 2·0.9ᵏ, and was √(2² + 10²): a millionth of it is reached at k = 116.
    assert rate_item(found).numbers["steps"] == 116
    assert 2 * 0.9**116 <= 1e-6 * np.hypot(2, 10) < 2 * 0.9**115
    assert "after 116 steps it has converged" in said


def test_of_a_table_it_is_that_of_all_rows() -> None:
    found = gd.survey({"x": X, "y": Y})
    x = np.column_stack([np.ones(6), X])
    largest = np.linalg.eigvalsh(x.T @ x / 6)[-1]
    assert found.learning_rate == pytest.approx(1 / largest)
    theta, values = np.zeros(2), []
    for _ in range(4):
        residuals = x @ theta - Y
        values.append(f"{(residuals**2).mean() / 2:.3g}")
        theta = theta - x.T @ residuals / 6 / largest
    assert f"J = {', '.join(values)}, …" in rate_item(found).sentence


def test_of_logistic_regression_it_is_one_over_the_largest_curvature_anywhere() -> None:
    problem = gd.problems.two_clouds(50, l2=0.2)
    largest = np.linalg.eigvalsh(problem.features.T @ problem.features / 50)[-1] / 4 + 0.2
    found = gd.survey(problem, start=[5.0, 5.0])
    assert found.learning_rate == pytest.approx(1 / largest)
    assert "1/L, with the largest L at any θ" in rate_item(found).sentence


def test_fewer_rows_have_the_same_cost_and_slope() -> None:
    rng = np.random.default_rng(4)
    many = gd.LeastSquares(rng.normal(size=(100, 3)), rng.normal(size=100))
    few = trial.fewer_rows(many)
    assert few.rows == 4
    for theta in rng.normal(size=(5, 3)):
        assert few.value(theta) == pytest.approx(float(many.value(theta)), rel=1e-12)
        np.testing.assert_allclose(few.gradient(theta), many.gradient(theta), rtol=1e-9)
    assert trial.fewer_rows(few) is few


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("(x - y)**2 + x/10**10", "along (-0.707, -0.707) J falls at a constant slope"),
        ("x*y", "along (0.707, -0.707) J curves down everywhere, so it falls without end"),
        ("y**2 - 3*x", "along (1, 0) J falls at a constant slope, without end"),
        ("x", "along (-1) J falls at a constant slope, without end"),
        ("x**3", "J falls without end, as far as was seen: with η = 3e-05 J falls from -1 until"),
        ("-abs(x)", "on a slope that is no less"),
        ("sqrt(x)", "the run leaves where J and its slope are finite"),
    ],
)
def test_a_cost_without_a_lowest_value_has_no_rate(formula: str, words: str) -> None:
    found = gd.survey(formula)
    assert found.learning_rate is None
    assert rate_item(found).sentence.startswith("none: ")
    assert words in rate_item(found).sentence


def test_a_cost_that_falls_ever_more_slowly_has_a_rate() -> None:
    found = gd.survey("exp(-x)")
    assert found.learning_rate == 1
    assert "and still falls" in rate_item(found).sentence


def test_at_rest_there_is_nothing_to_try() -> None:
    found = gd.survey("x**4 - x**2", start=[0])
    assert found.learning_rate is None
    assert "at the start the slope is 0" in rate_item(found).sentence
    assert "and the slope is 0 already" in rate_item(gd.survey("x**2", start=[0])).sentence
    nothing = gd.survey(gd.LeastSquares(np.zeros((3, 2)), [1, 2, 3]))
    assert "at the start the slope is 0" in rate_item(nothing).sentence


def test_a_run_into_a_degenerate_point_is_told() -> None:
    found = gd.survey("x**3", start=[1])
    assert "that point is degenerate, so it need not be a minimum" in rate_item(found).sentence


def test_a_run_into_a_saddle_is_told() -> None:
    found = gd.survey("7*x**2/20 + y**4 - y**2", start=(2, 0))
    assert "that is a saddle, so start elsewhere" in rate_item(found).sentence
    assert "saddle" not in rate_item(gd.survey(gd.landscapes.saddle())).sentence


def test_at_a_corner_the_bounce_is_told() -> None:
    found = gd.survey("abs(x - 1/7) + x**2")
    assert found.learning_rate is not None
    said = rate_item(found).sentence
    assert "with which J comes down and stays there" in said
    assert "it bounces, with J from" in said


def test_a_trial_reads_large_data_fewer_times() -> None:
    problem = gd.problems.two_clouds(20)
    assert trial.steps_for(problem) == 2000
    large = gd.LogisticRegression(np.ones((400_000, 2)), np.arange(400_000) % 2)
    assert trial.steps_for(large) == 75  # 10 numbers' time for each row
