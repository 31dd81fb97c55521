"""A place on the page to answer an exercise that wants no code: a choice, a number, a text.

The front end makes the form and says what `gdlib.check` would say, from what the exercise's own
declaration prints here. Without scripts the page shows what the notebook does: not started.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from docutils import nodes

from gdlib.book.section_names import spoken
from gdlib.exercises import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    Render = Callable[..., str]

_ASKED = re.compile(r'^gd\.check\("([\w-]+/[\w-]+)", \(?([\w, ]+)\)?\)$', re.MULTILINE)


class answer(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801 (as docutils does)
    """Where an exercise is answered: its name, the variables that the cell has, what judges it."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the node and the step that puts one into each exercise that can have it."""
    app.add_node(answer, html=(_visit_html, _depart_html))
    app.connect("doctree-resolved", lambda app, doctree, _name: placed(doctree, _renderer(app)))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _renderer(app: Sphinx) -> Render | None:
    return getattr(app.builder, "render_formula", None)  # set in mathematics.py, for HTML


def placed(doctree: nodes.document, render: Render | None = None) -> None:
    """Put a place to answer between an exercise's code and its output."""
    for cell in list(doctree.findall(nodes.container)):
        if "tag_exercise" in cell["classes"] and (place := _place(cell)) is not None:
            place["meanings"] = meanings(cell, render) if render else {}
            cell.insert(1, place)


def meanings(cell: nodes.container, render: Render) -> dict[str, str]:
    """Return what each letter of the exercise above a cell stands for, formulas as plain text."""
    above = cell.parent[cell.parent.index(cell) - 1]
    named = ((line.next_node(nodes.strong), line[0]) for line in above.findall(nodes.list_item))
    return {letter.astext(): spoken(line, render) for letter, line in named if letter}


def _place(cell: nodes.container) -> answer | None:
    """Return the place for a cell's exercise, or nothing if its answer is code."""
    asked = _ASKED.search(cell[0].astext())
    page = registry.find(asked[1]).page if asked else None
    if asked is None or page is None:
        return None
    return answer("", exercise=asked[1], variable=asked[2], page=page)


def encoded(page: Any) -> str:
    """Return a declaration as text that nobody reads by accident in the page's source."""
    text = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def _visit_html(translator: HTML5Translator, place: answer) -> None:
    data = {
        "data-exercise": place["exercise"],
        "data-variable": place["variable"],
        "data-page": encoded(place["page"]),
    }
    if place["meanings"]:
        data["data-meanings"] = json.dumps(place["meanings"], ensure_ascii=False)
    translator.body.append(translator.starttag({}, "div", "", CLASS="gd-answer", **data))


def _depart_html(translator: HTML5Translator, _place: answer) -> None:
    translator.body.append("</div>\n")
