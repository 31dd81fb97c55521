"""What lets a page run code: each cell's number, and the wheels as Pyodide's lock names them."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import ExtensionError

from gdlib.book import live_code


def _wheel(folder: Path, name: str, asks: list[str]) -> Path:
    path = folder / f"{name}-1.5-py3-none-any.whl"
    about = "".join(f"Requires-Dist: {one}\n" for one in asks)
    with zipfile.ZipFile(path, "w") as files:
        files.writestr(f"{name}/__init__.py", "")
        files.writestr("alone.py", "")
        files.writestr(f"{name}-1.5.data/data/share/other.py", "")
        files.writestr(
            f"{name}-1.5.dist-info/METADATA",
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n{about}",
        )
    return path


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Return a folder with a lock of Pyodide's, of one package."""
    folder = tmp_path / "own"
    folder.mkdir()
    known = {"info": {"python": "3.14.0"}, "packages": {"numpy": {"file_name": "numpy-2.whl"}}}
    (folder / live_code.LOCK).write_text(json.dumps(known))
    (folder / "pyodide.mjs").touch()
    return folder / live_code.LOCK


def test_a_wheel_is_entered_as_pyodides_lock_has_its_own(tmp_path: Path, lock: Path) -> None:
    asks = ["NumPy>=2", 'colorama; sys_platform == "win32"', 'pytest; extra == "test"', "Lazy_Load"]
    wheel = _wheel(tmp_path, "some_thing", asks)
    live_code.fill(tmp_path, "https://somewhere.org/v1.2/full/", lock)
    known = json.loads((tmp_path / live_code.LOCK).read_text())["packages"]
    assert known["numpy"]["file_name"] == "https://somewhere.org/v1.2/full/numpy-2.whl"
    assert known["some-thing"] == {
        "name": "some-thing",
        "version": "1.5",
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": ["alone", "some_thing"],
        "depends": ["numpy", "lazy-load"],  # of what a browser asks for
        "unvendored_tests": False,
    }


def test_an_address_of_another_version_than_npms_lock_is_refused(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"version": "1.2"}')
    known = live_code.lock_for("https://a.org/v1.2/full/", tmp_path)
    assert known == tmp_path / live_code.LOCK
    with pytest.raises(ExtensionError, match=r"of Pyodide 1\.2, .* not https://a.org/v1\.20/"):
        live_code.lock_for("https://a.org/v1.20/", tmp_path)


def test_the_worker_and_what_it_loads_lie_beside(tmp_path: Path, lock: Path) -> None:
    _wheel(tmp_path, "gdlib", [])
    live_code.fill(tmp_path, str(lock.parent), lock)
    settings = json.loads((tmp_path / "python.json").read_text())
    assert settings["pyodide"] == "pyodide/"
    assert (tmp_path / "pyodide" / "pyodide.mjs").exists()
    assert (tmp_path / settings["worker"]).stat().st_size > 100_000
    assert "Redistribution" in (tmp_path / "kernel.licence.txt").read_text()
    text = (tmp_path / settings["lock"]).read_text()
    assert hashlib.sha256(text.encode()).hexdigest().startswith(settings["key"])
    assert len(settings["key"]) == 16
    known = json.loads(text)["packages"]
    assert known.pop("numpy")["file_name"] == "pyodide/numpy-2.whl"
    assert {"piplite", "pyodide-kernel", "ipykernel", "gdlib"} <= set(known)
    assert known["widgetsnbextension"]["version"].startswith("4.")
    assert all((tmp_path / one["file_name"]).exists() for one in known.values())


def test_cells_are_numbered_as_the_notebook_has_them_before_any_is_moved() -> None:
    document = new_document("a chapter")
    for kinds in (["cell"], ["note"], ["cell", "tag_wide"]):
        document += nodes.container("", classes=kinds)
    live_code.numbered(document)
    assert [node["classes"][-1] for node in document] == ["gd-cell-0", "note", "gd-cell-1"]
