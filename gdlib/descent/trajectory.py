"""What a descent returns: a path with its values, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.console import printable
from gdlib.descent.endings import STATUSES

Array = NDArray[np.float64]


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
    held_out
        For a run that was given a held-out cost: that cost at each point, shape (k + 1,), ∞ where
        it is not finite.

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
    held_out: Any = None

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
        if checks.is_a(self.status, str) or not runs:
            if not isinstance(self.status, str) or self.status not in STATUSES:
                checks.choice("status", self.status, STATUSES)
        elif not isinstance(self.status, np.ndarray) or self.status.dtype.kind not in "UO":
            raise TypeError(f"status must be an array of words, not {checks.shown(self.status)}")
        elif self.status.shape != runs:
            raise ValueError(f"status must be of shape {runs}, not {self.status.shape}")
        for name in ("steps", "evaluations"):
            given = getattr(self, name)
            if type(given) is np.ndarray and given.dtype == int and given.shape == runs:
                continue  # many runs' are these, and a million take a while to look through
            if type(given) is not int or given < 0:
                one = not runs or isinstance(given, np.integer)
                checks.count(name, given) if one else checks.integers(name, given, shape=runs)
        checks.count("value_evaluations", self.value_evaluations)
        if self.samples is not None:
            checks.integers("samples", self.samples, shape=(len(self.points),))
        if self.held_out is not None:
            object.__setattr__(self, "held_out", _held_out(self.held_out, len(self.points)))

    @property
    def end(self) -> Array:
        """The last point of each run, of shape (..., n)."""
        return np.asarray(self.points[-1])

    @property
    def best(self) -> Any:
        """The number of the recorded point with the lowest held-out cost, or the lowest cost.

        The first of equal ones; an array of numbers for a grid.
        """
        judged = self.values if self.held_out is None else self.held_out
        at = np.where(np.isnan(judged), np.inf, judged).argmin(axis=0)
        return int(at) if np.ndim(at) == 0 else at

    def __repr__(self) -> str:
        if np.ndim(self.steps):
            counts = {str(s): int((self.status == s).sum()) for s in np.unique(self.status)}
            return f"Trajectory({np.size(self.steps)} runs: {counts})"
        return (
            f"Trajectory({self.status} after {self.steps} steps, J = {float(self.values[-1]):.6g})"
        )


def _held_out(said: Any, points: int) -> Array:
    """Return a held-out cost for each point, which may be infinite."""
    found = checks.array("held_out", said, shape=(points,), finite=False)
    if np.isnan(found).any():
        raise ValueError("held_out must be ∞ where it is not finite, not nan")
    return found


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
