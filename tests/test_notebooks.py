"""Tests of the notebooks' committed form: of the tool that writes it, and of every chapter."""

import ast
import asyncio
import json
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import gdlib as gd
from gdlib.book import api, notebooks

ROOT = Path(__file__).parent.parent
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))

PICTURE = """
class Picture:
    def __repr__(self):
        return "Picture(3)"
    def _repr_mimebundle_(self, include=None, exclude=None):
        import base64
        return {
            "text/plain": repr(self),
            "image/png": base64.b64encode(b"not compared").decode(),
            "application/vnd.jupyter.widget-view+json": {"model_id": str(id(self))},
        }
print("one")
Picture()
"""


def write(path: Path, *sources: str, tags: tuple[str, ...] = ()) -> Path:
    cells = [new_markdown_cell("# A page")]
    cells += [new_code_cell(source, metadata={"tags": list(tags)}) for source in sources]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def executed(*outputs: nbformat.NotebookNode, count: int | None = 7) -> nbformat.NotebookNode:
    cell = new_code_cell("f()", execution_count=count, outputs=list(outputs))
    notebook: nbformat.NotebookNode = new_notebook(cells=[cell])
    return notebook


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_chapter_is_in_the_committed_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == notebooks.committed_form(path), "run `make notebooks`"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_printed_lines_fit_the_page(path: Path) -> None:
    """The column of a wide page holds 79 letters of an output; more have to be scrolled to."""
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            for line in output.get("text", "").splitlines():
                assert len(line) <= 79, (cell.id, line)


def test_a_run_keeps_text_and_drops_pictures_and_widget_views(tmp_path: Path) -> None:
    text = asyncio.run(notebooks.execute(write(tmp_path / "page.ipynb", PICTURE, "1 + 1")))
    first, second = nbformat.reads(text, as_version=4).cells[1:]
    assert first.outputs[0].text == "one\n"
    assert first.outputs[1].data == {"text/plain": "Picture(3)"}
    assert second.outputs[0].data == {"text/plain": "2"}
    assert [first.execution_count, second.execution_count] == [1, 2]
    assert second.outputs[0].execution_count == 2


def test_prints_that_arrive_apart_are_kept_as_one_output(tmp_path: Path) -> None:
    slow = "import time\nfor i in range(3):\n    print(i, flush=True)\n    time.sleep(0.3)"
    text = asyncio.run(notebooks.execute(write(tmp_path / "page.ipynb", slow)))
    [output] = nbformat.reads(text, as_version=4).cells[1].outputs
    assert output.text == "0\n1\n2\n"


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "page.ipynb", PICTURE, "x = 3", "x")
    assert notebooks.main([str(tmp_path)]) == 0
    first = path.read_bytes()
    assert notebooks.main([str(path)]) == 0
    assert path.read_bytes() == first
    assert path.read_text(encoding="utf-8") == notebooks.committed_form(path)


@pytest.mark.long
def test_the_committed_form_passes_nbval(pytester: pytest.Pytester) -> None:
    path = write(pytester.path / "page.ipynb", PICTURE, "from math import pi\npi")
    assert notebooks.main([str(path)]) == 0
    pytester.runpytest_subprocess("--nbval", str(path)).assert_outcomes(passed=2)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("3.14159", "3.14160"), encoding="utf-8")
    pytester.runpytest_subprocess("--nbval", str(path)).assert_outcomes(passed=1, failed=1)


def test_normalising_drops_what_names_a_machine_or_a_moment() -> None:
    notebook = executed(new_output("stream", text="ok\n"))
    notebook.metadata = nbformat.from_dict(
        {"widgets": {"state": {}}, "language_info": {"name": "python", "version": "3.11.7"}}
    )
    notebook.cells[0].metadata = nbformat.from_dict(
        {"execution": {"iopub.execute_input": "now"}, "tags": ["hide-input"], "collapsed": False}
    )
    result = notebooks.normalise(notebook)
    assert result.metadata == notebooks.NOTEBOOK_METADATA
    assert result.cells[0].metadata == {"tags": ["hide-input"]}
    assert notebooks.dumps(notebooks.normalise(result)) == notebooks.dumps(result)


def test_a_folded_source_stays_folded_and_a_folded_output_does_not() -> None:
    notebook = executed(new_output("stream", text="ok\n"))
    notebook.cells[0].metadata = nbformat.from_dict(
        {"jupyter": {"source_hidden": True, "outputs_hidden": True}}
    )
    assert notebooks.normalise(notebook).cells[0].metadata == {"jupyter": {"source_hidden": True}}


def test_a_copied_cell_gets_an_id_of_its_own_and_the_same_each_time(tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    cells = [{"cell_type": "markdown", "id": "same", "metadata": {}, "source": "a"}] * 2
    page = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(page), encoding="utf-8")
    first, second = (notebooks.committed_form(path) for _ in range(2))
    assert first == second
    assert json.loads(first)["cells"][0]["id"] == "same" != json.loads(first)["cells"][1]["id"]


@pytest.mark.parametrize(
    ("output", "complaint"),
    [
        (new_output("stream", name="stderr", text="Warning: old"), "1 writes to stderr: Warning"),
        (new_output("error", ename="ValueError", evalue="no"), "1 fails with ValueError: no"),
        (new_output("display_data", data={"text/plain": "<A at 0x7f00dea>"}), "memory address"),
    ],
)
def test_what_changes_or_warns_is_refused(output: nbformat.NotebookNode, complaint: str) -> None:
    with pytest.raises(notebooks.NotebookError, match=complaint):
        notebooks.normalise(executed(output))


def test_a_cell_that_was_not_run_is_refused() -> None:
    with pytest.raises(notebooks.NotebookError, match=r"code cell 1 has not been run: f\(\)"):
        notebooks.normalise(executed(count=None))


def test_an_empty_code_cell_is_refused() -> None:
    with pytest.raises(notebooks.NotebookError, match="code cell 1 is empty"):
        notebooks.normalise(new_notebook(cells=[new_code_cell(" ")]))


def test_an_expected_exception_is_kept_without_its_traceback(tmp_path: Path) -> None:
    path = write(tmp_path / "page.ipynb", "1 / 0", tags=("raises-exception",))
    text = asyncio.run(notebooks.execute(path))
    [output] = nbformat.reads(text, as_version=4).cells[1].outputs
    assert (output.ename, output.evalue) == ("ZeroDivisionError", "division by zero")
    assert output.traceback == []


def test_a_failing_notebook_is_named_and_left_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = write(tmp_path / "bad.ipynb", "import warnings\nwarnings.warn('old')")
    good = write(tmp_path / "good.ipynb", "1")
    before = bad.read_bytes()
    assert notebooks.main([str(tmp_path)]) == 1
    assert bad.read_bytes() == before
    assert good.read_text(encoding="utf-8") == notebooks.committed_form(good)
    assert "bad.ipynb: code cell 1 writes to stderr" in capsys.readouterr().err


# --- what chapters take from the package ----------------------------------------------------------

PUBLIC = {name: value for name in api.names() if isinstance(value := getattr(gd, name), ModuleType)}


def imports(code: str) -> list[tuple[str, str]]:
    """Return what a cell imports from the package, as (module, name); of a module, no name."""
    nodes = list(ast.walk(ast.parse(code)))
    whole = [(a.name, "") for n in nodes if isinstance(n, ast.Import) for a in n.names]
    named = [
        (str(n.module), a.name) for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names
    ]
    return [pair for pair in whole + named if pair[0].split(".")[0] == "gdlib"]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_imports_public_names_alone(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    found = [pair for c in cells if c.cell_type == "code" for pair in imports(c.source)]
    assert ("gdlib", "") in found
    offered = {"gdlib": {"", *api.names()}}
    offered |= {module.__name__: {"", *vars(module)} for module in PUBLIC.values()}
    assert [pair for pair in found if pair[1] not in offered.get(pair[0], ())] == []
    assert [pair for pair in found if pair[1].startswith("_")] == []


def test_the_packages_inner_modules_are_not_for_chapters() -> None:
    assert set(PUBLIC) == {
        "autodiff", "datasets", "landscapes", "optimizers", "plotting", "problems", "schedules",
    }  # fmt: skip
    assert imports("from gdlib.book.results import Result\nimport gdlib.book, numpy") == [
        ("gdlib.book", ""),
        ("gdlib.book.results", "Result"),
    ]
