"""Checks of chapter 1: first steps down a slope, and where they end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gdlib.exercises.kinds import check_callable, choice, custom, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call
from gdlib.exercises.verdict import Verdict

Curve = Callable[[float], float]
Walked = tuple[float, np.ndarray]

value(
    "walking-downhill/first-step",
    2.4,
    mistakes=[
        Mistake("This step goes up: the rule subtracts.", like=3.6),
        Mistake("That is the slope itself as a step; the learning rate shortens it.", like=-3.0),
        Mistake("The step is made of the slope at 3, not of the height there.", like=2.1),
        Mistake("The slope of θ² is not θ.", like=2.7),
        Mistake("That is how far the step goes; where does it end?", like=0.6),
        Mistake("That is the step; where does it end?", like=-0.6),
    ],
    note="the slope is 6, so the step is 0.6 to the left",
)


def bowl(theta: float) -> float:
    """Return the height of a parabola with its lowest point at 2."""
    return (theta - 2) ** 2 + 1


def bowl_slope(theta: float) -> float:
    """Return the bowl's slope."""
    return 2 * (theta - 2)


def quartic(theta: float) -> float:
    """Return the height of a quartic with a tilt."""
    return theta**4 / 4 + theta


def quartic_slope(theta: float) -> float:
    """Return the quartic's slope."""
    return theta**3 + 1


WALKS = [(bowl, bowl_slope, 5.0, 0.2, 6), (quartic, quartic_slope, 0.7, 0.15, 4)]


def variant(
    change: Callable[[Curve, Curve, float, float, int], Walked],
) -> Callable[..., Walked]:
    """Return a wrong walk under the right one's parameter names."""

    def walk(cost: Curve, slope: Curve, theta: float, eta: float, steps: int) -> Walked:
        return change(cost, slope, theta, eta, steps)

    return walk


@function(
    "walking-downhill/walk",
    inputs=WALKS,
    mistakes=[
        Mistake(
            "Your walk climbs: downhill is against the slope.",
            like=variant(lambda c, s, theta, eta, n: walk(c, s, theta, -eta, n)),
        ),
        Mistake(
            "Each step has the length of the slope itself; where is the learning rate?",
            like=variant(lambda c, s, theta, _, n: walk(c, s, theta, 1.0, n)),
        ),
        Mistake(
            "Your costs are those before each step; note the cost where you arrive.",
            like=variant(lambda c, s, theta, eta, n: late(walk(c, s, theta, eta, n), c(theta))),
        ),
        Mistake(
            "Every step uses the slope at the start; feel the ground again where you stand.",
            like=variant(lambda c, s, theta, eta, n: walk(c, lambda _: s(theta), theta, eta, n)),
        ),
        Mistake(
            "You step by the height of the ground; step by its slope.",
            like=variant(lambda c, _, theta, eta, n: walk(c, c, theta, eta, n)),
        ),
    ],
)
def walk(cost: Curve, slope: Curve, theta: float, eta: float, steps: int) -> Walked:
    """Walk downhill; return the last θ and the cost after each step."""
    costs = []
    for _ in range(steps):
        theta = theta - eta * slope(theta)
        costs.append(cost(theta))
    return theta, np.array(costs)


def late(walked: Walked, first: float) -> Walked:
    """Return a walk with the costs before each step instead of after."""
    theta, costs = walked
    return theta, np.array([first, *costs[:-1]])


choice(
    "walking-downhill/hilltop",
    answer="b",
    why_not={
        "a": "What would the slope have to be for a step to the right?",
        "c": "Nothing in the five lines draws lots: the same start gives the same walk.",
    },
    note="the slope is zero, and so is every step",
)

value(
    "walking-downhill/patience",
    132,
    mistakes=[
        Mistake("Steps come whole.", between=(131, 131.9)),
        Mistake("After so many steps the error is still a little too large: round up.", like=131),
        Mistake("The factors multiply: 0.9 · 0.9 · …, they do not add up.", like=10),
        Mistake("Take both logarithms to the same base.", between=(56, 58)),
    ],
    note="13.8 / 0.105 = 131.1, rounded up",
)


def warehouse_by(rule: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Return a wrong `warehouse`, under the right one's parameter name."""

    def warehouse(towns: np.ndarray) -> np.ndarray:
        return rule(towns)

    return warehouse


def best_town(towns: np.ndarray) -> np.ndarray:
    """Return the town with the shortest total distance to the others."""
    total = np.linalg.norm(towns[:, None] - towns, axis=-1).sum(0)
    return np.asarray(towns[total.argmin()])


TOWNS = [
    (np.array([[0.0, 0.0], [12.0, 1.0], [3.0, 9.0]]),),
    (np.array([[-4.0, 2.0], [6.0, -3.0], [9.0, 8.0], [1.0, 11.0], [-2.0, 7.0]]),),
    (np.array([[20.0, 30.0], [24.0, 31.0], [29.0, 36.0], [21.0, 41.0]]),),
]


@function(
    "walking-downhill/warehouse",
    inputs=TOWNS,
    mistakes=[
        Mistake(
            "That is the mean of the towns: it makes the sum of the squared distances least.",
            like=warehouse_by(lambda towns: towns.mean(0)),
        ),
        Mistake(
            "That is the median of each coordinate: right if vans drove along a grid of streets.",
            like=warehouse_by(lambda towns: np.median(towns, axis=0)),
        ),
        Mistake(
            "That is the best of the towns; a point between them is better still.",
            like=warehouse_by(best_town),
        ),
        Mistake(
            "Your warehouse lies far outside the towns: do the steps go downhill?",
            when=lambda place, towns: (
                np.linalg.norm(place - towns.mean(0)) > 2 * np.ptp(towns, axis=0).max()
            ),
        ),
    ],
    rtol=0,
    atol=5e-3,
    note="where the unit vectors towards the towns add up to zero",
)
def warehouse(towns: np.ndarray) -> np.ndarray:
    """Return the point with the least total distance to the towns, by Weiszfeld's iteration."""
    place = towns.mean(0)
    for _ in range(300):
        weights = 1 / np.linalg.norm(towns - place, axis=1)
        place = weights @ towns / weights.sum()
    return np.asarray(place)


PAR = 1.0


class Fog:
    """A hidden curve on [0, 10] that may be looked at twelve times."""

    def __init__(self, seed: int) -> None:
        draw = np.random.default_rng(seed)
        self._centre, self._height = draw.uniform(2, 8), draw.uniform(0.6, 1.5)
        self._pitch, self._phase = draw.uniform(1.0, 1.8), draw.uniform(0, 2 * np.pi)
        self.heights: list[float] = []

    def curve(self, theta: Any) -> Any:
        """Return the height at one θ or many."""
        wave = self._height * np.sin(self._pitch * theta + self._phase)
        return (theta - self._centre) ** 2 / 10 + wave

    def look(self, theta: float) -> tuple[float, float]:
        """Return height and slope at θ; the thirteenth look raises `NotYet`."""
        theta = float(theta)
        if not 0 <= theta <= 10:
            raise NotYet("You looked outside the land: θ has to stay between 0 and 10.")
        if len(self.heights) == 12:
            raise NotYet("You took a thirteenth look at one of the curves.")
        wave = self._height * self._pitch * np.cos(self._pitch * theta + self._phase)
        self.heights.append(float(self.curve(theta)))
        return self.heights[-1], float((theta - self._centre) / 5 + wave)

    def missed(self) -> float:
        """Return how far above the bottom the lowest look was, in percent of the curve's range."""
        if not self.heights:
            raise NotYet("You did not look at all.")
        land = self.curve(np.linspace(0, 10, 2001))
        return float(100 * max(0.0, min(self.heights) - land.min()) / np.ptp(land))


@custom(
    "walking-downhill/hunt",
    mistakes=[
        Mistake("You took a thirteenth look"),
        Mistake("You looked outside the land"),
        Mistake("You did not look at all"),
        Mistake("On average your lowest look"),
    ],
)
def hunt(answer: Any) -> Verdict:
    """Send a hunt over 50 hidden curves; its score is the mean miss in percent."""
    check_callable(answer, lambda look: look, 1)
    missed = []
    for seed in range(1000, 1050):
        fog = Fog(seed)
        call(answer, fog.look)
        missed.append(fog.missed())
    score = round(float(np.mean(missed)), 3)
    words = f"On average your lowest look lies {score:.2g} % above the bottom"
    if score > PAR:
        return Verdict.wrong(f"{words}; the score to beat is {PAR:g} %.", score)
    return Verdict.right(f"{words}; the score to beat was {PAR:g} %", score)
