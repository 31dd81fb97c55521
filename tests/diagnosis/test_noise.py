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


def waves(count: int, seed: int, steps: float = 0.1) -> Any:
    """Return three waves, shaken a little, so that no two moments are the same."""
    times = np.arange(count)
    rng = np.random.default_rng(seed)
    return 3 + np.sin(times / 3) + np.cos(times / 7) + steps * rng.standard_normal(count)


def by_hand(signals: list[Any]) -> float:
    """Forecast each late loss as the three moments most like its own went on; three losses each."""
    late = [list(signal[-min(len(signal) - len(signal) // 2, 400) :]) for signal in signals]
    scaled = [[number / np.std(part) for number in part] for part in late if np.ptp(part)]
    moments = range(3, len(late[0]))
    misses, changes = [], []
    for now in moments:
        gaps = sorted(
            (sum((part[now - i] - part[then - i]) ** 2 for part in scaled for i in (1, 2, 3)), then)
            for then in moments
            if abs(now - then) >= 3  # others have some of its losses in them
        )
        went = [scaled[0][then] - scaled[0][then - 1] for _, then in gaps[:3]]
        goes = scaled[0][now] - scaled[0][now - 1]
        misses.append((np.mean(went) - goes) ** 2)
        changes.append(goes**2)
    return float(np.mean(misses) / np.mean(changes))


@pytest.mark.parametrize("count", [79, 80, 81, 300, 900])
def test_a_loss_is_foretold_by_the_moments_that_were_like_it(count: int) -> None:
    losses, norms = waves(count, 1), waves(count, 2, 0.3)
    for signals in ([losses], [losses, norms], [losses, np.full(count, 0.1)]):
        late = count - count // 2
        found = noise.foretold(signals)
        assert found == (pytest.approx(by_hand(signals), rel=1e-9) if late >= 40 else None)
    assert noise.foretold([np.full(count, 0.1), norms]) == (0 if late >= 40 else None)


@pytest.mark.parametrize("count", [79, 80, 81, 300, 900])
def test_a_linear_forecast_is_that_of_a_regression_on_the_six_losses_before(count: int) -> None:
    """The least sum of squares by its normal equations, with one weight a loss and a constant."""
    losses = waves(count, 3, 0.5)
    late = losses[-min(count - count // 2, 400) :] - 3
    if len(late) < 40:
        assert noise.forecast(losses) is None
        return
    rows = [[*late[k - 6 : k], 1.0] for k in range(6, len(late))]
    table, after = np.array(rows), late[6:]
    rest = after - table @ np.linalg.solve(table.T @ table, table.T @ after)
    variance = rest @ rest / (len(after) - 7)
    changes = np.mean([(late[k] - late[k - 1]) ** 2 for k in range(6, len(late))])
    assert noise.forecast(losses) == pytest.approx(variance / changes, rel=1e-9)


@pytest.mark.parametrize(("numbers", "spread"), [(200, 1.75 / 10), (2000, 1.75 / 20)])
def test_noise_is_foretold_by_half_give_or_take_its_spread(
    numbers: int, spread: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the root of the late losses, of which there are 400 at most."""
    for error, white in ((0.999 * spread, True), (1.001 * spread, False)):
        for sign in (-1, 1):
            monkeypatch.setattr(noise, "forecast", lambda _, e=0.5 + sign * error: e)
            assert noise.white(np.zeros(numbers), None) == white
    monkeypatch.setattr(noise, "forecast", lambda part: None if part.any() else 9.0)
    assert noise.white(np.ones(9), np.ones(9))
    assert not noise.white(np.ones(9), np.zeros(9))
    assert not noise.white(np.zeros(9), np.ones(9))


def test_there_is_no_noise_in_what_any_forecast_foretells(monkeypatch: pytest.MonkeyPatch) -> None:
    losses, norms = np.zeros(9), np.ones(9)
    for alone, both, linear, known in (
        (0.2, 0.2, 0.02, None),
        (0.19, 0.2, 0.02, False),
        (0.2, 0.19, 0.02, False),
        (0.2, 0.2, 0.019, False),
        (None, 0.2, 0.019, False),
        (0.19, None, None, False),
        (None, None, None, None),
    ):
        errors = {1: alone, 2: both}
        monkeypatch.setattr(noise, "foretold", lambda signals, e=errors: e[len(signals)])
        monkeypatch.setattr(noise, "forecast", lambda part, e=linear: 9.0 if part.any() else e)
        assert noise.in_lists(losses, norms) is known
        wanted = known if both is None or both == 0.2 else None
        assert noise.in_lists(losses, None) is wanted


def bowl_run(count: int = 40, n: int = 2, seed: int = 1) -> Any:
    """Return losses, points and gradients of a bowl ½‖θ‖² at points a little apart."""
    points = np.random.default_rng(seed).standard_normal((count, n))
    return (points**2).sum(1) / 2, points, points.copy()


def disagree(run: Any, safe: float = 1e-9) -> bool:
    losses, points, gradients = run
    return noise._disagree(losses, points, gradients, safe)


def misses(run: Any, first: int = 0) -> Any:
    """Return by how much each loss misses what the slopes promise to the nearest other point."""
    losses, points, gradients = (part[first:] for part in run)
    found = []
    for k, here in enumerate(points):
        others = [i for i in range(len(points)) if i != k]
        near = min(others, key=lambda i: float(((points[i] - here) ** 2).sum()))
        way = points[near] - here
        slopes = way @ gradients[k], way @ gradients[near]
        found.append(abs(losses[near] - losses[k] - sum(slopes) / 2) / max(map(abs, slopes)))
    return np.array(found)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_losses_disagree_that_miss_what_slopes_promise_by_a_fifth_in_the_middle(n: int) -> None:
    for seed in range(4):
        losses, points, gradients = bowl_run(80, n, seed)
        assert not disagree((losses, points, gradients))  # on a parabola the rule is exact
        for size in (0.05, 0.2, 0.4, 0.8, 1.6):
            shaken = losses + size * np.random.default_rng(seed).standard_normal(80)
            run = shaken, points, gradients
            assert disagree(run) == (np.median(misses(run, 40)) > 0.2)


def test_losses_are_judged_beside_a_promise_of_any_unit() -> None:
    losses, points, gradients = bowl_run(80)
    shaken = losses + np.random.default_rng(0).standard_normal(80)
    for unit in (1e-150, 1e-6, 1e6, 1e150):
        with np.errstate(all="raise"):
            assert disagree((shaken, points * unit, gradients / unit))
            assert not disagree((losses, points * unit, gradients / unit))
    assert not disagree((shaken, 0 * points, gradients))  # it never moved


def test_of_long_runs_the_last_four_hundred_points_are_compared() -> None:
    losses, points, gradients = bowl_run(1200)
    rng = np.random.default_rng(2)
    for first, last, seen in ((0, 800, False), (800, 1200, True), (990, 1200, True)):
        shaken = losses.copy()
        shaken[first:last] += 3 * rng.standard_normal(last - first)
        assert disagree((shaken, points, gradients)) == seen
    one = [part[:9] for part in bowl_run(9)]
    one[0] = one[0] + 9 * rng.standard_normal(9)
    assert disagree(tuple(one))  # five late points
    assert not disagree(tuple(part[2:] for part in one))  # four


def test_points_met_twice_are_a_cycle_unless_they_are_few() -> None:
    losses, points, gradients = bowl_run(80)
    shaken = losses + 9 * np.random.default_rng(0).standard_normal(80)
    for twice, seen in ((4, True), (5, False)):  # of forty late points eight are a fifth
        again = points.copy()
        again[40 : 40 + twice] = again[60 : 60 + twice]
        assert disagree((shaken, again, gradients)) == seen


def test_promises_that_rounding_hides_are_not_asked_for() -> None:
    losses, points, gradients = bowl_run(80)
    shaken = losses + 9 * np.random.default_rng(0).standard_normal(80)
    assert disagree((shaken, points, gradients), safe=1e-9)
    assert not disagree((shaken, points, gradients), safe=1.0)  # beside the largest loss
    far = np.concatenate([[1e12], shaken[1:]])
    assert not disagree((far, points, gradients))


def test_a_trajectory_has_the_noise_of_its_samples_unless_its_steps_explain_themselves() -> None:
    quiet = bowl_run(80)
    shaken = quiet[0] + 9 * np.random.default_rng(0).standard_normal(80), *quiet[1:]
    for run, sampled, explained, seen in (
        (quiet, True, False, True),
        (quiet, True, True, False),
        (quiet, False, False, False),
        (shaken, False, True, True),
        (shaken, False, False, True),
    ):
        found = noise.in_trajectory(*run, sampled=sampled, explained=explained, safe=1e-9)
        assert found is seen


def test_what_disagrees_and_foretells_itself_is_no_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    """As do a corner's slopes: the signals are the losses and the slopes' lengths."""
    run = bowl_run(80)
    monkeypatch.setattr(noise, "_disagree", lambda *_: True)
    for error, seen in ((None, True), (0.2, False), (0.21, True)):
        asked: list[Any] = []

        def foretold(signals: Any, asked: list[Any] = asked, error: Any = error) -> Any:
            asked.extend(signals)
            return error

        monkeypatch.setattr(noise, "foretold", foretold)
        assert noise.in_trajectory(*run, sampled=False, explained=False, safe=1e-9) is seen
        np.testing.assert_array_equal(asked[0], run[0])
        np.testing.assert_allclose(asked[1], [np.hypot(*g) for g in run[2]])
