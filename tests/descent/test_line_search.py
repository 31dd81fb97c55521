"""Line searches and numerical gradients against closed forms and theory."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd

ROSENBROCK = gd.landscapes.rosenbrock()


@pytest.mark.parametrize("gamma", [2, 10, 75])
def test_exact_line_search_zigzags_as_boyd_and_vandenberghe_say(gamma: int) -> None:
    # §9.3.2: from (γ, 1), x_k = γqᵏ and y_k = (−q)ᵏ with q = (γ − 1)/(γ + 1).
    run = gd.exact_line_search(gd.landscapes.quadratic(gamma), (gamma, 1.0), steps=40)
    q, k = (gamma - 1) / (gamma + 1), np.arange(41)
    expected = np.stack([gamma * q**k, (-q) ** k], -1)
    np.testing.assert_allclose(run.points, expected, rtol=1e-10)


def test_exact_line_search_needs_a_bowl_of_constant_curvature() -> None:
    with pytest.raises(ValueError, match="needs a quadratic; the Hessian of Rosenbrock varies"):
        gd.exact_line_search(ROSENBROCK)
    with pytest.raises(ValueError, match="curves down somewhere"):
        gd.exact_line_search(gd.Landscape.parse("x**2 - y**2"))


def test_every_backtracking_step_meets_armijos_condition() -> None:
    slope = 0.3
    run = gd.backtracking(ROSENBROCK, steps=200, slope=slope)
    moved = np.diff(run.points, axis=0)
    squared = (run.gradients[:-1] ** 2).sum(-1)
    rates = np.sqrt((moved**2).sum(-1) / squared)
    assert (run.values[1:] <= run.values[:-1] - slope * rates * squared + 1e-15).all()
    halvings = -np.log2(rates)
    np.testing.assert_allclose(halvings, np.round(halvings), atol=1e-6)


def test_backtracking_takes_the_first_rate_that_will_do() -> None:
    # On ½·10y² from y = 1 Armijo with c = 1e−4 holds for η ≤ (1 − c)/5: of 1, ½, ¼, ⅛ the last.
    run = gd.backtracking(gd.landscapes.quadratic(10), (0.0, 1.0), steps=1)
    assert run.end[1] == pytest.approx(1 - 10 / 8)
    assert (run.evaluations, run.value_evaluations) == (1, 4)


@pytest.mark.long
def test_backtracking_converges_where_told_and_stalls_where_floats_end() -> None:
    done = gd.backtracking(ROSENBROCK, steps=20_000, gradient_norm=1e-5)
    assert done.status == "converged"
    assert np.linalg.norm(done.gradients[-1]) <= 1e-5
    # So steep at its edge that every one of the hundred halved steps leaves the domain.
    stuck = gd.backtracking(gd.Landscape.parse("sqrt(x)", start=(1e-70,)), steps=10)
    assert (stuck.status, stuck.evaluations, stuck.value_evaluations) == ("stalled", 0, 100)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"learning_rate": 0}, "learning_rate must be positive and finite, not 0"),
        ({"shrink": 1.0}, "shrink must be positive and below 1, not 1.0"),
        ({"slope": 0.0}, "slope must be positive and below 1, not 0.0"),
        ({"steps": -1}, "steps must be at least 0, not -1"),
        ({"start": [(0.0, 0.0)]}, "start must be of shape (2,), not (1, 2)"),
    ],
)
def test_mistakes_in_a_line_search_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        gd.backtracking(ROSENBROCK, **arguments)


@pytest.mark.parametrize("name", ["rosenbrock", "beale", "ackley", "six_hump_camel"])
@pytest.mark.parametrize(("method", "accuracy"), [("central", 1e-8), ("complex", 1e-14)])
def test_numerical_gradients_reach_the_accuracy_of_their_theory(
    name: str, method: Any, accuracy: float
) -> None:
    landscape = gd.landscapes.catalogue[name]()
    formula = sp.lambdify(landscape.variables, landscape.expr, "numpy")  # takes complex numbers
    exact = landscape.gradient(landscape.start)
    estimate = gd.numerical_gradient(lambda t: formula(*t), landscape.start, method=method)
    np.testing.assert_allclose(estimate, exact, rtol=accuracy, atol=accuracy * np.abs(exact).max())


def test_a_numerical_gradient_has_the_points_shape() -> None:
    estimate = gd.numerical_gradient(lambda t: (t**3).sum(), np.arange(6.0).reshape(2, 3))
    np.testing.assert_allclose(
        estimate, 3 * np.arange(6.0).reshape(2, 3) ** 2, rtol=1e-8, atol=1e-8
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "forward"}, 'method must be "central" or "complex", not \'forward\''),
        ({"h": 0.0}, "h must be positive and finite, not 0.0"),
        ({"x": [np.nan]}, "x must be finite, not nan at index 0"),
        ({"f": lambda t: t}, "the cost must be one number, not an array of shape (2,)"),
    ],
)
def test_mistakes_in_a_numerical_gradient_are_refused(
    arguments: dict[str, Any], message: str
) -> None:
    defaults: dict[str, Any] = {"f": np.sum, "x": [1.0, 2.0]}
    with pytest.raises(ValueError, match=re.escape(message)):
        gd.numerical_gradient(**(defaults | arguments))
