"""The chapters as notebooks in a JupyterLab that runs in the reader's browser alone.

`jupyter lite build` makes it, in the site's folder `lite/`. Python and its packages come from where
the pages' own code has them: the lock that `gdlib.book.live_code` writes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.errors import ExtensionError

from gdlib.book import live_code

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
_FROM_LAB = "../../_static/run/"
"""To what runs code on the pages from where JupyterLab's page lies; Pyodide is looked for there."""
_FROM_LITE = "../_static/run/"
"""To the same from where JupyterLite lies; the lock is looked for there."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the build, and tell the templates of it."""
    app.connect("html-page-context", _offer)
    # The last: all others know the site's own pages alone.
    app.connect("build-finished", _build, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _offer(app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    context["lite"] = live_code.amount(app) if live_code.offered(app) else ""


def _build(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html" or not live_code.offered(app):
        return
    place, out = Path(app.srcdir) / "_build" / "lite", Path(app.outdir) / "lite"
    shutil.rmtree(place, ignore_errors=True)
    content = place / "content"
    content.mkdir(parents=True)
    for notebook in sorted((Path(app.outdir) / "_sources").rglob("*.ipynb")):
        shutil.copy2(notebook, content)
    for name, settings in _settings(app.config.gd_pyodide).items():
        (place / name).write_text(json.dumps(settings), encoding="utf-8")
    mark = hashlib.sha256()
    for file in sorted(place.rglob("*.*")):
        mark.update(file.name.encode() + file.read_bytes())
    stamp = out / "made-from"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == mark.hexdigest():
        return
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "jupyterlite_core", "build", f"--output-dir={out}"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ExtensionError(f"jupyter lite build failed:\n{done.stdout}\n{done.stderr}")
    stamp.write_text(mark.hexdigest(), encoding="utf-8")


def _settings(pyodide: str) -> dict[str, Any]:
    """Return what `jupyter lite build` reads, by the files' names."""
    where = pyodide if "://" in pyodide else f"{_FROM_LAB}pyodide/"
    kernel = {
        "pyodideUrl": f"{where}pyodide.mjs",
        "disablePyPIFallback": "://" not in pyodide,
        "loadPyodideOptions": {
            "lockFileURL": f"{_FROM_LITE}{live_code.LOCK}",
            "packages": list(live_code.START),
        },
    }
    return {
        "jupyter_lite_config.json": {
            "LiteBuildConfig": {"contents": ["content"], "apps": ["lab"], "no_sourcemaps": True}
        },
        "jupyter-lite.json": {
            "jupyter-lite-schema-version": 0,
            "jupyter-config-data": {
                "appName": "Gradient Descent",
                "litePluginSettings": {_KERNEL: kernel},
            },
        },
    }
