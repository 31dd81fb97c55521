"""Numbers that a line's end does not part: `10 000`, `95 %`, `10⁻⁶ s`, `Figure 4.2`.

The blanks inside them become no-break spaces in each page's body. Code, MathML, scripts, drawings
and the attributes of tags stay as they are; the search page's index is made before, of the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_TOKEN = re.compile(
    r"(?P<tag><(script|style|pre|code|kbd|samp|math|svg|textarea|option)\b.*?</\2\s*>"  # whole
    r"|<!--.*?-->"
    r"|</?[a-zA-Z](?:[^>\"']|\"[^\"]*\"|'[^']*')*>)"
    r"|(?:[^<]|<(?![a-zA-Z/!]))+",  # text
    re.DOTALL,
)
_BLANK = "\N{NO-BREAK SPACE}"
_DIGIT = r"[\d⁰¹²³⁴-⁹½¼¾⅓]"
_UNIT = r"(?:%|‰|°C?|[nµμm]?s|min|h|[kMG]?B|[kcmµμ]?m|kg|px|[α-ω])(?!\w)"
_NAME = r"\b(?:Fig(?:ure|ures|\.)|Tables?|Sections?|Listings?|[Cc]hapters?|[Ee]xercises?|[Ss]teps?)"
_GROUPS = re.compile(r"(?<![\d.])\d{1,3}(?: \d{3})+(?!\d)")
_INSIDE = re.compile(rf"(?<={_DIGIT})[ \n](?={_UNIT})|({_NAME})[ \n](?=\d)")
_NUMBER = re.compile(rf"{_DIGIT}$")
_UNIT_NEXT = re.compile(rf"^ (?={_UNIT})")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the step, after every other that writes into the body."""
    app.connect("html-page-context", _bind_body, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _bind_body(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    if "body" in context:
        context["body"] = bound(context["body"])


def bound(html: str) -> str:
    """Return HTML whose numbers keep together.

    >>> bound("<p>95 % of 10 000</p>").replace(_BLANK, "_")
    '<p>95_% of 10_000</p>'
    """
    before = ""

    def kept(token: re.Match[str]) -> str:
        nonlocal before
        text = token[0]
        if token["tag"]:
            return text
        if _NUMBER.search(before):  # in a formula, or in bold
            text = _UNIT_NEXT.sub(_BLANK, text)
        before = text.rstrip("\u200b") or before
        text = _GROUPS.sub(lambda number: number[0].replace(" ", _BLANK), text)
        return _INSIDE.sub(lambda blank: (blank[1] or "") + _BLANK, text)

    return _TOKEN.sub(kept, html)
