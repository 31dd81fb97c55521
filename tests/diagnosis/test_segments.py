"""What stretches of a run show, by numbers that can be checked by hand; bounds belong to a side."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gdlib.descent.endings import AT_REST
from gdlib.diagnosis import segments
from tests.diagnosis.material import read

NAN = math.nan
BELOW, ABOVE = 1 - 1e-9, 1 + 1e-9
WAVE = np.sin(2 * np.pi * np.arange(1000) / 1000)


def test_a_half_and_the_quarters_hold_each_number_once() -> None:
    ten = np.arange(10.0)
    np.testing.assert_array_equal(segments.half(np.arange(5.0)), [2, 3, 4])
    parts = [segments.quarter(ten, which).tolist() for which in (1, 2, 3, 4)]
    assert parts == [[0, 1], [2, 3, 4], [5, 6], [7, 8, 9]]


def test_scatter_is_the_deviation_of_noise_about_any_smooth_curve() -> None:
    times = np.linspace(0, 1, 100_000)
    noise = np.random.default_rng(0).standard_normal(100_000)
    for level in (0, 100 * times**2 - 40 * times):
        assert segments.scatter(level + 0.3 * noise) == pytest.approx(0.3, rel=0.02)
    assert segments.scatter(7 * times - 2) == pytest.approx(0, abs=1e-12)


def test_chance_makes_five_times_the_scatter_of_three_numbers_or_more() -> None:
    assert segments.chance(np.array([1.0, 9.0])) == 0
    for numbers in ([0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0, 0.0]):  # second differences of 2
        assert segments.chance(np.array(numbers)) == pytest.approx(5 * 2 / (0.6745 * 6**0.5))


def test_rises_are_counted_among_moves_beyond_the_grain_if_there_are_four() -> None:
    assert segments.ups(np.array([0.0, 1, 0, 1, 2]), 0.0) == 0.75
    assert segments.ups(np.array([0.0, 1, 1, 0, 2, 3]), 0.0) == 0.75  # rest is no move
    assert segments.ups(np.array([0.0, 2, 1, 3, 5, 3]), 1.0) == 0.75  # nor is a move of a grain
    assert segments.ups(np.array([0.0, 1, 2, 3]), 0.0) == 0


@pytest.mark.parametrize("count", [4, 7, 50])
def test_the_slope_is_that_of_least_squares(count: int) -> None:
    times, noise = np.arange(count), np.random.default_rng(count).standard_normal(count)
    trend, _ = segments.slope(3 - 0.2 * times + noise)
    assert trend == pytest.approx(np.polyfit(times, 3 - 0.2 * times + noise, 1)[0])


def test_the_doubt_of_a_slope_is_the_spread_of_slopes_of_such_noise() -> None:
    rng = np.random.default_rng(1)
    found = np.array([segments.slope(rng.standard_normal(60) + 5) for _ in range(2000)])
    assert np.median(found[:, 1]) == pytest.approx(found[:, 0].std(), rel=0.1)
    linked = rng.standard_normal((400, 400))
    for k in range(1, 400):  # each number half the one before, and chance
        linked[k] += linked[k - 1] / 2
    found = np.array([segments.slope(each) for each in linked.T])
    assert np.median(found[:, 1]) == pytest.approx(found[:, 0].std(), rel=0.15)


def test_the_error_of_a_difference_adds_the_variances_of_both_means() -> None:
    zigzag = np.array([1.0, -1, 1, -1])  # variance 1, four independent numbers
    assert segments.error(zigzag, 3 * zigzag) == pytest.approx((1 / 4 + 9 / 4) ** 0.5)
    assert segments.error(zigzag + 5, zigzag[:2]) == pytest.approx((1 / 4 + 1 / 2) ** 0.5)


@pytest.mark.parametrize(
    ("part", "worth"),
    [
        ([3.0, 3, 3, 3], 4),
        ([1.0, -1, 1, -1], 4),  # they resemble each other less than chance: no more than four
        ([2.0, 2, 0, 0], 4 * (1 - 1 / 4) / (1 + 1 / 4)),  # ρ = (1 − 1 + 1)/4
        (WAVE[::50], 1),  # ρ = cos(2π/20) would make it half a number
        (WAVE, 1000 * (1 - 0.98) / (1 + 0.98)),
    ],
)
def test_resemblance_makes_numbers_worth_fewer(part: Any, worth: float) -> None:
    assert segments.independent(np.array(part)) == pytest.approx(worth)


def test_the_size_of_a_run_is_its_fall_or_its_grain() -> None:
    assert segments.size(read([3, 1, 2], grain=0.5)) == 2
    assert segments.size(read([3, 1, 2], grain=5.0)) == 5


@pytest.mark.parametrize(("grain", "there"), [(0.25, True), (0.25 * BELOW, False)])
def test_losses_have_arrived_when_their_last_quarter_moves_by_a_grain(
    grain: float, there: bool
) -> None:
    losses = [9.0, 8, 7, 6, 5, 4, 0.5, 0.25]
    assert segments.arrived(read(losses, grain=grain)) == there


@pytest.mark.parametrize(("faint", "bound"), [(0.0, AT_REST), (0.25, 0.25)])
def test_a_slope_has_arrived_at_its_smallest_share_of_the_largest(
    faint: float, bound: float
) -> None:
    for share, there in ((bound, True), (bound * ABOVE, False)):
        norms = [1.0, 8, 4, 3, 2, 8 * share]
        assert segments.arrived(read(np.zeros(6), norms=norms, faint=faint)) == there


@pytest.mark.parametrize(
    ("late", "held"),
    [
        ([0.5, 0.4, 0.5], True),  # as large as at the middle
        ([0.5, 0.4, 0.5 * BELOW], False),
        ([0.5, 0.4, 0.6], True),
        ([0.0, 0.4, 0.5], False),  # it has been nothing
        ([0.5, 0.4, 0.0], False),
    ],
)
def test_a_slope_is_held_up_when_it_ends_no_smaller_than_at_the_middle(
    late: list[float], held: bool
) -> None:
    run = read(np.zeros(6), norms=[9.0, 0.01, 9.0, *late], faint=1e-3)
    assert segments.held_up(run) == held


def test_a_slope_that_is_rounding_is_not_held_up_and_has_arrived() -> None:
    for share, rounding in ((0.5, True), (0.5 * ABOVE, False)):
        run = read(np.zeros(4), norms=[2.0, 1, 0.1, 2 * share], faint=0.5)
        assert segments.at_rounding(run) == rounding
        assert segments.held_up(run) != rounding
        assert segments.arrived(run) == rounding
    flat = read(np.zeros(4), norms=[2.0, 1, 1e-9, 1e-9], faint=1e-12)
    assert not segments.arrived(flat)  # small, but it no longer shrinks


@pytest.mark.parametrize(("last", "keeps"), [(2.0, False), (2.0 * ABOVE, True)])
def test_norms_keep_their_level_above_a_share_of_the_quarter_before(
    last: float, keeps: bool
) -> None:
    norms = [0.0, 0, 0, 0, 3, 5, last - 1, last + 1]
    assert segments.level(read(np.zeros(8), norms=norms), factor=0.5) == keeps
    assert segments.level(read(np.zeros(8), norms=norms), factor=0.4)


@pytest.mark.parametrize(("now", "keeps"), [(6.0, False), (6.0 * ABOVE, True)])
def test_losses_keep_their_level_if_the_fall_is_under_a_quarter_of_their_range(
    now: float, keeps: bool
) -> None:
    run = read([9, 8, 7, 6, 9, 5, now, now])  # means 7 and `now`, a range of 4
    assert segments.level(run, factor=0.5) == keeps


def test_turns_are_counted_at_inner_points_of_seven_numbers_or_more() -> None:
    assert segments.turns(np.array([0.0, 1, 0, 1, 0, 1])) is None
    assert segments.turns(np.array([0.0, 1, 0, 1, 0, 1, 0])) == 1
    assert segments.turns(np.array([0.0, 1, 2, 3, 2, 3, 3, 2])) == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("products", "late", "middle"),
    [
        (None, True, None),
        ([5.0, 5, 5, 5, 5, 5, 1, 3], True, 2),
        ([5.0, 5, 5, 5, 5, 5, 1, 3], False, 5),
        ([5.0, 5, 5, 5, 5, 5, NAN, 3], True, 3),  # half of them are enough
        ([5.0, 5, 5, NAN, NAN, 4, NAN, NAN], False, 5),
        ([5.0, 5, 5, NAN, NAN, NAN, NAN, NAN], False, None),
        ([5.0, 5, 5, 5, 5, 5, NAN, NAN], True, None),
        ([], False, None),
    ],
)
def test_the_typical_product_is_the_middle_one_if_half_are_known(
    products: Any, late: bool, middle: float | None
) -> None:
    known = None if products is None else np.array(products)
    assert segments.typical(known, late=late) == middle


@pytest.mark.parametrize(
    ("products", "most"), [(None, None), ([NAN, NAN], None), ([NAN, 2.0, -3.0], 2)]
)
def test_the_steepest_product_is_the_largest_known(products: Any, most: float | None) -> None:
    known = {} if products is None else {"products": products}
    assert segments.steepest(read([1, 1, 1], **known)) == most


def test_numbers_are_printed_with_two_digits() -> None:
    assert segments.share(np.array([True, False, True, False])) == "50%"
    assert [segments.two(x) for x in (0.0361, 2345.0, 1.0)] == ["0.036", "2300", "1"]
    shown = [segments.percent(part, 8.0) for part in (0.96, 0.0032, 0.08, 0.0799, 8, 1.0)]
    assert shown == ["12%", "0.04%", "1%", "1%", "100%", "12%"]
    assert segments.percent(1.0, 0.0) == "0%"
