"""Signs that J rises: at the end, after a fall, or in a single step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib.diagnosis import segments
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Finding, unsure
from gdlib.diagnosis.segments import two

Array = NDArray[np.float64]

EXPLODES = 5.0
"""How much faster J rises in the last third of a rise than in the middle one. Along a parabola it
is 1.7, along a cubic 2.7; overshooting multiplies the rise at every step."""
JUMP = 12.0
"""A jump over the usual change of J nearby; the largest of 1,000 steps in normal noise is 5."""
NEAR = 8
"""So many steps on either side are nearby."""
LARGE = 0.2
"""A leap undoes so much of the whole fall, or it is not worth a word."""
RARE = 0.03
"""Leaps are rarer than this; what a run does more often is its habit, and no spike."""
SURE, WORTH = 5.0, 0.02
"""A late rise is worth a word beyond so many standard errors, and this share of all changes."""
BEYOND = 5.0
"""A leap over the rises that a run makes as rarely as that."""


def rising(run: Evidence) -> Finding | None:
    """See J rise in the last quarter, at most steps, above the half before it."""
    last = segments.quarter(run.losses, 4)
    before = run.losses[: -len(last)]
    risen = last[-1] - max(last[0], before[len(before) // 2 :].max()) > run.grain
    if not risen or (np.diff(last) > 0).mean() < 0.8 or (run.ended is None and not _grows(run)):
        return None
    product = segments.typical(run.products, late=True)
    if product is not None and product > 2 and not _inconsistent(run, product):
        return _above(run, product)
    low = int(run.losses.argmin())
    if low >= 2 and run.losses[0] - run.losses[low] > 0.05 * abs(run.losses[0]):
        return _overshoots(run, low) if _explodes(run.losses[low:]) else turned(run)
    if product is not None and product < 0 and run.noise is False:
        return unsure(
            "J rises along the steps and so does the slope: a gradient of the wrong sign does this;"
            " give the cost to be sure"
        )
    return unsure(
        "J rises from the first steps on: a rate above 2/L or a gradient of the wrong sign; a"
        " trajectory with its cost would tell"
    )


def _above(run: Evidence, product: float) -> Finding:
    """State the bound that is broken: ηL < 2, or with the heavy ball 2 + 2β (chapter 11)."""
    bound, limit = "2", 2.0
    sharpest = segments.typical(run.curvatures, late=True)
    if run.decay and run.rate and sharpest:
        limit = 2 + 2 * run.decay
        bound, product = f"2 + 2β = {limit:.3g}", run.rate * sharpest
    return Finding(
        "rate above 2/L",
        f"J rises, and η times the curvature along the last steps is {product:.3g}, above {bound}",
        advice=f"lower the rate by more than a factor {two(max(product / limit, 1))}",
    )


def _grows(run: Evidence) -> bool:
    """Tell growth from noise about a level: the last quarter ends twice its range above it."""
    spread = float(np.ptp(segments.quarter(run.losses, 3)))
    return bool(run.losses[-1] - segments.quarter(run.losses, 3).max() > spread)


def _inconsistent(run: Evidence, product: float) -> bool:
    """Tell whether ‖g‖ grows far less than ηλ would have it: by |1 − ηλ| a step."""
    if run.norms is None or run.decay:
        return False
    last = segments.quarter(run.norms, 4)
    growth = float(np.median(last[1:] / last[:-1]))
    return growth - 1 < 0.25 * (product - 2)


def _overshoots(run: Evidence, low: int) -> Finding:
    return Finding(
        "rate above 2/L",
        f"J falls to {run.losses[low]:.3g} at {run.when(low)}, then climbs to {run.losses[-1]:.3g},"
        " faster at every step: downhill steps that overshoot",
    )


def _explodes(climb: Array) -> bool:
    """Tell a rise that feeds on itself from one at a steady pace."""
    if len(climb) < 7:
        return True
    _, middle, last = segments.means(np.diff(climb), 3)
    return bool(last > EXPLODES * middle)


def turned(run: Evidence) -> Finding | None:
    """See J fall, and later rise for long: a U, too slow for steps that overshoot."""
    if run.steps < 15 or run.noise or not _downhill(run):
        return None
    count = min(12, len(run.losses) // 4)
    levels = segments.means(run.losses, count)
    low = int(levels.argmin())
    calmed = np.convolve(run.losses, np.ones(3) / 3, "valid")  # a dip may be shorter than a part
    lowest = min(levels[low], calmed.min())
    above = max(run.losses[0], levels[0]) if low else run.losses[0]
    fall, rise = above - lowest, levels[-1] - lowest
    chance = max(segments.chance(run.losses), run.grain)
    after = np.diff(levels[low:])
    if low > count - 3 or min(fall, rise) <= chance or rise < 0.1 * fall:
        return None
    if (after > 0).mean() < 0.75 or (len(after) > 5 and _explodes(levels[low:])):
        return None
    at = int(run.losses.argmin())
    return Finding(
        "falls, then climbs",
        f"J falls from {run.losses[0]:.3g} to {run.losses[at]:.3g} at {run.when(at)}, then climbs"
        f" to {run.losses[-1]:.3g} at a steady pace",
        step=run.time(at),
    )


def turning(run: Evidence) -> Finding | None:
    """See J lowest some steps ago, and higher since: the start of a U, or less."""
    if run.steps < 15 or run.noise or not _downhill(run):
        return None
    parts = np.array_split(run.losses, min(12, len(run.losses) // 4))
    low = int(np.argmin([part.mean() for part in parts]))
    if low < len(parts) // 2 or low == len(parts) - 1:
        return None
    rise = float(parts[-1].mean() - parts[low].mean())
    chance = 0.0 if run.noise is False else SURE * segments.error(parts[low], parts[-1])
    steady = all(np.diff([part.mean() for part in parts[low:]]) > 0)
    if not steady or rise <= max(chance, run.grain, WORTH * float(np.ptp(run.losses))):
        return None
    at = int(run.losses.argmin())
    return unsure(
        f"J is lowest at {run.when(at)}, {run.losses[at]:.3g}, and rises since, to"
        f" {run.losses[-1]:.3g}: the start of a U, or a ripple; more steps would tell",
        step=run.time(at),
    )


def _downhill(run: Evidence) -> bool:
    """Tell that late steps go down their gradients; uphill, it is momentum that carries them."""
    if run.points is None or run.gradients is None:
        return True
    along = (np.diff(run.points, axis=0) * run.gradients[:-1]).sum(1)
    return bool((segments.quarter(along, 4) < 0).mean() > 0.5)


def spiked(run: Evidence) -> Finding | None:
    """See J leap in one step, far beyond its usual changes, and come back."""
    moves = np.diff(run.losses)
    fall = abs(float(run.losses[0] - np.median(segments.quarter(run.losses, 4))))
    usual = float(np.quantile(np.maximum(moves, 0), 1 - max(RARE, 2.5 / len(moves))))
    least = max(LARGE * fall, BEYOND * usual, 2 * run.grain)
    leaps = [int(k) for k in np.flatnonzero(moves > least) if k >= NEAR and _leap(moves, int(k))]
    back = [(k, _back(run.losses, k)) for k in leaps]
    found = [(k, at) for k, at in back if at is not None]
    if not found:
        return None
    k, at = max(found, key=lambda pair: moves[pair[0]])
    others = f"; so it does {len(found) - 1} more times" if len(found) > 1 else ""
    return Finding(
        "spike",
        f"J leaps from {run.losses[k]:.3g} to {run.losses[k + 1]:.3g} in {run.when(k + 1)}, and is"
        f" half the way back at {run.when(at)}{others}",
        step=run.time(k + 1),
    )


def _leap(moves: Array, k: int) -> bool:
    nearby = np.abs(np.r_[moves[max(k - NEAR, 0) : k], moves[k + 2 : k + 2 + NEAR]])
    return len(nearby) >= 4 and bool(moves[k] > JUMP * np.median(nearby))


def _back(losses: Array, k: int) -> int | None:
    """Return the step at which half of a leap is undone."""
    low = losses[k + 2 :] <= (losses[k] + losses[k + 1]) / 2
    return k + 2 + int(low.argmax()) if low.any() else None
