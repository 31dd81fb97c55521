"""What chapter 19 claims and no cell of it prints, by its own code."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

import gdlib as gd
from tests import claims
from tests.test_try_this import says

CHAPTER = "19-words"


@cache
def chapter() -> dict[str, Any]:
    """Return what the chapter has defined before it races and judges."""
    mpl.use("Agg")
    known: dict[str, Any] = {}
    for name in (
        "imports",
        "play-neighbours",
        "count",
        "plain",
        "sampled",
        "sampled-agree",
        "race",
    ):
        source = claims.cells(CHAPTER)[name].source
        exec(source.split("\ntraining, train_often")[0], known)  # without the tuning
    return known


def alike(seed: int) -> Any:
    known = chapter()
    return known["alike"] if seed == 0 else known["likeness"](known["learn"](seed))


def nearest(word: str, seed: int, number: int = 5) -> list[str]:
    found: list[str] = chapter()["nearest"](word, alike(seed), number)
    return found


def test_what_the_answers_of_the_quiz_say() -> None:
    order = nearest("momentum", 0, 572)
    assert order[0] == "nesterov"
    assert order.index("heavy") == 6
    assert order.index("the") > 100
    assert chapter()["counts"]["momentum"] == 166
    beside = chapter()["table"](gd.problems.book_words(), chapter()["vocabulary"])
    row, the = (beside[chapter()["vocabulary"].index(word)] for word in ("momentum", "the"))
    assert chapter()["vocabulary"][row.argmax()] == "the"
    assert (the > 0).all()
    assert (row == 0).mean() > 0.2


@pytest.mark.long
def test_what_ten_starts_have_in_common() -> None:
    first, medians = [], []
    vocabulary = chapter()["vocabulary"]
    stems = [word for word in vocabulary if word + "s" in vocabulary and len(word) > 3]
    for seed in range(10):
        near = chapter()["nearest"], alike(seed)
        first.append(near[0]("momentum", near[1], 1)[0])
        ranks = [near[0](word, near[1], 572).index(word + "s") + 1 for word in stems]
        medians.append(np.median(ranks))
    assert sorted(first) == ["adam", *["nesterov"] * 9]
    assert 34 <= min(medians) < 35
    assert 54 < max(medians) <= 55
    text = claims.cells(CHAPTER)["stable-says"].source
    assert "from nine of the starts 0 to 9" in text
    assert "half are among the nearest 34 to 55" in text


def test_most_of_the_eight_nearest_are_rules() -> None:
    rules = {"nesterov", "adagrad", "amsgrad", "adam", "rmsprop"}
    assert set(nearest("momentum", 0)) == rules
    cosines = np.sort(alike(0)[chapter()["vocabulary"].index("momentum")])[::-1][1:9]
    assert cosines.round(2)[[0, -1]].tolist() == [0.84, 0.72]


def test_19_neighbours() -> None:
    assert nearest("valley", 0) == ["narrow", "turn", "turned", "path", "rosenbrock"]
    assert nearest("three", 0, 4) == ["five", "four", "two", "seven"]
    again = nearest("momentum", 1)
    assert [word for word in again if word in nearest("momentum", 0)] == [
        "nesterov",
        "adagrad",
        "rmsprop",
    ]
    assert set(again) - set(nearest("momentum", 0)) == {"tuned", "without"}
    where = (CHAPTER, "try")
    says(*where, 1, '"narrow", "turn", "turned", "path" and "rosenbrock"')
    says(*where, 2, '"five", "four", "two" and "seven"')
    says(*where, 3, '"nesterov", "adagrad" and "rmsprop" stay', '"tuned" and "without" are new')


def test_after_an_epoch_gradient_descent_has_hardly_moved_rare_words_and_adagrad_has() -> None:
    known = chapter()
    problem, often = known["momentum_to_rates"], known["often"]

    def grown(theta: Any) -> Any:
        lengths = np.linalg.norm(theta.reshape(2, -1, 10)[0], axis=1)
        return lengths[often < 20].mean(), lengths[often >= 100].mean()

    rare_start = grown(problem.start(0))[0]
    rare, frequent = grown(known["trained"](problem, "one rate", 20, 0))
    assert rare < 2 * rare_start
    assert frequent > 4 * rare_start
    assert grown(known["trained"](problem, "AdaGrad", 0.2, 0))[0] > 3 * rare_start


def test_no_sum_of_squares_of_an_epoch_comes_near_the_tenth_with_which_keras_begins() -> None:
    problem = chapter()["momentum_to_rates"]
    theta, squares = problem.start(0), np.zeros(problem.n)
    order = np.random.default_rng(0).permutation(problem.rows)
    for begin in range(0, problem.rows, 250):
        slope = problem.gradient(theta, rows=order[begin : begin + 250])
        squares += slope**2
        theta = theta - 0.2 * slope / np.sqrt(squares + 1e-16)
    assert squares.max() < 0.04


def judged(held: list[int]) -> tuple[dict[float, float], dict[int, float]]:
    """Return the cost on held-out pages by penalty, and of tables by what is added."""
    known, pages = chapter(), gd.problems.book_words()
    seen = [page for number, page in enumerate(pages) if number not in held]
    unseen = [pages[number] for number in held]
    judge = gd.problems.skip_gram(unseen, known["vocabulary"], window=5, negatives=2, rank=20)
    vectors = {l2: float(judge.value(known["learn"](0, seen, l2))) for l2 in (0, 3e-6, 1e-5, 3e-5)}
    n, there = (known["table"](some, known["vocabulary"]) for some in (seen, unseen))
    m, chance = (np.outer(one.sum(1), one.sum(0)) / one.sum() for one in (n, there))
    tables = {}
    for added in (1, 2, 3, 5, 10):
        scores = np.log((n + added) / (m + added) / 2)
        both = there + 2 * chance
        costs = both * np.log1p(np.exp(scores)) - there * scores
        tables[added] = float(costs.sum() / both.sum())
    return vectors, tables


@pytest.mark.long
def test_penalty_and_table_were_chosen_on_other_pages_than_those_that_judge() -> None:
    vectors, tables = judged([2, 7, 12])
    assert min(vectors, key=lambda l2: vectors[l2]) == 1e-5
    assert min(tables, key=lambda added: tables[added]) == 3


def test_two_words_that_never_meet() -> None:
    vocabulary = chapter()["vocabulary"]
    beside = chapter()["table"](gd.problems.book_words(), vocabulary)
    assert beside[vocabulary.index("lasso"), vocabulary.index("nesterov")] == 0


def test_learning_stands_before_rate() -> None:
    pages = gd.problems.book_words()
    pairs = [pair for page in pages for pair in pairwise(page)]
    assert sum(one == "learning" and other.startswith("rate") for one, other in pairs) == 43
    assert sum(word == "learning" for page in pages for word in page) == 49


def test_a_pair_that_never_meets_has_a_cost_that_falls_for_ever() -> None:
    scores = np.linspace(-30, 5, 50)
    costs = np.log1p(np.exp(scores))
    assert (np.diff(costs) > 0).all()
    assert costs[0] == pytest.approx(0, abs=1e-12)
