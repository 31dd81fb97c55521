"""The terms of a step, as the explorer draws them: each rule's, beside steps taken in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gdlib import descend, landscapes, optimizers
from gdlib.widgets import printed
from gdlib.widgets.race import standard_methods
from tests.widgets import typescript

SCRIPT = """
import { stepTerms } from "./src/core/loop";
console.log(JSON.stringify(data.map((c: any) => c.points.map((theta: number[], k: number) =>
  stepTerms(c.landscape, c.rule, c.settings, c.start, k, theta)))));
"""
STEPS = 12
Shown = dict[str, tuple[Any, list[list[dict[str, Any]]]]]
RULES = dict(zip(optimizers.catalogue, standard_methods(), strict=True))
NAMES = {
    "momentum": ["gradient", "memory"],
    "nesterov": ["gradient", "memory"],
    "adam": ["gradient", "memory"],
    "adamw": ["gradient", "memory", "pull to zero"],
    "amsgrad": ["gradient", "memory"],
    "nadam": ["gradient", "memory"],
}
"""Rules whose step has more than the gradient's own part."""


@pytest.fixture(scope="module")
def shown() -> Shown:
    """Return, for each rule, the steps of its run and the terms of each."""
    cost = landscapes.quadratic()
    runs = {name: descend(cost, rule, steps=STEPS) for name, rule in RULES.items()}
    cases = [
        {
            "landscape": printed.landscape(cost),
            "rule": printed.rule(RULES[name]),
            "settings": RULES[name].settings,
            "start": cost.start,
            "points": run.points[:-1].tolist(),
        }
        for name, run in runs.items()
    ]
    terms = typescript.run(SCRIPT, cases)
    steps = [np.diff(run.points, axis=0) for run in runs.values()]
    return dict(zip(RULES, zip(steps, terms, strict=True), strict=True))


@pytest.mark.parametrize("name", RULES)
def test_the_terms_add_up_to_the_step(name: str, shown: Shown) -> None:
    steps, terms = shown[name]
    for step, parts in zip(steps, terms, strict=True):
        total = np.sum([part["change"] for part in parts], axis=0)
        np.testing.assert_allclose(total, step, rtol=1e-9, atol=1e-12 * np.abs(steps).max())


@pytest.mark.parametrize("name", RULES)
def test_each_term_has_its_name(name: str, shown: Shown) -> None:
    for parts in shown[name][1]:
        assert [part["name"] for part in parts] == NAMES.get(name, ["gradient"])


def test_adams_first_step_has_no_memory_and_is_the_rate_long(shown: Shown) -> None:
    gradient, memory = shown["adam"][1][0]
    assert memory["change"] == [0, 0]
    np.testing.assert_allclose(np.abs(gradient["change"]), RULES["adam"].settings["learning_rate"])
