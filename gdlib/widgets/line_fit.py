"""A line fitted to points by descent: the data and the line beside the map of its two numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from gdlib import checks, problems
from gdlib.landscapes import Landscape
from gdlib.problems import LeastSquares
from gdlib.widgets import line_data
from gdlib.widgets.base import SHARED
from gdlib.widgets.race import Race
from gdlib.widgets.traits import Flag, Object, validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gdlib.optimizers import Optimizer

DATA = "a LeastSquares with features (1, x)"


class LineFit(Race):
    """Fit a line to points: each place on the map of the cost is a line through the data.

    Parameters
    ----------
    problem
        A `LeastSquares` with features (1, x); twelve points of `noisy_line()` by default.
    optimizers
        The methods that run, one `Optimizer` or several; gradient descent at rate 0.5 by default.
    start
        Intercept and slope to begin with.
    steps
        How many steps.
    step
        The step shown.
    learning_rate
        The rate of the method in `focus`.
    simple
        Leave the bound on the rate away: for readers who have not met curvature yet.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    problem = Object(LeastSquares, DATA)
    simple = Flag(True, help="Show no bound on the rate.").tag(sync=True)

    def __init__(
        self,
        problem: LeastSquares | None = None,
        optimizers: Iterable[Optimizer] | Optimizer | None = None,
        start: Iterable[float] = (0.0, 0.0),
        **kwargs: Any,
    ) -> None:
        data = problems.noisy_line(12) if problem is None else problem
        checks.instance("problem", data, LeastSquares, DATA)
        own = {*self.choices()} - {"landscape", "landscapes"}  # the cost is that of the data
        checks.keywords(self.kind, kwargs, sorted(own), also=SHARED)
        first = checks.array("start", start, shape=(2,))
        cost = line_data.cost_around(line_data.checked(data), first.tolist(), square=True)
        kwargs = {"steps": 40, "step": 0, **kwargs}
        if optimizers is None:
            kwargs.setdefault("learning_rate", 0.5)
        super().__init__(cost, optimizers, problem=data, start=start, landscapes=[cost], **kwargs)
        self.observe(self._follow_problem, ["problem"])

    def _follow_problem(self, _change: Any = None) -> None:
        cost = line_data.cost_around(self.problem, self.start, square=True)
        self.landscapes = (cost,)
        self.landscape = cost

    @validate("problem")
    def _check_problem(self, problem: LeastSquares) -> LeastSquares:
        return line_data.checked(problem)

    @validate("landscape")
    def _check_landscape(self, cost: Landscape) -> Landscape:
        if cost not in self.landscapes:
            raise ValueError("landscape is the cost of the data; set problem instead")
        return cost

    def _program(self) -> dict[str, Any]:
        (cost,) = self.landscapes
        return {
            **super()._program(),
            "landscapes": [line_data.program(self.problem, cost)],
            "points": line_data.points(self.problem),
        }

    def title(self) -> str:
        """Say how many points there are."""
        return f"{self.problem.rows} points"

    def alt_text(self) -> str:
        """Say where the line begins, where it ends, and which is best."""
        best, ends = self.problem.minimum, line_data.ends(self.trajectories)
        return (
            f"Left, {self.problem.rows} points and the line that is fitted to them; right, the"
            f" contours of the cost over intercept and slope, with the path from"
            f" ({self.start[0]:g}, {self.start[1]:g}). {ends}. The best line has"
            f" intercept {best[0]:.3g} and slope {best[1]:.3g}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the data with the first line and the last, and the map with the path."""
        from gdlib import plotting

        data, plane = figure.subplots(1, 2)
        x, y = self.problem.features[:, 1], self.problem.targets
        ends = np.array([x.min(), x.max()])
        data.plot(x, y, "o", color=plotting.INK, alpha=0.6, markersize=5)
        for name, run in self.trajectories.items():
            look = plotting.look(name)
            for (a, b), style, word in ((run.points[0], ":", "start"), (run.end, "-", "end")):
                data.plot(
                    ends, a + b * ends, style, color=look.colour, lw=2, label=f"{name}, {word}"
                )
        data.set(xlabel="$x$", ylabel="$y$")
        plotting.style(data)
        plotting.legend(data)
        plotting.contours(plane, self.landscape, labels=False)
        plotting.paths(plane, self.trajectories)
        plane.set(xlabel=r"intercept $\theta_0$", ylabel=r"slope $\theta_1$")
        plane.yaxis.label.set_rotation(90)
