"""The workbench where its words are easily false: ties, rounding, far starts, odd names."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib import plotting
from gdlib.workbench import fair, shown, words

SIGNS = "step = -eta*sign(g)"


def test_rounding_chooses_no_rate() -> None:
    """Many rates end at the minimum, 1/2, but for the last digits: the smallest is taken."""
    text = "x**2 + 10*y**2 + exp(-x**2 - y**2)/2"
    bench = gd.Workbench("m = 0.9*m + g; step = -eta*m", text, (), steps=330, tuned=True)
    starts, medians = fair.starts_near(bench.cost, np.array([-1.0, -1.0])).T, []
    with np.errstate(all="ignore"):
        for rate in fair.RATES:
            theta, m = starts.copy(), np.zeros((2, 5))
            for _ in range(330):
                x, y = theta
                bell = np.exp(-(x**2) - y**2) / 2
                m = 0.9 * m + np.array([2 * x * (1 - bell), 2 * y * (10 - bell)])
                theta = theta - rate * m
            x, y = theta
            medians.append(np.median(x**2 + 10 * y**2 + np.exp(-(x**2) - y**2) / 2))
    best = np.nanmin(medians)
    close = [r for r, cost in zip(fair.RATES, medians, strict=True) if cost - best < 5e-13]
    assert len(close) > 2
    assert bench.rule.settings["learning_rate"] == close[0]
    said = f"the same with {len(close)} rates, from {close[0]:.3g} to {close[-1]:.3g}; it runs"
    assert said in repr(bench)


def test_costs_below_what_rounding_leaves_are_equal() -> None:
    """On the bowl of curvatures 1 and 1 every η from 0.178 to 1.78 ends below 1e-16."""
    bench = gd.Workbench("step = -eta*g", "(x**2 + y**2)/2", (), tuned=True)
    low = [rate for rate in fair.RATES if rate < 2 and abs(1 - rate) ** 400 < 1e-17]
    assert fair.equals(bench.tunings["your rule"]) == low
    assert bench.rule.settings["learning_rate"] == low[0]


def test_where_every_rate_is_as_good_none_is_at_the_edge() -> None:
    bench = gd.Workbench("step = -eta*g", "max(x, 0)", (), start=[-1], tuned=True, steps=3)
    assert "the same with 21 rates, from 0.0001 to 10; it runs with 0.0001" in repr(bench)
    assert "edge" not in repr(bench)


def test_a_best_rate_alone_is_said_to_have_no_equal() -> None:
    bench = gd.Workbench(SIGNS, "beale", (), tuned=True)
    assert fair.equals(bench.tunings["your rule"]) == [bench.rule.settings["learning_rate"]]
    assert "is the same with" not in repr(bench)


SATURATED = (1e4, 1e4)
"""Where logistic regression has p(1 − p) = 0, and no curvature to measure by."""


def test_starts_on_data_are_near_whatever_the_raced_one_is() -> None:
    clouds = gd.problems.two_clouds()
    moved = fair.starts_near(clouds, np.array(SATURATED)) - SATURATED
    np.testing.assert_allclose(moved, fair.starts_near(clouds, np.zeros(2)), atol=1e-11)


def test_a_feature_of_zeros_moves_a_start_too() -> None:
    data = gd.LeastSquares(np.zeros((3, 2)), [1.0, 2.0, 3.0])
    moved = fair.starts_near(data, np.zeros(2))
    np.testing.assert_array_equal(moved, 0.05 * np.random.default_rng(0).uniform(-1, 1, (5, 2)))


class Quartic(gd.problems.LinearModel):
    """A reader's own, which says of its rows what `descend` asks for."""

    def row_costs(self, scores: Any, targets: Any) -> Any:
        return (scores - targets) ** 4

    def row_slopes(self, scores: Any, targets: Any) -> Any:
        return 4 * (scores - targets) ** 3


def test_a_problem_need_not_tell_its_curvature() -> None:
    problem = Quartic(np.eye(2), [1.0, 2.0])
    bench = gd.Workbench("step = -eta*g", problem, (), tuned=True, steps=5)
    assert bench.rule.settings["learning_rate"] > 0.01
    moved = 0.05 * np.random.default_rng(0).uniform(-1, 1, (5, 2))
    np.testing.assert_array_equal(fair.starts_near(problem, np.zeros(2)), moved)


def test_numbers_are_called_as_in_the_equations() -> None:
    text = "alpha = 0.9; lamda = 0.1; m = alpha*m + g; step = -eta*(m + lamda*theta)"
    assert "  with eta=0.01, alpha=0.9, lamda=0.1\n" in repr(
        gd.Workbench(text, against=(), steps=2)
    )


def test_no_start_is_the_raced_one_even_where_doubles_are_rare() -> None:
    """Between 1e16 and 1e16 + 2 there is no double, so a start near is the raced one."""
    far = [(1e16, 1e16 + 2)] * 2
    with pytest.raises(ValueError, match="wants other starts near its start"):
        gd.Workbench(SIGNS, "x**2 + y**2", (), bounds=far, tuned=True)


@pytest.mark.parametrize("first", [7.0, 1.49, 2.51, 8.49e10])
def test_what_is_said_to_be_less_is_less(first: float) -> None:
    least = float(words._number(0.0, first).removeprefix("< "))
    for cost in (0.9 * least, 0.999 * least):
        assert words._number(cost, first).startswith("<")
    assert words._number(1.1 * least, first) == f"{1.1 * least:.3g}"


def test_one_step_is_no_steps() -> None:
    bench = gd.Workbench(SIGNS, steps=1, tuned=True)
    assert "the cost after 1 step from (2, 1)" in repr(bench)
    assert "after 1 gradient evaluation from 5 starts" in repr(bench)


@pytest.mark.parametrize(
    "name", ["", "a\nb", "\x00", "\ud800", "\u200b", "\u202e abc", "a\tb", "a" * 61]
)
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    said = "must hold a letter or another visible sign, and at most 60 signs, not"
    rule = gd.Optimizer.parse("step = -eta*g", name)
    for given in ({"name": name}, {"rule": rule}, {"against": rule}):
        with pytest.raises(ValueError, match=said):
            gd.Workbench(**{"rule": SIGNS, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["_x", "$x$", r"$\frac{$", r"\foo", "我的规则", "😀", "a" * 60])
def test_a_chart_has_any_name_that_can_be_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    loss = plotting.loss

    def kept(ax: Any, runs: Any, **options: Any) -> None:
        drawn.append(ax)
        loss(ax, runs, **options)

    monkeypatch.setattr(plotting, "loss", kept)
    bench = gd.Workbench(SIGNS, "x**2 + y**2 + z**2", (), name=name, steps=3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert shown.chart(bench.trajectories).startswith("<img")
    (text,) = drawn[0].get_legend().get_texts()
    assert re.sub(r"^ |\\(?=\$)", "", text.get_text()) == name


def test_a_landscape_in_capitals_is_known() -> None:
    with pytest.raises(ValueError, match="did you mean 'beale'"):
        gd.Workbench(SIGNS, "BEALE")
