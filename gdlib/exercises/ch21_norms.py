"""Checks of chapter 21: steepest descent by other rulers, and the rules that follow from them."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from gdlib.exercises.challenges import challenge
from gdlib.exercises.kinds import choice, function, value
from gdlib.exercises.registry import Mistake
from gdlib.exercises.sandbox import NotYet
from gdlib.exercises.symbolic import expression

value(
    "norms/gain",
    11,
    mistakes=[
        Mistake("That is the Euclidean length: this step may use each coordinate in full.", like=7),
        Mistake("One coordinate alone gains that; the others may move as well.", like=6),
        Mistake("Each coordinate chooses its sign, so that all of them gain.", among=(5, -5)),
        Mistake("How much it lowers the cost: leave out the minus.", like=-11),
    ],
    note="the dual norm of the largest number is the sum of the sizes",
)

_RNG = np.random.default_rng(21)


def _factors(gradient: Any) -> tuple[Any, Any]:
    left, _, right = np.linalg.svd(gradient, full_matrices=False)
    return left, right


@function(
    "norms/spectral",
    inputs=[(_RNG.normal(size=shape),) for shape in ((2, 2), (3, 3), (2, 4), (4, 3))],
    mistakes=[
        Mistake(
            "Your step climbs: a minus sign is missing.",
            like=lambda gradient: np.matmul(*_factors(gradient)),
        ),
        Mistake(
            "It has spectral norm 1, but is still the gradient: its small singular values stayed "
            "small.",
            like=lambda gradient: -gradient / np.linalg.norm(gradient, 2),
        ),
        Mistake(
            "That divides by the root of all squares; the spectral norm is the largest singular "
            "value.",
            like=lambda gradient: -gradient / np.linalg.norm(gradient),
        ),
        Mistake(
            "The direction is right, but its spectral norm is not 1: leave the dual norm out.",
            like=lambda gradient: -np.linalg.norm(gradient, "nuc") * np.matmul(*_factors(gradient)),
        ),
        Mistake(
            "That goes along the first pair of singular vectors alone; the others may gain, too.",
            like=lambda gradient: -np.outer(_factors(gradient)[0][:, 0], _factors(gradient)[1][0]),
        ),
        Mistake(
            "Signs belong to another ruler, the largest number.",
            like=lambda gradient: -np.sign(gradient),
        ),
        Mistake(
            "The singular values are still in it: leave them out.", like=lambda gradient: -gradient
        ),
        Mistake(
            "That is the gain, one number; the step is a matrix.",
            when=lambda result, gradient: np.ndim(result) == 0,
        ),
    ],
    stops=lambda gradient: (
        "" if gradient.shape[0] == gradient.shape[1] else "This gradient is not square."
    ),
    note="every direction of the gradient is gone along equally far",
)
def spectral(gradient: Any) -> Any:
    """Return the steepest step of spectral norm 1."""
    return -np.matmul(*_factors(gradient))


_beta, _j = sp.symbols("beta j", positive=True)
expression(
    "norms/lion",
    (1 - _beta) * _beta ** (_j + 1),
    variables=[_beta, _j],
    interval=(0.3, 0.9),
    mistakes=[
        Mistake("That is its weight in M; N takes β times M.", like=(1 - _beta) * _beta**_j),
        Mistake(
            "Two powers too few: it was multiplied by β in each of the j steps since, and N takes "
            "β times M.",
            like=(1 - _beta) * _beta ** (_j - 1),
        ),
        Mistake(
            "One power too many: what came in j steps ago was multiplied by β only j times since.",
            like=(1 - _beta) * _beta ** (_j + 2),
        ),
        Mistake("It came into M with 1 − β.", like=_beta ** (_j + 1)),
        Mistake(
            "Only the present slope is counted twice.",
            like=(1 - _beta) * _beta ** (_j + 1) + (1 - _beta),
        ),
    ],
    note="Lion's weight with β₂ = β and β₁ = β²",
)

value(
    "norms/blind-test",
    1,
    mistakes=[
        Mistake("Then the difference is just what the test allows.", like=0.1),
        Mistake("The decay is multiplied by the rate: divide by it.", like=0.001),
        Mistake("Then rate times decay is a hundredth of what is wanted.", like=0.01),
        Mistake("That is ten times too much: rate times decay would be 0.01.", like=10),
    ],
    note="break the code on purpose: a test that stays green tests nothing",
)

value(
    "norms/adafactor",
    400,
    mistakes=[
        Mistake("Adam keeps two numbers for each weight.", like=200),
        Mistake("Upside down: how many of Adam's for one of Adafactor's?", among=(1 / 400,)),
        Mistake("That is how many Adam keeps; divide by Adafactor's.", like=360_000),
        Mistake("That is how many Adafactor keeps; how many does Adam?", like=900),
        Mistake("The weights are no part of what a rule keeps.", like=600),
        Mistake("Adafactor keeps a sum for each row and one for each column.", like=2),
    ],
    note="360 000 numbers against 900",
)

choice(
    "norms/unseen",
    answer="b",
    why_not={
        "a": "A turn by 30° takes the square's corners elsewhere, and sign descent steps to those.",
        "c": "The step is as many of the new units as it was of the old ones: another way.",
        "d": "Look at the square: which changes take it to itself?",
    },
    note="exchanging axes and mirroring them takes the square to itself",
)

_PLACES = np.concatenate([np.geomspace(0.01, 1, 5001), np.linspace(0.01, 1, 5001)])


@challenge("norms/polynomials", par=0.1, unit="as the largest distance from 1")
def polynomials(answer: Any) -> float:
    """Measure how far from 1 five odd polynomials leave the numbers from 0.01 to 1."""
    wanted = "Five polynomials are wanted, a list of five (a, b, c)"
    try:
        table = np.array(answer, dtype=float)
    except Exception:  # an object may raise whatever it likes
        raise NotYet(f"{wanted}: all of them numbers.") from None
    if table.shape != (5, 3):
        raise NotYet(f"{wanted}, and yours have the shape {table.shape}.")
    values = _PLACES
    with np.errstate(all="ignore"):
        for a, b, c in table:
            values = values * (a + values**2 * (b + values**2 * c))
    if not np.isfinite(values).all():
        raise NotYet("Your polynomials lead out of the finite numbers.")
    return float(f"{np.abs(values - 1).max():.3g}")
