"""Pages without bytes that nothing shows: spans that no style colours, and quotes HTML can spare.

A chapter's code and formulas are nine tenths of its page; this takes a fifth of them away.
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
_QUOTED = re.compile(r'="([\w:.-]+);?"')


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
        context["body"] = _MARKER.sub("", _PLAIN.sub(r"\1", context["body"]))
