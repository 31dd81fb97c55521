"""Tests of losses, curves and steps: the data of the lines drawn."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

import gdlib as gd
from gdlib import landscapes, plotting
from tests.plotting.figures import drawn, parabola, pixels


def test_a_loss_is_drawn_against_what_it_cost(ax: Axes) -> None:
    run = gd.descend(landscapes.quadratic(), gd.gradient_descent(0.05), steps=30)
    plotting.loss(ax, {"gradient descent": run})
    (line,) = drawn(ax, "loss")
    np.testing.assert_array_equal(line[:, 0], np.arange(31))
    np.testing.assert_array_equal(line[:, 1], run.values)
    assert (ax.get_yscale(), ax.get_xlabel()) == ("log", "gradient evaluations")


def three_values(*values: float, evaluations: int) -> gd.Trajectory:
    still = np.zeros((3, 2))
    return gd.Trajectory(still, np.array(values, float), still, "converged", 2, evaluations)


def test_searches_pay_for_all_their_gradients(ax: Axes) -> None:
    run = gd.Trajectory(
        np.zeros((3, 2)), np.array([4.0, 2, 1]), np.zeros((3, 2)), "converged", 2, 10
    )
    plotting.loss(ax, {"two a step": run})
    np.testing.assert_array_equal(drawn(ax, "loss")[0][:, 0], [0, 5, 10])


def test_a_loss_falls_to_its_floor_and_is_left_out_there(ax: Axes) -> None:
    run = gd.Trajectory(
        np.zeros((3, 1)), np.array([5.0, 3, 2]), np.zeros((3, 1)), "converged", 2, 2
    )
    plotting.loss(ax, {"run": run}, floor=2.0)
    np.testing.assert_array_equal(drawn(ax, "loss")[0][:, 1], [3, 1, np.nan])
    assert ax.get_ylabel() == "$J - J^*$"


@pytest.mark.parametrize("log", [True, False])
def test_a_diverging_loss_does_not_squeeze_the_others(log: bool, ax: Axes) -> None:
    bowl = landscapes.quadratic(50)
    runs = {f"η = {rate}": gd.descend(bowl, gd.gradient_descent(rate)) for rate in (0.01, 10.0)}
    plotting.loss(ax, runs, log=log)
    bottom, top = ax.get_ylim()
    start = runs["η = 0.01"].values[0]
    assert bottom < runs["η = 0.01"].values[-1] < start < top < 1e4 * start
    assert pixels(ax)[0, 0, 3] == 0


def test_a_loss_over_batches_counts_samples(ax: Axes) -> None:
    problem = gd.problems.noisy_line(40, seed=1)
    run = gd.descend_batches(problem, gd.gradient_descent(0.05), batch_size=10, epochs=2, seed=2)
    plotting.loss(ax, {"mini-batch": run}, against="samples")
    np.testing.assert_array_equal(drawn(ax, "loss")[0][:, 0], np.arange(0, 81, 10))


def test_lines_stand_where_they_are_told_and_look_as_their_labels_say(ax: Axes) -> None:
    plotting.lines(ax, {"Adam, tuned": [3.0, 2, 1], "theory": [1.0, 1, 1]}, at=[10, 20, 30])
    tuned, theory = drawn(ax, "line")
    np.testing.assert_array_equal(tuned, [[10, 3], [20, 2], [30, 1]])
    np.testing.assert_array_equal(theory[:, 1], [1, 1, 1])
    assert ax.lines[0].get_color() == plotting.look("Adam").colour
    assert ax.lines[1].get_color() == plotting.look(None).colour
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["Adam, tuned", "theory"]  # type: ignore[union-attr]


def test_lines_count_from_zero_and_leave_out_what_a_logarithm_cannot_show(ax: Axes) -> None:
    plotting.lines(ax, {"long": [1.0, 0.1, 0, -1], "short": [1.0]}, log=True)
    long, short = drawn(ax, "line")
    np.testing.assert_array_equal(long, [[0, 1], [1, 0.1], [2, np.nan], [3, np.nan]])
    np.testing.assert_array_equal(short, [[0, 1]])
    assert ax.get_yscale() == "log"


def test_a_curve_is_the_landscape_between_its_bounds(ax: Axes) -> None:
    plotting.curve(ax, landscapes.double_well())
    (line,) = drawn(ax, "curve")
    assert (line[0, 0], line[-1, 0]) == landscapes.double_well().bounds[0] == ax.get_xlim()
    np.testing.assert_array_equal(line[:, 1], landscapes.double_well().value(line[:, :1]))


def test_a_function_has_a_curve_too(ax: Axes) -> None:
    plotting.curve(ax, np.cos, bounds=(0, 3), label="cosine")
    (line,) = drawn(ax, "curve")
    np.testing.assert_array_equal(line[:, 1], np.cos(line[:, 0]))


def test_steps_land_on_the_curve_and_tangents_have_its_slope(ax: Axes) -> None:
    run = gd.descend(parabola(), gd.gradient_descent(1.7), steps=6)  # θ_k = 2 (−0.7)^k
    plotting.steps(ax, parabola(), run)
    landings = 2 * (-0.7) ** np.arange(7)
    np.testing.assert_allclose(drawn(ax, "steps")[0], np.transpose([landings, landings**2 / 2]))
    tangents = drawn(ax, "tangent")
    assert len(tangents) >= 4
    for piece in tangents:
        middle, (across, up) = piece.mean(0), piece[1] - piece[0]
        assert up / across == pytest.approx(middle[0])  # J′ = θ
        assert middle[1] == pytest.approx(middle[0] ** 2 / 2)


def test_an_exploding_run_leaves_the_curve_in_place(ax: Axes) -> None:
    run = gd.descend(parabola(), gd.gradient_descent(50.0), steps=1000)
    plotting.curve(ax, parabola())
    before = (ax.get_xlim(), ax.get_ylim())
    plotting.steps(ax, parabola(), run, tangents=False, label="η = 50")
    assert (ax.get_xlim(), ax.get_ylim()) == before
    assert np.abs(drawn(ax, "steps")[0]).max() < 1e6
    assert not drawn(ax, "end")
    assert not drawn(ax, "tangent")
    assert pixels(ax)[..., 3].max() == 255


def test_a_surface_carries_the_path_at_its_height() -> None:
    figure = plt.figure()
    axes: Any = figure.add_subplot(projection="3d")
    run = gd.descend(landscapes.saddle(), gd.gradient_descent(0.1), steps=60)
    plotting.surface(axes, landscapes.saddle(), run)
    x, y, height = axes.lines[0].get_data_3d()
    np.testing.assert_array_equal(np.transpose([x, y]), run.points)
    np.testing.assert_allclose(height, run.values)
    assert pixels(axes)[0, 0, 3] == 0
    plt.close(figure)


def test_a_run_without_a_step_and_one_that_explodes_are_drawn_quietly(ax: Axes) -> None:
    bowl = landscapes.quadratic()
    runs = {n: gd.descend(bowl, gd.gradient_descent(50.0), steps=n) for n in (0, 1, 100)}
    plotting.loss(ax, {f"{n} steps": run for n, run in runs.items()})
    assert pixels(ax)[..., 3].max() == 255
