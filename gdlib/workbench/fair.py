"""Runs of a race, and the fair choice of each rule's rate, as chapter 15 states it.

The same starts for all, one of them never the raced one; the same clock, gradient evaluations; each
rule's own rate from one grid; every run counts, and one that diverges is lost.
"""

from __future__ import annotations

from dataclasses import replace
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
from gdlib.problems import LinearModel
from gdlib.tuning import Trial, Tuning
from gdlib.workbench.entries import Cost

Array = NDArray[np.float64]

RATES = tuple(10.0 ** (k / 4) for k in range(-16, 5))
"""Four learning rates a decade, from 0.0001 to 10: those of every rule."""
STARTS = 5
SEED = 0
SHARE = 0.05
"""How far from the raced start these may lie, as a share of the box, in each coordinate."""
DIGITS = 12
"""Of a run's last cost: those that follow are rounding, and must not choose a rate."""
ROUNDING = 1e-16
"""A share of the first cost below which a last cost has no digits that all machines agree on."""
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
    """Draw `STARTS` points (m, n) near the raced one, none of them it, where the cost is finite.

    Raises
    ------
    ValueError
        There are none.
    """
    rng, found = np.random.default_rng(SEED), list[Array]()
    for _ in range(_ROUNDS):
        drawn = start + _reach(cost) * rng.uniform(-1, 1, (STARTS, cost.n))
        drawn = drawn[(drawn != start).any(axis=1)]  # a tiny box far out holds one double
        found += list(drawn[~has_diverged(drawn, *cost.value_and_gradient(drawn))])
        if len(found) >= STARTS:
            return np.array(found[:STARTS])
    raise ValueError(
        f"tuned=True wants other starts near its start, where the cost is finite; around"
        f" {start.tolist()} {cost.name} has {len(found)} among {_ROUNDS * STARTS} points"
    )


def _reach(cost: Cost) -> Array:
    """Return how far starts may lie from the raced one in each coordinate, (n,).

    Data have no box. There the share is of the distance over which a parameter's own curvature
    makes up the cost, both at θ = 0: with least squares, of the targets' size over the feature's.
    A parameter without curvature, or of a problem that does not tell it, has a unit.
    """
    if isinstance(cost, Landscape):
        return np.asarray(SHARE * np.ptp(np.array(cost.bounds), axis=1))
    if not isinstance(cost, LinearModel) or (
        type(cost).row_curvatures is LinearModel.row_curvatures
    ):
        return np.full(cost.n, SHARE)
    zero = np.zeros(cost.n)
    with np.errstate(all="ignore"):
        weights = cost.row_curvatures(cost.features @ zero)
        curvatures = weights @ cost.features**2 / cost.rows + cost.l2
    known = np.isfinite(curvatures) & (curvatures > 0)
    height = 2 * (abs(float(cost.value(zero))) or 1.0)
    reach = np.sqrt(np.where(known, height, 1.0) / np.where(known, curvatures, 1.0))
    return np.asarray(SHARE * reach)


def tune(cost: Cost, optimizer: Optimizer, starts: Array, steps: int, height: float) -> Tuning:
    """Try every rate of the grid from every start; the score is the last cost, rounded.

    `height` is the cost at the raced start: what is lower by `ROUNDING` counts as 0.
    """

    def one(rule: Optimizer, seed: int) -> Trajectory:
        return run(cost, rule, starts[seed], steps, "end")

    grid = {"learning_rate": RATES}
    found = tuning.tune(one, optimizer.with_settings, grid, seeds=range(len(starts)))
    least = digitless(height)
    trials = tuple(
        Trial(trial.settings, np.array([_rounded(score, least) for score in trial.scores]))
        for trial in found.trials
    )
    return replace(found, trials=trials)


def digitless(height: float) -> float:
    """Return below what a cost has no digits that all machines agree on, itself one digit long."""
    return float(f"{ROUNDING * abs(height):.0e}")


def _rounded(cost: float, least: float) -> float:
    return 0.0 if abs(cost) < least else float(f"{cost:.{DIGITS}g}")


def won(found: Tuning) -> bool:
    """Tell whether some rate brought most runs to their end."""
    return bool(np.isfinite(found.best.score))


def equals(found: Tuning) -> list[float]:
    """Return the rates that are as good as the best, which is one of them, in order."""
    best = found.best.score
    return [trial.settings["learning_rate"] for trial in found.trials if trial.score == best]


def at_edge(found: Tuning) -> bool:
    """Tell whether the best rate is the grid's first or last, and no other is as good."""
    return won(found) and equals(found) in ([RATES[0]], [RATES[-1]])
