"""Random formulas: one value in every target, which is that of mpmath, and so is each slope."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

from gdlib.formula import compiled, sayable, targets
from gdlib.formula.buffers import InPlace
from gdlib.formula.derivatives import derivatives
from gdlib.formula.lower import Block
from tests.cases import share
from tests.grammar import VARIABLES, EdgeError, NoValueError, formulas, value
from tests.node import Node

NAMES = [f"theta_{i}" for i in range(3)]
POINT = st.tuples(*[st.floats(-2, 2).map(lambda v: round(v, 3))] * 3)
ROUNDING = 1e-11
"""Relative to the largest number that occurs on the way to a value."""


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node() as running:
        yield running


def can_be_said(formula: Any) -> bool:
    if formula.has(sp.zoo, sp.nan, sp.oo, sp.I):
        return False
    try:
        sayable.check(formula, VARIABLES)
        compiled.lowered(formula, VARIABLES, "value")  # or words: see `test_derivatives`
    except ValueError:
        return False
    return True


def in_place(block: Block, point: tuple[float, ...]) -> list[float]:
    """Compute a block's results in buffers that hold NaN before; each result ends in an array."""
    results = [f"result_{i}" for i in range(len(block.results))]
    printer = InPlace([*NAMES, *results])
    printer.run([*block.assignments, *zip(results, block.results, strict=True)], results)
    arrays = {name: np.full(2, v) for name, v in zip(NAMES, point, strict=True)}
    arrays |= {name: np.full(2, np.nan) for name in (*results, *printer.buffers)}
    lines = "\n".join(f"    {line}" for line in [*printer.lines, "pass"])
    source = f"def run({', '.join(arrays)}):\n{lines}"
    with np.errstate(all="ignore"):
        targets.compile_python(source, "run", careful=True)(**arrays)
    for name, v in zip(NAMES, point, strict=True):
        np.testing.assert_array_equal(arrays[name], [v, v])  # what came in is as it was
    return [float(arrays[name][0]) for name in results]


def everywhere(block: Block, point: tuple[float, ...], node: Node) -> dict[str, list[float]]:
    """Return a block's results in each target."""
    shape = (len(block.results),)
    numpy = targets.compile_python(targets.function("f", NAMES, block, "numpy", shape), "f")
    with np.errstate(all="ignore"):
        rows = [float(np.asarray(r)) for r in numpy(*map(np.array, point))]
    script = targets.function("f", NAMES, block, "javascript", shape)
    return {
        "scalar": targets.compile_scalar("f", NAMES, block, shape)(*point),
        "NumPy": rows,
        "in place": in_place(block, point),
        "JavaScript": node.call(f"({script})", [point])[0],
    }


def kind(number: float) -> float:
    """Return what is left of a number that need not be exact: NaN, an infinity, or 0."""
    return 0.0 if math.isfinite(number) else number


def is_steady(block: Block, point: tuple[float, ...]) -> bool:
    """Tell whether a value without a number, NaN or ∞, is the same a rounding away."""
    call = targets.compile_scalar("f", NAMES, block, (len(block.results),))
    kinds = [
        str([kind(v) for v in call(*(x * (1 + e) for x in point))])
        for e in (0, 1e-12, -1e-12, 3e-12)
    ]
    return len(set(kinds)) == 1


@pytest.mark.long
@share(0.5)
@given(formula=formulas(), point=POINT)
def test_a_formula_has_one_value_in_all_languages(
    formula: Any, point: tuple[float, ...], node: Node
) -> None:
    assume(can_be_said(formula))
    block = compiled.lowered(formula, VARIABLES, "value")
    exact: float | None = None
    sizes: list[Any] = [mpmath.mpf(1)]
    try:
        with mpmath.workdps(30):
            there = dict(zip(VARIABLES, map(mpmath.mpf, point), strict=True))
            exact = float(value(formula, there, sizes))
    except EdgeError:
        assume(False)
    except NoValueError:
        pass
    found = everywhere(block, point, node)
    if exact is not None and max(sizes) < 1e12:
        for result in found.values():
            assert result[0] == pytest.approx(exact, rel=1e-10, abs=ROUNDING * float(max(sizes)))
    elif is_steady(block, point):
        assert len({str(kind(result[0])) for result in found.values()}) == 1, found


def difference(formula: Any, point: tuple[float, ...], i: int) -> float:
    """Return a slope from the values on both sides, to so many digits that 15 are left."""
    h = mpmath.mpf(10) ** -18
    sides = []
    for sign in (1, -1):
        there = dict(zip(VARIABLES, map(mpmath.mpf, point), strict=True))
        there[VARIABLES[i]] += sign * h
        sides.append(value(formula, there))
    return float((sides[0] - sides[1]) / (2 * h))


@share(0.2)
@given(formula=formulas(size=5), point=POINT)
def test_a_gradient_has_the_slopes_between_values(
    formula: Any, point: tuple[float, ...], node: Node
) -> None:
    assume(can_be_said(formula) and not formula.has(sp.floor))
    try:
        with mpmath.workdps(50):
            exact = [difference(formula, point, i) for i in range(3)]
    except (EdgeError, NoValueError):
        assume(False)
    size = max(1.0, *map(abs, exact))
    # A landscape refuses in words a slope that SymPy makes a choice of choices.
    assume(size < 1e6 and all(map(can_be_said, derivatives(formula, VARIABLES)[1])))
    block = compiled.lowered(formula, VARIABLES, "gradient")
    for target, result in everywhere(block, point, node).items():
        assert result == pytest.approx(exact, rel=1e-8, abs=1e-9 * size), target
