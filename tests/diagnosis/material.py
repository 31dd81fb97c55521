"""Losses and rows that several tests of the diagnosis look at."""

import dataclasses
from typing import Any

import numpy as np

import gdlib as gd
from gdlib.diagnosis.evidence import Evidence

STEPS = np.arange(200)
DECAY = 0.5 + 2 * np.exp(-STEPS / 20)
_RNG = np.random.default_rng(5)
FEATURES = np.column_stack([np.ones(200), _RNG.standard_normal((200, 3))])
TARGETS = FEATURES @ [1.0, -1.0, 0.5, 2.0] + _RNG.standard_normal(200)
TABLE = gd.LeastSquares(FEATURES, TARGETS)


def read(losses: Any, **known: Any) -> Evidence:
    """Return the evidence of losses of which only that much is known besides; no noise."""
    unknown = dict.fromkeys(field.name for field in dataclasses.fields(Evidence))
    exact: dict[str, Any] = {"noise": False, "sampled": False, "unit": "step"}
    exact |= {"grain": 0.0, "faint": 0.0, "safe": 1e-9}
    arrays = ("norms", "points", "gradients", "products", "curvatures", "flips")
    given = {name: np.array(known[name]) if name in arrays else known[name] for name in known}
    return Evidence(**(unknown | exact | given | {"losses": np.array(losses, float)}))
