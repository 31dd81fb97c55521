"""Checks of chapter 2: from partial derivatives to a step, and how to trust both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from gdlib.exercises.compare import complaint, same
from gdlib.exercises.kinds import check_callable, custom, function, recognised, run, unlike, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.symbolic import expression
from gdlib.exercises.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

x, y = sp.symbols("x y", real=True)

expression(
    "update-rule/partials",
    [2 * x * y - y**3, x**2 - 3 * x * y**2],
    variables=[x, y],
    mistakes=[
        Mistake(
            "Those are the right two, in the other order: the derivative in x comes first.",
            [x**2 - 3 * x * y**2, 2 * x * y - y**3],
        ),
        Mistake(
            "Each entry is differentiated in both variables: that is a second derivative.",
            [2 * x - 3 * y**2, 2 * x - 3 * y**2],
        ),
        Mistake(
            "You have the downhill direction: the gradient itself has no minus.",
            [y**3 - 2 * x * y, 3 * x * y**2 - x**2],
        ),
        Mistake(
            "Each entry is differentiated twice in its own variable: once is enough.",
            [2 * y, -6 * x * y],
        ),
    ],
)


@function(
    "update-rule/step",
    inputs=[
        (np.array([1.0, -3.0]), np.array([0.5, 2.0]), 0.25),
        (np.array([2.0, 0.5, -1.5]), np.array([-4.0, 3.0, 0.7]), 0.1),
    ],
    mistakes=[
        Mistake("Your step climbs: the gradient points uphill.", lambda t, g, eta: t + eta * g),
        Mistake(
            "That is the step alone, not the point where it lands.", lambda _, g, eta: -eta * g
        ),
        Mistake("Your step ignores the learning rate.", lambda t, g, _: t - g),
        Mistake(
            "You divide by the learning rate: a larger rate has to give a longer step.",
            lambda t, g, eta: t - g / eta,
        ),
        Mistake(
            "Your step has the same length wherever you stand: keep the gradient's own length.",
            lambda t, g, eta: t - eta * g / np.linalg.norm(g),
        ),
        Mistake(
            "You move θ by a fraction of θ: it is the gradient that the rate multiplies.",
            lambda t, _, eta: t - eta * t,
        ),
    ],
)
def step(theta: Any, gradient: Any, learning_rate: float) -> Any:
    """Return the next point."""
    return theta - learning_rate * gradient


value(
    "update-rule/slope",
    -1 / np.sqrt(2),
    mistakes=[
        Mistake("That is gᵀd for a d that is longer than 1: divide by its length.", -1.0),
        Mistake("The size is right, the sign is not: add the two products again.", 2**-0.5),
        Mistake("That is the length of g, the slope along g itself.", 5.0),
        Mistake("That is the slope straight downhill, along −g.", -5.0),
        Mistake("You divided by the squared length of the direction.", -0.5),
    ],
    note="J falls that way, but far more slowly than along −g",
)


def rows(seed: int, count: int, parameters: int) -> tuple[Any, Any, Any]:
    """Return features (count, parameters), targets (count,) and θ without any symmetry."""
    normal = np.random.default_rng(seed).normal
    return normal(size=(count, parameters)), normal(size=count), normal(size=parameters)


def is_transposed(result: Any, features: Any, targets: Any, theta: Any) -> bool:
    """Return whether a result lies along X(Xθ − y): possible only when X is square."""
    if complaint(result, theta):
        return False
    wrong = features @ (features @ theta - targets)
    cosine = np.asarray(result) @ wrong / (np.linalg.norm(result) * np.linalg.norm(wrong))
    return bool(abs(cosine) > 1 - 1e-9)


def scaled(factor: Callable[[Any, Any], float]) -> Callable[..., Any]:
    """Return the sum of residuals times features, times a factor of (features, θ)."""
    return lambda features, targets, theta: (
        factor(features, theta) * (features.T @ (features @ theta - targets))
    )


SQUARE = [rows(3, 4, 4)]
TALL = [rows(1, 7, 2), rows(2, 5, 3)]
MSE_MISTAKES = [
    Mistake(
        "`features` stands where its transpose is wanted: the gradient has one entry a parameter, "
        "and each entry adds up a *column* times the residuals.",
        when=is_transposed,
    ),
    Mistake(
        "Your gradient points downhill: the residual is Xθ − y, not y − Xθ.",
        scaled(lambda features, _: -1 / len(features)),
    ),
    Mistake(
        "The mean is missing: yours is the gradient of half the *sum* of the squares.",
        scaled(lambda *_: 1.0),
    ),
    Mistake(
        "Yours is twice too long: the cost here has 1/(2N) in front, not 1/N.",
        scaled(lambda features, _: 2 / len(features)),
    ),
    Mistake(
        "Yours is half as long as it should be: differentiating the square gives a 2.",
        scaled(lambda features, _: 0.5 / len(features)),
    ),
    Mistake(
        "You divide by the number of parameters; the mean is over the rows.",
        scaled(lambda _, theta: 1 / len(theta)),
    ),
    Mistake(
        "The targets are missing: a residual is what the line predicts minus what was seen.",
        lambda features, targets, theta: features.T @ (features @ theta) / len(targets),
    ),
    Mistake(
        "Those are the residuals, one a row; the gradient has one entry a parameter.",
        lambda features, targets, theta: features @ theta - targets,
    ),
]


def mse_gradient(features: Any, targets: Any, theta: Any) -> Any:
    """Return the gradient of the mean squared error, with 1/(2N)."""
    return features.T @ (features @ theta - targets) / len(targets)


@custom("update-rule/mse-gradient", MSE_MISTAKES)
def judge_mse_gradient(answer: Any) -> Verdict:
    """Look for the transposed product first, on square features, where it runs too."""
    check_callable(answer, mse_gradient, 3)
    results, _ = run(answer, SQUARE)
    if is_transposed(results[0], *SQUARE[0]):
        return Verdict.wrong(MSE_MISTAKES[0].message)
    results, mutated = run(answer, TALL)
    if mistake := recognised(results, TALL, MSE_MISTAKES, 1e-7, 1e-10):
        return Verdict.wrong(mistake.message)
    for result, given in zip(results, TALL, strict=True):
        expected = mse_gradient(*given)
        if not same(result, expected, 1e-7, 1e-10):
            return Verdict.wrong(unlike(answer, mse_gradient, given, result, expected))
    if mutated is not None:
        raise mutated
    return Verdict.right()


def sweep(first: int = 1, second: int = 1, third: int = 1, fourth: int = 1) -> Any:
    """Return a walk back through p = ab, q = p + a, J = pq that leaves out the slopes put to 0.

    In turn: those that p has from J, p from q, a from q, a from p.
    """

    def slopes(a: float, b: float) -> tuple[float, float]:
        p = a * b
        q = p + a
        p_bar = first * q + second * p
        return third * p + fourth * p_bar * b, p_bar * a

    return slopes


@function(
    "update-rule/backwards",
    inputs=[(2.0, 3.0), (-1.5, 0.4)],
    mistakes=[
        Mistake("p stands in q too: add the slope that comes back through q.", sweep(second=0)),
        Mistake("p stands in J itself too: add q, its slope there.", sweep(first=0)),
        Mistake("a stands in q too: add the slope that comes back through q.", sweep(third=0)),
        Mistake("a stands in p too: add the slope that comes back through p.", sweep(fourth=0)),
        Mistake(
            "Those are the right two in the other order: the slope in a comes first.",
            lambda a, b: sweep()(a, b)[::-1],
        ),
    ],
    note="two walks, one there and one back, whatever the number of inputs",
)
def backwards(a: float, b: float) -> tuple[float, float]:
    """Return the slopes of ab(ab + a) in a and in b."""
    return 2 * a * b**2 + 2 * a * b, 2 * a**2 * b + a**2


def quartic(theta: Any) -> Any:
    """Return a cost with third derivatives, so that no difference is exact by luck."""
    return (theta**4).sum() + theta[0] ** 3 * theta[-1]


def waves(theta: Any) -> Any:
    """Return a cost that is no polynomial."""
    return np.sin(theta[0]) * np.exp(theta[-1]) + theta @ theta


def shifted(theta: Any, i: int, h: float) -> Any:
    """Return θ with its coordinate i moved by h."""
    return theta + h * (np.arange(len(theta)) == i)


def differences(f: Any, theta: Any, up: float, down: float, width: float) -> Any:
    """Return (f(θ + up) − f(θ − down)) / width for each coordinate."""
    moved = ((shifted(theta, i, up), shifted(theta, i, -down)) for i in range(len(theta)))
    return np.array([(f(ahead) - f(behind)) / width for ahead, behind in moved])


def accumulating(f: Any, theta: Any, h: float) -> Any:
    """Return central differences in a loop that never moves a coordinate back."""
    up, down, result = theta.copy(), theta.copy(), np.zeros(len(theta))
    for i in range(len(theta)):
        up[i] += h
        down[i] -= h
        result[i] = (f(up) - f(down)) / (2 * h)
    return result


@function(
    "update-rule/central-difference",
    inputs=[
        (quartic, np.array([0.7, -0.4, 1.2]), 0.125),
        (waves, np.array([0.3, 1.1, -0.6, 0.9]), 0.25),
    ],
    mistakes=[
        Mistake(
            "That is the forward difference: its error shrinks like h, not like h².",
            lambda f, theta, h: differences(f, theta, h, 0.0, h),
        ),
        Mistake(
            "That is the backward difference: it looks to one side only.",
            lambda f, theta, h: differences(f, theta, 0.0, h, h),
        ),
        Mistake(
            "Your numbers are twice too large: the two points are 2h apart.",
            lambda f, theta, h: differences(f, theta, h, h, h),
        ),
        Mistake(
            "Your sign is wrong: subtract the value behind from the value ahead.",
            lambda f, theta, h: -differences(f, theta, h, h, 2 * h),
        ),
        Mistake(
            "You move every coordinate at once: a partial derivative moves one and holds the rest.",
            when=lambda result, f, theta, h: np.allclose(
                result, (f(theta + h) - f(theta - h)) / (2 * h)
            ),
        ),
        Mistake(
            "Your differences are all 0: are `ahead` and `behind` two arrays, or two names of one? "
            "`theta.copy()` makes a new array.",
            when=lambda result, *_: not np.any(result),
        ),
        Mistake(
            "Your loop never moves a coordinate back before it goes on to the next.",
            accumulating,
        ),
        Mistake(
            "You divide by 2 and then multiply by h: put the 2 * h in brackets.",
            lambda f, theta, h: differences(f, theta, h, h, 2 / h),
        ),
    ],
)
def central_difference(f: Any, theta: Any, h: float) -> Any:
    """Return the gradient of f at θ by central differences of half-width h."""
    return differences(f, theta, h, h, 2 * h)


value(
    "update-rule/wrong-coordinate",
    3,
    mistakes=[
        Mistake(
            "That entry agrees with its difference everywhere; places count from 0.",
            among=(0, 1, 2, 4),
        ),
    ],
    rtol=0.0,
    otherwise="There are five entries; give the place of one, as in `theta[0]`.",
    note="and at a point whose last coordinate is 1 you would not have seen it",
)

LARGEST = 4 + 2 * np.sqrt(2)  # the larger eigenvalue of [[2, 2], [2, 6]]
value(
    "update-rule/largest-rate",
    2 / LARGEST,
    mistakes=[
        Mistake("That is the best guaranteed rate; the limit is farther.", 1 / LARGEST),
        Mistake(
            "You used the smallest curvature: the steepest direction gives way first.",
            2 / (4 - 2 * np.sqrt(2)),
        ),
        Mistake(
            "You used the largest curvature along an axis; the term in xy makes one steeper.",
            1 / 3,
        ),
        Mistake(
            "You used the coefficients of the formula; curvatures are its second derivatives.",
            4 / LARGEST,
        ),
        Mistake(
            "That is the largest curvature itself; which rate does it allow?",
            LARGEST,
        ),
    ],
)


def unit_steps(euclid: Any, largest: Any, total: Any) -> Any:
    """Return a function of (gradient, norm) with one formula a norm."""
    formulas = {"euclid": euclid, "max": largest, "sum": total}
    return lambda gradient, norm: formulas[norm](gradient)


def along_euclid(gradient: Any) -> Any:
    """Return the direction of length 1 against the gradient."""
    return -gradient / np.linalg.norm(gradient)


def along_signs(gradient: Any) -> Any:
    """Return a full step in every coordinate."""
    return -np.sign(gradient)


def along_one(gradient: Any) -> Any:
    """Return a step in the coordinate with the largest partial derivative alone."""
    chosen = np.abs(gradient) == np.abs(gradient).max()
    return np.where(chosen, -np.sign(gradient), 0.0)


GRADIENTS = (np.array([3.0, -4.0, 1.5]), np.array([-0.2, 0.7, 0.4, -1.9]))
STEEPEST = unit_steps(along_euclid, along_signs, along_one)


@function(
    "update-rule/steepest",
    inputs=[(g, norm) for g in GRADIENTS for norm in ("euclid", "max", "sum")],
    mistakes=[
        Mistake(
            "Your direction climbs: J should fall.",
            lambda gradient, norm: -STEEPEST(gradient, norm),
        ),
        Mistake(
            "You give the same direction for all three norms.",
            unit_steps(along_euclid, along_euclid, along_euclid),
        ),
        Mistake(
            "Each direction has length 1 in its norm, but all three point along −g: "
            "in two of the norms another direction of length 1 falls faster.",
            unit_steps(
                along_euclid,
                lambda gradient: -gradient / np.abs(gradient).max(),
                lambda gradient: -gradient / np.abs(gradient).sum(),
            ),
        ),
        Mistake(
            'You have "max" and "sum" the wrong way round.',
            unit_steps(along_euclid, along_one, along_signs),
        ),
        Mistake(
            'Under "sum" your direction is too long: its entries\' sizes add up to more than 1.',
            unit_steps(along_euclid, along_signs, along_signs),
        ),
        Mistake(
            'Under "max" every coordinate may use its full length without taking from another\'s.',
            unit_steps(along_euclid, along_one, along_one),
        ),
        Mistake(
            'Under "euclid" your direction has the length of the gradient, not 1.',
            unit_steps(lambda gradient: -gradient, along_signs, along_one),
        ),
    ],
    note="the signs alone are sign descent; the one coordinate alone is greedy coordinate descent",
)
def steepest(gradient: Any, norm: str) -> Any:
    """Return the direction of length 1, in a norm, along which J falls fastest."""
    return STEEPEST(gradient, norm)
