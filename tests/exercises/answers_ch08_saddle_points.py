"""What readers answer in chapter 8."""

import numpy as np


def escape(start, rate, size, steps):
    y = start
    for _ in range(steps):
        y = y + rate * size * y
    return y


def judge(gradient, hessian):
    flat = bool(np.sqrt(gradient @ gradient) < 1e-6)
    return flat and bool(np.linalg.eigvalsh(hessian).min() > 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def saturated(z):
    return -sigmoid(z) * sigmoid(-z) ** 2


def kick(theta, gradient, noise, rate, small):
    if np.sqrt(gradient @ gradient) < small:
        return theta + noise - rate * gradient
    return theta - rate * gradient


def leave(cost, start):
    rng = np.random.default_rng(0)
    theta = start + 0.5 * rng.standard_normal(2)
    for _ in range(60):
        theta = theta - 0.4 * cost(theta)[1]
    return theta


RIGHT = {
    "saddle-points/kind": ["c"],
    "saddle-points/steps": [242],
    "saddle-points/escape": [escape],
    "saddle-points/judge": [judge],
    "saddle-points/saturated": [saturated],
    "saddle-points/kick": [kick],
    "saddle-points/leave": [leave],
}
WRONG = {
    "saddle-points/kind": {"A minimum": "a", "A maximum": "b", "None": "d"},
    "saddle-points/steps": {
        "That is the natural": 24,
        "A step": 34,
        "Rounded": 241,
        "A number of steps": 241.58,
    },
    "saddle-points/escape": {
        "That shrinks": lambda y, r, s, k: y * (1 - r * s) ** k,
        "That is the flow": lambda y, r, s, k: y * np.exp(r * s * k),
        "You added": lambda y, r, s, k: y + r * s * y * k,
    },
    "saddle-points/judge": {
        "A zero gradient": lambda g, h: bool(np.linalg.norm(g) < 1e-6),
        "A curvature of 0": lambda g, h: bool(
            np.linalg.norm(g) < 1e-6 and np.linalg.eigvalsh(h).min() >= 0
        ),
        "A small negative": lambda g, h: bool(
            np.linalg.norm(g) < 1e-6 and np.linalg.eigvalsh(h).min() > -1e-3
        ),
        "A small positive": lambda g, h: bool(
            np.linalg.norm(g) < 1e-6 and np.linalg.eigvalsh(h).min() > 0.01
        ),
        "A component": lambda g, h: bool(np.all(g < 1e-6) and np.linalg.eigvalsh(h).min() > 0),
        "Each component": lambda g, h: bool(
            np.abs(g).max() < 1e-6 and np.linalg.eigvalsh(h).min() > 0
        ),
        "The bound": lambda g, h: bool(
            np.linalg.norm(g) < 1e-4 and np.linalg.eigvalsh(h).min() > 0
        ),
        "Positive": lambda g, h: bool(np.linalg.eigvalsh(h).min() > 0),
        "The diagonal": lambda g, h: bool(np.linalg.norm(g) < 1e-6 and h.diagonal().min() > 0),
    },
    "saddle-points/saturated": {
        "The sigmoid's own": lambda z: sigmoid(z) - 1,
        "That is the sigmoid's": lambda z: sigmoid(z) * sigmoid(-z),
        "The sign": lambda z: sigmoid(z) * sigmoid(-z) ** 2,
    },
    "saddle-points/kick": {
        "The noise": lambda t, g, n, r, s: (
            t - r * g + (n * np.linalg.norm(g) if np.linalg.norm(g) < s else 0)
        ),
        "You jump on slopes too": lambda t, g, n, r, s: t + n - r * g,
        "You look at": lambda t, g, n, r, s: t - r * g + (n if np.abs(g).max() < s else 0),
        "There is no": lambda t, g, n, r, s: t - r * g,
        "You jump on the slopes and": lambda t, g, n, r, s: (
            t - r * g + (n if np.linalg.norm(g) >= s else 0)
        ),
    },
}
