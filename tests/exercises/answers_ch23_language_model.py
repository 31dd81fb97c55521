"""What readers answer in chapter 23."""

import numpy as np
import sympy as sp
from scipy.special import softmax

s1, s2 = sp.symbols("s1 s2", real=True)


def attended(divide=np.sqrt, mask=True, axis=1):
    def weights(queries, keys):
        scores = queries @ keys.T / divide(queries.shape[1])
        if mask:
            scores[~np.tri(len(scores), dtype=bool)] = -np.inf
        return softmax(scores, axis=axis)

    return weights


def by(length):
    return lambda x: x / length(x)


RIGHT = {
    "language-model/bits": [2.25, 9 / 4],
    "language-model/mask": ["b", " B "],
    "language-model/slope": [sp.exp(s2) / (sp.exp(s1) + sp.exp(s2)), 1 / (1 + sp.exp(s1 - s2))],
    "language-model/weights": [attended()],
    "language-model/normal": [by(lambda x: np.sqrt(np.mean(x * x, axis=1))[:, None])],
    "language-model/numbers": [103936, 5632 + 98304],
    "language-model/saving": [1000 / 840, 1.19],
}

WRONG = {
    "language-model/bits": {
        "That is the sum": 9,
        "Take the mean": 2,
        "That is in units": 1.559581,
        "A probability": -2.25,
    },
    "language-model/mask": {"Descent takes": "a", "It learned": "c", "It can": "d"},
    "language-model/slope": {
        "That is the slope along": -1 / (1 + sp.exp(s1 - s2)),
        "That is the probability": 1 / (1 + sp.exp(s2 - s1)),
        "That is the slope of p₁": -sp.exp(s1 + s2) / (sp.exp(s1) + sp.exp(s2)) ** 2,
        "That is in bits": 1 / (1 + sp.exp(s1 - s2)) / sp.log(2),
    },
    "language-model/weights": {
        "Scores are": attended(lambda d: 1),
        "Divide by": attended(lambda d: d),
        "Places see": attended(mask=False),
        "The mask comes": lambda q, k: np.tril(attended(mask=False)(q, k)),
        "Columns add": attended(axis=0),
        "Queries and keys": lambda q, k: attended()(k, q),
    },
    "language-model/normal": {
        "Rows have": by(lambda x: np.sqrt((x * x).sum(axis=1))[:, None]),
        "The root": by(lambda x: (x * x).mean(axis=1)[:, None]),
        "Each row": by(lambda x: np.sqrt((x * x).mean())),
        "That is the mean": by(lambda x: np.sqrt((x * x).mean(axis=0))),
        "No mean": lambda x: (x.T - x.mean(axis=1)).T / x.std(axis=1)[:, None],
    },
    "language-model/numbers": {
        "That is one block": 5632 + 32768,
        "The vectors of signs": 98304,
        "The last matrix": 103936 - 1792,
        "The vectors of places": 103936 - 2048,
        "There are four": 103936 - 3 * 4096,
        "The ReLUs": 103936 - 3 * 8192,
    },
    "language-model/saving": {
        "That is the factor": 1.428571,
        "Its steps": 1.714286,
        "That is the time": 0.84,
    },
}
