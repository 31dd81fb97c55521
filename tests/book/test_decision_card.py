"""The decision card: one text on two pages, each row with its evidence, each number as printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gdlib.book import decision_card, generated
from tests import claims

ROOT = Path(__file__).parents[2]
CARD = decision_card.card(ROOT)
ROWS = [line for line in CARD.splitlines() if line.startswith("| ")][1:]


def test_the_landing_page_has_the_card_of_chapter_15() -> None:
    page = (ROOT / "index.md").read_text(encoding="utf-8")
    assert page.count("<!-- generated: decision-card -->") == 1
    assert generated._WRITERS["decision-card"] == "decision_card"
    assert CARD.startswith(":::{dropdown}")
    assert "{doc}`/chapters/diagnose`" in CARD


def test_it_decides_what_a_reader_has_to() -> None:
    first = " ".join(row.split("|")[1] for row in ROWS)
    for word in ("rule", "first rate", "βs", "weight decay", "warm-up", "decay of the rate",
                 "clipping", "batch size", "what to try next"):  # fmt: skip
        assert word in first


@pytest.mark.parametrize("row", ROWS)
def test_each_row_leads_to_an_experiment_or_a_source_and_says_where_there_is_none(row: str) -> None:
    _, what, take, shown, _ = row.split("|")
    assert re.search(r"\{(ref|cite:p|cite:t|doc)\}`", shown)
    assert what.strip()
    assert "{ref}" in shown or "no experiment here" in take


def test_its_numbers_are_those_that_the_race_prints() -> None:
    table = claims.shown(claims.cells("15-race")["facts"])
    first = dict(re.findall(r"first on (\w+): +(\w+)", table))
    exact = [rule for course, rule in first.items() if course not in ("dense", "sparse")]
    assert (len(exact), sum(rule in ("momentum", "Nesterov") for rule in exact)) == (5, 3)
    assert "first on 3 of the 5 courses with exact gradients" in CARD
    assert (len(first), list(first.values()).count("Adam")) == (7, 1)
    assert "Adam was first on 1 of 7 courses, and arrived on all" in CARD
    assert re.search(r"arrive everywhere: .*\bAdam,", table)
    low, high = re.findall(r"Adam's best rates: ([\d.]+) to ([\d.]+)", table)[0]
    assert f"here {low} to {high} were best" in CARD
    falls = claims.shown(claims.cells("15-race")["cosine"])
    pairs = re.findall(r"^[A-Za-z ]+? +(0\.\d+) +(0\.\d+)$", falls, re.MULTILINE)
    factors = sorted(float(held) / float(fallen) for held, fallen in pairs)
    gains = [factor for factor in factors if factor > 1]
    assert (len(gains), len(factors)) == (4, 5)
    assert f"factors of {gains[0]:.1f} to {gains[-1]:.0f}" in CARD


def test_what_is_said_of_the_network_is_what_its_cell_prints() -> None:
    cells = claims.cells("15-race")
    rows = re.findall(
        r"^([A-Za-z ]+?) +(\d+|–) +rates: (\d) of 8$", claims.shown(cells["network"]), re.MULTILINE
    )
    times = {rule: int(time) for rule, time, _ in rows if time != "–"}
    arrive = {rule: int(share) for rule, _, share in rows}
    assert min(times, key=lambda rule: times[rule]) == "Adam"
    assert "on a small network it was first, with exact gradients too" in CARD
    assert "on a small network it was first" in cells["advice-text"].source
    assert arrive == {"gradient descent": 0, "momentum": 0, "Nesterov": 1, "AdaGrad": 2, "Adam": 5}
    assert (
        "five of the eight rates; AdaGrad does at two, Nesterov at one, gradient descent and"
        " momentum at none" in cells["network-says"].source
    )
