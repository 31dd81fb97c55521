"""Each task of a "Try this" has its answer, folded, and the numbers in the answers are right."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sklearn.datasets import load_diabetes

import gdlib as gd
from gdlib import landscapes
from tests.claims import CHAPTERS, cells
from tests.test_lasso_path import after

NUMBERED = re.compile(r"^\d+\. (.*)$", re.MULTILINE)
FORM = re.compile(
    r"^::::\{admonition\} Try this\n:class: try\n\n(?P<tasks>.*?)\n\n"
    r":::\{dropdown\} Answers\n:class-container: hint\n\n(?P<answers>.*?)\n:::\n::::",
    re.DOTALL,
)
plain = gd.gradient_descent


def tries(chapter: str) -> dict[str, str]:
    """Return the cells of a chapter that ask a reader to try something."""
    found = {name: cell.source for name, cell in cells(chapter).items()}
    return {name: text for name, text in found.items() if ":class: try\n" in text}


@cache
def answers(chapter: str, cell: str) -> list[str]:
    form = FORM.match(tries(chapter)[cell])
    assert form
    return NUMBERED.findall(form["answers"])


def says(chapter: str, cell: str, number: int, *words: str) -> None:
    """The answer with this number holds these words."""
    for text in words:
        assert text in answers(chapter, cell)[number - 1]


@pytest.mark.parametrize("chapter", [path.stem for path in CHAPTERS])
def test_every_task_has_its_answer_folded_in_one_form(chapter: str) -> None:
    assert tries(chapter)
    for name, text in tries(chapter).items():
        form = FORM.match(text)
        assert form, name
        assert len(NUMBERED.findall(form["tasks"])) == len(NUMBERED.findall(form["answers"])) > 0


def since(cost: Any, rule: Any, start: Any, steps: int, level: float = 1e-6) -> int | None:
    """Count the steps until a run stays closer than `level` to the lowest known cost."""
    run = gd.descend(cost, rule, start, steps)
    lowest = min(float(cost.value(point)) for point in cost.minima)
    high = np.flatnonzero(run.values - lowest >= level)
    return int(high[-1]) + 1 if high[-1] < run.steps else None


def test_01_the_mountain() -> None:
    where = ("01-walking-downhill", "walk-try")
    mountain = gd.Landscape.parse("theta**4/4 - theta**2 + theta/4", bounds=[(-2.2, 2.2)])
    run = gd.descend(mountain, plain(0.1), [2.0], 40)
    assert run.end == pytest.approx([1.347], abs=5e-4)
    tops = np.sort(np.roots([1, 0, -2, 0.25]))
    assert tops[1] == pytest.approx(0.126, abs=5e-4)
    ends = [gd.descend(mountain, plain(0.1), [x], 400).end[0] for x in (0.125, 0.127)]
    assert np.sign(ends).tolist() == [-1, 1]
    lengths = np.abs(np.diff(run.points[:, 0]))
    assert lengths[0] == pytest.approx(0.425)
    assert (np.diff(lengths) < 0).all()
    says(*where, 1, "1.347")
    says(*where, 2, "0.126", "From $0.125$ it goes left, from $0.127$ right")
    says(*where, 3, "the slope is $4.25$ and the first step $0.425$ long")


def test_01_the_hunt() -> None:
    low, high = [20, 6, 10, 0], [81, 16, 19, 63]
    c, a, w, p = np.random.default_rng(1).integers(low, high) / 10
    place = np.linspace(0, 10, 20_001)
    height = (place - c) ** 2 / 10 + a * np.sin(w * place + p)
    slope = np.gradient(height, place)
    assert place[height.argmin()] == pytest.approx(3.2925, abs=1e-3)
    good = place[height - height.min() < 0.01 * np.ptp(height)]
    assert good.min() < 3.14 < 3.45 < good.max()
    assert good.min() < 3.25 < good.max()
    at = {x: float(np.interp(x, place, slope)) for x in (3, 4, 5)}
    assert at[3] < 0 < min(at[4], at[5])
    says("01-walking-downhill", "walk-hunt-try", 1, "$3.2925$", "from $3.14$ to $3.45$", "$3.25$")


def test_01_the_line() -> None:
    where = ("01-walking-downhill", "walk-fit-try")
    points = gd.problems.noisy_line(12)
    x, y = points.features[:, 1], points.targets
    slope, intercept = np.polyfit(x, y, 1)
    assert np.abs(intercept + slope * x - y).min() > 0.05  # through none of them
    least = ((intercept + slope * x - y) ** 2).mean() / 2
    says(*where, 2, f"$y = {intercept:.3f} + {slope:.3f}x$", f"its cost is ${least:.3f}$")
    runs = {rate: gd.descend(points, plain(rate), (2.5, -1.0), 40) for rate in (1, 1.9, 2)}
    assert runs[1].values[10] - least < 1e-4
    errors = {rate: run.points[:, 0] - intercept for rate, run in runs.items()}
    for rate in (1.9, 2):  # over the best line and back
        assert (errors[rate][1:] * errors[rate][:-1] < 0).all()
    jumps = {rate: np.abs(np.diff(error)) for rate, error in errors.items()}
    assert (np.diff(jumps[1.9]) < 0).all()
    assert (np.diff(jumps[2][1:]) > 0).all()


def test_01_four_valleys() -> None:
    land = landscapes.himmelblau()
    ends = [gd.descend(land, plain(0.005), (x, 1.5), 60).end for x in (-0.1, 0.0)]
    np.testing.assert_allclose(ends, [(-2.81, 3.13), (3, 2)], atol=0.01)
    runs = {rate: gd.descend(land, plain(rate), (-0.5, 1.5), 60) for rate in (0.01, 0.02, 0.04)}
    assert (np.diff(runs[0.01].values) <= 0).all()
    assert (np.diff(runs[0.02].values) <= 0).all()
    rises = np.diff(runs[0.04].values) > 0
    assert int(rises.argmax()) + 1 == 2
    assert runs[0.04].status == "diverged"
    where = ("01-walking-downhill", "walk-solve")
    says(*where, 1, "$(-0.1, 1.5)$ ends at $(-2.81, 3.13)$ and $(0, 1.5)$ at $(3, 2)$")
    says(*where, 2, "third doubling, $0.04$: the cost rises at step 2, and the walk diverges")


def test_03_one_curve() -> None:
    theta = {rate: (1 - rate) ** np.arange(101.0) for rate in (0.00021, 0.21, 2.1, 0.9, 1.1)}
    assert theta[0.00021][-1] == pytest.approx(0.979, abs=5e-4)
    assert theta[0.21][-1] == pytest.approx(5.8e-11, rel=0.01)
    assert round(theta[2.1][-1]) == 13_781
    for rate in (0.9, 1.1):
        assert int(np.flatnonzero(theta[rate] ** 2 / 2 >= 1e-6)[-1]) + 1 == 3
    where = ("03-learning-rate", "try-line")
    says(*where, 1, "$0.979$", r"$5.8\cdot10^{-11}$", r"$13\,781$")
    says(*where, 3, "since step 3")


def test_03_the_bowl() -> None:
    bowl = landscapes.quadratic(condition=10)
    x, y = gd.descend(bowl, plain(0.21), (2, 1), 50).end
    assert x == pytest.approx(1.5e-5, rel=0.05)
    assert y == pytest.approx(117, abs=0.5)
    rates = np.arange(0.15, 0.2, 0.001).round(3)
    taken = {rate: since(bowl, plain(rate), (2, 1), 50) or 99 for rate in rates}
    assert [rate for rate in rates if taken[rate] == min(taken.values())] == [
        *np.arange(0.174, 0.1805, 0.001).round(3)
    ]
    assert (min(taken.values()), taken[0.19]) == (38, 99)
    assert since(bowl, plain(2 / 11), (2, 1), 50) == 40
    assert since(bowl, plain(0.5), (2, 0), 50) == 11
    assert gd.descend(bowl, plain(0.5), (2, 1e-16), 50).end[1] == pytest.approx(1e14, rel=0.5)
    where = ("03-learning-rate", "try-explorer")
    says(*where, 1, "it has grown to 117 after 50 steps", r"$1.5\cdot10^{-5}$")
    says(*where, 2, "From $0.174$ to $0.18$ it takes 38 steps", "not arrived after 50", "40 from")
    says(*where, 3, "since step 11", "$10^{14}$")


def test_03_the_line_search() -> None:
    bowl, valley = landscapes.quadratic(condition=10), landscapes.rosenbrock()
    costs = [
        float(bowl.value([2 - rate * 2, 1 - rate * 10])) for rate in (0, 1, 1 / 2, 1 / 4, 1 / 8)
    ]
    assert costs == pytest.approx([7, 405, 80.5, 12.4, 1.84], rel=3e-3)
    first = gd.backtracking(bowl, (2, 1), 1, slope=0.3)
    strict = gd.backtracking(bowl, (2, 1), 1, slope=0.9)
    assert (first.value_evaluations, strict.value_evaluations) == (4, 7)
    assert strict.end == pytest.approx([2 - 2 / 64, 1 - 10 / 64])
    bold, shy = (
        gd.backtracking(valley, None, 30, learning_rate=rate, slope=0.3) for rate in (1, 0.01)
    )
    assert (bold.value_evaluations, shy.value_evaluations) == (238, 93)
    assert bold.values[-1] == pytest.approx(2.4e-5, rel=0.03)
    assert shy.values[-1] == pytest.approx(3.8, abs=0.05)
    where = ("03-learning-rate", "try-search")
    says(*where, 1, "4 looks", "405, 80.5 and 12.4", "1.84")
    says(*where, 2, "1/64, after 7 looks")
    says(*where, 3, "238 looks against 93", r"$J = 2.4\cdot10^{-5}$ against 3.8")


def test_04_the_valley() -> None:
    valley = landscapes.rosenbrock()
    run = gd.descend(valley, plain(0.0022), valley.start, 10_000)
    assert int(run.values.argmin()) == 2817
    assert run.values.min() == pytest.approx(0.0012, abs=5e-5)
    assert run.values[-500:].tolist() == pytest.approx([0.075] * 500, abs=0.003)
    assert since(valley, plain(0.0019), valley.start, 10_000, 0.01) == 2038
    assert since(valley, plain(0.00095), valley.start, 10_000, 0.01) == 4132
    assert since(valley, plain(0.0019), (0, 0), 10_000, 0.01) == 1659 == 2038 - 379
    where = ("04-valleys", "try-explorer")
    says(*where, 1, "step 2817, with 0.0012", "about 0.075")
    says(*where, 2, "step 2038", "step 4132")
    says(*where, 3, "step 1659", "of 2038 steps you save 379")


def test_04_the_ellipse() -> None:
    def opened(**changed: Any) -> gd.ContourEllipse:
        return gd.ContourEllipse([[10, -12], [-12, 17]], learning_rate=0.07, **changed)

    def steps(factors: Any) -> int:
        left, count = 1.0, 0
        while left > 1e-6:
            left, count = left * np.abs(factors).max(), count + 1
        return count

    given, turned, stretched = opened(), opened(angle=-20.0), opened(condition=100.0)
    np.testing.assert_array_equal(turned.factors, given.factors)
    assert (steps(given.factors), steps(stretched.factors)) == (191, 753)
    best = gd.ContourEllipse([[10, -12], [-12, 17]]).factors
    np.testing.assert_allclose(best, (0.926, -0.926), atol=5e-4)
    assert steps(best) == 191 - 11
    beyond = gd.ContourEllipse([[10, -12], [-12, 17]], learning_rate=2.02 / 26).factors
    assert abs(beyond[1]) > 1 > abs(beyond[0])
    where = ("04-valleys", "try-ellipse")
    says(*where, 2, "753 steps instead of 191")
    says(*where, 3, "$0.926$ and $-0.926$", "11 of the 191 steps")
    says(*where, 4, "along $z_2$, the steep axis")


def race(**changed: Any) -> Any:
    return gd.BatchRace(epochs=60, **changed)


def above(widget: Any, rows: int) -> dict[str, float]:
    """Return how far each run of a race is above the least cost after so many rows."""
    sizes = {"batch": 100, "mini-batch": widget.batch_size, "stochastic": 1}
    floor = widget.problem.value(widget.problem.minimum)
    return {
        name: float(run.values[rows // sizes[name]] - floor)
        for name, run in widget.trajectories.items()
    }


def cloud(widget: Any) -> dict[str, float]:
    """Return the mean distance from the minimum over each run's second half."""
    away = {
        name: np.linalg.norm(run.points - widget.problem.minimum, axis=1)
        for name, run in widget.trajectories.items()
    }
    return {name: float(np.sqrt((d[len(d) // 2 :] ** 2).mean())) for name, d in away.items()}


def first_within(widget: Any, level: float) -> int:
    run = widget.trajectories["stochastic"]
    return int((run.values - widget.problem.value(widget.problem.minimum) < level).argmax())


def test_05_three_sizes() -> None:
    given, halved, anew = race(), race(learning_rate=0.1), race(replacement=True)
    assert above(given, 200) == pytest.approx(
        {"batch": 0.75, "mini-batch": 0.026, "stochastic": 0.011}, rel=0.03
    )
    assert above(given, 6000) == pytest.approx(
        {"batch": 7.1e-5, "mini-batch": 1.3e-4, "stochastic": 1.2e-3}, rel=0.05
    )
    assert cloud(given)["stochastic"] == pytest.approx(0.22, abs=5e-3)
    assert cloud(halved)["stochastic"] == pytest.approx(0.13, abs=5e-3)
    assert (first_within(given, 0.01), first_within(halved, 0.01)) == (33, 74)
    sizes = {size: cloud(race(batch_size=size))["mini-batch"] for size in (10, 25, 50)}
    assert sizes == pytest.approx({10: 0.041, 25: 0.018, 50: 0.010}, abs=6e-4)
    assert cloud(anew)["mini-batch"] == pytest.approx(0.061, abs=5e-4)
    assert cloud(anew)["stochastic"] == pytest.approx(0.225, abs=5e-4)
    assert cloud(anew)["batch"] == cloud(given)["batch"]
    where = ("05-batches", "try")
    says(*where, 1, "0.011", "0.026", "0.75", r"7.1\cdot10^{-5}", r"1.3\cdot10^{-4}")
    says(*where, 2, "from 0.22 to 0.13", "74 rows instead of 33")
    says(*where, 3, "0.041 at $B = 10$, 0.018 at 25, 0.010 at 50")
    says(*where, 4, "from 0.041 to 0.061", "from 0.219 to 0.225")


def test_06_schedules() -> None:
    offered = ("constant", "one over k", "step", "exponential", "inverse time", "polynomial")
    widget = race(schedules=(*offered, "cosine"))
    ends, halves = {}, {}
    for name in widget.schedules:
        widget.schedule = name
        ends[name], halves[name] = above(widget, 6000), above(widget, 3000)
    assert ends["constant"]["stochastic"] == pytest.approx(0.0012, rel=0.03)
    assert ends["one over k"]["stochastic"] == pytest.approx(0.16, rel=0.03)
    assert halves["cosine"] == pytest.approx(
        {"batch": 0.014, "mini-batch": 7.4e-6, "stochastic": 0.0038}, rel=0.03
    )
    assert ends["cosine"] == pytest.approx(
        {"batch": 0.0062, "mini-batch": 2.6e-8, "stochastic": 4.1e-6}, rel=0.03
    )
    best = sorted(ends, key=lambda name: ends[name]["batch"])
    assert best[:2] == ["constant", "cosine"]
    widget.schedule, widget.learning_rate = "one over k", 4.0
    assert above(widget, 6000)["stochastic"] == pytest.approx(1.7e-8, rel=0.03)
    assert widget.trajectories["stochastic"].values.max() == pytest.approx(23, rel=0.03)
    where = ("06-schedules", "try")
    says(*where, 1, "$0.0012$ above", "it ends at $0.16$")
    says(*where, 2, r"$7.4\cdot10^{-6}$", r"$2.6\cdot10^{-8}$", "from $0.0038$ to $4.1")
    says(*where, 3, r"$7.1\cdot10^{-5}$", "cosine, leaves $0.0062$")
    says(*where, 4, r"$1.7\cdot10^{-8}$", "the cost up to 23")


def test_07_the_map_of_the_question() -> None:
    land = landscapes.styblinski_tang()
    rules = (plain(0.02), gd.momentum(0.005), gd.adam(2))
    maps = [gd.basins(land, rule, (192, 256), 300) for rule in rules]
    a, b, c, d = (point.point for point in maps[0].points)
    assert (a[0] < 0 > a[1], b[0] < 0 < b[1], c[0] > 0 < c[1], d[0] > 0 > d[1]) == (True,) * 4
    assert [point.value for point in maps[0].points] == pytest.approx(
        [-78.3, -64.2, -50.1, -64.2], abs=0.1
    )
    assert [found.shares[0] for found in maps] == pytest.approx([0.266, 0.299, 0.415], abs=5e-3)
    for rule, hollow in zip(rules, (c, d, a), strict=True):
        assert gd.descend(land, rule, (2.5, 4.6), 300).end == pytest.approx(hollow, abs=1e-3)
    says("07-local-minima", "try", 2, "26.6 %", "29.9 %", "about 42 %", "2 long in each")


def test_07_basins_that_empty() -> None:
    land = landscapes.styblinski_tang()
    lowest, *_ = land.minima
    limit = 2 / np.linalg.eigvalsh(land.hessian(lowest))[-1]
    assert limit == pytest.approx(0.0578, abs=5e-5)
    assert plain(0.05).settings["learning_rate"] < limit < 0.06
    found = gd.basins(land, plain(0.06), (192, 256), 300)
    assert np.mean(found.labels == -1) == pytest.approx(0.77, abs=5e-3)
    reached = {found.points[i].point for i in np.unique(found.labels[found.labels >= 0])}
    assert [np.round(point, 2).tolist() for point in reached] == [[2.75, 2.75]]
    run = gd.descend(land, plain(0.06), (-2, 1), 400)
    np.testing.assert_allclose(np.sort(run.points[-2:, 0]), [-3.146, -2.579], atol=1e-3)
    np.testing.assert_allclose(run.points[-2:, 1], 2.747, atol=1e-3)
    says("07-local-minima", "try", 3, "$2/L = 0.0578$", "77 %", "$-3.146$ and $-2.579$")


def test_08_the_pass() -> None:
    ground = gd.Landscape.parse("x**2/2 + y**4/4 - y**2/2", start=(1.2, 0.03))
    runs = {y: gd.descend(ground, plain(0.1), (1.2, y), 120) for y in (0.03, 0.0, -0.02)}
    half = {y: int((np.abs(run.points[:, 1]) >= 0.5).argmax()) for y, run in runs.items()}
    assert (half[0.03], half[-0.02]) == (31, 36)
    assert abs(runs[0.03].values[20]) < 0.01
    assert runs[0.03].values[-1] == pytest.approx(-0.25)
    assert not runs[0.0].points[:, 1].any()
    assert runs[-0.02].end == pytest.approx([0, -1], abs=1e-3)
    says("08-saddle-points", "try", 1, "step 20", "step 31")
    says("08-saddle-points", "try", 2, "$y = -0.02$, it takes 36 steps", "$(0, -1)$")


def test_09_corners() -> None:
    x = sp.Symbol("x", real=True)
    absolute = gd.Landscape("|x|", sp.Abs(x), [x], [(-1.2, 1.2)], [0.95])
    for rate, steps in ((0.1, 9), (0.02, 47)):
        away = np.abs(gd.descend(absolute, plain(rate), [0.95], 100).points[:, 0])
        assert int((away < rate / 2 + 1e-9).argmax()) == steps
    hop = gd.descend(absolute, plain(0.1), [0.94], 30).points[-2:, 0]
    assert sorted(hop) == pytest.approx([-0.06, 0.04])
    adam = gd.descend(absolute, gd.adam(0.1), [0.95], 200).points[:, 0]
    assert np.abs(np.diff(adam[:11])) == pytest.approx(0.1)
    assert 0.005 < np.abs(adam[-40:]).max() < 0.02
    hinge = gd.Landscape("hinge", sp.Max(0, 1 - x) + sp.Max(0, 1 + x / 2), [x], [(-1.5, 3)], [2.17])
    assert sorted(gd.descend(hinge, plain(0.1), [2.17], 300).points[-2:, 0]) == pytest.approx(
        [0.97, 1.02]
    )
    lasso = gd.Landscape(
        "lasso", (x - sp.Rational(1, 2)) ** 2 / 2 + sp.Abs(x), [x], [(-2, 2)], [1.7]
    )
    tail = gd.descend(lasso, plain(0.1), [1.7], 300).points[30:, 0]
    assert tail.min() == pytest.approx(-0.05, abs=0.02)
    assert tail.max() == pytest.approx(0.14, abs=0.01)
    says("09-corners", "try", 1, "At 0.01", "47 steps instead of 9")
    says("09-corners", "try", 2, "between 0.04 and $-0.06$")
    says("09-corners", "try", 3, "first ten steps are 0.1 long", "by about 0.01")
    says("09-corners", "try", 4, "between 0.97 and 1.02", "0.14")


def test_09_the_lasso() -> None:
    lasso = landscapes.lasso()
    away = {
        name: np.linalg.norm(gd.descend(lasso, rule, steps=200).points - (0.75, 0), axis=1)
        for name, rule in (
            ("plain", plain(0.03)),
            ("proximal", gd.proximal_descent(0.3, l1=1)),
        )
    }
    taken = {name: int(np.flatnonzero(d > 0.05)[-1]) + 1 for name, d in away.items()}
    assert taken == {"plain": 100, "proximal": 9}
    tail = gd.descend(lasso, plain(0.03), steps=200).points[150:]
    assert np.ptp(tail, axis=0).max() == pytest.approx(0.06, abs=5e-3)
    assert 2 / np.linalg.eigvalsh(lasso.hessian(lasso.start))[-1] == pytest.approx(0.906, abs=5e-4)

    def end(rate: float, penalty: float, steps: int = 400) -> Any:
        return gd.descend(lasso, gd.proximal_descent(rate, l1=penalty), steps=steps).points[-2:]

    assert not gd.descend(lasso, gd.proximal_descent(1.1, l1=1)).points[2:, 1].any()
    for rate, penalty in ((1.1, 1), (1.9, 1), (0.3, 0.5), (0.3, 0.375)):
        np.testing.assert_allclose(end(rate, penalty), [(0.75, 0)] * 2, atol=1e-6)
    np.testing.assert_allclose(np.sort(end(2, 1)[:, 0]), [0, 1.5], atol=1e-9)
    np.testing.assert_allclose(np.sort(end(0.3, 0.3)[:, 1]), [-0.02, 0], atol=5e-3)
    assert (end(0.3, 0.37)[:, 1] != 0).any()
    says("09-corners", "try-race", 1, "At 0.03 the zigzag is 0.06 wide", "100 steps", "takes 9")
    says(
        "09-corners", "try-race", 2, "$2/L = 0.906$", "in the first two steps", "up to a rate of 2"
    )
    says("09-corners", "try-race", 3, r"$\alpha \ge 0.375$", "$y = 0$ and $-0.02$")


def test_09_zeros() -> None:
    page = after("diamond", "data", "shares")
    assert page["budgets"][30] == 1.5
    assert (page["on_diamond"][30, 1], page["on_circle"][30, 1]) == pytest.approx(
        (0.17, 0.42), abs=5e-3
    )
    weights, names = page["weights"], np.array(page["names"])
    falls = -np.diff(weights, axis=0) / 0.01
    amazon, adobe = (int((names == name).argmax()) for name in ("Amazon", "Adobe"))
    others = np.delete(falls, amazon, axis=1)
    assert (others[19] > others[10]).all()
    assert falls[[10, 19], adobe] == pytest.approx([0.41, 0.50], abs=5e-3)
    assert [*names[weights[58] != 0]] == ["IBM", "Microsoft"]
    assert weights[0].argmax() == adobe
    assert weights[0, adobe] == pytest.approx(0.280, abs=5e-4)
    says("09-corners", "try-zeros", 1, "0.17 against 0.42")
    says("09-corners", "try-zeros", 2, "by 0.50 for each unit", "instead of 0.41")
    says("09-corners", "try-zeros", 3, "IBM and Microsoft", "0.280", "from 0.54 on")


def _newton_on_a_line() -> None:
    rim, _, hills = gd.NewtonLine().curves
    walk = gd.newton(rim, (0.9,), steps=4).points[:, 0]
    assert walk[1:] == pytest.approx([-0.729, 0.387, -0.058, 0.0002], abs=5e-4)
    np.testing.assert_allclose(walk[1:], -(walk[:-1] ** 3))
    out = gd.newton(rim, (1.1,), steps=4).points[1:, 0]
    assert out == pytest.approx([-1.331, 2.358, -13.1, 2253], rel=1e-3)
    assert gd.newton(rim, (1,), steps=8).points[:, 0] == pytest.approx([1, -1] * 4 + [1])
    assert hills.hessian([0.4])[0, 0] == pytest.approx(-0.52)
    assert hills.hessian([3**-0.5])[0, 0] == pytest.approx(0, abs=1e-12)
    assert np.sqrt(1 / 3) == pytest.approx(0.577, abs=5e-4)
    assert gd.newton(hills, (0.4,), steps=8).end == pytest.approx([0], abs=1e-9)
    tamed = gd.newton(rim, (1.1,), steps=8, damped=True)
    assert tamed.points[1:4, 0] == pytest.approx([-0.116, 0, 0], abs=2e-3)
    assert (1.1 - tamed.points[1, 0]) / (1.1 - out[0]) == pytest.approx(1 / 2)
    assert tamed.points[4, 0] == pytest.approx(0, abs=1e-12)
    turned = gd.newton(hills, (0.4,), steps=8, damped=True)
    assert turned.points[1, 0] == pytest.approx(1.046, abs=5e-4)
    assert turned.end == pytest.approx([1])
    says("10-curvature", "line-try", 1, "$-0.729$, $0.387$, $-0.058$, $0.0002$", "$2253$")
    says("10-curvature", "line-try", 2, "$-0.52$", "between $-0.577$ and $0.577$")
    says("10-curvature", "line-try", 3, "$-0.116$; three steps later", "$1.046$")


def test_10_newton() -> None:
    valley = landscapes.rosenbrock()
    run = gd.newton(valley, steps=6)
    np.testing.assert_allclose(
        run.points[1:4], [(-1.18, 1.38), (0.76, -3.18), (0.763, 0.583)], atol=6e-3
    )
    assert run.values[2:4] == pytest.approx([1412, 0.056], rel=1e-3)
    assert run.values[4:7] == pytest.approx([0.31, 1.9e-11, 3.4e-20], rel=0.03)
    damped = gd.newton(valley, steps=24, damped=True, gradient_norm=1e-6)
    whole = [
        np.linalg.norm(np.linalg.solve(valley.hessian(p), valley.gradient(p)))
        for p in damped.points[:-1]
    ]
    share = np.linalg.norm(np.diff(damped.points, axis=0), axis=1) / whole
    short = {k: round(float(s), 3) for k, s in enumerate(share, 1) if s < 0.999}
    assert short == {2: 0.125, 6: 0.25, 10: 0.5, 14: 0.5}
    _newton_on_a_line()
    says("10-curvature", "try", 1, "$(-1.18, 1.38)$ to $(0.76, -3.18)$", "1412", "0.056")
    says("10-curvature", "try", 2, "second step is only an eighth", "steps 6, 10 and 14")
    says("10-curvature", "try", 3, "0.31", r"$1.9\cdot10^{-11}$", r"$3.4\cdot10^{-20}$")


def radius(scaled: float, decay: float) -> float:
    return float(abs(np.roots([1, -(1 + decay - scaled), decay])).max())


def test_11_the_map() -> None:
    steep, flat = 1.9802, 0.019802
    decays = np.arange(0, 0.99, 0.01)
    slowest = [max(radius(steep, b), radius(flat, b)) for b in decays]
    best = int(np.argmin(slowest))
    assert decays[best] == pytest.approx(0.74)
    assert slowest[best] == pytest.approx(0.86, abs=5e-3)
    meeting = [(1 - np.sqrt(scaled)) ** 2 for scaled in (steep, flat)]
    assert meeting == pytest.approx([0.17, 0.74], abs=5e-3)
    assert radius(steep, 0.16) > radius(steep, 0.17) < radius(steep, 0.2)
    root = 9 / 11
    assert radius((1 + root) ** 2, root**2) == pytest.approx(0.818, abs=1e-3)
    assert (root**2, (1 + root) ** 2) == pytest.approx((0.669, 3.31), abs=5e-3)
    edges = (1 - 0.8**0.5) ** 2, (1 + 0.8**0.5) ** 2
    assert edges == pytest.approx((0.011, 3.59), abs=5e-3)
    assert min(np.roots([1, -(1.8 - 3.6), 0.8]).real) == pytest.approx(-1)
    says("11-momentum", "try", 1, r"from $\beta = 0.17$ on", r"until $\beta = 0.74$", "is 0.86")
    says("11-momentum", "try", 2, "$9/11 = 0.818$", r"\beta = 0.669$ and $\eta L = 3.31$")
    says("11-momentum", "try", 3, "= 0.011$ and $3.59$", r"$\sqrt{0.8} = 0.894$")
    says("11-momentum", "try", 4, r"$\eta\lambda = 2 + 2\beta$")


def test_11_another_hollow() -> None:
    land = landscapes.himmelblau()
    walk = gd.descend(land, plain(0.0019), (0, 0), 400)
    ball = gd.descend(land, gd.momentum(0.0019, decay=0.95), (0, 0), 400)
    np.testing.assert_allclose(walk.end, (3, 2), atol=0.02)
    np.testing.assert_allclose(ball.end, (3.58, -1.85), atol=0.02)
    says("11-momentum", "bend-try", 2, "$(3, 2)$ and momentum at $(3.58, -1.85)$")


def test_12_two_balls() -> None:
    valley = landscapes.quadratic(condition=50)
    runs = {
        rate: [
            gd.descend(valley, rule(rate, decay=0.9), steps=60).points
            for rule in (gd.momentum, gd.nesterov)
        ]
        for rate in (0.015, 0.001)
    }
    crossed = [int((np.diff(np.sign(path[:21, 1])) != 0).sum()) for path in runs[0.015]]
    assert crossed == [6, 7]
    assert runs[0.015][0][20, 1] == pytest.approx(0.38, abs=5e-3)
    assert np.abs(runs[0.015][1][7:, 1]).max() < 0.01
    apart = {rate: np.linalg.norm(a - b, axis=1).max() for rate, (a, b) in runs.items()}
    assert apart == pytest.approx({0.015: 0.83, 0.001: 0.15}, abs=5e-3)
    ahead, heavy = 2 * 1.9 / (1 + 2 * 0.9) / 50, 2 * 1.9 / 50
    assert (round(ahead, 5), round(heavy, 3)) == (0.02714, 0.076)
    says("12-nesterov", "try", 1, "6 times, Nesterov 7", "0.38")
    says("12-nesterov", "try", 2, "$0.02714$, momentum's $0.076$")
    says("12-nesterov", "try", 3, "0.15 apart, against 0.83")
    says("12-nesterov", "try", 4, r"$1 + \beta = 1.9$", r"$\beta^2 = 0.81$")


def test_13_the_valleys() -> None:
    x, y = sp.symbols("x y", real=True)
    aligned = gd.Landscape("a", (x**2 + 100 * y**2) / 2, (x, y), [(-1, 3)] * 2, (2, 1))
    turned = gd.Landscape(
        "t", sp.expand(((x + y) ** 2 + 100 * (y - x) ** 2) / 4), (x, y), [(-1, 3)] * 2,
        (0.5**0.5, 3 * 0.5**0.5),
    )  # fmt: skip
    ends = {
        (cost.name, rule.name): gd.descend(cost, rule, steps=100).values[-1]
        for cost in (aligned, turned)
        for rule in (plain(0.018), gd.adagrad(0.5))
    }
    assert list(ends.values()) == pytest.approx([0.053, 6.5e-15, 0.053, 0.53], rel=0.01)
    diagonal = gd.descend(aligned, gd.adagrad(0.5), (1, 1), 100).points
    np.testing.assert_allclose(diagonal[:, 0], diagonal[:, 1], atol=1e-9)
    run = gd.descend(aligned, gd.rmsprop(0.05), steps=400)
    assert int(run.values[:101].argmin()) == 85
    assert run.values[85] == pytest.approx(1.7e-26, rel=0.03)
    assert run.values[100] == pytest.approx(0.03, rel=0.03)
    np.testing.assert_allclose(np.abs(run.points[-2:]), 0.025, atol=1e-6)
    says("13-adaptive-rates", "try", 1, "0.053 in both", r"$6.5\cdot10^{-15}$", "0.53")
    says(
        "13-adaptive-rates", "try", 3, r"$1.7\cdot10^{-26}$ at step 85", "at step 100 it is at 0.03"
    )


def test_14_adams_steps() -> None:
    bowl, valley = landscapes.quadratic(condition=50), landscapes.rosenbrock()
    assert bowl.gradient([2, 0.7]).tolist() == pytest.approx([2, 35])
    run = gd.descend(bowl, gd.adam(0.1), (2, 0.7), 80)
    assert run.points[1] == pytest.approx([1.9, 0.6])
    assert int((run.points[:, 1] < 0).argmax()) == 8
    signs = gd.descend(bowl, gd.adam(0.1, beta1=0, beta2=0), (2, 0.7), 10)
    lengths = np.abs(np.diff(signs.points, axis=0)).ravel()
    assert np.flatnonzero(np.abs(lengths - 0.1) > 1e-6).tolist() == [15]  # y of step 8
    assert abs(bowl.gradient(signs.points[7])[1]) < 1e-7
    assert valley.gradient(valley.start).tolist() == pytest.approx([-215.6, -88])
    first = np.diff(gd.descend(valley, gd.adam(0.1), steps=1).points, axis=0)
    assert np.abs(first) == pytest.approx(0.1)
    says("14-adam", "try", 1, "$(2, 35)$", "$(1.9, 0.6)$")
    says("14-adam", "try", 2, "At step 8")
    says("14-adam", "try", 3, "(Step 8 is the exception")
    says("14-adam", "try", 4, "$-215.6$ and $-88$")


def test_15_the_race() -> None:
    racers: dict[str, Callable[[float], gd.Optimizer]] = {
        "momentum": lambda by: gd.momentum(0.003162 * by),
        "Adam": lambda by: gd.adam(0.5623 * by),
        "gradient descent": lambda by: plain(0.03162 * by),
        "AdaGrad": lambda by: gd.adagrad(0.3162 * by),
    }

    def run(cost: Any, by: float) -> dict[str, Any]:
        return {name: gd.descend(cost, rule(by), steps=200) for name, rule in racers.items()}

    valley = run(landscapes.rosenbrock(), 1)
    assert [name for name, r in valley.items() if r.status == "diverged"] == ["gradient descent"]
    ends = [valley[name].values[-1] for name in ("momentum", "Adam", "AdaGrad")]
    assert ends == pytest.approx([0.00027, 0.018, 3.0], rel=0.05)
    large, small = run(landscapes.beale(), 10), run(landscapes.beale(), 0.1)
    lost = {name for name, r in large.items() if r.status == "diverged"}
    assert lost == {"gradient descent", "momentum"}
    assert [large[n].values[-1] for n in ("Adam", "AdaGrad")] == pytest.approx(
        [0.37, 2.2], rel=0.05
    )
    assert small["Adam"].values[-1] == pytest.approx(6.2e-5, rel=0.02)
    assert min(r.values[-1] for name, r in small.items() if name != "Adam") >= 0.225
    bowl = landscapes.quadratic()
    taken = [
        since(bowl, rule, bowl.start, 200)
        for rule in (plain(0.1818), *(racers[n](1) for n in ("AdaGrad", "Adam", "momentum")))
    ]
    assert taken == [40, 95, 144, 151]
    assert since(bowl, gd.momentum(0.2, decay=0.3), bowl.start, 200) == 17
    says("15-race", "try", 1, "0.00027 (momentum), 0.018 (Adam) and 3.0 (AdaGrad)")
    says("15-race", "try", 2, "0.37 and 2.2", r"$6.2\cdot10^{-5}$", "0.23 or above")
    says("15-race", "try", 3, "since step 40, against 95 (AdaGrad), 144 (Adam) and 151 (momentum)")
    says("15-race", "try", 4, "since step 17")


def test_16_the_line_of_the_patients() -> None:
    table = load_diabetes(scaled=False)
    rows = np.random.default_rng(0).permutation(442)[:221]
    fit = gd.LeastSquares(np.column_stack([np.ones(221), table.data[rows, 2]]), table.target[rows])

    def end(rate: float, steps: int, start: tuple[float, float] = (0, 0)) -> Any:
        return gd.descend(fit, plain(rate), np.array(start, float), steps).end

    assert end(0.0014, 1) == pytest.approx([0.2, 5.85], abs=0.02)
    assert end(0.0014, 1000) == pytest.approx([-4.4, 5.96], abs=0.04)
    assert fit.minimum == pytest.approx([-117.8, 10.1], abs=0.05)
    assert end(0.0027, 1000)[0] == pytest.approx(-8.6, abs=0.05)
    assert 2 / fit.spectrum([0, 0])[-1] == pytest.approx(0.00277, abs=5e-6)
    assert np.abs(end(0.0028, 1000)).max() > 1e8
    assert end(0.0014, 2, (-115, 12)) == pytest.approx([-115.07, 10.02], abs=0.01)
    assert end(0.0014, 1000, (-115, 12)) == pytest.approx([-115.18, 10.03], abs=5e-3)
    where = ("16-regression", "try")
    says(*where, 1, "from 0.2 to $-4.4$", "from 5.85 to 5.96", "$-117.8$ and 10.1")
    says(*where, 2, "$-8.6$", "$2/L$ is 0.00277")
    says(*where, 3, "$(-115.07, 10.02)$", "$(-115.18, 10.03)$")
