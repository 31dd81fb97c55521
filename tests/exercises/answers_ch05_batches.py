"""What readers answer in chapter 5."""

import numpy as np
import sympy as sp

eta, lam, s, B = sp.symbols("eta lamda s B", positive=True)


def gradient(theta, features, targets, rows):
    residual = features[rows] @ theta - targets[rows]
    return features[rows].T @ residual / len(rows)


def gradient_row_by_row(theta, features, targets, rows):
    each = [(features[i] @ theta - targets[i]) * features[i] for i in rows]
    return np.mean(each, axis=0)


def means(theta, features, targets, sizes):
    parts, begin = [], 0
    for size in sizes:
        x, y = features[begin : begin + size], targets[begin : begin + size]
        parts.append(x.T @ (x @ theta - y) / size)
        begin += size
    return np.array(parts)


def weighted(theta, features, targets, sizes):
    return np.average(means(theta, features, targets, sizes), axis=0, weights=sizes)


def sums(theta, features, targets, sizes):
    return means(theta, features, targets, sizes) * np.array(sizes)[:, None]


def whole(theta, features, targets, sizes):
    return gradient(theta, features, targets, np.arange(sum(sizes)))


def averaging(gradient, start):
    theta, tail = start, []
    for k in range(60):
        theta = theta - gradient(theta, 10)
        if k >= 15:
            tail.append(theta)
    return np.mean(tail, axis=0)


def plain(steps, size, rate):
    def fit(gradient, start):
        theta = start
        for _ in range(steps):
            theta = theta - rate * gradient(theta, size)
        return theta

    return fit


def in_place(gradient, start):
    for _ in range(12):
        start -= gradient(start, 50)
    return averaging(gradient, start)


RIGHT = {
    "batches/steps": [2346, 3 * -(-50_000 // 64)],
    "batches/sgd": ["c"],
    "batches/gradient": [gradient, gradient_row_by_row],
    "batches/halve": [39, 39.0],
    "batches/floor": [eta * s / (2 * B * (2 - eta * lam)), eta * s / B / (4 - 2 * eta * lam)],
    "batches/accumulate": [weighted, whole],
    "batches/fewest-rows": [averaging],
}
WRONG = {
    "batches/steps": {
        "That is one epoch": 782,
        "You leave out": 3 * (50_000 // 64),
        "The last batch": 2344,
        "A step is": 3 * 50_000 / 64,
        "That is how many rows": 150_000,
    },
    "batches/sgd": {"No row": "a", "The class has": "b", "`momentum`": "d"},
    "batches/gradient": {
        "That is the sum": lambda t, x, y, r: x[r].T @ (x[r] @ t - y[r]),
        "You divide by all": lambda t, x, y, r: x[r].T @ (x[r] @ t - y[r]) / len(y),
        "That is the gradient over all": lambda t, x, y, r: x.T @ (x @ t - y) / len(y),
        "Your gradient points": lambda t, x, y, r: x[r].T @ (y[r] - x[r] @ t) / len(r),
        "Twice": lambda t, x, y, r: 2 * x[r].T @ (x[r] @ t - y[r]) / len(r),
        "One number": lambda t, x, y, r: np.mean((x[r] @ t - y[r]) ** 2) / 2,
        "The mean of products": lambda t, x, y, r: np.mean(x[r] @ t - y[r]) * x[r].mean(0),
    },
    "batches/halve": {
        "Right if": 40,
        "That halves": 20,
        "Not a whole": 38.834951456310677,
        "Just short": 37,
        "A smaller batch": 5,
    },
    "batches/floor": {
        "That is the variance": eta * s / (B * lam * (2 - eta * lam)),
        "The cost is": eta * s / (B * (2 - eta * lam)),
        "That is the floor of single": eta * s / (2 * (2 - eta * lam)),
        "Averaging": eta * s / (2 * B**2 * (2 - eta * lam)),
        "A mean": B * eta * s / (2 * (2 - eta * lam)),
        "That is the limit": eta * s / (4 * B),
        "A cost cannot": -eta * s / (2 * B * (2 - eta * lam)),
    },
    "batches/accumulate": {
        "Still the mean": lambda t, x, y, z: means(t, x, y, z).mean(axis=0),
        "The sum of the means": lambda t, x, y, z: means(t, x, y, z).sum(axis=0),
        "Now every row": lambda t, x, y, z: sums(t, x, y, z).sum(axis=0),
        "Every row counts the same now": lambda t, x, y, z: sums(t, x, y, z).mean(axis=0),
        "You divide twice": lambda t, x, y, z: means(t, x, y, z).sum(axis=0) / sum(z),
        "You return the last": lambda t, x, y, z: means(t, x, y, z)[-1],
    },
    "batches/fewest-rows": {
        "Your run used up": plain(100, 100, 0.5),
        "A batch has": plain(10, 10.0, 0.5),
        "Your line": plain(1, 4000, 1.0),
        "You arrive": plain(12, 100, 1.0),
    },
}
