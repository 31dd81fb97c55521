"""PathPlayer: what it refuses, how exact and how small its state is."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import gdlib as gd

BOWL = gd.landscapes.quadratic()
RUN = gd.descend(BOWL, gd.momentum(0.05), steps=299)


def unpacked(path: dict[str, Any]) -> NDArray[np.float64]:
    """Decode as the browser does: sums of whole numbers, times the unit."""
    whole = np.cumsum(np.reshape(path["moves"], (-1, 2)), axis=0)
    return np.asarray(whole * np.array(path["unit"]))


def packed(player: gd.PathPlayer) -> list[dict[str, Any]]:
    paths: list[dict[str, Any]] = json.loads(json.dumps(player.page_state()))["_programs"]["paths"]
    return paths


@pytest.mark.parametrize(
    ("paths", "changed", "message"),
    [
        ([], {}, "at least one"),
        ([np.zeros((3, 3))], {}, r"shape \(steps \+ 1, 2\), not \(3, 3\)"),
        (
            {"mine": [[0, 0], [np.nan, 1]]},
            {},
            r"mine of paths must be finite, not nan at index \(1, 0\)",
        ),
        ([RUN], {"bounds": ((0, 0), (0, 1))}, "bounds must be"),
        ([RUN], {"landscape": BOWL, "bounds": ((0, 1), (0, 1))}, "landscape's own"),
        ([RUN], {"landscape": "q"}, "landscape must be a Landscape such as"),
        ([RUN], {"landscape": gd.landscapes.quadratic}, "landscape must be a Landscape such as"),
        ([RUN], {"bounds": 3}, "bounds must be 2 pairs"),
        ([RUN], {"names": "xyz"}, "names must be two strings"),
        ("walk", {}, "paths must be trajectories or arrays"),
        ({1: RUN}, {}, "a name of paths must be a string"),
        ([np.ma.masked_array(np.zeros((2, 2)))], {}, "must not be a masked array"),
        ([RUN], {"lanscape": BOWL}, "did you mean 'landscape'"),
        ([RUN], {"frames": 1}, "frames"),
        ([RUN], {"frame": -1}, "frame"),
        ([RUN], {"notes": ["one", "two"]}, "notes must be 300, one a moment, not 2"),
        ([RUN], {"notes": 3}, "notes must be strings"),
        ([RUN], {"outlines": np.zeros((300, 4, 2))}, "closed curves by the name of their path"),
        ([RUN], {"outlines": {"path": np.zeros((300, 2))}}, "outlines must be of shape"),
        ([RUN], {"outlines": {"path": np.zeros((3, 4, 2))}}, "path of outlines must be 300, one a"),
        ([RUN], {"outlines": {"way": np.zeros((300, 4, 2))}}, 'a name of outlines must be "path'),
    ],
)
def test_what_makes_no_figure_is_refused(paths: Any, changed: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        gd.PathPlayer(paths, **changed)


def test_three_hundred_frames_take_five_kilobytes_and_are_exact_to_the_eye() -> None:
    (path,) = packed(gd.PathPlayer(RUN, BOWL))
    assert len(json.dumps(path, separators=(",", ":"))) < 5000
    spans = np.ptp(np.array(BOWL.bounds), axis=1)
    assert (np.abs(unpacked(path) - RUN.points).max(axis=0) < spans / 5000).all()
    np.testing.assert_allclose(path["heights"], RUN.values, rtol=5e-3)


def test_a_long_path_is_thinned_and_keeps_both_ends() -> None:
    run = gd.descend(BOWL, gd.gradient_descent(0.01), steps=2003)
    player = gd.PathPlayer({"slow": run, "short": run.points[:10]}, BOWL, frames=100)
    slow, short = packed(player)
    assert player.every == 21
    assert len(slow["moves"]) / 2 <= 100
    assert len(slow["heights"]) == len(slow["moves"]) / 2
    assert (slow["steps"], short["steps"]) == (2003, 9)
    np.testing.assert_allclose(unpacked(slow)[[0, -1]], run.points[[0, -1]], atol=1e-3)
    np.testing.assert_allclose(unpacked(short)[-1], run.points[9], atol=1e-3)


def test_blank_axes_hold_all_points_and_know_no_cost() -> None:
    walk = np.array([[0.0, 5.0], [10.0, 5.0]])
    player = gd.PathPlayer([walk, walk[:, ::-1]], names=("time", "place"))
    (left, right), (low, high) = player.bounds
    assert left < 0 < 10 < right
    assert low < 0 < 10 < high
    assert all("heights" not in path for path in packed(player))
    assert repr(player) == "PathPlayer(path 1, path 2)"


def test_a_path_on_a_curve_lies_on_it() -> None:
    hill = gd.Landscape.parse("theta**2", bounds=[(-2, 2)], start=[1.0])
    player = gd.PathPlayer([np.array([1.0, -1.0, 0.5])], hill)
    np.testing.assert_allclose(
        unpacked(packed(player)[0]), [[1.0, 1.0], [-1.0, 1.0], [0.5, 0.25]], atol=1e-3
    )
    assert player.names == ("θ", "J")


def test_it_is_drawn_and_told_in_words() -> None:
    player = gd.PathPlayer({"Adam": RUN}, BOWL)
    assert player.still().startswith(b"\x89PNG")
    assert "Adam: 299 steps from (2, 1) to" in player.alt


def test_notes_and_outlines_are_thinned_as_the_paths_are() -> None:
    walk = np.linspace((0.0, 0.0), (1.0, 1.0), 801)
    square = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)])
    sizes = np.linspace(0, 2, 801)
    player = gd.PathPlayer(
        {"walk": walk, "short": walk[:3]},
        frames=101,
        notes=[f"{k} of 800" for k in range(801)],
        outlines={"walk": sizes[:, None, None] * square},
    )
    state = json.loads(json.dumps(player.page_state()))["_programs"]
    assert state["notes"] == [f"{k} of 800" for k in range(0, 801, 8)]
    walked, short = state["paths"]
    assert "outlines" not in short
    assert walked["corners"] == 4
    drawn = unpacked({"moves": walked["outlines"], "unit": walked["unit"]}).reshape(-1, 4, 2)
    np.testing.assert_allclose(drawn, sizes[::8, None, None] * square, atol=1e-3)
    assert player.alt.endswith("800 of 800.")
    assert player.still().startswith(b"\x89PNG")
