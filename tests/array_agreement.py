"""The costs and settings on which rules of whole arrays are compared with `reference_arrays`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import gdlib as gd
from gdlib.book.parity import difference
from gdlib.optimizers import UpdateRule
from tests import reference, reference_arrays
from tests.data.make_torch_array_paths import SQUARE, TALL, WIDE, Case, problem

STEPS = 40
RELATIVE = 1e-11
"""Eigenvectors lose some digits: with these seeds and four others at most 8e-14 is found."""
RATES = [0.05 * min(1, k / 10, (STEPS + 1 - k) / 20) for k in range(1, STEPS + 1)]
"""A warm-up and a decay."""
SHAPES = (TALL, WIDE, SQUARE, (1, 5), (5, 1))
SEEDS = (11, 13, 17)
LOUD: dict[str, dict[str, Any]] = {
    "muon": {"learning_rate": 0.03, "decay": 0.8, "weight_decay": 0.4, "epsilon": 4.0},
    "shampoo": {"learning_rate": 0.1, "epsilon": 0.3},
    "soap": {
        "learning_rate": 0.03, "beta1": 0.8, "beta2": 0.6, "epsilon": 0.3, "weight_decay": 0.4,
    },
    "adafactor": {"learning_rate": 0.3, "epsilon": 0.6, "weight_decay": 0.4},
}  # fmt: skip
"""Settings of which each shows: with seed 11, Muon's norm is above its ε and below."""


def gradient(case: Case) -> Callable[[Any], Any]:
    """Return the gradient of a case's cost, derived by hand."""
    left, right, wanted, start = problem(case)
    columns = start.shape if start.ndim == 2 else (start.size, 1)

    def slope(theta: Any) -> Any:
        residual = left @ theta.reshape(columns) @ right - wanted
        return (left.T @ residual @ right.T).reshape(theta.shape) + np.sinh(theta / 2) / 3

    return slope


def cost(case: Case) -> Callable[[Any], tuple[float, Any]]:
    """Return the cost itself with that gradient, for `gd.descend`."""
    left, right, wanted, start = problem(case)
    columns = start.shape if start.ndim == 2 else (start.size, 1)

    def value_and_gradient(theta: Any) -> tuple[float, Any]:
        residual = left @ theta.reshape(columns) @ right - wanted
        value = float((residual**2).sum()) / 2 + 2 / 3 * float(np.cosh(theta / 2).sum())
        return value, gradient(case)(theta)

    return value_and_gradient


def loud(rule: str, shape: tuple[int, ...], seed: int, **settings: Any) -> Case:
    """Return a case with settings that show."""
    return Case(rule, shape, seed, {**LOUD[rule], **settings})


def reference_path(case: Case, steps: int = STEPS) -> Any:
    """Return all points of the hand-written rule."""
    rule, start = reference_arrays.RULES.get(case.rule), problem(case)[-1]
    if rule is None:
        return reference_arrays.clipped(
            reference.adam, gradient(case), start, steps, small=1e-6, **case.settings
        )
    return rule(gradient(case), start, steps, **case.settings)


def made(rule: str, settings: Mapping[str, Any]) -> UpdateRule:
    """Return our rule, that of Adam with a cut gradient among them."""
    if rule == "adam, clipped":
        rest = {name: value for name, value in settings.items() if name != "norm"}
        return gd.clipped(gd.adam(**rest), settings["norm"])
    return gd.optimizers.MATRIX_RULES[rule](**settings)


def walk(rule: UpdateRule, slope: Callable[[Any], Any], start: Any, steps: int = STEPS) -> Any:
    """Take the steps by hand, as a training loop would."""
    theta, state = np.array(start), rule.init(start)
    path = [theta]
    for _ in range(steps):
        step, state = rule.update(slope(theta), state, theta)
        theta = theta + step
        path.append(theta)
    return np.stack(path)


def path_of(case: Case, steps: int = STEPS) -> Any:
    """Return all points of our rule. That of vectors is what `others` is."""
    rule = made(case.rule, case.settings)
    if len(case.shape) == 1 and isinstance(rule, gd.optimizers.ArrayOptimizer) and rule.others:
        rule = rule.others
    return walk(rule, gradient(case), problem(case)[-1], steps)


def is_caught(ours: Any, wanted: Any) -> bool:
    """Tell whether a comparison of paths sees a difference."""
    return not difference(ours, wanted) <= RELATIVE
