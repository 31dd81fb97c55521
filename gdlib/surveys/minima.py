"""The minimum that matters: of data the only one, of a formula the one below the run's end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdlib.descent.endings import CONVERGED
from gdlib.descent.newton import newton
from gdlib.descent.stopping import norm
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.landscapes.critical_points import CriticalPoint
from gdlib.problems import LeastSquares, LinearModel, LogisticRegression
from gdlib.surveys import curvature
from gdlib.surveys.curvature import Scaled, Spectrum

Array = NDArray[np.float64]

STEPS = 100
"""Of the damped Newton's method, which looks for a minimum."""
ARRIVED = 1e-9
"""It has found one where the slope is this share of the slope at its start, …"""
SETTLED = 1e-3
"""… and its last step was this share of θ, or of the way to it."""
SATURATED = 1e-6
"""Where curvatures differ more in orthonormal features, some probabilities are all but 0 or 1: θ
grows without end."""


class Minimum(NamedTuple):
    """A minimum, or why there is none.

    `point` is None where there is no minimum, `spectrum` where it is no single point; `why` then
    says so.
    """

    point: Array
    value: float
    hessian: Array
    spectrum: Spectrum | None
    convex: bool = False


class Missing(NamedTuple):
    """Why there is no one minimum, in words, and one of the lowest points, if there are such."""

    why: str
    point: Array | None = None


def of_problem(cost: LinearModel, start: Array, here: Spectrum) -> Minimum | Missing:
    """Return the minimum of a problem, whose spectrum at the start is `here`."""
    if isinstance(cost, LeastSquares):
        if here.lowest <= 0:
            return Missing(_many(here.flat), cost.minimum)
        return _found(cost, cost.minimum, here, True)
    if isinstance(cost, LogisticRegression) and not cost.l2:
        return _of_classes(cost)
    logistic = isinstance(cost, LogisticRegression)
    first = np.zeros(cost.n) if logistic else start
    run = _newton(cost, first)
    if not _settled(run, first):
        return Missing(
            f"Newton's method found no minimum in {run.steps} steps: θ had grown to a length of"
            f" {norm(run.end):.3g}, and went on"
        )
    return _found(cost, run.end, curvature.at(cost, run.end), logistic)


def _of_classes(cost: LogisticRegression) -> Minimum | Missing:
    """Look for the minimum of a logistic regression without penalty, which need not have one.

    In coordinates in which the columns are orthonormal, for Newton's method asks there for no more
    than the data do.
    """
    flat = curvature.of_features(cost.features).flat
    q, r = np.linalg.qr(cost.features)
    same = LogisticRegression(q * np.sqrt(cost.rows), cost.targets)
    run = _newton(same, np.zeros(same.n))
    if ((2 * same.targets - 1) * (same.features @ run.end) > 0).all():
        return Missing(
            "a straight border parts the classes without a mistake, so J has no minimum: it goes"
            " on falling towards 0 while θ grows; a penalty l2 > 0 gives it one"
        )
    if flat:
        return Missing(_many(flat))
    saturated = curvature.at(same, run.end)
    if saturated is None or saturated.lowest <= SATURATED * saturated.largest:
        return Missing(
            "no minimum was found: J goes on falling while θ grows, as where a straight border"
            " parts the classes but for rows that lie on it; a penalty l2 > 0 gives it one"
        )
    theta = np.linalg.solve(r, np.sqrt(cost.rows) * run.end)
    return _found(cost, theta, curvature.at(cost, theta), True)


def _found(cost: LinearModel, theta: Array, spectrum: Spectrum | None, convex: bool) -> Minimum:
    hessian = np.asarray(cost.hessian(theta))
    return Minimum(theta, float(cost.value(theta)), hessian, spectrum, convex)


HIDDEN = Missing(
    "there is one minimum, but rounding hides it in these units: a whole stretch of θ has the same"
    " J in all digits. Standardise the features"
)


def is_hidden(here: Spectrum, scaled: Scaled) -> bool:
    """Tell whether curvatures are 0 by rounding alone: those of standardised features are not."""
    return bool(here.flat and not scaled.dropped and scaled.after.lowest > 0)


def shape(flat: int) -> str:
    """Return what so many directions without curvature span."""
    return {1: "line", 2: "plane"}.get(flat, f"space of {flat} dimensions")


def _many(flat: int) -> str:
    where = f"on a whole {shape(flat)} of θ that the rows cannot tell apart"
    return f"J is lowest not at one point but {where}"


def of_landscape(cost: Landscape, known: list[CriticalPoint] | None, end: Array) -> Minimum | None:
    """Return the minimum that is known nearest to a run's end, or what Newton's method finds."""
    if known is not None:
        near = [np.array(c.point) for c in known if c.kind == "minimum"]
        if not near:
            return None
        return _minimum(cost, min(near, key=lambda p: float(norm(p - end))))
    if cost.has_corners:
        return None
    run = _newton(cost, end)
    found = _minimum(cost, run.end)
    good = found.spectrum is not None and found.spectrum.lowest > 0
    return found if good and _settled(run, np.array(cost.start)) else None


def _minimum(cost: Landscape, at: Array) -> Minimum:
    hessian = np.asarray(cost.hessian(at))
    return Minimum(at, float(cost.value(at)), hessian, curvature.at(cost, at))


def _newton(cost: Landscape | LinearModel, start: Array) -> Trajectory:
    _, slope = cost.value_and_gradient(start)
    return newton(cost, start, STEPS, damped=True, gradient_norm=ARRIVED * float(norm(slope)))


def _settled(run: Trajectory, start: Array) -> bool:
    """Tell whether the last step was small beside θ, or beside the way from the start to it."""
    if run.steps == 0:
        return bool(run.status == CONVERGED)
    last, way = norm(run.points[-1] - run.points[-2]), norm(run.end - start)
    return bool(np.isfinite(run.end).all() and last <= SETTLED * max(norm(run.end), way))
