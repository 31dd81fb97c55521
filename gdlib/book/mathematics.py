"""Mathematics as HTML and MathML at build time; KaTeX's style and fonts are self-hosted.

A formula that KaTeX cannot read is a warning with its place, which fails a build of this book.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from gdlib.book import npm
from gdlib.book.katex import FormulaError, Renderer

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

_OLD_FORMATS = re.compile(r",url\([^)]*\.(?:woff|ttf)\) format\(\"(?:woff|truetype)\"\)")
_OUTPUT = re.compile(r"(?<!katex-mathml>)<math\b")
"""MathML that no formula of the page's own holds: a quiz's, on paper."""

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer ``prerendered``, which ``html_math_renderer`` names."""
    app.add_html_math_renderer("prerendered", (_visit_inline, None), (_visit_display, None))
    app.connect("builder-inited", _start, priority=200)
    app.connect("html-page-context", _keep_untranslated)
    app.add_css_file("katex/katex.min.css", priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _start(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    distribution = npm.modules(app) / "katex" / "dist"
    _copy_style(distribution, npm.static(app) / "katex")
    render = Renderer(npm.NODE, distribution / "katex.min.js")
    app.builder.render_formula = render  # type: ignore[attr-defined]  # ours, for the visitors
    app.connect("build-finished", lambda _app, _exception: render.close())


def _copy_style(source: Path, target: Path) -> None:
    """Copy KaTeX's style and its WOFF2 fonts; every browser of the last ten years reads those."""
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    style = (source / "katex.min.css").read_text(encoding="utf-8")
    (target / "katex.min.css").write_text(_OLD_FORMATS.sub("", style), encoding="utf-8")
    for font in (source / "fonts").glob("*.woff2"):
        shutil.copy2(font, target / "fonts")


def _keep_untranslated(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    """Let nobody translate the MathML of outputs either; the renderer sees to its own."""
    if "body" in context:
        context["body"] = untranslated(context["body"])


def untranslated(html: str) -> str:
    """Mark formulas that a tool may not translate; the renderer's own are marked already."""
    return _OUTPUT.sub('<math translate="no"', html)


def _visit_inline(translator: HTML5Translator, node: nodes.Element) -> None:
    tag = translator.starttag(node, "span", "", CLASS="math")
    translator.body.append(f"{tag}{_html(translator, node, display=False)}</span>")
    raise nodes.SkipNode


def _visit_display(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append(f"{_html(translator, node, display=True)}</div>\n")
    raise nodes.SkipNode


def _html(translator: HTML5Translator, node: nodes.Element, *, display: bool) -> str:
    try:
        render = translator.builder.render_formula  # type: ignore[attr-defined]  # set by _start
        return str(render(node.astext(), display=display))
    except FormulaError as error:
        logger.warning("%s, in the formula %s", error, node.astext(), location=node)
        return ""
