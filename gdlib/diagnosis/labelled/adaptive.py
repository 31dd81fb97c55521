"""Labelled runs of rules that adapt their rate, on every landscape of the catalogue.

There is no noise in them but where it is put: near their ends such rules ripple by themselves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import landscapes, optimizers, schedules
from gdlib.descent.descend import descend
from gdlib.diagnosis.labelled import makers

Array = NDArray[np.float64]

RULES = ("adagrad", "adadelta", "rmsprop", "adam", "amsgrad", "nadam", "adamw", "lion")
RESTLESS = ("rmsprop", "lion")
"""At a constant rate their steps near a minimum have the length of the rate, whatever is left."""
LANDSCAPES = tuple(landscapes.catalogue)


def pick(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    """Draw one of some words."""
    return words[int(rng.integers(len(words)))]


def span(cost: Any) -> float:
    """Return how wide a landscape is."""
    return max(float(high - low) for low, high in cost.bounds)


def quiet(rng: np.random.Generator) -> dict[str, Any]:
    """Run any adaptive rule on any landscape, from anywhere, at any rate: without noise."""
    cost = landscapes.catalogue[pick(rng, LANDSCAPES)]()
    rule = optimizers.catalogue[pick(rng, RULES)](learning_rate=10.0 ** rng.uniform(-3, 0))
    low, high = np.array(cost.bounds).T
    run = descend(cost, rule, low + (high - low) * rng.uniform(0.05, 0.95, cost.n), 300)
    return {"run": run}


def hollow(rng: np.random.Generator, condition: float) -> tuple[Any, Array, Array]:
    """Draw a smooth minimum of the catalogue that is no steeper than so; return its Hessian too."""
    while True:
        cost = landscapes.catalogue[pick(rng, LANDSCAPES)]()
        if cost.has_corners or not cost.minima:
            continue
        place = np.array(cost.minima[int(rng.integers(len(cost.minima)))])
        hessian = cost.hessian(place)
        curvatures = np.linalg.eigvalsh(hessian) if np.isfinite(hessian).all() else np.zeros(1)
        if 0 < curvatures[-1] <= condition * curvatures[0]:
            return cost, place, hessian


def bounce(rng: np.random.Generator) -> dict[str, Any]:
    """Start near a minimum, with a rule that cannot rest there."""
    cost, place, _ = hollow(rng, 100)
    rate = span(cost) * rng.uniform(0.002, 0.005)
    rule = optimizers.catalogue[pick(rng, RESTLESS)](learning_rate=rate)
    start = place + rate * rng.uniform(3, 8, cost.n) * rng.choice([-1, 1], cost.n)
    return {"run": descend(cost, rule, start, 300)}


def timid(rng: np.random.Generator) -> dict[str, Any]:
    """Start beside a minimum, and at this rate cover less than a hundredth of the way."""
    cost, place, _ = hollow(rng, 100)
    far = span(cost) * 0.02
    rule = optimizers.catalogue[pick(rng, RULES)](learning_rate=far * 10.0 ** rng.uniform(-6, -4.5))
    start = place + far * rng.uniform(0.5, 1, cost.n) * rng.choice([-1, 1], cost.n)
    return {"run": descend(cost, rule, start, 100)}


def healthy(rng: np.random.Generator) -> dict[str, Any]:
    """Start beside a well-conditioned minimum, at a rate that falls."""
    cost, place, _ = hollow(rng, 10)
    far = span(cost) * 0.02
    rule = optimizers.catalogue[pick(rng, ("adam", "amsgrad", "nadam"))](learning_rate=far)
    start = place + far * rng.uniform(0.5, 1, cost.n) * rng.choice([-1, 1], cost.n)
    rates = schedules.exponential(far * rng.uniform(0.05, 0.2), factor=0.99)
    return {"run": descend(cost, rule, start, 600, learning_rate=rates)}


def noise(rng: np.random.Generator) -> dict[str, Any]:
    """Take four rows a step."""
    name = pick(rng, ("rmsprop", "adam", "amsgrad", "nadam", "adamw"))
    rule = optimizers.catalogue[name](learning_rate=rng.uniform(0.03, 0.08))
    return {"run": makers.noisy_rows(rng, rule, 4, 12)}
