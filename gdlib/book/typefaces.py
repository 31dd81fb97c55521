"""The book's typefaces, self-hosted: Source Serif for text, Source Sans for labels, Source Code.

Latin and Greek as variable WOFF2 fonts; a browser fetches only the files that a page needs.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from gdlib.book import npm

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_SCRIPTS = ("latin", "greek")
_FACES = (
    ("source-serif-4", "normal"),
    ("source-serif-4", "italic"),
    ("source-sans-3", "normal"),
    ("source-code-pro", "normal"),
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Copy the fonts that ``assets/gd/type.css`` names."""
    app.connect("builder-inited", _copy_fonts, priority=200)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _copy_fonts(app: Sphinx) -> None:
    target = npm.static(app) / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for family, style in _FACES:
        for script in _SCRIPTS:
            name = f"{family}-{script}-wght-{style}.woff2"
            source = npm.modules(app) / "@fontsource-variable" / family / "files" / name
            shutil.copy2(source, target / name)
