"""A held-out cost on the way, early stopping on it, and looks at the whole cost once an epoch."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.descent import progress
from gdlib.landscapes import quadratic

RNG = np.random.default_rng(3)
X = RNG.normal(size=(30, 12))
Y = X[:, 0] + RNG.normal(size=30)
SEEN, HELD = gd.LeastSquares(X[:15], Y[:15]), gd.LeastSquares(X[15:], Y[15:])
PLAIN = gd.gradient_descent(0.1)
ZERO = np.zeros(12)


def test_the_held_out_cost_is_recorded_at_each_point_and_changes_none() -> None:
    run = gd.descend(SEEN, PLAIN, ZERO, steps=50, held_out=HELD)
    blind = gd.descend(SEEN, PLAIN, ZERO, steps=50)
    np.testing.assert_array_equal(run.points, blind.points)
    assert blind.held_out is None
    np.testing.assert_allclose(run.held_out, HELD.value(run.points), rtol=1e-14)
    assert run.best == int(np.argmin(run.held_out))
    assert 0 < run.best < 50  # here they over-fit
    assert blind.best == 50  # without one, the lowest cost


@pytest.mark.parametrize("patience", [1, 3, 10])
def test_patience_waits_for_the_held_out_cost(patience: int) -> None:
    run = gd.descend(SEEN, PLAIN, ZERO, steps=200, held_out=HELD, stop=gd.Stop(patience=patience))
    whole = gd.descend(SEEN, PLAIN, ZERO, steps=200)
    costs = HELD.value(whole.points)
    best, since = np.inf, 0
    for k, cost in enumerate(costs):  # noqa: B007 (early stopping, by hand; k is read below)
        best, since = (cost, 0) if cost < best else (best, since + 1)
        if since == patience:
            break
    assert (run.status, run.steps) == ("stalled", k)
    assert run.best == k - patience
    np.testing.assert_array_equal(run.points, whole.points[: k + 1])
    assert len(run.held_out) == k + 1


def test_without_patience_a_stop_looks_at_the_cost_alone() -> None:
    run = gd.descend(SEEN, PLAIN, ZERO, 5000, held_out=HELD, stop=gd.Stop(gradient_norm=0.01))
    assert run.status == "converged"
    assert np.linalg.norm(run.gradients[-1]) <= 0.01
    assert len(run.held_out) == run.steps + 1


def test_any_function_of_theta_can_judge() -> None:
    run = gd.descend(SEEN, PLAIN, ZERO, steps=5, held_out=lambda theta: np.abs(theta).max())
    np.testing.assert_array_equal(run.held_out, np.abs(run.points).max(axis=1))


def test_a_judge_cannot_change_the_run() -> None:
    def vandal(theta: Any) -> float:
        theta[:] = 1e9
        return 0.0

    run = gd.descend(SEEN, PLAIN, ZERO, steps=5, held_out=vandal)
    np.testing.assert_array_equal(run.points, gd.descend(SEEN, PLAIN, ZERO, steps=5).points)


def test_a_held_out_cost_that_is_not_finite_is_never_the_best() -> None:
    says = iter([3.0, np.nan, 2.0, np.inf])
    run = gd.descend(SEEN, PLAIN, ZERO, steps=3, held_out=lambda _: next(says))
    np.testing.assert_array_equal(run.held_out, [3, np.inf, 2, np.inf])
    assert run.best == 2


def test_a_diverging_run_has_a_held_out_cost_for_each_point_that_stands() -> None:
    run = gd.descend(SEEN, gd.gradient_descent(1e30), ZERO, steps=50, held_out=HELD)
    assert run.status == "diverged"
    assert len(run.held_out) == len(run.points) == run.steps + 1


def batches(**more: Any) -> gd.Trajectory:
    arguments: dict[str, Any] = {"batch_size": 4, "epochs": 6, "seed": 1, **more}
    return gd.descend_batches(SEEN, PLAIN, **arguments)


def test_epochs_are_points_of_the_same_path() -> None:
    path, epochs = batches(), batches(keep="epochs")
    np.testing.assert_array_equal(epochs.points, path.points[::4])  # 15 rows: 4 batches an epoch
    np.testing.assert_allclose(epochs.values, path.values[::4], rtol=1e-14)
    np.testing.assert_array_equal(epochs.samples, path.samples[::4])
    assert (epochs.steps, epochs.evaluations, epochs.status) == (24, 24, path.status)


def test_epochs_follow_a_schedule_step_by_step() -> None:
    falling = lambda k: 0.1 / k  # noqa: E731
    path, epochs = (
        batches(learning_rate=falling),
        batches(learning_rate=falling, keep="epochs"),
    )
    np.testing.assert_array_equal(epochs.points, path.points[::4])


@pytest.mark.parametrize("keep", ["path", "epochs"])
def test_batches_record_a_held_out_cost_and_stop_on_it(keep: Any) -> None:
    run = batches(epochs=200, keep=keep, held_out=HELD, stop=gd.Stop(patience=5))
    np.testing.assert_allclose(run.held_out, HELD.value(run.points), rtol=1e-14)
    assert run.status == "stalled"
    assert run.best == len(run.points) - 1 - 5
    every = 4 if keep == "epochs" else 1
    assert run.steps == every * (len(run.points) - 1)


def test_a_network_that_diverges_ends_at_the_last_epoch_that_was_finite() -> None:
    net = gd.Network(X, Y, {"hidden": 3, "output": 1}, activation="relu")
    run = gd.descend_batches(
        net,
        gd.gradient_descent(1e200),
        net.start(0),
        batch_size=5,
        epochs=3,
        seed=0,
        keep="epochs",
        held_out=net.on(X[:3], Y[:3]),
    )
    assert (run.status, run.steps) == ("diverged", 0)
    assert len(run.points) == len(run.held_out) == 1


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: batches(held_out=3), TypeError, "held_out must be a problem or a function of θ"),
        (
            lambda: batches(held_out=gd.LeastSquares([[1.0]], [1.0])),
            ValueError,
            "held_out must have the parameters of the cost, of shape (12,), not (1,)",
        ),
        (lambda: batches(held_out=HELD, keep="end"), ValueError, 'keep must not be "end"'),
        (
            lambda: gd.descend(quadratic(), PLAIN, held_out=lambda _: 1.0),
            TypeError,
            "held_out goes with a cost of data, not with a Landscape",
        ),
        (
            lambda: gd.descend(SEEN, PLAIN, ZERO, held_out=lambda theta: theta),
            ValueError,
            "held_out must return one number, not an array of shape (12,)",
        ),
        (lambda: batches(stop=5), TypeError, "stop must be a gd.Stop(...)"),
    ],
)
def test_mistakes_are_refused(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        call()


def test_a_bar_shows_what_is_long_or_reads_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LONG", 100)
    assert progress.progress_bar(99, None).disable
    assert not progress.progress_bar(100, None).disable
    monkeypatch.setattr(progress, "HEAVY", 50 * 15 * 12)
    assert not progress.progress_bar(50, SEEN).disable
    assert progress.progress_bar(49, SEEN).disable
    assert progress.progress_bar(50, SEEN, batch=4).disable
