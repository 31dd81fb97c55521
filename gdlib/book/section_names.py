r"""References name a section as its heading reads: `ηλ`, where Sphinx would print `\eta\lambda`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes

from gdlib.book.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_LATEX = re.compile(r"[\\^_]")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the step: all headings are read by then, and no reference has its text yet."""
    app.connect("env-updated", _rename)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _rename(app: Sphinx, env: BuildEnvironment) -> None:
    if app.builder.format != "html":
        return
    labels = env.get_domain("std").labels  # type: ignore[attr-defined]  # of Sphinx's own domain
    for name, (page, place, said) in list(labels.items()):
        if _LATEX.search(str(said)):  # Sphinx translates some of its own when they are read
            title = _title(env.get_doctree(page), place)
            if title is not None:
                labels[name] = page, place, spoken(title, app.builder.render_formula)  # type: ignore[attr-defined]


def _title(page: nodes.document, place: str) -> nodes.title | None:
    for section in page.findall(nodes.section):
        if place in section["ids"]:
            return section.next_node(nodes.title)
    return None


def spoken(title: nodes.Element, render: Callable[..., str]) -> str:
    """Return a heading's words with its formulas as plain text."""
    return "".join(
        plain(child.astext(), render) if isinstance(child, nodes.math) else child.astext()
        for child in title.children
    )
