"""What chapter 22 says beside its cells: its quiz, its answers, its claims."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import gdlib as gd
from gdlib.widgets import worst_case
from tests.claims import cells, printed
from tests.test_try_this import says

CHAPTER = "22-rate-again"
SEVEN = worst_case.presets(7)


def worst(steps: Any) -> float:
    return gd.WorstCase(steps).value


def test_the_quiz_says_what_each_plan_leaves() -> None:
    quiz = cells(CHAPTER)["predict-quiz"].source
    for plan, text in {
        "constant 1/L": "0.0333",
        "silver": "0.0184",
    }.items():
        assert f"{worst(SEVEN[plan]):.4f}" == text
        assert text in quiz
    assert f"{worst([1.98] * 7):.3f}" == "0.377"
    assert "0.377" in quiz
    chebyshev = gd.WorstCase(SEVEN["Chebyshev"])
    assert (f"{chebyshev.bowl.value:.4f}", f"{chebyshev.huber.value:.1f}") == ("0.0022", "3.5")
    assert [round(step, 1 if step < 3 else 0) for step in chebyshev.steps] == [
        1, 1.1, 1.3, 1.8, 2.9, 6, 23,
    ]  # fmt: skip


def test_try_this_tells_the_numbers_of_the_machine() -> None:
    silver, chebyshev = gd.WorstCase(SEVEN["silver"]), gd.WorstCase(SEVEN["Chebyshev"])
    says(CHAPTER, "try", 1, f"{silver.huber.value:.4f}", f"{silver.bowl.value:.5f}")
    says(CHAPTER, "try", 2, f"{chebyshev.huber.value:.2f}", f"{chebyshev.bowl.value:.5f}")
    bend = chebyshev.huber.parameter
    assert bend - bend**2 / 2 < 0.5
    for count in (3, 7):
        plans = worst_case.presets(count)
        words = f"{worst(plans['silver']):.4f} against {worst(plans['best constant']):.4f}"
        says(CHAPTER, "try", 3, words)
    drawn = SEVEN["silver"].copy()
    drawn[3] = 4.0
    says(CHAPTER, "try", 4, f"{worst(drawn):.4f}")
    assert worst(drawn) < worst(SEVEN["silver"])


def test_no_steps_do_better_on_bowls_than_chebyshevs() -> None:
    # ½λ·∏(1 − hλ)² touches its greatest value n + 1 times on (0, 1], as the best polynomial does.
    curvatures = np.linspace(0, 1, 200_001)
    left = 0.5 * curvatures * np.prod([1 - h * curvatures for h in SEVEN["Chebyshev"]], axis=0) ** 2
    tops = [b for (a, b), c in zip(pairwise(left), left[2:], strict=False) if a < b >= c]
    np.testing.assert_allclose([*tops, left[-1]], [1 / 450] * 8, rtol=1e-4)


def test_the_sum_of_the_silver_lengths_is_a_power_of_the_silver_ratio_less_one() -> None:
    silver = gd.schedules.silver(1.0)
    for doublings in range(1, 11):
        lengths = [silver(k) for k in range(1, 2**doublings)]
        assert sum(lengths) == pytest.approx((1 + 2**0.5) ** doublings - 1, rel=1e-12)


def test_with_every_doubling_the_constant_rate_leaves_half_and_the_silver_steps_less() -> None:
    rows = [line.split() for line in printed(CHAPTER, "worst-table").splitlines()]
    table = np.array([list(map(float, row)) for row in rows if len(row) == 4 and row[0].isdigit()])
    assert table.shape == (10, 4)
    constant, silver, theorem = table[:, 1:].T
    assert np.all(abs(constant[4:] / constant[3:-1] - 0.5) < 0.02)
    assert np.all(abs(silver[4:] / silver[3:-1] - 0.414) < 0.005)
    assert np.all(silver < theorem)
    assert 6 < constant[-1] / silver[-1] < 7
    assert np.all(theorem / silver > 1.3)


def test_the_least_cost_of_the_race_is_the_linear_programs() -> None:
    """The chapter finds it by descent; as a linear program it has another solver."""
    space: dict[str, Any] = {"np": np, "T": 1600}
    exec(cells(CHAPTER)["race"].source.split("RATES")[0], space)
    features, targets = space["features"], space["targets"]
    rows, columns = features.shape
    above = np.block([[features, -np.eye(rows)], [-features, -np.eye(rows)]])
    found = linprog(
        np.r_[np.zeros(columns), np.ones(rows) / rows],
        A_ub=above,
        b_ub=np.r_[targets, -targets],
        bounds=[(None, None)] * columns + [(0, None)] * rows,
    )
    assert f"least cost {found.fun:.4f}" in printed(CHAPTER, "race-least")


def ends(cell: str) -> dict[str, tuple[float, float]]:
    """Read gap and error by name from a table of the race."""
    row = re.compile(r"^(\S.*?) +(0\.\d{4}) +(0\.\d{4}) +[\d.]+$", re.MULTILINE)
    found = row.findall(printed(CHAPTER, cell))
    return {name: (float(gap), float(error)) for name, gap, error in found}


def test_the_race_has_the_order_that_the_page_tells() -> None:
    found, free = ends("race-least"), ends("free-race")
    line, cosine = found["straight line"], found["cosine"]
    assert abs(line[0] - cosine[0]) < line[1]
    assert found["WSD, last fifth"][0] < found["constant"][0]
    assert line[0] < found["1/√k"][0] < found["WSD, last fifth"][0]
    assert round(found["constant"][0] / line[0], 1) == 1.8
    assert abs(free["free, β = 0.5"][0] - line[0]) < line[1]
    assert free["free, β = 0.0"][0] > line[0]
    assert 1.7 < free["free, β = 0.9"][0] / line[0] < 2.2
    for cell in ("race-least", "free-race"):
        assert "best inside the grid: True" in printed(CHAPTER, cell)


def test_far_below_the_critical_size_steps_are_saved_and_far_above_rows_are_wasted() -> None:
    lines = printed(CHAPTER, "batch-plain").splitlines()
    rows = [line.split() for line in lines if len(line.split()) == 5 and line.split()[0].isdigit()]
    batch, steps, _, rates, product = np.array([list(map(float, row)) for row in rows]).T
    small, large = batch <= 256, batch >= 16384
    np.testing.assert_allclose(steps[small] * batch[small], 2.5e5, rtol=0.02)
    np.testing.assert_allclose(rates[small][2:] / rates[small][1:-1], 4, rtol=0.06)
    assert steps[large].max() / steps[large].min() < 1.3
    assert rates[large].max() / rates[large].min() < 1.2
    assert product[0] == 0
    assert 0.3 < product[1:7].min() <= product[1:7].max() < 0.65
    assert np.all(abs(product[-2:] - 1) < 0.1)


def test_the_last_cost_is_the_mean_and_what_the_dropdown_adds_to_it() -> None:
    rng = np.random.default_rng(3)
    rates, costs = rng.uniform(0.1, 2, size=9), rng.normal(size=9)
    means = [np.average(costs[k:], weights=rates[k:]) for k in range(9)]
    added = [rates[k] / rates[k + 1 :].sum() * (means[k] - costs[k]) for k in range(8)]
    np.testing.assert_allclose(np.diff(means), added, atol=1e-12)
    assert means[0] + sum(added) == pytest.approx(costs[-1], abs=1e-12)
