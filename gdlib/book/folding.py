"""Admonitions and solutions of class ``dropdown`` become native ``<details>``, without script.

Also undoes two habits of sphinx-exercise that are not valid HTML: one id used for every exercise's
content, and a link inside the title that one presses to unfold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

_REPEATED_IDS = {"exercise-content", "solution-content"}


class fold(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801 (as docutils does)
    """A block that is closed until its first child, the summary, is pressed."""


class fold_summary(nodes.General, nodes.TextElement):  # type: ignore[misc]  # noqa: N801
    """The line that is always seen."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the nodes and the step that makes them."""
    app.add_node(fold, html=(_visit_fold, _depart_fold))
    app.add_node(fold_summary, html=(_visit_summary, _depart_summary))
    app.connect("doctree-resolved", _fold_dropdowns, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _fold_dropdowns(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    for section in list(doctree.findall(nodes.section)):
        section["ids"] = [name for name in section["ids"] if name not in _REPEATED_IDS]
    for node in list(doctree.findall(nodes.Element)):
        if "dropdown" in node.get("classes", ()) and isinstance(node[0], nodes.TextElement):
            node.replace_self(_folded(node))


def _folded(node: nodes.Element) -> fold:
    title, *content = node.children
    summary = fold_summary()
    assert isinstance(title, nodes.Element)
    summary += _without_links(title)
    classes = ["admonition", *(name for name in node["classes"] if name != "admonition")]
    return fold("", summary, *content, ids=node["ids"], classes=classes)


def _without_links(title: nodes.Element) -> list[nodes.Node]:
    """Return the title's children with each link replaced by what it shows."""
    flat: list[nodes.Node] = []
    for child in title.children:
        linked = isinstance(child, nodes.reference | nodes.target)
        flat += child.children if linked and isinstance(child, nodes.Element) else [child]
    return flat


def _visit_fold(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append(translator.starttag(node, "details"))


def _depart_fold(translator: HTML5Translator, _node: nodes.Element) -> None:
    translator.body.append("</details>\n")


def _visit_summary(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append(translator.starttag(node, "summary", suffix=""))


def _depart_summary(translator: HTML5Translator, _node: nodes.Element) -> None:
    translator.body.append("</summary>\n")
