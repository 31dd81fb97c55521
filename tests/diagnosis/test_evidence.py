"""What is read from a run, against numbers made by the rules that it should find again."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.diagnosis import evidence, noise, precision

BELOW, ABOVE = 1 - 1e-9, 1 + 1e-9
NAN, INF = math.nan, math.inf


def normal(*shape: int, seed: int = 3) -> Any:
    return np.random.default_rng(seed).standard_normal(shape)


# --- rules ----------------------------------------------------------------------------------------


def taken(decay: float, now: float, before: float, count: int, n: int = 1) -> tuple[Any, Any]:
    """Return steps Δₖ = βΔₖ₋₁ + b gₖ + c gₖ₋₁ for gradients drawn at random, and these."""
    gradients = np.random.default_rng(count).standard_normal((count + 1, n))
    steps = np.zeros((count, n))
    steps[0] = now * gradients[0]
    for k in range(1, count):
        steps[k] = decay * steps[k - 1] + now * gradients[k] + before * gradients[k - 1]
    return steps, gradients


def rule(steps: Any, gradients: Any, seen: Any = None, near: float = 1e-5) -> Any:
    known = np.ones(len(steps), bool) if seen is None else np.array(seen)
    return evidence._rule(steps, gradients, known, near)


@pytest.mark.parametrize(
    ("count", "n", "found"),
    [
        (9, 1, True),
        (8, 1, False),
        (5, 2, True),
        (4, 2, False),
        (4, 3, True),
        (3, 4, True),
        (3, 3, False),
    ],
)
def test_momentum_is_found_from_eight_numbers_on(count: int, n: int, found: bool) -> None:
    rate, decay = rule(*taken(0.6, -0.3, 0.1, count, n))
    assert (rate, decay) == (pytest.approx((0.2, 0.6)) if found else (None, None))


def test_a_plain_rate_is_found_from_two_steps_that_are_seen() -> None:
    steps, gradients = taken(0.0, -0.3, 0.0, 6)
    steps[1] = 9.0  # not seen
    assert rule(steps, gradients, [True, False, True, False, False, False]) == (
        pytest.approx((0.3, 0.0))
    )
    assert rule(steps, gradients, [True] + [False] * 5) == (None, None)


@pytest.mark.parametrize(
    ("decay", "now", "found"),
    [(1.01, -0.1, None), (-0.5, -0.1, None), (0.99, -0.1, 0.99), (0.01, -0.1, 0.01)],
)
def test_a_decay_lies_between_0_and_1(decay: float, now: float, found: float | None) -> None:
    rate, seen = rule(*taken(decay, now, 0.0, 20))
    assert seen == (None if found is None else pytest.approx(found))
    assert rate == (None if found is None else pytest.approx(0.1))


def test_a_rate_below_0_is_no_rate() -> None:
    assert rule(*taken(0.0, 0.3, 0.0, 6)) == (None, 0.0)
    assert rule(*taken(0.5, 0.3, 0.0, 20)) == (None, pytest.approx(0.5))
    assert [evidence._positive(rate) for rate in (0.0, INF, 2.0)] == [None, None, 2.0]


@pytest.mark.parametrize("decay", [0.0, 0.6])
def test_a_rule_foretells_each_step_to_the_accuracy_asked(decay: float) -> None:
    steps, gradients = taken(decay, -0.3, 0.0, 40, 2)
    wrong = steps.copy()
    wrong[20, np.abs(steps[20]).argmax()] *= 1.01
    assert rule(wrong, gradients, near=0.02) == pytest.approx((0.3, decay), rel=0.01, abs=0.01)
    assert rule(wrong, gradients, near=0.005) == (None, None)


def test_steps_of_any_size_weigh_alike_in_a_fit() -> None:
    wanted = np.array([[1e9, 2e9], [-3.0, 1.0]])
    found, miss = evidence._fit(wanted, [wanted / 2, np.array([[0.0, 0.0], [1.0, 1.0]])])
    assert found == pytest.approx([2, 0], abs=1e-12)
    assert miss < 1e-12
    _, miss = evidence._fit(wanted, [np.array([[1e9, 2e9], [-3.0, 1.3]])])
    assert 0.03 < miss < 0.1  # a tenth of the larger number of its row, shared out
    with np.errstate(all="ignore"):
        found, miss = evidence._fit(np.array([[0.0, 0.0]]), [np.array([[1.0, 1.0]])])
    assert (found.tolist(), miss) == ([0], INF)
    found, miss = evidence._fit(np.array([[1.0, 1.0]]), [np.array([[1.0, INF]])] * 2)
    assert (found.tolist(), miss) == ([0, 0], INF)


# --- curvature ------------------------------------------------------------------------------------


def test_secants_show_the_curvature_and_the_rate_of_each_step() -> None:
    points = normal(6, 2)
    gradients = points * 4
    steps = np.diff(points, axis=0)
    seen = np.array([True, True, False, True, True])
    curvature, shown = evidence._by_secant(steps, gradients, seen)
    np.testing.assert_allclose(curvature, [4, 4, NAN, 4, 4])
    own = [-s @ g / (g @ g) for s, g in zip(steps, gradients, strict=False)]
    np.testing.assert_allclose(shown, np.where(seen, own, NAN))
    steps[0], gradients[1] = 0, 0
    with np.errstate(all="ignore"):
        curvature, shown = evidence._by_secant(steps, gradients, np.ones(5, bool))
    assert np.isnan(curvature).tolist() == [True, True, False, False, False]
    assert np.isnan(shown).tolist() == [True, True, False, False, False]


def test_on_a_parabola_the_fall_of_a_step_shows_its_product() -> None:
    """At ηλ = p the slope g leaves (1 − p)g, and J falls by ηg²(1 − p/2)."""
    rate, losses, norms, products = 0.1, [9.0], [2.0], [0.5, 1.5, 0.1, 1.9]
    for p in products:
        losses.append(losses[-1] - rate * norms[-1] ** 2 * (1 - p / 2))
        norms.append(norms[-1] * abs(1 - p))
    found = evidence._by_fall(np.array(losses), np.array(norms), rate, 1e-9)
    np.testing.assert_allclose(found, products)
    digits = evidence._by_fall(np.array(losses), np.array(norms), rate, 0.01)
    np.testing.assert_array_equal(
        np.isfinite(digits), 0.1 * np.array(norms[:-1]) ** 2 > 0.01 * np.array(losses[:-1])
    )
    promised = evidence._by_fall(np.array([-4.0, -8.0, -4.0]), np.ones(3), 0.1, 0.1 / 8)
    assert np.isnan(promised).all()  # beside the larger of both, exactly so much is not enough
    assert np.isfinite(evidence._by_fall(np.array([-4.0, -8.0]), np.ones(2), 0.1, 0.012)).all()


def slow_run(shrinks: float, count: int = 40, rate: float = 0.3) -> tuple[Any, Any]:
    """Return losses and norms that fall by η‖g‖²(1 − ηλ/2) where 1 − ηλ is e^−shrinks."""
    norms = 2 * np.exp(-shrinks * np.arange(count))
    falls = rate * norms[:-1] ** 2 * (1 + math.exp(-shrinks)) / 2
    return 50 - np.cumsum(np.r_[0.0, falls]), norms


@pytest.mark.parametrize(
    ("shrinks", "found"), [(0.049, True), (0.051, False), (-0.049, True), (-0.051, False)]
)
def test_the_rate_of_a_slow_run_is_found_from_its_late_half(shrinks: float, found: bool) -> None:
    losses, norms = slow_run(shrinks)
    losses[:19] += normal(19)  # the early half may be anything
    norms[:20] *= 3
    rate = evidence._late_rate(losses, norms)
    assert rate == (pytest.approx(0.3) if found else None)
    assert evidence.of_lists(losses, norms, None).rate == rate


def test_a_rate_is_constant_to_a_tenth_and_above_0() -> None:
    for off, found in ((0.09, True), (0.11, False)):
        losses, norms = slow_run(0.01)
        losses[30:] -= off * (losses[28] - losses[29])
        assert (evidence._late_rate(losses, norms) is not None) == found
    losses, norms = slow_run(0.01)
    assert evidence._late_rate(-losses, norms) is None
    for at in (-1, 30):
        gone = norms.copy()
        gone[at] = 0
        assert evidence._late_rate(losses, gone) is None
    assert evidence._late_rate(losses, 0 * norms) is None
    assert evidence._late_rate(np.ones(1), np.ones(1)) is None
    assert evidence._late_rate(*slow_run(0.01, count=3)) == pytest.approx(0.3)


# --- how far numbers go ---------------------------------------------------------------------------


def test_a_run_is_read_up_to_its_first_huge_number() -> None:
    assert evidence._calm(np.array([1.0, 2, 3])) == 3
    assert evidence._calm(np.array([1.0, 1e120, -1.1e120, 3])) == 2
    assert evidence._calm(np.array([1.0, 2, 1e121]), np.array([1.0, -1e121, 0])) == 1


@pytest.mark.parametrize("what", ["values", "points", "gradients"])
def test_a_trajectory_is_read_up_to_its_first_huge_number_of_any_kind(what: str) -> None:
    """Squares of what is beyond 10¹²⁰ are not finite, of points as of slopes and of losses."""
    run = gd.descend(gd.landscapes.quadratic(), gd.gradient_descent(0.1), steps=30)
    numbers = getattr(run, what).copy()
    numbers[20] = -1e121
    seen: Any = evidence.of_trajectory(dataclasses.replace(run, **{what: numbers}), None)
    assert [len(part) for part in (seen.losses, seen.points, seen.gradients)] == [20] * 3
    assert len(seen.norms) == 20


def test_a_step_is_seen_beside_the_larger_of_its_points() -> None:
    points = np.array([[4.0, 1.0], [4.0, 2.0], [4.0, 8.0], [4.0, 8.0]])
    for safe, seen in (
        (0.2, [True, True, False]),
        (0.25, [False, True, False]),  # 1 beside 4
        (0.74, [False, True, False]),
        (0.75, [False, False, False]),  # 6 beside 8
    ):
        assert evidence._resolved(points, safe).tolist() == seen
        assert evidence._resolved(points[::-1], safe).tolist() == seen[::-1]
    tiny = np.array([[0.0], [1e-310], [1e-300]])
    assert evidence._resolved(tiny, 0.1).tolist() == [False, True]


def test_the_grain_is_rounding_or_the_last_decimal() -> None:
    thirds = np.array([-2 / 3, 1 / 3])
    assert evidence._grain(thirds, 1e-10) == pytest.approx(512e-10 * 2 / 3)
    assert evidence._grain(np.array([0.5, 0.25]), 1e-10) == pytest.approx(0.01)
    assert evidence._grain(np.array([]), 1e-10) == 0


def test_lists_of_which_both_are_finite_are_read() -> None:
    norms = [3.0, 2.0, NAN, 1.0, 1.0]
    run: Any = evidence.of_lists([5.0, 4.0, 3.0, INF, 1.0], norms, 0.1)
    assert run.ended == 2
    np.testing.assert_array_equal(run.losses, [5, 4])
    np.testing.assert_array_equal(run.norms, [3, 2])
    assert run.rate == 0.1
    assert run.steps == 1
    assert evidence.of_lists([5.0, 4.0], None, None).ended is None
    huge: Any = evidence.of_lists([5.0, 4.0, 1.0], [1.0, 1e121, 1.0], None)
    assert (len(huge.losses), len(huge.norms), huge.ended) == (1, 1, None)
    assert evidence.of_lists([1.0, 0.0], [0.0, 0.0], None).norms is not None


def test_digits_of_losses_and_of_norms_bound_what_is_judged() -> None:
    double = np.arange(1, 9) / 3
    single = double.astype(np.float32)
    eps, coarse = 2.0**-52, 2.0**-23
    for losses, norms, faint, safe in (
        (double, double, eps, 1e-9),
        (single, double, coarse, 1000 * coarse),
        (double, single, coarse, 1e-9),
    ):
        run = evidence.of_lists(losses, norms, None)
        assert (run.faint, run.safe) == pytest.approx((512 * faint, safe))
    # Halves have few digits in any type: then the type itself tells.
    short = 0.5 ** np.arange(8)
    run = evidence.of_lists(double, short.astype(np.float32), None)
    assert (run.faint, run.safe) == pytest.approx((512 * coarse, 1e-9))
    run = evidence.of_lists(short.astype(np.float32), short, None)
    assert (run.faint, run.safe) == pytest.approx((512 * coarse, 1000 * coarse))
    assert evidence.of_lists(short, short, None).faint == pytest.approx(512 * eps)
    assert evidence.of_lists(double, None, None).faint == pytest.approx(512 * eps)
    assert evidence.of_lists(double, None, 0.1).products is None
    assert not evidence.of_lists(double, None, None).sampled


def test_a_trajectory_is_read_with_all_that_it_holds() -> None:
    cost = gd.landscapes.quadratic(condition=4)
    run = gd.descend(cost, gd.gradient_descent(0.3), (1.3, 0.7), steps=12)
    seen: Any = evidence.of_trajectory(run, None)
    np.testing.assert_allclose(seen.norms, np.linalg.norm(run.gradients, axis=-1))
    np.testing.assert_array_equal(seen.points, run.points)
    assert seen.rate == pytest.approx(0.3)
    assert (seen.decay, seen.ended, seen.sampled) == (0, None, False)
    assert seen.faint == pytest.approx(512 * 2.0**-52)
    assert seen.safe == 1e-9
    sides = np.einsum("ki,ki->k", run.gradients[1:], run.gradients[:-1]) < 0
    np.testing.assert_array_equal(seen.flips, sides)
    steps = np.diff(run.points, axis=0)
    along = (steps * np.diff(run.gradients, axis=0)).sum(-1) / (steps**2).sum(-1)
    np.testing.assert_allclose(seen.curvatures, along)
    np.testing.assert_allclose(seen.products, 0.3 * along)
    other = gd.descend(cost, gd.adam(0.3), (1.3, 0.7), steps=12)
    assert evidence.of_trajectory(other, 0.7).rate == 0.7


def test_a_trajectory_in_single_precision_is_read_with_its_digits() -> None:
    def cost(theta: Any) -> Any:
        return np.float32(theta @ theta / 2), theta.astype(np.float32)

    run = gd.descend(cost, gd.gradient_descent(0.3), [1 / 3, 0.7], steps=12)
    seen = evidence.of_trajectory(run, None)
    assert seen.faint == pytest.approx(512 * 2.0**-23)
    assert seen.safe == pytest.approx(1000 * 2.0**-23)


# --- digits ---------------------------------------------------------------------------------------


def test_the_last_decimal_of_printed_losses_is_their_unit() -> None:
    for decimals in range(1, 8):
        printed = np.round(np.arange(1, 9) / 7, decimals)
        assert precision.unit(printed) == pytest.approx(10.0**-decimals)
    assert precision.unit(np.round(np.arange(1, 9) / 7, 8)) == 0
    assert precision.unit(np.array([1.5, NAN, INF])) == pytest.approx(0.1)
    assert precision.unit(np.array([NAN])) == 0
    assert precision.unit(np.array([1e8, -3.0])) == pytest.approx(0.1)
    assert precision.unit(np.array([3.0, -1e8 - 1])) == 0


def test_digits_are_read_from_the_numbers_that_are_finite() -> None:
    rounded = (np.arange(1, 9) / 3).astype(np.float32)
    mixed = np.r_[rounded.astype(float), NAN, INF]
    assert precision.epsilon(mixed.tolist(), mixed) == 2.0**-23
    assert precision.epsilon(np.float16(rounded), mixed) == 2.0**-10
    assert precision.epsilon(np.arange(3), np.arange(3.0)) == 2.0**-52
    assert precision.epsilon([0.5, 1 / 3], np.array([0.5, 1 / 3])) == 2.0**-52


# --- noise ----------------------------------------------------------------------------------------


def disagree(size: float, count: int = 40, safe: float = 1e-9, **known: Any) -> bool:
    """Tell of J = x, stepped along by 1, whose losses are off by ±size/2 in turn."""
    x = np.arange(float(count))
    losses = x + size / 2 * (-1.0) ** np.arange(count)
    points = known.get("points", x[:, None])
    return noise._disagree(losses, points, np.ones((count, 1)), safe)


@pytest.mark.parametrize(("size", "noisy"), [(0.19, False), (0.21, True)])
def test_losses_that_miss_a_fifth_of_their_promise_disagree(size: float, noisy: bool) -> None:
    assert disagree(size) == noisy
    assert disagree(size, count=2000) == noisy


@pytest.mark.parametrize(("count", "noisy"), [(8, False), (9, True)])
def test_five_late_points_can_disagree(count: int, noisy: bool) -> None:
    assert disagree(0.5, count) == noisy


def test_a_promise_below_the_digits_of_losses_is_none() -> None:
    assert disagree(0.5, 41, safe=0.9 / 40.25)
    assert not disagree(0.5, 41, safe=1.1 / 40.25)


@pytest.mark.parametrize(("again", "noisy"), [(4, True), (5, False)])
def test_late_points_that_return_in_more_than_a_fifth_are_no_chance(
    again: int, noisy: bool
) -> None:
    x = np.arange(40.0)[:, None]
    x[20 : 20 + again] = 20.0
    assert disagree(0.5, points=x) == noisy


def test_units_of_theta_do_not_matter_to_noise() -> None:
    for unit in (1e-200, 1e200):
        x = np.arange(40.0)[:, None]
        losses = x[:, 0] + 0.25 * (-1.0) ** np.arange(40)
        assert noise._disagree(losses, x * unit, np.ones((40, 1)) / unit, 1e-9)
        assert not noise._disagree(x[:, 0], x * unit, np.ones((40, 1)) / unit, 1e-9)


def test_units_of_the_signals_do_not_matter_to_a_forecast() -> None:
    losses, other = normal(2, 300)
    wave = np.sin(np.arange(300) / 2) + 0.3 * other
    one = noise.foretold([losses, wave])
    assert one == pytest.approx(noise.foretold([1e6 * losses, wave]))
    assert one == pytest.approx(noise.foretold([losses, 1e6 * wave]))
    assert one != pytest.approx(noise.foretold([losses]), rel=1e-3)
    still = np.full(300, 0.7)
    assert noise.foretold([losses, still]) == pytest.approx(noise.foretold([losses]))
    assert noise.foretold([still]) == 0


@pytest.mark.parametrize("forecast", [lambda x: noise.foretold([x]), noise.forecast])
def test_a_forecast_takes_forty_late_losses(forecast: Any) -> None:
    assert forecast(normal(78)) is None
    assert forecast(normal(79)) is not None


def test_a_forecast_looks_at_the_late_half_and_no_more_than_four_hundred() -> None:
    chance, ramp = normal(2000), np.sin(np.arange(2000) / 3)
    forecasts: tuple[Any, ...] = (lambda x: noise.foretold([x]), noise.forecast)
    for forecast in forecasts:
        assert forecast(np.r_[chance[:100], ramp[:100]]) < 0.02
        assert forecast(np.r_[chance[:1600], ramp[:400]]) < 0.02
        assert forecast(np.r_[chance[:1700], ramp[:300]]) > 0.05


@pytest.mark.parametrize("link", [0.0, 0.5, -0.5, 1.0])
def test_linear_forecasts_err_as_theory_says(link: float) -> None:
    """x ← φx + ε changes by a variance of 2/(1 + φ), of which a forecast leaves 1."""
    errors = []
    for seed in range(40):
        x = np.random.default_rng(seed).standard_normal(800)
        for k in range(1, 800):
            x[k] += link * x[k - 1]
        errors.append(noise.forecast(x) or 0)
    assert np.mean(errors) == pytest.approx((1 + link) / 2, rel=0.025)


def test_numbers_that_do_not_change_have_no_forecast() -> None:
    assert noise.forecast(np.full(200, 0.5)) is None
    assert noise.forecast(np.r_[normal(100), np.full(100, 0.5)]) is None


def test_noise_is_white_and_its_sums_are_not() -> None:
    white = normal(800)
    walk = np.cumsum(white)
    assert noise.white(white, None)
    assert noise.white(white, white[::-1])
    assert not noise.white(walk, None)
    assert not noise.white(white, walk)
    assert not noise.white(walk, white)
    assert noise.white(walk[:60], None)  # too few could be anything


def test_in_lists_norms_can_tell_what_losses_do_not() -> None:
    """The map x ← 4x(1 − x) looks like chance through a fold, and not beside x itself."""
    x = [0.3]
    for _ in range(799):
        x.append(3.99 * x[-1] * (1 - x[-1]))
    chaos, chance = np.array(x), normal(800)
    assert noise.in_lists(chance, None) is None
    assert noise.in_lists(chance, chance[::-1]) is None
    assert noise.in_lists(chaos, None) is False
    assert noise.in_lists(chaos, chance) is False
    assert noise.in_lists(np.sin(np.arange(800) / 3), None) is False
    assert noise.in_lists(np.arange(20.0), None) is None


def test_samples_tell_of_noise_unless_the_steps_follow_from_gradients() -> None:
    x = np.linspace(5, 0.5, 60)
    smooth, points = x**2 / 2, x[:, None]
    known: dict[str, Any] = {"safe": 1e-9}
    assert noise.in_trajectory(smooth, points, points, sampled=True, explained=False, **known)
    assert not noise.in_trajectory(smooth, points, points, sampled=True, explained=True, **known)
    assert not noise.in_trajectory(smooth, points, points, sampled=False, explained=False, **known)
    shaken = smooth + normal(60)
    assert noise.in_trajectory(shaken, points, points, sampled=False, explained=True, **known)
