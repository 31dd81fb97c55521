"""Reference pages whose text a build writes: a comment in a page's source names what fills it.

``<!-- generated: cheat-sheet -->`` becomes Markdown before the page is parsed, so its headings,
formulas and links are those of any other page. Words after the name say which part is meant, where
one module writes several. Nothing that is generated is committed.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_MARKER = re.compile(r"^<!-- generated: ([\w-]+)(?: (.+?))? -->$", re.MULTILINE)
_WRITERS = {
    "cheat-sheet": "cheat_sheet",
    "verified": "verified",
    "parity": "parity",
    "api": "api",
    "claims": "claims",
    "concept-map": "concept_map",
    "confusion": "confusion",
    "run": "run_figures",
    "own-log": "own_log",
    "decision-card": "decision_card",
    "progress": "course",
}
"""The module whose ``page(app)``, or ``page(app, part)``, returns the Markdown of each."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Fill the pages as Sphinx reads them."""
    app.connect("source-read", _fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _fill(app: Sphinx, _docname: str, source: list[str]) -> None:
    source[0] = _MARKER.sub(lambda marker: _written(app, *filter(None, marker.groups())), source[0])


def _written(app: Sphinx, name: str, *part: str) -> str:
    """Return the text of one marker; a name that nothing writes is a mistake of the page's."""
    if name not in _WRITERS:
        raise ValueError(f"nothing is generated as {name!r}; there are {', '.join(_WRITERS)}")
    return str(import_module(f"gdlib.book.{_WRITERS[name]}").page(app, *part))
