"""The symbols that rules are written in: how readers spell them, and which numbers they may be."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

import sympy as sp

from gdlib import checks

theta, g, k, eta = sp.symbols("theta g k eta", real=True)
"""The symbols that every rule may use: θ, g, the step's number k = 1, 2, …, and η."""
beta, rho, b1, b2, eps, lam, alpha = sp.symbols(
    "beta rho beta1 beta2 epsilon lamda alpha", real=True
)
m, v, u, c, delta, v_max, m_hat, v_hat, mu, mu_next, mu_product = sp.symbols(
    "m v u c delta v_max m_hat v_hat mu mu_next mu_product", real=True
)
tau, b0 = sp.symbols("tau beta0", real=True)
"""Of rules made from others: the longest gradient, and how much of the average θ is."""
KEYWORDS = {
    eta: "learning_rate",
    beta: "decay",
    rho: "decay",
    b1: "beta1",
    b2: "beta2",
    eps: "epsilon",
    lam: "weight_decay",
    alpha: "l1",
    tau: "norm",
    b0: "interpolation",
}
"""How a reader spells each hyperparameter."""


class Range(NamedTuple):
    """Which numbers a hyperparameter may be: above `low`, or that if `closed`, and below `high`."""

    low: float
    closed: bool
    high: float

    def number(self, name: str, value: Any) -> float:
        """Return a number of this range, or say what is wrong with it."""
        return checks.number(
            name,
            value,
            above=None if self.closed or self.low == -math.inf else self.low,
            at_least=self.low if self.closed else None,
            below=None if self.high == math.inf else self.high,
        )


_BELOW_ONE = re.compile(r"(beta|rho)(_?\d+)?")
_NOT_NEGATIVE = re.compile(r"(epsilon|lamda|alpha)(_?\d+)?")


def allowed(symbol: sp.Symbol) -> Range:
    """Return the range of a hyperparameter, by its name; `beta3` has that of `beta`.

    One that only a reader's own rule has is any number.
    """
    if symbol in (eta, tau):
        return Range(0, False, math.inf)
    if _BELOW_ONE.fullmatch(symbol.name):
        return Range(0, True, 1)
    if _NOT_NEGATIVE.fullmatch(symbol.name):
        return Range(0, True, math.inf)
    return Range(-math.inf, False, math.inf)
