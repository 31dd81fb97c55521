"""What a survey is: lines, HTML, sections that exist, and a figure with the rate set."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import IPython.display
import numpy as np
import pytest

import gdlib as gd
from gdlib.diagnosis.findings import CHAPTERS
from gdlib.surveys.result import SECTIONS
from tests.surveys.material import surveyed

BOOK = Path(__file__).parents[2] / "chapters"
LINE = {"x": [0, 1, 2, 3], "y": [1, 3, 5, 8]}


@pytest.mark.parametrize("topic", SECTIONS)
def test_what_there_is_to_read_stands_in_the_chapter_under_its_heading(topic: str) -> None:
    section = SECTIONS[topic]
    cells = json.loads((BOOK / f"{section.chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    heading = re.search(rf"\({section.label}\)=\n+#+ (.*)", text)
    assert heading is not None
    plain = heading[1].replace("$", "").replace(r"\eta\lambda", "ηλ").replace(r"\kappa", "κ")
    assert plain.replace("-", "−") == section.heading.replace("-", "−")
    assert text.startswith(f"# {CHAPTERS[section.chapter]}\n")


@pytest.mark.parametrize("name", gd.landscapes.catalogue)
def test_every_landscape_of_the_book_is_surveyed_in_plain_lines(name: str) -> None:
    found = surveyed(name)
    lines = repr(found).splitlines()
    assert len(found.items) >= 2
    assert len(lines) == len(found.notes) + 2 * len(found)
    assert all(line.startswith("  Read: chapter ") for line in lines[len(found.notes) + 1 :: 2])
    assert "nan" not in repr(found)
    assert "  κ" not in repr(found)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_says_the_same_words_and_marks_what_to_read() -> None:
    found = gd.survey({"a<b": [0, 1, 2, 3], "y": [1, 3, 5, 8]})
    reader = Reader()
    reader.feed(found._repr_html_())
    assert not reader.open
    assert reader.tags[0][1]["role"] == "status"
    assert "currentColor" in str(reader.tags[0][1]["style"])
    for item in found:
        assert f"{item.heading}: {item.sentence}Read: {item.reading}." in reader.text
    spans = [attrs for tag, attrs in reader.tags if tag == "span"]
    assert [(s["data-chapter"], s["data-section"]) for s in spans] == [
        (item.chapter, item.section) for item in found
    ]
    assert "a<b" in reader.text


def test_a_survey_goes_through_its_items_and_keeps_its_cost() -> None:
    cost = gd.landscapes.quadratic()
    found = gd.survey(cost)
    assert found.cost is cost
    assert (list(found), len(found)) == (list(found.items), len(found.items))
    assert repr(found) == repr(gd.survey(cost))


@pytest.mark.parametrize(
    ("cost", "kind"),
    [
        ("x**4 - x**2", "DescentLine"),
        ("x**2 + 3*y**2", "DescentExplorer"),
        ("x**4 - x**2 + y**2", "BasinMap"),
        (LINE, "DescentExplorer"),
        ({"x": [1, 2, 3, 4], "y": [0, 1, 0, 1]}, "DescentExplorer"),
        ({"x": [1, 2, 3, 4], "y": [0, 0, 1, 1]}, "DescentExplorer"),
    ],
)
def test_the_figure_has_the_rate_that_is_suggested(cost: Any, kind: str) -> None:
    found = gd.survey(cost)
    figure = found.widget
    assert figure.kind == kind
    assert figure.learning_rate == pytest.approx(found.learning_rate)
    np.testing.assert_allclose(figure.start, figure.landscape.start)


def test_the_figure_of_a_table_shows_its_own_cost_and_minimum() -> None:
    found = gd.survey(LINE, name="my line")
    assert found.landscape is not None
    assert found.landscape.name == found.widget.landscape.name == "my line"
    assert isinstance(found.cost, gd.LeastSquares)
    for theta in ([0.0, 0], [1, 2], [-3, 1]):
        assert found.landscape.value(theta) == pytest.approx(float(found.cost.value(theta)))
    low, high = np.array(found.landscape.bounds).T
    for inside in ([0, 0], found.cost.minimum):
        assert (low < inside).all()
        assert (inside < high).all()
    chosen = gd.survey(LINE, bounds=[(-5, 5), (-4, 4)], start=(3, -2))
    assert chosen.landscape is not None
    np.testing.assert_array_equal(chosen.landscape.bounds, [(-5, 5), (-4, 4)])
    np.testing.assert_array_equal(chosen.landscape.start, (3, -2))


@pytest.mark.parametrize("cost", ["x**2 + y**2 + z**2", {**LINE, "z": [1, 0, 2, 2.5]}])
def test_of_more_than_two_variables_there_is_no_figure(cost: Any) -> None:
    assert gd.survey(cost).widget is None


def test_many_rows_are_drawn_where_their_cost_has_a_short_formula() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=2000)
    assert gd.survey({"x": x, "y": 2 * x + rng.normal(size=2000)}).landscape is not None
    classes = gd.survey({"x": x, "y": (x + rng.normal(size=2000) > 0) * 1})
    assert classes.landscape is None
    assert any(note.startswith("no figure") for note in classes.notes)


def test_a_notebook_shows_the_words_and_then_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(IPython.display, "display", lambda thing, **_: shown.append(thing))
    found = gd.survey("x**2")
    found._ipython_display_()
    assert shown[0] == {"text/plain": repr(found), "text/html": found._repr_html_()}
    assert shown[1].kind == "DescentLine"
    shown.clear()
    gd.survey("x**2 + y**2 + z**2")._ipython_display_()
    assert len(shown) == 1


def test_a_landscape_can_be_called_and_started_otherwise() -> None:
    found = gd.survey(gd.landscapes.quadratic(), start=(1, 1), bounds=[(-2, 2)] * 2, name="mine")
    assert isinstance(found.cost, gd.Landscape)
    assert found.cost.name == "mine"
    np.testing.assert_array_equal(found.cost.start, (1, 1))
    np.testing.assert_array_equal(found.cost.bounds, [(-2, 2), (-2, 2)])
    assert found.cost.citation.startswith("Boyd")


def test_a_formula_that_has_no_value_at_the_usual_start_is_started_elsewhere() -> None:
    found = gd.survey("x - log(x)")
    assert isinstance(found.cost, gd.Landscape)
    # At 1, the next place that is tried, is the minimum already.
    np.testing.assert_allclose(found.cost.start, [2.4])
    assert found.notes[0] == "J has no value at the usual start, so descents start at (2.4)"


def test_a_formula_that_is_flat_at_the_usual_start_is_started_elsewhere() -> None:
    found = gd.survey("(x - y)**2")
    assert found.notes[0] == "J has no slope at the usual start, so descents start at (-1, 1)"
    assert found.learning_rate == 0.25
    chosen = gd.survey("(x - y)**2", start=(2, 2))
    assert isinstance(chosen.cost, gd.Landscape)
    np.testing.assert_array_equal(chosen.cost.start, (2, 2))


@pytest.mark.parametrize("cost", ["x**4 - x**2 + y**2", LINE, "x*y", "abs(x)"])
def test_the_first_rate_stands_first(cost: Any) -> None:
    assert gd.survey(cost).items[0].heading == "first rate"
