"""Signs that a run is on its way, but too slowly: valleys, timid rates, and slow falls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib.diagnosis import segments
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Finding, unsure
from gdlib.diagnosis.segments import percent, two

Array = NDArray[np.float64]

SLOW = 0.1
"""‖g‖ at the end over ‖g‖ at the middle. Above it half the run brings less than one digit of θ:
six more would take more than three runs like this one."""
TIMID = 0.1
"""ηλ in the steepest direction that a run has met. Below it ten times the rate is still stable,
which needs ηλ < 2, and cannot bounce, which needs ηλ > 1."""
NARROW = 20.0
"""The largest curvature met over the present one. Well-conditioned problems stay below; from here
on the rate that the steep direction allows takes more than 20 steps for a factor e."""

SLOWS, STRAIGHT = 0.15, 0.8
"""The pace of J in the last quarter over that in the third, and from half to half of the last.
J follows the square of ‖g‖, so `SLOW` in half a run makes 0.1 of the pace from quarter to quarter;
a straight line, however little it falls, keeps its pace."""
LEFT = 0.02
"""What as many steps again promise, as a share of the whole fall: below it a run has arrived for
practical purposes. An exponential decay promises this when 99% of the way to its floor are made."""
LASTS = 0.5
"""A tail whose falls shrink by r from quarter to quarter promises r/(1 − r) of the last one: from
here on more than it had, and however little that was, the run has not arrived."""
UNITS = 10
"""A fall by fewer units of the last digit does not show its shape."""
MODES, MOST, PARABOLA = 40, 400, 0.05
"""A Hessian is fitted for so few parameters, on so many late points, to such a miss at most."""


def slow(run: Evidence) -> Finding | None:
    """Still on its way, and the way left shrinks by less than tenfold in half the run."""
    if segments.arrived(run):
        return None
    if run.norms is None:
        return _slow_losses(run)
    if run.losses[-1] > run.losses[0]:
        return None
    pace, most = _pace(run), segments.steepest(run)
    if not _size(run, len(run.norms)) > SLOW * _size(run, run.steps // 2):
        return _hidden(run)
    if pace is None or most is None or pace <= 0:
        more = "a trajectory, or a learning_rate," if run.rate is None else "a trajectory"
        return unsure(
            f"‖g‖ is {run.norms[-1]:.2g} and shrinks slowly: a valley or a rate too small; {more}"
            " would tell"
        )
    if most < TIMID:
        return Finding(
            "rate too small",
            f"η times the largest curvature met is {most:.2g}; up to 1 nothing bounces",
            advice=f"raise the rate, up to {two(1 / most)} times",
        )
    return _valley(run, pace) or _hidden(run) or _slow_noise(run)


def _valley(run: Evidence, pace: float) -> Finding | None:
    narrow = _narrowness(run)
    if narrow <= NARROW:
        return None
    return Finding(
        "crawling in a valley",
        f"the largest curvature met is {two(narrow)} times that along the last steps; at this"
        f" pace the next digit takes {two(np.log(10) / pace)} steps",
    )


def _hidden(run: Evidence) -> Finding | None:
    """See a valley behind a slope that shrinks because ripples across the valley die out."""
    parts = _modes(run)
    if parts is None:
        return None
    curvatures, before, now = parts
    assert run.curvatures is not None
    wide = float(np.nanmax(run.curvatures)) / curvatures
    left = np.abs(now) > np.maximum(SLOW * np.abs(before), SLOW * np.abs(now).max())
    if not (stuck := left & (wide > NARROW)).any():
        return None
    far = int(np.argmax(np.where(stuck, np.abs(now), 0)))
    narrow = float(wide[far])
    return Finding(
        "crawling in a valley",
        f"the largest curvature met is {two(narrow)} times that of the way left, of which the"
        f" second half of the run made {percent(abs(before[far]) - abs(now[far]), before[far])}",
    )


def _modes(run: Evidence) -> tuple[Array, Array, Array] | None:
    """Split late ground into principal curvatures and the ways left along them, before and now.

    Gradients on a parabola are linear in θ, so points and gradients give its Hessian, whatever
    rule took the steps. None where the ground is no parabola, or not convex.
    """
    if run.points is None or run.gradients is None or run.points.shape[1] > MODES or run.noise:
        return None
    points, slopes = (segments.half(rows)[-MOST:] for rows in (run.points, run.gradients))
    away, change = points - points.mean(0), slopes - slopes.mean(0)
    _, lengths, axes = np.linalg.svd(away, full_matrices=False)
    axes = axes[lengths > 1e-6 * lengths[0]].T
    inside = away @ axes
    hessian = np.linalg.lstsq(inside, change @ axes)[0]
    miss = np.linalg.norm(inside @ hessian - change @ axes)
    curvatures, ways = np.linalg.eigh((hessian + hessian.T) / 2)
    if not axes.size or miss > PARABOLA * np.linalg.norm(change) or not (curvatures > 0).all():
        return None
    before, now = (slopes[k] @ axes @ ways / curvatures for k in (0, -1))
    return curvatures, before, now


def _size(run: Evidence, end: int) -> float:
    """Return ‖g‖ at a step; where it goes up and down, its middle over the steps before."""
    assert run.norms is not None
    return float(np.median(run.norms[max(end - max(len(run.norms) // 16, 1), 0) : end]))


def _pace(run: Evidence) -> float | None:
    """Return ηλ along the way of the last quarter."""
    late, drift = segments.typical(run.products, late=True), _drift(run)
    if drift is None or run.gradients is None or run.points is None:
        return late
    steps = np.diff(run.points, axis=0)[-(run.steps // 4) :]
    slopes = run.gradients[:-1][-len(steps) :]
    shown = -(steps * slopes).sum() / (slopes**2).sum()
    return float(shown * drift) if np.isfinite(shown) else late


def _drift(run: Evidence) -> float | None:
    """Return the curvature along the whole way of the last quarter.

    Single steps zigzag, by noise or by momentum, in steep directions; means do not, and on a
    parabola the mean of gradients is the gradient at the mean.
    """
    if run.points is None or run.gradients is None:
        return None
    way, change = (
        segments.quarter(rows, 4).mean(0) - segments.quarter(rows, 3).mean(0)
        for rows in (run.points, run.gradients)
    )
    length = float(way @ way)
    return float(way @ change) / length if length > 0 else None


def _narrowness(run: Evidence) -> float:
    """Return the largest curvature met over that of the last steps: a lower bound of κ."""
    along = run.products if run.curvatures is None else run.curvatures
    late, drift = segments.typical(along, late=True), _drift(run)
    late = drift if drift is not None and drift > 0 else late
    return float(np.nanmax(along)) / late if along is not None and late and late > 0 else 0.0


def _slow_noise(run: Evidence) -> Finding | None:
    """Noise makes steps in the steep directions, and hides the curvature of a flat one."""
    late = run.losses[run.steps // 2] - run.losses[-1]
    ups = segments.ups(segments.half(run.losses), 0.0)
    whole = run.losses[0] - run.losses[-1]
    if run.noise is False or run.sampled or ups < 0.2 or late > 0.1 * whole:
        return None
    return unsure(
        "J falls slowly under noise: a valley, or the way to the noise floor; full gradients at a"
        " few points would tell"
    )


def _slow_losses(run: Evidence) -> Finding | None:
    """Say that losses alone still fall, and hardly slower; why, too many causes could explain."""
    third, last = (segments.quarter(run.losses, which) for which in (3, 4))
    (before, doubt), (after, more) = segments.slope(third), segments.slope(last)
    sure = 0.0 if run.noise is False or _smooth(run) else 3.0
    fallen = float(third.mean() - last.mean())
    trend, unsure = segments.slope(segments.half(run.losses))
    if (sure and -trend < 4 * unsure) or fallen <= run.grain:
        return None
    straight = not sure and np.ptp(last) > UNITS * run.grain and _straight(last)
    if not straight and -after + sure * np.hypot(more, doubt) <= SLOWS * -before:
        return None
    fall = max(float(run.losses[0] - run.losses[-1]), fallen)
    kept = _kept(run.losses, fall)
    lasts = straight or -after - sure * np.hypot(more, kept * doubt) > kept * -before
    if not lasts and _promised(run.losses) <= LEFT * fall:
        return None
    return Finding(
        "slow fall",
        f"J falls by {percent(fallen, fall)} of its whole fall from the third quarter to the last:"
        " a valley, a plateau or a rate too small; gradient norms would tell",
    )


def _promised(losses: Array) -> float:
    """Return how far the mean of a quarter falls in as many steps again if it goes on as it does.

    Falls from quarter to quarter shrink by one factor; noise may make them grow, and is not heard.
    """
    second, third, last = (float(segments.quarter(losses, which).mean()) for which in (2, 3, 4))
    shrinks = min((third - last) / (second - third), 1.0) if second > third else 1.0
    return (third - last) * sum(shrinks**k for k in range(1, 5))


def _kept(losses: Array, fall: float) -> float:
    """Return how much of its pace a fall keeps from quarter to quarter if it lasts.

    It lasts as well if it shrinks by a factor e in `NARROW` times the steps of the first such
    factor: behind the steep direction of a valley, the flat one does.
    """
    lowest, at = np.minimum.accumulate(losses), losses[0] - (1 - np.exp(-1)) * fall
    first = float(np.interp(-at, -lowest, np.arange(len(losses))))
    return min(LASTS, float(np.exp(-len(losses) / 4 / (NARROW * first))))


def _straight(last: Array) -> bool:
    """Tell whether the last quarter falls at one pace: something flat is left, however little."""
    first, second = (segments.slope(part)[0] for part in np.array_split(last, 2))
    return bool(second < STRAIGHT * first < 0)


def _smooth(run: Evidence) -> bool:
    """Tell whether late losses go one way, as they do without noise."""
    moves = np.diff(segments.half(run.losses))
    return bool((moves <= run.grain).mean() > 0.95)
