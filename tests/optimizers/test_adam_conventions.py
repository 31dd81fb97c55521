"""Chapter 14's table of frameworks, against each framework's step written by hand.

Every function here is one framework's Adam as its source has it; the chapter's numbers come from
`gdlib`'s rules with formulas exchanged, and nbval proves that they are what the chapter prints.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from pathlib import Path

import nbformat
import pytest

from gdlib.exercises import ch14_adam
from tests.data import make_torch_paths
from tests.optimizers.test_parity import TORCH

CHAPTER = Path(__file__).parents[2] / "chapters" / "14-adam.ipynb"
ETA, BETA1, BETA2, EPSILON = 0.1, 0.9, 0.999, 0.5
Step = Callable[[float, float, float, int, float], float]


def algorithm_1(m: float, v: float, theta: float, k: int, decay: float) -> float:
    """torch.optim.AdamW: the paper's quotient; θ shrinks by lr·λ first."""
    quotient = (m / (1 - BETA1**k)) / (sqrt(v) / sqrt(1 - BETA2**k) + EPSILON)
    return theta * (1 - ETA * decay) - ETA * quotient - theta


def keras(m: float, v: float, theta: float, k: int, decay: float) -> float:
    """keras.optimizers.AdamW: the rate is corrected, and ε added to the root as it is."""
    alpha = ETA * sqrt(1 - BETA2**k) / (1 - BETA1**k)
    return -theta * decay * ETA - m * alpha / (sqrt(v) + EPSILON)


def optax_eps_root(m: float, v: float, theta: float, k: int, decay: float) -> float:
    """optax.adamw(eps=0, eps_root=ε): ε inside the root, after the correction."""
    update = (m / (1 - BETA1**k)) / sqrt(v / (1 - BETA2**k) + EPSILON)
    return -ETA * (update + decay * theta)


def bert(m: float, v: float, theta: float, k: int, decay: float) -> float:
    """google-research/bert, AdamWeightDecayOptimizer: no correction."""
    del k
    return -ETA * (m / (sqrt(v) + EPSILON) + decay * theta)


def adamw_paper(m: float, v: float, theta: float, k: int, decay: float) -> float:
    """Loshchilov & Hutter 2019, Algorithm 2 with a schedule factor of 1: λ without the rate."""
    return algorithm_1(m, v, theta, k, 0.0) - decay * theta


FRAMEWORKS: dict[str, Step] = {
    "PyTorch AdamW": algorithm_1,
    "PyTorch Adam": algorithm_1,
    "Keras": keras,
    "Optax, eps_root": optax_eps_root,
    "BERT": bert,
    "AdamW's paper": adamw_paper,
}


def steps(name: str, slopes: list[float], decay: float) -> list[float]:
    """Return a framework's first steps from θ = 1 for the given slopes."""
    theta, m, v, found = 1.0, 0.0, 0.0, []
    inside = decay if name == "PyTorch Adam" else 0.0  # L2: into the gradient
    for k, slope in enumerate(slopes, 1):
        g = slope + inside * theta
        m = BETA1 * m + (1 - BETA1) * g
        v = BETA2 * v + (1 - BETA2) * g * g
        found.append(FRAMEWORKS[name](m, v, theta, k, decay - inside))
        theta += found[-1]
    return found


def printed() -> dict[str, list[float]]:
    """Return the chapter's table: name → step 1, step 2, what the decay adds."""
    cells = nbformat.read(CHAPTER, as_version=4).cells
    [table] = [cell for cell in cells if cell.id == "frameworks-table"]
    rows = table.outputs[0].text.splitlines()[1:]
    return {row[:16].strip(): [float(x) for x in row[16:].split()] for row in rows}


def test_the_chapter_has_every_framework() -> None:
    assert set(printed()) == set(FRAMEWORKS)


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_the_chapters_steps_are_the_frameworks(name: str) -> None:
    first, second = steps(name, [1.0, -0.5], 0.0)
    added = steps(name, [1.0], 0.1)[0] - first
    assert printed()[name] == pytest.approx([first, second, added], abs=6e-6)


def test_the_build_exercise_has_pytorchs_recorded_points() -> None:
    kept = make_torch_paths.KEPT
    runs = {
        tuple(run["hyperparameters"].get(name, usual) for name, usual in NAMES.items()): run
        for run in TORCH["runs"]
        if run["rule"] == "adam" and run["landscape"] == "quadratic"
    }
    for (numbers, step), point in ch14_adam.PYTORCH.items():
        assert list(point) == runs[numbers]["points"][kept.index(step)]


NAMES = {"learning_rate": 0.0, "beta1": BETA1, "beta2": BETA2, "epsilon": 1e-8}
