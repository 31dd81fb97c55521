"""What readers answer in chapter 9."""

import numpy as np


def hinge(w, features, labels):
    total = np.zeros_like(w)
    for row, label in zip(features, labels, strict=True):
        if label * (row @ w) < 1:
            total = total - label * row
    return total / len(labels)


def soft(v, t):
    return np.sign(v) * np.maximum(np.abs(v) - t, 0)


def by_cases(v, t):
    return np.where(v > t, v - t, np.where(v < -t, v + t, 0.0))


def landed(theta, features, targets, rate):
    return theta - rate * features.T @ (features @ theta - targets) / len(targets)


def ista(theta, features, targets, alpha, rate):
    return by_cases(landed(theta, features, targets, rate), rate * alpha)


def relu_step(v, t):
    return v - np.clip(v, 0, t)


def silence(features, targets):
    return np.abs(features.T @ targets / len(targets)).max()


def walk(smooth, l1, largest, start):
    theta, rate = start, 1.9 / largest
    while True:
        new = soft(theta - rate * smooth(theta)[1], rate * l1)
        if np.abs(new - theta).max() < 1e-4:
            return new
        theta = new


def restarted(smooth, l1, largest, start):
    theta = ahead = start
    weight = 1.0
    for _ in range(36):
        new = soft(ahead - smooth.gradient(ahead) / largest, l1 / largest)
        if (ahead - new) @ (new - theta) > 0:
            weight = 1.0
        heavier = (1 + np.sqrt(1 + 4 * weight**2)) / 2
        ahead = new + (weight - 1) / heavier * (new - theta)
        theta, weight = new, heavier
    return theta


def learned(smooth, l1, largest, start):
    base = smooth.gradient(start)
    hessian = np.array([smooth.gradient(start + one) - base for one in np.eye(len(start))])
    theta = start
    for _ in range(1000):
        theta = soft(theta - (base + hessian @ (theta - start)) / largest, l1 / largest)
    return theta


RIGHT = {
    "corners/hop": [0.2],
    "corners/fan": ["c"],
    "corners/hinge": [hinge],
    "corners/soft-threshold": [soft, by_cases],
    "corners/ista": [ista],
    "corners/relu-step": [relu_step, lambda v, t: np.where(v > t, v - t, np.minimum(v, 0))],
    "corners/silence": [silence],
    "corners/lasso": [walk, restarted, learned],
}
WRONG = {
    "corners/hop": {"That is the nearer": 0.1, "That is how far": 0.3, "It never": 0, "Half": 0.15},
    "corners/fan": {"That is the slope": "a", "The mean": "b", "Those are": "d"},
    "corners/hinge": {
        "Your direction climbs": lambda w, x, t: -hinge(w, x, t),
        "That is the gradient of the sum": lambda w, x, t: len(t) * hinge(w, x, t),
        "You divide by": lambda w, x, t: len(t) * hinge(w, x, t) / max(1, (t * (x @ w) < 1).sum()),
        "Rows with a margin": lambda w, x, t: -(t[:, None] * x).mean(0),
        "Only rows": lambda w, x, t: -((t * (x @ w) < 0) * t) @ x / len(t),
        "A subgradient": lambda w, x, t: -((t * (x @ w) <= 1) * t) @ x / len(t),
    },
    "corners/soft-threshold": {
        "Numbers near 0": lambda v, t: np.sign(v) * (np.abs(v) - t),
        "That is a hard": lambda v, t: v * (np.abs(v) > t),
        "Right for positive": lambda v, t: np.maximum(v - t, 0),
        "That is what is taken": lambda v, t: np.clip(v, -t, t),
        "You lost": lambda v, t: np.abs(soft(v, t)),
    },
    "corners/ista": {
        "That is the step as": lambda th, x, y, a, r: soft(landed(th, x, y, r), a),
        "The squares are": lambda th, x, y, a, r: soft(th - r * x.T @ (x @ th - y), r * a),
        "The gradient has": lambda th, x, y, a, r: soft(
            landed(th, x, y, r) - r * a * np.sign(th), r * a
        ),
        "The threshold grows": lambda th, x, y, a, r: soft(landed(th, x, y, r), a / r),
        "First step": lambda th, x, y, a, r: landed(soft(th, r * a), x, y, r),
    },
    "corners/relu-step": {
        "Negative numbers": soft,
        "That is the ReLU": lambda v, t: v * (v > 0),
        "You sent": lambda v, t: np.maximum(v - t, 0),
        "A number nearer": lambda v, t: v - t * (v > 0),
        "Those beyond": lambda v, t: np.where((v > 0) & (v <= t), 0, v),
    },
    "corners/silence": {
        "A column": lambda x, y: (x.T @ y).max() / len(y),
        "The cost": lambda x, y: np.abs(x.T @ y).max(),
        "Each column": lambda x, y: np.abs(x.T @ y).sum() / len(y),
        "With this": lambda x, y: np.abs(x.T @ y).min() / len(y),
    },
}
