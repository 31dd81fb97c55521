"""What a run is given: refused in words before the first step, or taken as it is meant."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.optimizers.symbols import g

LOOSE: Any = gd
"""The package, to call as the type checker would not let us."""
BOWL = gd.landscapes.quadratic(condition=10)
RULE = gd.gradient_descent(0.1)
LINE = gd.problems.noisy_line(20, seed=1)


def ones(theta: Any) -> Any:
    return (theta**2).sum(), 2 * theta


def descend(**given: Any) -> Any:
    return lambda: LOOSE.descend(**({"cost": BOWL, "optimizer": RULE} | given))


def batches(**given: Any) -> Any:
    usual = {"problem": LINE, "optimizer": RULE, "batch_size": 5, "epochs": 2, "seed": 1}
    return lambda: LOOSE.descend_batches(**(usual | given))


def jumping(**given: Any) -> Any:
    usual = {"learning_rate": 0.1, "radius": 0.1, "gradient_norm": 0.1, "cooldown": 3, "seed": 1}
    return lambda: LOOSE.perturbed_descent(BOWL, **(usual | given))


MASKED = np.ma.masked_array([1.0, 2.0], [True, False])
TYPES: list[tuple[Callable[[], Any], str]] = [
    (descend(start=MASKED), "start must not be a masked array"),
    (descend(cost=ones, start=MASKED), "start must not be a masked array"),
    (batches(start=MASKED), "start must not be a masked array"),
    (lambda: LOOSE.newton(BOWL, MASKED), "start must not be a masked array"),
    (lambda: LOOSE.averaged(MASKED), "points must not be a masked array"),
    (descend(start=[1j, 2]), "start must be real numbers"),
    (descend(cost=ones, start=[1j, 2]), "start must be real numbers"),
    (descend(cost=ones, start="ab"), "start must be numbers"),
    (descend(steps=2.0), "steps must be a whole number, not 2.0"),
    (descend(steps=None), "steps must be a whole number, not None"),
    (descend(keep=None), 'keep must be "path" or "end", not None'),
    (descend(stop={"patience": 3}), "stop must be a gd.Stop(...)"),
    (descend(learning_rate=lambda _: None), "learning_rate at step 1 must be a number"),
    (descend(learning_rate=lambda _: 1j), "learning_rate at step 1 must be a number"),
    (descend(learning_rate=lambda _: "0.1"), "learning_rate at step 1 must be a number"),
    (descend(learning_rate=lambda _: True), "learning_rate at step 1 must be a number"),
    (descend(learning_rate=lambda _: np.ones(2)), "learning_rate at step 1 must be a number"),
    (descend(learning_rate=(0.1 for _ in range(200))), "used up as it is read"),
    (descend(learning_rate=iter([0.1] * 200)), "used up as it is read"),
    (descend(learning_rate=dict.fromkeys(range(200), 0.1)), "a sequence with a rate a step"),
    (descend(learning_rate=["a"] * 100), "learning_rate must be numbers"),
    (descend(learning_rate=[1j] * 100), "learning_rate must be real numbers"),
    (descend(learning_rate=np.ma.ones(100)), "learning_rate must not be a masked array"),
    (lambda: LOOSE.Stop(gradient_norm=True), "gradient_norm must be a number"),
    (lambda: LOOSE.Stop(value_change="1"), "value_change must be a number"),
    (lambda: LOOSE.Stop(point_change=1j), "point_change must be a number"),
    (lambda: LOOSE.Stop(patience="3"), "patience must be a whole number, not '3'"),
    (lambda: LOOSE.Stop(patience=2.5), "patience must be a whole number, not 2.5"),
    (batches(seed=None), "the run could not be repeated"),
    (batches(seed=np.random.default_rng(1)), "used up as it draws"),
    (batches(batch_size=5.0), "batch_size must be a whole number"),
    (batches(epochs=True), "epochs must be a whole number"),
    (batches(replacement="no"), "replacement must be True or False"),
    (jumping(seed=None), "the run could not be repeated"),
    (jumping(seed=np.random.default_rng(1)), "used up as it draws"),
    (jumping(cooldown=2.5), "cooldown must be a whole number"),
    (jumping(radius="1"), "radius must be a number"),
    (jumping(gradient_norm=None), "gradient_norm must be a number"),
    (lambda: LOOSE.newton(BOWL, gradient_norm="0"), "gradient_norm must be a number"),
    (lambda: LOOSE.newton(BOWL, damped="yes"), "damped must be True or False"),
    (lambda: LOOSE.backtracking(BOWL, learning_rate=None), "learning_rate must be a number"),
    (lambda: LOOSE.backtracking(BOWL, shrink="0.5"), "shrink must be a number"),
    (lambda: LOOSE.exact_line_search(BOWL, gradient_norm=True), "gradient_norm must be a number"),
    (lambda: LOOSE.basins(BOWL, RULE, 50), "shape must be (rows, columns), not 50"),
    (lambda: LOOSE.basins(BOWL, RULE, "ab"), "shape must be (rows, columns), not 'ab'"),
    (lambda: LOOSE.basins(BOWL, RULE, (2, 2.0)), "shape's columns must be a whole number"),
    (lambda: LOOSE.basins(BOWL, RULE, (2, 2, 2)), "shape must be (rows, columns), not (2, 2, 2)"),
    (lambda: LOOSE.basins(BOWL, RULE, range(10**12)), "shape must be (rows, columns), not (0, 1"),
    (lambda: LOOSE.basins(BOWL, RULE, (2, 2), freeze=1), "freeze must be True or False"),
    (lambda: LOOSE.random_symmetric(2, 2, seed=None), "could not be repeated"),
    (lambda: LOOSE.random_symmetric(2.0, 2, seed=1), "dimension must be a whole number"),
    (lambda: LOOSE.averaged("ab"), "points must be numbers"),
    (lambda: LOOSE.averaged([1.0, 2.0], decay="a"), "decay must be a number"),
]
VALUES: list[tuple[Callable[[], Any], str]] = [
    (descend(start=[]), "start must be of shape (..., 2), not (0,)"),
    (descend(start=[[]]), "start must be of shape (..., 2), not (1, 0)"),
    (descend(start=np.empty((2, 0, 2))), "start must hold at least one point"),
    (descend(cost=ones, start=[]), "start must hold at least one number"),
    (descend(cost=ones, start=[[1.0], [1.0, 2.0]]), "rows of different lengths"),
    (descend(cost=ones, start=[np.nan]), "start must be finite, not nan"),
    (descend(steps=10**8 + 1), "steps must be from 0 to 100000000, not 100000001"),
    (descend(steps=10**8), 'must fit into 1 GiB, not 3.73 GiB; take fewer steps, or keep="end"'),
    (
        descend(start=np.ones((10**4, 2)), steps=10**4),
        "a path of 10000 steps must fit",
    ),
    (descend(learning_rate=lambda k: 0.1 if k < 77 else np.inf), "learning_rate at step 77 must"),
    (descend(learning_rate=lambda k: 2.0 ** (30 * k)), "step 35 must be finite, not OverflowError"),
    (descend(learning_rate=lambda k: 1 / (5 - k)), "step 5 must be finite, not ZeroDivisionError"),
    (
        descend(steps=6000, learning_rate=gd.schedules.exponential(1.0, 1.2)),
        "at every step; step 3895 has none",
    ),
    (descend(learning_rate=[0.1] * 99), "learning_rate must hold 100 rates, one a step, not 99"),
    (descend(learning_rate=[0.1] * 98 + [-1.0, 0]), "learning_rate at step 99 must be at least 0"),
    (descend(learning_rate=np.full((100, 1), 0.1)), "learning_rate must be of shape (any,)"),
    (lambda: gd.Stop(gradient_norm=float("nan")), "gradient_norm must be at least 0 and finite"),
    (lambda: gd.Stop(value_change=-1), "value_change must be at least 0 and finite, not -1"),
    (lambda: gd.Stop(point_change=float("inf")), "point_change must be at least 0 and finite"),
    (batches(seed=-1), "seed must be at least 0, not -1"),
    (batches(epochs=10**9), "steps must be from 0 to 100000000"),
    (
        batches(epochs=10**7),
        'GiB; take fewer steps, or keep="end"',
    ),
    (batches(start=[1.0, np.inf]), "start must be finite"),
    (batches(start=[[1.0, 2.0]]), "start must be of shape (2,), not (1, 2)"),
    (jumping(steps=10**9), "steps must be from 0 to 100000000"),
    (jumping(steps=10**8), "must fit into 1 GiB, not 3.73 GiB; take fewer steps"),
    (jumping(radius=float("nan")), "radius must be positive and finite, not nan"),
    (jumping(cooldown=0), "cooldown must be at least 1, not 0"),
    (lambda: gd.newton(BOWL, gradient_norm=-1), "gradient_norm must be at least 0 and finite"),
    (lambda: gd.newton(BOWL, steps=10**9), "steps must be from 0 to 100000000"),
    (lambda: gd.backtracking(BOWL, steps=10**9), "steps must be from 0 to 100000000"),
    (lambda: gd.backtracking(BOWL, steps=10**8), "not 3.73 GiB; take fewer steps"),
    (lambda: gd.backtracking(BOWL, learning_rate=float("inf")), "learning_rate must be positive"),
    (lambda: gd.backtracking(BOWL, [(1.0, 2.0)]), "start must be of shape (2,), not (1, 2)"),
    (lambda: gd.exact_line_search(BOWL, steps=10**8), "not 3.73 GiB; take fewer steps"),
    (lambda: gd.newton(BOWL, steps=10**8), "not 3.73 GiB; take fewer steps"),
    (lambda: gd.basins(BOWL, RULE, (2, 2), steps=10**9), "steps must be from 0 to 100000000"),
    (
        lambda: gd.basins(BOWL, RULE, (10**5, 10**5)),
        "a grid of 100000 × 100000 starts must fit into 1 GiB, not 745 GiB",
    ),
    (lambda: gd.basins(BOWL, RULE, (2, 0)), "shape's columns must be at least 1, not 0"),
    (
        lambda: gd.random_symmetric(10**6, 10**6, seed=1),
        "1000000 matrices of 1000000 × 1000000 must fit into 1 GiB, not 7.45e+09 GiB",
    ),
    (lambda: gd.averaged([1.0, np.nan]), "points must be finite"),
    (lambda: gd.averaged(3.0), "points must be of shape (k + 1, ...), not ()"),
]


@pytest.mark.parametrize(("call", "words"), TYPES)
def test_another_kind_of_thing_is_refused_in_words(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(TypeError, match=re.escape(words)):
        call()


@pytest.mark.parametrize(("call", "words"), VALUES)
def test_what_is_out_of_range_is_refused_in_words(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        call()


def test_a_rule_without_a_rate_refuses_a_schedule_by_name() -> None:
    half = gd.Optimizer("halving", -g / 2)
    words = "learning_rate must be None for halving, which has no learning rate η"
    for call in (descend(optimizer=half, learning_rate=[0.1] * 100),
                 descend(optimizer=half, start=[[1.0, 1.0]], learning_rate=lambda k: 1 / k),
                 descend(cost=ones, start=[1.0], optimizer=half, learning_rate=lambda k: 1 / k),
                 batches(optimizer=half, learning_rate=lambda k: 1 / k)):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            call()
    # A constant of that name is not η.
    named = sp.Symbol("learning_rate", real=True)
    other = gd.Optimizer("named", -named * g, hyperparameters={named: 0.5})
    with pytest.raises(ValueError, match="for named, which has no learning rate η"):
        gd.descend(BOWL, other, learning_rate=[0.1] * 100)


def test_without_a_schedule_it_runs_everywhere() -> None:
    half = gd.Optimizer("halving", -g / 2)
    wanted = [[1.0, 0.0], [0.5, 0.0], [0.25, 0.0]]
    assert gd.descend(BOWL, half, (1.0, 0.0), steps=2).points.tolist() == wanted
    assert gd.descend(BOWL, half, [(1.0, 0.0)], steps=2).points[:, 0].tolist() == wanted
    assert gd.basins(BOWL, half, (2, 2), 5).labels.shape == (2, 2)
    run = gd.descend_batches(LINE, half, batch_size=20, epochs=1, seed=0)
    np.testing.assert_allclose(run.end, -LINE.gradient(np.zeros(2)) / 2)


@pytest.mark.parametrize(
    "rates",
    [
        [0.5, 0.25, Fraction(1, 8)],
        (0.5, 0.25, 0.125, "what is not needed is read all the same"),
        np.array([0.5, 0.25, 0.125], np.float32),
        np.array([0.5, 0.25, 0.125, 9.0]),
        lambda k: 2.0**-k,
        lambda k: np.float32(2.0**-k),
        lambda k: Fraction(1, 2**k),
        lambda k: np.array(2.0**-k),
        lambda k: sp.Rational(1, 2**k),
    ],
)
def test_rates_of_any_kind_of_number_are_taken(rates: Any) -> None:
    if isinstance(rates, tuple):
        with pytest.raises(TypeError, match="learning_rate must be numbers"):
            gd.descend(BOWL, RULE, (1.0, 0.0), steps=3, learning_rate=rates)
        return
    run = gd.descend(BOWL, RULE, (1.0, 0.0), steps=3, learning_rate=rates)
    np.testing.assert_allclose(run.points[:, 0], [1, 1 / 2, 3 / 8, 21 / 64], rtol=1e-7)


@pytest.mark.parametrize("seed", [1, np.int8(1), np.uint64(1), np.array(1)])
def test_a_seed_of_any_width_is_the_same_seed(seed: Any) -> None:
    np.testing.assert_array_equal(batches(seed=seed)().points, batches(seed=1)().points)
    np.testing.assert_array_equal(jumping(seed=seed)().points, jumping(seed=1)().points)


def test_counts_of_any_width_and_size_are_taken() -> None:
    wanted = batches()().points
    np.testing.assert_array_equal(
        batches(batch_size=np.uint8(5), epochs=np.int8(2))().points, wanted
    )
    np.testing.assert_array_equal(
        descend(steps=np.uint8(7), stop=gd.Stop(patience=10**30))().points,
        descend(steps=7)().points,
    )
    once = jumping(cooldown=10**30, steps=np.int16(30), gradient_norm=1e9)()
    off = np.linalg.norm(once.points[1:] - once.points[:-1] + 0.1 * once.gradients[:-1], axis=-1)
    assert np.flatnonzero(off > 1e-12).tolist() == [0]  # it jumps at once, and never again


def test_a_shape_may_be_a_list_or_an_array() -> None:
    wanted = gd.basins(BOWL, RULE, (4, 6), 20).labels
    for shape in ([4, 6], np.array([4, 6])):
        np.testing.assert_array_equal(LOOSE.basins(BOWL, RULE, shape, 20).labels, wanted)


def test_a_map_of_a_hundred_million_steps_is_drawn_when_its_runs_rest() -> None:
    found = gd.basins(gd.landscapes.himmelblau(), gd.gradient_descent(0.01), (6, 6), 10**8)
    assert found.steps.max() < 10**4
    assert (found.labels >= 0).all()


def test_what_a_run_is_given_is_not_changed_nor_kept() -> None:
    start = np.array([[1.0, 2.0]])
    rates = np.full(3, 0.1)
    for cost in (BOWL, lambda t: (float((t**2).sum()), 2 * t)):
        run = gd.descend(cost, gd.momentum(0.1), start, steps=3, learning_rate=rates)
        assert start.tolist() == [[1.0, 2.0]]
        before = run.points.copy()
        start[:] = 7.0
        np.testing.assert_array_equal(run.points, before)
        start[:] = 1.0, 2.0
    assert rates.tolist() == [0.1] * 3


# --- what a reader's function returns, and is given ----------------------------------------------


def test_a_cost_that_reuses_its_memory_leaves_each_gradient_as_it_was() -> None:
    memory, value = np.zeros(2), np.zeros(())

    def cost(theta: Any) -> Any:
        memory[:], value[...] = theta, theta @ theta / 2
        return value, memory

    run = gd.descend(cost, gd.gradient_descent(0.5), [1.0, -2.0], steps=3)
    shrunk = 0.5 ** np.arange(4)
    np.testing.assert_array_equal(run.gradients, shrunk[:, None] * [1.0, -2.0])
    np.testing.assert_array_equal(run.values, 2.5 * shrunk**2)


def test_a_cost_that_works_in_place_spoils_nothing() -> None:
    def cost(theta: Any) -> Any:
        value = float(theta @ theta / 2)
        slope = theta.copy()
        theta *= np.nan
        return value, slope

    run = gd.descend(cost, gd.momentum(0.5, decay=0.5), [1.0, -2.0], steps=3)
    plain = gd.descend(
        lambda t: (float(t @ t / 2), t), gd.momentum(0.5, decay=0.5), [1.0, -2.0], steps=3
    )
    np.testing.assert_array_equal(run.points, plain.points)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            (1.0, np.ma.masked_array([1.0, 2.0], [True, False])),
            TypeError,
            "the cost's gradient must not",
        ),
        ((np.ma.masked, [1.0, 2.0]), TypeError, "the cost's value must not be a masked array"),
        ((1.0, np.array([1j, 2])), TypeError, "the cost's gradient must be real numbers"),
        ((1j, [1.0, 2.0]), TypeError, "the cost's value must be real numbers"),
        ((None, [1.0, 2.0]), TypeError, "the cost's value must be numbers, not None"),
        (("1", [1.0, 2.0]), TypeError, "the cost's value must be numbers, not '1'"),
        ((1.0, None), TypeError, "the cost's gradient must be numbers, not None"),
        ((1.0, [[1.0], [1.0, 2.0]]), ValueError, "the cost's gradient must be a regular array"),
        ((1.0, [1.0]), ValueError, "the gradient must have θ's shape (2,), not (1,)"),
        (([1.0, 2.0], [1.0, 2.0]), ValueError, "the cost's value must be one number"),
        ([1.0, [1.0, 2.0]], TypeError, "the cost must return (value, gradient), not list"),
    ],
)
def test_what_a_cost_returns_is_looked_at(answer: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=re.escape(words)):
        gd.descend(lambda _: answer, RULE, [1.0, 2.0], steps=3)


@pytest.mark.parametrize(
    "made", [float, np.float32, np.float64, np.float16, int, lambda v: np.array([v]), Fraction]
)
def test_a_value_may_be_any_one_number(made: Any) -> None:
    run = gd.descend(lambda t: (made(4), [int(t[0]), 0]), RULE, [1.0, 2.0], steps=2)
    assert run.values.tolist() == [4.0] * 3


def test_a_decimal_is_no_number_here() -> None:
    with pytest.raises(TypeError, match="the cost's value must be numbers"):
        LOOSE.descend(lambda t: (Decimal(4), t), RULE, [1.0], steps=2)


# --- work and memory -----------------------------------------------------------------------------


@pytest.mark.parametrize("keep", ["path", "end"])
def test_a_functions_run_asks_once_a_step_and_once_at_the_start(keep: Any) -> None:
    calls = []

    def cost(theta: Any) -> Any:
        calls.append(theta)
        return float(theta[0] ** 2), 2 * theta

    run = gd.descend(cost, RULE, [1.0], steps=500, keep=keep)
    assert len(calls) == run.evaluations + 1 == 501


def test_memory_of_a_functions_run_does_not_grow_when_only_the_end_is_kept() -> None:
    def peak(steps: int, keep: Any) -> int:
        tracemalloc.start()
        gd.descend(lambda t: (float(t @ t), 2 * t), RULE, np.ones(5_000), steps=steps, keep=keep)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(2, "end")
    assert peak(400, "end") < 1.2 * peak(50, "end")
    assert peak(200, "path") < 5 * peak(50, "path")


# --- results -------------------------------------------------------------------------------------


def test_results_are_equal_only_to_themselves_and_safe_in_lists_and_sets() -> None:
    one, two = (gd.descend(BOWL, RULE, steps=3) for _ in range(2))
    maps = [gd.basins(BOWL, RULE, (3, 3), 5) for _ in range(2)]
    for first, second in ((one, two), maps):
        assert first == first
        assert first != second
        assert [second, first].index(first) == 1
        assert len({first, second, first}) == 2
    assert gd.Stop(patience=3) == gd.Stop(patience=3)


def test_a_mean_of_large_points_is_no_larger_than_they_are() -> None:
    assert gd.averaged([1.5e308] * 9).tolist() == [1.5e308] * 9
    assert gd.averaged([[1e308, -1e308]] * 2, decay=0.5).tolist() == [[1e308, -1e308]] * 2
