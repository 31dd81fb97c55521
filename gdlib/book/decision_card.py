"""The decision card on the landing page: chapter 15's, which is written there and nowhere else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CHAPTER, CELL = "chapters/15-race.ipynb", "decision"


def page(app: Sphinx) -> str:
    """Return the card's Markdown, its links to pages as the book's root sees them."""
    return card(Path(app.srcdir))


def card(root: Path) -> str:
    """Read the card from its cell, in a book that lies at `root`."""
    cells = json.loads((root / CHAPTER).read_text(encoding="utf-8"))["cells"]
    source = next("".join(cell["source"]) for cell in cells if cell.get("id") == CELL)
    return re.sub(r"\{doc\}`(?=[\w-]+`)", "{doc}`/chapters/", source)
