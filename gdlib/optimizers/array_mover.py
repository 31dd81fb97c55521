"""A rule of whole arrays with its memory: it cuts θ into arrays, and moves each in place."""
# ruff: noqa: D102 - of the protocol, whose members the optimizer describes

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib.layout import Layout
from gdlib.optimizers.symbols import theta as start
from gdlib.optimizers.update_rule import UpdateRule

Array = NDArray[np.float64]
Part = tuple[Any, tuple[int, ...], Any]
"""Where an array lies in θ, its shape, and the rule that moves it."""


class OfArrays(Protocol):
    """What is asked of a rule of whole arrays here, so that it can stand above this module."""

    @property
    def name(self) -> str: ...
    @property
    def answer(self) -> sp.Expr: ...
    @property
    def others(self) -> UpdateRule | None: ...
    @property
    def apart(self) -> tuple[str, ...]: ...
    @property
    def settings(self) -> dict[str, float]: ...
    @property
    def numbers(self) -> dict[str, float]: ...

    def memory(self, theta: Array) -> dict[str, Any]: ...
    def seen(self, g: Any, values: dict[str, Any]) -> Any: ...
    def run(
        self, theta: Any, g: Any, memory: dict[str, Any], k: Any, values: dict[str, Any]
    ) -> list[Any]: ...


class ArrayMover:
    """A rule of arrays with its memory, moving θ in place, gradient by gradient.

    θ is one array, or flat with a layout of named ones. A matrix rule takes a flat θ without
    names for one column.
    """

    def __init__(self, rule: OfArrays, theta: Array, layout: Layout | None) -> None:
        self.theta, self.rule = theta, rule
        self.values = rule.numbers
        self.parts: list[tuple[Any, Any]] = []
        for place, shape, its in _places(rule, theta, layout):
            view = theta[place].reshape(shape)
            mover: Any = _Part(its, view) if its is rule else its.stepper(view)
            self.parts.append((place, mover))
        elsewhere = any(mover.reported is not mover.theta for _, mover in self.parts)
        self.reported = theta.copy() if elsewhere else theta
        other = rule.others.settings.get("learning_rate") if rule.others else None
        own = rule.settings.get("learning_rate")
        self.ratio = other / own if other and own else 1.0

    def step(self, g: Array, rate: float | None = None) -> None:
        """Move θ by one step, at the rule's own rate or the one given.

        The other arrays' rate keeps its ratio to the rule's; a rule without one ignores it.
        """
        rated = rate is not None and "eta" in self.values
        values = {**self.values, "eta": rate} if rated else self.values
        seen = self.rule.seen(g, values)
        for place, mover in self.parts:
            slopes = seen[place].reshape(mover.theta.shape)
            if isinstance(mover, _Part):
                mover.step(slopes, values)
            else:
                mover.step(slopes, None if rate is None else rate * self.ratio)
            if self.reported is not self.theta:
                self.reported[place] = mover.reported.reshape(self.reported[place].shape)


class _Part:
    """One array of θ, moved by the rule itself."""

    def __init__(self, rule: OfArrays, theta: Array) -> None:
        self.rule, self.theta = rule, theta
        self.reported = theta if rule.answer == start else theta.copy()
        self.memory, self.k = rule.memory(theta), 0.0

    def step(self, g: Array, values: dict[str, Any]) -> None:
        self.k += 1
        step, *rest = self.rule.run(self.theta, g, self.memory, self.k, values)
        self.theta += step
        self.memory = dict(zip(self.memory, rest, strict=False))
        if len(rest) > len(self.memory):
            self.reported = rest[-1]


def _places(rule: OfArrays, theta: Array, layout: Layout | None) -> Iterator[Part]:
    if layout is not None and theta.shape == (layout.size,):
        yield from _named(rule, layout)
    elif rule.apart:
        raise ValueError(
            f"{rule.name}'s apart must name arrays of θ, which has no names here;"
            f" not {', '.join(rule.apart)}: a cost with a `layout` names them"
        )
    elif rule.others is None:
        yield ..., theta.shape, rule
    elif theta.ndim in (1, 2):
        yield ..., theta.shape if theta.ndim == 2 else (theta.size, 1), rule
    else:
        raise ValueError(
            f"{rule.name} moves matrices: start must be of shape (rows, columns), or (n,) for one"
            f" column or for a cost with a layout of named arrays; not {theta.shape}"
        )


def _named(rule: OfArrays, layout: Layout) -> Iterator[Part]:
    if rule.others is None:
        yield slice(0, layout.size), (layout.size,), rule
        return
    unknown = [name for name in rule.apart if name not in layout.shapes]
    if unknown:
        raise ValueError(
            f"{rule.name}'s apart must name arrays of θ, {', '.join(layout.shapes)};"
            f" not {unknown[0]}"
        )
    matrices = {name for name, shape in layout.shapes.items() if len(shape) == 2}
    mine = matrices - set(rule.apart)
    if not mine and _method(rule.others) != _method(rule):
        raise ValueError(
            f"{rule.name} finds no matrix to move among θ's arrays {', '.join(layout.shapes)};"
            f" {rule.others.name} moves vectors by itself"
        )
    for name, (place, shape) in layout.places.items():
        yield place, shape, rule if name in mine else rule.others


def _method(rule: OfArrays | UpdateRule) -> str:
    """Return the name of what was clipped or made schedule-free."""
    return rule.name.partition(",")[0]
