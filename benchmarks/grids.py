"""A million starts at once on Himmelblau's landscape, beside vectorised NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import gdlib as gd
from benchmarks.measure import Row, compare, cpu_seconds

STARTS = 1_000_000
STEPS = 200
RATE = 0.01


def _gradient(x: Any, y: Any) -> tuple[Any, Any]:
    a, b = x**2 + y - 11, x + y**2 - 7
    return 4 * x * a + 2 * b, 2 * a + 4 * y * b


def numpy_gradient_descent(starts: Any) -> Any:
    """Run all starts in whole-array operations."""
    x, y = starts.T.copy()
    for _ in range(STEPS):
        gx, gy = _gradient(x, y)
        x, y = x - RATE * gx, y - RATE * gy
    return np.stack([x, y], axis=1)


def numpy_adam(starts: Any) -> Any:
    """Run all starts in whole-array operations."""
    theta, m, v = starts.T.copy(), np.zeros((2, STARTS)), np.zeros((2, STARTS))
    for k in range(1, STEPS + 1):
        g = np.stack(_gradient(*theta))
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        theta = theta - RATE * (m / (1 - 0.9**k)) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
    return theta.T


def rows() -> Iterator[Row]:
    """Compare gradient descent and Adam where only the end points are kept."""
    landscape = gd.landscapes.himmelblau()
    starts = np.random.default_rng(0).uniform(-5, 5, (STARTS, 2))
    for name, optimizer, plain, aim in (
        ("gradient descent", gd.gradient_descent(RATE), numpy_gradient_descent, 2.5),
        ("Adam", gd.adam(RATE), numpy_adam, 2.0),
    ):

        def ours(optimizer: gd.Optimizer = optimizer) -> object:
            return gd.descend(landscape, optimizer, starts, steps=STEPS, keep="end")

        def theirs(plain: Any = plain) -> object:
            return plain(starts)

        yield compare(
            f"{name}: 10⁶ starts × 200 steps",
            ours,
            theirs,
            "whole-array NumPy",
            aim=aim,
            pairs=3,
            clock=cpu_seconds,
        )

    def map_of(freeze: bool) -> gd.Basins:
        return gd.basins(landscape, gd.gradient_descent(RATE), (1000, 1000), 500, freeze=freeze)

    np.testing.assert_array_equal(map_of(True).labels, map_of(False).labels)
    yield compare(
        "basins of 10⁶ starts, at most 500 steps",
        lambda: map_of(True),
        lambda: map_of(False),
        "the same without freezing",
        aim=2.0,
        pairs=3,
        clock=cpu_seconds,
    )
