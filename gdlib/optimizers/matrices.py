"""Update rules for matrices: their rows and columns belong together, and the rule knows it.

In a flat θ with a layout of named arrays they move the matrices; the rest is moved by `others`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sympy as sp

from gdlib import checks
from gdlib.formula.arrays import (
    Repeat,
    column_means,
    columns,
    eigenvectors,
    identity,
    matmul,
    mean,
    norm,
    row_means,
    rows,
    spectral_power,
    transpose,
)
from gdlib.optimizers.array_optimizer import ArrayOptimizer
from gdlib.optimizers.catalogue import adamw
from gdlib.optimizers.symbols import b1, b2, beta, eps, eta, g, k, lam, theta, v
from gdlib.optimizers.update_rule import UpdateRule

M, N, X, L, R, V, C, U = sp.symbols("M N X L R V C U", real=True)
Q_L, Q_R, M_turned, G_turned = sp.symbols("Q_L Q_R M_turned G_turned", real=True)
rho_k = sp.Symbol("rho_now", real=True)
COEFFICIENTS = (sp.Rational(34445, 10000), -sp.Rational(4775, 1000), sp.Rational(20315, 10000))
"""Jordan's quintic: steep at 0, and between 0.68 and 1.13 after five times from 0.01 on."""
SCALES = {
    "original": sp.sqrt(sp.Max(1, rows(theta) / columns(theta))),
    "match_rms_adamw": sp.sqrt(sp.Max(rows(theta), columns(theta))) / 5,
    "none": sp.S.One,
}
"""How much longer a step is for a matrix of this shape, by PyTorch's names."""


def muon(
    learning_rate: float = 1e-3,
    decay: float = 0.95,
    weight_decay: float = 0.1,
    epsilon: float = 1e-7,
    *,
    nesterov: bool = True,
    iterations: int = 5,
    scale: str = "original",
    others: UpdateRule | None = None,
    apart: Iterable[str] = (),
) -> ArrayOptimizer:
    """Step by the momentum's nearest orthogonal matrix: every direction of it moves by η.

    As PyTorch's `Muon`, whose defaults these are: the momentum is damped, the decay multiplied by
    η and not by the scale. Five Newton–Schulz iterations stand for the singular value
    decomposition, so that singular values end between 0.68 and 1.13, not at 1.

    Parameters
    ----------
    nesterov
        Whether the step looks ahead along the momentum.
    iterations
        How many Newton–Schulz iterations there are.
    scale
        "original": a step is √max(1, rows / columns) times as long; "match_rms_adamw": 0.2 √max(
        rows, columns) times, so that AdamW's rate fits (Liu et al. 2025, arXiv:2502.16982);
        "none".
    others, apart
        What moves arrays that are no matrices, AdamW by default; and the names of matrices that
        it moves too, such as an embedding. A schedule changes both rates in proportion.
    """
    checks.flag("nesterov", nesterov)
    times = checks.count("iterations", iterations, at_least=1, at_most=99)
    factor = SCALES[checks.choice("scale", scale, SCALES)]
    a, b, c = COEFFICIENTS
    square = matmul(X, transpose(X))
    quintic = a * X + matmul(b * square + c * matmul(square, square), X)
    return ArrayOptimizer(
        "Muon",
        moments={
            M: beta * M + (1 - beta) * g,
            N: (1 - beta) * g + beta * M if nesterov else M,
            X: Repeat(sp.Lambda(X, quintic), N / sp.Max(norm(N), eps), times),
        },
        step=-eta * (factor * X + lam * theta),
        hyperparameters={eta: learning_rate, beta: decay, lam: weight_decay, eps: epsilon},
        source="Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/",
        others=_others(others),
        apart=_names(apart),
    )


def shampoo(
    learning_rate: float = 0.1,
    epsilon: float = 1e-4,
    *,
    others: UpdateRule | None = None,
    apart: Iterable[str] = (),
) -> ArrayOptimizer:
    """Divide by fourth roots of what rows and what columns of the gradients have in common.

    Parameters
    ----------
    epsilon
        What both sums start with on their diagonal.
    others, apart
        As in `muon`.
    """

    def root(of: sp.Symbol) -> sp.Expr:
        return spectral_power(of + eps * identity(of), -sp.Rational(1, 4))

    return ArrayOptimizer(
        "Shampoo",
        moments={L: L + matmul(g, transpose(g)), R: R + matmul(transpose(g), g)},
        step=-eta * matmul(matmul(root(L), g), root(R)),
        hyperparameters={eta: learning_rate, eps: epsilon},
        source="Gupta, Koren & Singer 2018, arXiv:1802.09568, Algorithm 1",
        others=_others(others),
        apart=_names(apart),
    )


def soap(
    learning_rate: float = 3e-3,
    beta1: float = 0.95,
    beta2: float = 0.95,
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
    *,
    others: UpdateRule | None = None,
    apart: Iterable[str] = (),
) -> ArrayOptimizer:
    """Run AdamW in the axes of Shampoo: the eigenvectors of what rows and columns share.

    They are computed anew at each step. The authors renew them every ten steps by one step of
    power iteration, and use the first gradient for them alone.

    Parameters
    ----------
    others, apart
        As in `muon`.
    """

    def turned(a: sp.Symbol) -> sp.Expr:
        return matmul(matmul(transpose(Q_L), a), Q_R)

    hat_m, hat_v = M_turned / (1 - b1**k), V / (1 - b2**k)
    adam = hat_m / (sp.sqrt(hat_v) + eps)
    return ArrayOptimizer(
        "SOAP",
        moments={
            L: b2 * L + (1 - b2) * matmul(g, transpose(g)),
            R: b2 * R + (1 - b2) * matmul(transpose(g), g),
            Q_L: eigenvectors(L),
            Q_R: eigenvectors(R),
            M: b1 * M + (1 - b1) * g,
            M_turned: turned(M),
            G_turned: turned(g),
            V: b2 * V + (1 - b2) * G_turned**2,
            N: adam,
        },
        step=-eta * (matmul(matmul(Q_L, N), transpose(Q_R)) + lam * theta),
        hyperparameters={
            eta: learning_rate, b1: beta1, b2: beta2, eps: epsilon, lam: weight_decay
        },
        source="Vyas et al. 2024, arXiv:2409.11321, Algorithm 3",
        others=_others(others),
        apart=_names(apart),
    )  # fmt: skip


def adafactor(
    learning_rate: float = 0.01,
    epsilon: float = 2.0**-52,
    weight_decay: float = 0.0,
    *,
    apart: Iterable[str] = (),
) -> ArrayOptimizer:
    """Remember of the squared gradients a mean for each row and each column, and no more.

    As PyTorch's `Adafactor`, whose defaults these are: a rate of at most η/√k relative to θ's own
    size, no momentum, steps cut at a root mean square of 1. What is no matrix has a mean for each
    number.

    Parameters
    ----------
    epsilon
        The least mean of the rows' means, and its square that of a squared gradient: the spacing
        of doubles at 1 by default, as PyTorch's for doubles.
    apart
        Names of matrices that have a mean for each number as well.
    """
    small = sp.Rational(1, 1000)
    fall = 1 - k ** -sp.Rational(4, 5)
    rate = sp.Max(small, sp.sqrt(mean(theta**2))) * sp.Min(eta, 1 / sp.sqrt(k))

    def rule(memory: dict[sp.Symbol, sp.Expr], second: sp.Expr, **more: object) -> ArrayOptimizer:
        step = g / sp.sqrt(sp.Max(second, eps**2))
        return ArrayOptimizer(
            "Adafactor",
            moments={rho_k: fall, **memory, U: step},
            step=-rate * U / sp.Max(1, sp.sqrt(mean(U**2))) - eta * lam * theta,
            hyperparameters={eta: learning_rate, eps: epsilon, lam: weight_decay},
            source="Shazeer & Stern 2018, arXiv:1804.04235, Algorithms 4 and 5",
            **more,  # type: ignore[arg-type]
        )

    each = rule({v: rho_k * v + (1 - rho_k) * g**2}, v)
    factors = {
        R: rho_k * R + (1 - rho_k) * row_means(g**2),
        C: rho_k * C + (1 - rho_k) * column_means(g**2),
    }
    return rule(factors, matmul(R, C) / sp.Max(mean(R), eps), others=each, apart=_names(apart))


def _others(given: UpdateRule | None) -> UpdateRule:
    return adamw() if given is None else given


def _names(apart: Iterable[str]) -> tuple[str, ...]:
    """Return names as a tuple; one name alone is a mistake, its letters would be meant."""
    if isinstance(apart, str):
        raise TypeError(f"apart must be several names, as ({apart!r},), not {apart!r}")
    return tuple(checks.several("apart", apart, 10_000))


MATRIX_RULES: dict[str, Callable[..., ArrayOptimizer]] = {
    "muon": muon, "shampoo": shampoo, "soap": soap, "adafactor": adafactor
}  # fmt: skip
"""Every rule for matrices by the name of its constructor."""
