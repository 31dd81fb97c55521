"""The cheat sheet says of each rule what the rule itself does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.book import around_rules, cheat_sheet, muons, thumbnails
from gdlib.book.rule_advice import ADVICE
from gdlib.plotting.theme import PALETTE
from tests import claims
from tests.book.test_faq import KNOWN, LINK

ROOT = Path(__file__).parents[2]
CATALOGUE, OF_MATRICES = gd.optimizers.catalogue, gd.optimizers.MATRIX_RULES
RULES = {**CATALOGUE, **OF_MATRICES}
REQUIRED = {"learning_rate": 0.1}
MEMORY = {
    "gradient_descent": 0, "momentum": 1, "nesterov": 1, "adagrad": 1, "adadelta": 2, "rmsprop": 1,
    "adam": 2, "adamw": 2, "amsgrad": 3, "nadam": 3, "lion": 1,
}  # fmt: skip
MEMORY_OF_MATRICES = {
    "muon": "m n", "shampoo": "m^{2} + n^{2}", "soap": "m^{2} + 2 m n + n^{2}",
    "adafactor": "m + n",
}  # fmt: skip
ROW = re.compile(r"^\| \$.*?\$ \| `(\w+)` \| (.*?) \| \$(.*?)\$ \|$", re.MULTILINE)
every_rule = pytest.mark.parametrize("name", RULES)


def build(name: str, **values: float) -> Any:
    needed = inspect.signature(RULES[name]).parameters["learning_rate"]
    required = REQUIRED if needed.default is needed.empty else {}
    return RULES[name](**(required | values))


@pytest.fixture(scope="module")
def cards() -> dict[str, str]:
    return {name: cheat_sheet.card(name, rule) for name, rule in RULES.items()}


def test_it_has_every_rule_and_no_other() -> None:
    assert set(cheat_sheet.CONVENTIONS) == set(ADVICE) == set(cheat_sheet.RULES) == set(RULES)
    assert (set(MEMORY), set(MEMORY_OF_MATRICES)) == (set(CATALOGUE), set(OF_MATRICES))
    page = cheat_sheet.page(None)
    anchors = [f"(rule-{name})=" for name in ("muon", "made", "schedules")]
    places = [page.index(anchor) for anchor in anchors]
    assert places == sorted(places)


@every_rule
def test_a_card_says_what_the_rule_is_for_and_where_to_read(
    cards: dict[str, str], name: str
) -> None:
    for term, text in (("Use when", ADVICE[name].when), ("Usual", ADVICE[name].usual)):
        assert f"{term}\n: {text}" in cards[name]
    assert f"{cheat_sheet._sentence(RULES[name])} ({ADVICE[name].read})\n" in cards[name]
    rules = {f"rule-{rule}" for rule in RULES}
    for role, target in LINK.findall(" ".join(ADVICE[name])):
        assert target in KNOWN[role] or target in rules, target
    assert re.fullmatch(r"\{doc\}`\d\d-[\w-]+`", ADVICE[name].read)


@every_rule
def test_usual_numbers_stand_with_a_section_a_source_or_another_rule(name: str) -> None:
    assert re.search(r"\{ref\}|\{doc\}|\]\(https://", ADVICE[name].usual)


# A rule's words, and the cell that prints their numbers.
MEASURED = [
    ("momentum", "from 0.5 to 0.95", "15-race#beta", (r"(0.5)", r"(0.95)")),
    ("nesterov", "from 0.8 to 0.95", "15-race#beta", (r"20 (0.8)", r"179 (0.95)")),
    ("adagrad", "of 0.18 and 0.24", "13-adaptive-rates#race-table", ("0.29  0.24   0.08  0.18",)),
    ("rmsprop", "of 0.013 and 0.024", "13-adaptive-rates#race-table", ("1.10 0.024   0.30 0.013",)),
    ("adadelta", "0.0003 to 0.3", "13-adaptive-rates#adadelta-epsilon", ("0.00032", "0.31235")),
    ("adam", "0.01 and 0.032", "14-adam#best", ("1733   0.032   0.218    0.01 ",)),
    ("adam", "0.18 to 1.8", "15-race#facts", ("Adam's best rates: 0.18 to 1.8",)),
    ("adam", "on every course", "15-race#facts", ("everywhere: momentum, Nesterov, Adam, AMS",)),
    (
        "adam",
        "<sec-network-digits>` 0.032",
        "17-network#digits-table",
        ("Adam               0.032 ",),
    ),
    ("adagrad", "0.2 for", "19-words#race", ("'AdaGrad': 0.2}",)),
    ("adamw", "from 0.01 to 0.1", "15-race#decision", ("from 0.01 (PyTorch's default) to 0.1",)),
    ("adamw", "0.0006 (small) to 0.00006", "15-race#decision", ("0.0006 (small) to 0.00006",)),
    ("adamw", "0.9 and 0.95", "15-race#decision", ("for language models 0.9 and 0.95",)),
    (
        "muon",
        "1.1 times as fast",
        "15-race#published",
        ("1.1 times at 1.2 billion", "Muon and SOAP"),
    ),
    ("muon", "Author 0.02, PyTorch 0.001", "21-norms#frameworks", ("| rate | 0.02 | 0.001 |",)),
    ("muon", "= 0.03$ was best", "23-language-model#tuning", ("2.13, 0.03: 2.12, 0.05",)),
    ("shampoo", "was first in AlgoPerf", "15-race#published", ("Distributed Shampoo was first",)),
    ("shampoo", "takes 91 steps", "21-norms#predict", ("*Shampoo* at 91", "1.)")),
    ("shampoo", "at every angle", "21-norms#try", ("210 and 91 steps at every angle",)),
    ("shampoo", "should not depend on", "21-norms#invariance", ("same     same  changes\nSOAP",)),
    ("soap", "10.5 numbers each, Adam 2", "21-norms#memory", ("10.5000", "AdamW            2.0")),
    ("adafactor", "0.0016 of a number", "21-norms#memory", ("Adafactor              0.0016",)),
    ("adafactor", "768×3072", "21-norms#memory", ("kept(768, 3072)",)),
]


@pytest.mark.parametrize(("name", "words", "place", "printed"), MEASURED)
def test_usual_numbers_are_what_their_sections_print(
    name: str, words: str, place: str, printed: tuple[str, ...]
) -> None:
    assert words in " ".join(ADVICE[name])
    chapter, cell = place.split("#")
    shown = claims.printed(chapter, cell)
    for text in printed:
        assert text in shown


def test_what_cards_say_of_the_language_model_is_in_its_record() -> None:
    race = gd.datasets.language_race()
    ends = {r: np.mean([run.end for run in runs]) for r, runs in race.of("race").items()}
    for rule in ("Muon", "SOAP"):
        assert round(float(ends["AdamW"] - ends[rule]), 1) == 0.2
        assert "about 0.2 bits below AdamW" in ADVICE[rule.lower()].when
        tried = race.of("tuning")[rule]
        best = min(tried, key=lambda run: run.end).rate
        assert {"Muon": 0.03, "SOAP": 0.02}[rule] == best
    assert "0.02 was best" in ADVICE["soap"].usual


def test_what_the_card_says_of_three_muons_is_in_their_table() -> None:
    row, said = {row.what: row for row in muons.ROWS}, cheat_sheet.CONVENTIONS["muon"]
    assert f"The author's file: $\\eta = {row['rate'].author}$" in said
    decay = row[r"weight decay $\lambda$"]
    assert f"$\\lambda = {decay.author}$." in said
    length = row["length of a step, $m$ rows and $n$ columns"]
    assert length.optax.partition(", or")[0].replace(r"\eta", "") in said
    defaults = inspect.signature(gd.muon).parameters
    assert float(row["rate"].torch) == defaults["learning_rate"].default
    assert float(decay.torch) == defaults["weight_decay"].default


def test_a_scheduled_rate_stands_as_its_own_formula_says() -> None:
    text = around_rules.schedules()
    for name, line in around_rules.SCHEDULES.items():
        assert f"\n: `{name}`: ${line.example.latex()}$. {line.when}" in text
        assert name in gd.schedules.__all__
        for role, target in LINK.findall(line.when):
            assert target in KNOWN[role], target
    printed = claims.printed("22-rate-again", "bound")
    for name, number in (("linear_decay", "2.00"), ("cosine", "2.06"), ("wsd", "2.17")):
        called = {"linear_decay": "straight line", "wsd": "WSD, last fifth"}.get(name, name)
        assert re.search(rf"^{called} +{number} ", printed, re.MULTILINE)
        assert f"{number} in " in around_rules.SCHEDULES[name].when


def test_what_is_made_from_another_rule_is_typeset_by_itself() -> None:
    text = " ".join(around_rules.made().split())
    plain = gd.gradient_descent(0.1)
    for rule in (gd.clipped(plain), gd.schedule_free(plain)):
        assert " ".join(rule.latex().split()) in text
    defaults = [inspect.signature(f).parameters for f in (gd.clipped, gd.schedule_free)]
    assert f"gd.clipped(rule, norm={defaults[0]['norm'].default:g})" in text
    assert f"(rule, interpolation={defaults[1]['interpolation'].default:g})" in text


def raced() -> dict[str, list[str]]:
    """Return each rule's row of the race's table, and under "first" who is first."""
    printed = claims.printed("15-race", "results")
    rows = re.findall(r"^([A-Za-z ]+?)  +((?:[\d–]+ *){7})$", printed, re.MULTILINE)
    first = re.findall(r"first on \w+: +(\w+)", claims.printed("15-race", "facts"))
    return {name: row.split() for name, row in rows} | {"first": first}


def test_what_a_card_says_of_the_race_is_in_its_table() -> None:
    rows = raced()
    assert len(rows) == len(CATALOGUE) + 1
    assert sum(cell != "–" for cell in rows["Lion"]) == 1
    assert "on one course of seven" in ADVICE["lion"].when
    assert "Nadam" not in rows["first"]
    assert "first on no course" in ADVICE["nadam"].when
    arrived = {name: [cell != "–" for cell in rows[name]] for name in ("Adam", "AMSGrad")}
    assert arrived["Adam"] == arrived["AMSGrad"] == [True] * 7


def test_the_bounds_are_where_a_step_no_longer_shrinks_the_error() -> None:
    assert r"below $(2+2\beta)/L$" in ADVICE["momentum"].usual
    assert r"below $(2+2\beta)/((1+2\beta)L)$" in ADVICE["nesterov"].usual
    for name, bound in (("momentum", 2 + 2 * 0.9), ("nesterov", (2 + 2 * 0.9) / (1 + 2 * 0.9))):
        for factor, grows in ((0.99, False), (1.01, True)):
            bowl = gd.Landscape.parse("x**2 / 2")
            run = gd.descend(bowl, RULES[name](factor * bound, decay=0.9), [1.0], 3000)
            assert bool(abs(run.end[0]) > 1) == grows


@every_rule
def test_a_card_holds_the_rule_as_it_typesets_itself(cards: dict[str, str], name: str) -> None:
    assert build(name).latex() in cards[name]
    assert build(name).source.split(",")[0] in cards[name]


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_card_counts_what_is_remembered(cards: dict[str, str], name: str) -> None:
    count = MEMORY[name]
    stated = f"{count} number{'' if count == 1 else 's'} per parameter" if count else "none"
    assert f"Memory\n: {stated}" in cards[name]


@pytest.mark.parametrize(("name", "formula"), MEMORY_OF_MATRICES.items())
def test_a_card_counts_what_is_remembered_of_a_matrix(
    cards: dict[str, str], name: str, formula: str
) -> None:
    assert f"Memory\n: ${formula}$ numbers for a matrix: " in cards[name]
    rows, columns = 2, 7
    kept = RULES[name]().init(np.ones((rows, columns))).moments.values()
    counted = {"m n": 14, "m^{2} + n^{2}": 53, "m^{2} + 2 m n + n^{2}": 81, "m + n": 9}
    assert sum(moment.size for moment in kept) == counted[formula]


@every_rule
def test_stated_defaults_are_the_constructors(cards: dict[str, str], name: str) -> None:
    parameters = inspect.signature(RULES[name]).parameters
    rows: dict[str, str] = {keyword: default for keyword, default, _ in ROW.findall(cards[name])}
    numbers = {n for n, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD}
    assert set(rows) == numbers
    for keyword, text in rows.items():
        default: Any = parameters[keyword].default
        ten, two = (re.fullmatch(rf"\${base}\^\{{(-\d+)\}}\$", text) for base in (10, 2))
        stated: float | None
        if two:
            stated = 2.0 ** int(two[1])
        else:
            stated = float(f"1e{ten[1]}") if ten else None if text == "none" else float(text)
        assert stated == (None if default is inspect.Parameter.empty else default)


@every_rule
def test_stated_ranges_are_what_the_constructor_takes(cards: dict[str, str], name: str) -> None:
    for keyword, _, inequality in ROW.findall(cards[name]):
        tried = {0.0: r"0 \le" in inequality, 1.0: "< 1" not in inequality, -1e-9: False}
        for value, good in tried.items():
            if good:
                assert build(name, **{keyword: value}).settings[keyword] == value
            else:
                with pytest.raises(ValueError, match=keyword):
                    build(name, **{keyword: value})


@every_rule
def test_a_thumbnail_is_in_the_methods_colour_and_at_the_smallest_rate_that_will_do(
    name: str,
) -> None:
    rule, run = thumbnails.best(build(name))
    ends = {}
    for rate in thumbnails.RATES:
        tried = gd.descend(thumbnails.ground(), build(name, learning_rate=rate), (2.1, 1.15), 30)
        if tried.status != "diverged":
            ends[rate] = tried.values[-1]
    low = (2.1**2 / 2 + 5 * 1.15**2) / 50
    enough = [rate for rate, end in ends.items() if end < low]
    wanted = min(enough) if enough else min(ends, key=lambda rate: ends[rate])
    assert rule.settings["learning_rate"] == wanted
    assert bool(enough) == (name not in ("adadelta", "soap"))
    assert wanted <= 0.5 or name == "adadelta"
    picture = thumbnails.svg(rule, run)
    assert f"--light:{PALETTE['methods'][rule.name]['light']};" in picture
    assert picture.count("<circle") == thumbnails.STEPS + 1


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("Step downhill: θ ← θ − ηg (Cauchy 1847).", "Step downhill."),
        ("Add gradients up (the heavy ball).", "Add gradients up."),
        ("Divide by a root.\n\nMore.", "Divide by a root."),
    ],
)
def test_a_rules_sentence_leaves_out_what_stands_beside_it(docstring: str, sentence: str) -> None:
    def rule() -> gd.Optimizer:
        raise NotImplementedError

    rule.__doc__ = docstring
    assert cheat_sheet._sentence(rule) == sentence


def test_rules_of_one_colour_have_other_markers_and_dashes() -> None:
    looks = {rule: PALETTE["methods"][rule] for rule in (build(name).name for name in RULES)}
    share: dict[str, list[str]] = {}
    for rule, look in looks.items():
        share.setdefault(look["figure"], []).append(rule)
    shared = [rules for rules in share.values() if len(rules) > 1]
    assert shared == [
        ["momentum", "Adafactor"], ["Nesterov", "AdaGrad", "Adadelta", "SOAP"],
        ["RMSProp", "Nadam", "Shampoo"], ["Adam", "AdamW", "AMSGrad"],
    ]  # fmt: skip
    for rules in shared:
        for kind in ("marker", "dash"):
            assert len({str(looks[rule][kind]) for rule in rules}) == len(rules)
    page = (ROOT / "chapters" / "cheat-sheet.md").read_text(encoding="utf-8")
    assert (
        "Nesterov, AdaGrad, Adadelta and SOAP share a colour; so do RMSProp, Nadam and Shampoo; so"
        " do Adam, AdamW and AMSGrad; and so do momentum and Adafactor." in page
    )
    assert "Rules that share a colour differ in dash, and in the book's figures in marker" in page
