"""The runs on which two implementations of a rule are compared, and when they agree."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests import reference
from tests.data import make_torch_paths
from tests.data.make_torch_paths import STARTS, STEPS, Case
from tests.reference_landscapes import LANDSCAPES

LOUD = {
    "learning_rate": 0.02,
    "decay": 0.7,
    "beta1": 0.8,
    "beta2": 0.6,
    "epsilon": 0.3,
    "weight_decay": 0.4,
}
"""Values at which every hyperparameter shows within a few steps, and none equals another."""
RELATIVE = 1e-12

# PyTorch has no Lion, so its runs stand here; the others are those that PyTorch's paths record.
LION_CASES = [
    Case("lion", landscape, hyperparameters)
    for landscape in STARTS
    for hyperparameters in (
        {"learning_rate": 0.002},
        {"learning_rate": 0.003, "beta1": 0.6, "beta2": 0.8, "weight_decay": 0.5},
    )
]
CASES = [*make_torch_paths.cases(), *LION_CASES]
PLANE_CASES = [case for case in CASES if case.landscape != "table"]


def label(case: Case) -> str:
    """Name a run in pytest's report."""
    options = [f"{name}={value:g}" for name, value in case.hyperparameters.items()]
    return "-".join([case.rule, case.landscape, *options])


def gradient(landscape: str, theta: Any) -> Any:
    """Return the hand-derived gradient of a run's landscape."""
    if landscape == "table":
        return np.array(make_torch_paths.TABLE_WEIGHTS) * (theta**3 + theta)
    return LANDSCAPES[landscape].gradient(theta)


def reference_path(case: Case, steps: int = STEPS, start: Any = None) -> Any:
    """Return all points of the hand-written rule on the hand-derived gradient."""
    return reference.RULES[case.rule](
        lambda theta: gradient(case.landscape, theta),
        STARTS[case.landscape] if start is None else start,
        steps,
        **case.hyperparameters,
    )


def same(ours: Any, wanted: Any) -> bool:
    """Tell whether numbers, and the shapes that they have, agree but for rounding."""
    ours, wanted = np.asarray(ours), np.asarray(wanted)
    return ours.shape == wanted.shape and bool(np.allclose(ours, wanted, rtol=1e-9, atol=1e-11))
