"""Learning rates that change with the step, each one formula: typeset, run, and drawn from it."""

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
LATEX = {eta_end: r"\eta_{\min}"}
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

    def __post_init__(self) -> None:
        checks.text("name", self.name)
        checks.text("source", self.source)
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
        return type(self), (self.name, self.expr, dict(self.constants), self.source)

    @cached_property
    def _function(self) -> Callable[..., float]:
        return _compiled(self.expr, tuple(self.constants))

    def latex(self) -> str:
        """Return the formula as LaTeX, without dollar signs."""
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


def _positive(**numbers: Any) -> list[float]:
    return [checks.number(name, number, above=0) for name, number in numbers.items()]


def _whole(name: str, value: Any) -> float:
    return checks.number(name, checks.count(name, value, at_least=1))


def constant(learning_rate: float) -> Schedule:
    """Keep the rate: η = η₀."""
    (rate,) = _positive(learning_rate=learning_rate)
    return Schedule("constant", eta0, {eta0: rate})


def step(learning_rate: float, factor: float = 0.1, interval: int = 30) -> Schedule:
    """Multiply the rate by `factor` after every `interval` steps (PyTorch's StepLR)."""
    rate, fall = _positive(learning_rate=learning_rate, factor=factor)
    return Schedule(
        "step",
        eta0 * gamma ** sp.floor((k - 1) / every),
        {eta0: rate, gamma: fall, every: _whole("interval", interval)},
    )


def exponential(learning_rate: float, factor: float = 0.99) -> Schedule:
    """Multiply the rate by `factor` after every step (PyTorch's ExponentialLR)."""
    rate, fall = _positive(learning_rate=learning_rate, factor=factor)
    return Schedule("exponential", eta0 * gamma ** (k - 1), {eta0: rate, gamma: fall})


def polynomial(
    learning_rate: float, steps: int, exponent: float = 1.0, end: float = 0.0
) -> Schedule:
    """Fall to `end` within `steps`, along a power of what remains (PyTorch's PolynomialLR)."""
    rate, over = _positive(learning_rate=learning_rate, exponent=exponent)
    last, within = checks.number("end", end, at_least=0), _whole("steps", steps)
    remaining = sp.Max(0, 1 - (k - 1) / period)
    return Schedule(
        "polynomial",
        eta_end + (eta0 - eta_end) * remaining**power,
        {eta0: rate, eta_end: last, period: within, power: over},
    )


def inverse_time(learning_rate: float, decay: float = 1.0, exponent: float = 1.0) -> Schedule:
    """Divide the rate by (1 + decay·(k − 1))^exponent; decay = exponent = 1 gives η₀/k.

    Between exponents ½ (excluded) and 1 it meets the conditions of Robbins & Monro 1951.
    """
    rate, fall, over = _positive(learning_rate=learning_rate, decay=decay, exponent=exponent)
    return Schedule(
        "inverse time",
        eta0 / (1 + gamma * (k - 1)) ** power,
        {eta0: rate, gamma: fall, power: over},
        source="Robbins & Monro 1951, doi:10.1214/aoms/1177729586",
    )


def cosine(
    learning_rate: float, steps: int, end: float = 0.0, *, restarts: bool = False
) -> Schedule:
    """Fall to `end` along half a cosine within `steps`; then stay there, or restart at the top."""
    (rate,) = _positive(learning_rate=learning_rate)
    last, within = checks.number("end", end, at_least=0), _whole("steps", steps)
    turn = (k - 1) / period
    phase = turn - sp.floor(turn) if checks.flag("restarts", restarts) else sp.Min(1, turn)
    return Schedule(
        "cosine with restarts" if restarts else "cosine",
        eta_end + (eta0 - eta_end) * (1 + sp.cos(sp.pi * phase)) / 2,
        {eta0: rate, eta_end: last, period: within},
        source="Loshchilov & Hutter 2017, arXiv:1608.03983, equation 5",
    )


def warmup(steps: int, then: Schedule) -> Schedule:
    """Rise in a line to the first rate of `then` within `steps`, and go on with it from there.

    Step k ≤ w has k/w of that rate; step w + 1 is the first of `then`.
    """
    rise = _whole("steps", steps)
    checks.instance("then", then, Schedule, WANTED)
    first = then.expr.subs(k, 1)
    return Schedule(
        f"warm-up, then {then.name}",
        sp.Piecewise((first * k / warm, k <= warm), (then.expr.subs(k, k - warm), True)),
        _and(then, warm, rise, "is warmed up already"),
        source="Goyal et al. 2017, arXiv:1706.02677, §2.2",
    )


def by_epoch(schedule: Schedule, steps: int) -> Schedule:
    """Change the rate only once an epoch of `steps` steps: the schedule then counts epochs.

    `steps` is ⌈N/B⌉ for N rows in batches of B. PyTorch's schedulers count whatever their
    `step()` is called after: once a batch, or once an epoch, as here.
    """
    length = _whole("steps", steps)
    checks.instance("schedule", schedule, Schedule, WANTED)
    return Schedule(
        f"{schedule.name}, by epoch",
        schedule.expr.subs(k, 1 + sp.floor((k - 1) / epoch)),
        _and(schedule, epoch, length, "counts epochs already"),
        source=schedule.source,
    )


def _and(
    schedule: Schedule, symbol: sp.Symbol, value: float, already: str
) -> dict[sp.Symbol, float]:
    """Return a schedule's constants and one more, which it may not have: one name, one value."""
    if symbol in schedule.constants:
        raise ValueError(f"{schedule!r} {already}")
    return {**schedule.constants, symbol: value}
