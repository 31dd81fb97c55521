"""The loop of everything that descends step by step, fed by whoever makes the next steps.

It looks at the start, asks for steps, looks at the new points, lets `stopping` find the ends,
records, and goes on. It knows nothing of rules, rows or line searches: those are steppers.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from gdlib.descent.arguments import Keep, check_start
from gdlib.descent.held_out import HeldOut
from gdlib.descent.stopping import Piece, Stop, Watch
from gdlib.descent.trajectory import Trajectory
from gdlib.descent.watched import Watched

Array = NDArray[np.float64]

FIRST_CHUNK, LARGEST_CHUNK = 256, 8192


class Cost(Protocol):
    """What a run looks at: a landscape, a problem, or a reader's function."""

    @property
    def name(self) -> str:
        """What it is called where it is refused."""

    def value_and_gradient(self, points: Array) -> tuple[Array, Array]:
        """Evaluate points (k, runs, n), which may hold what is not finite; in fresh arrays."""


class Turn(NamedTuple):
    """What a stepper is told when it is its turn.

    Attributes
    ----------
    last
        Where the runs stand: a piece of one row.
    k, left
        How many steps have been taken, and how many there may still be, at least one.
    whole
        Whether every point is wanted; else those of which it is sure may be left out.
    """

    last: Piece
    k: int
    left: int
    whole: bool


class Made(NamedTuple):
    """The steps that a stepper has taken.

    Attributes
    ----------
    points
        Fresh, of shape (k, runs, n): the points after the last k of the steps.
    steps
        How many there were; more than k only where the points left out are certainly sound.
    sure
        Whether these points are too, so that they need no look until the run is over.
    """

    points: Array
    steps: int
    sure: bool = False


class Stepper(Protocol):
    """Who makes the next steps of a few runs."""

    def advance(self, turn: Turn) -> Made | None:
        """Take the next step or several of them; None if there is no step to take."""


def run(
    cost: Cost,
    stepper: Stepper,
    start: Array,
    steps: int,
    stop: Stop | None = None,
    keep: Keep = "path",
    runs: tuple[int, ...] = (),
    *,
    first: Piece | None = None,
    sure: bool = False,
    held_out: HeldOut | None = None,
    watched: Watched | None = None,
) -> Trajectory:
    """Run from starts of shape (*runs, ...) until all have ended; () stands for a single run.

    A single run may record what was `held_out` at each of its points, along its whole path, and
    may have its rates `watched`: then a stepper is asked for no more steps than have theirs.

    Who has looked at the starts already gives what was seen there as the `first` piece; who is
    `sure` of them, and asks for no `stop`, saves the look.

    Raises
    ------
    ValueError
        A start where the cost has no finite value and gradient.
    """
    whole = keep == "path" or stop is not None
    blind = sure  # whether some points have no values yet, for nothing can end there
    with np.errstate(all="ignore"):
        points = start.reshape(1, math.prod(runs), -1)
        if sure:
            first = Piece(points, np.zeros(points.shape[:2]), points)
        elif first is None:
            first = look_at_start(cost, points)
        judge = None if held_out is None else held_out.look
        watch, kept, k = Watch(stop, first, judge), [first], 0
        while k < steps and not watch.over:
            left = steps - k
            if watched is not None:
                left = min(left, watched.look(k, watch.last))
            made = stepper.advance(Turn(watch.last, k, left, whole))
            if made is None:
                watch.stall()
                break
            k += made.steps
            if made.sure and stop is None and held_out is None:
                watch.pass_over(made.points, made.steps)
                new, blind = watch.last._replace(points=made.points), True
            else:
                new = watch.settle(look(cost, made.points), made.steps - len(made.points))
            if keep == "path":
                kept.append(new)
            else:
                kept = [watch.last]
        points, values, gradients = (np.concatenate(parts) for parts in zip(*kept, strict=True))
        if blind:
            _, values, gradients = look(cost, points)
    points, gradients = (part.reshape(len(part), *start.shape) for part in (points, gradients))
    values, taken = values.reshape(len(values), *runs), watch.steps.reshape(runs)
    if runs:
        return Trajectory(
            points, values, gradients, watch.status.reshape(runs), taken, taken.copy()
        )
    one, said = int(taken), None if held_out is None else held_out.first(len(points))
    return Trajectory(points, values, gradients, str(watch.status[0]), one, one, held_out=said)


def look_at_start(cost: Cost, points: Array) -> Piece:
    """Look at starts (1, runs, n), and refuse one where the cost is not finite."""
    first = look(cost, points)
    check_start(cost.name, *(part[0] for part in first))
    return first


def look(cost: Cost, points: Array) -> Piece:
    """Ask a cost for its values and gradients at points (k, runs, n)."""
    return Piece(points, *cost.value_and_gradient(points))


def chunk(turn: Turn) -> int:
    """Return how many steps to take at once: they double, so that an early end wastes little."""
    return min(turn.k + FIRST_CHUNK, LARGEST_CHUNK, turn.left)
