"""What a descent returns, and when it may end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.console import printable

Array = NDArray[np.float64]

CONVERGED, DIVERGED, STALLED, OUT_OF_STEPS = "converged", "diverged", "stalled", "out of steps"
"""How a run ends; `Trajectory` says what each means, and `sound` what the second is."""


def sound(points: Array, values: Array, gradients: Array) -> NDArray[np.bool_]:
    """Tell where a run may be: where point, value and gradient are finite.

    Elsewhere it has diverged; there is no other bound. It then ends at its last sound point.
    Shapes (..., n), (...) and (..., n).
    """
    good = np.isfinite(points).all(-1) & np.isfinite(values) & np.isfinite(gradients).all(-1)
    return np.asarray(good)


def norm(vectors: Array) -> Array:
    """Return Euclidean norms along the last axis, without overflow or underflow on the way.

    Scaled by a power of two, which changes no bit of the result.
    """
    with np.errstate(all="ignore"):
        exponents = np.frexp(np.abs(vectors).max(-1, initial=0.0))[1]
        scaled = np.ldexp(vectors, -exponents[..., None])
        return np.asarray(np.ldexp(np.sqrt((scaled**2).sum(-1)), exponents))


@printable
@dataclass(frozen=True, eq=False)
class Trajectory:
    """A path with what was found along it; two are equal only if they are the same object.

    Attributes
    ----------
    points
        Shape (k + 1, ..., n): the start and every iterate; with `keep="end"`, (1, ..., n).
    values, gradients
        The cost (k + 1, ...) and its gradient (k + 1, ..., n) at those points.
    status
        "converged" (a rule that was asked for held: of a `Stop`, or a `gradient_norm`), "diverged"
        (the next point, its value or its gradient was not finite), "stalled" (no lower value was
        found: patience ran out, a line search or Newton's model had no step to offer), or "out of
        steps"; an array of these for a grid.
    steps
        How many steps each run took; a run that ended early stays at its last point.
    evaluations
        How many gradients each run asked for.
    value_evaluations
        How many values it asked for besides, as a line search does.
    samples
        For a run on batches: how many rows had been seen at each point, shape (k + 1,).

    Raises
    ------
    TypeError, ValueError
        What is no array of numbers, or no word for how a run ends; shapes that do not fit.
    """

    points: Array
    values: Array
    gradients: Array
    status: Any
    steps: Any
    evaluations: Any
    value_evaluations: int = 0
    samples: Any = None

    def __post_init__(self) -> None:
        for name in ("points", "values", "gradients"):
            given = getattr(self, name)
            if type(given) is not np.ndarray or given.dtype != np.float64:  # every run's are these
                object.__setattr__(self, name, checks.array(name, given, finite=False))
        if not self.points.ndim or not len(self.points):
            raise ValueError(f"points must be of shape (k + 1, ..., n), not {self.points.shape}")
        if self.gradients.shape != self.points.shape:
            raise ValueError(
                f"gradients must have the points' shape {self.points.shape},"
                f" not {self.gradients.shape}"
            )
        if not self.values.ndim or self.values.shape != self.points.shape[: self.values.ndim]:
            raise ValueError(
                f"values must be one a point, for points of shape {self.points.shape}, not of"
                f" shape {self.values.shape}"
            )
        self._check_ends(self.values.shape[1:])

    def _check_ends(self, runs: tuple[int, ...]) -> None:
        """Look at what there is one of for each run; a single one stands for all of a grid."""
        ends = (CONVERGED, DIVERGED, STALLED, OUT_OF_STEPS)
        if checks.is_a(self.status, str) or not runs:
            if not isinstance(self.status, str) or self.status not in ends:
                checks.choice("status", self.status, ends)
        elif not isinstance(self.status, np.ndarray) or self.status.dtype.kind not in "UO":
            raise TypeError(f"status must be an array of words, not {checks.shown(self.status)}")
        elif self.status.shape != runs:
            raise ValueError(f"status must be of shape {runs}, not {self.status.shape}")
        for name in ("steps", "evaluations"):
            given = getattr(self, name)
            if type(given) is not int or given < 0:
                one = not runs or isinstance(given, np.integer)
                checks.count(name, given) if one else checks.integers(name, given, shape=runs)
        if type(self.value_evaluations) is not int or self.value_evaluations < 0:
            checks.count("value_evaluations", self.value_evaluations)
        if self.samples is not None:
            checks.integers("samples", self.samples, shape=(len(self.points),))

    @property
    def end(self) -> Array:
        """The last point of each run, of shape (..., n)."""
        return np.asarray(self.points[-1])

    def __repr__(self) -> str:
        if np.ndim(self.steps):
            counts = {str(s): int((self.status == s).sum()) for s in np.unique(self.status)}
            return f"Trajectory({np.size(self.steps)} runs: {counts})"
        return (
            f"Trajectory({self.status} after {self.steps} steps, J = {float(self.values[-1]):.6g})"
        )


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
        Stop, as "stalled", after so many steps without a new lowest value.

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
    """Apply a `Stop` to runs that arrive in pieces. Arrays are (k, runs) and (k, runs, n)."""

    def __init__(self, stop: Stop | None, point: Array, value: Array, gradient: Array) -> None:
        self.stop = stop
        self.point, self.value = point, value
        self.best, self.since = value.copy(), np.zeros(value.shape, int)
        self.flat_at_start = self._flat(gradient)

    def _flat(self, gradients: Array) -> NDArray[np.bool_]:
        if self.stop is None or self.stop.gradient_norm is None:
            return np.zeros(gradients.shape[:-1], bool)
        return np.asarray(norm(gradients) <= self.stop.gradient_norm)

    def feed(
        self, points: Array, values: Array, gradients: Array
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell for each new point whether the run has converged there, or stalled."""
        converged = self._flat(gradients)
        stalled = np.zeros_like(converged)
        stop = self.stop
        if stop is None or not len(points):
            return converged, stalled
        with np.errstate(all="ignore"):  # a grid's runs may have blown up already
            if stop.value_change is not None:
                before = np.concatenate([self.value[None], values[:-1]])
                converged |= np.abs(values - before) <= stop.value_change
            if stop.point_change is not None:
                earlier = np.concatenate([self.point[None], points[:-1]])
                converged |= norm(points - earlier) <= stop.point_change
        if stop.patience is not None:
            stalled = self._waited(values) >= stop.patience
        self.point, self.value = points[-1], values[-1]
        return converged, stalled

    def _waited(self, values: Array) -> NDArray[np.int_]:
        """Count, for each point, the steps since the run's lowest value."""
        waited = np.empty(values.shape, int)
        for i, value in enumerate(values):
            self.since = np.where(value < self.best, 0, self.since + 1)
            self.best = np.minimum(self.best, value)
            waited[i] = self.since
        return waited


def averaged(points: ArrayLike, decay: float | None = None) -> Array:
    """Average the iterates of a path, of shape (k + 1, ...).

    Parameters
    ----------
    decay
        None: the mean of all points so far (Polyak & Juditsky 1992, doi:10.1137/0330046);
        a number in [0, 1): the exponential average a ← decay·a + (1 − decay)·θ from the start.

    Raises
    ------
    TypeError, ValueError
        Points that are no path of finite numbers; a decay outside [0, 1).
    """
    path = checks.array("points", points)
    if not path.ndim:
        raise ValueError(f"points must be of shape (k + 1, ...), not {path.shape}")
    if decay is None:
        counts = np.arange(1, len(path) + 1).reshape(-1, *[1] * (path.ndim - 1))
        size = len(path).bit_length()  # sums of so many halvings cannot overflow
        total = np.cumsum(np.ldexp(path, -size), axis=0)
        return np.asarray(np.ldexp(total / counts, size))
    decay = checks.number("decay", decay, at_least=0, below=1)
    average = path.copy()
    for i in range(1, len(path)):
        average[i] = decay * average[i - 1] + (1 - decay) * path[i]
    return average
