"""Citations by author and year in round brackets, and the list of sources sorted by author."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pybtex.plugin import register_plugin as register_pybtex
from pybtex.style.formatting.unsrt import Style as UnsortedStyle
from sphinxcontrib.bibtex.plugin import register_plugin as register_bibtex
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class SortedStyle(UnsortedStyle):  # type: ignore[misc]  # pybtex publishes no types
    """Sources sorted by author, year and title."""

    default_sorting_style = "author_year_title"


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")")


@dataclass
class RoundReferenceStyle(AuthorYearReferenceStyle):  # type: ignore[misc]  # publishes no types
    """(Boyd and Vandenberghe, 2004), and Boyd and Vandenberghe (2004) as part of a sentence."""

    bracket_parenthetical: BracketStyle = field(default_factory=_round)
    bracket_textual: BracketStyle = field(default_factory=_round)
    bracket_year: BracketStyle = field(default_factory=_round)


def setup(_app: Sphinx) -> dict[str, Any]:
    """Register both styles as ``book``, the name that ``_config.yml`` gives."""
    register_pybtex("pybtex.style.formatting", "book", SortedStyle)
    register_bibtex("sphinxcontrib.bibtex.style.referencing", "book", RoundReferenceStyle)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
