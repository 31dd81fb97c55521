"""The item of the first rate: the rate, why it, and what became of the run with it."""

from __future__ import annotations

import numpy as np

from gdlib.descent.endings import CONVERGED, DIVERGED
from gdlib.descent.stopping import norm
from gdlib.descent.trajectory import Trajectory
from gdlib.surveys.minima import Minimum
from gdlib.surveys.result import Item, item
from gdlib.surveys.trial import ROUNDING, Trial
from gdlib.surveys.words import number, point, times, value

VALUES = 4
"""Values of a run that are said."""
LEFT = 0.01
"""A run that has come to rest so far from the minimum, as a share of its way, is on a valley's
floor."""


def first_rate(trial: Trial, minimum: Minimum | None, ends: str = "minimum") -> Item:
    """Say the rate that was tried, why it, and what the run did.

    `minimum` is the only one, where that is known; `ends` at which kind of point the run has
    arrived.
    """
    run = trial.run
    said = f"η = {number(trial.rate)}, {trial.why}. Tried from the start: "
    if run.status == CONVERGED and not run.steps:
        said += f"J = {value(float(run.values[0]))}, and the slope is 0 already, so no rate moves"
    else:
        values = ", ".join(number(v) for v in run.values[:VALUES].tolist())
        said += f"J = {values}{', …' if run.steps >= VALUES else ''}; {_ending(run, minimum)}"
    if ends in ("saddle", "maximum"):
        said += f"; that is a {ends}, so start elsewhere"
    if ends == "degenerate":
        said += "; that point is degenerate, so it need not be a minimum"
    topic = "first rate" if trial.searched else "one over L"
    return item("first rate", topic, f"{said}.", learning_rate=trial.rate, steps=float(run.steps))


def _ending(run: Trajectory, minimum: Minimum | None) -> str:
    """Say in words how a trial's run ended."""
    last, taken = value(float(run.values[-1])), f"after {times(int(run.steps), 'step')}"
    if run.status == CONVERGED:
        if minimum is not None:
            way, left = (float(norm(run.points[i] - minimum.point)) for i in (0, -1))
            if left > LEFT * way:
                return (
                    f"{taken} the slope is a millionth of the first, and yet {left / way:.0%} of"
                    f" the way to the minimum is left, for the valley's floor is that flat: J ="
                    f" {last}, there {value(minimum.value)}"
                )
        return f"{taken} it has converged: J = {last}, the slope a millionth of the first"
    if run.status == DIVERGED:
        return f"it diverged {taken}"
    late = run.values[len(run.values) // 2 :]
    if (np.diff(late) <= ROUNDING * np.abs(run.values).max()).all():
        goal = "" if minimum is None else f", towards {value(minimum.value)}"
        return f"{taken} J = {last} and still falls{goal}"
    low, high = number(float(late.min())), number(float(late.max()))
    return f"{taken} it bounces, with J from {low} to {high}"


def beyond(trial: Trial, on: Trajectory) -> Item:
    """Say that J was seen to fall without end, or that runs leave where it is finite."""
    said = f"with η = {number(trial.rate)} J falls from {number(float(trial.run.values[0]))}"
    if not trial.far:
        said += ", step by step, until the run leaves where J and its slope are finite"
    else:
        said = f"J falls without end, as far as was seen: {said}"
        # Of what overflows no digit is the same everywhere.
        if on.status == DIVERGED:
            said += " until numbers overflow"
        else:
            last, place = number(float(on.values[-1])), point(on.end)
            said += f" to {last} at {place}, on a slope that is no less"
    return item("first rate", "first rate", f"none: {said}.")


def no_rate(reason: str = "") -> Item:
    """Say that there is no rate to suggest, and why."""
    usual = (
        "with each of 1, 0.3, 0.1, … 1e-12 J rises from the start, or the run leaves where it is"
        " finite"
    )
    return item("first rate", "first rate", f"none: {reason or usual}.")
