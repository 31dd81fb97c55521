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
