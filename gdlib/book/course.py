"""What there is to do in the book: the quizzes and exercises of each chapter, with their places.

They are read from the notebooks. The page "Where you are" lists them all; the contents of every
page hold how many there are; and a chapter's page ends with the questions of the chapter before it,
which the front end shows to a reader whose first answer was not right.
"""

from __future__ import annotations

import ast
import functools
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from gdlib.book.mathematics import untranslated
from gdlib.book.verified import notebooks
from gdlib.widgets import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

PAGE = "chapters/progress"
_CHAPTER = re.compile(r"\d\d-(.+)")
_TITLE = re.compile(r"^# +(.+?)\s*$", re.MULTILINE)
_EXERCISE = re.compile(r"^:::\{exercise\} (.+)\n:label: (\S+)", re.MULTILINE)
_ASKED = re.compile(r'^gd\.check\("([\w-]+/[\w-]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Item:
    """A quiz or an exercise: its name, the words before its link and those of the link."""

    kind: str
    name: str
    anchor: str
    before: str
    words: str


@dataclass(frozen=True)
class Chapter:
    """A chapter: its number, its file's stem, its title and what there is to do, in its order."""

    number: int
    stem: str
    title: str
    items: tuple[Item, ...]


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell each page what its templates say of the course."""
    app.connect("html-page-context", _fill_page)
    app.add_js_file("widgets/contents.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _fill_page(
    app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    course = chapters(app)
    context["totals"] = " ".join(str(len(chapter.items)) for chapter in course)
    stems = [chapter.stem for chapter in course]
    at = stems.index(Path(name).name) if Path(name).name in stems else 0
    context["again"] = _again(course[at - 1]) if at else []
    if name == PAGE:
        app.add_js_file("widgets/progress.js", loading_method="defer")


def _again(chapter: Chapter) -> list[tuple[str, Markup]]:
    """Return the name of each of a chapter's quizzes, and words that lead back to it."""
    quizzes = [item for item in chapter.items if item.kind == "quizzes"]
    address = f"{chapter.stem}.html#gd/{{}}?again=1"
    links = [untranslated(_link(item, address.format(item.anchor))) for item in quizzes]
    said = [Markup(f"chapter {chapter.number}: {link}") for link in links]
    return list(zip((item.name for item in quizzes), said, strict=True))


def chapters(app: Sphinx) -> list[Chapter]:
    """Return the chapters that the table of contents lists, in its order."""
    paths = [path for path in notebooks(app) if _CHAPTER.fullmatch(path.stem)]
    return [
        chapter(number, path, path.stat().st_mtime_ns) for number, path in enumerate(paths, start=1)
    ]


@functools.cache
def chapter(number: int, path: Path, _changed: int) -> Chapter:
    """Read a chapter's title, quizzes and exercises from its notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    title = _TITLE.search("".join(cells[0]["source"]))
    found = tuple(_items(cells))
    return Chapter(number, path.stem, title[1] if title else path.stem, found)


def _items(cells: list[dict[str, Any]]) -> Iterator[Item]:
    """Yield what there is to do; an exercise's title and label stand above its cell."""
    quizzes, exercise = 0, None
    for cell in cells:
        source, tags = "".join(cell["source"]), cell["metadata"].get("tags", ())
        if "quiz" in tags:
            quizzes += 1
            name, question = _quiz(source)
            yield Item("quizzes", name, f"quiz-{quizzes}", *_parted(question))
        elif "exercise" in tags and exercise and (asked := _ASKED.search(source)):
            yield Item("exercises", asked[1], exercise[2], "", exercise[1].replace("'", "’"))
        exercise = _EXERCISE.search(source) or exercise


def _quiz(source: str) -> tuple[str, str]:
    """Return the name and the question that a cell gives to `gd.Quiz`."""
    call = ast.parse(source.strip()).body[-1]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    name, question = (str(ast.literal_eval(text)) for text in call.value.args[:2])
    return name, question


def _parted(question: str) -> tuple[str, str]:
    """Return what a question tells, and its last sentence, which asks."""
    end = max(question.rfind(mark, 0, -1) for mark in (". ", "? ", "! ")) + 1
    return question[:end].strip(), question[end:].strip()


def page(app: Sphinx) -> str:
    """Return the Markdown of the list: a heading a chapter, a line a quiz or an exercise."""
    course = chapters(app)
    for path in notebooks(app):
        app.env.note_dependency(str(path))
    return "\n\n".join(map(_section, course))


def _section(chapter: Chapter) -> str:
    lines = "\n".join(_line(chapter, item) for item in chapter.items)
    return f'## {chapter.number}. {chapter.title}\n\n<ul class="gd-items">\n{lines}\n</ul>'


def _line(chapter: Chapter, item: Item) -> str:
    before = f"Prediction: {prose.html(item.before)} " if item.kind == "quizzes" else ""
    link = _link(item, f"{chapter.stem}.html#{item.anchor}")
    return (
        f'<li data-kind="{item.kind}" data-name="{item.name}"><span>{before}{link}</span>'
        ' <span class="gd-level">open</span></li>'
    )


def _link(item: Item, address: str) -> str:
    typeset = prose.html if item.kind == "quizzes" else html.escape
    return f'<a href="{address}">{typeset(item.words)}</a>'
