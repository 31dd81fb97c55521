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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.console import printable
from gdlib.descent.endings import DIVERGED
from gdlib.descent.trajectory import Trajectory
from gdlib.frozen import Frozen
from gdlib.optimizers import UpdateRule
from gdlib.optimizers.update_rule import check_rule

Array = NDArray[np.float64]
Runner = Callable[[Any, int], Trajectory]
Setting = Mapping[str, float]
Grid = Mapping[str, Iterable[float]] | Iterable[Setting]

MOST = 100_000
"""Settings, or seeds, that one tuning may have."""


@printable
@dataclass(frozen=True, eq=False)
class Trial:
    """One setting of a rule, and how each of its runs ended.

    Attributes
    ----------
    settings
        The hyperparameters that were set, by keyword.
    scores
        One a run, the lower the better; ∞ for a run that diverged or missed the target.

    Raises
    ------
    TypeError, ValueError
        Settings that are no mapping by keyword; scores that are no numbers, NaN, or none at all.
    """

    settings: Setting
    scores: Array

    def __post_init__(self) -> None:
        checks.instance("settings", self.settings, Mapping, "a mapping by keyword")
        for keyword in self.settings:
            checks.text("a keyword of settings", keyword)
        scores = checks.array("scores", self.scores, shape=(None,), finite=False).copy()
        if not len(scores) or np.isnan(scores).any():
            raise ValueError(
                f"scores must be one or more numbers, ∞ for a failure, not {checks.shown(scores)}"
            )
        scores.setflags(write=False)
        object.__setattr__(self, "settings", Frozen(self.settings))
        object.__setattr__(self, "scores", scores)

    def __reduce__(self) -> tuple[Any, ...]:
        return Trial, (dict(self.settings), self.scores)

    @property
    def score(self) -> float:
        """The median over the runs; of an even number, the worse of the middle two."""
        return float(np.sort(self.scores)[len(self.scores) // 2])

    def __repr__(self) -> str:
        values = ", ".join(f"{key}={_brief(value)}" for key, value in self.settings.items())
        failed = np.isinf(self.scores).sum()
        why = f", {failed} of {len(self.scores)} runs failed" if math.isinf(self.score) else ""
        return f"Trial({values}: {self.score:.4g}{why})"


def _brief(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, (int, float)) else checks.shown(value, 20)


@printable
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

    Raises
    ------
    TypeError, ValueError
        A rule that cannot be called, no trials, trials of different numbers of runs, seeds or a
        target that are no numbers.
    """

    rule: Callable[..., UpdateRule]
    trials: tuple[Trial, ...]
    seeds: tuple[int, ...]
    target: float | None

    def __post_init__(self) -> None:
        checks.function("rule", self.rule, "a constructor such as gd.adam")
        trials = checks.instance("trials", self.trials, (tuple, list), "several Trials")
        for trial in trials:
            checks.instance("trials", trial, Trial, "several Trials")
        if len({len(trial.scores) for trial in trials}) != 1:
            raise ValueError("trials must be one or more, all of the same number of runs")
        object.__setattr__(self, "trials", tuple(trials))
        object.__setattr__(self, "seeds", _seeds(self.seeds))
        object.__setattr__(self, "target", _target(self.target))

    @property
    def best(self) -> Trial:
        """The trial with the lowest score; of equals, that with fewer failures, then the first.

        Where half of the runs or more failed with every setting, its score is ∞ and it is no
        winner: its `repr` says so, and `optimizer` raises.
        """
        return min(self.trials, key=lambda trial: (trial.score, np.isinf(trial.scores).sum()))

    @property
    def _failed(self) -> str:
        share = "every run" if np.isinf(self.scores).all() else "half of the runs or more"
        end = (
            "diverged" if self.target is None else f"diverged or missed the target {self.target:g}"
        )
        return f"with each of the {len(self.trials)} settings {share} {end}"

    @property
    def scores(self) -> Array:
        """All scores, of shape (trials, runs)."""
        return np.array([trial.scores for trial in self.trials])

    @property
    def optimizer(self) -> UpdateRule:
        """The rule with the best trial's settings.

        Raises
        ------
        ValueError
            Half of the runs or more diverged, or missed the target, with every setting: none won.
        """
        if math.isinf(self.best.score):
            raise ValueError(f"there is no best optimizer: {self._failed}")
        return self.rule(**self.best.settings)

    def __repr__(self) -> str:
        best = self.best
        if math.isinf(best.score):
            return f"Tuning({len(self.trials)} trials, none won: {self._failed})"
        return f"Tuning({len(self.trials)} trials, best: {best})"


def tune(
    run: Runner,
    rule: Callable[..., UpdateRule],
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

    Returns
    -------
    Tuning
        It says where no setting's runs came through, and then has no best `optimizer`.

    Raises
    ------
    TypeError, ValueError
        A mistake in the arguments, before the first run; a `run` that returns no trajectory, or
        only its end where a target needs the path. A run that diverges is a result.
    """
    import joblib

    checks.function("run", run, "a function of an optimizer and a seed")
    chosen, wanted, jobs = _seeds(seeds), _target(target), _jobs(n_jobs)
    settings = _settings(grid)
    optimizers = [_build(rule, setting) for setting in settings]
    scores = joblib.Parallel(n_jobs=jobs and min(jobs, len(optimizers)))(
        joblib.delayed(_scores)(run, optimizer, chosen, wanted) for optimizer in optimizers
    )
    trials = tuple(Trial(*pair) for pair in zip(settings, scores, strict=True))
    return Tuning(rule, trials, chosen, wanted)


def _settings(grid: Any) -> list[dict[str, float]]:
    """Write a grid out as one mapping a trial."""
    if checks.is_a(grid, Mapping):
        lists = {
            key: checks.several(f"the grid's {key}", values, MOST) for key, values in grid.items()
        }
        if math.prod(map(len, lists.values())) > MOST:
            raise ValueError(f"the grid must have at most {MOST:,} settings")
        combined = product(*lists.values())
        settings = [dict(zip(lists, values, strict=True)) for values in combined] if lists else []
    elif np.iterable(grid) and not checks.is_a(grid, (str, bytes)):
        settings = [
            dict(one) if isinstance(one, Mapping) else _refuse(one)
            for one in checks.several("the grid", grid, MOST)
        ]
    else:
        settings = _refuse(grid)
    if not settings:
        raise ValueError("the grid is empty: there is nothing to try")
    for keyword in {keyword for setting in settings for keyword in setting}:
        checks.text("a keyword of the grid", keyword)
    return settings


def _refuse(came: Any) -> Any:
    raise TypeError(
        'the grid must be like {"learning_rate": [0.1, 0.3]}, or a list with a mapping a trial,'
        f" not {checks.shown(came)}"
    )


def _build(rule: Any, setting: dict[str, float]) -> UpdateRule:
    if checks.is_a(rule, UpdateRule) or not callable(rule):
        raise TypeError(f"the rule must be a constructor such as gd.adam, not {checks.shown(rule)}")
    try:
        signature = inspect.signature(rule)
    except (TypeError, ValueError):  # a built-in that does not say what it takes
        raise TypeError(
            f"the rule must be a constructor such as gd.adam, not {checks.shown(rule)}"
        ) from None
    try:
        signature.bind(**setting)
    except TypeError as reason:
        name = checks.attribute(rule, "__name__") or rule
        given = ", ".join(setting)
        near = [checks.did_you_mean(keyword, signature.parameters) for keyword in setting]
        raise TypeError(
            f"{name} does not take the settings {given}: {reason}{''.join(near[:1])}"
        ) from None
    optimizer: UpdateRule = rule(**setting)
    check_rule(optimizer)
    return optimizer


def _seeds(seeds: Any) -> tuple[int, ...]:
    listed = checks.several("seeds", seeds, MOST, "be several whole numbers such as range(5)")
    chosen = tuple(checks.seed(seed, "a seed") for seed in listed)
    if not chosen:
        raise ValueError("there must be at least one seed in seeds")
    return chosen


def _target(target: Any) -> float | None:
    return None if target is None else checks.number("target", target)


def _jobs(n_jobs: Any) -> int | None:
    if n_jobs is None:
        return None
    jobs = checks.count("n_jobs", n_jobs, at_least=-(2**16), at_most=2**16)
    if not jobs:
        raise ValueError("n_jobs must be 1 or more, or -1 for one a core, not 0")
    return jobs


def _scores(
    run: Runner, optimizer: UpdateRule, seeds: tuple[int, ...], target: float | None
) -> Array:
    """Run one setting with every seed; this is what travels to another process."""
    return np.concatenate([_score(run(optimizer, seed), target) for seed in seeds])


def _score(run: Any, target: float | None) -> Array:
    """Return one score for each start of a run."""
    if not isinstance(run, Trajectory):
        raise TypeError(f"run must return a gd.Trajectory, not {type(run).__name__}")
    values = run.values.reshape(len(run.values), -1)
    score = values[-1].astype(float) if target is None else _reached(run, values, target)
    score[(np.ravel(run.status) == DIVERGED) | np.isnan(score)] = math.inf
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
