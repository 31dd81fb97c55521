"""A page's styles in one file and its scripts in another: each file asked for costs a round trip.

The parts stay files of their own in the sources; they are joined, and made short by esbuild, when
the first page is written.
"""

from __future__ import annotations

import functools
import posixpath
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydata_sphinx_theme.pygments import overwrite_pygments_css
from sphinx.errors import ExtensionError

from gdlib.book import npm

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STYLES, SCRIPTS = "gd/book.css", "gd/book.js"
_WIDGETS = "widgets/widgets.css"
_ALONE = (
    "gd/theme.js", "gd/concept-map.js", "design-tabs.js", "widgets/widgets.js",
    "widgets/progress.js", "widgets/forms.js", "widgets/claims.js",
)  # fmt: skip
"""Scripts that are needed at once, or by some pages only."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ADDRESS = re.compile(r"url\((['\"]?)(?!data:)([^)'\"]+)\1\)")


def setup(app: Sphinx) -> dict[str, Any]:
    """Join each page's files after every other part has named its own."""
    app.connect("html-page-context", functools.partial(_join_files, set()), priority=960)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _join_files(
    done: set[tuple[str, ...]],
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doc: Any,
) -> None:
    """Name the joined files in a page; they are written with the first page that has them."""
    static = Path(app.outdir) / "_static"
    styles = {_name(file): file for file in context["css_files"]}
    names = [*(name for name in styles if name != _WIDGETS), _WIDGETS]
    context["css_files"] = [_renamed(styles["gd/tokens.css"], STYLES)]
    joined = [file for file in context["script_files"] if not _name(file).endswith(_ALONE)]
    if (parts := (*names, *map(_name, joined))) not in done:
        _colour_code(app, static)
        modules = npm.modules(app)
        styles_text = "\n".join(style(static, name) for name in names)
        _write(static / STYLES, short(modules, styles_text, "css"))
        texts = ((static / _name(file)).read_text(encoding="utf-8") for file in joined)
        _write(static / SCRIPTS, short(modules, ";\n".join(texts), "js"))
        done.add(parts)
    ours = next(file for file in joined if _name(file) == "gd/site.js")
    context["script_files"] = [
        _renamed(file, SCRIPTS) if file is ours else file
        for file in context["script_files"]
        if file is ours or file not in joined
    ]


def _colour_code(app: Sphinx, static: Path) -> None:
    """Write the colours of code, light and dark, which the theme does after the last page."""
    if "data-theme" not in (static / "pygments.css").read_text(encoding="utf-8"):
        overwrite_pygments_css(app)


def style(static: Path, name: str) -> str:
    """Return a style sheet as it stands in the bundle: its addresses from there, no comments."""
    folder = posixpath.dirname(name)

    def moved(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, found[2]))
        return f'url("{posixpath.relpath(target, posixpath.dirname(STYLES))}")'

    text = (static / name).read_text(encoding="utf-8")
    return _ADDRESS.sub(moved, _COMMENT.sub("", text)).strip()


def short(modules: Path, text: str, kind: str) -> str:
    """Return a script or a style sheet without what only its writers read; licences stay.

    Raises ExtensionError where the text is none.
    """
    esbuild = modules / "esbuild" / "bin" / "esbuild"
    options = ["--minify", "--charset=utf8", f"--loader={kind}", "--log-level=error"]
    command = [str(npm.NODE), str(esbuild), *options]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise ExtensionError(f"the pages' {kind} could not be made short: {done.stderr.strip()}")
    return done.stdout


def _name(file: Any) -> str:
    """Return a file's path below ``_static``, without a version."""
    name = str(getattr(file, "filename", file) or "")
    return name.removeprefix("_static/").partition("?")[0]


def _renamed(file: Any, name: str) -> Any:
    """Return the file's entry under another name, at its place and with its attributes."""
    attributes = {k: v for k, v in file.attributes.items() if k not in ("href", "src")}
    return type(file)(f"_static/{name}", priority=file.priority, **attributes)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
