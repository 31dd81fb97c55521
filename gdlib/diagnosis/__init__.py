"""Name what a run shows, with its evidence, what to try, and the chapter to read."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import ArrayLike

from gdlib.diagnosis import evidence, slopes, symptoms
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Diagnosis as Diagnosis
from gdlib.diagnosis.findings import Finding as Finding
from gdlib.trajectory import Trajectory


def diagnose(
    run: Trajectory | ArrayLike,
    gradient_norms: ArrayLike | None = None,
    *,
    cost: Any = None,
    learning_rate: float | None = None,
) -> Diagnosis:
    """Say what a run shows: what is wrong with it, if anything, or that this cannot be told.

    Parameters
    ----------
    run
        A `Trajectory` of one run, or the losses of any run, shape (k + 1,): at the start and
        after each step. A trajectory tells most: its steps and gradients give the curvature.
    gradient_norms
        For losses: ‖g‖ at the same points.
    cost
        For a trajectory: the cost, to check the gradients by central differences: a `Landscape`,
        a problem, or a function of θ that returns the value, or (value, gradient).
    learning_rate
        For losses: the constant η of plain gradient descent that made them. A trajectory's own
        steps tell its rate.

    Returns
    -------
    Diagnosis
        Prints a few lines a finding. Losses that are NaN or infinite are a finding
        ("diverged"), not an error.

    Raises
    ------
    TypeError, ValueError
        Losses that are no list of numbers, norms of another length or below 0, a rate that is
        not positive, a grid of runs, or a cost without points to check it at.
    """
    _check(run, gradient_norms, cost, learning_rate)
    if not isinstance(run, Trajectory):
        return _judged(evidence.of_lists(run, gradient_norms, learning_rate), None)
    read = evidence.of_trajectory(run, learning_rate)
    if cost is None:
        return _judged(read, slopes.against_losses(read))
    value = getattr(cost, "value", cost)
    return _judged(read, slopes.against_cost(read, value, run.points.shape[1:]))


def _check(run: Any, norms: Any, cost: Any, rate: Any) -> None:
    whole = isinstance(run, Trajectory)
    if whole and norms is not None:
        raise TypeError("a trajectory has its own gradients; gradient_norms go with losses")
    if cost is not None and not whole:
        raise TypeError("a cost is checked at the points of a Trajectory; losses have none")
    if cost is not None and not callable(getattr(cost, "value", cost)):
        raise TypeError(f"the cost must be a Landscape, a problem or a function, not {cost!r}")
    if rate is None:
        return
    if isinstance(rate, bool) or not isinstance(rate, (int, float)):
        raise TypeError(f"learning_rate must be a number, not {rate!r}")
    if not 0 < rate < math.inf:
        raise ValueError(f"learning_rate must be positive and finite, not {rate!r}")


def _judged(run: Evidence, slip: Finding | None) -> Diagnosis:
    found = [slip] if slip else []
    # With a wrong gradient nothing else that the gradients say can be believed.
    found += symptoms.seen(run) if slip is None else symptoms.ended(run)
    return Diagnosis(tuple(found))
