"""Update rules of whole arrays, written a second time by hand: the oracle for `gdlib`'s.

As `reference.py`, whose signature these have; nothing here imports `gdlib`. θ is one array. Three
programs are called Muon; each is here as its own code has it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Gradient = Callable[[Array], Array]


def _quintic(x: Array, times: int) -> Array:
    """Iterate on the smaller side, as all three do: p(S) of the singular values S."""
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(times):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return x.T if tall else x


def muon(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 1e-3,
    decay: float = 0.95,
    weight_decay: float = 0.1,
    epsilon: float = 1e-7,
    nesterov: bool = True,
    iterations: int = 5,
    scale: str = "original",
) -> Array:
    """PyTorch 2.13, torch/optim/_muon.py, without its rounding to bfloat16.

    There √ is of max(1, rows / columns), the norm is clamped from below, and the decay is
    multiplied by the rate alone.
    """
    theta = np.array(theta0, dtype=np.float64)
    rows, columns = theta.shape
    longer = {
        "original": math.sqrt(max(1, rows / columns)),
        "match_rms_adamw": 0.2 * math.sqrt(max(rows, columns)),
        "none": 1.0,
    }[scale]
    buffer, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        g = gradient(theta)
        buffer = buffer + (1 - decay) * (g - buffer)
        ahead = g + decay * (buffer - g) if nesterov else buffer
        size = max(math.sqrt(float((ahead**2).sum())), epsilon)
        theta = theta * (1 - learning_rate * weight_decay)
        theta = theta - learning_rate * longer * _quintic(ahead / size, iterations)
        path.append(theta)
    return np.stack(path)


def muon_author(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 0.02,
    decay: float = 0.95,
    weight_decay: float = 0.0,
) -> Array:
    """Jordan 2024, github.com/KellerJordan/Muon, muon.py at 00ba60d, without bfloat16.

    ε is added to the norm; the rest is as in PyTorch.
    """
    theta = np.array(theta0, dtype=np.float64)
    rows, columns = theta.shape
    buffer, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        g = gradient(theta)
        buffer = decay * buffer + (1 - decay) * g
        ahead = (1 - decay) * g + decay * buffer
        update = _quintic(ahead / (np.linalg.norm(ahead) + 1e-7), 5)
        update = update * max(1, rows / columns) ** 0.5
        theta = theta * (1 - learning_rate * weight_decay) - learning_rate * update
        path.append(theta)
    return np.stack(path)


def muon_optax(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float,
    decay: float = 0.95,
    weight_decay: float = 0.0,
    epsilon: float = 1e-8,
    nesterov: bool = True,
) -> Array:
    """Optax 0.2.8, optax/contrib/_muon.py: Nadam's divisors, and a layer is inputs × outputs."""
    theta = np.array(theta0, dtype=np.float64)
    inputs, outputs = theta.shape
    mu, path = np.zeros_like(theta), [theta]
    for count in range(1, steps + 1):
        g = gradient(theta)
        mu = decay * mu + (1 - decay) * g
        if nesterov:
            mu_hat = decay * mu / (1 - decay ** (count + 1))
            mu_hat = mu_hat + (1 - decay) * g / (1 - decay**count)
        else:
            mu_hat = mu / (1 - decay**count)
        update = _quintic(mu_hat / (np.linalg.norm(mu_hat) + epsilon), 5)
        update = update * math.sqrt(max(1, outputs / inputs))
        theta = theta - learning_rate * (update + weight_decay * theta)
        path.append(theta)
    return np.stack(path)


def _inverse_fourth_root(a: Array) -> Array:
    """Return A^{−¼} of a positive definite A from its singular value decomposition."""
    u, s, _ = np.linalg.svd(a)
    return np.asarray(u @ np.diag(1 / np.sqrt(np.sqrt(s))) @ u.T)


def shampoo(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 0.1,
    epsilon: float = 1e-4,
) -> Array:
    """Gupta, Koren & Singer 2018, arXiv:1802.09568, Algorithm 1: L₀ = εI, R₀ = εI."""
    theta = np.array(theta0, dtype=np.float64)
    left, right = (epsilon * np.eye(n) for n in theta.shape)
    path = [theta]
    for _ in range(steps):
        g = gradient(theta)
        left, right = left + g @ g.T, right + g.T @ g
        move = _inverse_fourth_root(left) @ g @ _inverse_fourth_root(right)
        theta = theta - learning_rate * move
        path.append(theta)
    return np.stack(path)


def soap(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 3e-3,
    beta1: float = 0.95,
    beta2: float = 0.95,
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
) -> Array:
    """Vyas et al. 2024, arXiv:2409.11321, Algorithm 3, with axes renewed at each step (f = 1).

    The axes are those of the averages *with* this step's gradient, smallest eigenvalue first; the
    paper renews them after the step. V keeps what it has when the axes turn, as in the paper.
    Adam is divided by 1 − βᵗ and the decay multiplied by η, as in the authors' code.
    """
    theta = np.array(theta0, dtype=np.float64)
    left, right = (np.zeros((n, n)) for n in theta.shape)
    m, v, path = np.zeros_like(theta), np.zeros_like(theta), [theta]
    for t in range(1, steps + 1):
        g = gradient(theta)
        left = beta2 * left + (1 - beta2) * g @ g.T
        right = beta2 * right + (1 - beta2) * g.T @ g
        q_left, q_right = np.linalg.eigh(left)[1], np.linalg.eigh(right)[1]
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * (q_left.T @ g @ q_right) ** 2
        turned = (q_left.T @ m @ q_right) / (1 - beta1**t)
        turned = turned / (np.sqrt(v / (1 - beta2**t)) + epsilon)
        theta = theta - learning_rate * (q_left @ turned @ q_right.T + weight_decay * theta)
        path.append(theta)
    return np.stack(path)


def adafactor(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 0.01,
    epsilon: float = 2.0**-52,
    weight_decay: float = 0.0,
) -> Array:
    """Shazeer & Stern 2018, arXiv:1804.04235, as torch/optim/_adafactor.py of 2.13 has it.

    β₂ = 1 − t^(−0.8), ε₂ = 0.001, d = 1; θ's size is taken before it decays.
    """
    theta = np.array(theta0, dtype=np.float64)
    matrix = theta.ndim == 2
    row = column = each = np.zeros(())
    path = [theta]
    for t in range(1, steps + 1):
        g = gradient(theta)
        new = t**-0.8
        alpha = max(1e-3, math.sqrt(float((theta**2).mean()))) * min(learning_rate, t**-0.5)
        theta = theta * (1 - learning_rate * weight_decay)
        if matrix:
            row = row + new * ((g**2).mean(axis=1, keepdims=True) - row)
            column = column + new * ((g**2).mean(axis=0, keepdims=True) - column)
            estimate = row @ column / max(float(row.mean()), epsilon)
        else:
            each = each + new * (g**2 - each)
            estimate = each
        update = g / np.sqrt(np.maximum(estimate, epsilon**2))
        theta = theta - alpha * update / max(1.0, math.sqrt(float((update**2).mean())))
        path.append(theta)
    return np.stack(path)


def clipped(
    rule: Callable[..., Array],
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    norm: float = 1.0,
    small: float = 0.0,
    **settings: float,
) -> Array:
    """Pascanu et al. 2013, arXiv:1211.5063, §3.2: a gradient longer than the norm is cut to it.

    PyTorch's `clip_grad_norm_` divides by the length plus 10⁻⁶, which `small` is for.
    """

    def cut(theta: Array) -> Array:
        g = gradient(theta)
        length = math.sqrt(float((g**2).sum()))
        return g * (norm / (length + small)) if norm < length + small else g

    return rule(cut, theta0, steps, **settings)


def schedule_free(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float,
    interpolation: float = 0.9,
    rates: Sequence[float] | None = None,
    beta2: float | None = None,
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
) -> Array:
    """Defazio et al. 2024, arXiv:2405.15682: eqs. (3)-(5), and with β₂ Algorithm 1 (AdamW).

    Returns the averages x. z₁ = x₁; c = γ² / Σγ² with the largest rate so far for γ, as in the
    authors' code; the decay is taken at y.
    """
    x = np.array(theta0, dtype=np.float64)
    z, v, total, largest, path = x, np.zeros_like(x), 0.0, 0.0, [x]
    for t in range(1, steps + 1):
        rate = learning_rate if rates is None else rates[t - 1]
        y = (1 - interpolation) * z + interpolation * x
        direction = gradient(y)
        if beta2 is not None:
            v = beta2 * v + (1 - beta2) * direction**2
            direction = direction / (np.sqrt(v / (1 - beta2**t)) + epsilon)
        z = z - rate * (direction + weight_decay * y)
        largest = max(largest, rate)
        total = total + largest**2
        c = largest**2 / total
        x = (1 - c) * x + c * z
        path.append(x)
    return np.stack(path)


RULES: dict[str, Callable[..., Any]] = {
    rule.__name__: rule for rule in (muon, shampoo, soap, adafactor)
}
