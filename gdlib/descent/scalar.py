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
from gdlib.formula import compiled, ieee, tame
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
) -> Trajectory:
    """Run one start by the loop; in one go where machine code pays and nothing can end the run."""
    scalar = Scalar(cost, optimizer, start, steps, rates)
    if scalar.trail is not None and stop is None and keep == "path":
        found = scalar.in_one_go()
        if found is not None:
            return Trajectory(*found, OUT_OF_STEPS, steps, steps)
    return run(cost, scalar, start, steps, stop, keep)


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
        self.names = generated_loops.state_names(rule, cost.n)
        moments = [optimizer.initial_moment(name) for name in rule.moments for _ in range(cost.n)]
        self.state = [*map(float, start), *moments, *(1.0 for _ in rule.powers)]
        self.settings = optimizer.numbers
        gradient = compiled.lowered(cost.expr, cost.variables, "gradient")
        self.cost, self.rule, self.gradient = cost, rule, gradient
        self.trail: Callable[[int, int], Array] | None = None
        if machine_loops.pays_alone(steps):
            self.each = own_rates(optimizer, steps) if rates is None else rates
            self.trail = machine_loops.trail(gradient, rule, self.state, self.each, self.settings)
            return
        make = partial(generated_loops.scalar_loop, gradient, rule, rates is not None)
        self.loop, self.careful = make(), partial(make, careful=True)

    def advance(self, turn: Turn) -> Made:
        """Take a chunk of steps; beyond a divergence they are not finite, or of no meaning."""
        length, path = chunk(turn), list[float]()
        if self.trail is not None:
            return Made(self.trail(turn.k, length)[:, None], length)
        rates = None if self.rates is None else self.rates[turn.k : turn.k + length].tolist()
        given: dict[str, Any] = dict(zip(self.names, self.state, strict=True)) | self.settings
        given |= {"append": path.append, "k": turn.k, "steps": length, "rates": rates}
        try:
            self.state[:] = self.loop(**given)
        except ieee.RAISED:  # a number on the way is not finite: do this chunk again, carefully
            path.clear()
            self.state[:] = self.careful()(**given)
        return Made(np.fromiter(path, float, len(path)).reshape(length, 1, self.n), length)

    def in_one_go(self) -> tuple[Array, Array, Array] | None:
        """Take all steps at once in machine code; None where J may be infinite on the way."""
        value = compiled.lowered(self.cost.expr, self.cost.variables, "value")
        radius = tame.radius(self.cost.expr, self.cost.variables)
        loops_of = value, self.gradient, self.rule
        return machine_loops.whole(*loops_of, self.state, self.each, self.settings, radius)
