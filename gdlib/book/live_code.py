"""Code that runs on the page: what a reader's browser needs for it, copied into the site.

Python in a browser is Pyodide, in a worker that JupyterLite made. `gd_pyodide`, in `_config.yml`,
is where Pyodide lies: an address, or a folder, which is copied into the site; nothing: no page
runs code. Wheels that Pyodide has not, this package's own among them, lie in `_build/wheels`
(`make book` puts them there); a build without them makes pages that do not run code, either.

Pyodide's lock names its packages' files and their hashes. The site has a lock of its own: the same
packages where Pyodide lies, and the wheels beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from docutils import nodes
from packaging.requirements import Requirement
from sphinx.errors import ExtensionError

from gdlib.book import npm

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MEGABYTES = 39
"""How much a browser loads until a chapter's first cell has run, in millions of bytes."""
WORKER = "kernel.worker.js"
LOCK = "pyodide-lock.json"
START = (
    "micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython", "gdlib",
)  # fmt: skip
"""What is loaded with Python: what the worker asks for, and what every chapter does."""
_BROWSER = {"extra": "", "platform_system": "Emscripten", "sys_platform": "emscripten"}
_KERNEL = "piplite", "pyodide_kernel", "ipykernel", "widgetsnbextension-4"
"""Wheels that come with the worker: what it loads Python packages with, and stand-ins."""
_NAMES = {".js": WORKER, "": "kernel.licence.txt"}
_STATIC = Path(__file__).resolve().parent.parent / "static"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting, the step that numbers cells before any is moved, and the copying."""
    app.add_config_value("gd_pyodide", "", "env", str)
    app.connect("doctree-resolved", lambda _app, doctree, _name: numbered(doctree), priority=400)
    app.connect("builder-inited", _copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def offered(app: Sphinx) -> bool:
    """Tell whether this build's pages run code."""
    return bool(app.config.gd_pyodide) and any(_wheels(app).glob("gdlib-*.whl"))


def amount(app: Sphinx) -> str:
    """Return in words what a page loads before it runs code for the first time, and from where."""
    host = urlsplit(app.config.gd_pyodide).hostname
    return f"{MEGABYTES} MB" + (f" from {host}" if host else "")


def numbered(doctree: nodes.document) -> None:
    """Give each cell of code its place in the notebook: the page may show it elsewhere."""
    cells = (node for node in doctree.findall(nodes.container) if "cell" in node["classes"])
    for number, cell in enumerate(cells):
        cell["classes"].append(f"gd-cell-{number}")


def _wheels(app: Sphinx) -> Path:
    return Path(app.srcdir) / "_build" / "wheels"


def _copy(app: Sphinx) -> None:
    target = npm.static(app) / "run"
    shutil.rmtree(target, ignore_errors=True)
    if not offered(app):
        return
    where = app.config.gd_pyodide
    if "://" in where:
        lock = lock_for(where, npm.modules(app) / "pyodide")
    else:
        where = str(Path(app.srcdir, where))
        lock = Path(where) / LOCK
    shutil.copytree(_wheels(app), target, ignore=shutil.ignore_patterns(".*"))
    shutil.copy2(_STATIC / "run.mjs", target)
    fill(target, where, lock)


def lock_for(address: str, package: Path) -> Path:
    """Return the lock in npm's package of Pyodide, which is that of an address of its version.

    Raises ExtensionError when the address is that of another version.
    """
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    if f"/v{version}/" not in address:
        raise ExtensionError(
            f"gd_pyodide should be an address of Pyodide {version}, whose lock the book has, "
            f"not {address}"
        )
    return package / LOCK


def fill(target: Path, pyodide: str, lock: Path) -> None:
    """Put beside a folder's wheels the worker, its own wheels, a lock of all, and `python.json`.

    `pyodide` is an address, or a folder to be copied; `lock` its own lock.
    """
    for file in _kernel_files():
        shutil.copy2(file, target / (_NAMES.get(file.suffix) or file.name))
    known = json.loads(lock.read_text(encoding="utf-8"))
    if "://" not in pyodide:
        shutil.copytree(pyodide, target / "pyodide", dirs_exist_ok=True)
        pyodide = "pyodide/"
    for one in known["packages"].values():
        one["file_name"] = pyodide + one["file_name"]
    known["packages"] |= map(_entry, sorted(target.glob("*.whl")))
    text = json.dumps(known)
    (target / LOCK).write_text(text, encoding="utf-8")
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    settings = {"pyodide": pyodide, "worker": WORKER, "lock": LOCK, "key": key, "start": START}
    (target / "python.json").write_text(json.dumps(settings), encoding="utf-8")


def _kernel_files() -> Iterator[Path]:
    """Yield the worker, its licence, and the wheels that come with it."""
    wheels = rf"/pypi/({'|'.join(_KERNEL)})[-.][^/]*\.whl$"
    kept = re.compile(rf"/comlink\.worker\.\w+\.js$|/licenses/LICENSE$|{wheels}")
    kernel = distribution("jupyterlite-pyodide-kernel")
    for file in kernel.files or ():
        if kept.search(file.as_posix()):
            yield Path(str(kernel.locate_file(file)))


def _entry(wheel: Path) -> tuple[str, dict[str, Any]]:
    """Return a wheel's name, and its entry as Pyodide's lock has them."""
    with zipfile.ZipFile(wheel) as opened:
        files = opened.namelist()
        about = next(name for name in files if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(opened.read(about).decode())
    own = (name for name in files if name.endswith(".py") and ".d" not in name.partition("/")[0])
    wanted = map(Requirement, metadata.get_all("Requires-Dist") or [])
    name = normal(metadata["Name"])
    return name, {
        "name": name,
        "version": metadata["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted({one.partition("/")[0].removesuffix(".py") for one in own}),
        "depends": [
            normal(one.name) for one in wanted if not one.marker or one.marker.evaluate(_BROWSER)
        ],
        "unvendored_tests": False,
    }


def normal(name: str) -> str:
    """Return a package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()
