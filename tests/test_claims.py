"""Each claim of a chapter's box, captions and quizzes has a carrier, and the carrier stands."""

import pytest

from tests import claims

LISTED = [path.stem for path in claims.CHAPTERS if (claims.LISTS / f"{path.stem}.toml").exists()]


@pytest.mark.parametrize("chapter", LISTED)
def test_the_list_has_every_claim_of_the_page_and_no_other(chapter: str) -> None:
    listed, on_page = set(claims.listed(chapter)), set(claims.claims(chapter))
    assert not on_page - listed, "claims without a carrier: see python -m tests.claims"
    assert not listed - on_page, "listed, and not on the page any more"


@pytest.mark.parametrize("chapter", LISTED)
def test_every_claim_has_a_carrier_that_stands(chapter: str) -> None:
    for claim, carriers in claims.listed(chapter).items():
        assert carriers, claim
        assert claims.number_is_carried(claim, carriers), f"what shows the number? {claim}"
        for carrier in carriers:
            assert claims.fault(chapter, carrier) is None, claim


@pytest.mark.parametrize(
    "carrier",
    [
        {"cell": "nowhere"},
        {"cell": "recurrence", "shows": "words that no cell has"},
        {"cell": "recurrence", "say": "a word that is not known"},
        {"cell": "04-valleys#nowhere"},
        {"test": "tests/test_claims.py::test_that_is_not_there"},
        {"test": "tests/no_file.py::test_x"},
        {"source": "nobody1900", "at": "§1"},
        {"source": "boyd2004"},
        {},
    ],
)
def test_a_carrier_that_does_not_stand_is_named(carrier: dict[str, str]) -> None:
    assert claims.fault("03-learning-rate", carrier)


def test_boxes_captions_and_quizzes_are_found() -> None:
    found = claims.claims("03-learning-rate")
    assert {claim.where for claim in found} >= {"minute", "fig-lr-line", "learning-rate/predict"}
    assert all(claim.says for claim in found)
