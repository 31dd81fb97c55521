"""Where J falls too slowly or stands: valleys, timid rates, plateaus and saddles, by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from gdlib.diagnosis import flat, gradient_check, segments, slow, symptoms
from tests.diagnosis.material import read

BELOW, ABOVE = 1 - 1e-9, 1 + 1e-9
NAN = np.nan
FALL = np.linspace(2, 1, 41)


def kind(finding: Any) -> str | None:
    return None if finding is None else finding.kind


def still(last: float = 1.0, **known: Any) -> Any:
    """Return what a run of 40 steps is told, whose slope is `last` at the end and 1 before."""
    norms = np.r_[np.ones(21), np.full(20, last)]
    return slow.slow(read(known.pop("losses", FALL), **({"norms": norms} | known)))


def test_a_timid_rate_is_told_with_what_it_could_be() -> None:
    found = still(products=[0.02] * 39 + [0.05])
    assert found.kind == "rate too small"
    assert found.evidence == "η times the largest curvature met is 0.05; up to 1 nothing bounces"
    assert found.advice == "raise the rate, up to 20 times"


@pytest.mark.parametrize(("product", "timid"), [(0.1 * BELOW, True), (0.1, False)])
def test_a_rate_is_timid_below_a_tenth_of_a_step_to_the_bottom(product: float, timid: bool) -> None:
    assert (kind(still(products=[product] * 40)) == "rate too small") == timid


@pytest.mark.parametrize(("last", "seen"), [(0.1, False), (0.1 * ABOVE, True)])
def test_a_slope_that_loses_a_digit_in_half_the_run_is_not_slow(last: float, seen: bool) -> None:
    assert (still(last, products=[0.01] * 40) is not None) == seen


@pytest.mark.parametrize("unit", [0.25, 4.0])
def test_units_of_the_slope_do_not_matter_to_how_slow_it_shrinks(unit: float) -> None:
    for last, seen in ((0.09, False), (0.11, True)):
        norms = unit * np.r_[np.ones(21), np.full(20, last)]
        assert (still(norms=norms, products=[0.01] * 40) is not None) == seen


def test_a_run_that_rose_or_arrived_is_not_slow() -> None:
    known: dict[str, Any] = {"products": [0.01] * 40}
    assert still(losses=np.r_[1.0, np.full(40, 1.0)], **known) is not None
    assert still(losses=np.r_[1.0, np.full(40, 1.0 * ABOVE)], **known) is None
    assert still(losses=np.r_[1.0, np.full(39, 0.5), 1.0 * ABOVE], **known) is None
    assert still(norms=np.r_[1.0, np.geomspace(1e-9, 0.9e-9, 40)], faint=1e-8, **known) is None


@pytest.mark.parametrize(
    ("products", "rate", "more"),
    [
        (None, None, "a trajectory, or a learning_rate,"),
        (None, 0.1, "a trajectory"),
        ([0.5] * 30 + [NAN] * 10, 0.1, "a trajectory"),
        ([0.5] * 30 + [0.0] * 10, 0.1, "a trajectory"),
    ],
)
def test_a_slow_slope_of_unknown_curvature_is_left_open(
    products: Any, rate: float | None, more: str
) -> None:
    known: dict[str, Any] = {} if products is None else {"products": products}
    found = still(rate=rate, **known)
    assert found.kind == "cannot tell"
    assert found.evidence == (
        f"‖g‖ is 1 and shrinks slowly: a valley or a rate too small; {more} would tell"
    )


@pytest.mark.parametrize(("narrow", "valley"), [(20, False), (21, True)])
def test_a_valley_is_twenty_times_as_curved_across_as_along(narrow: int, valley: bool) -> None:
    runs: tuple[dict[str, Any], ...] = (
        {"products": [0.01 * narrow] * 30 + [0.01] * 10},
        {"products": [0.5] + [0.01] * 39, "curvatures": [3.0 * narrow] * 30 + [3.0] * 10},
    )
    for known in runs:
        found = still(**known)
        assert (kind(found) == "crawling in a valley") == valley
        if found:
            assert found.evidence == (
                "the largest curvature met is 21 times that along the last steps; at this pace the"
                " next digit takes 230 steps"  # ln 10/0.01
            )


def test_a_slope_with_ups_and_downs_is_measured_by_its_middle() -> None:
    norms = np.ones(48)
    norms[45:] = 1.0, 0.01, 0.01
    assert slow._size(read(np.zeros(48), norms=norms), 48) == 0.01
    norms[45:] = 0.01, 1.0, 1.0
    assert slow._size(read(np.zeros(48), norms=norms), 48) == 1
    few = read(np.zeros(8), norms=np.arange(8.0))
    assert [slow._size(few, end) for end in (1, 5, 8)] == [0, 4, 7]
    thirty_two = read(np.zeros(32), norms=np.arange(32.0))
    assert [slow._size(thirty_two, end) for end in (1, 5, 32)] == [0, 3.5, 30.5]


# --- a parabola whose steep way still ripples -----------------------------------------------------


def parabola(curvatures: Any, before: Any, now: Any, steps: int = 40, noise: bool = False) -> Any:
    """Return a run on Σ λθ²/2 from `before` to `now` in its late half, and twice as far before."""
    curved = np.array(curvatures, float)
    rng = np.random.default_rng(0)
    late = np.linspace(before, now, steps // 2 + 1)
    late[1:-1] += 0.1 * np.abs(late).max(0) * rng.standard_normal(late[1:-1].shape)
    points = np.vstack([np.full((steps // 2, len(curved)), 2.0) * late[0], late])
    gradients = points * curved
    losses = (points**2 * curved).sum(-1) / 2
    return read(
        losses, points=points, gradients=gradients, norms=np.linalg.norm(gradients, axis=-1),
        curvatures=np.full(steps, max(curved)), noise=noise,
    )  # fmt: skip


def test_a_parabola_gives_away_its_curvatures_and_the_ways_left() -> None:
    curvatures, before, now = slow._modes(parabola([1, 100], [5, 0.3], [4, 0.01]))  # type: ignore[misc]
    np.testing.assert_allclose(curvatures, [1, 100], rtol=1e-6)
    np.testing.assert_allclose(np.abs(before), [5, 0.3], rtol=1e-6)
    np.testing.assert_allclose(np.abs(now), [4, 0.01], rtol=1e-6)


def test_a_valley_behind_ripples_is_told_with_what_half_the_run_made() -> None:
    found = slow._hidden(parabola([1, 100], [5, 0.3], [4, 0.01]))
    assert found is not None
    assert found.kind == "crawling in a valley"
    assert found.evidence == (
        "the largest curvature met is 100 times that of the way left, of which the second half of"
        " the run made 20%"
    )


def test_a_hidden_valley_is_asked_for_however_the_slope_shrinks() -> None:
    """Whether the slope lost its digit, or the last steps look wide enough, makes no difference."""
    for now in ([4, 0.01], [4, 0.29]):
        run = parabola([1, 100], [5, 0.3], now)
        run = dataclasses.replace(run, products=np.full(40, 0.5), rate=0.005)
        found = slow.slow(run)
        assert found is not None
        assert found.kind == "crawling in a valley"


@pytest.mark.parametrize(
    ("curvatures", "before", "now", "seen"),
    [
        ([1, 100], [5, 0.3], [0.51, 0.01], True),
        ([1, 100], [5, 0.3], [0.49, 0.01], False),  # a tenth is left of it
        ([1, 100], [5, 20], [4, 41], False),  # a tenth of the largest left
        ([1, 100], [5, 20], [4, 39], True),
        ([1, 19.9], [5, 0.3], [4, 0.01], False),
        ([1, 20.1], [5, 0.3], [4, 0.01], True),
    ],
)
def test_a_hidden_valley_is_long_narrow_and_hardly_shorter(
    curvatures: Any, before: Any, now: Any, seen: bool
) -> None:
    assert (slow._hidden(parabola(curvatures, before, now)) is not None) == seen


def test_points_without_gradients_or_gradients_without_points_show_no_curvature() -> None:
    rows = np.linspace(9, 1, 41)[:, None]
    for known in ({"points": rows}, {"gradients": rows}):
        run = read(FALL, **known, products=[0.7] * 40)
        assert slow._modes(run) is None
        assert slow._drift(run) is None
        assert slow._pace(run) == pytest.approx(0.7)
        assert gradient_check.against_losses(run) is None


def test_only_a_parabola_of_few_parameters_without_noise_has_modes() -> None:
    assert slow._modes(parabola([1] * 40, [1] * 40, [0.5] * 40, steps=200)) is not None
    assert slow._modes(parabola([1] * 41, [1] * 41, [0.5] * 41, steps=200)) is None
    assert slow._modes(parabola([1, 9], [5, 1], [4, 1], noise=True)) is None
    assert slow._modes(parabola([-1, 9], [5, 1], [4, 0.1])) is None
    assert slow._modes(read(FALL)) is None
    assert slow._hidden(read(FALL)) is None
    resting = read(np.ones(9), points=np.ones((9, 2)), gradients=np.ones((9, 2)))
    assert slow._modes(resting) is None
    line = parabola([3, 9], [5, 0], [4, 0])  # a way that no point leaves has no curvature
    np.testing.assert_allclose(slow._modes(line)[0], [3])  # type: ignore[index]


@pytest.mark.parametrize(("bend", "seen"), [(0.01, True), (0.3, False)])
def test_ground_that_is_no_parabola_has_no_modes(bend: float, seen: bool) -> None:
    x = np.linspace(-1, 1, 40)[:, None]
    run = read(x[:, 0] ** 2, points=x, gradients=x + bend * x**2)
    assert (slow._modes(run) is not None) == seen


def test_at_most_four_hundred_late_points_are_fitted() -> None:
    x = np.linspace(9, 1, 1000)[:, None]
    steep = np.where(np.arange(1000) < 600, 50.0, 2.0)[:, None]
    curvatures, before, now = slow._modes(  # type: ignore[misc]
        read(np.zeros(1000), points=x, gradients=2 * x + steep * (np.arange(1000) < 600)[:, None])
    )
    np.testing.assert_allclose(curvatures, [2])
    np.testing.assert_allclose(np.abs([before, now]).ravel(), [x[600, 0], 1])


# --- pace, drift, narrowness ----------------------------------------------------------------------


def test_drift_is_the_curvature_along_the_whole_way_of_the_last_quarter() -> None:
    """Zigzags in a steep direction cancel in the means."""
    far = np.linspace(8, 4, 40)
    points = np.stack([far, 0.5 * (-1.0) ** np.arange(40)], axis=-1)
    run = read(np.zeros(40), points=points, gradients=points * [0.25, 90], products=[1.5] * 39,
               curvatures=[90.0] * 39)  # fmt: skip
    assert slow._drift(run) == pytest.approx(0.25)
    assert slow._narrowness(run) == pytest.approx(360)
    still = read(np.zeros(40), points=np.ones((40, 2)), gradients=np.ones((40, 2)))
    assert slow._drift(still) is None
    assert slow._drift(read(np.zeros(40))) is None


def test_the_pace_is_the_rate_that_the_last_steps_show_times_the_drift() -> None:
    x = 8 * 0.9 ** np.arange(41.0)[:, None]  # η = 0.2 at λ = 0.5
    run = read(np.zeros(41), points=x, gradients=0.5 * x, products=[0.7] * 40)
    assert slow._pace(run) == pytest.approx(0.1)
    assert slow._pace(read(np.zeros(41), products=[0.7] * 40)) == pytest.approx(0.7)
    flat_ = read(np.zeros(41), points=x, gradients=0 * x, products=[0.7] * 40)
    with np.errstate(invalid="ignore"):
        assert slow._pace(flat_) == pytest.approx(0.7)
    early = np.r_[np.linspace(20, 9, 30)[:, None], x[:11]]  # at another rate before
    assert slow._pace(read(np.zeros(41), points=early, gradients=0.5 * early)) == pytest.approx(0.1)
    # Of the last ten steps two are long: η is that of −Σ sg/Σ g² over all ten.
    x = np.r_[np.linspace(20, 9, 31), 8, 7, 7 - 0.1 * np.arange(1, 9)]
    rate = sum((x[k] - x[k + 1]) * x[k] / 2 for k in range(30, 40))
    rate /= sum((x[k] / 2) ** 2 for k in range(30, 40))
    run = read(np.zeros(41), points=x[:, None], gradients=x[:, None] / 2)
    assert slow._pace(run) == pytest.approx(rate / 2)


def test_narrowness_falls_back_on_the_last_steps_and_on_nothing() -> None:
    assert slow._narrowness(read(FALL)) == 0
    assert slow._narrowness(read(FALL, products=[4.0] * 30 + [0.5] * 10)) == 8
    assert slow._narrowness(read(FALL, products=[4.0] * 30 + [-0.5] * 10)) == 0
    assert slow._narrowness(read(FALL, products=[4.0] * 30 + [0.0] * 10)) == 0
    assert slow._narrowness(read(FALL, products=[NAN] * 9 + [4.0] * 21 + [0.5] * 10)) == 8
    x = np.linspace(8, 4, 41)[:, None]
    uphill = read(FALL, points=x, gradients=-x, products=[4.0] * 30 + [0.5] * 10)
    assert slow._narrowness(uphill) == 8  # a drift below 0 is none


# --- slow under noise, and by losses alone --------------------------------------------------------


def noisy(**known: Any) -> Any:
    """Return 1 − 0.9 in twenty steps and a half of which 30% rise, by 0.05 in all."""
    late = 0.1 + np.cumsum(np.tile([0.01] * 3 + [-0.005 * 16 / 7] * 7, 2))
    losses = np.r_[np.linspace(1, 0.1, 21), late]
    return slow._slow_noise(read(losses, **({"noise": True} | known)))


def test_a_slow_fall_under_noise_is_left_open() -> None:
    for noise in (True, None):
        found = noisy(noise=noise)
        assert found.kind == "cannot tell"
        assert found.evidence == (
            "J falls slowly under noise: a valley, or the way to the noise floor; full gradients"
            " at a few points would tell"
        )
    assert noisy(noise=False) is None
    assert noisy(sampled=True) is None


@pytest.mark.parametrize(("ups", "seen"), [(1, False), (2, True)])
def test_a_fall_under_noise_rises_at_a_fifth_of_its_late_steps(ups: int, seen: bool) -> None:
    moves = np.r_[np.full(ups, 0.001), np.full(10 - ups, -0.001)]
    losses = np.r_[np.linspace(1, 0, 10), np.cumsum(np.r_[0.0, moves])]
    assert (slow._slow_noise(read(losses, noise=True)) is not None) == seen


@pytest.mark.parametrize(("late", "seen"), [(0.1, True), (0.11, False)])
def test_a_fall_under_noise_is_slow_at_a_tenth_of_the_whole_in_its_late_half(
    late: float, seen: bool
) -> None:
    half = np.r_[1.0, 1.02, 1.0, 1.02, 1.0, 1.02, 1.0, 1.02, 1.0, 1 - late]
    losses = np.r_[np.linspace(2 - late, 1.1, 9), half]
    assert (slow._slow_noise(read(losses, noise=True)) is not None) == seen


def test_a_tenth_exactly_is_slow() -> None:
    half = np.r_[1.0, 3, 1, 3, 1, 3, 1, 3, 1, 0]
    losses = np.r_[np.linspace(10, 2, 9), half]
    assert slow._slow_noise(read(losses, noise=True)) is not None


def test_a_straight_fall_is_slow_however_little_it_falls() -> None:
    found = slow._slow_losses(read(np.linspace(3, 2, 16)))
    assert found is not None
    assert found.kind == "slow fall"
    assert found.evidence == (
        "J falls by 27% of its whole fall from the third quarter to the last: a valley, a"
        " plateau or a rate too small; gradient norms would tell"
    )
    assert slow._slow_losses(read(np.r_[5.0, np.linspace(3, 2.9999, 39)])) is not None


def broken(last: Any) -> Any:
    """Return a straight fall by 10 a step, then 10 steps at the given paces."""
    steps = np.r_[np.full(29, 10.0), np.resize(last, 10)]
    return 1e3 - np.cumsum(np.r_[0.0, steps])


@pytest.mark.parametrize(("second", "straight"), [(0.79, False), (0.81, True)])
def test_a_line_is_straight_at_four_fifths_of_its_pace(second: float, straight: bool) -> None:
    last = -np.cumsum(np.r_[0.0, [1.0] * 4, 1.0, [second] * 4])
    assert slow._straight(last) == straight
    assert not slow._straight(-last)
    assert not slow._straight(np.array([0.0, 0, 0, -1, -2]))  # it has only begun to fall
    assert not slow._straight(np.r_[np.arange(5.0), -np.arange(5.0)])


@pytest.mark.parametrize(("pace", "seen"), [(1.4, False), (1.6, True)])
def test_a_bent_fall_is_slow_if_its_pace_keeps_fifteen_in_a_hundred(
    pace: float, seen: bool
) -> None:
    ends = np.r_[np.linspace(2, 0.6, 10)] * pace / 1.3
    losses = broken(ends)
    third, last = losses[20:30], losses[30:]
    share = np.polyfit(range(10), last, 1)[0] / np.polyfit(range(10), third, 1)[0]
    assert not slow._straight(last)
    assert (slow._slow_losses(read(losses)) is not None) == (share > 0.15) == seen


@pytest.mark.parametrize(("grain", "seen"), [(10.0, False), (9.99, True)])
def test_a_slow_fall_is_more_than_the_grain(grain: float, seen: bool) -> None:
    losses = np.linspace(39, 0, 40)
    assert (slow._slow_losses(read(losses, grain=grain)) is not None) == seen


def test_where_noise_is_possible_a_slow_fall_is_beyond_four_standard_errors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losses = np.linspace(39, 0, 40) + 3 * (-1.0) ** np.arange(40)
    for errors, seen in ((4.0, True), (4 - 1e-9, False)):
        # Of halves of the last quarter, of each quarter, and of the late half.
        late = {5: (-1.0, 0.0), 10: (-1.0, 0.01), 20: (-errors, 1.0)}
        monkeypatch.setattr(segments, "slope", lambda numbers, late=late: late[len(numbers)])
        assert (slow._slow_losses(read(losses, noise=None)) is not None) == seen
        assert slow._slow_losses(read(losses)) is not None


def test_losses_are_smooth_if_less_than_one_late_move_in_twenty_goes_up() -> None:
    falling = -np.arange(82.0)
    for rises, smooth in ((1, True), (2, False)):  # of the 40 late moves
        losses = falling.copy()
        losses[[50 + 5 * k for k in range(rises)]] += 1.5
        assert slow._smooth(read(losses)) == smooth
        assert slow._smooth(read(losses, grain=0.5))


# --- saddles --------------------------------------------------------------------------------------


def saddle(depth: float = 0.01, rise: float = 1.0, **known: Any) -> Any:
    """Return a slope that falls to `depth` at step 20 and grows from there to `rise`."""
    norms = np.r_[np.geomspace(1, depth, 21), np.geomspace(depth, rise, 21)[1:]]
    losses = np.r_[np.linspace(2, 1, 21), np.linspace(1, 0, 21)[1:]]
    return flat.saddle_passed(read(known.pop("losses", losses), **({"norms": norms} | known)))


def test_a_saddle_is_told_with_its_step() -> None:
    found = saddle(products=[1.0] * 20 + [-1.0] * 20)
    assert found is not None
    assert (found.kind, found.step) == ("saddle passed", 20)
    assert found.evidence == (
        "‖g‖ falls to 0.01 at step 20, then grows to 1, and J falls by a further 1"
    )


@pytest.mark.parametrize(("depth", "seen"), [(0.199, True), (0.201, False)])
def test_at_a_saddle_the_slope_falls_and_rises_fivefold(depth: float, seen: bool) -> None:
    assert (saddle(depth) is not None) == seen
    assert (saddle(0.001, rise=0.001 / depth) is not None) == seen


@pytest.mark.parametrize(("rest", "seen"), [(0.02, False), (0.021, True)])
def test_behind_a_saddle_j_falls_by_a_fiftieth_of_the_whole(rest: float, seen: bool) -> None:
    losses = np.r_[np.linspace(1, rest, 21), np.linspace(rest, 0, 21)[1:]]
    assert (saddle(losses=losses) is not None) == seen


def test_a_run_that_rose_in_all_or_at_the_rise_of_the_slope_passed_no_saddle() -> None:
    losses = np.r_[np.linspace(2, 1, 21), np.linspace(1, 0, 21)[1:]]
    assert saddle(losses=losses - 5.0 * (np.arange(41) == 0)) is None
    norms = np.r_[np.geomspace(1, 0.01, 21), np.geomspace(0.01, 1, 10), np.full(10, 0.5)]
    for there, seen in ((1.0, False), (1 - 1e-6, True), (1.1, False)):
        hollow = losses.copy()
        hollow[30] = there
        assert (saddle(losses=hollow, norms=norms) is not None) == seen


@pytest.mark.parametrize(("bent", "seen"), [(10, False), (11, True)])
def test_from_a_saddle_to_the_steepest_step_most_curvature_is_negative(
    bent: int, seen: bool
) -> None:
    products = np.r_[np.ones(20), -np.ones(bent), np.ones(20 - bent)]
    assert (saddle(products=products) is not None) == seen
    products[[20, 39]] = NAN  # one of each: half is left of 18, or more
    assert (saddle(products=products) is not None) == seen
    none = np.r_[np.ones(20), np.zeros(20)]
    assert saddle(products=none) is None


def test_without_norms_no_saddle_is_seen_and_rounding_is_no_dip() -> None:
    assert flat.saddle_passed(read(np.linspace(1, 0, 41))) is None
    assert saddle(0.01, faint=0.3) is None
    assert saddle(0.01, faint=0.1) is not None
    assert saddle(1e-320) is not None


@pytest.mark.parametrize(
    ("norms", "grows"),
    [
        ([1.0, 9, 10, 11, 12], True),
        ([1.0, 9, 10, 11], False),  # four are too few
        ([1.0, 2, 3, 11, 12, 13], True),  # the upper half begins at 3, the last below √13
        ([1.0, 2, 3, 3.5, 12, 13], False),  # of which these are three
    ],
)
def test_growth_is_seen_on_five_points_of_which_four_are_in_the_upper_half(
    norms: list[float], grows: bool
) -> None:
    assert flat._grows_smoothly(np.array(norms)) == grows


def test_a_single_dip_of_noise_is_no_saddle() -> None:
    norms = np.ones(41)
    norms[20:22] = 0.01
    np.testing.assert_array_equal(flat._calmed(norms), np.ones(41))
    norms[22] = 0.01
    assert flat._calmed(norms)[21] == 0.01
    np.testing.assert_array_equal(flat._calmed(np.array([1.0, 2, 3, 4, 5])), [1, 2, 3, 4, 5])
    single = np.r_[np.geomspace(1, 0.3, 21), np.geomspace(0.3, 1, 21)[1:]]
    single[[20]] = 0.01
    assert saddle(norms=single, noise=True) is None


def test_growth_is_smooth_if_its_upper_half_goes_up_at_more_than_four_steps_of_five() -> None:
    up = np.geomspace(1, 100, 22)  # eleven steps below 10, eleven from there
    assert flat._grows_smoothly(up)
    drowned = up.copy()
    drowned[:10] = np.resize([1.0, 3.0], 10)
    drowned[0] = 1.0
    assert flat._grows_smoothly(drowned)
    for dips, smooth in ((2, True), (3, False)):  # of eleven steps
        shaken = up.copy()
        for k in range(dips):
            shaken[14 + 3 * k] = shaken[13 + 3 * k] * 0.99
        assert flat._grows_smoothly(shaken) == smooth
    assert not flat._grows_smoothly(np.array([1.0, 10, 20, 30, 29, 50, 100]))  # four of five
    assert not flat._grows_smoothly(np.geomspace(1, 100, 4))
    assert flat._grows_smoothly(np.geomspace(1, 100, 6))
    assert not flat._grows_smoothly(np.array([1.0, 1, 1, 1, 50, 100]))  # too few above the middle


def test_the_deepest_dip_lies_below_what_stands_on_both_sides() -> None:
    assert flat._deepest_dip(np.array([9.0, 1, 9, 0.5, 2, 1])) == 1
    assert flat._deepest_dip(np.array([9.0, 1, 6, 0.5, 5, 1])) == 3
    assert flat._deepest_dip(np.array([9.0, 4, 3, 2, 1])) is None
    assert flat._deepest_dip(np.array([1.0, 2, 3, 9])) is None
    for high, at in ((5.0 * BELOW, None), (5.0 * ABOVE, 1)):
        assert flat._deepest_dip(np.array([9.0, 1, high])) == at
        assert flat._deepest_dip(np.array([high, 1, 9])) == at


# --- plateaus -------------------------------------------------------------------------------------


def level_ground(late: float = 0.0, **known: Any) -> Any:
    """Return what a run is told that falls by 1 − late, and by `late` in its second half."""
    losses = np.r_[np.linspace(1, late, 21), np.linspace(late, 0, 21)[1:]]
    norms = np.r_[np.linspace(2, 1, 21), np.ones(20)]
    return flat.on_plateau(read(known.pop("losses", losses), **({"norms": norms} | known)))


def test_a_plateau_is_told_with_its_slope() -> None:
    found = level_ground(0.04)
    assert found.kind == "plateau"
    assert found.evidence == "J falls by 4% in the second half, and ‖g‖, 1, does not shrink"
    beside = level_ground(losses=np.linspace(-3, -3.1, 41))  # beside what J is, where it is more
    assert beside.evidence.startswith("J falls by 2% in")


@pytest.mark.parametrize(("late", "seen"), [(0.05, True), (0.051, False), (0.0, True)])
def test_on_a_plateau_half_the_run_makes_a_twentieth_or_less(late: float, seen: bool) -> None:
    assert (kind(level_ground(late)) == "plateau") == seen


def test_what_rises_late_is_no_plateau() -> None:
    losses = np.r_[np.linspace(1, 0, 40), 0.0]
    losses[20] = -1e-9
    assert level_ground(losses=losses) is None


@pytest.mark.parametrize(("shrinks", "seen"), [(3, True), (4, False)])
def test_on_a_plateau_the_slope_keeps_up_at_more_than_four_steps_of_five(
    shrinks: int, seen: bool
) -> None:
    norms = np.r_[np.linspace(2, 1, 21), np.arange(1, 21) / 100 + 1]
    norms[22 : 22 + 3 * shrinks : 3] -= 0.05
    assert (level_ground(norms=norms) is not None) == seen
    assert level_ground(norms=norms, faint=0.06) is not None  # but for rounding


def test_what_has_arrived_or_is_rounding_is_no_plateau() -> None:
    norms = np.r_[np.geomspace(1, 1e-12, 21), np.full(20, 1e-12)]
    assert kind(level_ground(norms=norms)) == "plateau"
    assert level_ground(norms=norms, faint=1e-11) is None
    assert level_ground(norms=np.r_[np.ones(20), np.zeros(21)]) is None


def left(at: int = 20, grown: float = 8.0, steps: int = 60, **known: Any) -> Any:
    """Return a run that stays for `at` steps, its slope growing, and then falls at one pace."""
    losses = np.r_[np.full(at, 1.0), np.linspace(1, 0, steps + 1 - at)]
    norms = np.r_[np.linspace(1, 1.5, at + 9), np.full(steps - at - 8, grown)]
    return flat._plateau_left(read(losses, **({"norms": norms} | known)))


def test_a_plateau_that_is_left_is_told_with_its_step() -> None:
    found = left()
    assert found is not None
    assert (found.kind, found.step) == ("plateau", 22)  # 5% of the fall are two of 40 steps
    assert found.evidence == (
        "the first 22 of 60 steps make a twentieth of the fall; then ‖g‖ grows 8-fold"
    )


@pytest.mark.parametrize(
    ("at", "steps", "seen"), [(10, 39, True), (9, 39, False), (12, 60, True), (11, 60, False)]
)
def test_a_plateau_at_the_start_takes_twelve_steps_and_a_quarter_of_them(
    at: int, steps: int, seen: bool
) -> None:
    """The fall reaches more than its twentieth two or three steps behind the flat part."""
    found = left(at, steps=steps)
    assert (found is not None) == seen
    if found is not None:
        assert found.step is not None
        assert found.step >= max(12, steps / 4)


@pytest.mark.parametrize(("grown", "seen"), [(5.0 * BELOW, False), (5.0, True)])
def test_behind_a_plateau_the_slope_has_grown_fivefold(grown: float, seen: bool) -> None:
    assert (left(grown=grown) is not None) == seen


def test_on_the_way_out_of_a_plateau_the_slope_grows_at_most_steps() -> None:
    norms = np.r_[np.linspace(1, 1.5, 29), np.full(32, 8.0)]
    for dips, seen in ((4, True), (5, False)):  # of 23 steps 19 are more than four fifths, 18 not
        shaken = norms.copy()
        shaken[2 : 2 + 4 * dips : 4] -= 0.1
        assert (left(norms=shaken) is not None) == seen
    assert left(norms=np.full(61, 8.0)) is None
    assert left(norms=np.r_[0.0, norms[1:]]) is None
    assert flat._plateau_left(read(np.zeros(61), norms=norms)) is None
    assert flat._plateau_left(read(np.arange(61.0), norms=norms)) is None
    assert flat._plateau_left(read(np.arange(61.0, 0, -1), norms=norms)) is None


def test_a_plateau_is_left_beyond_a_twentieth_of_the_fall_from_start_to_end() -> None:
    losses = np.r_[np.full(15, 20.0), np.full(5, 19.0), np.linspace(18, 10, 40), 0.0]
    norms = np.r_[np.linspace(1, 1.5, 29), np.full(32, 8.0)]
    found = flat._plateau_left(read(losses, norms=norms))
    assert found is not None
    assert found.step == 20
    losses = np.r_[20.0, np.full(14, 19.5), np.full(5, 18.8), np.linspace(18, 0, 41)]
    found = flat._plateau_left(read(losses, norms=norms))
    assert found is not None
    assert found.step == 15
    losses = np.r_[np.full(20, 1.0), np.full(40, 0.5), 1.0]  # no fall, as far as the end tells
    assert flat._plateau_left(read(losses, norms=norms)) is None


def test_more_parameters_than_points_leave_only_the_ways_that_were_taken() -> None:
    points = np.outer(np.linspace(9, 1, 30), np.ones(35))
    curvatures, _, now = slow._modes(read(np.ones(30), points=points, gradients=3 * points))  # type: ignore[misc]
    np.testing.assert_allclose(curvatures, [3])
    np.testing.assert_allclose(np.abs(now), [35**0.5])


def test_losses_alone_are_asked_for_a_trend_before_noise() -> None:
    line = np.linspace(3, 2, 40)
    assert kind(symptoms._by_losses(read(line))) == "slow fall"
    assert kind(symptoms._by_losses(read(step(64)))) == "plateau"
    assert symptoms._by_losses(read(line, norms=np.ones(40))) is None


# --- a rest, by losses alone ----------------------------------------------------------------------


def step(first: int, count: int = 128, high: float = 1.0) -> Any:
    """Return losses that rest at 1 + `high` for so many steps, and then at 1."""
    return 1 + high * (np.arange(count) < first)


def test_a_rest_at_the_start_is_a_plateau() -> None:
    found = flat._rest(read(step(64)))
    assert found is not None
    assert (found.kind, found.step) == ("plateau", 62)  # where the last of 32 full parts begins
    assert found.evidence == "J rests at 2 until step 62, then falls by a further 1"
    sinking = step(64) + 0.03 * (np.arange(128) < 2)  # of 64 parts the first is a little higher
    assert str(flat._rest(read(sinking))).startswith("! plateau: J rests at 2.03 until step 62, ")


@pytest.mark.parametrize(("height", "end"), [(0.008, 62), (0.01, 60), (0.014, 56), (0.017, None)])
def test_under_more_noise_a_rest_is_seen_in_larger_parts(height: float, end: int | None) -> None:
    """In 64, 32 or 16 parts of 128 steps: where the last part of those that rest begins.

    Chance, 5·4/(0.6745·√6) = 12.1 heights and √(2·parts/128) of that, is a tenth of the fall.
    """
    found = flat._rest(read(step(64) + height * (-1.0) ** np.arange(128)))
    assert (found.step if found else None) == end


def test_a_rest_later_has_more_than_one_cause() -> None:
    losses = step(64) + 2.0 * (np.arange(128) < 16)
    found = flat._rest(read(losses))
    assert found is not None
    assert (found.kind, found.step) == ("cannot tell", 62)
    assert found.evidence == (
        "J rests at 2 from step 16 to 62, then falls by a further 1: a saddle, a plateau, or a"
        " rate that was lowered; gradient norms would tell"
    )


@pytest.mark.parametrize(("steps", "seen"), [(23, False), (24, True)])
def test_a_rest_takes_twice_twelve_steps(steps: int, seen: bool) -> None:
    assert (flat._rest(read(step(12, steps + 1))) is not None) == seen


@pytest.mark.parametrize(("first", "seen"), [(32, False), (36, True), (34, True)])
def test_a_rest_is_a_quarter_of_the_run(first: int, seen: bool) -> None:
    """Of 64 parts of two the rest goes over 16 steps from part to part: 17 parts."""
    assert (flat._rest(read(step(first))) is not None) == seen


@pytest.mark.parametrize(("more", "seen"), [(0.19, False), (0.21, True)])
def test_behind_a_rest_j_falls_by_a_fifth_of_the_whole(more: float, seen: bool) -> None:
    losses = np.r_[np.linspace(1, more, 16), np.full(64, more), np.zeros(48)]
    losses[16:80] = more
    assert (flat._rest(read(losses)) is not None) == seen


@pytest.mark.parametrize(("grain", "seen"), [(0.1, False), (0.1 * BELOW, True)])
def test_a_rest_ends_in_a_fall_of_ten_grains(grain: float, seen: bool) -> None:
    assert (flat._rest(read(step(64) - 1, grain=grain)) is not None) == seen


def test_noise_hides_a_rest_only_if_it_is_a_tenth_of_the_fall() -> None:
    zigzag = (-1.0) ** np.arange(128)
    assert flat._rest(read(step(64) + 0.01 * zigzag)) is not None
    assert flat._rest(read(step(64) + 0.2 * zigzag)) is None
    assert flat._rest(read(np.linspace(2, 1, 128))) is None


# --- in what order --------------------------------------------------------------------------------


def test_a_run_of_few_steps_is_too_short_unless_its_slope_has_gone() -> None:
    norms = np.geomspace(1, 1e-12, 12)
    assert symptoms.seen(read(np.linspace(1, 0, 12), norms=norms))[0].kind == "healthy"
    (found,) = symptoms.seen(read(np.linspace(1, 0, 12)))
    assert found.evidence == "too few steps: 11, and a judgement needs 12"
    assert "too few" not in str(symptoms.seen(read(np.linspace(1, 0, 13))))
    one = symptoms.seen(read([1.0, 0.0], norms=[1.0, 0.0]))
    assert one[0].evidence == "too few steps: 1, and a judgement needs 12"
    two = symptoms.seen(read([1.0, 0.5, 0.0], norms=[1.0, 0.5, 0.0]))
    assert two[0].kind == "healthy"
    assert symptoms.seen(read([], norms=[]))[0].evidence == (
        "J is beyond 1e+120 from the start on; rescale it"
    )


def test_where_a_run_stopped_being_finite_is_told_with_the_way_there() -> None:
    start = symptoms.ended(read([], ended=0))[0]
    assert (start.evidence, start.step) == ("not finite at the start", 0)
    assert start.advice == (
        "look at the start, the data and the cost itself; no step has been taken yet"
    )
    huge = symptoms.ended(read([], ended=3))[0]
    assert (huge.evidence, huge.step) == ("J is beyond 1e+120 from the start on", 3)
    calm = "no explosion leads there: look for a log of 0, a division by 0, a bad row"
    for losses, ended, advice in (
        ([3.0, 2.0], 2, calm),
        ([3.0, 3.0], 2, calm),
        ([-3.0, -1.0], 2, calm),
        ([-3.0, 0.0], 2, calm),
        ([-3.0, 0.1], 2, ""),
        ([3.0, 3.1], 2, ""),
        ([3.0], 1, ""),
        ([3.0, 2.0], 4, ""),  # beyond what is finite two steps before
    ):
        (found,) = symptoms.ended(read(losses, ended=ended))
        assert (found.kind, found.step) == ("diverged", ended)
        assert found.evidence == (
            f"J goes from {losses[0]:g} to {losses[-1]:g}, and is not finite at step {ended}"
        )
        assert (found.advice == advice) or (not advice and "halve the rate" in found.advice)
    assert symptoms.ended(read([1.0, 2.0])) == []


def test_a_loss_that_never_moves_is_left_open() -> None:
    words = "a minimum, a plateau, or parameters that no step reaches"
    for known, more in (({}, ""), ({"norms": np.zeros(20)}, " and ‖g‖ at 0")):
        (found,) = symptoms.seen(read(np.full(20, 3.0), **known))
        assert found.kind == "cannot tell"
        assert found.evidence == f"J stays at 3{more}: {words}"
    assert symptoms._unmoved(read(np.full(20, 3.0), norms=np.full(20, 0.5))) is None
    for grain, seen in ((1.0, True), (BELOW, False)):
        run = read(np.r_[2.0, np.full(20, 3.0)], grain=grain)
        assert (symptoms._unmoved(run) is not None) == seen


def test_health_is_told_with_the_fall_and_what_is_left() -> None:
    falling = np.geomspace(8, 2, 20)
    assert symptoms._healthy(read(falling)).evidence == (
        "J falls from 8 to 2, and the fall levels off"
    )
    there = symptoms._healthy(read(falling, norms=np.geomspace(1, 1e-12, 20)))
    assert there.evidence == (
        "J falls from 8 to 2, and ‖g‖ is down to 1e-10% of its largest: a minimum, as far as slopes"
        " can tell"
    )
    on_its_way = symptoms._healthy(read(falling, norms=np.geomspace(1, 0.0312, 20)))
    assert on_its_way.evidence == "J falls from 8 to 2, and ‖g‖ is still shrinking: 0.031"


def test_what_ends_above_its_start_is_not_called_healthy() -> None:
    rise = np.linspace(2, 3, 21)
    assert symptoms._healthy(read(rise)).evidence == (
        "J ends at 3, above its start at 2, and no sign of why is seen"
    )
    for grain, seen in ((1.0, "healthy"), (BELOW, "cannot tell")):
        assert symptoms._healthy(read(rise, grain=grain)).kind == seen
    zigzag = np.r_[0.0, 0.1 * (-1.0) ** np.arange(20)]  # scatters by 0.242, five times 1.21
    for end, seen in ((1.1, "healthy"), (1.3, "cannot tell")):
        assert symptoms._healthy(read(np.r_[zigzag, end])).kind == seen
    assert symptoms._healthy(read([2.0, 3.0])).kind == "cannot tell"
    assert symptoms._healthy(read([2.0, 7.0, 3.0])).kind == "healthy"  # three show their scatter
