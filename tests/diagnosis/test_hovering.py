"""Where J neither falls nor rises: bounces, runs that never fell, and floors of noise, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gdlib.diagnosis import hovering, segments
from tests.diagnosis.material import read

BELOW, ABOVE = 1 - 1e-9, 1 + 1e-9
LEVEL: dict[str, Any] = {"norms": np.ones(41)}
WHITE = np.random.default_rng(0).standard_normal(200)


def kind(finding: Any) -> str | None:
    return None if finding is None else finding.kind


# --- bouncing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("against", "seen"), [(16, False), (17, True)])
def test_gradients_that_point_against_the_one_before_in_85_of_100_bounce(
    against: int, seen: bool
) -> None:
    flips = [False] * 20 + [True] * against + [False] * (20 - against)
    found = hovering.bouncing(read(np.zeros(41), flips=flips, **LEVEL))
    assert (kind(found) == "bouncing") == seen


def test_a_bounce_is_told_with_its_share_and_its_product() -> None:
    flips = [False] * 20 + [True] * 18 + [False] * 2
    products = [9.0] * 30 + [1.9] * 10
    found = hovering.bouncing(read(np.zeros(41), flips=flips, products=products, **LEVEL))
    words = "90% of the late gradients point against the one before"
    assert found is not None
    assert found.evidence == f"{words}; η times the curvature along them is 1.9"
    found = hovering.bouncing(read(np.zeros(41), flips=flips, **LEVEL))
    assert found is not None
    assert found.evidence == words


def test_of_41_steps_the_last_twenty_are_late() -> None:
    found = hovering.bouncing(
        read(np.zeros(42), flips=[False] * 21 + [True] * 20, norms=np.ones(42))
    )
    assert found is not None
    assert found.evidence.startswith("100% of the late gradients")


def test_what_shrinks_or_has_arrived_does_not_bounce() -> None:
    flips = [True] * 40
    shrinking = np.r_[np.full(30, 2.0), np.full(11, 0.9)]
    assert hovering.bouncing(read(np.zeros(41), flips=flips, norms=shrinking)) is None
    held = np.r_[np.full(30, 2.0), np.full(11, 1.2)]  # half of the quarter before is a level
    assert hovering.bouncing(read(np.zeros(41), flips=flips, norms=held)) is not None
    there = np.r_[2.0, np.full(39, 1e-12), 1e-13]
    assert hovering.bouncing(read(np.zeros(41), flips=flips, norms=there)) is None


@pytest.mark.parametrize(
    ("product", "rate", "seen"),
    [(1.8, 0.1, False), (1.801, 0.1, True), (2.199, 0.1, True),
     (2.2, 0.1, False), (2.0, None, False)],
)  # fmt: skip
def test_a_product_near_2_bounces_where_the_rate_is_known(
    product: float, rate: float | None, seen: bool
) -> None:
    run = read(np.zeros(41), products=[product] * 40, rate=rate, **LEVEL)
    found = hovering.bouncing(run)
    assert (kind(found) == "bouncing") == seen
    if found:
        assert found.evidence == (
            f"each late step gains nearly nothing: η times the curvature is {product:.3g}"
        )
    some = read(np.zeros(41), products=[product] * 40, rate=rate, flips=[False] * 40, **LEVEL)
    assert hovering.bouncing(some) is None  # where gradients are known, they are asked


def zigzag(count: int, straight: int) -> Any:
    """Return late losses of a zigzag with so many points at which it goes straight on."""
    signs = np.tile([1.0, -1.0], count)[: count - 1]
    for k in range(straight):
        signs[3 + 4 * k :] *= -1
    return np.cumsum(np.r_[0.0, signs])


@pytest.mark.parametrize(
    ("count", "straight", "seen"),
    [
        (102, 14, True),  # 86 of 100 turn, and 85 are asked
        (102, 15, True),
        (102, 16, False),
        (38, 3, True),  # 33 of 36 = 0.917, and 2/3 + 1.5/√38 = 0.910 are asked
        (38, 4, False),
    ],
)
def test_a_zigzag_turns_at_more_points_than_noise_would(
    count: int, straight: int, seen: bool
) -> None:
    late = zigzag(count, straight)
    run = read(np.r_[np.full(count, 0.0), late], noise=None)
    found = hovering.bouncing(run)
    assert (kind(found) == "bouncing") == seen
    if found:
        share = (count - 2 - straight) / (count - 2)
        assert found.evidence == f"J goes up and down in turn at {share:.0%} of the late steps"
    for other in ({"grain": float(np.ptp(late))}, {"points": np.zeros((2 * count, 1))}):
        assert (
            hovering.bouncing(read(np.r_[np.full(count, 0.0), late], noise=None, **other)) is None
        )


def test_without_noise_what_goes_up_and_down_four_times_bounces() -> None:
    late = np.array([0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1.0])  # five turns; up at 6 of 11
    found = hovering._cycling(read(np.r_[np.ones(12), late], decay=0.0))
    assert found is not None
    assert found.kind == "bouncing"
    assert found.evidence == "J rises at 55% of the late steps, without any noise in them"
    assert hovering._cycling(read(np.r_[np.ones(12), late], decay=0.0, grain=2.0)) is None
    for noise in (True, None):
        assert hovering._cycling(read(np.r_[np.ones(12), late], decay=0.0, noise=noise)) is None
    few = np.array([0, 1, 2, 1, 0, 1, 2, 3, 2, 1.0, 0, -1])
    assert (np.diff(np.sign(np.diff(few))) != 0).sum() == 3
    assert hovering._cycling(read(np.r_[np.ones(12), few], decay=0.0)) is None
    four = np.array([0, 1, 2, 1, 0, 1, 2, 1.0, 0, 1, 2, 3])
    assert (np.diff(np.sign(np.diff(four))) != 0).sum() == 4
    assert hovering._cycling(read(np.r_[np.ones(12), four], decay=0.0)) is not None


@pytest.mark.parametrize(("ups", "seen"), [(2, False), (3, True), (7, True), (8, False)])
def test_a_cycle_rises_at_more_than_a_fifth_of_its_steps_and_less_than_four(
    ups: int, seen: bool
) -> None:
    moves = np.full(10, -1.0)
    moves[{2: [2, 6], 3: [1, 4, 7], 7: [0, 1, 3, 4, 6, 7, 9], 8: [0, 1, 2, 4, 5, 6, 8, 9]}[ups]] = 1
    late = np.cumsum(np.r_[0.0, moves])
    assert (np.diff(np.sign(moves)) != 0).sum() >= 4
    assert (hovering._cycling(read(np.r_[np.zeros(11), late], decay=0.0)) is not None) == seen


def test_ripples_of_a_rule_that_remembers_must_keep_their_height() -> None:
    wave = np.tile([0.0, 1, 2, 1], 6)
    for height, seen in ((0.5, False), (0.51, True), (1.0, True)):
        losses = np.r_[np.ones(24), wave[:12], height * wave[:12] + (1 - height)]
        for decay in (0.9, None):
            found = hovering._cycling(read(losses, decay=decay))
            assert (found is not None) == seen
        assert hovering._cycling(read(losses, decay=0.0)) is not None
    sinking = read(np.r_[np.ones(24), wave[:12] + 1, wave[:12]], decay=0.9)
    assert hovering._cycling(sinking) is None  # lower by a third of its range
    slopes = np.r_[np.ones(36), np.full(12, 0.8)]
    for factor, seen in ((0.99, False), (1.01, True)):
        norms = np.r_[np.ones(36), factor * slopes[36:]]
        run = read(np.r_[np.ones(24), wave], decay=0.9, norms=norms)
        assert (hovering._cycling(run) is not None) == seen


def test_a_move_of_a_billionth_of_the_run_is_no_rise() -> None:
    tiny = np.tile([0.0, 1.0], 10) * 0.9e-9
    assert hovering._cycling(read(np.r_[1.0, np.zeros(19), tiny], decay=0.0)) is None
    assert hovering._cycling(read(np.r_[1.0, np.zeros(19), 2 * tiny], decay=0.0)) is not None


# --- never fell -----------------------------------------------------------------------------------


def hover(count: int = 200, level: float = 9.0, size: float = 0.1, **known: Any) -> Any:
    return hovering.never_fell(read(level + size * WHITE[:count], **({"noise": True} | known)))


def test_a_run_that_never_fell_is_told_with_its_level() -> None:
    late = (9 + 0.1 * WHITE)[100:]
    found = hover()
    assert found.kind == "nothing learned"
    assert found.evidence == (
        f"J hovers at {late.mean():.4g} ± 0.1 from the start, and 199 steps show no trend"
        "; a run that starts at its floor looks the same"
    )


def test_to_have_never_fallen_takes_noise_steps_and_a_slope() -> None:
    assert hover(noise=None) is not None
    assert hover(noise=False) is None
    assert hover(20) is None
    assert hover(21) is not None
    assert hover(norms=np.geomspace(1, 1e-13, 200)) is None
    zigzag = np.tile([7.0, 8.0], 50)
    for grain, seen in ((1.0, False), (BELOW, True)):
        run = read(zigzag, noise=True, grain=grain, norms=np.ones(100))
        assert (hovering.never_fell(run) is not None) == seen


@pytest.mark.parametrize("way", [-1, 1])
def test_a_trend_of_more_than_four_standard_errors_is_a_trend(way: int) -> None:
    """Of 200 independent numbers of a deviation σ it is σ/√(200³/12)."""
    error = 0.1 * (12 / 200**3) ** 0.5
    times = np.arange(200) - 99.5
    straight = np.polyfit(times, WHITE, 1)[0] * times
    for errors, seen in ((3.5, True), (4.5, False)):
        losses = 5 + 0.1 * (WHITE - straight) + way * errors * error * times
        losses[0] = losses[100:].mean()
        run = read(losses, noise=True)
        assert (hovering.never_fell(run) is not None) == seen


def test_four_standard_errors_exactly_are_no_trend(monkeypatch: pytest.MonkeyPatch) -> None:
    for trend in (4.0, -4.0, 4 * ABOVE, -4 * ABOVE):
        monkeypatch.setattr(segments, "slope", lambda _, t=trend: (t, 1.0))
        assert (hover() is not None) == (abs(trend) == 4)


def test_a_start_above_the_noise_has_fallen_to_it() -> None:
    """Losses of batches start within their noise; the whole cost has no noise at its start."""
    losses = 5 + 0.1 * WHITE
    late = losses[100:]
    edge = late.max() + np.ptp(late) / 2
    for start, seen in ((edge * BELOW, True), (edge * ABOVE, False)):
        losses[0] = start
        assert (hovering.never_fell(read(losses, noise=True)) is not None) == seen
    for start, seen in ((late.mean() - 1e-9, True), (late.mean() + 1e-9, False)):
        losses[0] = start
        run = read(losses, noise=True, points=np.zeros((200, 1)))
        assert (hovering.never_fell(run) is not None) == seen


def test_a_start_at_the_level_has_not_fallen_to_it() -> None:
    for start, seen in ((0.0, True), (1e-9, False)):
        losses = np.r_[start, np.tile([-1.0, 1.0], 50)[:99], 1.0]
        losses[50:] = np.resize([1.0, -1.0, -1.0, 1.0], 51)
        losses[50] = losses[51:].sum() * -1
        run = read(losses, noise=True, points=np.zeros((101, 1)))
        assert losses[50:].mean() == 0
        assert (hovering.never_fell(run) is not None) == seen


def test_first_losses_elsewhere_than_the_late_ones_have_moved() -> None:
    """An eighth of 160 losses is 20: their mean may be 4σ/√20 away."""
    late = np.tile([1.0, -1.0], 40)
    for away, seen in ((0.89, True), (-0.89, True), (0.9, False), (-0.9, False)):
        losses = np.r_[np.full(20, away), np.tile([1.0, -1.0], 30), late]
        assert (hovering.never_fell(read(losses, noise=True)) is not None) == seen
    short = np.r_[np.full(4, 1.9), np.tile([1.0, -1.0], 9)]  # of 22 losses four, not two
    assert hovering.never_fell(read(short, noise=True)) is not None
    short[:4] = 2.1
    assert hovering.never_fell(read(short, noise=True)) is None


def test_losses_that_depend_on_each_other_are_not_said_to_have_learned_nothing() -> None:
    wave = 5 + np.sin(np.arange(200) / 3)
    assert hovering.never_fell(read(wave, noise=None)) is None
    assert hovering.never_fell(read(wave, noise=True)) is not None


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_the_loss_of_a_guess_among_classes_is_recognised(classes: int) -> None:
    level = math.log(classes)
    words = f"; a guess among {classes} classes has this loss, ln {classes}"
    assert hovering._guess(level) == words
    if classes < 100:  # logarithms of neighbours lie further apart than half a per cent
        assert hovering._guess(level * 1.0049) == words
        assert hovering._guess(level * 0.9951) == words
        for other in (level * 1.0051, level * 0.9949):
            assert hovering._guess(other) == "; a run that starts at its floor looks the same"


@pytest.mark.parametrize("level", [-3.0, 0.0, 0.01, 0.6, 7.0, 8.0, 800.0])
def test_of_other_levels_no_guess_is_made(level: float) -> None:
    assert hovering._guess(level) == "; a run that starts at its floor looks the same"


# --- the floor ------------------------------------------------------------------------------------


def at_floor(late: Any, **known: Any) -> Any:
    late = np.array(late, float)
    return hovering.floor(read(np.r_[np.full(len(late), 50.0), late], **({"noise": True} | known)))


SQUARE = np.tile([1.0, -1.0, -1.0, 1.0], 30)
"""As often up as down; each part of four is alike."""


def test_a_floor_is_told_with_its_level_and_how_it_is_known() -> None:
    words = "J hovers at 7 ± 1: the last quarter is no lower than the one before"
    found = at_floor(SQUARE + 7)
    assert found.kind == "noise floor"
    assert found.evidence == words + ", and J does not change as the gradients say"
    assert at_floor(SQUARE + 7, sampled=True).evidence == (
        words + ", and the steps are taken on batches"
    )
    lower = SQUARE + 7 - 0.01 * (np.arange(120) >= 60)
    assert "the last quarter is lower only by chance than the one before" in (
        at_floor(lower).evidence
    )
    losses = np.r_[np.full(100, 50.0), WHITE[:100] + 7]
    assert hovering.floor(read(losses, noise=None)).evidence.endswith(  # type: ignore[union-attr]
        "; as far as losses can tell, for none of them foretells the next"
    )


def test_few_late_losses_could_be_noise_or_a_bounce() -> None:
    found = at_floor(7 + SQUARE[:36], noise=None)
    assert found.kind == "cannot tell"
    assert found.evidence == (
        "J hovers at 7 ± 1: noise, or a rate so large that the run bounces; 36 late losses are"
        " too few to tell"
    )
    assert "too few" not in at_floor(7 + SQUARE[:40], noise=None).evidence
    assert at_floor(7 + SQUARE[:36]).kind == "noise floor"


def test_late_losses_that_depend_on_each_other_could_be_ripples() -> None:
    wave = 7 + np.sin(2 * np.pi * np.arange(120) / 20)
    found = at_floor(wave, noise=None)
    assert found.kind == "cannot tell"
    assert found.evidence == (
        "J hovers at 7 ± 0.7, and its changes depend on each other: noise, or ripples of the rule"
        " itself; the points of the run would tell"
    )


def test_there_is_no_floor_without_noise_or_at_the_end_of_the_way() -> None:
    assert at_floor(SQUARE, noise=False) is None
    assert at_floor(SQUARE, norms=np.geomspace(1, 1e-13, 240)) is None
    assert at_floor(SQUARE, grain=2.0, norms=np.ones(240)) is not None
    assert at_floor(SQUARE, grain=2 * ABOVE, norms=np.ones(240)) is None
    flat = np.r_[1.0, np.zeros(119), 0.49e-6 * SQUARE]
    assert hovering.floor(read(flat, noise=True)) is None
    assert hovering.floor(read(np.r_[1.0, np.zeros(119), 0.6e-6 * SQUARE], noise=True)) is not None


def test_a_floor_does_not_rise_by_more_than_four_standard_errors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for errors, seen in ((4.0, True), (4 * ABOVE, False)):
        monkeypatch.setattr(segments, "slope", lambda _, trend=errors: (trend, 1.0))
        assert (at_floor(SQUARE) is not None) == seen


@pytest.mark.parametrize(("up", "seen"), [(1, False), (2, True), (3, True), (4, False)])
def test_a_floor_goes_up_as_often_as_down(up: int, seen: bool) -> None:
    """Of each five moves so many go up, back to where the five began."""
    moves = np.r_[np.full(up, 1 / up), np.full(5 - up, -1 / (5 - up))]
    late = np.cumsum(np.r_[0.0, np.tile(moves, 24)])
    assert (at_floor(late) is not None) == seen


def test_a_floor_falls_by_no_more_than_a_quarter_of_its_deviation_or_three_errors() -> None:
    """Quarters of 3000 numbers err by 1/√1500, three times of which is less than a quarter."""
    many = np.tile(SQUARE, 50)
    for fallen, seen in ((0.24, True), (0.26, False)):
        late = many - fallen * (np.arange(6000) >= 3000)
        assert (at_floor(late) is not None) == seen
    few = SQUARE[:64]  # quarters of 32: an error of √(2/32) = 0.25
    for fallen, seen in ((0.74, True), (0.78, False)):
        late = few - fallen * (np.arange(64) >= 32)
        assert (at_floor(late) is not None) == seen


def test_a_floor_does_not_climb() -> None:
    """A climb of 1.5 standard deviations over the late half that no chance makes is one."""
    times = np.arange(1200) / 1200
    many = np.tile(SQUARE, 10)
    for climb, seen in ((1.6, True), (1.8, False)):  # with the climb in it σ is √(1 + climb²/12)
        assert (at_floor(many + climb * times) is not None) == seen
    for climb in (2.5, 4.0):  # of twenty numbers it may be chance
        assert (at_floor(SQUARE[:20] + climb * np.arange(20) / 20) is not None) == (climb < 3)
