"""The update rules of the book, each one recurrence with its source.

To add a rule: a function here, its line in `catalogue` at the end, and CONTRIBUTING's other places.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from gdlib.optimizers.optimizer import Optimizer
from gdlib.optimizers.symbols import (
    b1,
    b2,
    beta,
    c,
    delta,
    eps,
    eta,
    g,
    k,
    lam,
    m,
    m_hat,
    mu,
    mu_next,
    mu_product,
    rho,
    theta,
    u,
    v,
    v_hat,
    v_max,
)


def gradient_descent(learning_rate: float) -> Optimizer:
    """Step against the gradient: θ ← θ − ηg (Cauchy 1847)."""
    return Optimizer(
        "gradient descent",
        step=-eta * g,
        hyperparameters={eta: learning_rate},
        source="Cauchy 1847, Comptes rendus 25, 536–538",
    )


def momentum(learning_rate: float, decay: float = 0.9) -> Optimizer:
    """Add up past gradients, forgetting a little each step (Polyak's heavy ball, undamped).

    PyTorch's convention: m ← βm + g. Some texts damp it, m ← βm + (1 − β)g: their rate is
    ours / (1 − β).
    """
    return Optimizer(
        "momentum",
        moments={m: beta * m + g},
        step=-eta * m,
        hyperparameters={eta: learning_rate, beta: decay},
        source="Polyak 1964, doi:10.1016/0041-5553(64)90137-5",
    )


def nesterov(learning_rate: float, decay: float = 0.9) -> Optimizer:
    """Look ahead along the momentum, in the frameworks' form: θ ← θ − η(g + βm)."""
    return Optimizer(
        "Nesterov",
        moments={m: beta * m + g},
        step=-eta * (g + beta * m),
        hyperparameters={eta: learning_rate, beta: decay},
        source="Nesterov 1983, Soviet Math. Doklady 27(2), 372–376; form: Sutskever et al. 2013",
    )


def adagrad(learning_rate: float = 0.01, epsilon: float = 1e-10) -> Optimizer:
    """Divide each coordinate's rate by the root of the sum of its squared gradients."""
    return Optimizer(
        "AdaGrad",
        moments={v: v + g**2},
        step=-eta * g / (sp.sqrt(v) + eps),
        hyperparameters={eta: learning_rate, eps: epsilon},
        source="Duchi, Hazan & Singer 2011, JMLR 12, 2121–2159",
    )


def adadelta(learning_rate: float = 1.0, decay: float = 0.9, epsilon: float = 1e-6) -> Optimizer:
    """Give the step the units of θ: a ratio of two running root mean squares."""
    return Optimizer(
        "Adadelta",
        moments={
            v: rho * v + (1 - rho) * g**2,
            delta: sp.sqrt(u + eps) / sp.sqrt(v + eps) * g,
            u: rho * u + (1 - rho) * delta**2,
        },
        step=-eta * delta,
        hyperparameters={eta: learning_rate, rho: decay, eps: epsilon},
        source="Zeiler 2012, arXiv:1212.5701",
    )


def rmsprop(learning_rate: float = 0.01, decay: float = 0.9, epsilon: float = 1e-8) -> Optimizer:
    """Divide each coordinate's step by a decaying root mean square of its gradients."""
    # ε stands outside the root, as in PyTorch; TensorFlow's old form puts it inside
    return Optimizer(
        "RMSProp",
        moments={v: rho * v + (1 - rho) * g**2},
        step=-eta * g / (sp.sqrt(v) + eps),
        hyperparameters={eta: learning_rate, rho: decay, eps: epsilon},
        source="Tieleman & Hinton 2012, Coursera lecture 6.5",
    )


_ADAM_MOMENTS = {m: b1 * m + (1 - b1) * g, v: b2 * v + (1 - b2) * g**2}
_CORRECTED = {m_hat: m / (1 - b1**k), v_hat: v / (1 - b2**k)}


def adam(
    learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
) -> Optimizer:
    """Combine momentum with per-coordinate rates, both corrected for starting at 0."""
    return Optimizer(
        "Adam",
        moments=_ADAM_MOMENTS | _CORRECTED,
        step=-eta * m_hat / (sp.sqrt(v_hat) + eps),
        hyperparameters=_adam_values(learning_rate, beta1, beta2, epsilon),
        source="Kingma & Ba 2015, arXiv:1412.6980, Algorithm 1",
    )


def amsgrad(
    learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
) -> Optimizer:
    """Adam whose second moment never falls: the largest so far, corrected as PyTorch does."""
    return Optimizer(
        "AMSGrad",
        moments=_ADAM_MOMENTS
        | {v_max: sp.Max(v_max, v), m_hat: _CORRECTED[m_hat], v_hat: v_max / (1 - b2**k)},
        step=-eta * m_hat / (sp.sqrt(v_hat) + eps),
        hyperparameters=_adam_values(learning_rate, beta1, beta2, epsilon),
        source="Reddi, Kale & Kumar 2018, arXiv:1904.09237, Algorithm 2",
    )


def nadam(
    learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
) -> Optimizer:
    """Adam with Nesterov's look ahead and a warming β₁ (Dozat's schedule, ψ = 0.004)."""
    psi, base = sp.Rational(1, 250), sp.Rational(24, 25)  # 0.004 and 0.96, as PyTorch has them
    return Optimizer(
        "Nadam",
        moments=_ADAM_MOMENTS
        | {
            mu: b1 * (1 - base ** (k * psi) / 2),
            mu_next: b1 * (1 - base ** ((k + 1) * psi) / 2),
            mu_product: mu_product * mu,
            m_hat: mu_next * m / (1 - mu_product * mu_next) + (1 - mu) * g / (1 - mu_product),
            v_hat: _CORRECTED[v_hat],
        },
        step=-eta * m_hat / (sp.sqrt(v_hat) + eps),
        hyperparameters=_adam_values(learning_rate, beta1, beta2, epsilon),
        source="Dozat 2016, ICLR workshop, https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ",
        initial={mu_product: 1.0},
    )


def adamw(
    learning_rate: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
) -> Optimizer:
    """Adam with weight decay beside the adaptive step, not inside it, and multiplied by η."""
    return Optimizer(
        "AdamW",
        moments=_ADAM_MOMENTS | _CORRECTED,
        step=-eta * (m_hat / (sp.sqrt(v_hat) + eps) + lam * theta),
        hyperparameters=_adam_values(learning_rate, beta1, beta2, epsilon) | {lam: weight_decay},
        source="Loshchilov & Hutter 2019, arXiv:1711.05101, Algorithm 2",
    )


def lion(
    learning_rate: float = 1e-4, beta1: float = 0.9, beta2: float = 0.99, weight_decay: float = 0.0
) -> Optimizer:
    """Step by the sign of an interpolated momentum; every coordinate moves by η."""
    return Optimizer(
        "Lion",
        moments={c: b1 * m + (1 - b1) * g, m: b2 * m + (1 - b2) * g},
        step=-eta * (sp.sign(c) + lam * theta),
        hyperparameters={eta: learning_rate, b1: beta1, b2: beta2, lam: weight_decay},
        source="Chen et al. 2023, arXiv:2302.06675, Algorithm 2",
    )


def _adam_values(
    learning_rate: float, beta1: float, beta2: float, epsilon: float
) -> dict[sp.Symbol, float]:
    return {eta: learning_rate, b1: beta1, b2: beta2, eps: epsilon}


catalogue: dict[str, Callable[..., Optimizer]] = {
    "gradient_descent": gradient_descent,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "adadelta": adadelta,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
    "amsgrad": amsgrad,
    "nadam": nadam,
    "lion": lion,
}
"""Every rule by the name of its constructor."""
