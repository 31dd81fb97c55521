"""What readers answer in chapter 14."""

import numpy as np
import sympy as sp


def walk(form, averages=lambda beta: 1 - beta):
    def run(gradient, theta, steps, eta, beta1, beta2, epsilon):
        m, v = 0 * theta, 0 * theta
        for k in range(1, steps + 1):
            g = gradient(theta)
            m = beta1 * m + averages(beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            c1, c2 = 1 - beta1**k, 1 - beta2**k
            theta = theta - eta * form(g, m, v, c1, c2, epsilon, k, beta1, beta2)
        return theta

    return run


def efficient(gradient, theta, steps, eta, beta1, beta2, epsilon):
    """Correct the rate instead of the averages, as the paper proposes, with ε to match."""
    m = v = np.zeros(2)
    for k in range(1, steps + 1):
        g = gradient(theta)
        m += 0
        m = m + (1 - beta1) * (g - m)
        v = v + (1 - beta2) * (g**2 - v)
        root = np.sqrt(1 - beta2**k)
        theta = theta - eta * root / (1 - beta1**k) * m / (np.sqrt(v) + epsilon * root)
    return theta


def hats_kept(gradient, theta, steps, eta, beta1, beta2, epsilon):
    m, v = 0, 0
    for k in range(1, steps + 1):
        g = gradient(theta)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        m, v = m / (1 - beta1**k), v / (1 - beta2**k)
        theta = theta - eta * m / (np.sqrt(v) + epsilon)
    return theta


def bent(form):
    def step(g, m, v, k, eta):
        m = 0.9 * m + (1 - 0.9) * g
        v = 0.999 * v + (1 - 0.999) * g**2
        return -eta * form(m, v, 1 - 0.9**k, 1 - 0.999**k)

    return step


def by_adam(gradient, start):
    theta, m, v = start, 0, 0
    for k in range(1, 21):
        g = gradient(theta)
        m, v = 0.5 * m + 0.5 * g, 0.999 * v + 0.001 * g**2
        theta = theta - 0.2 * m / (1 - 0.5**k) / np.sqrt(v / (1 - 0.999**k))
    return theta


growing = list(1.11 ** np.arange(0, 80.0))
lam, g = sp.symbols("lamda g", positive=True)

RIGHT = {
    "adam/first-step": [9.4868, 9.49, 9.5, 0.3 / np.sqrt(0.001)],
    "adam/memory": [459, 459.0],
    "adam/build": [
        walk(lambda g, m, v, c1, c2, e, *_: (m / c1) / (np.sqrt(v / c2) + e)),
        efficient,
    ],
    "adam/debias": [bent(lambda m, v, c1, c2: m / c1 / (np.sqrt(v / c2) + 1e-8))],
    "adam/scale": ["c"],
    "adam/longest-step": [[0.0] * 6000 + growing, np.array([1e-9] * 4000 + growing)],
    "adam/rest": [-1 / lam],
    "adam/scales": [by_adam],
}
WRONG = {
    "adam/first-step": {
        "That is the first step *with*": 1,
        "That is right for β₁ = 0.9": 3.1623,
        "You divided by v;": 300,
        "m begins": 22.136,
        "That is with m corrected": 31.62,
        "Upside down": 0.1054,
    },
    "adam/memory": {
        "Just short": 458,
        "A step is": 458.2,
        "After that": 100,
        "That is the number for β = 0.9.": 44,
        "That is the number for β = 0.999.": 4603,
    },
    "adam/build": {
        "These are": walk(lambda g, m, v, c1, c2, e, *_: g),
        "Line m stands": walk(lambda g, m, v, c1, c2, e, *_: m),
        "Your m adds up": walk(lambda g, m, v, c1, c2, e, *_: m, lambda beta: 1),
        "Lines m and v": walk(lambda g, m, v, c1, c2, e, *_: m / (np.sqrt(v) + e)),
        "You correct m": walk(lambda g, m, v, c1, c2, e, *_: m / c1 / (np.sqrt(v) + e)),
        "You correct v": walk(lambda g, m, v, c1, c2, e, *_: m / (np.sqrt(v / c2) + e)),
        "You step along": walk(lambda g, m, v, c1, c2, e, *_: g / (np.sqrt(v / c2) + e)),
        "Your ε stands inside": walk(lambda g, m, v, c1, c2, e, *_: m / c1 / np.sqrt(v / c2 + e)),
        "Your ε is added before": walk(
            lambda g, m, v, c1, c2, e, *_: m / c1 * np.sqrt(c2) / (np.sqrt(v) + e)
        ),
        "Your ε is missing": walk(lambda g, m, v, c1, c2, e, *_: m / c1 / np.sqrt(v / c2)),
        "You correct one": walk(
            lambda g, m, v, c1, c2, e, k, b1, b2: (
                m / (1 - b1 ** (k + 1)) / (np.sqrt(v / (1 - b2 ** (k + 1))) + e)
            )
        ),
        "You divide by v̂": walk(lambda g, m, v, c1, c2, e, *_: m / c1 / (v / c2 + e)),
        "You correct by": walk(
            lambda g, m, v, c1, c2, e, k, b1, b2: m / (1 - b1) / (np.sqrt(v / (1 - b2)) + e)
        ),
        "Your m is an average": walk(lambda g, m, v, c1, *_: m / c1),
        "The hats need": hats_kept,
        "β₁ and β₂": lambda gradient, theta, steps, eta, b1, b2, e: efficient(
            gradient, theta, steps, eta, b2, b1, e
        ),
        "Your θ comes": lambda gradient, theta, steps, eta, b1, b2, e: theta + 0,
        "Your steps climb": walk(lambda g, m, v, c1, c2, e, *_: -m / c1 / (np.sqrt(v / c2) + e)),
    },
    "adam/debias": {
        "That is the page's": bent(lambda m, v, c1, c2: m / c1 / (np.sqrt(v) + 1e-8)),
        "Both are corrected. But ε stands": bent(
            lambda m, v, c1, c2: m / c1 / np.sqrt(v / c2 + 1e-8)
        ),
        "Both are corrected. But ε is missing": bent(lambda m, v, c1, c2: m / c1 / np.sqrt(v / c2)),
        "The correction belongs": bent(lambda m, v, c1, c2: m / c1 / (np.sqrt(v) / c2 + 1e-8)),
        "You divide by the corrected": bent(lambda m, v, c1, c2: m / c1 / (v / c2 + 1e-8)),
        "η is missing": lambda g, m, v, k, eta: bent(
            lambda m, v, c1, c2: m / c1 / (np.sqrt(v / c2) + 1e-8)
        )(g, m, v, k, 1),
        "Now v": bent(lambda m, v, c1, c2: m / (np.sqrt(v / c2) + 1e-8)),
        "Neither": bent(lambda m, v, c1, c2: m / (np.sqrt(v) + 1e-8)),
        "You multiplied": bent(lambda m, v, c1, c2: m / c1 / (np.sqrt(v * c2) + 1e-8)),
        "v has its own": bent(lambda m, v, c1, c2: m / c1 / (np.sqrt(v / c1) + 1e-8)),
        "Your step climbs": bent(lambda m, v, c1, c2: -m / c1 / (np.sqrt(v / c2) + 1e-8)),
    },
    "adam/scale": {"The rate": "a", "v grows": "b", "The corrections": "d"},
    "adam/longest-step": {
        "All your": [0.0] * 10,
        "That last step": [1.0] * 50,
        "That is longer": [0.0] * 9000 + [1.0],
        "You are past": [0.0] * 9000 + [1.0, 1.1, 1.2],
        "At most": np.ones(20_001),
    },
    "adam/rest": {
        "That is where": -g / lam,
        "The pull": 1 / lam,
        "At rest": -lam,
    },
}
