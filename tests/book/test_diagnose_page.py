"""The page on ailing runs says what `gdlib.diagnose` says, of every kind, with a figure each."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gdlib.book import confusion, generated, run_figures
from gdlib.diagnosis.findings import KINDS
from gdlib.diagnosis.labelled import families

PAGE = (Path(__file__).parents[2] / "chapters" / "diagnose.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)\n```", PAGE, re.DOTALL)
SEEN = [kind for kind in KINDS if kind != "cannot tell"]


def test_its_examples_print_what_it_shows() -> None:
    names: dict[str, Any] = {}
    assert len(EXAMPLES) >= 4
    for code, shown in EXAMPLES:
        *setup, last = code.strip().splitlines()
        exec("\n".join(setup), names)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(f"print({last})", names)
        assert printed.getvalue().strip() == shown


@pytest.mark.parametrize("kind", SEEN)
def test_every_kind_has_a_section_with_a_figure_a_reason_and_a_remedy(kind: str) -> None:
    title = f"### {kind[0].upper()}{kind[1:]}"
    section = PAGE.partition(f"{title}\n")[2].partition("\n#")[0]
    assert f"<!-- generated: run {kind} -->" in section
    assert "**Why.**" in section
    assert kind == "healthy" or ("**Try**" in section and KINDS[kind].section in section)


@pytest.mark.parametrize("kind", SEEN)
def test_a_figure_shows_a_run_that_is_named_rightly_and_says_what_to_see(kind: str) -> None:
    family = run_figures.SHOWN[kind][0]
    label, given = families.FAMILIES[kind][family][:2]
    curves = 1 if given == families.LOSSES else 2
    judged = [k for run, k in families.judged() if (run.family, run.given) == (label, given)]
    assert judged[0] == kind
    figure = run_figures.figure(kind)
    assert figure.count("<svg") == figure.count("<polyline") == curves
    assert re.search(r'role="img" aria-label="[^"]{40,}"', figure)
    assert "nan" not in figure


def test_the_table_adds_up() -> None:
    rows = [row.strip("| ").split(" | ") for row in confusion.by_kind().splitlines()[2:]]
    assert [row[0] for row in rows] == list(KINDS)
    for label, named, instead, trust in rows:
        right, of = map(int, named.split(" of "))
        others = [int(number) for number in re.findall(r" (\d+)(?:,|$)", instead)]
        assert right + sum(others) == of == sum(r.label == label for r, _ in families.judged())
        assert trust.startswith(f"{right} of ")
    total = sum(int(row[3].split(" of ")[1]) for row in rows)
    assert total == len(families.judged())


def test_every_family_is_listed_and_bars_are_escaped() -> None:
    table = confusion.by_family().splitlines()
    assert len(table) - 2 == sum(map(len, families.FAMILIES.values()))
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {5}


def test_a_wrong_answer_shows_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    (run, kind), *rest = families.judged()
    monkeypatch.setattr(families, "judged", lambda: ((run, "plateau"), *rest))
    assert kind != "plateau"
    assert "| wrong sign | 9 of 10 | plateau 1 | 9 of 9 |" in confusion.by_kind()


@pytest.mark.parametrize("marker", ["run all", "confusion everything", "confusions"])
def test_a_marker_that_nothing_fills_is_refused(marker: str) -> None:
    with pytest.raises(ValueError, match=r"not for|not 'everything'|nothing is generated"):
        generated._fill(SimpleNamespace(), "page", [f"<!-- generated: {marker} -->"])  # type: ignore[arg-type]


def test_a_flat_curve_can_be_drawn() -> None:
    assert "nan" not in run_figures._panel(np.ones(5), "J", log=False)
