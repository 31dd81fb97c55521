"""Data made for the book's examples: a line with noise, and two clouds."""

from __future__ import annotations

from typing import Any

import numpy as np

from gdlib import checks
from gdlib.problems.linear import LeastSquares, LogisticRegression

LARGEST = 1e100  # of a number that data are made with: its square is still far from infinity


def noisy_line(
    rows: int = 100,
    *,
    slope: float = 2.0,
    intercept: float = 1.0,
    noise: float = 0.5,
    seed: int = 0,
) -> LeastSquares:
    """Make the data of a line with Gaussian noise: features (1, x), x uniform on [−1, 1]."""
    n, rng = _rows_of("noisy_line", rows), np.random.default_rng(checks.seed(seed))
    level, spread = _size("intercept", intercept), _size("noise", noise, at_least=0)
    x = rng.uniform(-1, 1, n)
    y = level + _size("slope", slope) * x + spread * rng.normal(size=n)
    return LeastSquares(np.stack([np.ones(n), x], axis=1), y)


def two_clouds(
    rows: int = 100, *, distance: float = 2.0, l2: float = 0.0, seed: int = 0
) -> LogisticRegression:
    """Make two Gaussian clouds of unit spread on either side of the origin, labelled 0 and 1."""
    n, rng = _rows_of("two_clouds", rows), np.random.default_rng(checks.seed(seed))
    labels = np.arange(n) % 2
    centres = np.where(labels[:, None] == 1, 0.5, -0.5) * _size("distance", distance) / np.sqrt(2)
    return LogisticRegression(centres + rng.normal(size=(n, 2)), labels, l2)


def _rows_of(owner: str, rows: Any) -> int:
    n = checks.count("rows", rows, at_least=1)
    checks.room(f"the rows of {owner}", 3 * n)
    return n


def _size(name: str, value: Any, at_least: float = -LARGEST) -> float:
    return checks.number(name, value, at_least=at_least, at_most=LARGEST)
