"""BatchRace: its noise against theory and simulation, its paths beside the browser's, refusals."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.formula import lower, targets
from gdlib.theory import noise
from gdlib.widgets import race_schedules
from gdlib.widgets.shuffling import batch_ends, order, uniforms
from tests.widgets import typescript


def _number(formula: sp.Expr, *values: float) -> float:
    return float(formula.subs(dict(zip(noise.ARGUMENTS, values, strict=True))))


def test_the_generator_gives_the_numbers_that_mulberry32_is_known_for() -> None:
    # first outputs of the author's own code for seeds 0 and 1, as published with its ports
    assert next(uniforms(0)) == 0.26642920868471265
    assert next(uniforms(1)) == 0.6270739405881613


def test_every_epoch_sees_every_row_once_unless_rows_are_replaced() -> None:
    shuffled = order(7, 3, seed=5, replacement=False).reshape(3, 7)
    np.testing.assert_array_equal(np.sort(shuffled), [range(7)] * 3)
    assert len({tuple(epoch) for epoch in shuffled}) == 3
    drawn = order(7, 3, seed=5, replacement=True)
    assert drawn.shape == (21,)
    assert set(drawn) <= set(range(7))
    assert sorted(drawn[:7]) != list(range(7))


def test_an_epoch_ends_with_what_is_left() -> None:
    assert batch_ends(7, 2, 3).tolist() == [3, 6, 7, 10, 13, 14]


def test_noise_keeps_the_known_distance() -> None:
    # x₁² + 2x₂² with unit noise on each partial, rate 0.1 (Dive into Deep Learning, §12.4)
    formula = noise.independent_variance(replacement=True)
    costs = [lam / 2 * _number(formula, 0.1, lam, 1, 1, 100, 100) for lam in (2, 4)]
    assert sum(costs) == pytest.approx(0.0590278, abs=5e-8)


@pytest.mark.parametrize(("rate", "batches"), [(0.1, 4), (0.6, 10), (1.4, 5)])
def test_shuffling_leaves_the_noise_that_its_formula_says(rate: float, batches: int) -> None:
    rng = np.random.default_rng(3)
    gradients = rng.normal(size=batches)
    gradients -= gradients.mean()  # of batches of one row, at the minimum, curvature 1
    runs = 20_000
    error, squares = np.zeros(runs), 0.0
    for _ in range(60):
        epoch = rng.permuted(np.tile(gradients, (runs, 1)), axis=1)
        squares = 0.0
        for drawn in epoch.T:
            error = (1 - rate) * error - rate * drawn
            squares += float((error**2).mean()) / batches
    spread = float(gradients.var())
    predicted = _number(noise.shuffled_variance(), rate, 1, spread, 1, batches, batches)
    assert squares == pytest.approx(predicted, rel=0.03)


@pytest.mark.parametrize("rate", ["1e-12", "1e-8", "1e-5", "1.6e-4", "1.7e-4", "0.001", "0.3"])
def test_the_noise_of_shuffled_batches_is_right_for_every_rate(rate: str) -> None:
    # The same epoch in exact fractions, covariance by covariance: m batches of one row.
    eta, m = Fraction(rate), 6
    a = 1 - eta

    def grown(steps: int) -> Fraction:
        pairs = itertools.product(range(steps), repeat=2)
        return sum(
            (a ** (i + j) * (Fraction(1) if i == j else Fraction(-1, m - 1)) for i, j in pairs),
            Fraction(0),
        )

    start = grown(m) / (1 - a ** (2 * m))
    exact = eta**2 * sum(a ** (2 * k) * start + grown(k) for k in range(1, m + 1)) / m
    names = [str(s) for s in noise.ARGUMENTS]
    block = lower.lower([noise.shuffled_variance()])
    variance = targets.compile_python(targets.function("f", names, block, "python", ()), "f")
    assert variance(float(eta), 1.0, 1.0, 1.0, 6.0, 6.0) == pytest.approx(float(exact), rel=5e-4)


@pytest.mark.parametrize("replacement", [False, True])
def test_a_run_keeps_the_distance_that_is_drawn(replacement: bool) -> None:
    race = gd.BatchRace(learning_rate=0.1, epochs=60, replacement=replacement)
    points = race.trajectories["stochastic"].points
    settled = points[len(points) // 2 :] - race.problem.minimum
    measured = float(np.sqrt((settled**2).sum(1).mean()))
    assert measured == pytest.approx(race.radius(1), rel=0.1)


def test_no_distance_is_promised_beyond_the_bound() -> None:
    race = gd.BatchRace(learning_rate=2.5)
    assert math.isnan(race.radius(10))
    assert race.trajectories["stochastic"].status == "diverged"


def test_a_run_diverges_where_its_cost_is_finite_no_more_and_nowhere_before() -> None:
    run = gd.BatchRace(learning_rate=2.5, epochs=20).trajectories["stochastic"]
    assert run.status == "diverged"
    assert np.isfinite(run.values).all()
    assert np.isfinite(run.gradients).all()
    assert run.values[-1] > 1e280  # the largest number is 1.8e308


def test_batches_of_all_rows_are_gradient_descent() -> None:
    race = gd.BatchRace(batch_size=100, epochs=8)
    runs = race.trajectories
    plain = gd.descend(race.landscape, gd.gradient_descent(0.2), steps=8)
    np.testing.assert_allclose(runs["batch"].points, plain.points, rtol=1e-12)
    np.testing.assert_allclose(runs["mini-batch"].points, plain.points, rtol=1e-12)


@pytest.mark.parametrize(("replacement", "size"), list(itertools.product([False, True], [10, 33])))
def test_the_browser_takes_the_same_paths(replacement: bool, size: int) -> None:
    race = gd.BatchRace(batch_size=size, epochs=3, seed=7, replacement=replacement)
    script = """
        import { Fits } from "./src/widgets/batch-race/state";
        const fits = new Fits({ get: (name: string) => data[name] } as never);
        console.log(JSON.stringify({
            runs: fits.runs.map((run) =>
                [run.name, [...run.points], [...run.seen], [...run.values]]),
            variances: [data.batch_size, 1].map((b) => fits.variances(b, data.learning_rate)),
        }));"""
    browser = typescript.run(script, race.page_state())
    for name, points, seen, values in browser["runs"]:
        run = race.trajectories[name]
        np.testing.assert_allclose(np.reshape(points, (-1, 2)), run.points, rtol=1e-11, atol=1e-13)
        np.testing.assert_array_equal(seen, run.samples)
        np.testing.assert_allclose(values, run.values, rtol=1e-9)
    for variances, rows in zip(browser["variances"], (size, 1), strict=True):
        assert math.sqrt(sum(variances)) == pytest.approx(race.radius(rows), rel=1e-9)


@pytest.mark.parametrize("name", race_schedules.NAMES)
def test_the_browser_follows_the_same_schedule(name: str) -> None:
    race = gd.BatchRace(epochs=3, seed=7, schedule=name)
    script = """
        import { Fits } from "./src/widgets/batch-race/state";
        const fits = new Fits({ get: (name: string) => data[name] } as never);
        console.log(JSON.stringify(fits.runs.map((run) =>
            [run.name, [...run.points], fits.rateNow(run)])));"""
    for method, points, rate in typescript.run(script, {**race.page_state(), "samples": 150}):
        run = race.trajectories[method]
        np.testing.assert_allclose(np.reshape(points, (-1, 2)), run.points, rtol=1e-11, atol=1e-13)
        taken = int(np.searchsorted(run.samples, 150, side="right")) - 1
        assert rate == pytest.approx(
            race_schedules.over_run(name, 0.2, run.steps)(taken + 1), rel=1e-12
        )


# What each plan says at the first step, in the middle and at the last of T = 600, worked by hand.
SHAPES = {
    "constant": (0.2, 0.2, 0.2),
    "one over k": (0.2, 0.2 / 301, 0.2 / 600),
    "step": (0.2, 0.02, 0.002),
    "exponential": (0.2, 0.02, 0.2 * 0.01 ** (599 / 600)),
    "inverse time": (0.2, 0.2 / 26, 0.2 / (1 + 50 * 599 / 600)),
    "polynomial": (0.2, 0.1, 0.2 / 600),
    "cosine": (0.2, 0.1, 0.1 * (1 + math.cos(math.pi * 599 / 600))),
}


@pytest.mark.parametrize("name", race_schedules.NAMES)
def test_a_plan_is_laid_over_the_whole_run(name: str) -> None:
    rates = race_schedules.over_run(name, 0.2, 600)
    assert [rates(k) for k in (1, 301, 600)] == pytest.approx(SHAPES[name], rel=1e-9)


def test_a_race_on_a_schedule_is_descend_batches_on_it() -> None:
    race = gd.BatchRace(schedule="cosine", batch_size=100, epochs=8)
    rates = gd.schedules.cosine(0.2, 8)
    plain = gd.descend(race.landscape, gd.gradient_descent(1.0), steps=8, learning_rate=rates)
    np.testing.assert_allclose(race.trajectories["mini-batch"].points, plain.points, rtol=1e-12)


def test_the_schedules_to_choose_from_hold_the_one_that_runs() -> None:
    assert [p["name"] for p in gd.BatchRace()._programs["schedules"]] == ["constant"]
    race = gd.BatchRace(schedules=("step", "cosine"), schedule="step")
    race.schedule = "polynomial"
    assert race.schedules == ("step", "cosine", "polynomial")
    assert [p["name"] for p in race._programs["schedules"]] == ["step", "cosine", "polynomial"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"batch_size": 101}, "batch_size must be from 1 to 100, not 101"),
        ({"batch_size": 0}, "batch_size"),
        ({"learning_rate": -0.1}, "learning_rate must be positive and finite, not -0.1"),
        ({"schedule": "cosign"}, "schedule must be .* not 'cosign'; did you mean 'cosine'"),
        ({"schedules": ("step", "triangle")}, 'schedules must be "constant", .* not .triangle'),
        ({"start": (1.0,)}, "start must be 2 finite number"),
        ({"start": (float("nan"), 0.0)}, "start must be finite, not nan at index 0"),
        ({"problem": gd.LeastSquares(np.eye(3), np.ones(3))}, r"problem must fit a line"),
        ({"problem": gd.LeastSquares(np.ones((4, 2)), np.ones(4))}, "one best line"),
    ],
)
def test_bad_choices_are_refused_in_words(choice: dict[str, object], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        gd.BatchRace(**choice)  # type: ignore[arg-type]


def test_the_text_beside_the_picture_names_the_line_that_polyfit_finds() -> None:
    race = gd.BatchRace(epochs=4)
    assert repr(race) == "BatchRace(100 rows, batches of 10)"
    _, x = race.problem.features.T
    slope, intercept = np.polyfit(x, race.problem.targets, 1)
    assert f"The best line has intercept {intercept:.3g} and slope {slope:.3g}." in race.alt
