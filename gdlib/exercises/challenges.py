"""Open challenges: an answer is measured, fairly, and there is a score to beat.

What counts is gradient evaluations, not steps and not seconds. `Counted` counts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gdlib.exercises.registry import Mistake, register
from gdlib.exercises.sandbox import NotYet
from gdlib.exercises.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Counted:
    """A cost moved to a place that the reader does not know, which counts its gradients.

    Call it as `descend` does, `cost(theta) → (value, gradient)`; a grid of points counts once for
    each. `value` and `gradient` take arrays of shape (..., n); `shift` (n,) is where the origin
    went, so that a known minimum is of no use. More than `budget` evaluations raise `NotYet`.
    """

    def __init__(
        self,
        value: Callable[[np.ndarray], Any],
        gradient: Callable[[np.ndarray], Any],
        shift: Any = 0.0,
        budget: int = 10_000,
    ) -> None:
        self._value, self._gradient = value, gradient
        self._shift, self._budget = np.asarray(shift, dtype=float), budget
        self.evaluations = 0

    def __call__(self, theta: Any) -> tuple[Any, np.ndarray]:
        """Return value and gradient at `theta` and count one evaluation a point."""
        point = np.array(theta, dtype=float)
        self.evaluations += max(1, point.size // max(1, point.shape[-1] if point.ndim else 1))
        if self.evaluations > self._budget:
            raise NotYet(
                f"Your run used up its budget of {self._budget} gradient evaluations "
                "before it arrived."
            )
        moved = point - self._shift
        return self._value(moved), np.array(self._gradient(moved), dtype=float)

    def gradient(self, theta: Any) -> np.ndarray:
        """Return the gradient alone; it counts as much."""
        return self(theta)[1]


def final_cost(cost: Counted, theta: Any) -> float:
    """Return the cost at the reader's final point, uncounted: for the check, not the reader."""
    try:
        point = np.array(theta, dtype=float) - cost._shift  # noqa: SLF001 (the check's own side)
        reached = float(cost._value(point))  # noqa: SLF001
    except Exception:
        raise NotYet("Your function has to return the point where it arrived.") from None
    if not np.isfinite(reached):
        raise NotYet("Your run ended at no finite point: it diverged.")
    return reached


def challenge(
    name: str,
    par: float,
    mistakes: Sequence[Mistake] = (),
    *,
    unit: str = "gradient evaluations",
    seconds: float = 2.0,
) -> Callable[[Callable[[Any], float]], Callable[[Any], float]]:
    """Register a challenge; decorates `measure(answer) → score`, where fewer is better.

    `measure` raises `NotYet` when the target is missed. An answer is correct when its score is
    at most `par`, and the verdict tells the score either way.
    """

    def decorate(measure: Callable[[Any], float]) -> Callable[[Any], float]:
        def judge(answer: Any) -> Verdict:
            score = float(measure(answer))
            if score <= par:
                return Verdict.right(f"{score:g} {unit}; the score to beat was {par:g}", score)
            return Verdict.wrong(
                f"You arrive, with {score:g} {unit}; the score to beat is {par:g}.", score
            )

        register(name, judge, mistakes, seconds)
        return measure

    return decorate
