"""A log as columns of numbers: tables, JSON, dictionaries, progress lines, bare numbers.

What the columns mean, `columns` says. Nothing in a log is run.
"""

from __future__ import annotations

import ast
import csv
import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gdlib.checks import shown

NUMBER = r"[-+−]?(?:\d[\d_]*(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?|[-+−]?(?:nan|inf(?:inity)?)"
_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x08+|\ufeff")
"""Colours of a terminal, its steps back, and the mark with which some editors begin a file."""
LARGEST = 200_000_000
"""Characters of a log: more than a million lines."""


@dataclass
class Column:
    """A column's numbers, and the rows in which they stand: a log need not have all in each.

    Attributes
    ----------
    rows, values
        Of each number the row, counted from 0, and what it is; NaN and infinities are numbers.
    strange
        The line and the text of the first cell that holds no number, or None.
    """

    rows: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    strange: tuple[int, str] | None = None

    def add(self, row: int, line: int, cell: Any) -> None:
        """Take in a cell: a number, nothing, or what is none."""
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return
        value = number(cell)
        if value is None:
            self.strange = self.strange or (line, str(cell))
            return
        self.rows.append(row)
        self.values.append(value)


Columns = dict[str, Column]


def read(text: str) -> Columns:
    """Return a log's columns by their names; a single one without a name is called "".

    Read are, in this order: a JSON document (a list of numbers or of records, lists by name,
    TensorBoard's triples), lines of JSON or of Python's dictionaries, bare numbers, tables with a
    line of names (commas, semicolons, tabs, bars, spaces), and lines that name their numbers
    ("epoch 3: loss 0.41, val_loss=0.52").

    Raises
    ------
    ValueError
        A log without numbers, or text between them, by its line.
    """
    if len(text) > LARGEST:
        raise ValueError(f"a log must have at most {LARGEST:,} characters, not {len(text):,}")
    text = _TERMINAL.sub("", text)
    # A progress bar goes back to the line's start: each of its states is a line.
    lines = [(i, s) for i, s in enumerate(re.split(r"\r\n|\n|\r", text), 1) if s.strip()]
    if not lines:
        raise ValueError("a log must hold numbers, not nothing")
    if columns := _document(text):
        return columns
    for form in (_records, _bare, _table, _named):
        if columns := form(lines):
            return columns
    raise ValueError(
        f"a log must hold numbers; none was found. Its first line: {_cut(lines[0][1])}"
    )


Lines = list[tuple[int, str]]


def number(cell: Any) -> float | None:
    """Return what a cell says, or None if that is no number; 0,5 is one half."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return None
    if not isinstance(cell, str):
        return float(cell) if isinstance(cell, float) or abs(cell) < 10**308 else math.inf
    plain = cell.strip().replace("−", "-")
    if "," in plain:
        point, comma = plain.rfind("."), plain.rfind(",")
        thousands, decimal = (".", ",") if comma > point else (",", ".")
        plain = plain.replace(thousands, "").replace(decimal, ".")
    return float(plain) if _NUMBER.fullmatch(plain) and plain.count(".") < 2 else None


def _cut(text: str) -> str:
    return shown(text.strip())


def _filled(records: Iterable[tuple[int, dict[str, Any]]]) -> Columns:
    """Return records, each with the line at which it stands, as columns."""
    columns: Columns = {}
    for row, (line, record) in enumerate(records):
        for name, cell in _flat(record):
            columns.setdefault(name, Column()).add(row, line, cell)
    return {name: column for name, column in columns.items() if column.values}


def _flat(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, cell in record.items():
        if isinstance(cell, dict) and before.count("/") < 5:
            yield from _flat(cell, f"{before}{name}/")
        else:
            yield f"{before}{name}", cell


# --- what programs write --------------------------------------------------------------------------


def _document(text: str) -> Columns | None:
    if text.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        return _of_json(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _of_json(read: Any) -> Columns | None:
    """Return a JSON document's columns, or None for what is no log."""
    if isinstance(read, list) and read:
        if all(isinstance(item, dict) for item in read):
            return _filled(enumerate(read, 1))
        if all(isinstance(item, list) and len(item) == 3 for item in read):  # TensorBoard's
            names = ("wall time", "step", "value")
            return _filled((i, dict(zip(names, item, strict=True))) for i, item in enumerate(read))
        return _filled((i, {"": cell}) for i, cell in enumerate(read, 1))
    if isinstance(read, dict):
        lists = {name: part for name, part in read.items() if isinstance(part, list) and part}
        records = [part for part in lists.values() if isinstance(part[0], dict)]
        if records:  # such as a Trainer's state, with its settings beside the history
            return _of_json(max(records, key=len))
        columns: Columns = {}
        for name, cells in lists.items():
            column = columns.setdefault(name, Column())
            for row, cell in enumerate(cells):
                column.add(row, row + 1, cell)
        return {name: column for name, column in columns.items() if column.values}
    return None


def _records(lines: Lines) -> Columns | None:
    """Read lines that are dictionaries, among others that are not."""
    found = [(i, record) for i, line in lines if (record := _dictionary(line)) is not None]
    return _filled(found) if found else None


def _dictionary(line: str) -> dict[str, Any] | None:
    # A progress bar may stand before it in the same line.
    line = line[line.find("{") :].strip()
    if line[:1] != "{" or line[-1:] != "}":
        return None
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        quoted = re.sub(r"(?<![\w'\".])-?(?:nan|inf)(?![\w'\".])", r"'\g<0>'", line)
        try:
            read = ast.literal_eval(quoted)  # numbers, text and lists alone: nothing is run
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return None
    return read if isinstance(read, dict) else None


# --- numbers alone --------------------------------------------------------------------------------


def _bare(lines: Lines) -> Columns | None:
    """Read numbers alone, with a name above them or without; several a line are columns."""
    if len(lines) > 1 and _of_line(lines[0][1]) is None:
        name, lines = lines[0][1].strip().strip("\"'"), lines[1:]
        several = len(_of_line(lines[0][1]) or "") > 1
        if re.search(r"[,;\t|{}]", name) or (" " in name and several):
            return None  # the names of a table
    else:
        name = ""
    rows = [(i, _of_line(line)) for i, line in lines]
    good = sum(row is not None for _, row in rows)
    if good < len(rows):
        strange = next(
            (i, line) for (i, row), (_, line) in zip(rows, lines, strict=True) if row is None
        )
        if 2 * good > len(rows) and not _pairs(strange[1]):
            raise ValueError(f"line {strange[0]}: a number was wanted, not {_cut(strange[1])}")
        return None
    widths = {len(row) for _, row in rows if row}
    if len(widths) == 1 and widths != {1} and len(rows) > 1 and "[" not in lines[0][1]:
        names = [f"column {j + 1}" for j in range(widths.pop())]
        return _filled((i, dict(zip(names, row or [], strict=True))) for i, row in rows)
    return _filled((i, {name: cell}) for i, row in rows for cell in row or [])


def _of_line(line: str) -> list[str] | None:
    """Return a line's numbers, or None if it holds anything else."""
    line = line.strip().strip("[](),;")
    parts = re.split(r"[\s;]+", line)
    if any("," in part for part in parts):
        # 2,3 alone in a line is 2.3; with a space or a point at hand a comma ends a number.
        whole = [part.rstrip(",") for part in parts]
        single = all(_NUMBER.fullmatch(part) for part in whole)
        parts = (
            whole
            if single and not (len(whole) == 1 and "." in line)
            else re.split(r"[\s,;]+", line)
        )
    return parts if all(_NUMBER.fullmatch(part) for part in parts) else None


# --- tables and progress lines --------------------------------------------------------------------


def _table(lines: Lines) -> Columns | None:
    """Read a table whose first line names its columns."""
    for mark in ("\t", ";", ",", "|", None):
        names = _cells(lines[0][1], mark)
        if len(names) < 2 or any(number(name) is not None for name in names) or not all(names):
            continue
        rows = [(i, _cells(line, mark)) for i, line in lines[1:]]
        rows = [
            (i, row) for i, row in rows if row != names and any(re.search(r"\w", c) for c in row)
        ]
        fits = [len(row) == len(names) for _, row in rows]
        if mark == "," and rows and not any(fits) and all(len(r) > len(names) for _, r in rows):
            raise ValueError(
                f"line {rows[0][0]} has {len(rows[0][1])} cells for {len(names)} names: with a"
                " comma as the decimal sign, columns must stand between semicolons or tabs"
            )
        if not rows or sum(fits) < max(1, 0.9 * len(rows)):
            continue
        if not any(number(cell) is not None for _, row in rows for cell in row):
            continue
        unique = [
            name if name not in names[:j] else f"{name} {j + 1}" for j, name in enumerate(names)
        ]
        return _filled((i, dict(zip(unique, row, strict=False))) for i, row in rows)
    return None


def _cells(line: str, mark: str | None) -> list[str]:
    if mark is None:
        return line.split()
    if mark == "|":
        line = line.strip().strip("|")
    return [cell.strip() for cell in next(csv.reader([line], delimiter=mark))]


_PAIR = re.compile(rf"(?<![\w.])(?:{NUMBER})(?![\w.])", re.IGNORECASE)
_APART = re.compile(r"[,;|()\t]|\s[-–—]\s|/")


def _pairs(line: str) -> dict[str, str]:
    """Return the numbers of a line that stand behind their names."""
    found, end = {}, 0
    for match in _PAIR.finditer(line):
        before = _APART.split(line[end : match.start()])[-1]
        name = " ".join(re.findall(r"[^\W\d][\w'’./-]*|[‖∥][^‖∥]+[‖∥]", before))
        end = match.end()
        if name and line[end : end + 1] != "%":
            found[name.rstrip(".-'")] = match[0].rstrip(",")
    return found


def _named(lines: Lines) -> Columns | None:
    """Read lines that name their numbers, among others that do not."""
    return _filled((i, dict(_pairs(line))) for i, line in lines)
