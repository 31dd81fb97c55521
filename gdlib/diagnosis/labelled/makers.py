"""How labelled runs are made: one function a family, random numbers ↦ what `diagnose` is given.

Which family has which label, and what it is in words, is said in `labelled_runs`.
"""
# ruff: noqa: D103 - most families are their own description, and have one in the table of the book

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import landscapes, optimizers, schedules
from gdlib.descent.batches import descend_batches
from gdlib.descent.descend import descend
from gdlib.descent.line_search import backtracking
from gdlib.descent.stopping import Stop
from gdlib.descent.trajectory import Trajectory
from gdlib.problems import LeastSquares, LogisticRegression

Array = NDArray[np.float64]
PlainCost = Callable[[Array], tuple[float, Array]]


@dataclass(frozen=True)
class Bowl:
    """A parabola in some directions at random, with a scale and a height of its own."""

    cost: PlainCost
    steepest: float
    start: Array
    flat: Array


def bowl(rng: np.random.Generator, condition: float) -> Bowl:
    """Draw a quadratic cost of that condition number in 2 to 6 parameters, in any units."""
    n = int(rng.integers(2, 7))
    axes, _ = np.linalg.qr(rng.standard_normal((n, n)))
    steepest = 10.0 ** rng.uniform(-2, 2)
    curvatures = steepest * np.geomspace(1 / condition, 1, n)
    hessian = axes @ np.diag(curvatures) @ axes.T
    height = rng.uniform(0, 1) * steepest

    def cost(theta: Array) -> tuple[float, Array]:
        gradient = hessian @ theta
        return height + float(theta @ gradient) / 2, gradient

    return Bowl(cost, steepest, axes @ rng.uniform(0.5, 1.5, n), axes[:, 0])


def plain(drawn: Bowl, product: float, steps: int) -> Trajectory:
    return descend(
        drawn.cost, optimizers.gradient_descent(product / drawn.steepest), drawn.start, steps
    )


def heavy(drawn: Bowl, product: float, decay: float, steps: int) -> Trajectory:
    rule = optimizers.momentum(product / drawn.steepest, decay=decay)
    return descend(drawn.cost, rule, drawn.start, steps)


def as_lists(run: Trajectory, rate: float | None = None) -> dict[str, Any]:
    """Keep the losses and gradient norms of a run, as a training script prints them."""
    norms = np.sqrt((run.gradients**2).sum(-1))
    return {"run": run.values, "gradient_norms": norms, "learning_rate": rate}


def as_losses(run: Trajectory) -> dict[str, Any]:
    return {"run": list(map(float, run.values))}


# --- one function a family: a generator of random numbers ↦ the arguments of `diagnose` -----------


def too_large(rng: np.random.Generator) -> dict[str, Any]:
    return {"run": plain(bowl(rng, rng.uniform(2, 50)), rng.uniform(2.1, 3.5), 40)}


def too_large_lists(rng: np.random.Generator) -> dict[str, Any]:
    drawn, product = bowl(rng, rng.uniform(2, 50)), rng.uniform(2.1, 3.5)
    return as_lists(plain(drawn, product, 40), product / drawn.steepest)


def too_large_momentum(rng: np.random.Generator) -> dict[str, Any]:
    decay = rng.uniform(0.3, 0.9)
    product = (2 + 2 * decay) * rng.uniform(1.05, 1.4)
    return {"run": heavy(bowl(rng, rng.uniform(2, 20)), product, decay, 60)}


def too_large_late(rng: np.random.Generator) -> dict[str, Any]:
    """Start almost along the flat direction: J falls first, and the steep one grows below it."""
    steep = 10.0 ** rng.uniform(0, 2)

    def cost(theta: Array) -> tuple[float, Array]:
        gradient = steep * np.array([theta[0] / 10, theta[1]])
        return float(theta @ gradient) / 2, gradient

    rule = optimizers.gradient_descent(rng.uniform(2.3, 2.6) / steep)
    return as_losses(descend(cost, rule, (rng.uniform(1, 2), 1e-5), 55))


def diverged_bowl(rng: np.random.Generator) -> dict[str, Any]:
    return {"run": plain(bowl(rng, rng.uniform(2, 100)), rng.uniform(4, 8), 2000)}


def diverged_landscape(rng: np.random.Generator) -> dict[str, Any]:
    name = ("rosenbrock", "beale", "himmelblau", "styblinski_tang")[int(rng.integers(4))]
    cost = landscapes.catalogue[name]()
    return {"run": descend(cost, optimizers.gradient_descent(rng.uniform(1, 3)), steps=200)}


def diverged_losses(rng: np.random.Generator) -> dict[str, Any]:
    losses = list(np.geomspace(3, 1, 30) + 0.1 * rng.uniform(size=30))
    at = int(rng.integers(1, 30))
    return {"run": [*losses[:at], (math.nan, math.inf)[int(rng.integers(2))], *losses[at + 1 :]]}


def bounce_bowl(rng: np.random.Generator) -> dict[str, Any]:
    return {"run": plain(bowl(rng, rng.uniform(2, 20)), rng.uniform(1.998, 2.0), 120)}


def bounce_lists(rng: np.random.Generator) -> dict[str, Any]:
    drawn, product = bowl(rng, rng.uniform(2, 20)), rng.uniform(1.998, 2.0)
    return as_lists(plain(drawn, product, 120), product / drawn.steepest)


def bounce_well(rng: np.random.Generator) -> dict[str, Any]:
    """Step above 2/L at the minimum of a quartic: the walls turn the run round, into a cycle."""
    cost = landscapes.double_well()
    top = float(cost.hessian(np.array(cost.minima[0]))[0, 0])
    rule = optimizers.gradient_descent(rng.uniform(2.1, 2.4) / top)
    return {"run": descend(cost, rule, (-1.2 - 0.2 * rng.uniform(),), 200)}


def bounce_rosenbrock(rng: np.random.Generator) -> dict[str, Any]:
    start = (-1.2 + 0.1 * rng.uniform(), 1.0)
    cost = landscapes.rosenbrock()
    rate = rng.uniform(0.00201, 0.00205)  # just above 2/L = 0.0019968 (chapter 4)
    return {"run": descend(cost, optimizers.gradient_descent(rate), start, 40_000)}


def bounce_corner(rng: np.random.Generator) -> dict[str, Any]:
    """Step by one length about the corner of |x|, in which no constant rate comes to rest."""

    def cost(theta: Array) -> tuple[float, Array]:
        return float(np.abs(theta).sum()), np.sign(theta)

    rule = optimizers.gradient_descent(rng.uniform(0.2, 0.4))
    return {"run": descend(cost, rule, rng.uniform(0.5, 2.0, 1), 120)}


def bounce_momentum(rng: np.random.Generator) -> dict[str, Any]:
    decay = rng.uniform(0.1, 0.6)
    product = (2 + 2 * decay) * rng.uniform(0.9995, 1.0)
    return {"run": heavy(bowl(rng, rng.uniform(2, 20)), product, decay, 150)}


def bounce_signs(rng: np.random.Generator) -> dict[str, Any]:
    """Step by η in every coordinate, however small the gradient: there is no place to rest."""
    drawn = bowl(rng, rng.uniform(1.5, 5))
    return {"run": descend(drawn.cost, optimizers.lion(rng.uniform(0.05, 0.1)), drawn.start, 300)}


def bounce_losses(rng: np.random.Generator) -> dict[str, Any]:
    return as_losses(bounce_well(rng)["run"])


def table(rng: np.random.Generator) -> LeastSquares:
    features = np.column_stack([np.ones(200), rng.standard_normal((200, 3))])
    return LeastSquares(features, features @ rng.uniform(-2, 2, 4) + rng.standard_normal(200))


def noisy_rows(rng: np.random.Generator, rule: Any, size: int, epochs: int) -> Trajectory:
    return descend_batches(
        table(rng), rule, batch_size=size, epochs=epochs, seed=int(rng.integers(1 << 30))
    )


def noise_single(rng: np.random.Generator) -> dict[str, Any]:
    return {"run": noisy_rows(rng, optimizers.gradient_descent(rng.uniform(0.02, 0.1)), 1, 6)}


def noise_batches(rng: np.random.Generator) -> dict[str, Any]:
    rule = optimizers.gradient_descent(rng.uniform(0.1, 0.3))
    return {"run": noisy_rows(rng, rule, 10, 25)}


def noise_adam(rng: np.random.Generator) -> dict[str, Any]:
    return {"run": noisy_rows(rng, optimizers.adam(rng.uniform(0.05, 0.1)), 4, 20)}


def noise_momentum(rng: np.random.Generator) -> dict[str, Any]:
    rule = optimizers.momentum(rng.uniform(0.01, 0.03), decay=0.9)
    return {"run": noisy_rows(rng, rule, 5, 15)}


def noise_logistic(rng: np.random.Generator) -> dict[str, Any]:
    problem, rule = classes(rng), optimizers.gradient_descent(rng.uniform(0.3, 0.8))
    seed = int(rng.integers(1 << 30))
    return {"run": descend_batches(problem, rule, batch_size=4, epochs=12, seed=seed)}


def classes(rng: np.random.Generator, l2: float = 0.0) -> LogisticRegression:
    features = np.column_stack([np.ones(200), rng.standard_normal((200, 2))])
    labels = (features @ rng.uniform(-2, 2, 3) + rng.logistic(size=200) > 0).astype(float)
    return LogisticRegression(features, labels, l2=l2)


def noise_losses(rng: np.random.Generator) -> dict[str, Any]:
    """Draw the losses of the batches themselves, as a training loop prints them."""
    level = 0.5 + 2 * np.exp(-np.arange(300) / rng.uniform(10, 30))
    return {"run": level * (1 + 0.1 * rng.standard_normal(300))}


def saddle(rng: np.random.Generator) -> dict[str, Any]:
    start = (rng.uniform(1, 2), 10.0 ** rng.uniform(-8, -3))
    rule = optimizers.gradient_descent(rng.uniform(0.05, 0.3))
    return {"run": descend(landscapes.saddle(), rule, start, 600)}


def saddle_momentum(rng: np.random.Generator) -> dict[str, Any]:
    start = (rng.uniform(1, 2), 10.0 ** rng.uniform(-8, -4))
    rule = optimizers.momentum(rng.uniform(0.05, 0.1), decay=rng.uniform(0.2, 0.5))
    return {"run": descend(landscapes.saddle(), rule, start, 400)}


def saddle_himmelblau(rng: np.random.Generator) -> dict[str, Any]:
    """Start beside the line that runs into the saddle between two of the four hollows."""
    cost = landscapes.himmelblau()
    saddles = [point for point in cost.critical_points() if point.kind == "saddle"]
    place = np.array(saddles[int(rng.integers(len(saddles)))].point)
    _, ways = np.linalg.eigh(cost.hessian(place))
    top = max(np.linalg.eigvalsh(cost.hessian(np.array(p)))[-1] for p in cost.minima)
    rule = optimizers.gradient_descent(rng.uniform(0.2, 0.8) / float(top))
    aside = 10.0 ** rng.uniform(-8, -6)
    start = upstream(cost, place, ways[:, 1], rng.uniform(0.2, 0.4)) + aside * ways[:, 0]
    return {"run": descend(cost, rule, start, 600)}


def upstream(cost: Any, place: Array, way: Array, distance: float) -> Array:
    """Follow the line of starts that end at a saddle upwards, by small steps of slope."""
    point = place + 1e-4 * way
    while np.linalg.norm(point - place) < distance:
        slope = cost.gradient(point)
        point = point + 1e-3 * slope / np.linalg.norm(slope)
    return np.asarray(point)


def shaken(cost: Any, rng: np.random.Generator, size: float) -> PlainCost:
    """Add noise to every gradient."""

    def noisy(theta: Array) -> tuple[float, Array]:
        gradient = cost.gradient(theta)
        return float(cost.value(theta)), gradient + size * rng.standard_normal(gradient.shape)

    return noisy


def saddle_noise(rng: np.random.Generator) -> dict[str, Any]:
    start = (rng.uniform(1, 2), 0.0)
    rule = optimizers.gradient_descent(rng.uniform(0.05, 0.2))
    cost = shaken(landscapes.saddle(), rng, 10.0 ** rng.uniform(-5, -3))
    return as_lists(descend(cost, rule, start, 400))


def saddle_lists(rng: np.random.Generator) -> dict[str, Any]:
    return as_lists(saddle(rng)["run"])


def plateau(rng: np.random.Generator) -> dict[str, Any]:
    angle, far = rng.uniform(0, 0.4), rng.uniform(4.2, 5.0)
    start = (far * math.cos(angle), far * math.sin(angle) / math.sqrt(2))
    rule = optimizers.gradient_descent(rng.uniform(0.1, 0.5))
    return {"run": descend(landscapes.plateau(), rule, start, 300)}


def plateau_left(rng: np.random.Generator) -> dict[str, Any]:
    """Start where the slope is below a twentieth of the steepest; stop once at the bottom."""
    start = (rng.uniform(3.2, 3.5), rng.uniform(0.1, 0.5))
    rule = optimizers.gradient_descent(rng.uniform(0.2, 0.5))
    stop = Stop(gradient_norm=1e-3)
    return {"run": descend(landscapes.plateau(), rule, start, 2000, stop=stop)}


def plateau_neuron(rng: np.random.Generator) -> dict[str, Any]:
    """Train a neuron that is sure of the wrong answer, by the squared error (chapter 8)."""
    inputs, wrong = rng.uniform(0.5, 1.5, 20), rng.uniform(7, 10)

    def cost(theta: Array) -> tuple[float, Array]:
        out = 1 / (1 + np.exp(-theta[0] * inputs))
        return float((out**2).mean() / 2), np.array([(out * out * (1 - out) * inputs).mean()])

    return {"run": descend(cost, optimizers.gradient_descent(0.1), (wrong,), 300)}


def plateau_adam(rng: np.random.Generator) -> dict[str, Any]:
    start = (rng.uniform(4.2, 5.0), rng.uniform(0.1, 0.5))
    rule = optimizers.adam(rng.uniform(0.002, 0.005))
    return {"run": descend(landscapes.plateau(), rule, start, 100)}


def plateau_lists(rng: np.random.Generator) -> dict[str, Any]:
    return as_lists(plateau(rng)["run"], None)


def valley(rng: np.random.Generator) -> dict[str, Any]:
    drawn = bowl(rng, 10.0 ** rng.uniform(2.7, 4))
    return {"run": plain(drawn, rng.uniform(0.5, 1.6), 150)}


def valley_lists(rng: np.random.Generator) -> dict[str, Any]:
    drawn, product = bowl(rng, 10.0 ** rng.uniform(2.7, 4)), rng.uniform(0.5, 1.6)
    return as_lists(plain(drawn, product, 150), product / drawn.steepest)


def valley_momentum(rng: np.random.Generator) -> dict[str, Any]:
    drawn = bowl(rng, 10.0 ** rng.uniform(4, 5))
    return {"run": heavy(drawn, rng.uniform(0.5, 1.5), rng.uniform(0.5, 0.8), 200)}


def valley_adam(rng: np.random.Generator) -> dict[str, Any]:
    """Lay the valley askew to the axes, and keep the runs that a third of its floor is left to."""
    while True:
        drawn = bowl(rng, 10.0 ** rng.uniform(3, 4))
        run = descend(drawn.cost, optimizers.adam(0.05), drawn.start, 150)
        if abs(drawn.flat @ run.end) > abs(drawn.flat @ drawn.start) / 3:
            return {"run": run}


def valley_batches(rng: np.random.Generator) -> dict[str, Any]:
    features = rng.standard_normal((200, 2)) * [1, 30]
    problem = LeastSquares(features, features @ rng.uniform(1, 3, 2) + rng.standard_normal(200))
    rate = rng.uniform(0.1, 0.3) / problem.spectrum(np.zeros(2))[-1]
    rule, seed = optimizers.gradient_descent(rate), int(rng.integers(1 << 30))
    return {"run": descend_batches(problem, rule, batch_size=20, epochs=40, seed=seed)}


def valley_units(rng: np.random.Generator) -> dict[str, Any]:
    """Columns in different units: metres and kilometres, say, and the largest rate but a little."""
    features = np.column_stack([np.ones(50), rng.standard_normal((50, 2)) * [1, 40]])
    problem = LeastSquares(features, features @ rng.uniform(0.5, 2, 3))
    rate = rng.uniform(0.5, 1.5) / problem.spectrum(np.zeros(3))[-1]
    return {"run": descend(problem, optimizers.gradient_descent(rate), np.zeros(3), 200)}


def valley_rosenbrock(rng: np.random.Generator) -> dict[str, Any]:
    start = (rng.uniform(-1.5, -1), rng.uniform(0.5, 1.5))
    rule = optimizers.gradient_descent(rng.uniform(0.0005, 0.001))
    return {"run": descend(landscapes.rosenbrock(), rule, start, 2000)}


def timid(rng: np.random.Generator) -> dict[str, Any]:
    return {"run": plain(bowl(rng, rng.uniform(1.5, 10)), 10 ** rng.uniform(-4, -2.3), 60)}


def timid_lists(rng: np.random.Generator) -> dict[str, Any]:
    drawn, product = bowl(rng, rng.uniform(1.5, 10)), 10 ** rng.uniform(-4, -2.3)
    return as_lists(plain(drawn, product, 60), product / drawn.steepest)


def timid_adam(rng: np.random.Generator) -> dict[str, Any]:
    drawn = bowl(rng, rng.uniform(1.5, 10))
    return {"run": descend(drawn.cost, optimizers.adam(1e-4), drawn.start, 100)}


def timid_table(rng: np.random.Generator) -> dict[str, Any]:
    problem = table(rng)
    rate = 10 ** rng.uniform(-4, -2.5)
    return {"run": descend(problem, optimizers.gradient_descent(rate), np.zeros(4), 100)}


def healthy_bowl(rng: np.random.Generator) -> dict[str, Any]:
    return {"run": plain(bowl(rng, rng.uniform(1.5, 10)), rng.uniform(0.5, 1.5), 150)}


def healthy_best_rate(rng: np.random.Generator) -> dict[str, Any]:
    """Take the best constant rate, η = 2/(μ + L): it zigzags, and none is faster."""
    condition = rng.uniform(5, 50)
    drawn = bowl(rng, condition)
    return {"run": plain(drawn, 2 * condition / (condition + 1), int(8 * condition))}


def healthy_momentum(rng: np.random.Generator) -> dict[str, Any]:
    return {"run": heavy(bowl(rng, rng.uniform(2, 50)), rng.uniform(0.5, 1.5), 0.8, 300)}


def healthy_adam(rng: np.random.Generator) -> dict[str, Any]:
    drawn = bowl(rng, rng.uniform(1.5, 10))
    return {"run": descend(drawn.cost, optimizers.adam(0.05), drawn.start, 400)}


def healthy_schedule(rng: np.random.Generator) -> dict[str, Any]:
    drawn = bowl(rng, rng.uniform(1.5, 10))
    rate = schedules.cosine(rng.uniform(0.5, 1.5) / drawn.steepest, steps=150)
    rule = optimizers.gradient_descent(1.0)
    return {"run": descend(drawn.cost, rule, drawn.start, 150, learning_rate=rate)}


def healthy_search(rng: np.random.Generator) -> dict[str, Any]:
    cost = landscapes.quadratic(condition=int(rng.integers(2, 10)))
    return {"run": backtracking(cost, rng.uniform(0.5, 2, 2), steps=100)}


def healthy_landscape(rng: np.random.Generator) -> dict[str, Any]:
    cost = (landscapes.himmelblau(), landscapes.booth(), landscapes.styblinski_tang())[
        int(rng.integers(3))
    ]
    start = np.array(cost.minima[0]) + rng.uniform(-0.4, 0.4, 2)
    top = float(np.linalg.eigvalsh(cost.hessian(np.array(cost.minima[0])))[-1])
    rule = optimizers.gradient_descent(rng.uniform(0.4, 1) / top)
    return {"run": descend(cost, rule, start, 300), "cost": cost}


def healthy_lists(rng: np.random.Generator) -> dict[str, Any]:
    drawn, product = bowl(rng, rng.uniform(1.5, 10)), rng.uniform(0.5, 1.5)
    return as_lists(plain(drawn, product, 150), product / drawn.steepest)


def healthy_losses(rng: np.random.Generator) -> dict[str, Any]:
    return as_losses(healthy_bowl(rng)["run"])


def healthy_batches(rng: np.random.Generator) -> dict[str, Any]:
    """Mini-batches that are still on their way down: noise, but no floor yet."""
    return {"run": noisy_rows(rng, optimizers.gradient_descent(rng.uniform(0.1, 0.15)), 20, 2)}


def few(rng: np.random.Generator) -> dict[str, Any]:
    return {"run": plain(bowl(rng, 5), rng.uniform(0.1, 1.5), int(rng.integers(0, 10)))}


def slow_losses(rng: np.random.Generator) -> dict[str, Any]:
    makers = (valley, timid, plateau)
    return as_losses(makers[int(rng.integers(3))](rng)["run"])


def rising_losses(rng: np.random.Generator) -> dict[str, Any]:
    """Losses that climb from the start: a rate too large, or a wrong sign."""
    drawn = bowl(rng, rng.uniform(1.5, 3))
    turned = slipped(drawn.cost, lambda g: -g)
    if rng.integers(2):
        rule = optimizers.gradient_descent(0.1 / drawn.steepest)
        return as_losses(descend(turned, rule, drawn.start, 40))
    return as_losses(plain(drawn, rng.uniform(2.5, 3.5), 40))


def slipped(cost: PlainCost, slip: Callable[[Array], Array]) -> PlainCost:
    def wrong(theta: Array) -> tuple[float, Array]:
        value, gradient = cost(theta)
        return value, slip(gradient)

    return wrong


def wrong(rng: np.random.Generator, *, factor: float, told: bool, scale: float) -> dict[str, Any]:
    """Descend by a gradient that is a wrong multiple of the true one."""
    drawn = bowl(rng, rng.uniform(1.5, 10))
    cost = slipped(drawn.cost, lambda g: factor * g)
    rule = optimizers.gradient_descent(scale * rng.uniform(0.2, 1) / abs(factor) / drawn.steepest)
    run = descend(cost, rule, drawn.start, 30)
    return {"run": run, "cost": cost} if told else {"run": run}


def wrong_coordinate(rng: np.random.Generator) -> dict[str, Any]:
    drawn = bowl(rng, rng.uniform(1.5, 10))
    at = int(rng.integers(len(drawn.start)))

    def slip(gradient: Array) -> Array:
        gradient = gradient.copy()
        gradient[at] *= rng.choice([-1.0, 0.0, 3.0])
        return gradient

    cost = slipped(drawn.cost, slip)
    rule = optimizers.gradient_descent(0.2 / drawn.steepest)
    return {"run": descend(cost, rule, drawn.start, 30), "cost": cost}


def wrong_landscape(rng: np.random.Generator) -> dict[str, Any]:
    """Leave a term out of the derivative of a landscape."""
    cost = landscapes.rosenbrock()

    def forgot(theta: Array) -> tuple[float, Array]:
        gradient = np.array(cost.gradient(theta))
        gradient[0] += 2 * (1 - theta[0])
        return float(cost.value(theta)), gradient

    start = rng.uniform(-1, 0.5, 2)
    return {"run": descend(forgot, optimizers.gradient_descent(0.001), start, 50), "cost": cost}


# --- other landscapes and rules ---------------------------------------------------------------


def healthy_nesterov(rng: np.random.Generator) -> dict[str, Any]:
    drawn = bowl(rng, rng.uniform(2, 30))
    rule = optimizers.nesterov(rng.uniform(0.3, 1) / drawn.steepest, decay=0.7)
    return {"run": descend(drawn.cost, rule, drawn.start, 250)}


def healthy_logistic(rng: np.random.Generator) -> dict[str, Any]:
    problem = classes(rng, l2=0.1)
    rate = rng.uniform(0.5, 1.5) / problem.spectrum(np.zeros(3))[-1]
    run = descend(problem, optimizers.gradient_descent(rate), np.zeros(3), 200)
    return {"run": run, "cost": problem}


def healthy_rmsprop(rng: np.random.Generator) -> dict[str, Any]:
    cost = (landscapes.booth(), landscapes.matyas())[int(rng.integers(2))]
    rates = schedules.exponential(rng.uniform(0.1, 0.2), factor=0.98)
    rule = optimizers.rmsprop(0.1)
    return {"run": descend(cost, rule, rng.uniform(-2, 2, 2), 500, learning_rate=rates)}


def timid_himmelblau(rng: np.random.Generator) -> dict[str, Any]:
    cost = landscapes.himmelblau()
    start = np.array(cost.minima[int(rng.integers(4))]) + rng.uniform(-0.5, 0.5, 2)
    return {
        "run": descend(cost, optimizers.gradient_descent(10 ** rng.uniform(-6, -5)), start, 100)
    }


def noise_himmelblau(rng: np.random.Generator) -> dict[str, Any]:
    cost = shaken(landscapes.himmelblau(), rng, rng.uniform(2, 5))
    rule = optimizers.gradient_descent(rng.uniform(0.003, 0.01))
    return {"run": descend(cost, rule, rng.uniform(2, 4, 2), 500)}


def saddle_camel(rng: np.random.Generator) -> dict[str, Any]:
    """Run into the origin of the six-hump camel, where J rises along x and falls along y."""
    cost = landscapes.six_hump_camel()
    place = np.zeros(2)
    _, ways = np.linalg.eigh(cost.hessian(place))
    start = upstream(cost, place, ways[:, 1], rng.uniform(0.2, 0.4))
    start = start + 10.0 ** rng.uniform(-7, -5) * ways[:, 0]
    return {"run": descend(cost, optimizers.gradient_descent(rng.uniform(0.01, 0.04)), start, 400)}


def bounce_tang(rng: np.random.Generator) -> dict[str, Any]:
    cost = landscapes.styblinski_tang()
    place = np.array(cost.minima[0])
    top = float(np.linalg.eigvalsh(cost.hessian(place))[-1])
    rule = optimizers.gradient_descent(rng.uniform(2.05, 2.2) / top)
    return {"run": descend(cost, rule, place + rng.uniform(0.05, 0.2, 2), 200)}


def valley_beale(rng: np.random.Generator) -> dict[str, Any]:
    """Beale's function along the flat way of its minimum, where κ = 162."""
    cost = landscapes.beale()
    place = np.array(cost.minima[0])
    curvatures, ways = np.linalg.eigh(cost.hessian(place))
    start = place + 0.2 * ways[:, 0] + rng.uniform(0.05, 0.1) * ways[:, 1]
    rule = optimizers.gradient_descent(rng.uniform(0.5, 1.2) / float(curvatures[-1]))
    return {"run": descend(cost, rule, start, 100)}


def forgotten_penalty(rng: np.random.Generator) -> dict[str, Any]:
    """Give the cost a penalty that the gradient does not know."""
    true = classes(rng, l2=rng.uniform(0.1, 1))
    bare = LogisticRegression(true.features, true.targets)

    def forgot(theta: Array) -> tuple[float, Array]:
        return float(true.value(theta)), bare.gradient(theta)

    run = descend(forgot, optimizers.gradient_descent(0.5), rng.uniform(-1, 1, 3), 50)
    return {"run": run, "cost": true}
