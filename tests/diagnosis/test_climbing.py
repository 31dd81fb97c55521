"""Where J rises: each sign is seen beyond its bound and not at it, in losses made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gdlib.diagnosis import climbing
from tests.diagnosis.material import read

BELOW, ABOVE = 1 - 1e-9, 1 + 1e-9
RATE = "rate above 2/L"


def kind(finding: Any) -> str | None:
    return None if finding is None else finding.kind


# --- rising: 24 losses, so that quarters are six ------------------------------------------------

FLAT = [1.0] * 18
CLIMB = [1.0, 2, 3, 4, 5, 6]


def steep(losses: list[float], **known: Any) -> Any:
    products = [9.0] * 18 + [2.5] * (len(losses) - 19)  # early ones are of no account
    return climbing.rising(read(losses, products=products, **known))


def test_a_rise_beyond_the_grain_at_a_product_above_2_is_a_rate_above_the_bound() -> None:
    found = steep(FLAT + CLIMB, grain=5 * BELOW)
    assert found.kind == RATE
    assert found.evidence == (
        "J rises, and η times the curvature along the last steps is 2.5, above 2"
    )
    assert found.advice == "lower the rate by more than a factor 1.2"  # 2.5/2 = 1.25
    assert steep(FLAT + CLIMB, grain=5.0) is None


@pytest.mark.parametrize(
    ("last", "seen"),
    [
        ([1.0, 2, 3, 2.5, 4, 5], True),  # up at four steps of five
        ([1.0, 2, 2, 3, 4, 5], True),
        ([1.0, 2, 1.5, 3, 2.5, 5], False),  # at three
        ([1.0, 2, 2, 2, 4, 5], False),
        ([6.0, 2, 3, 4, 5, 5.5], False),  # not above where the quarter began
    ],
)
def test_a_rise_goes_up_at_four_steps_of_five_and_beyond_its_start(
    last: list[float], seen: bool
) -> None:
    assert (steep(FLAT + last, ended=24) is not None) == seen


@pytest.mark.parametrize(("at", "seen"), [(0, True), (8, True), (9, False), (17, False)])
def test_a_rise_ends_above_the_half_before_it(at: int, seen: bool) -> None:
    losses = FLAT + CLIMB
    losses[at] = 7.0
    assert (steep(losses, ended=24) is not None) == seen


def test_a_rise_that_noise_could_make_ends_above_its_range_twice() -> None:
    before = [9.0] * 6 + [1.0] * 6 + [1.0, 0.5] * 3
    for end, seen in ((1.5, False), (1.5 * ABOVE, True)):
        losses = [*before, 0.5, 0.6, 0.7, 0.8, 0.9, end]
        assert (steep(losses) is not None) == seen
        assert steep(losses, ended=24) is not None  # but for a run that ended so


@pytest.mark.parametrize(("growth", "seen"), [(1.5, True), (1.4999, False), (0.5, False)])
def test_a_product_above_2_makes_the_slope_grow_or_is_not_believed(
    growth: float, seen: bool
) -> None:
    """At ηλ = 4 each step multiplies the slope by 3; a quarter of that growth is asked."""
    norms = growth ** np.arange(24.0)
    known: dict[str, Any] = {"norms": norms, "products": [4.0] * 23}
    found = climbing.rising(read(FLAT + CLIMB, **known))
    assert (kind(found) == RATE) == seen
    assert kind(climbing.rising(read(FLAT + CLIMB, decay=0.5, **known))) == RATE


def test_momentum_has_a_bound_of_its_own() -> None:
    known = {"rate": 0.5, "decay": 0.25, "curvatures": [90.0] * 17 + [8.0] * 6}
    found = steep(FLAT + CLIMB, **known)
    assert "is 4, above 2 + 2β = 2.5" in found.evidence
    assert found.advice == "lower the rate by more than a factor 1.6"
    for unknown in ({"rate": None}, {"decay": None}, {"curvatures": [np.nan] * 23}):
        assert "is 2.5, above 2" in steep(FLAT + CLIMB, **(known | unknown)).evidence
    below = steep(FLAT + CLIMB, **(known | {"rate": 0.1}))
    assert below.advice == "lower the rate by more than a factor 1"


def test_a_product_of_2_is_not_above_the_bound() -> None:
    for product, kind_ in ((2.0, "cannot tell"), (2 * ABOVE, RATE)):
        found = climbing.rising(read(FLAT + CLIMB, products=[product] * 23))
        assert kind(found) == kind_


@pytest.mark.parametrize(
    ("start", "low", "overshoots"),
    [
        (20.0, 19.0, False),  # a twentieth
        (20.0, 18.9, True),
        (-20.0, -21.0, False),
        (-20.0, -21.1, True),
    ],
)
def test_a_fall_of_a_twentieth_before_the_climb_is_steps_that_overshoot(
    start: float, low: float, overshoots: bool
) -> None:
    climb = low + 2.0 ** np.arange(-3, 18)
    losses = [start, (start + low) / 2, low, *climb]
    found = climbing.rising(read(losses, ended=24))
    assert (kind(found) == RATE) == overshoots
    early = climbing.rising(read([start, low, low + 1e-3, *climb], ended=24))
    assert kind(early) == "cannot tell"  # the lowest at step 1: it rises from the start


def test_an_overshoot_is_told_with_its_lowest_step() -> None:
    losses = [9.0, 5, 3, *(3 + 2.0 ** np.arange(21))]
    assert climbing.rising(read(losses)).evidence == (  # type: ignore[union-attr]
        "J falls to 3 at step 2, then climbs to 1.05e+06, faster at every step: downhill steps"
        " that overshoot"
    )


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"products": [-1.0] * 23}, "J rises along the steps and so does the slope: a gradient of"),
        ({"products": [0.0] * 23}, "J rises from the first steps on: a rate above 2/L or a"),
        ({"products": [-1.0] * 23, "noise": True}, "J rises from the first steps on"),
        ({"products": [-1.0] * 23, "noise": None}, "J rises from the first steps on"),
        ({}, "J rises from the first steps on"),
    ],
)  # fmt: skip
def test_a_rise_from_the_start_is_left_open(known: dict[str, Any], words: str) -> None:
    found = climbing.rising(read(FLAT + CLIMB, **known))
    assert found is not None
    assert found.kind == "cannot tell"
    assert found.evidence.startswith(words)
    assert found.evidence.endswith((
        " the wrong sign does this; give the cost to be sure",
        " gradient of the wrong sign; a trajectory with its cost would tell",
    ))  # fmt: skip


@pytest.mark.parametrize(("last", "explodes"), [(5.0, False), (5.0 * ABOVE, True)])
def test_a_climb_explodes_if_its_last_third_is_over_five_times_the_middle(
    last: float, explodes: bool
) -> None:
    assert climbing._explodes(np.cumsum([0.0, 3, 3, 1, 1, last, last])) == explodes
    assert climbing._explodes(np.cumsum([0.0, 3, 3, 1, 1, 1]))  # too short to tell: it does


def test_a_steady_climb_after_a_fall_is_a_u_and_no_rate() -> None:
    """A run whose last quarter alone rises is asked for its U."""
    steps = np.arange(60)
    u = 1 + ((steps - 30) / 20) ** 2
    found = climbing.rising(read(u, ended=60))
    assert kind(found) == "falls, then climbs"


# --- turned, turning ----------------------------------------------------------------------------


def valley(count: int = 48, low: int = 24, rise: float = 1.0) -> Any:
    """Return losses that fall by 1 to 0 at `low`, and rise by `rise` from there, straight."""
    steps = np.arange(count)
    fall, climb = (low - steps) / low, rise * (steps - low) / (count - 1 - low)
    return np.where(steps < low, fall, climb)


def test_a_u_is_told_with_its_lowest_step() -> None:
    found = climbing.turned(read(2 + valley()))
    assert found is not None
    assert (found.kind, found.step) == ("falls, then climbs", 24)
    assert found.evidence == "J falls from 3 to 2 at step 24, then climbs to 3 at a steady pace"


@pytest.mark.parametrize(("steps", "seen"), [(14, False), (15, True)])
def test_a_u_takes_fifteen_steps(steps: int, seen: bool) -> None:
    losses = valley(steps + 1, steps // 2)
    assert (climbing.turned(read(losses)) is not None) == seen
    late = valley(steps + 1, steps - 4, 0.5)
    assert (climbing.turning(read(late)) is not None) == seen


def test_noise_makes_no_u_and_unknown_noise_may() -> None:
    late = valley(48, 40, 0.4)
    for noise in (False, None):
        assert climbing.turned(read(valley(), noise=noise)) is not None
        assert climbing.turning(read(late, noise=noise)) is not None
    assert climbing.turned(read(valley(), noise=True)) is None
    assert climbing.turning(read(late, noise=True)) is None


def test_a_u_climbs_by_a_tenth_of_its_fall_or_more() -> None:
    """The twelve parts are of eight; the lowest is the part that ends in the bottom."""
    for rise, seen in ((0.08, False), (0.2, True)):
        assert (climbing.turned(read(valley(96, 48, rise))) is not None) == seen


def test_a_u_shows_three_parts_of_its_climb() -> None:
    """Of twelve parts the tenth and later are too late to tell the climb from a ripple."""
    for part, seen in ((8, True), (9, True), (10, False)):
        low = 8 * part + 4
        assert (climbing.turned(read(valley(96, low, 0.9))) is not None) == seen


@pytest.mark.parametrize(("grain", "seen"), [(0.8, True), (1.0, False)])
def test_a_u_is_deeper_than_the_grain(grain: float, seen: bool) -> None:
    assert (climbing.turned(read(valley(96, 48), grain=grain)) is not None) == seen


def test_a_u_is_deeper_than_five_times_its_scatter() -> None:
    zigzag = (-1.0) ** np.arange(96)  # scatters by 4/(0.6745·√6) = 2.42 of its height
    for height, seen in ((0.06, True), (0.1, False)):
        assert (climbing.turned(read(valley(96, 48) + height * zigzag)) is not None) == seen


def test_a_u_climbs_at_three_parts_of_four() -> None:
    for tail, seen in (([1.0, 2, 3, 2], True), ([1.0, 2, 1, 0.9], False)):
        losses = np.repeat([7.0, 6, 5, 4, 3, 2, 1, 0, *tail], 8)
        assert (climbing.turned(read(losses)) is not None) == seen


def test_a_u_does_not_explode() -> None:
    bottom = [4.0, 3, 2, 1, 0]
    for tail, seen in (([1.0, 2, 3, 4, 5, 6, 7], True), ([0.1, 0.2, 0.3, 0.4, 0.5, 9, 18], False)):
        assert (climbing.turned(read(np.repeat(bottom + tail, 8))) is not None) == seen
    short = np.repeat([7.0, 6, 5, 4, 3, 2, 1, 0, 0.01, 0.02, 0.03, 9], 8)
    assert climbing.turned(read(short)) is not None  # four steps of it tell nothing


def test_a_u_falls_from_the_highest_of_its_first_loss_and_its_first_part() -> None:
    """Where the first part is the lowest, a single high loss at the start is the fall."""
    assert climbing.turned(read(np.r_[5.0, np.linspace(0, 1, 95)])) is not None
    assert climbing.turned(read(np.r_[0.0, 0.3, np.linspace(0, 1, 94)])) is None
    assert climbing.turned(read(np.linspace(0, 1, 96))) is None
    levels = [3.0, 9, 1, 0, 1, 2, 3, 4, 5, 6, 7, 7]
    for first, grain, seen in (
        (3.0, 3.0, False),
        (3.0, 2.9, True),
        (4.0, 3.5, True),
        (2.0, 2.9, True),
    ):
        losses = np.repeat(levels, 8)
        losses[0] = first
        losses[1] += 3 - first  # the mean of the part stays
        assert (climbing.turned(read(losses, grain=grain)) is not None) == seen


def test_a_dip_of_three_steps_in_a_high_part_counts_as_low() -> None:
    """The lowest mean of three in a row is asked, not that of a part, nor of fewer at the ends."""
    losses = 1e-3 * valley(96, 48) + 9
    losses[48:51] -= 3.0
    for grain, seen in ((2.9, True), (3.1, False)):
        assert (climbing.turned(read(losses, grain=grain)) is not None) == seen
    losses[48:51] += 3.0
    losses[49] -= 3.0  # a single one is averaged with its neighbours
    for grain, seen in ((0.9, True), (1.1, False)):
        assert (climbing.turned(read(losses, grain=grain)) is not None) == seen


@pytest.mark.parametrize(("rise", "seen"), [(1.0, True), (BELOW, False)])
def test_a_u_climbs_by_a_tenth_of_its_fall_exactly(rise: float, seen: bool) -> None:
    losses = np.repeat([10.0, 8, 6, 4, 2, 0, 0.1, 0.2, 0.3, 0.4, 0.5, rise], 8)
    assert (climbing.turned(read(losses)) is not None) == seen


def test_a_part_that_rests_does_not_climb() -> None:
    for tail, seen in (([1.0, 1, 2, 3], True), ([1.0, 1, 1, 2], False)):
        losses = np.repeat([7.0, 6, 5, 4, 3, 2, 1, 0, *tail], 8)
        assert (climbing.turned(read(losses)) is not None) == seen


def test_six_parts_of_a_climb_can_explode() -> None:
    tail = [0.01, 0.02, 0.03, 0.04, 4, 9]
    assert climbing.turned(read(np.repeat([9.0, 6, 4, 3, 2, 0, *tail], 8))) is None
    assert climbing.turned(read(np.repeat([9.0, 8, 6, 4, 3, 2, 0, *tail[1:]], 8))) is not None


def downhill(signs: Any) -> dict[str, Any]:
    """Return points and gradients of which late steps go down where the sign is 1."""
    return {
        "points": np.cumsum(np.r_[0.0, np.ones(len(signs))])[:, None],
        "gradients": -np.r_[signs, 1.0][:, None],
    }


def test_a_u_is_climbed_downhill_at_most_late_steps() -> None:
    """Momentum carries a run uphill; then the rise needs no other cause."""
    early = np.ones(36)
    for late, seen in (([1.0] * 7 + [-1.0] * 5, True), ([1.0] * 6 + [-1.0] * 6, False)):
        known = downhill(np.r_[early, late][1:])
        assert (climbing.turned(read(valley(), **known)) is not None) == seen
        assert (climbing.turning(read(valley(48, 40, 0.4), **known)) is not None) == seen
    rest = downhill(np.r_[early, [1.0] * 6, [0.0] * 6][1:])  # no slope along a step is no fall
    assert climbing.turned(read(valley(), **rest)) is None
    assert climbing.turned(read(valley(), points=rest["points"])) is not None
    two = {name: np.hstack([rows, 2 * rows]) for name, rows in downhill(np.ones(47)).items()}
    two["gradients"][:, 0] *= -1  # uphill in one direction, and by more downhill in the other
    assert climbing.turned(read(valley(), **two)) is not None


def test_a_late_turn_is_told_with_its_step_and_left_open() -> None:
    found = climbing.turning(read(2 + valley(48, 40, 0.5)))
    assert found is not None
    assert (found.kind, found.step) == ("cannot tell", 40)
    assert found.evidence == (
        "J is lowest at step 40, 2, and rises since, to 2.5: the start of a U, or a ripple; more"
        " steps would tell"
    )


@pytest.mark.parametrize(
    ("low", "seen"), [(22, False), (25, True), (26, True), (42, True), (45, False), (47, False)]
)
def test_a_turn_is_late_and_not_in_the_last_part(low: int, seen: bool) -> None:
    """Twelve parts of four: the lowest must be the seventh to the eleventh."""
    losses = np.abs(np.arange(48.0) - low) / 10
    assert (climbing.turning(read(losses)) is not None) == seen


@pytest.mark.parametrize(("low", "seen"), [(47.4, False), (48.6, True)])
def test_a_long_run_is_looked_at_in_twelve_parts(low: float, seen: bool) -> None:
    """Of 96 losses the seventh part begins at the 48th."""
    losses = np.abs(np.arange(96.0) - low) / 10
    assert (climbing.turning(read(losses)) is not None) == seen


@pytest.mark.parametrize(("grain", "seen"), [(1.0, False), (BELOW, True)])
def test_a_turn_rises_beyond_the_grain(grain: float, seen: bool) -> None:
    losses = np.repeat([9.0, 8, 7, 6, 5, 4, 3, 2, 1, 1.25, 1.5, 2], 4)
    assert (climbing.turning(read(losses, grain=grain)) is not None) == seen


@pytest.mark.parametrize(("rise", "seen"), [(0.2, False), (0.2 * ABOVE, True)])
def test_a_turn_rises_beyond_a_fiftieth_of_all_changes(rise: float, seen: bool) -> None:
    losses = np.repeat([10.0, 8, 7, 6, 5, 4, 3, 2, 0, 0.01, 0.02, rise], 4)
    assert (climbing.turning(read(losses)) is not None) == seen


def test_a_turn_rises_from_part_to_part() -> None:
    for last, seen in (([1.0, 1.1, 2], True), ([1.0, 1.0, 2], False), ([1.0, 0.9, 2], False)):
        losses = np.repeat([9.0, 8, 7, 6, 5, 4, 3, 2, 0.5, *last], 4)
        assert (climbing.turning(read(losses)) is not None) == seen


def test_where_noise_is_possible_a_turn_rises_beyond_five_standard_errors() -> None:
    """Parts of four whose variance is 1: the error of a difference of means is √(2/4)."""
    zigzag = np.tile([1.0, -1, 1, -1], 12)
    for rise, seen in ((3.5, False), (3.6, True)):  # 5/√2 = 3.54
        losses = np.repeat([90.0, 80, 70, 60, 50, 40, 30, 20, 10, 11, 12, 10 + rise], 4) + zigzag
        assert (climbing.turning(read(losses, noise=None)) is not None) == seen
        assert climbing.turning(read(losses)) is not None


def test_the_chance_of_a_turn_is_that_of_its_lowest_part_and_of_its_last() -> None:
    zigzag = np.tile([1.0, -1, 1, -1], 12)
    quiet = np.repeat([90.0, 80, 70, 60, 50, 40, 30, 20, 10, 11, 12, 13], 4)
    for part, height, seen in (
        (11, 1.1, True),
        (11, 1.3, False),
        (8, 1.3, False),
        (1, 9.0, True),
        (10, 1.3, True),
    ):
        shaken = quiet + np.where(np.arange(48) // 4 == part, height, 0.0) * zigzag
        assert (climbing.turning(read(shaken, noise=None)) is not None) == seen  # 5·1.2/√4 = 3


# --- spikes -------------------------------------------------------------------------------------


def leap(size: float, at: int = 50, count: int = 101, ripple: float = 0.01) -> Any:
    """Return losses of 1 with a ripple of that height, and one of them higher by `size`."""
    losses = 1 + ripple * (np.arange(count) % 2)
    losses[at] += size
    return losses


def test_a_spike_is_told_with_its_step_and_its_way_back() -> None:
    losses = leap(2.0)
    losses[51] = 2.5
    found = climbing.spiked(read(losses))
    assert found is not None
    assert (found.kind, found.step) == ("spike", 50)
    assert found.evidence == (
        "J leaps from 1.01 to 3 in step 50, and is half the way back at step 52"
    )


def test_of_several_spikes_the_largest_is_told_and_the_others_are_counted() -> None:
    losses = leap(2.0)
    losses[[30, 70]] += 1, 1.5
    found = climbing.spiked(read(losses))
    assert found is not None
    assert found.step == 50
    assert found.evidence.endswith("; so it does 2 more times")
    losses[30] = 1.0
    assert "; so it does 1 more times" in str(climbing.spiked(read(losses)))


@pytest.mark.parametrize(("at", "seen"), [(8, False), (9, True), (97, False), (96, False)])
def test_a_spike_has_eight_steps_before_it_and_some_behind(at: int, seen: bool) -> None:
    losses = leap(2.0, at, 98)
    assert (climbing.spiked(read(losses)) is not None) == (seen or at == 96)


def test_a_leap_that_never_comes_back_is_no_spike() -> None:
    losses = leap(0.0)
    losses[50:] += 3.0
    assert climbing.spiked(read(losses)) is None


def test_half_the_way_back_is_back() -> None:
    losses = np.ones(101)
    losses[60:] = 2.0
    losses[50:60] = 3.0
    assert climbing._back(losses, 49) == 60
    losses[60:] = 2 * ABOVE
    assert climbing._back(losses, 49) is None


@pytest.mark.parametrize(("size", "seen"), [(2.0, False), (2.0 * ABOVE, True)])
def test_a_spike_undoes_a_fifth_of_the_fall(size: float, seen: bool) -> None:
    losses = np.ones(101)
    losses[0] = 11.0
    losses[50] += size
    assert (climbing.spiked(read(losses)) is not None) == seen


@pytest.mark.parametrize(("grain", "seen"), [(1.0, False), (BELOW, True)])
def test_a_spike_is_twice_the_grain(grain: float, seen: bool) -> None:
    losses = np.ones(101)
    losses[50] = 3.0
    assert (climbing.spiked(read(losses, grain=grain)) is not None) == seen


@pytest.mark.parametrize(("size", "seen"), [(0.120, False), (0.133, True)])
def test_a_spike_is_twelve_times_the_moves_nearby(size: float, seen: bool) -> None:
    """The ripple moves by 0.01 each step, and the leap by 0.01 more or less."""
    losses = leap(size - 0.01, at=51)
    assert np.diff(losses).max() == pytest.approx(size)
    assert (climbing.spiked(read(losses)) is not None) == seen


@pytest.mark.parametrize(
    ("count", "leaps", "seen"),
    [(101, 3, True), (101, 4, False), (51, 2, True), (51, 3, False), (201, 6, True)],
)
def test_spikes_are_rarer_than_three_in_a_hundred_steps_or_two(
    count: int, leaps: int, seen: bool
) -> None:
    losses = np.ones(count)
    losses[np.linspace(10, count - 5, leaps).astype(int)] = 100.0
    assert (climbing.spiked(read(losses)) is not None) == seen


def test_what_is_nearby_is_eight_moves_on_either_side_but_not_the_way_back() -> None:
    moves = np.full(60, 100.0)
    moves[22:30] = 1.0
    moves[[30, 31]] = 13.0, -99.0
    moves[32:40] = 1.0
    assert climbing._leap(moves, 30)
    moves[30] = 12.0
    assert not climbing._leap(moves, 30)
    for at in (22, 23, 24, 25, 26, 27, 28, 29):
        moves[at] = 2.0  # the middle of sixteen is 1.5 now, and 12 times that is 18
    moves[30] = 18.0
    assert not climbing._leap(moves, 30)
    moves[30] = 18.1
    assert climbing._leap(moves, 30)
    moves[32] = 2.0  # of nine 2 and seven 1
    assert not climbing._leap(moves, 30)
    few = np.array([1.0, 1, 13, -9, 1, 1])
    assert climbing._leap(few, 2)
    assert not climbing._leap(few[:5], 2)
    assert climbing._leap(np.r_[1.0, 1, 1, few[2:5]], 3)


def test_a_leap_stands_five_times_above_the_rises_made_as_rarely() -> None:
    """Of 1000 steps 30 may be leaps; the next rise below them is usual."""
    losses = np.ones(1001)
    losses[20 + 25 * np.arange(39)] = 2.0
    for size, seen in ((5.9, False), (6.1, True)):
        losses[510] = size
        assert (climbing.spiked(read(losses)) is not None) == seen
