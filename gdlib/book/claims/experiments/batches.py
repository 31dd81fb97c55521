"""Rows of data: batches and what they cost, and what grows with the table."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from gdlib import problems
from gdlib.descent.batches import descend_batches
from gdlib.descent.descend import descend
from gdlib.optimizers import gradient_descent
from gdlib.problems import LeastSquares

Array = NDArray[np.float64]


def stochastic_is_faster(epochs: float) -> float:
    """Return J − J* of batches of one row over that of all rows, each at its best rate."""
    rates = 1.5 / 2.0 ** np.arange(11)  # 1.5 is nearly the best for all rows: 2 / (1 + 0.35)
    one, every = (
        min(_excess(size, rate, int(epochs)) for rate in rates) for size in (1, _line().rows)
    )
    return one / every


@cache
def _excess(size: int, rate: float, epochs: int) -> float:
    """Return the mean of J − J* at the end, over five orders of the rows."""
    problem, rule = _line(), gradient_descent(rate)
    runs = [
        descend_batches(problem, rule, batch_size=size, epochs=epochs, seed=seed, keep="end")
        for seed in range(1 if size == problem.rows else 5)
    ]
    if any(run.status == "diverged" for run in runs):
        return np.inf
    excess = np.mean([run.values[-1] for run in runs]) - _least(problem)
    return float(max(excess, 1e-15))  # what is smaller is rounding


def mini_batches_are_best(overhead: float) -> float:
    """Return the smallest batch whose work to a target is at most a quarter above the least.

    A step costs as much as its rows and the overhead, which is counted in rows, too.
    """
    work = {size: (overhead + size) * _steps_needed(int(size)) for size in 2 ** np.arange(11)}
    return float(min(size for size in work if work[size] <= 1.25 * min(work.values())))


@cache
def _steps_needed(batch: int) -> float:
    """Return the fewest steps to a hundredth of J − J* of a line through 1024 points.

    For the mean of 20 orders of the rows, at the best of sixteen rates; all runs go side by side.
    """
    problem, rng = problems.noisy_line(1024), np.random.default_rng(18)
    features, targets = np.asarray(problem.features), np.asarray(problem.targets)
    best = np.linalg.lstsq(features, targets, rcond=None)[0]
    hessian = features.T @ features / len(features)
    rates = 1.5 / 2.0 ** (np.arange(16)[:, None, None] / 2)
    theta = np.zeros((16, 20, 2))  # rate, order, coordinate
    rows = np.tile(np.arange(1024), (20, 1))
    start = 0.5 * best @ hessian @ best
    with np.errstate(over="ignore", invalid="ignore"):  # rates that are too large diverge
        for k in range(4096):
            at = k * batch % 1024
            rows = rng.permuted(rows, axis=1) if at == 0 else rows
            x, y = features[rows[:, at : at + batch]], targets[rows[:, at : at + batch]]
            residuals = np.einsum("obj,roj->rob", x, theta) - y
            theta = theta - rates * np.einsum("rob,obj->roj", residuals, x) / batch
            away = theta - best
            excess = 0.5 * np.einsum("roi,ij,roj->ro", away, hessian, away).mean(axis=1)
            if (excess <= 0.01 * start).any():
                return k + 1.0
    return float(np.inf)


def full_batches_cost_more(rows: float) -> float:
    """Return a step's multiplications at twice the rows over those at so many, of the better way.

    The table has 100 columns. A step reads it twice, or XᵀX once, which is summed up beforehand.
    """
    return _multiplications(2 * int(rows)) / _multiplications(int(rows))


def _multiplications(rows: int) -> float:
    rng = np.random.default_rng(7)
    features, theta = rng.standard_normal((rows, 100)), rng.standard_normal(100)
    moments = features.T @ features
    assert np.allclose(features.T @ (features @ theta), moments @ theta)
    return float(min(2 * features.size, moments.size))


def double_the_batch(batch: float) -> float:
    """Return J − J* with a batch and rate so many times larger, over that with one row."""
    return _after_rows(int(batch)) / _after_rows(1)


@cache
def _after_rows(batch: int) -> float:
    """Return the mean of J − J* after 2048 rows, over 20 orders, at the rate 1/64 for each row."""
    problem = problems.noisy_line(512)
    rule = gradient_descent(batch / 64)
    ends = [
        descend_batches(problem, rule, batch_size=batch, epochs=4, seed=seed, keep="end")
        for seed in range(20)
    ]
    if any(run.status == "diverged" for run in ends):
        return np.inf
    return float(np.mean([run.values[-1] for run in ends]) - _least(problem))


def scales_to_large_data(columns: float) -> float:
    """Return the multiplications of a run to 10⁻⁶ of J over those of the normal equations.

    For rows without end: a step takes 2 a row and column, XᵀX half as many as there are columns.
    """
    curvatures = np.geomspace(1, 100, int(columns))

    def cost(theta: Array) -> tuple[float, Array]:
        return float(0.5 * curvatures @ theta**2), curvatures * theta

    rule = gradient_descent(2 / 101)
    run = descend(cost, rule, np.ones(int(columns)), steps=500)
    steps = np.argmax(run.values < 1e-6 * run.values[0])
    return float(4 * steps / columns)


@cache
def _line() -> LeastSquares:
    return problems.noisy_line(64)


def _least(problem: LeastSquares) -> float:
    """Return J*, by the normal equations."""
    best = np.linalg.lstsq(problem.features, problem.targets, rcond=None)[0]
    return float(problem.value(best))
