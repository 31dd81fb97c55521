"""The signs by which a run is judged, one function a sign, from grave to harmless.

Each returns a `Finding` or None. Thresholds carry their reasons; how often they are right is
counted on labelled runs (`gdlib.book.labelled_runs`) and printed in the book.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gdlib.diagnosis import stretches
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Finding
from gdlib.diagnosis.stretches import percent, share, two

Array = NDArray[np.float64]

FEW = 12
"""Fewer steps than this have quarters of two steps, on which no trend can be told from chance."""
ALTERNATE = 0.85
"""Share of turns that makes a zigzag. Independent noise turns at 2/3 of the points; 40 of them
reach 0.85 by chance once in a hundred runs."""
SLOW = 0.1
"""‖g‖ at the end over ‖g‖ at the middle. Above it half the run brings less than one digit of θ:
six more would take more than three runs like this one."""
HOVERS = 0.25
"""A fall between quarters below this share of J's standard deviation is no progress."""
TIMID = 0.1
"""ηλ in the steepest direction that a run has met. Below it ten times the rate is still stable,
which needs ηλ < 2, and cannot bounce, which needs ηλ > 1."""
NARROW = 20.0
"""The largest curvature met over the present one. Well-conditioned problems stay below; from here
on the rate that the steep direction allows takes more than 20 steps for a factor e."""
DIP = 5.0
"""How far ‖g‖ falls before a saddle, and rises after it."""


def seen(run: Evidence) -> list[Finding]:
    """Return all that a run shows, the gravest first; never nothing."""
    found = ended(run)
    if run.steps < FEW:
        there = run.steps > 1 and run.norms is not None and stretches.arrived(run)
        return found or [_healthy(run) if there else _too_few(run)]
    for sign in _SIGNS:
        finding = sign(run)
        if finding:
            return [*found, finding]
    return found or [_healthy(run)]


def ended(run: Evidence) -> list[Finding]:
    """Say at which step a run stopped being finite."""
    if run.ended is None:
        return []
    if not len(run.losses):
        advice = "look at the start, the data and the cost itself; no step has been taken yet"
        return [Finding("diverged", "not finite at the start", step=0, advice=advice)]
    first, last = float(run.losses[0]), float(run.losses[-1])
    way = f"J goes from {first:.3g} to {last:.3g}, and is not finite at step {run.ended}"
    calm = last <= max(first, 0.0) and run.ended > 1
    advice = "no explosion leads there: look for a log of 0, a division by 0, a bad row"
    return [Finding("diverged", way, step=run.ended, advice=advice if calm else "")]


def _too_few(run: Evidence) -> Finding:
    return Finding(
        "cannot tell", f"too few steps: {max(run.steps, 0)}, and a judgement needs {FEW}"
    )


# --- climbing -----------------------------------------------------------------------------------


def _climbing(run: Evidence) -> Finding | None:
    """See J rise in the last quarter, at most steps, above the half before it."""
    last = stretches.quarter(run.losses, 4)
    before = run.losses[: -len(last)]
    risen = last[-1] > last[0] and last[-1] > before[len(before) // 2 :].max()
    if not risen or (np.diff(last) > 0).mean() < 0.8 or (run.ended is None and not _grows(run)):
        return None
    product = stretches.typical(run.products, late=True)
    if product is not None and product > 2 and not _inconsistent(run, product):
        return _above(run, product)
    low = int(run.losses.argmin())
    if low >= 2 and run.losses[0] - run.losses[low] > 0.05 * abs(run.losses[0]):
        return Finding(
            "rate above 2/L",
            f"J falls to {run.losses[low]:.3g} at step {low}, then climbs to"
            f" {run.losses[-1]:.3g}: downhill steps that overshoot",
        )
    if product is not None and product < 0 and run.exact:
        return Finding(
            "cannot tell",
            "J rises along the steps and so does the slope: a gradient of the wrong sign does this;"
            " give the cost to be sure",
        )
    return Finding(
        "cannot tell",
        "J rises from the first steps on: a rate above 2/L or a gradient of the wrong sign; a"
        " trajectory with its cost would tell",
    )


def _above(run: Evidence, product: float) -> Finding:
    """State the bound that is broken: ηL < 2, or with the heavy ball 2 + 2β (chapter 11)."""
    bound, limit = "2", 2.0
    sharpest = stretches.typical(run.curvatures, late=True)
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
    spread = float(np.ptp(stretches.quarter(run.losses, 3)))
    return bool(run.losses[-1] - stretches.quarter(run.losses, 3).max() > spread)


def _inconsistent(run: Evidence, product: float) -> bool:
    """Tell whether ‖g‖ grows far less than ηλ would have it: by |1 − ηλ| a step."""
    if run.norms is None or run.decay:
        return False
    last = stretches.quarter(run.norms, 4)
    growth = float(np.median(last[1:] / last[:-1]))
    return growth - 1 < 0.25 * (product - 2)


# --- neither falling nor rising -----------------------------------------------------------------


def _bouncing(run: Evidence) -> Finding | None:
    """See each step undo the one before, with nothing gained."""
    if stretches.arrived(run) or not stretches.level(run, factor=0.5):
        return None
    product = stretches.typical(run.products, late=True)
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
    turns = stretches.turns(stretches.half(run.losses))
    if not run.exact and turns is not None and turns >= ALTERNATE:
        return Finding("bouncing", f"J goes up and down in turn at {turns:.0%} of the late steps")
    return _cycling(run)


def _cycling(run: Evidence) -> Finding | None:
    """Where steps and losses follow from the gradients, what goes up and down bounces."""
    ups = float((np.diff(stretches.half(run.losses)) > 0).mean())
    if (
        not run.exact
        or not 0.2 < ups < 0.8
        or np.ptp(stretches.half(run.losses)) < 1e-9 * stretches.size(run)
    ):
        return None
    if run.decay and run.decay > 0 and not stretches.level(run, factor=0.8):
        return None  # ripples of momentum on their way down
    return Finding("bouncing", f"J rises at {ups:.0%} of the late steps, without any noise in them")


def _noise(run: Evidence) -> Finding | None:
    """J hovers about a level, up as often as down, no lower in the last quarter than before."""
    half = stretches.half(run.losses)
    ups = float((np.diff(half) > 0).mean())
    if (
        run.exact
        or stretches.arrived(run)
        or not 0.2 < ups < 0.8
        or np.ptp(half) < 1e-6 * stretches.size(run)
    ):
        return None
    earlier, later = stretches.quarter(run.losses, 3), stretches.quarter(run.losses, 4)
    fallen, error = float(earlier.mean() - later.mean()), _error(earlier, later)
    if not np.isfinite(error) or fallen > max(2 * error, HOVERS * float(half.std())):
        return None
    return Finding(
        "noise floor",
        f"J hovers at {half.mean():.3g} ± {half.std():.1g}: the last quarter is"
        f" {'no lower' if fallen <= 0 else 'lower only by chance'} than the one before",
    )


def _error(first: Array, second: Array) -> float:
    """Return the standard error of the difference of two means of correlated numbers."""
    return float(np.sqrt(sum(part.var() / _independent(part) for part in (first, second))))


def _independent(part: Array) -> float:
    """Return how many independent numbers a stretch is worth: N(1 − ρ)/(1 + ρ)."""
    away = part - part.mean()
    total = float(away @ away)
    rho = float(away[1:] @ away[:-1]) / total if total else 0.0
    rho = min(max(rho, 0.0), 0.98)
    return max(len(part) * (1 - rho) / (1 + rho), 1.0)


# --- saddles and plateaus -----------------------------------------------------------------------


def _saddle(run: Evidence) -> Finding | None:
    """‖g‖ falls, rises again, and J then falls on: a point of no slope was passed."""
    if run.norms is None:
        return None
    norms = np.maximum(run.norms, np.finfo(float).tiny)
    low = _deepest_dip(norms)
    if low is None:
        return None
    high = low + int(norms[low:].argmax())
    fall, rest = run.losses[0] - run.losses[-1], run.losses[low] - run.losses[-1]
    smooth = (np.diff(norms[low : high + 1]) > 0).mean() > 0.8
    if not smooth or high - low < 4 or not rest > 0.02 * fall or not fall > 0:
        return None
    if run.losses[high] >= run.losses[low]:  # up the other side of a hollow
        return None
    if run.products is not None:
        bent = run.products[low:high]
        if not (bent[np.isfinite(bent)] < 0).mean() > 0.5:  # a hollow's curvature is positive
            return None
    return Finding(
        "saddle passed",
        f"‖g‖ falls to {norms[low]:.2g} at step {low}, then grows to {norms[high]:.2g}, and J"
        f" falls by a further {rest:.2g}",
        step=low,
    )


def _deepest_dip(norms: Array) -> int | None:
    """Return where ‖g‖ is lowest relative to what stands before and behind it."""
    logs = np.log(norms)
    before = np.maximum.accumulate(logs) - logs
    behind = np.maximum.accumulate(logs[::-1])[::-1] - logs
    depth = np.minimum(before, behind)
    low = int(depth.argmax())
    return low if depth[low] > np.log(DIP) else None


def _plateau(run: Evidence) -> Finding | None:
    """J all but stands still while ‖g‖ does not shrink: flat, and not because it has arrived."""
    if run.norms is None:
        return None
    middle = run.steps // 2
    fall, late = run.losses[0] - run.losses[-1], run.losses[middle] - run.losses[-1]
    flat = 0 <= late <= 0.05 * max(fall, abs(run.losses[0]))
    held = bool((np.diff(run.norms[middle:]) >= -stretches.STILL * run.norms[middle]).mean() > 0.8)
    if flat and held and not stretches.arrived(run) and not stretches.at_rounding(run):
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
    if not fall > 0:
        return None
    left = int((run.losses[0] - run.losses > 0.05 * fall).argmax())
    grown = float(run.norms[left:].max() / run.norms[0]) if run.norms[0] > 0 else 0.0
    rising = (np.diff(run.norms[: left + 1]) > 0).mean() > 0.8 if left else False
    if left < FEW or left < run.steps / 4 or grown < DIP or not rising:
        return None
    return Finding(
        "plateau",
        f"the first {left} of {run.steps} steps make a twentieth of the fall; then ‖g‖ grows"
        f" {two(grown)}-fold",
        step=left,
    )


# --- slow ---------------------------------------------------------------------------------------


def _slow(run: Evidence) -> Finding | None:
    """Still on its way, and the way left shrinks by less than tenfold in half the run."""
    if stretches.arrived(run):
        return None
    if run.norms is None:
        return _slow_losses(run)
    if not run.norms[-1] > SLOW * run.norms[run.steps // 2] or run.losses[-1] > run.losses[0]:
        return None
    now, most = stretches.typical(run.products, late=True), stretches.steepest(run)
    if now is None or most is None or now <= 0:
        more = "a trajectory, or a learning_rate," if run.rate is None else "a trajectory"
        return Finding(
            "cannot tell",
            f"‖g‖ is {run.norms[-1]:.2g} and shrinks slowly: a valley or a rate too small; {more}"
            " would tell",
        )
    if most < TIMID:
        return Finding(
            "rate too small",
            f"η times the largest curvature met is {most:.2g}; up to 1 nothing bounces",
            advice=f"raise the rate, up to {two(1 / most)} times",
        )
    narrow = _narrowness(run)
    if narrow > NARROW:
        return Finding(
            "crawling in a valley",
            f"the largest curvature met is {two(narrow)} times that along the last steps; at this"
            f" pace the next digit takes {two(np.log(10) / now)} steps",
        )
    return _slow_noise(run)


def _narrowness(run: Evidence) -> float:
    """Return the largest curvature met over that of the last steps: a lower bound of κ."""
    along = run.products if run.curvatures is None else run.curvatures
    late = stretches.typical(along, late=True)
    return float(np.nanmax(along)) / late if along is not None and late and late > 0 else 0.0


def _slow_noise(run: Evidence) -> Finding | None:
    """Noise makes steps in the steep directions, and hides the curvature of a flat one."""
    late = run.losses[run.steps // 2] - run.losses[-1]
    ups = float((np.diff(stretches.half(run.losses)) > 0).mean())
    if run.exact or ups < 0.2 or late > 0.1 * (run.losses[0] - run.losses[-1]):
        return None
    return Finding(
        "cannot tell",
        "J falls slowly under noise: a valley, or the way to the noise floor; full gradients at a"
        " few points would tell",
    )


def _slow_losses(run: Evidence) -> Finding | None:
    """Say that a slow fall of losses alone has too many causes to name one."""
    quarters = [run.losses[i * run.steps // 4] for i in (2, 3, 4)]
    before, after = quarters[0] - quarters[1], quarters[1] - quarters[2]
    if not after > 0.4 * before > 0 or before < stretches.STILL * stretches.size(run):
        return None
    return Finding(
        "cannot tell",
        f"J falls slowly, by {percent(after, run.losses[0] - run.losses[-1])} of its whole fall in"
        " the last quarter: a valley, a plateau or a rate too small; gradient norms would tell",
    )


def _unmoved(run: Evidence) -> Finding | None:
    """Say that a loss which never changes shows nothing but that."""
    if np.ptp(run.losses) > stretches.STILL * np.abs(run.losses).max():
        return None
    if run.norms is not None and run.norms.max() > 0:
        return None
    slope = "" if run.norms is None else " and ‖g‖ at 0"
    return Finding(
        "cannot tell",
        f"J stays at {run.losses[0]:.3g}{slope}: a minimum, a plateau, or parameters that no step"
        " reaches",
    )


_SIGNS: tuple[Callable[[Evidence], Finding | None], ...] = (
    _unmoved, _climbing, _bouncing, _noise, _saddle, _plateau, _slow,
)  # fmt: skip


def _healthy(run: Evidence) -> Finding:
    fall = f"J falls from {run.losses[0]:.3g} to {run.losses[-1]:.3g}"
    if run.norms is None:
        return Finding("healthy", f"{fall}, and the fall levels off")
    if stretches.arrived(run):
        return Finding(
            "healthy",
            f"{fall}, and ‖g‖ is down to {percent(run.norms[-1], run.norms.max())} of its largest:"
            " a minimum, as far as slopes can tell",
        )
    return Finding("healthy", f"{fall}, and ‖g‖ is still shrinking: {run.norms[-1]:.2g}")
