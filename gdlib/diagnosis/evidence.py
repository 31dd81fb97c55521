"""What a run leaves behind: losses, gradients, steps, and the curvature that they betray.

Nothing is judged here; `symptoms` does that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.endings import DIVERGED
from gdlib.descent.trajectory import Trajectory
from gdlib.diagnosis import noise, precision

Array = NDArray[np.float64]

RESOLVED = 1e-9
"""A step shorter than this share of |θ| has lost its digits to rounding; it says nothing."""
EXPLAINED = 1e-5
"""Steps that a rule predicts to this accuracy are the rule's; RESOLVED leaves about 7 digits."""
FINITE = 1e120
"""Beyond this, squares and sums overflow; a run that gets there is judged by what came before."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """One run as numbers, up to the last finite one.

    Attributes
    ----------
    losses
        J at the start and after each step, shape (k + 1,).
    norms
        ‖g‖ at those points, if known.
    points, gradients
        θ and g as rows, shape (k + 1, n), if known.
    ended
        The step at which something was not finite, or None.
    rate, decay
        η and β of the rule that took the steps: given, or recovered from Δθ. None if unknown.
    noise
        Whether chance is in the run: True and False on evidence, None where only losses are known
        and do not foretell each other, which noise would explain.
    sampled
        Whether its steps were taken on batches.
    grain
        Changes of J up to this are rounding, of its type or of how it was printed.
    faint
        ‖g‖ below this share of its largest value is what rounding leaves of it.
    safe
        A difference above this share of a number has three digits left.
    products
        η times the curvature along each step, shape (k,), with the η that the step itself shows,
        −sᵀg/gᵀg, whatever the rule; NaN where rounding hides it.
    curvatures
        The curvature along each step, sᵀy/sᵀs, if points are known; shape (k,).
    flips
        Whether each gradient points against the one before, shape (k,), if known.
    unit, times
        What a log counts, "step" or "epoch", and its number at each loss, shape (k + 1,) or more;
        without it steps are counted from 0.
    """

    losses: Array
    norms: Array | None
    points: Array | None
    gradients: Array | None
    ended: int | None
    rate: float | None
    decay: float | None
    noise: bool | None
    sampled: bool
    grain: float
    faint: float
    safe: float
    products: Array | None
    curvatures: Array | None
    flips: NDArray[np.bool_] | None
    unit: str = "step"
    times: NDArray[np.int64] | None = None

    def time(self, k: int) -> int:
        """Return the number that a step has in the log."""
        return k if self.times is None else int(self.times[k])

    def when(self, k: int) -> str:
        """Name a step as the log counts: "step 300", "epoch 3"."""
        return f"{self.unit} {self.time(k)}"

    @property
    def steps(self) -> int:
        """How many steps have a finite loss."""
        return len(self.losses) - 1


def of_lists(losses: ArrayLike, norms: ArrayLike | None, rate: float | None) -> Evidence:
    """Read losses and gradient norms; products then assume plain gradient descent."""
    values = _numbers("the losses", losses)
    slopes = None if norms is None else _numbers("gradient_norms", norms)
    if slopes is not None and len(slopes) != len(values):
        raise ValueError(
            f"gradient_norms must be one a loss, {len(values)}, not {len(slopes)} numbers"
        )
    if slopes is not None and (slopes < 0).any():
        raise ValueError("gradient_norms must be at least 0")
    good = np.isfinite(values) if slopes is None else np.isfinite(values) & np.isfinite(slopes)
    ended = None if good.all() else int(good.argmin())
    kept = _calm(values[:ended], *([] if slopes is None else [slopes[:ended]]))
    values = values[:kept]
    slopes = None if slopes is None else slopes[:kept]
    rounding = precision.epsilon(losses, values)
    coarse = rounding if slopes is None else max(rounding, precision.epsilon(norms, slopes))
    faint = precision.ULPS * coarse
    safe = max(RESOLVED, precision.SAFE * rounding)
    products = None
    if slopes is not None:
        rate = _late_rate(values, slopes) if rate is None else rate
        products = None if rate is None else _by_fall(values, slopes, rate, safe)
    return Evidence(
        values, slopes, None, None, ended, rate, None, noise.in_lists(values, slopes), False,
        _grain(values, rounding), faint, safe, products, None, None,
    )  # fmt: skip


def of_trajectory(run: Trajectory, rate: float | None) -> Evidence:
    """Read a trajectory; what its steps reveal wins over what is said about them."""
    if np.ndim(run.steps):
        raise ValueError(f"diagnose one run at a time; this trajectory holds {np.size(run.steps)}")
    losses = checks.array("the values of the trajectory", run.values, shape=(None,))
    points = _rows("points", run.points, losses)
    gradients = _rows("gradients", run.gradients, losses)
    ended = len(losses) if run.status == DIVERGED else None
    kept = _calm(losses, np.abs(points).max(1), np.abs(gradients).max(1))
    losses, points, gradients = losses[:kept], points[:kept], gradients[:kept]
    here, there = precision.epsilon(losses), precision.epsilon(points)
    safe = max(RESOLVED, precision.SAFE * here)
    norms = np.sqrt((gradients**2).sum(1))
    steps, seen = np.diff(points, axis=0), _resolved(points, max(RESOLVED, precision.SAFE * there))
    near = EXPLAINED if there < EXPLAINED / precision.SAFE else 10 / precision.SAFE
    found, decay = _rule(steps, gradients, seen, near)
    curvatures, shown = _by_secant(steps, gradients, seen)
    sampled = run.samples is not None
    chance = noise.in_trajectory(
        losses, points, gradients, sampled=sampled, explained=found is not None, safe=safe
    )
    return Evidence(
        losses, norms, points, gradients, ended, rate if found is None else found, decay,
        chance, sampled, _grain(losses, here),
        precision.ULPS * max(here, precision.epsilon(gradients)), safe,
        shown * curvatures, curvatures, (gradients[1:] * gradients[:-1]).sum(1) < 0,
    )  # fmt: skip


def _numbers(name: str, given: Any) -> Array:
    numbers = checks.array(name, given, finite=False)
    if numbers.ndim != 1 or not numbers.size:
        raise ValueError(f"{name} must be of shape (k + 1,), not {numbers.shape}")
    return numbers


def _rows(name: str, given: Any, losses: Array) -> Array:
    numbers = checks.array(f"the {name} of the trajectory", given)
    if numbers.ndim < 1 or len(numbers) != len(losses):
        raise ValueError(
            f"the {name} of the trajectory must be one a value, {len(losses)}, not of shape"
            f" {numbers.shape}"
        )
    return numbers.reshape(len(losses), -1)


def _calm(*numbers: Array) -> int:
    """Return how many numbers come before the first huge one, of which squares overflow."""
    huge = np.any([np.abs(part) > FINITE for part in numbers], axis=0)
    return int(huge.argmax()) if huge.any() else len(huge)


def _grain(losses: Array, rounding: float) -> float:
    largest = float(np.abs(losses).max(initial=0.0))
    return max(precision.ULPS * rounding * largest, precision.unit(losses))


def _resolved(points: Array, safe: float) -> NDArray[np.bool_]:
    """Tell which steps are long enough beside θ to have digits left."""
    moved = np.abs(np.diff(points, axis=0)).max(1)
    size = np.maximum(np.abs(points[1:]), np.abs(points[:-1])).max(1)
    return np.asarray((moved > safe * size) & (moved > np.finfo(float).tiny))


def _rule(
    steps: Array, gradients: Array, seen: NDArray[np.bool_], near: float
) -> tuple[float | None, float | None]:
    """Recover η and β from the steps, or (None, None) where no such rule made them.

    Plain descent is Δθₖ = −ηgₖ. Momentum and Nesterov's form both obey
    Δθₖ = βΔθₖ₋₁ + b gₖ + c gₖ₋₁ with η = −(b + c); c = 0 is the heavy ball.
    """
    slopes = gradients[:-1]
    if seen.sum() < 2:
        return None, None
    rate, miss = _fit(steps[seen], [slopes[seen]])
    if miss < near:
        return _positive(-rate[0]), 0.0
    both = seen[1:] & seen[:-1]
    if both.sum() * steps.shape[1] < 8:  # three unknowns, and something left to check them on
        return None, None
    parts = [steps[:-1][both], slopes[1:][both], slopes[:-1][both]]
    found, miss = _fit(steps[1:][both], parts)
    if miss < near and 0 < found[0] < 1:
        return _positive(-(found[1] + found[2])), float(found[0])
    return None, None


def _positive(rate: float) -> float | None:
    return float(rate) if 0 < rate < math.inf else None


def _fit(wanted: Array, parts: list[Array]) -> tuple[Array, float]:
    """Fit rows of `wanted` by the parts, each row of equal weight; return the largest miss."""
    scale = np.abs(wanted).max(1, keepdims=True)
    columns = np.stack([(part / scale).ravel() for part in parts], axis=1)
    target = (wanted / scale).ravel()
    if not (np.isfinite(columns).all() and np.isfinite(target).all()):
        return np.zeros(len(parts)), math.inf
    found = np.linalg.lstsq(columns, target)[0]
    return found, float(np.abs(columns @ found - target).max())


def _by_secant(steps: Array, gradients: Array, seen: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Return the curvature sᵀy/sᵀs along each step, and the rate it shows, −sᵀg/gᵀg."""
    slopes, change = gradients[:-1], np.diff(gradients, axis=0)
    shown = -(steps * slopes).sum(1) / (slopes**2).sum(1)
    curvature = (steps * change).sum(1) / (steps**2).sum(1)
    known = seen & np.isfinite(shown * curvature)
    return np.where(known, curvature, np.nan), np.where(known, shown, np.nan)


def _by_fall(losses: Array, norms: Array, rate: float, safe: float) -> Array:
    """Return ηλ from how far J fell: on a parabola by η‖g‖²(1 − ηλ/2) in one step."""
    fall, promised = -np.diff(losses), rate * norms[:-1] ** 2
    # J holds 7 or 16 digits, so the fall of a short step has too few left.
    size = np.maximum(np.abs(losses[1:]), np.abs(losses[:-1]))
    seen = promised > safe * np.maximum(size, np.finfo(float).tiny)
    products = 2 * (1 - fall / promised)
    return np.where(seen & np.isfinite(products), products, np.nan)


def _late_rate(losses: Array, norms: Array) -> float | None:
    """Recover η of a slow run from its late steps, in which one direction is left.

    There each step multiplies ‖g‖ by 1 − ηλ, and lowers J by η‖g‖²(1 − ηλ/2).
    """
    half = len(losses) // 2
    fall, slope = -np.diff(losses)[half:], norms[half:-1]
    if not len(fall) or not (slope > 0).all() or not norms[-1] > 0:
        return None
    slow = abs(math.log(norms[-1] / norms[half])) < 0.05 * len(fall)  # ηλ below about 0.05
    left = norms[half + 1 :] / slope
    rates = fall / (slope**2 * (1 + left) / 2)
    # Noise or momentum would scatter these; a constant rate does not.
    spread = float(np.ptp(rates))
    middle = float(np.median(rates))
    return middle if slow and middle > 0 and spread < 0.1 * middle else None
