"""An update rule lowered to trees once, sorted by how often each must run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import sympy as sp

from gdlib.formula import names, targets
from gdlib.formula.lower import Lowering, Tree
from gdlib.optimizers.symbols import eta, g, k, theta

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
    # βᵏ is multiplied by β at each step: powers are slow, and each language rounds its own way.
    powers = {p: sp.Symbol(f"{called[p.base]}_power") for p in running}
    lowering = Lowering("b", {})
    now: dict[sp.Basic, sp.Basic] = {
        **{s: _called(s, name) for s, name in called.items()},
        **powers,
    }
    # θ is one more quantity that is remembered; its line is the last.
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
    each = tuple((suffix[name], rename(tree, suffix)) for name, tree in each)
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
        names = targets.names_in(tree)
        # 0: once a run; 1: at each step; 2: for each coordinate.
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


def _reuse_names(assignments: list[tuple[str, Tree]], state: tuple[str, ...]) -> Named:
    """Let a new value take its old one's name where nothing reads the old one any more."""
    lines = list(assignments)
    for old in state:
        new = f"{old}_new"
        at = [name for name, _ in lines].index(new)
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


def rename(tree: Tree, names: Mapping[str, str]) -> Tree:
    """Call some of a tree's names otherwise."""
    if isinstance(tree, str):
        return names.get(tree, tree)
    return (tree[0], *(rename(part, names) for part in tree[1:]))
