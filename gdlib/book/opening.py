"""A chapter's first screen: what it asks you to predict, beside the figure that shows it.

In a notebook an introduction, a cell of imports and some lines on the figure stand around the two.
On the page the figure moves up to its question, and these follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from gdlib.book.widget_pages import widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the step, before folds are made."""
    app.connect("doctree-resolved", lambda _app, doctree, _name: opened(doctree), priority=895)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def opened(doctree: nodes.document) -> None:
    """Put the first question and the figure that follows it, a section later, into one block."""
    cells = list(_cells(doctree))
    asked = next((at for at, cell in enumerate(cells) if _kind(cell) == "Quiz"), None)
    if asked is None:
        return
    predict = cells[asked].parent
    figure = next((cell for cell in cells[asked + 1 :] if _kind(cell)), None)
    chapter = predict.parent
    if figure is None or not isinstance(chapter, nodes.section):
        return
    figure.parent.remove(figure)
    opening = nodes.container("", classes=["gd-opening"])
    at = chapter.index(predict)
    chapter[at] = opening
    opening += [predict, figure]
    later = [block for block in chapter[:at] if _can_wait(block)]
    for block in later:
        chapter.remove(block)
    after = chapter.index(opening) + 1
    chapter[after:after] = later


def _cells(doctree: nodes.document) -> Iterator[nodes.container]:
    """Yield a chapter's cells of code, in order."""
    yield from (node for node in doctree.findall(nodes.container) if "cell" in node["classes"])


def _kind(cell: nodes.Element) -> str:
    """Return what kind of widget a cell shows, or nothing."""
    place = next(iter(cell.findall(widget)), None)
    return "" if place is None else str(place["kind"])


def _can_wait(block: nodes.Node) -> bool:
    """Tell whether a block above the opening introduces or sets up: a paragraph, or a cell."""
    return isinstance(block, nodes.paragraph) or (
        isinstance(block, nodes.container) and "cell" in block["classes"]
    )
