"""What readers answer in chapter 7."""

import numpy as np


def directions(hessian):
    return sum(1 for value in np.linalg.eigvalsh(hessian) if value < 0)


def fair(methods, gradient, start, rounds):
    ends = []
    for step in methods:
        here = start
        for _ in range(rounds):
            here = here - step(gradient(here))
        ends.append(here)
    return ends


def unfair(methods, gradient, start, rounds):
    ends = []
    for step in methods:
        for _ in range(rounds):
            start = start - step(gradient(start))
        ends.append(start)
    return ends


def in_place(methods, gradient, start, rounds):
    ends = []
    for step in methods:
        theta = start
        for _ in range(rounds):
            theta -= step(gradient(theta))
        ends.append(theta)
    return ends


def wilson(hits, runs):
    z, p = 1.96, hits / runs
    root = z * np.sqrt(p * (1 - p) / runs + z**2 / (4 * runs**2))
    return tuple((p + z**2 / (2 * runs) + side * root) / (1 + z**2 / runs) for side in (-1, 1))


def narrow(hits, runs):
    z, p = 1.96, hits / runs
    root = z * np.sqrt(p * (1 - p) / runs)
    return tuple((p + z**2 / (2 * runs) + side * root) / (1 + z**2 / runs) for side in (-1, 1))


def wald(hits, runs):
    p = hits / runs
    half = 1.96 * np.sqrt(p * (1 - p) / runs)
    return p - half, p + half


def middle_and_width(hits, runs):
    low, high = wilson(hits, runs)
    return (low + high) / 2, (high - low) / 2


def off_centre(hits, runs):
    half = middle_and_width(hits, runs)[1]
    return hits / runs - half, hits / runs + half


def back_at_each_step(methods, gradient, start, rounds):
    ends = []
    for step in methods:
        for _ in range(rounds):
            here = start
            here = here - step(gradient(here))
        ends.append(here)
    return ends


def middle_of_the_box(cost, low, high):
    """Know the formula and trust the box: no gradient at all."""
    return (low + high) / 2 - 2.903534027771177


def look_then_walk(cost, low, high):
    x, y = (np.linspace(a, b, 7)[1:-1] for a, b in zip(low, high, strict=True))
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    values, _ = cost(points)
    theta = points[np.argmin(values)]
    for _ in range(20):
        theta = theta - 0.025 * cost.gradient(theta)
    return theta


RIGHT = {
    "local-minima/convex": ["b"],
    "local-minima/directions": [directions],
    "local-minima/restarts": [16],
    "local-minima/over-the-ridge": [1 / 3, 0.3333],
    "local-minima/fair": [fair],
    "local-minima/interval": [wilson],
    "local-minima/lowest": [look_then_walk],
}
WRONG = {
    "local-minima/convex": {"At 0": "a", "Its Hessian": "c", "Its second": "d"},
    "local-minima/directions": {
        "You counted negative": lambda h: sum(h.diagonal() < 0),
        "A negative determinant": lambda h: 1 if np.linalg.det(h) < 0 else 0,
        "A curvature of 0": lambda h: sum(np.linalg.eigvalsh(h) <= 0),
        "A small negative": lambda h: sum(np.linalg.eigvalsh(h) < -1e-3),
        "That says whether": lambda h: 1 if np.linalg.eigvalsh(h)[0] < 0 else 0,
        "You counted the directions": lambda h: sum(np.linalg.eigvalsh(h) > 0),
    },
    "local-minima/restarts": {
        "Four": 4,
        "Rounded down": 15,
        "A number of runs": np.log(0.01) / np.log(0.74),
        "Enough": 17,
    },
    "local-minima/over-the-ridge": {
        "That lands *on*": 0.5,
        "The slope": 0.25,
        "That lands at −2": 0.667,
        "That lands at 1": 1 / 6,
    },
    "local-minima/fair": {
        "Each method still": unfair,
        "With an array": in_place,
        "You set θ back": back_at_each_step,
        "You return the last": lambda *given: fair(*given)[-1],
    },
    "local-minima/interval": {
        "That is p": wald,
        "The middle": narrow,
        "That is the middle": middle_and_width,
        "The lower": lambda *given: wilson(*given)[::-1],
        "The width": off_centre,
    },
    "local-minima/lowest": {"You are not yet": middle_of_the_box},
}
