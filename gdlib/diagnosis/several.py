"""What columns of a log say together: losses on data held out, a schedule's steps, a warm-up.

Each sign is a function of the evidence; what one column says alone, `symptoms` knows.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gdlib.diagnosis import segments
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import MARKS, Finding

Array = NDArray[np.float64]

AFTER = 3
"""So many losses behind the lowest, at least, before it is called one."""
WORTH = 0.05
"""A rise by less than this share of the fall before is not worth a word."""
CUT = 2.0
"""A rate that falls by this factor between two losses is cut; one that decays is not."""
WINDOWS = (10, 30, 90)
"""So many losses on either side of a cut say whether J falls there: at once, or by and by."""
SURE = 5.0
"""So many standard errors are no chance."""
DOUBT = 1.25
"""So many standard errors steeper may a fall have been before a cut; of 300 steady falls under
noise 3 are then put down to the cut."""
GROWN = 2.0
"""A warm-up raises the rate at least by this factor."""


def over_fitted(held: Evidence, train: Evidence) -> Finding | None:
    """See losses on held-out data fall and then climb for good, while those of training fall on."""
    losses = held.losses
    low = int(losses.argmin()) if len(losses) else 0
    after, fall = losses[low + 1 :], losses[0] - losses[low] if len(losses) else 0.0
    if low < 1 or len(after) < AFTER or not fall > 0:
        return None
    rise = float(after[-AFTER:].mean() - losses[low])
    # About the lowest of many, half of what is noise lies above it.
    chance = max(segments.chance(losses), held.grain, WORTH * float(fall))
    trend, doubt = segments.slope(losses[low:])
    if rise <= chance or trend <= 3 * doubt:
        return None
    late = train.losses[-max(AFTER, len(train.losses) // 4) :]
    falls = len(train.losses) > 2 * AFTER and float(late[-1]) < float(
        train.losses[: -len(late)].min()
    )
    on = "; the losses of training still fall" if falls else ""
    return Finding(
        "falls, then climbs",
        f"on data held out J is lowest at {held.when(low)}, {losses[low]:.3g}, and climbs to"
        f" {losses[-1]:.3g}{on}",
        step=held.time(low),
        advice=f"stop at {held.when(low)} and keep its parameters; to go on falling, regularise"
        " or find more data",
    )


def with_rates(findings: list[Finding], run: Evidence, rates: Array) -> list[Finding]:
    """Say what findings have to do with the rates of the log, shape (k + 1,), NaN where unknown."""
    first, *others = findings
    if finding := _by_schedule(first, run, rates) or _by_warm_up(first, run, rates):
        return [finding, *others]
    return findings


def cuts(run: Evidence, rates: Array) -> list[int]:
    """Return the steps at which the rate is cut."""
    known = rates[: len(run.losses)]
    if len(known) < 2:
        return []
    with np.errstate(all="ignore"):
        sharp = known[:-1] >= CUT * known[1:]
    # A rate that falls as sharply at every step is a decay.
    return (
        [int(k) + 1 for k in np.flatnonzero(sharp & (known[1:] > 0))] if sharp.mean() < 0.1 else []
    )


def _by_schedule(first: Finding, run: Evidence, rates: Array) -> Finding | None:
    """See that J falls where the rate is cut: then a rest before it is the schedule's."""
    if first.kind not in ("plateau", "cannot tell", "healthy", "slow fall", "noise floor"):
        return None
    found = cuts(run, rates)
    for k in reversed(found):
        words = _falls_at(run, k, rates, [0, *found, len(run.losses)])
        if not words:
            continue
        late = 2 * k >= len(run.losses)  # what falls from quarter to quarter falls there
        if first.kind in MARKS or first.kind == "plateau" or (first.kind == "slow fall" and late):
            return Finding("healthy", words, step=run.time(k))
        return replace(first, evidence=f"{first.evidence}; {words}")
    return None


def _falls_at(run: Evidence, k: int, rates: Array, ends: list[int]) -> str:
    """Say how far J falls where the rate is cut, or nothing if that may be chance."""
    start, end = max(e for e in ends if e < k), min(e for e in ends if e > k)
    for window in WINDOWS:
        before = run.losses[max(k - window, start) : k]
        after = run.losses[k + 1 : end][:window]
        if window > WINDOWS[0]:  # what still falls in it is not yet there
            after = after[len(after) // 2 :]
        if min(len(before), len(after)) < AFTER:
            continue
        fall = float(before.mean() - after.mean())
        trend, doubt = segments.slope(before)
        expected = (DOUBT * doubt - trend) * len(before)  # had it gone on as before the cut
        if fall > max(SURE * segments.error(before, after), 2 * expected, run.grain):
            return (
                f"the rate is cut from {rates[k - 1]:.3g} to {rates[k]:.3g} at {run.when(k)}, and J"
                f" falls with it, from {before.mean():.3g} to {after.mean():.3g}"
            )
    return ""


def _by_warm_up(first: Finding, run: Evidence, rates: Array) -> Finding | None:
    """See trouble while the rate rises, or soon after."""
    if first.kind not in ("spike", "diverged", "rate above 2/L") or not len(run.losses):
        return None
    at = _index(run, first.step)
    known = rates[: max(at + 1, len(run.losses))]
    top = int(np.nanargmax(known)) if np.isfinite(known).any() else 0
    climb = known[: top + 1]
    if top < 2 or not known[top] > GROWN * known[0] > 0 or not (np.diff(climb) >= 0).all():
        return None
    if at > 2 * top + 1:
        return None
    when = "while the rate still rises" if at <= top else "soon after the rate's rise"
    return replace(
        first,
        evidence=f"{first.evidence}; it is {when}, from {known[0]:.3g} to {known[top]:.3g} at"
        f" {run.when(top)}",
        advice="warm up over more steps, or to a lower rate",
    )


def _index(run: Evidence, step: int | None) -> int:
    """Return which of the losses a finding's step is; without one it is the last."""
    if step is None:
        return len(run.losses) - 1
    return step if run.times is None else int(np.searchsorted(run.times, step))
