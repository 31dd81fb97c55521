"""What `gdlib.diagnose` is given: refused in words, or judged quietly, whatever its size."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib import diagnosis
from gdlib.diagnosis import findings

NAN, INF = float("nan"), float("inf")
BOWL = gd.landscapes.quadratic(condition=10)
CALM = gd.descend(BOWL, gd.gradient_descent(0.1), steps=100)
SEEN = gd.Finding("healthy", "it falls")


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"run": "losses"}, FileNotFoundError, "a log, not 'losses': there is no such file"),
        ({"run": ["a", "b"]}, TypeError, "the losses must be numbers"),
        ({"run": None}, TypeError, "the losses must be numbers, not None"),
        ({"run": object}, TypeError, "the losses must be numbers"),
        (
            {"run": {"loss": 1.0}},
            TypeError,
            "column 'loss' of the log must list several values, not 1.0",
        ),
        ({"run": np.ma.masked_array([1.0, 2.0], mask=True)}, TypeError, "be a masked array"),
        ({"run": [1.0, 2.0j]}, TypeError, "real numbers, not complex"),
        ({"run": []}, ValueError, r"of shape \(k \+ 1,\), not \(0,\)"),
        ({"run": 3.0}, ValueError, r"of shape \(k \+ 1,\), not \(\)"),
        ({"run": [[1.0, 2.0]]}, ValueError, r"not \(1, 2\)"),
        ({"run": [[1.0], [1.0, 2.0]]}, ValueError, "rows of different lengths"),
        ({"run": [1.0, 2.0], "gradient_norms": [1.0]}, ValueError, "one a loss, 2, not 1"),
        ({"run": [1.0, 2.0], "gradient_norms": [1.0, -1.0]}, ValueError, "at least 0"),
        ({"run": [1.0, 2.0], "gradient_norms": "ab"}, TypeError, "gradient_norms must be numbers"),
        ({"run": [1.0, 2.0], "gradient_norms": [[1.0, 1.0]]}, ValueError, r"not \(1, 2\)"),
        ({"run": [1.0], "learning_rate": 0.0}, ValueError, "positive and finite, not 0.0"),
        ({"run": [1.0], "learning_rate": NAN}, ValueError, "positive and finite, not nan"),
        ({"run": [1.0], "learning_rate": "0.1"}, TypeError, "must be a number .*, not '0.1'"),
        ({"run": [1.0], "learning_rate": True}, TypeError, "must be a number .*, not True"),
        ({"run": [1.0], "learning_rate": [0.1]}, TypeError, "must be a number"),
        ({"run": [1.0], "cost": BOWL}, TypeError, "losses have none"),
        ({"run": CALM, "gradient_norms": [1.0]}, TypeError, "has its own gradients"),
        ({"run": CALM, "cost": 3}, TypeError, "a function, not 3"),
        ({"run": CALM, "cost": gd.Landscape}, TypeError, "not its class Landscape"),
        ({"run": CALM, "cost": lambda _: None}, TypeError, "the value of the cost must be numbers"),
        ({"run": CALM, "cost": lambda t: t}, ValueError, r"one number, not of shape \(2,\)"),
        ({"run": CALM, "cost": lambda _: ()}, ValueError, r"one number, not of shape \(0,\)"),
        ({"run": CALM, "cost": lambda _: "low"}, TypeError, "must be numbers, not 'low'"),
        ({"run": CALM, "cost": lambda _: 1j}, TypeError, "real numbers, not complex"),
    ],
)
def test_mistakes_are_refused_with_what_was_wanted(
    arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        gd.diagnose(**arguments)


def test_a_grid_of_runs_is_refused() -> None:
    grid = gd.descend(BOWL, gd.gradient_descent(0.1), [[1.0, 1.0], [2.0, 1.0]], steps=20)
    with pytest.raises(ValueError, match="one run at a time; this trajectory holds 2"):
        gd.diagnose(grid)


@pytest.mark.parametrize(
    ("build", "error", "words"),
    [
        (
            lambda: gd.Finding("unwell", "pale"),
            ValueError,
            'kind of a finding must be "wrong sign"',
        ),
        (lambda: gd.Finding("spik", "pale"), ValueError, "did you mean 'spike'"),
        (lambda: gd.Finding(3, "pale"), TypeError, "not 3"),  # type: ignore[arg-type]
        (lambda: gd.Finding("spike", 3), TypeError, "evidence must be a string, not 3"),  # type: ignore[arg-type]
        (lambda: gd.Finding("spike", "x", 1.5), TypeError, "step must be a whole number"),  # type: ignore[arg-type]
        (lambda: gd.Finding("spike", "x", -1), ValueError, "step must be at least 0, not -1"),
        (lambda: gd.Finding("spike", "x", 1, None), TypeError, "advice must be a string"),  # type: ignore[arg-type]
        (lambda: gd.Diagnosis(()), ValueError, "at least one"),
        (lambda: gd.Diagnosis("healthy"), TypeError, "findings must be a tuple"),  # type: ignore[arg-type]
        (lambda: gd.Diagnosis((SEEN, 3)), TypeError, "must be a Finding, not 3"),  # type: ignore[arg-type]
        (lambda: gd.Diagnosis(SEEN), TypeError, "findings must be a tuple"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_finding_is_refused(build: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        build()


def test_diagnoses_compare_and_can_be_looked_up() -> None:
    assert gd.diagnose(CALM) == gd.diagnose(CALM)
    assert gd.diagnose(CALM) != gd.diagnose([1.0, 2.0])
    assert len({gd.diagnose(CALM), gd.diagnose(CALM)}) == 1
    read = diagnosis.evidence.of_trajectory(CALM, None)
    assert read == read
    assert read != diagnosis.evidence.of_trajectory(CALM, None)  # by identity: it holds arrays


@pytest.mark.parametrize("rate", [np.float32(0.1), np.array(0.1), 1, np.int64(1)])
def test_a_rate_may_be_a_number_of_any_type(rate: Any) -> None:
    losses = [1 + 0.995 ** (2 * k) for k in range(100)]
    norms = [0.5 * 0.995**k for k in range(100)]
    assert gd.diagnose(losses, norms, learning_rate=rate).kind


def test_nothing_that_is_given_is_changed() -> None:
    losses, norms = np.linspace(2, 1, 50), np.linspace(1, 0.5, 50)
    losses.flags.writeable = norms.flags.writeable = False
    gd.diagnose(losses, norms)

    def cost(theta: Any) -> float:
        theta *= 2  # a cost that works in place
        return float(theta @ theta) / 8

    points = CALM.points.copy()
    gd.diagnose(CALM, cost=cost)
    np.testing.assert_array_equal(CALM.points, points)


# --- numbers of any size, quietly ----------------------------------------------------------------


@pytest.mark.parametrize(
    "losses",
    [
        np.geomspace(1, 1e308, 40),
        np.geomspace(1e300, 1e308, 40),
        -np.geomspace(1, 1e308, 40),
        [1e308, -1e308] * 20,
        [1e-320] * 20 + [5e-324] * 20,
        [0.0] * 40,
        [*np.geomspace(1, 1e308, 40), INF],
        [1e200] * 30 + [NAN],
        [INF] * 30,
        np.r_[np.linspace(1, 0, 30), 1e200, np.zeros(10)],
    ],
)
def test_losses_of_any_size_are_judged_without_a_warning(losses: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = gd.diagnose(losses)
        both = gd.diagnose(losses, np.abs(losses))
    for text in (str(found), str(both), found._repr_html_()):
        assert "nan" not in text.replace("NaN", "")
        assert "inf" not in text


@pytest.mark.parametrize("name", gd.landscapes.catalogue)
@pytest.mark.parametrize("keep", ["path", "end"])
def test_a_diverging_run_is_diagnosed_without_a_warning(name: str, keep: Any) -> None:
    cost = gd.landscapes.catalogue[name]()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for rule in (gd.gradient_descent(3.0), gd.momentum(1.0), gd.nesterov(0.5), gd.adam(50.0)):
            run = gd.descend(cost, rule, steps=400, keep=keep)
            assert gd.diagnose(run).kind
            assert gd.diagnose(run, cost=cost).kind
            norms = np.sqrt((run.gradients / 1e160) ** 2).sum(-1)
            assert gd.diagnose(run.values, norms).kind


def test_a_slip_hides_what_gradients_say_but_not_that_the_run_ended() -> None:
    """What is left of a run with a wrong gradient: its slip first, then where it ended."""

    def climbing(theta: Any) -> Any:
        return BOWL.value(theta), -BOWL.gradient(theta)

    run = gd.descend(climbing, gd.gradient_descent(0.5), BOWL.start, steps=2000)
    kinds = [finding.kind for finding in gd.diagnose(run, cost=BOWL)]
    assert kinds == ["wrong sign", "diverged"]
    right = gd.descend(BOWL, gd.gradient_descent(0.5), steps=2000)
    assert [finding.kind for finding in gd.diagnose(right, cost=BOWL)] == [
        "diverged", "rate above 2/L",
    ]  # fmt: skip
    short = gd.descend(climbing, gd.gradient_descent(0.01), BOWL.start, steps=60)
    assert [finding.kind for finding in gd.diagnose(short, cost=BOWL)] == ["wrong sign"]


def test_every_kind_has_advice_or_is_harmless() -> None:
    for name, kind in findings.KINDS.items():
        assert kind.advice or name in findings.MARKS
        assert kind.chapter in findings.CHAPTERS
