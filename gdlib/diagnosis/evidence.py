"""What a run leaves behind: losses, gradients, steps, and the curvature that they betray.

Nothing is judged here; `symptoms` does that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib.trajectory import DIVERGED, Trajectory

Array = NDArray[np.float64]

RESOLVED = 1e-9
"""A step shorter than this share of |θ| has lost its digits to rounding; it says nothing."""
EXPLAINED = 1e-5
"""Steps that a rule predicts to this accuracy are the rule's; RESOLVED leaves about 7 digits."""

CONSISTENT = 0.2
"""A step's miss by the trapezoidal rule, relative to what its slope promises: noise gives 0.5."""


@dataclass(frozen=True)
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
    exact
        The steps follow from the gradients by `rate` and `decay`, and the losses from both, so
        there is no noise in any of them.
    products
        η times the curvature along each step, shape (k,), with the η that the step itself shows,
        −sᵀg/gᵀg, whatever the rule; NaN where rounding hides it.
    curvatures
        The curvature along each step, sᵀy/sᵀs, if points are known; shape (k,).
    flips
        Whether each gradient points against the one before, shape (k,), if known.
    """

    losses: Array
    norms: Array | None
    points: Array | None
    gradients: Array | None
    ended: int | None
    rate: float | None
    decay: float | None
    exact: bool
    products: Array | None
    curvatures: Array | None
    flips: NDArray[np.bool_] | None

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
    values = values[:ended]
    slopes = None if slopes is None else slopes[:ended]
    products = None
    if slopes is not None:
        rate = _late_rate(values, slopes) if rate is None else rate
        products = None if rate is None else _by_fall(values, slopes, rate)
    return Evidence(values, slopes, None, None, ended, rate, None, False, products, None, None)


def of_trajectory(run: Trajectory, rate: float | None) -> Evidence:
    """Read a trajectory; what its steps reveal wins over what is said about them."""
    if np.ndim(run.steps):
        raise ValueError(f"diagnose one run at a time; this trajectory holds {np.size(run.steps)}")
    losses = np.asarray(run.values, float)
    points = np.asarray(run.points, float).reshape(len(losses), -1)
    gradients = np.asarray(run.gradients, float).reshape(len(losses), -1)
    ended = len(losses) if run.status == DIVERGED else None
    with np.errstate(all="ignore"):  # the last points before an overflow are huge
        norms = np.sqrt((gradients**2).sum(-1))
        steps, seen = np.diff(points, axis=0), _resolved(points)
        found, decay = _rule(steps, gradients, seen)
        curvatures, shown = _by_secant(steps, gradients, seen)
        smooth = _same_cost(losses, steps, gradients)
        flips = (gradients[1:] * gradients[:-1]).sum(-1) < 0
    return Evidence(
        losses, norms, points, gradients, ended,
        rate if found is None else found, decay, found is not None and smooth,
        shown * curvatures, curvatures, flips,
    )  # fmt: skip


def _numbers(name: str, given: Any) -> Array:
    try:
        numbers = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a list of numbers, not {type(given).__name__}") from None
    if numbers.ndim != 1 or not numbers.size:
        raise ValueError(f"{name} must be of shape (k + 1,), not {numbers.shape}")
    return numbers


def _resolved(points: Array) -> NDArray[np.bool_]:
    """Tell which steps are long enough beside θ to have digits left."""
    moved = np.abs(np.diff(points, axis=0)).max(-1, initial=0.0)
    size = np.maximum(np.abs(points[1:]), np.abs(points[:-1])).max(-1, initial=0.0)
    return np.asarray((moved > RESOLVED * size) & (moved > np.finfo(float).tiny))


def _rule(
    steps: Array, gradients: Array, seen: NDArray[np.bool_]
) -> tuple[float | None, float | None]:
    """Recover η and β from the steps, or (None, None) where no such rule made them.

    Plain descent is Δθₖ = −ηgₖ. Momentum and Nesterov's form both obey
    Δθₖ = βΔθₖ₋₁ + b gₖ + c gₖ₋₁ with η = −(b + c); c = 0 is the heavy ball.
    """
    slopes = gradients[:-1]
    if seen.sum() < 2:
        return None, None
    rate, miss = _fit(steps[seen], [slopes[seen]])
    if miss < EXPLAINED:
        return _positive(-rate[0]), 0.0
    both = seen[1:] & seen[:-1]
    if both.sum() * steps.shape[1] < 8:  # three unknowns, and something left to check them on
        return None, None
    parts = [steps[:-1][both], slopes[1:][both], slopes[:-1][both]]
    found, miss = _fit(steps[1:][both], parts)
    if miss < EXPLAINED and 0 < found[0] < 1:
        return _positive(-(found[1] + found[2])), float(found[0])
    return None, None


def _same_cost(losses: Array, steps: Array, gradients: Array) -> bool:
    """Tell whether the losses change as the gradients say, by the trapezoidal rule.

    Its error is of third order in the step; noise in the gradients makes one of half the
    promise, for the step has followed it.
    """
    promised = (steps * gradients[:-1]).sum(-1)
    mean = (promised + (steps * gradients[1:]).sum(-1)) / 2
    sizes = np.abs(promised)
    seen = sizes > RESOLVED * np.abs(losses[:-1])
    miss = np.abs(np.diff(losses) - mean)[seen] / sizes[seen]
    return bool(not len(miss) or np.median(miss) < CONSISTENT)


def _positive(rate: float) -> float | None:
    return float(rate) if 0 < rate < math.inf else None


def _fit(wanted: Array, parts: list[Array]) -> tuple[Array, float]:
    """Fit rows of `wanted` by the parts, each row of equal weight; return the largest miss."""
    scale = np.abs(wanted).max(-1, keepdims=True)
    columns = np.stack([(part / scale).ravel() for part in parts], axis=-1)
    target = (wanted / scale).ravel()
    if not (np.isfinite(columns).all() and np.isfinite(target).all()):
        return np.zeros(len(parts)), math.inf
    found = np.linalg.lstsq(columns, target, rcond=None)[0]
    return found, float(np.abs(columns @ found - target).max())


def _by_secant(steps: Array, gradients: Array, seen: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Return the curvature sᵀy/sᵀs along each step, and the rate it shows, −sᵀg/gᵀg."""
    slopes, change = gradients[:-1], np.diff(gradients, axis=0)
    shown = -(steps * slopes).sum(-1) / (slopes**2).sum(-1)
    curvature = (steps * change).sum(-1) / (steps**2).sum(-1)
    known = seen & np.isfinite(shown * curvature)
    return np.where(known, curvature, np.nan), np.where(known, shown, np.nan)


def _by_fall(losses: Array, norms: Array, rate: float) -> Array:
    """Return ηλ from how far J fell: on a parabola by η‖g‖²(1 − ηλ/2) in one step."""
    fall, promised = -np.diff(losses), rate * norms[:-1] ** 2
    # J holds about 16 digits, so a smaller fall than 1e−9 of it has too few left.
    size = np.maximum(np.abs(losses[1:]), np.abs(losses[:-1]))
    seen = promised > RESOLVED * np.maximum(size, np.finfo(float).tiny)
    with np.errstate(all="ignore"):
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
    with np.errstate(all="ignore"):
        left = norms[half + 1 :] / slope
        rates = fall / (slope**2 * (1 + left) / 2)
    # Noise or momentum would scatter these; a constant rate does not.
    spread = float(np.ptp(rates))
    middle = float(np.median(rates))
    return middle if slow and middle > 0 and spread < 0.1 * middle else None
