"""A learning rate that watches the cost, and falls where the cost no longer does."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks

SMALLEST = 1e-8
"""A fall by no more than this is left out, as PyTorch does by default."""


@dataclass(frozen=True)
class OnPlateau:
    """What `on_plateau` was given."""

    learning_rate: float
    factor: float
    patience: int
    threshold: float
    cooldown: int
    end: float
    interval: int

    def rates(self, costs: ArrayLike) -> NDArray[np.float64]:
        """Return the rate of the step that follows each cost, for costs J of shape (n,).

        Of a run's `values`, or of its `held_out`: the rates that the run has taken, and one more.

        Raises
        ------
        TypeError, ValueError
            What is no list of numbers.
        """
        said = checks.array("costs", costs, shape=(None,), finite=False)
        rate = self.falling()
        next(rate)
        taken = [rate.send(float(cost)) for cost in said[:: self.interval]]
        each = min(self.interval, len(said))
        return np.repeat(taken, each)[: len(said)]

    def falling(self) -> Generator[float, float, None]:
        """Return a generator that is sent one cost after another, and says the rate to go on with.

        It needs a first `next`, which says the first rate.
        """
        rate, best, waited, resting = self.learning_rate, math.inf, 0, 0
        while True:
            cost = yield rate
            if cost < best * (1 - self.threshold):
                best, waited = cost, 0
            else:
                waited += 1
            if resting:
                resting, waited = resting - 1, 0
            if waited > self.patience:
                lower = max(rate * self.factor, self.end)
                rate = lower if rate - lower > SMALLEST else rate
                resting, waited = self.cooldown, 0


def on_plateau(
    learning_rate: float,
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    cooldown: int = 0,
    end: float = 0.0,
    interval: int = 1,
) -> OnPlateau:
    """Lower the rate where the cost no longer falls (PyTorch's ReduceLROnPlateau).

    It looks at the recorded cost, or at the held-out one if the run has it, first at the start.
    A cost is better that is below 1 − `threshold` times the best so far, which suits costs above 0.

    Parameters
    ----------
    learning_rate
        The first rate.
    factor
        What the rate is multiplied by.
    patience
        The rate falls after more than so many looks in a row that were not better.
    threshold
        By what share of the best cost a better one is below it.
    cooldown
        Looks after a fall during which no others are counted.
    end
        The lowest rate, `min_lr`, at most `learning_rate`. A fall by 10⁻⁸ or less is left out.
    interval
        Steps between two looks; ⌈N/B⌉ are an epoch of N rows in batches of B.

    Returns
    -------
    OnPlateau
        What `descend` and `descend_batches` take as their `learning_rate`. Its method `rates` says
        which rates a run has taken, from the run's `values`.

    Raises
    ------
    TypeError, ValueError
        What is no number of its range: a factor of 1 or more, a negative patience.
    """
    first = checks.number("learning_rate", learning_rate, above=0)
    return OnPlateau(
        first,
        checks.number("factor", factor, above=0, below=1),
        checks.count("patience", patience),
        checks.number("threshold", threshold, at_least=0, below=1),
        checks.count("cooldown", cooldown),
        checks.number("end", end, at_least=0, at_most=first),
        checks.count("interval", interval, at_least=1),
    )
