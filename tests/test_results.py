"""What a run found is looked at when it is put together, whoever does so."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import gdlib as gd

BOWL, RULE = gd.landscapes.quadratic(), gd.gradient_descent(0.1)
PATH: dict[str, Any] = {
    "points": np.zeros((3, 2)), "values": np.zeros(3), "gradients": np.zeros((3, 2)),
    "status": "out of steps", "steps": 2, "evaluations": 2,
}  # fmt: skip
GRID: dict[str, Any] = {
    "points": np.zeros((3, 4, 2)), "values": np.zeros((3, 4)), "gradients": np.zeros((3, 4, 2)),
    "status": np.array(["diverged"] * 4), "steps": np.arange(4), "evaluations": np.arange(4),
}  # fmt: skip
MAP: dict[str, Any] = {
    "labels": np.array([[0, -1], [-2, 0]]), "steps": np.ones((2, 2), int),
    "points": gd.basins(BOWL, RULE, (2, 2), 300).points, "landscape": BOWL, "optimizer": RULE,
}  # fmt: skip


def test_lists_become_the_arrays_that_they_stand_for() -> None:
    lists = {name: v.tolist() if isinstance(v, np.ndarray) else v for name, v in PATH.items()}
    assert gd.Trajectory(**lists).end.tolist() == [0.0, 0.0]
    single = gd.Trajectory(**PATH | {"points": np.zeros((3, 2), np.float32)})
    assert single.points.dtype == np.float64


def test_numbers_and_arrays_of_any_kind_of_run_are_taken() -> None:
    assert gd.Trajectory(**PATH | {"steps": np.int64(2), "samples": np.arange(3)}).samples[2] == 2
    assert gd.Trajectory(**GRID).end.shape == (4, 2)
    whole = PATH | {"points": np.zeros((3, 2, 5)), "gradients": np.zeros((3, 2, 5))}
    assert gd.Trajectory(**whole).end.shape == (2, 5)  # one θ of shape (2, 5)
    lone = PATH | {"points": np.zeros(3), "gradients": np.zeros(3)}
    assert gd.Trajectory(**lone).end.shape == ()


def test_what_a_trajectory_holds_is_not_copied() -> None:
    assert gd.Trajectory(**PATH).points is PATH["points"]


@pytest.mark.parametrize(
    ("of", "wrong", "error", "words"),
    [
        (PATH, {"points": "abc"}, TypeError, "points must be numbers, not 'abc'"),
        (PATH, {"points": np.zeros(())}, ValueError, "points must be of shape (k + 1, ..., n)"),
        (PATH, {"points": np.zeros((0, 2))}, ValueError, "not (0, 2)"),
        (PATH, {"points": np.zeros((3, 2), complex)}, TypeError, "points must be real numbers"),
        (PATH, {"values": np.zeros(2)}, ValueError, "values must be one a point"),
        (PATH, {"values": 1.0}, ValueError, "values must be one a point"),
        (PATH, {"gradients": None}, TypeError, "gradients must be numbers, not None"),
        (PATH, {"gradients": np.zeros(3)}, ValueError, "gradients must have the points' shape"),
        (PATH, {"status": "over"}, ValueError, 'status must be "converged", "diverged"'),
        (PATH, {"status": 3}, TypeError, "status must be"),
        (PATH, {"status": np.array(["converged"] * 2)}, TypeError, "status must be"),
        (PATH, {"steps": -1}, ValueError, "steps must be at least 0, not -1"),
        (PATH, {"steps": "two"}, TypeError, "steps must be a whole number, not 'two'"),
        (PATH, {"evaluations": 1.5}, TypeError, "evaluations must be a whole number"),
        (PATH, {"value_evaluations": None}, TypeError, "value_evaluations must be a whole"),
        (PATH, {"samples": [1, 2]}, ValueError, "samples must be of shape (3,), not (2,)"),
        (PATH, {"samples": [0.5, 1, 2]}, TypeError, "samples must be whole numbers"),
        (GRID, {"status": [1, 2]}, TypeError, "status must be an array of words"),
        (GRID, {"status": np.array(["diverged"])}, ValueError, "status must be of shape (4,)"),
        (GRID, {"steps": np.arange(3)}, ValueError, "steps must be of shape (4,), not (3,)"),
        (GRID, {"evaluations": np.zeros(4)}, TypeError, "evaluations must be whole numbers"),
    ],
)
def test_a_trajectory_of_anything_else_is_refused(
    of: dict[str, Any], wrong: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=re.escape(words)):
        gd.Trajectory(**of | wrong)


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"labels": "map"}, TypeError, "labels must be numbers, not 'map'"),
        ({"labels": np.zeros((2, 2))}, TypeError, "labels must be whole numbers"),
        ({"labels": [0, 1]}, ValueError, "labels must be of shape (any, any), not (2,)"),
        ({"labels": [[7, 0], [0, 0]]}, ValueError, "from -2 to 0, not 7"),
        ({"labels": [[-3, 0], [0, 0]]}, ValueError, "from -2 to 0, not -3"),
        ({"steps": np.ones((3, 2), int)}, ValueError, "steps must be of shape (2, 2), not (3, 2)"),
        ({"points": 3}, TypeError, "points must be several critical points, not 3"),
        ({"points": [(0.0, 0.0)]}, TypeError, "points must be several critical points"),
        ({"landscape": "bowl"}, TypeError, "landscape must be a Landscape, not 'bowl'"),
        ({"optimizer": gd.adam}, TypeError, "must be one like gd.adam()"),
    ],
)
def test_basins_of_anything_else_are_refused(
    wrong: dict[str, Any], error: type[Exception], words: str
) -> None:
    assert gd.Basins(**MAP).shares.tolist() == [0.5]
    with pytest.raises(error, match=re.escape(words)):
        gd.Basins(**MAP | wrong)
