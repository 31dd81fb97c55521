"""Every landscape and every rule of the catalogue: the bundle's path beside Python's, 300 steps.

Bit for bit where only +, −, ×, ÷ of IEEE arithmetic act. Elsewhere the two languages' exp, sin
and pow may differ in the last bit, and a chaotic run makes any such difference grow: so a path is
compared for as long as it is *steady*, that is, for as long as a shadow run in Python, whose
gradients are off by one part in 2⁵² at random, stays within `SHADOW` of it. While it does, Python
and JavaScript must agree to `RELATIVE`. Distances are relative to the largest coordinate yet.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from gdlib import descend, landscapes, optimizers
from gdlib.book.parity import in_javascript
from gdlib.widgets import printed
from gdlib.widgets.race import standard_methods

STEPS = 300
RELATIVE, SHADOW = 1e-12, 1e-13

LANDSCAPES = {name: build() for name, build in landscapes.catalogue.items()}
RULES = dict(zip(optimizers.catalogue, standard_methods(), strict=True))
PAIRS = [(landscape, rule) for landscape in LANDSCAPES for rule in RULES]
EXACT_RULES = ("gradient_descent", "momentum", "nesterov")
EXACT = [
    (name, rule)
    for name, cost in LANDSCAPES.items()
    if cost.expr.is_polynomial(*cost.variables)
    for rule in EXACT_RULES
]


class Run(NamedTuple):
    points: Any
    values: Any
    diverged: bool


@cache
def _browser() -> dict[tuple[str, str], Run]:
    """Run all pairs in one process."""
    cases = [
        {
            "landscape": printed.landscape(LANDSCAPES[name]),
            "rule": printed.rule(RULES[rule]),
            "settings": RULES[rule].settings,
            "start": LANDSCAPES[name].start,
            "steps": STEPS,
        }
        for name, rule in PAIRS
    ]
    runs = in_javascript(cases)
    return {
        (name, rule): Run(
            np.array(run["points"], float).reshape(-1, LANDSCAPES[name].n),
            np.array(run["values"], float),
            run["ending"] == "diverged",
        )
        for (name, rule), run in zip(PAIRS, runs, strict=True)
    }


@cache
def _python(name: str, rule: str) -> Run:
    run = descend(LANDSCAPES[name], RULES[rule], steps=STEPS)
    return Run(run.points, run.values, run.status == "diverged")


def _distance(a: Any, b: Any) -> Any:
    """Return the distance at each step that both have, relative to the largest coordinate yet."""
    n = min(len(a), len(b))
    size = np.maximum.accumulate(np.abs(a[:n]).max(-1))
    return np.abs(a[:n] - b[:n]).max(-1) / np.maximum(size, 1e-300)


@cache
def _steady(name: str, rule: str) -> int:
    """Count the steps for which a shadow of the run stays near it."""
    cost, noise = LANDSCAPES[name], np.random.default_rng(1)

    def shaken(theta: Any) -> tuple[float, Any]:
        gradient = cost.gradient(theta)
        return float(cost.value(theta)), gradient * (
            1 + 2.0**-52 * noise.choice([-1, 0, 1], theta.shape)
        )

    shadow = descend(shaken, RULES[rule], cost.start, STEPS)
    path = _python(name, rule).points
    far = _distance(path, shadow.points) > SHADOW
    return int(far.argmax()) if far.any() else min(len(path), len(shadow.points))


@pytest.mark.parametrize(("name", "rule"), EXACT)
def test_polynomials_under_linear_rules_give_the_same_bits(name: str, rule: str) -> None:
    python, browser = _python(name, rule), _browser()[name, rule]
    np.testing.assert_array_equal(browser.points, python.points)
    np.testing.assert_array_equal(browser.values, python.values)
    assert browser.diverged == python.diverged


@pytest.mark.parametrize(("name", "rule"), PAIRS)
def test_a_steady_path_is_the_same_in_both_languages(name: str, rule: str) -> None:
    python, browser = _python(name, rule), _browser()[name, rule]
    steady = _steady(name, rule)
    assert len(browser.points) >= steady
    assert _distance(python.points[:steady], browser.points[:steady]).max() <= RELATIVE


def test_nearly_all_runs_are_steady_to_their_ends() -> None:
    whole = [pair for pair in PAIRS if _steady(*pair) == len(_python(*pair).points)]
    assert len(whole) >= 0.9 * len(PAIRS)
