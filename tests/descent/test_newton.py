"""Newton's method against a step written by hand, closed forms, and what the theory says."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd

ROSENBROCK = gd.landscapes.rosenbrock()
SADDLE = gd.Landscape.parse("x**2/2 + y**4/4 - y**2/2")


def rosenbrock_by_hand(steps: int) -> list[float]:
    """Take Newton steps with derivatives written out and the 2 × 2 inverse by Cramer's rule."""
    x, y, values = -1.2, 1.0, []
    for _ in range(steps + 1):
        values.append((1 - x) ** 2 + 100 * (y - x * x) ** 2)
        gx, gy = -2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)
        a, b, d = 2 - 400 * y + 1200 * x * x, -400 * x, 200.0
        det = a * d - b * b
        x, y = x - (d * gx - b * gy) / det, y - (a * gy - b * gx) / det
    return values


def test_plain_steps_on_rosenbrock_equal_those_by_hand() -> None:
    run = gd.newton(ROSENBROCK, steps=6)
    np.testing.assert_allclose(run.values, rosenbrock_by_hand(6), rtol=1e-6, atol=1e-23)
    np.testing.assert_allclose(
        run.values[:5], [24.2, 4.73188, 1411.85, 0.0559655, 0.313189], rtol=5e-6
    )


def test_one_step_solves_a_quadratic_however_narrow() -> None:
    run = gd.newton(gd.landscapes.quadratic(condition=10**6), (3.0, -2.0), steps=1)
    np.testing.assert_allclose(run.points[-1], 0, atol=1e-9)


def test_one_step_solves_least_squares() -> None:
    line = gd.problems.noisy_line(50, seed=3)
    wanted = np.linalg.lstsq(line.features, line.targets, rcond=None)[0]
    np.testing.assert_allclose(gd.newton(line, steps=1).end, wanted)


def test_logistic_regression_ends_where_the_gradient_is_zero() -> None:
    clouds = gd.problems.two_clouds(60, l2=0.1, seed=1)
    run = gd.newton(clouds, steps=20, gradient_norm=1e-10)
    assert run.status == "converged"
    assert run.steps < 10
    assert np.abs(gd.numerical_gradient(clouds.value, run.end)).max() < 1e-7


def test_plain_newton_walks_to_a_saddle_and_the_damped_one_leaves_it() -> None:
    start = (1.0, 0.1)
    plain = gd.newton(SADDLE, start, steps=20, gradient_norm=1e-12)
    damped = gd.newton(SADDLE, start, steps=30, damped=True, gradient_norm=1e-12)
    np.testing.assert_allclose(plain.end, (0, 0), atol=1e-12)
    np.testing.assert_allclose(damped.end, (0, 1), atol=1e-9)


def test_a_damped_run_never_climbs() -> None:
    run = gd.newton(ROSENBROCK, steps=100, damped=True, gradient_norm=1e-10)
    assert run.status == "converged"
    assert (np.diff(run.values) <= 0).all()
    np.testing.assert_allclose(run.end, (1, 1), atol=1e-9)


def test_the_number_of_right_digits_doubles() -> None:
    x = sp.symbols("x", real=True)
    root = gd.Landscape("exponential", sp.exp(x) - 2 * x, (x,), [(-1, 2)], (1.0,))
    errors = np.abs(gd.newton(root, steps=4).points[:, 0] - np.log(2))
    quotients = errors[1:4] / errors[:3] ** 2
    np.testing.assert_allclose(quotients[1:], 0.5, rtol=0.1)  # f‴/(2f″) = ½ at the minimum


def test_steps_are_the_same_in_stretched_coordinates() -> None:
    x, y = ROSENBROCK.variables
    stretched = gd.Landscape(
        "stretched", ROSENBROCK.expr.subs({x: 10 * x, y: y / 3}), (x, y), [(-1, 1)] * 2, (-0.12, 3)
    )
    ours = gd.newton(stretched, steps=6).points * (10, 1 / 3)
    np.testing.assert_allclose(ours, gd.newton(ROSENBROCK, steps=6).points, rtol=1e-8)


def test_a_flat_hessian_ends_the_plain_run_as_stalled() -> None:
    x, y = sp.symbols("x y", real=True)
    trough = gd.Landscape("trough", x**2 / 2 + y, (x, y), [(-1, 1)] * 2, (1.0, 1.0))
    run = gd.newton(trough, steps=5)
    assert (run.status, run.steps) == ("stalled", 0)


def test_where_curvature_vanishes_the_plain_step_overshoots_and_the_damped_one_does_not() -> None:
    x = sp.symbols("x", real=True)
    soft = gd.Landscape("soft", sp.sqrt(1 + x**2), (x,), [(-3, 3)], (2.0,))  # x ← −x³
    run = gd.newton(soft, steps=2)
    assert run.status == "out of steps"
    np.testing.assert_allclose(run.points[:, 0], [2, -8, 512])
    damped = gd.newton(soft, steps=50, damped=True, gradient_norm=1e-9)
    assert damped.status == "converged"
    np.testing.assert_allclose(damped.end, 0, atol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"cost": np.sin}, TypeError, "which have a Hessian, not ufunc"),
        ({"steps": -1}, ValueError, "steps must be at least 0, not -1"),
        ({"steps": 2.0}, TypeError, "steps must be a whole number, not 2.0"),
        ({"start": (1.0,)}, ValueError, "start must be of shape (2,), not (1,)"),
        ({"start": (np.nan, 0.0)}, ValueError, "finite"),
    ],
)
def test_mistakes_are_refused(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        gd.newton(**({"cost": ROSENBROCK} | arguments))
