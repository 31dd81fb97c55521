"""Run the chapters' notebooks and write the one form in which they are committed.

The form keeps what nbval compares (text, LaTeX, HTML, SVG) and drops what it cannot: pictures,
widget views, metadata that names a machine or a moment. Nothing here compares outputs: nbval does.
A cell whose library is not installed keeps the outputs that it has (`gdlib.book.left_out`).
"""

import argparse
import asyncio
import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, v4

from gdlib.book.left_out import lacks

DROPPED = frozenset({"image/png", "image/jpeg", "application/vnd.jupyter.widget-view+json"})
"""Media types that nbval does not compare (with ``--nbval``'s defaults)."""

CELL_METADATA = frozenset({"mystnb", "tags"})
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python"},
}
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
CELL_SECONDS = 120


class NotebookError(ValueError):
    """A notebook without a committed form: it warns, fails, or prints what changes by the run."""


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of an executed `notebook` in its committed form; twice is the same as once.

    Raises
    ------
    NotebookError
        If a cell is empty, was not run, wrote to stderr, printed a memory address, or failed
        without the tag ``raises-exception``.
    """
    result: NotebookNode = nbformat.from_dict({"cells": [], "nbformat": 4, "nbformat_minor": 5})
    result.metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    seen: set[str] = set()
    count = 0
    for cell in notebook.cells:
        plain = {"cell_type": cell.cell_type, "source": cell.source.rstrip()}
        plain["id"] = _identifier(cell, seen)
        plain["metadata"] = _cell_metadata(cell)
        if cell.cell_type == "code":
            count += 1
            _refuse_unrun(cell, count)
            plain["execution_count"] = count
            plain["outputs"] = [_output(output, cell, count) for output in cell.outputs]
        result.cells.append(nbformat.from_dict(plain))
    return result


def dumps(notebook: NotebookNode) -> str:
    """Return the text of a notebook file: sorted keys, an indent of one, a newline at its end."""
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook, version=nbformat.NO_CONVERT)}\n"


def committed_form(path: Path) -> str:
    """Return the text that the file at `path` should have, without running it."""
    return _form(read(path), path)


async def execute(path: Path) -> str:
    """Run the notebook at `path` in its own folder and return its committed form.

    Raises `NotebookError` as `normalise` does, and nbclient's ``CellExecutionError`` where a cell
    fails that does not say so by its tag.
    """
    notebook = read(path)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.resolve().parent)}},
        store_widget_state=False,
        coalesce_streams=True,  # how a slow cell's prints arrive depends on the machine
        extra_arguments=["--IPKernelApp.log_level=40"],  # errors only
    )
    async with client.async_setup_kernel():
        for index, cell in enumerate(notebook.cells):
            if lacks(cell):
                continue
            # Without history, as nbval runs it: there a trailing semicolon silences nothing.
            await client.async_execute_cell(cell, index, store_history=False)
            if cell.cell_type == "code":
                cell.execution_count = index + 1
    return _form(notebook, path)


def read(path: Path) -> NotebookNode:
    """Return the notebook at `path` as it stands: `nbformat.read` gives copied cells random ids."""
    notebook: NotebookNode = v4.reads(path.read_text(encoding="utf-8"))
    return notebook


def _form(notebook: NotebookNode, path: Path) -> str:
    try:
        return dumps(normalise(notebook))
    except NotebookError as error:
        raise NotebookError(f"{path.name}: {error}") from error


def _cell_metadata(cell: NotebookNode) -> dict[str, object]:
    """Return what the book reads, and whether JupyterLab folds the source, as a quiz needs it."""
    kept = {name: cell.metadata[name] for name in CELL_METADATA & set(cell.metadata)}
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        kept["jupyter"] = {"source_hidden": True}
    return dict(sorted(kept.items()))


def _identifier(cell: NotebookNode, seen: set[str]) -> str:
    """Return the cell's own id, or one made from its text if it has none or a neighbour's."""
    name: str = cell.get("id", "")
    copies = 0
    while not name or name in seen:
        name = hashlib.sha256(f"{cell.source}{copies}".encode()).hexdigest()[:8]
        copies += 1
    seen.add(name)
    return name


def _refuse_unrun(cell: NotebookNode, count: int) -> None:
    if not cell.source.strip():
        raise NotebookError(f"code cell {count} is empty")
    if cell.execution_count is None:
        raise NotebookError(f"code cell {count} has not been run: {_first_line(cell)}")


def _output(output: NotebookNode, cell: NotebookNode, count: int) -> dict[str, object]:
    """Return one output without what nbval ignores."""
    kept: dict[str, object] = {"output_type": output.output_type}
    match output.output_type:
        case "stream":
            if output.name == "stderr":
                raise NotebookError(f"code cell {count} writes to stderr: {output.text[:200]}")
            kept |= {"name": output.name, "text": output.text}
        case "error":
            if "raises-exception" not in cell.metadata.get("tags", ()):
                raise NotebookError(f"code cell {count} fails with {output.ename}: {output.evalue}")
            kept |= {"ename": output.ename, "evalue": output.evalue, "traceback": []}
        case _:
            data = {k: v for k, v in sorted(output.data.items()) if k not in DROPPED}
            kept |= {"data": data, "metadata": {}}
            if output.output_type == "execute_result":
                kept["execution_count"] = count
    if ADDRESS.search(str(kept)):
        raise NotebookError(f"code cell {count} prints a memory address: {_first_line(cell)}")
    return kept


def _first_line(cell: NotebookNode) -> str:
    return str(cell.source.strip().splitlines()[0])


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.ipynb")) if path.is_dir() else [path]


async def _rewrite(path: Path, kernels: asyncio.Semaphore) -> bool:
    """Run one notebook, write its committed form, say how it went; return whether it went well."""
    async with kernels:
        try:
            text = await execute(path)
        except (NotebookError, CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            print(f"✗ {path}\n{error}", file=sys.stderr, flush=True)
            return False
    changed = text != path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"✓ {path}{' (changed)' if changed else ''}", flush=True)
    return True


async def _rewrite_all(paths: Iterable[Path]) -> bool:
    kernels = asyncio.Semaphore(os.cpu_count() or 1)
    return all(await asyncio.gather(*(_rewrite(path, kernels) for path in paths)))


def main(arguments: list[str] | None = None) -> int:
    """Run the notebooks named on the command line, or in a folder; return 1 if one fails."""
    parser = argparse.ArgumentParser(prog="python -m gdlib.book.notebooks", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, help="notebooks, or folders of notebooks")
    paths = parser.parse_args(arguments).paths
    return 0 if asyncio.run(_rewrite_all(_files(paths))) else 1


if __name__ == "__main__":
    sys.exit(main())
