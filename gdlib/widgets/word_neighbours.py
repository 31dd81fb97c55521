"""A word, the words whose vectors point most nearly in its direction, and where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.autodiff.traced import traced
from gdlib.widgets.base import SHARED, Widget
from gdlib.widgets.traits import Count, Json, Text, validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

MOST_WORDS, MOST_SETS, MOST_NUMBERS = 1000, 4, 30_000
MOST_NEAREST, LONGEST = 20, 40
LARGEST = 1e6
RINGS = (0.75, 0.5, 0.25, 0.0)
"""Cosines at which the picture has a ring."""
UNIT = 1000
"""A page keeps each vector at length 1, in whole thousandths: its cosines are right to 0.003."""


def cosines(vectors: Any, one: Any) -> Any:
    """Return the cosine of the angle between each row of an array and one vector, shape (rows,)."""
    lengths = np.sqrt((vectors * vectors).sum(axis=1))
    return (vectors @ one) / (lengths * np.sqrt((one * one).sum()))


def apart(alike: Any) -> Any:
    """Return how far from each other two vectors of length 1 are, by the cosine of their angle."""
    return np.sqrt(np.maximum(2 - 2 * alike, 0.0))


class WordNeighbours(Widget):
    """Choose or type a word; see the words nearest to it by the cosine of their vectors.

    Beside each stands how often the text has it. A picture has the word in its middle and every
    other as far from it as their vectors are at length 1; in which direction, the two axes along
    which all vectors differ most decide, and they tell little.

    Parameters
    ----------
    words
        What has a vector, all different; at most 1000.
    vectors
        Shape (words, numbers), or up to four such arrays by name, to compare; at most 30 000
        numbers together. Their lengths do not matter; each is kept to a thousandth of its length.
    counts
        How often the text has each word, shape (words,).
    word
        The word whose neighbours are shown; the first by default.
    shown
        The name of the vectors that are shown; the first by default.
    number
        How many neighbours, from 1 to 20.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    word = Text(help="The word whose neighbours are shown.").tag(sync=True)
    shown = Text(help="The name of the vectors that are shown.").tag(sync=True)
    number = Count(8, 1, MOST_NEAREST, help="How many neighbours.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(
        self,
        words: Iterable[str],
        vectors: ArrayLike | Mapping[str, ArrayLike],
        counts: ArrayLike | None = None,
        **kwargs: Any,
    ) -> None:
        checks.keywords(self.kind, kwargs, ["word", "shown", "number"], also=SHARED)
        self.words = _words(words)
        self.vectors = _sets(vectors, len(self.words))
        self.counts = _counts(counts, len(self.words))
        chosen = {"word": self.words[0], "shown": next(iter(self.vectors))} | kwargs
        super().__init__(_programs=self._program(), **chosen)

    def _program(self) -> dict[str, Any]:
        rows = next(iter(self.vectors.values()))
        return {
            "words": list(self.words),
            "counts": None if self.counts is None else self.counts.tolist(),
            "numbers": rows.shape[1],
            "sets": [
                {"name": name, "vectors": rows.ravel().tolist(), "places": _places(rows)}
                for name, rows in self.vectors.items()
            ],
            "cosines": traced(cosines, np.eye(2), np.ones(2), by=()),
            "apart": traced(apart, np.zeros(2), by=()),
            "rings": list(RINGS),
            "most": MOST_NEAREST,
        }

    @validate("word")
    def _check_word(self, word: str) -> str:
        if word not in self.words:
            near = checks.did_you_mean(word, self.words)
            raise ValueError(f"word must be one that has a vector, not {checks.shown(word)}{near}")
        return word

    @validate("shown")
    def _check_shown(self, shown: str) -> str:
        return checks.choice("shown", shown, self.vectors)

    @property
    def _chosen(self) -> int:
        return self.words.index(self.word)

    @property
    def _alike(self) -> Array:
        """The cosines of all words with the chosen one."""
        rows = self.vectors[self.shown].astype(float)
        return np.asarray(cosines(rows, rows[self._chosen]))

    @property
    def nearest(self) -> dict[str, float]:
        """The nearest words with their cosines, the nearest first."""
        alike = self._alike
        order = [i for i in np.argsort(-alike, kind="stable") if i != self._chosen]
        return {self.words[i]: float(alike[i]) for i in order[: self.number]}

    def title(self) -> str:
        """Say which word is shown, and of how many."""
        return f"{self.word!r}, {len(self.words)} words"

    def alt_text(self) -> str:
        """Say which words are nearest."""
        near = ", ".join(f"{word} {alike:.2f}" for word, alike in self.nearest.items())
        often = "" if self.counts is None else " and how often the text has it"
        return (
            f"The words nearest to “{self.word}”, of {len(self.words)}, each with a bar for the"
            f" cosine of the angle between the two vectors{often}: {near}. Beside them a picture"
            " with the word in its middle and each other word as far from it as their vectors are."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the bars, and the words around the chosen one."""
        from gdlib import plotting

        bars, plane = figure.subplots(1, 2)
        colour, near = plotting.look("AdaGrad").colour, self.nearest
        for axes in (bars, plane):
            plotting.style(axes)
        bars.barh(list(near)[::-1], list(near.values())[::-1], color=colour)
        bars.set(xlim=(0, 1), xlabel=f"cosine to “{self.word}”", yticks=range(len(near)))
        turn = np.linspace(0, 2 * np.pi, 200)
        for ring in np.asarray(apart(np.array(RINGS))):
            plane.plot(ring * np.cos(turn), ring * np.sin(turn), color=plotting.INK, lw=0.5)
        around = self._around()
        plane.plot(*around.T, ".", color=plotting.INK, ms=2, alpha=0.4)
        for i, word in enumerate((self.word, *near)):
            x, y = around[self.words.index(word)]
            plane.plot(x, y, "o" if i else "*", color=colour, ms=5)
            beside = (4, -10 if i % 2 else 4)  # near words may lie side by side
            plane.annotate(word, (x, y), beside, textcoords="offset points", color=plotting.INK)
        plane.set(aspect="equal", xticks=[], yticks=[])
        plane.set_axis_off()

    def _around(self) -> Array:
        """Return where the words are around the chosen one, shape (words, 2)."""
        places = np.reshape(_places(self.vectors[self.shown]), (-1, 2))
        away = places - places[self._chosen]
        lengths = np.hypot(*away.T)[:, None]
        bearing = np.where(lengths > 0, away / np.where(lengths > 0, lengths, 1), [1.0, 0.0])
        return np.asarray(apart(self._alike))[:, None] * bearing


def _places(rows: NDArray[np.int_]) -> list[float]:
    """Return the vectors' two coordinates along their principal directions, one pair a word."""
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    centred = unit - unit.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]
    signs = np.sign(directions[range(len(directions)), np.abs(directions).argmax(axis=1)])
    flat = np.zeros((len(rows), 2))
    flat[:, : len(directions)] = centred @ (directions * signs[:, None]).T
    return [round(float(x), 3) for x in flat.ravel()]


def _words(words: Iterable[str]) -> tuple[str, ...]:
    listed = checks.several("words", words, MOST_WORDS, "be a list of words")
    kept = tuple(checks.text("each of words", word) for word in listed)
    if len(kept) < 2 or len(set(kept)) < len(kept):
        raise ValueError("words must be two or more, all different")
    if not all(0 < len(word) <= LONGEST and word == word.strip() for word in kept):
        wanted = f"of 1 to {LONGEST} letters, without blanks around"
        raise ValueError(f"each of words must be {wanted}")
    return kept


def _sets(vectors: ArrayLike | Mapping[str, ArrayLike], words: int) -> dict[str, NDArray[np.int_]]:
    given = vectors if isinstance(vectors, Mapping) else {"vectors": vectors}
    if not 1 <= len(given) <= MOST_SETS:
        raise ValueError(f"vectors must be from 1 to {MOST_SETS} arrays, not {len(given)}")
    kept = {
        checks.text("each name of vectors", name): _rounded(array, words)
        for name, array in given.items()
    }
    if len({array.shape for array in kept.values()}) > 1:
        raise ValueError("vectors must all be of the same shape")
    if sum(array.size for array in kept.values()) > MOST_NUMBERS:
        raise ValueError(f"vectors must be at most {MOST_NUMBERS} numbers, which a page can load")
    return kept


def _rounded(array: ArrayLike, words: int) -> NDArray[np.int_]:
    """Return vectors at length 1, in whole thousandths."""
    rows = checks.array("vectors", array, shape=(None, None))
    if len(rows) != words:
        raise ValueError(f"vectors must have a row for each of the {words} words, not {len(rows)}")
    lengths = np.linalg.norm(rows / LARGEST, axis=1, keepdims=True) * LARGEST
    if not rows.size or not ((lengths > 1 / LARGEST) & (np.abs(rows) <= LARGEST)).all():
        raise ValueError(f"each of vectors must have a length from {1 / LARGEST:g} to {LARGEST:g}")
    kept: NDArray[np.int_] = np.rint(rows / lengths * UNIT).astype(int)
    return kept


def _counts(counts: ArrayLike | None, words: int) -> NDArray[Any] | None:
    if counts is None:
        return None
    kept = checks.integers("counts", counts, shape=(None,)).copy()
    if len(kept) != words:
        raise ValueError(f"counts must be one for each of the {words} words, not {len(kept)}")
    if (kept < 0).any() or (kept > 10**12).any():
        raise ValueError("counts must be from 0 to 1e12")
    return kept
