"""TextSampler: what the page keeps, the browser's text beside Python's, refusals."""

from __future__ import annotations

import gzip
import json
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from tests.widgets import typescript

READ = """
    import { SamplerState } from "./src/widgets/text-sampler/state";
    console.log(JSON.stringify(data.map((traits: any) => {
        const view = { waiting: false, get: (name: string) => traits[name] };
        const state = new SamplerState(view as never);
        return { text: state.text, next: state.next, cost: state.cost };
    })));"""
DRAW = """
    import { uniforms } from "./src/core/generator";
    console.log(JSON.stringify(data.map((seed: number) => {
        const draw = uniforms(seed);
        return Array.from({ length: 20 }, () => draw());
    })));"""

MODEL = gd.Transformer([[0, 1, 2, 3, 0, 1]], 4, dimension=6, hidden=5, blocks=2, heads=2)
THETA = {step: MODEL.start(0) + np.random.default_rng(step).normal(size=MODEL.n) for step in (5, 9)}


def figure(**choices: Any) -> gd.TextSampler:
    given: dict[str, Any] = {
        "model": MODEL,
        "alphabet": "ab c",
        "weights": {"Adam": THETA, "Muon": {step: -theta for step, theta in THETA.items()}},
        "curves": {"Adam": np.linspace(2, 1, 10), "Muon": np.linspace(2, 0.5, 10)},
        "beginning": "a b",
    }
    return gd.TextSampler(**(given | choices))


def test_a_weight_is_kept_to_half_of_what_a_page_rounds_to() -> None:
    for step, levels in ((5, 7), (9, 15)):
        kept = MODEL.layout.unpack(figure(rule="Adam", step=step).theta)
        for name, array in MODEL.layout.unpack(THETA[step]).items():
            each = np.abs(array).max(axis=0) / levels
            worth_rounded = 0.05 * levels  # two digits: at most 5 % of each
            assert (np.abs(kept[name] - array) <= (0.55 + worth_rounded) * each).all(), name


def test_probabilities_are_the_models_after_the_end_of_the_text() -> None:
    mine = figure()
    by_model = MODEL.predict(mine.theta, [[2, 0, 2, 1, 3]])[0]
    np.testing.assert_allclose(mine.probabilities("cccc a bc"), by_model[4])
    np.testing.assert_allclose(mine.probabilities(" a b"), by_model[3])
    np.testing.assert_allclose(figure(step=0).probabilities("a"), 0.25)


def test_each_sign_is_drawn_by_its_probability() -> None:
    """A θ that makes one sign sure writes it; before the first step all are as frequent."""
    sure = MODEL.layout.pack(
        {
            name: np.full(shape, 5.0) * (name in ("embedding", "output"))
            * ([0, 0, 0, 1] if name == "output" else 1)
            for name, shape in MODEL.layout.shapes.items()
        }
    )  # fmt: skip
    assert figure(weights={"Adam": {9: sure}, "Muon": {9: sure}}).text == "a b" + "c" * 100
    written = "".join(figure(step=0, seed=seed).text[3:] for seed in range(8))
    shares = np.array([written.count(sign) for sign in "ab c"]) / 800
    assert (abs(shares - 0.25) < 0.06).all()  # four standard errors
    assert figure(seed=1).text != figure(seed=2).text


def test_the_browser_draws_what_numpy_draws() -> None:
    drawn = typescript.run(DRAW, [0, 1, 999])
    for seed, found in zip((0, 1, 999), drawn, strict=True):
        np.testing.assert_array_equal(found, np.random.default_rng(seed).random(20))


def test_the_browser_writes_the_same_text_with_the_same_probabilities() -> None:
    figures = [
        figure(),
        figure(rule="Adam", step=5, beginning="ccab b a", seed=77),
        figure(step=0, seed=3),
    ]
    states = [each.page_state() for each in figures]
    for mine, found in zip(figures, typescript.run(READ, states), strict=True):
        assert mine.beginning + found["text"] == mine.text
        shares = sorted(mine.probabilities(mine.beginning), reverse=True)
        np.testing.assert_allclose([one["share"] for one in found["next"]], shares, rtol=1e-9)
        at = np.linspace(0, 9, 10)
        curve = np.interp(mine.step, at, mine.curves[mine.rule])
        assert found["cost"] == pytest.approx(curve, abs=1e-4)


def test_four_models_of_nineteen_thousand_numbers_are_light() -> None:
    of = gd.Transformer(np.zeros((1, 33)), 28)
    rng = np.random.default_rng(0)
    sets = {rule: {100: rng.normal(size=of.n), 1000: rng.normal(size=of.n)} for rule in "ab"}
    alphabet = " -abcdefghijklmnopqrstuvwxyz"
    mine = gd.TextSampler(of, alphabet, sets, {rule: np.ones(41) for rule in "ab"}, beginning="a")
    state = json.dumps(mine.page_state(), separators=(",", ":")).encode()
    assert len(gzip.compress(state)) < 54_000


def test_words_and_the_still_picture_tell_of_rule_step_and_text() -> None:
    mine = figure(rule="Adam", step=5)
    assert repr(mine) == "TextSampler(Adam, step 5 of 9)"
    assert mine.text in mine.alt
    assert "after 5 steps of Adam" in mine.alt
    assert mine.still().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"model": 3}, r"model must be a gd.Transformer\(...\)"),
        ({"model": gd.Transformer([[0, 1]], 4, dimension=80)}, "model must have at most 20000 par"),
        ({"alphabet": "abc"}, "alphabet must be 4 different signs, not 'abc'"),
        ({"alphabet": "abca"}, "alphabet must be 4 different signs, not 'abca'"),
        ({"weights": {}}, "weights must have the same steps for each rule"),
        ({"weights": {"Adam": {}}}, "weights must have the same steps for each rule"),
        ({"weights": {"Adam": {9: THETA[9], 5: THETA[5]}}}, "weights must have the same steps"),
        ({"weights": {"Adam": {9: THETA[9][1:]}}}, "each θ of weights must"),
        ({"weights": {"Adam": {0: THETA[9]}}}, "each step of weights must be"),
        (
            {"weights": {"Adam": dict.fromkeys(range(1, 14), THETA[9])}},
            "weights must be at most 12",
        ),
        ({"curves": {"Adam": [1, 2]}}, "curves must be of Adam, Muon, not Adam"),
        ({"curves": {"Adam": [1, 2], "Muon": [1, 2, 3]}}, "curves must be equally many costs"),
        ({"rule": "Lion"}, 'rule must be "Adam" or "Muon"'),
        ({"step": 7}, "step must be one of 0, 5, 9, not 7"),
        ({"beginning": ""}, "beginning must be 1 to 200 of the signs 'ab c', not ''"),
        ({"beginning": "abd"}, "beginning must be 1 to 200 of the signs 'ab c', not 'abd'"),
        ({"seed": 1000}, "seed must be from 0 to 999, not 1000"),
        ({"steps": 3}, "TextSampler has no 'steps'"),
    ],
)
def test_what_makes_no_figure_is_refused(choices: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        figure(**choices)


def test_a_text_of_other_signs_has_no_next_one() -> None:
    with pytest.raises(ValueError, match="text must be 1 to 200 of the signs 'ab c', not 'x'"):
        figure().probabilities("x")
