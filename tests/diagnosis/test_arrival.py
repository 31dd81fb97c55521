"""Losses that still fall a little have arrived, unless what is left is much: by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.diagnosis import segments, slow
from tests.diagnosis.material import read

PART = np.linspace(0, 1, 400)


def seen(losses: Any, **known: Any) -> bool:
    return slow._slow_losses(read(losses, **known)) is not None


def tail(keeps: float, first: float = 3.0, size: float = 0.02) -> Any:
    """Return a fall by 1 that shrinks by e in `first` steps, and a little one behind it.

    The little one keeps that share of itself from each 25 of the 100 steps to the next.
    """
    steps = np.arange(100)
    return np.exp(-steps / first) + size * keeps ** (steps / 25)


@pytest.mark.parametrize("kept", [0.9, 0.5, 0.2])
def test_as_many_steps_again_promise_a_geometric_sum(kept: float) -> None:
    """Quarters at heights 7 + h, h k, h k², h k³ fall on to h k⁷."""
    means = 3 * kept ** np.arange(8.0)
    losses = 7 + np.repeat(means[:4], 5)
    assert slow._promised(losses) == pytest.approx(means[3] - means[7])


@pytest.mark.parametrize("heights", [[9, 6, 5, 4], [9, 6, 5.5, 4.5], [9, 5, 5, 4], [4, 4, 5, 4]])
def test_a_fall_that_grew_promises_no_more_than_to_go_on(heights: list[float]) -> None:
    assert slow._promised(np.repeat(np.array(heights, float), 5)) == 4


@pytest.mark.parametrize(("made", "slowly"), [(0.97, True), (0.985, True), (0.992, False)])
def test_an_exponential_decay_has_arrived_when_99_per_cent_are_made(
    made: float, slowly: bool
) -> None:
    for height in (0.0, 5.0, -5.0):
        assert seen(height + 10 * (1 - made) ** PART) == slowly


@pytest.mark.parametrize(("share", "slowly"), [(1.01, True), (0.99, False)])
def test_what_is_promised_is_a_fiftieth_of_the_whole_fall(share: float, slowly: bool) -> None:
    tail_of = slow._promised(tail(0.4))
    losses = tail(0.4)
    losses[0] = losses[-1] + tail_of / (0.02 * share)
    assert slow._promised(losses) == tail_of
    assert seen(losses) == slowly


@pytest.mark.parametrize("size", [0.02, 1e-3, 1e-4])
@pytest.mark.parametrize(("keeps", "slowly"), [(0.9, True), (0.55, True), (0.45, False)])
def test_a_tail_that_promises_more_than_it_had_is_slow_however_small(
    size: float, keeps: float, slowly: bool
) -> None:
    """Of a tail that keeps more than half, r + r² + … is more than 1."""
    assert seen(tail(keeps, size=size)) == slowly


@pytest.mark.parametrize(("first", "slowly"), [(0.4, True), (1.0, True), (3.0, False)])
def test_a_tail_that_shrinks_twenty_times_slower_than_the_first_fall_is_a_valley(
    first: float, slowly: bool
) -> None:
    """This one shrinks by e in 25/ln(1/0.4) = 27.3 steps."""
    assert seen(tail(0.4, first)) == slowly


@pytest.mark.parametrize("first", [2.0, 1.3])
def test_the_pace_of_a_valley_follows_from_its_first_steps(first: float) -> None:
    """Along straight lines from step to step, the first 1 − 1/e of a fall by 1 are met here."""
    at = float(np.interp(1 - np.exp(-1), 1 - np.exp(-np.arange(9) / first), np.arange(9)))
    losses = np.r_[np.exp(-np.arange(100) / first)]
    assert slow._kept(losses, 1.0) == pytest.approx(min(0.5, np.exp(-25 / (20 * at))))
    losses[40] = -3.0  # what comes later is not the first fall
    assert slow._kept(losses, 1.0) == pytest.approx(min(0.5, np.exp(-25 / (20 * at))))
    assert slow._kept(np.linspace(1, 0, 100), 1.0) == 0.5


def test_the_first_fall_ends_where_it_is_first_met() -> None:
    """In step 10, from 0.9 to 0.2: (0.9 − 1/e)/0.7 of it. What leaps back after it is noise."""
    losses = np.r_[np.full(10, 0.9), 0.2, np.full(600, 0.9), np.linspace(0.2, 0, 189)]
    losses[0] = 1
    first = 9 + (0.9 - np.exp(-1)) / 0.7
    assert slow._kept(losses, 1.0) == pytest.approx(np.exp(-200 / (20 * first)))


@pytest.mark.parametrize(("error", "slowly"), [(0.149, True), (0.15, False)])
def test_where_noise_is_possible_only_a_pace_that_surely_lasts_counts(
    error: float, slowly: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both paces are 1 ± e: 1 − 3√(e² + (e/2)²) is 1/2 at e = 0.1491."""
    steps = np.arange(40)
    losses = np.exp(-steps / 4) + 1e-4 * (-1.0) ** steps
    late = {5: (-1.0, 0.0), 10: (-1.0, error), 20: (-1.0, 0.1)}
    monkeypatch.setattr(segments, "slope", lambda numbers: late[len(numbers)])
    assert seen(losses, noise=None) == slowly
    assert seen(losses)


@pytest.mark.parametrize(("grain", "slowly"), [(0.95e-5, True), (1.05e-5, False)])
def test_a_line_is_no_line_in_ten_units_of_the_last_digit(grain: float, slowly: bool) -> None:
    """The third quarter still falls faster: only the shape of the last one shows the line."""
    steps = np.arange(80)
    losses = np.exp(-steps / 4) - 1e-4 / 19 * steps
    losses[:60] += 1e-3 * np.minimum(1, np.linspace(3, 0, 60))
    assert np.ptp(losses[60:]) == pytest.approx(1e-4, rel=0.02)
    assert slow._promised(losses) < 0.02
    assert seen(losses, grain=grain) == slowly


@pytest.mark.parametrize("size", [0.0, 0.003])
@pytest.mark.parametrize("digits", [4, 16])
def test_a_decay_to_a_floor_is_healthy_and_a_fall_that_goes_on_is_not(
    size: float, digits: int
) -> None:
    noise = size * np.random.default_rng(11).standard_normal(len(PART))
    for pace, kind in ((5.5, "healthy"), (2.0, "slow fall")):
        losses = np.round(1 + (1 + noise) * np.exp(-pace * PART), digits)
        assert gd.diagnose(losses).kind == kind
