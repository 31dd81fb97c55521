"""The card that opens a chapter: its question in sight, the rest one line that unfolds.

An author writes one admonition of class ``chapter-card`` with a list of terms. On the page the
question and the short ways come first, so that the prediction and its figure share their screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

QUESTION, HURRY, TIME = "The question", "In a hurry?", "Time"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the step, before the one that makes folds."""
    app.connect("doctree-resolved", _lay_out, priority=890)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _lay_out(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    for card in list(doctree.findall(nodes.admonition)):
        if "chapter-card" in card["classes"]:
            card.replace_self(laid_out(card))


def laid_out(card: nodes.admonition) -> list[nodes.Node]:
    """Return what stands on the page for a card: the question, the short ways, and a fold."""
    [terms] = card.findall(nodes.definition_list)
    items = {item[0].astext(): item for item in terms.children if isinstance(item, nodes.Element)}
    shown: list[nodes.Node] = [
        _line(items.pop(name), name) for name in (QUESTION, HURRY) if name in items
    ]
    time = items.pop(TIME)[1].astext()
    title = nodes.title("", f"{time}. What you will be able to do, and what this builds on")
    rest = nodes.definition_list("", *items.values())
    return [*shown, nodes.admonition("", title, rest, classes=[*card["classes"], "dropdown"])]


def _line(item: nodes.Element, name: str) -> nodes.Element:
    """Return the words beside a term as a block; of the short ways with the term before them."""
    words = item[1]
    assert isinstance(words, nodes.Element)
    first = words[0]
    assert isinstance(first, nodes.Element)
    if name == HURRY:
        first.insert(0, nodes.strong("", f"{name} "))
    return nodes.container(
        "", *words.children, classes=["gd-question" if name == QUESTION else "gd-hurry"]
    )
