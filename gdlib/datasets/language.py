"""How a small language model was trained by several rules, and what it was at some steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.console import printable

Array = NDArray[np.float64]

_HERE = Path(__file__).parent


@printable
@dataclass(frozen=True, eq=False)
class LanguageRun:
    """One training of the model.

    Attributes
    ----------
    purpose
        "tuning", "between" (rates between those of the grid, tried after the race), "race", "half
        as long", or what was left out: "no warm-up", "half as long and no warm-up", "no norm", "no
        correction".
    rule, rate, seed
        What trained it, at which largest rate, and the seed of start and batches.
    costs
        Bits a sign on 64 windows of the pages held out, after 0, 25, …, 1000 steps; NaN after a
        divergence. Read-only.
    end
        Bits a sign on all windows held out, after the last step.
    milliseconds
        Of one step of the rule, gradient and all, in time of the processor.
    """

    purpose: str
    rule: str
    rate: float
    seed: int
    costs: Array
    end: float
    milliseconds: float

    def __repr__(self) -> str:
        return f"LanguageRun({self.purpose}, {self.rule} at {self.rate:g}, seed {self.seed})"


@printable
@dataclass(frozen=True, eq=False)
class LanguageRace:
    """All trainings, and the models that two of them had at two steps.

    Attributes
    ----------
    runs
        The trainings.
    steps
        When the costs were taken, shape (41,). Read-only.
    weights
        θ of shape (19200,) by rule and number of the step, each number rounded to a 127th of the
        largest. Read-only.
    """

    runs: tuple[LanguageRun, ...]
    steps: NDArray[np.int_]
    weights: dict[str, dict[int, Array]]

    def __repr__(self) -> str:
        return f"LanguageRace({len(self.runs)} runs of {self.steps[-1]} steps)"

    def of(self, purpose: str) -> dict[str, list[LanguageRun]]:
        """Return the runs of a purpose, by rule.

        Raises
        ------
        TypeError, ValueError
            A purpose that no run has.
        """
        checks.choice("purpose", purpose, dict.fromkeys(run.purpose for run in self.runs))
        chosen = [run for run in self.runs if run.purpose == purpose]
        return {rule: [run for run in chosen if run.rule == rule] for rule in self._rules(chosen)}

    @staticmethod
    def _rules(runs: list[LanguageRun]) -> list[str]:
        return list(dict.fromkeys(run.rule for run in runs))


@cache
def language_race() -> LanguageRace:
    """Return how five rules trained chapter 23's language model: tuned, raced, and without parts.

    `tests/data/make_language_race.py` ran them on 30 November 2026 with NumPy 2.4; a run takes a
    quarter of a minute.
    """
    head, *rows = (_HERE / "language_runs.csv").read_text(encoding="utf-8").splitlines()
    steps = np.array([int(step) for step in head.split(",")[6:]])
    steps.flags.writeable = False
    weights: dict[str, dict[int, Array]] = {}
    with np.load(_HERE / "language_weights.npz") as kept:
        for name, largest in zip(kept["names"].tolist(), kept["largest"].tolist(), strict=True):
            rule, step = name.split("/")
            theta = kept[name] * largest / 127
            theta.flags.writeable = False
            weights.setdefault(rule, {})[int(step)] = theta
    return LanguageRace(tuple(_run(row.split(",")) for row in rows), steps, weights)


def _run(cells: list[str]) -> LanguageRun:
    purpose, rule, rate, seed, end, milliseconds, *costs = cells
    kept = np.array([float(cost) for cost in costs])
    kept.flags.writeable = False
    return LanguageRun(purpose, rule, float(rate), int(seed), kept, float(end), float(milliseconds))
