"""The schedules that are one formula of the step, as the papers and PyTorch have them."""

from __future__ import annotations

from typing import Any

import sympy as sp

from gdlib import checks
from gdlib.optimizers.symbols import k
from gdlib.schedules.schedule import (
    WANTED,
    Schedule,
    epoch,
    eta0,
    eta_end,
    eta_start,
    every,
    fall,
    gamma,
    period,
    power,
    rise,
    steepest,
    warm,
)

HALVINGS = 26
"""Powers of two that a step's number is asked for: a run's 10⁸ steps are fewer than 2²⁷."""


def _positive(**numbers: Any) -> list[float]:
    return [checks.number(name, number, above=0) for name, number in numbers.items()]


def _whole(name: str, value: Any, at_most: int | None = None) -> float:
    return checks.number(name, checks.count(name, value, at_least=1, at_most=at_most))


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


def linear_decay(learning_rate: float, steps: int) -> Schedule:
    """Fall in a line through the whole run: η₀(1 − k/(T + 1)), 0 only after the last step.

    `polynomial` begins with the whole rate η₀, and this with T/(T + 1) of it.
    """
    (rate,) = _positive(learning_rate=learning_rate)
    return Schedule(
        "linear decay",
        eta0 * sp.Max(0, 1 - k / (period + 1)),
        {eta0: rate, period: _whole("steps", steps)},
        source="Defazio et al. 2023, arXiv:2310.07831, theorem 1",
    )


def wsd(learning_rate: float, steps: int, warmup: int, decay: int) -> Schedule:
    """Warm up, stay, and decay in a line within the last `decay` steps (WSD).

    Step k ≤ w has k/w of the rate, the j-th step from the end j/(d + 1) of it, and one that is both
    the smaller share; between them the rate is whole. With w = 1 and d = T it is `linear_decay`. In
    the source the rate falls exponentially; a line is the usual choice since (Hägele et al. 2024,
    arXiv:2405.18392).
    """
    (rate,) = _positive(learning_rate=learning_rate)
    length = _whole("steps", steps)
    up, down = _whole("warmup", warmup, steps), _whole("decay", decay, steps)
    return Schedule(
        "warm-up, stable, decay",
        eta0 * sp.Max(0, sp.Min(1, k / warm, (period + 1 - k) / (fall + 1))),
        {eta0: rate, period: length, warm: up, fall: down},
        source="Hu et al. 2024, arXiv:2404.06395, §4",
    )


def one_cycle(
    learning_rate: float,
    steps: int,
    rise_share: float = 0.3,
    start_divisor: float = 25.0,
    end_divisor: float = 1e4,
    *,
    linear: bool = False,
) -> Schedule:
    """Rise to the rate and fall far below the first one (PyTorch's OneCycleLR of two phases).

    Parameters
    ----------
    learning_rate
        The highest rate, PyTorch's `max_lr`.
    steps
        The length of the cycle; afterwards the rate stays where it is.
    rise_share
        The share of the steps in which it rises, `pct_start`; more than one step.
    start_divisor, end_divisor
        The first rate is the highest over `start_divisor`, the last is the first over
        `end_divisor`: `div_factor` and `final_div_factor`.
    linear
        Along lines instead of half cosines.

    Raises
    ------
    TypeError, ValueError
        What is no number of its range; so few steps that the rate would not rise.
    """
    (top,) = _positive(learning_rate=learning_rate)
    length = _whole("steps", steps)
    share = checks.number("rise_share", rise_share, above=0, below=1)
    if share * length <= 1:
        raise ValueError(f"steps must be more than 1/rise_share = {1 / share:g}, not {steps}")
    first = top / checks.number("start_divisor", start_divisor, at_least=1)
    last = first / checks.number("end_divisor", end_divisor, at_least=1)
    checks.flag("linear", linear)
    peak = rise * period - 1  # steps until the top, counted from 0

    def between(begin: sp.Expr, end: sp.Expr, part: sp.Expr) -> sp.Expr:
        fallen = part if linear else (1 - sp.cos(sp.pi * part)) / 2
        return begin + (end - begin) * fallen

    falling = sp.Min(1, (k - 1 - peak) / (period - 1 - peak))
    return Schedule(
        "one cycle",
        sp.Piecewise(
            (between(eta_start, eta0, (k - 1) / peak), k - 1 <= peak),
            (between(eta0, eta_end, falling), True),
        ),
        {eta0: top, eta_start: first, eta_end: last, period: length, rise: share},
        source="Smith & Topin 2018, arXiv:1708.07120",
    )


def silver(curvature: float) -> Schedule:
    """Step short and now and then far: η = (1 + ρ^(ν(k) − 1))/L, where ρ = 1 + √2.

    ν(k) is how often 2 divides k. Of all convex costs whose curvature is at most L, a run of
    2^m − 1 steps lowers the worst faster than any constant rate. Exact up to step 2²⁷ − 1.
    """
    twice = sum(sp.floor(k / 2**j) - sp.floor((k - 1) / 2**j) for j in range(1, HALVINGS + 1))
    return Schedule(
        "silver",
        (1 + (1 + sp.sqrt(2)) ** (twice - 1)) / steepest,
        {steepest: checks.number("curvature", curvature, above=0)},
        source="Altschuler & Parrilo 2024, doi:10.1007/s10107-024-02164-2",
        typeset=r"\frac{1 + \rho^{\nu(k) - 1}}{L}, \quad \rho = 1 + \sqrt{2}",
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
