"""Run an optimizer on a cost and keep its path: one start, or a whole grid of starts at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import grid, ieee, landscapes, loops
from gdlib.grid import Keep
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer, check_optimizer
from gdlib.trajectory import (
    CONVERGED,
    DIVERGED,
    OUT_OF_STEPS,
    STALLED,
    Stop,
    Trajectory,
    Watch,
    check_start,
    check_steps,
)

Array = NDArray[np.float64]
Cost = Callable[[Array], tuple[ArrayLike, ArrayLike]]
Schedule = Callable[[int], float] | Sequence[float]

FIRST_CHUNK, LARGEST_CHUNK = 256, 8192


def descend(
    cost: Landscape | Cost,
    optimizer: Optimizer,
    start: ArrayLike | None = None,
    steps: int = 100,
    *,
    learning_rate: Schedule | None = None,
    stop: Stop | None = None,
    keep: Keep = "path",
) -> Trajectory:
    """Follow an optimizer downhill.

    Parameters
    ----------
    cost
        A `Landscape`, or any function of θ that returns `(value, gradient)`.
    optimizer
        The update rule.
    start
        One point of shape (n,) or a grid (..., n); for a function, θ of any shape. A
        landscape's own start by default.
    steps
        The most steps to take.
    learning_rate
        A schedule that replaces the optimizer's constant rate: a function of the step
        k = 1, 2, …, or a sequence with a rate for each step.
    stop
        When to finish early.
    keep
        "path" keeps every point; "end" only the last, in memory that does not grow with `steps`.

    Returns
    -------
    Trajectory
        A run that overflows ends at its last finite point with status "diverged".

    Raises
    ------
    TypeError, ValueError
        What is not a run but a mistake, before the first step.
    """
    _check_arguments(cost, optimizer, steps, stop, keep)
    rates = rates_of(learning_rate, steps)
    if isinstance(cost, Landscape):
        points = cost.points(cost.start if start is None else start)
        if points.ndim == 1:
            return _run_one(cost, optimizer, points, steps, rates, stop, keep)
        return _run_grid(cost, optimizer, points, steps, rates, stop, keep)
    if start is None:
        raise TypeError("a cost given as a function needs a start")
    return _run_function(cost, optimizer, start, steps, rates, stop, keep)


def _check_arguments(cost: Any, optimizer: Any, steps: Any, stop: Any, keep: Any) -> None:
    if any(cost is build for build in landscapes.catalogue.values()):
        raise TypeError(f"call the landscape: gd.landscapes.{cost.__name__}()")
    if not isinstance(cost, Landscape) and not callable(cost):
        raise TypeError(f"the cost must be a Landscape or a function, not {type(cost).__name__}")
    check_optimizer(optimizer)
    check_steps(steps)
    if stop is not None and not isinstance(stop, Stop):
        raise TypeError(f"stop must be a gd.Stop(...), not {stop!r}")
    if keep not in ("path", "end"):
        raise ValueError(f'keep must be "path" or "end", not {keep!r}')


def rates_of(schedule: Any, steps: int) -> list[float] | None:
    """Return a learning rate for each step, or None for the optimizer's own."""
    if schedule is None:
        return None
    if not (callable(schedule) or np.iterable(schedule)) or isinstance(schedule, str):
        raise TypeError(
            "learning_rate must be a function of the step or a sequence with a rate a step,"
            f" not {schedule!r}; a constant rate is the optimizer's own"
        )
    if callable(schedule):
        rates = [float(schedule(k)) for k in range(1, steps + 1)]
    else:
        rates = [float(rate) for rate in islice(schedule, steps)]
        if len(rates) < steps:
            raise ValueError(
                f"the learning rates must be at least {steps}, one a step, not {len(rates)}"
            )
    for k, rate in enumerate(rates, 1):
        if not 0 <= rate < math.inf:
            raise ValueError(f"learning rates must be at least 0 and finite; step {k} has {rate!r}")
    return rates


def _chunks(steps: int) -> Iterable[tuple[int, int]]:
    """Cut a run into pieces `(first, length)` that double, so that an early end wastes little."""
    done, size = 0, FIRST_CHUNK
    while done < steps:
        yield done, min(size, steps - done)
        done += min(size, steps - done)
        size = min(2 * size, LARGEST_CHUNK)


def _run_one(
    cost: Landscape,
    optimizer: Optimizer,
    start: Array,
    steps: int,
    rates: list[float] | None,
    stop: Stop | None,
    keep: Keep,
) -> Trajectory:
    """Run the generated scalar loop in chunks; look at each chunk for an end."""
    pieces = [_look(cost, start[None])]
    check_start(cost.name, *pieces[0])
    watch = Watch(stop, *pieces[0])
    status = CONVERGED if watch.flat_at_start[0] else OUT_OF_STEPS
    run = _scalar_runner(cost, optimizer, start, rates)
    taken = 0
    for first, length in _chunks(steps) if status == OUT_OF_STEPS else ():
        piece = _look(cost, run(first, length))
        finite = _finite(*piece)
        good, status = _first_end(
            watch, _cut(piece, finite), DIVERGED if finite < length else status
        )
        taken += good
        if good:
            pieces = [*(pieces if keep == "path" else ()), _cut(piece, good)]
        if status != OUT_OF_STEPS:
            break
    if keep == "end":
        pieces = [_cut(pieces[-1], 1, last=True)]
    points, values, gradients = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return Trajectory(points, values, gradients, status, taken, taken)


Piece = tuple[Array, Array, Array]


def _cut(piece: Piece, length: int, *, last: bool = False) -> Piece:
    points, values, gradients = piece
    part = slice(-length, None) if last else slice(length)
    return points[part], values[part], gradients[part]


def _look(cost: Landscape, points: Array) -> Piece:
    return points, *cost.value_and_gradient(points)


def _finite(points: Array, values: Array, gradients: Array) -> int:
    """Count the points before the first that is not finite in every respect."""
    if all(np.isfinite(part).all() for part in (points, values, gradients)):
        return len(points)
    good = np.isfinite(values) & np.isfinite(gradients).all(-1) & np.isfinite(points).all(-1)
    return int(good.argmin())


def _first_end(watch: Watch, piece: Piece, status: str) -> tuple[int, str]:
    """Find how much of a chunk of one run stands, and the status after it."""
    points, values, gradients = piece
    converged, stalled = watch.feed(points[:, None], values[:, None], gradients[:, None])
    ended = (converged | stalled)[:, 0]
    if not ended.any():
        return len(points), status
    at = int(ended.argmax())
    return at + 1, CONVERGED if converged[at, 0] else STALLED


def _scalar_runner(
    cost: Landscape, optimizer: Optimizer, start: Array, rates: list[float] | None
) -> Callable[[int, int], Array]:
    """Prepare a function that takes the next steps and returns their points, (length, n)."""
    rule, values = optimizer.rule, optimizer.numbers
    gradient = landscapes.lowered(cost.expr, cost.variables, "gradient")
    loop = loops.scalar_loop(gradient, rule, rates is not None)
    state = [*map(float, start), *_initial(optimizer, cost.n), *(1.0 for _ in rule.powers)]
    names = loops.state_names(rule, cost.n)

    def run(first: int, length: int) -> Array:
        path: list[float] = []
        chunk = None if rates is None else rates[first : first + length]
        given: dict[str, Any] = dict(zip(names, state, strict=True)) | values
        given |= {"append": path.append, "k": first, "steps": length, "rates": chunk}
        try:
            state[:] = loop(**given)
        except ieee.RAISED:  # a number on the way is not finite: do this piece again, carefully
            path.clear()
            state[:] = loops.scalar_loop(gradient, rule, rates is not None, careful=True)(**given)
        return np.fromiter(path, float, len(path)).reshape(-1, cost.n)

    return run


def _initial(optimizer: Optimizer, n: int) -> list[float]:
    return [optimizer.initial_moment(name) for name in optimizer.rule.moments for _ in range(n)]


def _run_grid(
    cost: Landscape,
    optimizer: Optimizer,
    starts: Array,
    steps: int,
    rates: list[float] | None,
    stop: Stop | None,
    keep: Keep,
) -> Trajectory:
    """Run many starts in blocks; each block in chunks of steps."""
    if not starts.size:
        raise ValueError(f"a grid needs at least one start; this one has shape {starts.shape}")
    flat = starts.reshape(-1, cost.n)
    own = optimizer.settings.get("learning_rate", 0.0)
    each = [own] * steps if rates is None else rates
    runs = [
        grid.Block(cost, optimizer, flat[i : i + grid.BLOCK], each, stop, keep).run()
        for i in range(0, len(flat), grid.BLOCK)
    ]
    return grid.join(runs, starts.shape[:-1])


def _run_function(
    cost: Cost,
    optimizer: Optimizer,
    start: ArrayLike,
    steps: int,
    rates: list[float] | None,
    stop: Stop | None,
    keep: Keep,
) -> Trajectory:
    """Run any function θ ↦ (value, gradient) with the elementwise rule; θ of any shape."""
    theta = np.array(start, dtype=float)
    if not np.isfinite(theta).all():
        raise ValueError("the start must be finite; it holds NaN or infinity")
    value, gradient = _ask(cost, theta)
    check_start("the cost", *_row(theta, value, gradient))
    kept = [(theta, value, gradient)]
    watch = Watch(stop, *_row(theta, value, gradient))
    status = CONVERGED if watch.flat_at_start[0] else OUT_OF_STEPS
    stepper, taken = optimizer.stepper(theta.copy()), 0
    while taken < steps and status == OUT_OF_STEPS:
        with np.errstate(all="ignore"):
            stepper.step(gradient, None if rates is None else rates[taken])
        theta = stepper.theta.copy()
        value, gradient = _ask(cost, theta) if np.isfinite(theta).all() else (math.nan, gradient)
        if not (math.isfinite(value) and np.isfinite(gradient).all()):
            status = DIVERGED
            break
        taken += 1
        kept = [*(kept if keep == "path" else ()), (theta, value, gradient)]
        converged, stalled = watch.feed(
            theta.reshape(1, 1, -1), np.array([[value]]), gradient.reshape(1, 1, -1)
        )
        status = CONVERGED if converged.any() else STALLED if stalled.any() else status
    points, values, gradients = (np.array(part) for part in zip(*kept, strict=True))
    return Trajectory(points, values, gradients, status, taken, taken)


def _row(theta: Array, value: float, gradient: Array) -> Piece:
    """Return one point of any shape as a piece of one run."""
    return theta.reshape(1, -1), np.array([value]), gradient.reshape(1, -1)


def _ask(cost: Cost, theta: Array) -> tuple[float, Array]:
    """Ask a reader's function for its value and gradient, and check what comes back."""
    with np.errstate(all="ignore"):
        answer: Any = cost(theta.copy())
    if not (isinstance(answer, tuple) and len(answer) == 2):
        raise TypeError(f"the cost must return (value, gradient), not {type(answer).__name__}")
    value, gradient = np.asarray(answer[0], float), np.asarray(answer[1], float)
    if value.size != 1:
        raise ValueError(
            f"the cost's value must be one number, not an array of shape {value.shape}"
        )
    if gradient.shape != theta.shape:
        raise ValueError(f"the gradient must have θ's shape {theta.shape}, not {gradient.shape}")
    return float(value.reshape(())), gradient
