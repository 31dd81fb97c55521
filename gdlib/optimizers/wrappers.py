"""Rules made from another rule: a gradient cut to length, and no schedule needed."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from gdlib.formula import arrays
from gdlib.optimizers.array_optimizer import ArrayOptimizer, lifted
from gdlib.optimizers.symbols import b0, eta, g, k, tau, theta
from gdlib.optimizers.update_rule import UpdateRule

z, x, eta_max, W, c_k = sp.symbols("z x eta_max W c_now", real=True)
LEAST = 1e-300
"""What the weights' sum starts at, so that it is no 0 to divide by while all rates are 0."""


def clipped(rule: UpdateRule, norm: float = 1.0) -> ArrayOptimizer:
    """Shorten the gradient to at most `norm` before a rule sees it; its direction stays.

    It is the length of the whole gradient, all of θ's arrays together, as in PyTorch's
    `clip_grad_norm_` but for its ε of 10⁻⁶. As there, a length above 10¹⁵⁴, whose square
    overflows, counts as infinite: what is left of the gradient is 0.

    Parameters
    ----------
    rule
        Any rule.
    norm
        The longest gradient that passes, above 0.

    Raises
    ------
    TypeError, ValueError
        No rule, one that clips already, or a length that is none.
    """
    whole = lifted(rule)
    if whole.gradient != g:
        raise ValueError(f"{rule!r} clips already: set its norm by with_settings")
    _check_names(whole, tau)
    return replace(
        whole,
        name=f"{whole.name}, clipped",
        gradient=g * sp.Min(1, tau / arrays.norm(g)),
        hyperparameters={**whole.hyperparameters, tau: norm},
        source="; ".join(
            filter(None, (whole.source, "Pascanu et al. 2013, arXiv:1211.5063, §3.2"))
        ),
    )


def schedule_free(rule: UpdateRule, interpolation: float = 0.9) -> ArrayOptimizer:
    """Average the points of a rule as it runs, and take gradients near the average.

    z moves by the rule, x is the mean of the z, and gradients are taken at y = (1 − β)z + βx. θ is
    y; what a run reports is x. With β = 0 it is the rule itself and its Polyak–Ruppert average.
    In the mean each z counts by the square of the largest rate so far: alike at a constant rate,
    less in a warm-up, and not at all while it is 0. The start does not count. All this is as in
    the authors' code.

    Parameters
    ----------
    rule
        Any rule. The authors' own have no momentum: `gd.adamw(beta1=0)`.
    interpolation
        β, in [0, 1).

    Raises
    ------
    TypeError, ValueError
        No rule, one that is schedule-free or has another answer than θ already, or a β that is
        none.
    """
    base = lifted(rule)
    if base.answer != theta:
        raise ValueError(f"{rule!r} is schedule-free already")
    _check_names(base, z, x, eta_max, W, c_k, b0)
    weights = (
        {eta_max: sp.Max(eta_max, eta), W: W + eta_max**2, c_k: eta_max**2 / W}
        if eta in base.hyperparameters
        else {c_k: 1 / k}
    )
    first = {W: LEAST} if W in weights else {}
    averaged = {z: z + base.step, x: (1 - c_k) * x + c_k * z}
    return replace(
        base,
        name=f"{base.name}, schedule-free",
        moments={**base.moments, **weights, **averaged},
        step=(1 - b0) * z + b0 * x - theta,
        answer=x,
        hyperparameters={**base.hyperparameters, b0: interpolation},
        initial={**base.initial, **first, z: theta, x: theta},
        others=None if base.others is None else schedule_free(base.others, interpolation),
        source="Defazio et al. 2024, arXiv:2405.15682, §2",
    )


def _check_names(rule: ArrayOptimizer, *ours: sp.Symbol) -> None:
    """Refuse a reader's rule that has one of our symbols, which would be overwritten."""
    both = {*rule.moments, *rule.hyperparameters} & {*ours}
    if both:
        raise ValueError(
            f"the rule {rule!r} must not use {min(map(str, both))}, which is ours here"
        )
