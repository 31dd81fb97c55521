"""What is known of noise: from samples, from gradients that disagree, and from losses alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.diagnosis import evidence, noise
from gdlib.diagnosis.labelled import adaptive, families
from tests.diagnosis.material import DECAY, STEPS, TABLE


def test_samples_are_evidence_of_noise_and_a_whole_batch_is_none() -> None:
    noisy = gd.descend_batches(TABLE, gd.gradient_descent(0.1), batch_size=5, epochs=10, seed=1)
    assert evidence.of_trajectory(noisy, None).noise
    assert "the steps are taken on batches" in str(gd.diagnose(noisy))
    whole = gd.descend_batches(TABLE, gd.gradient_descent(0.1), batch_size=200, epochs=40, seed=1)
    assert evidence.of_trajectory(whole, None).noise is False


@pytest.mark.parametrize("n", [1, 2, 6, 30])
@pytest.mark.parametrize("rule", [gd.gradient_descent(0.1), gd.adam(0.1)])
def test_losses_that_disagree_with_gradients_are_evidence_of_noise(
    n: int, rule: gd.Optimizer
) -> None:
    rng = np.random.default_rng(n)

    def cost(theta: Any) -> Any:
        return theta @ theta / 2, theta + rng.standard_normal(n)

    run = gd.descend(cost, rule, np.full(n, 5.0), steps=300)
    found = gd.diagnose(run).findings[0]
    assert found.kind == "noise floor"
    assert "J does not change as the gradients say" in found.evidence


@pytest.mark.parametrize("name", gd.landscapes.catalogue)
@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5])
def test_ripples_of_adaptive_rules_are_no_noise(name: str, rate: float) -> None:
    cost = gd.landscapes.catalogue[name]()
    for build in (gd.adam, gd.amsgrad, gd.nadam, gd.adamw, gd.rmsprop, gd.adagrad, gd.lion):
        found = gd.diagnose(gd.descend(cost, build(rate), steps=300))
        assert found.kind not in ("noise floor", "nothing learned")
        assert "larger batches" not in str(found)


@pytest.mark.parametrize("seed", [300_008, 300_464])
def test_a_cycle_across_corners_returns_to_its_points_and_noise_does_not(seed: int) -> None:
    """Gradients on both sides of a corner disagree with losses, as noise would have it."""
    run = adaptive.quiet(np.random.default_rng(seed))["run"]
    assert evidence.of_trajectory(run, None).noise is False


def test_cycles_foretell_themselves_and_noise_does_not() -> None:
    """A logistic map's cycle of four, and its chaos, follow from what came before."""
    x, losses = 0.3, dict[float, list[float]]()
    for r in (3.5, 3.9):
        losses[r] = []
        for _ in range(600):
            x = r * x * (1 - x)
            losses[r].append(x)
    assert noise.in_lists(np.array(losses[3.5]), None) is False
    assert noise.in_lists(np.array(losses[3.9]), None) is False
    white = np.random.default_rng(1).standard_normal(600)
    assert noise.in_lists(white, None) is None
    assert noise.in_lists(np.cumsum(white), None) is None
    assert 0.5 < (noise.foretold([white]) or 0) < 0.9  # 2/3, by the variances of a sum


def test_of_few_losses_that_hover_no_cause_is_named() -> None:
    losses = np.r_[3.0, 1.5, 0.5 + 0.1 * np.random.default_rng(0).standard_normal(50)]
    found = gd.diagnose(losses)
    assert found.kind == "cannot tell"
    assert "too few to tell" in str(found)


def test_what_losses_alone_say_of_noise_is_said_with_doubt() -> None:
    losses = DECAY * (1 + 0.1 * np.random.default_rng(0).standard_normal(200))
    assert "as far as losses can tell" in str(gd.diagnose(losses))


def test_a_smooth_ripple_is_foretold_by_its_neighbours_and_never_called_noise() -> None:
    ripple = 1 + np.exp(-STEPS / 40) * (1 + 0.5 * np.sin(STEPS / 3))
    assert noise.in_lists(ripple, None) is False
    shaken = ripple + 0.001 * np.random.default_rng(0).standard_normal(200)
    for losses in (
        ripple,
        shaken,
        1 + 0.1 * np.sin(STEPS / 3),
        3 + np.sin(STEPS) * np.sin(STEPS / 9),
    ):
        found = gd.diagnose(losses)
        assert found.kind not in ("noise floor", "nothing learned")
        assert "foretells" not in str(found)


def test_a_linear_forecast_errs_as_theory_says() -> None:
    """By 1/2 in white noise, (1 + ρ)/2 in noise that remembers, nothing in a sum of waves."""
    rng, remembers = np.random.default_rng(1), np.zeros(2000)
    for k in range(1, 2000):
        remembers[k] = 0.9 * remembers[k - 1] + rng.standard_normal()
    assert noise.forecast(rng.standard_normal(2000)) == pytest.approx(0.5, abs=0.05)
    assert noise.forecast(remembers) == pytest.approx(0.95, abs=0.05)
    assert noise.forecast(np.sin(STEPS / 3) + np.cos(2 * STEPS)) == pytest.approx(0, abs=1e-12)
    assert noise.forecast(np.ones(200)) is None


@pytest.mark.parametrize("build", [gd.momentum, gd.nesterov])
def test_losses_alone_of_runs_without_noise_are_rarely_told_of_it(build: Any) -> None:
    told, names = 0, tuple(gd.landscapes.catalogue)
    for seed in range(100):
        rng = np.random.default_rng(seed)
        cost = gd.landscapes.catalogue[names[seed % len(names)]]()
        low, high = np.array(cost.bounds).T
        rule = build(10 ** rng.uniform(-4, -1), decay=rng.uniform(0.8, 0.99))
        run = gd.descend(cost, rule, rng.uniform(low, high), steps=300)
        told += families.told_of_noise(gd.diagnose(run.values))
    assert told <= 2


@pytest.mark.parametrize("both", [False, True])
def test_losses_alone_of_adaptive_rules_are_rarely_told_of_noise(both: bool) -> None:
    """Without points 42 and 46 of 360 such runs were told of noise once."""
    told = 0
    for seed in range(200):
        run = adaptive.quiet(np.random.default_rng(seed))["run"]
        norms = np.sqrt((run.gradients**2).sum(-1)) if both else None
        told += families.told_of_noise(gd.diagnose(run.values, norms))
    assert told <= 0.02 * 200


def test_losses_that_hover_from_the_start_may_be_at_their_floor() -> None:
    losses = 1.85 + 0.002 * np.random.default_rng(2).standard_normal(100)
    assert "a run that starts at its floor looks the same" in str(gd.diagnose(losses))
