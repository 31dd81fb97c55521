"""Tests of tuning: scores against closed forms and loops, and the same numbers wherever runs go."""

import itertools
import math
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import distributed
import joblib
import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.optimizers.symbols import g
from gdlib.tuning import Tuning, _brief, _reached

X, Y = sp.symbols("x y", real=True)
PARABOLA = gd.Landscape("parabola", X**2 / 2, [X], [(-3, 3)], start=(2.0,))
RATES = {"learning_rate": [0.05, 0.5, 1.5, 1.9, 2.5]}


def descend_parabola(optimizer: gd.Optimizer, seed: int) -> gd.Trajectory:
    return gd.descend(PARABOLA, optimizer, (float(1 + seed),), steps=2000)


def test_evaluations_to_a_target_are_those_of_the_closed_form() -> None:
    # θ after k steps is (1 − η)^k θ₀: J ≤ t once (1 − η)^2k ≤ 2t / θ₀²
    tuning = gd.tune(descend_parabola, gd.gradient_descent, RATES, seeds=(0, 1), target=1e-6)
    for trial in tuning.trials[:4]:
        factor = abs(1 - trial.settings["learning_rate"])
        wanted = [math.ceil(math.log(2e-6 / x0**2) / (2 * math.log(factor))) for x0 in (1.0, 2.0)]
        assert trial.scores.tolist() == wanted


def test_a_run_that_diverges_has_the_worst_score() -> None:
    for target in (None, 1e-6):
        tuning = gd.tune(descend_parabola, gd.gradient_descent, RATES, target=target)
        assert tuning.trials[-1].scores.tolist() == [math.inf]
        assert math.isfinite(tuning.best.score)


def test_without_a_target_the_score_is_the_last_cost() -> None:
    tuning = gd.tune(
        lambda optimizer, _: gd.descend(PARABOLA, optimizer, steps=5, keep="end"),
        gd.gradient_descent,
        {"learning_rate": [0.5]},
    )
    assert tuning.best.score == pytest.approx((0.5**5 * 2) ** 2 / 2, rel=1e-12)
    path = gd.tune(replay([4.0, 0.5, 3.0]), gd.gradient_descent, {"learning_rate": [1.0]})
    assert path.best.score == 3.0  # not the first, and not the lowest


def test_a_tuning_says_what_it_was_and_cannot_be_changed() -> None:
    tuning = gd.tune(descend_parabola, gd.gradient_descent, RATES, seeds=(3, 1), target=0.5)
    assert (tuning.rule, tuning.seeds, tuning.target) == (gd.gradient_descent, (3, 1), 0.5)
    with pytest.raises(ValueError, match="read-only"):
        tuning.best.scores[0] = 0.0
    with pytest.raises(TypeError, match="item assignment"):
        tuning.best.settings["learning_rate"] = 0.0  # type: ignore[index]


def replay(values: list[float]) -> Any:
    """Return a run whose cost takes these values, whatever the optimizer."""
    shape = np.array(values).reshape(len(values), -1)
    steps = len(values) - 1
    trajectory = gd.Trajectory(
        shape[..., None], np.array(values), shape[..., None], "out of steps", steps, steps
    )
    return lambda *_: trajectory


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([4.0, 3.0, 1.0, 0.5], 2),
        ([4.0, 0.5, 3.0, 0.9], 3),  # it touched the target, and left it again
        ([0.9, 0.5, 0.2, 0.1], 0),
        ([4.0, 0.5, 0.5, 2.0], math.inf),
        ([4.0, 3.0, 3.0, 3.0], math.inf),
    ],
)
def test_a_target_counts_once_the_run_stays_below_it(values: list[float], wanted: float) -> None:
    tuning = gd.tune(replay(values), gd.gradient_descent, {"learning_rate": [1.0]}, target=1.0)
    assert tuning.trials[0].scores.tolist() == [wanted]


def test_runs_on_batches_are_scored_by_the_rows_seen() -> None:
    line = gd.problems.noisy_line(40, noise=0.0)

    def run(optimizer: gd.Optimizer, seed: int) -> gd.Trajectory:
        return gd.descend_batches(line, optimizer, batch_size=8, epochs=30, seed=seed)

    tuning = gd.tune(run, gd.gradient_descent, {"learning_rate": [0.5]}, seeds=(3,), target=1e-3)
    values = run(gd.gradient_descent(0.5), 3).values
    below = next(k for k in range(len(values)) if (values[k:] <= 1e-3).all())
    assert tuning.best.score == 8 * below > 0


def test_a_grid_of_starts_has_a_score_for_each() -> None:
    starts = np.array([[1.0], [2.0], [3.0]])

    def together(optimizer: gd.Optimizer, _: int) -> gd.Trajectory:
        return gd.descend(PARABOLA, optimizer, starts, steps=2000)

    one = gd.tune(together, gd.gradient_descent, RATES, target=1e-6)
    apart = gd.tune(descend_parabola, gd.gradient_descent, RATES, seeds=range(3), target=1e-6)
    np.testing.assert_array_equal(one.scores, apart.scores)


def test_the_best_has_the_lowest_median_and_ties_fall_to_fewer_failures_then_to_the_first() -> None:
    scores: dict[float, list[float]] = {
        0.1: [9, 9, 9],
        0.2: [1, 5, math.inf],
        0.3: [1, 5, 5],
        0.4: [4, 5, 6],
    }

    def run(optimizer: gd.Optimizer, seed: int) -> gd.Trajectory:
        value = scores[optimizer.settings["learning_rate"]][seed]
        status = "diverged" if value == math.inf else "out of steps"
        point = np.zeros((1, 1))
        return gd.Trajectory(point, np.array([min(value, 1.0), value][-1:]), point, status, 0, 0)

    tuning = gd.tune(run, gd.gradient_descent, {"learning_rate": list(scores)}, seeds=range(3))
    assert [trial.score for trial in tuning.trials] == [9, 5, 5, 5]
    assert tuning.best.settings == {"learning_rate": 0.3}
    assert tuning.optimizer.settings == {"learning_rate": 0.3}


@pytest.mark.parametrize("target", [None, 1e-300])
def test_where_every_run_fails_no_winner_is_named(target: float | None) -> None:
    rates = {"learning_rate": [2.5, 3.0]}
    lost = gd.tune(descend_parabola, gd.gradient_descent, rates, seeds=(0, 1), target=target)
    assert np.isinf(lost.scores).all()
    end = "diverged" if target is None else "diverged or missed the target 1e-300"
    why = f"with each of the 2 settings every run {end}"
    assert repr(lost) == f"Tuning(2 trials, none won: {why})"
    assert repr(lost.best) == "Trial(learning_rate=2.5: inf, 2 of 2 runs failed)"
    with pytest.raises(ValueError, match=f"there is no best optimizer: {why}"):
        _ = lost.optimizer


def test_one_run_of_two_that_comes_through_is_no_winner_either() -> None:
    trials = (gd.Trial({"learning_rate": 1.0}, np.array([1.0, math.inf])),)
    tuning = Tuning(gd.gradient_descent, trials, (0, 1), None)
    assert "half of the runs or more diverged" in repr(tuning)
    assert repr(tuning.best) == "Trial(learning_rate=1: inf, 1 of 2 runs failed)"
    with pytest.raises(ValueError, match="there is no best optimizer"):
        _ = tuning.optimizer


def test_a_rule_without_a_rate_is_tuned_by_what_it_has() -> None:
    def rule(width: float) -> gd.Optimizer:
        c = sp.Symbol("c", positive=True)
        return gd.Optimizer("signs", step=-c * sp.sign(g), hyperparameters={c: width})

    tuning = gd.tune(descend_parabola, rule, {"width": [0.5, 1.0]})
    assert tuning.best.settings == {"width": 0.5}  # both reach 0 from 1, and the first is named
    with pytest.raises(TypeError, match="does not take the settings learning_rate"):
        gd.tune(descend_parabola, rule, RATES)


def test_settings_that_are_no_numbers_are_shown() -> None:
    def rule(*, learning_rate: float, variant: str) -> gd.Optimizer:
        return {"heavy": gd.momentum, "light": gd.nesterov}[variant](learning_rate)

    grid: Any = [{"learning_rate": 0.1, "variant": "heavy"}]
    tuning = gd.tune(descend_parabola, rule, grid)
    assert "learning_rate=0.1, variant='heavy'" in repr(tuning)


TRIAL = gd.Trial({"learning_rate": 0.1}, np.array([1.0, 2.0]))
TRIALS: Any = gd.Trial  # of anything: that is what is tested
TUNING: Any = Tuning


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: TRIALS([0.1], [1.0]), TypeError, "settings must be a mapping by keyword"),
        (lambda: TRIALS({1: 0.1}, [1.0]), TypeError, "a keyword of settings must be a string"),
        (lambda: TRIALS({}, []), ValueError, "scores must be one or more numbers"),
        (lambda: TRIALS({}, [math.nan]), ValueError, "scores must be one or more numbers"),
        (lambda: TRIALS({}, ["1"]), TypeError, "scores must be numbers"),
        (lambda: TRIALS({}, 3.0), ValueError, r"scores must be of shape \(any,\)"),
        (lambda: TUNING("adam", (TRIAL,), (0, 1), None), TypeError, "rule must be a constructor"),
        (lambda: TUNING(gd.adam, (), (0, 1), None), ValueError, "trials must be one or more"),
        (lambda: TUNING(gd.adam, (3,), (0, 1), None), TypeError, "trials must be several Trials"),
        (lambda: TUNING(gd.adam, (TRIAL,), (None,), None), TypeError, "a seed must be"),
        (lambda: TUNING(gd.adam, (TRIAL,), (0,), "low"), TypeError, "target must be a number"),
        (
            lambda: TUNING(gd.adam, (TRIAL, TRIALS({}, [1.0])), (0, 1), None),
            ValueError,
            "all of the same number of runs",
        ),
    ],
)
def test_results_are_not_built_of_anything(make: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        make()


def test_the_scores_of_a_trial_are_a_copy() -> None:
    scores = np.array([1.0, 2.0])
    trial = gd.Trial({"learning_rate": 0.1}, scores)
    scores[0] = 9.0
    assert trial.scores.tolist() == [1.0, 2.0]


def test_half_the_runs_lost_is_a_lost_median() -> None:
    trial = gd.Trial({"learning_rate": 1.0}, np.array([1.0, 2.0, math.inf, math.inf]))
    assert trial.score == math.inf


def test_a_mapping_is_every_combination_and_a_list_is_taken_as_it_is() -> None:
    grid = {"learning_rate": [0.1, 0.2], "decay": (0.5, 0.9)}
    run = replay([1.0])
    tried = [dict(t.settings) for t in gd.tune(run, gd.momentum, grid).trials]
    assert tried == [
        {"learning_rate": eta, "decay": beta} for eta in (0.1, 0.2) for beta in (0.5, 0.9)
    ]
    drawn = [{"learning_rate": 0.3, "decay": 0.1}, {"learning_rate": 0.7}]
    assert [dict(t.settings) for t in gd.tune(run, gd.momentum, drawn).trials] == drawn


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"grid": {"learning_rte": [0.1]}}, TypeError, "did you mean 'learning_rate'"),
        ({"grid": {3: [0.1]}}, TypeError, "a keyword of the grid must be a string"),
        ({"grid": {"learning_rate": itertools.count(1)}}, ValueError, "at most 100,000 values"),
        ({"grid": {"learning_rate": [0.1] * 400, "decay": [0.1] * 400}}, ValueError, "at most 100"),
        ({"rule": dict.fromkeys}, TypeError, "the rule must be a constructor|does not take"),
        ({"seeds": itertools.count()}, ValueError, "seeds must list at most"),
        ({"seeds": [None]}, TypeError, "a seed must be a whole number, not None"),
        ({"seeds": [np.random.default_rng(0)]}, TypeError, "not a Generator"),
        ({"seeds": [-1]}, ValueError, "a seed must be at least 0, not -1"),
        ({"seeds": "012"}, TypeError, "seeds must be several whole numbers"),
        ({"target": True}, TypeError, "target must be a number"),
        ({"n_jobs": 0}, ValueError, "n_jobs must be 1 or more"),
        ({"n_jobs": "all"}, TypeError, "n_jobs must be a whole number"),
        ({"n_jobs": 10**9}, ValueError, "n_jobs must be from"),
        ({"run": PARABOLA}, TypeError, "a function of an optimizer and a seed"),
        ({"rule": gd.adam(0.1)}, TypeError, "a constructor such as gd.adam"),
        ({"rule": lambda learning_rate: learning_rate}, TypeError, "one like gd.adam"),
        ({"grid": {}}, ValueError, "the grid is empty"),
        ({"grid": {"learning_rate": []}}, ValueError, "the grid is empty"),
        (
            {"grid": {"learning_rate": 0.1}},
            TypeError,
            "the grid's learning_rate must list several values",
        ),
        ({"grid": {"decay": [0.9]}}, TypeError, "gradient_descent does not take"),
        ({"grid": {"learning_rate": [-0.1]}}, ValueError, "positive and finite"),
        ({"grid": [0.1]}, TypeError, "a mapping a trial"),
        ({"grid": 0.1}, TypeError, "a mapping a trial"),
        ({"seeds": ()}, ValueError, "at least one seed"),
        ({"seeds": 5}, TypeError, "range"),
        ({"seeds": (0.5,)}, TypeError, "a whole number"),
        ({"target": "low"}, TypeError, "target must be a number"),
        ({"target": math.nan}, ValueError, "target must be finite"),
        ({"run": lambda *_: 3.0}, TypeError, "a gd.Trajectory, not float"),
        (
            {
                "run": lambda o, _: gd.descend(PARABOLA, o, keep="end"),
                "grid": {"learning_rate": [0.1]},
                "target": 0.1,
            },
            ValueError,
            "the whole path",
        ),
    ],
)
def test_mistakes_are_refused_in_words(
    changed: dict[str, Any], error: type[Exception], words: str
) -> None:
    asked: dict[str, Any] = {
        "run": descend_parabola,
        "rule": gd.gradient_descent,
        "grid": RATES,
    } | changed
    with pytest.raises(error, match=words):
        gd.tune(**asked)


COSTS = [gd.landscapes.beale(), gd.problems.two_clouds(20)]
RULES = [build(learning_rate=0.1) for build in gd.optimizers.catalogue.values()]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: cost.name)
def test_what_is_sent_to_another_process_runs_there_as_here(cost: Any, rule: gd.Optimizer) -> None:
    here = gd.descend(cost, rule, (0.5, 0.5), steps=20)
    sent_cost, sent_rule = pickle.loads(pickle.dumps((cost, rule)))
    there = gd.descend(sent_cost, sent_rule, (0.5, 0.5), steps=20)
    np.testing.assert_array_equal(there.points, here.points)
    assert repr(sent_rule) == repr(rule)
    assert sent_rule.latex() == rule.latex()


def test_a_schedule_and_a_tuning_survive_the_journey() -> None:
    cosine = gd.schedules.cosine(0.5, 10)
    sent = pickle.loads(pickle.dumps(cosine))
    assert [sent(k) for k in range(1, 11)] == [cosine(k) for k in range(1, 11)]
    tuning = gd.tune(descend_parabola, gd.gradient_descent, RATES)
    same = pickle.loads(pickle.dumps(tuning))
    np.testing.assert_array_equal(same.scores, tuning.scores)
    assert same.best.settings == tuning.best.settings


def on_beale(n_jobs: int | None = None) -> Tuning:
    """Tune Adam with what readers write in a cell: a function of their own, over a landscape."""
    beale = gd.landscapes.beale()

    def run(optimizer: gd.Optimizer, seed: int) -> gd.Trajectory:
        start = np.add(beale.start, np.random.default_rng(seed).normal(scale=0.1, size=2))
        return gd.descend(beale, optimizer, start, steps=200)

    grid = {"learning_rate": [0.01, 0.1, 1.0, 1e200], "beta1": [0.5, 0.9]}
    return gd.tune(run, gd.adam, grid, seeds=range(3), target=0.1, n_jobs=n_jobs)


@pytest.fixture(scope="module")
def alone() -> Tuning:
    return on_beale()


def test_two_processes_give_the_same_numbers(alone: Tuning) -> None:
    np.testing.assert_array_equal(on_beale(n_jobs=2).scores, alone.scores)


def test_runs_that_diverge_in_other_processes_warn_of_nothing() -> None:
    def heard(optimizer: gd.Optimizer, seed: int) -> gd.Trajectory:
        warnings.simplefilter("error")  # a worker does not hear of -W
        return gd.descend(gd.landscapes.beale(), optimizer, [[1.0, seed], [2.0, 2.0]], steps=50)

    there = gd.tune(heard, gd.adam, {"learning_rate": [1.0, 1e200]}, seeds=range(2), n_jobs=2)
    assert np.isinf(there.trials[1].scores).all()


def test_threads_give_the_same_numbers(alone: Tuning) -> None:
    with joblib.parallel_config(backend="threading", n_jobs=2):
        np.testing.assert_array_equal(on_beale().scores, alone.scores)


@pytest.fixture
def cluster() -> Iterator[distributed.Client]:
    """Start two workers in processes of their own on this machine, without a dashboard."""
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as two,
        distributed.Client(two) as client,
    ):
        yield client


def test_a_dask_cluster_gives_the_same_numbers(alone: Tuning, cluster: distributed.Client) -> None:
    ran = set(cluster.run(lambda: __import__("os").getpid()).values())
    assert len(ran) == 2
    with joblib.parallel_config(backend="dask"):
        there = on_beale()
    np.testing.assert_array_equal(there.scores, alone.scores)
    assert there.best.settings == alone.best.settings


def test_a_setting_is_named_in_twenty_characters_or_three_digits() -> None:
    assert [_brief(value) for value in (0.12345, 3, "ab")] == ["0.123", "3", "'ab'"]
    assert len(_brief("x" * 99)) == 20


def test_a_run_that_is_never_above_the_target_has_reached_it_for_nothing() -> None:
    """Of three runs of x ← x/2 one starts below 1/8, one needs a step, and one stays above."""
    bowl = gd.Landscape.parse("x**2/2")
    run = gd.descend(bowl, gd.gradient_descent(0.5), [[0.4], [0.8], [4.0]], steps=2)
    assert _reached(run, run.values, 1 / 8).tolist() == [0, 1, math.inf]
