"""The in-place loops: no value is overwritten before it was read last.

The oracle is a loop written by hand, on floats or on NumPy's own operators.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib import problems
from gdlib.formula import targets
from gdlib.formula.buffers import InPlace
from gdlib.optimizers import steps
from gdlib.optimizers.symbols import eta, g, theta

x = sp.Symbol("x", real=True)
m, v, c = sp.symbols("m v c", real=True)


def by_hand(step: Callable[[float], float], start: float, steps: int) -> float:
    for _ in range(steps):
        start += step(start)
    return start


def three_ways(cost: gd.Landscape, rule: gd.Optimizer, start: float, steps: int) -> list[float]:
    """Return where a run ends: alone, as a row of a grid, and on a function of θ."""

    def function(point: Any) -> tuple[float, Any]:
        return float(cost.value(point)), cost.gradient(point)

    ends = [
        gd.descend(cost, rule, [start], steps=steps).end,
        gd.descend(cost, rule, [[start], [start / 2]], steps=steps).end[0],
        gd.descend(function, rule, [start], steps=steps).end,
    ]
    return [float(end[0]) for end in ends]


def test_a_quotient_reads_the_value_that_stands_in_its_divisor_too() -> None:
    cost = gd.Landscape("bowl", x * sp.tanh(x), [x], [(-2, 2)], [1.0])
    end = by_hand(lambda t: -0.1 * (math.tanh(t) + t / math.cosh(t) ** 2), 1.0, 50)
    found = three_ways(cost, gd.gradient_descent(0.1), 1.0, 50)
    assert found == pytest.approx([end] * 3, rel=1e-12)


def test_a_logistic_landscape_s_grid_ends_where_a_loop_by_hand_does() -> None:
    clouds = problems.two_clouds(20, l2=0.1)
    theta_now = np.array([0.1, 0.2])
    signs = 2 * clouds.targets - 1  # −1 and 1
    for _ in range(500):
        pull = 1 / (1 + np.exp(signs * (clouds.features @ theta_now)))
        slopes = -(clouds.features * (signs * pull)[:, None]).mean(0) + 0.1 * theta_now
        theta_now = theta_now - 0.5 * slopes
    cost = clouds.landscape([(-3, 6), (-3, 6)], [0.1, 0.2])
    grid = gd.descend(cost, gd.gradient_descent(0.5), [[0.1, 0.2], [1.0, 1.0]], steps=500)
    np.testing.assert_allclose(grid.end[0], theta_now, rtol=1e-9)


RULES: dict[str, tuple[Any, Any, Callable[[float, float, list[float]], float]]] = {
    "a power of what stands beside it": (
        {},
        -eta * g * (1 + g**2) ** sp.Rational(3, 2),
        lambda _t, s, _m: -0.1 * s * (1 + s * s) ** 1.5,
    ),
    "a moment that is another's old value": (
        {m: v, v: g},
        -eta * m,
        lambda _t, s, m: -0.1 * _shift(m, s),
    ),
    "a remembered moment that ignores what it was": (
        {c: m + g, m: eta},
        -eta * c,
        lambda _t, s, m: -0.1 * (_shift(m, 0.1) + s),
    ),
    "no step": ({}, 0, lambda _t, _s, _m: 0.0),
    "a step to one place": ({}, 1 - theta, lambda t, _s, _m: 1 - t),
}


def _shift(memory: list[float], new: float) -> float:
    """Return what was put in last, and put in a new number."""
    memory.append(new)
    return memory[-2]


@pytest.mark.parametrize("name", RULES)
def test_a_readers_rule_takes_one_path_in_all_loops(name: str) -> None:
    moments, step, by_floats = RULES[name]
    rule = gd.Optimizer(name, step, moments, {eta: 0.1})
    cost = gd.Landscape("bowl", x**2 / 2 + x**4 / 8, [x], [(-2, 2)], [1.0])
    memory = [0.0]
    end = by_hand(lambda t: by_floats(t, t + t**3 / 2, memory), 1.0, 20)
    assert three_ways(cost, rule, 1.0, 20) == pytest.approx([end] * 3, rel=1e-12, abs=1e-14)


def test_two_moments_that_change_places_do_so_in_all_loops() -> None:
    one, other = sp.symbols("one other", real=True)
    swap = {c: one, one: other + g / 10, other: c}
    rule = gd.Optimizer("swap", -eta * one, swap, {eta: 0.1}, initial={one: 1.0, other: 2.0})
    cost = gd.Landscape("bowl", x**2 / 2, [x], [(-2, 2)], [1.0])
    point, first, second = 1.0, 1.0, 2.0
    for _ in range(9):
        first, second = second + point / 10, first
        point -= 0.1 * first
    assert three_ways(cost, rule, 1.0, 9) == pytest.approx([point] * 3, rel=1e-12)


def run_lines(printer: InPlace, arrays: dict[str, Any]) -> None:
    """Run printed lines on arrays, in buffers filled with NaN."""
    places = {name: np.full(3, np.nan) for name in printer.buffers}
    source = "\n".join(["def run():", *(f"    {line}" for line in printer.lines), "    return"])
    function = targets.compile_python(source, "run", careful=True)
    function.__globals__.update(arrays, **places)
    function()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("a", "b"), ("b", "a")], {"a": 2.0, "b": 2.0, "c": 3.0}),
        ([("t", "a"), ("a", "b"), ("b", "t")], {"a": 2.0, "b": 1.0, "c": 3.0}),
        (
            [("t", "a"), ("a", "b"), ("b", "c"), ("c", "t")],
            {"a": 2.0, "b": 3.0, "c": 1.0},
        ),
        ([("t", ("+", "a", "b")), ("a", "t"), ("b", "t")], {"a": 3.0, "b": 3.0, "c": 3.0}),
        ([("t", ("*", "c", "c")), ("a", ("/", "t", ("+", "t", "1.0")))], {"a": 0.9}),
        ([("s", ("+", "2.0", "3.0")), ("a", "s"), ("b", ("*", "s", "a"))], {"a": 5, "b": 25}),
        ([("t", ("+", "a", "b")), ("c", ("-", "t", "t"))], {"c": 0.0}),
    ],
)
def test_arrays_are_renewed_as_if_each_line_made_a_new_one(
    lines: list[tuple[str, Any]], expected: dict[str, float]
) -> None:
    arrays = {name: np.full(3, float(i)) for i, name in enumerate("abc", 1)}
    printer = InPlace(arrays)
    printer.run(lines, list(arrays))
    run_lines(printer, arrays)
    for name, value in expected.items():
        assert arrays[name].tolist() == [value] * 3


def test_what_nobody_reads_is_not_computed() -> None:
    printer = InPlace(["a", "b"])
    printer.run([("t", ("+", "a", "b")), ("u", ("*", "t", "t")), ("a", ("neg", "a"))], ["a"])
    assert printer.lines == ["np.negative(a, a)"]


@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_the_catalogue_needs_no_more_buffers_than_a_cache_has_room_for(name: str) -> None:
    rule = gd.optimizers.catalogue[name](learning_rate=0.1).rule
    source, buffers = steps.in_place_source(rule)
    assert buffers <= 4
    assert source.count("np.copyto") == 0
