"""Results are values: they can be copied, pickled and taken apart, and stay the same."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.frozen import Frozen
from gdlib.optimizers import m

BOWL, LINE = gd.landscapes.quadratic(), gd.problems.noisy_line(10)
ADAM = gd.adam()
RUN = gd.descend(BOWL, ADAM, steps=5)


def run(optimizer: gd.Optimizer, seed: int) -> gd.Trajectory:
    return gd.descend(gd.landscapes.quadratic(), optimizer, start=[1.0, seed], steps=5)


MADE: dict[str, Callable[[], Any]] = {
    "ArrayOptimizer": lambda: gd.muon(0.1, others=gd.adam(0.2), apart=("output",)),
    "ArrayOptimizer of another": lambda: gd.schedule_free(gd.clipped(gd.amsgrad(0.1))),
    "Basins": lambda: gd.basins(gd.landscapes.himmelblau(), ADAM, (4, 4), 50),
    "Diagnosis": lambda: gd.diagnose(RUN),
    "Finding": lambda: gd.diagnose(gd.descend(BOWL, gd.gradient_descent(9))).findings[0],
    "Landscape": lambda: gd.Landscape.parse("x**2 + sin(y)"),
    "Convolution": lambda: gd.Convolution(4),
    "Layout": lambda: gd.Layout({"weights": (2, 3), "bias": (3,)}),
    "MatrixFactorisation": lambda: gd.MatrixFactorisation([[0, 1], [2, 0]], [1.0, 2.0], 1),
    "Network": lambda: gd.Network(LINE.features, LINE.targets, {"output": 1}),
    "SoftmaxRegression": lambda: gd.SoftmaxRegression([[1.0], [2.0]], [0, 1]),
    "LeastSquares": lambda: LINE,
    "LogisticRegression": lambda: gd.problems.two_clouds(10, l2=0.1),
    "Optimizer": lambda: gd.amsgrad(0.1),
    "Option": lambda: gd.Option("more", "It is less."),
    "Result": lambda: gd.Result("Cauchy 1847", "a bowl", "0.5", 0.5),
    "Schedule": lambda: gd.schedules.warmup(3, gd.schedules.cosine(0.1, 5)),
    "State": lambda: ADAM.init([1.0, 2.0]),
    "Stop": lambda: gd.Stop(gradient_norm=1e-3, patience=3),
    "Survey": lambda: gd.survey("x**4 - x**2 + y**2"),
    "Survey of a table": lambda: gd.survey({"x": [1, 2, 3], "y": [1, 2, 4]}),
    "Trajectory": lambda: RUN,
    "Trajectory of a grid": lambda: gd.descend(BOWL, ADAM, start=np.ones((3, 2)), steps=5),
    "Trajectory on batches": lambda: gd.descend_batches(LINE, ADAM, batch_size=3, epochs=2, seed=0),
    "Trial": lambda: gd.Trial({"decay": 0.9}, np.array([1.0, np.inf])),
    "Tuning": lambda: gd.tune(run, gd.momentum, {"learning_rate": [0.1, 0.2]}),
    "Verdict": lambda: gd.check("update-rule/step", 3),
}


def parts(value: Any) -> Any:
    """Return all that a value holds as plain lists, to be compared."""
    if dataclasses.is_dataclass(value):
        return [parts(getattr(value, f.name)) for f in dataclasses.fields(value)]
    if isinstance(value, (tuple, list)):
        return [parts(item) for item in value]
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.tolist()
    if hasattr(value, "items"):
        return [(key, parts(item)) for key, item in value.items()]
    return parts(vars(value)) if isinstance(value, gd.problems.Problem) else value


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_a_result_survives_copying_and_pickling(make: Callable[[], Any]) -> None:
    value = make()
    copies = [copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))]
    for came in copies:
        assert type(came) is type(value)
        assert parts(came) == parts(value)
        assert repr(came) == repr(value)


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_a_dataclass_can_be_taken_apart_and_replaced(make: Callable[[], Any]) -> None:
    value = make()
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        assert isinstance(value, (gd.problems.Problem, gd.Verdict))
        return
    assert set(dataclasses.asdict(value)) == {field.name for field in dataclasses.fields(value)}
    assert parts(dataclasses.replace(value)) == parts(value)


def test_no_public_result_is_left_out() -> None:
    named = {name.split()[0] for name in MADE}
    classes = {n for n in dir(gd) if n[0].isupper() and dataclasses.is_dataclass(getattr(gd, n))}
    assert classes <= named


def test_a_copied_rule_takes_the_same_steps() -> None:
    for rule in (copy.deepcopy(ADAM), pickle.loads(pickle.dumps(ADAM))):
        np.testing.assert_array_equal(gd.descend(BOWL, rule, steps=5).points, RUN.points)


def test_a_copied_state_shares_no_memory_where_the_copy_is_deep() -> None:
    state = gd.momentum(0.1).init([1.0])
    deep = copy.deepcopy(state)
    assert not np.shares_memory(deep.moments["m"], state.moments["m"])
    assert dataclasses.asdict(state)["moments"] == {"m": [0.0]}


def test_a_frozen_mapping_reads_as_a_dict_and_refuses_to_change() -> None:
    given = {"a": 1, "b": 2}
    frozen: Any = Frozen(given)
    given["a"] = 3
    assert frozen == {"a": 1, "b": 2}
    assert frozen != {"a": 1}
    assert (list(frozen), len(frozen), repr(frozen)) == (["a", "b"], 2, "{'a': 1, 'b': 2}")
    assert (frozen | {"b": 3}, {"b": 3} | frozen) == ({"a": 1, "b": 3}, {"b": 2, "a": 1})
    assert dict(**frozen) == {"a": 1, "b": 2}
    with pytest.raises(TypeError, match="does not support item assignment"):
        frozen["a"] = 1
    with pytest.raises(TypeError, match="unsupported operand"):
        frozen | 3


@pytest.mark.parametrize("of", [ADAM.hyperparameters, ADAM.moments, ADAM.keywords])
def test_what_a_rule_holds_cannot_be_assigned(of: Any) -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        of[m] = 1
