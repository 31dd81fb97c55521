"""What readers answer in chapter 21."""

import numpy as np
import sympy as sp

beta, j = sp.symbols("beta j", positive=True)
muons = (3.4445, -4.7750, 2.0315)


def steepest(gradient):
    left, _, right = np.linalg.svd(gradient, full_matrices=False)
    return -(left @ right)


def by_eigenvectors(gradient):
    """Take the way of Shampoo, on the shorter side."""
    if gradient.shape[0] > gradient.shape[1]:
        return by_eigenvectors(gradient.T).T
    values, vectors = np.linalg.eigh(gradient @ gradient.T)
    return -vectors @ np.diag(values**-0.5) @ vectors.T @ gradient


RIGHT = {
    "norms/gain": [11, 11.0],
    "norms/spectral": [steepest, by_eigenvectors],
    "norms/lion": [(1 - beta) * beta ** (j + 1), beta * (beta**j - beta ** (j + 1))],
    "norms/blind-test": [1, 1.0],
    "norms/adafactor": [400, 400.0],
    "norms/unseen": ["b"],
    "norms/polynomials": [
        [muons] * 4 + [(15 / 8, -10 / 8, 3 / 8)],
        [
            (8.0934, -23.6204, 17.4462),
            (3.6366, -2.7219, 0.5365),
            (2.6613, -1.9772, 0.4526),
            (1.9562, -1.3375, 0.3839),
            (1.875, -1.25, 0.375),
        ],
    ],
}
WRONG = {
    "norms/gain": {
        "That is the Euclidean": 7,
        "One coordinate": 6,
        "Each coordinate chooses": 5,
        "How much": -11,
    },
    "norms/spectral": {
        "Your step climbs": lambda g: -steepest(g),
        "It has spectral norm 1": lambda g: -g / np.linalg.svd(g)[1][0],
        "That divides": lambda g: -g / np.sqrt((g**2).sum()),
        "The direction is right": lambda g: steepest(g) * np.linalg.svd(g)[1].sum(),
        "That goes along": lambda g: -np.outer(np.linalg.svd(g)[0][:, 0], np.linalg.svd(g)[2][0]),
        "Signs belong": lambda g: -np.sign(g),
        "The singular values": lambda g: 0 - g,
        "That is the gain": lambda g: float(np.linalg.svd(g)[1].sum()),
    },
    "norms/lion": {
        "That is its weight": (1 - beta) * beta**j,
        "Two powers too few": (1 - beta) * beta ** (j - 1),
        "One power too many": (1 - beta) * beta ** (j + 2),
        "It came into": beta * beta**j,
        "Only the present": (1 - beta) * (1 + beta ** (j + 1)),
    },
    "norms/blind-test": {
        "Then the difference": 0.1,
        "The decay is": 0.001,
        "Then rate": 0.01,
        "That is ten": 10,
    },
    "norms/adafactor": {
        "Adam keeps two": 200,
        "Upside down": 0.0025,
        "That is how many Adam keeps": 360_000,
        "That is how many Adafactor keeps": 900,
        "The weights": 600,
        "Adafactor keeps": 2,
    },
    "norms/unseen": {"A turn": "a", "The step is": "c", "Look at": "d"},
    "norms/polynomials": {
        "You arrive": [muons] * 5,
        "Five polynomials": [muons] * 4,
        "Your polynomials lead": [(1e200, 0, 0)] * 5,
    },
}
