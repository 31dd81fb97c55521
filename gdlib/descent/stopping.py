"""When a run ends, and what its ending is called: the one place where that is decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdlib import checks

Array = NDArray[np.float64]

CONVERGED, DIVERGED, STALLED, OUT_OF_STEPS = "converged", "diverged", "stalled", "out of steps"
"""How a run ends; `Trajectory` says what each means, and `sound` what the second is."""


def sound(points: Array, values: Array, gradients: Array) -> NDArray[np.bool_]:
    """Tell where a run may be: where point, value and gradient are finite.

    Elsewhere it has diverged; there is no other bound. It then ends at its last sound point.
    Shapes (..., n), (...) and (..., n).
    """
    if np.isfinite(points).all() and np.isfinite(gradients).all():  # NumPy is slow on short axes
        return np.asarray(np.isfinite(values))
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
