"""Fuse a landscape's gradient with a rule's update into one generated loop.

Two loops come from the same trees: scalar Python for one run, NumPy in place for many. The
browser fuses the same trees in the same order, which is why its paths agree with Python's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib import codegen, names
from gdlib.codegen import Block, Tree
from gdlib.inplace import InPlace

theta, g, k, eta = sp.symbols("theta g k eta", real=True)
"""The symbols that every rule may use: θ, g, the step's number k = 1, 2, …, and η."""

Named = tuple[tuple[str, Tree], ...]


class Rule(NamedTuple):
    """An update rule as trees, sorted by how often they must run.

    Names are those of `names_of`; those that differ from coordinate to coordinate end in `_i`.
    """

    moments: tuple[str, ...]
    hyperparameters: tuple[str, ...]
    powers: tuple[tuple[str, str], ...]
    """`(name, base)`: base to the k, kept as a running product."""
    once: Named
    each_step: Named
    each_coordinate: Named


@cache
def names_of(
    moments: tuple[sp.Symbol, ...], hyperparameters: tuple[sp.Symbol, ...]
) -> dict[sp.Symbol, str]:
    """Return what each symbol of a rule is called in printed code."""
    return names.of((*hyperparameters, *moments), (theta, g, k, eta), loop=True)


@cache
def lower_rule(
    moments: tuple[tuple[sp.Symbol, sp.Expr], ...],
    step: sp.Expr,
    hyperparameters: tuple[sp.Symbol, ...],
) -> Rule:
    """Lower a rule's lines, in order, and its step to trees for one coordinate.

    A remembered moment that is read before its line has its value of one step ago, in every line.
    """
    called = names_of(tuple(s for s, _ in moments), hyperparameters)
    remembered = tuple(called[s] for s in remembered_moments(moments))
    running = _running_powers([e for _, e in moments] + [step], hyperparameters)
    powers = {p: sp.Symbol(f"{called[p.base]}_power") for p in running}
    lowering = codegen.Lowering("b", {})
    now: dict[sp.Basic, sp.Basic] = {
        **{s: _called(s, name) for s, name in called.items()},
        **powers,
    }
    for symbol, expression in (*moments, (theta, theta + step)):
        tree = lowering.tree(expression.xreplace(now))
        name = called[symbol]
        renewed = f"{name}_new" if name in (*remembered, "theta") else name
        lowering.assignments.append((renewed, tree))
        now[symbol] = sp.Symbol(renewed)
    constants = tuple(called[s] for s in hyperparameters)
    bases = tuple((str(name), called[power.base]) for power, name in powers.items())
    return _sort(lowering.assignments, remembered, constants, bases)


def _called(symbol: sp.Symbol, name: str) -> sp.Symbol:
    """Return a symbol by the name that it has in printed code, with all that is assumed of it."""
    plain = type(symbol) is sp.Symbol and symbol.name == name
    return symbol if plain else sp.Symbol(name, **symbol.assumptions0)


def remembered_moments(moments: tuple[tuple[sp.Symbol, sp.Expr], ...]) -> tuple[sp.Symbol, ...]:
    """Return the quantities that a rule reads before it assigns them: what it must remember."""
    lines = dict(moments)
    assigned: set[sp.Symbol] = set()
    found = []
    for symbol, expression in moments:
        found += [s for s in lines if s in expression.free_symbols - assigned and s not in found]
        assigned.add(symbol)
    return tuple(s for s in lines if s in found)


def _running_powers(
    expressions: list[sp.Expr], hyperparameters: tuple[sp.Symbol, ...]
) -> list[sp.Pow]:
    """Find constants to the power k. A schedule changes η, so η to the k is no running product."""
    constants = set(hyperparameters) - {eta}
    powers = {p for e in expressions for p in e.atoms(sp.Pow) if p.exp == k and p.base in constants}
    return sorted(powers, key=str)


def _sort(
    assignments: list[tuple[str, Tree]],
    moments: tuple[str, ...],
    hyperparameters: tuple[str, ...],
    powers: tuple[tuple[str, str], ...],
) -> Rule:
    """Move what does not depend on the coordinate, or not even on the step, out of the loop."""
    renewed = {f"{name}_new" for name in (*moments, "theta")}
    sorter = _Sorter(set(hyperparameters), {str(k), *(name for name, _ in powers)}, renewed)
    for name, tree in assignments:
        sorter.place(name, tree)
    each = _reuse_names(sorter.each_coordinate, (*moments, "theta"))
    local = {"theta", "g", *moments, *(name for name, _ in each)}
    suffix = {name: f"{name}_i" for name in local}
    each = tuple((suffix[name], _rename(tree, suffix)) for name, tree in each)
    return Rule(moments, hyperparameters, powers, tuple(sorter.once), tuple(sorter.each_step), each)


class _Sorter:
    """Sort assignments into once, each step, each coordinate, hoisting whole subtrees.

    What is in `renewed` is kept for each coordinate, even where its value is the same for all.
    """

    def __init__(self, constant: set[str], stepwise: set[str], renewed: set[str]) -> None:
        self.constant, self.stepwise, self.renewed = constant, stepwise, renewed
        self.once: list[tuple[str, Tree]] = []
        self.each_step: list[tuple[str, Tree]] = []
        self.each_coordinate: list[tuple[str, Tree]] = []
        self._hoisted: dict[Tree, str] = {}

    def place(self, name: str, tree: Tree) -> None:
        level = self._level(tree)
        if level == 2 or name in self.renewed:
            self.each_coordinate.append((name, self._lift(tree, 2)))
        else:
            self._keep(level, name, tree)

    def _level(self, tree: Tree) -> int:
        names = codegen.names_in(tree)
        return 0 if names <= self.constant else 1 if names <= self.constant | self.stepwise else 2

    def _keep(self, level: int, name: str, tree: Tree) -> None:
        (self.each_step if level else self.once).append(
            (name, self._hoist(tree) if level else tree)
        )
        (self.stepwise if level else self.constant).add(name)

    def _hoist(self, tree: Tree) -> Tree:
        """Replace the parts of a tree that could run less often by names."""
        if isinstance(tree, str):
            return tree
        mine = self._level(tree)
        return (tree[0], *(self._lift(part, mine) for part in tree[1:]))

    def _lift(self, part: Tree, above: int) -> Tree:
        if isinstance(part, str) or not codegen.names_in(part):
            return part
        level = self._level(part)
        if level >= above:
            return self._hoist(part)
        if part not in self._hoisted:
            self._hoisted[part] = f"c{len(self._hoisted)}"
            self._keep(level, self._hoisted[part], part)
        return self._hoisted[part]


def _reuse_names(assignments: list[tuple[str, Tree]], state: tuple[str, ...]) -> Named:
    """Let a new value take its old one's name where nothing reads the old one any more."""
    lines = list(assignments)
    for old in state:
        new = f"{old}_new"
        at = [name for name, _ in lines].index(new)
        if any(old in codegen.names_in(tree) for _, tree in lines[at + 1 :]):
            lines.append((old, new))
        else:
            lines = [
                (old if n == new else n, _rename(t, {new: old}) if i > at else t)
                for i, (n, t) in enumerate(lines)
            ]
    return tuple(lines)


def _rename(tree: Tree, names: Mapping[str, str]) -> Tree:
    if isinstance(tree, str):
        return names.get(tree, tree)
    return (tree[0], *(_rename(part, names) for part in tree[1:]))


def _coordinates(rule: Rule, n: int) -> Iterator[tuple[str, Tree]]:
    """Repeat the rule's lines for each coordinate: `m_i` becomes `m_0`, then `m_1`, and so on."""
    for i in range(n):
        local = {name: f"{name[:-2]}_{i}" for name in _local_names(rule)}
        for name, tree in rule.each_coordinate:
            yield local[name], _rename(tree, local)


def _local_names(rule: Rule) -> set[str]:
    read = set().union(*(codegen.names_in(tree) for _, tree in rule.each_coordinate))
    return {
        name for name in read | {name for name, _ in rule.each_coordinate} if name.endswith("_i")
    }


def state_names(rule: Rule, n: int) -> list[str]:
    """Name what a loop carries from step to step: coordinates, moments, running powers."""
    each = [f"{name}_{i}" for name in ("theta", *rule.moments) for i in range(n)]
    return each + [name for name, _ in rule.powers]


def scalar_source(gradient: Block, rule: Rule, scheduled: bool, target: str = "python") -> str:
    """Write the loop for one run: it appends each point to a flat list and returns its state.

    In the target "careful" it goes on where arithmetic has no finite result, as a grid does.
    """
    n = len(gradient.results)
    state = state_names(rule, n)
    gradients = [(f"g_{i}", tree) for i, tree in enumerate(gradient.results)]
    once, each_step = _by_schedule(rule, scheduled)
    head = (
        "for k, eta in enumerate(rates, k + 1):"
        if scheduled
        else "for k in range(k + 1, k + steps + 1):"
    )
    arguments = ["append", "k", "steps", "rates", *state, *rule.hyperparameters]
    body = [*gradient.assignments, *gradients, *each_step, *_coordinates(rule, n)]
    return "\n".join(
        [
            f"def run({', '.join(dict.fromkeys(arguments))}):",
            *codegen.statements(once, target),
            f"    {head}",
            *_counted(each_step, rule),
            *(f"        {name} *= {base}" for name, base in rule.powers),
            *codegen.statements(body, target, " " * 8),
            *(f"        append(theta_{i})" for i in range(n)),
            f"    return {', '.join(state)},",
        ]
    )


def _by_schedule(rule: Rule, scheduled: bool) -> tuple[Named, Named]:
    """Move what depends on η into the loop when a schedule changes η at every step."""
    if not scheduled:
        return rule.once, rule.each_step
    moved: list[tuple[str, Tree]] = []
    changing = {str(eta)}
    for name, tree in rule.once:
        if codegen.names_in(tree) & changing:
            moved.append((name, tree))
            changing.add(name)
    return tuple(pair for pair in rule.once if pair not in moved), (*moved, *rule.each_step)


def _counted(each_step: Named, rule: Rule) -> list[str]:
    """Make the step's number a float where it is computed with: powers of an int grow for ever."""
    trees = [tree for _, tree in (*each_step, *rule.each_coordinate)]
    return ["        k = float(k)"] if any("k" in codegen.names_in(t) for t in trees) else []


def grid_source(gradient: Block, rule: Rule) -> tuple[str, int]:
    """Write the loop for many runs at once, in place; return it and how many buffers it needs.

    Arrays are of shape (runs,); `rates` is a list of learning rates, one a step; `record(k)` is
    called after each step.
    """
    n = len(gradient.results)
    state = state_names(rule, n)
    arrays = state[: n * (1 + len(rule.moments))]
    once, each_step = _by_schedule(rule, scheduled=True)
    printer = InPlace(arrays)
    gradients = [(f"g_{i}", tree) for i, tree in enumerate(gradient.results)]
    body = [*gradient.assignments, *gradients, *_coordinates(rule, n)]
    printer.run(body, arrays)
    unpack = [f"    {name} = buffers[{i}]" for i, name in enumerate(printer.buffers)]
    constants = [name for name in rule.hyperparameters if name != str(eta)]
    arguments = ["record", "k", "rates", "buffers", *state, *constants]
    source = "\n".join(
        [
            f"def run({', '.join(arguments)}):",
            *unpack,
            *codegen.statements(once, "careful"),
            "    for step, eta in enumerate(rates, k + 1):",
            "        k = float(step)",
            *(f"        {name} *= {base}" for name, base in rule.powers),
            *codegen.statements(each_step, "careful", " " * 8),
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
    return codegen.compile_python(source, "run", careful=careful)


@cache
def grid_loop(gradient: Block, rule: Rule) -> tuple[Callable[..., Any], int]:
    """Compile the loop for many runs; also return how many buffers it needs."""
    source, buffers = grid_source(gradient, rule)
    return codegen.compile_python(source, "run", careful=True), buffers


def step_source(rule: Rule) -> tuple[str, int]:
    """Write one step in place on arrays of any shape; return it and how many buffers it needs."""
    arrays = [f"{name}_i" for name in ("theta", "g", *rule.moments)]
    printer = InPlace(arrays)
    printer.run(rule.each_coordinate, [name for name in arrays if name != "g_i"])
    powers = [name for name, _ in rule.powers]
    arguments = ["k", "buffers", *arrays, *powers, *rule.hyperparameters]
    source = "\n".join(
        [
            f"def step({', '.join(arguments)}):",
            *(f"    {name} = buffers[{i}]" for i, name in enumerate(printer.buffers)),
            *codegen.statements((*rule.once, *rule.each_step), "careful"),
            *(f"    {line}" for line in printer.lines),
            "    return",  # a rule may leave everything as it is
        ]
    )
    return source, len(printer.buffers)


@cache
def step_in_place(rule: Rule) -> tuple[Callable[..., None], int]:
    """Compile one step in place; also return how many buffers it needs."""
    source, buffers = step_source(rule)
    return codegen.compile_python(source, "step", careful=True), buffers


class Stepper:
    """A rule with its memory, moving one array θ of any shape in place, gradient by gradient."""

    def __init__(
        self,
        rule: Rule,
        theta: NDArray[np.float64],
        initial: Callable[[str], float],
        settings: Mapping[str, float],
    ) -> None:
        self.theta = theta
        self.settings = dict(settings)
        self._step, buffers = step_in_place(rule)
        self._buffers = [np.empty_like(theta) for _ in range(buffers)]
        self._moments = [np.full(theta.shape, initial(name)) for name in rule.moments]
        self._bases = [self.settings[base] for _, base in rule.powers]
        self._powers = [1.0] * len(self._bases)
        self._k = 0

    def step(self, gradient: NDArray[np.float64], learning_rate: float | None = None) -> None:
        """Move θ by one step; the gradient must have θ's shape."""
        if learning_rate is not None and "eta" in self.settings:
            self.settings["eta"] = learning_rate
        self._k += 1
        for i, base in enumerate(self._bases):
            self._powers[i] *= base
        self._step(
            float(self._k), self._buffers, self.theta, gradient, *self._moments, *self._powers,
            *self.settings.values(),
        )  # fmt: skip
