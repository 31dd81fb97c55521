"""What of a rule is printed for every framework: its lines, settings and memory, in its words."""
# ruff: noqa: D102 - of the protocol, whose members the optimizer describes

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import sympy as sp

from gdlib.formula import frameworks, names, targets
from gdlib.formula.lower import Tree
from gdlib.optimizers import lowered
from gdlib.optimizers.symbols import eta

RATES = {"torch": "lr"}
"""What frameworks call η that do not call it `learning_rate`."""
_OWN = """
    g k theta step lr learning_rate state self params closure loss group math np torch jax jnp optax
    keras ops init update updates one result results rate kwargs variables variable gradient dtype
    index name memory count settings super dict callable NamedTuple
"""
RESERVED = frozenset(_OWN.split())
"""Names of the printed code itself, which no setting and no moment may have."""
_COPY = {"numpy": "np.copy({})", "torch": "{}.clone()"}


class Described(Protocol):
    """What is asked of any rule here, so that it can stand above this module."""

    @property
    def name(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def step(self) -> sp.Expr: ...
    @property
    def moments(self) -> Mapping[sp.Symbol, sp.Expr]: ...
    @property
    def hyperparameters(self) -> Mapping[sp.Symbol, float]: ...
    @property
    def initial(self) -> Mapping[sp.Symbol, float]: ...
    @property
    def remembers(self) -> tuple[sp.Symbol, ...]: ...
    @property
    def keywords(self) -> Mapping[sp.Symbol, str]: ...
    @property
    def names(self) -> dict[sp.Symbol, str]: ...


class Rule(Described, Protocol):
    """The same of one that moves each number by itself."""

    @property
    def lines(self) -> lowered.Lines: ...


class Parts(NamedTuple):
    """A rule in the words of a framework."""

    rate: str
    """What η is called, or nothing where the rule has none."""
    settings: dict[str, float]
    memory: dict[str, float]
    """The remembered moments with their first values."""
    lines: tuple[str, ...]
    """Statements; the last ones give `step`, and each moment its new value under its own name."""
    reads: frozenset[str]
    """Which of theta, k and the settings some line reads."""


def parts(rule: Rule, framework: str) -> Parts:
    """Return a rule's lines, settings and memory as a framework's code has them."""
    called = _called(rule, framework)
    memory = {called[s]: rule.initial.get(s, 0.0) for s in rule.remembers}
    settings = {called[s]: value for s, value in rule.hyperparameters.items()}
    trees = _trees(rule, called)
    reads = frozenset[str]().union(*(targets.names_in(tree) for _, tree in trees))
    rate = called.get(eta, "")
    fixed = {*settings} - {rate}
    with_count = {"k", *settings}
    numbers = {
        "numpy": with_count, "torch": with_count, "jax": fixed, "keras": fixed,
    }.get(framework)  # fmt: skip
    lines = _statements(trees, framework, memory, numbers)
    return Parts(rate, settings, memory, lines, reads & {"theta", "k", *settings})


def _called(rule: Rule, framework: str) -> dict[sp.Symbol, str]:
    """Return what each setting and moment is called: as a reader types it, where that can be."""
    words = {s: rule.keywords.get(s, s.name) for s in (*rule.hyperparameters, *rule.moments)}
    unique = {s: sp.Dummy(word) for s, word in words.items() if s != eta}
    found = names.of(unique.values(), [sp.Symbol(word) for word in RESERVED], loop=True)
    called = {s: found[dummy] for s, dummy in unique.items()}
    return {s: called.get(s, RATES.get(framework, "learning_rate")) for s in words}


def _trees(rule: Rule, called: Mapping[sp.Symbol, str]) -> lowered.Named:
    """Return the rule's assignments in other words, the step last; new values keep old names."""
    instead = {rule.names[s]: word for s, word in called.items()}
    instead |= {f"{old}_new": f"{word}_new" for old, word in instead.items()}
    trees: list[tuple[str, Tree]] = [
        (instead.get(name, name), lowered.rename(tree, instead))
        for name, tree in (*rule.lines.assignments, ("step", rule.lines.step))
    ]
    return lowered.reuse_names(trees, tuple(called[s] for s in rule.remembers))


def _statements(
    trees: lowered.Named, framework: str, memory: Mapping[str, float], numbers: set[str] | None
) -> tuple[str, ...]:
    """Spell the assignments; what is kept or added to θ is an array of its own.

    In JavaScript they are those of one coordinate, and hold no array.
    """
    arrays = {"theta", "g", *memory}
    kept = {"step", *memory, *(f"{name}_new" for name in memory)}
    kept = kept if framework in frameworks.MODULES else set()
    lines = []
    for name, tree in trees:
        text = frameworks.text(tree, framework, numbers)
        if targets.names_in(tree) & arrays:
            arrays.add(name)
        elif name in kept:
            text = f"{frameworks.MODULES[framework]}.full_like(g, {text})"
            arrays.add(name)
        elif numbers is not None and targets.names_in(tree) <= numbers:
            numbers.add(name)
        if name in memory and isinstance(tree, str) and tree in arrays:
            text = _COPY.get(framework, "{}").format(text)  # θ and g may be overwritten
        lines.append(f"{name} = {text}")
    return tuple(lines)
