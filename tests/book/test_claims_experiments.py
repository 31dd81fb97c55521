"""The claims' experiments against hand arithmetic, and the words "holds when …" against numbers.

The formulas stand here, and nothing of the experiments is used to make them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from gdlib.book.claims import claim as data
from gdlib.book.claims import trial
from gdlib.book.claims.experiments import adaptive, batches, curvature, judging, landscapes, rates

CLAIMS = {claim.id: claim for claim in data.read()}


@pytest.mark.long
@pytest.mark.parametrize("name", CLAIMS)
def test_the_verdict_is_borne_out_by_the_experiment(name: str) -> None:
    experiment = trial.experiments(CLAIMS.values())[name]
    data.judge(CLAIMS[name], [experiment(value) for value in CLAIMS[name].control.values])


@pytest.mark.parametrize("rate", [0.5, 1.0, 1.9, 2.1])
def test_too_large(rate: float) -> None:
    across, along = (1 - rate) ** 400, (1 - rate / 10) ** 400
    assert rates.too_large(rate) == pytest.approx((across + along / 10) / 1.1, rel=1e-9)


@pytest.mark.parametrize("rate", [0.01, 0.1, 1.0])
def test_too_small(rate: float) -> None:
    wanted = math.ceil(0.5 * math.log(1e-3) / math.log1p(-rate / 1000))
    assert abs(rates.too_small(rate) - wanted) <= 1


@pytest.mark.parametrize("unit", [0.1, 0.3, 3, 10])
def test_start_with_a_hundredth(unit: float) -> None:
    wanted = (1 - 0.01 * unit**2) ** 2000
    assert rates.start_with_a_hundredth(unit) == pytest.approx(wanted, rel=1e-9, abs=1e-25)


@pytest.mark.parametrize("power", [1.2, 1.5, 1.6])
def test_steps_shrink_to_the_length_of_the_swing(power: float) -> None:
    swing = 2 * (0.05 * power) ** (1 / (2 - power))
    assert rates.steps_shrink(power) == pytest.approx(swing / (0.1 * power), rel=1e-6)


@pytest.mark.parametrize("start", [0.1, 1.0, 4.0, 4.4])
def test_a_convex_cost_by_hand(start: float) -> None:
    x = start
    for _ in range(1000):
        x -= 0.1 * x * x * x
    assert rates.convex_arrives(start) == pytest.approx(x**4 / 4, rel=1e-9)


@pytest.mark.parametrize("distance", [1e-12, 1e-6, 0.01])
def test_saddle_slows_by_a_logarithm(distance: float) -> None:
    wanted = math.log(0.5 / distance) / math.log(1.1)
    assert wanted <= landscapes.saddle_slows(distance) <= wanted + 3


def test_a_run_ends_at_a_saddle_from_its_line_alone() -> None:
    assert landscapes.ends_at_a_saddle(0.0) < 1e-100
    assert landscapes.ends_at_a_saddle(1e-300) == pytest.approx(1)


def test_noise_of_a_size_that_grows_to_one_leaves_a_saddle() -> None:
    # y = Σ σ ξ 0.05 · 1.05ᵏ has the spread σ · 0.05 · √(1.05²⁰⁰⁰ / (1.05² − 1))
    spread = 0.05 * 1.05**1000 / math.sqrt(1.05**2 - 1)
    assert landscapes.noise_leaves_saddles(0.01 / spread) < 0.05
    assert landscapes.noise_leaves_saddles(100 / spread) > 0.95


@pytest.mark.parametrize("rate", [0.003, 0.03, 0.1])
def test_a_step_about_a_corner_has_the_length_of_the_rate(rate: float) -> None:
    near = math.sqrt(0.5) % rate
    assert landscapes.needs_a_derivative(rate) == pytest.approx(max(near, rate - near), abs=1e-9)


def test_low_down_random_flat_points_are_minima() -> None:
    # at 1.25 of the edge of the spectrum an eigenvalue below 0 is an accident
    assert landscapes.saddles_are_common(0.0) > 1000
    assert landscapes.saddles_are_common(1.25) < 0.01


def test_fresh_starts_are_a_power_of_one_dimension() -> None:
    one = 1 - (1 - landscapes.fresh_starts(2.0)) ** 0.01  # of a start in two dimensions
    wanted = 1 - (1 - one**2) ** 100
    assert landscapes.fresh_starts(4.0) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("length", [0.001, 0.1, 1.0])
def test_the_best_step_of_a_length_solves_a_shifted_system(length: float) -> None:
    hessian, start = np.diag([1.0, 10.0]), np.ones(2)
    low, high = 0.0, 1e6
    for _ in range(200):
        shift = 0.5 * (low + high)
        step = -np.linalg.solve(hessian + shift * np.eye(2), hessian @ start)
        low, high = (shift, high) if np.linalg.norm(step) > length else (low, shift)
    plain = -hessian @ start
    cosine = step @ plain / np.linalg.norm(step) / np.linalg.norm(plain)
    assert curvature.steepest(length) == pytest.approx(math.degrees(math.acos(cosine)), abs=0.02)


@pytest.mark.parametrize("start", [0.5, 0.9, 1.1])
def test_newton_cubes_where_it_starts(start: float) -> None:
    newton, plain = start, start
    for _ in range(5):
        newton = -(newton**3)
        plain -= 0.5 * plain / math.sqrt(1 + plain**2)
    # at 0.5 the digits are used up: rounding decides what is left
    assert curvature.newton_is_faster(start) == pytest.approx(
        abs(newton / plain), rel=1e-3, abs=1e-16
    )


def test_damping_leaves_its_share_of_the_error_each_step() -> None:
    assert curvature.newton_needs_an_inverse(0.0) == 1
    assert curvature.newton_needs_an_inverse(10.0) == pytest.approx((10 / 12) ** 20)


def test_a_hessian_of_eight_bytes_an_entry() -> None:
    assert curvature.newton_is_impractical(1e5) == pytest.approx(80)


@pytest.mark.parametrize("columns", [100, 1000])
def test_steps_against_columns(columns: int) -> None:
    curvatures = 100 ** (np.arange(columns) / (columns - 1))
    kept = (1 - 2 * curvatures / 101) ** (2 * np.arange(500)[:, None])
    steps = int(np.argmax(kept @ curvatures < 1e-6 * curvatures.sum()))
    # a step reads the table twice, n multiplications a row each; half of XᵀX costs n²/2 a row
    assert batches.scales_to_large_data(columns) == 2 * columns * steps / (columns**2 / 2)


@pytest.mark.parametrize(("rows", "ratio"), [(10, 2), (20, 2), (40, 1.25), (50, 1), (1000, 1)])
def test_moments_cost_the_square_of_the_columns(rows: int, ratio: float) -> None:
    assert batches.full_batches_cost_more(rows) == ratio


@pytest.mark.parametrize("batch", [8, 16, 32])
def test_a_batch_and_rate_that_grow_together_raise_the_floor(batch: int) -> None:
    # a step leaves (1 − ηλ)² of the variance, so the floor is ηs/(B(2 − ηλ)) in a direction
    rate = batch / 64
    assert batches.double_the_batch(batch) == pytest.approx(1 / (1 - rate / 2), rel=0.15)
    assert CLAIMS["double-the-batch"].measured.holds(1 / (1 - rate / 2)) == (batch <= 16)


def test_a_batch_that_is_twice_the_limit_diverges() -> None:
    assert batches.double_the_batch(256.0) > 1e3  # a rate of 4 where the largest curvature is 1


def test_all_rows_have_a_rate_as_good_as_the_best() -> None:
    # the best rate for two curvatures is 2 / (λ + L); a grid that ends at 1 makes the race unfair
    line = batches._line()
    low, high = np.linalg.eigvalsh(line.features.T @ line.features / line.rows)
    best = ((high - low) / (high + low)) ** 10
    start = batches._excess(line.rows, 1.5, 1) / batches._excess(line.rows, 1.5, 5)
    assert start > 0.5 * best ** (-4 / 5)
    assert batches.stochastic_is_faster(4.0) < 1 < batches.stochastic_is_faster(5.0)


@pytest.mark.parametrize(("height", "share"), [(0.1, 1.0), (8.0, 27 / 201)])
def test_bumps_that_are_ripples_or_walls_decide_alone(height: float, share: float) -> None:
    # x/5 + 2h sin 4x has no zero but 0 below h = 0.118; behind walls only the middle's starts stay
    assert landscapes.momentum_rolls_over(height) == pytest.approx(share, abs=1e-9)


def test_without_noise_a_falling_rate_gains_only_from_above_the_limit() -> None:
    def end(rate: float, *, falling: bool) -> float:  # log J at the end, a factor for each step
        rates = rate * (1 - np.arange(300) / 300) if falling else np.full(300, rate)
        across, along = (2 * np.log(np.abs(1 - rates * c) + 1e-30).sum() for c in (1, 0.1))
        return float(np.logaddexp(across, along + np.log(0.1)))

    constant = min(end(rate, falling=False) for rate in np.linspace(0.01, 1.99, 100))
    assert all(end(rate, falling=True) > constant for rate in np.linspace(0.01, 1.99, 100))
    assert end(3.6, falling=True) < constant


@pytest.mark.parametrize("unit", [1.2, 5.0])
def test_scaling_against_the_steps_that_the_spectrum_gives(unit: float) -> None:
    # along an eigenvector of curvature λ a step at the best rate leaves 1 − 2λ / (λ + L)
    counts = np.zeros(2)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        table = rng.standard_normal((256, 2)) * [1, unit]
        targets = table @ [1, 1 / unit] + 0.1 * rng.standard_normal(256)
        for i, x in enumerate((table, table / table.std(0))):
            curvatures, axes = np.linalg.eigh(x.T @ x / 256)
            shares = curvatures * (axes.T @ np.linalg.solve(x.T @ x, x.T @ targets)) ** 2
            kept = (1 - 2 * curvatures / curvatures.sum()) ** (2 * np.arange(800)[:, None])
            counts[i] += np.argmax(kept @ shares <= 1e-6 * shares.sum())
    assert curvature.scaling_helps(unit) == pytest.approx(counts[0] / counts[1], rel=0.01)


def test_adagrad_needs_rare_features_in_more_than_one_draw() -> None:
    holds = CLAIMS["adaptive-beats-fixed"].measured.holds
    assert holds(adaptive.adaptive_beats_fixed(0.2))
    assert not holds(adaptive.adaptive_beats_fixed(1.0))


@pytest.mark.parametrize("condition", [10.0, 100.0])
def test_adam_in_a_turned_valley_by_hand(condition: float) -> None:
    fewest = math.inf
    for rate in 10 ** np.arange(-3, 0.75, 0.25):
        theta, m, v, since = np.array([1.0, 0.0]), np.zeros(2), np.zeros(2), 0
        for k in range(1, 2000):
            along, across = theta.sum() / 2, condition * (theta[0] - theta[1]) / 2
            g = np.array([along + across, along - across])
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            theta = theta - rate * m / (1 - 0.9**k) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
            cost = theta.sum() ** 2 / 4 + condition * (theta[0] - theta[1]) ** 2 / 4
            if cost > 1e-6 * (1 + condition) / 4:
                since = k
            elif k - since == 300:
                fewest = min(fewest, since + 1)
                break
    plain = math.ceil(math.log(1e-6) / 2 / math.log((condition - 1) / (condition + 1)))
    assert adaptive.adam_is_faster(condition) == pytest.approx(fewest / plain, rel=0.02)


@pytest.mark.parametrize("share", [0.01, 0.1])
def test_adagrads_rare_steps_are_longer_by_a_root(share: float) -> None:
    seen = (np.random.default_rng(12).random(2000) < share).sum()
    last = adaptive.adagrad_favours_the_rare(share)
    assert math.sqrt(0.9 / share) <= last <= math.sqrt(2000 / seen) * 1.001


def test_adagrads_rate_falls_by_the_root_of_the_steps_under_noise() -> None:
    # the first slope is 1 ± 1, the sum of the others' squares about 4000 σ²
    ratio = adaptive.adagrad_stops(1.0)
    assert ratio < 3 / math.sqrt(4000)


def test_a_flat_curve_is_left_at_the_distance_that_arithmetic_gives() -> None:
    low = 0.01
    falls = low / 2 * (1 - low) ** (2 * np.arange(2000)) * (1 - (1 - low) ** 200)
    end = 100 + np.argmax(falls < 1e-3 * (1 + low) / 2)
    wanted = (1 - low) ** end / math.sqrt(2)
    assert judging.read_off_the_curve(low) == pytest.approx(wanted, rel=0.02)


@pytest.mark.parametrize("norm", [0.03, 1.0, 100.0, 140.0])
def test_clipped_steps_by_hand(norm: float) -> None:
    x = 9.0
    for _ in range(1000):
        slope = x**3
        x -= 0.1 * slope * min(1, norm / abs(slope))
    assert judging.clipping_makes_stable(norm) == pytest.approx((x / 9) ** 4, rel=1e-6)


PLACES: dict[str, tuple[float, ...]] = {
    "too-large": (2.0,),
    "too-small": (math.log(1e3) / 2 * 1000 / 1e6,),
    "convex-arrives": (math.sqrt(20),),
    "double-the-batch": (0.4 * 64,),
    "steepest": (0.533,),
    "steps-shrink": (1.6486,),
    "start-with-a-hundredth": (math.sqrt(math.log(100) / 20), math.sqrt(200)),
    "newton-is-faster": (1.0,),
    "newton-is-impractical": (math.sqrt(8e9),),
    "saddle-slows": (0.5 / 1.1**100,),
    "full-batches-cost-more": (100 / 3,),
    "scales-to-large-data": (4 * 220,),
    "clipping-makes-stable": ((9 - 1.0) / 100, (9 + math.sqrt(20)) * 10),
    "noise-leaves-saddles": (math.sqrt(1.05**2 - 1) / 0.05 / 1.05**1000 / 2,),
    "vanishing-gradients": (1 + math.log(1e-3) / math.log(0.22),),
}
"""Where each verdict turns, by arithmetic."""


@pytest.mark.parametrize("name", PLACES)
def test_a_verdict_turns_where_arithmetic_says(name: str) -> None:
    values = CLAIMS[name].control.values
    between: Callable[[float], int] = lambda place: int(np.searchsorted(values, place))  # noqa: E731
    assert [between(flip) for flip in CLAIMS[name].flips] == [between(p) for p in PLACES[name]]
