"""A rule is lowered once: what is printed of it one step at a time is what its loops run."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.optimizers.lowered import by_rate
from gdlib.optimizers.symbols import beta, eta, g, k, m, theta

# Rules whose step is one product and who know no power of k: θ + step rounds once, as in the loop.
ALIKE = [
    gd.gradient_descent(1e-3),
    gd.momentum(1e-3),
    gd.nesterov(1e-3),
    gd.adagrad(0.1),
    gd.adadelta(),
    gd.rmsprop(0.01),
]


@pytest.mark.parametrize("rule", ALIKE, ids=lambda rule: rule.name)
def test_steps_taken_by_hand_are_the_loops_own_to_the_last_bit(rule: gd.Optimizer) -> None:
    valley = gd.landscapes.rosenbrock()
    point = np.array(valley.start)
    state, path = rule.init(point), [point]
    for _ in range(60):
        step, state = rule.update(valley.gradient(point), state, point)
        point = point + step
        path.append(point)
    np.testing.assert_array_equal(gd.descend(valley, rule, steps=60).points, path)


# (m + 1)² stands in both of its terms, and in θ + step, which has a term more.
SHARED = gd.Optimizer(
    "shared",
    step=-eta * (m + 1) ** 4 - theta * (m + 1) ** 2,
    moments={m: beta**k * m + g},
    hyperparameters={eta: 0.1, beta: 0.9},
)


@pytest.mark.parametrize(
    "rule", [*ALIKE, gd.adam(), gd.amsgrad(), gd.nadam(), SHARED], ids=lambda rule: rule.name
)
def test_a_printed_step_holds_no_line_that_nothing_reads(rule: gd.Optimizer) -> None:
    text = rule.javascript()
    for name in re.findall(r"const (\w+) =", text):
        assert len(re.findall(rf"\b{name}\b", text)) > 1, name


def test_a_step_that_is_a_new_place_less_the_old_one_arrives_exactly() -> None:
    jump = gd.Optimizer("jump", step=sp.Rational(1, 3) - theta, hyperparameters={eta: 1.0})
    run = gd.descend(gd.landscapes.rosenbrock(), jump, start=[0.1, 1e9], steps=1)
    assert run.end.tolist() == [1 / 3, 1 / 3]


def test_what_is_made_of_what_the_rate_makes_changes_with_it() -> None:
    a, b, c = ("a", ("*", "eta", "rho")), ("b", ("+", "a", "1.0")), ("c", ("+", "rho", "1.0"))
    rule: Any = SimpleNamespace(once=(a, b, c))
    assert by_rate(rule) == ((c,), (a, b))
