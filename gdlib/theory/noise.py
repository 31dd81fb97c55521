"""How far gradient noise keeps descent from the minimum of a quadratic, along one eigenvector.

With e the distance along an eigenvector of curvature λ, a step is e ← (1 − ηλ)e − η·noise.
"""

from __future__ import annotations

import sympy as sp

eta, lam, spread = sp.symbols("eta lamda spread", positive=True)
batch_size, rows, batches = sp.symbols("batch_size rows batches", positive=True)
ARGUMENTS = (eta, lam, spread, batch_size, rows, batches)
"""Rate; curvature; variance of one row's gradient; B; N; batches an epoch, ⌈N/B⌉."""


def batch_noise(*, replacement: bool = False) -> sp.Expr:
    """Return σ², a mini-batch gradient's variance: 1/B of a row's, less if no row comes twice."""
    independent = spread / batch_size
    return independent if replacement else independent * (rows - batch_size) / (rows - 1)


def independent_variance(*, replacement: bool) -> sp.Expr:
    """Return ησ²/(λ(2 − ηλ)), the fixed point of V ← (1 − ηλ)²V + η²σ²: independent batches."""
    return eta * batch_noise(replacement=replacement) / (lam * (2 - eta * lam))


def shuffled_variance() -> sp.Expr:
    """Return the variance under one shuffle an epoch, averaged over the epoch's steps.

    An epoch's m batch gradients have noises that sum to 0, so any two have covariance
    −σ²/(m − 1). With a = 1 − ηλ, step k of an epoch that starts with variance V₀ has
    a^(2k)·V₀ + η²σ²·F(k), and V₀ is the fixed point over k = m.

    For a rate near 0, where these differences of powers of a would be rounding alone, the steps
    of an epoch are a bridge of m summands from 0 to 0, of mean variance η²σ²(m + 1)/6.
    """
    a, m = 1 - eta * lam, batches
    q = a**2
    pairs = 1 / (m - 1)

    def grown(power: sp.Expr, square: sp.Expr) -> sp.Expr:
        """F from a^k and a^(2k): the noises' own variances, and their covariances."""
        alone = (1 - square) / (1 - q)
        together = (1 - 2 * power + square) / (1 - a) ** 2
        return alone * (1 + pairs) - together * pairs

    noise = eta**2 * batch_noise()
    start = noise * grown(a**m, q**m) / (1 - q**m)
    mean_power, mean_square = (b * (1 - b**m) / ((1 - b) * m) for b in (a, q))
    average = mean_square * start + noise * grown(mean_power, mean_square)
    tiny = eta * lam * m < sp.Rational(1, 1000)
    return sp.Piecewise(
        (sp.S.Zero, batch_size >= rows), (noise * (m + 1) / 6, tiny), (average, True)
    )
