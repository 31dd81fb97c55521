"""The book's Sphinx extension: one module an idea, joined here.

Reading a chapter needs none of Sphinx: `gdlib.results` and `gdlib.book.notebooks` stand alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_PARTS = (
    "npm",
    "mathematics",
    "section_names",
    "printed_lines",
    "typefaces",
    "citations",
    "generated",
    "verified",
    "api",
    "claims",
    "concept_map",
    "chapter_card",
    "opening",
    "answers",
    "live_code",
    "lite",
    "folding",
    "blocks",
    "repository",
    "getting",
    "search",
    "figures",
    "widget_pages",
    "course",
    "forms",
    "left_out",
    "licences",
    "page_weight",
    "unbroken",
    "page",
    "bundles",
    "subset",
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Set every part of the extension up, in an order that their handlers rely on."""
    for part in _PARTS:
        import_module(f"{__name__}.{part}").setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
