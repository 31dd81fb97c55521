"""A tiny text format for readers: `$…$` is mathematics, `*…*` stress, `` `…` `` code.

Not Markdown: nothing nests, nothing spans paragraphs, and every other character means itself.
"""

from __future__ import annotations

import re
from html import escape

Part = tuple[str, str]
"""What it is ("text", "math", "em", "code") and what it says; mathematics as MathML."""

_MARKED = re.compile(r"\$(?P<math>[^$]+)\$|\*(?P<em>[^*\s][^*]*)\*|`(?P<code>[^`]+)`")
_TAGS = {"em": "em", "code": "code"}


def parse(text: str) -> list[Part]:
    """Split a string into parts; mathematics is typeset here, once.

    Raises
    ------
    ValueError
        A dollar sign without its partner, or mathematics that is no LaTeX.
    """
    parts: list[Part] = []
    end = 0
    for found in _MARKED.finditer(text):
        parts.append(("text", text[end : found.start()]))
        kind, inside = found.lastgroup or "", found[found.lastgroup or 0]
        parts.append((kind, _typeset(inside) if kind == "math" else inside))
        end = found.end()
    parts.append(("text", text[end:]))
    for kind, inside in parts:
        if kind == "text" and "$" in inside:
            raise ValueError(f"a dollar sign has no partner in {text!r}")
    return [part for part in parts if part[1]]


def html(text: str) -> str:
    """Return a string of the format as HTML."""
    return "".join(_element(kind, inside) for kind, inside in parse(text))


def plain(text: str) -> str:
    """Return a string of the format without its marks; mathematics stays LaTeX."""
    return _MARKED.sub(lambda found: found[found.lastgroup or 0], text)


def _element(kind: str, inside: str) -> str:
    if kind == "math":
        return inside
    tag = _TAGS.get(kind)
    return f"<{tag}>{escape(inside)}</{tag}>" if tag else escape(inside)


def _typeset(latex: str) -> str:
    from latex2mathml import converter

    try:
        return str(converter.convert(latex))
    except Exception as error:
        raise ValueError(f"this is no LaTeX: {latex!r}") from error
