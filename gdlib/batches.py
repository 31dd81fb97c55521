"""Descend on data a few rows at a time: one sample, a mini-batch, or all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm.auto import tqdm

from gdlib.descent import Schedule, rates_of
from gdlib.optimizers import Optimizer, check_optimizer
from gdlib.problems import Problem
from gdlib.trajectory import DIVERGED, OUT_OF_STEPS, Trajectory

Array = NDArray[np.float64]
Keep = Literal["path", "end"]

LONG = 200_000
"""Steps from which a run shows a progress bar."""
LARGEST = 1e200
"""‖θ‖² at which a run counts as diverged: its cost is about to overflow."""
PIECE = 2**22
"""Scores computed at once when the cost is evaluated along a path."""


def descend_batches(
    problem: Problem,
    optimizer: Optimizer,
    start: ArrayLike | None = None,
    *,
    batch_size: int,
    epochs: int,
    seed: int,
    learning_rate: Schedule | None = None,
    replacement: bool = False,
    keep: Keep = "path",
) -> Trajectory:
    """Follow an optimizer downhill on gradients of mini-batches.

    Parameters
    ----------
    problem
        The cost over data.
    start
        θ of shape (n,); zeros by default.
    batch_size
        B: 1 is stochastic gradient descent proper, N is batch gradient descent.
    epochs
        Passes through the data, each of ⌈N/B⌉ steps.
    seed
        Of the order of the rows; the same seed gives the same run on every platform.
    learning_rate
        A schedule over the steps k = 1, 2, …, or a sequence of rates; `schedules.by_epoch`
        makes one that changes once an epoch.
    replacement
        False: rows are shuffled every epoch and each is used once; where B does not divide N,
        the epoch's last batch is smaller. True: every batch is drawn anew from all rows.
    keep
        "path" or "end", as in `descend`.

    Returns
    -------
    Trajectory
        `samples` counts the rows seen at each kept point; `values` and `gradients` are those
        of the whole cost, which the run itself never saw.

    Raises
    ------
    TypeError, ValueError
        A batch larger than the data, fewer than one epoch's worth of anything, a wrong start.
    """
    _check(problem, optimizer, batch_size, epochs, keep)
    theta = problem.points(np.zeros(problem.n) if start is None else start).copy()
    if theta.ndim != 1 or not np.isfinite(theta).all():
        raise ValueError(f"the start must be one finite point of shape ({problem.n},)")
    steps = epochs * -(-problem.rows // batch_size)
    rates = rates_of(learning_rate, steps)
    batches = _batches(problem, batch_size, epochs, np.random.default_rng(seed), replacement)
    points, samples, taken, status = _run(problem, optimizer, theta, batches, steps, rates, keep)
    values, gradients = _along(problem, points)
    return Trajectory(points, values, gradients, status, taken, taken, samples=samples)


def _check(problem: Any, optimizer: Any, batch_size: Any, epochs: Any, keep: Any) -> None:
    if not isinstance(problem, Problem):
        came = type(problem).__name__
        raise TypeError(f"batches come from a problem like gd.LeastSquares(...), not {came}")
    check_optimizer(optimizer)
    for name, number in (("batch_size", batch_size), ("epochs", epochs)):
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
            raise TypeError(f"{name} must be a whole number, not {number!r}")
    if not 1 <= batch_size <= problem.rows:
        raise ValueError(f"batch_size must be from 1 to the {problem.rows} rows, not {batch_size}")
    if epochs < 0:
        raise ValueError(f"epochs must be at least 0, not {epochs}")
    if keep not in ("path", "end"):
        raise ValueError(f'keep must be "path" or "end", not {keep!r}')


def _batches(
    problem: Problem, size: int, epochs: int, rng: np.random.Generator, replacement: bool
) -> Iterator[tuple[Array, Array]]:
    """Yield the features and targets of each batch; shuffled once an epoch, then only views."""
    rows = problem.rows
    for _ in range(epochs):
        features, targets = problem.features, problem.targets
        if replacement:
            order = rng.integers(rows, size=size * -(-rows // size))
            features, targets = features[order], targets[order]
        elif size < rows:  # all the rows in any order are the same batch
            order = rng.permutation(rows)
            features, targets = features[order], targets[order]
        for i in range(0, len(features), size):
            yield features[i : i + size], targets[i : i + size]


def _run(
    problem: Problem,
    optimizer: Optimizer,
    theta: Array,
    batches: Iterator[tuple[Array, Array]],
    steps: int,
    rates: list[float] | None,
    keep: Keep,
) -> tuple[Array, NDArray[np.int_], int, str]:
    """Take the steps; return points, samples seen at each, how many steps, and how it ended."""
    points = np.empty((steps + 1 if keep == "path" else 1, problem.n))
    samples = np.zeros(len(points), int)
    points[0] = theta
    stepper, seen, row = optimizer.stepper(theta), 0, 0
    shown = tqdm(batches, total=steps, disable=steps < LONG, leave=False)
    with np.errstate(all="ignore"):
        for k, (features, targets) in enumerate(shown):
            gradient = problem.mean_gradient(theta, features, targets)
            stepper.step(gradient, None if rates is None else rates[k])
            if not theta @ theta < LARGEST:
                return points[: row + 1], samples[: row + 1], k, DIVERGED
            seen += len(features)
            row = k + 1 if keep == "path" else 0
            points[row], samples[row] = theta, seen
    return points, samples, steps, OUT_OF_STEPS


def _along(problem: Problem, points: Array) -> tuple[Array, Array]:
    """Evaluate the whole cost along a path, in pieces that fit into memory."""
    size = max(1, PIECE // problem.rows)
    pieces = [points[i : i + size] for i in range(0, len(points), size)]
    values = [problem.value(piece) for piece in pieces]
    gradients = [problem.gradient(piece) for piece in pieces]
    return np.concatenate(values), np.concatenate(gradients)
