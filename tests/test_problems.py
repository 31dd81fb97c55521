"""Costs over data and descent on batches, against formulas, differences and theory."""

from __future__ import annotations

import pickle
import re
from functools import partial
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib import problems
from gdlib.problems import LinearModel

LINE = gd.problems.noisy_line(60, seed=1)
CLOUDS = gd.problems.two_clouds(40, l2=0.1, seed=1)
PROBLEMS = [LINE, CLOUDS]


def points(problem: LinearModel) -> Any:
    return np.random.default_rng(0).normal(size=(6, problem.n))


def _entry(problem: LinearModel, i: int, theta: Any) -> Any:
    return problem.gradient(theta)[i]


def test_least_squares_is_half_the_mean_squared_residual() -> None:
    theta = np.array([0.3, -1.2])
    residual = LINE.features @ theta - LINE.targets
    assert LINE.value(theta) == pytest.approx((residual**2).mean() / 2)
    np.testing.assert_allclose(LINE.gradient(theta), LINE.features.T @ residual / 60)


def test_logistic_regression_is_the_mean_negative_log_likelihood() -> None:
    theta = np.array([0.7, -0.2])
    p = 1 / (1 + np.exp(-CLOUDS.features @ theta))
    likelihood = np.where(CLOUDS.targets == 1, p, 1 - p)
    expected = -np.log(likelihood).mean() + 0.05 * theta @ theta
    assert CLOUDS.value(theta) == pytest.approx(expected)


def test_a_gradient_over_more_rows_than_a_cache_holds_is_still_the_mean_over_all() -> None:
    rows = 2 * (problems.BLOCK // 3) + 7
    rng = np.random.default_rng(0)
    features, targets = rng.normal(size=(rows, 3)), rng.normal(size=rows)
    theta = np.array([0.5, -1.0, 2.0])
    expected = features.T @ (features @ theta - targets) / rows
    np.testing.assert_allclose(gd.LeastSquares(features, targets).gradient(theta), expected)


@pytest.mark.parametrize("problem", PROBLEMS, ids=repr)
def test_gradients_and_hessians_are_the_derivatives_of_the_value(problem: LinearModel) -> None:
    for theta in points(problem):
        estimate = gd.numerical_gradient(problem.value, theta)
        np.testing.assert_allclose(problem.gradient(theta), estimate, atol=1e-8)
        hessian = [gd.numerical_gradient(partial(_entry, problem, i), theta) for i in (0, 1)]
        np.testing.assert_allclose(problem.hessian(theta), hessian, atol=1e-8)


@pytest.mark.parametrize("problem", PROBLEMS, ids=repr)
def test_the_formula_of_a_problem_equals_its_vectorised_form(problem: LinearModel) -> None:
    landscape = problem.landscape(bounds=((-3, 3), (-3, 3)), start=(0, 0))
    theta = points(problem)
    np.testing.assert_allclose(landscape.value(theta), problem.value(theta), rtol=1e-12)
    np.testing.assert_allclose(landscape.gradient(theta), problem.gradient(theta), atol=1e-12)
    np.testing.assert_allclose(landscape.hessian(theta[0]), problem.hessian(theta[0]), rtol=1e-10)


def test_logistic_regression_is_safe_for_huge_scores() -> None:
    value, gradient = CLOUDS(np.array([1e4, -1e4]))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


def test_the_closed_form_minimum_has_no_gradient_and_descent_finds_it() -> None:
    np.testing.assert_allclose(LINE.gradient(LINE.minimum), 0, atol=1e-14)
    run = gd.descend(LINE, gd.gradient_descent(0.5), np.zeros(2), steps=500)
    np.testing.assert_allclose(run.end, LINE.minimum, atol=1e-12)


def test_chosen_rows_give_the_mean_over_those_rows() -> None:
    theta = np.array([0.5, 0.5])
    alone = [LINE.gradient(theta, [i]) for i in range(60)]
    np.testing.assert_allclose(np.mean(alone, axis=0), LINE.gradient(theta))
    np.testing.assert_allclose(LINE.gradient(theta, [3, 8]), (alone[3] + alone[8]) / 2)
    np.testing.assert_allclose(LINE.gradient(theta, slice(3, 5)), (alone[3] + alone[4]) / 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: gd.LeastSquares([1.0, 2.0], [1.0, 2.0]), "features must be of shape (rows, para"),
        (lambda: gd.LeastSquares(np.ones((3, 2)), np.ones(2)), "shape (3,), not (2,)"),
        (
            lambda: gd.LeastSquares([[np.nan]], [1.0]),
            "features must be finite, not nan at index (0, 0)",
        ),
        (
            lambda: gd.LogisticRegression([[1.0], [2.0]], [-1, 1]),
            "labels must be 0 or 1, not -1",
        ),
        (lambda: gd.LogisticRegression([[1.0]], [1], l2=-1), "l2 must be at least 0"),
        (lambda: LINE.value([1.0, 2.0, 3.0]), "takes points of shape (..., 2), not (3,)"),
        (lambda: LINE.gradient([1.0, 2.0], []), "rows must name at least one row"),
        (lambda: problems.noisy_line(noise=1e200), "noise must be at least 0 and at most 1e+100"),
        (lambda: problems.two_clouds(10**400), "the rows of two_clouds must fit into 1 GiB"),
        (
            lambda: gd.problems.noisy_line(1001).landscape(((-1, 1), (-1, 1)), (0, 0)),
            "at most 2,000 numbers of features out, not 2,002",
        ),
    ],
)
def test_data_of_the_wrong_form_are_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_masked_data_are_refused_whose_hidden_outliers_would_spoil_the_fit() -> None:
    x = np.ma.masked_greater([0.0, 1.0, 2.0, 1e9], 1e6)
    features, targets = np.ma.column_stack([np.ones(4), x]), 3 + 5 * x
    for make in (
        lambda: gd.LeastSquares(features, targets.filled(0)),
        lambda: gd.LeastSquares(features.filled(0), targets),
        lambda: LINE.value(features[0]),
        lambda: LINE.gradient([0.0, 0.0], np.ma.masked_array([0, 1], [True, False])),
    ):
        with pytest.raises(TypeError, match="must not be a masked array"):
            make()
    kept = gd.LeastSquares(features[:3].filled(), targets[:3].filled())
    np.testing.assert_allclose(kept.minimum, [3.0, 5.0], rtol=1e-12)


class Table:
    """A stand-in for a DataFrame or a Series: no array, but with a way to become one."""

    def __init__(self, values: Any) -> None:
        self.values = np.asarray(values)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.values if dtype is None else self.values.astype(dtype)


def test_data_of_any_form_give_the_same_problem() -> None:
    features = [[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]
    targets = [1.0, 3.0, 6.0]
    plain = gd.LeastSquares(features, targets)
    frozen = np.array(features)
    frozen.setflags(write=False)
    forms: list[tuple[Any, Any]] = [
        (np.array(features, np.float32), np.array(targets, np.float16)),
        (np.array(features, int), np.array(targets, np.uint8)),
        (frozen, tuple(targets)),
        (np.asfortranarray(features), [np.float32(t) for t in targets]),
        (Table(features), Table(targets)),
        ([[True, False], [True, True], [True, 2]], targets),
    ]
    for x, y in forms:
        problem = gd.LeastSquares(x, y)
        np.testing.assert_array_equal(problem.minimum, plain.minimum)
        np.testing.assert_array_equal(problem.gradient([1.0, 2.0]), plain.gradient([1.0, 2.0]))
    theta = np.array([1.0, 2.0], np.float32)
    assert plain.value(Table(theta)) == plain.value(theta) == plain.value([1, 2])


def test_data_frames_and_series_are_data() -> None:
    pandas: Any = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"one": [1.0, 1.0, 1.0], "x": [0, 1, 2]})
    problem = gd.LeastSquares(frame, pandas.Series([1.0, 3.0, 6.0]))
    np.testing.assert_array_equal(
        problem.gradient(pandas.Series([1.0, 2.0]), pandas.Series([True, False, True])),
        problem.gradient([1.0, 2.0], [0, 2]),
    )


@pytest.mark.parametrize("wrap", [np.asarray, Table, memoryview])
def test_a_problem_keeps_its_data_when_the_readers_arrays_change(wrap: Any) -> None:
    features, targets = np.array([[1.0, 0.0], [1.0, 2.0]]), np.array([1.0, 5.0])
    problem = gd.LeastSquares(wrap(features), wrap(targets))
    features[:], targets[:] = 7.0, 7.0
    np.testing.assert_allclose(problem.minimum, [1.0, 2.0])
    sent = pickle.loads(pickle.dumps(problem))
    for kept in (problem.features, problem.targets, sent.features, sent.targets):
        with pytest.raises(ValueError, match="read-only"):
            kept[0] = 0.0


@pytest.mark.parametrize("problem", PROBLEMS, ids=repr)
def test_the_complex_step_finds_the_gradient_and_the_hessian(problem: LinearModel) -> None:
    for theta in [*points(problem), np.array([300.0, -900.0])]:
        estimate = gd.numerical_gradient(problem.value, theta, method="complex")
        np.testing.assert_allclose(problem.gradient(theta), estimate, rtol=1e-12, atol=1e-14)
        hessian = [
            gd.numerical_gradient(partial(_entry, problem, i), theta, method="complex")
            for i in (0, 1)
        ]
        np.testing.assert_allclose(problem.hessian(theta), hessian, rtol=1e-11, atol=1e-14)


def test_rows_are_chosen_by_numbers_slices_and_masks() -> None:
    theta, wanted = np.array([0.5, 0.5]), [1, 4, 5]
    rows: Any
    mask = np.isin(np.arange(60), wanted)
    expected = LINE.features[wanted].T @ (LINE.features[wanted] @ theta - LINE.targets[wanted]) / 3
    for rows in (wanted, np.array(wanted, np.uint8), Table(wanted), mask, mask.tolist()):
        np.testing.assert_allclose(LINE.gradient(theta, rows), expected, rtol=1e-14)
    assert LINE.value(theta, range(3)) == LINE.value(theta, slice(3))
    assert LINE.value(theta, [7, 7]) == LINE.value(theta, [7])


@pytest.mark.parametrize(
    ("rows", "error", "words"),
    [
        ((), ValueError, "rows must name at least one row"),
        (slice(5, 5), ValueError, "rows must name at least one row"),
        (np.zeros(60, bool), ValueError, "rows must name at least one row"),
        (True, TypeError, "whole numbers from 0 to 59, not True"),
        (3, TypeError, "whole numbers from 0 to 59, not 3"),
        ([0.0, 1.0], TypeError, "whole numbers from 0 to 59, not [0.0, 1.0]"),
        ([0, 60], ValueError, "whole numbers from 0 to 59, not 60"),
        ([-1, 60], ValueError, "whole numbers from 0 to 59, not -1"),
        ([True, False], ValueError, "a mask of shape (60,), or"),
        ([[0, 1]], TypeError, "not [[0, 1]]"),
        ("01", TypeError, "rows must be numbers"),
        (slice("a", None), TypeError, "rows must be a slice"),
        (slice(None, None, 0), TypeError, "rows must be a slice"),
        ([0, [1]], ValueError, "rows must be a regular array"),
        ({0, 1}, TypeError, "rows must be numbers"),
    ],
)
def test_a_wrong_choice_of_rows_is_refused(rows: Any, error: type[Exception], words: str) -> None:
    for ask in (LINE.value, LINE.gradient):
        with pytest.raises(error, match=re.escape(words)):
            ask([1.0, 2.0], rows)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: gd.LeastSquares([[1j]], [1.0]), "features must be real numbers"),
        (lambda: gd.LeastSquares([["1"]], [1.0]), "features must be numbers"),
        (lambda: gd.LogisticRegression([[1.0]], [None]), "labels must be numbers, not None"),  # type: ignore[arg-type]
        (lambda: gd.LogisticRegression([[1.0]], [1], l2="1"), "l2 must be a number"),  # type: ignore[arg-type]
        (lambda: LINE.value([1.0, "2"]), "theta must be numbers"),  # type: ignore[arg-type]
        (lambda: LINE.points([1j, 0]), "theta must be real numbers"),
        (lambda: LINE.hessian([1j, 0]), "theta must be real numbers"),
        (lambda: problems.noisy_line(10.0), "rows must be a whole number"),  # type: ignore[arg-type]
        (lambda: problems.noisy_line(seed=None), "seed must be a whole number, not None"),  # type: ignore[arg-type]
        (lambda: problems.two_clouds(seed=np.random.default_rng(0)), "not a Generator"),  # type: ignore[arg-type]
        (lambda: problems.two_clouds(distance="2"), "distance must be a number"),  # type: ignore[arg-type]
        (lambda: problems.sigmoid("2"), "scores must be numbers"),
    ],
)
def test_another_kind_of_thing_is_refused(make: Any, words: str) -> None:
    with pytest.raises(TypeError, match=re.escape(words)):
        make()


def test_a_cost_far_out_overflows_quietly() -> None:
    assert LINE.value([1e300, 1e300]) == np.inf
    assert CLOUDS.value([1e200, 0.0]) == np.inf
    large = gd.LeastSquares([[1e200]], [1.0])
    assert large.hessian([0.0]) == [[np.inf]]
    with pytest.raises(ValueError, match="must have a finite Hessian"):
        large.spectrum([0.0])


def test_the_labels_of_two_clouds_take_turns_and_their_centres_are_the_distance_apart() -> None:
    clouds = gd.problems.two_clouds(20_000, distance=4.0, seed=3)
    assert clouds.targets.tolist() == [0.0, 1.0] * 10_000
    centres = [clouds.features[clouds.targets == label].mean(axis=0) for label in (0, 1)]
    assert np.linalg.norm(centres[1] - centres[0]) == pytest.approx(4.0, abs=0.05)
    assert (centres[1] > 0).all()
    assert (centres[0] < 0).all()


@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_a_batch_of_all_rows_is_batch_gradient_descent_to_the_bit(name: str) -> None:
    optimizer = gd.optimizers.catalogue[name](learning_rate=0.05)
    for problem in PROBLEMS:
        plain = gd.descend(problem, optimizer, np.zeros(2), steps=40)
        batches = gd.descend_batches(problem, optimizer, batch_size=problem.rows, epochs=40, seed=9)
        np.testing.assert_array_equal(batches.points, plain.points)


@pytest.mark.parametrize("size", [1, 7, 60])
def test_every_epoch_uses_each_row_once_and_a_smaller_last_batch(size: int) -> None:
    seen: list[float] = []

    class Spy(gd.LeastSquares):
        def mean_gradient(self, theta: Any, features: Any, targets: Any) -> Any:
            seen.extend(targets.tolist())
            return super().mean_gradient(theta, features, targets)

    spy = Spy(LINE.features, LINE.targets)
    run = gd.descend_batches(spy, gd.gradient_descent(0.1), batch_size=size, epochs=2, seed=0)
    seen = seen[60:180]  # before it: the whole cost at the start; after it, along the path
    assert sorted(seen[:60]) == sorted(seen[60:]) == sorted(LINE.targets.tolist())
    assert (seen[:60] != seen[60:]) == (size < 60)
    sizes = np.diff(run.samples)
    assert run.samples[-1] == 120
    assert sizes.max() == size
    assert sizes[-1] == (60 % size or size)


def test_the_same_seed_gives_the_same_run() -> None:
    runs = [
        gd.descend_batches(LINE, gd.gradient_descent(0.1), batch_size=8, epochs=2, seed=s).points
        for s in (5, 5, 6)
    ]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_batches_drawn_with_replacement_repeat_rows() -> None:
    run = gd.descend_batches(
        LINE, gd.gradient_descent(0.1), batch_size=7, epochs=3, seed=0, replacement=True
    )
    assert set(np.diff(run.samples)) == {7}
    once = gd.descend_batches(LINE, gd.gradient_descent(0.1), batch_size=7, epochs=3, seed=0)
    assert not np.array_equal(run.points[:5], once.points[:5])


def test_the_mini_batch_gradient_is_unbiased_with_the_variance_of_theory() -> None:
    # Var = s²/B · (N − B)/(N − 1) without replacement (Cochran 1977, theorem 2.2).
    theta, size, rng = np.array([0.2, -0.4]), 12, np.random.default_rng(0)
    rows = np.array([LINE.gradient(theta, [i]) for i in range(60)])
    draws = np.array([LINE.gradient(theta, rng.permutation(60)[:size]) for _ in range(20_000)])
    expected = rows.var(axis=0) / size * (60 - size) / 59
    np.testing.assert_allclose(draws.mean(axis=0), rows.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(draws.var(axis=0), expected, rtol=0.04)


def test_a_diverging_run_on_batches_ends_quietly() -> None:
    run = gd.descend_batches(LINE, gd.gradient_descent(50.0), batch_size=5, epochs=500, seed=0)
    assert run.status == "diverged"
    assert np.isfinite(run.values).all()
    assert len(run.points) == run.steps + 1 == len(run.samples)


def test_the_end_alone_is_the_end_of_the_path() -> None:
    keywords: dict[str, Any] = {"batch_size": 8, "epochs": 3, "seed": 2}
    path = gd.descend_batches(LINE, gd.adam(0.1), **keywords)
    end = gd.descend_batches(LINE, gd.adam(0.1), keep="end", **keywords)
    np.testing.assert_array_equal(end.points, path.points[-1:])
    assert (end.samples[-1], end.steps) == (path.samples[-1], path.steps)


def test_a_schedule_runs_over_the_steps() -> None:
    keywords: dict[str, Any] = {"batch_size": 20, "epochs": 2, "seed": 2}
    rates = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    scheduled = gd.descend_batches(LINE, gd.gradient_descent(9.0), learning_rate=rates, **keywords)
    constant = gd.descend_batches(LINE, gd.gradient_descent(0.1), **keywords)
    np.testing.assert_array_equal(scheduled.points[1], constant.points[1])
    assert not np.array_equal(scheduled.points[2], constant.points[2])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"batch_size": 61}, ValueError, "batch_size must be from 1 to 60, not 61"),
        ({"batch_size": 0}, ValueError, "not 0"),
        ({"batch_size": 2.0}, TypeError, "batch_size must be a whole number, not 2.0"),
        ({"epochs": -1}, ValueError, "epochs must be at least 0, not -1"),
        ({"start": [1.0]}, ValueError, "start must be of shape (2,), not (1,)"),
        ({"start": [np.nan, 0.0]}, ValueError, "must be"),
        ({"problem": gd.landscapes.booth()}, TypeError, "gd.LeastSquares(...), not Landscape"),
        ({"optimizer": gd.adam}, TypeError, "one like gd.adam()"),
        ({"keep": "some"}, ValueError, 'keep must be "path", "epochs" or "end"'),
    ],
)
def test_mistakes_are_refused_before_the_first_batch(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    given: dict[str, Any] = {
        "problem": LINE, "optimizer": gd.adam(), "batch_size": 10, "epochs": 1, "seed": 0,
    }  # fmt: skip
    with pytest.raises(error, match=re.escape(message)):
        gd.descend_batches(**(given | arguments))
