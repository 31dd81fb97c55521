"""Whether a gradient is right is asked of costs of any scale and precision."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

import gdlib as gd


def of_small_scale(scale: float, at: float, factor: float) -> Any:
    """Return log(1 + |θ − at|²/S²), which changes over a length of S, and its derivative."""

    def cost(theta: Any) -> Any:
        away = (theta - at) / scale
        squares = float(away @ away)
        return math.log1p(squares), factor * 2 * away / scale / (1 + squares)

    return cost


def of_short_period(rate: float, factor: float) -> Any:
    """Return a bowl with cosines of a period 2π/ω, whose slopes are as large as the bowl's."""

    def cost(theta: Any) -> Any:
        value = float(theta @ theta / 2 + np.cos(rate * theta).sum() / rate)
        return value, factor * (theta - np.sin(rate * theta))

    return cost


def kinds_with_cost(cost: Any, rate: float, start: Any) -> list[str]:
    run = gd.descend(cost, gd.gradient_descent(rate), start, steps=60)
    return [found.kind for found in gd.diagnose(run, cost=cost) if "wrong" in found.kind]


@pytest.mark.parametrize("scale", [1e-2, 1e-4, 1e-5, 1e-6])
@pytest.mark.parametrize("at", [0.0, 1.0])
@pytest.mark.parametrize("n", [1, 3])
def test_a_cost_of_a_small_natural_scale_judges_gradients_rightly(
    scale: float, at: float, n: int
) -> None:
    start = at + scale * np.array([1.7, -0.6, 0.9])[:n]
    for factor, kinds in ((1.0, []), (2.0, ["wrong scale"]), (-0.1, ["wrong sign"])):
        cost = of_small_scale(scale, at, factor)
        assert kinds_with_cost(cost, 0.3 * scale**2, start) == kinds


@pytest.mark.parametrize("rate", [1e2, 1e4, 1e5, 1e6])
def test_short_periods_are_no_rounding(rate: float) -> None:
    for factor, kinds in ((1.0, []), (2.0, ["wrong scale"]), (-1.0, ["wrong sign"])):
        cost = of_short_period(rate, factor)
        assert kinds_with_cost(cost, 0.1 / abs(factor), [1.3, 2.1, -1.7]) == kinds


@pytest.mark.parametrize("name", ["himmelblau", "six_hump_camel", "plateau", "rastrigin"])
def test_a_cost_that_rounds_its_point_does_not_blame_the_gradient(name: str) -> None:
    cost = gd.landscapes.catalogue[name]()
    low, high = np.array(cost.bounds).T

    def rounded(theta: Any) -> float:
        return float(cost.value(theta.astype(np.float32).astype(float)))

    for seed in range(10):
        start = np.random.default_rng(seed).uniform(low, high)
        run = gd.descend(cost, gd.adam(0.03), start, steps=60)
        assert not gd.diagnose(run, cost=rounded).kind.startswith("wrong")
        doubled = dataclasses.replace(run, gradients=2 * run.gradients)
        assert gd.diagnose(doubled, cost=rounded).kind == "wrong scale"


@pytest.mark.long
def test_a_cycle_of_signs_is_no_gradient_of_a_wrong_scale() -> None:
    cost = gd.Landscape.parse("x**2+y**4+x*y/2", bounds=[(-2, 2), (-2, 2)], start=[1, 1])
    for seed in range(120):
        start = np.random.default_rng(seed).uniform(-2, 2, 2)
        found = gd.diagnose(gd.descend(cost, gd.lion(0.5), start, steps=300))
        assert not found.kind.startswith("wrong")
