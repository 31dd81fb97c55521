"""The map of concepts holds every word of the glossary once, where a chapter first links to it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sphinx.util.nodes import _make_id

from gdlib.book import concept_map

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "chapters" / "glossary.md").read_text(encoding="utf-8")
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
SMALL = """
:::{glossary}
cost
  The number to make small.

Hessian
  Second derivatives of the {term}`cost`, of the {term}`costs <cost>` indeed.

Newton step
  What the {term}`hessian` and the {term}`cost` give.
:::
"""


def chapter(path: Path, text: str) -> Path:
    cells = [{"cell_type": "markdown", "source": [f"# {path.stem.title()}\n", text]}]
    cells.append({"cell_type": "code", "source": ["# {term}`Newton step`"]})
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def test_a_concept_needs_the_words_that_its_definition_links_to_each_once() -> None:
    found = {concept.word: concept.needs for concept in concept_map.concepts(SMALL)}
    assert found == {"cost": (), "Hessian": ("cost",), "Newton step": ("Hessian", "cost")}


def test_an_entrys_name_is_the_one_that_sphinx_gives_it() -> None:
    words = ["Newton step", "Robbins–Monro conditions", "L-BFGS (limited)"]
    made = [concept_map.Concept(word, ()).anchor for word in words]
    assert made == [_make_id(f"term-{word}") for word in words]


def test_a_concept_stands_in_the_first_chapter_whose_text_links_to_it(tmp_path: Path) -> None:
    found = concept_map.concepts(SMALL)
    first = chapter(tmp_path / "01-hills.ipynb", "a {term}`Hessian` of a {term}`Cost`")
    second = chapter(tmp_path / "02-steps.ipynb", "{term}`cost`, {term}`steps <Newton step>`")
    stages = list(concept_map.stages(found, [first, second]))
    assert [(s.name, [c.word for c in s.concepts]) for s in stages] == [
        ("01-hills", ["Hessian", "cost"]),
        ("02-steps", ["Newton step"]),
    ]


def test_a_word_that_no_chapter_links_to_stops_the_build(tmp_path: Path) -> None:
    only = chapter(tmp_path / "01-hills.ipynb", "{term}`cost` and {term}`Hessian`")
    with pytest.raises(ValueError, match="no chapter links to the glossary's 'Newton step'"):
        list(concept_map.stages(concept_map.concepts(SMALL), [only]))


def test_a_definition_that_links_nowhere_stops_the_build() -> None:
    with pytest.raises(ValueError, match="'Hessian' links to 'price', which is not in it"):
        concept_map.concepts(SMALL.replace("{term}`cost`", "{term}`price`", 1))


def test_every_entry_of_the_glossary_is_on_the_map_once() -> None:
    entries = re.findall(r"^(?![ :#<]).+(?=\n  )", GLOSSARY, re.MULTILINE)
    stages = concept_map.stages(concept_map.concepts(GLOSSARY), NOTEBOOKS)
    words = [concept.word for stage in stages for concept in stage.concepts]
    assert sorted(words) == sorted(entries)
    assert len(words) > 40


def test_the_glossary_is_in_alphabetical_order() -> None:
    words = [concept.word.casefold() for concept in concept_map.concepts(GLOSSARY)]
    assert words == sorted(words)
