"""What Python compiled for one page is what it runs on the next, until a package changes."""

from __future__ import annotations

import asyncio
import importlib
import sys
import sysconfig
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from gdlib.book import bytecode


class Kept:
    """A browser's CacheStorage, its caches, and what they answer with."""

    def __init__(self) -> None:
        self.stores: dict[str, dict[str, bytes]] = {}

    async def open(self, name: str) -> Kept._One:
        return self._One(self.stores.setdefault(name, {}))

    async def delete(self, name: str) -> None:
        self.stores.pop(name, None)

    class _One:
        def __init__(self, held: dict[str, bytes]) -> None:
            self.held = held

        async def match(self, address: str) -> SimpleNamespace | None:
            if address not in self.held:
                return None
            data = self.held[address]

            async def read() -> SimpleNamespace:
                return SimpleNamespace(to_py=lambda: memoryview(data))

            return SimpleNamespace(bytes=read)

        async def put(self, address: str, data: bytes) -> None:
            self.held[address] = data


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Return the storage of a browser in which Python runs."""
    kept = Kept()
    js, ffi = ModuleType("js"), ModuleType("pyodide.ffi")
    vars(js).update(caches=kept, Response=SimpleNamespace(new=lambda data: data))
    vars(ffi).update(to_js=lambda data: data)
    for name, module in (("js", js), ("pyodide", ModuleType("pyodide")), ("pyodide.ffi", ffi)):
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return kept


def _started(folder: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start as a page does: a package is unpacked, at a time of its own."""
    folder.mkdir()
    (folder / "packed.py").write_text(source)
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(folder))
    monkeypatch.syspath_prepend(str(folder))
    sys.modules.pop("packed", None)
    importlib.invalidate_caches()


@pytest.mark.usefixtures("browser")
def test_the_next_start_runs_what_this_one_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _started(tmp_path / "one", "WORTH = 1", monkeypatch)
    asyncio.run(bytecode.restore("lock"))
    importlib.import_module("packed")
    asyncio.run(bytecode.keep("lock"))
    # A source that says otherwise shows which of the two is run.
    _started(tmp_path / "two", "WORTH = 2", monkeypatch)
    asyncio.run(bytecode.restore("lock"))
    assert importlib.import_module("packed").WORTH == 1
    _started(tmp_path / "three", "WORTH = 3", monkeypatch)
    asyncio.run(bytecode.restore("lock of another build"))
    assert importlib.import_module("packed").WORTH == 3


def test_an_older_builds_is_dropped_and_the_same_not_kept_again(
    browser: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for build in ("old", "new"):
        _started(tmp_path / build, f"NAME = {build!r}", monkeypatch)
        asyncio.run(bytecode.restore(build))
        importlib.import_module("packed")
        asyncio.run(bytecode.keep(build))
    [held] = browser.stores.values()
    assert list(held) == ["/gdlib-bytecode/new"]
    held.clear()
    asyncio.run(bytecode.keep("new"))
    assert held == {}
