"""Colab, which opens a repository's notebooks from GitHub as they were committed.

It has neither the book nor its package. `python -m gdlib.book.colab FOLDER` makes the notebooks'
first cells install the package from the repository where it is missing; launch buttons then lead
there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gdlib.book.launch import repository
from gdlib.book.notebooks import dumps, read

if TYPE_CHECKING:
    from gdlib.book.launch import Repository

ADDRESS = "https://colab.research.google.com"
_GITHUB = "https://github.com/"
_UNLESS_FOUND = re.compile(r"(?<=except ModuleNotFoundError:\n)(?:    .+(?:\n|$))+")
"""What a first cell does where the package is not."""


def installing(source: str, home: Repository) -> str:
    """Return a first cell's code, such that it installs the package where it is missing."""
    line = f'get_ipython().run_line_magic("pip", "install -q git+{home.url}")'
    return _UNLESS_FOUND.sub(f"    {line}\n    import gdlib as gd\n", source, count=1)


def opens(chapters: Path, home: Repository) -> bool:
    """Tell whether Colab opens a folder's notebooks, and each installs the package from there."""
    if not home.url.startswith(_GITHUB):
        return False
    texts = [path.read_text(encoding="utf-8") for path in chapters.glob("*.ipynb")]
    return bool(texts) and all(f'install -q git+{home.url}\\"' in text for text in texts)


def main(arguments: list[str]) -> int:
    """Write the first cells of a folder's notebooks; return 1 if Colab could not open them."""
    (folder,) = arguments
    home = repository(Path(folder))
    if home is None or not home.url.startswith(_GITHUB):
        has = f"this one is at {home.url}" if home else "this one has no address"
        print(f"Colab opens notebooks of repositories at {_GITHUB}, and {has}.", file=sys.stderr)
        return 1
    for path in sorted(Path(folder).glob("*.ipynb")):
        notebook = read(path)
        cell = next(cell for cell in notebook.cells if "import gdlib" in cell.source)
        cell.source = installing(cell.source, home)
        path.write_text(dumps(notebook), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
