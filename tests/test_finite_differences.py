"""Gradients by differences: where a cost is asked, in which precision, and what is refused."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import gdlib as gd
from gdlib.finite_differences import precision

THETA = np.array([1.5, -3.0, 0.25])
EXACT = 4 * THETA**3 + np.array([0.0, 1.0, 0.0])


def quartic(theta: Any) -> Any:
    return (theta**4).sum() + theta[1]


def test_a_cost_that_works_in_place_changes_only_its_copy() -> None:
    def cost(theta: NDArray[np.float64]) -> float:
        theta *= theta
        return float(theta.sum())

    given = np.array([1.0, 2.0])
    np.testing.assert_allclose(gd.numerical_gradient(cost, given), [2.0, 4.0], rtol=1e-9)
    assert given.tolist() == [1.0, 2.0]


def test_the_width_is_that_of_the_best_central_difference() -> None:
    # ε^(1/3) = 2^(−52/3) = 6.055e−6, times the coordinate where that is above 1 in size.
    asked: list[float] = []

    def cost(theta: Any) -> float:
        asked.append(float(theta[0]))
        return float(np.exp(theta[0]))

    for at, width in [(0.5, 6.0554e-6), (-0.5, 6.0554e-6), (100.0, 6.0554e-4), (-40.0, 2.4222e-4)]:
        asked.clear()
        gd.numerical_gradient(cost, [at])
        np.testing.assert_allclose(np.array(asked) - at, [width, -width], rtol=1e-4)


def test_a_difference_is_divided_by_the_distance_that_the_floats_really_have() -> None:
    # Floats near 1e10 lie 1.9e−6 apart: 1e10 ± 1e−6 are not 2e−6 apart, and the slope is still 4.
    estimate = gd.numerical_gradient(lambda t: 4 * t[0], [1e10], h=1e-6)
    np.testing.assert_allclose(estimate, [4.0], rtol=1e-14)


@pytest.mark.parametrize(
    "single",
    [
        lambda t: quartic(t.astype(np.float32)),
        lambda t: float(quartic(t.astype(np.float32))),  # as `loss.item()` gives it
        lambda t: np.array([quartic(t.astype(np.float32))]),
        lambda t: np.float32(quartic(t)),
    ],
)
def test_a_cost_in_single_precision_has_the_gradient_of_its_precision(single: Any) -> None:
    # ε^(2/3) of float32 is 2.4e−5; with the width of float64 the error here is some percent.
    estimate = gd.numerical_gradient(single, THETA)
    scale = np.abs(EXACT).max()
    assert np.abs(estimate - EXACT).max() < 5e-4 * scale
    narrow = gd.numerical_gradient(single, THETA, h=6e-6)
    assert np.abs(narrow - EXACT).max() > 5e-4 * scale


def test_a_cost_in_half_precision_is_known_by_its_type() -> None:
    estimate = gd.numerical_gradient(lambda t: np.float16(t[0] ** 2), [1.5])
    np.testing.assert_allclose(estimate, [3.0], rtol=0.05)


def test_the_complex_step_of_a_complex64_cost_does_not_underflow() -> None:
    estimate = gd.numerical_gradient(
        lambda t: quartic(t.astype(np.complex64)), THETA, method="complex"
    )
    np.testing.assert_allclose(estimate, EXACT, rtol=1e-5)


def test_precision_is_read_from_the_type_or_from_the_digits() -> None:
    double, single, half = 2.0**-52, 2.0**-23, 2.0**-10
    assert precision(0.1, 0.7) == double
    assert precision(np.float32(0.1)) == single
    assert precision(float(np.float32(0.1)), float(np.float32(0.7))) == single
    assert precision(float(np.float32(0.1)), 0.7) == double
    assert precision(np.float16(0.1)) == half
    assert precision(0.0, 0.5, 3, 1e300, np.inf) == double  # short numbers tell nothing


def test_whole_numbers_and_tensors_of_one_number_are_costs_too() -> None:
    class Tensor:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            return np.array([2.5])

    assert gd.numerical_gradient(lambda _: 3, [1.0, 2.0]).tolist() == [0.0, 0.0]
    assert gd.numerical_gradient(lambda _: Tensor(), 1.0).tolist() == 0.0


def test_a_cost_that_is_not_finite_gives_a_gradient_that_is_not() -> None:
    estimate = gd.numerical_gradient(lambda t: t[0] if t[1] <= 1 else np.nan, [0.0, 1.0])
    assert estimate[0] == pytest.approx(1.0)
    assert np.isnan(estimate[1])


def test_a_cost_that_overflows_in_pythons_own_numbers_has_no_gradient_there() -> None:
    with pytest.raises(OverflowError):
        math.exp(1000)
    estimate = gd.numerical_gradient(lambda t: math.exp(t[0]) + t[1] * 0, [1000.0, 1.0])
    assert np.isnan(estimate).all()
    pole = gd.numerical_gradient(lambda t: float(t[0]) / (1 - float(t[1])), [1.0, 0.5], h=0.5)
    assert pole[0] == pytest.approx(2.0)
    assert np.isnan(pole[1])  # at 0.5 + h it divides by zero
    complex_step = gd.numerical_gradient(lambda t: 1 / (t[0] - t[0]), [1.0], method="complex")
    assert np.isnan(complex_step).all()


@pytest.mark.parametrize("far", [3.4e38, 1e300])
def test_far_out_a_cost_in_single_precision_is_not_finite_and_says_nothing(far: float) -> None:
    def cost(theta: Any) -> Any:
        return np.float32(theta).sum()

    assert not np.isfinite(gd.numerical_gradient(cost, [far])).any()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"f": 3}, TypeError, "f must be a function, not 3"),
        ({"x": [1j]}, TypeError, "x must be real numbers, not complex ones"),
        ({"x": np.ma.masked_less([1.0, -1.0], 0)}, TypeError, "x must not be a masked array"),
        ({"x": ["1"]}, TypeError, "x must be numbers"),
        ({"h": True}, TypeError, "h must be a number"),
        ({"h": np.inf}, ValueError, "h must be positive and finite"),
        ({"h": 1e-30}, ValueError, "h must change the coordinate 1.0, not be 1e-30"),
        ({"x": [1.7e308], "h": 1e308}, ValueError, "h must change the coordinate"),
        ({"f": lambda t: t[0] * 1j}, TypeError, "the cost must return a real number, not the"),
        ({"f": lambda _: None}, TypeError, "the cost must return one number, not None"),
        ({"f": lambda _: "low"}, TypeError, "the cost must return one number, not 'low'"),
        ({"f": lambda _: np.ma.masked}, TypeError, "not a masked array"),
        ({"f": lambda t: (t.sum(), np.ones(2))}, TypeError, "not a pair (value, gradient)"),
        ({"f": lambda t: (t[0], t[1])}, TypeError, "not a pair (value, gradient)"),
        ({"f": gd.problems.noisy_line()}, TypeError, "of a problem give problem.value"),
        ({"f": lambda t: [t.sum(), np.ones(2)]}, TypeError, "the cost must return one number"),
        ({"f": lambda t: bool(t[0] > 0)}, TypeError, "the cost must return one number, not True"),
        ({"f": lambda t: t[0] > 0}, TypeError, "the cost must return one number, not"),
        (
            {"f": lambda t: np.abs(t).sum(), "method": "complex"},
            TypeError,
            "must return a complex number for a complex θ",
        ),
    ],
)
def test_mistakes_are_refused_in_words(
    arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    defaults: dict[str, Any] = {"f": np.sum, "x": [1.0, 2.0]}
    with pytest.raises(error, match=re.escape(words)):
        gd.numerical_gradient(**(defaults | arguments))


@pytest.mark.parametrize("shape", [(), (1,)])
def test_a_cost_that_returns_the_same_array_each_time_is_read_before_it_is_asked_again(
    shape: tuple[int, ...],
) -> None:
    answer = np.empty(shape)

    def cost(theta: Any) -> Any:
        answer[...] = np.sum(theta**2)
        return answer

    np.testing.assert_allclose(gd.numerical_gradient(cost, [1.0, 2.0]), [2, 4], rtol=1e-8)
