"""What chapter 18 says and no cell of it prints, and the two tables that it reads."""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from tests import claims
from tests.test_try_this import says

CHAPTER = "18-recommender"
ROOT = Path(__file__).parents[2]
ONE_ANSWER = gd.Landscape.parse("(x*y - 1)**2/2", start=(2, -1.5))


@cache
def defined() -> dict[str, Any]:
    """Return what the chapter's cells up to alternating least squares define."""
    return run("table", "split", "drift", "stuck", "plain", "als")


def run(*names: str) -> dict[str, Any]:
    space: dict[str, Any] = {"np": np, "gd": gd}
    for name in names:
        exec(claims.cells(CHAPTER)[name].source, space)
    return space


def ends_at(rule: gd.Optimizer, start: tuple[float, float], steps: int = 400) -> Any:
    return gd.descend(ONE_ANSWER, rule, start, steps).end


# --- one answer -----------------------------------------------------------------------------------


def test_the_quizs_places_are_the_nearest_the_middle_and_where_the_difference_stays() -> None:
    x = np.linspace(0.2, 5, 480_001)
    nearest = x[np.argmin((x - 2) ** 2 + (1 / x + 1.5) ** 2)]
    assert (nearest, 1 / nearest) == pytest.approx((2.35, 0.43), abs=5e-3)
    square = (1.75 + np.sqrt(1.75**2 + 4)) / 2  # x² − 1/x² = 1.75
    assert (square**0.5, square**-0.5) == pytest.approx((1.48, 0.67), abs=5e-3)
    kept = 4**2 - 0.75**2  # of the exercise's other start, (4, −0.75)
    square_there = (kept + np.sqrt(kept**2 + 4)) / 2
    assert (square_there**0.5, square_there**-0.5) == pytest.approx((3.94, 0.25), abs=5e-3)
    slow = ends_at(gd.gradient_descent(0.0005), (2, -1.5), 10_000)
    assert slow == pytest.approx([square**0.5, square**-0.5], abs=2e-3)


def test_only_equal_numbers_end_in_the_middle_and_opposite_ones_at_the_saddle() -> None:
    for size in (0.3, 1.4):
        assert ends_at(gd.gradient_descent(0.01), (size, size), 5000) == pytest.approx([1, 1])
    assert ends_at(gd.gradient_descent(0.01), (1, -1), 5000) == pytest.approx([0, 0], abs=1e-6)
    x, y = ends_at(gd.gradient_descent(0.01), (2, -1.5))
    assert x * y == pytest.approx(1, abs=1e-3)
    assert x**2 - y**2 > 1.5


def test_the_path_bends_to_the_left_and_crosses_the_axis() -> None:
    path = gd.descend(ONE_ANSWER, gd.gradient_descent(0.01), (2, -1.5), 400).points
    assert (path[0] - path[1]) / 0.01 == pytest.approx([6, -8])
    assert path[:, 0].min() < 1.4 < path[-1, 0]
    assert path[0, 1] < 0 < path[-1, 1]


def test_what_the_figure_shows_when_you_try() -> None:
    given = ends_at(gd.gradient_descent(0.01), (2, -1.5))
    assert given == pytest.approx([1.47, 0.68], abs=5e-3)
    assert given[0] ** 2 - given[1] ** 2 == pytest.approx(1.71, abs=5e-3)
    faster = ends_at(gd.gradient_descent(0.1), (2, -1.5))
    assert faster == pytest.approx([1.36, 0.74], abs=5e-3)
    assert faster[0] ** 2 - faster[1] ** 2 == pytest.approx(1.30, abs=5e-3)
    heavy = ends_at(gd.momentum(0.01), (2, -1.5))
    assert heavy == pytest.approx([0.41, 2.43], abs=5e-3)
    assert heavy[0] ** 2 - heavy[1] ** 2 == pytest.approx(-5.74, abs=5e-3)
    assert ends_at(gd.adam(0.1), (2, -1.5)) == pytest.approx([0.97, 1.03], abs=5e-3)
    assert ends_at(gd.gradient_descent(0.01), (1, -1)) == pytest.approx([0, 0], abs=0.05)
    assert ends_at(gd.gradient_descent(0.01), (1, -0.5)) == pytest.approx([1.20, 0.83], abs=5e-3)
    says(CHAPTER, "try", 1, "$(1.47, 0.68)$", "1.71$; it was 1.75", "$(1.36, 0.74)$, with 1.30")
    says(CHAPTER, "try", 2, "$(0.41, 2.43)$", "$-5.74$", "$(0.97, 1.03)$")
    says(CHAPTER, "try", 3, r"with a cost of $\frac12$", "$(1.20, 0.83)$")


# --- the questionnaire ----------------------------------------------------------------------------


def test_the_questionnaire_has_the_numbers_that_its_source_describes() -> None:
    """`describe(bfi)` in psych's manual: how many answers, and their mean."""
    survey = gd.datasets.questionnaire()
    known = ~np.isnan(survey.answers)
    assert survey.answers.shape == (2800, 25) == (2800, len(survey.statements))
    assert known.sum(axis=0)[:2].tolist() == [2784, 2773]
    assert np.nanmean(survey.answers, axis=0)[:5] == pytest.approx(
        [2.41, 4.80, 4.60, 4.70, 4.56], abs=5e-3
    )
    assert set(survey.answers[known]) == set(range(1, 7))


def test_the_tables_cannot_be_changed() -> None:
    for array in (gd.datasets.questionnaire().answers, gd.datasets.rule_scores().scores):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 0


def test_no_sweep_raises_the_cost() -> None:
    for rank, alpha in ((1, 15), (3, 0.3), (5, 30)):
        space = defined()
        costs = space["alternate"](space["table"], space["shown"], rank, alpha, sweeps=12)[2]
        assert (np.diff(costs) <= 1e-9 * costs[0]).all()


def test_descent_waits_at_the_saddle_where_alternating_jumps_off() -> None:
    space = defined()
    table, shown = space["table"], space["shown"]
    begin = space["factors"](table.shape, 2, 0.1, seed=0)
    steps = space["descend"](*begin, table, shown, 15, 0.007, 100)[2]
    sweeps = space["alternate"](table, shown, 2, 15, sweeps=40)[2]
    least = sweeps[-1]
    assert steps[4] - least > 0.9 * (steps[0] - least)
    assert sweeps[2] - least < 0.2 * (sweeps[0] - least)
    assert [np.argmax(costs < least + 1) for costs in (sweeps, steps)] == pytest.approx(
        [10, 55], abs=1
    )


def test_statements_of_four_scales_are_alike_or_opposite_and_those_of_openness_are_not() -> None:
    space = defined()
    table, shown = space["table"], space["shown"]
    people, items, _ = space["alternate"](table, shown, 2, 15, sweeps=30)
    _, size, right = np.linalg.svd(people @ items.T, full_matrices=False)
    places = right[:2].T * size[:2] ** 0.5
    unit = places / np.linalg.norm(places, axis=1, keepdims=True)
    likeness = np.abs(unit @ unit.T)
    others = ~np.eye(5, dtype=bool)
    within = [likeness[k : k + 5, k : k + 5][others] for k in range(0, 25, 5)]
    *four, openness = (one.mean() for one in within)
    assert min(four) > 0.8 > 0.6 > openness
    assert within[-1].min() < 0.05


@pytest.mark.long
def test_with_a_penalty_of_45_every_rank_misses_by_more_than_with_30() -> None:
    space = run("table", "split", "drift", "plain", "als")
    answers, train, choice = (space[name] for name in ("answers", "train", "choice"))
    centre = space["item_means"](answers, train)
    for rank in (1, 2, 3, 5, 8, 12):
        missed = []
        for alpha in (30, 45):
            people, items, _ = space["alternate"](answers - centre, train, rank, alpha, sweeps=12)
            missed.append(space["miss"](centre + people @ items.T, answers, choice))
        assert missed[1] > missed[0]


def test_a_start_that_is_stuck_is_at_a_minimum_of_its_own() -> None:
    """The Hessian there, from differences of the slopes, has positive eigenvalues alone."""
    space = defined()
    cost_and_slopes = space["cost_and_slopes"]
    table, shown = (array[140] for array in space["tables"](0.6))

    def slopes(theta: Any) -> Any:
        factors = theta[:8, None], theta[8:, None]
        return np.concatenate(cost_and_slopes(*factors, table, shown, 0.1)[1:]).ravel()

    ends = []
    for seed in range(10):
        theta = np.random.default_rng(seed).normal(size=14)
        for _ in range(4000):
            theta = theta - 0.04 * slopes(theta)
        cost = cost_and_slopes(theta[:8, None], theta[8:, None], table, shown, 0.1)[0]
        ends.append((cost, theta))
    (low, _), *_, (high, theta) = sorted(ends, key=lambda end: float(end[0]))
    assert high > low + 0.5
    assert np.linalg.norm(slopes(theta)) < 1e-6
    moves = 1e-5 * np.eye(14)
    hessian = np.array([(slopes(theta + move) - slopes(theta - move)) / 2e-5 for move in moves])
    assert np.linalg.eigvalsh((hessian + hessian.T) / 2).min() > 1e-3


# --- the rules ------------------------------------------------------------------------------------


def column(rule: str, rate: float) -> int:
    book = gd.datasets.rule_scores()
    return [*zip(book.rules, book.rates, strict=True)].index((rule, rate))


def test_gradient_descents_scores_on_the_bowl_are_what_its_factors_say() -> None:
    """Along curvatures 1 and 100 a step multiplies the error by 1 − η and 1 − 100η."""
    book = gd.datasets.rule_scores()
    row = book.problems.index("bowl")
    moved = 0.05 * 5 * np.random.default_rng(0).uniform(-1, 1, (5, 2))
    errors = np.array([2.0, 1.0]) + moved
    for rate in (0.001, 0.0032, 0.01, 0.032):
        exact = 10 ** (np.round(2 * np.log10(rate)) / 2)
        after = errors * (1 - exact * np.array([1, 100])) ** 200
        left = (after**2 @ [1, 100]) / (errors**2 @ [1, 100])
        expected = np.clip(np.median(np.log10(left)), -6, 1)
        assert book.scores[row, column("gradient descent", rate)] == pytest.approx(
            expected, abs=0.051
        )


def test_the_script_gives_the_scores_that_are_kept() -> None:
    script = runpy.run_path(str(ROOT / "tests" / "data" / "make_rule_scores.py"))
    book = gd.datasets.rule_scores()
    bowl = next(script["bowls"]())
    assert script["on_landscape"](bowl, sp.Integer(10)) == pytest.approx(
        book.scores[book.problems.index("bowl × 10")], abs=0.051
    )


def test_the_problems_are_the_landscapes_thrice_and_ten_draws_of_each_kind_of_data() -> None:
    book = gd.datasets.rule_scores()
    assert book.scores.shape == (68, 99) == (len(book.problems), len(book.rules))
    assert len(set(book.kinds)) == 18
    counts = {kind: book.kinds.count(kind) for kind in book.kinds}
    assert {counts.pop("dense"), counts.pop("sparse")} == {10}
    assert set(counts.values()) == {3}
    assert len(set(zip(book.rules, book.rates, strict=True))) == 99


def test_the_gain_over_the_favourites_is_a_tenth_of_a_decade() -> None:
    shown = claims.printed(CHAPTER, "honest")
    ours, favourite = 1.32, 1.44
    assert f"above the best setting: {ours}" in shown
    assert f"with the favourite: {favourite}" in shown
    assert 10 ** (ours - favourite) == pytest.approx(0.75, abs=0.02)


def test_the_gain_over_the_favourites_is_within_chance() -> None:
    """By kind of problem; and with the halves exchanged."""
    space = run("rules", "recommend", "honest")
    judge, everything, first = (space[name] for name in ("judge", "everything", "first"))
    gain = (space["missed_mean"] - space["missed_ours"]).mean(axis=1)
    kinds = space["kinds"][~first]
    by_kind = {kind: gain[kinds == kind].mean() for kind in dict.fromkeys(kinds)}
    assert len(by_kind) == 10
    assert min(by_kind, key=by_kind.__getitem__) == "Beale"
    assert max(by_kind, key=by_kind.__getitem__) == "six-hump camel"
    gains = np.array(list(by_kind.values()))
    assert (gains.min(), gains.max()) == pytest.approx((-1.4, 1.8), abs=0.05)
    error = gains.std(ddof=1) / np.sqrt(len(gains))
    assert error == pytest.approx(0.3, abs=0.05)
    assert gains.mean() < error

    settings, some, others = (space[name] for name in ("settings", "some", "others"))
    chosen = min(settings, key=lambda one: judge(~first, ~first, some, *one)[0])
    missed = [judge(first, everything, others, *one)[1].mean() for one in ((0, 0), chosen)]
    assert missed[0] - missed[1] == pytest.approx(0.05, abs=0.01)
