"""Mutants of mutmut that lived, each killed by the fact that it denies."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib import schedules
from tests.test_defaults import RULES


def test_every_rule_names_its_source() -> None:
    rules = [
        make() if name in RULES else make(0.1) for name, make in gd.optimizers.catalogue.items()
    ]
    assert all(
        any(c.isdigit() for c in rule.source) for rule in [*rules, gd.proximal_descent(1, 1)]
    )


def test_random_matrices_hang_on_their_seed_and_one_is_enough() -> None:
    one, same, other = (gd.random_symmetric(3, 1, seed=seed) for seed in (4, 4, 5))
    assert one.shape == (1, 3, 3)
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    with pytest.raises(ValueError, match="count must be at least 1, not 0"):
        gd.random_symmetric(3, 0, seed=4)


def test_newtons_method_counts_its_gradients_and_all_its_looks() -> None:
    landscape = gd.landscapes.rosenbrock()
    plain = gd.newton(landscape, steps=5)
    assert (plain.evaluations, plain.value_evaluations) == (5, 0)
    damped = gd.newton(landscape, steps=6, damped=True)
    looks, theta = 0, np.array(landscape.start)
    for _ in range(6):
        g, h = landscape.gradient(theta), landscape.hessian(theta)
        sizes, axes = np.linalg.eigh(h)
        step = -axes @ ((axes.T @ g) / np.abs(sizes))
        looks += 1
        while landscape.value(theta + step) > landscape.value(theta) + 1e-4 * (g @ step):
            step, looks = step / 2, looks + 1
        theta = theta + step
    assert looks > 6
    assert (damped.evaluations, damped.value_evaluations) == (6, looks)
    np.testing.assert_allclose(damped.end, theta, rtol=1e-9)


def test_a_curvature_is_flat_beside_the_largest_whatever_that_is() -> None:
    x, y = sp.symbols("x y", real=True)
    trough = gd.Landscape("trough", 50 * x**2 + y, (x, y), [(-1, 1)] * 2, (1.0, 1.0))
    run = gd.newton(trough, steps=1, damped=True)  # 1/(10⁻⁸·100) along y
    np.testing.assert_allclose(run.end, (0, 1 - 1e6), atol=1e-9)
    nothing = gd.Landscape.parse("x + y", start=(1.0, 1.0))  # no curvature at all: 1/10⁻¹⁶
    np.testing.assert_allclose(gd.newton(nothing, steps=1, damped=True).end, -1e16, rtol=1e-9)


def test_perturbed_runs_keep_the_values_and_counts_that_belong_to_their_points() -> None:
    landscape = gd.landscapes.himmelblau()
    for shape in ((2, 3), ()):
        run = gd.perturbed_descent(
            landscape, np.full((*shape, 2), 1 / 9), steps=7,
            learning_rate=0.01, radius=0.01, gradient_norm=0.01, wait=5, seed=0,
        )  # fmt: skip
        assert run.points.shape == (8, *shape, 2)
        np.testing.assert_allclose(run.values, landscape.value(run.points), rtol=1e-13)
        np.testing.assert_allclose(run.gradients, landscape.gradient(run.points), rtol=1e-12)
        for counts in (np.asarray(run.steps), np.asarray(run.evaluations)):
            assert counts.dtype.kind == "i"
            assert (counts == 7).all()
            assert counts.shape == shape


NAMES = {
    "constant": schedules.constant(0.1),
    "step": schedules.step(0.1),
    "exponential": schedules.exponential(0.1),
    "polynomial": schedules.polynomial(0.1, 9),
    "inverse time": schedules.inverse_time(0.1),
    "cosine": schedules.cosine(0.1, 9),
    "cosine with restarts": schedules.cosine(0.1, 9, restarts=True),
    "warm-up, then constant": schedules.warmup(3, schedules.constant(0.1)),
    "constant, by epoch": schedules.by_epoch(schedules.constant(0.1), 3),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_schedule_goes_by_its_usual_name(name: str) -> None:
    assert NAMES[name].name == name
