"""Rules of whole arrays at their edges: printed, copied, with layouts, schedules and bad runs."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
import sympy as sp
from numpy.typing import NDArray

import gdlib as gd
from gdlib.optimizers import ArrayOptimizer, eta, g, theta
from gdlib.optimizers.state import State
from gdlib.optimizers.update_rule import UpdateRule
from tests import array_agreement
from tests.array_agreement import LOUD, gradient, loud, walk
from tests.data.make_torch_array_paths import TALL, Case, problem

Array = NDArray[np.float64]
MATRICES = gd.optimizers.MATRIX_RULES
RULES: dict[str, ArrayOptimizer] = {
    **{name: make(**LOUD[name]) for name, make in MATRICES.items()},
    "muon without nesterov": gd.muon(0.03, nesterov=False, iterations=3, scale="match_rms_adamw"),
    "clipped adam": gd.clipped(gd.adam(0.05), 0.5),
    "clipped muon": gd.clipped(gd.muon(0.05), 0.5),
    "schedule-free": gd.schedule_free(gd.adamw(0.05, beta1=0)),
    "schedule-free soap, clipped": gd.schedule_free(gd.clipped(gd.soap(0.05), 0.5), 0.7),
    "clipped, schedule-free": gd.clipped(gd.schedule_free(gd.momentum(0.05)), 0.5),
    "schedule-free without a rate": gd.schedule_free(gd.Optimizer.parse("step = -g/9")),
}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
every_matrix_rule = pytest.mark.parametrize("make", MATRICES.values(), ids=MATRICES)
START = np.random.default_rng(5).normal(size=(3, 4))
ROWS = np.random.default_rng(0).normal(size=(6, 3))
NETWORK = gd.Network(ROWS, [0, 1, 0, 1, 1, 0], {"hidden": 4, "output": 1}, loss="logistic")
NAMES = tuple(NETWORK.layout.shapes)


def bowl(point: Any) -> tuple[float, Any]:
    return float((point**2).sum()) / 2, point


def parts(rule: ArrayOptimizer) -> Any:
    others = None if rule.others is None else repr(rule.others)
    return (
        repr(rule), rule.moments, rule.step, rule.gradient, rule.answer, rule.initial,
        rule.hyperparameters, rule.source, others, rule.apart,
    )  # fmt: skip


@every_rule
def test_a_rule_can_be_copied_and_pickled_and_takes_the_same_steps(rule: ArrayOptimizer) -> None:
    path = gd.descend(bowl, rule, START, 4).points
    for came in (copy.copy(rule), copy.deepcopy(rule), pickle.loads(pickle.dumps(rule))):
        assert parts(came) == parts(rule)
        np.testing.assert_array_equal(gd.descend(bowl, came, START, 4).points, path)


@every_rule
def test_printed_code_takes_the_rules_steps(rule: ArrayOptimizer) -> None:
    """In a scope of its own, which has nothing of ours."""
    scope: dict[str, Any] = {}
    printed = rule.code("numpy")
    exec(printed, scope)
    (name,) = re.findall(r"def (\w+)\(theta, g, state", printed)
    call = scope[name]
    case = Case("", TALL, 11, {})
    slope, start = gradient(case), problem(case)[-1]
    wanted = walk(rule, slope, start, 12)
    state: dict[str, Any] = {}
    point = start
    for k in range(12):
        point, state = call(point, slope(point), state)
        np.testing.assert_allclose(point, wanted[k + 1], rtol=1e-9, atol=1e-11)
    assert "gdlib" not in re.sub(r"#.*", "", printed)


@every_rule
def test_latex_has_a_line_for_each_quantity(rule: ArrayOptimizer) -> None:
    printed = rule.latex()
    lines = printed.count("&=")
    # The step's line; for an answer that is not θ, a line more at most.
    assert len(rule.moments) <= lines - 1 + (rule.gradient != g)
    assert printed.count("{") == printed.count("}")
    opened, closed = (re.findall(rf"\\{side}(?!arrow)", printed) for side in ("left", "right"))
    assert len(opened) == len(closed)
    assert not re.search(
        r"\\(mathtt|operatorname\{(matmul|norm|transpose|Repeat)\})|Lambda", printed
    )


@every_rule
def test_settings_change_one_number_and_leave_the_rest(rule: ArrayOptimizer) -> None:
    for name, value in rule.settings.items():
        changed = rule.with_settings(**{name: value / 2})
        assert dict(changed.settings) == {**rule.settings, name: value / 2}
        assert (changed.apart, changed.answer, changed.gradient) == (
            rule.apart, rule.answer, rule.gradient,
        )  # fmt: skip


def test_the_share_of_the_average_changes_for_the_other_arrays_too() -> None:
    free = gd.schedule_free(gd.muon(), 0.9).with_settings(interpolation=0.5)
    assert free.others is not None
    assert free.others.settings["interpolation"] == free.settings["interpolation"] == 0.5
    assert free.with_settings(learning_rate=1).others is not None


def test_others_that_average_keep_their_own_share() -> None:
    """The rule has no such setting, and what moves the rest has one."""
    rule = gd.muon(others=gd.schedule_free(gd.adam(), 0.7)).with_settings(learning_rate=0.5)
    assert rule.others is not None
    assert (rule.settings["learning_rate"], rule.others.settings["interpolation"]) == (0.5, 0.7)


@every_matrix_rule
def test_a_flat_start_without_names_is_one_column(make: Any) -> None:
    flat = gd.descend(bowl, make(), START[0], 5).points
    column = gd.descend(bowl, make(), START[:1].T, 5).points
    np.testing.assert_array_equal(flat, column[..., 0])


def by_hand(
    movers: Mapping[str, UpdateRule], start: Array, rates: Iterable[Mapping[str, float]]
) -> Iterator[tuple[dict[str, Array], dict[str, State]]]:
    """Yield the network's arrays and their rules' states after each step, each moved by itself.

    An array that has no rate for a step takes its rule's own.
    """
    arrays = NETWORK.layout.unpack(start)
    states = {n: movers[n].init(arrays[n]) for n in NAMES}
    for given in rates:
        slopes = NETWORK.layout.unpack(NETWORK.gradient(NETWORK.layout.pack(arrays)))
        for n in NAMES:
            step, states[n] = movers[n].update(slopes[n], states[n], arrays[n], given.get(n))
            arrays[n] = arrays[n] + step
        yield arrays, states


@pytest.mark.parametrize("name", MATRICES)
def test_matrices_go_by_the_rule_and_the_rest_by_others(name: str) -> None:
    """By hand: each array by itself, with its part of the gradient."""
    make, start = MATRICES[name], NETWORK.start(1)
    rule = make(**LOUD[name], apart=("output.weights",))
    assert rule.others is not None
    run = gd.descend(NETWORK, rule, start, 6)
    movers = {n: rule if n == "hidden.weights" else rule.others for n in NAMES}
    for k, (arrays, _) in enumerate(by_hand(movers, start, 6 * [{}]), 1):
        np.testing.assert_allclose(
            run.points[k], NETWORK.layout.pack(arrays), rtol=1e-12, atol=1e-14
        )


def test_a_schedule_free_rule_averages_every_array_in_a_warm_up() -> None:
    """By hand: gradients at y, each array by its own rule, whose rate keeps its ratio; x told."""
    plain = gd.muon(0.1, others=gd.gradient_descent(0.3))
    rule, start = gd.schedule_free(plain, 0.8), NETWORK.start(1)
    rates = [0.02, 0.05, 0.1, 0.1, 0.05]
    run = gd.descend(NETWORK, rule, start, 5, learning_rate=rates)
    assert rule.others is not None
    movers = {n: rule if n.endswith("weights") else rule.others for n in NAMES}
    own = [{n: rate if movers[n] is rule else 3 * rate for n in NAMES} for rate in rates]
    for k, (y, states) in enumerate(by_hand(movers, start, own), 1):
        x = NETWORK.layout.pack({n: states[n].moments["x"] for n in NAMES})
        np.testing.assert_allclose(run.points[k], x, rtol=1e-11, atol=1e-14)
        apart = np.abs(NETWORK.layout.pack(y) - x).max()
    assert apart > 1e-3


def test_a_run_reports_the_averages_of_others_alone() -> None:
    """By hand: weights by gradient descent with orthogonal steps, biases' z and x beside it."""
    rule = gd.muon(0.1, others=gd.schedule_free(gd.gradient_descent(0.3), 0.8))
    assert rule.others is not None
    run = gd.descend(NETWORK, rule, NETWORK.start(1), 5)
    movers = {n: rule if n.endswith("weights") else rule.others for n in NAMES}
    for k, (y, states) in enumerate(by_hand(movers, NETWORK.start(1), 5 * [{}]), 1):
        told = {n: states[n].moments.get("x", y[n]) for n in NAMES}
        np.testing.assert_allclose(run.points[k], NETWORK.layout.pack(told), rtol=1e-11, atol=1e-14)
    assert np.abs(told["hidden.bias"] - y["hidden.bias"]).max() > 1e-3


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_schedule_leaves_others_without_a_rate_as_they_are(wrapped: bool) -> None:
    plain = gd.Optimizer.parse("step = -g/9")
    rule = gd.muon(0.1, others=gd.clipped(plain, 1e9) if wrapped else plain)
    run = gd.descend(NETWORK, rule, NETWORK.start(1), 1, learning_rate=[0.05])
    moved = NETWORK.layout.unpack(run.points[1] - run.points[0])["hidden.bias"]
    slope = NETWORK.layout.unpack(NETWORK.gradient(NETWORK.start(1)))["hidden.bias"]
    np.testing.assert_allclose(moved, -slope / 9, rtol=1e-9, atol=1e-15)


def test_the_whole_gradient_is_cut_and_not_each_array() -> None:
    start, rate = NETWORK.start(1), 0.1
    plain = gd.descend(NETWORK, gd.clipped(gd.gradient_descent(rate), 1e-3), start, 1)
    wrapped = gd.clipped(gd.muon(rate, others=gd.gradient_descent(rate)), 1e-3)
    by_parts = gd.descend(NETWORK, wrapped, start, 1)
    slope = NETWORK.gradient(start)
    step = -rate * slope * 1e-3 / np.linalg.norm(slope)
    np.testing.assert_allclose(plain.points[1] - start, step, rtol=1e-6, atol=1e-12)
    moved = NETWORK.layout.unpack(by_parts.points[1] - start)
    np.testing.assert_allclose(
        moved["hidden.bias"], NETWORK.layout.unpack(step)["hidden.bias"], rtol=1e-6, atol=1e-12
    )


@pytest.mark.parametrize("name", MATRICES)
def test_a_schedule_keeps_the_ratio_of_both_rates(name: str) -> None:
    make, start = MATRICES[name], NETWORK.start(1)
    others: dict[str, Any] = {} if name == "adafactor" else {"others": gd.momentum(0.3)}
    rule = make(0.1, **others)
    own = gd.descend(NETWORK, rule, start, 5)
    same = gd.descend(NETWORK, rule, start, 5, learning_rate=[0.1] * 5)
    np.testing.assert_array_equal(own.points, same.points)
    if others:
        halved = gd.descend(NETWORK, rule, start, 5, learning_rate=[0.05] * 5)
        wanted = gd.descend(NETWORK, make(0.05, others=gd.momentum(0.15)), start, 5)
        np.testing.assert_allclose(halved.points, wanted.points, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("rule", [gd.muon(0.02), gd.schedule_free(gd.clipped(gd.soap(0.02)))])
def test_batches_of_all_rows_are_the_run_of_the_whole_cost(rule: ArrayOptimizer) -> None:
    start = NETWORK.start(1)
    batches = gd.descend_batches(NETWORK, rule, start, batch_size=6, epochs=4, seed=0)
    wanted = gd.descend(NETWORK, rule, start, 4)
    np.testing.assert_allclose(batches.points, wanted.points, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(batches.values, wanted.values, rtol=1e-9)


def quartic(point: Any) -> tuple[float, Any]:
    return float((point**4).sum()) / 4, point**3


DIVERGING: dict[str, tuple[ArrayOptimizer, float]] = {
    "muon": (gd.muon(1e6), 1e10),
    "shampoo": (gd.shampoo(1e80), 1.0),
    "soap": (gd.soap(1e6), 1e10),
    "adafactor": (gd.adafactor(1.0, weight_decay=1e30), 1e10),
    "clipped": (gd.clipped(gd.gradient_descent(1e80)), 1.0),
    "schedule-free": (gd.schedule_free(gd.gradient_descent(1e3)), 5.0),
}


@pytest.mark.parametrize("name", DIVERGING)
def test_a_run_that_overflows_ends_as_diverged_and_quietly(name: str) -> None:
    rule, size = DIVERGING[name]
    run = gd.descend(quartic, rule, START * size, 100)
    assert run.status == "diverged"
    assert np.isfinite(run.points).all()


@every_rule
def test_infinite_and_missing_slopes_give_missing_steps_quietly(rule: ArrayOptimizer) -> None:
    for bad in (np.inf, np.nan):
        step, state = rule.update(START * bad, rule.init(START), START)
        assert step.shape == START.shape
        assert not np.isfinite(step).all()
        assert state.step == 1


@every_rule
def test_a_slope_of_zero_moves_by_the_decay_alone(rule: ArrayOptimizer) -> None:
    still = np.zeros_like(START)
    step, _ = rule.update(still, rule.init(START), START)
    rate, decay = (rule.settings.get(n, 0.0) for n in ("learning_rate", "weight_decay"))
    np.testing.assert_allclose(step, -rate * decay * START, rtol=1e-9, atol=1e-15)


def test_what_a_run_reports_is_x_and_a_loop_finds_it_in_the_state() -> None:
    rule = gd.schedule_free(gd.gradient_descent(0.1), 0.9)
    run = gd.descend(bowl, rule, START, 6)
    point, state = START, rule.init(START)
    for k in range(6):
        step, state = rule.update(point, state, point)
        point = point + step
        np.testing.assert_allclose(state.moments["x"], run.points[k + 1], rtol=1e-13)
    np.testing.assert_allclose(run.values[-1], (run.points[-1] ** 2).sum() / 2, rtol=1e-13)
    np.testing.assert_allclose(run.gradients[-1], run.points[-1], rtol=1e-13)


def test_a_schedule_free_run_asks_at_y_and_looks_at_x() -> None:
    asked: list[float] = []

    def cost(point: Any) -> tuple[float, Any]:
        asked.append(float(point[0]))
        return bowl(point)

    run = gd.descend(cost, gd.schedule_free(gd.gradient_descent(0.5), 0.5), [1.0], 3)
    assert run.evaluations == 3
    seen = [float(x) for x in run.points[:, 0]]
    y = [0.5, 0.3125]  # (z + x)/2 with z = ½, ¼ and x = ½, 3/8
    assert [a for a in asked if a not in seen] == [y[1]]
    assert set(seen) <= set(asked)


def test_a_rule_of_matrices_can_be_tuned() -> None:
    def run(optimizer: Any, seed: int) -> gd.Trajectory:
        return gd.descend(bowl, optimizer, START * (1 + seed), 20)

    tuned = gd.tune(run, gd.muon, {"learning_rate": [1e-3, 0.1]})
    assert tuned.best.settings == {"learning_rate": 0.1}
    assert isinstance(tuned.optimizer, ArrayOptimizer)


def test_a_lifted_rule_takes_the_same_steps() -> None:
    """`clipped` at a norm that nothing exceeds changes nothing."""
    for make in gd.optimizers.catalogue.values():
        plain = make(0.01)
        loose = gd.descend(bowl, gd.clipped(plain, 1e300), START, 10)
        np.testing.assert_allclose(
            loose.points, gd.descend(bowl, plain, START, 10).points, rtol=1e-13
        )


def test_a_moment_may_begin_as_theta() -> None:
    """A moment that begins as the start, here the mean of all points."""
    mean = sp.Symbol("mean_point", real=True)
    rule = ArrayOptimizer(
        "mine", -eta * (theta - mean + g), {mean: (mean + theta) / 2}, {eta: 0.5},
        initial={mean: theta},
    )  # fmt: skip
    point = float(gd.descend(bowl, rule, [1.0], 2).points[-1, 0])
    # mean = 1, step −½·1: θ = ½; mean = ¾, step −½(½ − ¾ + ½): θ = 3/8.
    assert point == 0.375


@pytest.mark.parametrize("name", MATRICES)
def test_a_program_says_the_same_as_update(name: str) -> None:
    """`tests/widgets/test_array_programs.py` runs it; here are its inputs and outputs."""
    case = loud(name, (3, 2), 11)
    rule = array_agreement.made(name, case.settings)
    assert isinstance(rule, ArrayOptimizer)
    program = rule.program((3, 2))
    memory = len(rule.init(np.ones((3, 2))).moments)
    assert program["inputs"] == 2 + memory + 2
    assert len(program["outputs"]) == 1 + memory + 1
    assert program["outputs"][0] == program["outputs"][-1]


def test_adafactor_moves_vectors_too_and_needs_no_matrix() -> None:
    line, each = gd.problems.noisy_line(8), gd.adafactor(0.1).others
    assert each is not None
    run = gd.descend(line, gd.adafactor(0.1), np.zeros(2), 4)
    np.testing.assert_array_equal(run.points, gd.descend(line, each, np.zeros(2), 4).points)


WRAPPED: dict[str, Any] = {
    "clipped": gd.clipped,
    "schedule-free": gd.schedule_free,
    "both": lambda rule: gd.schedule_free(gd.clipped(rule)),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_what_needs_no_matrix_needs_none_when_it_is_wrapped(name: str) -> None:
    line, rule = gd.problems.noisy_line(8), gd.adafactor(0.1)
    assert rule.others is not None
    whole, each = (
        gd.descend(line, WRAPPED[name](one), np.zeros(2), 4).points for one in (rule, rule.others)
    )
    np.testing.assert_array_equal(whole, each)


def test_a_schedule_free_rule_stands_still_while_its_rate_is_0() -> None:
    """As in the authors' code: without a weight so far, the mean is where it began."""
    rule = gd.schedule_free(gd.gradient_descent(0.1))
    run = gd.descend(bowl, rule, START, 4, learning_rate=[0, 0, 0.1, 0.1])
    np.testing.assert_allclose(run.points[2], START, rtol=1e-14)  # y = (1 − β)z + βx rounds
    wanted = gd.descend(bowl, rule, START, 2)
    np.testing.assert_allclose(run.points[3:], wanted.points[1:], rtol=1e-13)
    scope: dict[str, Any] = {}
    exec(rule.code("numpy"), scope)
    point, _ = scope["gradient_descent_schedule_free"](START, START, {}, learning_rate=0.0)
    np.testing.assert_allclose(point, START, rtol=1e-14)


def test_a_step_that_is_a_number_moves_every_number() -> None:
    rule = gd.clipped(gd.Optimizer.parse("step = -0.25/k"))
    step, state = rule.update(START, rule.init(START), START)
    np.testing.assert_array_equal(step, np.full(START.shape, -0.25))
    step, _ = rule.update(START, state, START)
    np.testing.assert_array_equal(step, np.full(START.shape, -0.125))
