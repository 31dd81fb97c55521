"""What pushes a run off a saddle, and how common saddles are in many dimensions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.arguments import check_room, check_start, check_steps, start_on
from gdlib.descent.stopping import DIVERGED, OUT_OF_STEPS, norm, sound
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape

Array = NDArray[np.float64]


def perturbed_descent(
    landscape: Landscape,
    start: ArrayLike | None = None,
    steps: int = 500,
    *,
    learning_rate: float,
    radius: float,
    gradient_norm: float,
    wait: int,
    seed: int,
) -> Trajectory:
    """Descend, and where the slope is small, take a random little jump first.

    The perturbed gradient descent of Jin et al. 2017 (arXiv:1703.00887, Algorithm 2), without its
    rule for stopping: it runs for all its steps.

    Parameters
    ----------
    start
        One point of shape (n,) or a grid (..., n); the landscape's own by default.
    learning_rate
        The constant rate of the steps.
    radius
        Jumps are uniform in the ball of this radius.
    gradient_norm
        A run jumps where ‖g‖ is at most this, …
    wait
        … unless it has jumped within so many steps before.
    seed
        Of the jumps, a whole number.

    Returns
    -------
    Trajectory
        A run that overflows stays at its last finite point, with status "diverged".

    Raises
    ------
    TypeError, ValueError
        What is not a run but a mistake, before the first step.
    """
    if not checks.is_a(landscape, Landscape):
        raise TypeError(f"the cost must be a Landscape, not {type(landscape).__name__}")
    steps = check_steps(steps)
    rate = checks.number("learning_rate", learning_rate, above=0)
    radius = checks.number("radius", radius, above=0)
    flat = checks.number("gradient_norm", gradient_norm, at_least=0)
    wait, seed = checks.count("wait", wait, at_least=1), checks.seed(seed)
    starts = start_on(landscape, start)
    check_room(starts.size, steps, advice="; take fewer steps")
    theta = starts.reshape(-1, landscape.n)
    check_start(landscape.name, theta, *landscape.value_and_gradient(theta))
    *path, taken = _walk(landscape, theta, steps, rate, radius, flat, wait, seed)
    shape = starts.shape[:-1]
    points, values, gradients = path
    status = np.where(taken < steps, DIVERGED, OUT_OF_STEPS)
    if shape:
        counts = taken.reshape(shape)
        points, gradients = (part.reshape(-1, *starts.shape) for part in (points, gradients))
        values = values.reshape(-1, *shape)
        return Trajectory(points, values, gradients, status.reshape(shape), counts, counts)
    k = int(taken[0])
    points, values, gradients = (part[: k + 1, 0] for part in (points, values, gradients))
    return Trajectory(points, values, gradients, str(status[0]), k, k)


def _walk(
    landscape: Landscape,
    theta: Array,
    steps: int,
    rate: float,
    radius: float,
    gradient_norm: float,
    wait: int,
    seed: int,
) -> tuple[Array, Array, Array, NDArray[np.int_]]:
    """Return points (k + 1, runs, n), values, gradients, and how many steps each run took."""
    rng = np.random.default_rng(seed)
    wait = min(wait, steps + 1)  # longer than the run is as long as the run
    jumped, taken = np.full(len(theta), -wait), np.zeros(len(theta), int)
    running = np.ones(len(theta), bool)
    path = [(theta, *landscape.value_and_gradient(theta))]
    for k in range(steps):
        if not running.any():
            break
        theta, value, gradient = path[-1]
        jumping = (norm(gradient) <= gradient_norm) & (k - jumped >= wait)
        jumped[jumping] = k
        with np.errstate(all="ignore"):
            there = theta + jumping[:, None] * _in_ball(rng, theta.shape, radius)
            slope = landscape.evaluate("gradient", there) if jumping.any() else gradient
            new = there - rate * slope
            looked = (new, *landscape.value_and_gradient(new))
        running &= sound(*looked)
        taken += running
        held = running[:, None]
        path.append(
            (
                np.where(held, new, theta),
                np.where(running, looked[1], value),
                np.where(held, looked[2], gradient),
            )
        )
    path = path[: int(taken.max()) + 1]
    points, values, gradients = (np.array(part) for part in zip(*path, strict=True))
    return points, values, gradients, taken


def _in_ball(rng: np.random.Generator, shape: tuple[int, ...], radius: float) -> Array:
    """Draw points evenly in a ball: a random direction, and the n-th root of a random radius."""
    direction = rng.standard_normal(shape)
    direction /= np.linalg.norm(direction, axis=-1, keepdims=True)
    return np.asarray(radius * direction * rng.random((shape[0], 1)) ** (1 / shape[-1]))
