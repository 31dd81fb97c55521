"""Chapter 9's two figures of zeros, beside answers that no descent has found."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy as sp
from matplotlib.cbook import get_sample_data
from numpy.typing import NDArray

import gdlib as gd
from tests.claims import cells


def after(*names: str) -> dict[str, Any]:
    """Run cells of the chapter, and return what they define."""
    known: dict[str, Any] = {"gd": gd, "np": np, "sp": sp, "get_sample_data": get_sample_data}
    for name in names:
        exec(cells("09-corners")[name].source, known)
    return known


def test_09_contacts_are_where_the_hand_derivation_puts_them() -> None:
    page = after("diamond")
    t = page["budgets"]
    y = np.where(t > 1, (t - 1) / 3, 0)  # the slopes 2 - x and 1 - 2y are equal on a side
    np.testing.assert_allclose(page["on_diamond"], np.column_stack([t - y, y]), atol=1e-3)
    assert (page["on_diamond"][t <= 1, 1] == 0).all()
    for radius, (x, y) in zip(t[1:], page["on_circle"][1:], strict=True):
        assert np.hypot(x, y) == pytest.approx(radius)
        assert (2 - x) * y == pytest.approx((1 - 2 * y) * x, abs=4e-3)  # outward


def lasso(features: NDArray[np.float64], targets: NDArray[np.float64], alpha: float) -> Any:
    """Return the weights whose certificate holds, found among all patterns of signs."""
    hessian = features.T @ features / len(targets)
    pull = features.T @ targets / len(targets)
    for signs in product((-1, 0, 1), repeat=features.shape[1]):
        pattern = np.array(signs)
        alive = pattern != 0
        weights = np.zeros(len(pattern))
        weights[alive] = np.linalg.solve(
            hessian[np.ix_(alive, alive)], pull[alive] - alpha * pattern[alive]
        )
        rest = np.abs(pull - hessian @ weights)
        if (np.sign(weights) == pattern).all() and (rest <= alpha + 1e-12).all():
            return weights
    raise AssertionError("no pattern of signs has a certificate")


def test_09_the_path_is_that_of_all_patterns_of_signs() -> None:
    page = after("data", "shares")
    features, targets = page["returns"][:, :6], page["returns"][:, 6]
    for alpha, weights in zip(page["alphas"], page["weights"], strict=True):
        exact = lasso(features, targets, alpha)
        np.testing.assert_allclose(weights, exact, atol=1e-9)
        np.testing.assert_array_equal(weights == 0, exact == 0)
