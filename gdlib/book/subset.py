"""Fonts with the letters that the site uses, and no others.

A typeface of 50 kB serves several languages; this book needs its letters, Greek and some signs.
What a reader may type into the search field stays: all of ASCII. What is left of some fonts, such
as the tall brackets, is less than asking for a file costs: the style sheet holds these.
"""

from __future__ import annotations

import base64
import html
import json
import re
import subprocess
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.errors import ExtensionError

from gdlib.book import bundles, npm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

_SCRIPT = Path(__file__).with_name("subset_fonts.cjs")
_SMALL = 2048
_FONT = re.compile(r'url\(("?)([^")]+\.woff2)\1\)')
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]+)\}|\\([0-9a-fA-F]{3,5})\b")
"""A letter as scripts and styles write it."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Cut the site's fonts when all pages are written."""
    app.connect("build-finished", _cut_fonts, priority=700)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def letters_of(texts: Iterable[str]) -> str:
    r"""Return every letter of some pages, scripts and styles, escaped ones too, and ASCII.

    >>> letters_of(["caf&eacute;", r"\u03b8"])[-2:]
    'éθ'
    """
    found = {chr(code) for code in range(32, 127)}
    for text in texts:
        found |= set(html.unescape(text))
        codes = ("".join(groups) for groups in _ESCAPED.findall(text))
        found |= {chr(number) for code in codes if (number := int(code, 16)) < 0x11_0000}
    # KaTeX draws the stroke of ≠ with a letter for private use, which is not called printable.
    seen = (one for one in found if one.isprintable() or unicodedata.category(one) == "Co")
    return "".join(sorted(seen))


def _cut_fonts(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    files = (path for kind in ("html", "js", "css") for path in site.rglob(f"*.{kind}"))
    readable = [path for path in files if path.relative_to(site).parts[0] != "lite"]
    letters = letters_of(path.read_text(encoding="utf-8") for path in readable)
    fonts = [str(path) for path in sorted((site / "_static").rglob("*.woff2"))]
    done = subprocess.run(
        [npm.NODE, _SCRIPT, npm.modules(app) / "subset-font"],
        input=json.dumps({"fonts": fonts, "letters": letters}),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    if done.returncode:
        raise ExtensionError(f"the fonts could not be cut: {done.stderr}")
    sheet = site / "_static" / bundles.STYLES
    sheet.write_text(embedded(sheet.read_text(encoding="utf-8"), sheet.parent), encoding="utf-8")


def embedded(style: str, folder: Path) -> str:
    """Return a style sheet of this folder that holds its small fonts."""

    def held(found: re.Match[str]) -> str:
        font = (folder / found[2]).read_bytes()
        if len(font) > _SMALL:
            return found[0]
        return f"url(data:font/woff2;base64,{base64.b64encode(font).decode()})"

    return _FONT.sub(held, style)
