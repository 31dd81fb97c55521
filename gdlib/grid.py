"""Run a block of many starts at once; `descent.descend` calls this for a grid."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdlib import landscapes, loops
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.trajectory import CONVERGED, DIVERGED, OUT_OF_STEPS, STALLED, Stop, Trajectory, Watch

Array = NDArray[np.float64]
Keep = Literal["path", "end"]
BLOCK = 8192
"""Starts that are run together: few enough that their arrays stay in the processor's cache."""
CHUNK = 50
"""Steps between two looks at a block."""


class Ended(NamedTuple):
    """A finished block: points (k, runs, n) or (1, runs, n), with each run's status and steps."""

    points: Array
    values: Array
    gradients: Array
    status: NDArray[Any]
    steps: NDArray[np.int_]


class Block:
    """A block of runs: coordinates and moments as contiguous rows, advanced in place."""

    def __init__(
        self,
        cost: Landscape,
        optimizer: Optimizer,
        starts: Array,
        rates: list[float],
        stop: Stop | None,
        keep: Keep,
    ) -> None:
        self.cost, self.rule, self.rates, self.stop, self.keep = (
            cost,
            optimizer.rule,
            rates,
            stop,
            keep,
        )
        runs = len(starts)
        rows = [
            np.full(runs, optimizer.initial_moment(m))
            for m in self.rule.moments
            for _ in range(cost.n)
        ]
        self.state = np.stack([*starts.T, *rows])
        self.powers = [1.0] * len(self.rule.powers)
        self.values = {
            str(s): float(v) for s, v in optimizer.hyperparameters.items() if str(s) != "eta"
        }
        gradient = landscapes.lowered(cost.expr, cost.variables, "gradient")
        self.loop, buffers = loops.grid_loop(gradient, self.rule)
        self.buffers = np.empty((buffers, runs))
        self.status = np.full(runs, OUT_OF_STEPS, dtype="<U12")
        self.steps = np.zeros(runs, int)
        self.starts = starts

    @property
    def theta(self) -> Array:
        """The points where the runs are, (runs, n)."""
        return self.state[: self.cost.n].T

    def run(self) -> Ended:
        """Advance chunk by chunk until every run has ended."""
        value, gradient = self._look(self.starts)
        self.watch = Watch(self.stop, self.starts, value, gradient)
        self.status[self.watch.flat_at_start] = CONVERGED
        end = self.starts.copy()
        path = [end.copy()]
        k, total = 0, len(self.rates)
        while k < total and (self.status == OUT_OF_STEPS).any():
            length = min(CHUNK, total - k)
            chunk = self._advance(k, length, end)
            if self.keep == "path":
                path.extend(chunk if chunk is not None else [])
            k += length
        points = np.stack(path) if self.keep == "path" else end[None]
        points = points[: int(self.steps.max(initial=0)) + 1]
        values, gradients = self._look(points)
        return Ended(points, values, gradients, self.status, self.steps)

    def _advance(self, k: int, length: int, end: Array) -> list[Array] | None:
        """Take some steps. `end` is moved to where each run is; the path is returned if known.

        Where only end points matter and nothing can stop a run early, points are not recorded:
        should a run have blown up, the chunk is repeated from its beginning with a record.
        """
        before, powers = self.state.copy(), list(self.powers)
        if self.keep == "end" and self.stop is None:
            self._loop(k, length, None)
            running = self.status == OUT_OF_STEPS
            value, gradient = self._look(self.theta)
            if np.isfinite(value[running]).all() and np.isfinite(gradient[running]).all():
                end[running] = self.theta[running]
                self.steps[running] += length
                return None
            self.state[:], self.powers = before, powers
        points = np.empty((length, *end.shape))
        self._loop(k, length, points)
        return self._settle(points, end)

    def _loop(self, k: int, length: int, points: Array | None) -> None:
        def record(step: int) -> None:
            if points is not None:
                points[step - k - 1] = self.theta

        names = loops.state_names(self.rule, self.cost.n)
        given = dict(zip(names, [*self.state, *self.powers], strict=True))
        with np.errstate(all="ignore"):
            ended = self.loop(
                record=record, k=k, rates=self.rates[k : k + length], buffers=self.buffers,
                **given, **self.values,
            )  # fmt: skip
        self.powers = list(ended[len(self.state) :])

    def _settle(self, points: Array, end: Array) -> list[Array]:
        """Find where runs end within a recorded chunk, and hold them there from then on."""
        values, gradients = self._look(points)
        bad = ~(np.isfinite(values) & np.isfinite(gradients).all(-1) & np.isfinite(points).all(-1))
        converged, stalled = self.watch.feed(points, values, gradients)
        settled = []
        for i, point in enumerate(points):
            running = self.status == OUT_OF_STEPS
            self.status[running & bad[i]] = DIVERGED
            moved = running & ~bad[i]
            end[moved] = point[moved]
            self.steps[moved] += 1
            self.status[moved & stalled[i]] = STALLED
            self.status[moved & converged[i]] = CONVERGED
            settled.append(end.copy())
        return settled

    def _look(self, points: Array) -> tuple[Array, Array]:
        return self.cost.evaluate("value", points), self.cost.evaluate("gradient", points)


def join(blocks: list[Ended], shape: tuple[int, ...]) -> Trajectory:
    """Put blocks side by side again, in the shape of the starts."""
    longest = max(len(block.points) for block in blocks) if blocks else 1

    def together(name: str) -> Array:
        parts = [_stretch(getattr(block, name), longest) for block in blocks]
        joined = np.concatenate(parts, axis=1)
        return joined.reshape(joined.shape[0], *shape, *joined.shape[2:])

    status = np.concatenate([block.status for block in blocks]).reshape(shape)
    steps = np.concatenate([block.steps for block in blocks]).reshape(shape)
    return Trajectory(
        points=together("points"),
        values=together("values"),
        gradients=together("gradients"),
        status=status,
        steps=steps,
        evaluations=steps.copy(),
    )


def _stretch(array: Array, length: int) -> Array:
    """Repeat the last row, so that blocks that ended early are as long as the others."""
    missing = length - len(array)
    return np.concatenate([array, np.repeat(array[-1:], missing, axis=0)]) if missing else array
