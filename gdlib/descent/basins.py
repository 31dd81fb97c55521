"""Which critical point an optimizer reaches from every start of a grid, and in how many steps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.console import printable
from gdlib.descent import many_starts
from gdlib.descent.arguments import check_steps, own_rates
from gdlib.descent.stopping import has_diverged, norm
from gdlib.landscapes import Landscape, critical_points
from gdlib.landscapes.critical_points import CriticalPoint
from gdlib.optimizers import Optimizer
from gdlib.optimizers.optimizer import check_optimizer

Array = NDArray[np.float64]

UNDECIDED, ESCAPED = -1, -2
"""The labels of starts that reach no point: their runs are still going, or have diverged."""
REACH = 0.01
"""A run has reached a point if it ends nearer to it than this share of the map's diagonal."""
STILL, CLOSE = 1e-6, 1e-4
"""Shares of the diagonal: a run rests when it moves less, between looks, so close to a minimum."""
LOOK = 16
"""Steps between two looks at which runs are resting."""
FLAT = 1e-8
"""Slopes below this share of the steepest at the starts count as none."""
MOST_POINTS = 200
NEWTON_STEPS = 8
ARRIVED = 1e-6
"""Newton's method has found a point where the slope is below this."""


@printable
@dataclass(frozen=True, eq=False)
class Basins:
    """The basins of attraction of an optimizer on a grid of starts; equal only to itself.

    Attributes
    ----------
    labels
        Shape (rows, columns), the first row at the top of the map: the number of the critical
        point that the run from there reaches, −1 for a run still going, −2 for one that diverged,
        as `descend` would say, or could not start, for the cost is not finite there.
    steps
        Shape (rows, columns): steps until the run rested at a minimum, looked at every 16 steps;
        all of them where it never did.
    points
        The critical points reached, in the order of their numbers.
    landscape, optimizer
        What ran on what.

    Raises
    ------
    TypeError, ValueError
        What is no array of whole numbers, shapes that differ, a label that is no point's number.
    """

    labels: NDArray[np.int_]
    steps: NDArray[np.int_]
    points: tuple[CriticalPoint, ...]
    landscape: Landscape
    optimizer: Optimizer

    def __post_init__(self) -> None:
        labels = checks.integers("labels", self.labels, shape=(None, None))
        steps = checks.integers("steps", self.steps, shape=labels.shape)
        points = checks.instance("points", self.points, (tuple, list), "several critical points")
        for point in points:
            checks.instance("points", point, CriticalPoint, "several critical points")
        known = range(ESCAPED, len(points))
        strange = next((i for i in np.unique(labels).tolist() if i not in known), None)
        if strange is not None:
            raise ValueError(
                f"labels must be numbers of the {len(points)} points, from {known[0]} to"
                f" {known[-1]}, not {strange}"
            )
        checks.instance("landscape", self.landscape, Landscape, "a Landscape")
        check_optimizer(self.optimizer)
        for name, value in {"labels": labels, "steps": steps, "points": tuple(points)}.items():
            object.__setattr__(self, name, value)

    @property
    def shares(self) -> Array:
        """The share of starts that reach each point, shape (m,)."""
        return np.array([(self.labels == i).mean() for i in range(len(self.points))])

    def __repr__(self) -> str:
        rows, columns = self.labels.shape
        reached = f"{len(self.points)} points reached from {self.shares.sum():.0%} of starts"
        return (
            f"Basins({self.optimizer.name} on {self.landscape.name}, {rows} × {columns}: {reached})"
        )


def basins(
    landscape: Landscape,
    optimizer: Optimizer,
    shape: tuple[int, int] = (200, 200),
    steps: int = 500,
    *,
    freeze: bool = True,
) -> Basins:
    """Run from the middles of a grid's cells, and tell which critical point each run reaches.

    Parameters
    ----------
    landscape
        Of two variables; the grid fills its bounds.
    shape
        Rows and columns of the grid.
    steps
        The most steps that a run takes, up to 10⁸.
    freeze
        Take runs that rest at a minimum out of the work, which changes no label. A run rests
        when it has moved by less than a millionth of the map's diagonal within 16 steps, at a
        place of positive curvatures whose Newton step is shorter than a ten-thousandth.

    Raises
    ------
    TypeError, ValueError
        Not a landscape of two variables, not an optimizer, a grid without starts, steps < 0.
    """
    shape, steps = _check(landscape, optimizer, shape, steps)
    checks.flag("freeze", freeze)
    starts = middles(landscape, shape).reshape(-1, 2)
    parts = [
        _run(landscape, optimizer, starts[i : i + many_starts.BLOCK], steps, freeze)
        for i in range(0, len(starts), many_starts.BLOCK)
    ]
    ends, taken = (np.concatenate(part) for part in zip(*parts, strict=True))
    slopes = np.abs(landscape.evaluate("gradient", starts))
    steepest = float(slopes.max(initial=0.0, where=np.isfinite(slopes)))
    labels, found = _assign(landscape, ends, FLAT * steepest)
    points = tuple(critical_points.classify(landscape, (x, y)) for x, y in found.tolist())
    return Basins(labels.reshape(shape), taken.reshape(shape), points, landscape, optimizer)


def _check(landscape: Any, optimizer: Any, shape: Any, steps: Any) -> tuple[tuple[int, int], int]:
    if not checks.is_a(landscape, Landscape):
        raise TypeError(f"basins take a Landscape, not {type(landscape).__name__}")
    if landscape.n != 2:
        raise ValueError(
            f"basins take a landscape of 2 variables; {landscape.name} has {landscape.n}"
        )
    check_optimizer(optimizer)
    if (
        checks.is_a(shape, (str, bytes))
        or not np.iterable(shape)
        or len(shape := tuple(islice(shape, 3))) != 2
    ):
        raise TypeError(f"shape must be (rows, columns), not {checks.shown(shape)}")
    rows, columns = (
        checks.count("shape's " + name, size, at_least=1)
        for name, size in zip(("rows", "columns"), shape, strict=True)
    )
    checks.room(f"a grid of {rows} × {columns} starts", 10 * rows * columns)
    return (rows, columns), check_steps(steps)


def middles(landscape: Landscape, shape: tuple[int, int]) -> Array:
    """Return the middles of a grid's cells, (rows, columns, 2), the first row at the top."""
    (x0, x1), (y0, y1) = landscape.bounds
    rows, columns = shape
    x = x0 + (np.arange(columns) + 0.5) / columns * (x1 - x0)
    y = y1 - (np.arange(rows) + 0.5) / rows * (y1 - y0)
    return np.stack(np.meshgrid(x, y), axis=-1)


def _diagonal(cost: Landscape) -> float:
    return float(np.linalg.norm(np.ptp(np.array(cost.bounds), axis=1)))


def _run(
    cost: Landscape, optimizer: Optimizer, starts: Array, steps: int, freeze: bool
) -> tuple[Array, NDArray[np.int_]]:
    """Run a block of starts; return where each ends (NaN if it diverged), and when it rested."""
    # A stepper of the engine would do; `has_diverged` decides either way. But the engine keeps a
    # point for every run at every look, also for the many that are over: the same labels took a
    # tenth longer, twice as long where most runs diverge, and more lines.
    block = many_starts.ManyStarts(cost, optimizer, starts, own_rates(optimizer, steps))
    block.look_out()
    # Coordinates as rows while they run, as the loop has them: what is read in turn lies together.
    ends, taken = starts.T.copy(), np.full(len(starts), steps)
    running = np.arange(len(starts))
    for k in range(0, steps, LOOK):
        before = block.theta.T.copy()
        block.move(k, min(LOOK, steps - k))
        now = block.theta.T.copy()
        now[:, block.spoilt] = np.nan
        over = block.spoilt.copy()
        if freeze:
            over |= (resting := _resting(cost, before, now))
            taken[running[resting]] = min(k + LOOK, steps)
        if over.any() or k + LOOK >= steps:
            ends[:, running] = now
            block.keep_only(~over)
            running = running[~over]
        if not len(running):
            break
    ends = ends.T
    ends[has_diverged(ends, *cost.value_and_gradient(ends))] = np.nan  # starts too, if no steps
    return ends, taken


def _resting(cost: Landscape, before: Array, now: Array) -> NDArray[np.bool_]:
    """Tell which runs have all but stopped, all but at a minimum; points as rows (2, runs)."""
    diagonal = _diagonal(cost)
    with np.errstate(all="ignore"):
        resting = np.abs(now - before).max(0) < STILL * diagonal
        # Second derivatives are taken of those few alone that hardly move.
        candidates = now.T[resting]
        gradients, hessians = (cost.evaluate(w, candidates) for w in ("gradient", "hessian"))
        away = np.abs(_solve(hessians, gradients)).max(1)
        resting[resting] = _bowl(hessians) & (away < CLOSE * diagonal)
    return np.asarray(resting)


def _bowl(hessians: Array) -> NDArray[np.bool_]:
    """Tell which two-by-two matrices are positive definite."""
    determinant = hessians[..., 0, 0] * hessians[..., 1, 1] - hessians[..., 0, 1] ** 2
    return np.asarray((determinant > 0) & (hessians[..., 0, 0] > 0))


def _assign(cost: Landscape, ends: Array, flat: float) -> tuple[NDArray[np.int_], Array]:
    """Give every end the number of the point that it has reached; find those not known yet."""
    reach = REACH * _diagonal(cost)
    known = np.array(cost.minima).reshape(-1, 2)
    labels = np.where(np.isnan(ends).any(1), ESCAPED, UNDECIDED)
    while True:
        for i, point in enumerate(known):
            with np.errstate(invalid="ignore"):
                near = np.hypot(*(ends - point).T) < reach
            labels[near & (labels == UNDECIDED)] = i
        new = _another(cost, ends[labels == UNDECIDED], reach, flat)
        # One new point at a time: most ends that are left lie near it, and need no other search.
        if new is None or len(known) >= MOST_POINTS:
            return labels, known
        known = np.vstack([known, new])


def _another(cost: Landscape, ends: Array, reach: float, flat: float) -> Array | None:
    """Return a critical point at which one of the ends has arrived, by Newton's method, or None.

    A minimum counts from within reach; a saddle or a maximum only where the end stands on it,
    for runs pass saddles slowly on their way to elsewhere.
    """
    with np.errstate(all="ignore"):
        slopes = norm(cost.evaluate("gradient", ends))
        points = ends.copy()
        for _ in range(NEWTON_STEPS):
            gradients = cost.evaluate("gradient", points)
            points = points - _solve(cost.evaluate("hessian", points), gradients)
        hessians = cost.evaluate("hessian", points)
        settled = np.hypot(*(points - ends).T) < reach
        settled &= norm(cost.evaluate("gradient", points)) < ARRIVED
        settled &= np.isfinite(hessians).all((-1, -2)) & (_bowl(hessians) | (slopes < flat))
    return np.asarray(points[settled.argmax()]) if settled.any() else None


def _solve(matrices: Array, vectors: Array) -> Array:
    """Solve two-by-two systems by Cramer's rule; NaN or ∞ where a matrix is singular."""
    # NumPy's own raises if one of all the matrices is singular.
    (a, b), (c, d) = np.moveaxis(matrices, (-2, -1), (0, 1))
    p, q = np.moveaxis(vectors, -1, 0)
    solved = np.stack([d * p - b * q, a * q - c * p], axis=-1)
    return np.asarray(solved / (a * d - b * c)[..., None])
