"""A network that trains in the page while its sharpness climbs to 2/η and stays there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.descent.descend import descend
from gdlib.descent.trajectory import Trajectory
from gdlib.optimizers import gradient_descent
from gdlib.problems import Network
from gdlib.widgets import networks, printed
from gdlib.widgets.base import Widget
from gdlib.widgets.traits import Count, Json, Number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
POINTS, DEEPEST, WIDEST = 20, 3, 40
MOST_STEPS, LARGEST_SEED = 100_000, 99
ON_PAPER, MEASURED = 4000, 40
"""Steps of the still picture, and how many times the sharpness is measured in it."""


class EdgeOfStability(Widget):
    """Watch a network train: its loss, its sharpness, and the line 2/η above which steps grow.

    A tanh network with one input and one output learns the Chebyshev polynomial T₄ from 20 points
    even on [−1, 1], by gradient descent on all of them, as in Cohen et al. 2021 (arXiv:2103.00065).
    The sharpness is the largest eigenvalue of the Hessian. While the network trains, another rate
    goes on from where it stands; any other choice begins anew.

    Parameters
    ----------
    learning_rate
        η.
    width, depth
        Units in a hidden layer, and how many of these there are.
    seed
        Of the start, as `Network.start` takes it.
    steps
        How many steps a run has.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    learning_rate = Number(0.2, above=0, at_most=10, help="η.").tag(sync=True)
    width = Count(20, 1, WIDEST, help="Units in each hidden layer.").tag(sync=True)
    depth = Count(1, 1, DEEPEST, help="How many hidden layers.").tag(sync=True)
    seed = Count(0, 0, LARGEST_SEED, help="Of the start.").tag(sync=True)
    steps = Count(20_000, 1, MOST_STEPS, help="Steps of a run.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_programs=describe(), **kwargs)

    @property
    def network(self) -> Network:
        """The network that is trained, with its 20 points."""
        return chebyshev(self.width, self.depth)

    @property
    def start(self) -> Array:
        """Where it starts, of shape (n,)."""
        return self.network.start(self.seed)

    def run(self, steps: int) -> Trajectory:
        """Train in Python, for so many steps.

        Raises
        ------
        TypeError, ValueError
            Steps that are no whole number from 0 to 100 000.
        """
        count = checks.count("steps", steps, at_most=MOST_STEPS)
        return descend(self.network, gradient_descent(self.learning_rate), self.start, count)

    def title(self) -> str:
        """Name the layers and the rate."""
        return f"{_layers(self.width, self.depth)}, η = {self.learning_rate:g}"

    def alt_text(self) -> str:
        """Say what is drawn, and where it begins."""
        (first,) = networks.sharpnesses(self.network, self.start[None])
        return (
            f"Two charts against the step of gradient descent at rate {self.learning_rate:g} on a"
            f" tanh network {_layers(self.width, self.depth)} that learns T₄ from 20 points: the"
            f" sharpness, with a dashed line at 2/η = {2 / self.learning_rate:.4g}, and the loss."
            f" Beside them the curve that the network draws. At the start the sharpness is"
            f" {first:.3g}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw sharpness and loss over the first steps, and the curve after them."""
        from gdlib import plotting

        network, run = self.network, self.run(min(self.steps, ON_PAPER))
        look = plotting.look("gradient descent")
        grid = figure.add_gridspec(2, 2, width_ratios=(1.5, 1))
        above, below, beside = (figure.add_subplot(p) for p in (grid[0, 0], grid[1, 0], grid[:, 1]))
        at = np.unique(np.linspace(0, run.steps, MEASURED).round().astype(int))
        above.plot(at, networks.sharpnesses(network, run.points[at]), color=look.colour)
        edge = 2 / self.learning_rate
        above.axhline(edge, color=plotting.INK, ls="--", lw=1.5, label=r"$2/\eta$")
        above.set(ylabel="sharpness")
        plotting.legend(above)
        below.semilogy(run.values, color=look.colour, lw=1)
        below.set(xlabel="step $k$", ylabel="loss $J$")
        places = np.linspace(-1, 1, 200)
        beside.plot(network.features[:, 0], network.targets[:, 0], "o", color=plotting.INK, ms=4)
        beside.plot(places, network.predict(run.end, places[:, None])[:, 0], color=look.colour)
        beside.set(xlabel="$x$", ylabel="$y$")
        for axes in (above, below, beside):
            plotting.style(axes)


def _layers(width: int, depth: int) -> str:
    return "-".join(["1", *[str(width)] * depth, "1"])


def chebyshev(width: int, depth: int) -> Network:
    """Make the network and its data: T₄(x) = 8x⁴ − 8x² + 1 at even places."""
    x = np.linspace(-1, 1, POINTS)
    hidden = {f"hidden{i}": width for i in range(1, depth + 1)}
    return Network(x[:, None], 8 * x**4 - 8 * x**2 + 1, {**hidden, "output": 1})


@cache
def describe() -> printed.Program:
    """Return what the browser runs: a program for each depth, which serves any width."""
    return {
        "networks": [_program(depth) for depth in range(1, DEEPEST + 1)],
        "start": networks.start(),
        "step": networks.step(),
        "features": networks.table(chebyshev(1, 1).features),
        "targets": networks.table(chebyshev(1, 1).targets),
    }


def _program(depth: int) -> printed.Program:
    """Return the program of a depth, in whose shapes the width is a word."""
    traced = networks.program(chebyshev(WIDEST, depth))
    for part in traced["parts"]:
        part["shape"] = ["width" if size == WIDEST else size for size in part["shape"]]
    return traced
