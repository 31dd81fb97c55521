"""What readers answer in chapter 13."""

import numpy as np
import sympy as sp

eta, rho, k = sp.symbols("eta rho k", positive=True)


def step(theta, gradient, total, rate, epsilon):
    new = total + gradient * gradient
    return theta - rate / (np.sqrt(new) + epsilon) * gradient, new


def with_divisor(divisor):
    def wrong(theta, gradient, total, rate, epsilon):
        new = total + gradient**2
        return theta - rate * gradient / divisor(total, new, epsilon), new

    return wrong


def unsquared(theta, gradient, total, rate, epsilon):
    new = total + gradient
    return theta - rate * gradient / (np.sqrt(np.maximum(new, 0)) + epsilon), new


def walk(cost, start, rate=2.0):
    theta, total = start, np.zeros_like(start)
    for _ in range(400):
        value, gradient = cost(theta)
        if value <= 1e-6:
            break
        theta, total = step(theta, gradient, total, rate, 0.0)
    return theta


def secant(cost, start):
    """Take each coordinate's curvature from two gradients."""
    theta, (value, gradient) = start, cost(start)
    move = -1e-3 * np.sign(gradient)
    while value > 1e-6:
        there = theta + move
        value, new = cost(there)
        with np.errstate(all="ignore"):
            curvature = np.abs((new - gradient) / (there - theta))
        theta, gradient = there, new
        move = -gradient / np.where(curvature > 0, curvature, np.inf)
    return theta


RIGHT = {
    "adaptive-rates/tenth": [100, 100.0],
    "adaptive-rates/adagrad": [step],
    "adaptive-rates/forget": [
        lambda a, g, r: r * a + (1 - r) * g**2,
        lambda a, g, r: a + (1 - r) * (g * g - a),
    ],
    "adaptive-rates/first-steps": [eta / sp.sqrt(1 - rho**k), eta * (1 - rho**k) ** -0.5],
    "adaptive-rates/epsilon": [0.01, 1e-2],
    "adaptive-rates/cents": ["b"],
    "adaptive-rates/steep-and-flat": [walk, secant],
}
WRONG = {
    "adaptive-rates/tenth": {
        "It falls": 10,
        "The 5": 500,
        "You squared": 10_000,
        "Count from": 99,
    },
    "adaptive-rates/adagrad": {
        "The gradient is added": unsquared,
        "You divide by the sum": with_divisor(lambda old, new, eps: new + eps),
        "You step before": with_divisor(lambda old, new, eps: np.sqrt(old) + eps),
        "ε is inside": with_divisor(lambda old, new, eps: np.sqrt(new + eps)),
        "Your step climbs": with_divisor(lambda old, new, eps: -np.sqrt(new) - eps),
        "All coordinates": with_divisor(lambda old, new, eps: np.linalg.norm(np.sqrt(new)) + eps),
        "θ is right": lambda t, g, s, r, e: (step(t, g, s, r, e)[0], s + 0),
        "ε is missing": with_divisor(lambda old, new, eps: np.sqrt(new)),
        "Only the last": lambda t, g, s, r, e: (t - r * g / (np.sqrt(g**2) + e), g * g),
        "The sum grows": with_divisor(lambda old, new, eps: 1),
        "That is the step": lambda t, g, s, r, e: step(0 * t, g, s, r, e),
        "Both values": lambda t, g, s, r, e: (s + g**2, step(t, g, s, r, e)[0]),
        "Return two things": lambda t, g, s, r, e: list(step(t, g, s, r, e)),
        "The new total": lambda t, g, s, r, e: step(t, g, s, r, e)[0],
    },
    "adaptive-rates/forget": {
        "Still the old": lambda a, g, r: r * a + g**2,
        "Now nothing": lambda a, g, r: a + g**2,
        "ρ and 1": lambda a, g, r: (1 - r) * a + r * g**2,
        "The square": lambda a, g, r: r * a + (1 - r) * g,
        "The root": lambda a, g, r: np.sqrt(r * a + (1 - r) * g**2),
        "You scale": lambda a, g, r: (1 - r) * (r * a + g**2),
    },
    "adaptive-rates/first-steps": {
        "That is the first": eta / sp.sqrt(1 - rho),
        "That is AdaGrad": eta / sp.sqrt(k),
        "That is where": eta,
        "The step divides": eta / (1 - rho**k),
        "That is how much": eta * rho ** (-k / 2),
        "The average is": eta * sp.sqrt(1 - rho**k),
        "One step late": eta / sp.sqrt(1 - rho ** (k - 1)),
        "A length": -eta / sp.sqrt(1 - rho**k),
    },
    "adaptive-rates/epsilon": {"Then the steps": 0.0001, "You squared": 1e-8},
    "adaptive-rates/cents": {"Their steps": "a", "Forgetting": "c", "The gradients are": "d"},
    "adaptive-rates/steep-and-flat": {
        "You arrive": lambda cost, start: walk(cost, start, rate=1.0),
    },
}
