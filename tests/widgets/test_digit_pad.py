"""DigitPad: drawings in the form of the data, the same in both languages; answers; refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.widgets import drawing
from tests.widgets import typescript

READ = """
    import { PadState } from "./src/widgets/digit-pad/state";
    console.log(JSON.stringify(data.map((traits: any) => {
        const state = new PadState({ get: (name: string) => traits[name] } as never);
        return { counts: state.counts, answer: state.answer };
    })));"""

ONE = [[(100, 20), (100, 180)]]
BAR = [[(20, 100), (180, 100)]]
NARROW = [[(90, 10), (110, 40), (95, 190)]]


def network(features: float = 16.0) -> gd.Network:
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 17, (20, 64)) / 16 * features
    rows[0, :2] = 0, features
    return gd.Network(rows, np.arange(20) % 10, {"hidden": 12, "out": 10}, loss="cross-entropy")


def pad(**choices: Any) -> gd.DigitPad:
    cost = network(choices.pop("features", 1.0))
    return gd.DigitPad(cost, 2 * cost.start(0), **choices)


def read(*pads: gd.DigitPad) -> Any:
    return typescript.run(READ, [each.page_state() for each in pads])


def scribbles(count: int) -> list[Any]:
    rng = np.random.default_rng(5)
    return [
        [rng.integers(0, 201, (int(points), 2)).tolist() for points in rng.integers(1, 9, strokes)]
        for strokes in rng.integers(1, 4, count)
    ]


def test_a_drawing_has_the_same_counts_in_both_languages() -> None:
    pads = [pad(strokes=strokes) for strokes in [*scribbles(30), ONE, BAR, NARROW, [[(3, 7)]], []]]
    for mine, found in zip(pads, read(*pads), strict=True):
        np.testing.assert_array_equal(np.reshape(found["counts"], (8, 8)), mine.counts)


def test_the_browser_answers_as_the_network_does_up_to_the_digits_it_was_sent() -> None:
    pads = [pad(strokes=strokes) for strokes in scribbles(8)]
    pads += [pad(strokes=ONE, levels=(-1.0, 3.0)), pad(strokes=BAR, features=16.0)]
    for mine, found in zip(pads, read(*pads), strict=True):
        np.testing.assert_allclose(found["answer"], mine.probabilities, atol=2e-3)
        assert sum(found["answer"]) == pytest.approx(1)


def test_an_empty_pad_has_no_answer() -> None:
    (found,) = read(pad(strokes=[]))
    assert found["answer"] is None
    assert not np.any(found["counts"])


def test_a_block_is_given_on_the_scale_on_which_the_network_learned() -> None:
    sixteenths, counts = pad(strokes=ONE), pad(strokes=ONE, features=16.0)
    assert sixteenths.levels == (0.0, 1.0)
    assert counts.levels == (0.0, 16.0)
    cost = counts.network
    given = counts.counts.reshape(1, 64).astype(float)
    np.testing.assert_allclose(counts.probabilities, cost.predict(counts.theta, given)[0])
    centred = pad(strokes=ONE, levels=(-1.0, 3.0))
    expected = centred.network.predict(centred.theta, given / 4 - 1)[0]
    np.testing.assert_allclose(centred.probabilities, expected)


def test_every_digit_is_as_high_as_the_bitmap_and_about_as_black_as_the_data() -> None:
    for strokes in [*scribbles(10), ONE]:
        black = drawing.bitmap(strokes)
        if np.ptp(np.concatenate(strokes)[:, 1]) > 0:
            assert black[0].any()
            assert black[-1].any()
        columns = np.flatnonzero(black.any(axis=0))
        assert columns[0] >= 6
        assert columns[-1] <= 25
    assert 312 <= drawing.bitmap(ONE).sum() <= 380  # within two standard deviations of the data


def test_a_thin_one_stays_thin_and_a_dash_is_no_one() -> None:
    one, dash = drawing.counts(ONE), drawing.counts(BAR)
    assert one[:, :2].sum() == one[:, 6:].sum() == 0
    assert one.sum(axis=1).min() > 0
    assert dash[:2].sum() == dash[6:].sum() == 0


def test_what_is_narrow_keeps_its_proportions_and_what_is_wide_is_squeezed() -> None:
    narrow = np.flatnonzero(drawing.bitmap(NARROW).any(axis=0))
    wide = np.flatnonzero(drawing.bitmap([[(10, 10), (190, 40), (20, 190)]]).any(axis=0))
    assert len(narrow) < 15  # 20 of 180 units, and the pen
    assert 18 <= len(wide) <= 20


def test_where_and_how_large_a_digit_was_drawn_does_not_matter() -> None:
    small = np.array([(40.0, 30.0), (60.0, 30.0), (44.0, 70.0)])
    moved = 2 * small + (30, 20)
    np.testing.assert_array_equal(
        drawing.counts([small.tolist()]), drawing.counts([moved.tolist()])
    )


def test_words_and_the_still_picture_tell_of_the_drawing() -> None:
    mine = pad()
    assert repr(mine) == "DigitPad(Network(20 rows, 910 parameters))"
    assert f"is read as a {mine.probabilities.argmax()}." in mine.alt
    assert "Nothing is drawn yet" in pad(strokes=[]).alt
    assert mine.still().startswith(b"\x89PNG")
    assert pad(strokes=[]).still().startswith(b"\x89PNG")


def test_a_page_keeps_four_digits_of_each_weight() -> None:
    mine = pad()
    kept = np.array(mine.page_state()["_programs"]["theta"])
    np.testing.assert_allclose(kept, mine.theta, rtol=5e-4)
    assert len(str(kept.tolist())) < 12 * mine.network.n


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"network": 3, "theta": [1.0]}, "network must be a Network with 64 features"),
        ({"network": gd.Network(np.eye(3), np.ones(3), {"a": 1}), "theta": [1.0]}, "64 features"),
        ({"network": network(), "theta": [1.0]}, r"theta must be of shape \(910,\)"),
        ({"network": network(), "theta": np.full(910, np.nan)}, "theta must be finite"),
        ({"levels": (1.0, 1.0)}, "levels must be two different numbers"),
        ({"levels": 1.0}, r"levels must be of shape \(2,\)"),
        ({"levels": (0.0, 1e300)}, "levels must be at least -1e"),
        ({"strokes": 3}, "strokes must be strokes, each a row of points"),
        ({"strokes": [[(0, 201)]]}, "strokes must lie from 0 to 200"),
        ({"strokes": [[(0, 1, 2)]]}, "strokes must be of shape"),
        ({"strokes": [[(0, 1)] * 601]}, "strokes must have at most 600 points"),
        ({"ink": []}, "DigitPad has no 'ink'"),
    ],
)
def test_what_makes_no_figure_is_refused(choices: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"network": network(), "theta": np.zeros(910)} | choices
    with pytest.raises((TypeError, ValueError), match=message):
        gd.DigitPad(**given)
