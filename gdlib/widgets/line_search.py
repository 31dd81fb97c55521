"""Backtracking, one look at a time: the cost along a step, and the rates tried on it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sympy as sp

from gdlib import landscapes, optimizers
from gdlib.descent.line_search import MOST_SHRINKS, backtracking
from gdlib.descent.trajectory import Trajectory
from gdlib.formula import lower
from gdlib.landscapes import Landscape
from gdlib.optimizers.symbols import eta, g, theta
from gdlib.widgets import printed
from gdlib.widgets.ground import Ground
from gdlib.widgets.traits import Count, Number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_STEPS = 200


class LineSearch(Ground):
    """Shorten each step until the cost has fallen by enough; see every rate that is tried.

    Beside the map stands the cost along the ray θ − ηg, with Armijo's line: a rate is taken where
    J(θ − ηg) ≤ J(θ) − cη‖g‖².

    Parameters
    ----------
    landscape
        A `Landscape` of two variables; a quadratic bowl by default.
    start
        Where the descent starts.
    steps
        How many steps it takes at most.
    learning_rate
        The rate that each step tries first.
    shrink
        By what a refused rate is multiplied.
    slope
        Armijo's c.
    look
        How many rates have been tried at the moment shown; None for all.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    steps = Count(30, 1, MOST_STEPS, help="How many steps to take.").tag(sync=True)
    learning_rate = Number(1.0, above=0, help="The rate that each step tries first.").tag(sync=True)
    shrink = Number(0.5, above=0, below=1, help="What multiplies a refused rate.").tag(sync=True)
    slope = Number(0.3, above=0, below=1, help="c, the share of the tangent's fall.").tag(sync=True)
    look = Count(None, 0, MOST_STEPS * MOST_SHRINKS, help="The look shown; None for the last.").tag(
        sync=True
    )

    @classmethod
    def _default_landscape(cls) -> Landscape:
        """Return the bowl with curvatures 1 and 10."""
        return landscapes.quadratic()

    def _program(self) -> dict[str, Any]:
        """Add what a look computes."""
        return {**super()._program(), "look": look_program(), "most_looks": MOST_SHRINKS}

    @property
    def trajectory(self) -> Trajectory:
        """The path as Python computes it, from the state that is shown now."""
        return backtracking(
            self.landscape,
            self.start,
            self.steps,
            learning_rate=self.learning_rate,
            shrink=self.shrink,
            slope=self.slope,
        )

    def alt_text(self) -> str:
        """Say what the search costs and where it ends."""
        run = self.trajectory
        start, end = (", ".join(f"{x:.3g}" for x in point) for point in (self.start, run.end))
        return (
            f"Map of {self.landscape.name} and the cost along each step. Backtracking from rate"
            f" {self.learning_rate:g} takes {run.steps} steps from ({start}) to ({end}), with"
            f" {run.value_evaluations} looks at J; J = {float(run.values[-1]):.3g} there."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the map with the path, and the first search."""
        from gdlib import plotting

        plane, along = figure.subplots(1, 2)
        plotting.contours(plane, self.landscape)
        plotting.path(plane, self.trajectory, method="gradient descent")
        plotting.line_search(
            along,
            self.landscape,
            self.start,
            learning_rate=self.learning_rate,
            shrink=self.shrink,
            slope=self.slope,
        )


@cache
def look_program() -> printed.Program:
    """Return what one look computes: where it looks, J at most there, and the rate after it.

    The place is that of plain gradient descent. Over θ and g in two coordinates, J, η, c and s.
    """
    c, shrink, value = sp.symbols("c s J", real=True)
    here = sp.symbols("theta_0 theta_1", real=True)
    slopes = sp.symbols("g_0 g_1", real=True)
    step = optimizers.gradient_descent(1.0).step
    there = [t + step.subs({theta: t, g: s}) for t, s in zip(here, slopes, strict=True)]
    most = value - c * eta * sum(s**2 for s in slopes)
    return printed.code(lower.lower([*there, most, eta * shrink]))
