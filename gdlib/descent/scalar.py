"""One run on a landscape: the generated loop over plain numbers, chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib.descent import generated_loops, machine_loops
from gdlib.descent.arguments import Keep, own_rates
from gdlib.descent.endings import OUT_OF_STEPS
from gdlib.descent.engine import Made, Turn, chunk, run
from gdlib.descent.stopping import Stop
from gdlib.descent.trajectory import Trajectory
from gdlib.descent.watched import Watched
from gdlib.formula import compiled, ieee
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer

Array = NDArray[np.float64]


def run_one(
    cost: Landscape,
    optimizer: Optimizer,
    start: Array,
    steps: int,
    rates: Array | None,
    stop: Stop | None,
    keep: Keep,
    watched: Watched | None = None,
) -> Trajectory:
    """Run one start by the loop; in one go where machine code pays and nothing can end the run."""
    if watched is not None:
        stepper = Scalar(cost, optimizer, start, 0, rates)  # in no machine code: it copies rates
        return run(cost, stepper, start, steps, stop, keep, watched=watched)
    if stop is None and keep == "path" and machine_loops.pays_alone(steps):
        each = own_rates(optimizer, steps) if rates is None else rates
        found = machine_loops.whole(cost, optimizer, first_state(optimizer, start), each)
        if found is not None:
            return Trajectory(*found, OUT_OF_STEPS, steps, steps)
    return run(cost, Scalar(cost, optimizer, start, steps, rates), start, steps, stop, keep)


def first_state(optimizer: Optimizer, start: Array) -> list[float]:
    """Return what a loop carries before its first step, as `state_names` names it."""
    rule = optimizer.rule
    moments = [optimizer.initial_moment(name) for name in rule.moments for _ in start]
    return [*map(float, start), *moments, *(1.0 for _ in rule.powers)]


class Scalar:
    """The generated loop with what it carries from chunk to chunk."""

    def __init__(
        self,
        cost: Landscape,
        optimizer: Optimizer,
        start: Array,
        steps: int,
        rates: Array | None,
    ) -> None:
        rule, self.rates, self.n = optimizer.rule, rates, cost.n
        self.state, self.settings = first_state(optimizer, start), optimizer.numbers
        self.trail: Callable[[int, int], Array] | None = None
        if machine_loops.pays_alone(steps):
            each = own_rates(optimizer, steps) if rates is None else rates
            self.trail = machine_loops.trail(cost, optimizer, self.state, each)
            return
        gradient = compiled.lowered(cost.expr, cost.variables, "gradient")
        make = partial(generated_loops.scalar_loop, gradient, rule, rates is not None)
        self.loop, self.careful = make(), partial(make, careful=True)

    def advance(self, turn: Turn) -> Made:
        """Take a chunk of steps; beyond a divergence they are not finite, or of no meaning."""
        length = chunk(turn)
        if self.trail is not None:
            return Made(self.trail(turn.k, length)[:, None], length)
        rates = None if self.rates is None else self.rates[turn.k : turn.k + length].tolist()
        given: dict[str, Any] = {"k": turn.k, "steps": length, "rates": rates, **self.settings}
        try:
            path = np.fromiter(self.loop(self.state, **given), float)
        except ieee.RAISED:  # a number on the way is not finite: do this chunk again, carefully
            path = np.fromiter(self.careful()(self.state, **given), float)
        return Made(path.reshape(length, 1, self.n), length)
