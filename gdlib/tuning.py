"""Run a rule with every setting of a grid and several seeds: the fair way to choose a rate.

The runs go through joblib, which decides where: this process, every core, or a cluster. What a
run is, and what its seed draws, is the caller's function; nothing here knows about costs.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib.optimizers import Optimizer, check_optimizer
from gdlib.trajectory import DIVERGED, Trajectory

Array = NDArray[np.float64]
Run = Callable[[Optimizer, int], Trajectory]
Setting = Mapping[str, float]
Grid = Mapping[str, Iterable[float]] | Iterable[Setting]


@dataclass(frozen=True, eq=False)
class Trial:
    """One setting of a rule, and how each of its runs ended.

    Attributes
    ----------
    settings
        The hyperparameters that were set, by keyword.
    scores
        One a run, the lower the better; ∞ for a run that diverged or missed the target.
    """

    settings: Setting
    scores: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))
        self.scores.setflags(write=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return Trial, (dict(self.settings), self.scores)

    @property
    def score(self) -> float:
        """The median over the runs; of an even number, the worse of the middle two."""
        return float(np.sort(self.scores)[len(self.scores) // 2])

    def __repr__(self) -> str:
        values = ", ".join(f"{key}={value:.3g}" for key, value in self.settings.items())
        return f"Trial({values}: {self.score:.4g})"


@dataclass(frozen=True, eq=False)
class Tuning:
    """Every trial of a rule on a grid.

    Attributes
    ----------
    rule
        The constructor that was tuned.
    trials
        In the order of the grid.
    seeds
        What each setting was run with.
    target
        The cost to reach, or None where the last cost is the score.
    """

    rule: Callable[..., Optimizer]
    trials: tuple[Trial, ...]
    seeds: tuple[int, ...]
    target: float | None

    @property
    def best(self) -> Trial:
        """The trial with the lowest score; of equals, that with fewer failures, then the first."""
        return min(self.trials, key=lambda trial: (trial.score, np.isinf(trial.scores).sum()))

    @property
    def scores(self) -> Array:
        """All scores, of shape (trials, runs)."""
        return np.array([trial.scores for trial in self.trials])

    @property
    def optimizer(self) -> Optimizer:
        """The rule with the best trial's settings."""
        return self.rule(**self.best.settings)

    def __repr__(self) -> str:
        return f"Tuning({len(self.trials)} trials, best: {self.best})"


def tune(
    run: Run,
    rule: Callable[..., Optimizer],
    grid: Grid,
    *,
    seeds: Iterable[int] = (0,),
    target: float | None = None,
    n_jobs: int | None = None,
) -> Tuning:
    """Run a rule with every setting of a grid, and score each.

    Parameters
    ----------
    run
        A function of an optimizer and a seed that returns a `Trajectory`, of one run or of a
        grid of starts. What may differ from run to run hangs on the seed: start, batches, noise.
    rule
        A constructor such as `gd.adam`.
    grid
        Values for each keyword, of which every combination is tried; or the settings themselves,
        one mapping a trial, as a random search draws them.
    seeds
        Whole numbers; each setting is run with each of them.
    target
        None: a run's score is its last cost. A number: the gradient evaluations (on batches: the
        rows seen) after which the cost stays at or below it to the run's end; to touch it once
        is not enough.
    n_jobs
        As in joblib and scikit-learn: how many processes, −1 for one a core. None for what
        `joblib.parallel_config` says, one unless it says otherwise. The numbers are the same.

    Raises
    ------
    TypeError, ValueError
        A mistake in the arguments, before the first run; a `run` that returns no trajectory, or
        only its end where a target needs the path. A run that diverges is a result.
    """
    import joblib

    settings = _settings(grid)
    optimizers = [_build(rule, setting) for setting in settings]
    chosen = _check(run, seeds, target)
    scores = joblib.Parallel(n_jobs=n_jobs)(
        joblib.delayed(_scores)(run, optimizer, chosen, target) for optimizer in optimizers
    )
    trials = tuple(Trial(*pair) for pair in zip(settings, scores, strict=True))
    return Tuning(rule, trials, chosen, target)


def _settings(grid: Any) -> list[dict[str, float]]:
    """Write a grid out as one mapping a trial."""
    if isinstance(grid, Mapping):
        for keyword, values in grid.items():
            if isinstance(values, str) or not np.iterable(values):
                raise TypeError(f"the grid must list values for {keyword}, not {values!r}")
        combined = product(*grid.values())
        settings = [dict(zip(grid, values, strict=True)) for values in combined] if grid else []
    elif np.iterable(grid) and not isinstance(grid, str):
        settings = [dict(one) if isinstance(one, Mapping) else _refuse(one) for one in grid]
    else:
        settings = _refuse(grid)
    if not settings:
        raise ValueError("the grid is empty: there is nothing to try")
    return settings


def _refuse(came: Any) -> Any:
    raise TypeError(
        'the grid must be like {"learning_rate": [0.1, 0.3]}, or a list with a mapping a trial,'
        f" not {came!r:.60}"
    )


def _build(rule: Any, setting: dict[str, float]) -> Optimizer:
    if isinstance(rule, Optimizer) or not callable(rule):
        raise TypeError(f"the rule must be a constructor such as gd.adam, not {rule!r}")
    try:
        inspect.signature(rule).bind(**setting)
    except TypeError as reason:
        name = getattr(rule, "__name__", rule)
        given = ", ".join(setting)
        raise TypeError(f"{name} does not take the settings {given}: {reason}") from None
    optimizer: Optimizer = rule(**setting)
    check_optimizer(optimizer)
    return optimizer


def _check(run: Any, seeds: Any, target: Any) -> tuple[int, ...]:
    if not callable(run):
        raise TypeError(f"run must be a function of an optimizer and a seed, not {run!r:.60}")
    if not np.iterable(seeds):
        raise TypeError(f"seeds must be several whole numbers such as range(5), not {seeds!r}")
    chosen = tuple(seeds)
    for seed in chosen:
        if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
            raise TypeError(f"a seed must be a whole number, not {seed!r}")
    if not chosen:
        raise ValueError("there must be at least one seed")
    if target is not None:
        if isinstance(target, bool) or not isinstance(target, (int, float, np.number)):
            raise TypeError(f"target must be a number, not {target!r}")
        if not math.isfinite(target):
            raise ValueError(f"target must be finite, not {target!r}")
    return tuple(map(int, chosen))


def _scores(run: Run, optimizer: Optimizer, seeds: tuple[int, ...], target: float | None) -> Array:
    """Run one setting with every seed; this is what travels to another process."""
    return np.concatenate([_score(run(optimizer, seed), target) for seed in seeds])


def _score(run: Any, target: float | None) -> Array:
    """Return one score for each start of a run."""
    if not isinstance(run, Trajectory):
        raise TypeError(f"run must return a gd.Trajectory, not {type(run).__name__}")
    values = run.values.reshape(len(run.values), -1)
    score = values[-1].astype(float) if target is None else _reached(run, values, target)
    score[np.ravel(run.status) == DIVERGED] = math.inf
    return score


def _reached(run: Trajectory, values: Array, target: float) -> Array:
    """Return what each run had spent when its cost was at or below the target for good."""
    if len(values) != np.max(run.steps) + 1:
        raise ValueError('a target needs the whole path: keep="path" in the run')
    above = values > target
    last = len(values) - 1 - above[::-1].argmax(0)  # where it was above for the last time
    first = np.where(above.any(0), last + 1, 0)
    spent = np.arange(len(values)) if run.samples is None else np.asarray(run.samples)
    return np.append(spent.astype(float), math.inf)[first]
