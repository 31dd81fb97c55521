"""Signs that J neither falls nor rises: bounces, noise, and runs that never began to fall."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gdlib.diagnosis import noise, segments
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Finding, unsure
from gdlib.diagnosis.segments import share

Array = NDArray[np.float64]

ALTERNATE = 0.85
"""Share of turns that makes a zigzag. Independent noise turns at 2/3 of the N points, give or
take 0.42/√N; of few points more have to turn."""
HOVERS = 0.25
"""A fall between quarters below this share of J's standard deviation is no progress."""
REPEATS = 4
"""What goes up and down has turned so often in the late half, or it has not been seen to."""
CLIMBS = 1.5
"""A rise over the late half, in standard deviations of J there: a straight line makes 3.5."""


def bouncing(run: Evidence) -> Finding | None:
    """See each step undo the one before, with nothing gained."""
    if segments.arrived(run) or not segments.level(run, factor=0.5):
        return None
    product = segments.typical(run.products, late=True)
    if run.flips is not None and run.flips[-(run.steps // 2) :].mean() >= ALTERNATE:
        size = "" if product is None else f"; η times the curvature along them is {product:.3g}"
        return Finding(
            "bouncing",
            f"{share(run.flips[-(run.steps // 2) :])} of the late gradients point against the one"
            f" before{size}",
        )
    if run.flips is None and product is not None and 1.8 < product < 2.2 and run.rate is not None:
        return Finding(
            "bouncing",
            f"each late step gains nearly nothing: η times the curvature is {product:.3g}",
        )
    late = segments.half(run.losses)
    turns = segments.turns(late)
    zigzag = max(ALTERNATE, 2 / 3 + 1.5 / len(late) ** 0.5)
    if np.ptp(late) > run.grain and run.points is None and turns is not None and turns >= zigzag:
        return Finding("bouncing", f"J goes up and down in turn at {turns:.0%} of the late steps")
    return _cycling(run)


def _cycling(run: Evidence) -> Finding | None:
    """Where there is no noise, what goes up and down about a level bounces."""
    late = segments.half(run.losses)
    ups = segments.ups(late, 1e-9 * segments.size(run))
    if run.noise is not False or not 0.2 < ups < 0.8 or np.ptp(late) <= run.grain:
        return None
    if (np.diff(np.sign(np.diff(late))) != 0).sum() < REPEATS:
        return None  # a U rises at half its steps, too
    if run.decay != 0 and not (segments.level(run, factor=0.8) and _as_wide(run)):
        return None  # ripples of a rule that remembers, on their way down
    return Finding("bouncing", f"J rises at {ups:.0%} of the late steps, without any noise in them")


def _as_wide(run: Evidence) -> bool:
    """Tell ripples that keep their height from ripples that die out."""
    before, now = (float(np.ptp(segments.quarter(run.losses, which))) for which in (3, 4))
    return now > 0.5 * before


def never_fell(run: Evidence) -> Finding | None:
    """See J hover from the start on: no trend, only noise."""
    if run.noise is False or run.steps < 20 or segments.arrived(run):
        return None
    late = segments.half(run.losses)
    first = run.losses[: max(4, len(run.losses) // 8)]
    trend, doubt = segments.slope(run.losses)
    # The whole cost has no noise of its own: a start above the level has fallen to it.
    above = 0.0 if run.points is not None else float(np.ptp(late)) / 2 + late.max() - late.mean()
    began = run.losses[0] - late.mean() > above
    moved = abs(first.mean() - late.mean()) > 4 * late.std() / len(first) ** 0.5
    if abs(trend) > 4 * doubt or began or moved or np.ptp(late) <= run.grain:
        return None
    if run.noise is None and not noise.white(run.losses, run.norms):
        return None
    return Finding(
        "nothing learned",
        f"J hovers at {late.mean():.4g} ± {late.std():.1g} from the start, and {run.steps} steps"
        f" show no trend{_guess(float(late.mean()), float(late.std()) / len(late) ** 0.5)}",
    )


def _guess(level: float, error: float = 0.0) -> str:
    """Recognise the loss of a guess among equally likely classes, ln K."""
    classes = round(math.exp(level)) if 0.6 < level < 7 else 0
    # A level that is known less well than this would be near one by chance.
    near = classes > 1 and abs(level - math.log(classes)) < 0.005 * level
    if near and error < 0.01 * level:
        return f"; a guess among {classes} classes has this loss, ln {classes}"
    return "; a run that starts at its floor looks the same"


def floor(run: Evidence) -> Finding | None:
    """J hovers about a level, up as often as down, no lower in the last quarter than before."""
    half = segments.half(run.losses)
    ups = segments.ups(half, 0.0)
    if (
        run.noise is False
        or segments.arrived(run)
        or not 0.2 < ups < 0.8
        or np.ptp(half) < max(run.grain, 1e-6 * segments.size(run))
    ):
        return None
    earlier, later = segments.quarter(run.losses, 3), segments.quarter(run.losses, 4)
    fallen, error = float(earlier.mean() - later.mean()), segments.error(earlier, later)
    if not np.isfinite(error) or fallen > max(3 * error, HOVERS * float(half.std())):
        return None
    trend, doubt = segments.slope(half)
    if trend > 4 * doubt and trend * len(half) > CLIMBS * half.std():
        return None
    words = f"J hovers at {half.mean():.3g} ± {half.std():.1g}"
    if run.noise is None and len(half) < noise.ENOUGH:
        return unsure(
            f"{words}: noise, or a rate so large that the run bounces; {len(half)} late losses are"
            " too few to tell"
        )
    if run.noise is None and not noise.white(run.losses, run.norms):
        return unsure(
            f"{words}, and its changes depend on each other: noise, or ripples of the rule itself;"
            " the points of the run would tell"
        )
    lower = "no lower" if fallen <= 0 else "lower only by chance"
    return Finding(
        "noise floor", f"{words}: the last quarter is {lower} than the one before{_known(run)}"
    )


def _known(run: Evidence) -> str:
    """Say how it is known that there is noise, or how sure it is."""
    if run.sampled:
        return ", and the steps are taken on batches"
    if run.noise:
        return ", and J does not change as the gradients say"
    return "; as far as losses can tell, for none of them foretells the next"
