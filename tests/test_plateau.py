"""A rate that watches the cost: PyTorch's ReduceLROnPlateau step for step, fed by a run."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.schedules import on_plateau

LINE = gd.problems.noisy_line(20, seed=1)
OTHER = gd.problems.noisy_line(20, slope=-2.0, seed=2)
PLAIN = gd.gradient_descent(1.0)
ZERO = np.zeros(2)
BOWL = gd.landscapes.quadratic(condition=10)
LOOSE: Any = gd

# Better, worse twice, worse: patience 2 is over, and the rate falls with the fourth look.
BY_HAND = [
    ({"patience": 2}, [5, 6, 6, 6, 6, 6, 6], [1, 1, 1, 0.5, 0.5, 0.5, 0.25]),
    ({"patience": 0}, [5, 5, 4, 4], [1, 0.5, 0.5, 0.25]),
    # 0.9 of the best is wanted: 4.6 is not enough, 4.4 is.
    ({"patience": 1, "threshold": 0.1}, [5, 4.6, 4.4, 4.4, 4.4], [1, 1, 1, 1, 0.5]),
    # Two looks after a fall are not counted; the third is the first that is.
    ({"patience": 0, "cooldown": 2}, [5, 5, 5, 5, 5, 5], [1, 0.5, 0.5, 0.5, 0.25, 0.25]),
    ({"patience": 0, "end": 0.4}, [5, 5, 5, 5], [1, 0.5, 0.4, 0.4]),
    ({"patience": 0, "end": 0.5 - 1e-9}, [5, 5, 5, 5], [1, 0.5, 0.5, 0.5]),
    ({"patience": 0, "interval": 2}, [5, 1, 5, 1, 5], [1, 1, 0.5, 0.5, 0.25]),
    ({"patience": 0}, [5, np.inf, np.nan], [1, 0.5, 0.25]),
]


@pytest.mark.parametrize(("given", "costs", "rates"), BY_HAND)
def test_the_rate_falls_where_counting_by_hand_says(
    given: dict[str, Any], costs: list[float], rates: list[float]
) -> None:
    schedule = on_plateau(1.0, 0.5, **given)
    assert schedule.rates(costs).tolist() == rates
    assert schedule.rates(costs).tolist() == rates, "it keeps nothing from one run to the next"


def test_an_interval_longer_than_the_run_keeps_the_first_rate_whatever_it_is() -> None:
    schedule = on_plateau(1.0, patience=0, interval=10**30)
    assert schedule.rates([5, 5, 5]).tolist() == [1, 1, 1]
    assert schedule.rates([]).tolist() == []


SETTINGS: list[dict[str, Any]] = [
    {},
    {"patience": 2},
    {"factor": 0.5, "patience": 0, "threshold": 0.05},
    {"factor": 0.5, "patience": 1, "cooldown": 3, "threshold": 0.0},
    {"factor": 0.3, "patience": 1, "end": 0.01},
]


@pytest.mark.parametrize("given", SETTINGS)
@pytest.mark.parametrize("seed", range(4))
def test_it_is_pytorchs_own_step_for_step(given: dict[str, Any], seed: int) -> None:
    torch: Any = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    costs = 1 + rng.random(80) / np.arange(1, 81)  # falls, and ever less
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    theirs = {"min_lr" if name == "end" else name: value for name, value in given.items()}
    scheduler, rates = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **theirs), []
    for cost in costs:
        scheduler.step(cost)
        rates.append(optimizer.param_groups[0]["lr"])
    assert on_plateau(0.4, **given).rates(costs) == pytest.approx(rates, rel=1e-14)


def cost(theta: Any) -> Any:
    return LINE.value_and_gradient(theta)


FEW: dict[str, Any] = {"factor": 0.5, "patience": 0, "threshold": 0.9}
RUNS: dict[str, Any] = {
    "a landscape": lambda rate: gd.descend(BOWL, PLAIN, steps=40, learning_rate=rate),
    "a function": lambda rate: gd.descend(cost, PLAIN, ZERO, 40, learning_rate=rate),
    "batches": lambda rate: gd.descend_batches(
        LINE, PLAIN, batch_size=5, epochs=10, seed=1, learning_rate=rate
    ),
}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("interval", [1, 4, 7])
def test_a_run_takes_the_rates_that_its_own_costs_call_for(name: str, interval: int) -> None:
    schedule = on_plateau(0.05, **FEW, interval=interval)
    run = RUNS[name](schedule)
    rates = schedule.rates(run.values)
    assert len(set(rates)) > 2, "or nothing is shown"
    listed = RUNS[name](rates)  # the same rates, known beforehand: the same run
    np.testing.assert_array_equal(run.points, listed.points)
    np.testing.assert_array_equal(RUNS[name](schedule).points, run.points)


@pytest.mark.parametrize("batches", [False, True])
def test_where_a_cost_is_held_out_the_rate_watches_that(batches: bool) -> None:
    schedule = on_plateau(0.3, 0.9, patience=0, threshold=1e-4)

    def run(rate: Any) -> gd.Trajectory:
        if batches:
            return gd.descend_batches(
                LINE, PLAIN, batch_size=5, epochs=5, seed=1, learning_rate=rate, held_out=OTHER
            )
        return gd.descend(LINE, PLAIN, ZERO, 20, learning_rate=rate, held_out=OTHER)

    watched = run(schedule)
    rates = schedule.rates(watched.held_out)
    assert not np.array_equal(rates, schedule.rates(watched.values))
    np.testing.assert_array_equal(watched.points, run(rates).points)


def test_with_epochs_kept_it_looks_once_an_epoch_and_with_the_end_kept_all_the_same() -> None:
    network = gd.Network([[0.0], [1.0], [2.0]], [0, 1, 1], {"output": 1}, loss="logistic")
    keywords: dict[str, Any] = {"batch_size": 1, "epochs": 12, "seed": 1}
    schedule = on_plateau(0.5, **FEW, interval=3)

    def run(keep: Any) -> gd.Trajectory:
        return gd.descend_batches(
            network, PLAIN, ZERO, learning_rate=schedule, keep=keep, **keywords
        )

    whole, epochs, end = run("path"), run("epochs"), run("end")
    assert len(set(schedule.rates(whole.values))) > 2
    np.testing.assert_array_equal(epochs.points, whole.points[::3])
    np.testing.assert_array_equal(end.points[-1], whole.points[-1])


def test_a_run_that_ends_early_or_diverges_ends_as_any_other() -> None:
    wild = gd.descend(BOWL, PLAIN, steps=1000, learning_rate=on_plateau(10.0, 0.999))
    assert wild.status == "diverged"
    short = gd.descend(BOWL, PLAIN, learning_rate=on_plateau(0.1), stop=gd.Stop(gradient_norm=1e-2))
    assert short.status == "converged"


REFUSED = [
    (lambda: on_plateau(0.0), "learning_rate must be positive and finite, not 0.0"),
    (lambda: on_plateau(0.1, 1.0), "factor must be"),
    (lambda: on_plateau(0.1, patience=-1), "patience must be at least 0, not -1"),
    (lambda: on_plateau(0.1, threshold=-0.1), "threshold must be"),
    (lambda: on_plateau(0.1, end=0.2), "end must be at least 0 and at most 0.1, not 0.2"),
    (lambda: on_plateau(0.1, interval=0), "interval must be at least 1, not 0"),
    (
        lambda: gd.descend(BOWL, PLAIN, np.ones((3, 2)), learning_rate=on_plateau(0.1)),
        "on_plateau watches a single run, not starts of shape (3, 2)",
    ),
    (
        lambda: gd.descend_batches(
            LINE, PLAIN, batch_size=5, epochs=2, seed=1, keep="epochs",
            learning_rate=on_plateau(0.1, interval=2),
        ),
        "must be a multiple of the steps between two looks at the cost, 4 in this run, not 2",
    ),
    (
        lambda: gd.descend(BOWL, gd.Optimizer.parse("step = -g"), learning_rate=on_plateau(0.1)),
        "learning_rate must be None for",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_what_it_cannot_watch_is_refused_in_words(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_another_schedule_cannot_be_built_on_one_that_watches() -> None:
    with pytest.raises(TypeError, match="then must be a Schedule such as"):
        LOOSE.schedules.warmup(5, on_plateau(0.1))
