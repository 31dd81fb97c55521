"""The cost of chapter 12's challenge: its gradient, its largest curvature, its lowest value."""

import numpy as np
import pytest

from gdlib.exercises.ch12_nesterov import LINKS, soft_chain

seeds = pytest.mark.parametrize("seed", range(3))


@seeds
def test_the_gradient_is_the_slope_of_the_value(seed: int) -> None:
    cost, gradient, _ = soft_chain(seed)
    theta = np.random.default_rng(9).normal(0, 3, LINKS)
    slopes = [(cost(theta + h) - cost(theta - h)) / 2e-5 for h in 1e-5 * np.eye(LINKS)]
    np.testing.assert_allclose(gradient(theta), slopes, atol=1e-9)


@seeds
def test_no_curvature_exceeds_one(seed: int) -> None:
    _, gradient, _ = soft_chain(seed)
    rests = np.random.default_rng(seed).normal(0, 3, LINKS + 1)
    relaxed = np.cumsum(rests)[:-1]  # nearly all springs at rest: there they are stiffest
    columns = [(gradient(relaxed + h) - gradient(relaxed - h)) / 2e-5 for h in 1e-5 * np.eye(LINKS)]
    assert 0.9 < np.linalg.eigvalsh(columns).max() < 1


@seeds
def test_the_lowest_value_is_that_of_the_flat_point(seed: int) -> None:
    cost, gradient, lowest = soft_chain(seed)
    rests = np.random.default_rng(seed).normal(0, 3, LINKS + 1)
    flat = np.cumsum(rests - rests.mean())[:-1]
    np.testing.assert_allclose(gradient(flat), 0, atol=1e-12)
    assert cost(flat) == pytest.approx(lowest, abs=1e-12)
