"""What a diagnosis tells of runs of each sort is what `data/diagnoses.txt` says, word for word.

The runs are simple enough for every processor to agree on the digits that are told.
`python -m tests.diagnosis.test_words` writes the file anew, for its difference to be read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gdlib as gd

WRITTEN = Path(__file__).parent.parent / "data" / "diagnoses.txt"
K = np.arange(301)
NOISE = np.random.default_rng(8).standard_normal(301)
FALL = 1 + 9 * np.exp(-K / 40)
BOWL = gd.landscapes.quadratic(condition=50)
TWO_WELLS = gd.Landscape.parse("x**2/2 + y**4/4 - y**2/2")
FITTED = gd.problems.noisy_line(30, seed=2)


def descent(rule: gd.Optimizer, steps: int = 120, cost: Any = BOWL, start: Any = None) -> Any:
    return gd.descend(cost, rule, cost.start if start is None else start, steps=steps)


def slipped(change: Callable[[Any], Any], steps: int = 60) -> gd.Diagnosis:
    """Diagnose a run whose recorded gradients were changed, beside the cost."""
    run = descent(gd.gradient_descent(0.002), steps)
    return gd.diagnose(dataclasses.replace(run, gradients=change(run.gradients)), cost=BOWL)


def lists(losses: Any, norms: Any = None, rate: float | None = None) -> gd.Diagnosis:
    return gd.diagnose(losses, gradient_norms=norms, learning_rate=rate)


def told_by_norms(product: float, steps: int = 80) -> gd.Diagnosis:
    """Diagnose losses and norms of x ← (1 − ηλ)x on a parabola."""
    x = (1 - product) ** np.arange(steps + 1)
    return lists(x**2 / 2, np.abs(x), product)


def told_of_descent(rate: float) -> gd.Diagnosis:
    return gd.diagnose(descent(gd.gradient_descent(rate)))


CASES: dict[str, Callable[[], gd.Diagnosis]] = {
    "a fall": lambda: lists(FALL),
    "a fall in four decimals": lambda: lists(np.round(FALL, 4)),
    "a fall that goes on": lambda: lists(1 + 9 * np.exp(-K / 500)),
    "a crawl": lambda: lists(1 + 9 * np.exp(-K / 4000)),
    "a straight line": lambda: lists(9 - K / 100),
    "a floor": lambda: lists(3 + 0.1 * NOISE),
    "a fall to a floor": lambda: lists(3 + 0.1 * NOISE + 40 * np.exp(-K / 20)),
    "a floor of ten guesses": lambda: lists(np.log(10) + 0.002 * NOISE),
    "thirty losses at a floor": lambda: lists((3 + 0.1 * NOISE)[:30]),
    "a random walk": lambda: lists(3 + 0.01 * np.cumsum(NOISE)),
    "a climb": lambda: lists(np.exp(K / 20)),
    "a noisy climb": lambda: lists(3 + K / 50 + 0.2 * NOISE),
    "a zigzag": lambda: lists(2 + 0.3 * (-1.0) ** K),
    "a spike": lambda: lists(FALL + 50 * (K == 150)),
    "a spike in noise": lambda: lists(FALL + 0.1 * NOISE + 50 * (K == 150)),
    "a U": lambda: lists(1 + ((K - 150) / 150) ** 2),
    "a noisy U": lambda: lists(1 + ((K - 100) / 150) ** 2 + 0.02 * NOISE),
    "a plateau that ends": lambda: lists(1 + 9 / (1 + np.exp((K - 200) / 8))),
    "a plateau": lambda: lists(9 - K / 1e5),
    "NaN at the end": lambda: lists(np.where(K < 200, FALL, np.nan)),
    "infinity after a climb": lambda: lists(np.where(K < 200, np.exp(K / 5), np.inf)),
    "norms that are NaN": lambda: lists(FALL, np.where(K < 200, FALL, np.nan)),
    "four losses": lambda: lists([4.0, 3.0, 2.5, 2.2]),
    "no change": lambda: lists(np.ones(50)),
    **{
        f"norms at ηλ = {product:g}": partial(told_by_norms, product)
        for product in (0.001, 0.02, 0.5, 1.0, 1.7, 1.99, 2.02)
    },
    **{
        f"gradient descent at {rate:g}": partial(told_of_descent, rate)
        for rate in (1e-5, 5e-4, 5e-3, 0.02, 0.0399, 0.0402, 0.05)
    },
    "momentum, too bold": lambda: gd.diagnose(descent(gd.momentum(0.08, decay=0.9))),
    "momentum, far too bold": lambda: gd.diagnose(descent(gd.momentum(0.09, decay=0.9))),
    "momentum": lambda: gd.diagnose(descent(gd.momentum(0.005, decay=0.8))),
    "Adam, too small": lambda: gd.diagnose(descent(gd.adam(1e-4))),
    "a saddle passed": lambda: gd.diagnose(
        descent(gd.gradient_descent(0.1), 300, TWO_WELLS, (1.0, 1e-9))
    ),
    "a saddle reached": lambda: gd.diagnose(
        descent(gd.gradient_descent(0.1), 60, gd.landscapes.saddle(), (1.5, 0.0))
    ),
    "on a plateau": lambda: gd.diagnose(
        descent(gd.gradient_descent(0.1), 100, gd.landscapes.plateau(), (3.9, 2.9))
    ),
    "in a valley": lambda: gd.diagnose(
        descent(gd.gradient_descent(0.001), 400, gd.landscapes.rosenbrock(), (-1.2, 1.0))
    ),
    "batches": lambda: gd.diagnose(
        gd.descend_batches(FITTED, gd.gradient_descent(0.1), batch_size=2, epochs=20, seed=1)
    ),
    "gradients of twice the size": lambda: slipped(lambda g: 2 * g),
    "gradients of the wrong sign": lambda: slipped(lambda g: -g),
    "a wrong coordinate": lambda: slipped(lambda g: g * [1.0, 1.5]),
    "right gradients": lambda: slipped(lambda g: g),
}


def told(found: gd.Diagnosis) -> list[str]:
    """Return each finding in a line, with its step and advice."""
    return [f"    {each.kind} (step {each.step}): {each.evidence}. {each.advice}" for each in found]


def read() -> dict[str, list[str]]:
    """Return what is written down, by the name of the case."""
    parts = WRITTEN.read_text(encoding="utf-8").strip().split("\n\n")
    return {name: lines for name, *lines in map(str.splitlines, parts)}


@pytest.mark.parametrize("case", CASES)
def test_a_run_is_told_of_in_the_words_written_down(case: str) -> None:
    assert told(CASES[case]()) == read()[case]


if __name__ == "__main__":
    parts = ("\n".join([name, *told(make())]) for name, make in CASES.items())
    WRITTEN.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
