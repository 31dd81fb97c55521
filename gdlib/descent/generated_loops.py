"""Fuse a landscape's gradient with a rule's update into one generated loop.

Two loops come from the same trees: scalar Python for one run, NumPy in place for many. The
browser fuses the same trees in the same order, which is why its paths agree with Python's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from gdlib.formula import targets
from gdlib.formula.buffers import InPlace
from gdlib.formula.lower import Block, Tree
from gdlib.optimizers.lowered import Named, Rule, by_rate, rename
from gdlib.optimizers.symbols import eta


def coordinates(rule: Rule, n: int) -> Iterator[tuple[str, Tree]]:
    """Repeat the rule's lines for each coordinate: `m_i` becomes `m_0`, then `m_1`, and so on."""
    for i in range(n):
        local = {name: f"{name[:-2]}_{i}" for name in _local_names(rule)}
        for name, tree in rule.each_coordinate:
            yield local[name], rename(tree, local)


def _local_names(rule: Rule) -> set[str]:
    read = set().union(*(targets.names_in(tree) for _, tree in rule.each_coordinate))
    return {
        name for name in read | {name for name, _ in rule.each_coordinate} if name.endswith("_i")
    }


def state_names(rule: Rule, n: int) -> list[str]:
    """Name what a loop carries from step to step: coordinates, moments, running powers."""
    each = [f"{name}_{i}" for name in ("theta", *rule.moments) for i in range(n)]
    return each + [name for name, _ in rule.powers]


def scalar_source(gradient: Block, rule: Rule, scheduled: bool, target: str = "python") -> str:
    """Write the loop for one run: it yields each coordinate of each point, and renews `state`.

    In the target "careful" it goes on where arithmetic has no finite result, as a grid does.
    """
    n = len(gradient.results)
    state = state_names(rule, n)
    # All partial derivatives before any coordinate moves: each is taken at the same point.
    gradients = [(f"g_{i}", tree) for i, tree in enumerate(gradient.results)]
    # What hangs on the rate alone is computed once, unless a schedule changes the rate.
    once, moved = by_rate(rule) if scheduled else (rule.once, ())
    each_step = (*moved, *rule.each_step)
    head = (
        "for k, eta in enumerate(rates, k + 1):"
        if scheduled
        else "for k in range(k + 1, k + steps + 1):"
    )
    arguments = ["state", "k", "steps", "rates", *rule.hyperparameters]
    body = [*gradient.assignments, *gradients, *each_step, *coordinates(rule, n)]
    return "\n".join(
        [
            f"def run({', '.join(arguments)}):",
            f"    {', '.join(state)}, = state",
            *targets.statements(once, target),
            f"    {head}",
            *_counted(each_step, rule),
            *(f"        {name} *= {base}" for name, base in rule.powers),
            *targets.statements(body, target, " " * 8),
            # Number by number: a list would hold them all, and tuples take longer.
            *(f"        yield theta_{i}" for i in range(n)),
            f"    state[:] = {', '.join(state)},",
        ]
    )


def _counted(each_step: Named, rule: Rule) -> list[str]:
    """Make the step's number a float where it is computed with: powers of an int grow for ever."""
    trees = [tree for _, tree in (*each_step, *rule.each_coordinate)]
    return ["        k = float(k)"] if any("k" in targets.names_in(t) for t in trees) else []


def grid_source(gradient: Block, rule: Rule) -> tuple[str, int]:
    """Write the loop for many runs at once, in place; return it and how many buffers it needs.

    Arrays are of shape (runs,); `rates` is a list of learning rates, one a step; `record(k)` is
    called after each step.
    """
    n = len(gradient.results)
    state = state_names(rule, n)
    arrays = state[: n * (1 + len(rule.moments))]
    # Always as on a schedule: beside whole arrays it is nothing, and there is one loop for both.
    once, moved = by_rate(rule)
    each_step = (*moved, *rule.each_step)
    printer = InPlace(arrays)
    gradients = [(f"g_{i}", tree) for i, tree in enumerate(gradient.results)]
    body = [*gradient.assignments, *gradients, *coordinates(rule, n)]
    printer.run(body, arrays)
    # By name: an item would be looked up in each of a step's operations.
    unpack = [f"    {name} = buffers[{i}]" for i, name in enumerate(printer.buffers)]
    constants = [name for name in rule.hyperparameters if name != str(eta)]
    arguments = ["record", "k", "rates", "buffers", *state, *constants]
    source = "\n".join(
        [
            f"def run({', '.join(arguments)}):",
            *unpack,
            *targets.statements(once, "careful"),
            "    for step, eta in enumerate(rates, k + 1):",
            "        k = float(step)",
            *(f"        {name} *= {base}" for name, base in rule.powers),
            *targets.statements(each_step, "careful", " " * 8),
            *(f"        {line}" for line in printer.lines),
            "        record(step)",
            f"    return {', '.join(state)},",
        ]
    )
    return source, len(printer.buffers)


@cache
def scalar_loop(
    gradient: Block, rule: Rule, scheduled: bool, *, careful: bool = False
) -> Callable[..., Any]:
    """Compile the loop for one run: the fast one, which raises, or the `careful` one."""
    target = "careful" if careful else "python"
    source = scalar_source(gradient, rule, scheduled, target)
    return targets.compile_python(source, "run", careful=careful)


@cache
def grid_loop(gradient: Block, rule: Rule) -> tuple[Callable[..., Any], int]:
    """Compile the loop for many runs; also return how many buffers it needs."""
    source, buffers = grid_source(gradient, rule)
    return targets.compile_python(source, "run", careful=True), buffers
