"""A line at the end of each section that teaches a claim: where that claim is on trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from gdlib.book.claims.claim import Claim, read
from gdlib.book.claims.shown import ANCHOR

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGE = "chapters/claims"


def add(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Add the lines to a chapter that is about to be written; none where the page is not built."""
    if PAGE not in app.env.found_docs or app.builder.format != "html":
        return
    labels = app.env.get_domain("std").anonlabels  # type: ignore[attr-defined]  # of Sphinx's own
    ours: dict[str, list[Claim]] = {}
    for claim in read():
        page, place = labels.get(claim.taught, ("", ""))
        if page == name:
            ours.setdefault(place, []).append(claim)
    address = app.builder.get_relative_uri(name, PAGE)
    for section in list(doctree.findall(nodes.section)):
        for place in ours.keys() & set(section["ids"]):
            _insert(section, line(ours[place], address))


def line(claims: list[Claim], address: str) -> nodes.paragraph:
    """Return “On trial: …”, with a link for each claim."""
    paragraph = nodes.paragraph("", "", nodes.strong("", "On trial:"), nodes.Text(" "))
    for claim in claims:
        if len(paragraph.children) > 2:
            paragraph += nodes.Text(" · ")
        target = f"{address}#{ANCHOR.format(claim.id)}"
        says = claim.says.removesuffix(".").replace("'", "’")
        paragraph += nodes.reference("", says, refuri=target, internal=True)
    return paragraph


def _insert(section: nodes.section, paragraph: nodes.paragraph) -> None:
    """Put a paragraph at the end of a section's own text, before the sections within it."""
    inner = (i for i, child in enumerate(section.children) if isinstance(child, nodes.section))
    section.insert(next(inner, len(section.children)), paragraph)
