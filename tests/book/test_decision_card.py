"""The decision card: one text on two pages, each row with its evidence, each number as printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gdlib as gd
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
    for word in ("columns", "linear model", "convex", "network", "matrices", "first rate",
                 "first weights", "βs", "weight decay", "warm-up", "decay of the rate", "clipping",
                 "batch size", "when to stop", "what to try next"):  # fmt: skip
        assert word in first


@pytest.mark.parametrize("row", ROWS)
def test_each_row_leads_to_an_experiment_or_a_source_and_says_where_there_is_none(row: str) -> None:
    _, what, take, shown, _ = row.split("|")
    assert re.search(r"\{(ref|cite:p|cite:t|doc)\}`", shown)
    assert what.strip()
    assert "{ref}" in shown or "no experiment here" in take


def test_its_numbers_are_those_that_the_race_prints() -> None:
    table = claims.printed("15-race", "facts")
    first = dict(re.findall(r"first on (\w+): +(\w+)", table))
    exact = [rule for course, rule in first.items() if course not in ("dense", "sparse")]
    assert (len(exact), sum(rule in ("momentum", "Nesterov") for rule in exact)) == (5, 3)
    assert "first on 3 of the 5 courses with exact gradients" in CARD
    assert (len(first), list(first.values()).count("Adam")) == (7, 1)
    assert "Adam was first on 1 of 7 courses, and arrived on all" in CARD
    assert re.search(r"arrive everywhere: .*\bAdam,", table)
    low, high = re.findall(r"Adam's best rates: ([\d.]+) to ([\d.]+)", table)[0]
    assert f"here {low} to {high} were best" in CARD
    falls = claims.printed("15-race", "cosine")
    pairs = re.findall(r"^[A-Za-z ]+? +(0\.\d+) +(0\.\d+)$", falls, re.MULTILINE)
    factors = sorted(float(held) / float(fallen) for held, fallen in pairs)
    gains = [factor for factor in factors if factor > 1]
    assert (len(gains), len(factors)) == (4, 5)
    assert f"factors of {gains[0]:.1f} to {gains[-1]:.0f}" in CARD


def test_what_is_said_of_the_network_is_what_its_cell_prints() -> None:
    cells = claims.cells("15-race")
    rows = re.findall(
        r"^([A-Za-z ]+?) +(\d+|–) +rates: (\d) of 8(?:, best (.+))?$",
        claims.shown(cells["network"]),
        re.MULTILINE,
    )
    times = {rule: int(time) for rule, time, *_ in rows if time != "–"}
    arrive = {rule: int(share) for rule, _, share, _ in rows}
    rates = {rule: rate for rule, *_, rate in rows}
    assert min(times, key=lambda rule: times[rule]) == "Adam"
    assert "on a small network Adam was first, with exact gradients too" in CARD
    others = max(share for rule, share in arrive.items() if rule != "Adam")
    assert f"arrived at {arrive['Adam']} of 8 rates, the others at {others} at most" in CARD
    assert f"on the small network {rates['Adam']}, in 200 steps" in CARD
    assert "on a small network it was first" in cells["advice-text"].source
    assert arrive == {"gradient descent": 0, "momentum": 0, "Nesterov": 1, "AdaGrad": 2, "Adam": 5}
    assert (
        "five of the eight rates; AdaGrad does at two, Nesterov at one, gradient descent and"
        " momentum at none" in cells["network-says"].source
    )


def lines(pattern: str, chapter: str, cell: str) -> list[Any]:
    """Return the groups of each line that a cell shows in this form."""
    return re.findall(pattern, claims.printed(chapter, cell), re.MULTILINE)


def test_what_is_said_of_digits_is_what_chapter_17_prints() -> None:
    table = lines(
        r"^([A-Za-z ]+?) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)$", "17-network", "digits-table"
    )
    assert len(table) == 11
    middles = [sorted(map(float, shares))[1] for _, _, *shares in table]
    assert max(middles) - min(middles) < 1.3  # five digits of 397
    assert "eleven rules read digits about equally well" in CARD
    rates = {rule: rate for rule, rate, *_ in table}
    assert f"on digits {rates['Adam']}, falling to 0 in ten epochs" in CARD
    assert "epochs=10" in claims.printed("17-network", "digits-race")
    assert "schedules.cosine(rate, steps)" in claims.printed("17-network", "digits-race")


def test_what_is_said_of_columns_is_what_chapters_16_and_17_print() -> None:
    kappas = dict(lines(r"^([\w ]+?) +([\d,]{3,}) ", "16-regression", "spectral"))
    low, high = (int(kappas[of].replace(",", "")) for of in ("standardised", "as they came"))
    assert f"for 442 patients κ falls from {high // 10**6} million to {low}" in CARD
    dead = lines(r"^(pixels|mean).*?((?: +\d+){3})$", "17-network", "dead")
    raw, centred = (sorted(map(int, counts.split())) for _, counts in dead)
    assert "dead of 32 units" in claims.printed("17-network", "dead")
    assert centred == [0, 0, 0]
    assert f"none of 32 units died, without it {raw[0]} to {raw[-1]}" in CARD


def test_the_closed_forms_price_is_chapter_16s() -> None:
    assert "d/4 + d**2/(12*N)" in claims.printed("16-regression", "passes")
    assert "costs as much as $d/4$ gradients" in CARD


def test_what_is_said_of_first_weights_is_what_chapter_17_prints() -> None:
    found = dict(lines(r"^ +(\d) +(\d+) ", "17-network", "stuck"))
    assert f"of 200 starts, two units learn XOR in {found['2']}, eight in {found['8']}" in CARD
    assert "over 200 starts" in claims.printed("17-network", "stuck-text")
    assert "variance 2/n: a layer multiplies by 1.01" in claims.printed("17-network", "signal")
    assert "of variance $2/n$ before a ReLU, $2/(n + m)$ before tanh" in CARD
    assert "the usual variance $2/(n + m)$" in claims.printed("17-network", "sigmoid-text")


def test_what_is_said_of_patience_is_what_chapter_16_prints() -> None:
    runs = lines(r"^ +(\d) +(\d+) +(\d{4}) +(\d+) +(\d{4})$", "16-regression", "noisy")
    assert len(runs) == 6
    _, _, early, epoch, late = max(runs, key=lambda run: int(run[2]) - int(run[4]))
    assert f"one of six runs settled for {early}, where epoch {epoch} had {late}" in CARD
    assert sum(int(run[2]) - int(run[4]) > 100 for run in runs) == 1
    assert "patience 10" in claims.printed("16-regression", "noisy")
    assert "no new lowest value for ten epochs or so" in CARD


def test_what_is_said_of_the_language_model_is_in_its_record_and_in_chapter_23() -> None:
    race = gd.datasets.language_race()
    ends = {rule: np.mean([run.end for run in runs]) for rule, runs in race.of("race").items()}
    gains = [round(float(ends["AdamW"] - ends[rule]), 1) for rule in ("Muon", "SOAP")]
    assert gains == [0.2, 0.2]
    assert "on a language model of 19,200 numbers both ended about 0.2 bits below AdamW" in CARD
    assert "19200 parameters" in claims.printed("23-language-model", "agree")
    assert "these two are about 0.2 bits below AdamW" in claims.printed("15-race", "advice-text")
    published = claims.printed("15-race", "published")
    assert "1.4 times as fast as AdamW at 0.1 billion parameters, 1.1 times at 1.2" in published
    assert "1.4 times at 0.1 billion parameters, and 1.1 times at 1.2 billion" in CARD


def test_what_is_said_of_falling_rates_is_what_chapter_22_prints() -> None:
    bound = dict(lines(r"^(\S.*?)  +(\d\.\d\d) ", "22-rate-again", "bound"))
    line, cosine, constant = (bound[of] for of in ("straight line", "cosine", "constant"))
    assert f"bounds are {line} and {cosine}, at a constant rate {constant};" in CARD
    assert f"in the last fifth (WSD, {bound['WSD, last fifth']})" in CARD
    assert "So $\\beta$ has to be tuned here" in claims.printed("22-rate-again", "free-race-says")
    assert "falls like $n^{-1.27}$ where a constant" in claims.printed("22-rate-again", "minute")
    assert "gain $n^{-1.27}$ where a constant" in claims.printed("15-race", "advice-text")


def test_what_is_said_of_clipping_and_of_batches_is_what_chapter_22_prints() -> None:
    # The second column is the start at 8.
    steps = dict(lines(r"^(\w[\w -]+?)  +\d+ +(\d+) ", "22-rate-again", "clip-plain"))
    warm, held = steps["warm-up of 100 steps"], steps["constant rate"]
    assert f"takes {steps['clipped at 1']} steps, warm-up {warm}, a constant rate {held}" in CARD
    assert "A start at 8 on $J = \\cosh x$" in claims.printed("22-rate-again", "clip-says")
    table = lines(r"^ +(\d+) +(\d+) +\d+ +([\d.]+) ", "22-rate-again", "batch-plain")
    few = {int(batch): (int(steps), float(rate)) for batch, steps, rate in table}
    assert few[1][0] / few[4][0] == pytest.approx(4, rel=0.01)
    assert few[4][1] / few[1][1] == pytest.approx(4, rel=0.01)
    assert few[65536][0] - few[262144][0] < 4  # four times the rows, for hardly fewer steps
    assert "four times the batch takes four times the rate and a quarter of the steps" in CARD
