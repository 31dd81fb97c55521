"""Many starts on a landscape at once: the generated loop that moves whole arrays in place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib.descent import generated_loops
from gdlib.descent.arguments import Keep
from gdlib.descent.endings import OUT_OF_STEPS
from gdlib.descent.engine import Made, Turn, look_at_start, run
from gdlib.descent.machine_loops import CHUNK as MACHINE_CHUNK
from gdlib.descent.machine_loops import Machine, ends, pays
from gdlib.descent.stopping import Stop, has_diverged
from gdlib.descent.trajectory import Trajectory
from gdlib.formula import compiled, tame
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer

Array = NDArray[np.float64]
BLOCK = 16_384
"""Starts that are run together: few enough that their arrays stay in the processor's cache."""
CHUNK = 64
"""Steps between two looks at a block."""


class ManyStarts:
    """A block of runs: coordinates and moments as contiguous rows, advanced in place.

    Between looks nobody asks for the cost: within `radius` of the origin it must be finite, and
    what is beyond is looked at step by step and marked in `spoilt` once it has diverged. `of` says
    how many runs there are in all blocks.
    """

    def __init__(
        self,
        cost: Landscape,
        optimizer: Optimizer,
        starts: Array,
        rates: Array,
        of: int | None = None,
    ) -> None:
        self.cost, self.optimizer, self.rates = cost, optimizer, rates
        rule, runs = optimizer.rule, len(starts)
        gradient = compiled.lowered(cost.expr, cost.variables, "gradient")
        self.loop, buffers = generated_loops.grid_loop(gradient, rule)
        self.buffers = np.empty((buffers, runs))
        self.radius = tame.radius(cost.expr, cost.variables)
        self.machine: Machine | None = None
        if pays(runs if of is None else of, len(rates), self.radius):
            self.machine = Machine(cost, optimizer)
        first = [optimizer.initial_moment(name) for name in rule.moments]
        rows = [np.full(runs, value) for value in first for _ in range(cost.n)]
        self.state = np.stack([*starts.T, *rows])
        self.powers = [1.0] * len(rule.powers)
        self.spoilt = np.zeros(runs, bool)

    @property
    def theta(self) -> Array:
        """The points where the runs are, (runs, n)."""
        return self.state[: self.cost.n].T

    def advance(self, turn: Turn) -> Made:
        """Take a chunk of steps; without their points, if nobody wants them and no run diverges."""
        if not (turn.whole or self.spoilt.any()):
            before = self.state.copy(), list(self.powers)
            length = min(CHUNK if self.machine is None else MACHINE_CHUNK, turn.left)
            self.move(turn.k, length)
            if not self.spoilt.any():
                return Made(self.theta[None].copy(), length, sure=True)
            # Some run has diverged: take these steps again, to find the last point before it.
            self.state, self.powers = before
        length = min(CHUNK, turn.left)
        points = np.empty((length, *self.theta.shape))
        self.move(turn.k, length, points)
        return Made(points, length)

    def keep_only(self, chosen: NDArray[np.bool_]) -> None:
        """Go on with the chosen runs alone."""
        self.state = np.ascontiguousarray(self.state[:, chosen])
        self.buffers = np.empty((len(self.buffers), self.state.shape[1]))
        self.spoilt = self.spoilt[chosen]

    def move(self, k: int, length: int, points: Array | None = None) -> None:
        """Take the `length` steps after the k-th; record each in `points`, or look out for ends."""

        def record(step: int) -> None:
            if points is None:
                self.look_out()
            else:
                points[step - k - 1] = self.theta

        rates = self.rates[k : k + length]
        machine = None if points is not None else self.machine
        if machine is not None and machine.advance(self.state, k, rates, self.powers):
            return
        names = generated_loops.state_names(self.optimizer.rule, self.cost.n)
        state = dict(zip(names, [*self.state, *self.powers], strict=True))
        settings = self.optimizer.numbers
        settings.pop("eta", None)  # comes with each step
        with np.errstate(all="ignore"):
            ended = self.loop(
                record=record, k=k, rates=rates.tolist(), buffers=self.buffers, **state, **settings
            )
        self.powers = list(ended[len(self.state) :])

    def look_out(self) -> None:
        """Mark the runs that have diverged; without asking for the cost where it must be finite."""
        theta = self.state[: self.cost.n]
        if not (-self.radius <= theta.min() and theta.max() <= self.radius):
            self.spoilt |= has_diverged(self.theta, *self.cost.value_and_gradient(self.theta))


def run_blocks(
    cost: Landscape,
    optimizer: Optimizer,
    starts: Array,
    rates: Array,
    stop: Stop | None,
    keep: Keep,
) -> Trajectory:
    """Run starts (..., n) block by block, a rate a step; each block's runs are a cache's fill."""
    flat = starts.reshape(-1, cost.n)
    blocks = [flat[i : i + BLOCK] for i in range(0, len(flat), BLOCK)]
    radius, blind = tame.radius(cost.expr, cost.variables), stop is None and keep == "end"
    seen = [
        None
        if blind and -radius <= block.min() and block.max() <= radius
        else look_at_start(cost, block[None])
        for block in blocks
    ]
    if blind and pays(len(flat), len(rates), radius):
        found = ends(cost, optimizer, flat, rates)
        if found is not None:
            shape = starts.shape[:-1]
            points, values, gradients = (part.reshape(1, *shape, *part.shape[1:]) for part in found)
            status, taken = np.full(shape, OUT_OF_STEPS), np.full(shape, len(rates))
            return Trajectory(points, values, gradients, status, taken, taken.copy())
    runs = []
    for block, first in zip(blocks, seen, strict=True):
        stepper = ManyStarts(cost, optimizer, block, rates, len(flat))
        given = block, len(rates), stop, keep, (len(block),)
        runs.append(run(cost, stepper, *given, first=first, sure=first is None))
    return join(runs, starts.shape[:-1])


def join(blocks: list[Trajectory], shape: tuple[int, ...]) -> Trajectory:
    """Put blocks side by side again, in the shape of the starts."""
    longest = max(len(block.points) for block in blocks)

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
