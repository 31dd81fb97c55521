"""Each rule of `gdlib` equals its hand-written reference, and the reference equals PyTorch."""

from __future__ import annotations

import ast
import inspect
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdlib as gd
from gdlib.book.parity import difference
from tests import agreement, reference, reference_landscapes
from tests.agreement import CASES, PLANE_CASES, RELATIVE, reference_path
from tests.data import make_torch_paths
from tests.data.make_torch_paths import KEPT, PATHS, STARTS, STEPS, Case
from tests.reference_landscapes import quadratic

TORCH = json.loads(PATHS.read_text(encoding="utf-8"))
TORCH_CASES = [Case(run["rule"], run["landscape"], run["hyperparameters"]) for run in TORCH["runs"]]


def optimizer(case: Case) -> gd.Optimizer:
    return gd.optimizers.catalogue[case.rule](**case.hyperparameters)


def walk(case: Case, start: Any, steps: int = STEPS) -> Any:
    """Take the steps by hand, as a training loop would."""
    rule = optimizer(case)
    theta = np.array(start, dtype=float)
    state = rule.init(theta)
    path = [theta]
    for _ in range(steps):
        step, state = rule.update(agreement.gradient(case.landscape, theta), state, theta)
        theta = theta + step
        path.append(theta)
    return np.stack(path)


def test_every_rule_has_a_reference_and_runs_to_compare() -> None:
    assert set(gd.optimizers.catalogue) == set(reference.RULES)
    assert {case.rule for case in CASES} == set(reference.RULES)


def test_the_recorded_runs_are_those_that_the_script_makes() -> None:
    assert list(make_torch_paths.cases()) == TORCH_CASES
    assert TORCH["kept_steps"] == list(KEPT)
    assert TORCH["starts"] == STARTS


@pytest.mark.parametrize("module", [reference, reference_landscapes, make_torch_paths])
def test_an_oracle_imports_nothing_that_it_judges(module: Any) -> None:
    tree = ast.parse(inspect.getsource(module))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
    assert not [name for name in imported if name and name.split(".")[0] in {"gdlib", "sympy"}]


@pytest.mark.parametrize("run", TORCH["runs"], ids=map(agreement.label, TORCH_CASES))
def test_the_reference_follows_pytorchs_recorded_path(run: dict[str, Any]) -> None:
    expected = reference_path(Case(run["rule"], run["landscape"], run["hyperparameters"]))
    assert difference(expected[list(KEPT)], run["points"]) <= RELATIVE


@pytest.mark.parametrize("case", TORCH_CASES, ids=agreement.label)
def test_the_rule_follows_an_installed_pytorch(case: Case) -> None:
    pytest.importorskip("torch")
    path = walk(case, STARTS[case.landscape])
    assert difference(path[list(KEPT)], make_torch_paths.run(case)) <= RELATIVE


@pytest.mark.parametrize("case", PLANE_CASES, ids=agreement.label)
def test_a_descent_follows_the_reference(case: Case) -> None:
    landscape = gd.landscapes.catalogue[case.landscape]()
    run = gd.descend(landscape, optimizer(case), STARTS[case.landscape], steps=STEPS)
    assert difference(run.points, reference_path(case)) <= RELATIVE


@pytest.mark.parametrize("case", CASES, ids=agreement.label)
def test_the_elementwise_update_follows_the_reference(case: Case) -> None:
    path = walk(case, STARTS[case.landscape])
    assert difference(path, reference_path(case)) <= RELATIVE


@pytest.mark.parametrize("case", PLANE_CASES, ids=agreement.label)
def test_a_grid_of_starts_follows_the_reference_at_each(case: Case) -> None:
    offsets = np.array([[0.0, 0.0], [0.003, 0.002], [-0.002, 0.001]])
    starts = np.array(STARTS[case.landscape]) + offsets
    landscape = gd.landscapes.catalogue[case.landscape]()
    run = gd.descend(landscape, optimizer(case), starts, steps=50)
    expected = reference_path(case, 50, starts)
    assert run.points.shape == (51, 3, 2)
    for one in range(3):
        assert difference(run.points[:, one], expected[:, one]) <= RELATIVE


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.landscape == "table"], ids=agreement.label
)
def test_a_cost_given_as_a_callable_takes_parameters_of_any_shape(case: Case) -> None:
    def cost(theta: Any) -> tuple[float, Any]:
        weights = np.array(make_torch_paths.TABLE_WEIGHTS)
        return float((weights * (theta**4 / 4 + theta**2 / 2)).sum()), weights * (theta**3 + theta)

    run = gd.descend(cost, optimizer(case), np.array(STARTS["table"]), steps=STEPS)
    assert difference(run.points, reference_path(case)) <= RELATIVE


@pytest.mark.parametrize("name", reference.RULES)
def test_defaults_are_those_of_the_papers_and_pytorch(name: str) -> None:
    def defaults(function: Any) -> dict[str, Any]:
        parameters = inspect.signature(function).parameters.values()
        return {p.name: p.default for p in parameters if p.default is not p.empty}

    stated = defaults(reference.RULES[name])
    stated.pop("momentum_decay", None)  # fixed in the book's rule
    assert defaults(gd.optimizers.catalogue[name]).items() >= stated.items()


UNIT = st.floats(0.0, 0.95)
HYPERPARAMETERS: dict[str, st.SearchStrategy[float]] = {
    "decay": UNIT,
    "beta1": UNIT,
    "beta2": st.floats(0.5, 0.999),
    "epsilon": st.floats(1e-3, 1.0),
    "weight_decay": st.floats(0.0, 0.5),
}


@st.composite
def stable_cases(draw: st.DrawFn) -> Case:
    """Draw a rule and hyperparameters with which no run on a bowl of condition ≤ 10 blows up."""
    rule = draw(st.sampled_from(sorted(reference.RULES)))
    wanted = inspect.signature(reference.RULES[rule]).parameters
    drawn = {name: draw(values) for name, values in HYPERPARAMETERS.items() if name in wanted}
    # η L ≤ 0.05 ε is far inside every rule's bound, and Lion's sign never changes on such a way.
    rate = draw(st.floats(1e-4, 5e-3)) * drawn.get("epsilon", 1.0)
    return Case(rule, "quadratic", {"learning_rate": rate, **drawn})


@given(case=stable_cases(), condition=st.integers(1, 10), x=st.floats(0.5, 4), y=st.floats(0.5, 4))
def test_any_stable_hyperparameters_give_the_references_path(
    case: Case, condition: int, x: float, y: float
) -> None:
    expected = reference.RULES[case.rule](
        quadratic(condition).gradient, (x, y), 60, **case.hyperparameters
    )
    run = gd.descend(gd.landscapes.quadratic(condition), optimizer(case), (x, y), steps=60)
    assert difference(run.points, expected) <= RELATIVE
