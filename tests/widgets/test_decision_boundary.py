"""DecisionBoundary: the browser's run beside Python's, what it says of it, what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from tests.widgets import typescript

RUN = """
    import { BoundaryState } from "./src/widgets/decision-boundary/state";
    import { stepWords } from "./src/widgets/decision-boundary/words";
    console.log(JSON.stringify(data.map((traits: any) => {
        const view = { get: (name: string) => traits[name], waiting: false };
        const state = new BoundaryState(view as never);
        const { run, step, theta } = state;
        return {
            step, theta: [...theta], losses: run.losses, right: run.right, slopes: run.slopes,
            ground: [...state.ground], said: [...state.said(theta)], units: state.units,
            words: stepWords(run, state.rows, step),
        };
    })));"""


def found(*widgets: gd.DecisionBoundary) -> Any:
    return typescript.run(RUN, [widget.page_state() for widget in widgets])


def clouds(**more: Any) -> gd.Network:
    rng = np.random.default_rng(3)
    labels = np.arange(12) % 2
    places = rng.normal(size=(12, 2)) + 2 * labels[:, None]
    return gd.Network(places, labels, {"a": 3, "b": 2, "c": 1}, loss="logistic", **more)


def test_the_browsers_run_is_that_of_descend() -> None:
    widgets = [
        gd.DecisionBoundary(steps=100),
        gd.DecisionBoundary(seed=1, steps=100, learning_rate=2.0),
        gd.DecisionBoundary(clouds(), seed=2, steps=100),
        gd.DecisionBoundary(clouds(activation="relu"), seed=2, steps=100, learning_rate=0.1),
    ]
    for widget, state in zip(widgets, found(*widgets), strict=True):
        run = gd.descend(
            widget.network,
            gd.gradient_descent(widget.learning_rate),
            widget.network.start(widget.seed),
            100,
        )
        np.testing.assert_allclose(state["theta"], run.end, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(state["losses"], run.values, rtol=1e-9)
        norms = np.linalg.norm(run.gradients, axis=1)
        np.testing.assert_allclose(state["slopes"], norms, rtol=1e-7, atol=1e-12)
        said = widget.network.predict(run.end)[:, 0]
        np.testing.assert_allclose(state["said"], said, rtol=1e-9)
        wanted = widget.network.targets[:, 0]
        assert state["right"][-1] == widget.right(run.end) == ((said > 0.5) == (wanted > 0.5)).sum()


def test_the_picture_is_what_the_network_says_of_each_place_from_the_top_row_on() -> None:
    widget = gd.DecisionBoundary(steps=300)
    (state,) = found(widget)
    (left, right), (low, high) = widget.page_state()["_programs"]["bounds"]
    assert (left, right, low, high) == pytest.approx((-0.4, 1.4, -0.4, 1.4))
    side = int(np.sqrt(len(state["ground"])))
    middles = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(left + middles * (right - left), high - middles * (high - low))
    places = np.stack([x.ravel(), y.ravel()], axis=1)
    said = widget.network.predict(np.array(state["theta"]), places)[:, 0]
    np.testing.assert_allclose(state["ground"], said, rtol=1e-9)


def test_the_dashed_lines_are_where_units_are_zero() -> None:
    widget = gd.DecisionBoundary(steps=40)
    (state,) = found(widget)
    parts = widget.network.layout.unpack(np.array(state["theta"]))
    weights, bias = parts["hidden.weights"], parts["hidden.bias"]
    expected = [[*weights[:, j], bias[j]] for j in range(2)]
    np.testing.assert_allclose(state["units"], expected)


def test_some_starts_end_right_and_some_are_stuck() -> None:
    right, stuck = found(gd.DecisionBoundary(seed=0), gd.DecisionBoundary(seed=1))
    assert right["words"].startswith("All 4 points are right, since step ")
    assert stuck["words"].startswith("Hardly moving: 2 of 4 points are right")
    # stuck at ½ log 2: two points are sure, and the others are even
    assert stuck["losses"][-1] == pytest.approx(np.log(2) / 2, abs=5e-3)


def test_words_and_the_still_picture_tell_of_the_run() -> None:
    widget = gd.DecisionBoundary(steps=300)
    assert repr(widget) == "DecisionBoundary(4 points, seed 0, η = 0.5)"
    assert f"{widget.right(widget.trajectory.end)} of 4 points are right after 300" in widget.alt
    assert widget.still().startswith(b"\x89PNG")


def test_another_network_brings_its_own_programs() -> None:
    widget = gd.DecisionBoundary(steps=20)
    widget.network = clouds()
    parts = widget._programs["network"]["parts"]
    assert [part["name"] for part in parts][::2] == ["a.weights", "b.weights", "c.weights"]
    assert repr(widget).startswith("DecisionBoundary(12 points")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"network": 3}, "network must be a Network with two features"),
        (
            {"network": gd.Network(np.eye(3), np.ones(3), {"out": 1})},
            "network must be a Network with two features",
        ),
        ({"network": clouds(l2=0.1)}, "no l2"),
        ({"network": clouds(initialisation="he")}, 'initialisation="glorot"'),
        (
            {"network": gd.Network(np.eye(2), [0, 1], {"a": 50, "b": 1}, loss="logistic")},
            "at most 200 rows and 100 parameters",
        ),
        ({"learning_rate": -1.0}, "learning_rate must be positive"),
        ({"steps": 5001}, "steps must be"),
        ({"rate": 1.0}, "DecisionBoundary has no 'rate'"),
    ],
)
def test_what_makes_no_figure_is_refused(choice: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        gd.DecisionBoundary(**choice)
