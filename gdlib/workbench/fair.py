"""Runs of a race, and the fair choice of each rule's rate, as chapter 15 states it.

The same starts for all, one of them never the raced one; the same clock, gradient evaluations; each
rule's own rate from one grid; every run counts, and one that diverges is lost.
"""

from __future__ import annotations

from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from gdlib import tuning
from gdlib.descent import batches
from gdlib.descent.arguments import Keep
from gdlib.descent.descend import descend
from gdlib.descent.stopping import has_diverged
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.tuning import Tuning
from gdlib.workbench.entries import Cost

Array = NDArray[np.float64]

RATES = tuple(10.0 ** (k / 4) for k in range(-16, 5))
"""Four learning rates a decade, from 0.0001 to 10: those of every rule."""
STARTS = 5
SEED = 0
SHARE = 0.05
"""How far from the raced start these may lie, as a share of the box, in each coordinate."""
_ROUNDS = 20


def run(
    cost: Cost, optimizer: Optimizer, start: Array, steps: int, keep: Keep = "path"
) -> Trajectory:
    """Run a rule from one start; on data each step asks for the gradient over all rows."""
    if isinstance(cost, Landscape):
        return descend(cost, optimizer, start, steps, keep=keep)
    whole = repeat(None, steps)
    return batches.follow(cost, optimizer, start, whole, cost.rows, steps, keep=keep)


def starts_near(cost: Cost, start: Array) -> Array:
    """Draw `STARTS` points (m, n) near the raced one, where the cost is finite.

    Raises
    ------
    ValueError
        There are none.
    """
    rng, found = np.random.default_rng(SEED), list[Array]()
    for _ in range(_ROUNDS):
        drawn = start + _reach(cost, start) * rng.uniform(-1, 1, (STARTS, cost.n))
        found += list(drawn[~has_diverged(drawn, *cost.value_and_gradient(drawn))])
        if len(found) >= STARTS:
            return np.array(found[:STARTS])
    raise ValueError(
        f"tuned=True wants a cost that is finite near its start; around {start.tolist()}"
        f" {cost.name} is so at {len(found)} of {_ROUNDS * STARTS} points"
    )


def _reach(cost: Cost, start: Array) -> Array:
    """Return how far starts may lie from the raced one in each coordinate, (n,).

    Data have no box. There the share is of the distance over which a parameter's own curvature
    makes up the cost: with θ = 0 and least squares, of the targets' size over the feature's.
    """
    if isinstance(cost, Landscape):
        return np.asarray(SHARE * np.ptp(np.array(cost.bounds), axis=1))
    weights = cost.row_curvatures(cost.features @ start)
    curvatures = weights @ cost.features**2 / cost.rows + cost.l2
    known = curvatures > 0
    height = 2 * (float(cost.value(start)) or 1.0)
    reach = np.sqrt(np.where(known, height, 0.0) / np.where(known, curvatures, 1.0))
    return np.asarray(SHARE * reach)


def tune(cost: Cost, optimizer: Optimizer, starts: Array, steps: int) -> Tuning:
    """Try every rate of the grid from every start; the score is the last cost."""

    def one(rule: Optimizer, seed: int) -> Trajectory:
        return run(cost, rule, starts[seed], steps, "end")

    grid = {"learning_rate": RATES}
    return tuning.tune(one, optimizer.with_settings, grid, seeds=range(len(starts)))


def won(found: Tuning) -> bool:
    """Tell whether some rate brought most runs to their end."""
    return bool(np.isfinite(found.best.score))


def at_edge(found: Tuning) -> bool:
    """Tell whether the best rate is the grid's first or last."""
    return won(found) and found.best.settings["learning_rate"] in (RATES[0], RATES[-1])
