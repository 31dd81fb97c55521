"""Learning rates that change with the step, each one formula: typeset, run, and drawn from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

import sympy as sp

from gdlib import codegen
from gdlib.loops import k

eta0, eta_end, gamma, every, period, power, warm, epoch = sp.symbols(
    "eta_0 eta_end gamma s T p w n", real=True, positive=True
)
LATEX = {eta_end: r"\eta_{\min}"}


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

    Raises
    ------
    ValueError
        A symbol without a value, or a formula that some target cannot say.
    """

    name: str
    expr: sp.Expr
    constants: Mapping[sp.Symbol, float]
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "constants", MappingProxyType(dict(self.constants)))
        for symbol, value in self.constants.items():
            if not math.isfinite(value):
                raise ValueError(f"{self.name}: {symbol} must be finite, not {value!r}")
        codegen.check(self.expr, [k, *self.constants], f"{self.name} schedule")

    def __call__(self, step: int) -> float:
        """Return the rate for a step, counted from 1."""
        if step < 1:
            raise ValueError(f"steps are counted from 1, not {step!r}")
        return float(self._function(step, *self.constants.values()))

    def __repr__(self) -> str:
        constants = ", ".join(f"{symbol}={value:g}" for symbol, value in self.constants.items())
        return f"Schedule({self.name}: {constants})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as what it was built from; it is compiled there."""
        return type(self), (self.name, self.expr, dict(self.constants), self.source)

    @cached_property
    def _function(self) -> Callable[..., float]:
        return _compiled(self.expr, tuple(self.constants))

    def latex(self) -> str:
        """Return the formula as LaTeX, without dollar signs."""
        return r"\eta_k = " + str(sp.latex(self.expr, symbol_names=LATEX))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def javascript(self) -> str:
        """Return the schedule as a readable JavaScript function of k and its constants."""
        return _source(self.expr, tuple(self.constants), "javascript")


def _source(expr: sp.Expr, constants: tuple[sp.Symbol, ...], target: str) -> str:
    block = codegen.lower([expr])
    return codegen.function("rate", ["k", *map(str, constants)], block, target, ())


@cache
def _compiled(expr: sp.Expr, constants: tuple[sp.Symbol, ...]) -> Callable[..., float]:
    source = _source(expr, constants, "python")
    function: Callable[..., float] = codegen.compile_python(source, "rate")
    return function


def _positive(**numbers: float) -> None:
    for name, number in numbers.items():
        if not 0 < number < math.inf:
            raise ValueError(f"{name} must be positive and finite, not {number!r}")


def constant(learning_rate: float) -> Schedule:
    """Keep the rate: η = η₀."""
    _positive(learning_rate=learning_rate)
    return Schedule("constant", eta0, {eta0: learning_rate})


def step(learning_rate: float, factor: float = 0.1, interval: int = 30) -> Schedule:
    """Multiply the rate by `factor` after every `interval` steps (PyTorch's StepLR)."""
    _positive(learning_rate=learning_rate, factor=factor, interval=interval)
    return Schedule(
        "step",
        eta0 * gamma ** sp.floor((k - 1) / every),
        {eta0: learning_rate, gamma: factor, every: interval},
    )


def exponential(learning_rate: float, factor: float = 0.99) -> Schedule:
    """Multiply the rate by `factor` after every step (PyTorch's ExponentialLR)."""
    _positive(learning_rate=learning_rate, factor=factor)
    return Schedule("exponential", eta0 * gamma ** (k - 1), {eta0: learning_rate, gamma: factor})


def polynomial(
    learning_rate: float, steps: int, exponent: float = 1.0, end: float = 0.0
) -> Schedule:
    """Fall to `end` within `steps`, along a power of what remains (PyTorch's PolynomialLR)."""
    _positive(learning_rate=learning_rate, steps=steps, exponent=exponent)
    remaining = sp.Max(0, 1 - (k - 1) / period)
    return Schedule(
        "polynomial",
        eta_end + (eta0 - eta_end) * remaining**power,
        {eta0: learning_rate, eta_end: end, period: steps, power: exponent},
    )


def inverse_time(learning_rate: float, decay: float = 1.0, exponent: float = 1.0) -> Schedule:
    """Divide the rate by (1 + decay·(k − 1))^exponent; decay = exponent = 1 gives η₀/k.

    Between exponents ½ (excluded) and 1 it meets the conditions of Robbins & Monro 1951.
    """
    _positive(learning_rate=learning_rate, decay=decay, exponent=exponent)
    return Schedule(
        "inverse time",
        eta0 / (1 + gamma * (k - 1)) ** power,
        {eta0: learning_rate, gamma: decay, power: exponent},
        source="Robbins & Monro 1951, doi:10.1214/aoms/1177729586",
    )


def cosine(
    learning_rate: float, steps: int, end: float = 0.0, *, restarts: bool = False
) -> Schedule:
    """Fall to `end` along half a cosine within `steps`; then stay there, or restart at the top."""
    _positive(learning_rate=learning_rate, steps=steps)
    turn = (k - 1) / period
    phase = turn - sp.floor(turn) if restarts else sp.Min(1, turn)
    return Schedule(
        "cosine with restarts" if restarts else "cosine",
        eta_end + (eta0 - eta_end) * (1 + sp.cos(sp.pi * phase)) / 2,
        {eta0: learning_rate, eta_end: end, period: steps},
        source="Loshchilov & Hutter 2017, arXiv:1608.03983, equation 5",
    )


def warmup(steps: int, then: Schedule) -> Schedule:
    """Rise in a line to the first rate of `then` within `steps`, and go on with it from there.

    Step k ≤ w has k/w of that rate; step w + 1 is the first of `then`.
    """
    _positive(steps=steps)
    first = then.expr.subs(k, 1)
    return Schedule(
        f"warm-up, then {then.name}",
        sp.Piecewise((first * k / warm, k <= warm), (then.expr.subs(k, k - warm), True)),
        _and(then, warm, steps, "is warmed up already"),
        source="Goyal et al. 2017, arXiv:1706.02677, §2.2",
    )


def by_epoch(schedule: Schedule, steps: int) -> Schedule:
    """Change the rate only once an epoch of `steps` steps: the schedule then counts epochs.

    `steps` is ⌈N/B⌉ for N rows in batches of B. PyTorch's schedulers count whatever their
    `step()` is called after: once a batch, or once an epoch, as here.
    """
    _positive(steps=steps)
    return Schedule(
        f"{schedule.name}, by epoch",
        schedule.expr.subs(k, 1 + sp.floor((k - 1) / epoch)),
        _and(schedule, epoch, steps, "counts epochs already"),
        source=schedule.source,
    )


def _and(
    schedule: Schedule, symbol: sp.Symbol, value: float, already: str
) -> dict[sp.Symbol, float]:
    """Return a schedule's constants and one more, which it may not have: one name, one value."""
    if symbol in schedule.constants:
        raise ValueError(f"{schedule!r} {already}")
    return {**schedule.constants, symbol: value}
