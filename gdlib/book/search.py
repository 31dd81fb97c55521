"""The search page: MiniSearch over the book's sections, without a server and without storage.

A build writes each section's heading and words into one script, which a page opened from a folder
may load as well. Sphinx's own search finds pages without excerpts there, and fails where storage is
forbidden; Pagefind needs a server.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx import addnodes

from gdlib.book import npm
from gdlib.book.plain import plain
from gdlib.book.widget_pages import widget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx

_INDEX = "search-index.js"
_OPENING = "globalThis.gdSearchIndex = "
_UNREAD = (
    nodes.Invisible, nodes.literal_block, nodes.math_block, nodes.raw, nodes.image,
    nodes.footnote_reference, nodes.system_message, addnodes.toctree, addnodes.index, widget,
)  # fmt: skip
_SPOILERS = frozenset({"solution", "gd-hint"})


class Section(NamedTuple):
    """A part of a page that a link can lead to: its id, its heading, its words."""

    anchor: str
    heading: str
    text: str


def setup(app: Sphinx) -> dict[str, Any]:
    """Put our search in the place of Sphinx's."""
    app.connect("builder-inited", _start, priority=400)
    app.connect("doctree-resolved", _read, priority=990)
    app.connect("html-collect-pages", _page)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _start(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    app.builder.search = False  # type: ignore[attr-defined]  # no index and no page of Sphinx's
    app.builder.sections = _kept(app)  # type: ignore[attr-defined]  # ours, by the page's name
    target = npm.static(app) / "minisearch"
    target.mkdir(parents=True, exist_ok=True)
    source = npm.modules(app) / "minisearch" / "dist" / "umd" / "index.js"
    shutil.copy2(source, target / "minisearch.js")


def _index(app: Sphinx) -> Path:
    return Path(app.outdir) / "_static" / _INDEX


def _kept(app: Sphinx) -> dict[str, Any]:
    """Return what the last build read: pages that have not changed are not read again."""
    if not _index(app).exists():
        return {}
    kept: dict[str, Any] = json.loads(_index(app).read_text(encoding="utf-8")[len(_OPENING) : -2])
    return kept


def _page(_app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    yield "search", {}, "search.html"


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    found = app.builder.sections  # type: ignore[attr-defined]  # set by _start
    pages = {name: found[name] for name in sorted(found) if name in app.env.found_docs}
    text = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    _index(app).write_text(f"{_OPENING}{text};\n", encoding="utf-8")


def _read(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format == "html":
        render = app.builder.render_formula  # type: ignore[attr-defined]  # set in mathematics.py
        app.builder.sections[docname] = sections(doctree, render)  # type: ignore[attr-defined]


def sections(doctree: nodes.document, render: Callable[..., str]) -> list[Section]:
    """Return what a page says, part by part; the first part's heading is the page's title."""
    found = []
    for node in doctree.findall(nodes.Element):
        head = _head(node)
        if head is not None:
            body = (_words(child, render) for child in node.children if child is not head)
            found.append(Section(_anchor(node, head), _name(head, render), _line("".join(body))))
    return found


def _head(node: nodes.Element) -> nodes.Element | None:
    """Return the heading of a section, a glossary's entry, or a public name; None for the rest."""
    first = node.children[0] if node.children else None
    if isinstance(node, nodes.section) and isinstance(first, nodes.title):
        return first
    if isinstance(node, nodes.definition_list_item) and isinstance(first, nodes.term):
        return first if first["ids"] else None
    if isinstance(node, addnodes.desc) and not isinstance(node.parent, addnodes.desc_content):
        return first if isinstance(first, addnodes.desc_signature) else None
    return None


def _anchor(node: nodes.Element, head: nodes.Element) -> str:
    return next(iter([*node["ids"], *head["ids"]]), "")


def _name(head: nodes.Element, render: Callable[..., str]) -> str:
    if isinstance(head, addnodes.desc_signature) and head["ids"]:
        return str(head["ids"][0]).replace("gdlib.", "gd.", 1)
    return _line("".join(_words(child, render) for child in head.children))


def _words(node: nodes.Node, render: Callable[..., str]) -> str:
    """Return what is read of a node: no code, no pictures, no answers, and no part with a head."""
    if isinstance(node, nodes.Text):
        return str(node.astext())
    if isinstance(node, nodes.math):
        return plain(node.astext(), render)
    if not isinstance(node, nodes.Element) or isinstance(node, _UNREAD) or _head(node):
        return ""
    if _SPOILERS & set(node["classes"]) or _is_label(node):
        return ""
    words = [_words(child, render) for child in node.children]
    if isinstance(node, addnodes.desc_parameterlist):  # Sphinx's writers add these signs
        return f"({', '.join(words)})"
    text = "".join(words)
    flows = isinstance(node, nodes.Inline) and not isinstance(node, addnodes.desc_signature)
    return text if flows else f"{text} "


def _is_label(node: nodes.Element) -> bool:
    """Tell whether this is a label: of a card, the same in every chapter, or a list of links."""
    if isinstance(node, nodes.title | nodes.term):
        return any("gd-chapter-card" in above["classes"] for above in _above(node))
    return isinstance(node, nodes.rubric) or "gd-names" in node["classes"]


def _above(node: nodes.Node) -> Iterator[nodes.Element]:
    while node.parent is not None:
        node = node.parent
        yield node


def _line(text: str) -> str:
    return " ".join(text.split())
