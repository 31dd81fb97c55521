"""Cells that need what is not installed keep their outputs, and all else runs as ever."""

from __future__ import annotations

import asyncio
import json
import symtable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gdlib.book import left_out, notebooks

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
MISSING = "a_module_that_nobody_has"


@pytest.fixture(autouse=True)
def tag(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let a tag stand for a module that is not there."""
    monkeypatch.setitem(left_out.TAGS, MISSING, "Nothing")
    return MISSING


def page(output: str = "kept") -> nbformat.NotebookNode:
    needs = new_code_cell(
        f"import {MISSING}\nprint({MISSING}.answer)",
        metadata={"tags": [MISSING]},
        outputs=[new_output("stream", text=f"{output}\n")],
        execution_count=1,
    )
    cells = [new_markdown_cell("# A page"), needs, new_code_cell("print(1 + 1)")]
    notebook: nbformat.NotebookNode = new_notebook(cells=cells)
    return notebook


def outputs(notebook: Any) -> list[str]:
    return [cell.outputs[0].text for cell in notebook.cells if cell.cell_type == "code"]


def test_a_cell_lacks_what_its_tag_names_and_what_is_not_installed() -> None:
    first, *others = page().cells[1:]
    assert left_out.lacks(first) == "Nothing"
    assert [left_out.lacks(cell) for cell in others] == [""]
    first.metadata.tags = ["hide-input"]
    assert left_out.lacks(first) == ""


def test_a_cell_whose_library_is_there_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(left_out.TAGS, "json", "JSON")
    cell = new_code_cell("import json", metadata={"tags": ["json"]})
    assert left_out.lacks(cell) == ""


def test_make_notebooks_keeps_its_outputs_and_runs_the_others(tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    nbformat.write(page(), path)
    text = asyncio.run(notebooks.execute(path))
    assert outputs(nbformat.reads(text, as_version=4)) == ["kept\n", "2\n"]


def test_a_cell_that_was_never_run_cannot_be_left_out(tmp_path: Path) -> None:
    """Without the library there is nothing to commit."""
    path, notebook = tmp_path / "page.ipynb", page()
    notebook.cells[1].execution_count = None
    nbformat.write(notebook, path)
    with pytest.raises(notebooks.NotebookError, match="has not been run"):
        asyncio.run(notebooks.execute(path))


def marked(notebook: nbformat.NotebookNode, name: str = "page.ipynb") -> nbformat.NotebookNode:
    """Return a page as the site's build reads it."""
    app = SimpleNamespace(env=SimpleNamespace(doc2path=lambda _: name))
    source = [json.dumps(notebook)]
    left_out._mark(app, "page", source)  # type: ignore[arg-type]
    read: nbformat.NotebookNode = nbformat.reads(source[0], as_version=4)
    return read


def test_the_site_executes_the_others_and_shows_its_outputs(tmp_path: Path) -> None:
    read = marked(page())
    done = single_nb_execution(read, cwd=str(tmp_path), timeout=60, allow_errors=False)
    assert done.err is None
    assert outputs(read) == ["kept\n", "2\n"]


def test_the_sites_cache_sees_that_kept_outputs_are_others(tmp_path: Path) -> None:
    cache = get_cache(str(tmp_path))
    bundle = CacheBundleIn(marked(page("old")), "page.ipynb", data={"execution_seconds": 0})
    cache.cache_notebook_bundle(bundle, check_validity=False)
    assert cache.match_cache_notebook(marked(page("old"))).uri == "page.ipynb"
    with pytest.raises(KeyError):
        cache.match_cache_notebook(marked(page("new")))


def test_the_site_reads_other_pages_as_they_are() -> None:
    text = '{"cells": 1}'
    source = [text]
    app = SimpleNamespace(env=SimpleNamespace(doc2path=lambda _: "page.md"))
    left_out._mark(app, "page", source)  # type: ignore[arg-type]
    assert source == [text]
    plain = new_notebook(cells=[new_code_cell("1")])
    assert marked(plain) == plain


CONFTEST = f"from gdlib.book import left_out\nleft_out.TAGS['{MISSING}'] = 'Nothing'\n"


@pytest.mark.long
@pytest.mark.parametrize("arguments", [(), ("--numprocesses=1", "--dist=loadfile", "--quiet")])
def test_nbval_leaves_it_out_and_says_so_in_a_line(
    pytester: pytest.Pytester, arguments: tuple[str, ...]
) -> None:
    chapters = pytester.mkdir("chapters")
    hooks = (ROOT / "chapters" / "conftest.py").read_text(encoding="utf-8")
    (chapters / "conftest.py").write_text(CONFTEST + hooks, encoding="utf-8")
    notebook = page()
    notebook.cells[2] |= {"execution_count": 2, "outputs": [new_output("stream", text="2\n")]}
    nbformat.write(notebook, chapters / "page.ipynb")
    done = pytester.runpytest_subprocess("--nbval", "chapters", *arguments)
    done.assert_outcomes(passed=1, skipped=1)
    said = "page: 1 cell keeps its outputs uncompared, for Nothing is not installed: make torch"
    done.stdout.fnmatch_lines([said])


# --- what the cells of the chapters may do --------------------------------------------------------


def tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for inner in table.get_children():
        yield from tables(inner)


def names(code: str) -> tuple[set[str], set[str]]:
    """Return what a cell assigns for the cells below, and what it reads or assigns of theirs."""
    top, *inner = tables(symtable.symtable(code, "cell", "exec"))
    assigned = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    used = {s.get_name() for s in top.get_symbols()}
    used |= {s.get_name() for table in inner for s in table.get_symbols() if s.is_global()}
    return assigned, used


def test_names_are_those_that_other_cells_share() -> None:
    assigned, used = names("import os\ndef f(a):\n    b = a + c\n    return b\nd = e")
    assert assigned == {"os", "f", "d"}
    assert used == {"os", "f", "d", "c", "e"}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_other_cell_needs_what_such_a_cell_assigns(path: Path) -> None:
    """Else it would fail, or say something else, where the library is missing."""
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    needs = [c for c in cells if left_out.TAGS.keys() & set(c.metadata.get("tags", ()))]
    assigned = {name for c in needs for name in names(c.source)[0]} - {"_"}
    for cell in cells:
        if cell not in needs:
            assert not assigned & names(cell.source)[1], cell.id


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_such_a_cell_shows_what_a_notebook_keeps(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        if left_out.TAGS.keys() & set(cell.metadata.get("tags", ())):
            assert "Figure size" not in json.dumps(cell.get("outputs", [])), cell.id
