"""NewtonLine: the browser's walks are those of `gd.newton`; the parabola; what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.widgets.newton_line import parabola
from tests.widgets import typescript

WALKS = """
    import { NewtonState } from "./src/widgets/newton-line/state";
    console.log(JSON.stringify(data.walks.map((changed: object) => {
        const traits = { ...data.state, ...changed };
        const { run } = new NewtonState({ get: (name: string) => traits[name] } as never);
        return [[...run.points], run.ending];
    })));"""


@pytest.mark.parametrize("damped", [False, True])
@pytest.mark.parametrize("curve", [0, 1, 2])
def test_the_browser_takes_the_steps_of_newton(curve: int, damped: bool) -> None:
    shown = gd.NewtonLine(curve=curve, damped=damped, steps=12)
    low, high = shown.landscape.bounds[0]
    starts = [*np.linspace(low, high, 161).round(3).tolist(), 0.0, 1.0, -1.0]
    state = shown.page_state()
    found = typescript.run(WALKS, {"state": state, "walks": [{"start": x} for x in starts]})
    for start, (points, ending) in zip(starts, found, strict=True):
        run = gd.newton(shown.landscape, (start,), steps=12, damped=damped)
        assert ending == run.status, start
        walked, both = np.array(points, float), min(len(points), run.steps + 1)
        np.testing.assert_allclose(walked[:both], run.points[:both, 0], rtol=1e-9, atol=1e-12)
        # exp rounds otherwise in JavaScript: at rest, one of the two may take a last tiny step
        assert walked[-1] == pytest.approx(run.end[0], rel=1e-9, abs=1e-12)


def test_where_nothing_is_defined_no_walk_starts_and_a_line_has_no_vertex() -> None:
    curves = [
        gd.Landscape.parse("x - log(x)", bounds=((-1, 3),), start=(2,)),
        gd.Landscape.parse("x**3/3 - x", bounds=((-2, 2),), start=(1,)),
    ]
    walks = [{"start": -0.5}, {"start": 3.0}, {"curve": 1, "start": 0.0}]
    found = typescript.run(WALKS, {"state": gd.NewtonLine(curves).page_state(), "walks": walks})
    assert [ending for _, ending in found] == ["unstarted", "diverged", "stalled"]
    assert gd.newton(curves[0], (3.0,)).status == "diverged"
    assert gd.newton(curves[1], (0.0,)).status == "stalled"


def test_the_parabola_has_the_curves_height_slope_and_curvature() -> None:
    letters = sp.symbols("J g h s")
    model, s = parabola(*letters), letters[-1]
    assert [model.diff(s, k).subs(s, 0) for k in (0, 1, 2)] == list(letters[:3])


def test_a_walk_ends_where_theory_says() -> None:
    # √(1 + x²): x → −x³, so out from beyond 1 and in from below
    assert gd.NewtonLine(start=0.9).trajectory.status == "converged"
    assert abs(gd.NewtonLine(start=1.1, steps=4).trajectory.points[-1, 0]) > 2000
    tamed = gd.NewtonLine(start=1.1, damped=True).trajectory
    assert tamed.end[0] == pytest.approx(0, abs=1e-9)
    ends = [gd.NewtonLine(curve=2, damped=damped).trajectory.end[0] for damped in (False, True)]
    assert ends == pytest.approx([0, 1], abs=1e-9)


def test_flat_places_are_exact_and_known_by_kind() -> None:
    gentle, hills = gd.NewtonLine().page_state()["_programs"]["flat"][1:]
    assert gentle == [(pytest.approx(np.log(2), rel=1e-15), "minimum")]
    assert sorted(hills) == [(-1, "minimum"), (0, "maximum"), (1, "minimum")]
    corner = gd.Landscape.parse("abs(x)", start=(1,))
    assert gd.NewtonLine(corner).page_state()["_programs"]["flat"] == [[]]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"curves": gd.landscapes.rosenbrock()}, "curves must be one or more landscapes of one"),
        ({"curves": 3}, "curves must be one or more landscapes of one"),
        ({"curve": 3}, "curve must be"),
        ({"steps": 0}, "steps"),
        ({"start": np.nan}, "start must be finite, not nan"),
        ({"damped": 2}, "damped"),
        ({"speed": 1}, "speed"),
    ],
)
def test_bad_choices_are_refused_in_words(choice: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        gd.NewtonLine(**choice)
    shown = gd.NewtonLine()
    with pytest.raises(ValueError, match="curve must be below 3"):
        shown.curve = 3


def test_it_says_what_it_shows() -> None:
    assert repr(gd.NewtonLine()) == "NewtonLine(√(1 + x²) from 0.9)"
    shown = gd.NewtonLine(curve=2, damped=True)
    assert repr(shown) == "NewtonLine(damped, x⁴/4 − x²/2 from 0.4)"
    assert "0.4, 1.05, 1, 1" in shown.alt
    assert shown.still().startswith(b"\x89PNG")
