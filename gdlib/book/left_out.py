"""Cells that need a library which not every reader has: they are run where it is installed.

Such a cell has the tag of its library (`TAGS`). Elsewhere it keeps the outputs that were committed
with it, and everything around it runs as ever: so it prints text, which a notebook keeps, and no
other cell needs what it defines. Whoever runs notebooks asks here: `gdlib.book.notebooks`, nbval by
way of `chapters/conftest.py`, and this extension before the site's cells are executed. On the
page such a cell has no Run button.
"""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.application import Sphinx

TAGS = {"torch": "PyTorch"}
"""The tag of a cell is the name of the module that it needs; and what people call it."""
_SKIPPED = "skip-execution"
"""nbclient's own tag: it leaves such a cell and its outputs alone."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Leave cells out before their page is read, and so before it is executed."""
    app.connect("source-read", _mark)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def lacks(cell: Mapping[str, Any]) -> str:
    """Return the library that a cell of a notebook needs and that is not installed, or nothing."""
    tags = cell["metadata"].get("tags", ())
    return next((TAGS[tag] for tag in tags if tag in TAGS and find_spec(tag) is None), "")


def told(counts: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """Say in a line for each chapter and library how many cells have kept their outputs."""
    for (chapter, library), count in sorted(counts.items()):
        cells = "1 cell keeps its" if count == 1 else f"{count} cells keep their"
        yield f"{chapter}: {cells} outputs uncompared, for {library} is not installed: make torch"


def _mark(app: Sphinx, name: str, source: list[str]) -> None:
    if not str(app.env.doc2path(name)).endswith(".ipynb"):
        return
    notebook = json.loads(source[0])
    left = [cell for cell in notebook["cells"] if lacks(cell)]
    for cell in left:
        cell["metadata"]["tags"].append(_SKIPPED)
        # A cache of executed notebooks looks at the code and the metadata alone.
        outputs = json.dumps(cell["outputs"], sort_keys=True).encode()
        cell["metadata"]["kept"] = hashlib.sha256(outputs).hexdigest()
    if left:
        source[0] = json.dumps(notebook)
