"""What is not asked for is what the papers, the frameworks and the pages here say it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib import schedules

BOWL = gd.landscapes.quadratic(condition=10)

# PyTorch's, but for RMSProp's ρ, which is the lecture's 0.9, and Lion's, which are its paper's.
RULES: dict[str, dict[str, float]] = {
    "adagrad": {"learning_rate": 0.01, "epsilon": 1e-10},
    "adadelta": {"learning_rate": 1.0, "decay": 0.9, "epsilon": 1e-6},
    "rmsprop": {"learning_rate": 0.01, "decay": 0.9, "epsilon": 1e-8},
    "adam": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "amsgrad": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "nadam": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "adamw": {
        "learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01,
    },
    "lion": {"learning_rate": 1e-4, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
}  # fmt: skip
WITH_A_RATE: dict[str, dict[str, float]] = {
    "gradient_descent": {},
    "momentum": {"decay": 0.9},
    "nesterov": {"decay": 0.9},
}


def test_every_rule_is_here() -> None:
    assert RULES.keys() | WITH_A_RATE.keys() == set(gd.optimizers.catalogue)


@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_a_rule_has_its_papers_constants(name: str) -> None:
    make = gd.optimizers.catalogue[name]
    rule = make() if name in RULES else make(0.03)
    wanted = RULES.get(name) or {"learning_rate": 0.03, **WITH_A_RATE[name]}
    assert dict(rule.settings) == wanted
    other = {key: value / 2 + 0.01 for key, value in wanted.items()}
    assert dict(make(**other).settings) == other


SCHEDULES: list[tuple[schedules.Schedule, schedules.Schedule]] = [
    (schedules.step(0.4), schedules.step(0.4, 0.1, 30)),
    (schedules.exponential(0.4), schedules.exponential(0.4, 0.99)),
    (schedules.polynomial(0.4, 20), schedules.polynomial(0.4, 20, 1.0, 0.0)),
    (schedules.inverse_time(0.4), schedules.inverse_time(0.4, 1.0, 1.0)),
    (schedules.cosine(0.4, 20), schedules.cosine(0.4, 20, 0.0, restarts=False)),
    (schedules.one_cycle(0.4, 20), schedules.one_cycle(0.4, 20, 0.3, 25.0, 1e4, linear=False)),
]


@pytest.mark.parametrize(("short", "long"), SCHEDULES)
def test_a_schedule_has_the_constants_of_its_page(short: Any, long: Any) -> None:
    assert [short(k) for k in range(1, 70)] == [long(k) for k in range(1, 70)]


def test_a_rate_that_watches_has_pytorchs_constants() -> None:
    """As its page has them: factor 0.1, patience 10, threshold 1e-4, no cooldown, no lowest."""
    assert schedules.on_plateau(0.4) == schedules.on_plateau(0.4, 0.1, 10, 1e-4, 0, 0.0, 1)


def test_the_data_of_a_line_are_a_hundred_rows_around_1_plus_2x() -> None:
    rng = np.random.default_rng(0)
    x, noise = rng.uniform(-1, 1, 100), rng.normal(size=100)
    line = gd.problems.noisy_line()
    np.testing.assert_array_equal(line.features, np.stack([np.ones(100), x], axis=1))
    np.testing.assert_allclose(line.targets, 1 + 2 * x + noise / 2, rtol=1e-14)
    asked = gd.problems.noisy_line(30, slope=-3.0, intercept=4.0, noise=0.0, seed=5)
    np.testing.assert_allclose(asked.targets, 4 - 3 * asked.features[:, 1], rtol=1e-14)
    np.testing.assert_array_equal(asked.features[:, 1], np.random.default_rng(5).uniform(-1, 1, 30))


def test_the_data_of_two_clouds_are_a_hundred_rows_two_apart() -> None:
    spread = np.random.default_rng(0).normal(size=(100, 2))
    side = np.where(np.arange(100) % 2, 1, -1)[:, None]
    clouds = gd.problems.two_clouds()
    np.testing.assert_allclose(clouds.features, side / np.sqrt(2) + spread, rtol=1e-13)
    assert clouds.l2 == 0.0
    assert gd.problems.two_clouds(10, l2=0.2).l2 == 0.2


MOST: dict[str, tuple[Callable[[], gd.Trajectory], int]] = {
    "descend": (lambda: gd.descend(BOWL, gd.adam()), 100),
    "backtracking": (lambda: gd.backtracking(gd.landscapes.rosenbrock()), 100),
    "exact_line_search": (lambda: gd.exact_line_search(BOWL), 100),
    "perturbed_descent": (
        lambda: gd.perturbed_descent(
            BOWL, learning_rate=0.01, radius=0.01, gradient_norm=0.1, cooldown=5, seed=0
        ),
        500,
    ),
}


@pytest.mark.parametrize("method", MOST)
def test_a_method_takes_the_steps_that_its_page_says(method: str) -> None:
    run, steps = MOST[method]
    assert run().steps == steps


def test_newtons_method_takes_fifty_plain_steps() -> None:
    # x⁴: each step leaves ⅔ of x, for ever.
    run = gd.newton(gd.Landscape.parse("x**4", start=(1.0,)))
    np.testing.assert_allclose(run.points[:, 0], (2 / 3) ** np.arange(51), rtol=1e-12)


def test_a_search_starts_from_a_rate_of_1_and_halves_it() -> None:
    plain = gd.backtracking(gd.landscapes.rosenbrock(), steps=30)
    asked = gd.backtracking(
        gd.landscapes.rosenbrock(), steps=30, learning_rate=1.0, shrink=0.5, slope=1e-4
    )
    np.testing.assert_array_equal(plain.points, asked.points)
    assert plain.value_evaluations == asked.value_evaluations


def test_basins_have_two_hundred_rows_and_columns_and_five_hundred_steps() -> None:
    assert gd.basins(BOWL, gd.gradient_descent(0.01), steps=1).labels.shape == (200, 200)
    found = gd.basins(BOWL, gd.gradient_descent(0.01), (1, 1), freeze=False)
    assert found.steps.tolist() == [[500]]


def test_a_gradient_is_taken_by_central_differences_unless_asked() -> None:
    plain = gd.numerical_gradient(lambda t: (t**3).sum(), [1.0, 2.0])
    asked = gd.numerical_gradient(lambda t: (t**3).sum(), [1.0, 2.0], method="central")
    np.testing.assert_array_equal(plain, asked)
    assert not np.array_equal(plain, [3.0, 12.0])  # as the complex step would have it


def test_a_corner_lies_at_0_unless_asked() -> None:
    x = np.linspace(-3, 3, 13)
    np.testing.assert_array_equal(gd.proximal_step(x, -1, 1), gd.proximal_step(x, -1, 1, 0.0))
    assert not np.array_equal(gd.proximal_step(x, -1, 1), gd.proximal_step(x, -1, 1, 1.0))


def test_batches_are_shuffled_once_an_epoch_and_all_points_kept_unless_asked() -> None:
    line = gd.problems.noisy_line(12)
    asked: dict[str, Any] = {"batch_size": 5, "epochs": 2, "seed": 3}
    plain = gd.descend_batches(line, gd.gradient_descent(0.1), **asked)
    said = gd.descend_batches(
        line, gd.gradient_descent(0.1), np.zeros(2), **asked, replacement=False, keep="path"
    )
    np.testing.assert_array_equal(plain.points, said.points)
    np.testing.assert_array_equal(plain.samples, [0, 5, 10, 12, 17, 22, 24])
