"""How a reader gets the package, on every page that shows `import gdlib`, and in a notebook.

A page says it in a fold: what to install, from the repository that this build belongs to, and where
to run it with nothing to install. A notebook that is taken away and does not find the package names
that fold; the one that the site offers names the command itself.
"""

from __future__ import annotations

from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from gdlib.book.launch import repository
from gdlib.book.repository import OPENED_BY_BINDER

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

    from gdlib.book.launch import Repository

FOLD = "Run this code"
"""What the fold is called, on the page and in the notebooks."""
TOLD = f"see “{FOLD}” in the book"
"""The words of a notebook's first cell that the site's copy replaces by the command."""
_IMPORT = "import gdlib"


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell the templates, and the notebooks that the site offers."""
    app.connect("html-page-context", _fill)
    app.connect("build-finished", _name_command)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def command(home: Repository | None) -> str:
    """Return what installs the package from a repository, or from a folder that holds the book."""
    return f"pip install git+{home.url}@{home.branch}" if home else "pip install ."


def binder(home: Repository | None) -> str | None:
    """Return where the chapters run with nothing to install, if anywhere."""
    if home is None or not home.url.startswith(OPENED_BY_BINDER):
        return None
    host, path = urlsplit(home.url).hostname, urlsplit(home.url).path.strip("/")
    place = f"gh/{path}" if host == "github.com" else f"gl/{quote(path, safe='')}"
    return f"https://mybinder.org/v2/{place}/{quote(home.branch)}?urlpath=lab/tree/chapters"


def _fill(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    if doctree is None or _IMPORT not in doctree.astext():
        return
    home = repository(Path(app.confdir))
    context["getting"] = {
        "fold": FOLD,
        "python": metadata("gdlib")["Requires-Python"].removeprefix(">="),
        "command": command(home),
        "cloned": home is None,
        "binder": binder(home),
    }


def _name_command(app: Sphinx, exception: Exception | None) -> None:
    home = repository(Path(app.confdir))
    if exception or app.builder.format != "html" or home is None:
        return
    for path in (Path(app.outdir) / "_sources").rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(TOLD, f"%{command(home)}"), encoding="utf-8", newline="\n")
