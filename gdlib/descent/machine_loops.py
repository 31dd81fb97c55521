"""Advance runs in machine code, where that pays: the same loops, compiled by Numba.

Of many starts, each is carried in registers through one step, some 256 of them in a row, so that
their arrays stay in the nearest cache and the compiler can take several at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib.descent.generated_loops import coordinates, state_names
from gdlib.formula import compiled, machine, tame, targets
from gdlib.formula.lower import Block
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.optimizers.lowered import Rule, by_rate
from gdlib.optimizers.symbols import eta

Array = NDArray[np.float64]

WORTH, WORTH_ALONE = 10_000_000, 500_000
"""Starts × steps, and steps of one run, from which it is compiled: that takes NumPy as long.

Compiling takes a second the first time, some 0.1 s from then on.
"""
CHUNK = 512
"""Steps between two looks at a block in machine code."""
COLUMNS = 256
"""Starts in a row: their coordinates and moments fit into a core's nearest cache."""


def pays(starts: int, steps: int, radius: float) -> bool:
    """Tell whether a run is advanced in machine code: by its size alone, so that it repeats.

    Where a cost may be infinite anywhere, each step needs a look at it, which NumPy gives.
    """
    return radius > 0 and starts * steps >= WORTH and machine.available()


def pays_alone(steps: int) -> bool:
    """Tell whether one run is advanced in machine code: to the same bits as by Python's floats."""
    return steps >= WORTH_ALONE and machine.available()


def block_source(gradient: Block, rule: Rule) -> str:
    """Write the loop over the columns `start` to `ends` of a state, in place.

    It returns how often a coordinate was beyond the radius, or no number.
    """
    n = len(gradient.results)
    rows = state_names(rule, n)[: n * (1 + len(rule.moments))]
    once, moved = by_rate(rule)
    gradients = [(f"g_{i}", tree) for i, tree in enumerate(gradient.results)]
    deep = " " * 12
    return "\n".join(
        [
            f"def block(start, ends, state, {', '.join(_told(rule))}):",
            *targets.statements(once, "numba"),
            *(f"    row_{j} = state[{j}, start:ends]" for j in range(len(rows))),
            "    beyond = 0",
            "    for step in range(steps):",
            "        eta = rates[step]",
            "        k += 1.0",
            *(f"        {name} *= {base}" for name, base in rule.powers),
            *targets.statements([*moved, *rule.each_step], "numba", " " * 8),
            "        for i in range(ends - start):",
            *(f"{deep}{name} = row_{j}[i]" for j, name in enumerate(rows)),
            *targets.statements([*gradient.assignments, *gradients], "numba", deep),
            *targets.statements([*coordinates(rule, n)], "numba", deep),
            *(f"{deep}row_{j}[i] = {name}" for j, name in enumerate(rows)),
            f"{deep}beyond += {_beyond(n)}",
            "    return beyond",
            "",
        ]
    )


def _told(rule: Rule) -> list[str]:
    """Name what a block is told besides its state."""
    constants = [name for name in rule.hyperparameters if name != str(eta)]
    return ["steps", "k", "rates", "radius", *(name for name, _ in rule.powers), *constants]


def chunk_source(gradient: Block, rule: Rule) -> str:
    """Write the loop over all columns of a state, block by block, in place."""
    told = ", ".join(_told(rule))
    return "\n".join(
        [
            block_source(gradient, rule),
            "",
            "@njit",
            f"def run(state, {told}):",
            "    beyond = 0",
            f"    for start in range(0, state.shape[1], {COLUMNS}):",
            f"        ends = min(start + {COLUMNS}, state.shape[1])",
            f"        beyond += block(start, ends, state, {told})",
            "    return beyond",
            "",
        ]
    )


def ends_source(value: Block, gradient: Block, rule: Rule) -> str:
    """Write what runs starts to their end, a few at a time in a state that stays in the cache.

    It fills in the ends (`path`), values and gradients (`targets`); `buffer` holds the moments'
    first values.
    """
    n = len(gradient.results)
    rows, told = n * (1 + len(rule.moments)), ", ".join(_told(rule))
    deep = " " * 12
    return "\n".join(
        [
            block_source(gradient, rule),
            "",
            "@njit",
            f"def run(starts, path, values, targets, buffer, {told}):",
            f"    state = np.empty(({rows}, {COLUMNS}))",
            "    beyond = 0",
            f"    for start in range(0, path.shape[0], {COLUMNS}):",
            f"        ends = min({COLUMNS}, path.shape[0] - start)",
            "        for i in range(ends):",
            *(f"{deep}state[{j}, i] = starts[start + i, {j}]" for j in range(n)),
            *(f"{deep}state[{j}, i] = buffer[{j - n}]" for j in range(n, rows)),
            f"        beyond += block(0, ends, state, {told})",
            "        for i in range(ends):",
            *(f"{deep}theta_{j} = path[start + i, {j}] = state[{j}, i]" for j in range(n)),
            *targets.statements(value.assignments, "numba", deep),
            f"{deep}values[start + i] = {targets.infix(value.results[0], 'numba')}",
            *targets.statements(gradient.assignments, "numba", deep),
            *(
                f"{deep}targets[start + i, {j}] = {targets.infix(tree, 'numba')}"
                for j, tree in enumerate(gradient.results)
            ),
            "    return beyond",
            "",
        ]
    )


def trail_source(gradient: Block, rule: Rule) -> str:
    """Write the loop for one run: it renews its state and fills in a path (steps, n)."""
    n = len(gradient.results)
    names = state_names(rule, n)
    once, moved = by_rate(rule)
    gradients = [(f"g_{i}", tree) for i, tree in enumerate(gradient.results)]
    constants = [name for name in rule.hyperparameters if name != str(eta)]
    body = [*moved, *rule.each_step, *gradient.assignments, *gradients, *coordinates(rule, n)]
    deep = " " * 8
    return "\n".join(
        [
            f"def run({', '.join(['state', 'k', 'steps', 'rates', 'path', *constants])}):",
            *(f"    {name} = state[{j}]" for j, name in enumerate(names)),
            *targets.statements(once, "numba"),
            "    for step in range(steps):",
            "        eta = rates[step]",
            "        k += 1.0",
            *(f"        {name} *= {base}" for name, base in rule.powers),
            *targets.statements(body, "numba", deep),
            *(f"{deep}path[step, {i}] = theta_{i}" for i in range(n)),
            *(f"    state[{j}] = {name}" for j, name in enumerate(names)),
            "",
        ]
    )


def whole_source(value: Block, gradient: Block, rule: Rule) -> str:
    """Write a whole run of `steps` points: fill in path, values and gradients (`targets`).

    It returns how many points were beyond the radius, or no numbers.
    """
    n = len(gradient.results)
    names = state_names(rule, n)
    once, moved = by_rate(rule)
    gradients = [(f"g_{i}", tree) for i, tree in enumerate(gradient.results)]
    constants = [name for name in rule.hyperparameters if name != str(eta)]
    arguments = ["state", "steps", "rates", "radius", "path", "values", "targets", *constants]
    seen = [*value.assignments, ("values[step]", value.results[0]), *gradient.assignments]
    body = [*moved, *rule.each_step, *coordinates(rule, n)]
    deep = " " * 8
    return "\n".join(
        [
            f"def run({', '.join(arguments)}):",
            *(f"    {name} = state[{j}]" for j, name in enumerate(names)),
            *targets.statements(once, "numba"),
            "    k = 0.0",
            "    beyond = 0",
            "    for step in range(steps):",
            *(f"{deep}path[step, {i}] = theta_{i}" for i in range(n)),
            f"{deep}beyond += {_beyond(n)}",
            *targets.statements([*seen, *gradients], "numba", deep),
            *(f"{deep}targets[step, {i}] = g_{i}" for i in range(n)),
            "        eta = rates[step]",
            "        k += 1.0",
            *(f"        {name} *= {base}" for name, base in rule.powers),
            *targets.statements(body, "numba", deep),
            "    return beyond",
            "",
        ]
    )


def _beyond(n: int) -> str:
    return " | ".join(f"(not abs(theta_{i}) <= radius)" for i in range(n))  # NaN is beyond


def whole(
    cost: Landscape, optimizer: Optimizer, state: list[float], rates: Array
) -> tuple[Array, Array, Array] | None:
    """Run one start in machine code; return points, values, gradients, or None beyond the radius.

    There the run may have ended, which only a look at it can tell.
    """
    loop = machine.compile_numba(whole_source(*_formulas(cost), optimizer.rule), "run")
    points, radius = len(rates) + 1, tame.radius(cost.expr, cost.variables)
    found = np.empty((points, cost.n)), np.empty(points), np.empty((points, cost.n))
    given = np.append(rates, 0.0)  # a step from the last point, which nobody sees
    beyond = loop(np.array(state), points, given, radius, *found, *_constants(optimizer))
    return None if beyond else found


def trail(
    cost: Landscape, optimizer: Optimizer, state: list[float], rates: Array
) -> Callable[[int, int], Array]:
    """Return what takes the next steps of one run in machine code, and returns their points."""
    loop = machine.compile_numba(trail_source(_formulas(cost)[1], optimizer.rule), "run")
    now, constants = np.array(state), _constants(optimizer)

    def run(first: int, length: int) -> Array:
        path = np.empty((length, cost.n))
        given = np.ascontiguousarray(rates[first : first + length])
        loop(now, float(first), length, given, path, *constants)
        return path

    return run


def _formulas(cost: Landscape) -> tuple[Block, Block]:
    """Return a landscape's value and gradient as trees."""
    value, gradient = (
        compiled.lowered(cost.expr, cost.variables, what) for what in ("value", "gradient")
    )
    return value, gradient


def _constants(optimizer: Optimizer) -> list[float]:
    """Return a rule's numbers in the order in which a loop takes them: all but the rate."""
    settings = optimizer.numbers
    return [settings[name] for name in optimizer.rule.hyperparameters if name != str(eta)]


@cache
def _chunk_loop(gradient: Block, rule: Rule) -> Callable[..., Any]:
    return machine.compile_numba(chunk_source(gradient, rule), "run")


class Machine:
    """The steps of many starts of one cost, all of them within its radius."""

    def __init__(self, cost: Landscape, optimizer: Optimizer) -> None:
        self.optimizer, self.radius = optimizer, tame.radius(cost.expr, cost.variables)
        self._run = _chunk_loop(_formulas(cost)[1], optimizer.rule)

    def advance(self, state: Array, k: int, rates: Array, powers: list[float]) -> bool:
        """Take a step for each rate; or leave all as it was, and say False: a look is needed."""
        before, settings = state.copy(), self.optimizer.numbers
        given = np.ascontiguousarray(rates), self.radius, *powers, *_constants(self.optimizer)
        if self._run(state, len(rates), float(k), *given):
            state[:] = before
            return False
        for i, (_, base) in enumerate(self.optimizer.rule.powers):
            powers[i] = math.prod([settings[base]] * len(rates), start=powers[i])
        return True


def ends(
    cost: Landscape, optimizer: Optimizer, starts: Array, rates: Array
) -> tuple[Array, Array, Array] | None:
    """Run starts (runs, n) to their end: points, values, gradients; None beyond the radius."""
    rule, runs = optimizer.rule, len(starts)
    loop = machine.compile_numba(ends_source(*_formulas(cost), rule), "run")
    moments = [optimizer.initial_moment(name) for name in rule.moments for _ in range(cost.n)]
    found = np.empty_like(starts), np.empty(runs), np.empty_like(starts)
    given = np.ascontiguousarray(rates), tame.radius(cost.expr, cost.variables)
    powers = [1.0 for _ in rule.powers]
    told = np.array(moments), len(rates), 0.0, *given, *powers, *_constants(optimizer)
    return None if loop(starts, *found, *told) else found
