"""The map of concepts: every word of the glossary, in the chapter that first uses it.

Nothing of it is drawn by hand. A word needs those that its definition links to, and stands where
a chapter first links to it; the page's script draws the arrows of the word that is chosen.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_GLOSSARY = re.compile(r"^:::\{glossary\}\n(.*?)^:::$", re.MULTILINE | re.DOTALL)
_TERM = re.compile(r"\{term\}`(?:[^`<]*<)?([^`<>]+)>?`")
_TITLE = re.compile(r"^# +(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Concept:
    """A word of the glossary, and the words that its definition uses, in their order."""

    word: str
    needs: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The name that Sphinx gives to the entry: in ASCII, capitals kept."""
        plain = unicodedata.normalize("NFKD", self.word).encode("ascii", "ignore").decode()
        return "term-" + re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")


@dataclass(frozen=True)
class Stage:
    """A chapter, and the concepts that it is the first to use."""

    name: str
    title: str
    concepts: tuple[Concept, ...]


def setup(app: Sphinx) -> dict[str, Any]:
    """Give the page with the map its script."""
    app.connect("html-page-context", _add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def page(app: Sphinx) -> str:
    """Return the map as one block of HTML."""
    folder = Path(app.srcdir) / "chapters"
    notebooks = sorted(folder.glob("*.ipynb"))
    for path in notebooks:
        app.env.note_dependency(str(path))
    found = concepts((folder / "glossary.md").read_text(encoding="utf-8"))
    return block(list(stages(found, notebooks)))


def concepts(source: str) -> list[Concept]:
    """Read the entries of the glossary from its Markdown.

    Raises ValueError if there is no glossary, or if a definition links to a word that is not in it.
    """
    glossary = _GLOSSARY.search(source)
    if not glossary:
        raise ValueError("the glossary's page has no {glossary} block")
    entries = [entry.partition("\n") for entry in glossary[1].strip().split("\n\n")]
    definitions = {word.strip(): text for word, _, text in entries}
    known = {word.casefold(): word for word in definitions}
    found = []
    for word, text in definitions.items():
        linked = [name.casefold() for name in _TERM.findall(text)]
        unknown = [name for name in linked if name not in known]
        if unknown:
            raise ValueError(f"the glossary's {word!r} links to {unknown[0]!r}, which is not in it")
        needs = dict.fromkeys(known[name] for name in linked if known[name] != word)
        found.append(Concept(word, tuple(needs)))
    return found


def stages(found: list[Concept], notebooks: list[Path]) -> Iterator[Stage]:
    """Yield the chapters with the concepts that each is the first to link to, in its order.

    Raises ValueError for a concept that no chapter links to.
    """
    left = {concept.word.casefold(): concept for concept in found}
    for path in notebooks:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        title = _TITLE.search(text)
        words = dict.fromkeys(name.casefold() for name in _TERM.findall(text))
        first = tuple(left.pop(word) for word in words if word in left)
        if first:
            yield Stage(path.stem, title[1] if title else path.stem, first)
    if left:
        raise ValueError(f"no chapter links to the glossary's {next(iter(left.values())).word!r}")


def block(found: list[Stage]) -> str:
    """Return the map: a list of chapters, each a list of links to the glossary's entries."""
    anchors = {c.word: c.anchor for stage in found for c in stage.concepts}
    rows = "\n".join(_row(stage, anchors) for stage in found)
    return (
        '<div class="gd-concept-map">\n'
        '<svg class="gd-arrows" aria-hidden="true" focusable="false"></svg>\n'
        f'<ol role="list">\n{rows}\n</ol>\n'
        '<div class="gd-said" role="status"></div>\n'
        "</div>"
    )


def _row(stage: Stage, anchors: dict[str, str]) -> str:
    links = "\n".join(_link(concept, anchors) for concept in stage.concepts)
    number = stage.name.partition("-")[0]
    return (
        f'<li><a class="gd-stage" href="{stage.name}.html"><b>{number}</b> '
        f'{html.escape(stage.title)}</a>\n<ul role="list">\n{links}\n</ul></li>'
    )


def _link(concept: Concept, anchors: dict[str, str]) -> str:
    needs = " ".join(anchors[word] for word in concept.needs)
    word = html.escape(concept.word)
    return (
        f'<li><a class="gd-concept" href="#{concept.anchor}" data-needs="{needs}">{word}</a></li>'
    )


def _add_script(
    app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    if '<div class="gd-concept-map">' in context.get("body", ""):
        app.add_js_file("gd/concept-map.js", loading_method="defer")
