"""One step of a rule as code: a function of all that it depends on, and in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib.formula import targets
from gdlib.formula.buffers import InPlace
from gdlib.formula.lower import Block, Lowering, Tree
from gdlib.optimizers.rules import Rule, names_of

Array = NDArray[np.float64]


def step_source(
    rule: Rule,
    step: sp.Expr,
    moments: tuple[tuple[sp.Symbol, sp.Expr], ...],
    hyperparameters: tuple[sp.Symbol, ...],
    target: str,
) -> str:
    """Write one step of a rule as a function of everything that it depends on."""
    remembered = set(rule.moments)
    called: dict[sp.Symbol, str] = names_of(tuple(s for s, _ in moments), hyperparameters)
    names: dict[sp.Symbol, Tree] = {**called}
    lowering = Lowering("b", names)
    for symbol, expression in moments:
        renewed = f"{called[symbol]}_new" if called[symbol] in remembered else called[symbol]
        lowering.assignments.append((renewed, lowering.tree(expression)))
        names[symbol] = renewed
    results = (lowering.tree(step), *(f"{name}_new" for name in rule.moments))
    arguments = ["theta", "g", *rule.moments, "k", *rule.hyperparameters]
    block = Block(tuple(lowering.assignments), results)
    return targets.function("step", arguments, block, target, (len(results),))


@cache
def elementwise(
    rule: Rule,
    step: sp.Expr,
    moments: tuple[tuple[sp.Symbol, sp.Expr], ...],
    hyperparameters: tuple[sp.Symbol, ...],
) -> Callable[..., list[Array]]:
    """Compile one step as a function of arrays, which returns the step and the new moments."""
    source = step_source(rule, step, moments, hyperparameters, "mixed")
    function = targets.compile_python(source, "step")

    def run(
        g: Array, theta: Array, k: float, state: dict[str, Any], values: dict[str, float]
    ) -> list[Array]:
        with np.errstate(all="ignore"):
            results = function(theta=theta, g=g, k=k, **state, **values)
        return [np.broadcast_to(np.asarray(r, float), theta.shape).copy() for r in results]

    return run


def in_place_source(rule: Rule) -> tuple[str, int]:
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
            *targets.statements((*rule.once, *rule.each_step), "careful"),
            *(f"    {line}" for line in printer.lines),
            "    return",  # a rule may leave everything as it is
        ]
    )
    return source, len(printer.buffers)


@cache
def step_in_place(rule: Rule) -> tuple[Callable[..., None], int]:
    """Compile one step in place; also return how many buffers it needs."""
    source, buffers = in_place_source(rule)
    return targets.compile_python(source, "step", careful=True), buffers


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
