"""Name what a run shows, with its evidence, what to try, and the chapter to read."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdlib import checks
from gdlib.descent.trajectory import Trajectory
from gdlib.diagnosis import evidence, gradient_check, recorded, symptoms
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Diagnosis as Diagnosis
from gdlib.diagnosis.findings import Finding as Finding


def diagnose(
    run: Trajectory | ArrayLike | str | PathLike[str] | Mapping[str, Any],
    gradient_norms: ArrayLike | None = None,
    *,
    cost: Any = None,
    learning_rate: float | None = None,
    loss: str | None = None,
) -> Diagnosis:
    """Say what a run shows: what is wrong with it, if anything, or that this cannot be told.

    Parameters
    ----------
    run
        A `Trajectory` of one run, or the losses of any run, shape (k + 1,): at the start and
        after each step. A trajectory tells most: its steps and gradients give the curvature.
        Or a log: the path of its file, its text (with line breaks), a DataFrame, or lists by name.
        Read are tables (CSV, TensorBoard's too), JSON and its lines, printed dictionaries and
        progress lines; in them losses, losses on data held out, gradient norms, learning rates,
        and steps or epochs are known by their names.
    gradient_norms
        For losses: ‖g‖ at the same points.
    cost
        For a trajectory: the cost, to check the gradients by central differences: a `Landscape`,
        a problem, or a function of θ that returns the value, or (value, gradient).
    learning_rate
        For losses: the constant η of plain gradient descent that made them. A trajectory's own
        steps tell its rate.
    loss
        For a log: the name of the losses' column, where its own name does not tell.

    Returns
    -------
    Diagnosis
        Prints a few lines a finding. Losses that are NaN or infinite are a finding
        ("diverged"), not an error. Of a log, the first line says what was read.

    Raises
    ------
    TypeError, ValueError
        Losses that are no list of numbers, norms of another length or below 0, a rate that is
        not positive, a grid of runs, or a cost without points to check it at; a log without
        losses, or with text between them.
    FileNotFoundError
        No such file.
    """
    with np.errstate(all="ignore"):  # the last points before an overflow are huge
        if recorded.is_log(run):
            for name, given in (
                ("gradient_norms", gradient_norms), ("cost", cost), ("learning_rate", learning_rate)
            ):  # fmt: skip
                if given is not None:
                    raise TypeError(
                        f"{name} goes with a list of losses or a trajectory; a log has its own"
                    )
            return recorded.diagnosed(run, loss)
        if loss is not None:
            raise TypeError("loss names a column of a log; this run has no columns")
        return _diagnosed(run, gradient_norms, cost, learning_rate)


def _diagnosed(run: Any, norms: Any, cost: Any, learning_rate: Any) -> Diagnosis:
    rate = None
    if learning_rate is not None:
        rate = checks.number("learning_rate", learning_rate, above=0)
    if not isinstance(run, Trajectory):
        if cost is not None:
            raise TypeError("a cost is checked at the points of a Trajectory; losses have none")
        return _judged(evidence.of_lists(run, norms, rate), None)
    if norms is not None:
        raise TypeError("a trajectory has its own gradients; gradient_norms go with losses")
    value = getattr(cost, "value", cost)
    if cost is not None:
        checks.function("cost", value, "a Landscape, a problem or a function")
        if isinstance(cost, type):
            raise TypeError(f"cost must be a cost, not its class {cost.__name__}")
    read = evidence.of_trajectory(run, rate)
    if value is None:
        return _judged(read, gradient_check.against_losses(read))
    return _judged(read, gradient_check.against_cost(read, value, np.shape(run.points)[1:]))


def _judged(run: Evidence, slip: Finding | None) -> Diagnosis:
    if slip is None:
        return Diagnosis(tuple(symptoms.seen(run)))
    if slip.kind == "cannot tell":  # whether the gradients are right; the rest stands
        return Diagnosis((*symptoms.seen(run), slip))
    # With a wrong gradient nothing else that the gradients say can be believed.
    return Diagnosis((slip, *symptoms.ended(run)))
