"""Logs that are tables: columns below their names, or numbers alone."""

from __future__ import annotations

import csv
import re

from gdlib.diagnosis.cells import Column, Columns, Lines, cut, filled, is_number, number

MARKS = ("\t", ";", ",", "|", "  ", None)
"""What stands between columns, in the order in which it is tried; None is any space."""
_SAYS = re.compile(r"[^\W_]")
"""A line without these only draws: ---|---."""
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
    try:
        float(line)
    except ValueError:
        pass
    else:
        return [line.strip()]
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
    found = split(lines)
    if found is None:
        return None
    names, rows = found
    numbers = [i for i, _ in rows]
    cells = zip(*(row for _, row in rows), strict=True)
    columns = {n: Column.of(c, numbers) for n, c in zip(names, cells, strict=True)}
    return {name: column for name, column in columns.items() if column.values}


Rows = list[tuple[int, list[str]]]
"""A table's rows, each with its line, as the texts of its cells."""


def split(lines: Lines) -> tuple[list[str], Rows] | None:
    """Return the names in a table's first line, and the cells below; None if it is no table."""
    for mark in MARKS:
        names = _names(lines[0][1], mark)
        if names is None:
            continue
        rows = [(i, _trimmed(_cells(s, mark), len(names))) for i, s in lines[1:] if _SAYS.search(s)]
        rows = [(i, row) for i, row in rows if row != names]
        if any(number(cell) is not None for _, row in rows for cell in row) and _fits(
            rows, len(names), mark
        ):
            if any("," in cell for _, row in rows for cell in row):
                points = any(re.fullmatch(r"-?\d+\.\d+", cell) for _, row in rows for cell in row)
                rows = [(i, _plain(row, mark == "," or points)) for i, row in rows]
            return names, rows
    return None


def numbered(lines: Lines) -> Lines:
    """Return lines below names "column 1", "column 2", … if the first one holds numbers."""
    for mark in MARKS:
        cells = _cells(lines[0][1], mark)
        if len(cells) > 1 and any(number(cell) is not None for cell in cells):
            gap = "_" if mark is None else " "
            names = (f"column{gap}{j}" for j in range(1, len(cells) + 1))
            return [(0, (mark or " ").join(names)), *lines]
    return lines


def _fits(rows: list[tuple[int, list[str]]], count: int, mark: str | None) -> bool:
    """Tell whether rows have a cell for each name; refuse those of a table with other lines."""
    if mark == ",":
        _refuse_decimal_commas(rows, count)
    odd = [(i, row) for i, row in rows if len(row) != count]
    said = [(i, row) for i, row in odd if any(number(cell) is not None for cell in row)]
    if 2 * len(odd) > len(rows):
        return False
    if said and mark in ("\t", ";", ",", "|"):
        i, row = said[0]
        raise ValueError(f"line {i}: {count} cells were wanted, one a name, not {len(row)}")
    rows[:] = [(i, row) for i, row in rows if len(row) == count]  # a warning between
    return mark is not None or not odd or len(odd) < (1 - FITS) * len(rows)


def _names(line: str, mark: str | None) -> list[str] | None:
    """Return the names in a table's first line; those that are empty or come again get others."""
    names = _cells(line, mark)
    while names and not names[-1]:
        names.pop()
    if len(names) < 2 or sum(not name for name in names) > 1:
        return None
    if any(number(name) is not None or re.search(r"\d[.:]\d", name) for name in names):
        return None
    unique: dict[str, None] = {}
    for j, name in enumerate(names, 1):
        # The first column of what pandas writes, its index, has no name.
        unique[(name or f"column {j}") if name not in unique else f"{name} ({j})"] = None
    return list(unique) if len(unique) == len(names) else None


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
    return [*map(str.strip, line.split(mark))]
