"""What readers answer in chapter 10."""

import numpy as np
from scipy.optimize import minimize


def newton_step(theta, gradient, hessian):
    return theta - np.linalg.solve(hessian, gradient)


def by_inverse(theta, gradient, hessian):
    return theta - np.linalg.inv(hessian) @ gradient


def downhill(gradient, hessian):
    values, vectors = np.linalg.eigh(hessian)
    return -(vectors / np.abs(values)) @ vectors.T @ gradient


def swapped(gradient, hessian):
    values, vectors = np.linalg.eigh(hessian)
    return -(vectors.T / np.abs(values)) @ vectors @ gradient


def one_way(gradient, hessian):
    values, vectors = np.linalg.eigh(hessian)
    return -(vectors / np.abs(values)) @ gradient


def bfgs(step, change, inverse):
    rho = 1 / (change @ step)
    v = np.eye(len(step)) - rho * np.outer(change, step)
    return v.T @ inverse @ v + rho * np.outer(step, step)


def kept(value, there, gradient, hessian, step):
    model = value + gradient @ step + (step @ hessian @ step) / 2
    return (there - value) / (model - value)


def walk(cost, start):
    return minimize(cost, start, jac=True, method="BFGS").x


RIGHT = {
    "curvature/one-step": [-7, -7.0],
    "curvature/newton-step": [newton_step, by_inverse],
    "curvature/digits": [3],
    "curvature/saddle": ["c"],
    "curvature/descent-direction": [downhill],
    "curvature/bfgs": [bfgs],
    "curvature/ratio": [kept],
    "curvature/valley": [walk],
}
WRONG = {
    "curvature/one-step": {
        "You added": 13,
        "That is the step;": -10,
        "That is the length": 10,
        "You multiplied": 2.6,
    },
    "curvature/newton-step": {
        "You added": lambda t, g, h: t + np.linalg.inv(h) @ g,
        "You divided by the diagonal": lambda t, g, h: t - g / h.diagonal(),
        "You took the sizes": lambda t, g, h: t + downhill(g, h),
        "You multiplied": lambda t, g, h: t - h @ g,
        "That is the step alone": lambda t, g, h: -np.linalg.inv(h) @ g,
    },
    "curvature/digits": {"That many": 8, "With two": 2, "A number of steps": 2.907, "Four": 4},
    "curvature/saddle": {"The step divides": "a", "Nothing": "b", "The slope in y": "d"},
    "curvature/descent-direction": {
        "That is Newton's own": lambda g, h: -np.linalg.solve(h, g),
        "You took the absolute": lambda g, h: -np.linalg.solve(np.abs(h), g),
        "V and Vᵀ": swapped,
        "You came back": one_way,
        "Your direction climbs": lambda g, h: -downhill(g, h),
    },
    "curvature/bfgs": {
        "Step and change": lambda s, y, b: bfgs(y, s, b),
        "The last term": lambda s, y, b: bfgs(s, y, b) - np.outer(s, s) / (y @ s),
        "The two brackets": lambda s, y, b: (
            (np.eye(len(s)) - np.outer(y, s) / (y @ s))
            @ b
            @ (np.eye(len(s)) - np.outer(s, y) / (y @ s))
            + np.outer(s, s) / (y @ s)
        ),
        "The right-hand": lambda s, y, b: (
            (np.eye(len(s)) - np.outer(s, y) / (y @ s))
            @ b
            @ (np.eye(len(s)) - np.outer(s, y) / (y @ s))
            + np.outer(s, s) / (y @ s)
        ),
    },
    "curvature/ratio": {
        "That is one over": lambda v, w, g, h, s: 1 / kept(v, w, g, h, s),
        "A sign": lambda v, w, g, h, s: (w - v) / -(g @ s + s @ h @ s / 2),
        "The ½": lambda v, w, g, h, s: kept(v, w, g, 2 * h, s),
        "You promised": lambda v, w, g, h, s: kept(v, w, g, 0 * h, s),
        "That is the decrease": lambda v, w, g, h, s: v - w,
    },
}
