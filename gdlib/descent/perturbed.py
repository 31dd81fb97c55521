"""Gradient descent that jumps a little where it is flat, which pushes it off saddles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.arguments import check_room, check_steps, starts_of
from gdlib.descent.engine import Made, Turn, run
from gdlib.descent.stopping import norm
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
    cooldown: int | None = None,
    seed: int,
    wait: int | None = None,
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
        A run jumps where ‖g‖ is at most this.
    cooldown
        A run that has jumped does not jump again within so many steps.
    seed
        Of the jumps, a whole number.
    wait
        What `cooldown` used to be called.

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
    if wait is not None and cooldown is not None:
        raise TypeError("wait is what cooldown used to be called; give one of the two")
    name, given = ("cooldown", cooldown) if wait is None else ("wait", wait)
    pause, seed = checks.count(name, given, at_least=1), checks.seed(seed)
    starts = starts_of(landscape, start)
    check_room(starts.size, steps, advice="; take fewer steps")
    runs = starts.shape[:-1]
    jumping = Jumping(landscape, rate, radius, flat, pause, np.random.default_rng(seed))
    return run(landscape, jumping, starts, steps, runs=runs)


class Jumping:
    """Steps of a constant rate for all runs together, each preceded by a jump where it is flat."""

    def __init__(
        self,
        landscape: Landscape,
        rate: float,
        radius: float,
        flat: float,
        cooldown: int,
        rng: np.random.Generator,
    ) -> None:
        self.landscape, self.rate, self.radius = landscape, rate, radius
        self.flat, self.cooldown, self.rng = flat, cooldown, rng
        self.free: NDArray[np.int_] | int = 0  # from which step on each run may jump

    def advance(self, turn: Turn) -> Made:
        """Take one step."""
        theta, _, gradient = (part[0] for part in turn.last)
        jumping = (norm(gradient) <= self.flat) & (turn.k >= self.free)
        # Longer than the run is as long as the run, which no sum overflows.
        self.free = np.where(jumping, turn.k + min(self.cooldown, turn.left + 1), self.free)
        # All draw a jump, whoever takes it, so that no run's depend on the others' course.
        there = theta + jumping[:, None] * _in_ball(self.rng, theta.shape, self.radius)
        slope = self.landscape.evaluate("gradient", there) if jumping.any() else gradient
        return Made((there - self.rate * slope)[None], 1)


def _in_ball(rng: np.random.Generator, shape: tuple[int, ...], radius: float) -> Array:
    """Draw points evenly in a ball: a random direction, and the n-th root of a random radius."""
    direction = rng.standard_normal(shape)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return np.asarray(radius * direction * rng.random((shape[0], 1)) ** (1 / shape[1]))
