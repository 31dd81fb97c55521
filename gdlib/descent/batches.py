"""Descend on data a few rows at a time: one sample, a mini-batch, or all of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
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
    calm = _calm(problem)
    if not theta.dot(theta) < calm**2:
        check_start(problem.name, theta[None], *_along(problem, theta[None]))
    rates = rates_of(optimizer, learning_rate, steps)
    rng = np.random.default_rng(seed)
    orders = _orders(problem.rows, batch_size, epochs, rng, replacement)
    # Where any step may be the last one, each is looked at before the next.
    pieces = _pieces(problem, orders, batch_size, LONG if calm else 1)
    points, taken, status = _run(problem, optimizer, theta, pieces, steps, rates, keep, calm)
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


def _orders(
    rows: int, size: int, epochs: int, rng: np.random.Generator, replacement: bool
) -> Iterator[NDArray[np.int_] | None]:
    """Yield the order of the rows of each epoch; None where it does not matter."""
    for _ in range(epochs):
        if replacement:
            yield rng.integers(rows, size=size * -(-rows // size))
        else:  # all the rows in any order are the same batch
            yield rng.permutation(rows) if size < rows else None


def _pieces(
    problem: Problem, orders: Iterable[NDArray[np.int_] | None], size: int, most: int
) -> Iterator[list[tuple[Array, Array]]]:
    """Yield the features and targets of up to `most` batches, copied together.

    So they are still in the processor's cache when their step comes.
    """
    rows = size * min(most, max(1, BLOCK // (size * problem.n)))
    for order in orders:
        if order is None:
            yield [(problem.features, problem.targets)]
            continue
        for first in range(0, len(order), rows):
            chosen = order[first : first + rows]
            features, targets = problem.features.take(chosen, 0), problem.targets.take(chosen)
            full = len(chosen) - len(chosen) % size
            batches = [
                *zip(
                    features[:full].reshape(-1, size, problem.n),
                    targets[:full].reshape(-1, size),
                    strict=True,
                )
            ]
            yield batches + ([(features[full:], targets[full:])] if full < len(chosen) else [])


def _run(
    problem: Problem,
    optimizer: Optimizer,
    theta: Array,
    pieces: Iterable[list[tuple[Array, Array]]],
    steps: int,
    rates: Array | None,
    keep: Keep,
    calm: float,
) -> tuple[Array, int, str]:
    """Take the steps; return the points, how many steps, and how it ended."""
    path = np.empty((steps + 1 if keep == "path" else 1, problem.n))
    path[0], taken = theta, 0
    step = optimizer.stepper(theta).step
    with np.errstate(all="ignore"), tqdm(total=steps, disable=steps < LONG, leave=False) as bar:
        for piece in pieces:
            points = path[taken + 1 :] if keep == "path" else np.empty((len(piece), problem.n))
            for i, (features, targets) in enumerate(piece):
                gradient = problem.mean_gradient(theta, features, targets)
                step(gradient) if rates is None else step(gradient, float(rates[taken + i]))
                points[i] = theta
            good = _good(problem, points[: len(piece)], calm)
            taken += good
            if keep == "end" and good:
                path[0] = points[good - 1]
            if good < len(piece):
                return path[: taken + 1], taken, DIVERGED
            bar.update(good)
    return path, taken, OUT_OF_STEPS


def _good(problem: Problem, points: Array, calm: float) -> int:
    """Count the points before the first at which a run has diverged."""
    flat = points.ravel()
    if flat.dot(flat) < calm**2:
        return len(points)
    bad = (i for i, x in enumerate(points) if not (x.dot(x) < calm**2 or _sound(problem, x)))
    return next(bad, len(points))


def _seen(problem: Problem, size: int, steps: int, replacement: bool) -> NDArray[np.int_]:
    """Count the rows seen at each point of a run."""
    k: NDArray[np.int_] = np.arange(steps + 1)
    if replacement:
        return k * size
    epochs, batches = np.divmod(k, -(-problem.rows // size))
    return np.asarray(epochs * problem.rows + batches * size)


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
