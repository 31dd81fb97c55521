"""Skip-gram's cost over a text: against counts by hand, loops, and a cost without tables."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest

import gdlib as gd
from tests.data import make_book_words

TEXT = ["down", "the", "hill", "and", "up", "the", "hill"]
WORDS = ["the", "hill", "up"]


def neighbours(pages: list[list[str]], words: list[str], window: int) -> Counter[tuple[str, str]]:
    """Count pairs as one counts them with two fingers."""
    found: Counter[tuple[str, str]] = Counter()
    for page in pages:
        for (i, one), (j, other) in itertools.product(enumerate(page), repeat=2):
            if 0 < abs(i - j) <= window and one in words and other in words:
                found[one, other] += 1
    return found


def true_pairs(problem: gd.MatrixFactorisation, words: list[str]) -> Counter[tuple[str, str]]:
    true = problem.features[problem.targets == 1].astype(int)
    return Counter((words[i], words[j]) for i, j in true)


def test_the_pairs_of_a_short_text_are_those_counted_by_hand() -> None:
    problem = gd.problems.skip_gram([TEXT], WORDS, window=1, negatives=1, rank=2, seed=0)
    by_hand = {("the", "hill"): 2, ("hill", "the"): 2, ("up", "the"): 1, ("the", "up"): 1}
    assert true_pairs(problem, WORDS) == by_hand


@pytest.mark.parametrize("window", [1, 2, 5, 50])
def test_pairs_reach_as_far_as_the_window_and_not_into_the_next_page(window: int) -> None:
    pages = [TEXT, ["hill"], [], ["up", "hill", "down", "the"]]
    problem = gd.problems.skip_gram(pages, WORDS, window=window, negatives=1, rank=2, seed=0)
    assert true_pairs(problem, WORDS) == neighbours(pages, WORDS, window)


def test_random_pairs_keep_the_word_and_draw_neighbours_by_their_shares() -> None:
    pages = [TEXT * 200]
    problem = gd.problems.skip_gram(pages, WORDS, window=2, negatives=3, rank=2, seed=1)
    counted = neighbours(pages, WORDS, 2)
    left, drawn = problem.features[problem.targets == 0].astype(int).T
    assert len(drawn) == 3 * sum(counted.values())
    for i, word in enumerate(WORDS):
        assert (left == i).sum() == 3 * sum(n for (one, _), n in counted.items() if one == word)
        share = sum(n for (_, other), n in counted.items() if other == word) / sum(counted.values())
        spread = np.sqrt(share * (1 - share) / len(drawn))
        assert abs(np.mean(drawn == i) - share) < 5 * spread


def test_another_seed_draws_other_pairs_and_the_same_one_the_same() -> None:
    first, again, other = (
        gd.problems.skip_gram([TEXT * 9], WORDS, window=2, negatives=2, rank=2, seed=seed)
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first.features, again.features)
    assert not np.array_equal(first.features, other.features)


def test_the_expected_cost_is_the_mean_of_many_sampled_ones() -> None:
    pages = [TEXT * 20]
    exact = gd.problems.skip_gram(pages, WORDS, window=2, negatives=2, rank=2)
    theta = exact.start(seed=0, scale=1.0)
    sampled = [
        gd.problems.skip_gram(pages, WORDS, window=2, negatives=2, rank=2, seed=seed).value(theta)
        for seed in range(200)
    ]
    assert np.mean(sampled) == pytest.approx(exact.value(theta), abs=5 * np.std(sampled) / 200**0.5)


def test_tables_give_what_rows_give() -> None:
    fast = gd.problems.skip_gram([TEXT], WORDS, window=3, negatives=2, rank=2, l2=0.1)
    slow = gd.MatrixFactorisation(
        fast.features.astype(int),
        fast.targets[:, 0],
        2,
        weights=fast.targets[:, 1],
        loss="logistic",
        l2=0.1,
    )
    points = np.stack([fast.start(seed, scale=3.0) for seed in range(4)])
    np.testing.assert_allclose(fast.value(points), slow.value(points), rtol=1e-13)
    np.testing.assert_allclose(fast.gradient(points), slow.gradient(points), rtol=0, atol=1e-14)
    value, gradient = fast(points[0])
    np.testing.assert_allclose(value, slow.value(points[0]), rtol=1e-13)
    np.testing.assert_allclose(gradient, slow.gradient(points[0]), rtol=0, atol=1e-14)
    some = [0, 3, 5]
    np.testing.assert_allclose(fast.value(points[0], some), slow.value(points[0], some))
    np.testing.assert_allclose(fast.gradient(points[0], some), slow.gradient(points[0], some))


def test_far_scores_cost_what_they_cost_and_overflow_nowhere() -> None:
    problem = gd.problems.skip_gram([["a", "a"]], ["a"], window=1, negatives=1, rank=1)
    value, gradient = problem(np.array([1e3, 1e3]))
    assert value == pytest.approx(5e5)  # half the pairs are drawn, and taken for true
    assert gradient == pytest.approx([500, 500])


def test_the_minimum_of_a_pair_is_its_shifted_mutual_information() -> None:
    pages = [["a", "b", "a", "a", "b", "b", "b", "a", "b"]]
    problem = gd.problems.skip_gram(pages, ["a", "b"], window=3, negatives=3, rank=2)
    run = gd.descend(problem, gd.adagrad(0.3), problem.start(0), steps=3000)
    left, right = run.end.reshape(2, 2, 2)
    n = np.zeros((2, 2))
    for (one, other), times in neighbours(pages, ["a", "b"], 3).items():
        n["ab".index(one), "ab".index(other)] = times
    pmi = np.log(n * n.sum() / n.sum(axis=0) / n.sum(axis=1)[:, None])
    np.testing.assert_allclose(left @ right.T, pmi - np.log(3), atol=1e-6)


def test_a_word_that_stands_twice_in_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="vocabulary must be at least one word, and each"):
        gd.problems.skip_gram([TEXT], ["the", "the"], window=1, negatives=1, rank=1)


# --- the book's words -----------------------------------------------------------------------------


def test_the_words_of_the_book_are_words() -> None:
    pages = gd.problems.book_words()
    assert len(pages) == 18
    assert sum(map(len, pages)) == 64_112
    for word in set().union(*pages):
        assert word == word.lower()
        assert word.replace("-", "").replace("’", "").replace("'", "").isalpha()


def test_a_page_in_myst_is_reduced_to_its_words() -> None:
    page = """(sec-here)=
## The valley's floor

:::{admonition} Left out
:class: try
Take $\\eta = 2/L$ and `gd.adam` from {doc}`04-valleys`, {ref}`the rule <sec-there>`, [a
link](https://example.org) and {term}`mini-batches <mini-batch>` {cite:p}`duchi2011`:
```python
code = 1
```
:::
"""
    wanted = "the valley floor take and from the rule a link and mini-batches"
    assert make_book_words.words(page) == wanted.split()


def test_what_a_figure_and_a_quiz_say_is_prose_too() -> None:
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {"mystnb": {"figure": {"caption": "A path."}, "image": {"alt": "A map."}}},
        "source": ['gd.Quiz("a/b", "How far?", [gd.Option("Not far", "No.")])'],
    }
    assert list(make_book_words.said_in(cell)) == ["A path.", "A map.", "How far?", "Not far"]
