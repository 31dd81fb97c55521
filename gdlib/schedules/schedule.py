"""What a schedule is: one formula of the step, typeset, run and printed for the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import sympy as sp

from gdlib import checks
from gdlib.console import printable
from gdlib.formula import lower, names, sayable, targets
from gdlib.frozen import Frozen
from gdlib.optimizers.symbols import k

eta0, eta_end, gamma, every, period, power, warm, epoch = sp.symbols(
    "eta_0 eta_end gamma s T p w n", real=True, positive=True
)
fall, rise, steepest, eta_start = sp.symbols("d r L eta_start", real=True, positive=True)
LATEX = {eta_end: r"\eta_{\min}", eta_start: r"\eta_1"}
WANTED = "a Schedule such as gd.schedules.constant(0.1)"


@printable
@dataclass(frozen=True, eq=False)
class Schedule:
    """A learning rate η as a function of the step k = 1, 2, …; `descend` takes it as it is.

    Parameters
    ----------
    name
        Its usual name.
    expr
        η in terms of the step k and constants, in SymPy.
    constants
        A number for each constant.
    source
        Where it was published.
    typeset
        η in LaTeX, where the formula itself would fill lines; by default the formula.

    Raises
    ------
    TypeError, ValueError
        Text instead of a formula, constants that are no finite numbers, a symbol without a value,
        or a formula that some target cannot say.
    """

    name: str
    expr: sp.Expr
    constants: Mapping[sp.Symbol, float]
    source: str = ""
    typeset: str = ""

    def __post_init__(self) -> None:
        checks.text("name", self.name)
        checks.text("source", self.source)
        checks.text("typeset", self.typeset)
        object.__setattr__(self, "expr", sayable.formula(self.expr, f"{self.name} schedule"))
        checks.instance("constants", self.constants, Mapping, "a number by symbol")
        for symbol in self.constants:
            checks.instance("constants", symbol, sp.Symbol, "a number by SymPy symbol")
            if symbol == k:
                raise ValueError(f"{self.name}: k is the step, and cannot be a constant too")
        values = {s: checks.number(f"{self.name}: {s}", v) for s, v in self.constants.items()}
        object.__setattr__(self, "constants", Frozen(values))
        sayable.check(self.expr, [k, *self.constants], f"{self.name} schedule")

    def __call__(self, step: int) -> float:
        """Return the rate for a step, counted from 1.

        Raises
        ------
        TypeError, ValueError
            A step that is no whole number from 1 on; one at which the formula has no finite value.
        """
        counted = checks.number("step", checks.count("step", step, at_least=1))
        rate = self._function(counted, *self.constants.values())
        if not math.isfinite(rate):
            raise ValueError(
                f"{self!r} must have a finite rate at every step; step {step} has none"
            )
        return rate

    def __repr__(self) -> str:
        constants = ", ".join(f"{symbol}={value:g}" for symbol, value in self.constants.items())
        return f"Schedule({self.name}: {constants})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as what it was built from; it is compiled there."""
        return type(self), (self.name, self.expr, dict(self.constants), self.source, self.typeset)

    @cached_property
    def _function(self) -> Callable[..., float]:
        return _compiled(self.expr, tuple(self.constants))

    def latex(self) -> str:
        """Return the formula as LaTeX, without dollar signs."""
        if self.typeset:
            return r"\eta_k = " + self.typeset
        symbols = {s: names.latex(s) for s in self.expr.free_symbols} | LATEX
        return r"\eta_k = " + str(sp.latex(self.expr, symbol_names=symbols))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def javascript(self) -> str:
        """Return the schedule as a readable JavaScript function of k and its constants."""
        arguments, block = _block(self.expr, tuple(self.constants))
        return targets.function("rate", arguments, block, "javascript", ())


def _block(expr: sp.Expr, constants: tuple[sp.Symbol, ...]) -> tuple[list[str], lower.Block]:
    """Return the names of the arguments, k first, and the formula over them."""
    called = names.of(constants, ours=(k,))
    return list(called.values()), lower.lower([expr], names=called)


@cache
def _compiled(expr: sp.Expr, constants: tuple[sp.Symbol, ...]) -> Callable[..., float]:
    function: Callable[..., float] = targets.compile_scalar("rate", *_block(expr, constants), ())
    return function
