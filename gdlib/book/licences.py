"""The licences of what the site carries and others wrote, in one file that every page links to.

The bundles' come with the bundles; those of KaTeX, MiniSearch, the typefaces and Sphinx's scripts
are read from the packages as they are installed. A package without a licence file fails the build.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdlib.book import npm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

NAME = "licences.txt"
"""The file's name, below `gdlib/static` for the bundles and below `_static` for the site."""

_BUNDLES = Path(__file__).resolve().parent.parent / "static" / NAME
_FROM_NPM = ("katex", "minisearch", "@fontsource-variable/*")
_FROM_PYPI = ("sphinx", "sphinx-design", "sphinx-copybutton")
_LICENCE = re.compile(r"(^|/|_)(licen[cs]e|copying)[^/]*$", re.IGNORECASE)
_RULE = "=" * 80
_WITHIN = {
    "sphinx-copybutton": "Within it: clipboard.js, Copyright (c) Zeno Rocha, under the same terms."
}
"""What a package holds of others without their licence file."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the file once the parts that copy from npm have done so."""
    app.connect("builder-inited", _write, priority=300)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _write(app: Sphinx) -> None:
    parts = [_BUNDLES.read_text(encoding="utf-8"), *_npm(npm.modules(app)), *_pypi()]
    (npm.static(app) / NAME).write_text("\n".join(parts), encoding="utf-8")


def _npm(modules: Path) -> Iterator[str]:
    for pattern in _FROM_NPM:
        for folder in sorted(modules.glob(pattern)):
            about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
            files = [path for path in sorted(folder.iterdir()) if _LICENCE.search(path.name)]
            texts = [path.read_text(encoding="utf-8") for path in files]
            yield _part(about["name"], about["version"], texts)


def _pypi() -> Iterator[str]:
    for name in _FROM_PYPI:
        package = importlib.metadata.distribution(name)
        files = [file for file in package.files or () if _LICENCE.search(str(file))]
        texts = [Path(str(file.locate())).read_text(encoding="utf-8") for file in files]
        yield _part(name, package.version, texts, _WITHIN.get(name, ""))


def _part(name: str, version: str, texts: list[str], note: str = "") -> str:
    if not texts:
        raise FileNotFoundError(
            f"{name} {version} has no licence file: what it allows is not known"
        )
    text = "\n\n".join(text.strip() for text in [*texts, note] if text)
    return f"{_RULE}\n{name} {version}\n{_RULE}\n\n{text}\n"
