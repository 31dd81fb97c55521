"""What a run is given: start, steps, learning rates; looked at before the first step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.stopping import has_diverged
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer, UpdateRule
from gdlib.optimizers.symbols import eta
from gdlib.problems import Problem
from gdlib.schedules.plateau import OnPlateau

Array = NDArray[np.float64]
Rates = Callable[[int], float] | Sequence[float] | Array | OnPlateau
Keep = Literal["path", "end"]

MOST_STEPS = 10**8
"""The most steps that a run may be asked for: minutes, where a step costs a microsecond."""


def check_steps(steps: Any) -> int:
    """Return a number of steps, from 0 to `MOST_STEPS`, or refuse what is none."""
    return checks.count("steps", checks.count("steps", steps), at_most=MOST_STEPS)


def check_keep(keep: Any) -> Keep:
    """Return "path" or "end"."""
    return "path" if checks.choice("keep", keep, ("path", "end")) == "path" else "end"


def check_room(numbers: int, steps: int, keep: Keep = "path", advice: str = "") -> None:
    """Refuse a path that would not fit: θ, g and J at every point, for θ of so many numbers."""
    points = steps + 1 if keep == "path" else 1
    checks.room(f"a path of {steps} steps", points * (2 * numbers + 1), advice)


SHORTER = '; take fewer steps, or keep="end"'
"""What to do about a path that is too long, where `keep` can be chosen."""


def starts_of(cost: Landscape | Callable[..., Any], start: ArrayLike | None) -> Array:
    """Return a copy of where runs start: what may be passed to whatever descends many at once.

    On a landscape a point of shape (n,) or points (..., n), by default its own start; for a
    reader's function θ of any shape, which has no default.
    """
    if isinstance(cost, Landscape):
        given = cost.start if start is None else start
        points = checks.array("start", given, shape=(..., cost.n), copy=True)
    elif start is None:
        raise TypeError("a cost given as a function needs a start")
    else:
        points = checks.array("start", start, copy=True)
    if not points.size:
        wanted = "one point" if isinstance(cost, Landscape) else "one number"
        raise ValueError(f"start must hold at least {wanted}, not an array of shape {points.shape}")
    return points


def start_of(cost: Landscape | Problem, start: ArrayLike | None) -> Array:
    """Return a copy of where one run starts, (n,): a landscape's own by default, θ = 0 of data."""
    if start is None and isinstance(cost, Problem) and not cost.zero_is_a_start:
        raise ValueError(
            f"start must be given: at θ = 0 all of {cost!r} is alike, and descent would not move"
            " it apart; its start(seed) makes one"
        )
    if start is None:
        start = cost.start if isinstance(cost, Landscape) else np.zeros(cost.n)
    return checks.array("start", start, shape=(cost.n,), copy=True)


def check_start(name: str, points: Array, values: Array, gradients: Array) -> None:
    """Refuse starts where a cost has no finite value and gradient; points of shape (runs, n).

    Raises
    ------
    ValueError
        Naming the first such start.
    """
    bad = has_diverged(points, values, gradients)
    if bad.any():
        at = int(bad.argmax())
        where = tuple(points[at].tolist())
        raise ValueError(
            f"{name} must have a finite value and gradient at the start; at {where} they are"
            f" {float(values[at])} and {gradients[at].tolist()}"
        )


def rates_of(optimizer: UpdateRule, schedule: Any, steps: int) -> Array | None:
    """Return a learning rate for each step, or None for the optimizer's own.

    Raises
    ------
    TypeError, ValueError
        No function and no sequence; an iterator, which is used up as it is read; too few rates, or
        one that is no number of at least 0; a rule that has no rate to replace.
    """
    if schedule is None:
        return None
    check_schedule(optimizer, schedule, steps)
    if callable(schedule):
        return np.fromiter(_called(schedule, steps), float)
    return _listed(schedule, steps)


def check_schedule(optimizer: UpdateRule, schedule: Any, steps: int) -> None:
    """Refuse a schedule for a rule that has no rate to replace, or for more steps than fit."""
    if eta not in optimizer.hyperparameters:
        raise ValueError(
            f"learning_rate must be None for {optimizer.name}, which has no learning rate η that a"
            f" schedule could replace, not {checks.shown(schedule)}"
        )
    checks.room("the learning rates", steps)


def own_rates(optimizer: Optimizer, steps: int) -> Array:
    """Return the optimizer's constant rate for each step, without a list in memory."""
    return np.broadcast_to(np.float64(optimizer.hyperparameters.get(eta, 0.0)), steps)


def _called(schedule: Callable[[int], Any], steps: int) -> Iterator[float]:
    for k in range(1, steps + 1):
        try:
            rate = schedule(k)
        except ArithmeticError as reason:  # an overflow, or a division by zero
            raised = type(reason).__name__
            raise ValueError(f"learning_rate at step {k} must be finite, not {raised}") from None
        if type(rate) is not float or not 0 <= rate < math.inf:
            rate = checks.number(f"learning_rate at step {k}", rate, at_least=0)
        yield rate


def _listed(schedule: Any, steps: int) -> Array:
    if checks.is_a(schedule, (str, bytes, dict, set, frozenset)) or not np.iterable(schedule):
        raise TypeError(
            "learning_rate must be a function of the step or a sequence with a rate a step,"
            f" not {checks.shown(schedule)}; a constant rate is the optimizer's own"
        )
    if isinstance(schedule, Iterator):
        raise TypeError(
            f"learning_rate must be a function or a sequence, not a {type(schedule).__name__}: that"
            " is used up as it is read, so the same call would give another run"
        )
    rates = checks.array("learning_rate", schedule, shape=(None,), finite=False, copy=True)[:steps]
    if len(rates) < steps:
        raise ValueError(f"learning_rate must hold {steps} rates, one a step, not {len(rates)}")
    good = (rates >= 0) & (rates < math.inf)
    if not good.all():
        at = int(good.argmin())
        checks.number(f"learning_rate at step {at + 1}", float(rates[at]), at_least=0)
    return rates
