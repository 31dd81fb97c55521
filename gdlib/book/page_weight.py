"""Pages without bytes that nothing shows.

Out go spans that no style colours, quotes that HTML can spare, XML's names for what HTML knows, and
the outline of every root sign after the first of its size. A chapter's code and formulas are nine
tenths of its page; this takes a quarter of them away. Images wait until a reader comes near.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

# Names, punctuation and blanks, which Pygments marks and our styles leave in the code's own colour.
_PLAIN = re.compile(r'<span class="(?:n|p|w)">([^<]*)</span>')
_MARKER = re.compile(r'<span class="sd-summary-state-marker[^"]*"><svg.*?</svg></span>', re.DOTALL)
_SPAN = re.compile(r"<span [^>]*>")
_QUOTED = re.compile(r'(?<! id)="([\w:.;-]+?);?"')  # links are looked for by a quoted id
_XMLNS = re.compile(r'(<(?:math|svg)\b[^>]*?) xmlns="[^"]*"')
_IMAGE = re.compile(r"(?<!<noscript>)<img ")
_OUTLINE = re.compile(r'<path d="([^"]{100,})"></path>|<path d="([^"]{100,})"/>')


def setup(app: Sphinx) -> dict[str, Any]:
    """Slim each page's body before it is put into the template."""
    app.connect("html-page-context", _slim_body)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def unquoted(html: str) -> str:
    """Drop the quotes of the spans' attributes where HTML does without them.

    >>> unquoted('<span class="mord" style="height:3em;">x</span>')
    '<span class=mord style=height:3em>x</span>'
    """
    return _SPAN.sub(lambda tag: _QUOTED.sub(r"=\1", tag[0]), html)


def _slim_body(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    if "body" in context:
        body = _MARKER.sub("", _PLAIN.sub(r"\1", context["body"]))
        body = outlined_once(_XMLNS.sub(r"\1", unquoted(body)))
        context["body"] = _IMAGE.sub(r'<img loading="lazy" decoding="async" ', body)


def outlined_once(html: str) -> str:
    """Draw an outline that stands in a page several times once, and then by its name."""
    names: dict[str, str] = {}

    def once(found: re.Match[str]) -> str:
        outline = found[1] or found[2]
        if outline in names:
            return f'<use href="#{names[outline]}"></use>'
        names[outline] = f"outline-{len(names)}"
        return f'<path id="{names[outline]}" d="{outline}"></path>'

    return _OUTLINE.sub(once, html)
