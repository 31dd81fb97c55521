"""Checks of chapter 12: the look ahead, and what it gains."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gdlib.exercises.challenges import Counted, challenge, final_cost
from gdlib.exercises.kinds import check_callable, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call

Array = np.ndarray

value(
    "nesterov/by-hand",
    0.48,
    mistakes=[
        Mistake("You took the slope where you stand: that is the heavy ball.", like=0.4),
        Mistake("You looked back, not ahead: the momentum leads to 1 − ηβm.", like=0.32),
        Mistake(
            "You took the step from the look-ahead; the momentum is in the step already.",
            like=0.08,
        ),
        Mistake("The look-ahead is 1 − ηβm: without β it lies too far.", like=0.5),
        Mistake("That is the look-ahead; the step comes after.", like=0.6),
        Mistake("You added the step; it is subtracted.", like=1.52),
        Mistake("That is how long the step is: where does it lead from 1?", like=0.52),
    ],
    note="the slope ahead is flatter, so the step is shorter than the heavy ball's",
)


def _bent(theta: Any) -> Any:
    """Return a gradient with another slope at each place."""
    return np.asarray(theta) + np.sin(theta)


def _step(
    point: Any, memory: Any, gradient: Any, rate: Any, decay: Any, *, shift: float = 1.0
) -> Any:
    """Take the gradient `shift` times the look-ahead's distance away."""
    memory_next = decay * memory + gradient(point - shift * rate * decay * memory)
    return point - rate * memory_next, memory_next


def _from_ahead(point: Any, memory: Any, gradient: Any, rate: Any, decay: Any) -> Any:
    ahead = point - rate * decay * memory
    memory_next = decay * memory + gradient(ahead)
    return ahead - rate * memory_next, memory_next


def _frameworks(point: Any, memory: Any, gradient: Any, rate: Any, decay: Any) -> Any:
    slope = gradient(point)
    memory_next = decay * memory + slope
    return point - rate * (slope + decay * memory_next), memory_next


@function(
    "nesterov/step",
    inputs=[
        (np.array([1.0, -2.0]), np.array([4.0, 1.0]), _bent, 0.1, 0.8),
        (np.array([0.3, 0.2, 2.5]), np.array([-1.0, 2.0, 0.5]), _bent, 0.2, 0.6),
        (np.array([-1.5]), np.array([3.0]), _bent, 0.05, 0.95),
    ],
    mistakes=[
        Mistake(
            "You took the gradient at the point itself: that is the heavy ball.",
            like=lambda point, memory, gradient, rate, decay: _step(
                point, memory, gradient, rate, decay, shift=0.0
            ),
        ),
        Mistake(
            "You look back: the momentum is subtracted in the step, and so in the look-ahead.",
            like=lambda point, memory, gradient, rate, decay: _step(
                point, memory, gradient, rate, decay, shift=-1.0
            ),
        ),
        Mistake(
            "Your look-ahead forgets the rate: it lies at point − rate · decay · memory.",
            like=lambda point, memory, gradient, rate, decay: _step(
                point, memory, gradient, rate, decay, shift=1 / rate
            ),
        ),
        Mistake(
            "Your look-ahead forgets the decay: it lies at point − rate · decay · memory.",
            like=lambda point, memory, gradient, rate, decay: _step(
                point, memory, gradient, rate, decay, shift=1 / decay
            ),
        ),
        Mistake(
            "You step from the look-ahead, and so take the old momentum twice: step from the "
            "point.",
            like=_from_ahead,
        ),
        Mistake(
            "That is the frameworks' form, whose parameters are the look-aheads; here the "
            "gradient is taken elsewhere than at the point.",
            like=_frameworks,
        ),
        Mistake(
            "The order is the new point, then the new momentum.",
            like=lambda point, memory, gradient, rate, decay: _step(
                point, memory, gradient, rate, decay
            )[::-1],
        ),
        Mistake(
            "Return both, the new point and the new momentum.",
            like=lambda point, memory, gradient, rate, decay: _step(
                point, memory, gradient, rate, decay
            )[0],
        ),
    ],
)
def step(point: Any, memory: Any, gradient: Any, rate: Any, decay: Any) -> Any:
    """Return the point and the momentum after one step of the look-ahead form."""
    return _step(point, memory, gradient, rate, decay)


value(
    "nesterov/rate",
    3.8 / 2.8 / 10,
    mistakes=[
        Mistake("That is the heavy ball's limit, (2 + 2β)/L.", like=0.38),
        Mistake("That is plain descent's limit, 2/L.", like=0.2),
        Mistake("That is ηL; what is η?", like=3.8 / 2.8),
        Mistake("That is 1/L: safe, but not the limit.", like=0.1),
        Mistake("Close: give four digits.", between=(0.1295, 0.1405)),
    ],
    note="about a third of what the heavy ball bears",
)
value(
    "nesterov/sign",
    0.5,
    mistakes=[
        Mistake("The run converges for no rate at β = 0.9; from which β on?", like=0.9),
        Mistake(
            "Already well below 1 the momentum, which now climbs, outweighs the gradient.", like=1.0
        ),
        Mistake("A little momentum does no harm: the gradient outweighs it.", like=0.0),
    ],
    note="beyond one half the memory outweighs the gradient, and the run climbs",
)


def _weights(count: int) -> Array:
    weights = [1.0]
    for _ in range(count - 1):
        weights.append((1 + np.sqrt(1 + 4 * weights[-1] ** 2)) / 2)
    return np.array(weights)


@function(
    "nesterov/decays",
    inputs=[(1,), (3,), (20,)],
    mistakes=[
        Mistake(
            "That is (k − 1)/(k + 2), which goes with the weights (k + 1)/2; use t_k.",
            like=lambda k: (np.arange(1, k + 1) - 1) / (np.arange(1, k + 1) + 2),
        ),
        Mistake(
            "You divided by the same weight: it is (t_k − 1)/t_{k+1}, with the next one below.",
            like=lambda k: (_weights(k) - 1) / _weights(k),
        ),
        Mistake(
            "Your list is one step ahead: the first value is (t₁ − 1)/t₂.",
            like=lambda k: (_weights(k + 2)[1:-1] - 1) / _weights(k + 2)[2:],
        ),
        Mistake("Those are the weights t_k; β_k is (t_k − 1)/t_{k+1}.", like=_weights),
        Mistake(
            "Your list has one value too many.",
            when=lambda result, k: len(result) == k + 1,
        ),
    ],
)
def decays(k: Any) -> Any:
    """Return the first k values of (t_k − 1)/t_{k+1}."""
    weights = _weights(k + 1)
    return (weights[:-1] - 1) / weights[1:]


value(
    "nesterov/promise",
    (306, 1414),
    mistakes=[
        Mistake("Both are k + 1; subtract 1, and round up.", like=(307, 1415)),
        Mistake(
            "Round up, both, to whole numbers: at smaller k the bounds are still above the goal.",
            between=((304.9, 1412.9), (306.6, 1414.6)),
        ),
        Mistake("The other way round: the lower bound's comes first.", like=(1414, 306)),
        Mistake(
            "Take square roots: it is (k + 1)² that stands in the bounds.",
            between=((9e4, 0), (math.inf, math.inf)),
        ),
    ],
    rtol=1e-9,
    note="between what any method may need and what this one ever needs lies a factor below 5",
)


@function(
    "nesterov/uphill",
    inputs=[
        (np.array([1.0, -2.0]), np.array([0.5, 0.5]), np.array([0.0, 1.0])),
        (np.array([1.0, 2.0]), np.array([-1.0, 0.3]), np.array([0.2, 0.1])),
        (np.array([-0.5, 1.0, 0.2]), np.array([0.1, 2.0, -1.0]), np.array([0.4, 1.5, 0.0])),
        (np.array([3.0]), np.array([0.2]), np.array([0.3])),
        (np.array([-1.0, 3.0]), np.array([0.5, 0.5]), np.array([0.0, 0.0])),
        (np.array([3.0, -1.0]), np.array([0.5, 0.5]), np.array([0.0, 0.0])),
        (np.array([1e-6, 0.0]), np.array([1.0, 2.0]), np.array([0.0, 2.0])),
        (np.array([0.0, 0.0]), np.array([1.0, 0.0]), np.array([0.0, 0.0])),
    ],
    mistakes=[
        Mistake(
            "Yours says when the move goes downhill: the move is new − last, and it is uphill "
            "where its slope is above 0.",
            like=lambda gradient, new, last: bool(gradient @ (new - last) < 0),
        ),
        Mistake(
            "The move is new − last, not the new point itself.",
            like=lambda gradient, new, last: bool(gradient @ new > 0),
        ),
        Mistake(
            "Yours looks at one coordinate; the slope along the move is the sum over all.",
            like=lambda gradient, new, last: bool(gradient[0] * (new - last)[0] > 0),
        ),
        Mistake(
            "Where the slope is zero nothing goes uphill: > 0, not ≥ 0.",
            like=lambda gradient, new, last: bool(gradient @ (new - last) >= 0),
        ),
        Mistake(
            "That is the slope in the direction of the move; is it uphill? True or False.",
            like=lambda gradient, new, last: gradient @ (new - last),
        ),
    ],
)
def uphill(gradient: Any, new: Any, last: Any) -> Any:
    """Return whether a move goes against the slope."""
    return bool(gradient @ (new - last) > 0)


LINKS = 40


def soft_chain(seed: int) -> tuple[Callable[[Array], Any], Callable[[Array], Array], float]:
    """Return value, gradient and lowest value of a chain of springs √(1 + u²) − 1, over 4.

    Each spring has a length of its own at rest, so the minimum is not guessed; no curvature
    exceeds 1. At the minimum all springs pull alike, so all are stretched alike.
    """
    rests = np.random.default_rng(seed).normal(0, 3, LINKS + 1)

    def stretched(theta: Array) -> Array:
        return np.asarray(np.diff(theta, prepend=0.0, append=0.0) - rests)

    def cost(theta: Array) -> Any:
        return (np.sqrt(1 + stretched(theta) ** 2) - 1).sum() / 4

    def gradient(theta: Array) -> Array:
        stretch = stretched(theta)
        return np.asarray(-np.diff(stretch / np.sqrt(1 + stretch**2)) / 4)

    lowest = (LINKS + 1) * (np.sqrt(1 + rests.mean() ** 2) - 1) / 4
    return cost, gradient, float(lowest)


@challenge("nesterov/chains", par=560)
def chains(answer: Any) -> float:
    """Measure the gradient evaluations that reach the end of three soft chains."""
    check_callable(answer, lambda cost, start: None, 2)
    total = 0
    for seed in range(3):
        cost, gradient, lowest = soft_chain(seed)
        counted = Counted(cost, gradient, shift=np.zeros(LINKS), budget=20_000)
        end = call(answer, counted, np.zeros(LINKS))
        if not final_cost(counted, end) - lowest <= 1e-6:
            raise NotYet("Your last point is not yet within 1e-6 of the minimum of each chain.")
        total += counted.evaluations
    return float(total)
