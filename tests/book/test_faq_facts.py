"""What the answers measure for themselves, and the pages do not print: each number, computed."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from numpy.typing import NDArray

import gdlib as gd
from tests import claims
from tests.book.test_faq import ANSWERS

Array = NDArray[np.float64]

LINE = gd.problems.noisy_line(rows=100, seed=0)  # chapter 5's
FIVE = np.column_stack([np.ones(5), [-2.0, -1.0, 0.0, 1.0, 2.0]])  # centred, with a level


def answer(word: str) -> str:
    """Return the answer to the one question that has these words."""
    (found,) = [question for question in ANSWERS if word in question]
    return str(ANSWERS[found])


def numbers(word: str) -> set[float]:
    """Return the numbers that an answer states, those of section names aside."""
    return {float(text) for text in re.findall(r"(?<![\w-])\d+(?:\.\d+)?", answer(word))}


# What an answer repeats: its words, the cell, and what the cell prints or says.
REPEATED = [
    (
        "Which learning rate schedule",
        "about 3 times below",
        "06-schedules#what-to-use",
        "3 times below",
    ),
    ("Which learning rate schedule", "about 4 times", "06-schedules#what-to-use", "4 times below"),
    ("Which loss", "3011 steps with", "08-saddle-points#plateau-runs", "error: 3011 steps"),
    ("Which loss", "9 with the cross", "08-saddle-points#plateau-runs", "entropy: 9 steps"),
    ("spike", "after two rises", "03-learning-rate#rises", "rises while J > 1e-20: 2"),
    ("after an hour", "after 3723 steps", "03-learning-rate#diverged", "after 3723 steps"),
    ("after an hour", "only 22%", "03-learning-rate#diverged-lesson", "only 22 %"),
    ("shuffle", "anew 0.0041", "05-batches#orders", "0.0039       0.0041"),
    ("shuffle", "every epoch 0.0020", "05-batches#orders", "0.0027       0.0020"),
    ("shuffle", "cost of 0.0456", "05-batches#orders", "0.0079       0.0456"),
    ("many epochs", "leave 0.753", "05-batches#medians", "200  0.753"),
    ("many epochs", "single rows 0.011", "05-batches#medians", "0.02836  0.011"),
    ("random seed", "four of ten new draws", "15-race#draws-says", "ten new draws four have"),
    ("patience", "cost of 32.6", "04-valleys#stop-patience", "step 1           J = 32.6"),
    (
        "last weights",
        "more than a hundred times",
        "04-valleys#stop-future-text",
        "more than a hundred",
    ),
    ("good rate for Adam", "from 0.18 to 1.8", "15-race#facts", "0.18 to 1.8"),
    ("good rate for Adam", "lie 2 to 5 away", "15-race#decision", "minima 2 to 5 away"),
    ("clipping", r"7.27\,\eta", "14-adam#bound-after", r"7.27\,\eta"),
    ("search a grid", "in 10% of", "15-race#shapes", "0.104"),
    ("search a grid", "100 draws in 62%", "15-race#shapes", "0.624"),
    ("search a grid", "59 draws hit it with a chance of 95%", "15-race#minute", "59 trials hit"),
    ("network too small", "of 200", "17-network#stuck-text", "over 200 starts"),
    ("network too small", "two units learn XOR in 43", "17-network#stuck", "2   43 "),
    ("network too small", "four in 149", "17-network#stuck", "4   149 "),
    ("Which learning rate schedule", "2.00 for the line", "22-rate-again#bound", "line     2.00"),
    (
        "Which learning rate schedule",
        "2.06 for the cos",
        "22-rate-again#bound",
        "cosine            2.06",
    ),
    ("Which learning rate schedule", "2.17 if only", "22-rate-again#bound", "fifth   2.17"),
    ("Which learning rate schedule", "2.99 for a", "22-rate-again#bound", "constant          2.99"),
    ("warm up", "rate takes 729", "22-rate-again#clip-plain", "rate            293    729"),
    ("warm up", "a warm-up 36", "22-rate-again#clip-plain", "100 steps      22     36"),
    ("warm up", r"\cosh x$ from 8", "22-rate-again#clip-says", r"at 8 on $J = \cosh x$"),
    ("schedule-free", "as low as a str", "22-rate-again#free-race-says", "as good as the line"),
    ("schedule-free", "twice as high", "22-rate-again#free-race-says", "twice as far away"),
    ("schedule-free", "about 8% faster", "15-race#published", "AdamW, about 8% faster"),
    ("step sizes alone", "n^{-1.27}", "22-rate-again#worst-says", "n^{-1.27}"),
    (
        "step sizes alone",
        r"3.72\cdot10^{-5}",
        "22-rate-again#worst-table",
        "0.000244 3.72e-05",
    ),
    ("step sizes alone", "of 0.000244", "22-rate-again#worst-table", "1023      0.000244"),
    ("step sizes alone", "worse off than", "22-rate-again#worst-says", "worse off than"),
    ("larger batch pay", "is 5501 rows", "22-rate-again#batch-plain", "rows/steps: 5501"),
    ("larger batch pay", "twice the fewest", "22-rate-again#batch-says", "twice as many as they"),
    ("What is Muon", "0.1 billion", "15-race#published", "1.4 times as fast as AdamW at 0.1"),
    ("What is Muon", "at 1.2 billion", "15-race#published", "1.1 times at 1.2 billion"),
    ("What is Muon", "about 0.2 bits", "15-race#decision", "about 0.2 bits below AdamW"),
    ("What is Muon", "needed about 570", "23-language-model#speed-says", "needs about 570 steps"),
    ("warm up", "does not miss it", "23-language-model#ablation-says", "None is missed"),
    ("What is Muon", "factor of 20", "21-norms#frameworks", "| rate | 0.02 | 0.001 |"),
    (
        "clipping",
        "takes 7 steps, a warm-up 36",
        "22-rate-again#clip-plain",
        "clipped at 1               7      7",
    ),
]


@pytest.mark.parametrize(("question", "words", "place", "printed"), REPEATED)
def test_what_an_answer_repeats_is_printed_where_it_comes_from(
    question: str, words: str, place: str, printed: str
) -> None:
    chapter, cell = place.split("#")
    assert words in answer(question)
    assert printed in claims.printed(chapter, cell)


def test_a_sum_takes_the_same_steps_at_a_rate_n_times_smaller() -> None:
    def total(theta: Array) -> tuple[Array, Array]:
        residual = LINE.features @ theta - LINE.targets
        return residual @ residual / 2, LINE.features.T @ residual

    mean = gd.descend(LINE, gd.gradient_descent(0.2), np.zeros(2), steps=20)
    summed = gd.descend(total, gd.gradient_descent(0.2 / 100), np.zeros(2), steps=20)
    np.testing.assert_allclose(summed.points, mean.points, rtol=1e-12)


def test_squares_are_least_at_the_mean_and_absolute_errors_at_the_median() -> None:
    targets = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    tried = np.linspace(0, 100, 10_001)
    off = tried[:, None] - targets
    squares, sizes = (off**2).sum(axis=1), abs(off).sum(axis=1)
    assert tried[squares.argmin()] == 22
    assert tried[sizes.argmin()] == 3
    assert "is 22 by squares, the mean, and 3 by absolute errors" in answer("Which loss should")


def test_a_guess_among_k_classes_costs_ln_k() -> None:
    two = gd.LogisticRegression(np.array([[1.0], [2.0], [-3.0]]), [0, 1, 1])
    assert two.value([0.0]) == pytest.approx(math.log(2), abs=1e-15)
    assert f"start at {math.log(2):.3f}, or at {math.log(10):.3f}?" in " ".join(ANSWERS)


def test_scores_that_ignore_the_labels_cost_more_than_ln_k() -> None:
    scores = np.random.default_rng(0).normal(size=(1000, 10))
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    cost = -np.log(chances).mean()  # each of the ten labels is as likely as the others
    assert cost > math.log(10) + 0.1


def test_a_model_without_features_costs_half_the_variance() -> None:
    level = gd.LeastSquares(np.ones((100, 1)), LINE.targets)
    assert level.value(level.minimum) == pytest.approx(LINE.targets.var() / 2, rel=1e-12)


def test_a_surer_model_can_cost_more_at_the_same_accuracy() -> None:
    scores = np.array([1.0] * 9 + [-1.0])  # times the label: nine right, one wrong

    def cost(factor: float) -> float:
        return float(np.log1p(np.exp(-factor * scores)).mean())

    assert (round(cost(1), 3), f"{cost(10):.3f}") == (0.413, "1.000")
    assert "0.413" in answer("accuracy")
    assert "1.000" in answer("accuracy")


def test_the_exponential_of_single_precision_overflows_beyond_88_72() -> None:
    with np.errstate(over="ignore"):
        low, high = np.exp(np.array([88.72, 88.73], dtype=np.float32))
    assert np.isfinite(low)
    assert np.isinf(high)
    assert 88.72 in numbers("after an hour")


def hidden(theta: Array) -> float:
    """Cost of three tanh units on five points: half the mean squared error, from ten weights."""
    into, bias, out, level = theta[:3], theta[3:6], theta[6:9], theta[9]
    x = FIVE[:, 1]
    predicted = np.tanh(x[:, None] * into + bias) @ out + level
    return float(((predicted - x**2) ** 2).mean() / 2)


def descended(start: Array, steps: int) -> Array:
    for _ in range(steps):
        start = start - 0.05 * gd.numerical_gradient(hidden, start)
    return start


def test_a_hidden_layer_that_starts_at_0_keeps_all_its_weights_there() -> None:
    end = descended(np.zeros(10), 100)
    np.testing.assert_allclose(end[:9], 0, atol=1e-9)
    assert end[9] > 1


def test_units_that_start_equal_stay_equal() -> None:
    end = descended(np.repeat([0.5, 0.1, 0.3, 0.0], [3, 3, 3, 1]), 100)
    for group in (end[:3], end[3:6], end[6:9]):
        np.testing.assert_allclose(group, group[0], atol=1e-7)
    assert abs(end[0] - 0.5) > 0.01


def last_costs(draw: str, seeds: range) -> float:
    """Return the mean excess cost at the ends of epochs 21 to 30, rows taken one by one."""
    least, ends = LINE.value(LINE.minimum), []
    for seed in seeds:
        rng, theta = np.random.default_rng(seed), np.zeros(2)
        once = rng.permutation(100)
        for epoch in range(30):
            for row in once if draw == "once" else rng.permutation(100):
                x = LINE.features[row]
                theta = theta - 0.05 * (x @ theta - LINE.targets[row]) * x
            if epoch >= 20:
                ends.append(LINE.value(theta) - least)
    return float(np.mean(ends))


def test_rows_shuffled_once_leave_as_little_as_rows_shuffled_in_every_epoch() -> None:
    once, each = (last_costs(draw, range(200, 260)) for draw in ("once", "each"))
    assert 0.7 < once / each < 1.4
    assert each < 0.0041 / 1.5  # drawn anew, as chapter 5 prints
    assert "leave as little there, on average over 60 shuffles" in answer("shuffle")


def test_larger_targets_stretch_the_path_of_gradient_descent_and_delay_adam() -> None:
    targets = FIVE @ [3.0, 2.0]
    paths = [
        gd.descend(gd.LeastSquares(FIVE, c * targets), gd.gradient_descent(0.3), np.zeros(2), 50)
        for c in (1, 100)
    ]
    np.testing.assert_allclose(paths[1].points, 100 * paths[0].points, rtol=1e-12)

    def away(c: float, steps: int) -> NDArray[np.intp]:
        run = gd.descend(gd.LeastSquares(FIVE, c * targets), gd.adam(0.1), np.zeros(2), steps)
        off = np.linalg.norm(run.points @ FIVE.T - c * targets, axis=1)
        return np.flatnonzero(off > 0.01 * c * np.linalg.norm(targets))

    assert away(1, 500)[-1] + 1 == 77
    assert away(100, 5000)[-1] == 5000
    assert {77, 5000} <= numbers("scale my targets")


@pytest.mark.parametrize("seed", range(100, 106))
def test_an_epochs_mean_loss_is_more_than_twice_that_at_its_end(seed: int) -> None:
    rule = gd.gradient_descent(0.2)
    run = gd.descend_batches(LINE, rule, batch_size=10, epochs=1, seed=seed)
    printed = run.values[:-1].mean()
    assert printed > 2 * run.values[-1]
    assert "more than twice" in answer("validation loss lower")


def test_the_lowest_of_ten_equal_models_looks_better_than_it_is() -> None:
    # The mean of the largest of ten normal numbers, ∫ x·10 φ(x) Φ(x)⁹ dx.
    x = np.linspace(-9, 9, 20_001)
    below = np.array([math.erf(v / math.sqrt(2)) for v in x]) / 2 + 0.5
    density = 10 * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi) * below**9
    assert round(float((x * density).sum() * (x[1] - x[0])), 2) == 1.54
    assert 1.54 in numbers("last weights or the best")


def test_as_many_features_as_rows_fit_any_targets() -> None:
    rng = np.random.default_rng(3)
    rows = gd.LeastSquares(rng.normal(size=(5, 5)), rng.normal(size=5))
    assert rows.value(rows.minimum) < 1e-20


def test_decay_on_the_level_draws_the_predictions_to_0() -> None:
    targets = 100 + FIVE[:, 1]

    def cost(theta: Array) -> tuple[float, Array]:
        off = FIVE @ theta - targets
        return off @ off / 10 + 0.05 * theta @ theta, FIVE.T @ off / 5 + 0.1 * theta

    end = gd.descend(cost, gd.gradient_descent(0.3), np.zeros(2), 2000).end
    assert end[0] == pytest.approx(100 / 1.1, rel=1e-9)
    assert (FIVE @ end).mean() == pytest.approx(90.9, abs=0.05)
    assert {100, 90.9, 0.1} <= numbers("biases")


def test_a_shortened_gradient_keeps_its_direction_and_a_cut_one_does_not() -> None:
    g = np.array([3.0, 4.0])
    np.testing.assert_allclose(g * min(1, 1 / np.linalg.norm(g)), [0.6, 0.8])
    np.testing.assert_array_equal(np.clip(g, -1, 1), [1, 1])
    assert "from (3, 4) at 1 to (1, 1) in place of (0.6, 0.8)" in answer("clipping")


def test_a_steady_slope_moves_adam_by_1_in_a_thousand_steps() -> None:
    for slope in (0.01, 50.0):
        ramp = gd.Landscape.parse(f"{slope} * theta")
        run = gd.descend(ramp, gd.adam(0.001), [0.0], 1000)
        assert run.end[0] == pytest.approx(-1, rel=1e-4)


def test_adam_without_its_memory_leaves_the_minimum_and_momentum_does_not() -> None:
    bowl = gd.landscapes.quadratic(condition=10)
    for rule, highest in ((gd.adam(0.1), 0.05), (gd.momentum(0.03), 1e-8)):
        before = gd.descend(bowl, rule, steps=200)
        again = gd.descend(bowl, rule, before.end, steps=20).values
        assert f"{before.values[-1]:.0e}" in ("2e-09", "3e-09")
        assert float(f"{again.max():.0e}") == pytest.approx(highest, rel=0.7)
    assert r"from $2\cdot10^{-9}$ to 0.05" in answer("checkpoint")


def test_single_precision_hides_a_small_distance_from_the_minimum() -> None:
    theta = np.float32(3e-4)
    assert np.float32(1) + theta**2 / np.float32(2) == 1
    assert 1 + float(theta) ** 2 / 2 > 1
    assert np.float32(1) - np.float32(5.9e-8 / 2) == 1
