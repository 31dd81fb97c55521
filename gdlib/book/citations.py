"""Citations by author and year in round brackets, and the list of sources sorted by author."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docutils import nodes
from pybtex.plugin import register_plugin as register_pybtex
from pybtex.style.formatting.unsrt import Style as UnsortedStyle
from sphinxcontrib.bibtex.plugin import register_plugin as register_bibtex
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class SortedStyle(UnsortedStyle):  # type: ignore[misc]  # pybtex publishes no types
    """Sources sorted by author, year and title."""

    default_sorting_style = "author_year_title"


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")")


@dataclass
class RoundReferenceStyle(AuthorYearReferenceStyle):
    """(Boyd and Vandenberghe, 2004), and Boyd and Vandenberghe (2004) as part of a sentence."""

    bracket_parenthetical: BracketStyle = field(default_factory=_round)
    bracket_textual: BracketStyle = field(default_factory=_round)
    bracket_year: BracketStyle = field(default_factory=_round)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both styles as ``book``, the name that ``_config.yml`` gives."""
    app.add_node(nodes.citation, override=True, html=(_visit_citation, _depart_citation))
    register_pybtex("pybtex.style.formatting", "book", SortedStyle)
    register_bibtex("sphinxcontrib.bibtex.style.referencing", "book", RoundReferenceStyle)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _visit_citation(translator: HTML5Translator, node: nodes.Element) -> None:
    """Open a source as an item of a list; ARIA withdrew the role that docutils gives it."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        translator.body.append('<div role="list" class="gd-citation-list">\n')
    opening = translator.starttag(node, "div", classes=["citation"], role="listitem")
    translator.body.append(opening)


def _depart_citation(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append("</div>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
        translator.body.append("</div>\n")
