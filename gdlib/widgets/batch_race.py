"""A line fitted to points three times at once: by all rows, by a few, by one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib import checks, optimizers, problems
from gdlib.descent.batches import follow
from gdlib.descent.trajectory import Trajectory
from gdlib.formula import lower, targets
from gdlib.landscapes import Landscape
from gdlib.optimizers.symbols import eta, g, theta
from gdlib.problems import LeastSquares
from gdlib.theory import noise
from gdlib.widgets import line_data, printed, race_schedules
from gdlib.widgets.base import Widget
from gdlib.widgets.line_data import MOST_ROWS
from gdlib.widgets.shuffling import batch_ends, order
from gdlib.widgets.traits import (
    Choice,
    Count,
    Flag,
    Json,
    Number,
    Object,
    Point,
    Several,
    validate,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
MOST_EPOCHS, LARGEST_SEED = 60, 99


class BatchRace(Widget):
    """Fit a line on batches of every size at once, and watch both the lines and their parameters.

    All three see the same rows in the same order, on one clock of samples seen. Batch gradient
    descent steps once it has seen all rows, mini-batch after `batch_size`, stochastic after each.

    Parameters
    ----------
    problem
        A `LeastSquares` with features (1, x); `noisy_line()` by default.
    batch_size
        B of the mini-batch.
    learning_rate
        The first rate, the same for all three.
    epochs
        Passes through the data.
    seed
        Of the order of the rows.
    replacement
        Whether rows are drawn anew from all instead of shuffled every epoch.
    schedule
        How the rate falls in the course of a run, by name ("cosine").
    schedules
        The names to choose from.
    start
        Intercept and slope to begin with.
    samples
        Samples seen at the moment shown; None for the end.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    dimensions = 2

    problem = Object(LeastSquares, "a LeastSquares with features (1, x)")
    batch_size = Count(10, 1, MOST_ROWS, help="Rows in a mini-batch.").tag(sync=True)
    learning_rate = Number(0.2, above=0, help="The rate of all three.").tag(sync=True)
    epochs = Count(20, 1, MOST_EPOCHS, help="Passes through the data.").tag(sync=True)
    seed = Count(0, 0, LARGEST_SEED, help="Of the rows' order.").tag(sync=True)
    replacement = Flag(False, help="Draw rows from all, not by shuffles.").tag(sync=True)
    start = Point(help="Intercept and slope at the start.").tag(sync=True)
    schedules = Several(
        str, "names of schedules", ("constant",), help="The schedules to choose from."
    )
    schedule = Choice(race_schedules.NAMES, "constant", help="How the rate falls.").tag(sync=True)
    samples = Count(None, 0, help="The moment shown.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(self, problem: LeastSquares | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("start", (0.0, 0.0))
        super().__init__(problem=problems.noisy_line() if problem is None else problem, **kwargs)
        self._describe()
        self.observe(self._describe, ["problem", "schedules"])

    def _describe(self, _change: Any = None) -> None:
        self._programs = describe(self.problem, self.landscape, self.schedules)

    @validate("problem")
    def _check_problem(self, problem: LeastSquares) -> LeastSquares:
        return line_data.checked(problem)

    @validate("batch_size")
    def _check_batch_size(self, size: int) -> int:
        return checks.count("batch_size", size, at_least=1, at_most=self.problem.rows)

    @validate("schedule")
    def _check_schedule(self, name: str) -> str:
        if name not in self.schedules:
            self.schedules = (*self.schedules, name)
        return name

    @validate("schedules")
    def _check_schedules(self, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            checks.choice("schedules", name, race_schedules.NAMES)
        return tuple(dict.fromkeys((*names, self.schedule)))

    @property
    def landscape(self) -> Landscape:
        """The whole cost over intercept and slope, with the start and the minimum well inside."""
        return line_data.cost_around(self.problem, self.start)

    @property
    def trajectories(self) -> dict[str, Trajectory]:
        """The three paths as Python computes them, over the same rows in the same order."""
        rows, epochs = self.problem.rows, self.epochs
        drawn = order(rows, epochs, self.seed, replacement=self.replacement)
        orders = drawn.reshape(epochs, rows)
        return {
            "batch": self._run([None] * epochs, rows),
            "mini-batch": self._run(orders, self.batch_size),
            "stochastic": self._run(orders, 1),
        }

    def _run(self, orders: Iterable[NDArray[np.int_] | None], size: int) -> Trajectory:
        ends = batch_ends(self.problem.rows, self.epochs, size)
        rule, steps = optimizers.gradient_descent(self.learning_rate), len(ends)
        rates = race_schedules.over_run(self.schedule, self.learning_rate, steps)
        path = follow(self.problem, rule, np.array(self.start), orders, size, steps, rates)
        return replace(path, samples=np.concatenate([[0], ends[: path.steps]]))

    def radius(self, batch_size: int) -> float:
        """Return the predicted distance from the minimum (root mean square) once a run has settled.

        At the first rate, kept; NaN where it is too large for a run to settle.
        """
        size = checks.count("batch_size", batch_size, at_least=1, at_most=self.problem.rows)
        facts = self._programs["noise"]
        formula = _variance(replacement=self.replacement)
        names = [str(s) for s in noise.ARGUMENTS]
        code = targets.function("variance", names, lower.lower([formula]), "numpy", ())
        variance = targets.compile_python(code, "variance")
        settled = self.learning_rate * facts["curvatures"][1] < 2
        numbers = [size, self.problem.rows, -(-self.problem.rows // size)]
        with np.errstate(all="ignore"):
            along = [
                variance(*map(np.float64, [self.learning_rate, curvature, spread, *numbers]))
                for curvature, spread in zip(facts["curvatures"], facts["spreads"], strict=True)
            ]
        return math.sqrt(sum(along)) if settled else math.nan

    def title(self) -> str:
        """Say how many rows there are, and how many a mini-batch has."""
        return f"{self.problem.rows} rows, batches of {self.batch_size}"

    def alt_text(self) -> str:
        """Say where each of the three ends."""
        best, ends = self.problem.minimum, line_data.ends(self.trajectories)
        return (
            f"Left, {self.problem.rows} points and three lines fitted to them; right, the paths of"
            f" their intercepts and slopes over {self.epochs} epochs. {ends}. The best line has"
            f" intercept {best[0]:.3g} and slope {best[1]:.3g}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the data with the three lines, and the map with the three paths."""
        from gdlib import plotting

        data, plane = figure.subplots(1, 2)
        runs = self.trajectories
        x = self.problem.features[:, 1]
        data.plot(x, self.problem.targets, "o", color=plotting.INK, alpha=0.5, markersize=4)
        ends = np.array([x.min(), x.max()])
        for name, run in runs.items():
            look = plotting.look(name)
            line = run.end[0] + run.end[1] * ends
            data.plot(ends, line, color=look.colour, linestyle=look.linestyle, lw=2, label=name)
        data.set(xlabel="$x$", ylabel="$y$")
        plotting.style(data)
        plotting.legend(data)
        plotting.contours(plane, self.landscape, labels=False)
        for name in ("stochastic", "mini-batch"):
            plane.plot(*runs[name].points.T, color=plotting.look(name).colour, lw=0.9)
        plotting.path(plane, runs["batch"], method="batch")
        plane.set(xlabel="intercept", ylabel="slope")
        plane.yaxis.label.set_rotation(90)


def _variance(*, replacement: bool) -> sp.Expr:
    if replacement:
        return noise.independent_variance(replacement=True)
    return noise.shuffled_variance()


def describe(problem: LeastSquares, cost: Landscape, schedules: tuple[str, ...]) -> printed.Program:
    """Return data, cost, one row's gradient, the step, schedules and noise, for the browser."""
    parameters = sp.symbols("theta_0:2", real=True)
    features = sp.symbols("x_0:2", real=True)
    target = sp.Symbol("y", real=True)
    score = sum(x * t for x, t in zip(features, parameters, strict=True))
    row = problem.row_formula(score, target)
    step = optimizers.gradient_descent(1.0).step
    now = [{theta: t, g: sp.Symbol(f"g_{i}", real=True)} for i, t in enumerate(parameters)]
    moved = [t + step.subs(names) for t, names in zip(parameters, now, strict=True)]
    return {
        "cost": line_data.program(problem, cost),
        "features": problem.features.ravel().tolist(),
        "targets": problem.targets.tolist(),
        "gradient": printed.code(lower.lower([sp.diff(row, t) for t in parameters])),
        "step": printed.code(lower.lower(moved, prefix="b")),
        "rate": str(eta),
        "schedules": [race_schedules.program(name) for name in schedules],
        "minimum": problem.minimum.tolist(),
        "noise": _noise_facts(problem),
    }


def _noise_facts(problem: LeastSquares) -> printed.Program:
    """Return curvatures, eigenvectors, and a row gradient's variance along each, at the minimum."""
    best = problem.minimum
    curvatures, directions = np.linalg.eigh(problem.hessian(best))
    rows = problem.row_slopes(problem.features @ best, problem.targets)[:, None] * problem.features
    formulas = {
        "drawn": noise.independent_variance(replacement=True),
        "shuffled": noise.shuffled_variance(),
        "independent": noise.independent_variance(replacement=False),
    }
    return {
        "curvatures": curvatures.tolist(),
        "directions": directions.T.tolist(),
        "spreads": (rows @ directions).var(axis=0).tolist(),
        "arguments": [str(s) for s in noise.ARGUMENTS],
        "variance": {name: printed.code(lower.lower([e])) for name, e in formulas.items()},
    }
