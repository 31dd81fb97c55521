"""Take the words of this book and keep them: `python tests/data/make_book_words.py`.

It writes `gdlib/problems/book.txt.gz`, which chapter 19 learns from: one page a line, in lower
case, without formulas, code and numbers. Chapters change, and what was learned from them must
not; so this was run once, and the chapter's numbers are those of that day's text.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
KEPT = ROOT / "gdlib" / "problems" / "book.txt.gz"
PAGES = ("faq.md", "diagnose.md", "glossary.md")

REPLACED = {
    r"(?ms)^```.*?^```": " ",
    r"(?s)\$\$.*?\$\$|\$[^$]*\$": " ",
    r"\{(?:cite\S*?|doc|numref|eq)\}`[^`]*`|\{ref\}`[^`<]*`": " ",
    r"\{\w+\}`([^`<]*?)\s*(?:<[^`]*>)?`": r"\1",  # the words of a role, such as a link
    r"`[^`]*`": " ",
    r"(?m)^\s*:{3,}.*$|^\s*:\w[\w-]*:.*$|^\(.*\)=$": " ",  # directives, options, labels
    r"<[!/a-z][^>]*>|\]\([^)]*\)|https?://\S+|\w+\.\w+\w(?:\.\w+)*": " ",
}
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")


def words(text: str) -> list[str]:
    """Return the words of a text in MyST, in lower case."""
    for pattern, instead in REPLACED.items():
        text = re.sub(pattern, instead, text)
    found = WORD.findall(text.lower())
    plain = (re.sub(r"['’]s$", "", word) for word in found)
    return [word for word in plain if re.fullmatch(r"[a-zà-ÿ][a-zà-ÿ'’-]+|[ai]", word)]


def said_in(cell: dict[str, object]) -> Iterator[str]:
    """Yield what a cell of a notebook says in words: its text, its caption, its quiz."""
    source = "".join(cell["source"])  # type: ignore[arg-type]
    if cell["cell_type"] == "markdown":
        yield source
        return
    shown = cell["metadata"].get("mystnb", {})  # type: ignore[attr-defined]
    yield shown.get("figure", {}).get("caption", "")
    yield shown.get("image", {}).get("alt", "")
    if "gd.Quiz(" in source:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and " " in str(node.value):
                yield str(node.value)


def pages() -> Iterator[list[str]]:
    """Yield the words of each page: of the chapters up to 15, then of the pages after them."""
    for path in sorted((ROOT / "chapters").glob("[01][0-9]-*.ipynb")):
        if path.name < "16":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            yield words("\n\n".join(text for cell in cells for text in said_in(cell)))
    for name in PAGES:
        yield words((ROOT / "chapters" / name).read_text(encoding="utf-8"))


def main() -> None:
    """Write the file, with no time in it: the same text gives the same bytes."""
    text = "".join(" ".join(page) + "\n" for page in pages())
    KEPT.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
