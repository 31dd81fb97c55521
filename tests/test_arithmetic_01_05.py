"""What chapters 01 to 05 say in words, by arithmetic that uses nothing of the book."""

import math

import numpy as np
import pytest


def rosenbrock_hessian(x: float, y: float) -> np.ndarray:
    return np.array([[1200 * x * x - 400 * y + 2, -400 * x], [-400 * x, 200.0]])


def test_03_three_rates_leave_these_distances_after_a_hundred_steps() -> None:
    assert round((1 - 2.1) ** 100) == 13_781
    assert f"{(1 - 0.21) ** 100:.11f}" == "0.00000000006"
    assert f"{(1 - 0.00021) ** 100:.2f}" == "0.98"
    assert abs(1 - 2.1) == pytest.approx(1.1)  # ten per cent farther out; the cost is 1.21 times


def test_03_the_regimes_change_where_the_product_is_1_and_2() -> None:
    def after(product: float, steps: int = 8) -> list[float]:
        return [(1 - product) ** k for k in range(steps + 1)]

    assert all(np.diff(after(0.1)) < 0)
    assert min(after(0.1)) > 0  # on one side
    assert after(1)[1] == 0
    assert after(1.8)[1] < 0 < after(1.8)[2] < 1  # across, and closer
    assert np.abs(after(2)).tolist() == [1] * 9
    assert all(np.diff(np.abs(after(2.1))) > 0)


@pytest.mark.parametrize(("kappa", "times"), [(1.5, 1.46), (2, 1.58), (10, 1.90), (1000, 2.00)])
def test_03_the_safe_rate_takes_up_to_twice_the_steps(kappa: float, times: float) -> None:
    safe, best = 1 - 1 / kappa, (kappa - 1) / (kappa + 1)
    assert round(math.log(best) / math.log(safe), 2) == times
    assert math.log(best) / math.log(safe) < 2


def test_03_up_to_the_best_rate_the_flat_direction_has_the_larger_factor() -> None:
    for rate in np.linspace(0.001, 2 / 11, 50):
        assert abs(1 - rate) >= abs(1 - 10 * rate) - 1e-12
    assert abs(1 - 0.19) < abs(1 - 10 * 0.19)  # and beyond it the steep one
    assert (round(abs(1 - 0.17), 2), round(abs(1 - 1.7), 2)) == (0.83, 0.7)


def test_03_ten_times_smaller_is_ten_times_the_steps_far_below_1() -> None:
    steps = [math.log(1e-6) / math.log(1 - product) for product in (0.1, 0.01, 0.001, 1e-4)]
    assert np.divide(steps[1:], steps[:-1]) == pytest.approx([10, 10, 10], rel=0.05)


def test_03_armijo_refuses_a_quarter_and_takes_an_eighth() -> None:
    def cost(x: float, y: float) -> float:
        return (x * x + 10 * y * y) / 2

    passes = [cost(3 - r * 3, 1 - r * 10) <= 9.5 - 0.3 * r * 109 for r in (1, 1 / 2, 1 / 4, 1 / 8)]
    assert passes == [False, False, False, True]


def test_03_the_square_overflows_after_step_3723_and_the_cost_four_steps_later() -> None:
    largest = math.log(np.finfo(float).max)
    assert 2 * 3723 * math.log(1.1) < largest < 2 * 3724 * math.log(1.1)
    assert 2 * 3727 * math.log(1.1) < largest + math.log(2) < 2 * 3728 * math.log(1.1)


def test_03_a_rate_may_be_below_the_bound_of_the_minimum_and_not_of_the_start() -> None:
    start, end = (np.linalg.eigvalsh(rosenbrock_hessian(*at))[-1] for at in ((-1.2, 1), (1, 1)))
    assert 2 / start < 0.0019 < 2 / end
    assert f"{2 / end:.7f}" == "0.0019968"
