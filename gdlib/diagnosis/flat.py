"""Signs of flat ground: saddles that were passed, and plateaus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib.diagnosis import segments
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Finding, unsure
from gdlib.diagnosis.segments import percent, two

Array = NDArray[np.float64]

FEW = 12
DIP = 5.0
"""How far ‖g‖ falls before a saddle, and rises after it."""


def saddle_passed(run: Evidence) -> Finding | None:
    """‖g‖ falls, rises again, and J then falls on: a point of no slope was passed."""
    if run.norms is None:
        return None
    norms = run.norms if run.noise is False else _calmed(run.norms)
    norms = np.maximum(norms, max(run.faint * float(norms.max()), np.finfo(float).tiny))
    low = _deepest_dip(norms)
    if low is None:
        return None
    high = low + int(norms[low:].argmax())
    fall, rest = run.losses[0] - run.losses[-1], run.losses[low] - run.losses[-1]
    if not _grows_smoothly(norms[low : high + 1]) or not rest > 0.02 * fall or not fall > 0:
        return None
    if run.losses[high] >= run.losses[low]:  # up the other side of a hollow
        return None
    if run.products is not None:
        bent = run.products[low:high]
        if not (bent[np.isfinite(bent)] < 0).mean() > 0.5:  # a hollow's curvature is positive
            return None
    return Finding(
        "saddle passed",
        f"‖g‖ falls to {norms[low]:.2g} at {run.when(low)}, then grows to {norms[high]:.2g}, and J"
        f" falls by a further {rest:.2g}",
        step=run.time(low),
    )


def _grows_smoothly(norms: Array) -> bool:
    """Tell growth by its upper half on a log scale; the lower may drown in noise."""
    below = np.flatnonzero(norms <= np.sqrt(norms[0] * norms[-1]))
    upper = norms[int(below[-1]) if len(below) else 0 :]
    return len(upper) > 3 and len(norms) > 4 and bool((np.diff(upper) > 0).mean() > 0.8)


def _calmed(norms: Array) -> Array:
    """Return the middle of each five neighbours, which no single dip of noise moves."""
    wide = np.pad(norms, 2, mode="edge")
    return np.asarray(np.median([wide[i : i + len(norms)] for i in range(5)], axis=0))


def _deepest_dip(norms: Array) -> int | None:
    """Return where ‖g‖ is lowest relative to what stands before and behind it."""
    logs = np.log(norms)
    before = np.maximum.accumulate(logs) - logs
    behind = np.maximum.accumulate(logs[::-1])[::-1] - logs
    depth = np.minimum(before, behind)
    low = int(depth.argmax())
    return low if depth[low] > np.log(DIP) else None


def on_plateau(run: Evidence) -> Finding | None:
    """J all but stands still while ‖g‖ does not shrink: flat, and not because it has arrived."""
    if run.norms is None:
        return _rest(run)
    middle = run.steps // 2
    fall, late = run.losses[0] - run.losses[-1], run.losses[middle] - run.losses[-1]
    flat = 0 <= late <= 0.05 * max(fall, abs(run.losses[0]))
    held = bool((np.diff(run.norms[middle:]) >= -run.faint * run.norms[middle]).mean() > 0.8)
    if flat and held and not segments.arrived(run) and not segments.at_rounding(run):
        return Finding(
            "plateau",
            f"J falls by {percent(late, max(fall, abs(run.losses[0])))} in the second half, and"
            f" ‖g‖, {run.norms[-1]:.2g}, does not shrink",
        )
    return _plateau_left(run)


def _plateau_left(run: Evidence) -> Finding | None:
    """See a flat start, then a fall: 5% of it took a quarter of the steps, and ‖g‖ grew."""
    assert run.norms is not None
    fall = run.losses[0] - run.losses[-1]
    if not fall > 0 or not run.norms[0] > 0:
        return None
    left = int((run.losses[0] - run.losses > 0.05 * fall).argmax())
    grown = float(run.norms[left:].max() / run.norms[0])
    rising = (np.diff(run.norms[: left + 1]) > 0).mean() > 0.8 if left else False
    if left < FEW or left < run.steps / 4 or grown < DIP or not rising:
        return None
    return Finding(
        "plateau",
        f"the first {left} of {run.steps} steps make a twentieth of the fall; then ‖g‖ grows"
        f" {two(grown)}-fold",
        step=run.time(left),
    )


def _rest(run: Evidence) -> Finding | None:
    """See losses rest for a quarter of the run or longer, and fall again."""
    if run.steps < 2 * FEW:
        return None
    for count in (64, 32, 16):  # fewer parts show a smaller fall under the same noise
        count = min(len(run.losses), count)
        levels = np.minimum.accumulate(segments.means(run.losses, count))
        fall = float(levels[0] - levels[-1])
        chance = segments.chance(run.losses) * (2 * count / len(run.losses)) ** 0.5
        if chance <= 0.1 * fall and fall > 10 * run.grain:
            break
    else:
        return None
    near = max(0.05 * fall, chance)
    ends = np.searchsorted(-levels, -levels + near, side="right") - 1  # the last as low as nearly
    lengths = np.where(levels[ends] - levels[-1] < 0.2 * fall, 0, ends - np.arange(count))
    first = int(lengths.argmax())
    last = int(ends[first])
    if lengths[first] < count / 4:
        return None
    start, end = (round(part * len(run.losses) / count) for part in (first, last))
    left = f"falls by a further {levels[last] - levels[-1]:.2g}"
    if levels[0] - levels[last] <= 2 * near:
        return Finding(
            "plateau",
            f"J rests at {levels[0]:.3g} until {run.when(end)}, then {left}",
            step=run.time(end),
        )
    return unsure(
        f"J rests at {levels[last]:.3g} from {run.when(start)} to {run.time(end)}, then {left}: a"
        " saddle, a plateau, or a rate that was lowered; gradient norms would tell",
        step=run.time(end),
    )
