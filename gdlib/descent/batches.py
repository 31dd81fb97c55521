"""Descend on data a few rows at a time: one sample, a mini-batch, or all of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import repeat
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.arguments import (
    SHORTER,
    Keep,
    Rates,
    check_room,
    check_steps,
    rates_of,
    start_of,
)
from gdlib.descent.called import layout_of
from gdlib.descent.endings import DIVERGED
from gdlib.descent.engine import Made, Turn, look_at_start, run
from gdlib.descent.held_out import HeldOut, Judge, held_out_of
from gdlib.descent.progress import LONG, progress_bar
from gdlib.descent.stopping import Stop, finite
from gdlib.descent.trajectory import Trajectory
from gdlib.descent.watched import watched_of
from gdlib.optimizers import UpdateRule
from gdlib.optimizers.update_rule import check_rule
from gdlib.problems import BLOCK, LeastSquares, LinearModel, LogisticRegression, Problem
from gdlib.schedules.plateau import OnPlateau

Array = NDArray[np.float64]

LARGEST = 1e300
"""No intermediate result of a cost is larger where `_calm` promises that it is finite."""


def descend_batches(
    problem: Problem,
    optimizer: UpdateRule,
    start: ArrayLike | None = None,
    *,
    batch_size: int,
    epochs: int,
    seed: int,
    learning_rate: Rates | None = None,
    replacement: bool = False,
    stop: Stop | None = None,
    held_out: Judge | None = None,
    keep: Keep | Literal["epochs"] = "path",
) -> Trajectory:
    """Follow an optimizer downhill on gradients of mini-batches.

    Parameters
    ----------
    problem
        The cost over data.
    start
        θ of shape (n,); zeros by default.
    batch_size
        B: 1 is stochastic gradient descent proper, N is batch gradient descent.
    epochs
        Passes through the data, each of ⌈N/B⌉ steps; 10⁸ steps at most.
    seed
        Of the order of the rows, a whole number; the same seed gives the same run on every
        platform.
    learning_rate
        A schedule over the steps k = 1, 2, …, or a sequence of rates; `schedules.by_epoch`
        makes one that changes once an epoch, and `schedules.on_plateau` one that watches the cost;
        with `keep="epochs"` its interval must be a whole number of epochs.
    replacement
        False: rows are shuffled every epoch and each is used once; where B does not divide N,
        the epoch's last batch is smaller. True: every batch is drawn anew from all rows.
    stop
        When to finish early, asked at every point that is kept or, with `keep="end"`, at all.
    held_out
        A cost that is recorded at every kept point, as in `descend`.
    keep
        "path" or "end", as in `descend`; or "epochs", the start and the point after each epoch,
        and only there is the whole cost looked at: for a model whose cost takes long. With "end"
        and no `stop` it is looked at where the run ends. The steps are the same.

    Returns
    -------
    Trajectory
        `samples` counts the rows seen at each kept point; `values` and `gradients` are those
        of the whole cost, which the run itself never saw. A run ends as "diverged" where θ, the
        whole cost or its gradient would not be finite.

    Raises
    ------
    TypeError, ValueError
        A batch larger than the data, fewer than one epoch's worth of anything, a wrong start; what
        `descend` refuses.
    """
    batch_size, epochs, seed = _check(problem, optimizer, batch_size, epochs, seed, replacement)
    if stop is not None:
        checks.instance("stop", stop, Stop, "a gd.Stop(...)")
    checks.choice("keep", keep, ("path", "epochs", "end"))
    theta = start_of(problem, start)
    judge = held_out_of(problem, held_out, theta, keep)
    an_epoch = -(-problem.rows // batch_size)
    steps = check_steps(epochs * an_epoch)
    check_room(problem.n, epochs if keep == "epochs" else steps, _kept(keep), SHORTER)

    def taking(at_once: int | None) -> Trajectory:
        rng = np.random.default_rng(seed)
        return follow(
            problem,
            optimizer,
            theta,
            _orders(problem.rows, batch_size, epochs, rng, replacement),
            batch_size,
            steps,
            learning_rate,
            _kept(keep),
            at_once=at_once,
            stop=stop,
            held_out=judge,
        )

    watching = checks.is_a(learning_rate, OnPlateau)
    unseen = keep == "end" and stop is None and not watching and not _calm(problem)
    path = taking(an_epoch if keep == "epochs" else steps if unseen else None)
    if unseen and path.status == DIVERGED:
        path = taking(None)  # the same steps, each looked at: which was the last that stands?
    if keep == "epochs":
        kept = an_epoch * np.arange(len(path.points))
        path = replace(path, steps=int(kept[-1]), evaluations=int(kept[-1]))
    else:
        kept = np.arange(path.steps + 1)[-len(path.points) :]
    return replace(path, samples=_seen(problem, batch_size, kept, replacement))


def _kept(keep: str) -> Keep:
    """Return what the engine is told: that of an epoch it sees the last point alone, it is not."""
    return "end" if keep == "end" else "path"


def follow(
    problem: Problem,
    optimizer: UpdateRule,
    theta: Array,
    orders: Iterable[NDArray[np.int_] | None],
    size: int,
    steps: int,
    learning_rate: Rates | None = None,
    keep: Keep = "path",
    *,
    at_once: int | None = None,
    stop: Stop | None = None,
    held_out: HeldOut | None = None,
) -> Trajectory:
    """Run over batches of so many rows, in the order given for each epoch, the last one smaller.

    None is the order in which the rows stand, all of them in one batch. With `at_once`, so many
    steps are taken before the next look. What comes in is checked by the caller, but for the start
    and the rates.
    """
    calm = _calm(problem)
    watched = watched_of(learning_rate, optimizer, steps, held_out)
    if watched is not None:
        watched.check_looks(at_once or 1)
        calm = 0.0  # every cost is looked at
    with np.errstate(over="ignore"):
        sure = stop is None and held_out is None and bool(theta.dot(theta) < calm**2)
    # Refused before the rates are asked for.
    first = None if sure else look_at_start(problem, theta[None, None])
    rates = rates_of(optimizer, learning_rate, steps) if watched is None else watched.rates
    # Where any step may be the last one, each is looked at before the next.
    pieces = _pieces(problem, orders, size, LONG if calm or at_once else 1)
    with progress_bar(steps, problem, size) as bar:
        stepper = Batches(problem, optimizer, theta, pieces, rates, calm, bar, at_once)
        return run(
            problem,
            stepper,
            theta,
            steps,
            stop,
            keep,
            first=first,
            sure=sure,
            held_out=held_out,
            watched=watched,
        )


def _check(
    problem: Any, optimizer: Any, size: Any, epochs: Any, seed: Any, replacement: Any
) -> tuple[int, int, int]:
    if not checks.is_a(problem, Problem):
        came = type(problem).__name__
        raise TypeError(f"batches come from a problem like gd.LeastSquares(...), not {came}")
    check_rule(optimizer)
    size = checks.count("batch_size", size, at_least=1, at_most=problem.rows)
    checks.flag("replacement", replacement)
    return size, checks.count("epochs", epochs), checks.seed(seed)


def _orders(
    rows: int, size: int, epochs: int, rng: np.random.Generator, replacement: bool
) -> Iterator[NDArray[np.int_] | None]:
    """Yield the order of the rows of each epoch; None where it does not matter."""
    for _ in range(epochs):
        if replacement:
            yield rng.integers(rows, size=size * -(-rows // size))
        else:  # all the rows in any order are the same batch
            yield rng.permutation(rows) if size < rows else None


def _pieces(
    problem: Problem, orders: Iterable[NDArray[np.int_] | None], size: int, most: int
) -> Iterator[tuple[Array, Array]]:
    """Yield features (k, B, n) and targets (k, B) of k ≤ `most` batches, copied together.

    So they are still in the processor's cache when their step comes.
    """

    def copied(chosen: NDArray[np.int_], size: int) -> tuple[Array, Array]:
        both = problem.features, problem.targets
        features, targets = (a.take(chosen, 0).reshape(-1, size, *a.shape[1:]) for a in both)
        return features, targets

    rows = size * min(most, max(1, BLOCK // (size * problem.width)))
    for order in orders:
        if order is None:
            yield problem.features[None], problem.targets[None]
            continue
        full, rest = divmod(len(order), size)
        for first in range(0, full * size, rows):
            yield copied(order[first : min(first + rows, full * size)], size)
        if rest:
            yield copied(order[-rest:], rest)


class Batches:
    """A rule that moves along gradients of batches; who stays calm needs no look at all rows."""

    def __init__(
        self,
        problem: Problem,
        optimizer: UpdateRule,
        theta: Array,
        pieces: Iterator[tuple[Array, Array]],
        rates: Array | None,
        calm: float,
        bar: Any,
        at_once: int | None,
    ) -> None:
        self.problem, self.pieces, self.rates, self.bar = problem, pieces, rates, bar
        self.at_once = at_once
        self.theta, self.calm = theta.copy(), calm
        self.mover = optimizer.stepper(self.theta, layout_of(problem))

    def advance(self, turn: Turn) -> Made:
        """Take the steps of the next piece, or as many as are to be taken at once."""
        if self.at_once is None:
            return self._piece(turn, turn.k)
        taken = 0
        while taken < self.at_once:
            made = self._piece(turn, turn.k + taken)
            taken += made.steps
            if not finite(made.points[-1]):
                break
        return Made(made.points[-1:], taken)

    def _piece(self, turn: Turn, k: int) -> Made:
        piece, theta, step = next(self.pieces), self.theta, self.mover.step
        given = repeat(None) if self.rates is None else map(float, self.rates[k:])
        slope, written = self.problem.mean_gradient, self.mover.reported.tobytes
        trail: list[bytes] = []
        keep = trail.append
        for features, targets, rate in zip(*piece, given, strict=False):
            step(slope(theta, features, targets), rate)
            keep(written())  # bytes are sooner made than an array's row
        points = np.frombuffer(bytearray().join(trail)).reshape(-1, 1, self.problem.n)
        self.bar.update(len(points))
        flat = points.ravel()
        sure = bool(flat.dot(flat) < self.calm**2)
        return Made(points if turn.whole or not sure else points[-1:], len(points), sure)


def _seen(
    problem: Problem, size: int, steps: NDArray[np.int_], replacement: bool
) -> NDArray[np.int_]:
    """Count the rows seen after so many steps of a run."""
    if replacement:
        return steps * size
    epochs, batches = np.divmod(steps, -(-problem.rows // size))
    return np.asarray(epochs * problem.rows + batches * size)


def _calm(problem: Problem) -> float:
    """Return an ‖θ‖ below which cost and gradient over all rows must be finite.

    So no step there needs a look at all rows. 0, nowhere, if ℓ is not one of the two known here.
    """
    known = LeastSquares.row_costs, LogisticRegression.row_costs
    if not isinstance(problem, LinearModel) or type(problem).row_costs not in known:
        return 0.0
    with np.errstate(over="ignore"):
        size = problem.n * problem.largest  # |x·θ| is at most this times ‖θ‖
    terms = (problem.rows + problem.n) * (1 + problem.l2) * (1 + size)
    most = math.sqrt(LARGEST / terms) - 1 - float(np.abs(problem.targets).max())
    return max(0.0, most / (1 + size))
