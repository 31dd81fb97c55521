"""Costs over data, and methods with steps of their own, written a second time by hand.

Nothing here imports `gdlib`, and nothing here is fast: the oracle for problems, batches, proximal
steps, line searches and Newton's method, as `reference.py` is for the rules.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Field = Callable[[Array], Array]
Cost = Callable[[Array], float]
Looked = tuple[float, Array, Array]

MOST_SHRINKS = 100


def least_squares(features: Array, targets: Array, theta: Array) -> Looked:
    """Return ‖Xθ − y‖²/2N, its gradient and its Hessian, row by row."""
    value, gradient, hessian = 0.0, np.zeros(len(theta)), np.zeros((len(theta),) * 2)
    for x, y in zip(features, targets, strict=True):
        value += (x @ theta - y) ** 2 / 2
        gradient += (x @ theta - y) * x
        hessian += np.outer(x, x)
    rows = len(features)
    return value / rows, gradient / rows, hessian / rows


def logistic(features: Array, labels: Array, theta: Array, l2: float) -> Looked:
    """Return −(1/N) Σ log p(yᵢ) + (l2/2)‖θ‖², p(1) = 1/(1 + e^(−x·θ)); its gradient and Hessian."""
    value, gradient, hessian = 0.0, np.zeros(len(theta)), np.zeros((len(theta),) * 2)
    for x, y in zip(features, labels, strict=True):
        p = 1 / (1 + np.exp(-(x @ theta)))
        value -= np.log(p) if y == 1 else np.log(1 - p)
        gradient += (p - y) * x
        hessian += p * (1 - p) * np.outer(x, x)
    rows = len(features)
    return (
        value / rows + l2 / 2 * float(theta @ theta),
        gradient / rows + l2 * theta,
        hessian / rows + l2 * np.eye(len(theta)),
    )


def on_batches(
    features: Array,
    targets: Array,
    *,
    learning_rates: list[float],
    batch_size: int,
    epochs: int,
    seed: int,
    replacement: bool = False,
) -> tuple[Array, list[int]]:
    """Descend on least squares from 0, batch by batch; return the path and the rows seen.

    Robbins & Monro 1951; each epoch's order is drawn once from NumPy's generator of the seed.
    """
    rng, theta, seen = np.random.default_rng(seed), np.zeros(features.shape[1]), 0
    path, samples, rates = [theta], [0], iter(learning_rates)
    rows = len(features)
    for _ in range(epochs):
        if replacement:
            order = rng.integers(rows, size=batch_size * -(-rows // batch_size))
        else:
            order = rng.permutation(rows)
        for first in range(0, len(order), batch_size):
            batch = order[first : first + batch_size]
            slope = sum((features[i] @ theta - targets[i]) * features[i] for i in batch)
            theta = theta - next(rates) * slope / len(batch)
            seen += len(batch)
            path.append(theta)
            samples.append(seen)
    return np.stack(path), samples


def ista(smooth: Field, theta0: ArrayLike, steps: int, *, learning_rate: float, l1: float) -> Array:
    """Beck & Teboulle 2009, doi:10.1137/080716542, (1.4): a smooth step, then the threshold."""
    theta = np.array(theta0, dtype=np.float64)
    path = [theta]
    for _ in range(steps):
        moved = theta - learning_rate * smooth(theta)
        theta = np.sign(moved) * np.maximum(np.abs(moved) - learning_rate * l1, 0)
        path.append(theta)
    return np.stack(path)


def backtracking(
    value: Cost,
    slope_of: Field,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 1.0,
    shrink: float = 0.5,
    slope: float = 1e-4,
) -> tuple[Array, int]:
    """Boyd & Vandenberghe 2004, algorithm 9.2; return the path and the looks along the lines."""
    theta, looks = np.array(theta0, dtype=np.float64), 0
    path = [theta]
    for _ in range(steps):
        g, rate = slope_of(theta), learning_rate
        while True:
            looks += 1
            if value(theta - rate * g) <= value(theta) - slope * rate * (g @ g):
                break
            rate *= shrink
        theta = theta - rate * g
        path.append(theta)
    return np.stack(path), looks


def newton(slope_of: Field, curvature_of: Field, theta0: ArrayLike, steps: int) -> Array:
    """Nocedal & Wright 2006, (2.15): θ ← θ − H⁻¹g."""
    theta = np.array(theta0, dtype=np.float64)
    path = [theta]
    for _ in range(steps):
        theta = theta - np.linalg.inv(curvature_of(theta)) @ slope_of(theta)
        path.append(theta)
    return np.stack(path)


def damped_newton(
    value: Cost, slope_of: Field, curvature_of: Field, theta0: ArrayLike, steps: int
) -> Array:
    """Nocedal & Wright 2006, §3.4: sizes of curvatures, halved until J falls by 10⁻⁴ of gᵀs."""
    theta = np.array(theta0, dtype=np.float64)
    path = [theta]
    for _ in range(steps):
        g = slope_of(theta)
        sizes, axes = np.linalg.eigh(curvature_of(theta))
        s = -sum(axis * (axis @ g) / abs(size) for size, axis in zip(sizes, axes.T, strict=True))
        for _ in range(MOST_SHRINKS):
            if value(theta + s) <= value(theta) + 1e-4 * (g @ s):
                break
            s = s / 2
        theta = theta + s
        path.append(theta)
    return np.stack(path)
