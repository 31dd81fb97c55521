"""Checks of chapter 14."""

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
    mistakes=[
        Mistake("That is the first step *with* the correction.", like=1.0),
        Mistake("That is right for β₁ = 0.9; here β₁ is 0.7.", like=0.1 / 0.001**0.5),
        Mistake("You divided by v; Adam divides by its root.", like=300.0),
        Mistake("m begins with (1 − β₁) g, not with β₁ g.", like=0.7 / 0.001**0.5),
    ],
    note="nine and a half times the rate that its slider shows",
)

value(
    "adam/memory",
    459,
    rtol=0,
    mistakes=[
        Mistake("Just short: the bias is still a little above 1% then.", like=458),
        Mistake("A step is a whole number: round up.", when=lambda k: 458 < k < 459),
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
            "These are chapter 01's five lines, and they run. Next comes line m: an average of "
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
        (np.array([0.5, -300.0]), np.array([0.1, -20.0]), np.array([0.3, 800.0]), 7, 0.01),
    ],
    mistakes=[
        Mistake(
            "That is the page's step, and its first is 31.6 times the rate: v is not corrected.",
            like=_bent(lambda m, v, c1, c2: m / c1 / (v**0.5 + 1e-8)),
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
    note="the steps have the units of θ's rate, not of the cost: AdaGrad and RMSProp share this",
)

BOUND = 5.0
CONSTANT = Mistake("Those gradients give a step of about η: let the last ones stand out more.")
SILENCE = Mistake(
    "That is longer than η, and within the paper's bound of 3.16 η. A gradient after silence "
    "cannot do more: let several grow, so that m follows and v lags behind."
)
BEYOND = Mistake("You are past the paper's bound already; 5 η is asked for.")
LENGTH = Mistake("At most 20 000 gradients, please.")


@custom("adam/longest-step", mistakes=[CONSTANT, SILENCE, BEYOND, LENGTH])
def longest_step(answer: Any) -> Verdict:
    """Run Adam with its usual βs over the reader's gradients; look at the last step."""
    try:
        gradients = np.array(answer, dtype=float)
    except (TypeError, ValueError):
        raise NotYet("This exercise wants a list of numbers, the gradients in order.") from None
    if gradients.ndim != 1 or not gradients.size or not np.isfinite(gradients).all():
        raise NotYet("This exercise wants a list of finite numbers, the gradients in order.")
    if gradients.size > 20_000:
        return Verdict.wrong(LENGTH.message)
    m = v = 0.0
    scale = float(np.abs(gradients).max()) or 1.0
    for g in (gradients / scale).tolist():
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    k = gradients.size
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
