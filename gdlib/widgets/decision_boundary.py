"""Two classes in a plane, and how a small network parts them while it descends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.descent.descend import descend
from gdlib.descent.trajectory import Trajectory
from gdlib.optimizers import gradient_descent
from gdlib.problems import Network
from gdlib.widgets import networks
from gdlib.widgets.base import Widget
from gdlib.widgets.traits import Count, Json, Number, Object, validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
NETWORK = 'a Network with two features, loss="logistic", initialisation="glorot" and no l2'
MOST_ROWS, MOST_PARAMETERS = 200, 100
MOST_STEPS, LARGEST_SEED = 5000, 99
ROOM = 0.4
"""Around the points, as a share of their range."""


def exclusive_or() -> Network:
    """Make XOR: 1 where one of two numbers is 1 and the other 0, for two hidden units to learn."""
    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    return Network(corners, [0, 1, 1, 0], {"hidden": 2, "output": 1}, loss="logistic")


class DecisionBoundary(Widget):
    """Watch a small network part two classes: its regions, its loss, and which points are right.

    By default the four points of XOR and two hidden units, which get them all right from some
    starts and are stuck from others. Dashed lines show where each unit of the first hidden layer
    is 0.

    Parameters
    ----------
    network
        A `Network` with two features and `loss="logistic"`; XOR with two hidden units by default.
    learning_rate
        η, of gradient descent on all rows.
    seed
        Of the start, as `Network.start` takes it.
    steps
        How many steps.
    step
        The step shown; the last by default.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    network = Object(Network, NETWORK)
    learning_rate = Number(0.5, above=0, at_most=100, help="η.").tag(sync=True)
    seed = Count(0, 0, LARGEST_SEED, help="Of the start.").tag(sync=True)
    steps = Count(1000, 1, MOST_STEPS, help="How many steps.").tag(sync=True)
    step = Count(None, 0, MOST_STEPS, help="The step shown.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(self, network: Network | None = None, **kwargs: Any) -> None:
        given = exclusive_or() if network is None else network
        super().__init__(network=given, **kwargs)
        self._follow_network()
        self.observe(self._follow_network, ["network"])

    def _follow_network(self, _change: Any = None) -> None:
        network = self.network
        self._programs = {
            "network": networks.program(network),
            "start": networks.start(),
            "step": networks.step(),
            "features": networks.table(network.features),
            "targets": networks.table(network.targets),
            "bounds": _bounds(network.features),
        }

    @validate("network")
    def _check_network(self, network: Network) -> Network:
        checks.instance("network", network, Network, NETWORK)
        networks.checked(network, 2, "logistic", NETWORK)
        if network.initialisation != "glorot":
            raise ValueError(f"network must be {NETWORK}; it has {network.initialisation!r}")
        if network.rows > MOST_ROWS or network.n > MOST_PARAMETERS:
            most = f"{MOST_ROWS} rows and {MOST_PARAMETERS} parameters"
            raise ValueError(f"network must have at most {most}; this is {network!r}")
        return network

    @property
    def trajectory(self) -> Trajectory:
        """The run as Python makes it."""
        network, rule = self.network, gradient_descent(self.learning_rate)
        return descend(network, rule, network.start(self.seed), self.steps)

    def right(self, theta: Array) -> int:
        """Return how many rows are on the right side at a θ of shape (n,)."""
        said = self.network.predict(theta) > 0.5
        return int((said == (self.network.targets > 0.5)).sum())

    def title(self) -> str:
        """Say how many points there are, and the start."""
        return f"{self.network.rows} points, seed {self.seed}, η = {self.learning_rate:g}"

    def alt_text(self) -> str:
        """Say how the run ends."""
        network, run = self.network, self.trajectory
        return (
            f"A plane with {network.rows} points of two classes, and the regions that a network"
            f" with {network.n} parameters gives to each class; beside it the loss against the"
            f" step. From seed {self.seed} at rate {self.learning_rate:g}, {self.right(run.end)} of"
            f" {network.rows} points are right after {run.steps} steps, with a loss of"
            f" {float(run.values[-1]):.3g}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the regions at the end of the run, the points, and the loss."""
        from gdlib import plotting

        plane, chart = figure.subplots(1, 2)
        network, run = self.network, self.trajectory
        (left, right), (low, high) = _bounds(network.features)
        x, y = np.meshgrid(np.linspace(left, right, 120), np.linspace(low, high, 120))
        said = network.predict(run.end, np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)
        plane.contourf(x, y, said, levels=np.linspace(0, 1, 11), cmap="RdBu", alpha=0.5)
        plane.contour(x, y, said, levels=[0.5], colors=plotting.INK, linewidths=2)
        for label, marker in ((0, "o"), (1, "s")):
            points = network.features[network.targets[:, 0] == label]
            plane.plot(*points.T, marker, color=plotting.INK, label=f"class {label}")
        plane.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
        plotting.legend(plane)
        chart.semilogy(run.values, color=plotting.look("gradient descent").colour)
        chart.set(xlabel="step $k$", ylabel="loss $J$")
        for axes in (plane, chart):
            plotting.style(axes)


def _bounds(features: Array) -> list[list[float]]:
    """Return the same room around the points both ways, as square as they are."""
    low, high = features.min(axis=0), features.max(axis=0)
    span = float((high - low).max()) or 1.0
    middle, half = (low + high) / 2, span * (0.5 + ROOM)
    return [[float(m - half), float(m + half)] for m in middle]
