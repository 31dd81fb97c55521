"""The exercises in the chapters' notebooks: all of the checks are asked, and solved, on the page.

The outputs that are read here are proved by nbval, which runs every notebook and compares them.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from gdlib.exercises import registry

CHAPTERS = sorted((Path(__file__).parents[2] / "chapters").glob("[0-9]*.ipynb"))
chapters = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Asked:
    """One `gd.check` in a cell: the exercise, the cell's tags, and what the notebook shows."""

    name: str
    tags: frozenset[str]
    last: bool
    shown: str
    own: bool
    """Whether it says that the answer is the book's own."""


def asked(path: Path) -> list[Asked]:
    """Return the checks in a notebook, from top to bottom."""
    cells = nbformat.read(path, as_version=4).cells
    return [found for cell in cells if cell.cell_type == "code" for found in in_cell(cell)]


def in_cell(cell: nbformat.NotebookNode) -> list[Asked]:
    """Return the checks in one code cell; cells with magics are none."""
    if not re.search(r"\bcheck\(", cell.source):
        return []
    tree = ast.parse(cell.source)
    texts = [output.data.get("text/plain", "") for output in cell.outputs if "data" in output]
    last = tree.body[-1].value if isinstance(tree.body[-1], ast.Expr) else None
    return [
        Asked(
            name,
            frozenset(cell.metadata.get("tags", ())),
            node is last,
            "\n".join(texts),
            "solution=True" in map(ast.unparse, node.keywords),
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (name := exercise_of(node))
    ]


def exercise_of(call: ast.Call) -> str:
    """Return the exercise that a call checks, or the empty string."""
    function = call.func
    named = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    first = call.args[0] if call.args else None
    found = first.value if named == "check" and isinstance(first, ast.Constant) else ""
    return found if isinstance(found, str) else ""


def slug(path: Path) -> str:
    """Return `update-rule` for `02-update-rule.ipynb`."""
    return path.stem.partition("-")[2]


@chapters
def test_every_check_on_the_page_exists(path: Path) -> None:
    for one in asked(path):
        assert registry.find(one.name).name == one.name


@chapters
def test_every_check_stands_last_in_its_cell_and_shows_itself(path: Path) -> None:
    for one in asked(path):
        assert one.last, one.name
        assert one.tags & {"exercise", "solution"}, f"{one.name} is in a cell without its tag"


@chapters
def test_every_exercise_is_shown_not_started(path: Path) -> None:
    for one in asked(path):
        if "exercise" in one.tags:
            assert one.shown == "○ not started", one.name


@chapters
def test_every_solution_is_correct(path: Path) -> None:
    for one in asked(path):
        if "solution" in one.tags:
            assert one.shown.startswith("✓ correct"), one.name


@chapters
def test_solutions_and_nothing_else_say_that_they_do_not_count(path: Path) -> None:
    for one in asked(path):
        assert one.own == ("solution" in one.tags), one.name


@chapters
def test_every_registered_exercise_is_asked_once_and_then_solved_once(path: Path) -> None:
    registry.load(slug(path))
    expected = {name for name in registry.EXERCISES if name.startswith(f"{slug(path)}/")}
    for tag in ("exercise", "solution"):
        assert Counter(one.name for one in asked(path) if tag in one.tags) == Counter(expected)
    found = asked(path)
    for name in expected:
        tags = [one.tags & {"exercise", "solution"} for one in found if one.name == name]
        assert tags == [{"exercise"}, {"solution"}], name


@chapters
def test_a_chapter_has_at_least_five_exercises(path: Path) -> None:
    assert len({one.name for one in asked(path)}) >= 5


def test_every_chapter_with_checks_has_its_notebook() -> None:
    assert set(registry.chapters()) <= {slug(path) for path in CHAPTERS}
