"""The worst-case machine: step sizes that a reader draws, and the functions that hurt them most."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks, schedules
from gdlib.autodiff.traced import traced
from gdlib.widgets.base import SHARED, Widget
from gdlib.widgets.traits import Json, Numbers, validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

MOST = 15
"""Steps at most, each with a bar that is wide enough to be drawn."""
LOW, HIGH = 0.25, 128.0
"""Of a step, in units of 1/L."""
TRIED, ROUNDS, FIRST = 800, 3, 1e-4
"""Functions of a family that are tried at once, how often, and the first of them."""


def huber_step(x: Any, step: Any, bend: Any) -> Any:
    """Take a step on the Huber function of curvature 1, whose slope stays at `bend` beyond it."""
    return x - step * np.minimum(np.maximum(x, -bend), bend)


def huber_value(x: Any, bend: Any) -> Any:
    """Return ½x² within `bend` of 0, and the tangent's bend·|x| − ½bend² beyond."""
    within = np.minimum(np.absolute(x), bend)
    return within * (np.absolute(x) - within / 2)


def bowl_step(x: Any, step: Any, curvature: Any) -> Any:
    """Take a step on ½λx², λ ≤ 1."""
    return x - step * (curvature * x)


def bowl_value(x: Any, curvature: Any) -> Any:
    """Return ½λx²."""
    return curvature * (x * x) / 2


class Worst(NamedTuple):
    """What a family's worst member does to some steps.

    Attributes
    ----------
    value
        Its cost after the last step, from x = 1 with L = 1.
    parameter
        Where a Huber function bends, or a bowl's curvature λ.
    """

    value: float
    parameter: float


def worst_of(family: tuple[Callable[..., Any], Callable[..., Any]], steps: Array) -> Worst:
    """Find the parameter from 10⁻⁴ to 1 that leaves the highest cost, as the page finds it.

    800 are tried in equal ratios, then twice as many more between the best one's neighbours. So it
    is a lower bound.
    """
    move, value = family
    low, high = FIRST, 1.0
    for _ in range(ROUNDS):
        tried = low * (high / low) ** (np.arange(TRIED) / (TRIED - 1))
        x = np.ones(TRIED)
        for step in steps:
            x = move(x, step, tried)
        costs = value(x, tried)
        at = int(costs.argmax())
        low, high = float(tried[max(at - 1, 0)]), float(tried[min(at + 1, TRIED - 1)])
    return Worst(float(costs[at]), float(tried[at]))


HUBER, BOWL = (huber_step, huber_value), (bowl_step, bowl_value)


def constant_best(count: int) -> float:
    """Return the constant step whose worst Huber function and worst bowl are equally bad.

    It solves 1/(4nh + 2) = ½(1 − h)²ⁿ (Taylor, Hendrickx & Glineur 2017,
    doi:10.1007/s10107-016-1009-3).
    """
    low, high = 1.0, 2.0
    for _ in range(60):
        middle = (low + high) / 2
        steeper = (middle - 1) ** (2 * count) * (2 * count * middle + 1) < 1
        low, high = (middle, high) if steeper else (low, middle)
    return low


def chebyshev(count: int) -> Array:
    """Return the steps that are best on bowls alone: 1/λ at the zeros of T₂ₙ₊₁(√λ)/√λ."""
    angles = (2 * np.arange(1, count + 1) - 1) * math.pi / (2 * (2 * count + 1))
    return np.asarray(1 / np.cos(angles) ** 2)


def presets(count: int) -> dict[str, Array]:
    """Return the plans to choose from, by name, of so many steps."""
    silver = schedules.silver(1.0)
    return {
        "constant 1/L": np.ones(count),
        "best constant": np.full(count, constant_best(count)),
        "Chebyshev": chebyshev(count),
        "silver": np.array([silver(k) for k in range(1, count + 1)]),
    }


class WorstCase(Widget):
    """Draw the steps of gradient descent, and see the convex functions that hurt them most.

    Of two families of convex functions with curvature at most L, bowls and Huber functions, the
    page finds the one that leaves the highest cost after the last step, from a start one unit
    away. The worst of *all* convex functions is at least as bad: what is shown is a lower bound.

    Parameters
    ----------
    steps
        From 1 to 15 step sizes, in units of 1/L, each from 1/4 to 128; seven steps of 1 by default.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    steps = Numbers(help="The step sizes, in units of 1/L.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(self, steps: ArrayLike = (1.0,) * 7, **kwargs: Any) -> None:
        checks.keywords(self.kind, kwargs, [], also=SHARED)
        super().__init__(steps=steps, _programs=_program(), **kwargs)

    @validate("steps")
    def _check_steps(self, steps: tuple[float, ...]) -> tuple[float, ...]:
        checks.count("the number of steps", len(steps), at_least=1, at_most=MOST)
        for step in steps:
            checks.number("each of steps", step, at_least=LOW, at_most=HIGH)
        return steps

    @property
    def huber(self) -> Worst:
        """The Huber function that leaves the highest cost, of those tried."""
        return worst_of(HUBER, np.array(self.steps))

    @property
    def bowl(self) -> Worst:
        """The bowl that leaves the highest cost, of those tried."""
        return worst_of(BOWL, np.array(self.steps))

    @property
    def value(self) -> float:
        """The highest cost found after the last step, over L·‖x₀ − x*‖²."""
        return max(self.huber.value, self.bowl.value)

    def title(self) -> str:
        """Say how many steps there are, and what is known of their worst case."""
        return f"{len(self.steps)} steps, at least {self.value:.3g}"

    def alt_text(self) -> str:
        """Say what the picture shows and which numbers belong to it."""
        return (
            f"{len(self.steps)} bars, the sizes of the steps, which can be drawn; two curves, the"
            " Huber function and the bowl that leave these steps the highest cost, with the"
            f" iterates on them. At first the Huber function leaves {self.huber.value:.3g}, the"
            f" bowl {self.bowl.value:.3g}, in units of L times the squared distance at the start."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the steps, and beside them the two functions with the iterates."""
        from gdlib import plotting

        bars, huber, bowl = figure.subplots(1, 3)
        look = plotting.look("gradient descent")
        bars.bar(np.arange(1, len(self.steps) + 1), self.steps, color=look.colour)
        bars.set(xlabel="step $k$", ylabel=r"$\eta_k L$")
        _draw_walk(huber, HUBER, self.huber, self.steps, "Huber function")
        _draw_walk(bowl, BOWL, self.bowl, self.steps, "bowl")
        for axes in (bars, huber, bowl):
            plotting.style(axes)


def _draw_walk(axes: Axes, family: Any, worst: Worst, steps: tuple[float, ...], name: str) -> None:
    from gdlib import plotting

    move, value = family
    walk = [1.0]
    for step in steps:
        walk.append(float(move(walk[-1], step, worst.parameter)))
    reach = 1.1 * max(map(abs, walk))
    places = np.linspace(-reach, reach, 200)
    axes.plot(places, value(places, worst.parameter), color=plotting.INK, lw=1)
    heights = value(np.array(walk), worst.parameter)
    look = plotting.look("gradient descent")
    axes.plot(walk, heights, look.marker, color=look.colour, ls=":")
    axes.set(xlabel="$x$", title=f"{name}: {worst.value:.3g}")


def _program() -> dict[str, Any]:
    some = np.ones(2)

    def program(f: Any, *example: Any) -> Any:
        return traced(f, *example, by=())

    return {
        "most": MOST,
        "range": [LOW, HIGH],
        "tried": TRIED,
        "rounds": ROUNDS,
        "first": FIRST,
        "presets": [
            [(name, steps.tolist()) for name, steps in presets(count).items()]
            for count in range(1, MOST + 1)
        ],
        "huber": [program(huber_step, some, 0.0, some), program(huber_value, some, some)],
        "bowl": [program(bowl_step, some, 0.0, some), program(bowl_value, some, some)],
    }
