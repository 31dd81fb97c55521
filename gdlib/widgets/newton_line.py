"""Newton's method on a curve: the parabola that fits at a point, and the step to its vertex."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from gdlib.descent.line_search import MOST_SHRINKS, SHRINK, SLOPE
from gdlib.descent.newton import newton
from gdlib.descent.trajectory import Trajectory
from gdlib.formula import lower
from gdlib.landscapes import Landscape
from gdlib.landscapes.flatness import FLAT
from gdlib.widgets import printed
from gdlib.widgets.curves import Curves
from gdlib.widgets.traits import Count, Flag, Number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_STEPS = 30


def default_curves() -> tuple[Landscape, ...]:
    """Build three: one that Newton's method can leave, a gentle one, and one with a hilltop."""
    return (
        Landscape.parse("sqrt(1 + x**2)", name="√(1 + x²)", bounds=((-3, 3),), start=(0.9,)),
        Landscape.parse("exp(x) - 2*x", name="eˣ − 2x", bounds=((-1.5, 2.5),), start=(2,)),
        Landscape.parse("x**4/4 - x**2/2", name="x⁴/4 − x²/2", bounds=((-1.7, 1.7),), start=(0.4,)),
    )


class NewtonLine(Curves):
    """Fit a parabola where you stand, and step to its vertex: Newton's method on a curve.

    The parabola has the curve's height, slope and curvature at the step shown. The damped step
    takes the size of the curvature, so that the parabola opens upward, and is halved until the
    cost falls by enough, as that of `newton` does.

    Parameters
    ----------
    curves
        One `Landscape` of one variable or several, of which the reader chooses; three by default.
    curve
        Which of them, counted from 0.
    start
        Where the steps begin; the curve's own start by default.
    steps
        How many steps.
    damped
        Whether the damped step is taken.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    start = Number(0.0, help="Where the walk starts.").tag(sync=True)
    steps = Count(8, 1, MOST_STEPS, help="How many steps to take.").tag(sync=True)
    step = Count(0, 0, MOST_STEPS, help="The step shown.").tag(sync=True)
    damped = Flag(False, help="Whether the damped step is taken.").tag(sync=True)

    def __init__(
        self, curves: Landscape | Sequence[Landscape] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(default_curves() if curves is None else curves, **kwargs)

    @classmethod
    def _begin(cls, curve: Landscape) -> dict[str, Any]:
        return {"start": curve.start[0]}

    def _program(self) -> dict[str, Any]:
        return {
            "curves": [printed.landscape(cost) for cost in self.curves],
            "flat": [_flat_points(cost) for cost in self.curves],
            "model": _model(),
        }

    @property
    def trajectory(self) -> Trajectory:
        """The walk as Python takes it."""
        return newton(self.landscape, (self.start,), self.steps, damped=self.damped)

    def title(self) -> str:
        """Name the curve and the start."""
        return f"{'damped, ' if self.damped else ''}{self.landscape.name} from {self.start:g}"

    def alt_text(self) -> str:
        """Say where the walk starts and ends."""
        run = self.trajectory
        points = ", ".join(f"{x:.3g}" for x in run.points[:4, 0])
        return (
            f"The curve {self.landscape.name} and the parabola with the same height, slope and"
            f" curvature at {self.start:g}. {'Damped ' if self.damped else ''}Newton steps lead to"
            f" the vertex of the parabola at each point: {points}. After {run.steps} steps the walk"
            f" is at {float(run.points[-1, 0]):.3g}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the curve, the parabola at the start, and the first steps."""
        from gdlib import plotting

        axes = figure.subplots()
        cost, at = self.landscape, self.start
        plotting.curve(axes, cost)
        bottom, top = axes.get_ylim()
        J, g, h, s = (sp.Symbol(name) for name in "Jghs")  # noqa: N806
        bend = cost.hessian([at])[0, 0]
        bend = abs(bend) if self.damped else bend
        here = {J: cost.value([at]), g: cost.gradient([at])[0], h: bend}
        fitted = sp.lambdify(s, parabola(J, g, h, s).subs(here), "numpy")
        places = np.linspace(*cost.bounds[0], 400)
        axes.plot(places, fitted(places - at) + 0 * places, color=plotting.INK, lw=1.5, ls="--")
        look = plotting.look("Newton")
        points = self.trajectory.points[:2, 0]
        axes.plot(points, cost.value(points[:, None]), look.marker, color=look.colour, ms=8)
        axes.set(xlim=cost.bounds[0], ylim=(bottom - ROOM * (top - bottom), top))


ROOM = 0.35
"""Room for the parabola's vertex below the curve, as a share of its height."""


def parabola(J: sp.Expr, g: sp.Expr, h: sp.Expr, s: sp.Expr) -> sp.Expr:  # noqa: N803
    """Return the second-order model of a cost J with slope g and curvature h, at a step s."""
    return J + g * s + h * s**2 / 2


@cache
def _model() -> printed.Program:
    """Return the parabola, its vertex and what a damped step asks for, as formulas."""
    J, g, h, s, c = (sp.Symbol(name, real=True) for name in "Jghsc")  # noqa: N806
    model = parabola(J, g, h, s)
    (plain,) = sp.solve(model.diff(s), s)
    least = sp.Rational(str(FLAT)) ** 2  # what `downhill` allows in one variable
    size = sp.Max(sp.Abs(h), least)
    formulas = {
        "parabola": model, "plain": plain, "damped": plain.subs(h, size), "size": size,
        "enough": J + c * g * s,
    }  # fmt: skip
    codes = {name: printed.code(lower.lower([formula])) for name, formula in formulas.items()}
    return codes | {"slope": SLOPE, "shrink": SHRINK, "most": MOST_SHRINKS, "room": ROOM}


def _flat_points(cost: Landscape) -> list[tuple[float, str]]:
    """Return where the slope is 0 and of what kind each place is; nothing where nobody knows."""
    if cost.has_corners:
        return []
    low, high = cost.bounds[0]
    try:
        found = cost.critical_points()
    except ValueError:  # a flat stretch, or thousands of places
        return []
    # They come with twelve digits; a step from there has them all.
    exact = [(float(newton(cost, p.point, 1).end[0]), p.kind) for p in found]
    return [(x, kind) for x, kind in exact if low <= x <= high]
