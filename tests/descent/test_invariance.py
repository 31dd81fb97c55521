"""Which rules notice that a cost is multiplied, that units change, or that the axes turn.

The table is written from theory, with ε so small that it does not matter. A rule that steps along
a fixed combination of gradient vectors turns with the axes, and its steps grow with the cost. One
that divides each coordinate by a homogeneous function of its own past gradients (or takes a sign)
has steps of degree 0 in the cost, and a basis that it cannot leave. No rule below maps gradients
(θ's unit, inverted) to steps (θ's unit): where the unit comes from η, a change of it is a change
of path. Adadelta takes the unit from its own steps, and they begin with √ε.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from tests.browser.site import ROOT

CHAPTER = ROOT / "chapters" / "13-adaptive-rates.ipynb"
SEES = {  # what changes the path: the cost's size, the units, the way the axes lie
    "gradient_descent": {"cost", "units"},
    "momentum": {"cost", "units"},
    "nesterov": {"cost", "units"},
    "adagrad": {"units", "axes"},
    "adadelta": {"units", "axes"},
    "rmsprop": {"units", "axes"},
    "adam": {"units", "axes"},
    "adamw": {"units", "axes"},
    "amsgrad": {"units", "axes"},
    "nadam": {"units", "axes"},
    "lion": {"units", "axes"},
}
ANGLE = 0.4
CHANGES = {  # a factor of the cost, and the matrix A of θ = Aφ
    "cost": (30.0, np.eye(2)),
    "units": (1.0, np.diag([5.0, 0.25])),
    "axes": (1.0, np.array([[np.cos(ANGLE), -np.sin(ANGLE)], [np.sin(ANGLE), np.cos(ANGLE)]])),
}
START = np.array([1.2, -0.8])


def cost(theta: Any) -> tuple[float, Any]:
    x, y = theta
    value = 0.6 * x**2 + 2 * y**2 + 0.7 * x * y + 0.05 * y**4
    return value, np.array([1.2 * x + 0.7 * y, 4 * y + 0.7 * x + 0.2 * y**3])


def rule_of(name: str, **settings: float) -> gd.Optimizer:
    build = gd.optimizers.catalogue[name]
    chosen = {"learning_rate": 1.0 if name == "adadelta" else 2e-3, "epsilon": 1e-13} | settings
    known = build(learning_rate=1.0).settings
    return build(**{key: value for key, value in chosen.items() if key in known})


def path(rule: gd.Optimizer, times: float = 1.0, matrix: Any = CHANGES["cost"][1]) -> Any:
    """Return the path of a rule that sees φ and the multiplied cost, told in θ."""

    def seen(phi: Any) -> tuple[float, Any]:
        value, gradient = cost(matrix @ phi)
        return times * value, times * matrix.T @ gradient

    return gd.descend(seen, rule, np.linalg.solve(matrix, START), steps=30).points @ matrix.T


def apart(one: Any, other: Any) -> float:
    """Return the largest distance of two paths, as a part of the way."""
    return float(np.abs(one - other).max() / np.abs(one - one[0]).max())


def test_the_table_has_every_rule() -> None:
    assert set(SEES) == set(gd.optimizers.catalogue)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", SEES)
def test_a_rule_sees_what_theory_says_and_nothing_else(name: str, change: str) -> None:
    rule = rule_of(name)
    distance = apart(path(rule), path(rule, *CHANGES[change]))
    assert distance > 0.1 if change in SEES[name] else distance < 1e-7


@pytest.mark.parametrize(
    ("name", "power"), [("gradient_descent", 2), ("momentum", 2), ("adagrad", 1), ("rmsprop", 1)]
)
def test_a_rate_makes_up_for_a_longer_unit(name: str, power: int) -> None:
    rule = rule_of(name)
    cured = rule_of(name, learning_rate=2e-3 / 10**power)
    assert apart(path(rule), path(cured, 1.0, 10 * np.eye(2))) < 1e-7


def test_adadeltas_epsilon_makes_up_for_a_longer_unit() -> None:
    cured = rule_of("adadelta", epsilon=1e-13 / 10**2)
    assert apart(path(rule_of("adadelta")), path(cured, 1.0, 10 * np.eye(2))) < 1e-7


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam"])
def test_along_the_axes_a_rule_with_a_divisor_does_not_see_the_condition_number(name: str) -> None:
    curvatures = np.array([1.0, 1e6])
    run = gd.descend(
        lambda theta: (curvatures @ theta**2 / 2, curvatures * theta),
        rule_of(name, learning_rate=0.1), [1.0, 1.0], steps=30,
    )  # fmt: skip
    np.testing.assert_allclose(run.points[:, 0], run.points[:, 1], rtol=1e-7)


def test_the_chapters_table_says_the_same() -> None:
    cells = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
    [output] = next(cell for cell in cells if cell["id"] == "invariance")["outputs"]
    head, *rows = "".join(output["text"]).splitlines()
    assert head.split() == ["cost×100", "units", "turned"]
    printed = {row[:16].strip(): row[16:].split() for row in rows}
    assert printed.pop("Newton") == ["same"] * 3
    for name, seen in SEES.items():
        words = ["changes" if change in seen else "same" for change in CHANGES]
        assert printed.pop(rule_of(name).name) == words
    assert not printed
