"""What readers answer in chapter 16."""

import numpy as np
import sympy as sp

eta, lamda, k = sp.symbols("eta lamda k", positive=True)


def scaled(train, new):
    middle, spread = np.mean(train, axis=0), np.sqrt(np.var(train, axis=0))
    return (np.asarray(new) - middle) / spread


def sigma(z):
    return 0.5 + 0.5 * np.tanh(z / 2)


def slope(theta, features, labels, alpha):
    off = sigma(features @ theta) - labels
    return np.mean(off[:, None] * features, axis=0) + alpha * theta


def with_parts(off, penalty=1.0, mean=True):
    def wrong(theta, features, labels, alpha):
        left = off(features @ theta, labels)
        part = features.T @ left / (len(labels) if mean else 1)
        return part + penalty * alpha * theta

    return wrong


def best_step(costs, patience):
    lowest, best, waited = np.inf, 0, 0
    for step, cost in enumerate(costs):
        if cost < lowest:
            lowest, best, waited = cost, step, 0
        else:
            waited += 1
        if waited == patience:
            return best
    return best


def last_step(costs, patience):
    for step in range(len(costs)):
        if step - int(np.argmin(costs[: step + 1])) >= patience:
            return step
    return len(costs) - 1


def neighbours(costs, patience, keep=lambda costs, step: step):
    waited = step = 0
    for step in range(1, len(costs)):
        waited = waited + 1 if costs[step] >= costs[step - 1] else 0
        if waited >= patience:
            break
    return keep(costs, step)


def latest(costs, patience):
    lowest, best = np.inf, 0
    for step, cost in enumerate(costs):
        if cost <= lowest:
            lowest, best = cost, step
        elif step - best >= patience:
            break
    return best


def fit(features, targets, gradient, steps=120):
    middle, spread = features.mean(axis=0), features.std(axis=0)
    table = np.column_stack([(features - middle) / spread, np.ones(len(features))])
    theta = np.zeros(7)
    for _ in range(steps):
        theta = theta - 0.7 * gradient(table, theta)
    weights = theta[:-1] / spread
    return np.append(weights, theta[-1] - weights @ middle)


RIGHT = {
    "regression/grams": [1_000_000, 1e6],
    "regression/leak": [scaled],
    "regression/gradient": [slope],
    "regression/share": [1 - (1 - eta * lamda) ** k],
    "regression/patience": [best_step],
    "regression/report": ["c"],
    "regression/fit": [fit],
}
WRONG = {
    "regression/grams": {
        "That is the factor on the column": 1000,
        "That is the factor on the weight": 0.001,
        "The numbers grow": 1e-6,
    },
    "regression/leak": {
        "The new rows are scaled by": lambda train, new: scaled(new, new),
        "The new rows have a part": lambda train, new: scaled(np.concatenate([train, new]), new),
        "One mean": lambda train, new: (new - np.mean(train)) / np.std(train),
        "You divide by the variance": lambda train, new: (
            (new - train.mean(axis=0)) / np.var(train, axis=0)
        ),
        "The mean is still": lambda train, new: new / np.std(train, axis=0),
        "The spread is still": lambda train, new: new - np.mean(train, axis=0),
        "Return the new rows": lambda train, new: scaled(train, train),
        "That spread divides": lambda train, new: (
            (new - train.mean(axis=0)) / np.std(train, axis=0, ddof=1)
        ),
    },
    "regression/gradient": {
        "σ is missing": with_parts(lambda z, y: z - y),
        "The sum over": with_parts(lambda z, y: sigma(z) - y, mean=False),
        "All is divided": lambda t, x, y, a: slope(t, x, y, a / len(y)),
        "The penalty's part": with_parts(lambda z, y: sigma(z) - y, penalty=0),
        "The penalty has a half": with_parts(lambda z, y: sigma(z) - y, penalty=0.5),
        "The penalty pulls": with_parts(lambda z, y: sigma(z) - y, penalty=-1),
        "That is minus": lambda t, x, y, a: -slope(t, x, y, a),
        "σ has a minus": with_parts(lambda z, y: sigma(-z) - y),
        "σ is turned": with_parts(lambda z, y: 1.0 * (z > 0) - y),
        "The factor σ": with_parts(lambda z, y: (sigma(z) - y) * sigma(z) * sigma(-z)),
    },
    "regression/share": {
        "That is the share that is left": (1 - eta * lamda) ** k,
        "That is the flow": 1 - sp.exp(-eta * lamda * k),
        "That is ridge": eta * k * lamda / (1 + eta * k * lamda),
        "The steps get shorter": k * eta * lamda,
        "That is one step": lamda * eta,
        "That grows beyond": 1 - (1 - eta) ** (lamda * k),
    },
    "regression/patience": {
        "That is the number of the last": last_step,
        "Still the old": neighbours,
        "It compares neighbours": lambda c, p: neighbours(
            c, p, lambda costs, step: int(np.argmin(costs[: step + 1]))
        ),
        "The run never ends": lambda c, p: int(np.argmin(c)),
        "It waits one step": lambda c, p: best_step(c, p + 1),
        "It loses patience": lambda c, p: best_step(c, p - 1) if p > 1 else 0,
        "Return the number": lambda c, p: c[best_step(c, p)],
        "An equal cost": latest,
    },
    "regression/report": {
        "The fit was made": "a",
        "The penalty was chosen": "b",
        "The lowest of fifty": "d",
    },
    "regression/fit": {
        "You arrive": lambda x, y, gradient: fit(x, y, gradient, steps=200),
    },
}
