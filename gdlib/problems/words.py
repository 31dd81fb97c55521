"""Words and their neighbours: the text of this book, and the cost that skip-gram learns from."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.problems.factorisation import MatrixFactorisation

Array = NDArray[np.float64]

MOST = 10**7
"""Words of a text."""


def book_words() -> list[list[str]]:
    """Return the words of this book as it was on 29 November 2026, one list a page.

    Fifteen chapters, the questions, the page on diagnosis and the glossary: 64,112 words in
    lower case, without formulas, code and numbers. Later changes of the book do not change them.
    The text is under CC BY 4.0, as all prose of the book is; `tests/data/make_book_words.py`
    took it.
    """
    packed = files("gdlib.problems").joinpath("book.txt.gz").read_bytes()
    return [page.split() for page in gzip.decompress(packed).decode().splitlines()]


def skip_gram(
    pages: Sequence[Sequence[str]],
    vocabulary: Sequence[str],
    *,
    window: int,
    negatives: int,
    rank: int,
    seed: int | None = None,
    l2: float = 0.0,
) -> MatrixFactorisation:
    """Return the cost of telling pairs of neighbours in a text from pairs drawn at random.

    "left" has a vector for each word, "right" one for each word as a neighbour of others; the
    score of a pair is the product of the two, and the cost its mean log loss (Mikolov et al.
    2013, equation 4, with negatives drawn by how often a word is a neighbour).

    Parameters
    ----------
    pages
        Texts as lists of words; no pair reaches from one into the next.
    vocabulary
        The words that get vectors, in the order of the rows of θ. Other words keep their places
        in the text and are in no pair.
    window
        How many places apart two words may be to be neighbours.
    negatives
        How many pairs are drawn at random for each pair of neighbours.
    rank
        How long the vectors are.
    seed
        Of the random pairs. None takes their expectation: every pair of words is there once as
        neighbours and once as drawn, with how often as its weight (all weights have a mean of 1).
    l2
        Strength of the penalty (l2/2)‖θ‖².

    Raises
    ------
    TypeError, ValueError
        No texts or no words, a word that stands twice in the vocabulary, no pair of neighbours,
        counts below 1, l2 below 0.
    """
    words = _list_of_words("vocabulary", vocabulary)
    if len(set(words)) < len(words) or not words:
        raise ValueError("vocabulary must be at least one word, and each word once")
    reach = checks.count("window", window, at_least=1)
    drawn = checks.count("negatives", negatives, at_least=1)
    pairs = _pairs(pages, words, reach)
    if not len(pairs):
        raise ValueError("pages must have two words of the vocabulary within the window")
    size = len(words)
    checks.room("the random pairs of skip_gram", 3 * drawn * len(pairs))
    often = np.bincount(pairs[:, 1], minlength=size) / len(pairs)
    if seed is None:
        numbers = np.bincount(pairs @ (size, 1), minlength=size * size)
        counts = numbers.reshape(size, size).astype(float)
        return ExpectedPairs(counts, drawn * counts.sum(axis=1)[:, None] * often, rank, l2)
    rng = np.random.default_rng(checks.seed(seed))
    others = rng.choice(size, len(pairs) * drawn, p=often)
    random = np.stack([np.repeat(pairs[:, 0], drawn), others], axis=1)
    values = np.repeat([1.0, 0.0], [len(pairs), len(random)])
    entries = np.concatenate([pairs, random])
    return MatrixFactorisation(entries, values, rank, shape=(size, size), loss="logistic", l2=l2)


class ExpectedPairs(MatrixFactorisation):
    """Every pair of words once as neighbours and once as drawn, each with its weight.

    The pairs fill two whole tables, so cost and gradient are products of matrices.
    """

    def __init__(self, counts: Array, chance: Array, rank: int, l2: float) -> None:
        weights = np.stack([counts, chance])
        super().__init__(
            np.tile(np.indices(counts.shape).reshape(2, -1).T, (2, 1)),
            np.repeat([1.0, 0.0], counts.size),
            rank,
            shape=counts.shape,
            loss="logistic",
            weights=(weights / weights.mean()).ravel(),
            l2=l2,
        )
        self.counts = counts / weights.sum()
        self.both = weights.sum(axis=0) / weights.sum()

    def mean_value(self, theta: Array, features: Array, targets: Array) -> Array:
        """Return the cost of a batch at points (..., n); of all pairs from the tables."""
        if features is not self.features or theta.dtype.kind == "c":
            return super().mean_value(theta, features, targets)
        values = [self._costs(*self._products(one)) for one in theta.reshape(-1, self.n)]
        return self._with_penalty(theta, np.array(values).reshape(theta.shape[:-1]))

    def _both(self, theta: Array, features: Array, targets: Array) -> tuple[Any, Array]:
        if features is not self.features:
            return super()._both(theta, features, targets)
        left, right = theta.reshape(2, -1, self.rank)
        scores, small = self._products(theta)
        slopes = self.both * np.where(scores > 0, 1, small) / (1 + small) - self.counts
        gradient = np.concatenate([slopes @ right, slopes.T @ left]).ravel()
        value = self._with_penalty(theta, self._costs(scores, small))
        return value, self._penalized(theta, gradient)

    def _products(self, theta: Array) -> tuple[Array, Array]:
        """Return the scores s of all pairs, and exp(−|s|), which does not overflow."""
        left, right = theta.reshape(2, -1, self.rank)
        scores = left @ right.T
        return scores, np.exp(-np.abs(scores))

    def _costs(self, scores: Array, small: Array) -> Any:
        softplus = np.maximum(scores, 0) + np.log1p(small)
        return (self.both * softplus - self.counts * scores).sum()


def _pairs(pages: Any, words: tuple[str, ...], window: int) -> NDArray[np.int64]:
    """Return the pairs (word, neighbour) of all texts, shape (N, 2), by their numbers."""
    number = {word: i for i, word in enumerate(words)}
    found = [np.empty((0, 2), np.int64)]
    for page in checks.several("pages", pages, MOST, "hold lists of words"):
        listed = _list_of_words("each text of pages", page)
        text = np.array([number.get(word, -1) for word in listed], np.int64)
        for apart in range(1, min(window + 1, len(text))):
            both = np.stack([text[:-apart], text[apart:]], axis=1)
            both = both[(both >= 0).all(axis=1)]
            found += [both, both[:, ::-1]]
    return np.concatenate(found)


def _list_of_words(name: str, value: Any) -> tuple[str, ...]:
    """Return a list of words, or say what is wrong with it."""
    words = checks.several(name, value, MOST, "be a list of words")
    return tuple(checks.text(f"each word of {name}", word) for word in words)
