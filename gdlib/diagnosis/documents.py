"""Logs that programs write: a JSON document, and lines of JSON or of Python's dictionaries.

Nothing in them is run.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from typing import Any

from gdlib.diagnosis.cells import Column, Columns, Lines, filled, flat

LONGEST = 100_000
"""Characters of a line that is read as a dictionary of Python's; longer ones cost much memory."""
_FAILS = (ValueError, SyntaxError, RecursionError, MemoryError)


def document(text: str) -> Columns | None:
    """Return the columns of a JSON document, or None if the text is none or holds no log."""
    if text.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        return _of_json(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _of_json(read: Any) -> Columns | None:
    if isinstance(read, list) and read:
        return _of_list(read)
    if isinstance(read, dict):
        lists = {name: part for name, part in flat(_listed(read)) if isinstance(part, list)}
        records = [part for part in lists.values() if part and isinstance(part[0], dict)]
        if records:  # such as a Trainer's state, with its settings beside the history
            return _of_list(max(records, key=len))
        columns: Columns = {}
        for name, cells in lists.items():
            column = columns.setdefault(name, Column())
            for row, cell in enumerate(cells):
                column.add(row, row + 1, cell)
        return {name: column for name, column in columns.items() if column.values}
    return None


def _of_list(read: list[Any]) -> Columns:
    if all(isinstance(item, dict) for item in read):
        return filled(enumerate(read, 1))
    if all(isinstance(item, list) and len(item) == 3 for item in read):  # TensorBoard's
        names = ("wall time", "step", "value")
        return filled((i, dict(zip(names, item, strict=True))) for i, item in enumerate(read, 1))
    return filled((i, {"": cell}) for i, cell in enumerate(read, 1))


def _listed(read: dict[str, Any]) -> dict[str, Any]:
    """Return lists for what pandas writes by default: {"loss": {"0": 2.3, "1": 2.1}}."""
    return {
        name: list(part.values())
        if isinstance(part, dict) and part and all(str(key).isdecimal() for key in part)
        else part
        for name, part in read.items()
    }


def records(lines: Lines) -> Columns | None:
    """Read lines that are dictionaries, among others that are not."""
    if not any("{" in line for _, line in lines):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's own, on odd signs between quotes
        found = [(i, record) for i, line in lines if (record := _dictionary(line)) is not None]
    return filled(found) if found else None


def _dictionary(line: str) -> dict[str, Any] | None:
    # A progress bar or a clock may stand before it in the same line.
    start = line.find("{")
    line = line[start:].strip() if start >= 0 else ""
    if line[-1:] != "}":
        return None
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        read = _of_python(line)
    return read if isinstance(read, dict) else None


def _of_python(line: str) -> Any:
    if len(line) > LONGEST or re.search(r"[{(\[-]{50}", line):
        return None
    # NaN has no literal, and NumPy's numbers are printed with their type around them.
    line = re.sub(r"\b(?:np\.)?(?:float|int)\d+\(([^()]*)\)", r"\1", line)
    quoted = re.sub(
        r"(?<![\w'\".])-?(?:nan|inf(?:inity)?)(?![\w'\".])", r"'\g<0>'", line, flags=re.IGNORECASE
    )
    try:
        return ast.literal_eval(quoted)  # numbers, text and lists alone: nothing is run
    except _FAILS:
        return None
