"""WordNeighbours: cosines beside NumPy's, the browser's list beside Python's, weight, refusals."""

from __future__ import annotations

import gzip
import json
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from tests.widgets import typescript

READ = """
    import { WordState } from "./src/widgets/word-neighbours/state";
    console.log(JSON.stringify(data.map((traits: any) => {
        const view = { waiting: false, get: (name: string) => traits[name] };
        const state = new WordState(view as never);
        const { words } = state.programs;
        return {
            near: state.nearest().map(({ index, alike }) => [words[index], alike]),
            distances: [...state.distances], rings: [...state.rings],
        };
    })));"""

WORDS = [f"{one}{two}" for one in "abcdefghij" for two in "aeiou"]
EXACT = np.random.default_rng(3).normal(size=(2, len(WORDS), 7)) * [[[1.0]], [[40.0]]]


def figure(**choices: Any) -> gd.WordNeighbours:
    given: dict[str, Any] = {
        "words": WORDS,
        "vectors": {"one": EXACT[0], "two": EXACT[1]},
        "counts": np.arange(len(WORDS)),
    }
    return gd.WordNeighbours(**(given | choices))


def by_numpy(vectors: Any, word: int) -> Any:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit[word]


def test_neighbours_are_those_of_the_exact_vectors_to_three_thousandths_of_a_cosine() -> None:
    for shown, vectors in (("one", EXACT[0]), ("two", EXACT[1])):
        for word in (0, 17, 49):
            alike = by_numpy(vectors, word)
            best = np.sort(np.delete(alike, word))[:-9:-1]
            found = figure(word=WORDS[word], shown=shown).nearest
            exact = alike[[WORDS.index(near) for near in found]]
            np.testing.assert_allclose(exact, best, atol=3e-3)
            np.testing.assert_allclose(list(found.values()), exact, atol=3e-3)


def test_lengths_do_not_matter_and_the_word_is_no_neighbour_of_its_own() -> None:
    scaled = EXACT[0] * np.random.default_rng(0).uniform(0.1, 9, (len(WORDS), 1))
    assert figure(vectors=scaled).nearest == figure(vectors=EXACT[0]).nearest
    assert WORDS[0] not in figure(number=20).nearest


def test_the_browser_lists_the_same_words_with_the_same_numbers() -> None:
    figures = [
        figure(),
        figure(word="ju", shown="two", number=20),
        figure(vectors=np.sign(EXACT[0][:, :2]), word="ce"),  # many cosines are equal
        gd.WordNeighbours(["x", "y"], [(1.0,), (-2.0,)]),
    ]
    states = [each.page_state() for each in figures]
    for mine, found in zip(figures, typescript.run(READ, states), strict=True):
        assert [word for word, _ in found["near"]] == list(mine.nearest)
        cosines = [alike for _, alike in found["near"]]
        np.testing.assert_allclose(cosines, list(mine.nearest.values()), rtol=1e-12)
        np.testing.assert_allclose(found["rings"], np.sqrt([0.5, 1.0, 1.5, 2.0]))
        rows = mine.vectors[mine.shown]
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        away = np.linalg.norm(unit - unit[mine.words.index(mine.word)], axis=1)
        np.testing.assert_allclose(found["distances"], away, atol=1e-7)


def test_the_still_picture_puts_each_word_as_far_away_as_its_vector_is() -> None:
    mine = figure(word="de")
    unit = EXACT[0] / np.linalg.norm(EXACT[0], axis=1, keepdims=True)
    away = np.linalg.norm(unit - unit[WORDS.index("de")], axis=1)
    np.testing.assert_allclose(np.hypot(*mine._around().T), away, atol=5e-3)


def test_the_state_of_573_words_of_twenty_numbers_is_light() -> None:
    words = [f"word{i}" for i in range(573)]
    vectors = np.random.default_rng(0).normal(size=(573, 20))
    mine = gd.WordNeighbours(words, {"one": vectors, "two": vectors[::-1]}, np.arange(573))
    state = json.dumps(mine.page_state(), separators=(",", ":")).encode()
    assert len(gzip.compress(state)) < 60_000


def test_words_and_the_still_picture_tell_of_the_neighbours() -> None:
    mine = figure(word="be", number=3)
    assert repr(mine) == "WordNeighbours('be', 50 words)"
    near = ", ".join(f"{word} {alike:.2f}" for word, alike in mine.nearest.items())
    assert near in mine.alt
    assert "how often" in mine.alt
    assert "how often" not in figure(counts=None).alt
    assert mine.still().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"words": "step"}, "words must be a list of words"),
        ({"words": ["a", "a"]}, "words must be two or more, all different"),
        ({"words": ["a", " b"]}, "each of words must be of 1 to 40 letters"),
        ({"words": ["a", 3]}, "each of words must be a string"),
        ({"vectors": EXACT[0][1:]}, "vectors must have a row for each of the 50 words, not 49"),
        ({"vectors": np.zeros((50, 3))}, "each of vectors must have a length from"),
        ({"vectors": np.empty((50, 0))}, "vectors must"),
        ({"vectors": {}}, "vectors must be from 1 to 4 arrays, not 0"),
        ({"vectors": {3: EXACT[0]}}, "each name of vectors must be a string"),
        ({"vectors": {"a": EXACT[0], "b": EXACT[0][:, 1:]}}, "vectors must all be of the same"),
        ({"vectors": np.ones((50, 601))}, "vectors must be at most 30000 numbers"),
        ({"counts": [1]}, "counts must be one for each of the 50 words, not 1"),
        ({"counts": np.full(50, 0.5)}, "counts must be whole numbers"),
        ({"counts": np.full(50, -1)}, "counts must be from 0 to"),
        ({"word": "bee"}, "word must be one that has a vector, not 'bee'; did you mean"),
        ({"shown": "three"}, 'shown must be "one" or "two"'),
        ({"number": 21}, "number must be from 1 to 20, not 21"),
        ({"count": 3}, "WordNeighbours has no 'count'"),
    ],
)
def test_what_makes_no_figure_is_refused(choices: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        figure(**choices)
