"""What readers answer in chapter 20."""

import numpy as np
import sympy as sp

v, beta = sp.symbols("v beta", positive=True)


def clip(weights, biases, limit):
    length = np.linalg.norm(np.concatenate([weights, biases]))
    if length <= limit:
        return weights.copy(), biases.copy()
    return weights * limit / length, biases * limit / length


def by(factor):
    def wrong(weights, biases, limit):
        size = factor(np.concatenate([weights, biases]), limit)
        return weights * size, biases * size

    return wrong


def own(gradient, limit):
    return gradient * min(1, limit / np.linalg.norm(gradient))


def adam(divide, sign=-1, correct=True):
    def step(theta, gradient, m, v, k, rate):
        m = m + 0.1 * (gradient - m)
        v = v + 0.001 * (gradient**2 - v)
        m_hat = m / (1 - 0.9**k) if correct else m
        return theta + sign * rate * m_hat / divide(v, 1 - 0.999**k), m, v

    return step


keras = adam(lambda v, c: (np.sqrt(v) + 1e-3) / np.sqrt(c))

RIGHT = {
    "frameworks/first-step": [0.5 * 0.1 / np.sqrt(0.11), 0.1508],
    "frameworks/clip": [clip],
    "frameworks/accumulate": ["b", " B "],
    "frameworks/coast": [beta * v / (1 - beta), v / (1 - beta) - v],
    "frameworks/cosine": [0.5, (1 + np.cos(10.5 * np.pi)) / 2],
    "frameworks/scale": [32, 2.0**5],
    "frameworks/keras-adam": [keras],
}

WRONG = {
    "frameworks/first-step": {
        "That is PyTorch's": 0.5,
        "The sum holds": 0.158114,
        "The root": 0.454545,
        "The gradient's square": 0.111803,
        "That is gradient descent's": 0.05,
        "A length": -0.150756,
    },
    "frameworks/clip": {
        "Each array": lambda w, b, limit: (own(w, limit), own(b, limit)),
        "That cuts": lambda w, b, limit: (
            np.maximum(np.minimum(w, limit), -limit),
            np.maximum(np.minimum(b, limit), -limit),
        ),
        "Long gradients": by(lambda both, limit: limit / np.linalg.norm(both)),
        "The square root": by(lambda both, limit: min(1, limit / (both @ both))),
        "The length": by(lambda both, limit: min(1, limit / abs(both).sum())),
        "Nothing": lambda w, b, limit: (w * 1, b * 1),
        "Both values": lambda w, b, limit: clip(w, b, limit)[::-1],
        "Return two": lambda w, b, limit: np.concatenate(clip(w, b, limit)),
    },
    "frameworks/accumulate": {"The large batch": "a", "The other way": "c", "All four": "d"},
    "frameworks/coast": {
        "That counts": v / (1 - beta),
        "That is the next": v * beta,
        "That would be": sp.Integer(0),
        "The sum": beta * v / (1 + beta),
        "The first": beta**2 * v / (1 - beta),
    },
    "frameworks/cosine": {
        "It is 0": 0,
        "That is the rate": 1,
        "The scheduler counts": 0.9755,
        "One half": -0.5,
    },
    "frameworks/scale": {
        "That is enough": 64,
        "That is too small": 16,
        "That is where": 65536,
        "The loss": 5,
    },
    "frameworks/keras-adam": {
        "That is PyTorch's": adam(lambda v, c: np.sqrt(v / c) + 1e-3),
        "ε is inside": adam(lambda v, c: np.sqrt((v + 1e-3) / c)),
        "ε is missing": adam(lambda v, c: np.sqrt(v / c)),
        "Both corrections": adam(lambda v, c: np.sqrt(v) + 1e-3, correct=False),
        "The second correction": adam(lambda v, c: (np.sqrt(v) + 1e-3) / c),
        "Your step climbs": adam(lambda v, c: (np.sqrt(v) + 1e-3) / np.sqrt(c), sign=1),
        "θ is right": lambda theta, gradient, m, v, k, rate: (
            keras(theta, gradient, m, v, k, rate)[0],
            m,
            v,
        ),
        "Return three": lambda *given: keras(*given)[0],
    },
}
