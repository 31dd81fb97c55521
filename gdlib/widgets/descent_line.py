"""Descent on a curve: the ball, its tangent, where the step lands, and the regime of the rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from gdlib.landscapes import Landscape
from gdlib.widgets.race import Race, standard_methods
from gdlib.widgets.traits import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure

    from gdlib.optimizers import Optimizer

ON_A_LINE = ("gradient descent", "momentum", "Nesterov", "RMSProp", "Adam")


def parabola() -> Landscape:
    """Build J = ½x², curvature 1: there ηλ is η, and each step multiplies the error by 1 − η."""
    x = sp.Symbol("x", real=True)
    return Landscape(
        name="parabola",
        expr=x**2 / 2,
        variables=(x,),
        bounds=((-3.0, 3.0),),
        start=(-2.4,),
        minima=((0.0,),),
        source="Boyd & Vandenberghe 2004, §9.3.2, doi:10.1017/CBO9780511804441, in one variable",
    )


class DescentLine(Race):
    """Roll down a curve and see each step land; the learning rate's regime is named.

    Parameters
    ----------
    landscape
        A `Landscape` of one variable; J = ½x² by default.
    optimizers
        The methods that run, one `Optimizer` or several; gradient descent at rate 0.3 by default.
    start
        A number, or a tuple of one.
    steps
        How many steps.
    learning_rate
        The rate of the method in `focus`.
    simple
        Leave all away but the curve, the ball, its rate and play: for readers who have not met
        curvature, bounds and other methods yet.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    dimensions = 1

    show_tangent = Flag(True, help="Draw the tangent at the step shown.").tag(sync=True)
    simple = Flag(False, help="Show no more than the ball, its rate and play.").tag(sync=True)

    def __init__(
        self,
        landscape: Landscape | None = None,
        optimizers: Iterable[Optimizer] | Optimizer | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("steps", 20)
        kwargs.setdefault("methods", [o for o in standard_methods() if o.name in ON_A_LINE])
        if optimizers is None:
            kwargs.setdefault("learning_rate", 0.3)
        super().__init__(landscape, optimizers, **kwargs)

    @classmethod
    def _default_landscape(cls) -> Landscape:
        """Return J = ½x²."""
        return parabola()

    @classmethod
    def _default_landscapes(cls) -> tuple[Landscape, ...]:
        """Return the parabola and the catalogue's curves."""
        return (parabola(), *super()._default_landscapes())

    def alt_text(self) -> str:
        """Say where the run starts and ends."""
        name, run = next(iter(self.trajectories.items()))
        return (
            f"The curve of {self.landscape.name}. {name} with learning rate {self.learning_rate:g}"
            f" from {self.start[0]:g}: {run.status} after {run.steps} steps"
            f" at {float(run.points[-1, 0]):.3g}, J = {float(run.values[-1]):.3g}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the curve and the steps along it."""
        from gdlib import plotting

        axes = figure.subplots()
        for name, run in self.trajectories.items():
            plotting.steps(axes, self.landscape, run, method=name, label=name)
