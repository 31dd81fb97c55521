"""One run is one result: alone, as a grid's row, as a function's run, and whatever is kept."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

import gdlib as gd
from gdlib.descent import many_starts


def landscape(text: str, *start: float) -> gd.Landscape:
    return gd.Landscape.parse(text, start=start)


# Formulas whose every operation is rounded alike by `math` and by NumPy, so that runs are equal to
# the bit even where they are chaotic: sums, products, quotients, roots, and log's own slope.
EXACT = {
    "himmelblau": gd.landscapes.himmelblau(),
    "rosenbrock": gd.landscapes.rosenbrock(),
    "bowl": gd.landscapes.quadratic(condition=10),
    "log": landscape("log(x)", 1.0),
    "barrier": landscape("x - log(x)", 3.0),
    "root": landscape("sqrt(x)", 1.0),
    "pole": landscape("1/x", 1.0),
    "quartic": landscape("x**4 - x**2", 1.0),
    "cone": landscape("sqrt(x**2 + y**2)", 1.0, 1.0),
    "corner": landscape("abs(x) + max(y, 2*y)", 1.0, 1.0),
    "line": landscape("3*x - y", 1.0, 1.0),
}
RULES = ("gradient_descent", "momentum", "nesterov", "adagrad", "adam", "lion")
SCHEDULES: dict[str, Any] = {
    "none": lambda _: None,
    "falling": lambda rate: lambda k: rate / k,
    "growing": lambda rate: lambda k: rate * 1.5**k,
    "a burst": lambda rate: lambda k: 1e160 if k == 3 else rate,
    "a list": lambda rate: [rate, 0.0, 3 * rate] * 50,
}
STOPS = st.builds(
    gd.Stop,
    gradient_norm=st.sampled_from([None, 0.0, 1e-3, 1.0, 1e200]),
    value_change=st.sampled_from([None, 0.0, 1e-6]),
    point_change=st.sampled_from([None, 0.0, 1e-6]),
    patience=st.sampled_from([None, 1, 3]),
)
NUMBERS = st.one_of(st.floats(-4, 4), st.floats(-1e150, 1e150), st.sampled_from([1.0, 2.0, 1e-3]))
CASES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(sorted(EXACT)),
        "rule": st.sampled_from(RULES),
        "rate": st.sampled_from([1e-3, 0.05, 0.5, 1.5, 30.0, 1e5, 1e150]),
        "schedule": st.sampled_from(sorted(SCHEDULES)),
        "stop": st.one_of(st.none(), STOPS),
        "steps": st.integers(0, 150),
        "starts": st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4),
    }
)


def facts(run: gd.Trajectory) -> tuple[Any, ...]:
    end = (run.points[-1].tolist(), float(run.values[-1]), run.gradients[-1].tolist())
    return (str(run.status), int(run.steps), int(run.evaluations), *end)


def row(run: gd.Trajectory, i: int) -> tuple[Any, ...]:
    end = (run.points[-1, i].tolist(), float(run.values[-1, i]), run.gradients[-1, i].tolist())
    return (str(run.status[i]), int(run.steps[i]), int(run.evaluations[i]), *end)


@pytest.mark.long
@seed(20)
@settings(max_examples=300, derandomize=False)
@given(CASES)
def test_a_run_is_the_same_alone_in_a_grid_as_a_function_and_whatever_is_kept(
    case: dict[str, Any],
) -> None:
    cost = EXACT[case["name"]]
    rule = gd.optimizers.catalogue[case["rule"]](learning_rate=case["rate"])
    starts = np.array([start[: cost.n] for start in case["starts"]])
    good = np.isfinite(cost.value(starts)) & np.isfinite(cost.gradient(starts)).all(-1)
    starts = starts[good]
    options = {
        "steps": case["steps"],
        "stop": case["stop"],
        "learning_rate": SCHEDULES[case["schedule"]](case["rate"]),
    }

    def function(theta: Any) -> Any:
        return cost.value(theta), cost.gradient(theta)

    alone = []
    for start in starts:
        run = gd.descend(cost, rule, start, **options)
        alone.append(facts(run))
        assert len(run.points) == run.steps + 1
        assert np.isfinite(run.points).all()
        assert np.isfinite(run.values).all()
        assert np.isfinite(run.gradients).all()
        assert facts(gd.descend(cost, rule, start, keep="end", **options)) == alone[-1]
        assert facts(gd.descend(function, rule, start, **options)) == alone[-1]
        assert facts(gd.descend(function, rule, start, keep="end", **options)) == alone[-1]
    for keep in ("path", "end") if alone else ():
        many = gd.descend(cost, rule, starts, keep=keep, **options)
        assert [row(many, i) for i in range(len(starts))] == alone


def by_hand(start: float, rate: float, steps: int) -> tuple[str, int, float]:
    """Descend log x; where x is not positive, the logarithm is not a number."""
    x = start
    for k in range(steps):
        new = x - rate * (1 / x)
        if new <= 0:
            return "diverged", k, x
        x = new
    return "out of steps", steps, x


@pytest.mark.parametrize("steps", range(1, 12))
def test_a_run_that_leaves_the_domain_has_diverged_even_if_it_comes_back(steps: int) -> None:
    # From 1 at 1.5: x = −0.5, then 2.5. A look at the end alone would miss where there is no log.
    cost, rule = EXACT["log"], gd.gradient_descent(1.5)
    wanted = [by_hand(start, 1.5, steps) for start in (1.0, 2.0, 50.0)]
    for keep in ("path", "end"):
        run = gd.descend(cost, rule, [(1.0,), (2.0,), (50.0,)], steps=steps, keep=keep)
        status, taken, ends = (list(part) for part in zip(*wanted, strict=True))
        assert (run.status.tolist(), run.steps.tolist()) == (status, taken)
        np.testing.assert_allclose(run.end[:, 0], ends, rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "start", "rate"),
    [
        ("log(x)", 1.0, 2.0),  # the value alone is no number, at x = −1
        ("x**(3/2)", 1.0, 2 / 3),  # nothing is: at x = 0 the value and the gradient are 0
        ("sqrt(x)", 0.25, 0.25),  # the gradient alone is infinite, at x = 0
        ("tanh(10*x)", 0.0, 1e308),  # the point alone is infinite
    ],
)
def test_each_of_point_value_and_gradient_can_end_a_run(
    text: str, start: float, rate: float
) -> None:
    cost, rule = landscape(text, start), gd.gradient_descent(rate)
    status = "out of steps" if "3/2" in text else "diverged"
    runs: list[Any] = [gd.descend(cost, rule, steps=1, keep=keep) for keep in ("path", "end")]
    runs += [gd.descend(cost, rule, [(start,)], steps=1, keep=keep) for keep in ("path", "end")]
    runs += [
        gd.descend(lambda x: (cost.value(x), cost.gradient(x)), rule, [start], steps=1, keep=keep)
        for keep in ("path", "end")
    ]
    for run in runs:
        assert np.all(run.status == status)
        assert np.all(run.steps == (status != "diverged"))


@pytest.mark.parametrize("keep", ["path", "end"])
def test_an_ending_has_one_meaning_where_two_hold_at_once(keep: Any) -> None:
    bounce = gd.descend(  # at ηλ = 2 from 1 to −1: no change of value, and no new lowest one
        EXACT["bowl"], gd.gradient_descent(0.2), [(0.0, 1.0)] * 2, steps=9, keep=keep,
        stop=gd.Stop(value_change=0.0, patience=1),
    )  # fmt: skip
    assert bounce.status.tolist() == ["converged"] * 2
    assert bounce.steps.tolist() == [1, 1]
    over = gd.descend(  # the first step is out of all bounds, which is no lower value either
        EXACT["bowl"], gd.gradient_descent(1e200), [(0.0, 1.0)] * 2, steps=9, keep=keep,
        stop=gd.Stop(patience=1),
    )  # fmt: skip
    assert over.status.tolist() == ["diverged"] * 2
    assert over.steps.tolist() == [0, 0]


def test_blocks_that_end_at_different_times_keep_each_run_as_it_is_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(many_starts, "BLOCK", 2)
    cost, rule = EXACT["bowl"], gd.gradient_descent(0.05)
    starts = np.array([(1e-3, 0.0), (0.0, 1e-3), (2.0, 1.0), (1.0, 3.0), (0.01, 0.01)])
    stop = gd.Stop(gradient_norm=1e-3)
    many = gd.descend(cost, rule, starts, steps=500, stop=stop)
    longest = 0
    for i, start in enumerate(starts):
        one = gd.descend(cost, rule, start, steps=500, stop=stop)
        longest = max(longest, one.steps)
        np.testing.assert_array_equal(many.points[: one.steps + 1, i], one.points)
        np.testing.assert_array_equal(many.points[one.steps :, i] - one.end, 0)  # and stays there
        np.testing.assert_array_equal(many.values[: one.steps + 1, i], one.values)
        np.testing.assert_array_equal(many.gradients[one.steps :, i] - one.gradients[-1], 0)
    assert len(many.points) == longest + 1


def test_a_start_without_a_finite_cost_is_refused_before_any_block_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(many_starts, "BLOCK", 1)
    cost, rule = EXACT["log"], gd.gradient_descent(0.1)
    stops = (None, gd.Stop(patience=3))
    for keep in ("path", "end"):
        for stop in stops:
            for start in ([(1.0,), (-2.0,)], (-2.0,)):
                with pytest.raises(ValueError, match=r"at the start; at \(-2.0,\) they are nan"):
                    gd.descend(cost, rule, start, steps=0, keep=keep, stop=stop)
            with pytest.raises(ValueError, match=r"at the start; at \(-2.0,\) they are nan"):
                gd.descend(
                    lambda x: (math.nan if x[0] < 0 else math.log(x[0]), 1 / x),
                    rule, [-2.0], steps=0, keep=keep, stop=stop,
                )  # fmt: skip


@pytest.mark.parametrize("scale", [1e-200, 1e-3, 1.0, 1e160, 1e200])
def test_the_size_of_a_gradient_is_measured_without_overflow_or_underflow(scale: float) -> None:
    # J = s·(3x + 4y) has ‖g‖ = 5s everywhere.
    def slope(theta: Any) -> Any:
        return scale * (3 * theta[0] + 4 * theta[1]), scale * np.array([3.0, 4.0])

    for tolerance, status in ((5.01 * scale, "converged"), (4.99 * scale, "out of steps")):
        stop = gd.Stop(gradient_norm=tolerance)
        run = gd.descend(slope, gd.gradient_descent(1e-9 / scale), [1.0, 1.0], steps=2, stop=stop)
        assert run.status == status


@pytest.mark.parametrize("scale", [1e-190, 1.0, 1e155])
def test_so_is_a_moves_length(scale: float) -> None:
    def slope(theta: Any) -> Any:
        return 0.0 * theta[0], np.array([3.0, 4.0])

    for tolerance, status in ((5.01 * scale, "converged"), (4.99 * scale, "out of steps")):
        stop = gd.Stop(point_change=tolerance)
        run = gd.descend(slope, gd.gradient_descent(scale), [0.0, 0.0], steps=2, stop=stop)
        assert run.status == status


def test_a_function_whose_arithmetic_overflows_in_python_diverges_too() -> None:
    climbing = gd.descend(
        lambda x: (math.exp(float(x) ** 2), 2 * x * math.exp(float(x) ** 2)),
        gd.gradient_descent(1.0), 1.0, steps=9,
    )  # fmt: skip
    assert climbing.status == "diverged"
    assert math.isfinite(climbing.values[-1])


def test_where_math_raises_but_the_formula_is_finite_a_run_goes_on() -> None:
    # math.exp(1000) raises; NumPy's is ∞, and the slope that is divided by it 0.
    cost = landscape("1/(1 + exp(x))", 1.0)
    one = gd.descend(cost, gd.gradient_descent(1e4), steps=30)
    many = gd.descend(cost, gd.gradient_descent(1e4), [(1.0,)], steps=30)
    assert one.status == many.status[0]
    assert one.steps == many.steps[0]
    np.testing.assert_allclose(one.end, many.end[0], rtol=1e-12)
