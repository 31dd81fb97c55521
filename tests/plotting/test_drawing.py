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
        plot.steps(plt.figure().subplots(), parabola(), slide),
        plot.surface(solid, landscapes.quadratic()),
        plot.style(ax),
    ]
    plt.close("all")
    assert calls == [None] * 9


plot: Any = plotting
LINE = gd.descend(parabola(), gd.gradient_descent(0.1), steps=3)
GRID = gd.descend(landscapes.quadratic(), gd.gradient_descent(0.1), np.ones((3, 2)), steps=3)
END = gd.descend(landscapes.quadratic(), gd.gradient_descent(0.1), steps=3, keep="end")


@pytest.mark.parametrize(("draw", "message"), [
    (lambda ax: plot.contours(ax, parabola()), "2 variables; parabola has 1"),
    (lambda ax: plot.contours(ax, landscapes.saddle(), bounds=((1, 0), (0, 1))), "bounds"),
    (lambda ax: plot.contours(ax, landscapes.saddle(), bounds=(0, 1)), "bounds must be"),
    (lambda ax: plot.contours(ax, landscapes.saddle(), levels=[2, 1]), "rising values"),
    (lambda ax: plot.contours(ax, landscapes.saddle(), levels=0), "at least 1"),
    (lambda ax: plot.path(ax, LINE), r"\(k \+ 1, 2\), not \(4, 1\)"),
    (lambda ax: plot.path(ax, GRID), r"not \(4, 3, 2\)"),
    (lambda ax: plot.path(ax, [[0.0, np.nan]]), "NaN"),
    (lambda ax: plot.loss(ax, {"all": GRID}), "one run"),
    (lambda ax: plot.loss(ax, {"end": END}), "whole path"),
    (lambda ax: plot.loss(ax, {"a": LINE}, against="samples"), "counted no samples"),
    (lambda ax: plot.loss(ax, {"a": LINE}, against="time"), "not 'time'"),
    (lambda ax: plot.curve(ax, landscapes.saddle()), "1 variable; saddle has 2"),
    (lambda ax: plot.curve(ax, np.cos), "needs bounds"),
    (lambda ax: plot.curve(ax, np.cos, bounds=(1, 1)), r"not \(1, 1\)"),
    (lambda ax: plot.steps(ax, landscapes.saddle(), LINE), "1 variable; saddle has 2"),
    (lambda ax: plot.surface(ax, landscapes.saddle()), "projection"),
    (lambda ax: plot.animate(ax, landscapes.saddle(), {}), "at least one run"),
    (lambda ax: plot.animate(ax, landscapes.saddle(), {"a": LINE}), r"\(k \+ 1, 2\)"),
    (lambda ax: plot.animate(ax, landscapes.saddle(), {"a": LINE}, fps=0), "fps positive"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_refused(draw: Any, message: str, ax: Axes) -> None:
    with pytest.raises(ValueError, match=message):
        draw(ax)
    assert not ax.lines


def test_the_package_itself_loads_no_matplotlib() -> None:
    import subprocess
    import sys

    code = "import sys, gdlib; gdlib.Landscape; assert 'matplotlib' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
