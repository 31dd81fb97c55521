"""The claims of a chapter's boxes, captions and quizzes, and what carries each of them.

`tests/data/claims/NN-slug.toml` lists, for each sentence that readers take away, its carriers::

    [[claim]]
    where = "minute"                         # or a figure's name, or a quiz's
    says = "The stable rates are …"          # as the page has it
    carriers = [
      { cell = "stable", shows = "p < 2" },  # a cell of this chapter, and what it prints or says
      { cell = "04-valleys#table" },         # a cell of another one
      { test = "tests/test_x.py::test_y" },
      { source = "boyd2004", at = "§9.3.2" },
    ]

`python -m tests.claims 03` prints the entries that chapter 3 still wants, to be filled in.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import nbformat

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
CHAPTERS = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))
LISTS = ROOT / "tests" / "data" / "claims"


class Claim(NamedTuple):
    """One thing that a page says, and where: "minute", a figure's name or a quiz's."""

    where: str
    says: str


@cache
def cells(chapter: str) -> dict[str, Any]:
    """Return the cells of a chapter by their ids."""
    page = nbformat.read(ROOT / "chapters" / f"{chapter}.ipynb", as_version=4)
    return {cell.id: cell for cell in page.cells}


def claims(chapter: str) -> list[Claim]:
    """List what the box, the captions and the quizzes' answers of a chapter claim."""
    return [
        claim
        for cell in cells(chapter).values()
        for found in (_box, _caption, _feedback)
        for claim in found(cell)
    ]


def _box(cell: Any) -> Iterator[Claim]:
    if ":class: minute" in cell.source:
        body = cell.source.split(":class: minute")[1]
        for bullet in re.findall(r"^- (.*(?:\n  .*)*)", body, re.MULTILINE):
            yield Claim("minute", _line(bullet))


def _caption(cell: Any) -> Iterator[Claim]:
    figure = cell.metadata.get("mystnb", {}).get("figure", {})
    if "caption" in figure:
        yield Claim(figure["name"], _line(figure["caption"]))


def _feedback(cell: Any) -> Iterator[Claim]:
    """Yield the words that each option of a quiz is answered with."""
    if "quiz" not in cell.metadata.get("tags", []):
        return
    for call in ast.walk(ast.parse(cell.source)):
        match call:
            case ast.Call(func=ast.Attribute(attr="Quiz"), args=[ast.Constant(value=name), *_]):
                for option in ast.walk(call):
                    match option:
                        case ast.Call(
                            func=ast.Attribute(attr="Option"),
                            args=[_, ast.Constant(value=said), *_],
                        ):
                            yield Claim(str(name), _line(str(said)))


def _line(text: str) -> str:
    return " ".join(text.split())


def listed(chapter: str) -> dict[Claim, list[dict[str, str]]]:
    """Return the carriers that a chapter's list names for each claim."""
    found = tomllib.loads((LISTS / f"{chapter}.toml").read_text(encoding="utf-8"))
    return {
        Claim(entry["where"], _line(entry["says"])): entry["carriers"] for entry in found["claim"]
    }


def shown(cell: Any) -> str:
    """Return what a reader of a cell reads: its words, or its code and what that prints."""
    parts = [cell.source]
    for output in cell.get("outputs", []):
        parts.append(output.get("text", ""))
        parts += [str(data) for data in output.get("data", {}).values()]
    return "\n".join(parts)


def printed(chapter: str, cell: str) -> str:
    """Return what a reader of a chapter's cell reads."""
    return shown(cells(chapter)[cell])


def fault(chapter: str, carrier: dict[str, str]) -> str | None:
    """Say what is wrong with a carrier; None where it stands."""
    match carrier:
        case {"cell": name, **rest}:
            page, _, name = f"{chapter}#{name}".rpartition("#")
            page = page.rpartition("#")[2]
            if name not in cells(page):
                return f"{page} has no cell {name}"
            text = rest.pop("shows", "")
            if rest:
                return f"a cell has no {', '.join(rest)}"
            return None if text in printed(page, name) else f"{name} does not show {text!r}"
        case {"test": address, **rest} if not rest:
            path, _, name = address.partition("::")
            if not (ROOT / path).is_file():
                return f"no file {path}"
            code = (ROOT / path).read_text(encoding="utf-8")
            named = rf'\bdef {re.escape(name)}\(|^\s*test\("{re.escape(name)}"'
            return None if re.search(named, code, re.MULTILINE) else f"{path} has no test {name}"
        case {"source": key, "at": _, **rest} if not rest:
            known = (ROOT / "references.bib").read_text(encoding="utf-8")
            named = rf"^@\w+\{{{re.escape(key)},"
            return None if re.search(named, known, re.MULTILINE) else f"no reference {key}"
    return f"neither a cell, a test nor a source with its place: {carrier}"


def number_is_carried(claim: Claim, carriers: list[dict[str, str]]) -> bool:
    """Tell whether a claim with digits rests on more than a cell that shows nothing."""
    strong = ("shows", "test", "source")
    return not re.search(r"\d", claim.says) or any(
        key in carrier for carrier in carriers for key in strong
    )


def main(prefixes: list[str]) -> None:
    """Print an empty entry for each claim that its chapter's list does not have."""
    for path in CHAPTERS:
        if not path.stem.startswith(tuple(prefixes)):
            continue
        has = listed(path.stem) if (LISTS / f"{path.stem}.toml").exists() else {}
        for claim in claims(path.stem):
            if claim not in has:
                print(f'[[claim]]\nwhere = "{claim.where}"')
                print(f"says = '''{claim.says}'''\ncarriers = []\n")


if __name__ == "__main__":
    main(sys.argv[1:])
