"""A network for the browser: its cost, its slopes and its answers as programs, and where it starts.

The programs are traced from the code that Python runs; the front end has no formula of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib.autodiff import traced
from gdlib.formula import lower
from gdlib.optimizers import gradient_descent
from gdlib.optimizers.symbols import eta, g, theta
from gdlib.problems import Network
from gdlib.problems.network import INITIALISATIONS
from gdlib.widgets import printed

Array = NDArray[np.float64]
REACH, ROUNDS, SETTLED = 1e-4, 40, 1e-4
"""Of a power iteration: where slopes are taken, most rounds, and the change that counts as none."""


def checked(network: Network, inputs: int, loss: str, wanted: str) -> Network:
    """Return a network that the browser can run on rows of so many numbers, or refuse it."""
    fits = network.features.shape[1:] == (inputs,) and network.loss == loss
    if not fits or network.l2:
        raise ValueError(f"network must be {wanted}; this is {network!r}, loss={network.loss!r}")
    return network


def program(network: Network) -> printed.Program:
    """Return the cost and the answers as programs over the parts of θ, and the parts' shapes."""
    shapes = network.layout.shapes
    parts = [np.zeros(shape) for shape in shapes.values()]
    data = network.features, network.targets
    return {
        "cost": traced(_cost(network), *parts, *data, by=range(len(parts))),
        "scores": answers(network),
        "parts": [{"name": name, "shape": list(shape)} for name, shape in shapes.items()],
    }


def answers(network: Network) -> printed.Program:
    """Return what the network says to rows of features, as a program; of labels probabilities."""
    parts = [np.zeros(shape) for shape in network.layout.shapes.values()]

    def said(*given: Any) -> Any:
        *parameters, features = given
        named = dict(zip(network.layout.shapes, parameters, strict=True))
        return network.predicted(named, features)

    return traced(said, *parts, network.features[:1], by=())


def start() -> printed.Program:
    """Return how far the weights of a layer spread at the start, over its inputs and outputs."""
    into, out = sp.symbols("into out", positive=True)
    names = {"into": into, "out": out}
    spread = sp.sqrt(INITIALISATIONS["glorot"](into, out))
    return {"arguments": list(names), "spread": printed.code(lower.lower([spread]))}


def step() -> printed.Program:
    """Return what a step of gradient descent makes of one coordinate: theta_i, g_i, eta."""
    moved = theta + gradient_descent(1.0).step
    return printed.code(lower.lower([moved], names={theta: "theta_i", g: "g_i", eta: "eta"}))


def table(array: ArrayLike) -> printed.Program:
    """Return an array as its shape and its numbers, row by row."""
    numbers = np.asarray(array, float)
    return {"shape": list(numbers.shape), "data": numbers.ravel().tolist()}


def sharpnesses(network: Network, points: Array) -> Array:
    """Return the Hessian's largest eigenvalue at points (k, n), by power iteration, shape (k,).

    H v is how the slope changes along v. Each iteration begins with the direction found last.
    """
    direction = np.sin(1.0 + np.arange(network.n) ** 2)
    found = np.full(len(points), np.nan)
    for i, point in enumerate(points):
        for _ in range(ROUNDS):
            direction /= np.linalg.norm(direction)
            ahead, behind = network(point + REACH * direction), network(point - REACH * direction)
            product = (ahead[1] - behind[1]) / (2 * REACH)
            before, found[i] = found[i], direction @ product
            direction = product
            if abs(found[i] - before) <= SETTLED * abs(found[i]):
                break
    return found


def _cost(network: Network) -> Callable[..., Any]:
    names = tuple(network.layout.shapes)

    def cost(*given: Any) -> Any:
        *parameters, features, targets = given
        named = dict(zip(names, parameters, strict=True))
        return network.row_costs(named, features, targets).mean()

    return cost
