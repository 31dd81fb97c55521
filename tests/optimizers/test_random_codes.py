"""Printed NumPy, JavaScript and LaTeX of random rules, whatever their moments are called."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from tests import rule_texts
from tests.widgets import typescript

_NAMES = """
    delete eval arguments k1 new result results one column index memory state theta_ Math undefined
    null this let const static Array Object Number constructor toString self prototype typeof void
    window process require default enum package a0 b0 m_new m_0 m_i x1 np math print len dict pow
    params closure loss group name count rate settings super torch jax optax keras ops updates init
    update variable dtype kwargs α β_1 ω Δ θ1
"""
NAMES = _NAMES.split()
RULES, STEPS = 60, 20


def rules() -> Iterator[gd.Optimizer]:
    """Yield rules with names that other languages use, and random formulas."""
    for name in NAMES:
        yield gd.Optimizer.parse(f"{name} = 0.9*{name} + g; step = -0.1*{name}", name)
        yield gd.Optimizer.parse(f"{name} = 0.9; m = {name}*m + g; step = -0.1*m", name)
    draw = random.Random(5)
    texts = (rule_texts._grown(draw) for _ in range(10**6))
    yield from islice(filter(None, map(_read, texts)), RULES)


def _read(text: str) -> gd.Optimizer | None:
    try:
        return gd.Optimizer.parse(text)
    except ValueError:
        return None


DRAWN = np.random.default_rng(8).normal(size=(2, STEPS, 3))
"""A point and a slope for each step, the same whatever the steps: so no rounding grows in a run."""


def ours(rule: gd.Optimizer) -> Any:
    state, ends = rule.init(np.zeros(3)), []
    for theta, slope in zip(*DRAWN, strict=True):
        step, state = rule.update(slope, state, theta)
        ends.append(theta + step)
    return np.array(ends)


def in_numpy(rule: gd.Optimizer) -> Any:
    space: dict[str, Any] = {}
    code = rule.code("numpy")
    exec(compile(code, "printed", "exec"), space)
    (name,) = re.findall(r"^def (\w+)\(", code, re.MULTILINE)
    state: Any = {}
    ends = []
    for theta, slope in zip(*DRAWN, strict=True):
        end, state = space[name](theta, slope, state)
        ends.append(end)
    return np.array(ends)


SCRIPT = """
import katex from "katex";
const said = data.rules.map(({ code, name, latex }: any) => {
  const step = new Function(`"use strict";\\n${code}\\nreturn ${name};`)();
  let state = {};
  const ends = data.points.map((theta: number[], i: number) => {
    let end;
    [end, state] = step(theta, data.slopes[i], state);
    return end.map(String);
  });
  const strict = (code: string, message: string) => { throw new Error(`${code}: ${message}`); };
  for (const text of latex) katex.renderToString(text, { displayMode: true, strict });
  return ends;
});
console.log(JSON.stringify(said));
"""


@pytest.fixture(scope="module")
def both() -> list[tuple[gd.Optimizer, Any]]:
    """Return the rules, each with what Node made of its JavaScript; KaTeX took the LaTeX."""
    listed = list(rules())
    codes = [rule.code("javascript") for rule in listed]
    asked = [
        {
            "code": code,
            "name": re.findall(r"^function (\w+)\(", code, re.MULTILINE)[0],
            "latex": [rule.code("latex"), rule.latex()],
        }
        for rule, code in zip(listed, codes, strict=True)
    ]
    data = {"rules": asked, "points": DRAWN[0].tolist(), "slopes": DRAWN[1].tolist()}
    came = typescript.run(SCRIPT, data)
    numbers = [
        np.array([[float(x.replace("Infinity", "inf")) for x in end] for end in ends])
        for ends in came
    ]
    return list(zip(listed, numbers, strict=True))


def test_javascript_and_numpy_go_the_rules_way(both: list[tuple[gd.Optimizer, Any]]) -> None:
    compared = 0
    for rule, javascript in both:
        with np.errstate(all="ignore"):
            expected = ours(rule)
            try:
                numpy = in_numpy(rule)
            except ArithmeticError:  # Python divides numbers by 0 for nobody
                assert not np.isfinite(expected).all()
                numpy = np.full_like(expected, np.nan)
        for came in (javascript, numpy):
            assert came.dtype == float
            good = np.isfinite(expected) & np.isfinite(came)
            compared += int(good.sum())
            np.testing.assert_allclose(came[good], expected[good], 1e-12, 1e-12, err_msg=str(rule))
    assert compared > 0.8 * 2 * len(both) * DRAWN[0].size


def test_no_number_becomes_complex() -> None:
    """Python's (-0.8)**0.3 is complex, and a point of such numbers would go on unseen."""
    rule = gd.Optimizer.parse("a = 0.7; b = 1.5; step = -eta*g*(a - b)**0.3")
    with np.errstate(all="ignore"):
        assert np.isnan(in_numpy(rule)).all()
        assert np.isnan(ours(rule)).all()
    called = {"numpy": "np.float_power", "optax": "jnp.power", "torch": "math.pow"}
    for language, power in {**called, "keras": "math.pow"}.items():
        assert f"{power}(a - b, 0.3)" in rule.code(language)
        assert "pow" not in gd.adam().code(language)
