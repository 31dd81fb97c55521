"""An update rule lowered to trees once, sorted by how often each must run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import sympy as sp

from gdlib.formula import names, targets
from gdlib.formula.lower import Lowering, Tree
from gdlib.optimizers.symbols import eta, g, k, theta

Named = tuple[tuple[str, Tree], ...]


class Lines(NamedTuple):
    """An update rule as trees for one coordinate: all that is printed of a rule is made of these.

    Names are those of `names_of`; what a remembered moment becomes ends in `_new`.
    """

    remembered: tuple[str, ...]
    hyperparameters: tuple[str, ...]
    assignments: Named
    """Every moment's line, in order, and intermediates."""
    step: Tree
    theta: Tree
    """What is added to θ, and what θ becomes."""


class Rule(NamedTuple):
    """An update rule's lines as a loop runs them, sorted by how often each must run.

    Names that differ from coordinate to coordinate end in `_i`.
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
) -> Lines:
    """Lower a rule's lines, in order, and its step to trees for one coordinate.

    A remembered moment that is read before its line has its value of one step ago, in every line.
    """
    called = names_of(tuple(s for s, _ in moments), hyperparameters)
    remembered = {called[s] for s in remembered_moments(moments)}
    names: dict[sp.Symbol, Tree] = {**called}
    lowering = Lowering("b", names)
    for symbol, expression in moments:
        renewed = f"{called[symbol]}_new" if called[symbol] in remembered else called[symbol]
        lowering.assignments.append((renewed, lowering.tree(expression)))
        names[symbol] = renewed
    # SymPy adds θ and the step: where the step is a new θ less the old one, θ cancels exactly.
    added, becomes = (lowering.tree(expression) for expression in (step, theta + step))
    return Lines(
        tuple(called[s] for s, _ in moments if called[s] in remembered),
        tuple(called[s] for s in hyperparameters),
        tuple(lowering.assignments),
        added,
        becomes,
    )


def remembered_moments(moments: tuple[tuple[sp.Symbol, sp.Expr], ...]) -> tuple[sp.Symbol, ...]:
    """Return the quantities that a rule reads before it assigns them: what it must remember."""
    lines = dict(moments)
    assigned: set[sp.Symbol] = set()
    found = []
    for symbol, expression in moments:
        found += [s for s in lines if s in expression.free_symbols - assigned and s not in found]
        assigned.add(symbol)
    return tuple(s for s in lines if s in found)


@cache
def sort_lines(lines: Lines) -> Rule:
    """Move what does not depend on the coordinate, or not even on the step, out of the loop.

    βᵏ becomes a product that is carried on from step to step: powers are slow, and each language
    rounds them its own way. A schedule changes η, so ηᵏ is no such product.
    """
    powers = {s: f"{s}_power" for s in lines.hyperparameters if s != str(eta)}
    instead = {("pow", s, str(k)): power for s, power in powers.items()}
    lowered = (*lines.assignments, ("theta_new", lines.theta))
    trees = [(name, rename(tree, instead)) for name, tree in lowered]
    read = set().union(*(targets.names_in(tree) for _, tree in trees))
    running = tuple((power, s) for s, power in powers.items() if power in read)
    # θ is one more quantity that is remembered; its line is the last.
    state = (*lines.remembered, "theta")
    renewed = {f"{name}_new" for name in state}
    stepwise = {str(k), *(name for name, _ in running)}
    sorter = _Sorter(set(lines.hyperparameters), stepwise, renewed)
    for name, tree in trees:
        sorter.place(name, tree)
    each = reuse_names(sorter.each_coordinate, state)
    local = {"g", *state, *(name for name, _ in each)}
    suffix = {name: f"{name}_i" for name in local}
    each = tuple((suffix[name], rename(tree, suffix)) for name, tree in each)
    once, each_step = tuple(sorter.once), tuple(sorter.each_step)
    return Rule(lines.remembered, lines.hyperparameters, running, once, each_step, each)


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
        names = targets.names_in(tree)
        # 0: once a run; 1: at each step; 2: for each coordinate.
        return 0 if names <= self.constant else 1 if names <= self.constant | self.stepwise else 2

    def _keep(self, level: int, name: str, tree: Tree) -> None:
        # What runs once may stay whole: nothing runs less often, so no part of it can move.
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
        if isinstance(part, str) or not targets.names_in(part):
            return part
        level = self._level(part)
        # Only what runs less often gets a name; of the rest, the parts are looked at.
        if level >= above:
            return self._hoist(part)
        if part not in self._hoisted:
            self._hoisted[part] = f"c{len(self._hoisted)}"
            self._keep(level, self._hoisted[part], part)
        return self._hoisted[part]


def reuse_names(assignments: list[tuple[str, Tree]], state: tuple[str, ...]) -> Named:
    """Let a new value take its old one's name where nothing reads the old one any more."""
    lines = list(assignments)
    for old in state:
        new = f"{old}_new"
        at = [name for name, _ in lines].index(new)
        # With one name for both, no step ends in copies, and arrays are renewed where they stand.
        if any(old in targets.names_in(tree) for _, tree in lines[at + 1 :]):
            lines.append((old, new))
        else:
            lines = [
                (old if n == new else n, rename(t, {new: old}) if i > at else t)
                for i, (n, t) in enumerate(lines)
            ]
    return tuple(lines)


def by_rate(rule: Rule) -> tuple[Named, Named]:
    """Split what a rule computes once: what stays, and what a schedule's η changes every step."""
    moved: list[tuple[str, Tree]] = []
    changing = {str(eta)}
    for name, tree in rule.once:
        if targets.names_in(tree) & changing:
            moved.append((name, tree))
            changing.add(name)
    return tuple(pair for pair in rule.once if pair not in moved), tuple(moved)


def rename(tree: Tree, names: Mapping[Any, str]) -> Tree:
    """Call some of a tree's names otherwise, or give whole parts of it a name."""
    if tree in names or isinstance(tree, str):
        return names.get(tree, tree)
    return (tree[0], *(rename(part, names) for part in tree[1:]))
