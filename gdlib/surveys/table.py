"""A reader's table as columns: from a file, its text, a DataFrame, or columns by name.

How text is parted into cells `gdlib.diagnosis.tables` knows, and `cells` there what is a number.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.diagnosis import documents, logs, sources, tables
from gdlib.diagnosis.cells import EMPTY, cut
from gdlib.diagnosis.cells import Column as Read

Array = NDArray[np.float64]

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".json", ".jsonl")
"""A line that ends so is the name of a file."""
GAPS = EMPTY | {"nan", "nat"}
"""What stands in a cell that is a gap, beside words."""
NUMBERS = 0.9
"""A column holds numbers if so many of its filled cells do; the others are then gaps."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a table.

    Attributes
    ----------
    values
        A number for each row, shape (rows,); NaN where there is none.
    texts
        The cells as texts, of a column that is not of numbers alone; else None.
    strange
        The line, or the row, and the text of the first cell that is filled and holds no number.
    odd
        How many such cells there are.
    """

    values: Array
    texts: tuple[str, ...] | None = None
    strange: tuple[int, str] | None = None
    odd: int = 0

    @property
    def numeric(self) -> bool:
        """Whether it is a column of numbers, but for a few cells."""
        numbers = int((~np.isnan(self.values)).sum())
        return numbers > 0 and numbers >= NUMBERS * (numbers + self.odd)


@dataclass(frozen=True, eq=False)
class Table:
    """Columns by name, all of one length, each row with its line in the text, or its number."""

    columns: dict[str, Column]
    places: Sequence[int]
    place: str
    index: str | None = None
    """The column without a name that only counts the rows, as pandas writes its index."""


def is_table(given: Any) -> bool:
    """Tell whether a reader gave a table, or where one is: text of several lines, or JSON, too."""
    if checks.is_a(given, str):
        text = given.strip()
        return "\n" in text or "\r" in text or text[:1] in ("{", "[") or is_name(given)
    return checks.is_a(given, (os.PathLike, Mapping)) or sources.is_frame(given)


def is_name(given: Any) -> bool:
    """Tell whether a reader gave the name of a file."""
    if checks.is_a(given, os.PathLike):
        return True
    text = given.strip()
    return "\n" not in text and "\r" not in text and text.lower().endswith(SUFFIXES)


def read(given: Any) -> Table:
    """Return a table's columns.

    Raises
    ------
    TypeError, ValueError
        No table; columns of different lengths; fewer than two columns.
    FileNotFoundError
        No such file.
    """
    if sources.is_frame(given):
        return _of_columns(sources.parts(given))
    if checks.is_a(given, Mapping):
        return _of_columns({str(name): cells for name, cells in given.items()})
    text = given
    if is_name(given):
        path = given.strip() if checks.is_a(given, str) else given
        text = sources.text(path, "cost must be a Landscape, a formula, a problem or a table")
    if len(text) > sources.LARGEST:
        raise ValueError(f"a table must have at most {sources.LARGEST:,} characters")
    return _of_text(logs.cleaned(text))


def _of_text(text: str) -> Table:
    found = documents.document(text)
    lines = logs.lines(text)
    if found is None and lines:
        found = documents.records(lines)
    if found is not None:
        rows = 1 + max((row for column in found.values() for row in column.rows), default=-1)
        columns = {name: _of_read(column, rows) for name, column in found.items()}
        return _wide(Table(columns, range(1, rows + 1), "row"))
    plain = tables.without_remarks(lines)
    parted = None
    if plain:
        parted = tables.split(plain) or tables.split(tables.numbered(plain))
    if parted is None:
        first = f": its first line is {cut(lines[0][1])}" if lines else ", not nothing"
        raise ValueError(
            f"a table must have names in its first line and numbers in columns below{first}"
        )
    names, cells = parted
    places = [i for i, _ in cells]
    each = zip(names, zip(*(row for _, row in cells), strict=True), strict=True)
    columns = {name: of_cells(column, places) for name, column in each}
    unnamed = names[0] if names[0] == "column 1" and "column 2" not in names else None
    index = unnamed if unnamed is not None and _counts(columns[unnamed].values) else None
    return _wide(Table(columns, places, "line", index))


def _counts(values: Array) -> bool:
    return bool(values[0] in (0, 1) and (np.diff(values) == 1).all())


def _of_read(column: Read, rows: int) -> Column:
    values = np.full(rows, np.nan)
    values[column.rows] = column.values
    return Column(values, None, column.strange, int(column.strange is not None))


def _of_columns(given: dict[str, Any]) -> Table:
    columns, lengths = {}, {}
    for name, cells in given.items():
        columns[name] = column = _of_any(name, cells)
        lengths[len(column.values)] = name
    if len(lengths) > 1:
        (short, one), (long, other) = sorted(lengths.items())[:2]
        raise ValueError(
            f"the columns of a table must be of one length; {one!r} has {short} rows and {other!r}"
            f" {long}"
        )
    rows = next(iter(lengths), 0)
    return _wide(Table(columns, range(1, rows + 1), "row"))


def _of_any(name: str, cells: Any) -> Column:
    array = cells if checks.is_a(cells, np.ndarray) else checks.attribute(cells, "to_numpy")
    try:
        array = np.asarray(array() if callable(array) else cells)
    except Exception:  # rows of different lengths, or whatever a reader's object raises
        array = np.empty(0, object)
    called = f"column {checks.shown(name)} of the cost"
    if array.dtype.kind in "buif" and array.ndim:
        return Column(checks.array(called, cells, shape=(None,), finite=False, copy=True))
    listed = [*map(sources.plain, checks.several(called, cells, sources.LARGEST))]
    return of_cells(listed, range(1, len(listed) + 1))


def of_cells(cells: Sequence[Any], places: Sequence[int]) -> Column:
    """Return a column of texts and numbers."""
    read = Read.of(cells, places)
    values = np.full(len(cells), np.nan)
    values[read.rows] = read.values
    if read.strange is None:
        return Column(values)
    texts = tuple("" if cell is None else str(cell).strip() for cell in cells)
    texts = tuple("" if text.lower() in GAPS else text for text in texts)
    others = set(range(len(cells))).difference(read.rows)
    odd = sum(bool(texts[row]) for row in others)
    return Column(values, texts, read.strange, odd)


def _wide(table: Table) -> Table:
    if len(table.columns) - (table.index is not None) < 2:
        names = ", ".join(checks.shown(name) for name in table.columns) or "none"
        raise ValueError(
            f"a table that is a cost must have a column of features and one of targets, not {names}"
        )
    return table
