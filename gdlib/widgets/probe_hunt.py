"""A game in fog: a curve that shows its height and slope only where it is probed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.descent.descend import descend
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer, gradient_descent
from gdlib.widgets import printed
from gdlib.widgets.curves import Curves
from gdlib.widgets.traits import Count, Flag, Number, Numbers, Object, validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PROBES = 40
_GRID = 20_001
_NOT_NEEDED = {"math": "", "hessian": {"lines": [], "results": []}}


class ProbeHunt(Curves):
    """Find the lowest point of a hidden curve with a few probes; then watch an optimizer do it.

    A probe tells the height and the slope at one place, as one evaluation of the gradient does.
    The optimizer starts where its landscape says and has as many.

    Parameters
    ----------
    curves
        One `Landscape` of one variable or several; the reader goes from one to the next.
    optimizer
        The method that plays the same hand; gradient descent with a rate of 0.3 by default.
    allowed
        How many probes each side has.
    curve
        Which of the curves, counted from 0.
    probes
        Where it has been probed.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no game; the message says what was wanted.
    """

    optimizer = Object(Optimizer, "a rule such as gd.gradient_descent(0.3)")
    allowed = Count(12, 2, MOST_PROBES, help="Probes each has.").tag(sync=True)
    probes = Numbers(help="Where the reader has probed, in order.").tag(sync=True)
    probe = Number(0.0, help="Where the next probe will be.").tag(sync=True)
    lifted = Flag(False, help="Whether the fog has lifted.").tag(sync=True)
    walked = Count(None, 0, MOST_PROBES, help="The optimizer's step shown, if any.").tag(sync=True)

    def __init__(self, curves: Landscape | Sequence[Landscape], **kwargs: Any) -> None:
        super().__init__(curves, **{"optimizer": gradient_descent(0.3)} | kwargs)

    @classmethod
    def _begin(cls, curve: Landscape) -> dict[str, Any]:
        return {"probe": sum(curve.bounds[0]) / 2}

    def _program(self) -> dict[str, Any]:
        return {
            "curves": [printed.landscape(cost) | _NOT_NEEDED for cost in self.curves],
            "extent": [list(_extent(cost)) for cost in self.curves],
            "rule": printed.rule(self.optimizer),
        }

    @validate("probe")
    def _check_probe(self, place: float) -> float:
        low, high = self.landscape.bounds[0]
        return checks.number("probe", place, at_least=low, at_most=high)

    @validate("probes")
    def _check_probes(self, places: tuple[float, ...]) -> tuple[float, ...]:
        low, high = self.landscape.bounds[0]
        if not all(low <= x <= high for x in places):
            raise ValueError(f"probes must lie between {low:g} and {high:g}")
        if len(places) > self.allowed:
            raise ValueError(f"{self.allowed} probes are allowed, not {len(places)}")
        return places

    @property
    def trajectory(self) -> Trajectory:
        """The optimizer's hand: as many gradients as there are probes."""
        return descend(self.landscape, self.optimizer, steps=self.allowed - 1)

    @property
    def heights(self) -> NDArray[np.float64]:
        """What the reader's probes found, of shape (number of probes,)."""
        return self.landscape.value(np.array(self.probes, float)[:, np.newaxis])

    @property
    def miss(self) -> float:
        """How far the reader's lowest probe is above the bottom, in percent; NaN before a probe."""
        return self._missed(self.heights)

    def _missed(self, heights: NDArray[np.float64]) -> float:
        low, high = _extent(self.landscape)
        return 100 * max(0.0, heights.min() - low) / (high - low) if len(heights) else math.nan

    def title(self) -> str:
        """Name the curve."""
        return str(self.landscape.name)

    def alt_text(self) -> str:
        """Say what is hidden, and how the optimizer's hand ends."""
        low, high = self.landscape.bounds[0]
        run = self.trajectory
        return (
            f"A hidden curve between {low:g} and {high:g}, to be probed at {self.allowed} places. "
            f"{self.optimizer.name.capitalize()} with as many gradients walks from "
            f"{run.points[0, 0]:g} to {run.points[-1, 0]:.3g}, and its lowest probe is "
            f"{self._missed(run.values):.2g} % of the curve's height above the bottom."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the curve without fog, the optimizer's hand, and the reader's if there is one."""
        from gdlib import plotting

        axes = figure.subplots()
        plotting.curve(axes, self.landscape)
        hand = plotting.look("your hand").colour
        axes.plot(self.probes, self.heights, "o", color=hand, ms=7, label="your probes")
        run, walk = self.trajectory, plotting.look(self.optimizer.name)
        name = f"{self.optimizer.name}, {self.allowed} gradients"
        axes.plot(run.points[:, 0], run.values, "-D", color=walk.colour, ms=6, lw=1.2, label=name)
        plotting.legend(axes, loc="upper center")


@lru_cache(maxsize=256)
def _extent(cost: Landscape) -> tuple[float, float]:
    """Return the lowest and the highest value of a curve on a fine grid over its bounds."""
    places = np.linspace(*cost.bounds[0], _GRID)[:, np.newaxis]
    values = cost.value(places)
    low, high = float(values.min()), float(values.max())
    if not (math.isfinite(low) and low < high < math.inf):
        raise ValueError(f"{cost.name} is flat or not finite on its bounds: no hunt")
    return low, high
