"""The contour ellipse of a bowl: tilt it, stretch it, and see a run in its own axes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.descend import descend
from gdlib.descent.trajectory import Trajectory
from gdlib.formula import lower
from gdlib.optimizers import gradient_descent
from gdlib.theory import ellipses
from gdlib.widgets import printed
from gdlib.widgets.base import Widget
from gdlib.widgets.traits import Checked, Count, Json, Number, Point, Several, in_words, validate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
MOST_STEPS, MOST_NAMED, LARGEST = 500, 12, 1e6
OBLIQUE = ((10.0, -12.0), (-12.0, 17.0))
"""Chapter 4's valley: curvatures 1 and 26, at an angle of 36.9°."""
ROOM = 1.3
"""How far the picture goes beyond the longest half axis and the start."""


class _Hessians(Checked):
    def judge(self, name: str, value: Any) -> dict[str, Array]:
        """Ask for a Hessian, or for several by name."""
        named = value if isinstance(value, Mapping) else {"": value}
        if not 0 < len(named) <= MOST_NAMED:
            raise ValueError(f"{name} must be 1 to {MOST_NAMED} matrices, not {len(named)}")
        return {
            checks.text(f"a name of {name}", key): _hessian(f"{key} of {name}" if key else name, m)
            for key, m in named.items()
        }


class ContourEllipse(Widget):
    """Tilt and stretch the ellipses of a bowl; see its run, and the same run along its axes.

    On the left stand contours over the two variables, counted from the minimum, with a ruler along
    each half axis of the ellipse J = ½. On the right the same run is measured along these axes,
    where each error shrinks by a factor of its own.

    Parameters
    ----------
    hessians
        A symmetric matrix of shape (2, 2) with positive eigenvalues; or several by name, each of
        which gets a button. A valley with the curvatures 1 and 26 by default.
    angle
        The angle of the flat axis in degrees; that of the first Hessian by default.
    condition
        κ = L/μ; that of the first Hessian by default.
    steepest
        L; that of the first Hessian by default.
    learning_rate
        η; by default the best for the first Hessian, 2/(μ + L), and 0.07 where none is given.
    start
        Counted from the minimum.
    steps
        How many steps.
    step
        The step shown; None for the last.
    names
        What the two variables are called.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    dimensions = 2

    hessians = _Hessians()
    names = Several(str, "two strings", ("θ₁", "θ₂"), help="Of the variables.").tag(sync=True)
    angle = Number(0.0, at_least=-90, at_most=90, help="Of the flat axis.").tag(sync=True)
    condition = Number(1.0, at_least=1, at_most=LARGEST, help="κ = L/μ.").tag(sync=True)
    steepest = Number(1.0, above=0, at_most=LARGEST, help="The larger curvature, L.").tag(sync=True)
    learning_rate = Number(0.07, above=0, at_most=LARGEST, help="η.").tag(sync=True)
    start = Point(help="Counted from the minimum.").tag(sync=True)
    steps = Count(60, 1, MOST_STEPS, help="Steps of the run.").tag(sync=True)
    step = Count(None, 0, MOST_STEPS, help="The step shown; None: the last.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(
        self, hessians: ArrayLike | Mapping[str, ArrayLike] | None = None, **kwargs: Any
    ) -> None:
        with in_words():
            given = _Hessians().judge("hessians", OBLIQUE if hessians is None else hessians)
        shapes = {name: ellipses.shape_of(matrix) for name, matrix in given.items()}
        first = next(iter(shapes.values()))
        own = {**first._asdict(), "start": (0.6, 1.2)}
        if hessians is not None:
            own["learning_rate"] = ellipses.best_rate(first)
        super().__init__(hessians=given, **own | kwargs)
        longest = max(ellipses.half_axes(shape)[0] for shape in (*shapes.values(), self.shape))
        self._programs = describe() | {
            "reach": ROOM * max(longest, *np.abs(self.start)),
            "shapes": [
                {"name": name, **shape._asdict(), "learning_rate": ellipses.best_rate(shape)}
                for name, shape in shapes.items()
                if name
            ],
        }

    @validate("names")
    def _check_names(self, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(names) != 2:
            raise ValueError(f"names must be two strings, not {names!r}")
        return names

    @property
    def shape(self) -> ellipses.Shape:
        """The bowl as it is shown: its angle, κ and L."""
        return ellipses.Shape(self.angle, self.condition, self.steepest)

    @property
    def axes(self) -> Array:
        """The flat and the steep axis, each of length 1, as columns of shape (2, 2)."""
        return ellipses.axes(self.shape)

    @property
    def curvatures(self) -> Array:
        """μ and L."""
        return np.array(self.shape.curvatures)

    @property
    def hessian(self) -> Array:
        """The matrix of the bowl that is shown."""
        found: Array = self.axes * self.curvatures @ self.axes.T
        return found

    @property
    def trajectory(self) -> Trajectory:
        """The run over the two variables."""
        hessian = self.hessian

        def bowl(at: Array) -> tuple[float, Array]:
            return float(at @ hessian @ at / 2), hessian @ at

        return descend(bowl, gradient_descent(self.learning_rate), self.start, self.steps)

    @property
    def factors(self) -> Array:
        """What a step multiplies the error along the flat and the steep axis by."""
        return ellipses.factors(self.shape, self.learning_rate)

    @property
    def errors(self) -> Array:
        """The errors along the flat and the steep axis at each step, of shape (steps + 1, 2)."""
        return ellipses.errors(self.shape, self.learning_rate, self.start, self.steps)

    def title(self) -> str:
        """Name the shape and the rate."""
        return f"κ = {self.condition:.3g}, {self.angle:.3g}°, η = {self.learning_rate:.3g}"

    def alt_text(self) -> str:
        """Say how the ellipse lies, and what a step does along its axes."""
        long, short = ellipses.half_axes(self.shape)
        flat, steep = self.factors
        return (
            f"Contour ellipses of a bowl, {long / short:.3g} times as long as wide, their long axis"
            f" at {self.angle:.3g} degrees, with a run of gradient descent at the rate"
            f" {self.learning_rate:.3g}; beside them the same run along the ellipse's axes. Each"
            f" step multiplies the error along the long axis by {flat:.3g} and along the short one"
            f" by {steep:.3g}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the run over the two variables, and beside it along the axes."""
        tilted, upright = figure.subplots(1, 2)
        points = self.trajectory.points
        self._draw_bowl(tilted, self.axes, points, self.names)
        errors = self.errors[: len(points)]
        self._draw_bowl(upright, np.eye(2), errors, ("$z_1$", "$z_2$"))

    def _draw_bowl(self, ax: Axes, axes: Array, points: Array, names: tuple[str, ...]) -> None:
        from gdlib import plotting

        around = np.linspace(0, 2 * np.pi, 200)
        ends = axes * ellipses.half_axes(self.shape)
        for size in (0.5, 1.0, 2.0, 3.0, 4.0):
            ring = size * (ends @ np.array([np.cos(around), np.sin(around)]))
            ax.plot(*ring, color=plotting.INK, lw=1.8 if size == 1 else 0.7)
        for end in ends.T:
            ax.plot(*np.array([(0, 0), end]).T, color=plotting.INK, lw=2.4)
        reach = self._programs["reach"]
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        plotting.style(ax)
        plotting.path(ax, points, method="gradient descent")
        ax.set_xlabel(names[0])
        ax.set_ylabel(names[1], rotation=0)


def _hessian(name: str, value: Any) -> Array:
    matrix = checks.array(name, value, shape=(2, 2))
    if not np.allclose(matrix, matrix.T, rtol=ellipses.EQUAL, atol=0):
        raise ValueError(f"{name} must be symmetric, not {checks.shown(value)}")
    low, high = np.linalg.eigvalsh(matrix)
    if not (0 < high <= LARGEST and high <= LARGEST * low):
        raise ValueError(
            f"{name} must have positive eigenvalues up to {LARGEST:g}, and at most that many times"
            f" apart; it has {low:.3g} and {high:.3g}"
        )
    return matrix


@cache
def describe() -> printed.Program:
    """Return the formulas of every shape, as code over its angle, its curvatures and the rate."""
    known = ellipses.ellipse()
    rule = printed.rule(gradient_descent(1.0))
    first, second = sp.symbols("lambda_1 lambda_2")
    numbered = {ellipses.flat: first, ellipses.steep: second}
    cost = sp.Eq(sp.Symbol("J"), known.upright.subs(numbered), evaluate=False)
    return {
        "math": printed.mathml(cost),
        "bound": rule["bound"],
        "factor_text": _words(known.factor),
        "half_axis_text": _words(known.half_axis),
        "rounding": ellipses.ROUNDING,
        **{
            name: printed.code(lower.lower(list(expressions)))
            for name, expressions in {
                "along": known.along,
                "back": known.back,
                "factor": [known.factor],
                "half_axis": [known.half_axis],
                "condition": [known.condition],
                "best": [known.best],
                "steps": [known.steps],
            }.items()
        },
    }


def _words(expression: sp.Expr) -> str:
    """Write a formula on one line, as a reader does: "1 − ηλ"."""
    text = str(sp.sstr(expression, order="rev-lex"))
    for plain, written in (("eta", "η"), ("lamda", "λ"), ("*", ""), ("-", "−"), ("sqrt(λ)", "√λ")):
        text = text.replace(plain, written)
    return text
