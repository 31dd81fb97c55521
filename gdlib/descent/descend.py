"""Run an optimizer on a cost and keep its path: one start, or a whole grid of starts at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks, landscapes
from gdlib.descent import many_starts
from gdlib.descent.arguments import (
    SHORTER,
    Keep,
    Rates,
    check_keep,
    check_room,
    check_steps,
    own_rates,
    rates_of,
    starts_of,
)
from gdlib.descent.called import Called, CostFunction
from gdlib.descent.engine import run
from gdlib.descent.held_out import Judge, held_out_of
from gdlib.descent.progress import progress_bar
from gdlib.descent.scalar import run_one
from gdlib.descent.stopping import Stop
from gdlib.descent.trajectory import Trajectory
from gdlib.descent.watched import watched_of
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer, UpdateRule
from gdlib.optimizers.update_rule import check_rule

Array = NDArray[np.float64]


def descend(
    cost: Landscape | CostFunction,
    optimizer: UpdateRule,
    start: ArrayLike | None = None,
    steps: int = 100,
    *,
    learning_rate: Rates | None = None,
    stop: Stop | None = None,
    held_out: Judge | None = None,
    keep: Keep = "path",
) -> Trajectory:
    """Follow an optimizer downhill.

    Parameters
    ----------
    cost
        A `Landscape`, or any function of θ that returns `(value, gradient)`.
    optimizer
        The update rule. One of matrices moves a θ of shape (rows, columns), or those parts of a
        flat θ that the cost's `layout` names; a θ of shape (n,) without names is one column.
    start
        One point of shape (n,) or a grid (..., n); for a function, θ of any shape. A
        landscape's own start by default.
    steps
        The most steps to take, up to 10⁸.
    learning_rate
        A schedule that replaces the optimizer's constant rate: a function of the step
        k = 1, 2, …, a sequence with a rate for each step, or for a single start
        `schedules.on_plateau`, which watches the cost.
    stop
        When to finish early.
    held_out
        For a cost of data: a problem of rows that the run does not see, or any function of θ that
        returns one number, such as a share of errors. It is recorded at every point, and
        `stop`'s patience waits for it; the gradients never know of it.
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
    points = starts_of(cost, start)
    check_room(points.size, steps, keep, SHORTER)
    judge = held_out_of(cost, held_out, points, keep)
    watched = watched_of(learning_rate, optimizer, steps, judge)
    rates = rates_of(optimizer, learning_rate, steps) if watched is None else watched.rates
    if not isinstance(cost, Landscape) or not isinstance(optimizer, Optimizer):
        function = _as_function(cost, points)
        with progress_bar(steps, cost) as bar:
            called = Called(function, optimizer, points, rates, bar)
            return run(called, called, points, steps, stop, keep, held_out=judge, watched=watched)
    if points.ndim == 1:
        return run_one(cost, optimizer, points, steps, rates, stop, keep, watched)
    if watched is not None:
        raise ValueError(
            "learning_rate must be known beforehand for many starts: on_plateau watches a single"
            f" run, not starts of shape {points.shape}"
        )
    each = own_rates(optimizer, steps) if rates is None else rates
    return many_starts.run_blocks(cost, optimizer, points, each, stop, keep)


def _as_function(cost: Landscape | CostFunction, points: Array) -> CostFunction:
    """Return a landscape as a function, for a rule that is asked step by step; one start."""
    if not isinstance(cost, Landscape):
        return cost
    if points.ndim != 1:
        raise ValueError(
            f"a rule of whole arrays takes one start of shape ({cost.n},) on a landscape, not"
            f" starts of shape {points.shape}"
        )
    return cost.value_and_gradient


def _check_arguments(
    cost: Any, optimizer: Any, steps: Any, stop: Any, keep: Any
) -> tuple[int, Keep]:
    if any(cost is build for build in landscapes.catalogue.values()):
        raise TypeError(f"call the landscape: gd.landscapes.{cost.__name__}()")
    if not checks.is_a(cost, Landscape) and not callable(cost):
        raise TypeError(f"the cost must be a Landscape or a function, not {type(cost).__name__}")
    check_rule(optimizer)
    if stop is not None:
        checks.instance("stop", stop, Stop, "a gd.Stop(...)")
    return check_steps(steps), check_keep(keep)
