"""EdgeOfStability: the browser trains as Python does, measures the sharpness, ends at 2/η."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from tests.widgets import typescript

TRAIN = """
    import { EdgeState } from "./src/widgets/edge-of-stability/state";
    console.log(JSON.stringify(data.map(({ state, steps }: any) => {
        const edge = new EdgeState({ get: (name: string) => state[name] } as never);
        const { training } = edge;
        const start = [...training.theta];
        const sharp = training.sharpness;
        training.advance(steps, edge.rate);
        const curve = edge.curve;
        const { loss, theta, step, rises, sharpness } = training;
        return { start, sharp, theta: [...theta], loss, step, rises, sharpness, curve };
    })));"""


def trained(*runs: tuple[gd.EdgeOfStability, int]) -> Any:
    """Train some widgets in JavaScript, each for so many steps."""
    data = [{"state": widget.page_state(), "steps": steps} for widget, steps in runs]
    return typescript.run(TRAIN, data)


def eigenvalues(network: gd.Network, theta: Any) -> Any:
    """Return the Hessian's eigenvalues, from slopes on both sides of each coordinate."""
    near = 1e-5 * np.eye(network.n)
    rows = [network.gradient(theta + e) - network.gradient(theta - e) for e in near]
    hessian = np.array(rows) / 2e-5
    return np.linalg.eigvalsh((hessian + hessian.T) / 2)


CASES = [
    gd.EdgeOfStability(),
    gd.EdgeOfStability(width=1, seed=3),
    gd.EdgeOfStability(width=7, depth=2, seed=1, learning_rate=0.1),
    gd.EdgeOfStability(width=6, depth=3, seed=2, learning_rate=0.3),
]


def test_a_hundred_steps_are_those_of_descend_on_the_same_network() -> None:
    for widget, found in zip(CASES, trained(*((w, 100) for w in CASES)), strict=True):
        run = gd.descend(
            widget.network,
            gd.gradient_descent(widget.learning_rate),
            widget.network.start(widget.seed),
            100,
        )
        np.testing.assert_allclose(found["start"], run.points[0], rtol=1e-12)
        np.testing.assert_allclose(found["theta"], run.end, rtol=1e-9, atol=1e-12)
        assert found["loss"] == pytest.approx(run.values[-1], rel=1e-9)
        assert found["rises"] == np.count_nonzero(np.diff(run.values) > 0)
        np.testing.assert_array_equal(widget.run(100).points, run.points)


def test_the_browsers_normal_numbers_are_numpys_in_the_tails_too() -> None:
    script = """
        import { normals } from "./src/core/generator";
        console.log(JSON.stringify(data.seeds.map((seed: number) => {
            const draw = normals(seed);
            return Array.from({ length: data.count }, draw);
        })));"""
    seeds, count = [0, 7, 99, 2**32 - 1], 60_000
    found = np.array(typescript.run(script, {"seeds": seeds, "count": count}))
    for seed, numbers in zip(seeds, found, strict=True):
        expected = np.random.default_rng(seed).standard_normal(count)
        np.testing.assert_allclose(numbers, expected, rtol=1e-12)
    assert (np.abs(found) > 3.66).sum() >= 40  # beyond the ziggurat's edge


def test_the_network_is_a_tanh_network_on_the_fourth_chebyshev_polynomial() -> None:
    widget = gd.EdgeOfStability(width=3)
    x = np.linspace(-1, 1, 20)[:, None]
    weights, bias, out, last = np.split(widget.start, [3, 6, 9])
    said = np.tanh(x * weights + bias) @ out[:, None] + last
    wanted = np.cos(4 * np.arccos(x))
    assert widget.network.value(widget.start) == pytest.approx(0.5 * np.mean((said - wanted) ** 2))
    (found,) = trained((widget, 0))
    assert found["loss"] == pytest.approx(0.5 * np.mean((said - wanted) ** 2))


def test_the_sharpness_is_the_largest_eigenvalue_of_the_hessian() -> None:
    for widget, found in zip(CASES, trained(*((w, 0) for w in CASES)), strict=True):
        largest = eigenvalues(widget.network, widget.start)[-1]
        assert found["sharp"] == pytest.approx(largest, rel=5e-3)
        said = re.search(r"sharpness is ([\d.]+)\.$", widget.alt)
        assert said
        assert float(said[1]) == pytest.approx(largest, rel=1e-2)


@pytest.mark.parametrize("rate", [0.2, 0.4])
def test_the_sharpness_ends_at_two_over_the_rate_while_the_loss_rises_and_falls(
    rate: float,
) -> None:
    runs = [(gd.EdgeOfStability(learning_rate=rate, seed=seed), 12_000) for seed in (4, 5)]
    for found in trained(*runs):
        assert found["step"] == 12_000
        assert found["sharpness"] == pytest.approx(2 / rate, rel=0.03)
        assert found["rises"] > 300
        assert found["loss"] < 0.01


def test_the_curve_is_what_the_network_says() -> None:
    (found,) = trained((CASES[2], 50))
    places, heights = np.array(found["curve"]["places"]), found["curve"]["heights"]
    said = CASES[2].network.predict(np.array(found["theta"]), places[:, None])
    np.testing.assert_allclose(heights, said[:, 0], rtol=1e-9, atol=1e-12)


def test_words_and_the_still_picture_tell_of_the_run() -> None:
    widget = gd.EdgeOfStability(width=4, depth=2, learning_rate=0.4, steps=50)
    assert repr(widget) == "EdgeOfStability(1-4-4-1, η = 0.4)"
    assert "a dashed line at 2/η = 5" in widget.alt
    assert widget.still().startswith(b"\x89PNG")


def test_one_program_serves_every_width() -> None:
    programs = gd.EdgeOfStability().page_state()["_programs"]
    shapes = [part["shape"] for part in programs["networks"][1]["parts"]]
    assert shapes == [[1, "width"], ["width"], ["width", "width"], ["width"], ["width", 1], [1]]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"learning_rate": 0.0}, "learning_rate must be positive and at most 10, not 0.0"),
        ({"width": 41}, "width must be"),
        ({"depth": 0}, "depth must be"),
        ({"seed": -1}, "seed must be"),
        ({"steps": 0}, "steps must be"),
        ({"rate": 0.1}, "EdgeOfStability has no 'rate'"),
    ],
)
def test_bad_choices_are_refused_in_words(choice: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        gd.EdgeOfStability(**choice)


def test_a_run_of_strange_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="steps must be"):
        gd.EdgeOfStability().run(-1)
