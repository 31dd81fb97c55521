"""The workbench against runs by hand: the race, its fair tuning, and what it says and shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.plotting import theme
from gdlib.workbench import fair, shown, words

HEAVY_BALL = "m = 0.9*m + g; step = -eta*m"
CURVATURES = np.array([1.0, 10.0])
"""Of the bowl: J = (x² + 10y²)/2."""


def heavy_ball(
    slope: Callable[[Any], Any], start: Any, rate: float, steps: int, beta: float = 0.9
) -> Any:
    """Return a path of momentum, in NumPy."""
    theta, m, path = np.array(start, float), np.zeros(len(start)), [np.array(start, float)]
    for _ in range(steps):
        m = beta * m + slope(theta)
        theta = theta - rate * m
        path.append(theta)
    return np.array(path)


def on_bowl(theta: Any) -> Any:
    return CURVATURES * theta


def test_the_typed_rule_goes_the_way_of_one_by_hand() -> None:
    bench = gd.Workbench(HEAVY_BALL, start=(2.0, 1.0), steps=60, learning_rate=0.02)
    path = heavy_ball(on_bowl, (2.0, 1.0), 0.02, 60)
    np.testing.assert_allclose(bench.trajectories["your rule"].points, path, rtol=1e-12)
    assert bench.cost.name == "quadratic"
    names = ["your rule", "gradient descent", "momentum", "Adam"]
    assert [rule.name for rule in bench.optimizers] == names == list(bench.trajectories)
    assert [rule.settings["learning_rate"] for rule in bench.optimizers] == [0.02, 0.01, 0.01, 0.1]
    assert bench.tunings == {}


def test_on_data_a_step_takes_the_slope_over_all_rows() -> None:
    problem = gd.problems.noisy_line(30)
    x, y = problem.features, problem.targets
    bench = gd.Workbench(HEAVY_BALL, problem, "adam", steps=50)
    path = heavy_ball(lambda theta: x.T @ (x @ theta - y) / 30, (0, 0), 0.01, 50)
    np.testing.assert_allclose(bench.trajectories["your rule"].points, path, rtol=1e-9)
    assert isinstance(bench.widget, gd.DescentExplorer)
    low, high = np.array(bench.widget.landscape.bounds).T
    for run in bench.trajectories.values():
        assert (low < run.points).all()
        assert (run.points < high).all()


def test_a_tuned_race_is_what_a_plain_loop_finds() -> None:
    """Chapter 15's protocol, in NumPy: the rates, the starts, the median, the winner."""
    bench = gd.Workbench(HEAVY_BALL, against="gradient_descent", steps=40, tuned=True)
    cost = gd.landscapes.quadratic()
    sides = np.ptp(np.array(cost.bounds), axis=1)
    moved = 0.05 * sides * np.random.default_rng(0).uniform(-1, 1, (5, 2))
    assert (moved != 0).all()
    assert (abs(moved) < 0.05 * sides).all()
    for name, beta in (("your rule", 0.9), ("gradient descent", 0.0)):
        scores = []
        for k in range(-16, 5):
            with np.errstate(all="ignore"):
                ends = [
                    heavy_ball(on_bowl, cost.start + shift, 10 ** (k / 4), 40, beta)[-1]
                    for shift in moved
                ]
                costs = np.array([(CURVATURES * end**2).sum() / 2 for end in ends])
            scores.append(costs)
        found = bench.tunings[name]
        np.testing.assert_allclose(found.scores, scores, rtol=1e-9)
        best = 10 ** (int(np.argmin(np.median(scores, axis=1))) / 4 - 4)
        rule = {rule.name: rule for rule in bench.optimizers}[name]
        assert rule.settings["learning_rate"] == pytest.approx(best)
        path = heavy_ball(on_bowl, cost.start, best, 40, beta)
        np.testing.assert_allclose(bench.trajectories[name].points, path, rtol=1e-9)
    assert bench.rule is bench.optimizers[0]
    assert "tuned" in repr(bench)
    assert "21 from 0.0001 to 10" in repr(bench)
    assert "nothing was tuned" not in repr(bench)


def test_starts_of_data_are_moved_by_a_share_of_what_the_data_measure() -> None:
    """With θ = 0 and least squares: of the targets' size over the feature's."""
    rng = np.random.default_rng(3)
    features = rng.normal(size=(40, 2)) * [0.01, 100]
    problem = gd.LeastSquares(features, 1e4 * rng.normal(size=40))
    drawn = fair.starts_near(problem, np.zeros(2))
    sizes = [np.sqrt((a**2).mean(0)) for a in (problem.targets, problem.features)]
    shares = drawn / (sizes[0] / sizes[1])
    expected = 0.05 * np.random.default_rng(0).uniform(-1, 1, (5, 2))
    np.testing.assert_allclose(shares, expected, rtol=1e-9)
    clouds = gd.problems.two_clouds(40, l2=0.5)  # there J = log 2, and p(1 − p) = 1/4
    reach = np.sqrt(2 * np.log(2) / ((clouds.features**2).mean(0) / 4 + 0.5))
    np.testing.assert_allclose(fair.starts_near(clouds, np.zeros(2)), reach * expected, rtol=1e-9)


def test_starts_lie_where_the_cost_is_finite() -> None:
    cost = gd.Landscape.parse("x - log(x)", bounds=[(0, 10)], start=[0.05])
    drawn = fair.starts_near(cost, np.array([0.05]))
    assert drawn.shape == (5, 1)
    assert (drawn > 0).all()
    cliffs = gd.Landscape.parse("exp(10**9*x**2)", start=[0])
    with pytest.raises(ValueError, match="wants other starts near its start, where"):
        gd.Workbench("step = -eta*g", cliffs, tuned=True)


@pytest.mark.parametrize("factor", ["10**-6", "1500"])
def test_a_best_rate_at_the_edge_of_the_grid_is_said(factor: str) -> None:
    bench = gd.Workbench(f"step = -eta*{factor}*g", against="momentum", tuned=True, steps=30)
    edge = "your rule: its best η is at the edge of the grid: a better one may lie outside."
    assert edge in repr(bench)
    assert "momentum: its best" not in repr(bench)


def test_a_rule_that_is_lost_with_every_rate_runs_as_given_and_says_so() -> None:
    text = "step = -eta*1000000*g"
    bench = gd.Workbench(text, against="momentum", tuned=True, learning_rate=1e-7)
    assert "your rule: with each η of the grid half of the runs or more diverged" in repr(bench)
    assert bench.rule.settings["learning_rate"] == 1e-7
    row = next(line for line in repr(bench).splitlines() if line.startswith("your rule  "))
    assert row.split()[2:5] == ["1e-07", "given", "lost"]
    assert bench.trajectories["your rule"].status == "out of steps"


def test_a_rule_that_diverges_is_a_result() -> None:
    bench = gd.Workbench("step = -eta*g", learning_rate=1.0)
    assert bench.trajectories["your rule"].status == "diverged"
    assert re.search(r"your rule +1 +given +lost +diverged after \d+ steps", repr(bench))
    assert "the run ends before" in repr(bench)
    assert isinstance(bench.widget, gd.DescentExplorer)


def test_the_words_of_a_race_are_these() -> None:
    bench = gd.Workbench("step = -eta*g", "x**2 + 0.5*y**2", (), start=(1, 1), learning_rate=0.5)
    assert repr(bench).splitlines() == [
        "your rule on your cost, J = x**2 + y**2/2",
        "  step = -eta*g",
        "  with eta=0.5",
        "rule       η    chosen  last J   end",
        "your rule  0.5  given   < 1e-16  took 200 steps",
        "· last J: the cost after 200 steps from (1, 1), a gradient evaluation each.",
        "· η: as given, nothing was tuned. So this says nothing about which rule is better.",
    ]


@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_equations_as_text_can_be_read_again(name: str) -> None:
    rule = gd.optimizers.catalogue[name](learning_rate=0.1)
    numbers: Any = {str(s): value for s, value in rule.hyperparameters.items()}
    first = [f"{s} = {value}" for s, value in rule.initial.items()]
    again = gd.Optimizer.parse("\n".join([*first, *words.equations(rule)]), **numbers)
    assert (again.moments, again.step) == (rule.moments, rule.step)
    assert again.initial == rule.initial


def test_equations_have_the_decimals_that_were_typed() -> None:
    text = "m = 0.123*m + g/3; step = -eta*abs(m)**0.7*max(m, 1e-8)"
    said = words.equations(gd.Optimizer.parse(text))
    assert said == ["m = 0.123*m + g/3", "step = -eta*abs(m)**0.7*max(1e-08, m)"]


WIDE = {
    "three variables": gd.Landscape.parse("x**2 + y**2 + z**2"),
    "three parameters": gd.LeastSquares(np.eye(3), [1.0, 2.0, 3.0]),
    "many rows": gd.problems.two_clouds(200),
}


@pytest.mark.parametrize("on", WIDE.values(), ids=WIDE)
def test_what_has_no_figure_has_a_chart(on: Any) -> None:
    bench = gd.Workbench(HEAVY_BALL, on, "adam", steps=5)
    assert bench.widget is None
    page = outputs(bench)[1]
    assert page["text/html"].startswith('<img alt="The cost J against gradient evaluations. your')
    assert "Adam ends at" in page["text/plain"]


def test_a_rule_without_a_rate_runs_and_is_told_why_it_has_no_figure() -> None:
    bench = gd.Workbench("step = -g/20", tuned=True, steps=5)
    assert bench.widget is None
    assert list(bench.tunings) == ["gradient descent", "momentum", "Adam"]
    assert "your rule has no learning rate η" in repr(bench)
    np.testing.assert_allclose(bench.trajectories["your rule"].end, (2 * 0.95**5, 0.5**5))


def test_a_cost_of_one_variable_is_drawn_as_a_curve() -> None:
    bench = gd.Workbench(HEAVY_BALL, "x**4 - x", "adam", bounds=[(-2, 2)], start=[1.5], steps=9)
    assert isinstance(bench.widget, gd.DescentLine)
    assert bench.widget.start == (1.5,)
    assert bench.widget.steps == 9
    assert bench.widget.landscape.bounds == ((-2, 2),)
    assert bench.widget is bench.widget


def test_the_figure_runs_what_the_table_tells() -> None:
    bench = gd.Workbench(HEAVY_BALL, "beale", start=(1, 2), steps=30, tuned=True)
    assert bench.widget is not None
    assert bench.widget.focus == "your rule"
    for name, run in bench.widget.trajectories.items():
        np.testing.assert_array_equal(run.points, bench.trajectories[name].points)


def outputs(bench: gd.Workbench) -> list[Any]:
    """Return what a notebook is asked to show."""
    shows: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("IPython.display.display", lambda one, raw: shows.append((one, raw)))
        bench._ipython_display_()
    for one, raw in shows:
        assert raw is isinstance(one, dict)
    return [one for one, _ in shows]


def test_a_notebook_shows_rule_figure_results_and_code_in_this_order() -> None:
    bench = gd.Workbench(HEAVY_BALL)
    rule, figure, results, code = outputs(bench)
    assert rule["text/latex"] == rf"$\displaystyle {bench.rule.latex()}$"
    assert rule["text/plain"] == "m = 0.9*m + g\nstep = -eta*m"
    assert figure is bench.widget
    assert results["text/plain"] == repr(bench)
    titles = re.findall("<summary[^>]*>(.*?)</summary>", code["text/html"])
    assert titles == ["NumPy", "PyTorch", "Optax", "Keras", "JavaScript", "LaTeX"]


def test_the_code_is_that_of_the_rule_as_it_ran() -> None:
    bench = gd.Workbench(HEAVY_BALL, against=(), tuned=True, steps=50)
    rate = bench.rule.settings["learning_rate"]
    assert f"learning_rate={rate!r}" in bench.code("numpy")
    assert set(shown.TITLES) == set(gd.optimizers.printed.LANGUAGES)


HOSTILE = '<img src=x onerror="alert(1)">\'&'


def test_no_name_becomes_markup() -> None:
    bench = gd.Workbench("step = -g/20", "x**2 + y**2", "adam", name=HOSTILE, steps=3)
    for output in outputs(bench):
        page = output.get("text/html", "")
        assert "<img src=x" not in page
        assert 'onerror="' not in page
    assert repr(bench).startswith(HOSTILE)


def test_html_takes_the_pages_colours_and_scrolls_in_itself() -> None:
    for output in outputs(gd.Workbench("step = -g/20", "x**2 + y**2 + z**2", tuned=True, steps=3)):
        page = re.sub(r'src="data:[^"]*"', "", output.get("text/html", ""))
        assert not re.search(r"(?i)color|background|<script|#[0-9a-f]{3}", page)
        for wide in re.findall(r"<pre[^>]*>|<div[^>]*><table", page):
            assert 'tabindex="0"' in wide
            assert 'role="region"' in wide
            assert "aria-label=" in wide
            assert "overflow-x:auto" in wide


def test_a_rule_of_a_racers_name_is_told_apart() -> None:
    bench = gd.Workbench(gd.adam(0.3), against="adam")
    assert [rule.name for rule in bench.optimizers] == ["Adam (yours)", "Adam"]
    assert bench.rule.settings["learning_rate"] == 0.3
    assert gd.Workbench(gd.adam(), "beale", "adam", name="mine").rule.name == "mine"
    assert gd.Workbench(gd.adam(), against=(), beta1=0.5).rule.settings["beta1"] == 0.5


def test_a_new_rule_is_told_from_the_books_by_colour_and_marker() -> None:
    looks = theme.looks(["your rule", "gradient descent", "momentum", "Adam"])
    assert len({look.colour for look in looks}) == 4
    assert looks[0].marker not in {look.marker for look in looks[1:]}
    # one of the colours by Okabe and Ito, made for readers who are colour-blind
    assert looks[0].colour in theme.PALETTE["figure"]["other"]


REFUSED = {
    "no text": ((3,), {}, TypeError, "rule must be text such as"),
    "a constructor": ((gd.adam,), {}, TypeError, "an optimizer such as gd.adam(), not 'adam'"),
    "what parse refuses": (("step = -eta*q",), {}, ValueError, "q has neither a line nor a number"),
    "an unknown landscape": (
        ("step = -g", "rosenbrok"), {}, ValueError, "did you mean 'rosenbrock'?",
    ),
    "a word": (("step = -g", "theta"), {}, ValueError, "on must be the name of a landscape"),
    "no formula": (("step = -g", "x***2"), {}, ValueError, "it makes no sense from '*2'"),
    "an uncalled landscape": (
        ("step = -g", gd.landscapes.beale), {}, TypeError, "gd.landscapes.beale()",
    ),
    "no cost": (("step = -g", 3), {}, TypeError, "a problem such as gd.LeastSquares"),
    "an unknown rule": (("step = -g",), {"against": "adm"}, ValueError, "did you mean 'adam'?"),
    "no rules": (("step = -g",), {"against": 3}, TypeError, "against must be names of rules"),
    "a number among rules": (("step = -g",), {"against": ["adam", 3]}, TypeError, "it holds 3"),
    "a rule twice": (
        ("step = -g",), {"against": ["adam", gd.adam(0.3)]}, ValueError, "not 'Adam' twice",
    ),
    "too many": (
        ("step = -g",), {"against": ["adam"] * 21}, ValueError, "against must list at most 20",
    ),
    "bounds of a landscape": (
        ("step = -g", "beale"), {"bounds": [(0, 1)] * 2}, ValueError, "must be left out for Beale",
    ),
    "no steps": (("step = -g",), {"steps": 0}, ValueError, "steps must be from 1 to 10000, not 0"),
    "half a flag": (("step = -g",), {"tuned": 1}, TypeError, "tuned must be True or False"),
    "no name": (("step = -g",), {"name": " "}, ValueError, "name must hold a letter"),
    "a start elsewhere": (("step = -g",), {"start": (1,)}, ValueError, "start must be of shape"),
    "a slip": (("step = -g",), {"stpes": 9}, TypeError, "did you mean 'steps'?"),
    "no such setting": (("step = -g",), {"beta": 0.9}, TypeError, "beta"),
    "a cost that is nowhere near": (
        ("step = -g", "log(x)"), {"start": [-1]}, ValueError, "finite value and gradient",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "keywords", "kind", "said"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_race_is_refused_in_words(
    given: tuple[Any, ...], keywords: dict[str, Any], kind: type, said: str
) -> None:
    for tuned in (False, True):
        with pytest.raises(kind, match=re.escape(said)):
            gd.Workbench(*given, **{"tuned": tuned, **keywords})


def test_short_names_of_variables_are_formulas() -> None:
    assert gd.Workbench("step = -eta*g", "x", ()).cost.n == 1


def test_what_a_bench_holds_cannot_be_changed() -> None:
    bench: Any = gd.Workbench("step = -g", steps=2)
    for name in ("rule", "cost", "optimizers", "tunings", "trajectories", "widget"):
        with pytest.raises(AttributeError):
            setattr(bench, name, None)
    with pytest.raises(TypeError):
        bench.trajectories["your rule"] = None
