"""ContourEllipse: shapes of Hessians against NumPy, the browser's run beside Python's, refusals."""

from __future__ import annotations

import re
from typing import Any

import mpmath
import numpy as np
import pytest

import gdlib as gd
from tests.widgets import typescript

SHAPES: list[dict[str, float]] = [
    {"angle": 36.87, "condition": 26.0, "steepest": 26.0, "learning_rate": 0.07},
    {"angle": -75.0, "condition": 900.0, "steepest": 3.0, "learning_rate": 0.6},
    {"angle": 90.0, "condition": 1.0, "steepest": 1.0, "learning_rate": 1.0},
    {"angle": 12.5, "condition": 4.0, "steepest": 2.0, "learning_rate": 1.2},  # it grows
]


def test_a_hessian_is_found_again_from_its_axes() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        half = rng.normal(size=(2, 2))
        matrix = half @ half.T + 0.1 * np.eye(2)
        made = gd.ContourEllipse(matrix)
        np.testing.assert_allclose(made.hessian, matrix, rtol=1e-9, atol=1e-12)
        assert -90 < made.angle <= 90
        assert made.condition == pytest.approx(np.linalg.cond(matrix))
        low, high = np.linalg.eigvalsh(matrix)
        assert made.learning_rate == pytest.approx(2 / (low + high))


def test_equal_curvatures_but_for_rounding_make_a_circle() -> None:
    made = gd.ContourEllipse([[2.0, 1e-16], [1e-16, 2.0 + 4e-16]])
    assert (made.angle, made.condition, made.steepest) == pytest.approx((0, 1, 2))


def test_a_column_is_turned_upright_by_centring_and_made_round_by_its_spread() -> None:
    x = np.random.default_rng(1).uniform(2, 9, 100)
    columns = {"raw": x, "centred": x - x.mean(), "standardised": (x - x.mean()) / x.std()}
    hessians = {
        name: np.cov(np.stack([np.ones(100), c]), ddof=0)
        + np.outer([1, c.mean()], [1, c.mean()])  # means of 1, x and x²
        for name, c in columns.items()
    }
    raw, centred, standardised = gd.ContourEllipse(hessians).page_state()["_programs"]["shapes"]
    assert raw["angle"] < -1
    assert centred["angle"] == pytest.approx(0, abs=1e-9)
    assert centred["condition"] == pytest.approx(x.var())
    assert standardised["condition"] == 1
    assert standardised["learning_rate"] == pytest.approx(1)


ENDS = [
    {"angle": angle, "condition": condition, "steepest": steepest, "learning_rate": rate}
    for angle in (-90.0, -44.9, 0.0, 36.87, 90.0)
    for condition in (1.0, 1000.0, 1e6)
    for steepest in (1e-6, 26.0, 1e6)
    for rate in (1e-6, 1e-3, 0.07, 10.0, 1e6)
]
"""The ends of all sliders, and of what a link may say."""


def _exactly(shape: dict[str, float], start: tuple[float, float], steps: int) -> list[list[Any]]:
    """Compute both errors with 120 digits, each by itself."""
    with mpmath.workdps(120):
        turn = mpmath.mpf(shape["angle"]) * mpmath.pi / 180
        c, s = mpmath.cos(turn), mpmath.sin(turn)
        x, y = map(mpmath.mpf, start)
        steep = mpmath.mpf(shape["steepest"])
        pairs = ((c * x + s * y, steep / mpmath.mpf(shape["condition"])), (c * y - s * x, steep))
        rate = mpmath.mpf(shape["learning_rate"])
        return [[z * (1 - rate * bend) ** k for k in range(steps + 1)] for z, bend in pairs]


def _errors_in_the_browser(cases: list[dict[str, Any]]) -> list[Any]:
    script = """
        import { EllipseState } from "./src/widgets/contour-ellipse/state";
        console.log(JSON.stringify(data.shapes.map((shape: object) => {
            const traits: Record<string, unknown> = { ...data.state, ...shape };
            const state = new EllipseState({ get: (name: string) => traits[name] } as never);
            return state.errors.map((errors) => [...errors].map(String));
        })));"""
    state = gd.ContourEllipse(steps=60).page_state()
    found: list[Any] = typescript.run(script, {"state": state, "shapes": cases})
    return found


def test_no_error_shows_the_rounding_of_the_other() -> None:
    start = (0.6, 1.2)
    for shape, browser in zip(ENDS, _errors_in_the_browser(ENDS), strict=True):
        python = gd.ContourEllipse(**shape, start=start, steps=60).errors.T
        for exact, *both in zip(_exactly(shape, start, 60), browser, python, strict=True):
            for found in both:
                _alike(shape, exact, np.array(found, float))


def _alike(shape: dict[str, float], exact: list[Any], found: np.ndarray) -> None:
    if abs(exact[1] / exact[0]) < 1e-15:  # the factor 1 − ηλ is 0 but for η's own rounding
        assert not found[1:].any(), shape
        return
    for k, (wanted, got) in enumerate(zip(exact, found, strict=True)):
        size = abs(wanted)
        if size > 1.7e308:
            assert np.isinf(got) or size < 1.9e308, (shape, k)
        elif size > 1e-300:
            assert abs(got / wanted - 1) < 1e-11, (shape, k, float(wanted), got)
        else:
            assert abs(got) <= 1e-299, (shape, k)


def test_a_narrow_valley_at_a_large_rate_keeps_its_flat_error() -> None:
    # κ = 1000, η = 10: the steep error grows to 10¹⁴⁴, the flat one falls by 0.74 a step
    (errors,) = _errors_in_the_browser(
        [{"condition": 1000.0, "steepest": 26.0, "learning_rate": 10.0}]
    )
    assert float(errors[0][60]) == pytest.approx(float(errors[0][0]) * 0.74**60, rel=1e-9)
    assert abs(float(errors[1][60])) > 1e140


@pytest.mark.long
def test_the_words_say_what_ten_thousand_steps_do() -> None:
    script = """
        import { EllipseState } from "./src/widgets/contour-ellipse/state";
        import { explanation } from "./src/widgets/contour-ellipse/table";
        console.log(JSON.stringify(data.shapes.map((shape: object) => {
            const traits: Record<string, unknown> = { ...data.state, ...shape };
            const state = new EllipseState({ get: (name: string) => traits[name] } as never);
            return explanation(state.axes, state);
        })));"""
    shapes = [case for case in ENDS if case["angle"] == 0]
    state = gd.ContourEllipse().page_state()
    for shape, words in zip(
        shapes, typescript.run(script, {"state": state, "shapes": shapes}), strict=True
    ):
        assert not re.search(r"NaN|Infinity|undefined|-|\b1 steps|\b1 times", words), words
        flat, steep = (abs(run[-1] / run[0]) for run in _exactly(shape, (1.0, 1.0), 10_000))
        assert ("along both axes grow" in words) == (flat > 1 < steep), words
        assert ("along z₂ grows" in words) == (flat <= 1 < steep), words
        if count := re.search(r"after (about )?([\de.]+) steps?", words):
            slower = max(_exactly(shape, (1.0, 1.0), 1), key=lambda run: abs(run[1] / run[0]))
            exact = mpmath.log(1e-6) / mpmath.log(abs(slower[1] / slower[0]))
            assert float(count[2]) == pytest.approx(max(1, np.ceil(float(exact))), rel=5e-3), words


@pytest.mark.parametrize(
    ("angle", "start", "axis"),
    [(90.0, (1.0, 0.0), 0), (-90.0, (0.0, 2.0), 1), (45.0, (1.0, 1.0), 1), (-45.0, (3.0, 3.0), 0)],
)
def test_an_error_that_is_0_stays_0_however_large_the_rate(
    angle: float, start: tuple[float, float], axis: int
) -> None:
    shape = {"angle": angle, "condition": 2.0, "steepest": 26.0, "learning_rate": 10.0}
    (browser,) = _errors_in_the_browser([{**shape, "start": start}])
    python = gd.ContourEllipse(**shape, start=start, steps=60).errors.T
    for found in (np.array(browser[axis], float), python[axis]):
        assert not found.any()
    assert abs(python[1 - axis][-1]) > 1e60


def test_the_browser_has_pythons_path_factors_and_lengths() -> None:
    script = """
        import { EllipseState } from "./src/widgets/contour-ellipse/state";
        console.log(JSON.stringify(data.shapes.map((shape: object) => {
            const traits: Record<string, unknown> = { ...data.state, ...shape };
            const state = new EllipseState({ get: (name: string) => traits[name] } as never);
            const axes = state.axes.map((a) => [a.curvature, a.halfAxis, a.factor]);
            return [[...state.path], [...state.turned], axes, state.bound.at];
        })));"""
    state = gd.ContourEllipse(steps=30).page_state()
    for shape, found in zip(
        SHAPES, typescript.run(script, {"state": state, "shapes": SHAPES}), strict=True
    ):
        _check(gd.ContourEllipse(steps=30, **shape), found)


def _check(here: gd.ContourEllipse, found: list[Any]) -> None:
    path, turned, axes, bound = found
    points = here.trajectory.points
    size = np.abs(points).max()
    np.testing.assert_allclose(np.reshape(path, (-1, 2)), points, atol=1e-12 * size)
    np.testing.assert_allclose(np.reshape(turned, (-1, 2)), points @ here.axes, atol=1e-12 * size)
    np.testing.assert_allclose([a[0] for a in axes], here.curvatures, rtol=1e-14)
    np.testing.assert_allclose([a[1] for a in axes], here.curvatures**-0.5, rtol=1e-14)
    np.testing.assert_allclose([a[2] for a in axes], here.factors, rtol=1e-12)
    assert bound == pytest.approx(2 / here.steepest)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"hessians": [[1.0, 2.0], [3.0, 4.0]]}, "hessians must be symmetric"),
        ({"hessians": {"saddle": np.diag([1.0, -1.0])}}, "saddle of hessians must have positive"),
        ({"hessians": np.diag([1e-9, 1.0])}, "at most that many times apart"),
        ({"hessians": {}}, "hessians must be 1 to 12 matrices, not 0"),
        ({"hessians": np.eye(3)}, "hessians must be of shape"),
        ({"condition": 0.5}, "condition must be at least 1"),
        ({"angle": 91.0}, "angle must be at least -90"),
        ({"learning_rate": 0.0}, "learning_rate must be positive"),
        ({"names": ("x",)}, "names must be two strings"),
        ({"names": np.array(["x", "y"])}, "names must be two strings"),
        ({"start": (1.0,)}, "start must be 2 finite"),
    ],
)
def test_bad_choices_are_refused_in_words(choice: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        gd.ContourEllipse(**choice)


def test_the_text_beside_the_picture_is_the_same_every_time() -> None:
    assert repr(gd.ContourEllipse()) == "ContourEllipse(κ = 26, 36.9°, η = 0.07)"
    assert "5.1 times as long as wide" in gd.ContourEllipse().alt
    assert "by 0.93 and along the short one by -0.82" in gd.ContourEllipse().alt


def test_what_is_given_by_hand_comes_before_what_the_hessian_says() -> None:
    made = gd.ContourEllipse({"round": np.eye(2)}, condition=4.0, angle=30.0, learning_rate=0.5)
    assert (made.condition, made.angle, made.learning_rate) == (4, 30, 0.5)
