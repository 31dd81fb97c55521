"""The page around a chapter: our templates, styles and two small scripts instead of the theme's.

The theme's own style, Bootstrap and Font Awesome weigh 2 MB; the parts of them that a book needs
are written here in a few kB, and nothing else is served.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from sphinx_design.icons import get_octicon

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

_HERE = Path(__file__).parent
_STYLES = ("tokens", "type", "shell", "prose", "blocks", "code", "landing", "reference", "print")
_DROPPED = (
    "styles/sphinx-book-theme.css",
    "scripts/sphinx-book-theme.js",
    "copybutton.css",
    "exercise.css",
    "mystnb.",
    "sphinx-design.min.css",
    "doctools.js",
    "sphinx_highlight.js",
)
_TABS = "design-tabs.js"
"""Only a page with tabs loads it."""
_NOT_SERVED = (
    "basic.css", "copybutton.css", "exercise.css", "locales", "mystnb.*.css",
    "sbt-webpack-macros.html", "scripts", "sphinx-design.min.css", "styles", "vendor",
    "webpack-macros.html", "file.png", "minus.png", "plus.png", "copy-button.svg",
    "check-solid.svg", "doctools.js", "language_data.js", "searchtools.js", "sphinx_highlight.js",
)  # fmt: skip


def setup(app: Sphinx) -> dict[str, Any]:
    """Put our templates before the theme's, and leave the theme's files out."""
    # Jupyter Book sets this for sphinx_comments, which this book does not load.
    app.add_config_value("comments_config", {}, "")
    app.connect("config-inited", _use_our_files)
    app.connect("html-page-context", _fill_page, priority=900)
    app.connect("build-finished", _remove_unused)
    for priority, name in enumerate(_STYLES, start=801):
        app.add_css_file(f"gd/{name}.css", priority=priority)
    app.add_js_file("gd/theme.js", priority=100)  # not deferred: before the first paint
    app.add_js_file("gd/site.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _use_our_files(_app: Sphinx, config: Config) -> None:
    config.templates_path = [str(_HERE / "templates"), *config.templates_path]
    config.html_static_path = [str(_HERE / "assets"), *config.html_static_path]


def _fill_page(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    unused = _DROPPED if "sd-tab-set" in context.get("body", "") else (*_DROPPED, _TABS)
    for kind in ("css_files", "script_files"):
        context[kind] = [file for file in context[kind] if _is_served(file, unused)]
    context["icon"] = _icon
    context["part"] = _part_of(app, pagename)


def _is_served(file: Any, unused: tuple[str, ...]) -> bool:
    """Tell whether a page loads this; never a script in the page itself, which policies forbid."""
    if getattr(file, "attributes", {}).get("body"):
        return False
    name = str(getattr(file, "filename", file) or "").removeprefix("_static/")
    return not name.startswith(unused)


def _icon(name: str) -> Markup:
    """Return one of GitHub's Octicons as inline SVG, hidden from screen readers."""
    return Markup(get_octicon(name, height="1em"))


def _part_of(app: Sphinx, pagename: str) -> str:
    """Return the caption of the part that a page belongs to, or an empty text."""
    for part in app.config.external_site_map.root.subtrees:
        if any(str(item) == pagename for item in part.items):
            return str(part.caption or "")
    return ""


def _remove_unused(app: Sphinx, exception: Exception | None) -> None:
    static = Path(app.outdir) / "_static"
    if exception or app.builder.format != "html":
        return
    for pattern in _NOT_SERVED:
        for path in static.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
