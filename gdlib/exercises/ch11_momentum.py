"""Checks of chapter 11: the heavy ball on a parabola."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gdlib.exercises.challenges import Counted, challenge, final_cost
from gdlib.exercises.kinds import check_callable, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotStarted, NotYet, call

Array = np.ndarray

value(
    "momentum/terminal",
    0.05,
    mistakes=[
        Mistake("That is the first step: the memory is still empty then.", like=0.005),
        Mistake("That is the rate times what *one* old gradient still counts.", like=0.0045),
        Mistake("That is the damped rule's long run, `m ← βm + (1 − β)g`.", like=0.0005),
        Mistake("That is the effective rate: multiply it by the slope.", like=0.1),
        Mistake("That is how full the memory is: the step is `η` times that.", like=5),
    ],
    note="on a constant slope the effective rate is `η/(1 − β)`",
)

_ANGLE = math.acos(1.62 / 1.8)
value(
    "momentum/swing",
    2 * math.pi / _ANGLE,
    rtol=6e-3,  # "about 14" is an answer, too
    mistakes=[
        Mistake("That is half a swing: there, and not back.", like=math.pi / _ANGLE),
        Mistake("That is the angle of one step: how many make a full turn?", like=_ANGLE),
        Mistake(
            "That is the angle of one step, in degrees: how many make a full turn?",
            like=math.degrees(_ANGLE),
        ),
        Mistake(
            "Divide the real part by the size of the eigenvalue before you take the arccosine.",
            like=2 * math.pi / math.acos(0.81),
        ),
        Mistake(
            "The real part is *half* of `1 + β − ηλ`.",
            among=(math.inf, 0),
        ),
    ],
    note="the rate sets the swing, the decay how fast it dies",
)


@function(
    "momentum/tuned",
    inputs=[(0.01, 1.0), (1.0, 25.0), (0.5, 18.0)],
    mistakes=[
        Mistake(
            "You return the *roots* of the rate and the decay: square both.",
            like=lambda flattest, steepest: (
                2 / (steepest**0.5 + flattest**0.5),
                _root(flattest, steepest),
            ),
        ),
        Mistake(
            "The rate is right; your decay is its root.",
            like=lambda flattest, steepest: (
                4 / (steepest**0.5 + flattest**0.5) ** 2,
                _root(flattest, steepest),
            ),
        ),
        Mistake(
            "That is gradient descent's best rate: the ball's has roots in it.",
            when=lambda result, flattest, steepest: np.isclose(
                result[0], 2 / (flattest + steepest)
            ),
        ),
        Mistake(
            "Your rate is its root: square it.",
            when=lambda result, flattest, steepest: np.isclose(
                result[0], 2 / (steepest**0.5 + flattest**0.5)
            ),
        ),
        Mistake(
            "Your decay has `κ` where its root belongs.",
            when=lambda result, flattest, steepest: np.isclose(
                [result[1], abs(result[1]) ** 0.5], (steepest - flattest) / (steepest + flattest)
            ).any(),
        ),
        Mistake(
            "The order is rate, then decay.",
            like=lambda flattest, steepest: tuned(flattest, steepest)[::-1],
        ),
    ],
    note="one rate and one decay for all curvatures between",
)
def tuned(flattest: float, steepest: float) -> tuple[float, float]:
    """Return the best rate and decay for curvatures from `flattest` to `steepest`."""
    return 4 / (steepest**0.5 + flattest**0.5) ** 2, _root(flattest, steepest) ** 2


def _root(flattest: float, largest: float) -> float:
    """Return the root of the best decay."""
    return float((largest**0.5 - flattest**0.5) / (largest**0.5 + flattest**0.5))


value(
    "momentum/translate",
    0.005,
    mistakes=[
        Mistake("The other way: their rate multiplies an average, ours a sum.", like=2.0),
        Mistake("You multiply by the decay: the old gradients are damped by 1 − β.", like=0.095),
        Mistake("With that rate the steps would be twenty times as long as theirs.", like=0.1),
        Mistake("That is 1 − β: what does their rate do?", like=0.05),
    ],
    note="`η = (1 − β)α`",
)


def _size(
    bent: Callable[[float, float], float], straight: float = 0.5
) -> Callable[[float, float], float]:
    """Build the answer to "radius", with its size of a complex pair from (middle, inside)."""

    def radius(scaled: float, decay: float) -> float:
        middle = 1 + decay - scaled
        inside = middle**2 - 4 * decay
        if inside < 0:
            return bent(middle, inside)
        return straight * (abs(middle) + math.sqrt(inside))

    return radius


@function(
    "momentum/radius",
    inputs=[(1.0, 0.5), (3.7, 0.9), (0.02, 0.81), (3.3, 0.49), (0.25, 0.2), (3.81, 0.9)],
    mistakes=[
        Mistake(
            "Still the article's: put β = ½ and ηλ = 1 in, and the size is above 1.",
            like=_size(lambda middle, inside: float((middle**2 + abs(inside)) ** 0.5)),
        ),
        Mistake(
            "You have halved once too often or too rarely: test it without momentum, β = 0.",
            like=_size(lambda middle, inside: 0.5 * (middle**2 - inside) ** 0.5, straight=1.0),
        ),
        Mistake(
            "Inside the root the sizes add up: |a + ib|² = a² + b², and b² is −inside.",
            like=_size(lambda middle, inside: 0.5 * abs(middle**2 + inside) ** 0.5),
        ),
        Mistake(
            "Two real eigenvalues have no imaginary part: their case was right before.",
            like=lambda scaled, decay: (
                0.5
                * math.sqrt((1 + decay - scaled) ** 2 + abs((1 + decay - scaled) ** 2 - 4 * decay))
            ),
        ),
        Mistake(
            "That is the *square* of the size of a complex pair.",
            like=_size(lambda middle, inside: (middle**2 - inside) / 4),
        ),
        Mistake(
            "For a complex pair you return the real part: the size has both parts in it.",
            like=_size(lambda middle, _: 0.5 * abs(middle)),
        ),
    ],
    note="a complex pair has the size `√β`, whatever the rate",
)
def radius(scaled: float, decay: float) -> float:
    """Return the larger size of the two eigenvalues at ηλ and β."""
    return _size(lambda middle, inside: 0.5 * (middle**2 - inside) ** 0.5)(scaled, decay)


# η(1 + β)/((1 − β)(2(1 + β) − η)) = 0.1/1.9 at β = 0.9
value(
    "momentum/floor",
    3.8 / 362,
    rtol=5e-4,  # four digits: 0.01050
    mistakes=[
        Mistake(
            "Close: that is the limit for small rates. Here is asked for the exact one.", like=0.01
        ),
        Mistake("That raises the floor tenfold.", like=0.1),
        Mistake("That is the floor. At which rate does the ball have it?", like=0.1 / 1.9),
        Mistake("A larger rate raises the floor: the ball needs a smaller one.", like=1.0),
    ],
    note="at equal floors the ball may be a little faster",
)

VALLEYS = [(1.0, 100.0, 1), (0.5, 1250.0, 2), (1.0, 20_000.0, 3)]
DIMENSIONS = 30


def _valley(flattest: float, largest: float, seed: int) -> tuple[Counted, Array]:
    """Return an oblique, moved quadratic with these extreme curvatures, and a start (n,)."""
    rng = np.random.default_rng(seed)
    mirror = rng.normal(size=DIMENSIONS)
    turn = np.eye(DIMENSIONS) - 2 * np.outer(mirror, mirror) / (mirror @ mirror)
    hessian = turn * np.geomspace(flattest, largest, DIMENSIONS) @ turn
    shift = np.arange(DIMENSIONS) / 4 - 3

    def height(theta: Array) -> Any:
        return (theta @ hessian * theta).sum(axis=-1) / 2

    def slope(theta: Array) -> Array:
        return theta @ hessian

    cost = Counted(height, slope, shift=shift, budget=10_000)
    return cost, rng.normal(size=DIMENSIONS) + shift


@challenge(
    "momentum/few-gradients",
    par=1800,
    mistakes=[Mistake("Your point is not yet close enough to the minimum.")],
    seconds=5.0,
)
def few_gradients(answer: Any) -> float:
    """Count the gradients of three runs down moved, oblique valleys to J ≤ 1e-6."""
    check_callable(answer, lambda cost, start, flattest, steepest: None, 4)
    total = 0
    for flattest, largest, seed in VALLEYS:
        cost, start = _valley(flattest, largest, seed)
        end = call(answer, cost, start, flattest, largest)
        if end is ...:
            raise NotStarted
        if not final_cost(cost, end) <= 1e-6:
            raise NotYet("Your point is not yet close enough to the minimum.")
        total += cost.evaluations
    return float(total)
