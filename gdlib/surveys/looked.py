"""Look at a cost: which items there are to say of it, in their order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib.descent.basins import ESCAPED, basins
from gdlib.descent.stopping import norm
from gdlib.landscapes import Landscape, critical_points
from gdlib.landscapes.critical_points import CriticalPoint
from gdlib.optimizers import gradient_descent
from gdlib.problems import LeastSquares, LinearModel
from gdlib.surveys import curvature, drawn, endless, first, items, minima, trial
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
    if isinstance(read.cost, LinearModel):
        return _problem(read, read.cost)
    return _landscape(read, read.cost)


# --- data -----------------------------------------------------------------------------------------


def _problem(read: Read, cost: LinearModel) -> Survey:
    quadratic = isinstance(cost, LeastSquares)
    here = curvature.at(cost, read.start)
    if here is None:
        raise ValueError(f"{cost!r} must have a finite Hessian; its features are too large")
    notes = [*read.notes]
    minimum = minima.of_problem(cost, read.start, here)
    there = minimum if isinstance(minimum, Minimum) else None
    lowest = there.point if there else None
    scaled = curvature.standardised(cost, lowest) if cost.n > 1 else None
    hidden = scaled is not None and minima.is_hidden(here, scaled)
    quick = trial.fewer_rows(cost) if isinstance(cost, LeastSquares) else cost
    tried = trial.tried(quick, read.start, here if quadratic else None)
    at = f"at the start, θ = {point(read.start)},"
    found = [
        first.first_rate(tried, there) if tried else _none(cost, read.start),
        *_shape(here, at, there.spectrum if there else None, "the minimum", quadratic, hidden),
        items.table_scaling(scaled, read.names) if scaled is not None else None,
        items.of_data(minima.HIDDEN if hidden else minimum, read.names),
    ]
    shown = tried.run.end if minimum.point is None and tried else minimum.point
    land = drawn.landscape_of(quick, read.called, read.bounds, read.start, shown)
    if isinstance(land, str):
        notes.append(land)
        land = None
    return _survey(read, found, notes, tried, land, 0)


def _shape(
    here: Spectrum | None,
    start: str,
    lowest: Spectrum | None,
    minimum: str,
    quadratic: bool,
    hidden: bool = False,
) -> list[Item | None]:
    """Return the items of rates and of curvature: at the minimum if it is known, or the start."""
    if quadratic and here is not None:
        limit = items.rates(here, "everywhere", True) if here.lowest >= 0 else None
        return [limit, items.curvature(here, "everywhere", everywhere=True, hidden=hidden)]
    if lowest is not None:
        return [
            items.rates(lowest, f"near {minimum}", False),
            items.curvature(lowest, f"at {minimum}", start=None if here is None else (here, start)),
        ]
    if here is None:
        return []
    return [items.rates_at(here, start), items.curvature(here, start)]


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
    if here is None:
        notes.append("the curvatures at the start are not finite")
    fall = endless.proven(cost) if quadratic else None
    tried = None if fall else trial.tried(cost, read.start, here if quadratic else None)
    known, all_of_them = _critical(cost, here if quadratic else None, fall, notes)
    minimum = minima.of_landscape(cost, known, tried.run.end if tried else read.start)
    sharp = minimum is not None and minimum.spectrum is not None and minimum.spectrum.lowest > 0
    lowest = minimum.spectrum if minimum is not None and sharp else None
    place = "" if minimum is None else f"the minimum {point(minimum.point, size)}"
    found = [
        _rate(cost, tried, fall, known or [], minimum if quadratic else None),
        items.corners() if cost.has_corners else None,
        *_shape(here, f"at the start {point(read.start, size)}", lowest, place, quadratic),
    ]
    if minimum is not None and lowest is not None and cost.n > 1:
        after = curvature.in_unit_curvatures(minimum.hessian)
        near = "" if quadratic else " there"
        found.append(None if after is None else items.formula_scaling(lowest, after, near))
    convex = quadratic and here is not None and here.lowest >= 0
    if known:
        box = "" if all_of_them else items.box_of(cost)
        found.append(items.critical(known, size, convex, box))
    elif minimum is not None:
        found.append(items.one_minimum(minimum._replace(convex=convex), read.names, size))
    hollows = sum(c.kind == "minimum" for c in known or ())
    rate = tried.rate if tried and tried.beyond is None else None
    if hollows > 1 and cost.n == 2 and rate is not None:
        found.append(_basins(cost, rate, size))
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
    lowest: Minimum | None,
) -> Item:
    if fall is not None:
        return first.no_rate(fall)
    if tried is None:
        return _none(cost, np.array(cost.start))
    if tried.beyond is not None:
        return first.beyond(tried, tried.beyond)
    ends = next((c.kind for c in known if _at(cost, tried.run.end, c)), "minimum")
    return first.first_rate(tried, lowest, ends)


def _none(cost: Landscape | LinearModel, start: Array) -> Item:
    return first.no_rate("" if np.any(cost.gradient(start)) else AT_REST)


def _at(cost: Landscape, end: Array, critical: CriticalPoint) -> bool:
    """Tell whether a run has ended at a critical point."""
    size = norm(np.ptp(np.array(cost.bounds), axis=1))
    return bool(norm(end - np.array(critical.point)) <= THERE * size)


def _critical(
    cost: Landscape, everywhere: Spectrum | None, fall: str | None, notes: list[str]
) -> tuple[list[CriticalPoint] | None, bool]:
    """Return the critical points of a landscape, and whether these are all there are.

    None where they are not known; `everywhere` is the spectrum of a quadratic.
    """
    if everywhere is not None and everywhere.flat:
        flat = minima.shape(everywhere.flat)
        none = "no critical point: the slope is 0 nowhere"
        notes.append(none if fall else f"J is lowest not at one point but on a whole {flat}")
        return None, True
    if cost.n > 2:
        if everywhere is None:
            notes.append(
                "critical points are listed for one and two variables; for more, Newton's method"
                " looks for the minimum below the run's end"
            )
        return None, True
    try:
        known, complete = critical_points.search(cost)
    except ValueError as reason:
        notes.append(f"critical points are not listed: {reason}")
        return None, True
    if not known:
        notes.append(
            "no critical point: the slope is 0 nowhere"
            if complete
            else f"no critical point was found in {items.box_of(cost)}"
        )
    if everywhere is not None:  # whose curvatures are known to more digits
        known = [c._replace(kind=everywhere.kind) for c in known]
    return known, complete
