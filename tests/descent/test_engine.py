"""Runs: how they start, stop, diverge and are kept; one start, a grid, any function."""

from __future__ import annotations

import re
import tracemalloc
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.descent import many_starts

STEEP = gd.landscapes.quadratic(condition=10)


def test_on_a_quadratic_each_coordinate_shrinks_by_its_own_factor() -> None:
    run = gd.descend(STEEP, gd.gradient_descent(0.15), (1.0, 1.0), steps=30)
    k = np.arange(31)[:, None]
    np.testing.assert_allclose(run.points, (1 - 0.15 * np.array([1.0, 10.0])) ** k, rtol=1e-12)


def test_values_and_gradients_belong_to_the_points() -> None:
    landscape = gd.landscapes.beale()
    run = gd.descend(landscape, gd.adam(0.01), steps=50)
    np.testing.assert_array_equal(run.values, landscape.value(run.points))
    np.testing.assert_array_equal(run.gradients, landscape.gradient(run.points))
    assert run.evaluations == run.steps == 50


def test_no_steps_is_a_run_of_one_point() -> None:
    run = gd.descend(STEEP, gd.adam(), steps=0)
    assert run.points.tolist() == [[2.0, 1.0]]
    assert run.status == "out of steps"


@pytest.mark.parametrize("rate", [0.21, 1.0, 1e3, 1e200])
@pytest.mark.parametrize("start", [(2.0, 1.0), [(2.0, 1.0), (0.5, -0.25), (0.0, 0.0)]])
@pytest.mark.parametrize("keep", ["path", "end"])
def test_a_diverging_run_ends_quietly_at_its_last_finite_point(
    rate: float, start: Any, keep: Any
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = gd.descend(STEEP, gd.gradient_descent(rate), start, steps=10_000, keep=keep)
    assert np.isfinite(run.points).all()
    assert np.isfinite(run.values).all()
    assert np.isfinite(run.gradients).all()
    status, steps = np.atleast_1d(run.status), np.atleast_1d(run.steps)
    assert (status[:2] == "diverged").all()
    assert 0 <= steps[0] < 10_000
    assert (status[2:] == "out of steps").all()  # a run that starts in the minimum stays there


def test_the_last_point_before_divergence_is_the_last_finite_one() -> None:
    run = gd.descend(STEEP, gd.gradient_descent(1.0), steps=1000)
    np.testing.assert_allclose(run.points[:, 1], (-9.0) ** np.arange(run.steps + 1), rtol=1e-12)
    with np.errstate(over="ignore"):
        following = run.end - STEEP.gradient(run.end)
        assert not np.isfinite(10 * following[1] ** 2)


@pytest.mark.parametrize("text", ["exp(x**2)", "log(x)", "1/x", "x**3", "sqrt(x)"])
def test_overflow_inside_a_function_is_divergence_too(text: str) -> None:
    landscape = gd.Landscape.parse(text, start=(1.0,))
    one = gd.descend(landscape, gd.gradient_descent(50.0), steps=500)
    many = gd.descend(landscape, gd.gradient_descent(50.0), [(1.0,)], steps=500)
    assert one.status == many.status[0]
    assert one.steps == many.steps[0]
    np.testing.assert_allclose(one.points, many.points[:, 0], rtol=1e-12)


@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_one_start_a_grid_and_a_function_take_the_same_path(name: str) -> None:
    landscape = gd.landscapes.himmelblau()
    optimizer = gd.optimizers.catalogue[name](learning_rate=0.005)
    starts = np.random.default_rng(3).uniform(-4, 4, (3, 2))
    many = gd.descend(landscape, optimizer, starts, steps=60)
    for i, start in enumerate(starts):
        one = gd.descend(landscape, optimizer, start, steps=60)
        called = gd.descend(
            lambda t: (landscape.value(t), landscape.gradient(t)), optimizer, start, steps=60
        )
        np.testing.assert_allclose(many.points[:, i], one.points, rtol=1e-12)
        np.testing.assert_allclose(called.points, one.points, rtol=1e-12)


def test_a_grid_larger_than_a_block_and_of_two_axes_keeps_its_shape() -> None:
    starts = np.random.default_rng(0).uniform(-1, 1, (3, many_starts.BLOCK // 2, 2))
    run = gd.descend(STEEP, gd.momentum(0.01), starts, steps=3)
    assert run.points.shape == (4, *starts.shape)
    assert run.status.shape == run.steps.shape == starts.shape[:-1]
    last = gd.descend(STEEP, gd.momentum(0.01), starts[2, -1], steps=3)
    np.testing.assert_allclose(run.points[:, 2, -1], last.points, rtol=1e-13)


def test_keeping_only_the_end_gives_the_end_of_the_path() -> None:
    starts = np.random.default_rng(0).uniform(-3, 3, (50, 2))
    landscape = gd.landscapes.himmelblau()
    for start in (starts, starts[0]):
        path = gd.descend(landscape, gd.adam(0.05), start, steps=300)
        end = gd.descend(landscape, gd.adam(0.05), start, steps=300, keep="end")
        assert end.points.shape == (1, *np.shape(start))
        np.testing.assert_array_equal(end.end, path.end)
        np.testing.assert_array_equal(end.values[-1], path.values[-1])


def test_memory_does_not_grow_with_the_steps_when_only_the_end_is_kept() -> None:
    starts = np.random.default_rng(0).uniform(-3, 3, (20_000, 2))

    def peak(steps: int) -> int:
        tracemalloc.start()
        gd.descend(gd.landscapes.himmelblau(), gd.adam(0.01), starts, steps=steps, keep="end")
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(2)
    assert peak(400) < 1.2 * peak(100)


def test_the_gradient_rule_stops_at_the_first_flat_point() -> None:
    run = gd.descend(
        STEEP, gd.gradient_descent(0.1), steps=10_000, stop=gd.Stop(gradient_norm=1e-3)
    )
    norms = np.linalg.norm(run.gradients, axis=-1)
    assert run.status == "converged"
    assert norms[-1] <= 1e-3
    assert (norms[:-1] > 1e-3).all()


def test_a_run_that_starts_flat_takes_no_step() -> None:
    stop = gd.Stop(gradient_norm=1e-9)
    run = gd.descend(STEEP, gd.adam(), (0.0, 0.0), steps=50, stop=stop)
    many = gd.descend(STEEP, gd.adam(0.1), [(0.0, 0.0), (1.0, 1.0)], steps=50, stop=stop)
    assert (run.steps, run.status) == (0, "converged")
    assert many.steps.tolist() == [0, 50]


def test_rules_on_the_change_compare_neighbouring_points_across_chunks() -> None:
    rules: dict[str, Any] = {"value_change": 1e-7, "point_change": 1e-5}
    for rule, change in rules.items():
        run = gd.descend(
            gd.landscapes.rosenbrock(),
            gd.gradient_descent(0.001),
            steps=50_000,
            stop=gd.Stop(**{rule: rules[rule]}),
        )
        changes = (
            np.abs(np.diff(run.values)) if rule == "value_change"
            else np.linalg.norm(np.diff(run.points, axis=0), axis=-1)
        )  # fmt: skip
        assert run.status == "converged"
        assert run.steps > 300
        assert changes[-1] <= change
        assert (changes[:-1] > change).all()


def test_patience_ends_a_run_that_no_longer_improves() -> None:
    run = gd.descend(
        STEEP, gd.gradient_descent(0.2), (0.0, 1.0), steps=1000, stop=gd.Stop(patience=7)
    )
    assert run.status == "stalled"  # at ηλ = 2 it bounces for ever between ±1
    assert run.steps == 7


def test_in_a_grid_each_run_stops_by_itself_as_it_would_alone() -> None:
    stop = gd.Stop(gradient_norm=1e-4, patience=40)
    starts = np.random.default_rng(1).uniform(-4, 4, (20, 2))
    landscape = gd.landscapes.himmelblau()
    for keep in ("path", "end"):
        many = gd.descend(landscape, gd.momentum(0.005), starts, steps=2000, stop=stop, keep=keep)
        for i, start in enumerate(starts):
            one = gd.descend(landscape, gd.momentum(0.005), start, steps=2000, stop=stop)
            assert (many.steps[i], many.status[i]) == (one.steps, one.status)
            np.testing.assert_allclose(many.end[i], one.end, rtol=1e-12)


def test_a_schedule_as_function_or_sequence_replaces_the_rate() -> None:
    run = gd.descend(
        STEEP, gd.gradient_descent(9.0), (1.0, 0.0), steps=4, learning_rate=lambda k: 1 / (k + 1)
    )
    np.testing.assert_allclose(run.points[:, 0], np.cumprod([1, 1 / 2, 2 / 3, 3 / 4, 4 / 5]))
    same = gd.descend(
        STEEP,
        gd.gradient_descent(9.0),
        (1.0, 0.0),
        steps=4,
        learning_rate=[1 / 2, 1 / 3, 1 / 4, 1 / 5, 9],
    )
    np.testing.assert_array_equal(same.points, run.points)
    many = gd.descend(
        STEEP, gd.gradient_descent(9.0), [(1.0, 0.0)], steps=4, learning_rate=lambda k: 1 / (k + 1)
    )
    np.testing.assert_array_equal(many.points[:, 0], run.points)


def test_a_constant_schedule_is_the_constant_rate() -> None:
    for make in gd.optimizers.catalogue.values():
        plain = gd.descend(gd.landscapes.beale(), make(learning_rate=0.003), steps=40)
        scheduled = gd.descend(
            gd.landscapes.beale(), make(learning_rate=0.5), steps=40, learning_rate=[0.003] * 40
        )
        np.testing.assert_allclose(scheduled.points, plain.points, rtol=1e-13)


def test_a_function_may_take_any_shape() -> None:
    target = np.arange(6.0).reshape(2, 3)
    run = gd.descend(
        lambda t: (((t - target) ** 2).sum() / 2, t - target),
        gd.adam(0.1),
        np.zeros((2, 3)),
        steps=2000,
    )
    np.testing.assert_allclose(run.end, target, atol=1e-6)
    assert run.points.shape == (2001, 2, 3)


def test_a_function_that_blows_up_diverges() -> None:
    run = gd.descend(lambda t: (t**4, 4 * t**3), gd.gradient_descent(1.0), 3.0, steps=100)
    assert run.status == "diverged"
    assert np.isfinite(run.values).all()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"cost": 3}, TypeError, "the cost must be a Landscape or a function, not int"),
        ({"optimizer": gd.adam}, TypeError, "one like gd.adam(), not 'adam'"),
        ({"optimizer": "adam"}, TypeError, "one like gd.adam(), not 'adam'"),
        ({"steps": -1}, ValueError, "steps must be at least 0, not -1"),
        ({"steps": 1.5}, TypeError, "steps must be a whole number, not 1.5"),
        ({"steps": True}, TypeError, "steps must be a whole number, not True"),
        ({"keep": "all"}, ValueError, 'keep must be "path" or "end"'),
        ({"stop": 1e-6}, TypeError, "stop must be a gd.Stop(...), not 1e-06"),
        ({"start": (1.0, 2.0, 3.0)}, ValueError, "start must be of shape (..., 2), not (3,)"),
        ({"start": (np.nan, 0.0)}, ValueError, "start must be finite, not nan at index 0"),
        (
            {"start": np.empty((0, 2))},
            ValueError,
            "start must hold at least one point, not an array of shape (0, 2)",
        ),
        ({"start": [[1, 2], [3]]}, ValueError, "rows of different lengths"),
        (
            {"cost": gd.Landscape.parse("sqrt(x) + y**2", name="edge"), "start": (0.0, 0.0)},
            ValueError,
            "edge must have a finite value and gradient at the start; at (0.0, 0.0)",
        ),
        (
            {
                "cost": gd.Landscape.parse("sqrt(x) + y**2", name="edge"),
                "start": [(1.0, 1.0), (0.0, 0.0)],
            },
            ValueError,
            "edge must have a finite value and gradient at the start; at (0.0, 0.0)",
        ),
        (
            {"cost": lambda t: (np.inf, t), "start": [1.0]},
            ValueError,
            "the cost must have a finite value and gradient at the start; at (1.0,) they are inf",
        ),
        (
            {"learning_rate": [0.1]},
            ValueError,
            "learning_rate must hold 100 rates, one a step, not 1",
        ),
        (
            {"learning_rate": lambda _: -0.1},
            ValueError,
            "learning_rate at step 1 must be at least 0 and finite, not -0.1",
        ),
        (
            {"learning_rate": lambda _: np.nan},
            ValueError,
            "learning_rate at step 1 must be at least 0 and finite, not nan",
        ),
        ({"cost": lambda t: (0.0, t)}, TypeError, "needs a start"),
        (
            {"cost": lambda _: 0.0, "start": 1.0},
            TypeError,
            "must return (value, gradient), not float",
        ),
        (
            {"cost": lambda t: (bool(t > 0), t), "start": 1.0},
            TypeError,
            "the cost's value must be a number, not True",
        ),
        (
            {"cost": lambda t: (t, t), "start": [1.0, 2.0]},
            ValueError,
            "one number, not an array of shape (2,)",
        ),
        (
            {"cost": lambda t: (0.0, t[:1]), "start": [1.0, 2.0]},
            ValueError,
            "θ's shape (2,), not (1,)",
        ),
        (
            {"cost": lambda t: (0.0, t), "start": [np.inf]},
            ValueError,
            "start must be finite, not inf at index 0",
        ),
    ],
)
def test_mistakes_are_refused_before_the_first_step(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    defaults: dict[str, Any] = {"cost": STEEP, "optimizer": gd.gradient_descent(0.1)}
    with pytest.raises(error, match=re.escape(message)):
        gd.descend(**(defaults | arguments))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: gd.gradient_descent(0),
            ValueError,
            "learning_rate must be positive and finite, not 0",
        ),
        (lambda: gd.gradient_descent(-0.1), ValueError, "learning_rate must be positive"),
        (lambda: gd.adam(float("nan")), ValueError, "learning_rate must be positive"),
        (lambda: gd.adam(float("inf")), ValueError, "learning_rate must be positive"),
        (lambda: gd.adam(None), TypeError, "learning_rate must be a number (positive and finite)"),  # type: ignore[arg-type]
        (lambda: gd.momentum(0.1, decay=1.0), ValueError, "decay must be at least 0 and below 1"),
        (lambda: gd.rmsprop(0.1, decay=-0.1), ValueError, "decay must be at least 0 and below 1"),
        (lambda: gd.adam(beta2=1.5), ValueError, "beta2 must be at least 0 and below 1, not 1.5"),
        (lambda: gd.adam(epsilon=-1e-8), ValueError, "epsilon must be at least 0"),
        (lambda: gd.adamw(weight_decay=-1), ValueError, "weight_decay must be at least 0"),
        (lambda: gd.Stop(gradient_norm=-1), ValueError, "gradient_norm must be at least 0"),
        (lambda: gd.Stop(patience=0), ValueError, "patience must be at least 1"),
    ],
)
def test_hyperparameters_out_of_range_are_refused(
    make: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        make()


def test_a_trajectory_prints_without_addresses() -> None:
    run = gd.descend(STEEP, gd.gradient_descent(0.1), steps=3)
    assert repr(run) == f"Trajectory(out of steps after 3 steps, J = {run.values[-1]:.6g})"
    many = gd.descend(STEEP, gd.gradient_descent(0.3), [(1, 1), (0, 0)], steps=2000)
    assert repr(many) == "Trajectory(2 runs: {'diverged': 1, 'out of steps': 1})"


LOOSE: Any = gd
"""The package, to call as the type checker would not let us."""


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (
            lambda: LOOSE.descend(gd.landscapes.booth, gd.adam(), [1, 2]),
            r"gd\.landscapes\.booth\(\)",
        ),
        (lambda: LOOSE.descend(gd.landscapes.booth(), gd.adam(), [1, 2j]), "real numbers"),
        (lambda: LOOSE.descend(gd.landscapes.booth(), gd.adam(), "ab"), "must be numbers"),
        (lambda: LOOSE.descend(gd.landscapes.booth(), gd.adam(), learning_rate=0.1), "not 0.1"),
        (lambda: LOOSE.descend(gd.landscapes.booth(), gd.adam(), learning_rate="cos"), "not 'cos'"),
        (lambda: LOOSE.Stop(gradient_norm="small"), "must be a number"),
        (lambda: LOOSE.backtracking(lambda x: x), "takes a Landscape, not function"),
        (
            lambda: LOOSE.numerical_gradient(
                gd.landscapes.booth().value, [1.0, 2.0], method="complex"
            ),
            "real numbers",
        ),
    ],
)
def test_a_slip_of_a_reader_is_answered_in_words(mistake: Callable[[], Any], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        mistake()


@pytest.mark.parametrize("keep", ["path", "end"])
def test_starts_are_looked_at_once(keep: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    def counted(look: Callable[..., Any]) -> Callable[..., Any]:
        def run(self: Any, points: Any) -> Any:
            looks.append(points.size)
            return look(self, points)

        return run

    for kind in (gd.Landscape, gd.LeastSquares):
        monkeypatch.setattr(kind, "value_and_gradient", counted(kind.value_and_gradient))
    wild = gd.Landscape.parse("exp(x)", start=(1.0,))  # infinite somewhere within any radius
    gd.descend(wild, gd.adam(), [(1.0,), (2.0,), (3.0,)], steps=0, keep=keep)
    gd.descend(wild, gd.adam(), steps=0, keep=keep)
    line, far = gd.problems.noisy_line(5), (1e200, 0.0)  # where a step could overflow the next
    with pytest.raises(ValueError, match="start"):
        gd.descend_batches(line, gd.adam(), far, batch_size=1, epochs=0, seed=0, keep=keep)
    far = (1e150, 0.0)
    gd.descend_batches(line, gd.adam(), far, batch_size=1, epochs=0, seed=0, keep=keep)
    assert looks == [3, 1, 2, 2]


@pytest.mark.parametrize(("keep", "stop", "looks"), [("end", None, 1), ("end", gd.Stop(), 5)])
def test_where_nothing_can_end_a_run_its_cost_is_asked_for_once(
    keep: Any, stop: Any, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end; else at the start and after each 64 of 200 steps."""
    asked: list[int] = []

    def counted(self: gd.Landscape, points: Any, ask: Any = gd.Landscape.value_and_gradient) -> Any:
        asked.append(len(points))
        return ask(self, points)

    monkeypatch.setattr(gd.Landscape, "value_and_gradient", counted)
    rule = gd.gradient_descent(0.01)
    gd.descend(gd.landscapes.booth(), rule, np.ones((4, 2)), steps=200, keep=keep, stop=stop)
    assert len(asked) == looks
