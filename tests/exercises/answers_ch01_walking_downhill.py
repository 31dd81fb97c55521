"""What readers answer in chapter 1."""

import numpy as np


def walk(cost, slope, theta, eta, steps):
    costs = []
    for _k in range(1, steps + 1):
        g = slope(theta)
        theta = theta - eta * g
        costs.append(cost(theta))
    return theta, costs


def recursive(cost, slope, theta, eta, steps):
    if steps == 0:
        return theta, []
    after = theta - eta * slope(theta)
    end, costs = recursive(cost, slope, after, eta, steps - 1)
    return end, [cost(after), *costs]


def upward(cost, slope, theta, eta, steps):
    return walk(cost, lambda t: -slope(t), theta, eta, steps)


def rateless(cost, slope, theta, eta, steps):
    return walk(cost, slope, theta, 1.0, steps)


def late(cost, slope, theta, eta, steps):
    costs = []
    for _ in range(steps):
        costs.append(cost(theta))
        theta = theta - eta * slope(theta)
    return theta, costs


def blind(cost, slope, theta, eta, steps):
    g = slope(theta)
    return walk(cost, lambda _: g, theta, eta, steps)


def by_height(cost, slope, theta, eta, steps):
    return walk(cost, cost, theta, eta, steps)


def warehouse(towns):
    place = towns.mean(axis=0)
    for _ in range(500):
        away = place - towns
        distance = np.linalg.norm(away, axis=1, keepdims=True)
        place = place - 0.5 * (away / distance).sum(axis=0)
    return place


def climbing_warehouse(towns):
    place = towns.mean(axis=0)
    for _ in range(500):
        away = place - towns
        place = place + 0.5 * (away / np.linalg.norm(away, axis=1, keepdims=True)).sum(axis=0)
    return place


def best_town(towns):
    return min(towns, key=lambda town: np.linalg.norm(towns - town, axis=1).sum())


def hunt(look):
    """Scout five places, then walk down from the lowest."""
    places = [1, 3, 5, 7, 9]
    seen = [look(place) for place in places]
    best = min(range(5), key=lambda i: seen[i][0])
    theta, slope = places[best], seen[best][1]
    for _ in range(7):
        theta = min(10, max(0, theta - 0.3 * slope))
        _, slope = look(theta)
    return theta


RIGHT = {
    "walking-downhill/first-step": [2.4, 3 - 0.1 * 6],
    "walking-downhill/walk": [walk, recursive],
    "walking-downhill/hilltop": ["b", "B"],
    "walking-downhill/patience": [132, 132.0],
    "walking-downhill/warehouse": [warehouse, lambda towns: list(warehouse(towns))],
    "walking-downhill/hunt": [hunt],
}
WRONG = {
    "walking-downhill/first-step": {
        "This step goes up": 3.6,
        "That is the slope itself": -3,
        "The step is made of": 2.1,
        "The slope of": 2.7,
        "That is how far": 0.6,
        "That is the step;": -0.6,
    },
    "walking-downhill/walk": {
        "Your walk climbs": upward,
        "Each step has the length": rateless,
        "Your costs are those before": late,
        "Every step uses the slope": blind,
        "You step by the height": by_height,
    },
    "walking-downhill/hilltop": {"What would the slope": "a", "Nothing in the five": "c"},
    "walking-downhill/patience": {
        "After so many steps": 131,
        "Steps come whole": 131.13,
        "The factors multiply": 10,
        "Take both logarithms": 57,
    },
    "walking-downhill/warehouse": {
        "That is the mean": lambda towns: towns.mean(axis=0),
        "That is the median": lambda towns: np.median(towns, axis=0),
        "That is the best of": best_town,
        "Your warehouse lies far": climbing_warehouse,
    },
    "walking-downhill/hunt": {
        "You took a thirteenth": lambda look: [look(i) for i in range(11)] + [look(5), look(6)],
        "You looked outside": lambda look: look(11),
        "You did not look": lambda look: 5.0,
        "On average your lowest": lambda look: [look(10 * i / 11) for i in range(12)],
    },
}
