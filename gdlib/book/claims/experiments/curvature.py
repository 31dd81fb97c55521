"""Directions and curvature: the steepest one, Newton's, units, and signals through layers."""

from __future__ import annotations

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib import landscapes
from gdlib.descent.descend import descend
from gdlib.descent.newton import newton
from gdlib.landscapes import Landscape
from gdlib.optimizers import gradient_descent
from gdlib.problems import Network

Array = NDArray[np.float64]


def steepest(length: float) -> float:
    """Return the angle, in degrees, between −g and the best direction for a step of that length.

    From (1, 1) in a valley with curvatures 1 and 10; the minimum is 1.41 away.
    """
    valley = landscapes.quadratic(condition=10)
    start = np.ones(2)
    downhill = -valley.gradient(start)
    angles = np.linspace(0, 2 * np.pi, 200_001)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    best = directions[np.argmin(valley.value(start + length * directions))]
    cosine = best @ downhill / np.linalg.norm(downhill)
    return float(np.degrees(np.arccos(min(1.0, cosine))))


def newton_is_faster(start: float) -> float:
    """Return |x| after five steps of Newton over |x| after five plain ones, on √(1 + x²)."""
    x = sp.Symbol("x", real=True)
    cost = Landscape(
        name="hyperbola",
        expr=sp.sqrt(1 + x**2),
        variables=(x,),
        bounds=((-3.0, 3.0),),
        start=(0.5,),
    )
    curved = newton(cost, (start,), steps=5)
    plain = descend(cost, gradient_descent(0.5), (start,), steps=5)
    if curved.status in ("diverged", "stalled"):
        return np.inf
    return float(abs(curved.points[-1, 0]) / abs(plain.points[-1, 0]))


def newton_needs_an_inverse(damping: float) -> float:
    """Return J after ten damped Newton steps over J at the start, where H has the eigenvalue 0."""
    theta = np.array([3.0, 1.0])
    hessian = np.ones((2, 2))  # of (x + y − 1)² / 2: a trough without slope along its floor
    for _ in range(10):
        gradient = np.full(2, theta.sum() - 1)
        try:
            step = np.linalg.solve(hessian + damping * np.eye(2), gradient)
        except np.linalg.LinAlgError:
            return 1.0  # no step
        theta = theta - step
    return float((theta.sum() - 1) ** 2 / 9)


def newton_is_impractical(parameters: float) -> float:
    """Return the gigabytes that the Hessian of so many parameters takes."""
    entry = np.zeros(1).nbytes
    return parameters**2 * entry / 1e9


def scaling_helps(unit: float) -> float:
    """Return the steps to 10⁻⁶ of J − J* without scaling over those with it, in ten draws.

    Two features, independent of each other, the second so many times larger than the first.
    """
    without, scaled = 0.0, 0.0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        features = rng.standard_normal((256, 2)) * [1.0, unit]
        targets = features @ [1.0, 1 / unit] + 0.1 * rng.standard_normal(256)
        without += _steps_to_fit(features, targets)
        scaled += _steps_to_fit(features / features.std(axis=0), targets)
    return without / scaled


def _steps_to_fit(features: Array, targets: Array) -> float:
    hessian = features.T @ features / len(features)
    curvatures = np.linalg.eigvalsh(hessian)
    best = np.linalg.lstsq(features, targets, rcond=None)[0]

    def excess(theta: Array) -> tuple[float, Array]:
        slopes = hessian @ (theta - best)
        return float(0.5 * (theta - best) @ slopes), slopes

    run = descend(excess, gradient_descent(2 / curvatures[[0, -1]].sum()), np.zeros(2), steps=800)
    return float(np.argmax(run.values <= 1e-6 * run.values[0]))


def vanishing_gradients(depth: float) -> float:
    """Return the length of the first layer's gradient over that of the last, of sigmoid layers.

    Each has 32 units and first weights of variance 1/32; the median of nine draws.
    """
    rng = np.random.default_rng(9)
    features, targets = rng.standard_normal((32, 32)), rng.standard_normal((32, 32))
    layers = {f"layer {i:02}": 32 for i in range(int(depth))}
    network = Network(features, targets, layers, activation="sigmoid")
    ratios = []
    for seed in range(9):
        parts = network.gradient(network.start(seed)).reshape(len(layers), -1)
        lengths = np.linalg.norm(parts, axis=1)
        ratios.append(lengths[0] / lengths[-1])
    return float(np.median(ratios))
