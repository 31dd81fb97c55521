"""Columns together: over-fitting, a rate that is cut, a warm-up; each said where it is so alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.diagnosis.findings import Finding

EPOCHS = np.arange(60)


def over_fitting(losses: Any, held_out: Any) -> Finding | None:
    found = gd.diagnose(
        {"epoch": [*range(1, len(losses) + 1)], "loss": losses, "val_loss": held_out}
    )
    return next((f for f in found if "on data held out" in f.evidence), None)


# --- over-fitting ---------------------------------------------------------------------------------


def test_over_fitting_is_named_at_its_epoch_with_the_numbers_that_show_it() -> None:
    """(k − 20)²/400 + 1 is lowest, 1, at the 21st number; the first is 2 and the last 4.80."""
    held = 1 + (EPOCHS - 20) ** 2 / 400
    found = over_fitting(2 * np.exp(-EPOCHS / 10), held)
    assert found is not None
    assert (found.kind, found.step) == ("falls, then climbs", 21)
    assert "lowest at epoch 21, 1, and climbs to 4.8" in found.evidence
    assert "the losses of training still fall" in found.evidence
    assert "stop at epoch 21" in found.advice


def test_where_training_climbs_too_it_is_not_said_to_fall() -> None:
    u = 1 + (EPOCHS - 20) ** 2 / 400
    found = over_fitting(u, u + 0.1)
    assert found is not None
    assert "still fall" not in found.evidence


@pytest.mark.parametrize(
    "held",
    [
        np.exp(-EPOCHS / 10) + 1,  # falls to its level
        np.full(60, 2.0),
        1 + EPOCHS / 60,  # only climbs: nothing was learned that holds
        np.r_[np.linspace(2, 1, 58), 1.3, 1.4],  # two losses are no trend
        2 - EPOCHS / 60 + 0.2 * (EPOCHS == 30),
        np.linspace(2, 1, 60)[:3],
    ],
)
def test_other_losses_on_data_held_out_are_no_over_fitting(held: Any) -> None:
    assert over_fitting(2 * np.exp(-np.arange(len(held)) / 10), held) is None


def pair(seed: int, *, climbs: bool) -> tuple[Any, Any]:
    """Draw losses and losses on data held out, with noise: of a run that over-fits, or does not."""
    rng = np.random.default_rng(seed)
    count, pace = int(rng.integers(20, 200)), rng.uniform(0.05, 0.2)
    times, size = np.arange(count), rng.uniform(0.002, 0.03)
    train = 0.2 + 2 * np.exp(-times / (pace * count))
    held = 0.5 + 1.8 * np.exp(-times / (pace * count))
    if climbs:
        train = train - 0.15 * times / count
        held = held + rng.uniform(0.5, 1.5) * np.maximum(times / count - 2 * pace, 0)
    shaken = [part + size * rng.standard_normal(count) for part in (train, held)]
    return shaken[0], shaken[1]


def test_noise_is_hardly_ever_called_over_fitting() -> None:
    alarms = [seed for seed in range(300) if over_fitting(*pair(seed, climbs=False))]
    assert len(alarms) <= 3


def test_over_fitting_is_hardly_ever_missed_under_noise() -> None:
    seen = [seed for seed in range(300) if over_fitting(*pair(seed, climbs=True))]
    assert len(seen) >= 285


def test_a_run_that_has_diverged_says_so_first() -> None:
    losses = [*(2 * np.exp(-EPOCHS[:40] / 10)), float("nan")]
    held = [*(1 + (EPOCHS[:40] - 15) ** 2 / 400), float("nan")]
    found = gd.diagnose({"loss": losses, "val_loss": held})
    assert [finding.kind for finding in found] == ["diverged", "falls, then climbs"]


# --- a rate that is cut ---------------------------------------------------------------------------


def levels(seed: int, after: float, settling: float = 2.0) -> Any:
    """Return losses that rest at 1 with noise, and from step 100 on go to another level."""
    rng = np.random.default_rng(seed)
    steps = np.arange(200)
    start = 1 + 3 * np.exp(-steps / 8)
    fall = (1 - after) * (1 - np.exp(-np.maximum(steps - 99, 0) / settling))
    return start - fall + 0.02 * rng.standard_normal(200)


def with_rates(losses: Any, rates: Any) -> gd.Diagnosis:
    return gd.diagnose({"step": range(len(losses)), "loss": losses, "lr": rates})


CUT = np.r_[np.full(100, 0.1), np.full(100, 0.01)]


@pytest.mark.parametrize("settling", [2.0, 30.0])
def test_a_fall_where_the_rate_is_cut_is_the_schedule_s(settling: float) -> None:
    found = with_rates(levels(1, 0.5, settling), CUT).findings[0]
    assert found.kind in ("healthy", "noise floor")  # it may rest again, at the new level
    assert "the rate is cut from 0.1 to 0.01 at step 100, and J falls with it" in found.evidence


@pytest.mark.parametrize("seed", range(20))
def test_where_nothing_falls_at_a_cut_nothing_is_said_of_it(seed: int) -> None:
    assert "is cut" not in str(with_rates(levels(seed, 1.0), CUT))


@pytest.mark.parametrize("rates", [np.full(200, 0.1), 0.1 * 0.5 ** np.arange(200), CUT[::-1]])
def test_a_constant_a_decaying_and_a_growing_rate_are_not_cut(rates: Any) -> None:
    assert "is cut" not in str(with_rates(levels(1, 0.5), rates))


def test_a_run_that_only_goes_on_falling_is_not_said_to_fall_by_the_cut() -> None:
    assert "is cut" not in str(with_rates(3 * np.exp(-np.arange(200) / 100), CUT))


@pytest.mark.parametrize("seed", range(20))
def test_nor_is_one_that_goes_on_falling_under_noise(seed: int) -> None:
    noise = 0.3 * np.random.default_rng(seed).standard_normal(200)
    assert "is cut" not in str(with_rates(3 - 0.01 * np.arange(200) + noise, CUT))


# --- a warm-up ------------------------------------------------------------------------------------


def spiked(at: int) -> Any:
    losses = 1 + 2 * np.exp(-np.arange(200) / 40)
    losses[at] += 4
    return losses


def test_trouble_while_the_rate_rises_or_soon_after_is_the_warm_up_s() -> None:
    rates = np.minimum(np.arange(1, 201) / 40, 1.0)
    rising = with_rates(spiked(25), rates).findings[0]
    assert (rising.kind, rising.step) == ("spike", 25)
    assert "while the rate still rises, from 0.025 to 1 at step 39" in rising.evidence
    assert rising.advice == "warm up over more steps, or to a lower rate"
    assert "soon after the rate's rise" in str(with_rates(spiked(60), rates))


@pytest.mark.parametrize(
    ("at", "rates"),
    [
        (150, np.minimum(np.arange(1, 201) / 40, 1.0)),  # long after
        (25, np.full(200, 0.1)),
        (25, np.linspace(1.0, 0.1, 200)),
        (25, np.minimum(0.9 + np.arange(200) / 400, 1.0)),  # hardly a rise
    ],
)
def test_trouble_without_a_warm_up_is_not_blamed_on_one(at: int, rates: Any) -> None:
    found = with_rates(spiked(at), rates)
    assert found.kind == "spike"
    assert "warm up" not in str(found)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_shortest_logs_of_rates_are_read_too(count: int) -> None:
    assert with_rates([1.0] * count, [0.1] * count).kind == "cannot tell"
