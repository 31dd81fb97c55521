"""Descend on data a few rows at a time: one sample, a mini-batch, or all of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm.auto import tqdm

from gdlib import checks
from gdlib.descent.arguments import (
    SHORTER,
    Keep,
    Schedule,
    check_keep,
    check_room,
    check_start,
    check_steps,
    rates_of,
)
from gdlib.descent.stopping import DIVERGED, OUT_OF_STEPS, sound
from gdlib.descent.trajectory import Trajectory
from gdlib.optimizers import Optimizer
from gdlib.optimizers.optimizer import check_optimizer
from gdlib.problems import BLOCK, LeastSquares, LogisticRegression, Problem

Array = NDArray[np.float64]

LONG = 200_000
"""Steps from which a run shows a progress bar."""
LARGEST = 1e300
"""No intermediate result of a cost is larger where `_calm` promises that it is finite."""
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
        Passes through the data, each of ⌈N/B⌉ steps; 10⁸ steps at most.
    seed
        Of the order of the rows, a whole number; the same seed gives the same run on every
        platform.
    learning_rate
        A schedule over the steps k = 1, 2, …, or a sequence of rates; `schedules.by_epoch`
        makes one that changes once an epoch.
    replacement
        False: rows are shuffled every epoch and each is used once; where B does not divide N,
        the epoch's last batch is smaller. True: every batch is drawn anew from all rows.
    keep
        "path" or "end", as in `descend`. The run is the same.

    Returns
    -------
    Trajectory
        `samples` counts the rows seen at each kept point; `values` and `gradients` are those
        of the whole cost, which the run itself never saw. A run ends as "diverged" where θ, the
        whole cost or its gradient would not be finite.

    Raises
    ------
    TypeError, ValueError
        A batch larger than the data, fewer than one epoch's worth of anything, a wrong start.
    """
    batch_size, epochs, seed = _check(problem, optimizer, batch_size, epochs, seed, replacement)
    keep = check_keep(keep)
    given = np.zeros(problem.n) if start is None else start
    theta = checks.array("start", given, shape=(problem.n,), copy=True)
    steps = check_steps(epochs * -(-problem.rows // batch_size))
    check_room(problem.n, steps, keep, SHORTER)
    check_start(problem.name, theta[None], *_along(problem, theta[None]))
    rates = rates_of(optimizer, learning_rate, steps)
    batches = _batches(problem, batch_size, epochs, np.random.default_rng(seed), replacement)
    points, taken, status = _run(problem, optimizer, theta, batches, steps, rates, keep)
    samples = _seen(problem, batch_size, taken, replacement)[-len(points) :]
    values, gradients = _along(problem, points)
    return Trajectory(points, values, gradients, status, taken, taken, samples=samples)


def _check(
    problem: Any, optimizer: Any, size: Any, epochs: Any, seed: Any, replacement: Any
) -> tuple[int, int, int]:
    if not checks.is_a(problem, Problem):
        came = type(problem).__name__
        raise TypeError(f"batches come from a problem like gd.LeastSquares(...), not {came}")
    check_optimizer(optimizer)
    size = checks.count("batch_size", size, at_least=1, at_most=problem.rows)
    checks.flag("replacement", replacement)
    return size, checks.count("epochs", epochs), checks.seed(seed)


def _batches(
    problem: Problem, size: int, epochs: int, rng: np.random.Generator, replacement: bool
) -> Iterator[tuple[Array, Array]]:
    """Yield the features and targets of each batch, copied together for a few batches at a time.

    So they are still in the processor's cache when their step comes.
    """
    rows, several = problem.rows, size * max(1, BLOCK // (size * problem.n))
    for _ in range(epochs):
        if size == rows and not replacement:  # all the rows in any order are the same batch
            yield problem.features, problem.targets
            continue
        many = size * -(-rows // size)
        order = rng.integers(rows, size=many) if replacement else rng.permutation(rows)
        for first in range(0, len(order), several):
            chosen = order[first : first + several]
            features, targets = problem.features.take(chosen, 0), problem.targets.take(chosen)
            full = len(chosen) - len(chosen) % size
            yield from zip(
                features[:full].reshape(-1, size, problem.n),
                targets[:full].reshape(-1, size),
                strict=True,
            )
            if full < len(chosen):
                yield features[full:], targets[full:]


def _run(
    problem: Problem,
    optimizer: Optimizer,
    theta: Array,
    batches: Iterator[tuple[Array, Array]],
    steps: int,
    rates: Array | None,
    keep: Keep,
) -> tuple[Array, int, str]:
    """Take the steps; return the points, how many steps, and how it ended."""
    path, calm = keep == "path", _calm(problem) ** 2
    points = np.empty((steps + 1 if path else 1, problem.n))
    points[0] = theta
    step = optimizer.stepper(theta).step
    shown = batches if steps < LONG else tqdm(batches, total=steps, leave=False)
    with np.errstate(all="ignore"):
        for k, (features, targets) in enumerate(shown):
            gradient = problem.mean_gradient(theta, features, targets)
            step(gradient) if rates is None else step(gradient, float(rates[k]))
            if not theta.dot(theta) < calm and not _sound(problem, theta):
                return points[: k + 1], k, DIVERGED
            points[k + 1 if path else 0] = theta
    return points, steps, OUT_OF_STEPS


def _seen(problem: Problem, size: int, steps: int, replacement: bool) -> NDArray[np.int_]:
    """Count the rows seen at each point of a run."""
    k = np.arange(steps + 1)
    if replacement:
        return k * size
    epochs, batches = np.divmod(k, -(-problem.rows // size))
    return epochs * problem.rows + batches * size


def _sound(problem: Problem, theta: Array) -> bool:
    return bool(np.isfinite(theta).all() and sound(theta, *problem(theta)))


def _calm(problem: Problem) -> float:
    """Return an ‖θ‖ below which cost and gradient over all rows must be finite.

    So no step there needs a look at all rows. 0, nowhere, if ℓ is not one of the two known here.
    """
    if type(problem).row_costs not in (LeastSquares.row_costs, LogisticRegression.row_costs):
        return 0.0
    with np.errstate(over="ignore"):
        largest = max(problem.features.max(), -problem.features.min())
        size = float(problem.n * largest)  # |x·θ| is at most this times ‖θ‖
    terms = (problem.rows + problem.n) * (1 + problem.l2) * (1 + size)
    most = math.sqrt(LARGEST / terms) - 1 - float(np.abs(problem.targets).max())
    return max(0.0, most / (1 + size))


def _along(problem: Problem, points: Array) -> tuple[Array, Array]:
    """Evaluate the whole cost along a path, in pieces that fit into memory."""
    size = max(1, PIECE // problem.rows)
    pieces = [points[i : i + size] for i in range(0, len(points), size)]
    with np.errstate(all="ignore"):
        seen = [_evaluated(problem, piece) for piece in pieces]
    values, gradients = zip(*seen, strict=True)
    return np.concatenate(values), np.concatenate(gradients)


def _evaluated(problem: Problem, points: Array) -> tuple[Array, Array]:
    if len(points) > 1:
        return problem(points)
    value, gradient = problem(points[0])  # in one go over the rows
    return np.array([value]), gradient[None]
