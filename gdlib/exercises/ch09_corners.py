"""Checks of chapter 9: subgradients, soft thresholds and the lasso."""

from __future__ import annotations

from typing import Any

import numpy as np

from gdlib.exercises.challenges import Counted, challenge
from gdlib.exercises.kinds import check_callable, choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call
from gdlib.optimizers.proximal import soft_threshold

value(
    "corners/hop",
    0.2,
    mistakes=[
        Mistake("That is the nearer of the two points; the other one lies higher.", like=0.1),
        Mistake("That is how far it hops: where does a hop that long begin and end?", like=0.3),
        Mistake("It never lands on 0: no number of steps of 0.3 leads there from 1.", like=0.0),
        Mistake("Half the rate, if it landed in the middle; count the steps from 1.", like=0.15),
    ],
    note="from 0.1 to −0.2 and back",
)
choice(
    "corners/fan",
    answer="c",
    why_not={
        "a": "That is the slope of one of the two lines; its line supports the cost, and it is "
        "not alone.",
        "b": "The mean of the two slopes is one of them; which others are?",
        "d": "Those are the subgradients of |x| at 0; here the lines that meet have other slopes.",
    },
    note="from the slope on the left to the slope on the right, and all between",
)


def _rows() -> list[tuple[Any, ...]]:
    rng = np.random.default_rng(9)
    cases = []
    for n, d in ((6, 2), (9, 3)):
        features, labels = rng.normal(size=(n, d)), rng.choice([-1.0, 1.0], n)
        weights = rng.normal(size=d)
        cases.append((weights, features, labels))
    # The first row's margin is exactly 1: the corner.
    on_corner = (
        np.array([1.0, 0.0]),
        np.array([[1.0, 0.5], [0.25, -1.0], [3.0, 1.0], [0.5, 2.0]]),
        np.array([1.0, -1.0, 1.0, 1.0]),
    )
    return [*cases, on_corner]


def _hinge(weights: Any, features: Any, labels: Any, *, edge: float = 1.0) -> Any:
    active = labels * (features @ weights) < edge
    return -(labels * active) @ features / len(labels)


def _hinge_closed(weights: Any, features: Any, labels: Any) -> Any:
    active = labels * (features @ weights) <= 1
    return -(labels * active) @ features / len(labels)


@function(
    "corners/hinge",
    inputs=_rows(),
    mistakes=[
        Mistake(
            "Your direction climbs: the cost falls when the margin grows, so a minus is missing.",
            like=lambda weights, features, labels: -_hinge(weights, features, labels),
        ),
        Mistake(
            "That is the gradient of the sum; the cost is a mean over the rows.",
            like=lambda weights, features, labels: len(labels) * _hinge(weights, features, labels),
        ),
        Mistake(
            "You divide by the number of rows that pay; the mean is over all rows.",
            like=lambda weights, features, labels: (
                _hinge(weights, features, labels)
                * len(labels)
                / max(1, (labels * (features @ weights) < 1).sum())
            ),
        ),
        Mistake(
            "Rows with a margin above 1 cost nothing and pull nowhere; leave them out.",
            like=lambda weights, features, labels: -labels @ features / len(labels),
        ),
        Mistake(
            "Only rows on the wrong side pull in yours; those with a margin between 0 and 1 pay, "
            "too.",
            like=lambda weights, features, labels: _hinge(weights, features, labels, edge=0.0),
        ),
        Mistake(
            "A subgradient, but not the one asked for: exactly at the corner, take 0.",
            like=_hinge_closed,
        ),
    ],
)
def hinge_gradient(weights: Any, features: Any, labels: Any) -> Any:
    """Return the mean of −t x over the rows whose margin is below 1."""
    return _hinge(weights, features, labels)


@function(
    "corners/soft-threshold",
    inputs=[
        (np.array([-2.0, -0.4, 0.0, 0.3, 1.7]), 0.5),
        (np.array([[0.2, -3.0], [1.5, -1.5]]), 1.0),
    ],
    mistakes=[
        Mistake(
            "Numbers near 0 come out on the other side of it: what is shorter than t must stop "
            "at 0.",
            like=lambda v, t: np.sign(v) * (np.abs(v) - t),
        ),
        Mistake(
            "That is a hard threshold: it zeroes the small ones, but the others move by t as well.",
            like=lambda v, t: np.where(np.abs(v) > t, v, 0.0),
        ),
        Mistake(
            "Right for positive numbers; the negative ones move towards 0, too.",
            like=lambda v, t: np.maximum(v - t, 0.0),
        ),
        Mistake(
            "That is what is taken off v, not what is left of it.",
            like=lambda v, t: np.clip(v, -t, t),
        ),
        Mistake(
            "You lost the signs: the result has the sign of v.",
            like=lambda v, t: np.maximum(np.abs(v) - t, 0.0),
        ),
    ],
)
def soft(v: Any, t: Any) -> Any:
    """Return v moved towards 0 by t."""
    return np.asarray(soft_threshold(v, t))


def _data(seed: int, rows: int = 12, columns: int = 5) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, columns)), rng.normal(size=rows)


def _steps() -> list[tuple[Any, ...]]:
    cases = []
    for seed, rate, alpha in ((1, 0.3, 0.2), (2, 0.05, 0.5)):
        features, targets = _data(seed)
        theta = np.random.default_rng(seed + 50).normal(size=5)
        cases.append((theta, features, targets, alpha, rate))
    return cases


def _landed(theta: Any, features: Any, targets: Any, rate: float) -> Any:
    return theta - rate * features.T @ (features @ theta - targets) / len(targets)


@function(
    "corners/ista",
    inputs=_steps(),
    mistakes=[
        Mistake(
            "That is the step as it was published: its threshold does not shrink with the rate.",
            like=lambda theta, features, targets, alpha, rate: soft_threshold(
                _landed(theta, features, targets, rate), alpha
            ),
        ),
        Mistake(
            "The squares are a mean over the rows: a factor 1/N is missing in the gradient.",
            like=lambda theta, features, targets, alpha, rate: soft_threshold(
                _landed(theta, features, targets, rate * len(targets)), rate * alpha
            ),
        ),
        Mistake(
            "The gradient has the penalty's slope in it, and the threshold has it again: once is "
            "enough.",
            like=lambda theta, features, targets, alpha, rate: soft_threshold(
                _landed(theta, features, targets, rate) - rate * alpha * np.sign(theta),
                rate * alpha,
            ),
        ),
        Mistake(
            "The threshold grows as the rate shrinks in yours: it is a step, and as long as the "
            "rate says.",
            like=lambda theta, features, targets, alpha, rate: soft_threshold(
                _landed(theta, features, targets, rate), alpha / rate
            ),
        ),
        Mistake(
            "First step, then threshold: you thresholded the old point.",
            like=lambda theta, features, targets, alpha, rate: _landed(
                soft_threshold(theta, rate * alpha), features, targets, rate
            ),
        ),
    ],
)
def ista_step(theta: Any, features: Any, targets: Any, alpha: Any, rate: Any) -> Any:
    """Return soft(θ − ηs, ηα)."""
    return soft_threshold(_landed(theta, features, targets, rate), rate * alpha)


@function(
    "corners/relu-step",
    inputs=[
        (np.array([-2.0, -0.1, 0.0, 0.3, 0.8, 2.5]), 0.5),
        (np.array([[1.0, 0.5], [-3.0, 4.0]]), 1.5),
    ],
    mistakes=[
        Mistake(
            "Negative numbers cost nothing under max(0, θ): nothing pulls them.",
            like=lambda v, t: np.asarray(soft_threshold(v, t)),
        ),
        Mistake(
            "That is the ReLU itself; asked for is where its pull takes v.",
            like=lambda v, t: np.maximum(v, 0.0),
        ),
        Mistake(
            "You sent the negative numbers to 0; they cost nothing where they are.",
            like=lambda v, t: np.maximum(v - t, 0.0),
        ),
        Mistake(
            "A number nearer to 0 than t must stop at 0, not cross it.",
            like=lambda v, t: np.where(v > 0, v - t, v),
        ),
        Mistake(
            "Those beyond t are pulled as well: by t.",
            like=lambda v, t: np.where((v > 0) & (v <= t), 0.0, v),
        ),
    ],
)
def relu_step(v: Any, t: Any) -> Any:
    """Return the θ that makes ½(θ − v)² + t max(0, θ) least."""
    return np.where(v > t, v - t, np.minimum(v, 0.0))


@function(
    "corners/silence",
    inputs=[_data(3), _data(4, 20, 7)],
    mistakes=[
        Mistake(
            "A column may pull downwards, too: take the sizes of the pulls.",
            like=lambda features, targets: np.max(features.T @ targets) / len(targets),
        ),
        Mistake(
            "The cost is a mean over the rows: a factor 1/N is missing.",
            like=lambda features, targets: np.max(np.abs(features.T @ targets)),
        ),
        Mistake(
            "Each column stands against the penalty alone; you added them up.",
            like=lambda features, targets: np.sum(np.abs(features.T @ targets)) / len(targets),
        ),
        Mistake(
            "With this penalty one column is silent; which must fall silent last?",
            like=lambda features, targets: np.min(np.abs(features.T @ targets)) / len(targets),
        ),
    ],
)
def silence(features: Any, targets: Any) -> Any:
    """Return the least α for which all weights of the lasso are 0."""
    return np.max(np.abs(features.T @ targets)) / len(targets)


class _Lasso:
    """Least squares whose columns have much in common, and few of which matter."""

    penalty = 0.2

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        columns = rng.normal(size=(80, 25)) + 0.7 * rng.normal(size=(80, 1))
        self.features = columns / np.sqrt((columns**2).mean(axis=0))
        weights = np.zeros(25)
        weights[rng.choice(25, 4, replace=False)] = 2 * rng.normal(size=4)
        self.targets = self.features @ weights + rng.normal(size=80) / 2
        self.largest = float(np.linalg.eigvalsh(self.features.T @ self.features)[-1] / 80)

    def smooth(self, theta: Any) -> float:
        residual = self.features @ theta - self.targets
        return float(residual @ residual) / 160

    def slope(self, theta: Any) -> Any:
        return self.features.T @ (self.features @ theta - self.targets) / 80

    def cost(self, theta: Any) -> float:
        return self.smooth(theta) + self.penalty * float(np.abs(theta).sum())

    def lowest(self) -> float:
        """Return the least cost, to far more digits than are asked for."""
        theta, rate = np.zeros(25), 1 / self.largest
        for _ in range(1000):
            theta = soft_threshold(theta - rate * self.slope(theta), rate * self.penalty)
        return self.cost(theta)


@challenge("corners/lasso", par=170)
def lasso(answer: Any) -> float:
    """Measure the gradient evaluations that bring three lassos within 1e-6 of their lowest cost."""
    check_callable(answer, lambda smooth, l1, largest, start: None, 4)
    total = 0
    for seed in range(3):
        problem = _Lasso(seed)
        counted = Counted(problem.smooth, problem.slope, budget=5_000)
        end = call(answer, counted, problem.penalty, problem.largest, np.zeros(25))
        try:
            gap = problem.cost(np.array(end, dtype=float).reshape(25)) - problem.lowest()
        except (TypeError, ValueError, OverflowError):
            raise NotYet("Your function has to return the point where it arrived.") from None
        if not gap <= 1e-6:
            raise NotYet("Your last point's cost is not yet within 1e-6 of the lowest each time.")
        total += counted.evaluations
    return float(total)
