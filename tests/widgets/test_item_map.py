"""ItemMap: the ridge solution beside NumPy's, the browser's numbers beside Python's, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.widgets import item_map
from tests.widgets import typescript

READ = """
    import { ItemState } from "./src/widgets/item-map/state";
    console.log(JSON.stringify(data.map((traits: any) => {
        const state = new ItemState({ get: (name: string) => traits[name] } as never);
        return {
            vector: state.vector, guesses: [...state.guesses], seen: [...state.seen],
            tip: state.tip, item: state.item,
        };
    })));"""
MOVED = """
    import { ItemState } from "./src/widgets/item-map/state";
    const view = {
        get: (name: string) => data.traits[name],
        set: (values: any) => Object.assign(data.traits, values),
    };
    const state = new ItemState(view as never);
    state.tipTo(data.to);
    console.log(JSON.stringify({ tip: state.tip, answers: data.traits.answers }));"""

ITEMS = 9
NAMES = [f"item {i}" for i in range(ITEMS)]
TOLD = {"item 2": 6.0, "item 5": 1.0, "item 7": 4.0}


def figure(seed: int = 0, **choices: Any) -> gd.ItemMap:
    rng = np.random.default_rng(seed)
    given: dict[str, Any] = {
        "places": rng.normal(0, 2, (ITEMS, 2)),
        "names": NAMES,
        "means": rng.uniform(2, 5, ITEMS),
        "alpha": 3.0,
        "groups": [f"group {i % 3}" for i in range(ITEMS)],
    }
    return gd.ItemMap(**(given | choices))


def ridge(mine: gd.ItemMap, answers: dict[str, float]) -> Any:
    """Solve least squares with √α rows below the told ones: the same u by another way."""
    rows = [NAMES.index(name) for name in answers]
    features = np.vstack([mine.places[rows], np.sqrt(mine.alpha) * np.eye(2)])
    targets = np.concatenate([np.array(list(answers.values())) - mine.means[rows], [0, 0]])
    return np.linalg.lstsq(features, targets, rcond=None)[0]


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("alpha", [1e-4, 3.0, 100.0])
def test_answers_tell_the_ridge_solution(count: int, alpha: float) -> None:
    answers = dict(list(TOLD.items())[:count])
    mine = figure(alpha=alpha, answers=answers)
    np.testing.assert_allclose(mine.vector, ridge(mine, answers), rtol=1e-9)
    np.testing.assert_allclose(mine.guesses, mine.means + mine.places @ ridge(mine, answers))


def test_the_least_penalty_that_is_taken_leaves_seven_digits() -> None:
    far = 5.0 * np.eye(ITEMS, 2) + 1.0
    least = 1e-9 * (far**2).sum(axis=1).max()
    mine = figure(places=far, alpha=least, answers={"item 0": 6.0})
    np.testing.assert_allclose(mine.vector, ridge(mine, {"item 0": 6.0}), rtol=1e-6)
    with pytest.raises(ValueError, match="alpha must be at least"):
        figure(places=far, alpha=least / 2)


def test_without_answers_the_arrow_is_where_it_was_put() -> None:
    assert figure(person=(0.25, -1)).vector.tolist() == [0.25, -1.0]
    nobody = figure()
    np.testing.assert_array_equal(nobody.guesses, nobody.means)


def test_the_browser_has_the_same_arrow_guesses_and_picture() -> None:
    figures = [
        figure(),
        figure(person=(0.3, 0.2), turn=35, item="item 4"),
        figure(1, answers=TOLD, turn=-120),
        figure(2, answers={"item 8": 2}, person=(9, 9), levels=(0, 10)),
    ]
    for mine, found in zip(
        figures, typescript.run(READ, [each.page_state() for each in figures]), strict=True
    ):
        np.testing.assert_allclose(found["vector"], mine.vector, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(found["guesses"], mine.guesses, rtol=1e-12)
        angle = np.radians(mine.turn)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        seen = np.reshape(found["seen"], (-1, 2))
        np.testing.assert_allclose(seen, mine.places @ turn.T, atol=1e-12)
        scale = mine.page_state()["_programs"]["scale"]
        np.testing.assert_allclose(found["tip"], scale * turn @ mine.vector, atol=1e-12)
        assert found["item"] == NAMES.index(mine.item)


def test_a_tip_that_is_dragged_in_a_turned_picture_comes_to_rest_there() -> None:
    state = figure(answers=TOLD, turn=70).page_state()
    moved = typescript.run(MOVED, {"traits": state, "to": [1.5, -2.0]})
    np.testing.assert_allclose(moved["tip"], [1.5, -2.0], atol=2e-3)
    assert moved["answers"] == {}


def test_a_turn_changes_what_is_seen_and_no_guess() -> None:
    still, turned = figure(answers=TOLD), figure(answers=TOLD, turn=50)
    np.testing.assert_array_equal(turned.guesses, still.guesses)
    np.testing.assert_allclose(
        item_map.turned(np.array([[2.0, 0.0], [0.0, 1.0]]), 90.0), [[0, 2], [-1, 0]], atol=1e-15
    )


def test_an_arrow_to_the_farthest_item_moves_its_guess_by_the_whole_range() -> None:
    mine = figure(places=[(3.0, 4.0)] + [(1.0, 0.0)] * (ITEMS - 1))
    scale = mine.page_state()["_programs"]["scale"]
    assert scale == 5.0
    mine.person = (3.0 / scale, 4.0 / scale)
    assert mine.guesses[0] - mine.means[0] == pytest.approx(5.0)


def test_words_and_the_still_picture_tell_of_the_person() -> None:
    mine = figure(answers=TOLD)
    assert repr(mine) == "ItemMap(9 items, 3 answers)"
    assert "told from 3 answers" in mine.alt
    assert f"for “{NAMES[int(mine.guesses.argmax())]}”" in mine.alt
    assert "put by hand" in figure().alt
    assert mine.still().startswith(b"\x89PNG")
    assert figure(groups=None).still().startswith(b"\x89PNG")


def test_what_was_refused_leaves_the_answers_as_they_were() -> None:
    mine = figure(answers=TOLD)
    with pytest.raises(ValueError, match="each answer of answers must be at least 1"):
        mine.answers = {"item 0": 7}
    assert mine.answers == TOLD


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"places": np.ones((ITEMS, 3))}, r"places must be of shape \(any, 2\)"),
        ({"places": np.zeros((ITEMS, 2))}, "places must not all be at the origin"),
        ({"places": [(1, 2)], "names": ["a"], "means": [1]}, "places must be from 2 to 100 items"),
        ({"places": np.full((ITEMS, 2), 1e9)}, "places must lie between"),
        ({"names": NAMES[1:]}, "names must be 9, one for each item, not 8"),
        ({"names": ["a"] * ITEMS}, "names must be different"),
        ({"names": range(ITEMS)}, "each of names must be a string"),
        ({"means": [3.0]}, r"means must be of shape \(9,\)"),
        ({"alpha": 0}, "alpha must be at least"),
        ({"groups": NAMES}, "groups must be at most 6 different names"),
        ({"levels": (1, 12)}, "levels must be two whole numbers, low and high, at most 10 apart"),
        ({"levels": (6, 1)}, "levels must be two whole numbers"),
        ({"levels": (0.5, 3)}, "levels must be two whole numbers"),
        ({"person": (1,)}, r"person must be 2 finite number"),
        ({"person": (1e9, 0)}, "person must lie between"),
        ({"answers": [3]}, "answers must be a dict of answers by an item's name"),
        ({"answers": {"item 1": "yes"}}, "each answer of answers must be a number"),
        ({"answers": {"item 99": 3}}, "each item of answers must be"),
        ({"answers": dict.fromkeys(NAMES[:6], 3)}, "answers must be at most 5, not 6"),
        ({"item": "tea"}, "item must be"),
        ({"turn": 200}, "turn must be at least -180 and at most 180"),
        ({"angle": 20}, "ItemMap has no 'angle'"),
    ],
)
def test_what_makes_no_figure_is_refused(choices: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        figure(**choices)
