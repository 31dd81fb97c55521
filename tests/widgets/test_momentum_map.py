"""MomentumMap: eigenvalues against theory and NumPy, its numbers beside the browser's, refusals."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.theory import spectrum
from gdlib.widgets.momentum_map import METHODS
from tests.widgets import typescript

POINTS = [(0.05, 0.1), (1.0, 0.8), (0.25, 0.25), (1.7, 0.0), (2.4, 0.3), (3.79, 0.9), (0.02, 0.99)]


def test_the_edge_of_stability_is_where_theory_has_it() -> None:
    # spectral radius at β = 0.9: 0.9487 at ηλ = 3.79 and 1.0647 at 3.81
    assert gd.MomentumMap(scaled_rate=3.79, decay=0.9).radius == pytest.approx(0.9487, abs=5e-5)
    assert gd.MomentumMap(scaled_rate=3.81, decay=0.9).radius == pytest.approx(1.0647, abs=5e-5)
    assert str(spectrum.spectrum(gd.momentum(1.0)).bound) == "2*(beta + 1)"


def test_complex_pairs_shrink_by_the_root_of_the_decay() -> None:
    for rate in (0.5, 1.0, 2.0):
        assert gd.MomentumMap(scaled_rate=rate, decay=0.81).radius == pytest.approx(0.9)


def test_the_tuned_point_for_condition_100_is_polyaks() -> None:
    # curvatures 0.01 … 1: η* = 400/121, β* = 81/121, rate 9/11
    rate, decay = (e.subs(spectrum.condition, 100) for e in spectrum.tuned(gd.momentum(1.0)))
    assert (str(rate), str(decay)) == ("400/121", "81/121")
    tuned = gd.MomentumMap(scaled_rate=400 / 121, decay=81 / 121, condition=100.0)
    assert tuned.radius == pytest.approx(9 / 11, rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_the_browser_has_numpys_eigenvalues_and_the_same_path(method: str) -> None:
    script = """
        import { MomentumState } from "./src/widgets/momentum-map/state";
        console.log(JSON.stringify(data.points.map(([rate, decay]: [number, number]) => {
            const traits = { ...data.state, scaled_rate: rate, decay };
            const state = new MomentumState({ get: (name: string) => traits[name] } as never);
            const { radius, eigenvalues } = state.spectrum;
            return [radius(rate, decay), eigenvalues(rate, decay), [...state.path(rate).points]];
        })));"""
    state = gd.MomentumMap(method=method, steps=20).page_state()
    for at, found in zip(
        POINTS, typescript.run(script, {"state": state, "points": POINTS}), strict=True
    ):
        _check_point(gd.MomentumMap(method=method, scaled_rate=at[0], decay=at[1], steps=20), found)


@pytest.mark.parametrize(
    ("method", "rate", "decay", "fastest"),
    # Momentum's eigenvalues meet at ηλ = (1 ± √β)², both with the radius √β, below which none is.
    # Nesterov's meet at ((1 − β)/(1 + β))², with radius 2β/(1 + β), and at 1, with radius 0.
    [
        ("momentum", 0.25, 0.25, True),
        ("momentum", 2.25, 0.25, True),
        ("Nesterov", 0.36, 0.25, False),
        ("Nesterov", 1.0, 0.25, True),
    ],
)
def test_only_where_no_rate_is_faster_is_a_meeting_called_fastest(
    method: str, rate: float, decay: float, fastest: bool
) -> None:
    script = """
        import { MomentumState } from "./src/widgets/momentum-map/state";
        import { motionWords } from "./src/shared/words";
        const state = new MomentumState({ get: (name: string) => data.state[name] } as never);
        const { eigenvalues, least } = state.spectrum;
        const words = motionWords(eigenvalues(data.rate, data.decay), least(data.decay));
        console.log(JSON.stringify(words));"""
    state = gd.MomentumMap(method=method).page_state()
    words = typescript.run(script, {"state": state, "rate": rate, "decay": decay})
    assert words.startswith("the two have met")
    assert ("as fast as this β allows" in words) == fastest


def _check_point(here: gd.MomentumMap, found: list[Any]) -> None:
    radius, (first, second, up), path = found
    pair = here.eigenvalues[0]
    expected = sorted(pair.real, reverse=True)
    # where the two meet, NumPy's own error is the root of a rounding
    np.testing.assert_allclose((first, second), expected, atol=2e-8)
    np.testing.assert_allclose(up, abs(pair.imag).max(), atol=2e-8)
    assert radius == pytest.approx(here.radius, abs=2e-8)
    np.testing.assert_allclose(path, here.trajectory.points[:, 0], rtol=1e-9, atol=1e-14)


def test_two_curvatures_must_both_shrink() -> None:
    both = gd.MomentumMap(scaled_rate=1.0, decay=0.5, condition=200.0)
    alone = gd.MomentumMap(scaled_rate=1.0, decay=0.5)
    assert both.eigenvalues.shape == (2, 2)
    assert both.radius > alone.radius
    assert both.trajectory.points.shape == (61, 2)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"scaled_rate": 0.0}, "scaled_rate must be positive and at most 10, not 0.0"),
        ({"decay": 1.0}, "decay must be at least 0 and at most 0.9999, not 1.0"),
        ({"condition": 0.5}, "condition must be at least 1"),
        ({"method": "Adam"}, "method"),
        ({"steps": 0}, "steps"),
    ],
)
def test_bad_choices_are_refused_in_words(choice: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        gd.MomentumMap(**choice)


def test_rules_that_are_not_linear_have_no_spectrum() -> None:
    with pytest.raises(ValueError, match="Adam is no linear rule"):
        spectrum.spectrum(gd.adam())


def test_the_text_beside_the_picture_is_the_same_every_time() -> None:
    assert repr(gd.MomentumMap()) == "MomentumMap(momentum, ηL = 1, β = 0.8)"
    assert "the radius is 0.894: the path converges" in gd.MomentumMap().alt


def test_the_equation_of_the_eigenvalues_is_typeset_in_letters() -> None:
    for program in gd.MomentumMap().page_state()["_programs"]["spectra"]:
        equation = html.unescape(program["equation"])
        assert "textbackslash" not in equation
        assert all(letter in equation for letter in "βηλ")
        assert "<mi>r</mi>" in equation
