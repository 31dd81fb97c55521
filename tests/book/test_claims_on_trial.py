"""The claims' data, what the build refuses, and what the page says without its script."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup

from gdlib.book import claims as trials
from gdlib.book.claims import claim as data
from gdlib.book.claims import drawing, links, numbers, shown, trial

CHAPTERS = Path(__file__).parents[2] / "chapters"
CLAIMS = data.read()
ENTRY = """
[[claim]]
id = "grows"
says = "The square grows."
who = ["textbook"]
taught = "sec-lr-two"
set_up = "A number is squared."
control = { says = "the number", values = [0.5, 0.9, 1.1, 2.0] }
measured = { says = "the square", at_least = 1.0 }
verdict = "holds when"
when = "the number is above 1"
flips = [1.0]
why = "It is multiplied by itself."
limits = "Negative numbers are not tried."
"""


def read(tmp_path: Path, text: str) -> list[data.Claim]:
    (tmp_path / "powers.toml").write_text(text, encoding="utf-8")
    return data.read(tmp_path)


def test_there_are_forty_claims_and_each_says_all_that_the_page_needs() -> None:
    assert len(CLAIMS) == 40
    for claim in CLAIMS:
        for words in (claim.says, claim.set_up, claim.why, claim.limits):
            assert words.endswith((".", "?")), (claim.id, words)
        assert not claim.when.endswith("."), claim.id


def test_every_claim_is_taught_in_a_section_that_a_chapter_has() -> None:
    trials.in_order(CLAIMS, trials.sections(CHAPTERS))


def test_every_claim_has_its_experiment_and_every_experiment_its_claim() -> None:
    assert set(trial.experiments(CLAIMS)) == {claim.id for claim in CLAIMS}


def test_a_claim_without_an_experiment_is_named() -> None:
    strange = replace(CLAIMS[0], id="never-tried")
    with pytest.raises(ValueError, match=r"'never-tried' has no experiment.*never_tried\(\)"):
        trial.experiments([*CLAIMS, strange])


def test_an_experiment_without_a_claim_is_named() -> None:
    with pytest.raises(ValueError, match=r"no claim asks for: \w+\.too_large"):
        trial.experiments([claim for claim in CLAIMS if claim.id != "too-large"])


def test_a_section_that_no_chapter_has_is_named_with_its_claim() -> None:
    lost = replace(CLAIMS[0], id="lost", taught="sec-nowhere")
    with pytest.raises(ValueError, match="'lost': no chapter has a section 'sec-nowhere'"):
        trials.in_order([*CLAIMS, lost], trials.sections(CHAPTERS))


def test_the_verdict_is_what_the_numbers_say(tmp_path: Path) -> None:
    (claim,) = read(tmp_path, ENTRY)
    assert data.judge(claim, [0.25, 0.81, 1.21, 4.0]) == data.WHEN
    always = replace(claim, verdict=data.HOLDS, when="", flips=())
    assert data.judge(always, [1.0, 2.0, 3.0, math.inf]) == data.HOLDS
    never = replace(always, verdict=data.NOT)
    assert data.judge(never, [0.1, 0.2, 0.3, math.nan]) == data.NOT


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        ([2.0, 2.0, 2.0, 2.0], "'grows': its verdict is 'holds when', the experiment says 'holds'"),
        ([0.0, 0.0, 0.0, 0.0], "the experiment says 'does not hold'"),
        ([0.25, 1.5, 1.21, 4.0], r"stated to flip at \[1.0\].*between \[\(0.5, 0.9\)\]"),
        ([0.25, 0.81, 1.21, 0.5], r"between \[\(0.9, 1.1\), \(1.1, 2.0\)\]"),
        ([0.25, 0.81, math.nan, 4.0], r"between \[\(1.1, 2.0\)\]"),
    ],
)
def test_a_verdict_that_the_numbers_do_not_bear_out_is_refused(
    tmp_path: Path, measured: list[float], said: str
) -> None:
    (claim,) = read(tmp_path, ENTRY)
    with pytest.raises(ValueError, match=said):
        data.judge(claim, measured)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "grows"\n', "", "'without an id in powers.toml'"),
        ('says = "The square grows."\n', "", "'grows': .*says"),
        ('"textbook"', '"my uncle"', "'grows': who says so is some of textbook, .*'my uncle'"),
        ('["textbook"]', "[]", "not 'nobody'"),
        ("[0.5, 0.9, 1.1, 2.0]", "[0.5, 2.0]", "three values or more, in rising order"),
        ("[0.5, 0.9, 1.1, 2.0]", "[0.5, 0.9, 0.9]", "three values or more, in rising order"),
        (", at_least = 1.0", "", "measured needs at_least or at_most"),
        ("at_least", "at_last", "at_last"),
        ('"holds when"', '"perhaps"', "a verdict is one of holds, .*'perhaps'"),
        ("flips = [1.0]\n", "", "`when` and `flips` go with the verdict 'holds when'"),
        ('"holds when"', '"holds"', "`when` and `flips` go with"),
        ("limits =", "limit =", "nothing is called 'limit'"),
    ],
)
def test_a_slip_in_the_data_is_named_with_its_claim(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in ENTRY
    with pytest.raises(ValueError, match=said):
        read(tmp_path, ENTRY.replace(old, new))


def test_two_claims_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two claims are called 'grows'"):
        read(tmp_path, ENTRY + ENTRY)


def test_nothing_is_run_anew_until_the_sources_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (claim,) = read(tmp_path, ENTRY)
    calls: list[float] = []

    def square(number: float) -> float:
        calls.append(number)
        return number**2

    monkeypatch.setattr(trial, "experiments", lambda _: {"grows": square})
    kept = tmp_path / "kept.json"
    first = trial.numbers([claim], kept)
    assert first == {"grows": [0.25, 0.81, pytest.approx(1.21), 4.0]}
    assert trial.numbers([claim], kept) == first
    assert len(calls) == 4
    monkeypatch.setattr(trial, "_state", lambda: "other")
    trial.numbers([claim], kept)
    assert len(calls) == 8


def test_a_number_has_three_digits_and_powers_of_ten_are_raised() -> None:
    told = [0.0, 0.001, 0.5, 12.345, 1200.0, 99999.0, 1e5, 3.278e16, 1e-300, -2.0, math.inf]
    assert [numbers.shown(x) for x in told] == [
        "0", "0.001", "0.5", "12.3", "1200", "99999", "10⁵", "3.28·10¹⁶", "10⁻³⁰⁰", "−2", "diverges"
    ]  # fmt: skip


def test_where_room_is_short_a_power_of_ten_has_one_digit() -> None:
    assert [numbers.shown(x, brief=True) for x in (1.98e-323, 1e10, 12.34)] == [
        "2·10⁻³²³", "10¹⁰", "12.3"
    ]  # fmt: skip


@pytest.fixture
def section(tmp_path: Path) -> BeautifulSoup:
    (claim,) = read(tmp_path, ENTRY)
    return BeautifulSoup(shown.trial(claim, "Part I", [0.25, 0.81, 1.21, 4.0]), "html.parser")


def test_the_page_without_its_script_has_verdict_chart_and_numbers(section: BeautifulSoup) -> None:
    text = section.get_text(" ")
    assert "It holds when the number is above 1.  It is multiplied by itself." in text
    assert "the claim holds where this is at least 1" in text
    rows = [[cell.text for cell in row("td")] for row in section("tr")[1:]]
    assert rows == [
        ["0.5", "0.25", "fails"],
        ["0.9", "0.81", "fails"],
        ["1.1", "1.21", "holds"],
        ["2", "4", "holds"],
    ]
    assert not section.select("[hidden]")


def test_values_that_hold_and_fail_differ_in_shape_as_well_as_in_colour(
    section: BeautifulSoup,
) -> None:
    marks = section.select("svg g[transform]")
    assert [mark["class"] for mark in marks] == [["gd-no"]] * 2 + [["gd-yes"]] * 2
    assert [mark.find(True).name for mark in marks] == ["path"] * 2 + ["circle"] * 2  # type: ignore[union-attr]
    assert "the claim holds where it is at least 1" in str(section.svg["aria-label"])  # type: ignore[index]


@pytest.mark.parametrize("measured", [[0.25, 0.81, 1.21, math.inf], [0.0, 1e-30, 1e300, 4.0]])
def test_every_mark_lies_on_the_right_side_of_the_limit(
    tmp_path: Path, measured: list[float]
) -> None:
    for log in ("", ", log = true"):
        (claim,) = read(tmp_path, ENTRY.replace("at_least = 1.0", f"at_least = 1.0{log}"))
        drawn = BeautifulSoup(drawing.chart(claim, measured), "html.parser")
        line = float(str(drawn.select_one(".gd-limit")["d"]).split()[1].partition("H")[0])  # type: ignore[index]
        places = [re.findall(r"[\d.]+", str(g["transform"])) for g in drawn.select("g")]
        heights = [float(y) for _, y in places]
        assert [y <= line for y in heights] == [number >= 1 for number in measured]
        assert all(a < b for a, b in pairwise(float(x) for x, _ in places))
        assert all(0 <= y <= 176 for y in heights)


def test_the_summary_counts_verdicts() -> None:
    told = shown.summary([data.HOLDS, data.WHEN, data.WHEN, data.NOT])
    assert told == (
        "Of 4 claims, 1 holds, 2 hold under a condition that the trial finds, and 1 does not hold."
    )


def test_a_chapters_line_leads_to_each_of_its_claims() -> None:
    paragraph = links.line(CLAIMS[:2], "claims.html")
    assert paragraph.astext().startswith("On trial: ")
    addresses = [node["refuri"] for node in paragraph.findall() if "refuri" in node]
    assert addresses == [f"claims.html#claim-{claim.id}" for claim in CLAIMS[:2]]


def test_the_page_has_every_claim_below_its_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed = {c.id: _borne_out(c) for c in CLAIMS}
    monkeypatch.setattr(trial, "numbers", lambda *_: fixed)
    parts = [SimpleNamespace(caption="Part I", items=["chapters/03-learning-rate"])]
    app: Any = SimpleNamespace(
        srcdir=str(CHAPTERS.parent),
        doctreedir=str(tmp_path),
        env=SimpleNamespace(note_dependency=lambda _: None),
        config=SimpleNamespace(
            external_site_map=SimpleNamespace(root=SimpleNamespace(subtrees=parts))
        ),
    )
    written = trials.page(app)
    assert all(f"\n### {claim.says}\n" in written for claim in CLAIMS)
    assert written.index("(claim-too-large)=") > written.index("## Part I\n")
    assert "Of 40 claims" in written


def _borne_out(claim: data.Claim) -> list[float]:
    """Return numbers that flip where the claim says: good and bad ones in turn."""
    good = claim.measured.limits[0]
    bad = claim.measured.at_least - 1 if math.isfinite(claim.measured.at_least) else good + 1
    sides = [good, bad] if claim.verdict != data.NOT else [bad, good]
    out, side = [], 0
    for i, value in enumerate(claim.control.values):
        before = claim.control.values[i - 1] if i else -math.inf
        side ^= any(before <= flip <= value for flip in claim.flips) and i > 0
        out.append(sides[side])
    return out
