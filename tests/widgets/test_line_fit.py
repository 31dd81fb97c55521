"""LineFit: its cost beside one written by hand, its paths, what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from tests.widgets import typescript

X, Y = np.array([-1.0, 0.0, 1.0]), np.array([0.0, 1.0, 5.0])


def three_points() -> gd.LeastSquares:
    return gd.LeastSquares(np.column_stack([np.ones(3), X]), Y)


def test_a_place_on_the_map_costs_half_the_mean_of_the_squared_residuals() -> None:
    widget = gd.LineFit(three_points(), start=(1, 2))
    assert widget.landscape.value([1, 2]) == pytest.approx(5 / 6)  # misses by −1, 0 and −2
    assert widget.landscape.gradient([1, 2]) == pytest.approx([-1, -1 / 3])


def test_the_browser_is_given_the_points_and_the_best_line() -> None:
    programs = gd.LineFit(three_points())._programs
    assert programs["points"] == [[-1, 0], [0, 1], [1, 5]]
    (cost,) = programs["landscapes"]
    slope, intercept = np.polyfit(X, Y, 1)
    assert cost["minima"] == cost["valleys"] == [pytest.approx([intercept, slope])]
    assert cost["variables"] == ["intercept θ₀", "slope θ₁"]
    assert cost["quadratic"]


def test_its_run_is_that_of_descend_on_the_data() -> None:
    widget = gd.LineFit(three_points(), gd.gradient_descent(0.3), start=(2.0, -1.0), steps=25)
    expected = gd.descend(three_points(), gd.gradient_descent(0.3), (2.0, -1.0), 25)
    run = widget.trajectories["gradient descent"]
    np.testing.assert_allclose(run.points, expected.points, rtol=1e-12)


def test_the_browser_runs_the_same_path() -> None:
    widget = gd.LineFit(start=(2.5, -1.0))
    (cost,), rules = widget._programs["landscapes"], widget._programs["rules"]
    (rule,) = (each for each in rules if each["name"] == "gradient descent")
    run = widget.trajectories["gradient descent"]
    script = """
        import { descend } from "./src/core/descent";
        const run = descend(data.cost, data.rule, { learning_rate: 0.5 }, [2.5, -1], 40);
        console.log(JSON.stringify([...run.points]));
    """
    path = typescript.run(script, {"cost": cost, "rule": rule})
    np.testing.assert_allclose(np.reshape(path, (-1, 2)), run.points, rtol=1e-12, atol=1e-13)


def test_start_and_best_line_lie_well_inside_a_square() -> None:
    widget = gd.LineFit(three_points(), start=(4.0, -3.0))
    (left, right), (low, high) = widget.landscape.bounds
    assert right - left == pytest.approx(high - low, rel=0.1)
    for intercept, slope in (widget.start, three_points().minimum):
        assert left < intercept < right
        assert low < slope < high


def test_other_data_bring_their_own_cost() -> None:
    widget = gd.LineFit(start=(1.0, 1.0))
    assert repr(widget) == "LineFit(12 points)"
    widget.problem = three_points()
    assert repr(widget) == "LineFit(3 points)"
    assert widget._programs["points"] == [[-1, 0], [0, 1], [1, 5]]
    assert widget.landscape.value([1, 2]) == pytest.approx(5 / 6)
    assert widget.start == (1.0, 1.0)


def test_words_and_the_still_picture_tell_of_the_run() -> None:
    widget = gd.LineFit(three_points(), start=(0.0, 0.0), steps=100)
    assert "3 points" in widget.alt
    assert "at intercept 2 and slope 2.5. The best line has intercept 2 and slope 2.5" in widget.alt
    assert widget.still().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"problem": 3}, "problem must be a LeastSquares with features"),
        ({"problem": gd.problems.two_clouds(6)}, "problem must be a LeastSquares"),
        ({"problem": gd.LeastSquares(np.eye(3), np.ones(3))}, "problem must fit a line"),
        ({"problem": gd.LeastSquares(np.ones((3, 2)), Y)}, "these x are all alike"),
        ({"start": (1.0,)}, r"start must be of shape \(2,\)"),
        ({"start": "ab"}, "start must be numbers"),
        ({"optimizers": []}, "optimizers is empty"),
        ({"landscape": gd.landscapes.quadratic()}, "LineFit has no 'landscape'"),
        ({"rate": 0.1}, "LineFit has no 'rate'"),
        ({"learning_rate": 0.0}, "learning_rate must be positive"),
    ],
)
def test_what_makes_no_figure_is_refused(choices: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        gd.LineFit(**choices)


def test_a_landscape_that_is_not_the_datas_is_refused() -> None:
    widget = gd.LineFit()
    with pytest.raises(Exception, match="set problem instead"):
        widget.landscape = gd.landscapes.quadratic()
    assert widget.landscape.name == "least squares"
