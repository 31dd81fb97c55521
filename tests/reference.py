"""Each update rule, written a second time by hand from its paper: the oracle for `gdlib`'s rules.

Nothing here imports `gdlib`, and nothing here is fast. A rule takes a gradient function, a start of
any shape, the number of steps and the hyperparameters; it returns all points, the start first, in
an array of shape (steps + 1, *start.shape). Landscapes with hand-derived gradients are in
`reference_landscapes.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Gradient = Callable[[Array], Array]


def _start(theta0: ArrayLike) -> tuple[Array, Array]:
    """Return θ₀ as floats, and zeros of its shape for the rule's memory."""
    theta = np.array(theta0, dtype=np.float64)
    return theta, np.zeros_like(theta)


def gradient_descent(
    gradient: Gradient, theta0: ArrayLike, steps: int, *, learning_rate: float
) -> Array:
    """Cauchy 1847, Comptes Rendus 25, 536-538: go down the slope."""
    theta, _ = _start(theta0)
    path = [theta]
    for _ in range(steps):
        theta = theta - learning_rate * gradient(theta)
        path.append(theta)
    return np.stack(path)


def momentum(
    gradient: Gradient, theta0: ArrayLike, steps: int, *, learning_rate: float, decay: float = 0.9
) -> Array:
    """Polyak 1964, doi:10.1016/0041-5553(64)90137-5, eq. (9); undamped, as in PyTorch's SGD."""
    theta, m = _start(theta0)
    path = [theta]
    for _ in range(steps):
        m = decay * m + gradient(theta)
        theta = theta - learning_rate * m
        path.append(theta)
    return np.stack(path)


def nesterov(
    gradient: Gradient, theta0: ArrayLike, steps: int, *, learning_rate: float, decay: float = 0.9
) -> Array:
    """Nesterov 1983, in the frameworks' form (Bengio et al. 2012, arXiv:1212.0901, eq. 7).

    θ here is the paper's looked-ahead point, so the gradient is always taken at θ itself.
    """
    theta, m = _start(theta0)
    path = [theta]
    for _ in range(steps):
        g = gradient(theta)
        m = decay * m + g
        theta = theta - learning_rate * (g + decay * m)
        path.append(theta)
    return np.stack(path)


def adagrad(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float,
    epsilon: float = 1e-10,
) -> Array:
    """Duchi, Hazan & Singer 2011, JMLR 12:2121-2159, diagonal case; ε outside, as in PyTorch.

    TensorFlow and Keras start the sum at 0.1; here, as in the paper, it starts at 0.
    """
    theta, total = _start(theta0)
    path = [theta]
    for _ in range(steps):
        g = gradient(theta)
        total = total + g**2
        theta = theta - learning_rate * g / (np.sqrt(total) + epsilon)
        path.append(theta)
    return np.stack(path)


def adadelta(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 1.0,
    decay: float = 0.9,
    epsilon: float = 1e-6,
) -> Array:
    """Zeiler 2012, arXiv:1212.5701, Algorithm 1: RMS[x] = √(E[x²] + ε), so ε is inside the root.

    The step uses the mean square of the steps *before* it; the rate multiplies only the move, and
    the memory keeps the step without it (PyTorch; the paper has no rate, so 1).
    """
    theta, mean_square_gradient = _start(theta0)
    mean_square_step = np.zeros_like(theta)
    path = [theta]
    for _ in range(steps):
        g = gradient(theta)
        mean_square_gradient = decay * mean_square_gradient + (1 - decay) * g**2
        step = np.sqrt(mean_square_step + epsilon) / np.sqrt(mean_square_gradient + epsilon) * g
        mean_square_step = decay * mean_square_step + (1 - decay) * step**2
        theta = theta - learning_rate * step
        path.append(theta)
    return np.stack(path)


def rmsprop(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float,
    decay: float = 0.9,
    epsilon: float = 1e-8,
) -> Array:
    """Tieleman & Hinton 2012, Coursera, lecture 6.5; PyTorch's ε outside the root, start at 0."""
    theta, v = _start(theta0)
    path = [theta]
    for _ in range(steps):
        g = gradient(theta)
        v = decay * v + (1 - decay) * g**2
        theta = theta - learning_rate * g / (np.sqrt(v) + epsilon)
        path.append(theta)
    return np.stack(path)


def adam(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Array:
    """Kingma & Ba 2015, arXiv:1412.6980, Algorithm 1."""
    theta, m = _start(theta0)
    v = np.zeros_like(theta)
    path = [theta]
    for t in range(1, steps + 1):
        g = gradient(theta)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        theta = theta - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)
        path.append(theta)
    return np.stack(path)


def adamw(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
) -> Array:
    """Loshchilov & Hutter 2019, arXiv:1711.05101, Algorithm 2; the decay times η, as in PyTorch.

    The paper multiplies the decay by its schedule factor alone, not by the base rate α.
    """
    theta, m = _start(theta0)
    v = np.zeros_like(theta)
    path = [theta]
    for t in range(1, steps + 1):
        g = gradient(theta)
        theta = theta - learning_rate * weight_decay * theta
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        theta = theta - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)
        path.append(theta)
    return np.stack(path)


def amsgrad(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Array:
    """Reddi, Kale & Kumar 2018, arXiv:1904.09237, Algorithm 2, with PyTorch's bias corrections.

    The maximum is over the uncorrected v and is corrected afterwards; the paper corrects nothing.
    """
    theta, m = _start(theta0)
    v, v_max = np.zeros_like(theta), np.zeros_like(theta)
    path = [theta]
    for t in range(1, steps + 1):
        g = gradient(theta)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        v_max = np.maximum(v_max, v)
        m_hat = m / (1 - beta1**t)
        v_hat = v_max / (1 - beta2**t)
        theta = theta - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)
        path.append(theta)
    return np.stack(path)


def nadam(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    momentum_decay: float = 0.004,
) -> Array:
    """Dozat 2016, ICLR workshop (OpenReview OM0jvwB8jIp57ZJjtNEZ), Algorithm 2, as in PyTorch.

    β₁ warms up: μ_t = β₁ (1 − ½ · 0.96^(t ψ)), ψ = 0.004, and the corrections are its products.
    """
    theta, m = _start(theta0)
    v = np.zeros_like(theta)
    product = 1.0
    path = [theta]
    for t in range(1, steps + 1):
        mu = beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
        mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
        product = product * mu
        g = gradient(theta)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_bar = (1 - mu) * g / (1 - product) + mu_next * m / (1 - product * mu_next)
        v_hat = v / (1 - beta2**t)
        theta = theta - learning_rate * m_bar / (np.sqrt(v_hat) + epsilon)
        path.append(theta)
    return np.stack(path)


def lion(
    gradient: Gradient,
    theta0: ArrayLike,
    steps: int,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.99,
    weight_decay: float = 0.0,
) -> Array:
    """Chen et al. 2023, arXiv:2302.06675, Algorithm 2: the sign of a blend, then the memory."""
    theta, m = _start(theta0)
    path = [theta]
    for _ in range(steps):
        g = gradient(theta)
        direction = np.sign(beta1 * m + (1 - beta1) * g)
        m = beta2 * m + (1 - beta2) * g
        theta = theta - learning_rate * (direction + weight_decay * theta)
        path.append(theta)
    return np.stack(path)


RULES: dict[str, Callable[..., Any]] = {
    rule.__name__: rule
    for rule in (
        gradient_descent,
        momentum,
        nesterov,
        adagrad,
        adadelta,
        rmsprop,
        adam,
        adamw,
        amsgrad,
        nadam,
        lion,
    )
}
