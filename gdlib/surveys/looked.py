"""Look at a cost: which items there are to say of it, in their order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib.descent.basins import ESCAPED, basins
from gdlib.descent.stopping import norm
from gdlib.landscapes import Landscape
from gdlib.landscapes.critical_points import CriticalPoint
from gdlib.optimizers import gradient_descent
from gdlib.problems import LeastSquares, Problem
from gdlib.surveys import curvature, drawn, endless, items, minima, trial
from gdlib.surveys.curvature import Spectrum
from gdlib.surveys.given import Read
from gdlib.surveys.minima import Minimum
from gdlib.surveys.result import Item, Survey
from gdlib.surveys.trial import Trial
from gdlib.surveys.words import point

Array = NDArray[np.float64]

AT_REST = "at the start the slope is 0, so gradient descent does not move: start elsewhere"
THERE = 1e-3
"""A run that ends so near to a critical point, as a share of the bounds' diagonal, ends at it."""
TRIED, LOST = 6, 0.01
"""Rates with which basins are mapped, until at most this share of the starts diverges."""
GRID, GRID_STEPS = (48, 64), 1000
"""The starts whose basins are asked for, and how many steps each may take."""


def at(read: Read) -> Survey:
    """Return all that is found of what a reader gave."""
    if isinstance(read.cost, Problem):
        return _problem(read, read.cost)
    return _landscape(read, read.cost)


# --- data -----------------------------------------------------------------------------------------


def _problem(read: Read, cost: Problem) -> Survey:
    quadratic = isinstance(cost, LeastSquares)
    here = curvature.at(cost, read.start)
    if here is None:
        raise ValueError(f"{cost!r} must have a finite Hessian; its features are too large")
    where = "everywhere" if quadratic else f"at the start, θ = {point(read.start)},"
    found = _here(here, where, quadratic)
    minimum = minima.of_problem(cost, read.start, here)
    if isinstance(minimum, Minimum) and minimum.spectrum is not None and not quadratic:
        found += _near(minimum.spectrum, "at the minimum")
    if cost.n > 1 and (scaled := curvature.standardised(cost)) is not None:
        found.append(items.table_scaling(scaled, read.names))
    found.append(items.of_data(minimum, read.names))
    quick = trial.fewer_rows(cost) if isinstance(cost, LeastSquares) else cost
    tried = trial.tried(quick, read.start, here if quadratic else None)
    if tried is None:
        found.append(_none(cost, read.start))
    else:
        found.append(items.first_rate(tried, "first rate" if tried.searched else "one over L"))
    shown = tried.run.end if minimum.point is None and tried else minimum.point
    land = drawn.landscape_of(quick, read.called, read.bounds, read.start, shown)
    notes = [*read.notes]
    if land is None and cost.n == 2:
        notes.append(
            "no figure: it is drawn of least squares, and of logistic regression with at most"
            f" {drawn.MOST_ROWS} rows"
        )
    return _survey(read, found, notes, tried, land, 0)


def _here(here: Spectrum, where: str, quadratic: bool) -> list[Item | None]:
    return [
        items.curvature(here, where, quadratic),
        items.rates(here, where, quadratic, quadratic),
    ]


def _near(there: Spectrum, where: str) -> list[Item | None]:
    return [items.curvature(there, where, False), items.rates(there, where, True, False)]


def _survey(
    read: Read,
    found: list[Item | None],
    notes: list[str],
    tried: Trial | None,
    land: Landscape | None,
    hollows: int,
) -> Survey:
    rate = tried.rate if tried and tried.beyond is None else None
    there = tuple(item for item in found if item is not None)
    return Survey(there, tuple(notes), read.cost, rate, land, hollows)


# --- formulas -------------------------------------------------------------------------------------


def _landscape(read: Read, cost: Landscape) -> Survey:
    notes, size = [*read.notes], float(np.abs(np.array(cost.bounds)).max())
    quadratic = curvature.is_quadratic(cost)
    here = curvature.at(cost, read.start)
    where = "everywhere" if quadratic else f"at the start {point(read.start, size)}"
    found: list[Item | None] = [items.corners()] if cost.has_corners else []
    if here is None:
        notes.append("the curvatures at the start are not finite")
    else:
        found += _here(here, where, quadratic)
    fall = endless.proven(cost, read.start) if quadratic else None
    tried = None if fall else trial.tried(cost, read.start, here if quadratic else None)
    known = _critical(cost, notes)
    minimum = minima.of_landscape(cost, known, tried.run.end if tried else read.start)
    if minimum is not None and minimum.spectrum is not None and minimum.spectrum.lowest > 0:
        place = point(minimum.point, size)
        if not quadratic:
            found += _near(minimum.spectrum, f"at the minimum {place}")
        after = curvature.in_unit_curvatures(minimum.hessian)
        if cost.n > 1 and after is not None:
            near = "" if quadratic else " there"
            found.append(items.formula_scaling(minimum.spectrum, after, near))
    if known:
        found.append(items.critical(known, size, quadratic))
    elif minimum is not None:
        found.append(items.one_minimum(minimum, read.names, size))
    hollows = sum(c.kind == "minimum" for c in known or ())
    rate = tried.rate if tried and tried.beyond is None else None
    if hollows > 1 and cost.n == 2 and rate is not None:
        found.append(_basins(cost, rate, size))
    found.append(_rate(cost, tried, fall, known or []))
    return _survey(read, found, notes, tried, cost if cost.n <= 2 else None, hollows)


def _basins(cost: Landscape, rate: float, size: float) -> Item:
    """Map the basins with the rate that is suggested, or a smaller one if many starts diverge."""
    rates = [rate, *(smaller for smaller in trial.RATES if smaller < rate)][:TRIED]
    lost = None
    for rate in rates:
        reached = basins(cost, gradient_descent(rate), GRID, GRID_STEPS)
        share = float((reached.labels == ESCAPED).mean())
        if share <= LOST:
            break
        lost = lost or (rate, share)
    return items.basins(reached, rate, size, GRID_STEPS, lost)


def _rate(
    cost: Landscape,
    tried: Trial | None,
    fall: str | None,
    known: list[CriticalPoint],
) -> Item:
    if fall is not None:
        return items.no_rate(fall)
    if tried is None:
        return _none(cost, np.array(cost.start))
    if tried.beyond is not None:
        return items.beyond(tried, tried.beyond)
    ends = next((c.kind for c in known if _at(cost, tried.run.end, c)), "minimum")
    return items.first_rate(tried, "first rate" if tried.searched else "one over L", ends)


def _none(cost: Landscape | Problem, start: Array) -> Item:
    return items.no_rate("" if np.any(cost.gradient(start)) else AT_REST)


def _at(cost: Landscape, end: Array, critical: CriticalPoint) -> bool:
    """Tell whether a run has ended at a critical point."""
    size = norm(np.ptp(np.array(cost.bounds), axis=1))
    return bool(norm(end - np.array(critical.point)) <= THERE * size)


def _critical(cost: Landscape, notes: list[str]) -> list[CriticalPoint] | None:
    """Return the critical points of a landscape of few variables; None where they are not known."""
    if cost.n > 2:
        notes.append(
            "critical points are listed for one and two variables; for more, Newton's method looks"
            " for the minimum below the run's end"
        )
        return None
    try:
        known = cost.critical_points()
    except ValueError as reason:
        notes.append(f"critical points are not listed: {reason}")
        return None
    if not known:
        notes.append("no critical point was found: there is no place where the slope is 0")
    return known
