"""The cells of a log: what is a number, and how numbers stand in columns.

How a log is parted into cells, `logs` and its neighbours know; what columns mean, `columns`.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gdlib import checks

NUMBER = (
    r"[-+−]?(?:\d+(?:_\d+)*(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+−]?\d+|[dD][-+]\d+)?"
    r"|[-+−]?(?:nan|inf(?:inity)?)|-?1\.#(?:inf|ind|qnan)\d*"  # the last as old Windows writes it
)
_NUMBER = re.compile(NUMBER, re.IGNORECASE)
GROUPS = r"[1-9]\d{0,2}(?:,\d{3})+"
"""Thousands between commas, or so it may be: 1,234 is 1.234 where the comma is the decimal sign."""
_GROUPS = re.compile(rf"[-+−]?{GROUPS}")
_MILLIONS = re.compile(r"[-+−]?[1-9]\d{0,2}(?:,\d{3}){2,}")

Lines = list[tuple[int, str]]
"""The lines of a log that are not empty, each with its number, counted from 1."""


@dataclass
class Column:
    """A column's numbers, and the rows in which they stand: a log need not have all in each.

    Attributes
    ----------
    rows, values
        Of each number the row, counted from 0, and what it is; NaN and infinities are numbers.
    strange
        The line and the text of the first cell that holds no number, or None.
    prose
        Whether its name was found in running text, where anything may stand before a number.
    """

    rows: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    strange: tuple[int, str] | None = None
    prose: bool = False

    @classmethod
    def of(cls, cells: Sequence[Any], lines: Sequence[int]) -> Column:
        """Return a column of cells, each with its line."""
        try:
            return cls([*range(len(cells))], [*map(float, cells)])
        except (TypeError, ValueError, OverflowError):
            column = cls()
            for row, (cell, line) in enumerate(zip(cells, lines, strict=True)):
                column.add(row, line, cell)
            return column

    def add(self, row: int, line: int, cell: Any) -> None:
        """Take in a cell: a number, nothing, or what is none."""
        value = number(cell)
        if value is not None:
            self.rows.append(row)
            self.values.append(value)
        elif cell is not None and not (isinstance(cell, str) and cell.strip().lower() in EMPTY):
            self.strange = self.strange or (line, cell if isinstance(cell, str) else repr(cell))


Columns = dict[str, Column]

EMPTY = {"", "-", "–", "—", "none", "null", "na", "n/a", "<na>"}
"""How tables write a cell without a number; "nan" is one."""


def number(cell: Any, thousands: bool = False) -> float | None:
    """Return what a cell says, or None if that is no number.

    0,5 is one half; 1,234 is too little above one, unless commas are said to part thousands.
    """
    if isinstance(cell, str):
        try:
            return float(cell)  # as nearly all are written
        except ValueError:
            pass
        return _read(cell.strip().replace("−", "-"), thousands)
    if isinstance(cell, bool) or not isinstance(cell, (int, float, numbers.Real)):
        return None
    try:
        return float(cell)
    except OverflowError:  # a whole number or a fraction beyond all floats
        return -math.inf if str(cell)[:1] == "-" else math.inf


def _read(plain: str, thousands: bool) -> float | None:
    if "," in plain:
        if (_GROUPS if thousands else _MILLIONS).fullmatch(plain):
            plain = plain.replace(",", "")
        point, comma = plain.rfind("."), plain.rfind(",")
        apart, decimal = (".", ",") if comma > point else (",", ".")
        plain = plain.replace(apart, "").replace(decimal, ".")
    if re.search(r"[\d.][dD][-+]", plain):  # as Fortran writes
        plain = plain.lower().replace("d", "e")
    if "#" in plain:
        plain = "inf" if "inf" in plain.lower() else "nan"
    return float(plain) if _NUMBER.fullmatch(plain) and plain.count(".") < 2 else None


def is_number(text: str) -> bool:
    """Tell whether a text is one number and nothing else."""
    return _NUMBER.fullmatch(text) is not None


MOST_NAMES = 1000
"""Names before numbers in running text; where there are more, it is no log."""


def filled(records: Iterable[tuple[int, dict[str, Any]]], *, prose: bool = False) -> Columns:
    """Return records, each with the line at which it stands, as columns that hold numbers."""
    columns: Columns = {}
    for row, (line, record) in enumerate(records):
        deep = any(isinstance(cell, dict) for cell in record.values())
        for name, cell in flat(record) if deep else record.items():
            column = columns.get(name)
            if column is None:
                if prose and len(columns) == MOST_NAMES:
                    raise ValueError(
                        f"a log must name its numbers alike; line {line} has new names"
                    )
                column = columns[name] = Column(prose=prose)
            column.add(row, line, cell)
    return {name: column for name, column in columns.items() if column.values}


def flat(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Go through a record's cells; those of a record within are called "train/loss"."""
    for name, cell in record.items():
        if isinstance(cell, dict) and before.count("/") < 5:
            yield from flat(cell, f"{before}{name}/")
        else:
            yield f"{before}{name}", cell


def cut(text: str) -> str:
    """Return a line as an error shows it."""
    return checks.shown(text.strip()[:200])
