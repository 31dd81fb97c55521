"""A bowl by its axes: the derived formulas beside NumPy's eigenvectors and a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from gdlib.theory import ellipses

BOWL = np.array([[10.0, -12.0], [-12.0, 17.0]])
"""Curvatures 1 and 26; its flat axis is (4, 3)/5."""
NUMBERS = {
    ellipses.flat: 1,
    ellipses.steep: 26,
    ellipses.tilt: float(np.degrees(np.arctan2(3, 4))),
    sp.Symbol("eta", real=True): 0.07,
}


def number(expression: sp.Expr, **more: float) -> float:
    known = {symbol.name: value for symbol, value in NUMBERS.items()} | more
    return float(expression.subs({s: known[s.name] for s in expression.free_symbols}))


def test_a_step_is_that_of_the_matrix() -> None:
    at = np.array([0.6, 1.2])
    named = {"theta_0": 0.6, "theta_1": 1.2}
    known = ellipses.ellipse()
    along = [number(e, **named) for e in known.along]
    z = [number(known.factor, lamda=a) * b for a, b in zip((1, 26), along, strict=True)]
    found = [number(e, z_1=z[0], z_2=z[1]) for e in known.back]
    np.testing.assert_allclose(found, at - 0.07 * BOWL @ at, rtol=1e-12)


def test_along_the_axes_each_error_has_its_own_factor() -> None:
    known = ellipses.ellipse()
    here = [number(e, theta_0=0.6, theta_1=1.2) for e in known.along]
    after = np.array([0.6, 1.2]) - 0.07 * BOWL @ np.array([0.6, 1.2])
    there = [number(e, theta_0=after[0], theta_1=after[1]) for e in known.along]
    factors = [number(known.factor, lamda=curvature) for curvature in (1, 26)]
    np.testing.assert_allclose(here, (1.2, 0.6), rtol=1e-12)  # (4, 3)/5 and (−3, 4)/5 times it
    np.testing.assert_allclose(factors, (0.93, -0.82), rtol=1e-12)
    np.testing.assert_allclose(there, np.multiply(factors, here), rtol=1e-12)


def test_the_measured_ellipse_has_the_cost_of_one_half_at_its_ends() -> None:
    half = number(ellipses.ellipse().half_axis, lamda=26)
    end = half * np.array([-0.6, 0.8])
    assert end @ BOWL @ end / 2 == pytest.approx(0.5)
    assert number(ellipses.ellipse().condition, theta_0=0.8, theta_1=0.6) == pytest.approx(26)


def test_the_best_rate_makes_both_factors_equally_large() -> None:
    best = number(ellipses.ellipse().best)
    assert best == pytest.approx(2 / 27)
    assert abs(1 - best) == pytest.approx(abs(1 - 26 * best))


def test_the_best_rate_of_a_shape_is_two_over_the_sum_of_its_curvatures() -> None:
    assert ellipses.best_rate(ellipses.Shape(30.0, 10.0, 5.0)) == pytest.approx(2 / (0.5 + 5))


def test_the_steps_to_a_share_are_those_of_a_loop() -> None:
    error, steps = 1.0, 0
    while error > 1e-6:
        error, steps = error * 0.93, steps + 1
    formula = number(ellipses.ellipse().steps, lamda=1, epsilon=1e-6)
    assert np.ceil(formula) == steps == 191


def bowl(angle: float, low: float, high: float) -> np.ndarray:
    """Return a Hessian by hand: L off the flat axis, and μ along it."""
    flat = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    return high * np.eye(2) - (high - low) * np.outer(flat, flat)


@pytest.mark.parametrize("angle", [-89.0, -45.0, -0.5, 0.0, 30.0, 60.0, 90.0])
@pytest.mark.parametrize(("low", "high"), [(1.0, 26.0), (0.2, 0.3), (1e-3, 1e4)])
def test_a_bowls_shape_is_read_off_its_hessian(angle: float, low: float, high: float) -> None:
    shape = ellipses.shape_of(bowl(angle, low, high))
    assert shape.angle == pytest.approx(angle, abs=1e-6)
    assert (shape.condition, shape.steepest) == pytest.approx((high / low, high))
    assert shape.curvatures == pytest.approx((low, high))
    axes = ellipses.axes(shape)
    np.testing.assert_allclose(bowl(angle, low, high) @ axes, axes * (low, high), atol=1e-7 * high)
    np.testing.assert_allclose(axes.T @ axes, np.eye(2), atol=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)  # the steep axis is the flat one turned left
    np.testing.assert_allclose(ellipses.half_axes(shape), (low**-0.5, high**-0.5), rtol=1e-6)


@pytest.mark.parametrize("angle", [-90.0, 90.0, 270.0])
def test_an_upright_flat_axis_is_at_90_degrees(angle: float) -> None:
    assert ellipses.shape_of(bowl(angle, 1, 3)).angle == pytest.approx(90)


def test_a_round_bowl_has_no_axis_and_one_that_is_nearly_round_has() -> None:
    assert ellipses.shape_of(3 * np.eye(2)) == (0.0, 1.0, 3.0)
    nearly = ellipses.shape_of(bowl(30, 3 * (1 - 0.9e-9), 3))
    assert nearly[:2] == (0.0, 1.0)
    assert nearly.steepest == pytest.approx(3)
    assert ellipses.shape_of(bowl(30, 3 * (1 - 2e-9), 3)).angle == pytest.approx(30, abs=0.01)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.0769, 0.08])
def test_errors_are_those_of_a_loop_on_the_matrix(rate: float) -> None:
    shape, start = ellipses.Shape(30.0, 26.0, 26.0), np.array([1.5, -0.5])
    found = ellipses.errors(shape, rate, start, 12)
    at, hessian = start, bowl(30, 1, 26)
    flat = np.array([np.sqrt(3) / 2, 0.5])
    for error in found:
        np.testing.assert_allclose(error, (flat @ at, flat[0] * at[1] - flat[1] * at[0]), atol=1e-9)
        at = at - rate * hessian @ at
    assert found.shape == (13, 2)
    np.testing.assert_allclose(ellipses.factors(shape, rate), (1 - rate, 1 - 26 * rate))


def test_what_is_only_rounding_is_0_and_what_overflows_is_infinite() -> None:
    shape = ellipses.Shape(30.0, 3.0, 4.9)
    assert 1 - 1 / 49 * 49 == 2.0**-53
    assert ellipses.factors(ellipses.Shape(0.0, 1.0, 49.0), 1 / 49).tolist() == [0.0, 0.0]
    assert ellipses.factors(ellipses.Shape(0.0, 1.0, 1.0), 1 - 2.0**-49)[0] == 2.0**-49
    assert ellipses.factors(ellipses.Shape(0.0, 1.0, 1.0), 1 - 2.0**-51)[0] == 0
    for length in (7.0, 1e-9, 1e9):  # rounding is a share of the start's own length
        along = length * ellipses.axes(ellipses.Shape(20.0, 3.0, 4.9))[:, 0]
        tilted = ellipses.Shape(20.0 + 1e-15, 3.0, 4.9)
        assert (ellipses.errors(tilted, 0.1, along, 5)[:, 1] == 0).all()
        assert (ellipses.errors(shape, 0.1, along * (1, 1 + 1e-12), 5)[:, 1] != 0).all()
        across = along * (1, 1 + 4e-15)  # off the axis by 10⁻¹⁵ of its length
        assert (ellipses.errors(ellipses.Shape(20.0, 3.0, 4.9), 0.1, across, 5)[:, 1] != 0).all()
    far = ellipses.errors(shape, 1e6, (1.0, 1.0), 99)
    assert np.isinf(far[-1]).all()
    assert np.isfinite(far[20]).all()
