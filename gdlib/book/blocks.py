"""The words that authors give to blocks, such as ``:class: minute``, with our prefix in the page.

So none of them is a class of Sphinx's or of the theme's, whose styles and scripts look for theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

WORDS = frozenset(
    {"challenge", "chapter-card", "decision", "hint", "lead", "minute", "try", "warm-up"}
)
PREFIX = "gd-"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the step, after those that make blocks of directives."""
    app.connect("doctree-resolved", _prefix, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _prefix(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    for node in doctree.findall(nodes.Element):
        words = node["classes"]
        node["classes"] = [PREFIX + word if word in WORDS else word for word in words]
