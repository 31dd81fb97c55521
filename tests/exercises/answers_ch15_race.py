"""What readers answer in chapter 15."""

import math

import numpy as np


def lost(costs):
    return np.where(np.isfinite(costs), costs, np.inf)


def best(costs, rates):
    return rates[np.argmin(np.median(lost(costs), axis=1))]


def best_in_a_loop(costs, rates):
    found, lowest = None, math.inf
    for rate, row in zip(rates, costs, strict=True):
        middle = sorted(c if math.isfinite(c) else math.inf for c in row)[len(row) // 2]
        if middle < lowest:
            found, lowest = rate, middle
    return found


def finite_only(costs, rates):
    middles = [
        np.median(row[np.isfinite(row)]) if np.isfinite(row).any() else np.inf for row in costs
    ]
    return rates[np.argmin(middles)]


def fair(run, rules, rates, seed):
    start = np.random.default_rng(seed).uniform(-1, 1, 2)
    return np.array([min(run(rule, rate, start) for rate in rates) for rule in rules])


def fair_as_a_list(run, rules, rates, seed):
    return list(fair(run, rules, rates, seed))


def whole(costs):
    return np.array([int(c) if np.isfinite(c) else 0 for c in costs])


def own_starts(run, rules, rates, seed):
    rng = np.random.default_rng(seed)
    costs = []
    for rule in rules:
        start = rng.uniform(-1, 1, 2)
        costs.append(min(run(rule, rate, start) for rate in rates))
    return np.array(costs)


def one_rate(run, rules, rates, seed):
    return fair(run, rules, [0.1], seed)


def anew(run, rules, rates, seed):
    rng = np.random.default_rng(seed)
    return np.array([min(run(r, e, rng.uniform(-1, 1, 2)) for e in rates) for r in rules])


def worst(run, rules, rates, seed):
    start = np.random.default_rng(seed).uniform(-1, 1, 2)
    return np.array([max(run(rule, rate, start) for rate in rates) for rule in rules])


def secant(cost, start):
    theta, (height, g) = start, cost(start)
    first, rate = height, 1e-6
    while height > 1e-6 * first:
        new = theta - rate * g
        height, h = cost(new)
        s, t = new - theta, h - g
        theta, g, rate = new, h, (s @ s) / (s @ t)
    return theta


def by_grid(cost, start):
    """Try rates from the largest down; run on with the first that does not climb."""
    for rate in 10.0 ** np.arange(1, -7, -0.5):
        theta, (low, g) = start, cost(start)
        first = low
        for _ in range(1500):
            theta = theta - rate * g
            height, g = cost(theta)
            if height > low:
                break
            low = height
            if low <= 1e-6 * first:
                return theta
    return start


def conjugate(cost, start):
    """Conjugate gradients: on a parabola two gradients tell the product with the Hessian."""
    theta = start
    height, g = cost(theta)
    wanted, way = 1e-6 * height, -g
    while height > wanted:
        bent = cost(theta + way)[1] - g
        far = -(g @ way) / (way @ bent)
        height += far * (g @ way) + far**2 * (way @ bent) / 2
        theta, new = theta + far * way, g + far * bent
        g, way = new, (new @ new) / (g @ g) * way - new
    return theta


def endless(cost, start):
    theta = start
    while True:
        theta = theta - 1e-9 * cost.gradient(theta)


RIGHT = {
    "race/bill": [935_000, 11 * 17 * 5 * 1000],
    "race/verdict": ["b"],
    "race/best": [best, best_in_a_loop],
    "race/trials": [114, math.ceil(math.log(0.1) / math.log(0.98))],
    "race/private": [9],
    "race/fair": [fair, fair_as_a_list],
    "race/untuned": [secant, conjugate],
}
WRONG = {
    "race/bill": {
        "That is how many runs": 935,
        "That is one seed's": 187_000,
        "That is the bill": 85_000,
        "That is what the tuned": 55_000,
    },
    "race/verdict": {"Would it win": "a", "It says something": "c", "One start": "d"},
    "race/best": {
        "That is the rate with the *highest*": lambda c, r: r[
            np.argmax(np.median(lost(c), axis=1))
        ],
        "You rule a rate out": lambda c, r: r[np.nanargmin(np.median(c, axis=1))],
        "You leave the diverged": finite_only,
        "`nanmedian` leaves": lambda c, r: r[np.argmin(np.nanmedian(c, axis=1))],
        "That is the rate of": lambda c, r: r[np.argmin(lost(c).min(axis=1))],
        "A large number": lambda c, r: r[
            np.argmin(np.median(np.nan_to_num(c, nan=1e9, posinf=1e9), 1))
        ],
        "The mean": lambda c, r: r[np.argmin(lost(c).mean(axis=1))],
        "`argmin` takes": lambda c, r: r[np.argmin(np.median(c, axis=1))],
        "That is the place": lambda c, r: np.argmin(np.median(lost(c), axis=1)),
    },
    "race/trials": {
        "Just short": 113,
        "That is the section's": 59,
        "A trial is": math.log(0.1) / math.log(0.98),
        "That is 1/v": 50,
        "Chances": 45,
        "You have swapped": 6,
    },
    "race/private": {
        "That was right": 5,
        "The negative score": 7,
        "Then a negative": 3,
        "The label's own": 11,
    },
    "race/fair": {
        "Nothing has": lambda run, rules, rates, seed: whole(own_starts(run, rules, [0.1], seed)),
        "One start now": lambda run, rules, rates, seed: whole(one_rate(run, rules, rates, seed)),
        "Each rule still has its own start, and the": lambda run, rules, rates, seed: whole(
            own_starts(run, rules, rates, seed)
        ),
        "Each rule still has its own start, and all": lambda run, rules, rates, seed: own_starts(
            run, rules, [0.1], seed
        ),
        "The costs are cut": lambda run, rules, rates, seed: whole(fair(run, rules, rates, seed)),
        "Each rule still has a start": own_starts,
        "Still one rate": one_rate,
        "You return each": worst,
        "A start must be": anew,
    },
    "race/untuned": {
        "Your point": lambda cost, start: 0 * start,  # no bowl has its minimum at the origin
        "Your run used up": endless,
        "You arrive": by_grid,
    },
}
