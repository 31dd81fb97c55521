"""What readers answer in chapter 22."""

import numpy as np
import sympy as sp

p, q = sp.symbols("p q", positive=True)
RHO = 1 + 2**0.5


def nu(k):
    count = 0
    while k % 2 == 0:
        k, count = k // 2, count + 1
    return count


def free(at=None, start=None, mean=None, back=lambda z, x: (z, x)):
    """Return a schedule-free step, with one thing done otherwise."""

    def step(z, x, k, gradient, rate, beta):
        y = (1 - beta) * z + beta * x
        place = y if at is None else at(z, x, beta)
        new = (z if start is None else start(z, x, beta)) - rate * gradient(place)
        return back(new, x + (new - x) / k if mean is None else mean(z, new, x, k))

    return step


def short(gradient, most):
    length = np.linalg.norm(gradient)
    return gradient if length <= most else most * gradient / length


RIGHT = {
    "rate-again/left": [1 / 122, 0.0082],
    "rate-again/silver": [lambda k: 1 + RHO ** (nu(k) - 1)],
    "rate-again/size": [2 * sp.sqrt(p * q), sp.sqrt(4 * p * q)],
    "rate-again/line": [lambda k, last, rate: rate * (last + 1 - k) / (last + 1)],
    "rate-again/clip": [short],
    "rate-again/free": [free()],
    "rate-again/batch": ["b"],
}
WRONG = {
    "rate-again/left": {
        "That is for fifteen": 1 / 62,
        "Twice the sum": 1 / 124,
        "The 2 is": 1 / 120,
    },
    "rate-again/silver": {
        "The exponent": lambda k: 1 + RHO ** nu(k),
        "The 1 in": lambda k: RHO ** (nu(k) - 1),
        "ρ is": lambda k: 1 + 2 ** ((nu(k) - 1) / 2),
        "ν counts": lambda k: 1 + RHO ** (k.bit_length() - 2),
        "You count": lambda k: 1 + RHO ** (nu(k + 1) - 1),
    },
    "rate-again/size": {
        "That is the best": sp.sqrt(p / q),
        "That is one": sp.sqrt(p * q),
        "That is the bound": p + q,
        "The root of": sp.sqrt(q / p),
    },
    "rate-again/line": {
        "Your last": lambda k, last, rate: rate * (last - k) / last,
        "You begin one": lambda k, last, rate: rate * (last + 2 - k) / (last + 1),
        "You begin at": lambda k, last, rate: rate * (last + 1 - k) / last,
        "That rises": lambda k, last, rate: rate * k / (last + 1),
    },
    "rate-again/clip": {
        "You clip each": lambda g, most: np.minimum(np.maximum(g, -most), most),
        "A gradient that": lambda g, most: g * most / (np.linalg.norm(g) or 1),
        "The factor is": lambda g, most: g * max(1, np.linalg.norm(g) / most),
        "That is the length": lambda g, most: (
            g if most >= np.linalg.norm(g) else g / np.linalg.norm(g)
        ),
        "You compare": lambda g, most: g * min(1, most / ((g**2).sum() or 1)),
    },
    "rate-again/free": {
        "The slope is asked for at y, not at z": free(at=lambda z, x, beta: z),
        "The slope is asked for at y, not at the mean": free(at=lambda z, x, beta: x),
        "β is": free(at=lambda z, x, beta: beta * z + (1 - beta) * x),
        "The step begins": free(start=lambda z, x, beta: (1 - beta) * z + beta * x),
        "The mean takes": free(mean=lambda z, new, x, k: x + (z - x) / k),
        "One step late": free(mean=lambda z, new, x, k: x + (new - x) / (k + 1)),
        "Return z": free(back=lambda z, x: (x, z)),
    },
    "rate-again/batch": {"That is so": "a", "A larger": "c", "The rate is": "d"},
}
