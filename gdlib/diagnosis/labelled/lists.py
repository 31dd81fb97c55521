"""Labelled runs as training loops print them: losses of batches, of held-out rows, in float32.

Which family has which label, and what it is in words, is said in `labelled_runs`.
"""
# ruff: noqa: D103 - most families are their own description, and have one in the table of the book

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import optimizers
from gdlib.descent.descend import descend
from gdlib.diagnosis.labelled import makers
from gdlib.problems import LeastSquares, LogisticRegression

Array = NDArray[np.float64]


def printed(losses: Any) -> dict[str, Any]:
    return {"run": list(map(float, losses))}


def shaken(rng: np.random.Generator, losses: Array, share: float) -> Array:
    """Add noise in proportion to what is left of the loss."""
    return losses * (1 + share * rng.standard_normal(len(losses)))


# --- nothing learned ----------------------------------------------------------------------------


def guesses(rng: np.random.Generator) -> dict[str, Any]:
    """Guess among K classes for ever: 2.303 ± 0.002 for ten."""
    count, size = int(rng.integers(30, 400)), 10.0 ** rng.uniform(-3.5, -1)
    return printed(np.log(rng.integers(2, 100)) + size * rng.standard_normal(count))


def on_batches(rng: np.random.Generator, problem: Any, rate: float, steps: int) -> dict[str, Any]:
    """Return the losses and gradient norms of batches along a run on them."""
    theta, losses, norms = np.zeros(problem.n), [], []
    for _ in range(steps):
        rows = rng.integers(problem.rows, size=10)
        gradient = problem.gradient(theta, rows)
        losses.append(float(problem.value(theta, rows)))
        norms.append(float(np.linalg.norm(gradient)))
        theta = theta - rate * gradient
    return {"run": losses, "gradient_norms": norms}


def not_applied(rng: np.random.Generator) -> dict[str, Any]:
    """Lose the rate on its way to the optimizer."""
    run = on_batches(rng, makers.table(rng), 1e-9, int(rng.integers(60, 300)))
    return {"run": run["run"]}


def not_applied_norms(rng: np.random.Generator) -> dict[str, Any]:
    return on_batches(rng, makers.table(rng), 1e-9, int(rng.integers(60, 300)))


def shuffled(rng: np.random.Generator) -> dict[str, Any]:
    """Shuffle the labels against their rows: there is nothing to learn."""
    features = rng.standard_normal((2000, 3))
    problem = LogisticRegression(features, rng.integers(0, 2, 2000).astype(float))
    return {"run": on_batches(rng, problem, 0.02, int(rng.integers(60, 300)))["run"]}


# --- spikes -------------------------------------------------------------------------------------


def spike_smooth(rng: np.random.Generator) -> dict[str, Any]:
    """Let one loss of a healthy run leap, and the next be what it would have been."""
    losses = np.array(makers.healthy_bowl(rng)["run"].values)
    losses[int(rng.integers(15, 120))] += rng.uniform(0.5, 3) * np.ptp(losses)
    return printed(losses)


def spike_batches(rng: np.random.Generator) -> dict[str, Any]:
    """Let the losses of batches leap by 3, and come back within a few steps."""
    level = 0.5 + 2 * np.exp(-np.arange(300) / rng.uniform(20, 80))
    losses, at = shaken(rng, level, rng.uniform(0.01, 0.05)), int(rng.integers(20, 250))
    losses[at:] += 3 * np.exp(-np.arange(300 - at) / rng.uniform(0.5, 5))
    return printed(losses)


def spike_gradient(rng: np.random.Generator) -> dict[str, Any]:
    """Take one step along the gradient of a bad row, hundreds of times too long."""
    drawn, at = makers.bowl(rng, rng.uniform(1.5, 10)), int(rng.integers(15, 60))
    bad = 0.3 * np.linalg.norm(drawn.cost(drawn.start)[1]) * rng.choice([-1.0, 1.0])
    calls = 0

    def cost(theta: Array) -> tuple[float, Array]:
        nonlocal calls
        calls += 1
        value, gradient = drawn.cost(theta)
        return value, gradient + (5 * bad if calls == at else 0.0)

    rule = optimizers.gradient_descent(rng.uniform(0.5, 1) / drawn.steepest)
    return {"run": descend(cost, rule, drawn.start, 120)}


# --- a U, a plateau that ends, a crawl ----------------------------------------------------------


def overfitted(rng: np.random.Generator) -> dict[str, Any]:
    """Record the loss on held-out rows of a model with as many parameters as rows."""
    features, unseen = rng.standard_normal((40, 36)), rng.standard_normal((400, 36))
    true = 0.4 * rng.standard_normal(36)
    problem = LeastSquares(features, features @ true + 2 * rng.standard_normal(40))
    held = LeastSquares(unseen, unseen @ true + 2 * rng.standard_normal(400))
    rate = rng.uniform(0.3, 1) / problem.spectrum(np.zeros(36))[-1]
    run = descend(problem, optimizers.gradient_descent(rate), np.zeros(36), 400)
    return printed([held.value(theta) for theta in run.points])


def bathtub(rng: np.random.Generator) -> dict[str, Any]:
    """Let a loss on held-out rows fall, then rise by a power of the epoch, under a little noise."""
    epochs = np.arange(int(rng.integers(40, 200)))
    part = epochs / epochs[-1]
    level = 0.5 + 2 * np.exp(-part / rng.uniform(0.05, 0.15))
    level = level + rng.uniform(0.5, 1.5) * part ** rng.uniform(1, 2)
    return printed(shaken(rng, level, rng.uniform(0, 0.02)))


def sudden(rng: np.random.Generator) -> dict[str, Any]:
    """Rest at the start for a third of the run or more, then fall."""
    count = int(rng.integers(100, 400))
    away = (np.arange(count) - count * rng.uniform(0.4, 0.65)) / (0.03 * count)
    level = 0.2 + 2 / (1 + np.exp(away))
    return printed(shaken(rng, level, rng.choice([0, 0.005, 0.02])))


def left_rim(rng: np.random.Generator) -> dict[str, Any]:
    return makers.as_losses(makers.plateau_left(rng)["run"])


def crawl(rng: np.random.Generator) -> dict[str, Any]:
    """Fall as a small power of the step, with little noise or none."""
    steps = np.arange(1, int(rng.integers(100, 400)))
    level = np.asarray(rng.uniform(0.5, 3) * steps ** -rng.uniform(0.2, 0.5))
    return printed(shaken(rng, level, rng.choice([0, 0.002, 0.005])))


def straight(rng: np.random.Generator) -> dict[str, Any]:
    """Fall along a straight line, under noise a fifth as large as the fall."""
    part = np.linspace(0, 1, int(rng.integers(100, 400)))
    fall = rng.uniform(0.2, 0.8)
    size = 0.2 * fall * rng.uniform(0, 1)
    return printed(1 - fall * part + size * rng.standard_normal(len(part)))


def settled(rng: np.random.Generator) -> dict[str, Any]:
    """Decay at three paces, until half a per cent or less is left; print four decimals."""
    part = np.linspace(0, 1, int(rng.integers(30, 400)))[:, None]
    paces = rng.uniform(5.3, 9) * np.r_[1, rng.uniform(1, 5, 2)]
    rest = np.exp(-paces * part) @ rng.dirichlet(np.ones(3))
    level = rng.uniform(0, 2) + 10 ** rng.uniform(0, 1) * rest
    return printed(np.round(level, 4))


# --- single precision ---------------------------------------------------------------------------


def single(rng: np.random.Generator, factor: float = 1.0) -> Any:
    """Return a least-squares cost that is computed in single precision."""
    problem = makers.table(rng)
    features, targets = problem.features.astype(np.float32), problem.targets.astype(np.float32)

    def cost(theta: Array) -> tuple[Any, Any]:
        miss = features @ theta.astype(np.float32) - targets
        gradient = features.T @ miss / np.float32(len(miss))
        return np.float32((miss @ miss) / (2 * len(miss))), np.float32(factor) * gradient

    return cost


def in_single(rng: np.random.Generator, factor: float = 1.0) -> dict[str, Any]:
    seed, rate = int(rng.integers(1 << 30)), rng.uniform(0.2, 1) / factor
    wrong = single(np.random.default_rng(seed), factor)
    run = descend(wrong, optimizers.gradient_descent(rate), np.zeros(4), 150)
    return {"run": run, "cost": single(np.random.default_rng(seed))}


def in_single_lists(rng: np.random.Generator) -> dict[str, Any]:
    run = in_single(rng)["run"]
    norms = np.sqrt((run.gradients**2).sum(-1))
    return {"run": run.values.astype(np.float32), "gradient_norms": norms.astype(np.float32)}


def in_single_losses(rng: np.random.Generator) -> dict[str, Any]:
    return printed(in_single(rng)["run"].values)
