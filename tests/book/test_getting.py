"""How a reader gets the package: the command and the Binder of the repository of a build."""

from __future__ import annotations

import ast
import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import pytest
from nbconvert import ScriptExporter

from gdlib.book import getting
from gdlib.book.launch import Repository
from tests.browser.site import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
every_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@pytest.mark.parametrize(
    ("home", "command", "binder"),
    [
        (None, "pip install .", None),
        (
            Repository("https://github.com/ada/descent", "main"),
            "pip install git+https://github.com/ada/descent@main",
            "https://mybinder.org/v2/gh/ada/descent/main?urlpath=lab/tree/chapters",
        ),
        (
            Repository("https://gitlab.com/group/sub/descent", "trunk"),
            "pip install git+https://gitlab.com/group/sub/descent@trunk",
            "https://mybinder.org/v2/gl/group%2Fsub%2Fdescent/trunk?urlpath=lab/tree/chapters",
        ),
        (
            Repository("https://git.example.org/ada/descent", "main"),
            "pip install git+https://git.example.org/ada/descent@main",
            None,
        ),
    ],
)
def test_what_to_install_and_where_to_run_follow_from_the_repository(
    home: Repository | None, command: str, binder: str | None
) -> None:
    assert getting.command(home) == command
    assert getting.binder(home) == binder


def _code(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def _imports(path: Path) -> str:
    return next(source for source in _code(path) if "import gdlib" in source)


@every_chapter
def test_a_notebook_without_the_package_says_where_to_get_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gdlib", None)  # as if it were not installed
    lines = ast.parse(_imports(path)).body
    [guard] = [line for line in lines if isinstance(line, ast.Try)]
    first = min(i for i, line in enumerate(lines) if "gdlib" in ast.unparse(line))
    assert lines[first] is guard, "another import of gdlib comes before"
    asked: list[tuple[str, str]] = []
    shell = SimpleNamespace(run_line_magic=lambda *words: asked.append(words))
    said = getting.TOLD if getting.TOLD in _imports(path) else "import of gdlib halted"
    with pytest.raises(ModuleNotFoundError, match=said):
        exec(compile(ast.Module([guard], []), path.name, "exec"), {"get_ipython": lambda: shell})
    assert bool(asked) == (said != getting.TOLD), "neither told nor installed"


@every_chapter
def test_figures_look_the_same_wherever_a_notebook_lies(path: Path) -> None:
    assert 'plt.style.use("gdlib.plotting.book")' in _imports(path)
    assert not list(path.parent.glob("*matplotlibrc"))
    with plt.style.context("gdlib.plotting.book"):
        assert plt.rcParams["figure.dpi"] == 150


@every_chapter
def test_a_figure_has_a_size_of_its_own_and_no_cell_changes_the_style(path: Path) -> None:
    calls = [
        n for code in _code(path) for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Call)
    ]
    makers = [call for call in calls if ast.unparse(call.func) in ("plt.subplots", "plt.figure")]
    assert [ast.unparse(c) for c in makers if "figsize" not in {k.arg for k in c.keywords}] == []
    assert [code for code in _code(path) if "rcParams" in code or "plt.rc(" in code] == []


@every_chapter
def test_a_notebook_becomes_a_script_of_python(path: Path) -> None:
    exporter: Any = ScriptExporter
    _, resources = exporter().from_filename(str(path))
    assert resources["output_extension"] == ".py"
