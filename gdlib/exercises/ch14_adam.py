"""Checks of chapter 14: Adam, built a line at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from gdlib.exercises.challenges import Counted, challenge, final_cost
from gdlib.exercises.kinds import check_callable, choice, custom, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet, call
from gdlib.exercises.symbolic import expression
from gdlib.exercises.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

value(
    "adam/first-step",
    0.3 / 0.001**0.5,
    rtol=2e-3,
    mistakes=[
        Mistake("That is the first step *with* the correction.", like=1.0),
        Mistake("That is right for β₁ = 0.9; here β₁ is 0.7.", like=0.1 / 0.001**0.5),
        Mistake("You divided by v; Adam divides by its root.", like=300.0),
        Mistake("m begins with (1 − β₁) g, not with β₁ g.", like=0.7 / 0.001**0.5),
        Mistake("That is with m corrected; here neither of the two is.", like=1 / 0.001**0.5),
        Mistake("Upside down: m stands above, the root of v below.", like=0.001**0.5 / 0.3),
    ],
    note="nine and a half times the rate that its slider shows",
)

value(
    "adam/memory",
    459,
    rtol=0,
    mistakes=[
        Mistake("Just short: the bias is still a little above 1% then.", like=458),
        Mistake("A step is a whole number: round up.", between=(458, 459)),
        Mistake("After that many steps the bias is 1/e, about a third.", like=100),
        Mistake("That is the number for β = 0.9.", like=44),
        Mistake("That is the number for β = 0.999.", like=4603),
    ],
    note="ten times fewer than with 0.999: the memory is ten times shorter",
)

# torch 2.13.0, torch.optim.Adam in float64 on ½(x² + 10y²) from (4, 1), as recorded in
# tests/data/torch_paths.json by tests/data/make_torch_paths.py: (η, β₁, β₂, ε), step, point.
USUAL, UNUSUAL = (0.05, 0.9, 0.999, 1e-8), (0.025, 0.8, 0.95, 1.0)
PYTORCH: dict[tuple[tuple[float, ...], int], tuple[float, float]] = {
    (USUAL, 1): (3.950000000125, 0.95000000005),
    (USUAL, 3): (3.8500639937661854, 0.8503116957935379),
    (USUAL, 20): (3.0171794054438155, 0.11122621399652344),
    (UNUSUAL, 1): (3.98, 0.9772727272727273),
    (UNUSUAL, 3): (3.940046887169311, 0.9319792332801262),
    (UNUSUAL, 20): (3.605580441775979, 0.5721443493622493),
}


def _bowl(theta: Any) -> Any:
    return np.array([1.0, 10.0]) * theta


def _walk(
    gradient: Any,
    theta: Any,
    steps: int,
    eta: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    *,
    direction: Callable[..., Any],
    weight: Callable[[float], float] = lambda beta: 1 - beta,
) -> Any:
    """Step by `direction(g, m, v, k, β₁, β₂, ε)`; `weight(β₁)` multiplies the gradient in m."""
    m = v = np.zeros_like(theta)
    for k in range(1, steps + 1):
        g = gradient(theta)
        m = beta1 * m + weight(beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        theta = theta - eta * direction(g, m, v, k, beta1, beta2, epsilon)
    return theta


def _stored_hats(
    gradient: Any,
    theta: Any,
    steps: int,
    eta: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> Any:
    m = v = np.zeros_like(theta)
    for k in range(1, steps + 1):
        g = gradient(theta)
        m = (beta1 * m + (1 - beta1) * g) / (1 - beta1**k)
        v = (beta2 * v + (1 - beta2) * g**2) / (1 - beta2**k)
        theta = theta - eta * m / (v**0.5 + epsilon)
    return theta


def _like(direction: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    return lambda *given: _walk(*given, direction=direction, **options)


@function(
    "adam/build",
    inputs=[
        (_bowl, np.array([4.0, 1.0]), steps, *numbers)
        for numbers in (USUAL, UNUSUAL)
        for steps in (1, 3, 20)
    ],
    rtol=1e-9,
    mistakes=[
        Mistake(
            "These are chapter 1's five lines, and they run. Next comes line m: an average of "
            "the gradients.",
            like=_like(lambda g, *_: g),
        ),
        Mistake(
            "Line m stands. Next comes line v, an average of the squares, and its root below m.",
            like=_like(lambda g, m, *_: m),
        ),
        Mistake(
            "Your m adds up, as momentum does. Adam's is an average: (1 − β₁) stands before g.",
            like=_like(lambda g, m, *_: m, weight=lambda beta: 1),
        ),
        Mistake(
            "Lines m and v stand. Your first step is three times too long: the two corrections "
            "are missing.",
            like=_like(lambda g, m, v, k, b1, b2, eps: m / (v**0.5 + eps)),
        ),
        Mistake(
            "You correct m alone; v starts at 0 as well.",
            like=_like(lambda g, m, v, k, b1, b2, eps: m / (1 - b1**k) / (v**0.5 + eps)),
        ),
        Mistake(
            "You correct v alone; m starts at 0 as well.",
            like=_like(lambda g, m, v, k, b1, b2, eps: m / ((v / (1 - b2**k)) ** 0.5 + eps)),
        ),
        Mistake(
            "You step along the gradient; m remembers, and nothing uses it.",
            like=_like(lambda g, m, v, k, b1, b2, eps: g / ((v / (1 - b2**k)) ** 0.5 + eps)),
        ),
        Mistake(
            "Your ε stands inside the root. In the paper and in PyTorch it stands outside.",
            like=_like(
                lambda g, m, v, k, b1, b2, eps: m / (1 - b1**k) / (v / (1 - b2**k) + eps) ** 0.5
            ),
        ),
        Mistake(
            "Your ε is added before v is corrected: that is Keras. In PyTorch it comes after.",
            like=_like(
                lambda g, m, v, k, b1, b2, eps: (
                    m / (1 - b1**k) * (1 - b2**k) ** 0.5 / (v**0.5 + eps)
                )
            ),
        ),
        Mistake(
            "Your ε is missing: add it to the root.",
            like=_like(lambda g, m, v, k, b1, b2, eps: m / (1 - b1**k) / (v / (1 - b2**k)) ** 0.5),
        ),
        Mistake(
            "You correct one step late: k is 1 at the first step.",
            like=_like(
                lambda g, m, v, k, b1, b2, eps: (
                    m / (1 - b1 ** (k + 1)) / ((v / (1 - b2 ** (k + 1))) ** 0.5 + eps)
                )
            ),
        ),
        Mistake(
            "You divide by v̂ itself; its root belongs there.",
            like=_like(lambda g, m, v, k, b1, b2, eps: m / (1 - b1**k) / (v / (1 - b2**k) + eps)),
        ),
        Mistake(
            "You correct by 1 − β at every step; the correction is 1 − βᵏ, and fades.",
            like=_like(
                lambda g, m, v, k, b1, b2, eps: m / (1 - b1) / ((v / (1 - b2)) ** 0.5 + eps)
            ),
        ),
        Mistake(
            "Your m is an average, and corrected already. Next comes line v, an average of the "
            "squares, and its root below m̂.",
            like=_like(lambda g, m, v, k, b1, b2, eps: m / (1 - b1**k)),
        ),
        Mistake(
            "The hats need names of their own: you store the corrected averages as m and v, and "
            "the next step starts from them.",
            like=_stored_hats,
        ),
        Mistake(
            "β₁ and β₂ have swapped places: β₁ is m's, β₂ is v's.",
            like=lambda gradient, theta, steps, eta, b1, b2, eps: _walk(
                gradient,
                theta,
                steps,
                eta,
                b2,
                b1,
                eps,
                direction=lambda g, m, v, k, b1, b2, eps: (
                    m / (1 - b1**k) / ((v / (1 - b2**k)) ** 0.5 + eps)
                ),
            ),
        ),
        Mistake(
            "Your θ comes back as it came: does the loop change it?",
            like=lambda gradient, theta, *_: theta,
        ),
        Mistake(
            "Your steps climb: the step is subtracted.",
            like=_like(
                lambda g, m, v, k, b1, b2, eps: -m / (1 - b1**k) / ((v / (1 - b2**k)) ** 0.5 + eps)
            ),
        ),
    ],
    note="PyTorch's numbers, to nine digits",
)
def build(
    gradient: Any,
    theta: Any,
    steps: int,
    eta: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> Any:
    """Return where PyTorch's Adam stands after so many steps."""
    del gradient, theta
    return np.array(PYTORCH[(eta, beta1, beta2, epsilon), steps])


def _step(g: Any, m: Any, v: Any, k: int, eta: float, bent: Callable[..., Any]) -> Any:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return -eta * bent(m, v, 1 - 0.9**k, 1 - 0.999**k)


def _bent(bent: Callable[..., Any]) -> Callable[..., Any]:
    return lambda g, m, v, k, eta: _step(g, m, v, k, eta, bent)


@function(
    "adam/debias",
    inputs=[
        (2.0, 0.0, 0.0, 1, 0.1),
        (3e-8, 0.0, 0.0, 1, 0.1),  # so small that it shows where ε stands
        (np.array([0.5, -300.0]), np.array([0.1, -20.0]), np.array([0.3, 800.0]), 7, 0.01),
    ],
    mistakes=[
        Mistake(
            "That is the page's step, and its first is 31.6 times the rate: v is not corrected.",
            like=_bent(lambda m, v, c1, c2: m / c1 / (v**0.5 + 1e-8)),
        ),
        Mistake(
            "That is the page's step, and its first is 31.6 times the rate: v is not corrected.",
            like=_bent(lambda m, v, c1, c2: m / c1 / (v + 1e-8) ** 0.5),
        ),
        Mistake(
            "Both are corrected. But ε stands inside the root; in Algorithm 1 it is outside.",
            like=_bent(lambda m, v, c1, c2: m / c1 / (v / c2 + 1e-8) ** 0.5),
        ),
        Mistake(
            "Both are corrected. But ε is missing; add it to the root.",
            like=_bent(lambda m, v, c1, c2: m / c1 / (v / c2) ** 0.5),
        ),
        Mistake(
            "The correction belongs below the root, with v.",
            like=_bent(lambda m, v, c1, c2: m / c1 / (v**0.5 / c2 + 1e-8)),
        ),
        Mistake(
            "You divide by the corrected v; its root belongs there.",
            like=_bent(lambda m, v, c1, c2: m / c1 / (v / c2 + 1e-8)),
        ),
        Mistake(
            "η is missing: the step is the rate times the quotient.",
            like=lambda g, m, v, k, eta: _step(
                g, m, v, k, 1.0, lambda m, v, c1, c2: m / c1 / ((v / c2) ** 0.5 + 1e-8)
            ),
        ),
        Mistake(
            "Now v is corrected, and m no more.",
            like=_bent(lambda m, v, c1, c2: m / ((v / c2) ** 0.5 + 1e-8)),
        ),
        Mistake(
            "Neither is corrected now: they err in opposite directions, and not by as much.",
            like=_bent(lambda m, v, c1, c2: m / (v**0.5 + 1e-8)),
        ),
        Mistake(
            "You multiplied v by its correction; an average that is too small is divided by it.",
            like=_bent(lambda m, v, c1, c2: m / c1 / ((v * c2) ** 0.5 + 1e-8)),
        ),
        Mistake(
            "v has its own β: the correction is 1 − β₂ᵏ.",
            like=_bent(lambda m, v, c1, c2: m / c1 / ((v / c1) ** 0.5 + 1e-8)),
        ),
        Mistake(
            "Your step climbs: Adam subtracts it.",
            like=_bent(lambda m, v, c1, c2: -m / c1 / ((v / c2) ** 0.5 + 1e-8)),
        ),
    ],
)
def debias(g: Any, m: Any, v: Any, k: int, eta: float) -> Any:
    """Return Adam's step, both averages corrected."""
    return _step(g, m, v, k, eta, lambda m, v, c1, c2: m / c1 / ((v / c2) ** 0.5 + 1e-8))


choice(
    "adam/scale",
    answer="c",
    why_not={
        "a": "The rate multiplies m̂/√v̂, and there the 1000 stands above and below.",
        "b": "v grows by a million; its root by a thousand; and so does m̂, above it.",
        "d": "The corrections depend on k and the βs alone.",
    },
    note="the 1000 stands above and below the fraction, as in AdaGrad and RMSProp",
)

BOUND = 5.0
NOTHING = Mistake("All your slopes are 0, and so is the step.")
CONSTANT = Mistake(
    "That last step is at most about η long: v has kept up with the slopes. They must be new to v "
    "and familiar to m."
)
SILENCE = Mistake(
    "That is longer than η, and within the paper's bound of 3.16 η. One slope after silence "
    "cannot do more, nor can slopes that grow from the first step on: v must be used to small "
    "ones, for far longer than m remembers, when several large ones come."
)
BEYOND = Mistake("You are past the paper's bound already; 5 η is asked for.")
LENGTH = Mistake("At most 20 000 slopes, please.")


@custom("adam/longest-step", mistakes=[NOTHING, CONSTANT, SILENCE, BEYOND, LENGTH])
def longest_step(answer: Any) -> Verdict:
    """Run Adam with its usual βs over the reader's slopes; look at the last step."""
    try:
        slopes = np.array(answer, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise NotYet("This exercise wants a list of numbers, the slopes in order.") from None
    if slopes.ndim != 1 or not slopes.size or not np.isfinite(slopes).all():
        raise NotYet("This exercise wants a list of finite numbers, the slopes in order.")
    if slopes.size > 20_000:
        return Verdict.wrong(LENGTH.message)
    if not slopes.any():
        return Verdict.wrong(NOTHING.message)
    m = v = 0.0
    scale = float(np.abs(slopes).max())
    for g in (slopes / scale).tolist():
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    k = slopes.size
    step = abs(m) / (1 - 0.9**k) / (v / (1 - 0.999**k)) ** 0.5 if v else 0.0
    if step > BOUND:
        return Verdict.right(f"your last step is {step:.3g} η long; no history reaches 7.271 η")
    said = CONSTANT if step < 1.5 else SILENCE if step < 3.163 else BEYOND
    return Verdict.wrong(said.message)


_lam, _g = sp.symbols("lamda g", positive=True)
expression(
    "adam/rest",
    -1 / _lam,
    variables=[_lam, _g],
    mistakes=[
        Mistake(
            "That is where gradient descent and L2 rest. In Adam's step the size of g cancels.",
            like=-_g / _lam,
        ),
        Mistake("The pull of a positive g goes to the left: mind the sign.", like=1 / _lam),
        Mistake("At rest the decay balances a step of length η: λθ = −1.", like=-_lam),
    ],
    note="with a steady gradient AdamW stops at the wall of a box, |θ| = 1/λ",
)

DIMENSIONS, CLOSE = 20, 1e-4


@challenge("adam/scales", par=120)
def scales(answer: Any) -> float:
    """Count the gradients that reach the bottom of three costs with curvatures far apart."""
    check_callable(answer, lambda gradient, start: start, 2)
    total = 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        size = 10 ** rng.uniform(-3, 3, DIMENSIONS)
        shift = rng.uniform(-1, 1, DIMENSIONS)
        counted = Counted(
            lambda x: np.mean(x**2),  # what is judged; the reader sees gradients alone
            lambda x, size=size: size * np.tanh(x),  # type: ignore[misc]
            shift=shift,
            budget=20_000,
        )
        end = call(answer, counted.gradient, np.zeros(DIMENSIONS))
        if not final_cost(counted, end) <= CLOSE:
            raise NotYet("Your last point is not yet within 0.01 of the bottom, root mean square.")
        total += counted.evaluations
    return float(total)
