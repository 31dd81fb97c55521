"""Tests of maps and of paths on them: the artists on the Axes, and the pixels around."""

from typing import Any

import numpy as np
import pytest
import sympy as sp
from matplotlib.axes import Axes

import gdlib as gd
from gdlib import landscapes, plotting
from gdlib.plotting import relief
from tests.plotting.figures import drawn, pixels

PLANE = [name for name, build in landscapes.catalogue.items() if build().n == 2]


@pytest.mark.parametrize("name", PLANE)
def test_levels_rise_are_round_and_lie_within_the_range(name: str) -> None:
    _, heights = relief.sample(landscapes.catalogue[name](), None, 60)
    levels = relief.levels_at(heights, 11)
    assert 8 <= len(levels) <= 11
    assert (np.diff(levels) > 0).all()
    assert heights.min() < levels[0]
    assert levels[-1] < heights.max()
    for level in levels:  # at most three digits to read
        assert float(f"{level:.3g}") == level


@pytest.mark.parametrize("name", PLANE)
def test_every_band_of_a_map_has_some_area(name: str) -> None:
    _, heights = relief.sample(landscapes.catalogue[name](), None, 240)
    bands = np.searchsorted(relief.levels_at(heights, 11), heights.ravel())
    assert np.bincount(bands).max() < 0.75 * heights.size  # the plateau's plain


def test_levels_reach_from_a_valley_to_peaks_many_decades_higher() -> None:
    x, y = sp.symbols("x y", real=True)
    steep = gd.Landscape("steep", (x**2 + y**2) ** 3, [x, y], [(-10, 10), (-10, 10)], (1.0, 1.0))
    levels = relief.levels_at(relief.sample(steep, None, 240)[1], 11)
    radii = levels ** (1 / 6)  # of the circles that the lines are
    assert levels[-1] / levels[0] > 1e4
    assert np.diff(radii, prepend=0).max() < 10 / 4


def test_a_plain_without_any_height_is_drawn_without_lines(ax: Axes) -> None:
    x, y = sp.symbols("x y", real=True)
    plotting.contours(ax, gd.Landscape("plain", sp.Integer(3), [x, y], [(0, 1), (0, 1)], (0, 0)))
    assert len(ax.collections) == 0


def test_given_levels_are_the_lines_drawn(ax: Axes) -> None:
    plotting.contours(ax, landscapes.himmelblau(), levels=[1, 50, 181.6165])
    assert all(list(artist.levels) == [1, 50, 181.6165] for artist in ax.collections)  # type: ignore[attr-defined]


def test_lines_run_where_the_landscape_has_their_level(ax: Axes) -> None:
    bowl = landscapes.quadratic(4)
    plotting.contours(ax, bowl, levels=[1.0], filled=False, labels=False)
    (line,) = ax.collections
    np.testing.assert_allclose(bowl.value(line.get_paths()[0].vertices), 1.0, atol=1e-3)


@pytest.mark.parametrize("name", PLANE)
def test_a_map_shows_the_landscapes_bounds_variables_and_minima(name: str, ax: Axes) -> None:
    landscape = landscapes.catalogue[name]()
    plotting.contours(ax, landscape)
    assert (ax.get_xlim(), ax.get_ylim()) == landscape.bounds
    assert (ax.get_xlabel(), ax.get_ylabel()) == tuple(f"${v}$" for v in landscape.variables)
    assert [tuple(star[0]) for star in drawn(ax, "minimum")] == list(landscape.minima)
    assert len(ax.texts) >= 3  # labelled lines
    assert pixels(ax)[..., 3].max() == 255


def test_a_map_of_other_bounds_shows_those(ax: Axes) -> None:
    plotting.contours(ax, landscapes.himmelblau(), bounds=((0, 4), (1, 3)))
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 4), (1, 3))


def test_the_ground_outside_a_map_is_transparent(ax: Axes) -> None:
    plotting.contours(ax, landscapes.rosenbrock())
    assert pixels(ax)[0, 0, 3] == 0


@pytest.mark.parametrize(("value", "text"), [
    (0.0, "0"), (-0.25, "−0.25"), (1400.0, "1400"), (150000.0, "$1.5\\cdot 10^{5}$"),
    (1e6, "$1\\cdot 10^{6}$"), (-2e-5, "$-2\\cdot 10^{-5}$"),
])  # fmt: skip
def test_labels_are_brief_and_true(value: float, text: str) -> None:
    assert relief.brief(value) == text


def test_a_path_runs_through_every_point_from_ring_to_dot(ax: Axes) -> None:
    run = gd.descend(landscapes.himmelblau(), gd.adam(0.1), steps=80)
    plotting.contours(ax, landscapes.himmelblau())
    plotting.path(ax, run, label="Adam")
    for name in ("path", "halo"):
        np.testing.assert_array_equal(drawn(ax, name)[0], run.points)
    np.testing.assert_array_equal(drawn(ax, "start")[0], run.points[:1])
    np.testing.assert_array_equal(drawn(ax, "end")[0], run.points[-1:])


def test_a_path_without_a_map_is_all_in_sight(ax: Axes) -> None:
    points = np.array([[0.0, 5.0], [3.0, -2.0], [10.0, 1.0]])
    plotting.path(ax, points, color="#123456")
    low, high = np.transpose([ax.get_xlim(), ax.get_ylim()])
    assert (low <= points).all()
    assert (points <= high).all()
    assert ax.lines[0].get_color() == "#123456"


def test_paths_keep_the_map_in_place_and_share_one_ring(ax: Axes) -> None:
    bowl = landscapes.quadratic()
    plotting.contours(ax, bowl)
    rules = (gd.gradient_descent(0.05), gd.momentum(0.05), gd.rmsprop(0.1))
    plotting.paths(ax, {rule.name: gd.descend(bowl, rule) for rule in rules})
    assert (ax.get_xlim(), ax.get_ylim()) == bowl.bounds
    lines = [line for line in ax.lines if line.get_gid() == "path"]
    assert [line.get_color() for line in lines] == [plotting.look(rule).colour for rule in rules]
    assert len({tuple(ring[0]) for ring in drawn(ax, "start")}) == 1
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [rule.name for rule in rules]


def test_a_diverging_path_is_drawn_to_the_edge_and_not_beyond(ax: Axes) -> None:
    bowl = landscapes.quadratic(50)
    run = gd.descend(bowl, gd.gradient_descent(5.0), steps=10_000)
    assert run.status == "diverged"
    plotting.contours(ax, bowl)
    plotting.path(ax, run, color="#ff0000")
    (path,) = drawn(ax, "path")
    np.testing.assert_array_equal(path[:-1], run.points[: len(path) - 1])
    assert np.abs(path).max() < 1e6  # Matplotlib's arithmetic stays exact
    ahead, last = run.points[len(path) - 1] - path[-2], path[-1] - path[-2]
    assert ahead @ last / np.linalg.norm(last) / np.linalg.norm(ahead) == pytest.approx(1)
    assert not drawn(ax, "end")
    picture = pixels(ax)
    red = np.abs(picture.astype(int) - (255, 0, 0, 255)).max(-1) < 60
    rows = np.flatnonzero(red.any(1)) / len(picture)
    frame = ax.get_position()
    assert len(rows) > 20
    assert 1 - frame.y1 - 0.01 < rows.min() < rows.max() < 1 - frame.y0 + 0.01


def test_marks_stand_apart_and_stay_few_on_a_long_path(ax: Axes) -> None:
    plotting.contours(ax, landscapes.rosenbrock())
    plotting.path(ax, gd.descend(landscapes.rosenbrock(), gd.gradient_descent(0.001), steps=5000))
    (line,) = (line for line in ax.lines if line.get_gid() == "path")
    marked: Any = line.get_markevery()
    places = ax.transData.transform(np.column_stack(line.get_data())[marked])
    assert 5 < len(marked) <= 40
    assert np.abs(np.diff(places, axis=0)).max(1).min() >= 9


@pytest.mark.parametrize("name", ["$", "{", "_", "^", "%", "a b", "5%", "\\alpha", "x_i"])
def test_an_axis_can_be_called_anything(name: str, ax: Axes) -> None:
    odd, y = sp.Symbol(name, real=True), sp.Symbol("y", real=True)
    plotting.contours(ax, gd.Landscape("odd", odd**2 + y**2, [odd, y], [(-2, 2)] * 2, (1, 1)))
    pixels(ax)
    shown = ax.get_xlabel().replace(r"\$", "$")
    assert name.removeprefix("\\") in shown.replace("{", "").replace("}", "") or name in shown
