"""What the captions and boxes of chapters 11 to 15 claim and no cell of theirs prints."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

import gdlib as gd
from tests import claims


def rows(chapter: str, cell: str, title: str) -> dict[str, list[float]]:
    """Return the rows of a table that a cell prints under a title; NaN for a dash."""
    lines = claims.printed(chapter, cell).split(f"\n{title}")[-1].splitlines()
    found: dict[str, list[float]] = {}
    for line in lines[2:]:
        name, numbers = line[:16].strip(), line[16:].split()
        if not numbers:
            break
        found[name] = [np.nan if number == "–" else float(number) for number in numbers]
    return found


# --- 15, the race ---------------------------------------------------------------------------------


def test_the_explorer_starts_with_each_rules_best_rate_on_beale() -> None:
    land = gd.landscapes.beale()
    sides = np.ptp(np.array(land.bounds), axis=1)
    shifts = 0.05 * sides * np.random.default_rng(0).uniform(-1, 1, (5, 2))
    said: dict[Callable[[float], gd.Optimizer], float]
    said = {gd.momentum: 0.003162, gd.adam: 0.5623, gd.gradient_descent: 0.03162}
    for rule, rate in {**said, gd.adagrad: 0.3162}.items():
        spent = {}
        for power in range(-12, 5):
            counts = []
            for shift in shifts:
                run = gd.descend(land, rule(10 ** (power / 4)), land.start + shift, steps=700)
                above = np.flatnonzero(run.values > 1e-3)
                there = run.status != "diverged" and above[-1] < 630
                counts.append(above[-1] + 1 if there else np.inf)
            spent[10 ** (power / 4)] = np.median(counts)
        best = min(spent, key=lambda one: spent[one])
        assert np.isclose(best, rate, rtol=1e-3)


def test_the_explorer_has_all_rules_and_landscapes() -> None:
    assert len(gd.optimizers.catalogue) == 11
    assert sum(build().n == 2 for build in gd.landscapes.catalogue.values()) == 16
    words = claims.cells("15-race")["play"].source
    assert "All eleven rules and sixteen landscapes are in the lists" in words


def test_momentum_has_more_than_half_of_adams_rates() -> None:
    title = "decades of rates, at most 400 evaluations or 100 mini-batches"
    wide = rows("15-race", "width", title)
    assert len(wide) == 11
    momentum, adam = (np.array(wide[name][:5]) for name in ("momentum", "Adam"))
    assert (momentum > 0.5 * adam).all()
    assert momentum[4] == adam[4]
    for course in range(5):
        widest = np.nanmax([row[course] for row in wide.values()])
        assert widest in (wide["Adam"][course], wide["AMSGrad"][course])
    assert (np.array([row[6] for row in wide.values()]) == 1).sum() == 5


# --- 14, Adam -------------------------------------------------------------------------------------


def test_adams_first_step_goes_the_rate_far_in_each_coordinate() -> None:
    """Slopes 5000 and 0.001 with the rate 0.1, as the quiz has it."""
    rule = gd.adam(0.1)
    step, _ = rule.update(np.array([5000, 0.001]), rule.init([0.0, 0.0]), np.zeros(2))
    np.testing.assert_allclose(step, [-0.1, -0.1], rtol=1e-4)
    run = gd.descend(gd.landscapes.quadratic(condition=50), rule, (2, 0.7), steps=1)
    np.testing.assert_allclose(run.points[1], [1.9, 0.6], rtol=1e-6)


def test_without_momentum_adam_is_a_little_ahead_in_the_valley() -> None:
    theta = {"Adam": np.array([-1.2, 1.0]), "no momentum": np.array([-1.2, 1.0])}
    m, v = np.zeros(2), {name: np.zeros(2) for name in theta}
    for k in range(1, 251):
        for name, place in theta.items():
            x, y = place
            g = np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])
            v[name] = 0.999 * v[name] + 0.001 * g**2
            if name == "Adam":
                m = 0.9 * m + 0.1 * g
                g = m / (1 - 0.9**k)
            theta[name] = place - 0.03 * g / (np.sqrt(v[name] / (1 - 0.999**k)) + 1e-8)
    words = claims.cells("14-adam")["ablations-read"].source
    assert f"x = {theta['Adam'][0]:.2f}" in words
    assert f"to ${theta['no momentum'][0]:.2f}$" in words
    assert theta["no momentum"][0] > theta["Adam"][0]


# --- 13, one rate per coordinate ------------------------------------------------------------------


def test_in_the_turned_valley_both_coordinates_get_nearly_one_falling_rate() -> None:
    turn = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
    hessian = turn @ np.diag([1.0, 100.0]) @ turn.T
    theta, total, rates = turn @ [2.0, 1.0], np.zeros(2), []
    plain, straight = theta.copy(), np.array([2.0, 1.0])
    for _ in range(100):
        slope = hessian @ theta
        total += slope**2
        rates.append(0.5 / np.sqrt(total))
        theta = theta - rates[-1] * slope
        plain = plain - 0.018 * hessian @ plain
        straight = straight - 0.018 * np.array([1.0, 100.0]) * straight
    quotients = np.array([a / b for a, b in rates])
    assert (np.abs(np.log(quotients)) < 0.06).all()
    assert all((after <= before).all() for before, after in pairwise(rates))
    np.testing.assert_allclose(plain, turn @ straight, atol=1e-12)


def test_the_factors_between_rules_on_the_reviews_are_those_printed() -> None:
    words = claims.cells("13-adaptive-rates")["race-says"].source
    table = claims.printed("13-adaptive-rates", "race-table")
    found = re.findall(r"÷ AdaGrad: median ([\d.]+), quartiles ([\d.]+) to ([\d.]+)", table)
    one, falling, rmsprop = ([float(number) for number in row] for row in found)
    assert "eight times lower" in words
    assert round(one[0]) == 8
    assert "six times lower than with a falling one" in words
    assert 6 <= falling[0] < 7
    assert "between 5 and 11" in words
    assert min(one[1], falling[1]) >= 5
    assert max(one[2], falling[2]) < 11.5
    assert "four times lower than RMSProp" in words
    assert round(rmsprop[0]) == 4


# --- 12, Nesterov ---------------------------------------------------------------------------------


def test_nesterov_is_soon_on_the_floor_and_rolls_along_at_nearly_the_heavy_balls_pace() -> None:
    paths = {}
    for name, decays in (("heavy", [0.9, 0.9]), ("Nesterov", [0.9 * 0.985, 0.9 * 0.25])):
        place, memory, path = np.array([2.0, 1.0]), np.zeros(2), []
        for _ in range(60):  # on a parabola a look ahead keeps β(1 − ηλ) of the momentum
            memory = np.array(decays) * memory + np.array([1.0, 50.0]) * place
            place = place - 0.015 * memory
            path.append(place)
        paths[name] = np.array(path)
    off = {name: np.flatnonzero(np.abs(path[:, 1]) > 0.05)[-1] + 1 for name, path in paths.items()}
    assert off["Nesterov"] < 6
    assert off["heavy"] > 48
    along = {name: path[:, 0] for name, path in paths.items()}
    assert np.abs(along["heavy"] - along["Nesterov"]).max() < 0.12


def test_nesterov_with_the_usual_constants_hits_the_minimum_at_the_second_step() -> None:
    def slope(x: float) -> float:
        return 25 * x if x < 1 else x + 24 if x < 2 else 25 * x - 24

    last = ahead = 3.3
    found = []
    for _ in range(2):
        point = ahead - slope(ahead) / 25
        last, ahead = point, point + 2 / 3 * (point - last)
        found.append(point)
    assert found[0] == pytest.approx(0.96)
    assert found[1] == pytest.approx(0, abs=1e-12)


def test_news_travels_one_link_a_gradient() -> None:
    rules = (gd.gradient_descent(1), gd.momentum(1), gd.nesterov(1), gd.adam(0.1), gd.adagrad(0.1))
    for rule in rules:
        theta, state = np.zeros(30), rule.init(np.zeros(30))
        for k in range(1, 30):
            pulled = np.r_[1.0, theta[:-1]] - 2 * theta + np.r_[theta[1:], 0.0]
            step, state = rule.update(-pulled / 4, state, theta)
            theta = theta + step
            assert not theta[k:].any()
            assert theta[k - 1]


@pytest.mark.parametrize("links", [5, 11, 31])
def test_the_least_gap_holds_only_below_half_as_many_steps_as_links(links: int) -> None:
    def gap(steps: int, n: int) -> float:
        """Return the least gap on n links among all combinations of so many gradients."""
        springs = (2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)) / 4
        known = springs[:steps, :steps]  # after k gradients from 0 the first k links may move
        lowest, reached = (-np.linalg.inv(a)[0, 0] / 32 for a in (springs, known))
        return float(reached - lowest)

    def floor(steps: int, n: int) -> float:
        squares = sum((1 - i / (n + 1)) ** 2 for i in range(1, n + 1))
        return 3 * squares / 32 / (steps + 1) ** 2

    for k in range(1, (links - 1) // 2 + 1):
        chain = 2 * k + 1
        assert gap(k, chain) >= floor(k, chain)
    assert gap(links, links) == pytest.approx(0, abs=1e-12)
    assert floor(links, links) > 1e-4


def test_growing_momentum_loops_about_the_minimum_and_a_restart_ends_lower() -> None:
    curvatures, ends, turns = np.array([1.0, 2.0]), {}, {}
    for restarts in (False, True):
        point = ahead = np.array([2.0, 1.0])
        weight, path = 1.0, []
        for _ in range(120):
            slope = curvatures * ahead
            last, point = point, ahead - 0.02 * slope
            path.append(point)
            if restarts and slope @ (point - last) > 0:
                ahead, weight = point, 1.0
                continue
            grown = (1 + np.sqrt(1 + 4 * weight**2)) / 2
            ahead, weight = point + (weight - 1) / grown * (point - last), grown
        ends[restarts] = curvatures @ point**2 / 2
        turns[restarts] = np.array(path)
    assert turns[False][:, 0].min() < -0.15  # past the minimum, and not along the line it came by
    beyond = turns[False][turns[False][:, 0] < -0.05]
    assert np.ptp(beyond[:, 1]) > 0.08
    assert turns[True][:, 0].min() > -0.07
    assert ends[True] < 1e-6 * ends[False]


# --- 11, momentum ---------------------------------------------------------------------------------


def test_the_ends_of_a_valley_take_some_115_steps_to_a_tenth() -> None:
    left = 99 / 101  # of the error, a step: both at μ = 0.01 and at L = 1, with η = 2/1.01
    assert abs(1 - 2 / 1.01 * 0.01) == pytest.approx(left)
    assert abs(1 - 2 / 1.01) == pytest.approx(left)
    assert round(math.log(0.1) / math.log(left)) == 115


def test_the_tuned_ball_more_than_doubles_the_error_then_falls_ten_times_as_steeply() -> None:
    curvatures, theta, memory = np.array([0.01, 0.1, 1.0]), np.ones(3), np.zeros(3)
    errors = []
    for _ in range(30):
        memory = 81 / 121 * memory + curvatures * theta
        theta = theta - 400 / 121 * memory
        errors.append(float(np.linalg.norm(theta) / 3**0.5))
    assert 2 < max(errors) < 2.5
    assert math.log(9 / 11) / math.log(99 / 101) == pytest.approx(10, abs=0.1)


def test_after_400_steps_momentum_is_at_4e_8_and_descent_past_the_bend() -> None:
    theta, memory, plain = np.array([-1.2, 1.0]), np.zeros(2), np.array([-1.2, 1.0])

    def slope(place: np.ndarray) -> np.ndarray:
        x, y = place
        return np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])

    for _ in range(400):
        memory = 0.95 * memory + slope(theta)
        theta, plain = theta - 0.0019 * memory, plain - 0.0019 * slope(plain)
    (x, y), (before, _) = theta, plain
    assert (1 - x) ** 2 + 100 * (y - x**2) ** 2 == pytest.approx(4e-8, rel=0.05)
    assert 0 < before < 0.2


def test_the_right_edge_hardly_moves_undamped_and_moves_much_damped() -> None:
    decays = np.array([0, 0.5, 0.9, 0.99])
    undamped = 2 + 2 * decays
    assert undamped.max() / undamped.min() < 2
    assert (undamped / (1 - decays)).max() / 2 > 100
    for decay in decays[:3]:  # the crawl, at one damped rate, with none of it to swing
        theta, memory = 1.0, 0.0
        for _ in range(200):
            memory = decay * memory + (1 - decay) * 0.01 * theta
            theta -= 0.2 * memory
        assert theta == pytest.approx((1 - 0.002) ** 200, rel=0.02)
