"""When a run ends, and how: the one place where that is decided; `endings` has the words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.descent.endings import CONVERGED, DIVERGED, OUT_OF_STEPS, STALLED

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Judge = Callable[[Array], Array]


class Piece(NamedTuple):
    """A part of a few runs: points (k, runs, n), values (k, runs), gradients (k, runs, n)."""

    points: Array
    values: Array
    gradients: Array


def finite(numbers: Array) -> bool:
    """Tell whether every number is finite."""
    return bool(np.count_nonzero(np.isfinite(numbers)) == numbers.size)  # sooner than `all`


def has_diverged(points: Array, values: Array, gradients: Array) -> Mask:
    """Tell where a run has diverged: where point, value or gradient is not finite.

    There is no other bound. The run then ends at the last point before it. Shapes (..., n), (...)
    and (..., n).
    """
    if finite(points) and finite(gradients):  # NumPy is slow on short axes
        return np.asarray(~np.isfinite(values))
    good = np.isfinite(points).all(-1) & np.isfinite(values) & np.isfinite(gradients).all(-1)
    return np.asarray(~good)


def norm(vectors: Array) -> Array:
    """Return Euclidean norms along the last axis, without overflow or underflow on the way.

    Scaled by a power of two, which changes no bit of the result.
    """
    with np.errstate(all="ignore"):
        exponents = np.frexp(np.abs(vectors).max(-1))[1]
        scaled = np.ldexp(vectors, -exponents[..., None])
        return np.asarray(np.ldexp(np.sqrt((scaled**2).sum(-1)), exponents))


@dataclass(frozen=True)
class Stop:
    """When to call a run finished; the first rule that holds ends it.

    Attributes
    ----------
    gradient_norm
        Stop when ‖g‖ ≤ this.
    value_change, point_change
        Stop when a step changes J, or moves θ, by at most this.
    patience
        Stop, as "stalled", after so many steps without a new lowest value; of the held-out cost,
        where a run records one (early stopping: Prechelt 1998, doi:10.1007/3-540-49430-8_3).

    Raises
    ------
    TypeError, ValueError
        A tolerance that is no finite number of at least 0, a patience that is no whole number of
        at least 1.
    """

    gradient_norm: float | None = None
    value_change: float | None = None
    point_change: float | None = None
    patience: int | None = None

    def __post_init__(self) -> None:
        for name in ("gradient_norm", "value_change", "point_change"):
            if getattr(self, name) is not None:
                tolerance = checks.number(name, getattr(self, name), at_least=0)
                object.__setattr__(self, name, tolerance)
        if self.patience is not None:
            object.__setattr__(
                self, "patience", checks.count("patience", self.patience, at_least=1)
            )


class Watch:
    """Apply a `Stop` to runs that arrive in pieces, and know of each whether and how it has ended.

    A `judge` says of points (k, runs, n) what patience shall look at instead of the cost.

    Some runs may have blown up already: NumPy must be quiet about what is not finite.

    Attributes
    ----------
    status, running, steps
        Of each run, shape (runs,): how it has ended, whether it has not, how many steps stand.
    last
        The last point that stands of each run, as a piece of one row.
    """

    def __init__(self, stop: Stop | None, start: Piece, judge: Judge | None = None) -> None:
        self.stop, self.last, self.judge = stop, start, judge
        runs = start.values.shape[1]
        self.best, self.since = self._judged(start)[0].copy(), np.zeros(runs, int)
        self.status = np.full(runs, OUT_OF_STEPS, dtype="<U12")
        self.steps = np.zeros(runs, int)
        flat = self._flat(start.gradients)[0]
        self.status[flat] = CONVERGED
        self.running = ~flat
        self._count()

    def pass_over(self, points: Array, steps: int) -> None:
        """Count steps at whose points nothing can end; of values nothing is known."""
        self.steps += steps
        self.last = self.last._replace(points=points[-1:])

    def stall(self) -> None:
        """End what still runs, for want of a next step."""
        self.status[self.running] = STALLED
        self.running[:] = False
        self._count()

    def _count(self) -> None:
        """Keep at hand what is asked for at every step."""
        running = np.count_nonzero(self.running)
        self.over, self.all_run = running == 0, running == len(self.running)

    def settle(self, piece: Piece, skipped: int = 0) -> Piece:
        """Find where runs end within their new points, and hold them there, in place.

        `skipped` points before these were left out, for nothing could end there. Returned are the
        rows in which some run still moves.
        """
        rows, judged = len(piece.values), self._judged(piece)
        well = self.all_run and all(map(finite, piece))
        if well and self.stop is None:  # the usual case, at every single step of some runs
            self.steps += skipped + rows
        else:
            converged, stalled = self.feed(*piece, judged)
            if well and not (converged | stalled).any():
                self.steps += skipped + rows
            else:
                piece = self._held(piece, converged, stalled, skipped)
        if len(piece.values):
            self.last = Piece(*(part[-1:] for part in piece)) if rows > 1 else piece
        return piece

    def _held(self, piece: Piece, converged: Mask, stalled: Mask, skipped: int) -> Piece:
        bad = has_diverged(*piece)
        ends = bad | converged | stalled
        each, over = np.arange(ends.shape[1]), ends.any(0)
        at = np.where(over, ends.argmax(0), len(ends) - 1)
        lost, over = bad[at, each], over & self.running
        # The point where a run converges or stalls stands; one where it has diverged does not.
        stands = np.where(self.running, at + 1 - lost, 0)
        self.steps += stands + np.where(self.running, skipped, 0)
        # Of one point, "diverged" is said before "converged", and that before "stalled".
        ending = np.where(converged[at, each], CONVERGED, STALLED)
        self.status[over] = np.where(lost, DIVERGED, ending)[over]
        self.running &= ~over
        self._count()
        length = int(stands.max())
        held = np.arange(length)[:, None] >= stands
        for part, before in zip(piece, self.last, strict=True):
            stays = part[stands - 1, each]
            stays[stands == 0] = before[0, stands == 0]
            where = held.reshape(*held.shape, *[1] * (part.ndim - 2))
            np.copyto(part[:length], stays, where=where)
        return Piece(*(part[:length] for part in piece))

    def _flat(self, gradients: Array) -> Mask:
        tolerance = None if self.stop is None else self.stop.gradient_norm
        # Mostly a single slope is too steep already: no norm is less than its largest part.
        if tolerance is None or (np.abs(gradients).max(-1) > tolerance).all():
            return np.zeros(gradients.shape[:-1], bool)
        return np.asarray(norm(gradients) <= tolerance)

    def _judged(self, piece: Piece) -> Array:
        """Return what patience looks at: the cost, or what the judge says of the points."""
        return piece.values if self.judge is None else self.judge(piece.points)

    def feed(
        self, points: Array, values: Array, gradients: Array, judged: Array | None = None
    ) -> tuple[Mask, Mask]:
        """Tell for each new point whether the run has converged there, or stalled."""
        converged = self._flat(gradients)
        stalled = np.zeros_like(converged)
        stop = self.stop
        if stop is None or not len(points):
            return converged, stalled
        if stop.value_change is not None:
            before = np.concatenate([self.last.values, values[:-1]])
            converged |= np.abs(values - before) <= stop.value_change
        if stop.point_change is not None:
            earlier = np.concatenate([self.last.points, points[:-1]])
            converged |= norm(points - earlier) <= stop.point_change
        if stop.patience is not None:
            stalled = self._waited(values if judged is None else judged) >= stop.patience
        return converged, stalled

    def _waited(self, values: Array) -> NDArray[np.int_]:
        """Count, for each point, the steps since the run's lowest value."""
        waited = np.empty(values.shape, int)
        for i, value in enumerate(values):
            self.since = np.where(value < self.best, 0, self.since + 1)
            self.best = np.minimum(self.best, value)
            waited[i] = self.since
        return waited
