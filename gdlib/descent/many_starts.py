"""Run a block of many starts at once; `descent.descend` calls this for a grid."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdlib.descent import loops
from gdlib.descent.arguments import Keep
from gdlib.descent.compiled import CHUNK as MACHINE_CHUNK
from gdlib.descent.compiled import Machine, pays
from gdlib.descent.stopping import CONVERGED, DIVERGED, OUT_OF_STEPS, STALLED, Stop, Watch, sound
from gdlib.descent.trajectory import Trajectory
from gdlib.formula import compiled, tame
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer

Array = NDArray[np.float64]
BLOCK = 16_384
"""Starts that are run together: few enough that their arrays stay in the processor's cache."""
CHUNK = 64
"""Steps between two looks at a block."""


class Ended(NamedTuple):
    """A finished block: points (k, runs, n) or (1, runs, n), with each run's status and steps."""

    points: Array
    values: Array
    gradients: Array
    status: NDArray[Any]
    steps: NDArray[np.int_]


class Block:
    """A block of runs: coordinates and moments as contiguous rows, advanced in place.

    The cost must be finite at the starts, except to `advance` alone, which marks in `spoilt` the
    runs that have diverged by then. `of` says how many runs there are in all blocks.
    """

    def __init__(
        self,
        cost: Landscape,
        optimizer: Optimizer,
        starts: Array,
        rates: Array,
        stop: Stop | None,
        keep: Keep,
        of: int | None = None,
    ) -> None:
        self.cost, self.optimizer, self.starts = cost, optimizer, starts
        self.rates, self.stop, self.keep = rates, stop, keep
        gradient = compiled.lowered(cost.expr, cost.variables, "gradient")
        self.loop, buffers = loops.grid_loop(gradient, optimizer.rule)
        self.buffers = np.empty((buffers, len(starts)))
        self.radius = tame.radius(cost.expr, cost.variables)
        self.machine: Machine | None = None
        if pays(len(starts) if of is None else of, len(rates), self.radius):
            value = compiled.lowered(cost.expr, cost.variables, "value")
            self.machine = Machine(value, gradient, optimizer.rule, self.radius)
        self.status = np.full(len(starts), OUT_OF_STEPS, dtype="<U12")
        self.steps = np.zeros(len(starts), int)
        self._reset()

    def _reset(self) -> None:
        """Put every run back to its start."""
        rule, runs = self.optimizer.rule, len(self.starts)
        first = [self.optimizer.initial_moment(name) for name in rule.moments]
        rows = [np.full(runs, value) for value in first for _ in range(self.cost.n)]
        self.state = np.stack([*self.starts.T, *rows])
        self.powers = [1.0] * len(rule.powers)
        self.spoilt = np.zeros(runs, bool)

    @property
    def theta(self) -> Array:
        """The points where the runs are, (runs, n)."""
        return self.state[: self.cost.n].T

    def run(self) -> Ended:
        """Advance until every run has ended."""
        if self.keep == "end" and self.stop is None:
            size = CHUNK if self.machine is None else MACHINE_CHUNK
            for k in range(0, len(self.rates), size):
                self.advance(k, min(size, len(self.rates) - k))
                if self.spoilt.any():
                    break
            else:
                self.steps[:] = len(self.rates)
                if self.machine is None:
                    return self._ended(self.theta[None])
                values, gradients = self.machine.look(self.state)
                end = self.theta[None], values[None], gradients[None]
                return Ended(*end, self.status, self.steps)
            self._reset()  # some run has diverged: find where it was last finite
        return self._ended(self._recorded())

    def _ended(self, points: Array) -> Ended:
        return Ended(points, *self.cost.value_and_gradient(points), self.status, self.steps)

    def _recorded(self) -> Array:
        """Advance chunk by chunk, each point recorded; return the path or its end."""
        watch = Watch(self.stop, self.starts, *self.cost.value_and_gradient(self.starts))
        self.status[watch.flat_at_start] = CONVERGED
        end = self.starts.copy()
        path = [end.copy()]
        for k in range(0, len(self.rates), CHUNK):
            if not (self.status == OUT_OF_STEPS).any():
                break
            points = np.empty((min(CHUNK, len(self.rates) - k), *end.shape))
            self.advance(k, len(points), points)
            settled = self._settle(watch, points, end)
            if self.keep == "path":
                path.extend(settled)
        if self.keep == "end":
            return end[None]
        return np.stack(path[: int(self.steps.max(initial=0)) + 1])

    def keep_only(self, chosen: NDArray[np.bool_]) -> None:
        """Go on with the chosen runs alone."""
        self.state = np.ascontiguousarray(self.state[:, chosen])
        self.buffers = np.empty((len(self.buffers), self.state.shape[1]))
        self.spoilt = self.spoilt[chosen]

    def advance(self, k: int, length: int, points: Array | None = None) -> None:
        """Take the `length` steps after the k-th; record each in `points`, or look out for ends."""

        def record(step: int) -> None:
            if points is None:
                self.look_out()
            else:
                points[step - k - 1] = self.theta

        if self.machine is not None and points is None:
            given = self.rates[k : k + length], self.powers, self.optimizer.numbers
            if self.machine.advance(self.state, k, *given):
                return
        names = loops.state_names(self.optimizer.rule, self.cost.n)
        state = dict(zip(names, [*self.state, *self.powers], strict=True))
        settings = self.optimizer.numbers
        settings.pop("eta", None)  # comes with each step
        chunk = self.rates[k : k + length].tolist()
        with np.errstate(all="ignore"):
            ended = self.loop(
                record=record, k=k, rates=chunk, buffers=self.buffers, **state, **settings
            )
        self.powers = list(ended[len(self.state) :])

    def look_out(self) -> None:
        """Mark the runs that have diverged; without asking for the cost where it must be finite."""
        theta = self.state[: self.cost.n]
        if not (-self.radius <= theta.min() and theta.max() <= self.radius):
            self.spoilt |= ~sound(self.theta, *self.cost.value_and_gradient(self.theta))

    def _settle(self, watch: Watch, points: Array, end: Array) -> list[Array]:
        """Find where runs end within a recorded chunk, and hold them there from then on."""
        values, gradients = self.cost.value_and_gradient(points)
        bad = ~sound(points, values, gradients)
        converged, stalled = watch.feed(points, values, gradients)
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
