"""ProbeHunt: what it refuses, how it scores, what a page gets of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy as sp

import gdlib as gd

THETA = sp.Symbol("theta", real=True)


def valley(bottom: int) -> gd.Landscape:
    return gd.Landscape(f"valley at {bottom}", (THETA - bottom) ** 2, [THETA], [(0, 10)], start=[5])


def hunt(**changed: Any) -> gd.ProbeHunt:
    return gd.ProbeHunt([valley(3), valley(8)], **changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"curve": 2}, "curve must be from 0 to 1, not 2"),
        ({"probes": [1, 11]}, "between 0 and 10"),
        ({"probes": [float("nan")]}, "probes must be finite"),
        ({"probes": ["here"]}, "probes must be numbers"),
        ({"probes": [5] * 13}, "12 probes are allowed, not 13"),
        ({"allowed": 1}, "allowed"),
        ({"probe": float("nan")}, "probe must be .* not nan"),
        ({"probe": 11}, "probe must be at least 0 and at most 10, not 11"),
        ({"curve": "first"}, "curve must be a whole number"),
        ({"optimizer": "adam"}, "optimizer must be a rule"),
        ({"lifted": 1}, "lifted must be True or False"),
    ],
)
def test_what_makes_no_game_is_refused(changed: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        hunt(**changed)


@pytest.mark.parametrize("curves", [[], [gd.landscapes.booth()], ["a curve"]])
def test_only_curves_can_be_hunted(curves: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="one variable"):
        gd.ProbeHunt(curves)


def test_a_flat_curve_has_no_lowest_point() -> None:
    flat = gd.Landscape("flat", sp.Integer(1) + 0 * THETA, [THETA], [(0, 1)], start=[0])
    with pytest.raises((TypeError, ValueError), match="flat"):
        gd.ProbeHunt(flat)


def test_the_score_is_the_height_above_the_bottom_in_percent() -> None:
    played = hunt(probes=[4, 0])
    assert played.heights.tolist() == [1, 9]
    assert played.miss == pytest.approx(100 * 1 / 49, abs=1e-6)
    assert hunt(curve=1, probes=[8]).miss == pytest.approx(0, abs=1e-9)


def test_the_optimizer_has_as_many_gradients_as_the_reader_probes() -> None:
    run = hunt(allowed=5, optimizer=gd.gradient_descent(0.5)).trajectory
    assert run.points[:, 0].tolist() == [5, 3, 3, 3, 3]


def test_a_page_gets_json_and_no_formula_to_peek_at() -> None:
    state = json.loads(json.dumps(hunt().page_state()))
    assert [c["name"] for c in state["_programs"]["curves"]] == ["valley at 3", "valley at 8"]
    assert all(c["math"] == "" for c in state["_programs"]["curves"])
    assert state["_programs"]["extent"][0] == pytest.approx([0, 49])
    assert (state["probe"], state["probes"], state["walked"]) == (5, [], None)


def test_it_is_drawn_and_named_and_told_in_words() -> None:
    played = hunt(probes=[4])
    assert repr(played) == "ProbeHunt(valley at 3)"
    assert played.still().startswith(b"\x89PNG")
    assert "from 5 to 3" in played.alt
