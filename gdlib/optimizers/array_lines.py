"""A rule of whole arrays as a NumPy function: printed, and compiled.

Its lines are those of an elementwise rule, with functions that look at an array as a whole. What is
printed runs on arrays and on the `Var`s of a tape, so that a page gets it from `autodiff.traced`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import sympy as sp

from gdlib.autodiff import steps
from gdlib.autodiff.var import record
from gdlib.formula import targets
from gdlib.formula.arrays import Repeat
from gdlib.formula.lower import Lowering, Tree
from gdlib.optimizers import lowered
from gdlib.optimizers.symbols import theta

SCOPE = {f.__name__: partial(record, f) for f in (steps.spectral_power, steps.eigenvectors)}


class Definition(NamedTuple):
    """What a rule says, in SymPy."""

    moments: tuple[tuple[sp.Symbol, sp.Expr], ...]
    step: sp.Expr
    hyperparameters: tuple[sp.Symbol, ...]
    answer: sp.Expr


@cache
def source(rule: Definition) -> str:
    """Print a function of θ, g, the remembered moments, k and the hyperparameters.

    It returns a list: the step, the moments after it and, where that is not θ, the answer.
    """
    called = lowered.names_of(tuple(s for s, _ in rule.moments), rule.hyperparameters)
    remembered = [called[s] for s in lowered.remembered_moments(rule.moments)]
    writer = _Writer({**called})
    for symbol, expression in rule.moments:
        name = called[symbol]
        writer.assign(f"{name}_new" if name in remembered else name, expression)
        writer.names[symbol] = f"{name}_new" if name in remembered else name
    results = [writer.text(rule.step), *(f"{name}_new" for name in remembered)]
    if rule.answer != theta:
        writer.lines += [f"step_ = {results[0]}", "theta_new = theta + step_"]
        results[0] = "step_"
        writer.names[theta] = "theta_new"
        results.append(writer.text(rule.answer))
    arguments = ["theta", "g", *remembered, "k", *(called[s] for s in rule.hyperparameters)]
    body = [*writer.lines, f"return [{', '.join(results)}]"]
    return "\n".join([f"def step({', '.join(arguments)}):", *(f"    {line}" for line in body)])


@cache
def compiled(rule: Definition) -> Callable[..., list[Any]]:
    """Compile that function."""
    function: Callable[..., list[Any]] = targets.compile_python(source(rule), "step", also=SCOPE)
    return function


class _Writer:
    """Write assignments as lines of Python, intermediates before what reads them."""

    def __init__(self, names: dict[sp.Symbol, Tree]) -> None:
        self.names = names
        self.lowering = Lowering("b", names)
        self.lines: list[str] = []
        self._written = 0

    def text(self, expression: sp.Expr) -> str:
        """Return an expression, after the lines that it needs."""
        tree = self.lowering.tree(expression)
        new = self.lowering.assignments[self._written :]
        self._written += len(new)
        self.lines += _spelled(new)
        return targets.infix(tree, "arrays")

    def assign(self, name: str, expression: sp.Expr) -> None:
        """Write one line of the rule, or a loop."""
        if not isinstance(expression, Repeat):
            self.lines.append(f"{name} = {self.text(expression)}")
            return
        self.lines.append(f"{name} = {self.text(expression.start)}")
        (symbol,), inside = expression.body.variables, expression.body.expr
        # Within a loop the same product is needed several times, as X Xᵀ is in Newton–Schulz.
        shared, (reduced,) = sp.cse(
            [inside], symbols=sp.numbered_symbols("gd_", real=True), list=True
        )
        lowering = Lowering("c", {**self.names, symbol: name})
        lowering.pending, lowering.definitions = dict(shared), dict(shared)
        lowering.count([reduced])
        tree = lowering.tree(reduced)
        body = [*_spelled(lowering.assignments), f"{name} = {targets.infix(tree, 'arrays')}"]
        self.lines += [f"for _ in range({expression.times}):", *(f"    {line}" for line in body)]


def _spelled(assignments: Sequence[tuple[str, Tree]]) -> list[str]:
    return targets.statements(assignments, "arrays", "")
