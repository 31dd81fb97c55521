"""Mathematics as HTML and MathML, by KaTeX at build time; its style and fonts are self-hosted.

A formula that KaTeX cannot read is a warning with its place, which fails a build of this book.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import sphinxcontrib.katex as katex
from sphinx.util import logging

from gdlib.book import npm

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

_OLD_FORMATS = re.compile(r",url\([^)]*\.(?:woff|ttf)\) format\(\"(?:woff|truetype)\"\)")

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer ``prerendered``, and point sphinxcontrib-katex to npm's KaTeX."""
    app.setup_extension("sphinxcontrib.katex")
    app.add_html_math_renderer(
        "prerendered",
        inline_renderers=(_located(katex.html_visit_math), None),
        block_renderers=(_located(katex.html_visit_displaymath), None),
    )
    app.connect("builder-inited", _configure, priority=200)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _configure(app: Sphinx) -> None:
    distribution = npm.modules(app) / "katex" / "dist"
    katex.NODEJS_BINARY = str(npm.NODE)
    # A busy machine starts Node slowly, and sphinxcontrib-katex leaves a server that it gave up.
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 120.0
    katex.KATEX_DEFAULT_OPTIONS = {"throwOnError": True, "strict": "ignore"}
    app.config.katex_prerender = True
    app.config.katex_js_path = str(distribution / "katex.min.js")
    app.config.katex_css_path = "katex/katex.min.css"
    _copy_style(distribution, npm.static(app) / "katex")


def _copy_style(source: Path, target: Path) -> None:
    """Copy KaTeX's style and its WOFF2 fonts; every browser of the last ten years reads those."""
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    style = (source / "katex.min.css").read_text(encoding="utf-8")
    (target / "katex.min.css").write_text(_OLD_FORMATS.sub("", style), encoding="utf-8")
    for font in (source / "fonts").glob("*.woff2"):
        shutil.copy2(font, target / "fonts")


def _located(
    visit: Callable[[HTML5Translator, nodes.Element], None],
) -> Callable[[HTML5Translator, nodes.Element], None]:
    """Turn a formula's error into a warning that says where the formula stands."""

    def visit_or_warn(translator: HTML5Translator, node: nodes.Element) -> None:
        try:
            visit(translator, node)
        except katex.KaTeXError as error:
            logger.warning("%s, in the formula %s", error, node.astext(), location=node)
            raise katex.nodes.SkipNode from None

    return visit_or_warn
