"""Checks of chapter 10: Newton's step, and what stands in for the Hessian."""

from __future__ import annotations

from typing import Any

import numpy as np

from gdlib import landscapes
from gdlib.exercises.challenges import Counted, challenge, final_cost
from gdlib.exercises.kinds import check_callable, choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call

Array = np.ndarray

value(
    "curvature/one-step",
    -7.0,
    mistakes=[
        Mistake("You added the step; Newton subtracts it.", like=13.0),
        Mistake("That is the step; where does it lead from 3?", like=-10.0),
        Mistake("That is the length of the step; it is subtracted from 3.", like=10.0),
        Mistake("You multiplied by the curvature; the slope is divided by it.", like=2.6),
    ],
    note="the curvature is small there, so the step is long",
)


# Its eigenvectors are not those of its transpose's: whoever mixes V and Vᵀ up is found out.
TWO_SIGNS = np.array([[1.0, 2.0, 0.5], [2.0, -0.5, 1.5], [0.5, 1.5, -2.0]])


def _inputs() -> list[tuple[Any, ...]]:
    rng = np.random.default_rng(10)
    cases = []
    for n in (2, 3, 4):
        root = rng.normal(size=(n, n))
        cases.append((rng.normal(size=n), rng.normal(size=n), root @ root.T + np.eye(n)))
    cases.append((rng.normal(size=3), rng.normal(size=3), TWO_SIGNS))
    return cases


@function(
    "curvature/newton-step",
    inputs=_inputs(),
    mistakes=[
        Mistake(
            "You added the step: Newton goes to θ − H⁻¹g.",
            like=lambda theta, gradient, hessian: theta + np.linalg.solve(hessian, gradient),
        ),
        Mistake(
            "You divided by the diagonal alone; the curvatures between coordinates count too.",
            like=lambda theta, gradient, hessian: theta - gradient / np.diag(hessian),
        ),
        Mistake(
            "You took the sizes of the curvatures; plain Newton keeps their signs.",
            like=lambda theta, gradient, hessian: theta + _downhill(gradient, hessian),
        ),
        Mistake(
            "You multiplied by the Hessian; its inverse belongs there.",
            like=lambda theta, gradient, hessian: theta - hessian @ gradient,
        ),
        Mistake(
            "That is the step alone; return the new point.",
            like=lambda theta, gradient, hessian: -np.linalg.solve(hessian, gradient),
        ),
    ],
)
def newton_step(theta: Any, gradient: Any, hessian: Any) -> Any:
    """Return θ − H⁻¹g."""
    return theta - np.linalg.solve(hessian, gradient)


value(
    "curvature/digits",
    3,
    mistakes=[
        Mistake(
            "That many steps would *add* two digits each; they double.",
            between=(5.5, 8.5),
        ),
        Mistake("With two steps you have 8 digits: 2, 4, 8.", like=2),
        Mistake(
            "A number of steps is whole: which whole number is enough?",
            between=(2, 3),
        ),
        Mistake("Four steps give 32 digits, more than a float holds.", like=4),
    ],
    note="2, 4, 8, 16",
)
choice(
    "curvature/saddle",
    answer="c",
    why_not={
        "a": "The step divides each slope by its own curvature; for the negative one that turns "
        "the sign.",
        "b": "Nothing becomes infinite: no curvature is zero here.",
        "d": "The slope in y is not zero there, so y moves: by slope over curvature.",
    },
    note="the model of a saddle is a saddle, and its flat point is its middle",
)


def _mixed_up(curvatures: Array, vectors: Array, gradient: Array) -> Any:
    return -vectors.T @ ((vectors @ gradient) / np.abs(curvatures))


def _not_there(curvatures: Array, vectors: Array, gradient: Array) -> Any:
    return -vectors @ (gradient / np.abs(curvatures))


@function(
    "curvature/descent-direction",
    inputs=[
        (np.array([1.0, 2.0]), np.diag([3.0, -0.5])),
        (np.array([-2.0, 0.5, 1.5]), np.diag([-4.0, 2.0, -0.25])),
        (np.array([0.7, -1.3]), np.array([[0.5, 2.0], [2.0, 1.0]])),
        (np.array([0.7, -1.3, 0.4]), TWO_SIGNS),
    ],
    mistakes=[
        Mistake(
            "That is Newton's own direction: where a curvature is negative it climbs.",
            like=lambda gradient, hessian: -np.linalg.solve(hessian, gradient),
        ),
        Mistake(
            "You took the absolute value of the entries; take that of the eigenvalues.",
            like=lambda gradient, hessian: -np.linalg.lstsq(np.abs(hessian), gradient)[0],
        ),
        Mistake(
            "V and Vᵀ have changed places: the directions stand in the *columns* of V.",
            like=lambda gradient, hessian: _mixed_up(*np.linalg.eigh(hessian), gradient),
        ),
        Mistake(
            "You came back from the eigenvectors, but did not go over to them first.",
            like=lambda gradient, hessian: _not_there(*np.linalg.eigh(hessian), gradient),
        ),
        Mistake(
            "Your direction climbs: a minus sign is missing.",
            like=lambda gradient, hessian: -_downhill(gradient, hessian),
        ),
    ],
)
def _downhill(gradient: Any, hessian: Any) -> Any:
    """Return −|H|⁻¹g."""
    curvatures, vectors = np.linalg.eigh(hessian)
    return -vectors @ ((vectors.T @ gradient) / np.abs(curvatures))


def _secant(step: Any, change: Any, inverse: Any, *, swapped: bool = False) -> Any:
    if swapped:
        step, change = change, step
    scale = 1 / (change @ step)
    left = np.eye(len(step)) - scale * np.outer(step, change)
    return left @ inverse @ left.T + scale * np.outer(step, step)


@function(
    "curvature/bfgs",
    inputs=[
        (np.array([0.5, -0.2]), np.array([1.5, -0.1]), np.eye(2)),
        (np.array([0.1, 0.3, -0.4]), np.array([0.4, 0.2, -1.0]), np.diag([1.0, 0.5, 2.0])),
        (np.array([0.2, -0.1]), np.array([0.3, 0.4]), np.array([[2.0, 0.7], [0.7, 1.0]])),
    ],
    mistakes=[
        Mistake(
            "Step and change of the gradient have swapped places: that is the update of the "
            "Hessian, not of its inverse.",
            like=lambda step, change, inverse: _secant(step, change, inverse, swapped=True),
        ),
        Mistake(
            "The last term is missing: s sᵀ/(Δgᵀs).",
            like=lambda step, change, inverse: (
                _secant(step, change, inverse) - np.outer(step, step) / (change @ step)
            ),
        ),
        Mistake(
            "The two brackets have changed places: s Δgᵀ stands in the left one.",
            like=lambda step, change, inverse: (
                (left := np.eye(len(step)) - np.outer(change, step) / (change @ step))
                @ inverse
                @ left.T
                + np.outer(step, step) / (change @ step)
            ),
        ),
        Mistake(
            "The right-hand factor must be the transpose of the left-hand one.",
            like=lambda step, change, inverse: (
                (left := np.eye(len(step)) - np.outer(step, change) / (change @ step))
                @ inverse
                @ left
                + np.outer(step, step) / (change @ step)
            ),
        ),
    ],
)
def bfgs(step: Any, change: Any, inverse: Any) -> Any:
    """Return the BFGS update of an inverse Hessian."""
    return _secant(step, change, inverse)


def _kept(value: Any, there: Any, g: Array, hessian: Array, step: Array, half: float = 0.5) -> Any:
    return (value - there) / -(g @ step + half * (step @ hessian @ step))


@function(
    "curvature/ratio",
    inputs=[
        (3.0, 2.0, np.array([-1.0, 0.5]), np.diag([2.0, 1.0]), np.array([0.4, -0.3])),
        (1.5, 1.9, np.array([1.0, -2.0]), 3 * np.eye(2) + 0.7, np.array([-0.5, 0.6])),
        (4.0, 0.5, np.array([2.0, 1.0, -1.0]), TWO_SIGNS, np.array([-0.3, -0.2, 0.9])),
    ],
    mistakes=[
        Mistake(
            "That is one over the ratio: the decrease stands above, the promise below.",
            like=lambda value, there, g, hessian, step: 1 / _kept(value, there, g, hessian, step),
        ),
        Mistake(
            "A sign: a good step has a positive ratio. Both numbers are decreases.",
            like=lambda value, there, g, hessian, step: -_kept(value, there, g, hessian, step),
        ),
        Mistake(
            "The ½ before sᵀHs is missing.",
            like=lambda value, there, g, hessian, step: _kept(value, there, g, hessian, step, 1.0),
        ),
        Mistake(
            "You promised by the slope alone; the model bends by ½ sᵀHs.",
            like=lambda value, there, g, hessian, step: _kept(value, there, g, hessian, step, 0.0),
        ),
        Mistake(
            "That is the decrease; divide it by what the model promised.",
            like=lambda value, there, g, hessian, step: value - there,
        ),
    ],
)
def ratio(value: Any, there: Any, gradient: Any, hessian: Any, step: Any) -> Any:
    """Return the decrease of the cost over the decrease that the model promised."""
    return _kept(value, there, gradient, hessian, step)


@challenge("curvature/valley", par=150)
def valley(answer: Any) -> float:
    """Measure the gradient evaluations that reach the end of three moved Rosenbrock valleys."""
    check_callable(answer, lambda cost, start: None, 2)
    cost = landscapes.rosenbrock()
    total = 0
    for seed in range(3):
        # Moved and turned: else the start would tell where the minimum is.
        shift = np.random.default_rng(seed).uniform(-3, 3, 2)
        cos, sin = np.cos(1 + 2 * seed), np.sin(1 + 2 * seed)
        turn = np.array([[cos, -sin], [sin, cos]])

        def value(theta: Any, turn: Array = turn) -> Any:
            return cost.value(theta @ turn)

        def gradient(theta: Any, turn: Array = turn) -> Any:
            return cost.gradient(theta @ turn) @ turn.T

        counted = Counted(value, gradient, shift=shift, budget=20_000)
        end = call(answer, counted, shift + turn @ np.array([-1.2, 1.0]))
        if not final_cost(counted, end) <= 1e-6:
            raise NotYet("Your last point's cost is not yet below 1e-6 in each valley.")
        total += counted.evaluations
    return float(total)
