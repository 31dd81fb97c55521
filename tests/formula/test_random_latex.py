"""A rule's LaTeX, read back as a mathematician reads it, takes the rule's step.

The reader below is the tests' own: SymPy's, on lark, takes `a (b + 1)` for a function of b + 1.
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

import gdlib as gd
from gdlib.optimizers.symbols import eta, g, theta
from tests.cases import share


class Reader:
    """Compute a line of sums, products, fractions, roots, powers, sines and maxima."""

    def __init__(self, text: str, values: dict[str, float]) -> None:
        self.tokens: list[str] = re.findall(r"\\[a-z]+|\d+(?:\.\d+)?|[A-Za-z]|[-+^{}(),]", text)
        assert "".join(self.tokens) == "".join(text.split())  # nothing is passed over
        self.values = values

    def read(self) -> float:
        found = self.sum()
        assert not self.tokens, self.tokens
        return found

    def next_is(self, *wanted: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in wanted

    def take(self, *wanted: str) -> str:
        token: str = self.tokens.pop(0)
        assert not wanted or token in wanted, (token, wanted)
        return token

    def sum(self) -> float:
        total = 0.0 if self.next_is("-") else self.product()
        while self.next_is("+", "-"):
            sign = 1 if self.take() == "+" else -1
            total += sign * self.product()
        return total

    def product(self) -> float:
        total = self.factor()
        while self.tokens and not self.next_is("+", "-", "}", ",", "\\right"):
            total *= self.factor()
        return total

    def factor(self) -> float:
        base = self.atom()
        if self.next_is("^"):
            self.take()
            base = float(base ** self.group())
        return base

    def group(self) -> float:
        self.take("{")
        found = self.sum()
        self.take("}")
        return found

    def inside(self) -> list[float]:
        self.take("\\left")
        self.take("(")
        found = [self.sum()]
        while self.next_is(","):
            self.take()
            found.append(self.sum())
        self.take("\\right")
        self.take(")")
        return found

    def atom(self) -> float:
        if self.next_is("\\left"):
            return self.inside()[0]
        token = self.take()
        if token == "\\frac":
            above = self.group()
            return above / self.group()
        if token == "\\sqrt":
            return math.sqrt(self.group())
        if token == "\\max":
            return max(self.inside())
        if token == "\\sin":
            power = 1.0
            if self.next_is("^"):
                self.take()
                power = self.group()
            self.take("{")
            (angle,) = self.inside()
            self.take("}")
            return float(math.sin(angle) ** power)
        return float(token) if token[0].isdigit() else self.values[token]


m, v, a = sp.symbols("m v a", real=True)
POWERS = [2, 3, -1, -2, sp.Rational(1, 2), sp.Rational(-1, 2), sp.Rational(3, 2)]


def grown(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.tuples(children, children)
    return (
        pairs.map(sum)
        | pairs.map(lambda p: p[0] - 2 * p[1])
        | pairs.map(lambda p: p[0] * p[1])
        | pairs.map(lambda p: p[0] / (3 + p[1] ** 2))
        | pairs.map(lambda p: sp.Max(*p) + 1)
        | children.map(lambda e: sp.sin(e) / 5)
        | st.tuples(children, st.sampled_from(POWERS)).map(lambda p: (1 + p[0] ** 2) ** p[1])
    )


def some(*symbols: Any) -> st.SearchStrategy[Any]:
    numbers = st.integers(-3, 3).map(sp.Integer) | st.just(sp.Rational(2, 3))
    return st.recursive(st.sampled_from(symbols) | numbers, grown, max_leaves=5)


# What stands in the LaTeX, and a letter for it: a moment's old value, then its new one.
LETTERS = {
    r"\theta_{k-1}": "t", "m_{k-1}": "M", "v_{k-1}": "V", "m_{k}": "m", "v_{k}": "v", "g_{k}": "g",
    r"\eta": "n",
}  # fmt: skip


@share(0.1)
@given(first=some(m, v, g, a), second=some(m, v, g, a), step=some(m, v, g, theta, a))
def test_a_rules_latex_says_its_step(first: Any, second: Any, step: Any) -> None:
    rule = gd.Optimizer("random", -eta * step, {m: first, v: second}, {eta: 0.1, a: 0.5})
    values = {"t": 0.7, "g": -0.3, "n": 0.1, "a": 0.5, "M": 0.25, "V": 1.5}
    old = {str(s): np.array({m: 0.25, v: 1.5}[s]) for s in rule.remembers}
    change, _ = rule.update(-0.3, gd.optimizers.State(0, old), 0.7)
    assume(np.isfinite(change))
    lines = rule.latex().removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")
    for line in lines.split(" \\\\\n"):
        left, right = line.split(" &= ")
        for text, letter in LETTERS.items():
            right = right.replace(text, f"{letter} ")
        values[LETTERS.get(left, "new")] = Reader(right, values).read()
    assert values["new"] - 0.7 == pytest.approx(float(change), rel=1e-9, abs=1e-12)
