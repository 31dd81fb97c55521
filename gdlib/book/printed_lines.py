"""Keep printed lines whole: what a cell prints is joined as it was written.

A busy machine may hand one `print` over in two parts, and MyST-NB ends every part with a line
break of its own. Joined beforehand, there is one part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

    Outputs = list[NotebookNode]


def joined(outputs: Outputs) -> Outputs:
    """Return a cell's outputs with all text of one stream in its first part, as it was written."""
    kept: Outputs = []
    first: dict[str, NotebookNode] = {}
    for output in outputs:
        name = output["name"] if output["output_type"] == "stream" else ""
        if name in first:
            first[name]["text"] += output["text"]
            continue
        if name:
            first[name] = output = NotebookNode(output)
        kept.append(output)
    return kept


def whole_lines(coalesce: Callable[[Outputs], Outputs]) -> Callable[[Outputs], Outputs]:
    """Return MyST-NB's `coalesce` for parts that are joined first."""
    return lambda outputs: coalesce(joined(outputs))


def setup(app: Sphinx) -> dict[str, Any]:
    """Put `joined` before MyST-NB's merging of streams (`nb_merge_streams`)."""
    from myst_nb.core import render, utils

    del app
    render.coalesce_streams = whole_lines(utils.coalesce_streams)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
