"""Each rule of whole arrays equals its hand-written reference, and the reference equals PyTorch."""

from __future__ import annotations

import ast
import inspect
import json
import math
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.book.parity import difference
from gdlib.optimizers import matrices
from tests import array_agreement, reference, reference_arrays
from tests.array_agreement import (
    LOUD,
    RATES,
    RELATIVE,
    SEEDS,
    SHAPES,
    STEPS,
    cost,
    gradient,
    loud,
    path_of,
    reference_path,
    walk,
)
from tests.data import make_torch_array_paths
from tests.data.make_torch_array_paths import KEPT, PATHS, SQUARE, TALL, WIDE, Case, problem

TORCH = json.loads(PATHS.read_text(encoding="utf-8"))
RECORDED = {
    label: run for run in TORCH["runs"] for label in [f"{run['rule']}-{run['shape']}-{run['seed']}"]
}
VARIANTS: list[dict[str, Any]] = [
    {"nesterov": False},
    {"scale": "match_rms_adamw"},
    {"scale": "none", "iterations": 3},
]
every_rule = pytest.mark.parametrize("name", LOUD)


def case_of(run: dict[str, Any]) -> Case:
    return Case(run["rule"], tuple(run["shape"]), run["seed"], run["settings"])


def test_every_rule_of_matrices_has_a_reference() -> None:
    assert set(gd.optimizers.MATRIX_RULES) == set(reference_arrays.RULES) == set(LOUD)


@pytest.mark.parametrize("module", [reference_arrays, make_torch_array_paths])
def test_an_oracle_imports_nothing_that_it_judges(module: Any) -> None:
    tree = ast.parse(inspect.getsource(module))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
    assert not [name for name in imported if name and name.split(".")[0] in {"gdlib", "sympy"}]


@every_rule
@pytest.mark.parametrize("shape", SHAPES)
def test_a_rule_follows_its_reference(name: str, shape: tuple[int, int]) -> None:
    for seed in SEEDS:
        for variant in ({}, *(VARIANTS if name == "muon" else [])):
            case = loud(name, shape, seed, **variant)
            assert difference(path_of(case), reference_path(case)) <= RELATIVE, case


@every_rule
def test_a_rule_follows_its_reference_with_the_settings_that_it_has_by_itself(name: str) -> None:
    # SOAP: where gradients have not been yet, 10⁻¹⁶ of rounding is divided by ε = 10⁻⁸.
    tolerance = 1e-7 if name == "soap" else RELATIVE
    for shape in (TALL, WIDE):
        case = Case(name, shape, SEEDS[0], {})
        assert difference(path_of(case), reference_path(case)) <= tolerance, case


@every_rule
def test_a_descent_takes_the_same_steps(name: str) -> None:
    for shape in (TALL, WIDE, SQUARE):
        case = loud(name, shape, 13)
        rule = array_agreement.made(name, case.settings)
        run = gd.descend(cost(case), rule, problem(case)[-1], steps=STEPS)
        assert run.points.shape == (STEPS + 1, *shape)
        assert difference(run.points, reference_path(case)) <= RELATIVE


OFF: dict[str, Any] = {"weight_decay": 0.0, "decay": 0.0, "beta1": 0.0, "beta2": 0.0}
LESS = {"learning_rate": 0.9, "epsilon": 1e-3}
"""What has no off is made smaller by so much."""


@every_rule
def test_every_setting_moves_a_path_a_thousand_times_further_than_the_tolerance(name: str) -> None:
    """Else a setting that does nothing would pass, as a decay of 10⁻⁵ in a framework once did."""
    for setting, value in LOUD[name].items():
        other = OFF.get(setting, value * LESS.get(setting, 1.0))
        for shape in (TALL, WIDE):
            case = loud(name, shape, 11)
            changed = reference_path(loud(name, shape, 11, **{setting: other}))
            assert difference(changed, reference_path(case)) > 1e3 * RELATIVE, setting


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_choice_of_muon_shows_as_much(variant: dict[str, Any]) -> None:
    case, other = loud("muon", TALL, 13), loud("muon", TALL, 13, **variant)
    assert difference(reference_path(other), reference_path(case)) > 1e3 * RELATIVE


def test_the_recorded_runs_are_those_that_the_script_makes() -> None:
    assert [case_of(run) for run in TORCH["runs"]] == list(make_torch_array_paths.cases())
    assert TORCH["kept_steps"] == list(KEPT)
    assert TORCH["torch"].startswith("2.13")


@pytest.mark.parametrize("run", RECORDED.values(), ids=RECORDED)
def test_the_reference_follows_pytorchs_recorded_path(run: dict[str, Any]) -> None:
    path = reference_path(case_of(run), KEPT[-1])
    assert difference(path[list(KEPT)], run["points"]) <= RELATIVE


@pytest.mark.parametrize("run", RECORDED.values(), ids=RECORDED)
def test_the_rule_follows_pytorchs_recorded_path(run: dict[str, Any]) -> None:
    case = case_of(run)
    found = difference(path_of(case, KEPT[-1])[list(KEPT)], run["points"])
    if case.rule == "adam, clipped":  # PyTorch divides by the length plus 1e-6
        assert 1e3 * RELATIVE < found < 1e-6
    else:
        assert found <= RELATIVE


@pytest.mark.parametrize("run", RECORDED.values(), ids=RECORDED)
def test_an_installed_pytorch_takes_the_recorded_path(run: dict[str, Any]) -> None:
    """Muon without its rounding to bfloat16: `make_torch_array_paths` switches it off."""
    pytest.importorskip("torch")
    assert difference(make_torch_array_paths.run(case_of(run)), run["points"]) <= RELATIVE


def test_defaults_are_those_of_pytorch_and_the_papers() -> None:
    for name, written in reference_arrays.RULES.items():
        both: list[Any] = [written, gd.optimizers.MATRIX_RULES[name]]
        stated, ours = (
            {p.name: p.default for p in inspect.signature(f).parameters.values()} for f in both
        )
        settings = {key for key, value in stated.items() if value is not inspect.Parameter.empty}
        assert {key: ours[key] for key in settings} == {key: stated[key] for key in settings}


def test_defaults_are_those_of_an_installed_pytorch() -> None:
    torch: Any = pytest.importorskip("torch")
    theirs = torch.optim.Muon([torch.zeros(2, 2)]).defaults
    ours = gd.muon().settings
    assert ours["learning_rate"] == theirs["lr"]
    assert ours["decay"] == theirs["momentum"]
    assert ours["weight_decay"] == theirs["weight_decay"]
    assert ours["epsilon"] == theirs["eps"]
    assert (theirs["ns_steps"], theirs["nesterov"]) == (5, True)
    assert tuple(map(float, matrices.COEFFICIENTS)) == tuple(theirs["ns_coefficients"])
    factors = torch.optim.Adafactor([torch.zeros(2, 2, dtype=torch.float64)]).defaults
    ours = gd.adafactor().settings
    assert ours["learning_rate"] == factors["lr"]
    assert ours["weight_decay"] == factors["weight_decay"]
    assert ours["epsilon"] == torch.finfo(torch.float64).eps
    assert (factors["eps"], factors["d"], factors["beta2_decay"]) == ((None, 1e-3), 1.0, -0.8)


def test_a_gradient_is_cut_to_its_length_and_pytorchs_is_shorter_by_a_known_part() -> None:
    """At ‖g‖ = 5 and norm 1 a step of plain descent is 0.1 long, PyTorch's 0.1 · 5/(5 + 10⁻⁶)."""
    rule, theta = gd.clipped(gd.gradient_descent(0.1), 1.0), np.zeros((2, 1))
    step, _ = rule.update([[3.0], [-4.0]], rule.init(theta), theta)
    np.testing.assert_allclose(step, [[-0.06], [0.08]], rtol=1e-15)
    short, _ = rule.update([[0.3], [-0.4]], rule.init(theta), theta)
    np.testing.assert_allclose(short, [[-0.03], [0.04]], rtol=1e-15)
    theirs = reference_arrays.clipped(
        reference.gradient_descent,
        lambda _: np.array([[3.0], [-4.0]]),
        theta, 1, norm=1.0, small=1e-6, learning_rate=0.1,
    )[1]  # fmt: skip
    np.testing.assert_allclose(1 - theirs / step, 1e-6 / (5 + 1e-6), rtol=1e-8)


CLIPPED = {
    "gradient_descent": {"learning_rate": 0.05},
    "momentum": {"learning_rate": 0.02, "decay": 0.7},
    "adamw": {"learning_rate": 0.05, "epsilon": 0.3, "weight_decay": 0.4},
}


@pytest.mark.parametrize("name", CLIPPED)
@pytest.mark.parametrize("shape", [TALL, WIDE, (5,)])
def test_a_rule_with_cut_gradients_follows_its_reference(name: str, shape: tuple[int, ...]) -> None:
    for seed in SEEDS:
        case = Case(name, shape, seed, CLIPPED[name])
        start, slope = problem(case)[-1], gradient(case)
        rule = gd.clipped(gd.optimizers.catalogue[name](**case.settings), 0.8)
        wanted = reference_arrays.clipped(
            reference.RULES[name], slope, start, STEPS, norm=0.8, **case.settings
        )
        whole = reference.RULES[name](slope, start, STEPS, **case.settings)
        assert difference(walk(rule, slope, start), wanted) <= RELATIVE
        assert difference(whole, wanted) > 1e3 * RELATIVE


def test_muon_with_cut_gradients_follows_its_reference() -> None:
    case = loud("muon", WIDE, 13)
    start, slope = problem(case)[-1], gradient(case)
    wanted = reference_arrays.clipped(
        reference_arrays.muon, slope, start, STEPS, norm=0.8, **case.settings
    )
    rule = gd.clipped(array_agreement.made("muon", case.settings), 0.8)
    assert difference(walk(rule, slope, start), wanted) <= RELATIVE
    assert difference(reference_path(case), wanted) > 1e3 * RELATIVE


FREE: dict[str, tuple[Any, dict[str, Any]]] = {
    "gradient descent": (gd.gradient_descent(0.05), {}),
    "AdamW without momentum": (
        gd.adamw(0.05, beta1=0, beta2=0.6, epsilon=0.3, weight_decay=0.4),
        {"beta2": 0.6, "epsilon": 0.3, "weight_decay": 0.4},
    ),
}


@pytest.mark.parametrize("name", FREE)
@pytest.mark.parametrize("interpolation", [0.0, 0.6, 0.9])
@pytest.mark.parametrize("rates", [None, RATES], ids=["constant", "up and down"])
def test_a_schedule_free_rule_follows_its_reference(
    name: str, interpolation: float, rates: list[float] | None
) -> None:
    rule, settings = FREE[name]
    for shape in (WIDE, (5,)):
        case = Case(name, shape, 13, {})
        start, slope = problem(case)[-1], gradient(case)
        free = gd.schedule_free(rule, interpolation)
        run = gd.descend(cost(case), free, start, STEPS, learning_rate=rates)
        wanted = reference_arrays.schedule_free(
            slope, start, STEPS, learning_rate=0.05, interpolation=interpolation, rates=rates,
            **settings,
        )  # fmt: skip
        assert difference(run.points, wanted) <= RELATIVE
        unlike = reference_arrays.schedule_free(
            slope, start, STEPS, learning_rate=0.05, interpolation=interpolation / 2 + 0.1,
            rates=rates, **settings,
        )  # fmt: skip
        assert difference(unlike, wanted) > 1e3 * RELATIVE


def test_without_interpolation_the_answer_is_the_mean_of_the_plain_run() -> None:
    """β = 0 is Polyak and Ruppert's average, of the points after the start."""
    bowl = gd.landscapes.quadratic(condition=10)
    plain = gd.descend(bowl, gd.gradient_descent(0.05), steps=50)
    free = gd.descend(bowl, gd.schedule_free(gd.gradient_descent(0.05), 0.0), steps=50)
    np.testing.assert_allclose(free.points[1:], gd.averaged(plain.points[1:]), rtol=1e-12)
    np.testing.assert_array_equal(free.points[0], plain.points[0])


def test_a_schedule_free_step_by_hand() -> None:
    """J = θ²/2 from 1 with η = ½, β = ½: z = ½, x = ½; y = ½, z = ¼, x = 3/8; y = 5/16."""
    run = gd.descend(
        lambda t: (float(t @ t) / 2, t), gd.schedule_free(gd.gradient_descent(0.5), 0.5), [1.0], 3
    )
    z = 0.25 - 5 / 32
    assert run.points[:, 0].tolist() == [1, 0.5, 0.375, pytest.approx((0.5 + 0.25 + z) / 3)]
    assert math.isclose(run.values[2], 0.375**2 / 2)
