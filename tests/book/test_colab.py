"""Colab's way in: a notebook that installs the package from the repository it was opened from."""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from gdlib.book import colab
from gdlib.book.launch import Repository
from gdlib.book.notebooks import committed_form, read

ROOT = Path(__file__).parents[2]
HOME = Repository("https://github.com/ada/descent", "main")
FORK = Repository("https://github.com/ben/descent", "main")
FIRST = """import os

try:
    import gdlib as gd
except ModuleNotFoundError:
    raise ModuleNotFoundError("see the book") from None

import numpy as np
"""


def test_a_first_cell_installs_the_package_only_where_it_is_missing() -> None:
    source = colab.installing(FIRST, HOME)
    asked: list[str] = []

    def magic(name: str, line: str) -> None:
        asked.append(f"%{name} {line}")

    shell = {"get_ipython": lambda: SimpleNamespace(run_line_magic=magic)}
    exec(source, dict(shell))
    assert asked == []
    missing = source.replace("import gdlib", "import gdlib_that_is_missing")
    with pytest.raises(ModuleNotFoundError, match="gdlib_that_is_missing"):
        exec(missing, dict(shell))  # `pip` here installs nothing
    assert asked == ["%pip install -q git+https://github.com/ada/descent"]
    assert source.startswith("import os\n\ntry:\n")
    assert source.endswith("    import gdlib as gd\n\nimport numpy as np\n")


def test_twice_is_as_once_and_a_fork_names_itself() -> None:
    once = colab.installing(FIRST, HOME)
    assert colab.installing(once, HOME) == once
    assert colab.installing(once, FORK) == colab.installing(FIRST, FORK)


@pytest.fixture
def chapters(tmp_path: Path) -> Path:
    """Return a checkout's folder with two of the book's chapters."""
    folder = tmp_path / "chapters"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", tmp_path], check=True)
    for name in ("01-walking-downhill", "10-curvature"):
        shutil.copy(ROOT / "chapters" / f"{name}.ipynb", folder)
    return folder


def _at(chapters: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_SERVER_URL", "CI_PROJECT_URL"):
        monkeypatch.delenv(name, raising=False)
    subprocess.run(["git", "-C", str(chapters), "remote", "add", "origin", address], check=True)


def test_the_command_writes_the_committed_form_and_leaves_all_other_cells(
    chapters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at(chapters, "git@github.com:ada/descent.git", monkeypatch)
    before = {path: read(path) for path in chapters.glob("*.ipynb")}
    assert not colab.opens(chapters, HOME)
    assert colab.main([str(chapters)]) == 0
    assert colab.opens(chapters, HOME)
    assert not colab.opens(chapters, FORK)
    for path, old in before.items():
        assert path.read_text(encoding="utf-8") == committed_form(path)
        new = read(path)
        changed = [(a, b) for a, b in zip(old.cells, new.cells, strict=True) if a != b]
        [(_, first)] = changed
        ast.parse(first.source)
        assert first.source.count("import gdlib as gd") == 2


@pytest.mark.parametrize("address", ["https://gitlab.com/ada/descent", "/srv/descent.git"])
def test_elsewhere_than_on_github_the_command_says_so(
    chapters: Path,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _at(chapters, address, monkeypatch)
    assert colab.main([str(chapters)]) == 1
    said = capsys.readouterr().err
    assert ("this one is at https://gitlab.com/ada/descent." in said) == address.startswith("http")
    assert "repositories at https://github.com/" in said
    assert not any("run_line_magic" in path.read_text("utf-8") for path in chapters.iterdir())


def test_a_folder_without_notebooks_is_opened_by_nobody(tmp_path: Path) -> None:
    assert not colab.opens(tmp_path, HOME)
