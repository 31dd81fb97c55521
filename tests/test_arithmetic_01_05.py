"""What chapters 1 to 5 say in words, by arithmetic that uses nothing of the book."""

import math

import numpy as np
import pytest


def rosenbrock_hessian(x: float, y: float) -> np.ndarray:
    return np.array([[1200 * x * x - 400 * y + 2, -400 * x], [-400 * x, 200.0]])


def mountain(theta: float) -> float:
    return theta**4 / 4 - theta**2 + theta / 4


def mountain_walk(rate: float, theta: float, steps: int) -> list[float]:
    places = [theta]
    for _ in range(steps):
        places.append(places[-1] - rate * (places[-1] ** 3 - 2 * places[-1] + 1 / 4))
    return places


def test_01_the_left_valley_of_the_mountain_is_the_deeper_one() -> None:
    assert mountain(-1.473) < mountain(1.347) - 0.5


def test_01_by_a_tenth_of_the_slope_no_step_climbs_and_each_ball_keeps_its_valley() -> None:
    for start in np.linspace(-2.1, 2.1, 29):
        places = mountain_walk(0.1, start, 100)
        assert all(np.diff([mountain(place) for place in places]) <= 1e-15)
        assert places[-1] == pytest.approx(1.347 if start > 0.126 else -1.473, abs=1e-3)


def test_01_four_times_as_long_the_walk_crosses_its_valley_and_from_0441_on_it_leaves() -> None:
    error = np.array(mountain_walk(0.4, 2.0, 30)) - 1.346997
    assert error[0] * error[1] < 0
    assert all(error[5:12] * error[6:13] < 0)  # to and fro
    assert mountain_walk(0.4, 2.0, 100)[-1] == pytest.approx(1.346997)
    assert mountain_walk(0.44, 2.0, 100)[-1] == pytest.approx(1.346997)
    assert all(mountain_walk(rate, 2.0, 300)[-1] < 0.126 for rate in (0.441, 0.442, 0.5, 0.58))


def test_01_the_steps_shrink_on_the_way_down() -> None:
    assert all(np.diff(np.abs(np.diff(mountain_walk(0.1, 2.0, 30)))) < 0)


def himmelblau_end(x: float, y: float) -> np.ndarray:
    for _ in range(1000):
        a, b = x * x + y - 11, x + y * y - 7
        x, y = x - 0.005 * (4 * x * a + 2 * b), y - 0.005 * (2 * a + 4 * y * b)
    return np.array([x, y])


def test_01_close_to_a_border_between_valleys_the_smallest_nudge_decides() -> None:
    low, high = -4.0, 4.0
    ends = himmelblau_end(low, 0.3), himmelblau_end(high, 0.3)
    for _ in range(40):
        middle = (low + high) / 2
        if np.allclose(himmelblau_end(middle, 0.3), ends[0], atol=1e-3):
            low = middle
        else:
            high = middle
    assert high - low < 1e-10
    assert np.linalg.norm(himmelblau_end(low, 0.3) - himmelblau_end(high, 0.3)) > 1


def test_01_on_the_top_of_the_ridge_the_walk_stays_and_beside_it_it_leaves() -> None:
    def last(theta: float) -> float:
        for _ in range(1000):
            theta -= 0.1 * (theta**3 - 2 * theta)
        return theta

    assert last(0.0) == 0
    assert last(0.0001) == pytest.approx(math.sqrt(2))


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

    passes = [cost(2 - r * 2, 1 - r * 10) <= 7.0 - 0.3 * r * 104 for r in (1, 1 / 2, 1 / 4, 1 / 8)]
    assert passes == [False, False, False, True]


def test_03_the_square_overflows_after_step_3723_and_the_cost_four_steps_later() -> None:
    largest = math.log(np.finfo(float).max)
    assert 2 * 3723 * math.log(1.1) < largest < 2 * 3724 * math.log(1.1)
    assert 2 * 3727 * math.log(1.1) < largest + math.log(2) < 2 * 3728 * math.log(1.1)


def test_03_a_rate_may_be_below_the_bound_of_the_minimum_and_not_of_the_start() -> None:
    start, end = (np.linalg.eigvalsh(rosenbrock_hessian(*at))[-1] for at in ((-1.2, 1), (1, 1)))
    assert 2 / start < 0.0019 < 2 / end
    assert f"{2 / end:.7f}" == "0.0019968"


def rosenbrock_run(rate: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points and costs of a run from (-1.2, 1), by a loop."""
    points, (x, y) = [], (-1.2, 1.0)
    for _ in range(steps + 1):
        points.append((x, y))
        wall = y - x * x
        x, y = x - rate * (-2 * (1 - x) - 400 * x * wall), y - rate * 200 * wall
    path = np.array(points)
    return path, (1 - path[:, 0]) ** 2 + 100 * (path[:, 1] - path[:, 0] ** 2) ** 2


def test_04_at_two_thousandths_the_run_turns_and_then_bounces_for_ever() -> None:
    path, costs = rosenbrock_run(0.002, 60_000)
    assert 14_300 < costs[:20_000].argmin() < 14_500
    assert f"{costs.min():.0e}" == "2e-11"
    assert costs[40_000] == pytest.approx(0.00125, rel=2e-3)
    assert costs[40_000] / costs.min() == pytest.approx(6e7, rel=0.02)
    np.testing.assert_allclose(path[-1], path[-3], rtol=0, atol=1e-12)  # two places in turn
    bounds = sorted(2 / np.linalg.eigvalsh(rosenbrock_hessian(*end))[-1] for end in path[-2:])
    assert bounds[0] < 0.002 < bounds[1]
    largest = np.linalg.eigvalsh(rosenbrock_hessian(1, 1))[-1]
    assert 0.002 * largest / 2 - 1 == pytest.approx(0.0016, abs=5e-5)
    assert 1 - 0.002 * largest == pytest.approx(-1.0032, abs=5e-5)


def test_04_at_22_ten_thousandths_four_of_the_first_ten_steps_climb() -> None:
    _, costs = rosenbrock_run(0.0022, 10_000)
    assert (np.diff(costs[:11]) > 0).sum() == 4
    assert (round(costs[0], 1), round(costs[10], 1)) == (24.2, 5.3)
    assert costs.min() < 0.002 < 0.05 < costs[-1]  # near the star once, and away again


def test_04_the_flattest_of_three_components_is_left_from_step_20_on() -> None:
    parts = [(1 - 1.5 * curvature) ** 20 for curvature in (0.01, 0.1, 1)]
    assert math.hypot(*parts) / parts[0] < 1.01


@pytest.mark.parametrize("kappa", [1.5, 2, 10, 100, 1e4])
def test_04_a_millionth_costs_at_most_14_kappa_steps_and_half_of_that(kappa: float) -> None:
    safe = math.log(1e-6) / math.log(1 - 1 / kappa) / kappa
    best = math.log(1e-6) / math.log((kappa - 1) / (kappa + 1)) / kappa
    assert (safe < math.log(1e6), best < math.log(1e6) / 2) == (True, True)
    assert kappa < 100 or (round(safe, 1), round(best, 1)) in {(13.7, 6.9), (13.8, 6.9)}


def test_04_the_table_of_chapter_03_has_these_steps_per_kappa() -> None:
    table = {10: (128, 69), 100: (1341, 691), 1000: (13_463, 6908), 10_000: (134_683, 69_078)}
    for kappa, (safe, best) in table.items():
        flat = math.log(1e6 / math.sqrt(2)) / -math.log(1 - 1 / kappa)
        assert safe == math.ceil(flat)
        assert 12.8 <= safe / kappa < 13.5
        assert round(best / kappa, 1) == 6.9
    assert round(math.log(1e6 / math.sqrt(2)), 2) == 13.47


def test_04_one_column_of_the_flats_needs_664_steps_then_37_then_one() -> None:
    rng = np.random.default_rng(4)
    station = [rng.uniform(*ends, 200) for ends in ((30, 160), (0, 80), (50, 8000))][2] / 1000
    steps, angles = [], []
    for x in (station, station - station.mean(), (station - station.mean()) / station.std()):
        hessian = np.array([[1, x.mean()], [x.mean(), (x**2).mean()]])
        (low, high), vectors = np.linalg.eigh(hessian)
        angles.append(abs(vectors[1, 0] / vectors[0, 0]))  # the slope of the flat axis
        left, count = 1.0, 0
        while left > 1e-6:
            left, count = left * (high - low) / (high + low), count + 1
        steps.append(count)
    assert steps == [664, 37, 1]
    assert angles[0] > 0.18
    assert angles[1] < 1e-9


def test_05_without_replacement_four_times_the_rows_leave_at_most_half_the_deviation() -> None:
    def variance(size: int, rows: int = 100) -> float:
        return (rows - size) / (size * (rows - 1))

    for size in range(1, 25):
        assert math.sqrt(variance(4 * size) / variance(size)) <= 0.5
    assert variance(100) == 0


def test_05_drawn_anew_the_floor_goes_with_the_rate_over_the_batch_for_small_rates() -> None:
    def floor(rate: float, size: int, curvature: float = 1.0, spread: float = 1.0) -> float:
        return rate * spread / size / (curvature * (2 - rate * curvature))

    assert floor(0.2, 10) == pytest.approx(floor(0.2, 1) / 10)
    assert floor(0.01, 1) == pytest.approx(floor(0.02, 1) / 2, rel=0.01)
    assert floor(0.02, 2) == pytest.approx(floor(0.01, 1), rel=0.01)


def shuffled_variances(keep: float, batches: int) -> np.ndarray:
    """Return the settled variance after each step of an epoch, for unit noise that sums to 0.

    By the covariance matrix of the epoch's noises, entry by entry, and no closed form.
    """
    noises = (np.eye(batches) * batches - 1) / (batches - 1)
    weights = np.array(
        [[keep ** (k - j) if j <= k else 0.0 for j in range(batches)] for k in range(batches)]
    )
    grown = np.diag(weights @ noises @ weights.T)
    first = grown[-1] / (1 - keep ** (2 * batches))
    return np.array([first * keep ** (2 * k + 2) + grown[k] for k in range(batches)])


def test_05_shuffled_rows_have_the_floor_that_the_page_prints() -> None:
    rng = np.random.default_rng(0)  # any runs: the ratio to independent noise is what counts
    m, a = 10, 0.8
    noise = rng.standard_normal((50_000, m))
    noise = (noise - noise.mean(axis=1, keepdims=True)) * math.sqrt(m / (m - 1))
    error, seen = np.zeros(len(noise)), list[float]()
    for _ in range(4):  # epochs; the start is forgotten
        seen.clear()
        for k in range(m):
            error = a * error - noise[:, k]
            seen.append(error.var())
        rng.shuffle(noise)
    np.testing.assert_allclose(shuffled_variances(a, m), seen, rtol=0.03)


def test_05_a_bridge_of_small_steps_has_a_sixth_of_its_batches_and_one() -> None:
    assert shuffled_variances(1 - 1e-4, 10).mean() == pytest.approx(11 / 6, rel=1e-2)


def test_05_a_step_on_a_hundred_rows_takes_a_tenth_longer_than_on_one() -> None:
    def time(rows: float) -> float:
        return 1 + rows / 1000

    assert time(100) / time(1) == pytest.approx(1.1, abs=0.002)
    assert time(1e9) / time(1000) == pytest.approx(500_000, rel=1e-5)


def test_11_momentum_settles_at_nineteen_thirty_sevenths() -> None:
    step = np.array([[1 - 0.1, -0.1 * 0.9], [1, 0.9]])
    push, settled = np.array([[-0.1], [1.0]]), np.zeros((2, 2))
    for _ in range(2000):
        settled = step @ settled @ step.T + push @ push.T
    assert settled[0, 0] == pytest.approx(19 / 37)


def test_02_three_directions_have_these_slopes() -> None:
    slope, towards = np.array([2.0, 10.0]), np.array([-2.0, -1.0]) / math.sqrt(5)
    assert f"{slope @ towards:.2f} {-np.linalg.norm(slope):.2f}" == "-6.26 -10.20"
    assert round(1 - 10 / np.linalg.norm(slope), 2) == 0.02


def test_02_the_bowl_of_rate_3_promises_more_than_there_is() -> None:
    def cost(theta: float) -> float:
        return math.sqrt(1 + theta * theta)

    slope = 2 / math.sqrt(5)
    promised = [cost(2) - rate * slope**2 / 2 - cost(2 - rate * slope) for rate in (0.4, 1, 3)]
    assert [value > 0 for value in promised] == [True, True, False]


def test_02_complex_numbers_are_refused_kept_or_lost() -> None:
    number = np.array([1 + 1e-20j, 2.0])
    with pytest.raises(TypeError):
        max(1 + 1e-20j, 2.0)  # type: ignore[call-overload]  # what is tested
    assert max(number[0], number[1]) == number[1]  # NumPy's own: by their real parts
    assert np.maximum(number, 0).imag[0] == 1e-20  # kept
    for lost in (abs(number[0]), np.linalg.norm(number)):
        assert np.imag(lost) == 0
    assert np.vdot(number, [1, 0]).imag == -1e-20  # flipped


def test_02_a_factor_of_a_thousand_in_the_gradient_is_one_in_the_rate() -> None:
    residuals, x = np.arange(1000.0) - 300, np.linspace(-1, 1, 1000)
    theirs, ours = x @ residuals, x @ residuals / 1000
    assert 0.0003 * theirs == pytest.approx(0.3 * ours)
    assert 0.0003 / 2 * 2 * theirs == pytest.approx(0.3 * ours)  # twice the rows, half the rate


def test_02_central_differences_have_about_11_digits_and_the_complex_step_nearly_all() -> None:
    def hard(x: complex) -> complex:
        return complex(np.exp(x) / np.sqrt(np.sin(x) ** 3 + np.cos(x) ** 3))

    slope, width = 4.05342789389862, 2.0 ** (-52 / 3)
    central = (hard(1.5 + width) - hard(1.5 - width)).real / (2 * width)
    assert 10 < -math.log10(abs(central / slope - 1)) < 12
    assert abs(hard(1.5 + 1e-200j).imag / 1e-200 / slope - 1) < 4e-15
    best = [2.0**-k for k in range(2, 52)]
    values = [abs((hard(1.5 + h) - hard(1.5)).real / h / slope - 1) for h in best]
    assert 2**-30 < best[int(np.argmin(values))] < 2**-22  # near the square root of ε
