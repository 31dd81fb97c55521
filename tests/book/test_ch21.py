"""What chapter 21 says and no cell of it prints."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.book import muons
from tests import claims
from tests.test_try_this import says

CHAPTER = "21-norms"
SLOPE = np.array([4.0, 3.0])
ORDERS = {2: 5.0, np.inf: 7.0, 1: 4.0}
"""How much the best step of length 1 gains, by hand."""


def arrivals(name: str) -> list[int | None]:
    return [gd.TurnedBowl().arrival(name, angle) for angle in (0, 45, 90)]


# --- the bowl -------------------------------------------------------------------------------------


def test_the_steps_of_the_prediction() -> None:
    page = claims.printed(CHAPTER, "predict")
    assert arrivals("gradient descent") == [210] * 3
    assert arrivals("Shampoo") == [91] * 3
    along, turned, across = arrivals("Adam")
    assert along == across == 82
    assert turned is not None
    assert turned > 600
    for count in (210, 82, 91):
        assert str(count) in page


def test_the_answers_to_what_is_tried() -> None:
    where = CHAPTER, "try"
    says(*where, 1, "210 and 91 steps", f"needs {arrivals('Adam')[1]}")
    says(*where, 2, f"{arrivals('Adam')[2]} steps")
    says(*where, 3, f"{arrivals('Muon')[1]} steps for Muon and {arrivals('SOAP')[1]} for SOAP")


def test_muons_steps_have_one_length_and_do_not_settle() -> None:
    run, arrival = gd.TurnedBowl().run("Muon"), arrivals("Muon")[0]
    assert arrival is not None
    lengths = np.linalg.norm(np.diff(run.points[: arrival + 1], axis=0), axis=1)
    assert lengths.max() / lengths.min() == pytest.approx(1, abs=1e-4)
    assert (run.values[arrival : arrival + 3] <= 1e-3).all()
    assert run.values[arrival + 3] > 1e-3
    assert 0.008 < run.values[200:].min() < run.values[200:].max() < 0.015
    says(CHAPTER, "try", 3, "three steps later its cost is above 0.001 again")


def test_in_the_turned_valley_adams_divisors_are_alike() -> None:
    for angle, least in ((45, 0.8), (0, 0.0)):
        slopes = gd.TurnedBowl().run("Adam", angle).gradients[:40]
        means = np.sqrt((slopes**2).mean(axis=0))
        ratio = means.min() / means.max()
        assert (ratio > least) if least else (ratio < 0.2), (angle, ratio)


def test_what_shampoo_divides_by_turns_with_the_gradients() -> None:
    rng = np.random.default_rng(1)
    slopes, turn = rng.normal(size=(6, 2)), np.linalg.qr(rng.normal(size=(2, 2)))[0]
    whole, turned = slopes.T @ slopes, (slopes @ turn.T).T @ (slopes @ turn.T)
    np.testing.assert_allclose(turned, turn @ whole @ turn.T)
    squares = (slopes**2).sum(axis=0)
    assert not np.allclose(((slopes @ turn.T) ** 2).sum(axis=0), turn @ np.diag(squares) @ turn.T)


# --- rulers ---------------------------------------------------------------------------------------


def test_no_step_of_length_one_gains_more_than_the_three() -> None:
    angles = np.linspace(0, 2 * np.pi, 100_001)
    circle = np.array([np.cos(angles), np.sin(angles)])
    for order, gain in ORDERS.items():
        steps = circle / np.linalg.norm(circle, order, axis=0)
        assert (-(SLOPE @ steps)).max() == pytest.approx(gain, abs=1e-6)


@pytest.mark.parametrize("order", ORDERS)
def test_the_best_step_of_a_ruler_is_eta_times_the_dual_norm_long(order: float) -> None:
    eta, grid = 0.3, np.linspace(-3, 3, 601)
    steps = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    lengths = np.linalg.norm(steps, order, axis=1)
    bargain = steps @ SLOPE + lengths**2 / (2 * eta)
    assert lengths[bargain.argmin()] == pytest.approx(eta * ORDERS[order], abs=0.02)
    assert bargain.min() == pytest.approx(-eta * ORDERS[order] ** 2 / 2, abs=0.02)


def test_mirrors_do_best_where_the_determinant_is_negative() -> None:
    matrix = np.array([[3.0, 0.0], [4.0, -5.0]])
    left, values, right = np.linalg.svd(matrix)
    assert np.linalg.det(left @ right) == pytest.approx(-1)
    assert np.sum(matrix * (left @ right)) == pytest.approx(values.sum())


def test_lion_looks_further_ahead_than_nesterov_would() -> None:
    lion = gd.lion()
    assert (lion.settings["beta1"], lion.settings["beta2"]) == (0.9, 0.99)
    assert lion.settings["beta2"] ** 2 == pytest.approx(0.98, abs=2e-3)
    weights = 0.1, 0.9 * 0.01
    assert weights[0] / weights[1] == pytest.approx(11, abs=0.2)


# --- polynomials ----------------------------------------------------------------------------------


def test_muons_polynomial_leaves_one_where_it_is_not() -> None:
    x = sp.Symbol("x")
    quintic = sp.Rational(34445, 10_000) * x - sp.Rational(4775, 1000) * x**3
    quintic += sp.Rational(20315, 10_000) * x**5
    assert float(quintic.subs(x, 1)) == pytest.approx(0.701)
    assert float(quintic.diff(x).subs(x, 0)) == pytest.approx(3.4445)
    value = 1.0
    for _ in range(5):
        value = 3.4445 * value - 4.775 * value**3 + 2.0315 * value**5
    assert value == pytest.approx(0.696, abs=5e-4)


def test_a_large_random_matrix_has_small_singular_values_and_few_end_low() -> None:
    values = np.geomspace(0.0015055, 1, 20_001)
    ends = five_quintics(values)
    assert (round(ends.min(), 2), round(ends.max(), 2)) == (0.68, 1.2)
    assert ends[values >= 0.01].max() < 1.1344
    for seed in (1, 2):
        matrix = np.random.default_rng(seed).normal(size=(768, 768))
        values = np.linalg.svd(matrix, compute_uv=False) / np.linalg.norm(matrix)
        assert (values < 0.01).mean() == pytest.approx(0.18, abs=0.01)
        assert (five_quintics(values) < 0.68).mean() == pytest.approx(0.03, abs=0.005)


def five_quintics(values: np.ndarray) -> np.ndarray:
    for _ in range(5):
        values = 3.4445 * values - 4.775 * values**3 + 2.0315 * values**5
    return values


def test_thirteen_cubic_steps_are_too_few() -> None:
    x = 0.01
    for _ in range(13):
        x = 1.5 * x - 0.5 * x**3
    assert abs(x - 1) > 0.01


def test_the_polynomial_of_the_solution_has_two_slopes_of_zero_at_one() -> None:
    x = sp.Symbol("x")
    last = (15 * x - 10 * x**3 + 3 * x**5) / 8
    assert [last.subs(x, 1), last.diff(x).subs(x, 1), last.diff(x, 2).subs(x, 1)] == [1, 0, 0]
    assert last.diff(x, 3).subs(x, 1) != 0


# --- what it costs --------------------------------------------------------------------------------


def test_what_the_rules_of_gdlib_remember_is_what_the_table_says() -> None:
    space: dict[str, object] = {}
    exec(claims.cells(CHAPTER)["memory"].source, space)
    kept = space["kept"](6, 10)  # type: ignore[operator]
    theta = np.ones((6, 10))
    for rule, name in (
        (gd.muon(), "momentum, Lion, Muon"),
        (gd.shampoo(), "Shampoo"),
        (gd.adafactor(), "Adafactor"),
        (gd.soap(), "SOAP"),
    ):
        moments = rule.init(theta).moments.values()
        numbers = sum(np.size(moment) for moment in moments)
        axes = 6**2 + 10**2 if name == "SOAP" else 0  # found anew at each step
        assert numbers + axes == kept[name], name


def test_five_iterations_cost_thirty_m_operations_a_weight() -> None:
    def product(rows: int, inner: int, columns: int) -> int:
        return 2 * rows * inner * columns

    for m, n in ((768, 768), (768, 3072)):
        each = product(m, n, m) + product(m, m, m) + product(m, m, n)
        assert each == 4 * m**2 * n + 2 * m**3
        assert 5 * each <= 30 * m * m * n
    assert 5 * (2 * product(768, 768, 768) + product(768, 768, 768)) == 30 * 768 * 768**2


# --- frameworks -----------------------------------------------------------------------------------


def test_a_sum_and_an_average_of_slopes_have_one_direction() -> None:
    rng, beta = np.random.default_rng(3), 0.95
    total = average = np.zeros((3, 4))
    for slope in rng.normal(size=(6, 3, 4)):
        total, average = beta * total + slope, beta * average + (1 - beta) * slope
        ahead = beta * total + slope, beta * average + (1 - beta) * slope
        first, second = (each / np.linalg.norm(each) for each in ahead)
        np.testing.assert_allclose(first, second, rtol=1e-12)


def test_gdlibs_defaults_are_those_of_pytorch_in_the_table() -> None:
    muon = gd.muon()
    given = muon.settings
    assert (given["learning_rate"], given["weight_decay"], given["decay"]) == (0.001, 0.1, 0.95)
    told = {row.what: row.torch for row in muons.ROWS}
    assert (told["rate"], told[r"weight decay $\lambda$"]) == ("0.001", "0.1")


def test_the_pages_table_of_three_muons_is_the_tested_one() -> None:
    assert muons.table() in claims.printed(CHAPTER, "frameworks")


# --- SOAP and the cost's size ---------------------------------------------------------------------


def test_soaps_paths_see_the_costs_size_in_a_few_random_layers_only() -> None:
    off = np.array([soap_sees_the_size(seed) for seed in range(40)])
    assert np.median(off) < 1e-4
    assert 1 <= (off > 1e-3).sum() <= 12


def soap_sees_the_size(seed: int) -> float:
    """How far apart SOAP's paths end for a cost and a hundred times that, over the way."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.normal(size=(5, 3)), rng.normal(size=(4, 6))
    start = rng.normal(size=(3, 4))

    def walk(times: float) -> np.ndarray:
        m = v = left = right = np.zeros(1)
        theta, path = start, [start]
        for k in range(1, 16):
            g = times * rows.T @ np.tanh(rows @ theta @ columns) @ columns.T
            left, right = 0.95 * left + 0.05 * g @ g.T, 0.95 * right + 0.05 * g.T @ g
            up, across = np.linalg.eigh(left)[1], np.linalg.eigh(right)[1]
            m, v = 0.95 * m + 0.05 * g, 0.95 * v + 0.05 * (up.T @ g @ across) ** 2
            bias = 1 - 0.95**k
            step = (up.T @ m @ across / bias) / (np.sqrt(v / bias) + 1e-8)
            theta = theta - 0.01 * up @ step @ across.T
            path.append(theta)
        return np.array(path)

    path = walk(1)
    return float(abs(walk(100) - path).max() / abs(path - path[0]).max())


# --- Adam with a large rate -----------------------------------------------------------------------


def test_with_steps_as_long_as_one_adam_swings_across_the_minimum_in_both_valleys() -> None:
    for turn in (np.eye(2), np.array([[1, -1], [1, 1]]) / np.sqrt(2)):
        hessian = turn @ np.diag([1.0, 100.0]) @ turn.T

        def valley(theta: np.ndarray, hessian: np.ndarray = hessian) -> tuple[float, np.ndarray]:
            return theta @ hessian @ theta / 2, hessian @ theta

        run = gd.descend(valley, gd.adam(1.0), turn @ [2.0, 1.0], steps=60)
        across = (run.points @ turn)[:, 1]
        assert (np.diff(np.sign(across)) != 0).sum() >= 10
