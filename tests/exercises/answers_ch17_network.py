"""What readers answer in chapter 17."""

import numpy as np


def slopes(x, w, z_bar):
    return np.einsum("im,nm->in", z_bar, w), np.einsum("in,im->nm", x, z_bar), z_bar.sum(0)


def filter_slopes(x, y_bar):
    return np.array([x[j : j + len(y_bar)] @ y_bar for j in range(len(x) - len(y_bar) + 1)])


RIGHT = {
    "network/count": [1210, 1210.0],
    "network/slopes": [slopes, lambda x, w, z_bar: (z_bar @ w.T, x.T @ z_bar, z_bar.sum(axis=0))],
    "network/spread": [lambda n: np.sqrt(2 / n), lambda n: (2 / n) ** 0.5],
    "network/alike": ["c"],
    "network/clock": [np.log(3e6 - 1) / 6, 2.4857],
    "network/halve": [50, 2 / 0.04],
    "network/filter": [filter_slopes],
}
WRONG = {
    "network/count": {
        "The biases are": 64 * 16 + 16 * 10,
        "That is the number": 64 + 16 + 10,
        "Only the hidden": 64 * 16 + 16 + 16 * 10,
        "Only the output": 64 * 16 + 16 * 10 + 10,
        "That is the first": 64 * 16 + 16,
        "The inputs have": 64 * 16 + 16 + 16 * 10 + 10 + 64,
        "The layers are": 64 * 16 * 10 + 10,
        "That is the network": 64 * 32 + 32 + 32 * 10 + 10,
        "Half the units": 2410 / 2,
    },
    "network/slopes": {
        "The slope of b has": lambda x, w, z: (z @ w.T, x.T @ z, z),
        "The slopes of b are averaged": lambda x, w, z: (z @ w.T, x.T @ z, z.mean(0)),
        "The slopes of the weights": lambda x, w, z: (z @ w.T, x.T @ z / len(z), z.sum(0)),
        "The slopes of b are added": lambda x, w, z: (z @ w.T, x.T @ z, z.sum(1)),
        "The slope of the weights": lambda x, w, z: (z @ w.T, (x.T @ z).T, z.sum(0)),
        "All three": lambda x, w, z: (x.T @ z, z.sum(0), z @ w.T),
        "The weights' slopes": lambda x, w, z: (x.T @ z, z @ w.T, z.sum(0)),
        "The slopes of b are the": lambda x, w, z: (z @ w.T, x.T @ z),
    },
    "network/spread": {
        "Still the old": lambda n: 2 / n,
        "That is the start": lambda n: n**-0.5,
        "The n belongs": lambda n: 2**0.5 / n,
        "The signal would": lambda n: (2 * n) ** 0.5,
        "That is the inverse": lambda n: (n / 2) ** 0.5,
        "That is the square": lambda n: (2 / n) ** 2,
    },
    "network/alike": {"The slopes": "a", "Waiting": "b", "It runs": "d"},
    "network/clock": {
        "The start is": 1334.34,
        "Twice as many": 2 * np.log(3e3 - 1) / 6,
        "Divide by 2s, not by s": np.log(3e6 - 1) / 3,
        "Divide by 2s, not by 2.": np.log(3e6 - 1) / 2,
        "That is the old": np.log(3e3 - 1) / 6,
    },
    "network/halve": {
        "The edge was": 25,
        "The other way": 12.5,
        "That is the rate": 0.04,
        "That was": 0.08,
        "The edge goes": 100,
    },
    "network/filter": {
        "That is the other": lambda x, y: np.convolve(x, y, "valid"),
        "The right numbers": lambda x, y: filter_slopes(x, y)[::-1],
        "The slopes are averaged": lambda x, y: filter_slopes(x, y) / len(y),
        "Too many": lambda x, y: np.correlate(x, y, "full"),
    },
}
