"""Which minimum every start reaches, and how soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdlib import landscapes
from gdlib.descent.basins import (
    ARRIVED,
    ESCAPED,
    MOST_POINTS,
    NEWTON_STEPS,
    REACH,
    UNDECIDED,
    Basins,
    basins,
)
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.widgets.race import Race

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_NAMED = 8
"""Points named in the text alternative."""
RULES = {
    "going": UNDECIDED,
    "diverged": ESCAPED,
    "reach": REACH,
    "newton_steps": NEWTON_STEPS,
    "arrived": ARRIVED,
    "most_points": MOST_POINTS,
}
"""What `basins` goes by, for the browser's engine."""


class BasinMap(Race):
    """Colour every start by the minimum that an optimizer reaches from it, paler for later.

    The map is that of the method in `focus`; a path is drawn for each method, from `start`.

    Parameters
    ----------
    landscape
        A `Landscape` of two variables; Himmelblau's, with four minima, by default.
    optimizers
        The methods, one `Optimizer` or several; gradient descent by default.
    start
        Where the paths shown start.
    steps
        How many steps every start of the map is given.
    learning_rate
        The rate of the method in `focus`.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    @classmethod
    def _default_landscape(cls) -> Landscape:
        """Return Himmelblau's function."""
        return landscapes.himmelblau()

    def _program(self) -> dict[str, Any]:
        """Add by which numbers a run has reached a minimum."""
        return {**super()._program(), "basins": RULES}

    @property
    def focused(self) -> Optimizer:
        """The method whose map is shown."""
        found: Optimizer = self.optimizers[self._in_focus()]
        return found

    def basins(self, columns: int = 96, rows: int = 72) -> Basins:
        """Run from the middles of a grid's cells, and tell which point each run reaches."""
        return basins(self.landscape, self.focused, (rows, columns), self.steps)

    def alt_text(self) -> str:
        """Say which share of starts reaches which minimum."""
        found = self.basins()
        reached = [critical.point for critical in found.points]
        largest = sorted(zip(-found.shares, reached, strict=True))[:MOST_NAMED]
        parts = [
            f"{-share:.0%} of starts reach ({_short(x)}, {_short(y)})" for share, (x, y) in largest
        ]
        if (more := len(found.points) - len(largest)) > 0:
            parts.append(f"{more} more points share the rest")
        for code, words in ((UNDECIDED, "are still on their way"), (ESCAPED, "diverge")):
            if share := float((found.labels == code).mean()):
                parts.append(f"{share:.0%} {words}")
        return (
            f"Map of {self.landscape.name}, each start coloured by the minimum that"
            f" {self.focused.name} reaches within {self.steps} steps: {'; '.join(parts)}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the map of basins with contour lines and the paths."""
        from gdlib import plotting

        axes = figure.subplots()
        plotting.basins(axes, self.basins(240, 180))
        plotting.paths(axes, self.trajectories)


def _short(x: float) -> str:
    return f"{0.0 if abs(x) < 1e-9 else x:.3g}"
