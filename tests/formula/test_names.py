"""A symbol may have any name: the numbers are those of the same formula in plain letters."""

from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.book.parity import in_javascript
from gdlib.descent import generated_loops, machine_loops
from gdlib.formula import compiled, names, targets
from gdlib.optimizers import steps
from gdlib.optimizers.symbols import eta, g, k, theta
from gdlib.schedules import Schedule
from gdlib.widgets import printed
from tests.node import Node

HOSTILE = [
    # the printer's own, past and present
    "a0", "b0", "b1", "c0", "g_0", "g_i", "m_new", "m_0", "x_i", "theta_0", "theta_i", "beta_power",
    "buffer_0", "buffers", "append", "steps", "rates", "record", "path", "start", "values", "step",
    "divide", "float", "max", "exp", "sqrt", "np", "Math", "range", "enumerate", "gd_cse_0",
    "gd_sum_0",
    # words of a language
    "lambda", "None", "def", "await", "yield", "new", "var", "let", "function", "this", "arguments",
    "eval", "NaN", "undefined", "constructor", "__proto__", "prototype", "toString", "int",
    "match",
    # the symbols of every rule, made with other assumptions
    "theta", "g", "k", "eta", "m", "beta",
    # no names at all
    "", " ", "_", "__", "1", "1x", "α", "é", "ﬁ", "学习率", "learning rate", r"\alpha", r"\frac",
    "x-y", "x'", "a b\nc", "$", "{", "}", "50%", "#", "&", "~^", "\\", '"', "`${x}`",
    "*/", "x" * 300,
]  # fmt: skip
POINTS = [(0.5, 1.25), (-0.75, 2.0)]


@pytest.fixture(scope="module")
def node() -> Any:
    with Node() as running:
        yield running


def pair(name: str) -> tuple[sp.Symbol, sp.Symbol]:
    """Return two symbols of one name, neither of which is one of `gdlib`'s own."""
    return sp.Symbol(name, real=True, algebraic=True), sp.Symbol(name, positive=True)


def wave(x: sp.Symbol, y: sp.Symbol) -> gd.Landscape:
    """Return a landscape with shared parts, so that its code has intermediates."""
    formula = (x - 2 * y) ** 2 + sp.exp(-(x**2)) * sp.sin(x * y) + sp.Max(0, x) * y + 2 * x + 2 * y
    return gd.Landscape("wave", formula, (x, y), ((-2, 2), (0.5, 3)), (0.5, 1.25))


PLAIN_WAVE = wave(*sp.symbols("p q", real=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_landscape_has_its_values_whatever_its_variables_are_called(
    name: str, node: Node
) -> None:
    cost = wave(*pair(name))
    expected = PLAIN_WAVE.value(POINTS)
    np.testing.assert_allclose(cost.value(POINTS), expected, rtol=1e-14)
    np.testing.assert_allclose(cost.gradient(POINTS), PLAIN_WAVE.gradient(POINTS), rtol=1e-13)
    scope = targets.compile_python(cost.source("numpy"), "value").__globals__
    assert scope["value"](*np.transpose(POINTS)) == pytest.approx(expected, rel=1e-14)
    scope = targets.compile_python(cost.source("python"), "value").__globals__
    assert [scope["value"](*p) for p in POINTS] == pytest.approx(expected, rel=1e-14)
    script = f"(() => {{ {cost.source('javascript')}\nreturn value; }})()"
    assert node.call(script, POINTS) == pytest.approx(expected, rel=1e-14)


def rule(memory: sp.Symbol, shown: sp.Symbol, keep: sp.Symbol, other: sp.Symbol) -> gd.Optimizer:
    """Return a rule with a memory, an intermediate, a running power and two constants."""
    return gd.Optimizer(
        "a reader's own",
        moments={memory: keep * memory + g**2 + g, shown: memory / (1 - keep**k)},
        step=-eta * shown / (1 + sp.sqrt(sp.Abs(memory)) + other / k),
        hyperparameters={eta: 0.1, keep: 0.75, other: 0.5},
        initial={memory: 0.25},
    )


PLAIN_RULE = rule(*sp.symbols("r s t w", real=True))


def four_paths(optimizer: gd.Optimizer, steps: int = 12) -> list[Any]:
    """Return the paths of one run, of a grid's row, of a function's run, and of `update`."""
    bowl = gd.landscapes.quadratic(3)

    def cost(point: Any) -> tuple[float, Any]:
        return float(bowl.value(point)), bowl.gradient(point)

    start = np.array([1.0, -0.5])
    point, state, taken = start, optimizer.init(start), [start]
    for _ in range(steps):
        step, state = optimizer.update(bowl.gradient(point), state, point)
        point = point + step
        taken.append(point)
    return [
        gd.descend(bowl, optimizer, start, steps=steps).points,
        gd.descend(bowl, optimizer, np.stack([start / 2, start]), steps=steps).points[:, 1],
        gd.descend(cost, optimizer, start, steps=steps).points,
        np.array(taken),
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_rule_takes_its_path_whatever_its_symbols_are_called(name: str, node: Node) -> None:
    one, other = pair(name)
    memory, constant = sp.symbols("memory constant", real=True)
    expected = four_paths(PLAIN_RULE)[0]
    for symbols in ([one, memory, other, constant], [memory, one, constant, other]):
        optimizer = rule(*symbols)
        for path in four_paths(optimizer):
            np.testing.assert_allclose(path, expected, rtol=1e-12)
        plain, mine = (
            node.call(f"({r.javascript()})", [(0.5, 2.0, 0.25, 3.0, 0.1, 0.75, 0.5)])
            for r in (PLAIN_RULE, optimizer)
        )
        np.testing.assert_allclose(mine, plain, rtol=1e-14)


@pytest.mark.long
def test_the_browser_takes_the_same_path_whatever_symbols_are_called() -> None:
    bowl = printed.landscape(gd.landscapes.quadratic(3))
    expected = four_paths(PLAIN_RULE)[0]
    rules = [rule(*pair(name), *pair(name + "2")) for name in HOSTILE]
    rules += [rule(*pair(name + "2"), *pair(name)) for name in HOSTILE]
    cases = [
        {"landscape": bowl, "rule": printed.rule(r), "settings": r.settings, "steps": 12}
        | {"start": [1.0, -0.5]}
        for r in rules
    ]
    for answer in in_javascript(cases):
        np.testing.assert_allclose(
            np.reshape(answer["points"], (-1, 2)), expected, rtol=1e-12, atol=1e-15
        )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_schedule_has_its_rates_whatever_its_constants_are_called(name: str, node: Node) -> None:
    one, other = pair(name)
    falling = Schedule("mine", one * (1 + (one + k) ** 2) / (k + other), {one: 0.5, other: 2.0})
    expected = [0.5 * (1 + (0.5 + n) ** 2) / (n + 2.0) for n in (1, 2, 30)]
    assert [falling(n) for n in (1, 2, 30)] == pytest.approx(expected, rel=1e-14)
    calls = [(n, 0.5, 2.0) for n in (1, 2, 30)]
    assert node.call(f"({falling.javascript()})", calls) == pytest.approx(expected, rel=1e-14)


def hostile_latex() -> list[str]:
    """Return formulas in LaTeX that hold each hostile name (the site's tests set them by KaTeX)."""
    found = []
    for name in HOSTILE:
        one, other = pair(name)
        found += [
            wave(one, other).latex(),
            rule(one, other, *pair(name + "2")).latex(),
            Schedule("mine", one / k**other, {one: 1.0, other: 2.0}).latex(),
        ]
    return found


def test_latex_stays_whole_whatever_symbols_are_called() -> None:
    for formula in hostile_latex():
        bare = re.sub(r"\\text\{((\\[a-z]+\{\}|\\.|[^{}\\])*)\}", "T", formula)  # text is a unit
        depth = 0
        for token in re.findall(r"\\.|[{}]", bare):
            depth += {"{": 1, "}": -1}.get(token, 0)
            assert depth >= 0
        assert depth == 0
        assert not re.search(r"[%#$~]|(?<!\\)\\$", bare)
        assert not re.search(r"_(\{[^{}]*\}|\w)_", bare), formula  # two indices side by side


def test_no_name_in_a_printed_loop_can_be_a_readers() -> None:
    """Ask for every word that stands in a loop, in either language: none is handed out."""
    gradient = compiled.lowered(PLAIN_WAVE.expr, PLAIN_WAVE.variables, "gradient")
    lowered = PLAIN_RULE.rule
    sources = [
        generated_loops.scalar_source(gradient, lowered, scheduled=True),
        generated_loops.scalar_source(gradient, lowered, scheduled=False, target="careful"),
        generated_loops.grid_source(gradient, lowered)[0],
        steps.in_place_source(lowered)[0],
        machine_loops.chunk_source(gradient, lowered),
        machine_loops.ends_source(gradient, gradient, lowered),
        machine_loops.whole_source(gradient, gradient, lowered),
        machine_loops.trail_source(gradient, lowered),
    ]
    found = {
        node.id if isinstance(node, ast.Name) else node.arg
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name | ast.arg)
    }
    mine = {"r", "s", "t", "w", "eta"}  # the rule's own symbols stand there as they are
    for word in sorted(found - mine):
        (name,) = names.of([sp.Symbol(word)], loop=True).values()
        assert name != word
        assert name not in found


def test_names_are_different_and_can_stand_in_code() -> None:
    symbols = [s for name in HOSTILE for s in (*pair(name), sp.Dummy(name or "x"))]
    for loop in (True, False):
        given = list(names.of(symbols, loop=loop).values())
        assert len(set(given)) == len(symbols)
        assert all(re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) for name in given)


def test_a_readers_own_greek_letters_are_the_rules_whatever_they_assume() -> None:
    mine = {name: sp.Symbol(name) for name in ("theta", "g", "k", "eta")}
    loose = gd.Optimizer("loose", -mine["eta"] * mine["g"] / mine["k"], {}, {mine["eta"]: 0.1})
    tight = gd.Optimizer("tight", -eta * g / k, {}, {eta: 0.1})
    rates = [0.5, 0.25, 0.125]
    bowl = gd.landscapes.quadratic(2)
    ends = [
        gd.descend(bowl, r, steps=3, learning_rate=rates).points.tolist() for r in (loose, tight)
    ]
    assert ends[0] == ends[1]
    assert loose.settings == {"learning_rate": 0.1}


@pytest.mark.parametrize("taken", [theta, g, k])
def test_a_symbol_that_has_a_meaning_gets_no_second_one(taken: sp.Symbol) -> None:
    with pytest.raises(ValueError, match="has a meaning already"):
        gd.Optimizer("twice", -eta * g, {taken: g}, {eta: 0.1})
    with pytest.raises(ValueError, match="has a meaning already"):
        gd.Optimizer("twice", -eta * g, {}, {eta: 0.1, taken: 1.0})


@pytest.mark.parametrize(
    ("name", "typeset"),
    [
        ("beta_1", r"\beta_{1}"),
        ("50% & more", r"\text{50\% \& more}"),
        ("a\tb", r"\text{a b}"),
        ("^~", r"\text{\textasciicircum{}\textasciitilde{}}"),
        ("\x00", r"\text{?}"),
    ],
)
def test_a_name_that_is_no_word_is_typeset_as_text(name: str, typeset: str) -> None:
    assert names.latex(sp.Symbol(name)) == typeset
