"""TurnedBowl: the browser's ways beside Python's; who notices a turn, and what it says of that."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.widgets import turned_bowl
from tests.widgets import typescript

RUN = """
    import { BowlState } from "./src/widgets/turned-bowl/state";
    console.log(JSON.stringify(data.map((traits: any) => {
        const view = { get: (name: string) => traits[name], waiting: traits.waiting ?? false };
        const state = new BowlState(view as never);
        const { names, last, step } = state;
        return {
            names, last, step, walks: names.map((name) => state.walk(name)),
            counts: names.map((name) => state.counts(name)), ground: [...state.ground],
        };
    })));"""


def found(*states: dict[str, Any]) -> Any:
    return typescript.run(RUN, list(states))


def state(**choice: Any) -> dict[str, Any]:
    return gd.TurnedBowl(**choice).page_state()


@cache
def arrivals(name: str) -> list[int | None]:
    return [gd.TurnedBowl().arrival(name, angle) for angle in (0, 20, 45, 90)]


def plain_adam(angle: float, rate: float = 0.05, most: int = 800) -> int:
    """Count Adam's steps by hand: moments, corrections, and the bowl's matrix."""
    cosine, sine = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    hessian, theta = turn @ np.diag([1.0, 100.0]) @ turn.T, turn @ [2.0, 1.0]
    m = v = np.zeros(2)
    for k in range(1, most + 1):
        g = hessian @ theta
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        theta = theta - rate * (m / (1 - 0.9**k)) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
        if theta @ hessian @ theta / 2 <= 1e-3:
            return k
    raise AssertionError("did not arrive")


def test_gradient_descent_and_the_rules_for_matrices_need_as_many_steps_at_every_angle() -> None:
    for name in ("gradient descent", *turned_bowl.MATRIX):
        assert len(set(arrivals(name))) == 1, name
        assert arrivals(name)[0] is not None


def test_adam_needs_many_times_the_steps_at_45_degrees_and_as_many_at_90() -> None:
    along, _, middle, across = arrivals("Adam")
    assert along == across == plain_adam(0)
    assert middle == plain_adam(45)
    assert middle > 7 * along


def test_the_slope_is_that_of_the_cost() -> None:
    run = gd.TurnedBowl().run("gradient descent", 33)
    assert turned_bowl.cost(turned_bowl.start(33), 33) == pytest.approx((4 + 100) / 2)
    numeric = gd.numerical_gradient(lambda p: turned_bowl.cost(p, 33), run.points[0])
    np.testing.assert_allclose(run.gradients[0], numeric, rtol=1e-6)


@pytest.mark.parametrize("rule", turned_bowl.MATRIX)
def test_the_browsers_ways_are_pythons(rule: str) -> None:
    widget = gd.TurnedBowl(angle=37, rule=rule)
    (there,) = found(widget.page_state())
    assert there["names"] == ["gradient descent", "Adam", rule]
    for name, walk in zip(there["names"], there["walks"], strict=True):
        run = widget.run(name)
        assert walk["arrival"] == widget.arrival(name) == len(walk["points"]) - 1
        points = run.points[: walk["arrival"] + 1]
        np.testing.assert_allclose(walk["points"], points, rtol=0, atol=1e-6)
        np.testing.assert_allclose(walk["costs"], run.values[: len(points)], rtol=1e-5, atol=1e-9)
    assert there["last"] == max(walk["arrival"] for walk in there["walks"]) == there["step"]


def test_the_chart_counts_at_every_fifth_degree_and_at_the_present_one() -> None:
    (there,) = found(state(angle=37))
    counts = dict(zip(there["names"], there["counts"], strict=True))
    assert counts["Adam"]["xs"] == sorted([*range(0, 91, 5), 37])
    steps = dict(zip(counts["Adam"]["xs"], counts["Adam"]["ys"], strict=True))
    assert [steps[0], steps[20], steps[45], steps[90]] == arrivals("Adam")
    for name in ("gradient descent", "Shampoo"):
        assert set(counts[name]["ys"]) == set(arrivals(name))


def test_a_figure_that_waits_shows_its_start_alone() -> None:
    (there,) = found({**state(angle=45), "waiting": True})
    assert (there["last"], there["step"]) == (654, 0)  # there is a step to ask for
    assert all(len(walk["points"]) == 1 and not walk["arrival"] for walk in there["walks"])
    assert all(count == {"xs": [], "ys": []} for count in there["counts"])


def test_the_picture_is_the_cost_of_each_place_from_the_top_row_on() -> None:
    (there,) = found(state(angle=20))
    side = int(np.sqrt(len(there["ground"])))
    middles = turned_bowl.REACH * ((np.arange(side) + 0.5) / (side / 2) - 1)
    places = np.stack(np.meshgrid(middles, -middles), axis=-1)
    np.testing.assert_allclose(there["ground"], turned_bowl.cost(places, 20).ravel(), rtol=1e-9)


def test_words_and_the_still_picture_tell_of_the_angle() -> None:
    widget = gd.TurnedBowl(angle=45, rule="Muon")
    assert repr(widget) == "TurnedBowl(45°, Muon)"
    counts = [f"{name} {widget.arrival(name)}" for name in ("gradient descent", "Adam", "Muon")]
    assert ", ".join(counts) in widget.alt
    assert widget.still().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"angle": 91}, "angle must be"),
        ({"angle": 4.5}, "angle must be"),
        ({"rule": "Adam"}, "rule must be"),
        ({"step": -1}, "step must be"),
        ({"rate": 1.0}, "TurnedBowl has no 'rate'"),
    ],
)
def test_what_makes_no_figure_is_refused(choice: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        gd.TurnedBowl(**choice)


def test_a_run_of_no_rule_or_at_no_angle_is_refused() -> None:
    with pytest.raises(ValueError, match="name must be"):
        gd.TurnedBowl().run("Newton")
    with pytest.raises(ValueError, match="angle must be"):
        gd.TurnedBowl().arrival("Adam", 120)
