"""Checks of chapter 6: rates that fall, and what they reach."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import sympy as sp

from gdlib.exercises.challenges import challenge
from gdlib.exercises.kinds import check_callable, choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call
from gdlib.exercises.symbolic import expression

choice(
    "schedules/conditions",
    answer="c",
    why_not={
        "a": "These rates add up to π²/6: a start further away is never forgotten.",
        "b": "These add up to infinity, and so do their squares: 1 + ½ + ⅓ + … has no bound.",
        "d": "A geometric series adds up to a finite sum: the run stops on the way.",
    },
    note="any power between ½, excluded, and 1 meets both",
)

value(
    "schedules/factor",
    0.01 ** (1 / 2000),
    rtol=1e-5,
    mistakes=[
        Mistake(
            "That falls to a tenth in 2000 steps; a hundredth is wanted.", like=0.1 ** (1 / 2000)
        ),
        Mistake(
            "The factor does not depend on the first rate: compare the last with the first.",
            like=0.001 ** (1 / 2000),
        ),
        Mistake("Multiplied 2000 times, not added: take a root, not a part.", like=0.01 / 2000),
        Mistake(
            "That takes off the same amount at each step; here each step takes the same share.",
            like=1 - 0.99 / 2000,
        ),
        Mistake("A factor above 1 makes the rate grow.", between=(1, math.inf)),
    ],
)


def _joined(rise: float, fall: float, k: int, peak: float, warm: int) -> float:
    """Return k/warm·peak shifted by `rise`, then a cosine at the turn `fall`."""
    if k <= warm:
        return peak * (k + rise) / warm
    return peak * (1 + math.cos(math.pi * fall)) / 2


@function(
    "schedules/warmup",
    inputs=[
        *((k, 0.4, 5, 25) for k in (1, 3, 5, 6, 15, 25)),
        *((k, 1.5, 4, 11) for k in (2, 5, 9)),
    ],
    mistakes=[
        Mistake(
            "Your first step has the rate 0: its gradient is computed and thrown away.",
            like=lambda k, peak, warm, steps: _joined(
                -1, (k - warm - 1) / (steps - warm), k, peak, warm
            ),
        ),
        Mistake(
            "Step warm + 1 is the cosine's first: it has the whole peak.",
            like=lambda k, peak, warm, steps: _joined(
                0, (k - warm) / (steps - warm), k, peak, warm
            ),
        ),
        Mistake(
            "Your cosine counts from the start of the run, so the rate jumps where the two meet.",
            like=lambda k, peak, warm, steps: _joined(0, (k - 1) / steps, k, peak, warm),
        ),
        Mistake(
            "Your cosine is too long: only the steps after the warm-up are left for it.",
            like=lambda k, peak, warm, steps: _joined(0, (k - warm - 1) / steps, k, peak, warm),
        ),
        Mistake(
            "The rise is right; after it the rate has to fall.",
            like=lambda k, peak, warm, steps: peak * min(k / warm, 1),
        ),
        Mistake(
            "Down to 0, but in a straight line; half a cosine is wanted.",
            like=lambda k, peak, warm, steps: (
                peak * min(k / warm, (steps - k + 1) / (steps - warm))
            ),
        ),
        Mistake(
            "That is a quarter of a cosine's turn: it does not slow down at the end.",
            like=lambda k, peak, warm, steps: (
                peak * k / warm
                if k <= warm
                else peak * math.cos(math.pi / 2 * (k - warm - 1) / (steps - warm))
            ),
        ),
        Mistake(
            "Where is the peak? Your rates rise to 1.",
            like=lambda k, peak, warm, steps: _joined(
                0, (k - warm - 1) / (steps - warm), k, 1.0, warm
            ),
        ),
        Mistake(
            "Your last step has the rate 0; over T − w steps the cosine is 0 one step later.",
            like=lambda k, peak, warm, steps: _joined(
                0, (k - warm - 1) / (steps - warm - 1), k, peak, warm
            ),
        ),
        Mistake(
            "Your cosine starts at twice the peak: 1 + cos is 2 there.",
            like=lambda k, peak, warm, steps: (
                peak * k / warm
                if k <= warm
                else 2 * _joined(0, (k - warm - 1) / (steps - warm), k, peak, warm)
            ),
        ),
    ],
)
def rate(k: Any, peak: Any, warm: Any, steps: Any) -> Any:
    """Return the rate of step k: up to the peak in a line, then down along half a cosine."""
    return _joined(0, (k - warm - 1) / (steps - warm), k, peak, warm)


_RNG = np.random.default_rng(6)


@function(
    "schedules/running",
    inputs=[(_RNG.normal(size=3), _RNG.normal(size=3), k) for k in (1, 2, 7)],
    mistakes=[
        Mistake(
            "Half and half forgets: the first iterate's share is halved at every step.",
            like=lambda mean, theta, k: (mean + theta) / 2,
        ),
        Mistake(
            "Here k counts the new iterate already: with k = 1 the mean is that iterate.",
            like=lambda mean, theta, k: mean + (theta - mean) / (k + 1),
        ),
        Mistake(
            "The old mean stands for k − 1 iterates: give it their weight.",
            like=lambda mean, theta, k: (mean + theta) / k,
        ),
        Mistake(
            "A fixed share forgets: that is the exponential average, not the mean.",
            like=lambda mean, theta, k: 0.9 * mean + 0.1 * theta,
        ),
        Mistake(
            "You add the new iterate's share and take nothing from the old mean.",
            like=lambda mean, theta, k: mean + theta / k,
        ),
        Mistake(
            "That goes away from the new iterate; the mean goes towards it.",
            like=lambda mean, theta, k: mean - (theta - mean) / k,
        ),
        Mistake(
            "The two shares are the wrong way round: the new iterate has the share 1/k.",
            like=lambda mean, theta, k: theta + (mean - theta) / k,
        ),
    ],
)
def running(mean: Any, theta: Any, k: Any) -> Any:
    """Return the mean of k iterates from that of the first k − 1 and the new one."""
    return mean + (theta - mean) / k


_a = sp.Symbol("a", positive=True)
_ratio = _a**2 / (2 * _a - 1)
expression(
    "schedules/wrong-c",
    _ratio,
    variables=[_a],
    interval=(0.8, 3.0),
    mistakes=[
        Mistake("Upside down: how many times *larger* than the best?", like=1 / _ratio),
        Mistake("The rate stands squared in front of the noise.", like=_a / (2 * _a - 1)),
        Mistake("What became of the −1 below?", like=_a / 2),
        Mistake(
            "How many times as large, not by how many times more: do not subtract 1.",
            like=_ratio - 1,
        ),
        Mistake("That is the deviation's ratio; the variance's is wanted.", like=sp.sqrt(_ratio)),
        Mistake("Put c = a/λ into the denominator too.", like=_a**2),
    ],
    note="twice too large costs a third; twice too small, a = ½, costs everything",
)

_HUNDRED = (100 / math.gamma(0.8)) ** 5
value(
    "schedules/trap",
    _HUNDRED,
    rtol=0.02,
    mistakes=[
        Mistake("You leave out Γ(4/5): the product is not the bare power.", like=100.0**5),
        Mistake(
            "That is the exponent of ten; the number of steps is wanted.",
            between=(9, 10),
        ),
        Mistake("Γ(4/5) divides the power; you multiply.", like=(100 * math.gamma(0.8)) ** 5),
        Mistake("The power is −1/5: raise to the fifth in the end.", like=100 / math.gamma(0.8)),
        Mistake(
            "That is as many steps as a million times a million and more: check the power.",
            between=(1e12, math.inf),
        ),
    ],
    note="a hundredth of the way is left after nearly five billion steps, with no noise at all",
)


def _rates(epochs: int, batches: int, first: float, factor: float, late: int = 0) -> Any:
    return [first * factor ** (i + late) for i in range(epochs) for _ in range(batches)]


@function(
    "schedules/per-batch",
    inputs=[(3, 4, 0.1, 0.85), (2, 1, 0.5, 0.5), (4, 2, 1.0, 0.9)],
    mistakes=[
        Mistake(
            "Still once a batch: the rate of the first epoch is not the same throughout.",
            like=lambda epochs, batches, first, factor: [
                first * factor**i for i in range(epochs * batches)
            ],
        ),
        Mistake(
            "The first epoch has lost its rate: you lower it before the batches, not after.",
            like=lambda epochs, batches, first, factor: _rates(epochs, batches, first, factor, 1),
        ),
        Mistake(
            "Once a batch, and before the first step at that.",
            like=lambda epochs, batches, first, factor: [
                first * factor ** (i + 1) for i in range(epochs * batches)
            ],
        ),
        Mistake(
            "The rate never falls within your run: lower it inside the loop over epochs.",
            like=lambda epochs, batches, first, factor: [first] * (epochs * batches),
        ),
        Mistake(
            "One rate for each epoch; one for each *step* is wanted.",
            when=lambda result, epochs, batches, *_: (
                np.ndim(result) == 1 and (len(result) == epochs != epochs * batches or batches == 1)
            ),
        ),
    ],
)
def rates(epochs: Any, batches: Any, first: Any, factor: Any) -> Any:
    """Return the rate of every step, lowered once an epoch."""
    return _rates(epochs, batches, first, factor)


BOWLS, SIZE, BUDGET, TARGET = ((0.1, 1), (0.3, 2), (0.05, 3)), 50, 4000, 0.01
SHORT = Mistake(f"Your run used up its budget of {BUDGET} gradients on one bowl.")
FAR = Mistake("Not yet close enough: the mean cost of a coordinate is still above 0.01.")


class NoisyBowl:
    """A bowl of unknown place and curvatures, from `flattest` to ten times that."""

    def __init__(self, flattest: float, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.curvatures = np.geomspace(flattest, 10 * flattest, SIZE)
        self.minimum = 5 * self.rng.normal(size=SIZE)
        self.seen = 0

    def gradient(self, theta: Any) -> Any:
        """Return the gradient with unit noise on every partial derivative, and count it."""
        if self.seen >= BUDGET:
            raise NotYet(SHORT.message)
        self.seen += 1
        away = np.asarray(theta, dtype=float) - self.minimum
        return self.curvatures * away + self.rng.standard_normal(SIZE)

    def cost(self, theta: Any) -> float:
        """Return the mean over coordinates of ½λe², uncounted: for the check alone."""
        try:
            point = np.asarray(theta, dtype=float)
        except (TypeError, ValueError, OverflowError):
            point = np.empty(0)
        if point.shape != (SIZE,):
            raise NotYet(f"Your function has to return a point, {SIZE} numbers.")
        return float(np.mean(self.curvatures * (point - self.minimum) ** 2) / 2)


@challenge("schedules/noisy-bowls", par=2000, mistakes=[SHORT, FAR])
def noisy_bowls(answer: Any) -> float:
    """Count the noisy gradients until the cost is low, on three bowls of unknown curvature."""
    check_callable(answer, lambda gradient, start: start, 2)
    seen = 0
    for flattest, seed in BOWLS:
        bowl = NoisyBowl(flattest, seed)
        end = call(answer, bowl.gradient, np.zeros(SIZE))
        if not bowl.cost(end) <= TARGET:
            raise NotYet(FAR.message)
        seen += bowl.seen
    return seen
