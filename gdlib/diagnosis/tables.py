"""Logs that are tables: columns below their names, or numbers alone."""

from __future__ import annotations

import csv
import re

from gdlib.diagnosis.cells import Columns, Lines, cut, filled, is_number, number

MARKS = ("\t", ";", ",", "|", "  ", None)
"""What stands between columns, in the order in which it is tried; None is any space."""
FITS = 0.9
"""So many lines of a table have a cell for each of its names."""


def without_remarks(lines: Lines) -> Lines:
    """Return lines without remarks behind #; above numbers alone, the last one names columns."""
    rest = [(i, line) for i, line in lines if not line.lstrip().startswith("#")]
    if len(rest) == len(lines) or not rest:
        return rest
    above = [(i, line.strip("# ")) for i, line in lines if i < rest[0][0]]
    row = _of_line(rest[0][1])
    if above and row is not None:
        for mark in MARKS:
            if len(_cells(above[-1][1], mark)) == len(row):
                return [above[-1], *rest]
    return rest


# --- numbers alone --------------------------------------------------------------------------------


def bare(lines: Lines) -> Columns | None:
    """Read numbers alone, with a name above them or without; several a line are columns."""
    name = ""
    if len(lines) > 1 and _of_line(lines[0][1]) is None:
        name, lines = lines[0][1].strip().strip("\"'"), lines[1:]
        several = len(_of_line(lines[0][1]) or "") > 1
        if re.search(r"[,;\t|{}=:]", name) or (" " in name and several):
            return None  # the names of a table, or a line of something else
    rows = [(i, _of_line(line)) for i, line in lines]
    good = sum(row is not None for _, row in rows)
    if good < len(rows):
        number, line = next(pair for pair, (_, row) in zip(lines, rows, strict=True) if row is None)
        if 2 * good > len(rows) and not re.search(r"[=:]\s*[-+]?\.?\d", line):
            raise ValueError(f"line {number}: a number was wanted, not {cut(line)}")
        return None
    widths = {len(row) for _, row in rows if row}
    if len(widths) == 1 and widths != {1} and len(rows) > 1 and "[" not in lines[0][1]:
        names = [f"column {j + 1}" for j in range(widths.pop())]
        return filled((i, dict(zip(names, row or [], strict=True))) for i, row in rows)
    return filled((i, {name: cell}) for i, row in rows for cell in row or [])


def _of_line(line: str) -> list[str] | None:
    """Return a line's numbers, or None if it holds anything else."""
    line = line.strip().strip("[](),;").strip()
    if line[:1].isalpha() and line[:1] not in "nNiI":
        return None
    parts = [part.strip("\"'") for part in re.split(r"[\s;]+", line)]
    if any("," in part for part in parts):
        # 2,3 alone in a line is 2.3; with a space or a point at hand a comma ends a number.
        whole = [part.rstrip(",") for part in parts]
        single = all(map(is_number, whole)) and not (len(whole) == 1 and "." in line)
        parts = whole if single else re.split(r"[\s,;]+", line)
    return parts if all(map(is_number, parts)) else None


# --- columns below their names --------------------------------------------------------------------


def table(lines: Lines) -> Columns | None:
    """Read a table whose first line names its columns."""
    for mark in MARKS:
        names = _names(lines[0][1], mark)
        if names is None:
            continue
        rows = [(i, _trimmed(_cells(line, mark), len(names))) for i, line in lines[1:]]
        rows = [(i, row) for i, row in rows if any(map(str.isalnum, "".join(row)))]
        rows = [(i, row) for i, row in rows if _trimmed(row, len(names)) != names]
        if mark == ",":
            _refuse_decimal_commas(rows, len(names))
        fits = sum(len(row) == len(names) for _, row in rows)
        if not rows or fits < max(1, FITS * len(rows)):
            continue
        if fits < len(rows) and mark is not None:
            i, row = next((i, row) for i, row in rows if len(row) != len(names))
            if len(row) > len(names):
                raise ValueError(f"line {i} has {len(row)} cells for {len(names)} names")
        if not any(number(cell) is not None for _, row in rows for cell in row):
            continue
        thousands = mark == "," or any(re.fullmatch(r"-?\d+\.\d+", c) for _, r in rows for c in r)
        return filled(
            (i, dict(zip(names, _plain(row, thousands), strict=False))) for i, row in rows
        )
    return None


def _names(line: str, mark: str | None) -> list[str] | None:
    """Return the names in a table's first line; those that are empty or come again get others."""
    names = _cells(line, mark)
    while names and not names[-1]:
        names.pop()
    if len(names) < 2 or sum(not name for name in names) > 1:
        return None
    if any(number(name) is not None or re.search(r"\d[.:]\d", name) for name in names):
        return None
    # The first column of what pandas writes, its index, has no name.
    names = [name or f"column {j + 1}" for j, name in enumerate(names)]
    return [name if name not in names[:j] else f"{name} {j + 1}" for j, name in enumerate(names)]


def _refuse_decimal_commas(rows: list[tuple[int, list[str]]], count: int) -> None:
    broken = rows and all(len(row) > count and all(map(is_number, row)) for _, row in rows)
    if broken:
        raise ValueError(
            f"line {rows[0][0]} has {len(rows[0][1])} cells for {count} names: with a comma as the"
            " decimal sign, columns must stand between semicolons or tabs"
        )


def _trimmed(row: list[str], count: int) -> list[str]:
    while len(row) > count and not row[-1]:
        row = row[:-1]
    return row


def _plain(row: list[str], thousands: bool) -> list[str]:
    """Return cells without the commas between thousands, where these cannot be decimal signs."""
    if not thousands:
        return row
    return [
        f"{value:.17g}" if "," in cell and (value := number(cell, True)) is not None else cell
        for cell in row
    ]


def _cells(line: str, mark: str | None) -> list[str]:
    if mark is None:
        return line.split()
    if mark == "  ":
        return re.split(r"\s{2,}", line.strip())
    if mark == "|":
        line = line.strip().strip("|")
    if '"' in line:
        try:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=mark))]
        except (csv.Error, StopIteration):
            pass
    return [cell.strip() for cell in line.split(mark)]
