"""What Python has compiled for one page, kept in the reader's browser for the next.

Pyodide compiles the source of every module anew each time it starts: most of the time until a
chapter's first cell has run. A start with the same list of packages (`key`) finds it done.
"""

from __future__ import annotations

import io
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

STORE = "gdlib-bytecode"
_UNCHECKED = (1).to_bytes(4, "little") + bytes(8)
"""In a file's header: that it is right, whatever its source's time (PEP 552). The key says so."""


async def restore(key: str) -> None:
    """Put back what was kept, and let Python write down what it compiles from now on."""
    sys.dont_write_bytecode = False
    kept = await (await _caches().open(STORE)).match(_address(key))
    if kept:
        with zipfile.ZipFile(io.BytesIO((await kept.bytes()).to_py())) as files:
            files.extractall(_packages())


async def keep(key: str) -> None:
    """Keep what Python has compiled, if there is more than before, instead of an older build's."""
    folder = _packages()
    compiled = {file: file.read_bytes() for file in folder.rglob("__pycache__/*.pyc")}
    if all(data[4:16] == _UNCHECKED for data in compiled.values()):
        return
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as files:
        for file, data in compiled.items():
            kept = data[:4] + _UNCHECKED + data[16:]
            file.write_bytes(kept)
            files.writestr(file.relative_to(folder).as_posix(), kept)
    await _caches().delete(STORE)
    await (await _caches().open(STORE)).put(_address(key), _response(packed.getvalue()))


def _address(key: str) -> str:
    return f"/{STORE}/{key}"


def _packages() -> Path:
    return Path(sysconfig.get_path("purelib"))


def _caches() -> Any:
    """Return the browser's CacheStorage, which a page has that came by a safe way."""
    from js import caches

    return caches


def _response(data: bytes) -> Any:
    from js import Response
    from pyodide.ffi import to_js

    return Response.new(to_js(data))
