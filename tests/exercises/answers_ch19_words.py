"""What readers answer in chapter 19."""

import numpy as np
import sympy as sp

u, v = sp.symbols("u v", real=True)


def shifted(n, negatives):
    rows, columns = n.sum(axis=1, keepdims=True), n.sum(axis=0, keepdims=True)
    return np.log(n * n.sum() / (rows * columns * negatives))


def pmi(n):
    return np.log(n * n.sum() / np.outer(n.sum(1), n.sum(0)))


def share(u, v):
    return 1 / (1 + np.exp(-np.dot(u, v)))


def step(u, v, true, rate):
    off = share(u, v) - true
    return u - rate * off * v, v - rate * off * u


def in_turn(u, v, true, rate):
    u = u - rate * (share(u, v) - true) * v
    return u, v - rate * (share(u, v) - true) * u


def new_u_in_the_step_of_v(u, v, true, rate):
    off = share(u, v) - true
    u = u - rate * off * v
    return u, v - rate * off * u


def along_itself(u, v, true, rate):
    off = share(u, v) - true
    return u - rate * off * u, v - rate * off * v


def without_sigmoid(u, v, true, rate):
    off = u @ v - true
    return u - rate * off * v, v - rate * off * u


def nearest(vectors, i):
    lengths = np.sqrt((vectors**2).sum(axis=1))
    cosines = vectors @ vectors[i] / lengths
    return np.argsort(-cosines)[1]


def by(scores):
    def answer(vectors, i):
        found = scores(vectors, i)
        found[i] = -np.inf
        return int(found.argmax())

    return answer


def cosines(vectors, i):
    rows = vectors / np.linalg.norm(vectors, axis=1)[:, None]
    return rows @ rows[i]


RIGHT = {
    "words/score": [np.log(2), 0.6931],
    "words/never": ["c"],
    "words/shifted": [shifted],
    "words/slope": [-v / (1 + sp.exp(u * v)), (1 / (1 + sp.exp(-u * v)) - 1) * v],
    "words/step": [step],
    "words/nearest": [nearest, by(cosines)],
}
WRONG = {
    "words/score": {
        "That is the ratio": 2,
        "That is the PMI": np.log(8),
        "K divides": np.log(32),
        "Take the natural": 1,
        "That is the share": 2 / 3,
        "The pair is true": -np.log(2),
    },
    "words/never": {"At 0 the pair": "a", "That is the score": "b", "It is drawn": "d"},
    "words/shifted": {
        "The shift is missing": lambda n, k: pmi(n),
        "Subtract ln K": lambda n, k: pmi(n) + np.log(k),
        "K itself": lambda n, k: pmi(n) - k,
        "Take the natural": lambda n, k: (pmi(n) - np.log(k)) / np.log(2),
        "The two sums": lambda n, k: np.log(n * n.sum() / np.outer(n.sum(0), n.sum(1)) / k),
        "m must add up": lambda n, k: np.log(n / np.outer(n.sum(1), n.sum(0)) / k),
        "That is the ratio": lambda n, k: np.exp(pmi(n)) / k,
    },
    "words/slope": {
        "Down is along": v / (1 + sp.exp(u * v)),
        "That is the slope along": -1 / (1 + sp.exp(u * v)),
        "That is the slope of a drawn": sp.log(1 + sp.exp(u * v)).diff(u),
        "That is the slope with respect": sp.log(1 + sp.exp(-u * v)).diff(v),
        "That is σ(s)": -v / (1 + sp.exp(-u * v)),
    },
    "words/step": {
        "The new u": new_u_in_the_step_of_v,
        "You step twice": in_turn,
        "Your step climbs": lambda u, v, true, rate: step(u, v, true, -rate),
        "The label": lambda u, v, true, rate: step(u, v, 0, rate),
        "u moves along v": along_itself,
        "The score itself": without_sigmoid,
        "Both vectors": lambda u, v, true, rate: step(u, v, true, rate)[::-1],
        "Return two": lambda u, v, true, rate: list(step(u, v, true, rate)),
    },
    "words/nearest": {
        "A word is nearest": lambda vectors, i: int(cosines(vectors, i).argmax()),
        "By the product": by(lambda vectors, i: vectors @ vectors[i]),
        "That is the nearest": by(lambda vectors, i: -np.linalg.norm(vectors - vectors[i], axis=1)),
        "That is the row": lambda vectors, i: int(cosines(vectors, i).argmin()),
        "An opposite": by(lambda vectors, i: abs(cosines(vectors, i))),
    },
}
