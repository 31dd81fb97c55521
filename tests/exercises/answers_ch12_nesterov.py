"""What readers answer in chapter 12."""

import math
from itertools import pairwise

import numpy as np
from scipy.optimize import minimize


def step(point, memory, gradient, rate, decay):
    memory = decay * memory + gradient(point - rate * decay * memory)
    return point - rate * memory, memory


def by_positions(point, memory, gradient, rate, decay):
    ahead = point - rate * decay * memory
    new = ahead - rate * gradient(ahead)
    return new, (point - new) / rate


def ball(point, memory, gradient, rate, decay):
    memory = decay * memory + gradient(point)
    return point - rate * memory, memory


def back(point, memory, gradient, rate, decay):
    memory = decay * memory + gradient(point + rate * decay * memory)
    return point - rate * memory, memory


def rateless(point, memory, gradient, rate, decay):
    memory = decay * memory + gradient(point - decay * memory)
    return point - rate * memory, memory


def undecayed(point, memory, gradient, rate, decay):
    memory = decay * memory + gradient(point - rate * memory)
    return point - rate * memory, memory


def twice(point, memory, gradient, rate, decay):
    point = point - rate * decay * memory
    memory = decay * memory + gradient(point)
    return point - rate * memory, memory


def frameworks(point, memory, gradient, rate, decay):
    g = gradient(point)
    memory = decay * memory + g
    return point - rate * (g + decay * memory), memory


def weights(k):
    t = [1.0]
    while len(t) < k:
        t.append(0.5 + math.sqrt(0.25 + t[-1] ** 2))
    return t


def decays(k):
    t = weights(k + 1)
    return [(a - 1) / b for a, b in pairwise(t)]


def walk(cost, start):
    return minimize(cost, start, jac=True, method="BFGS").x


def plain(cost, start):
    theta = start
    for _ in range(5000):
        theta = theta - cost(theta)[1]
    return theta


RIGHT = {
    "nesterov/by-hand": [0.48],
    "nesterov/step": [step, by_positions],
    "nesterov/rate": [3.8 / 28, 0.1357],
    "nesterov/sign": [0.5],
    "nesterov/decays": [decays, lambda k: np.array(decays(k))],
    "nesterov/promise": [(306, 1414), [306.0, 1414.0]],
    "nesterov/uphill": [
        lambda g, new, last: g @ (new - last) > 0,
        lambda g, new, last: bool(np.dot(g, new) > np.dot(g, last)),
    ],
    "nesterov/chains": [walk],
}
WRONG = {
    "nesterov/by-hand": {
        "You took the slope": 0.4,
        "You looked back": 0.32,
        "You took the step from": 0.08,
        "The look-ahead is": 0.5,
        "That is the look-ahead": 0.6,
        "You added": 1.52,
        "That is how long": 0.52,
    },
    "nesterov/step": {
        "You took the gradient at the point": ball,
        "You look back": back,
        "Your look-ahead forgets the rate": rateless,
        "Your look-ahead forgets the decay": undecayed,
        "You step from the look-ahead": twice,
        "That is the frameworks'": frameworks,
        "The order": lambda p, m, g, r, d: step(p, m, g, r, d)[::-1],
        "Return both": lambda p, m, g, r, d: step(p, m, g, r, d)[0],
    },
    "nesterov/rate": {
        "That is the heavy ball's": 0.38,
        "That is plain descent's": 0.2,
        "That is ηL": 3.8 / 2.8,
        "That is 1/L": 0.1,
        "Close": 0.136,
    },
    "nesterov/sign": {"The run converges for no": 0.9, "Already": 1, "A little": 0},
    "nesterov/decays": {
        "That is (k − 1)": lambda k: [j / (j + 3) for j in range(k)],
        "You divided by the same": lambda k: [(t - 1) / t for t in weights(k)],
        "Your list is one step": lambda k: decays(k + 1)[1:],
        "Those are the weights": weights,
        "Your list has one value": lambda k: decays(k + 1),
    },
    "nesterov/promise": {
        "Both are k + 1": (307, 1415),
        "Round up": (305, 1413),
        "The other way": (1414, 306),
        "Take square roots": (93749, 1999999),
    },
    "nesterov/uphill": {
        "Yours says": lambda g, new, last: g @ (last - new) > 0,
        "The move is": lambda g, new, last: g @ new > 0,
        "Yours looks at one": lambda g, new, last: g[0] * (new - last)[0] > 0,
        "Where the slope is zero": lambda g, new, last: g @ (new - last) >= 0,
        "That is the slope": lambda g, new, last: g @ (new - last),
    },
    "nesterov/chains": {"Your last point": lambda cost, start: start, "You arrive": plain},
}
