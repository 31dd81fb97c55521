"""What a descent returns, and when it may end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib.console import printable

Array = NDArray[np.float64]

CONVERGED, DIVERGED, STALLED, OUT_OF_STEPS = "converged", "diverged", "stalled", "out of steps"


@printable
@dataclass(frozen=True)
class Trajectory:
    """A path with what was found along it.

    Attributes
    ----------
    points
        Shape (k + 1, ..., n): the start and every iterate; with `keep="end"`, (1, ..., n).
    values, gradients
        The cost (k + 1, ...) and its gradient (k + 1, ..., n) at those points.
    status
        "converged" (a stopping rule held), "diverged" (the next step was not finite),
        "stalled" (patience ran out), or "out of steps"; an array of these for a grid.
    steps
        How many steps each run took; a run that ended early stays at its last point.
    evaluations
        How many gradients each run asked for.
    value_evaluations
        How many values it asked for besides, as a line search does.
    samples
        For a run on batches: how many rows had been seen at each point, shape (k + 1,).
    """

    points: Array
    values: Array
    gradients: Array
    status: Any
    steps: Any
    evaluations: Any
    value_evaluations: int = 0
    samples: Any = None

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
    ValueError
        A negative tolerance, or a patience below 1.
    """

    gradient_norm: float | None = None
    value_change: float | None = None
    point_change: float | None = None
    patience: int | None = None

    def __post_init__(self) -> None:
        for name in ("gradient_norm", "value_change", "point_change"):
            value = getattr(self, name)
            if not isinstance(value, (int, float, np.number, NoneType)):
                raise TypeError(f"{name} must be a number, not {value!r}")
            if value is not None and not 0 <= value < math.inf:
                raise ValueError(f"{name} must be at least 0 and finite, not {value!r}")
        if self.patience is not None and not self.patience >= 1:
            raise ValueError(f"patience must be at least 1 step, not {self.patience!r}")


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
        return np.asarray(np.sqrt((gradients**2).sum(-1)) <= self.stop.gradient_norm)

    def feed(
        self, points: Array, values: Array, gradients: Array
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell for each new point whether the run has converged there, or stalled."""
        converged = self._flat(gradients)
        stalled = np.zeros_like(converged)
        stop = self.stop
        if stop is None or not len(points):
            return converged, stalled
        with np.errstate(invalid="ignore"):  # a grid's runs may have blown up already
            if stop.value_change is not None:
                before = np.concatenate([self.value[None], values[:-1]])
                converged |= np.abs(values - before) <= stop.value_change
            if stop.point_change is not None:
                earlier = np.concatenate([self.point[None], points[:-1]])
                moved = np.sqrt(((points - earlier) ** 2).sum(-1))
                converged |= moved <= stop.point_change
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


def averaged(points: Array, decay: float | None = None) -> Array:
    """Average the iterates of a path, of shape (k + 1, ...).

    Parameters
    ----------
    decay
        None: the mean of all points so far (Polyak & Juditsky 1992, doi:10.1137/0330046);
        a number in [0, 1): the exponential average a ← decay·a + (1 − decay)·θ from the start.

    Raises
    ------
    ValueError
        A decay outside [0, 1).
    """
    path = np.asarray(points, dtype=float)
    if decay is None:
        counts = np.arange(1, len(path) + 1).reshape(-1, *[1] * (path.ndim - 1))
        return np.asarray(np.cumsum(path, axis=0) / counts)
    if not 0 <= decay < 1:
        raise ValueError(f"decay must be at least 0 and below 1, not {decay!r}")
    average = path.copy()
    for i in range(1, len(path)):
        average[i] = decay * average[i - 1] + (1 - decay) * path[i]
    return average


def check_start(name: str, points: Array, values: Array, gradients: Array) -> None:
    """Refuse starts where a cost has no finite value and gradient; points of shape (runs, n).

    Raises
    ------
    ValueError
        Naming the first such start.
    """
    good = np.isfinite(values) & np.isfinite(gradients).all(-1)
    if not good.all():
        at = int(good.argmin())
        where = tuple(points[at].tolist())
        raise ValueError(
            f"{name} must have a finite value and gradient at the start; at {where} they are"
            f" {float(values[at])} and {gradients[at].tolist()}"
        )


def check_steps(steps: Any) -> None:
    """Refuse what is not a number of steps."""
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)):
        raise TypeError(f"steps must be a whole number, not {steps!r}")
    if steps < 0:
        raise ValueError(f"steps must be at least 0, not {steps}")
