"""A bowl that turns under the rules: who notices, and how many steps it costs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.autodiff import traced
from gdlib.descent.descend import descend
from gdlib.descent.trajectory import Trajectory
from gdlib.optimizers import UpdateRule, adam, gradient_descent, muon, shampoo, soap
from gdlib.optimizers.array_optimizer import lifted
from gdlib.widgets import networks, printed
from gdlib.widgets.base import Widget
from gdlib.widgets.traits import Choice, Count, Json

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
CONDITION, START, TARGET = 100.0, (2.0, 1.0), 1e-3
"""Of the bowl: κ, the start where it is not turned, and the cost that counts as arrived."""
ANGLES, ON_PAPER = list(range(0, 91, 5)), list(range(0, 91, 15))
"""Degrees at which steps are counted, in the page and for the still picture."""
MOST_STEPS = 800
"""Where counting ends."""
REACH = 2.6
"""How far the picture goes to each side."""
RULES = {
    "gradient descent": gradient_descent(0.018),
    "Adam": adam(0.05),
    "Shampoo": shampoo(1.0),
    "SOAP": soap(0.03, weight_decay=0.0),
    "Muon": muon(0.03, weight_decay=0.0),
}
"""The rules that can be seen; the last three look at θ as a matrix."""
ALWAYS, MATRIX = ("gradient descent", "Adam"), ("Shampoo", "SOAP", "Muon")


class TurnedBowl(Widget):
    """Turn a bowl, and see which rules walk through it as before.

    θ is a matrix of two rows and one column. The bowl has curvatures 1 and 100, along axes that
    turn; the start turns with it, from (2, 1). Gradient descent and Adam take their paths beside a
    rule for matrices. A chart says at each angle how many steps each needs to a cost of 0.001.

    Parameters
    ----------
    angle
        By how many degrees the bowl is turned, from 0 to 90.
    rule
        The rule for matrices: "Shampoo", "SOAP" or "Muon".
    step
        The step shown; by default the last, where the last rule has arrived.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    angle = Count(0, 0, 90, help="Degrees by which the bowl is turned.").tag(sync=True)
    rule = Choice(MATRIX, "Shampoo", help="The rule for matrices.").tag(sync=True)
    step = Count(None, 0, MOST_STEPS, help="The step shown.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_programs=describe(), **kwargs)

    def run(self, name: str, angle: float | None = None) -> Trajectory:
        """Take all steps in Python, at this angle or another.

        Raises
        ------
        TypeError, ValueError
            A name of no rule shown here; an angle that is no number from 0 to 90.
        """
        rule = RULES[checks.choice("name", name, RULES)]
        given = self.angle if angle is None else angle
        return _run(rule, checks.number("angle", given, at_least=0, at_most=90))

    def arrival(self, name: str, angle: float | None = None) -> int | None:
        """Return the first step at which the cost is at most 0.001; None if none is.

        Raises
        ------
        TypeError, ValueError
            As `run`.
        """
        below = np.flatnonzero(self.run(name, angle).values <= TARGET)
        return int(below[0]) if below.size else None

    def title(self) -> str:
        """Name the angle and the rule."""
        return f"{self.angle}°, {self.rule}"

    def alt_text(self) -> str:
        """Say how many steps each rule needs here."""
        names = (*ALWAYS, self.rule)
        counts = ", ".join(f"{name} {self.arrival(name)}" for name in names)
        return (
            f"A narrow bowl turned by {self.angle} degrees with the paths of three rules from the"
            f" same place in it, and a chart of the steps to a cost of 0.001 against the angle."
            f" Steps here: {counts}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the bowl, the three paths, and the steps at each angle."""
        from gdlib import plotting

        plane, chart = figure.subplots(1, 2)
        grid = np.linspace(-REACH, REACH, 161)
        places = np.stack(np.meshgrid(grid, grid), axis=-1)
        levels = 52.0 * 4.0 ** np.arange(-4, 2)
        plane.contour(
            grid, grid, cost(places, self.angle), levels=levels, colors="0.6", linewidths=0.8
        )
        plane.set(xlabel="$x$", ylabel="$y$", aspect="equal")
        for name in (*ALWAYS, self.rule):
            look = plotting.look(name)
            points = self.run(name).points[: (self.arrival(name) or MOST_STEPS) + 1]
            plane.plot(*points.T, color=look.colour, lw=1.5)
            counts = [self.arrival(name, angle) or np.nan for angle in ON_PAPER]
            chart.plot(ON_PAPER, counts, color=look.colour, label=name)
        chart.axvline(self.angle, color=plotting.INK, ls="--", lw=1)
        chart.set(xlabel="angle in degrees", ylabel="steps to a cost of 0.001", ylim=(0, None))
        plotting.legend(chart)
        for axes in (plane, chart):
            plotting.style(axes)


def cost(places: Any, angle: Any) -> Any:
    """Return the bowl's cost at places (..., 2), turned by so many degrees."""
    radians = angle * (np.pi / 180)
    along = np.cos(radians) * places[..., 0] + np.sin(radians) * places[..., 1]
    across = np.cos(radians) * places[..., 1] - np.sin(radians) * places[..., 0]
    return (along**2 + CONDITION * across**2) / 2


def start(angle: Any) -> Any:
    """Return where the rules start, (2,)."""
    radians = angle * (np.pi / 180)
    x, y = START
    return np.cos(radians) * np.array([x, y]) + np.sin(radians) * np.array([-y, x])


def _run(rule: UpdateRule, angle: float) -> Trajectory:
    cosine, sine = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    hessian = turn @ np.diag([1.0, CONDITION]) @ turn.T

    def bowl(theta: Array) -> tuple[float, Array]:
        return float(cost(theta, angle)), hessian @ theta

    return descend(bowl, rule, start(angle), MOST_STEPS)


def _program(rule: UpdateRule) -> printed.Program:
    """Return a step of a rule on two rows and one column, and its moments before the first."""
    whole, theta = lifted(rule), np.zeros((2, 1))
    moments = whole.init(theta).moments.values()
    return {
        "step": whole.program(theta.shape),
        "moments": [networks.table(moment) for moment in moments],
        "rate": float(rule.settings["learning_rate"]),
    }


@cache
def describe() -> printed.Program:
    """Return what the browser runs: the bowl and its slope, where it starts, and each rule."""
    theta, angle = np.ones((2, 1)), np.array(0.0)
    return {
        "cost": traced(lambda p, a: cost(p[:, 0], a), theta, angle, by=(0,)),
        "ground": traced(cost, np.ones((1, 2)), angle, by=()),
        "start": traced(start, angle, by=()),
        "rules": {name: _program(rule) for name, rule in RULES.items()},
        "always": list(ALWAYS),
        "matrix": list(MATRIX),
        "angles": ANGLES,
        "target": TARGET,
        "most": MOST_STEPS,
        "reach": REACH,
    }
