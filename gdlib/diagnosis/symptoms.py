"""What a run shows, the gravest first: each sign is asked in turn until one answers.

Signs are functions of the evidence that return a `Finding` or None. Their thresholds carry their
reasons; how often they are right is counted on runs whose trouble is known (`labelled.families`)
and printed in the book.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gdlib.diagnosis import climbing, flat, hovering, segments, slow
from gdlib.diagnosis.evidence import FINITE, Evidence
from gdlib.diagnosis.findings import Finding, unsure
from gdlib.diagnosis.segments import percent

FEW = flat.FEW
"""Fewer steps than this have quarters of two steps, on which no trend can be told from chance."""


def seen(run: Evidence) -> list[Finding]:
    """Return all that a run shows, the gravest first; never nothing."""
    found = ended(run)
    if run.steps < FEW:
        there = run.steps > 1 and run.norms is not None and segments.arrived(run)
        return found or [_healthy(run) if there else _too_few(run)]
    for sign in SIGNS:
        finding = sign(run)
        if finding:
            return [*found, finding]
    return found or [_healthy(run)]


def ended(run: Evidence) -> list[Finding]:
    """Say at which step a run stopped being finite."""
    if run.ended is None:
        return []
    if run.ended == 0:
        advice = "look at the start, the data and the cost itself; no step has been taken yet"
        return [Finding("diverged", "not finite at the start", step=0, advice=advice)]
    if not len(run.losses):
        return [
            Finding(
                "diverged", f"J is beyond {FINITE:g} from the start on", step=run.time(run.ended)
            )
        ]
    first, last = float(run.losses[0]), float(run.losses[-1])
    way = f"J goes from {first:.3g} to {last:.3g}, and is not finite at {run.when(run.ended)}"
    calm = len(run.losses) == run.ended > 1 and last <= max(first, 0.0)
    advice = "no explosion leads there: look for a log of 0, a division by 0, a bad row"
    return [Finding("diverged", way, step=run.time(run.ended), advice=advice if calm else "")]


def _too_few(run: Evidence) -> Finding:
    if not len(run.losses):
        return unsure(f"J is beyond {FINITE:g} from the start on; rescale it")
    return unsure(f"too few steps: {max(run.steps, 0)}, and a judgement needs {FEW}")


def _unmoved(run: Evidence) -> Finding | None:
    """Say that a loss which never changes shows nothing but that."""
    if np.ptp(run.losses) > run.grain:
        return None
    if run.norms is not None and run.norms.max() > 0:
        return None
    slope = "" if run.norms is None else " and ‖g‖ at 0"
    return unsure(
        f"J stays at {run.losses[0]:.3g}{slope}: a minimum, a plateau, or parameters that no step"
        " reaches"
    )


def _by_losses(run: Evidence) -> Finding | None:
    """Ask losses alone for a trend before they are asked for noise, which would hide it."""
    return None if run.norms is not None else flat.on_plateau(run) or slow.slow(run)


SIGNS: tuple[Callable[[Evidence], Finding | None], ...] = (
    _unmoved, climbing.rising, climbing.turned, hovering.bouncing, climbing.spiked,
    climbing.turning, _by_losses, flat.saddle_passed, hovering.never_fell, hovering.floor,
    flat.on_plateau, slow.slow,
)  # fmt: skip


def _healthy(run: Evidence) -> Finding:
    first, last = run.losses[0], run.losses[-1]
    if last - first > max(run.grain, segments.chance(run.losses)):
        return unsure(
            f"J ends at {last:.3g}, above its start at {first:.3g}, and no sign of why is seen"
        )
    fall = f"J falls from {run.losses[0]:.3g} to {run.losses[-1]:.3g}"
    if run.norms is None:
        return Finding("healthy", f"{fall}, and the fall levels off")
    if segments.arrived(run):
        return Finding(
            "healthy",
            f"{fall}, and ‖g‖ is down to {percent(run.norms[-1], run.norms.max())} of its largest:"
            " a minimum, as far as slopes can tell",
        )
    return Finding("healthy", f"{fall}, and ‖g‖ is still shrinking: {run.norms[-1]:.2g}")
