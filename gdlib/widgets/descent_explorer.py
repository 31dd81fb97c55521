"""The race of any optimizers down a landscape of two variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdlib import landscapes
from gdlib.landscapes import Landscape
from gdlib.widgets.race import Race
from gdlib.widgets.traits import Choice, Flag

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class DescentExplorer(Race):
    """Drop a ball on a landscape and watch where each optimizer takes it.

    Parameters
    ----------
    landscape
        A `Landscape` of two variables; a quadratic bowl by default.
    optimizers
        The methods that race, one `Optimizer` or several; gradient descent by default.
    start
        Where all begin.
    steps
        How many steps.
    learning_rate
        The rate of the method in `focus`.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    show_gradient = Flag(False, help="Draw the gradient at the step shown.").tag(sync=True)
    show_terms = Flag(False, help="Draw the terms of the step shown.").tag(sync=True)
    view = Choice(("map", "surface"), "map", help="From above, or in space.").tag(sync=True)

    @classmethod
    def _default_landscape(cls) -> Landscape:
        """Return the bowl with curvatures 1 and 10."""
        return landscapes.quadratic()

    def alt_text(self) -> str:
        """Say where each run ends."""
        runs = [
            f"{name}: {run.status} after {run.steps} steps, J = {float(run.values[-1]):.3g}"
            for name, run in self.trajectories.items()
        ]
        start = ", ".join(f"{x:g}" for x in self.start)
        return f"Contour map of {self.landscape.name}. Runs from ({start}). {'; '.join(runs)}."

    def draw(self, figure: Figure) -> None:
        """Draw the map and the paths."""
        from gdlib import plotting

        axes = figure.subplots()
        plotting.contours(axes, self.landscape)
        plotting.paths(axes, self.trajectories)
