"""Every measured result of the book on one page, read from the tables that the chapters keep.

A chapter's cell refuses a number that is not its source's (`gdlib.results`); here the
tables are gathered as they stand in the notebooks, and each row leads back to its cell.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from docutils import nodes

from gdlib import results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

_TABLE = '<table class="measured"'
_EXACT = {"error": True, "error sampled": False}
_HEADING = re.compile(r"^#{1,3} +(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One result: its cells as HTML, whether it has every digit, and the cell that made it."""

    cells: tuple[str, ...]
    exact: bool
    anchor: str


@dataclass(frozen=True)
class Chapter:
    """A notebook's title and its results."""

    name: str
    title: str
    rows: tuple[Row, ...]


def setup(app: Sphinx) -> dict[str, Any]:
    """Give each measured table in a chapter a name that a row can lead to."""
    app.connect("doctree-read", _name_tables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def page(app: Sphinx) -> str:
    """Return the Markdown of all chapters' results, in the book's order."""
    found = []
    for path in notebooks(app):
        app.env.note_dependency(str(path))
        found.append(chapter(path))
    measured = [chapter for chapter in found if chapter.rows]
    return "\n\n".join([_summary(measured), *map(_section, measured)])


def notebooks(app: Sphinx) -> Iterator[Path]:
    """Yield the notebooks that the table of contents lists, in its order."""
    for name in app.config.external_site_map:
        path = Path(app.srcdir) / f"{str(name).removesuffix('.ipynb')}.ipynb"
        if path.exists():
            yield path


def chapter(path: Path) -> Chapter:
    """Read a notebook's title and the rows of its measured tables.

    Raises ValueError for a table with a number that is not its source's.
    """
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    titles = [_HEADING.search(_text(cell["source"])) for cell in cells[:1]]
    title = titles[0][1] if titles and titles[0] else path.stem
    rows = [
        Row(values, exact, f"measured-{number}")
        for number, table in enumerate(_tables(cells), start=1)
        for values, exact in _rows(table)
    ]
    return Chapter(path.stem, title, tuple(rows))


def _tables(cells: list[dict[str, Any]]) -> Iterator[str]:
    for cell in cells:
        for output in cell.get("outputs", ()):
            text = _text(output.get("data", {}).get("text/html", ""))
            if text.startswith(_TABLE):
                yield text


def _rows(table: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for row in ElementTree.fromstring(table).iterfind("./tbody/tr"):
        cells = list(row)
        texts = tuple(map(_inner, cells))
        kind = cells[-1].get("class", "")
        if kind not in _EXACT:
            raise ValueError(f"a kept result is not the number of its source: {', '.join(texts)}")
        yield texts, _EXACT[kind]


def _inner(cell: ElementTree.Element) -> str:
    parts = (ElementTree.tostring(part, encoding="unicode") for part in cell)
    return "".join([html.escape(cell.text or ""), *parts])


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _summary(chapters: list[Chapter]) -> str:
    rows = [row for chapter in chapters for row in chapter.rows]
    exact = sum(row.exact for row in rows)
    return (
        f"{len(rows)} results from {len(chapters)} chapters: {exact} have every digit of their"
        f" reference; {len(rows) - exact} are means over random draws, and lie within a distance"
        " that their chapters state."
    )


def _section(chapter: Chapter) -> str:
    rows = results.table((_linked(chapter.name, row), row.exact) for row in chapter.rows)
    return f'## {chapter.title}\n\n<div class="gd-table-box">{rows}</div>'


def _linked(name: str, row: Row) -> list[str]:
    """Return a row's cells; the setup leads to the cell that computes it."""
    cells = list(row.cells)
    at = results.COLUMNS.index("setup")
    cells[at] = f'<a href="{name}.html#{row.anchor}">{cells[at]}</a>'
    return cells


def _name_tables(_app: Sphinx, doctree: nodes.document) -> None:
    tables = [node for node in doctree.findall(nodes.raw) if node.astext().startswith(_TABLE)]
    for number, table in enumerate(tables, start=1):
        cell = table.parent
        while cell.parent is not None and cell.get("nb_element") != "cell_code":
            cell = cell.parent
        cell["ids"].append(f"measured-{number}")
