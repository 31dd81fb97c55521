"""A chapter shows its code: at most a quarter of the lines are folded away.

Counted are the lines of code that are not blank. A quiz is words, not code, and counts as nothing.
"""

from pathlib import Path

import nbformat
import pytest

CHAPTERS = sorted((Path(__file__).parent.parent / "chapters").glob("*.ipynb"))
LIMIT = 25  # per cent


def hidden_share(notebook: nbformat.NotebookNode) -> float:
    """Return how many per cent of the lines of code stand in cells that are hidden or removed."""
    hidden = total = 0
    for cell in notebook.cells:
        if cell.cell_type != "code" or "gd.Quiz(" in cell.source:
            continue
        lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        total += lines
        if any(tag.startswith(("hide-", "remove-")) for tag in cell.metadata.get("tags", [])):
            hidden += lines
    return 100 * hidden / total


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_at_most_a_quarter_of_a_chapters_code_is_hidden(path: Path) -> None:
    share = hidden_share(nbformat.read(path, as_version=4))
    assert share <= LIMIT, f"{share:.1f} % is hidden"


def test_only_hidden_lines_count_as_hidden_and_a_quiz_as_nothing() -> None:
    cells = [
        nbformat.v4.new_markdown_cell("words"),
        nbformat.v4.new_code_cell("a = 1\n\nb = 2\nc = 3"),
        nbformat.v4.new_code_cell("d = 4", metadata={"tags": ["hide-input"]}),
        nbformat.v4.new_code_cell("gd.Quiz(\n)", metadata={"tags": ["hide-input", "quiz"]}),
        nbformat.v4.new_code_cell("e = 5\n", metadata={"tags": ["remove-cell"]}),
    ]
    assert hidden_share(nbformat.v4.new_notebook(cells=cells)) == 100 * 2 / 5
