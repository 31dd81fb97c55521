"""What chapter 20 says beside its cells: its recorded numbers, its answers, its claims."""

from __future__ import annotations

import ast
import json
from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from tests.claims import cells
from tests.data import make_framework_paths as frameworks
from tests.test_try_this import says

CHAPTER = "20-frameworks"
RECORDED = json.loads(frameworks.PATHS.read_text(encoding="utf-8"))
RUNS = {
    frameworks.Case(one["rule"], one["library"], one["call"]): one["point"]
    for one in RECORDED["runs"]
}
x, y = sp.symbols("x y", real=True)
ROUND = (x**2 + 10 * y**2) / 2
BOUNDS: Any = ((-1, 5), (-2, 2))
STEEP, SHALLOW = (
    gd.Landscape(name, ROUND / by, (x, y), BOUNDS, (4, 1)) for name, by in (("a", 1), ("b", 100))
)


def from_a_tenth(rate: float) -> gd.Optimizer:
    return gd.Optimizer.parse("v = 0.1; v = v + g**2; step = -eta*g/sqrt(v + 1e-7)", eta=rate)


def xs(cost: gd.Landscape, rule: gd.Optimizer) -> Any:
    return gd.descend(cost, rule, steps=100).points[:, 0]


# --- what was recorded ----------------------------------------------------------------------------


def test_the_chapter_shows_the_lines_that_the_script_writes() -> None:
    source = cells(CHAPTER)["recorded"].source
    assert source.split('"""')[1].split("\n")[1:-1] == frameworks.shown(RECORDED)


def test_the_chapter_shows_the_losses_that_the_script_writes() -> None:
    tree = ast.parse(cells(CHAPTER)["train-recorded"].source).body[0]
    assert isinstance(tree, ast.Assign)
    shown = ast.literal_eval(tree.value)
    assert shown == {
        name: [round(loss, 12) for loss in losses] for name, losses in RECORDED["losses"].items()
    }
    assert f"AT = {RECORDED['losses_at']}" in cells(CHAPTER)["train-ours"].source


def test_the_chapter_names_the_versions_and_the_date_of_the_recorded_runs() -> None:
    text = cells(CHAPTER)["recorded-text"].source
    for version in RECORDED["versions"].values():
        assert version.partition("+")[0] in text
    year, _month, day = RECORDED["date"].split("-")
    assert f"on {int(day)} " in text
    assert f" {year} by" in text
    assert f"`{RECORDED['keras_tanh']}`: Keras" in cells(CHAPTER)["train-why"].source


def test_the_losses_of_keras_are_numbers_of_single_precision() -> None:
    """As the chapter says of Keras' mean; those of Optax are not."""
    losses = RECORDED["losses"]
    assert [float(np.float32(one)) for one in losses["Keras"]] == losses["Keras"]
    assert not any(float(np.float32(one)) == one for one in losses["Optax"])


def test_the_recorded_runs_are_those_that_the_script_makes() -> None:
    assert list(RUNS) == list(frameworks.cases())
    assert set(frameworks.RATES) == set(gd.optimizers.catalogue)


@pytest.mark.parametrize("case", RUNS, ids=lambda case: f"{case.rule}-{case.library}")
def test_an_installed_framework_takes_the_recorded_steps(case: frameworks.Case) -> None:
    """Here, and wherever JAX, Optax and Keras are: the script says how they are run."""
    for module in {"PyTorch": ["torch"], "Optax": ["jax", "optax"], "Keras": ["jax", "keras"]}[
        case.library
    ]:
        pytest.importorskip(module)
    np.testing.assert_allclose(frameworks.run(case), RUNS[case], rtol=1e-13)


def test_the_chapters_network_is_the_scripts() -> None:
    rows, targets, start = frameworks.network()
    layers = {"hidden": 20, "output": 1}
    made = gd.Network(rows, targets, layers=layers, activation="tanh")
    flat = np.concatenate([part.ravel() for part in start])
    path = gd.descend(made, gd.momentum(frameworks.NETWORK_RATE), flat, steps=1000).values
    np.testing.assert_allclose(path[RECORDED["losses_at"]], RECORDED["losses"]["Optax"], rtol=1e-12)


# --- the answers of the quiz and of "Try this" ----------------------------------------------------


def test_the_quiz_has_the_two_ends_and_the_first_steps() -> None:
    ours, keras = xs(SHALLOW, gd.adagrad(0.5)), xs(SHALLOW, from_a_tenth(0.5))
    assert (round(ours[-1], 2), round(keras[-1], 2)) == (0.02, 1.02)
    assert (round(4 - ours[1], 2), round(4 - keras[1], 2)) == (0.5, 0.06)
    squares = gd.descend(SHALLOW, from_a_tenth(0.5), steps=100).gradients ** 2
    assert squares.max() <= 0.01 * (1 + 1e-12)  # small beside 0.1


def test_a_sum_that_begins_higher_never_steps_farther() -> None:
    """One quiz answer says so of every step on the same gradients."""
    gradients = np.random.default_rng(0).normal(size=(50, 3))
    for one in (1e-3, 1.0, 30.0):
        seen = np.cumsum((one * gradients) ** 2, axis=0)
        assert (np.sqrt(seen + 0.1) >= np.sqrt(seen)).all()


def test_try_the_bowls() -> None:
    where = (CHAPTER, "try")
    assert round(xs(STEEP, gd.adagrad(0.5))[-1], 4) == 0.0226
    assert round(xs(STEEP, from_a_tenth(0.5))[-1], 4) == 0.0228
    says(*where, 1, "0.0226", "0.0228")
    assert round(xs(SHALLOW, from_a_tenth(1.0))[-1], 2) == 0.22
    assert round(xs(SHALLOW, from_a_tenth(2.0))[-1], 4) == 0.0085
    assert round(xs(SHALLOW, gd.adagrad(0.5))[-1], 4) == 0.0226
    says(*where, 2, "0.22", "0.0085", "0.0226")
    lengths = [4 - xs(SHALLOW, gd.rmsprop(0.05, decay=rho))[1] for rho in (0.9, 0.99)]
    assert np.round(lengths, 2).tolist() == [0.16, 0.5]
    says(*where, 3, "from 0.16 to 0.5")


# --- claims ---------------------------------------------------------------------------------------


@cache
def last_x(rule: str) -> float:
    built = gd.optimizers.catalogue[rule](learning_rate=frameworks.RATES[rule])
    return float(gd.descend(gd.landscapes.rosenbrock(), built, frameworks.START, steps=100).end[0])


def test_who_takes_the_books_steps() -> None:
    """As the chapter counts them, to twelve decimals."""
    same = {
        library: [
            case.rule
            for case, point in RUNS.items()
            if case.library == library and round(point[0], 12) == round(last_x(case.rule), 12)
        ]
        for library in frameworks.LIBRARIES
    }
    plain = ["gradient_descent", "momentum", "nesterov"]
    assert set(frameworks.CALLS["PyTorch"]) - set(same["PyTorch"]) == {"rmsprop"}
    assert same["Optax"] == [*plain, "adadelta", "adam"]
    assert same["Keras"] == [*plain, "lion"]


def test_word_vectors_hardly_learn_from_a_sum_that_begins_at_a_tenth() -> None:
    """Chapter 19's pairs, batches and rate, one epoch; AdaGrad is written out."""
    pages = gd.problems.book_words()[10:13]
    often = Counter(word for page in pages for word in page)
    words = [word for word, times in often.most_common() if times >= 5]
    pairs = gd.problems.skip_gram(pages, words, window=2, negatives=2, rank=10, seed=0)
    order = np.random.default_rng(0).permutation(pairs.rows)
    costs, largest = [pairs.value(pairs.start(0))], 0.0
    for first in (0.0, 0.1):
        theta, total = pairs.start(0), np.full(pairs.n, first)
        for begin in range(0, pairs.rows, 250):
            slope = pairs.gradient(theta, rows=order[begin : begin + 250])
            largest = max(largest, abs(slope).max())
            total = total + slope**2
            theta = theta - 0.2 * slope / np.sqrt(total + 1e-20)
        costs.append(pairs.value(theta))
    assert np.round(costs, 2).tolist() == [0.69, 0.6, 0.69]
    assert largest < 0.04
    text = cells(CHAPTER)["first-end"].source
    for number in ("above 0.04", "from 0.69 to 0.60", "still 0.69"):
        assert number in text


def test_the_rate_times_a_small_gradient_is_a_root_of_ten_times_larger() -> None:
    """η/√a with a = 0.1, and where the step is half of PyTorch's."""
    assert round(1 / np.sqrt(0.1), 1) == 3.2
    below = 0.18
    assert below / np.sqrt(0.1 + below**2) < 0.5 < 0.19 / np.sqrt(0.1 + 0.19**2)


@pytest.mark.parametrize("rate", [0.01, 0.5, 1.9, 3.0])
def test_without_zero_grad_no_rate_comes_to_rest(rate: float) -> None:
    """θ and the sum of gradients: from (1, 0), the later half swings as far as the first."""
    theta, total, seen = 1.0, 0.0, []
    for _ in range(2000):
        total += theta
        theta -= rate * total
        seen.append(abs(theta))
    assert max(seen[1000:]) > 0.95 * max(seen[:1000]) > 0.1


def test_nadam_of_keras_warms_up_as_the_table_says() -> None:
    """Its source: β₁(1 − 0.96^k/2) where PyTorch has 0.96^(0.004k)."""
    theta, product = np.array(frameworks.START), 1.0
    m = v = np.zeros(2)
    for k in range(1, 101):
        slope = gd.landscapes.rosenbrock().gradient(theta)
        now, then = (0.9 * (1 - 0.5 * 0.96**i) for i in (k, k + 1))
        product *= now
        m, v = 0.9 * m + 0.1 * slope, 0.999 * v + 0.001 * slope**2
        ahead = then * m / (1 - product * then) + (1 - now) * slope / (1 - product)
        theta = theta - 0.02 * ahead / (np.sqrt(v / (1 - 0.999**k)) + 1e-7)
    np.testing.assert_allclose(
        theta, RUNS[frameworks.Case("nadam", "Keras", "Nadam(0.02)")], rtol=1e-13
    )


def test_rounding_is_amplified_where_adam_is_at_its_edge() -> None:
    """Two starts that differ by rounding, another nudge than the chapter's, and momentum beside."""
    rows, targets, parts = frameworks.network()
    start = np.concatenate([part.ravel() for part in parts])
    made = gd.Network(rows, targets, layers={"hidden": 20, "output": 1}, activation="tanh")
    nudged = start * (1 + 2.3e-16 * np.random.default_rng(1).choice([-1, 1], start.size))

    def apart(rule: gd.Optimizer) -> Any:
        one, other = (gd.descend(made, rule, at, steps=750).values for at in (start, nudged))
        return abs(other / one - 1)

    adam = apart(gd.adam(0.01))
    assert max(adam[:601]) < 1e-13
    assert adam[700] > 1e-5  # ten decades in a hundred steps, and more than one part in 100 000
    assert max(adam[701:]) < 1  # it comes down again
    assert max(apart(gd.momentum(0.05))) < 1e-13


def test_a_scheduler_before_the_step_skips_the_first_rate_and_pytorch_warns() -> None:
    torch: Any = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.1)
    with pytest.warns(UserWarning, match="before `optimizer.step"):
        scheduler.step()
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.1)
