"""Random rules, schedules and starts: one path, however it is run and in whatever language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from unittest import mock

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

import gdlib as gd
from gdlib.optimizers.symbols import eta, g, k, theta
from gdlib.schedules import Schedule
from gdlib.widgets import printed
from tests.cases import share
from tests.grammar import formulas
from tests.node import Node

x, y = sp.symbols("x y", real=True)
p, q, r, a, b = sp.symbols("p q r a b", real=True)
STEPS = 6

COSTS = [
    gd.Landscape("quartic", x**2 / 2 + y**2 + x * y / 4 + x**4 / 8, (x, y), [(-2, 2)] * 2, (1, 1)),
    gd.Landscape("tanh", x * sp.tanh(x) + y**2 / (1 + y**2), (x, y), [(-2, 2)] * 2, (1, 1)),
    gd.Landscape(
        "logistic",
        sp.log(1 + sp.exp(x - 2 * y)) + sp.log(1 + sp.exp(y - x)) + (x**2 + y**2) / 20,
        (x, y),
        [(-2, 2)] * 2,
        (1, 1),
    ),
]
PROGRAMS = [printed.landscape(cost) for cost in COSTS]
STARTS = st.tuples(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5)).map(
    lambda point: [round(c, 2) for c in point]
)


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node() as running:
        yield running


@st.composite
def rules(draw: st.DrawFn) -> gd.Optimizer:
    """Draw a rule with up to three moments, which may read each other in any order."""
    memory = draw(st.lists(st.sampled_from([p, q, r]), max_size=3, unique=True))
    read = [g, g, theta, k, a, b, *memory, *memory]
    some = formulas(read, size=4) | st.sampled_from(read)
    moments = {m: draw(some) for m in memory}
    tame = draw(st.sampled_from([lambda e: e, sp.sin, sp.tanh, lambda e: e / (1 + e**2)]))
    step = -eta * tame(draw(formulas([g, *memory, *memory, a, theta], size=5)))
    numbers = {eta: 0.05, a: draw(st.sampled_from([0.5, 0.9, 1.5])), b: 0.25}
    initial = {m: draw(st.sampled_from([0.0, 1.0, -0.5])) for m in memory}
    try:
        return gd.Optimizer("random", step, moments, numbers, initial=initial)
    except ValueError:
        assume(False)
        raise


rate, fall = sp.symbols("rate fall", positive=True)
SCHEDULES = [
    rate / (1 + fall * k),
    rate * fall ** (k - 1),
    sp.Piecewise((rate * k / 3, k <= 3), (rate / sp.sqrt(k), True)),
    rate * sp.Max(0, 1 - k / 4),
]


def scheduled(formula: Any) -> Schedule | None:
    return None if formula is None else Schedule("random", formula, {rate: 0.08, fall: 0.7})


def as_function(cost: gd.Landscape) -> Any:
    def function(point: Any) -> tuple[float, Any]:
        return float(cost.evaluate("value", point)), cost.evaluate("gradient", point)

    return function


def by_update(cost: gd.Landscape, rule: gd.Optimizer, start: Any, rates: Any) -> Any:
    """Take the steps by hand until a number is not finite."""
    point, state, path = np.array(start), rule.init(start), [np.array(start)]
    for i in range(STEPS):
        slopes = cost.evaluate("gradient", point)
        step, state = rule.update(slopes, state, point, None if rates is None else rates(i + 1))
        point = point + step
        with np.errstate(all="ignore"):
            good = [cost.evaluate("value", point), *cost.evaluate("gradient", point), *point]
        if not np.isfinite(good).all():
            break
        path.append(point)
    return np.array(path)


def in_javascript(node: Node, program: dict[str, Any], rule: gd.Optimizer, start: Any) -> Any:
    """Run the loop that the page makes of the printed lines, statement for statement."""
    with mock.patch.object(printed, "_derived", return_value={}):  # only pictures need that
        lines = printed.rule(rule)
    each = []
    for i in range(2):
        for name, text in lines["each_coordinate"]:
            word = "" if name in {f"{m}_i" for m in ("theta", *rule.rule.moments)} else "const "
            each.append(f"{word}{name.removesuffix('_i')}_{i} = {_numbered(text, i)};")
    settings = ", ".join(f"{h['symbol']} = {h['value']!r}" for h in lines["hyperparameters"])
    state = [f"{m}_{i} = {first!r}" for m, first in lines["moments"] for i in range(2)]
    body = [
        "(theta_0, theta_1) => {",
        f"const {settings}, path = [[theta_0, theta_1]];",
        *(f"let {one};" for one in state),
        *(f"let {name} = 1;" for name, _ in lines["powers"]),
        *(f"const {name} = {text};" for name, text in lines["once"]),
        f"for (let k = 1; k <= {STEPS}; k++) {{",
        *(f"{name} *= {base};" for name, base in lines["powers"]),
        *(f"const {name} = {text};" for name, text in program["gradient"]["lines"]),
        *(f"const g_{i} = {text};" for i, text in enumerate(program["gradient"]["results"])),
        *(f"const {name} = {text};" for name, text in lines["each_step"]),
        *each,
        "path.push([theta_0, theta_1]); } return path; }",
    ]
    return np.array(node.call("\n".join(body), [start])[0])


def _numbered(text: str, i: int) -> str:
    return re.sub(r"\b([A-Za-z]\w*)_i\b", rf"\1_{i}", text)


def is_near(path: Any, expected: Any) -> bool:
    """Tell whether two paths are of one length and equal but for rounding, grown by the steps."""
    size = max(1.0, float(np.abs(expected).max()))
    return path.shape == expected.shape and bool(np.abs(path - expected).max() <= 1e-8 * size)


@pytest.mark.long
@share(0.3)
@given(
    rule=rules(),
    which=st.integers(0, len(COSTS) - 1),
    start=STARTS,
    formula=st.sampled_from([None, None, *SCHEDULES]),
)
def test_a_rule_takes_one_path_however_it_is_run(
    rule: gd.Optimizer, which: int, start: list[float], formula: Any, node: Node
) -> None:
    cost, rates = COSTS[which], scheduled(formula)
    paths = runs(cost, rule, start, rates)
    expected = paths.pop("one run")
    moved = np.multiply(start, 1 + 1e-13)
    nearby = gd.descend(cost, rule, moved, steps=STEPS, learning_rate=rates)
    assume(is_near(nearby.points, expected))  # else rounding decides: a jump, or chaos
    for name, path in paths.items():
        assert is_near(path, expected), name
    if rates is None:
        script = in_javascript(node, PROGRAMS[which], rule, start)
        assert is_near(script[: len(expected)], expected), "JavaScript"
    else:
        steps = [(float(i), 0.08, 0.7) for i in range(1, STEPS + 1)]
        script = node.call(f"({rates.javascript()})", steps)
        assert script == pytest.approx([rates(i) for i in range(1, STEPS + 1)], rel=1e-14)


def runs(cost: gd.Landscape, rule: gd.Optimizer, start: Any, rates: Any) -> dict[str, Any]:
    """Return the path of a start, by each of the ways to run it."""
    settings: dict[str, Any] = {"steps": STEPS, "learning_rate": rates}
    grid = gd.descend(cost, rule, [[0.1, 0.2], start], **settings)
    return {
        "one run": gd.descend(cost, rule, start, **settings).points,
        "a grid's row": grid.points[: int(grid.steps[1]) + 1, 1],
        "a function's run": gd.descend(as_function(cost), rule, start, **settings).points,
        "update": by_update(cost, rule, start, rates),
    }
