"""A widget says and draws the same in another process, where sets have another order."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import hashlib
import gdlib as gd

for widget in (
    gd.DescentExplorer(), gd.BasinMap(steps=20), gd.BatchRace(epochs=2), gd.MomentumMap(),
    gd.LineSearch(steps=3),
    gd.NewtonLine(), gd.DecisionBoundary(steps=20), gd.EdgeOfStability(width=3, steps=20),
    gd.ItemMap([(1, 0), (0, 1)], ["a", "b"], [3, 4], 1.0, ["x", "y"], answers={"a": 5, "b": 2}),
    gd.TurnedBowl(angle=30),
    gd.TextSampler(
        gd.Transformer([[0, 1, 1]], 2, dimension=2, hidden=1, blocks=1, heads=1),
        "ab", {"Adam": {9: [0.5] * 32}}, {"Adam": [2, 1]},
    ),
    gd.WordNeighbours(["a", "b", "c"], {"x": [(1, 2), (2, 1), (0, 1)]}, [3, 2, 1]),
    gd.WorstCase(),
):
    name = type(widget).__name__
    print(name, "repr", repr(widget))
    print(name, "alt", widget.alt)
    print(name, "still", hashlib.sha256(widget.still()).hexdigest())
"""


def said(hash_seed: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env=os.environ | {"PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.long
def test_a_widget_says_and_draws_the_same_in_every_process() -> None:
    first, second = said(1), said(2)
    assert len(first) == 39
    assert first == second
