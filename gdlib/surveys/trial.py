"""A first rate for gradient descent, tried: what the run with it did.

On a quadratic it is 1/L, and so for logistic regression, none of whose curvatures is above that of
θ = 0. Elsewhere it is the largest of 1, 0.3, 0.1, … with which J comes down, and which is below 2/L
where the run ends: a run may slip into a minimum along one axis, and never feel the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdlib.descent.descend import descend
from gdlib.descent.endings import CONVERGED, DIVERGED
from gdlib.descent.stopping import Stop, norm
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.optimizers import gradient_descent
from gdlib.problems import LeastSquares, LinearModel, LogisticRegression
from gdlib.surveys import curvature
from gdlib.surveys.curvature import Spectrum, of_features

Array = NDArray[np.float64]

RATES = tuple(float(f"{m}e{-e}") for e in range(13) for m in ((1,) if not e else (3, 1)))
"""1, 0.3, 0.1, … down to 10⁻¹²."""
STEPS, STEPS_OF_DATA, FEWEST = 10_000, 2_000, 30
WORK = 3e8
"""Numbers of the features that a run reads in all, so that it takes a second or so."""
LOG_LOSS = 8
"""So many numbers' time a row's log loss and its slope take."""
ARRIVED = 1e-6
"""A run has converged where the slope is this share of the slope at the start."""
ROUNDING = 1e-12
"""A rise of J by less than this share of the largest |J| of the run is rounding."""
BOUNCE = 0.1
"""At a corner a run bounces: in its second half by at most this share of its fall."""
STABLE = 1.999
"""η·L of a rate that is stable, a little below 2: at 2 itself a run creeps."""
FAR = 10.0
"""So many diagonals of the bounds away, on a slope that is no less, J falls without end."""


class Trial(NamedTuple):
    """A rate, why it, and the run with it, and what becomes of it later.

    `beyond` is the run gone on, if it goes far out on a slope that does not get less, or leaves
    where J is finite; `far` tells the first.
    """

    rate: float
    why: str
    run: Trajectory
    beyond: Trajectory | None = None
    far: bool = False

    @property
    def searched(self) -> bool:
        """Whether the rate was found by trying, and not from a curvature."""
        return not self.why.startswith("1/L")


def tried(cost: Landscape | LinearModel, start: Array, everywhere: Spectrum | None) -> Trial | None:
    """Return the trial of a first rate, or None if none of them comes down.

    `everywhere` is the spectrum of a quadratic.
    """
    if everywhere is not None and everywhere.largest > 0:
        rate = 1 / everywhere.largest
        return _judged(cost, rate, "1/L", _run(cost, start, rate))
    if isinstance(cost, LogisticRegression):
        bound = of_features(cost.features, 0.25, cost.l2).largest
        if bound > 0:
            return _judged(
                cost, 1 / bound, "1/L, with the largest L at any θ", _run(cost, start, 1 / bound)
            )
    why = f"the largest of 1, 0.3, 0.1, … with which J {_comes(cost)}"
    for rate in RATES:
        run = _run(cost, start, rate)
        if not _comes_down(cost, run):
            continue
        if _is_stable(cost, run.end, rate):
            return _judged(cost, rate, why, run)
        why = f"the largest of 1, 0.3, 0.1, … below 2/L at its end with which J {_comes(cost)}"
    return None


def _is_stable(cost: Landscape | LinearModel, end: Array, rate: float) -> bool:
    there = curvature.at(cost, end)
    return there is None or rate * there.largest < STABLE


def _comes(cost: Landscape | LinearModel) -> str:
    return "comes down and stays there" if _has_corners(cost) else "falls at every step"


def steps_for(cost: Landscape | LinearModel) -> int:
    """Return how many steps a trial takes at most: fewer where each reads many rows."""
    if isinstance(cost, Landscape):
        return STEPS
    losses = 0 if isinstance(cost, LeastSquares) else LOG_LOSS * cost.rows
    return int(min(STEPS_OF_DATA, max(FEWEST, WORK / (cost.features.size + losses))))


def _run(cost: Landscape | LinearModel, start: Array, rate: float) -> Trajectory:
    _, slope = cost.value_and_gradient(start)
    stop = Stop(gradient_norm=ARRIVED * float(norm(slope)))
    return descend(cost, gradient_descent(rate), start, steps_for(cost), stop=stop)


def _has_corners(cost: Landscape | LinearModel) -> bool:
    return isinstance(cost, Landscape) and cost.has_corners


def _comes_down(cost: Landscape | LinearModel, run: Trajectory) -> bool:
    values = run.values
    if run.status == DIVERGED or not run.steps or not values[-1] < values[0]:
        return False
    falls = bool((np.diff(values) <= ROUNDING * np.abs(values).max()).all())
    if falls or not _has_corners(cost):
        return falls
    late = values[len(values) // 2 :]
    return bool(values.max() <= values[0] and np.ptp(late) <= BOUNCE * np.ptp(values))


def _judged(cost: Landscape | LinearModel, rate: float, why: str, run: Trajectory) -> Trial:
    """Let a run that has not converged go on ten times as long: one on −x³ is slow at first."""
    if run.status == CONVERGED or isinstance(cost, LinearModel):
        return Trial(rate, why, run)
    on = descend(cost, gradient_descent(rate), run.end, 10 * STEPS, keep="end")
    box = np.array(cost.bounds)
    away = norm(on.end - box.mean(1)) / norm(np.ptp(box, axis=1))
    lower = bool(on.values[-1] < run.values[0])
    far = lower and bool(away > FAR and norm(on.gradients[-1]) >= norm(run.gradients[0]))
    if far or (lower and on.status == DIVERGED):
        return Trial(rate, why, run, on, far)
    return Trial(rate, why, run)


def fewer_rows(problem: LeastSquares) -> LeastSquares:
    """Return the same cost from n + 1 rows: by QR, ‖Xθ − y‖² = ‖R(θ, −1)‖²."""
    rows, n = problem.features.shape
    if rows <= n + 1:
        return problem
    r = np.linalg.qr(np.column_stack([problem.features, problem.targets]), mode="r")
    r *= np.sqrt((n + 1) / rows)
    return LeastSquares(r[:, :n], r[:, n])
