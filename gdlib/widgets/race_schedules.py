"""The schedules that a race can follow, each laid over a whole run of T steps.

They are `gdlib.schedules`' own formulas with fixed shapes, so that η₀ and T alone are left.
"""

from __future__ import annotations

from functools import cache

import sympy as sp

from gdlib import schedules
from gdlib.formula import lower
from gdlib.optimizers.symbols import k
from gdlib.schedules import Schedule
from gdlib.schedules.schedule import eta0, every, gamma, period
from gdlib.widgets import printed

NAMES = ("constant", "one over k", "step", "exponential", "inverse time", "polynomial", "cosine")
"""Every one; a race is given those that its reader may choose from."""
STAIRS, TENTH = 3, 0.1
FALL = sp.Rational(1, 100)
"""What an exponential schedule's rate is multiplied by in a whole run."""
DECAY = 50
"""An inverse-time schedule divides its rate by 1 + 50 in a whole run."""


@cache
def formula(name: str) -> sp.Expr:
    """Return the rate in terms of the step k, the first rate η₀ and the run's steps T."""
    built = {
        "constant": lambda: schedules.constant(1.0),
        "one over k": lambda: schedules.inverse_time(1.0),
        "step": lambda: schedules.step(1.0, TENTH),
        "exponential": lambda: schedules.exponential(1.0),
        "inverse time": lambda: schedules.inverse_time(1.0),
        "polynomial": lambda: schedules.polynomial(1.0, 1),
        "cosine": lambda: schedules.cosine(1.0, 1),
    }[name]()
    shapes: dict[str, dict[sp.Symbol, sp.Expr]] = {
        "step": {every: period / STAIRS},
        "exponential": {gamma: FALL ** (1 / period)},
        "inverse time": {gamma: DECAY / period},
    }
    fixed = {s: sp.nsimplify(v) for s, v in built.constants.items() if s not in (eta0, period)}
    return built.expr.subs({**fixed, **shapes.get(name, {})})


def over_run(name: str, learning_rate: float, steps: int) -> Schedule:
    """Return a schedule for a run of so many steps from a first rate."""
    return Schedule(name, formula(name), {eta0: learning_rate, period: steps})


def program(name: str) -> printed.Program:
    """Return a schedule as JavaScript over `k`, `eta_0` and `T`."""
    arguments = [str(s) for s in (k, eta0, period)]
    return {"name": name, "arguments": arguments, **printed.code(lower.lower([formula(name)]))}
