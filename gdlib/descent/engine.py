"""Run an optimizer on a cost and keep its path: one start, or a whole grid of starts at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks, landscapes
from gdlib.descent import compiled as machine_loops
from gdlib.descent import loops, many_starts
from gdlib.descent.arguments import (
    SHORTER,
    Keep,
    Schedule,
    check_keep,
    check_room,
    check_start,
    check_steps,
    own_rates,
    rates_of,
    start_on,
)
from gdlib.descent.stopping import CONVERGED, DIVERGED, OUT_OF_STEPS, STALLED, Stop, Watch, sound
from gdlib.descent.trajectory import Trajectory
from gdlib.formula import compiled, ieee, tame
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.optimizers.optimizer import check_optimizer

Array = NDArray[np.float64]
Cost = Callable[[Array], tuple[ArrayLike, ArrayLike]]
Piece = tuple[Array, Array, Array]
"""Points, values and gradients of a part of a run."""

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
        The most steps to take, up to 10⁸.
    learning_rate
        A schedule that replaces the optimizer's constant rate: a function of the step
        k = 1, 2, …, or a sequence with a rate for each step.
    stop
        When to finish early.
    keep
        "path" keeps every point, up to 1 GiB of them; "end" only the last, in memory that does not
        grow with `steps`. The run is the same.

    Returns
    -------
    Trajectory
        A run that overflows ends at its last finite point with status "diverged".

    Raises
    ------
    TypeError, ValueError
        What is not a run but a mistake, before the first step; a function that returns
        something else than a value and a gradient.
    """
    steps, keep = _check_arguments(cost, optimizer, steps, stop, keep)
    points = _starts(cost, start)
    check_room(points.size, steps, keep, SHORTER)
    rates = rates_of(optimizer, learning_rate, steps)
    if not isinstance(cost, Landscape):
        return _run_function(cost, optimizer, points, steps, rates, stop, keep)
    run = _run_one if points.ndim == 1 else _run_grid
    return run(cost, optimizer, points, steps, rates, stop, keep)


def _check_arguments(
    cost: Any, optimizer: Any, steps: Any, stop: Any, keep: Any
) -> tuple[int, Keep]:
    if any(cost is build for build in landscapes.catalogue.values()):
        raise TypeError(f"call the landscape: gd.landscapes.{cost.__name__}()")
    if not checks.is_a(cost, Landscape) and not callable(cost):
        raise TypeError(f"the cost must be a Landscape or a function, not {type(cost).__name__}")
    check_optimizer(optimizer)
    if stop is not None:
        checks.instance("stop", stop, Stop, "a gd.Stop(...)")
    return check_steps(steps), check_keep(keep)


def _starts(cost: Landscape | Cost, start: ArrayLike | None) -> Array:
    """Return points (..., n) of a landscape, or a function's θ of any shape."""
    if isinstance(cost, Landscape):
        return start_on(cost, start)
    if start is None:
        raise TypeError("a cost given as a function needs a start")
    theta = checks.array("start", start, copy=True)
    if not theta.size:
        raise ValueError(f"start must hold at least one number; this one has shape {theta.shape}")
    return theta


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
    rates: Array | None,
    stop: Stop | None,
    keep: Keep,
) -> Trajectory:
    """Run the generated scalar loop in chunks; look at each chunk for an end."""
    pieces = [_look(cost, start[None])]
    check_start(cost.name, *pieces[0])
    watch = Watch(stop, *pieces[0])
    status = CONVERGED if watch.flat_at_start[0] else OUT_OF_STEPS
    if stop is None and keep == "path" and machine_loops.pays_alone(steps):
        found = _in_machine_code(cost, optimizer, start, steps, rates)
        if found is not None:
            return Trajectory(*found, OUT_OF_STEPS, steps, steps)
    run = _scalar_runner(cost, optimizer, start, rates, steps)
    taken = 0
    for first, length in _chunks(steps) if status == OUT_OF_STEPS else ():
        piece = _look(cost, run(first, length))
        finite = _finite(*piece)
        good, status = _first_end(
            watch, _cut(piece, finite), DIVERGED if finite < length else status
        )
        taken += good
        if good:
            if keep == "end":
                pieces.clear()
            pieces.append(_cut(piece, good))
        if status != OUT_OF_STEPS:
            break
    if keep == "end":
        pieces = [_cut(pieces[-1], 1, last=True)]
    points, values, gradients = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return Trajectory(points, values, gradients, status, taken, taken)


def _in_machine_code(
    cost: Landscape, optimizer: Optimizer, start: Array, steps: int, rates: Array | None
) -> Piece | None:
    """Take all steps at once, where the cost must be finite all along."""
    rule = optimizer.rule
    value, gradient = (
        compiled.lowered(cost.expr, cost.variables, what) for what in ("value", "gradient")
    )
    state = [*map(float, start), *_initial(optimizer, cost.n), *(1.0 for _ in rule.powers)]
    each = own_rates(optimizer, steps) if rates is None else rates
    radius = tame.radius(cost.expr, cost.variables)
    return machine_loops.whole(value, gradient, rule, state, each, optimizer.numbers, radius)


def _cut(piece: Piece, length: int, *, last: bool = False) -> Piece:
    points, values, gradients = piece
    part = slice(-length, None) if last else slice(length)
    return points[part], values[part], gradients[part]


def _look(cost: Landscape, points: Array) -> Piece:
    return points, *cost.value_and_gradient(points)


def _finite(points: Array, values: Array, gradients: Array) -> int:
    """Count the points before the first at which the run has diverged."""
    good = sound(points, values, gradients)
    return len(points) if good.all() else int(good.argmin())


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
    cost: Landscape, optimizer: Optimizer, start: Array, rates: Array | None, steps: int
) -> Callable[[int, int], Array]:
    """Prepare a function that takes the next steps and returns their points, (length, n)."""
    rule, values = optimizer.rule, optimizer.numbers
    gradient = compiled.lowered(cost.expr, cost.variables, "gradient")
    state = [*map(float, start), *_initial(optimizer, cost.n), *(1.0 for _ in rule.powers)]
    if machine_loops.pays_alone(steps):
        each = own_rates(optimizer, steps) if rates is None else rates
        return machine_loops.trail(gradient, rule, state, each, values)
    loop = loops.scalar_loop(gradient, rule, rates is not None)
    names = loops.state_names(rule, cost.n)

    def run(first: int, length: int) -> Array:
        path: list[float] = []
        chunk = None if rates is None else rates[first : first + length].tolist()
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
    rates: Array | None,
    stop: Stop | None,
    keep: Keep,
) -> Trajectory:
    """Run many starts in blocks; each block in chunks of steps."""
    flat = starts.reshape(-1, cost.n)
    blocks = [flat[i : i + many_starts.BLOCK] for i in range(0, len(flat), many_starts.BLOCK)]
    radius = tame.radius(cost.expr, cost.variables)
    for block in blocks:
        if not (-radius <= block.min() and block.max() <= radius):
            check_start(cost.name, *_look(cost, block))
    each = own_rates(optimizer, steps) if rates is None else rates
    if stop is None and keep == "end" and machine_loops.pays(len(flat), steps, radius):
        found = _ends_in_machine_code(cost, optimizer, flat, each, radius)
        if found is not None:
            points, values, gradients = (
                part.reshape(1, *starts.shape[:-1], *part.shape[1:]) for part in found
            )
            shape = starts.shape[:-1]
            status, taken = np.full(shape, OUT_OF_STEPS), np.full(shape, steps)
            return Trajectory(points, values, gradients, status, taken, taken.copy())
    runs = [
        many_starts.Block(cost, optimizer, block, each, stop, keep, len(flat)).run()
        for block in blocks
    ]
    return many_starts.join(runs, starts.shape[:-1])


def _ends_in_machine_code(
    cost: Landscape, optimizer: Optimizer, starts: Array, rates: Array, radius: float
) -> Piece | None:
    """Take all starts (runs, n) to their end at once, where the cost must be finite all along."""
    value, gradient = (
        compiled.lowered(cost.expr, cost.variables, what) for what in ("value", "gradient")
    )
    machine = machine_loops.Machine(value, gradient, optimizer.rule, radius)
    moments = [optimizer.initial_moment(name) for name in optimizer.rule.moments]
    return machine.end(starts, moments, rates, optimizer.numbers)


def _run_function(
    cost: Cost,
    optimizer: Optimizer,
    theta: Array,
    steps: int,
    rates: Array | None,
    stop: Stop | None,
    keep: Keep,
) -> Trajectory:
    """Run any function θ ↦ (value, gradient) with the elementwise rule; θ of any shape."""
    value, gradient = _ask(cost, theta)
    check_start("the cost", *_row(theta, value, gradient))
    kept = [(theta, value, gradient)]
    watch = Watch(stop, *_row(theta, value, gradient))
    status = CONVERGED if watch.flat_at_start[0] else OUT_OF_STEPS
    stepper, taken = optimizer.stepper(theta.copy()), 0
    while taken < steps and status == OUT_OF_STEPS:
        with np.errstate(all="ignore"):
            stepper.step(gradient, None if rates is None else float(rates[taken]))
        theta = stepper.theta.copy()
        value, gradient = _ask(cost, theta) if np.isfinite(theta).all() else (math.nan, gradient)
        row = _row(theta, value, gradient)
        if not sound(*row):
            status = DIVERGED
            break
        taken += 1
        if keep == "end":
            kept.clear()
        kept.append((theta, value, gradient))
        converged, stalled = watch.feed(*(part[None] for part in row))
        status = CONVERGED if converged.any() else STALLED if stalled.any() else status
    points, values, gradients = (np.array(part) for part in zip(*kept, strict=True))
    return Trajectory(points, values, gradients, status, taken, taken)


def _row(theta: Array, value: float, gradient: Array) -> Piece:
    """Return one point of any shape as a piece of one run."""
    return theta.reshape(1, -1), np.array([value]), gradient.reshape(1, -1)


def _ask(cost: Cost, theta: Array) -> tuple[float, Array]:
    """Ask a reader's function for its value and gradient; check and copy what comes back."""
    with np.errstate(all="ignore"):
        try:
            answer: Any = cost(theta.copy())
        except ArithmeticError:  # Python's numbers raise where NumPy's go on with ∞
            return math.nan, np.full(theta.shape, math.nan)
    if not (isinstance(answer, tuple) and len(answer) == 2):
        raise TypeError(f"the cost must return (value, gradient), not {type(answer).__name__}")
    if isinstance(answer[0], (bool, np.bool_)):
        raise TypeError(f"the cost's value must be a number, not {answer[0]}")
    value = _numbers("the cost's value", answer[0])
    gradient = _numbers("the cost's gradient", answer[1])
    if value.size != 1:
        raise ValueError(
            f"the cost's value must be one number, not an array of shape {value.shape}"
        )
    if gradient.shape != theta.shape:
        raise ValueError(f"the gradient must have θ's shape {theta.shape}, not {gradient.shape}")
    return float(value.reshape(())), gradient


def _numbers(name: str, came: Any) -> Array:
    """Return a copy of what a cost returned; the usual kinds without the converter's detours."""
    if type(came) in (np.ndarray, np.float64) and came.dtype == np.float64:
        return np.array(came)
    return checks.array(name, came, finite=False, copy=True)
