"""Tests of surfaces and animations, and of what all drawing functions refuse."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from PIL import Image

import gdlib as gd
from gdlib import landscapes, plotting
from tests.plotting.figures import drawn, parabola


def test_an_animation_grows_its_paths_and_saves_as_a_gif(ax: Axes, tmp_path: Path) -> None:
    bowl = landscapes.quadratic()
    long, short = (gd.descend(bowl, gd.gradient_descent(0.05), steps=n) for n in (9, 4))
    film = plotting.animate(ax, bowl, {"long": long, "short": short}, steps_per_frame=3, fps=10)
    film.save(tmp_path / "descent.gif", writer="pillow", dpi=30)
    with Image.open(tmp_path / "descent.gif") as picture:
        assert picture.n_frames == 4  # type: ignore[attr-defined]
        assert picture.info["duration"] == 100
    film._func(1)  # type: ignore[attr-defined]
    for path, end, run in zip(drawn(ax, "path"), drawn(ax, "end"), (long, short), strict=True):
        np.testing.assert_array_equal(path[:4], run.points[:4])
        np.testing.assert_array_equal(np.unique(path[3:], axis=0), run.points[3:4])
        np.testing.assert_array_equal(end, run.points[3:4])


def test_functions_draw_and_return_nothing(ax: Axes) -> None:
    run = gd.descend(landscapes.quadratic(), gd.adam(0.1), steps=3)
    slide = gd.descend(parabola(), gd.adam(0.1), steps=3)
    solid: Any = plt.figure().add_subplot(projection="3d")
    calls: list[None] = [
        plot.contours(ax, landscapes.quadratic()),
        plot.path(ax, run),
        plot.paths(ax, {"a": run}),
        plot.legend(ax, loc="upper left"),
        plot.loss(plt.figure().subplots(), {"a": run}),
        plot.curve(plt.figure().subplots(), parabola()),
        plot.lines(plt.figure().subplots(), {"a": [1, 2]}),
        plot.steps(plt.figure().subplots(), parabola(), slide),
        plot.surface(solid, landscapes.quadratic()),
        plot.style(ax),
    ]
    plt.close("all")
    assert calls == [None] * 10


plot: Any = plotting
LINE = gd.descend(parabola(), gd.gradient_descent(0.1), steps=3)
GRID = gd.descend(landscapes.quadratic(), gd.gradient_descent(0.1), np.ones((3, 2)), steps=3)
END = gd.descend(landscapes.quadratic(), gd.gradient_descent(0.1), steps=3, keep="end")


@pytest.mark.parametrize(("draw", "message"), [
    (lambda ax: plot.contours(ax, parabola()), r"2 variable\(s\); parabola has 1"),
    (lambda ax: plot.contours(ax, landscapes.saddle(), bounds=((1, 0), (0, 1))), "bounds"),
    (lambda ax: plot.contours(ax, landscapes.saddle(), bounds=(0, 1)), "bounds must be"),
    (lambda ax: plot.contours(ax, landscapes.saddle(), levels=[2, 1]), "rising values"),
    (lambda ax: plot.contours(ax, landscapes.saddle(), levels=0), "levels must be from 1"),
    (lambda ax: plot.path(ax, LINE), r"\(k \+ 1, 2\), not \(4, 1\)"),
    (lambda ax: plot.path(ax, GRID), r"not \(4, 3, 2\)"),
    (lambda ax: plot.path(ax, [[0.0, np.nan]]), "run must be finite, not nan"),
    (lambda ax: plot.loss(ax, {"all": GRID}), "single ones"),
    (lambda ax: plot.loss(ax, {"end": END}), "whole path"),
    (lambda ax: plot.loss(ax, {"a": LINE}, against="samples"), "counted no samples"),
    (lambda ax: plot.loss(ax, {"a": LINE}, against="time"), "not 'time'"),
    (lambda ax: plot.lines(ax, {"a": [1, 2], "b": [1, 2, 3]}, at=[0, 1]), "as long as at, must"),
    (lambda ax: plot.curve(ax, landscapes.saddle()), r"1 variable\(s\); saddle has 2"),
    (lambda ax: plot.curve(ax, np.cos), "bounds must be .low, high. where"),
    (lambda ax: plot.curve(ax, np.cos, bounds=(1, 1)), r"not \(1\.0, 1\.0\)"),
    (lambda ax: plot.steps(ax, landscapes.saddle(), LINE), r"1 variable\(s\); saddle has 2"),
    (lambda ax: plot.animate(ax, landscapes.saddle(), {}), "runs must be at least one"),
    (lambda ax: plot.animate(ax, landscapes.saddle(), {"a": LINE}), r"\(k \+ 1, 2\)"),
    (lambda ax: plot.animate(ax, landscapes.saddle(), {"a": LINE}, fps=0), "fps must be above"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_refused(draw: Any, message: str, ax: Axes) -> None:
    with pytest.raises(ValueError, match=message):
        draw(ax)
    assert not ax.lines


@pytest.mark.parametrize(("draw", "message"), [
    (lambda ax: plot.contours(ax, landscapes.quadratic), "landscape must be a Landscape such as"),
    (lambda _: plot.contours(plt, landscapes.quadratic()), "ax must be Matplotlib Axes"),
    (lambda ax: plot.contours(ax.figure, landscapes.quadratic()), "ax must be Matplotlib Axes"),
    (lambda ax: plot.contours(ax, landscapes.saddle(), filled="no"), "filled must be True or"),
    (lambda ax: plot.contours(ax, landscapes.saddle(), levels="10"), "levels must be numbers"),
    (lambda ax: plot.paths(ax, LINE), "runs must be runs by label, like .*, not Trajectory"),
    (lambda ax: plot.paths(ax, [LINE]), "runs must be runs by label"),
    (lambda ax: plot.paths(ax, {1: LINE}), "a label of runs must be a string, not 1"),
    (lambda ax: plot.path(ax, LINE.points, label=3), "label must be a string"),
    (lambda ax: plot.path(ax, END, color=3), "color must be a colour"),
    (lambda ax: plot.path(ax, END, method=3), "method must be a string"),
    (lambda ax: plot.path(ax, np.ma.ones((2, 2))), "run must not be a masked array"),
    (lambda ax: plot.loss(ax, LINE), "runs must be runs by label"),
    (lambda ax: plot.loss(ax, {"a": LINE.values}), "runs must be trajectories by label"),
    (lambda ax: plot.loss(ax, {"a": LINE}, floor="0"), "floor must be a number"),
    (lambda ax: plot.lines(ax, [1, 2]), "heights must be heights by label"),
    (lambda ax: plot.curve(ax, landscapes.double_well), "cost must be a Landscape: call it"),
    (lambda ax: plot.curve(ax, lambda _: ["a"], bounds=(0, 1)), "the values of cost must be num"),
    (lambda ax: plot.surface(ax, landscapes.saddle()), "projection"),
    (lambda ax: plot.basins(ax, landscapes.saddle()), "found must be Basins"),
    (lambda _: plot.style(None), "ax must be Matplotlib Axes"),
    (lambda _: plot.legend("upper left"), "ax must be Matplotlib Axes"),
    (lambda _: plot.look(3), "method must be a string, not 3"),
    (lambda _: plot.Look(3), "colour must be a string"),
])  # fmt: skip
def test_another_kind_of_thing_is_refused(draw: Any, message: str, ax: Axes) -> None:
    with pytest.raises(TypeError, match=message):
        draw(ax)
    assert not ax.lines


def test_the_package_itself_loads_no_matplotlib() -> None:
    import subprocess
    import sys

    code = "import sys, gdlib; gdlib.Landscape; assert 'matplotlib' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
