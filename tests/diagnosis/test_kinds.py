"""Single runs of which it is plain what they show, and what is known of their digits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.diagnosis import precision
from tests.diagnosis.material import DECAY, FEATURES, STEPS, TABLE, TARGETS

BOWL = gd.landscapes.quadratic(condition=10)


def spiked(at: int, size: float) -> Any:
    losses = DECAY.copy()
    losses[at] += size
    return losses


# --- losses alone ---------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [30, 100, 1000])
def test_losses_that_never_fall_are_nothing_learned(count: int) -> None:
    losses = math.log(10) + 0.002 * np.random.default_rng(count).standard_normal(count)
    finding = gd.diagnose(losses).findings[0]
    assert finding.kind == "nothing learned"
    assert "a guess among 10 classes" in finding.evidence
    assert "steps are applied" in finding.advice


def test_a_level_that_is_no_logarithm_is_not_called_a_guess() -> None:
    losses = 1.85 + 0.002 * np.random.default_rng(2).standard_normal(100)
    assert "guess" not in gd.diagnose(losses).findings[0].evidence


def test_a_spike_of_three_in_one_step_is_seen() -> None:
    finding = gd.diagnose(spiked(100, 3.0)).findings[0]
    assert (finding.kind, finding.step) == ("spike", 100)
    assert gd.diagnose(DECAY).kind == "healthy"


def test_a_spike_that_comes_back_slowly_is_one_too() -> None:
    losses = DECAY.copy()
    losses[100:] += 3 * np.exp(-np.arange(100) / 5)
    finding = gd.diagnose(losses).findings[0]
    assert (finding.kind, finding.step) == ("spike", 100)
    assert "half the way back at step 104" in finding.evidence  # 5 ln 2 = 3.5 steps later


def test_a_u_is_no_rate_above_2_l_and_an_explosion_is() -> None:
    bathtub = 1 + ((STEPS - 80) / 100) ** 2
    finding = gd.diagnose(bathtub).findings[0]
    assert (finding.kind, finding.step) == ("falls, then climbs", 80)
    exploding = np.exp(-STEPS / 10) + 1e-6 * 1.1**STEPS
    assert gd.diagnose(exploding).kind == "rate above 2/L"


@pytest.mark.parametrize("size", [0.0, 0.001, 0.01])
@pytest.mark.parametrize("low", range(10, 200, 10))
def test_a_u_is_never_told_of_a_rate_a_bounce_or_health(low: int, size: float) -> None:
    """Where it turns late too little of the climb is seen to name it; half its steps rise."""
    shaken = size * np.random.default_rng(low).standard_normal(200)
    found = gd.diagnose(1 + ((STEPS - low) / 100) ** 2 + shaken)
    if 30 <= low <= 140:
        assert found.kind == "falls, then climbs"
    elif low <= 160:
        assert found.kind == "cannot tell" or (low == 20 and found.kind == "falls, then climbs")
    else:
        assert found.kind not in ("rate above 2/L", "bouncing")


def test_a_late_turn_is_named_with_its_step() -> None:
    found = gd.diagnose(1 + ((STEPS - 160) / 100) ** 2).findings[0]
    assert found.step == 160
    assert "the start of a U, or a ripple" in found.evidence


@pytest.mark.parametrize("size", [0.0, 0.01])
def test_a_slow_fall_is_told_with_noise_and_without(size: float) -> None:
    crawl = (1 + STEPS) ** -0.3 * (1 + size * np.random.default_rng(3).standard_normal(200))
    assert gd.diagnose(crawl).kind == "slow fall"


@pytest.mark.parametrize("size", [0.0, 0.01])
def test_a_plateau_that_ends_is_seen(size: float) -> None:
    losses = 0.2 + 2 / (1 + np.exp((STEPS - 100) / 5))
    losses = losses * (1 + size * np.random.default_rng(4).standard_normal(200))
    finding = gd.diagnose(losses).findings[0]
    assert finding.kind == "plateau"
    assert finding.step is not None
    assert 75 <= finding.step <= 100


def test_a_rest_in_the_middle_has_more_than_one_cause() -> None:
    losses = np.exp(-STEPS / 5) + 1 / (1 + np.exp((STEPS - 150) / 5))
    finding = gd.diagnose(losses).findings[0]
    assert finding.kind == "cannot tell"
    assert "a saddle, a plateau, or a rate that was lowered" in finding.evidence


@pytest.mark.parametrize("seed", range(10))
def test_a_run_that_only_rises_is_neither_healthy_nor_said_to_have_fallen(seed: int) -> None:
    noise_ = np.random.default_rng(seed).standard_normal(200)
    for size in (0.0, 0.01, 0.1, 0.3):
        found = gd.diagnose(np.sqrt(1 + STEPS) + size * noise_)
        assert found.kind == "cannot tell"
        assert "rises" in str(found) or "above its start" in str(found)


def at_the_bound(seed: int) -> gd.Trajectory:
    """Descend on a bowl at η = 2/L, known but for rounding."""
    rng = np.random.default_rng(seed)
    steepest, n = rng.uniform(0.5, 20), int(rng.integers(1, 4))
    curvatures = np.r_[steepest, rng.uniform(0.01, 1, n - 1) * steepest]
    ways = np.linalg.qr(rng.standard_normal((n, n)))[0]
    hessian = ways @ np.diag(curvatures) @ ways.T

    def cost(theta: Any) -> Any:
        return theta @ hessian @ theta / 2, hessian @ theta

    rule = gd.gradient_descent(2 / float(np.linalg.eigvalsh(hessian)[-1]))
    return gd.descend(cost, rule, rng.standard_normal(n), steps=100)


def test_a_rate_at_2_l_does_not_rise_by_rounding() -> None:
    """Of these runs 7 were once told to lower the rate by more than a factor 1."""
    assert not any(gd.diagnose(at_the_bound(k)).kind == "rate above 2/L" for k in range(200))


# --- digits ---------------------------------------------------------------------------------------


def single(theta: Any, factor: float = 1.0) -> Any:
    """Return the cost of the table, computed in single precision from end to end."""
    features, targets = FEATURES.astype(np.float32), TARGETS.astype(np.float32)
    miss = features @ np.asarray(theta, np.float32) - targets
    return np.float32(miss @ miss / 400), np.float32(factor) * (features.T @ miss / np.float32(200))


def test_a_run_in_single_precision_is_healthy_down_to_its_last_digit() -> None:
    run = gd.descend(single, gd.gradient_descent(0.5), np.zeros(4), steps=300)
    assert gd.diagnose(run).healthy
    norms = np.sqrt((run.gradients**2).sum(-1))
    assert gd.diagnose(run.values).healthy
    assert gd.diagnose(run.values, norms).healthy
    assert gd.diagnose(run.values.astype(np.float32), norms.astype(np.float32)).healthy


def test_a_right_gradient_in_single_precision_is_called_right() -> None:
    run = gd.descend(TABLE, gd.gradient_descent(0.5), np.zeros(4), steps=60)
    assert gd.diagnose(run, cost=single).healthy
    rounded = gd.descend(single, gd.gradient_descent(0.5), np.zeros(4), steps=60)
    for cost in (TABLE, single, lambda t: single(t)[0], lambda t: float(single(t)[0])):
        kinds = [finding.kind for finding in gd.diagnose(rounded, cost=cost)]
        assert not any(kind.startswith("wrong") for kind in kinds)


@pytest.mark.parametrize("cost", [single, lambda t: single(t)[0].item(), TABLE])
@pytest.mark.parametrize("factor", [2.0, -1.0, 0.5])
def test_a_wrong_factor_is_named_in_single_precision_too(cost: Any, factor: float) -> None:
    run = gd.descend(lambda t: single(t, factor), gd.gradient_descent(0.1), np.zeros(4), steps=30)
    found = gd.diagnose(run, cost=cost).findings[0]
    assert found.kind == ("wrong sign" if factor < 0 else "wrong scale")
    assert f"{factor:g} times".replace("-", "−") in found.evidence


def test_where_rounding_hides_the_slope_the_check_says_so() -> None:
    """Beside 10⁶, single precision knows no change below 0.06."""

    def high(theta: Any) -> Any:
        return np.float32(1e6 + float(theta @ theta) / 2), np.asarray(theta, np.float32)

    run = gd.descend(high, gd.gradient_descent(0.1), [1.0, 2.0], steps=60)
    last = gd.diagnose(run, cost=high).findings[-1]
    assert last.kind == "cannot tell"
    assert "whether the gradients are right" in last.evidence
    assert "double precision" in last.evidence


def test_an_error_of_the_differences_is_not_blamed_on_the_gradient() -> None:
    """Beside 1000, single precision errs by 1% of a slope of 1: more than a right gradient may."""
    run = gd.descend(
        lambda t: (1000 + t @ t / 2, t), gd.gradient_descent(0.1), [1.0, 2.0, 0.5], steps=40
    )
    found = gd.diagnose(run, cost=lambda t: np.float32(1000 + t @ t / 2))
    assert not any(finding.kind.startswith("wrong") for finding in found)


def test_a_cost_with_noise_of_its_own_cannot_judge_a_gradient() -> None:
    rng = np.random.default_rng(0)
    run = gd.descend(BOWL, gd.gradient_descent(0.1), steps=60)
    found = gd.diagnose(run, cost=lambda t: BOWL.value(t) + rng.standard_normal())
    assert [finding.kind for finding in found] == ["healthy", "cannot tell"]


def test_a_cost_that_is_not_finite_nearby_cannot_judge_a_gradient() -> None:
    run = gd.descend(BOWL, gd.gradient_descent(0.1), steps=60)
    last = gd.diagnose(run, cost=lambda _: math.nan).findings[-1]
    assert "the cost is not finite" in last.evidence


def test_precision_is_read_from_the_type_or_the_bits() -> None:
    thirds = np.arange(1, 20) / 3
    assert precision.epsilon(thirds, thirds) == 2.0**-52
    rounded = thirds.astype(np.float32)
    assert precision.epsilon(rounded, thirds) == 2.0**-23
    assert precision.epsilon(list(rounded), rounded.astype(float)) == 2.0**-23
    halves = np.arange(20) / 2
    assert precision.epsilon(halves, halves) == 2.0**-52


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_zigzag_of_a_hundred_last_places_is_rounding(kind: Any) -> None:
    zigzag = 50 * np.finfo(kind).eps * (-1.0) ** STEPS
    assert gd.diagnose((0.5 + np.exp(-STEPS / 5) + zigzag).astype(kind)).healthy
    assert gd.diagnose((0.5 + np.exp(-STEPS / 5) + 1e4 * zigzag).astype(kind)).kind == "bouncing"


def test_losses_printed_to_four_decimals_do_not_bounce_in_the_last() -> None:
    losses = np.round(0.5 + np.exp(-STEPS / 10), 4)
    losses[100::2] += 0.0001
    assert precision.unit(np.round(losses, 4)) == pytest.approx(1e-4)
    assert gd.diagnose(np.round(losses, 4)).healthy
