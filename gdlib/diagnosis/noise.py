"""Whether there is noise in a run: from samples, from its own gradients, or from its losses alone.

Ripples are no evidence. Rules that remember gradients go up and down on a smooth cost as well.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CONSISTENT = 0.2
"""How far a loss misses what the slopes on both sides of a short way promise, relative to that
promise: noise that carries the run along makes it a half, a smooth cost next to nothing."""
FORETOLD = 0.2
"""The error of forecasts of the next loss, relative to how losses change from step to step. In
independent noise it is 2/3, and little less where noise is smoothed; in a cycle next to none."""
WHITE = 1.75
"""The error of the best linear forecasts, as above, is 1/2 where losses are independent of each
other, give or take this over √N: 3.5 times its spread in losses of batches. Ripples have less, or
more where they leap."""
RIPPLE = 0.02
"""Below this the last few losses determine the next: sums of waves do, and no noise."""
LAGS = 6
"""A linear forecast weighs so many losses: those of three waves, whatever their periods."""
FEWEST = 5
"""Of so few pairs no share can be told."""
RETURNS = 0.2
"""Late points that have been met before, as a share. Chance does not come back to a point."""
ALIKE, BEHIND = 3, 3
"""A forecast takes so many moments that resembled the present one, in so many losses each."""
ENOUGH = 40
"""With fewer late losses nothing resembles the present one closely enough."""
MOST = 400
"""So many late points are compared with each other."""


def in_trajectory(
    losses: Array, points: Array, gradients: Array, *, sampled: bool, explained: bool, safe: float
) -> bool:
    """Tell whether noise is in a trajectory, whose points show it.

    Gradients of batches are not recorded; what is recorded is those of the whole cost, and agrees.
    Then samples alone are the evidence, unless the steps follow from the recorded gradients.
    """
    if sampled and not explained:
        return True
    if not _disagree(losses, points, gradients, safe):
        return False
    # Corners between the points make them disagree as well, but the run foretells itself.
    error = foretold([losses, np.sqrt((gradients**2).sum(1))])
    return error is None or error > FORETOLD


def _disagree(losses: Array, points: Array, gradients: Array, safe: float) -> bool:
    """Tell whether losses differ otherwise than gradients say, between late points close by.

    The trapezoidal rule errs by the third power of the distance. Points next to each other in
    space, not in time, make it short even where steps are long.
    """
    late = slice(max(len(losses) // 2, len(losses) - MOST), None)
    j, x, g = losses[late], points[late], gradients[late]
    if len(j) < FEWEST or not x.any():
        return False
    size = float(np.abs(x).max())
    x, g = x / size, g * size  # so that no square overflows
    squares = (x**2).sum(1)
    gaps = squares[:, None] + squares[None, :] - 2 * x @ x.T
    same = gaps <= 1e-18 + 1e-13 * squares[:, None]
    if (same.sum(1) > 1).mean() > RETURNS:
        return False
    gaps[same] = np.inf
    near = gaps.argmin(1)
    found = np.isfinite(gaps.min(1))
    way = x[near] - x
    here, there = (way * g).sum(1), (way * g[near]).sum(1)
    promised = np.maximum(np.abs(here), np.abs(there))
    seen = found & (promised > safe * np.abs(losses).max()) & np.isfinite(promised)
    miss = np.abs(j[near] - j - (here + there) / 2)[seen] / promised[seen]
    return bool(len(miss) >= FEWEST and np.median(miss) > CONSISTENT)


def foretold(signals: list[Array]) -> float | None:
    """Return how badly late numbers foretell the next loss, or None if they are too few.

    Where like moments are followed by like ones, a rule is at work and no chance (Sugihara & May
    1990, doi:10.1038/344734a0). The first signal is the losses; others only help to find moments
    that are alike.
    """
    late = [signal[max(len(signal) // 2, len(signal) - MOST) :] for signal in signals]
    if len(late[0]) < ENOUGH:
        return None
    if not np.ptp(late[0]):
        return 0.0
    columns = [part / part.std() for part in late if np.ptp(part)]
    count = len(late[0]) - BEHIND
    moments = np.stack([c[i : i + count] for c in columns for i in range(BEHIND)], axis=1)
    after = np.diff(columns[0])[BEHIND - 1 :]
    squares = (moments**2).sum(1)
    gaps = squares[:, None] + squares[None, :] - 2 * moments @ moments.T
    times = np.arange(count)
    gaps[np.abs(times[:, None] - times) < BEHIND] = np.inf
    alike = np.argpartition(gaps, ALIKE, axis=1)[:, :ALIKE]
    changes = float((after**2).mean())
    return float(((after[alike].mean(1) - after) ** 2).mean()) / changes if changes else 0.0


def forecast(losses: Array) -> float | None:
    """Return how badly late losses are foretold by those just before, weighed alike at all times.

    None if they are too few, or do not change.
    """
    late = losses[max(len(losses) // 2, len(losses) - MOST) :]
    changes = float((np.diff(late)[LAGS - 1 :] ** 2).mean()) if len(late) >= ENOUGH else 0.0
    if not changes or not np.isfinite(changes):
        return None
    late = (late - late.mean()) / late.std()
    count = len(late) - LAGS
    before = np.stack([late[i : i + count] for i in range(LAGS)] + [np.ones(count)], axis=1)
    weights = np.linalg.lstsq(before, late[LAGS:])[0]
    missed = float(((late[LAGS:] - before @ weights) ** 2).sum()) / (count - LAGS - 1)
    return missed / float((np.diff(late)[LAGS - 1 :] ** 2).mean())


def white(losses: Array, norms: Array | None) -> bool:
    """Tell whether late numbers are as independent as noise; too few could be anything."""
    return all(map(_white, [losses] if norms is None else [losses, norms]))


def _white(numbers: Array) -> bool:
    error = forecast(numbers)
    count = min(len(numbers) // 2, MOST)
    return error is None or abs(error - 0.5) < WHITE / count**0.5


def in_lists(losses: Array, norms: Array | None) -> bool | None:
    """Tell that there is no noise in losses that foretell each other; else one cannot know."""
    errors = [foretold([losses]), *([] if norms is None else [foretold([losses, norms])])]
    linear = forecast(losses)
    known = any(error is not None and error < FORETOLD for error in errors)
    return False if known or (linear is not None and linear < RIPPLE) else None
