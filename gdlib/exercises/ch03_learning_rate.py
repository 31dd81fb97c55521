"""Checks of chapter 3: which rates converge, and how fast."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gdlib.exercises.challenges import challenge
from gdlib.exercises.kinds import check_callable, choice, custom, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotStarted, NotYet, call
from gdlib.exercises.verdict import Verdict

choice(
    "learning-rate/regime",
    answer="c",
    why_not={
        "a": "A crawl needs a product `η·λ` far below 1: multiply the two numbers.",
        "b": "It stays on one side only while `1 - η·λ` is positive: compute that factor.",
        "d": "It grows only when the factor `1 - η·λ` is longer than 1: compute it.",
    },
    note="the factor's sign makes the zigzag, its size the convergence",
)


def _log_steps(product: float, tolerance: float) -> float:
    return math.log(tolerance) / math.log(abs(1 - product))


def _no_logarithm(product: float, _: float) -> str:
    """Say why a count by logarithms may stop at these products."""
    return {
        1.0: "At a product of 1 the factor is 0, and 0 has no logarithm.",
        1.7: "Beyond 1 the factor is negative, and has no logarithm: what counts is its size.",
        2.0: "At a product of 2 the factor is -1: the error never shrinks.",
    }.get(product, "")


@function(
    "learning-rate/steps",
    stops=_no_logarithm,
    inputs=[(0.05, 1e-6), (1.0, 1e-3), (1.7, 1e-6), (2.0, 1e-6), (0.3, 2e-2), (2.5, 1e-9)],
    mistakes=[
        Mistake(
            "Your count is negative: both logarithms have the same sign.",
            when=lambda result, product, _: result < 0 or product not in (0.05, 1.7, 0.3),
        ),
        Mistake(
            "Right up to 1, but beyond it the factor is negative: what counts is its size.",
            when=lambda result, product, tolerance: (
                result == math.ceil(_log_steps(product, tolerance))
                if product < 1
                else result == 1
                if product == 1
                else not math.isfinite(result)
            ),
        ),
        Mistake(
            "A count of steps is a whole number: the first `k` that is large enough.",
            when=lambda result, product, tolerance: (
                math.isclose(result, _log_steps(product, tolerance))
                if product in (0.05, 1.7, 0.3)
                else True
            ),
        ),
        Mistake(
            "One step short: round up, since the step in which it arrives counts.",
            when=lambda result, product, tolerance: (
                result == math.floor(_log_steps(product, tolerance))
                if product in (0.05, 1.7, 0.3)
                else True
            ),
        ),
        Mistake(
            "From 2 on the error never shrinks: return `math.inf` there.",
            when=lambda result, product, tolerance: (
                result == math.ceil(_log_steps(product, tolerance))
                if product in (0.05, 1.7, 0.3)
                else result == 1
                if product == 1
                else result != math.inf
            ),
        ),
    ],
)
def steps_needed(product: float, tolerance: float) -> float:
    """Return the steps until the error is at most `tolerance` times its start."""
    factor = abs(1 - product)
    if factor >= 1:
        return math.inf
    return 1 if factor == 0 else math.ceil(math.log(tolerance) / math.log(factor))


value(
    "learning-rate/units",
    2000.0,
    mistakes=[
        Mistake("You have changed the unit of the cost alone.", like=2e-3),
        Mistake("You have changed the unit of the parameter alone.", like=2e5),
        Mistake("The parameter's unit counts twice: in the slope and in the step.", like=2.0),
        Mistake("A larger cost has steeper slopes: its rate has to be smaller.", like=2e7),
        Mistake("In smaller units the slopes are smaller, not larger.", like=2e-9),
    ],
    note="the same run in other units, and another rate",
)

HIDDEN = [
    np.array([[3.0, 2.0], [2.0, 6.0]]),
    np.array([[40.0, -12.0], [-12.0, 9.0]]),
    np.array([[0.02, 0.0], [0.0, 0.005]]),
]
BOTTOMS = [np.array([1.0, -2.0]), np.array([-3.0, 0.5]), np.array([4.0, 7.0])]
RATE_MISTAKES = {
    "one": Mistake("That is 1/L: stable, and half of the largest rate."),
    "small": Mistake("That is 2 over the smallest curvature: the steepest direction explodes."),
    "best": Mistake("That is the best rate, 2/(μ + L); the largest stable one lies beyond it."),
    "diagonal": Mistake(
        "You have read the curvature along the axes only, and a bowl's steepest way may be oblique."
    ),
    "large": Mistake("With your rate the run diverges."),
    "timid": Mistake("Your rate is stable, but a larger one is too."),
}


def _named_rate(rate: float, hessian: np.ndarray) -> str:
    mu, largest = np.linalg.eigvalsh(hessian)
    likely = {
        "one": 1 / largest,
        "small": 2 / mu,
        "best": 2 / (mu + largest),
        "diagonal": 2 / hessian.diagonal().max(),
    }
    near = [name for name, wrong in likely.items() if math.isclose(rate, wrong, rel_tol=1e-2)]
    return near[0] if near else "large" if rate > 2 / largest else "timid"


@custom("learning-rate/largest-rate", mistakes=list(RATE_MISTAKES.values()), seconds=3.0)
def largest_rate(answer: Any) -> Verdict:
    """Judge the largest stable rate that the answer finds for bowls it cannot see."""
    check_callable(answer, lambda gradient: gradient, 1)
    for hessian, bottom in zip(HIDDEN, BOTTOMS, strict=True):
        rate = call(answer, _slope(hessian, bottom))
        if rate is ...:
            raise NotStarted
        if rate is None:
            raise NotYet("Your function returns None where a rate is wanted.")
        if not _is_number(rate):
            raise NotYet("Your function has to return one positive number, the rate.")
        if not math.isclose(float(rate), 2 / np.linalg.eigvalsh(hessian)[-1], rel_tol=1e-2):
            return Verdict.wrong(RATE_MISTAKES[_named_rate(float(rate), hessian)].message)
    return Verdict.right("found on three bowls by their slopes alone")


def _slope(hessian: np.ndarray, bottom: np.ndarray) -> Callable[[Any], np.ndarray]:
    def gradient(theta: Any) -> np.ndarray:
        return np.asarray(hessian @ (np.asarray(theta, dtype=float) - bottom))

    return gradient


def _is_number(given: Any) -> bool:
    try:
        plain = np.ndim(given) == 0 and not isinstance(given, str | bool | np.bool_)
        return plain and math.isfinite(float(given)) and float(given) > 0
    except (TypeError, ValueError, OverflowError):
        return False


def _bowl(theta: Any) -> float:
    return float(theta[0] ** 2 + 12 * theta[1] ** 2)


def _valley(theta: Any) -> float:
    return float((1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2)


def _shrinks_until(fall: Callable[[float, float], float], sign: int = 1) -> Callable[..., float]:
    """Build a line search that halves until the cost fell by `fall(slope, norm)` times the rate."""

    def search(
        cost: Callable[[Any], float], theta: Any, gradient: Any, rate: float, slope: float
    ) -> float:
        wanted = fall(slope, float(np.linalg.norm(gradient)))
        for _ in range(60):
            if cost(theta - sign * rate * gradient) <= cost(theta) - rate * wanted:
                break
            rate /= 2
        return rate

    return search


def _at_the_step(
    cost: Callable[[Any], float], theta: Any, gradient: Any, rate: float, slope: float
) -> float:
    """Search by the cost at the step, as if it had been taken from 0."""
    for _ in range(60):
        if cost(rate * gradient) <= cost(theta) - slope * rate * float(gradient @ gradient):
            break
        rate /= 2
    return rate


@function(
    "learning-rate/backtracking",
    inputs=[
        (_bowl, np.array([0.1, 0.02]), np.array([0.2, 0.48]), 1.0, 0.45),
        (_bowl, np.array([2.0, 1.0]), np.array([4.0, 24.0]), 1.0, 0.45),
        (_valley, np.array([-1.2, 1.0]), np.array([-215.6, -88.0]), 1.0, 0.3),
        (_bowl, np.array([3.0, -0.1]), np.array([6.0, -2.4]), 0.9, 0.3),
        (_bowl, np.array([-3.0, 0.2]), np.array([-6.0, 4.8]), 0.9, 0.45),
    ],
    mistakes=[
        Mistake(
            "You accept any fall: Armijo asks for a fall that grows with the step.",
            like=_shrinks_until(lambda slope, norm: 0 * slope * norm),
        ),
        Mistake(
            "The fall to ask for has the *squared* length of the gradient in it.",
            like=_shrinks_until(lambda slope, norm: slope * norm),
        ),
        Mistake(
            "You ask for the whole fall of the tangent, which a bowl never gives: use `slope`.",
            like=_shrinks_until(lambda slope, norm: norm**2 + 0 * slope),
        ),
        Mistake(
            "You return the first rate: does your loop look at the cost at the new point?",
            when=lambda result, *given: result == given[3],
        ),
        Mistake(
            "You shrink once too often: return the first rate that passes.",
            like=lambda *given: backtrack(*given) / 2,
        ),
        Mistake(
            "You ask for the cost of the step itself: the new point is `theta` less the step.",
            like=_at_the_step,
        ),
        Mistake(
            "You look uphill: the new point is `theta - rate * gradient`.",
            like=_shrinks_until(lambda slope, norm: slope * norm**2, sign=-1),
        ),
    ],
)
def backtrack(
    cost: Callable[[Any], float], theta: Any, gradient: Any, rate: float, slope: float
) -> float:
    """Return the first of `rate`, `rate / 2`, `rate / 4`, … that satisfies Armijo's condition."""
    return _shrinks_until(lambda c, norm: c * norm**2)(cost, theta, gradient, rate, slope)


_FLAT, _STEEP = np.linalg.eigvalsh(np.array([[802.0, -400.0], [-400.0, 200.0]]))
value(
    "learning-rate/rosenbrock",
    float(2 / _STEEP),
    mistakes=[
        Mistake("That is 1/L: it settles, but a larger one does too.", like=1 / _STEEP),
        Mistake(
            "You have taken the curvature along the valley: the other is larger.", like=2 / _FLAT
        ),
        Mistake("You have read the diagonal of the Hessian: take its eigenvalues.", like=2 / 802),
        Mistake(
            "Rounded up, the rate lies beyond the bound, and the run cannot settle: more digits.",
            between=(0.0019975, 0.00205),
        ),
    ],
    rtol=5e-4,  # 0.001996 is a reader's cut, 0.001998 is too large
    note="along the valley floor such a step is 2500 times shorter than the floor allows",
)

LADDER = np.linspace(1.0, 10.0, 1801)


@challenge(
    "learning-rate/three-rates",
    par=0.3,
    unit="of the error left after a cycle",
    mistakes=[
        Mistake("Give three rates, such as `[0.1, 0.1, 0.1]`."),
        Mistake("Every rate is a positive number."),
    ],
)
def three_rates(answer: Any) -> float:
    """Measure the worst factor of one cycle over all curvatures from 1 to 10."""
    if isinstance(answer, list | tuple) and any(rate is ... for rate in answer):
        raise NotStarted
    if isinstance(answer, str | bytes) or np.array(answer, dtype=object).shape != (3,):
        raise NotYet("Give three rates, such as `[0.1, 0.1, 0.1]`.")
    if not all(_is_number(rate) for rate in answer):
        raise NotYet("Every rate is a positive number.")
    factors = [1 - float(rate) * LADDER for rate in answer]
    return float(f"{np.abs(np.prod(factors, axis=0)).max():.4f}")
