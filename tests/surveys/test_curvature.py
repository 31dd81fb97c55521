"""Curvatures, rates and scaling of a survey, against numbers by hand and NumPy's eigenvalues."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

import gdlib as gd
from gdlib.surveys.result import Item
from tests.surveys.material import surveyed

Array = NDArray[np.float64]


def items(found: gd.Survey, heading: str) -> list[Item]:
    return [item for item in found if item.heading == heading]


def table(features: Array, targets: Array) -> dict[str, Array]:
    names = [f"f{i}" for i in range(features.shape[1])]
    return {**dict(zip(names, features.T, strict=True)), "y": targets}


def with_ones(features: Array) -> Array:
    return np.column_stack([np.ones(len(features)), features])


def test_columns_at_right_angles_have_the_curvatures_of_their_lengths() -> None:
    # Columns ±3 and ±0.1, both of mean 0: the Hessian is diag(1, 9, 0.01).
    given = {"a": [3, 3, -3, -3], "b": [0.1, -0.1, 0.1, -0.1], "y": [1, 2, 3, 5]}
    found = gd.survey(given)
    (curvature,), (rates,), (scaling,) = (
        items(found, name) for name in ("curvature", "rates", "scaling")
    )
    assert curvature.numbers == pytest.approx({"lowest": 0.01, "largest": 9, "kappa": 900})
    assert "μ = 0.01 to L = 9; κ = L/μ = 900" in curvature.sentence
    assert "J is convex" in curvature.sentence
    assert rates.numbers["two_over_L"] == pytest.approx(2 / 9)
    assert rates.numbers["best"] == pytest.approx(2 / 9.01)
    assert rates.numbers["factor"] == pytest.approx(899 / 901)
    # (899/901)^k ≤ 1/10 from k = 1037 on.
    assert rates.numbers["steps"] == 1037
    assert (899 / 901) ** 1037 <= 0.1 < (899 / 901) ** 1036
    assert scaling.numbers == pytest.approx({"before": 900, "after": 1})
    assert "κ falls from 900 to 1, about 900 times fewer steps" in scaling.sentence


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_curvatures_of_a_table_are_numpys(seed: int) -> None:
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(60, 3)) * (1, 5, 0.2) + (0, 3, 1)
    found = gd.survey(table(features, rng.normal(size=60)))
    x = with_ones(features)
    values = np.linalg.eigvalsh(x.T @ x / 60)
    scaled = with_ones((features - features.mean(0)) / features.std(0))
    after = np.linalg.eigvalsh(scaled.T @ scaled / 60)
    (curvature,), (scaling,) = items(found, "curvature"), items(found, "scaling")
    assert curvature.numbers["lowest"] == pytest.approx(values[0], rel=1e-9)
    assert curvature.numbers["largest"] == pytest.approx(values[-1], rel=1e-9)
    assert scaling.numbers["before"] == pytest.approx(values[-1] / values[0], rel=1e-9)
    assert scaling.numbers["after"] == pytest.approx(after[-1] / after[0], rel=1e-9)


def test_a_kappa_beyond_the_digits_of_the_hessian_is_seen() -> None:
    found = gd.survey({"a": [1, 1, -1, -1], "b": [1e-10, -1e-10, 1e-10, -1e-10], "y": [1, 2, 3, 5]})
    assert items(found, "curvature")[0].numbers["kappa"] == pytest.approx(1e20)
    assert "(κ − 1)/(κ + 1) = 1 − 2e-20" in items(found, "rates")[0].sentence


def test_scaling_does_not_part_features_that_say_the_same() -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=50)
    b = a + 0.03 * rng.normal(size=50)
    r = np.corrcoef(a, b)[0, 1]
    found = gd.survey({"a": a, "b": b, "y": rng.normal(size=50)})
    (scaling,) = items(found, "scaling")
    assert "it does not help much" in scaling.sentence
    assert f"“a” and “b” are correlated (r = {r:.4f})" in scaling.sentence
    # Two standardised columns have the curvatures 1 ± r.
    assert scaling.numbers["after"] == pytest.approx((1 + r) / (1 - r))


def test_without_an_intercept_features_are_divided_and_not_centred() -> None:
    features = np.array([[1.0, 200], [2, 100], [3, 300]])
    (scaling,) = items(gd.survey(gd.LeastSquares(features, [1, 2, 3])), "scaling")
    divided = features / np.sqrt((features**2).mean(0))
    values = np.linalg.eigvalsh(divided.T @ divided / 3)
    assert scaling.numbers["after"] == pytest.approx(values[1] / values[0])
    assert "divided by its root mean square" in scaling.sentence


def test_the_bowl_has_curvatures_1_and_10() -> None:
    found = gd.survey(gd.landscapes.quadratic(10))
    (curvature,), (rates,), (scaling,) = (
        items(found, name) for name in ("curvature", "rates", "scaling")
    )
    assert curvature.numbers == pytest.approx({"lowest": 1, "largest": 10, "kappa": 10})
    assert curvature.sentence.startswith("J is convex: everywhere")
    assert rates.numbers == pytest.approx(
        {"two_over_L": 0.2, "one_over_L": 0.1, "best": 2 / 11, "factor": 9 / 11, "steps": 12}
    )
    assert scaling.numbers == pytest.approx({"before": 10, "after": 1})


def test_rosenbrocks_valley_bends_and_new_units_do_not_help() -> None:
    found = surveyed("rosenbrock")
    (minimum,) = items(found, "curvature")
    # At (−1.2, 1): [[1330, 480], [480, 200]]; at (1, 1): [[802, −400], [−400, 200]].
    assert minimum.numbers["largest_at_start"] == pytest.approx(765 + math.hypot(565, 480))
    assert minimum.numbers["lowest_at_start"] == pytest.approx(765 - math.hypot(565, 480))
    assert minimum.numbers["largest"] == pytest.approx(501 + math.hypot(301, 400))
    assert minimum.numbers["kappa"] == pytest.approx(2508.01, rel=1e-4)
    assert "at the minimum (1, 1)" in minimum.sentence
    assert ". At the start (-1.2, 1) the curvatures run from" in minimum.sentence
    (near,) = items(found, "rates")
    assert near.sentence.startswith("near the minimum (1, 1), rates below 2/L = 0.002 are stable")
    assert "Fastest is 2/(μ + L) = 0.002" in near.sentence
    # In units of 1/√Hᵢᵢ the Hessian is [[1, −c], [−c, 1]].
    c = 400 / math.sqrt(802 * 200)
    (scaling,) = items(found, "scaling")
    assert scaling.numbers["after"] == pytest.approx((1 + c) / (1 - c))
    assert "it does not help much" in scaling.sentence
    assert "a valley at an angle" in scaling.sentence


def test_where_a_curvature_is_below_0_the_cost_is_said_not_to_be_convex() -> None:
    found = gd.survey("x**4 - x**2 + y**2", start=(0.1, 1))
    (curvature,) = items(found, "curvature")
    assert curvature.numbers["lowest_at_start"] == pytest.approx(12 * 0.01 - 2)
    assert curvature.sentence.endswith(
        "At the start (0.1, 1) the curvatures run from -1.88 to 2: J curves down in some direction,"
        " so it is not convex."
    )
    # 12x² − 2 = 4 at x = ±√½.
    assert items(found, "rates")[0].numbers["two_over_L"] == pytest.approx(1 / 2)
    # At (1, 1) the curvatures of −x⁴ − y² are −12 and −2, at (0, 0) there is no minimum.
    (curvature,) = items(gd.survey("-x**4 - y**2", start=(1, 1)), "curvature")
    assert "J curves down in every direction" in curvature.sentence
    assert "κ" not in curvature.sentence
    # Along (1, −1) it is flat.
    (curvature,) = items(gd.survey("-(x + y)**2"), "curvature")
    assert "from -4 to 0: J curves down in some direction" in curvature.sentence


def test_where_no_minimum_is_known_the_limit_is_that_of_the_start_alone() -> None:
    (rates,) = items(gd.survey("exp(-x)"), "rates")
    assert rates.numbers["two_over_L"] == pytest.approx(2 / math.e)
    assert "stable" not in rates.sentence.split(";")[0]


@pytest.mark.parametrize("tiny", ["1/10**9", "1/10**18"])
def test_a_small_curvature_is_not_taken_for_none(tiny: str) -> None:
    found = gd.survey(f"x**2 + {tiny}*y**2")
    kappa = 1 / eval(tiny)
    assert items(found, "curvature")[0].numbers["kappa"] == pytest.approx(kappa)
    assert items(found, "critical points")[0].sentence == "1 minimum at (0, 0) with J = 0."
    turned = gd.survey(f"(x + y)**2 + {tiny}*(x - y)**2")
    assert items(turned, "curvature")[0].numbers["kappa"] == pytest.approx(kappa)
    down = gd.survey(f"x**2 - {tiny}*y**2")
    assert "not convex" in items(down, "curvature")[0].sentence
    assert "1 saddle at (0, 0)" in items(down, "critical points")[0].sentence


def test_scaling_of_logistic_regression_is_that_of_the_minimum() -> None:
    # Few rows of one class: at the minimum their weights p(1 − p) differ much from 1/4.
    x = np.arange(45.0)
    found = gd.survey({"x": x, "y": (x == 5) | (x > 37)})
    (scaling,) = items(found, "scaling")
    assert isinstance(found.cost, gd.LogisticRegression)
    data, targets = with_ones((x - x.mean())[:, None] / x.std()), found.cost.targets
    theta = np.zeros(2)
    for _ in range(3000):
        theta = theta - 4 * data.T @ (1 / (1 + np.exp(-data @ theta)) - targets) / 45
    p = 1 / (1 + np.exp(-data @ theta))
    values = np.linalg.eigvalsh(data.T @ (data * (p * (1 - p))[:, None]) / 45)
    assert scaling.numbers["after"] == pytest.approx(values[1] / values[0], rel=1e-5)
    assert scaling.numbers["after"] > 1.5  # at θ = 0 it is 1
    assert "at the minimum κ falls" in scaling.sentence


def test_without_a_minimum_scaling_promises_no_fewer_steps() -> None:
    (scaling,) = items(gd.survey({"x": [10, 20, 30, 40], "y": [0, 0, 1, 1]}), "scaling")
    assert "at θ = 0 κ falls" in scaling.sentence
    assert "fewer steps" not in scaling.sentence


def test_constant_features_are_said_to_be_left_out() -> None:
    given = {"a": [7, 7, 7, 7], "b": [1, 2, 3, 4], "y": [1, 2, 3, 5]}
    assert "the constant ones left out, κ falls" in items(gd.survey(given), "scaling")[0].sentence
    assert "left out" not in items(gd.survey({"b": [1, 2], "y": [1, 2]}), "scaling")[0].sentence


def test_a_curvature_that_rounding_hides_is_told_from_none() -> None:
    x = 1e9 + np.arange(10.0)
    found = gd.survey({"x": x, "y": np.arange(10.0) ** 2})
    assert "1 direction has no curvature but for rounding." in items(found, "curvature")[0].sentence
    (critical,) = items(found, "critical points")
    assert "there is one minimum, but rounding hides it" in critical.sentence
    assert items(found, "scaling")[0].numbers["after"] == pytest.approx(1)


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_curvatures_of_logistic_regression_are_those_of_its_cost(l2: float) -> None:
    problem = gd.problems.two_clouds(16, distance=1.0, l2=l2, seed=3)
    found = gd.survey(problem, start=[0.3, -0.2])
    (minimum,), (scaling,) = items(found, "curvature"), items(found, "scaling")
    if l2:  # which other units change: θ = 0 is compared, where each row counts a quarter
        low, high = np.linalg.eigvalsh(problem.features.T @ problem.features / 16) / 4 + l2
        assert scaling.numbers["before"] == pytest.approx(high / low)

    def hessian(at: Array, h: float = 1e-3) -> Array:
        along = h * np.eye(2)
        value = problem.value
        rows = [
            [
                (value(at + a + b) - value(at + a - b) - value(at - a + b) + value(at - a - b))
                / (4 * h * h)
                for b in along
            ]
            for a in along
        ]
        return np.array(rows)

    values = np.linalg.eigvalsh(hessian(np.array([0.3, -0.2])))
    assert minimum.numbers["lowest_at_start"] == pytest.approx(values[0], rel=1e-4)
    assert minimum.numbers["largest_at_start"] == pytest.approx(values[1], rel=1e-4)
    theta = np.zeros(2)
    for _ in range(5_000):
        theta = theta - 1.0 * problem.gradient(theta)
    values = np.linalg.eigvalsh(hessian(theta))
    assert minimum.numbers["largest"] == pytest.approx(values[1], rel=1e-3)


def test_a_constant_feature_leaves_a_direction_flat() -> None:
    found = gd.survey({"a": [7, 7, 7, 7], "b": [1, 2, 3, 4], "y": [1, 2, 3, 5]})
    (curvature,), (scaling,) = items(found, "curvature"), items(found, "scaling")
    assert curvature.numbers["lowest"] == 0
    assert curvature.numbers["kappa"] == math.inf
    assert "1 direction has no curvature, so κ is infinite" in curvature.sentence
    assert scaling.numbers["after"] == pytest.approx(1)
    assert any("“a” is the same in every row" in note for note in found.notes)
    assert "Fastest" not in items(found, "rates")[0].sentence


def test_one_variable_has_one_curvature_and_no_kappa() -> None:
    found = gd.survey("3*x**2 + x")
    (curvature,), (rates,) = items(found, "curvature"), items(found, "rates")
    assert "the curvature is 6." in curvature.sentence
    assert "1/L = 0.167, with which one step is enough" in rates.sentence
    assert not items(found, "scaling")
