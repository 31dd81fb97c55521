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
from gdlib.formula import machine, targets
from gdlib.formula.lower import Block
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
    names = state_names(rule, n)
    rows = names[: n * (1 + len(rule.moments))]
    once, moved = by_rate(rule)
    gradients = [(f"g_{i}", tree) for i, tree in enumerate(gradient.results)]
    constants = [name for name in rule.hyperparameters if name != str(eta)]
    arguments = ["state", "column", "steps", "k", "rates", "radius", *names[len(rows) :]]
    run = ", ".join([*arguments, *constants])
    deep = " " * 12
    return "\n".join(
        [
            f"def block(start, ends, {run}):",
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
            "",
            '@njit(error_model="numpy", cache=True)',
            f"def run({run}):",
            "    beyond = 0",
            f"    for start in range(0, column, {COLUMNS}):",
            f"        ends = start + {COLUMNS} if start + {COLUMNS} < column else column",
            f"        beyond += block(start, ends, {run})",
            "    return beyond",
            "",
        ]
    )


def look_source(value: Block, gradient: Block) -> str:
    """Write a function that fills in value and gradient where the columns of a state are."""
    n = len(gradient.results)
    deep = " " * 8
    return "\n".join(
        [
            "def look(state, column, values, path):",
            *(f"    row_{j} = state[{j}]" for j in range(n)),
            "    for i in range(column):",
            *(f"{deep}theta_{j} = row_{j}[i]" for j in range(n)),
            *targets.statements(value.assignments, "numba", deep),
            f"{deep}values[i] = {targets.infix(value.results[0], 'numba')}",
            *targets.statements(gradient.assignments, "numba", deep),
            *(
                f"{deep}path[i, {j}] = {targets.infix(tree, 'numba')}"
                for j, tree in enumerate(gradient.results)
            ),
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
    value: Block,
    gradient: Block,
    rule: Rule,
    state: list[float],
    rates: Array,
    settings: dict[str, float],
    radius: float,
) -> tuple[Array, Array, Array] | None:
    """Run one start in machine code; return points, values, gradients, or None beyond the radius.

    There the run may have ended, which only a look at it can tell.
    """
    loop = machine.compile_numba(whole_source(value, gradient, rule), "run")
    points, n = len(rates) + 1, len(gradient.results)
    found = np.empty((points, n)), np.empty(points), np.empty((points, n))
    constants = [settings[name] for name in rule.hyperparameters if name != str(eta)]
    given = np.append(rates, 0.0)  # a step from the last point, which nobody sees
    beyond = loop(np.array(state), points, given, radius, *found, *constants)
    return None if beyond else found


def trail(
    gradient: Block, rule: Rule, state: list[float], rates: Array, settings: dict[str, float]
) -> Callable[[int, int], Array]:
    """Return what takes the next steps of one run in machine code, and returns their points."""
    loop = machine.compile_numba(trail_source(gradient, rule), "run")
    now, n = np.array(state), len(gradient.results)
    constants = [settings[name] for name in rule.hyperparameters if name != str(eta)]

    def run(first: int, length: int) -> Array:
        path = np.empty((length, n))
        given = np.ascontiguousarray(rates[first : first + length])
        loop(now, float(first), length, given, path, *constants)
        return path

    return run


@cache
def _compiled(value: Block, gradient: Block, rule: Rule) -> tuple[Callable[..., Any], ...]:
    steps = machine.compile_numba(block_source(gradient, rule), "run")
    return steps, machine.compile_numba(look_source(value, gradient), "look")


class Machine:
    """The steps and the last look of many starts of one cost, all of them within its radius."""

    def __init__(self, value: Block, gradient: Block, rule: Rule, radius: float) -> None:
        self.rule, self.radius, self.n = rule, radius, len(gradient.results)
        self._run, self._look = _compiled(value, gradient, rule)

    def advance(
        self, state: Array, k: int, rates: Array, powers: list[float], settings: dict[str, float]
    ) -> bool:
        """Take a step for each rate; or leave all as it was, and say False: a look is needed."""
        before = state.copy()
        constants = [settings[name] for name in self.rule.hyperparameters if name != str(eta)]
        given: list[Any] = [np.ascontiguousarray(rates), self.radius, *powers, *constants]
        if self._run(state, state.shape[1], len(rates), float(k), *given):
            state[:] = before
            return False
        for i, (_, base) in enumerate(self.rule.powers):
            powers[i] = math.prod([settings[base]] * len(rates), start=powers[i])
        return True

    def end(
        self, starts: Array, moments: list[float], rates: Array, settings: dict[str, float]
    ) -> tuple[Array, Array, Array] | None:
        """Run all starts (runs, n) to their end: points, values, gradients; None beyond."""
        state = np.empty((self.n * (1 + len(moments)), len(starts)))
        state[: self.n] = starts.T
        state[self.n :] = np.repeat(moments, self.n)[:, None]
        constants = [settings[name] for name in self.rule.hyperparameters if name != str(eta)]
        given = [np.ascontiguousarray(rates), self.radius, *(1.0 for _ in self.rule.powers)]
        if self._run(state, len(starts), len(rates), 0.0, *given, *constants):
            return None
        return np.ascontiguousarray(state[: self.n].T), *self.look(state)

    def look(self, state: Array) -> tuple[Array, Array]:
        """Return values (runs,) and gradients (runs, n) where a state is."""
        runs = state.shape[1]
        values, gradients = np.empty(runs), np.empty((runs, self.n))
        self._look(state, runs, values, gradients)
        return values, gradients
