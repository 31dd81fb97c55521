"""What a reader hands over as a table or a log: a file of text, or a DataFrame.

What stands in them, `tables` and its neighbours read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from gdlib import checks

LARGEST = 200_000_000
"""Characters of a text: more than a million lines."""


def is_frame(given: Any) -> bool:
    """Recognise a table of pandas or Polars."""
    named = checks.attribute(given, "columns") is not None
    return named and callable(checks.attribute(given, "to_dict")) and not checks.is_a(given, type)


def parts(frame: Any) -> dict[str, Any]:
    """Return a DataFrame's columns by their names."""
    called = [str(name) for name in frame.columns]
    for name in called:
        if called.count(name) > 1:
            raise ValueError(f"a table must name its columns differently; {name!r} comes again")
    return {name: frame[column] for name, column in zip(called, frame.columns, strict=True)}


def plain(cell: Any) -> Any:
    """Return the number that is in an array's or a tensor's only cell."""
    if cell is None or checks.is_a(cell, (int, float, str)):
        return cell
    if is_missing(cell):
        return None
    item = checks.attribute(cell, "item")
    try:
        return item() if callable(item) and not checks.attribute(cell, "shape") else cell
    except Exception:  # another library's own
        return cell


def is_missing(cell: Any) -> bool:
    """Recognise what pandas puts where a table has nothing; NaN is a number."""
    return type(cell).__name__ in ("NAType", "NaTType")


def text(given: str | os.PathLike[str], wanted: str) -> str:
    """Return what a text file holds.

    Raises
    ------
    FileNotFoundError
        No such file; `wanted` says what a reader should have given.
    ValueError
        A file of more than 200 million characters.
    """
    path = Path(given)
    what = None
    try:
        if path.is_dir():
            what = "that is a folder"
        elif not path.is_file():
            what = "there is no such file"
    except (OSError, ValueError):  # too long for a name, or with signs that no name has
        what = "there is no such file"
    if what is not None:
        raise FileNotFoundError(f"{wanted}, not {checks.shown(str(given))}: {what}")
    if path.stat().st_size > 4 * LARGEST:  # of Unicode a sign is up to 4 bytes
        raise ValueError(f"a file must have at most {LARGEST:,} characters; this one has more")
    return decoded(path.read_bytes())


def decoded(raw: bytes) -> str:
    """Return the text of a file: UTF-8, or UTF-16, which PowerShell writes."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    for ending, zeros in (("utf-16-le", raw[1:400:2]), ("utf-16-be", raw[:400:2])):
        if zeros and zeros.count(0) > 0.9 * len(zeros):  # the mark before it went lost
            return raw.decode(ending, errors="replace")
    return raw.decode("utf-8", errors="replace")
