"""A log's text as columns of numbers: tables, JSON, dictionaries, progress lines, bare numbers.

What the columns mean, `columns` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from gdlib.diagnosis.cells import GROUPS, NUMBER, Columns, Lines, cut, filled
from gdlib.diagnosis.documents import document, records
from gdlib.diagnosis.names import HELD_OUT, TRAIN
from gdlib.diagnosis.sources import LARGEST
from gdlib.diagnosis.tables import bare, table, without_remarks

_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x08+|\ufeff|\x00+")
"""Colours of a terminal, its steps back, the mark with which some editors begin a file, and what
a machine that went down leaves in it."""


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
    text = cleaned(text)
    if columns := document(text):
        return columns
    read = lines(text)
    if not read:
        raise ValueError("a log must hold numbers, not nothing")
    if columns := records(read):
        return columns
    read = _final(read)
    plain = without_remarks(read)
    columns = (bare(plain) or table(plain)) if plain else None
    if columns := columns or _named(read):
        return columns
    raise ValueError(f"a log must hold numbers; none was found. Its first line: {cut(read[0][1])}")


def cleaned(text: str) -> str:
    """Return a text without what belongs to a terminal or an editor."""
    return _TERMINAL.sub("", text).encode("utf-8", "replace").decode()


def lines(text: str) -> Lines:
    """Return the lines that are not empty; a progress bar's states are lines of one number."""
    numbered = enumerate(text.replace("\r\n", "\n").split("\n"), 1)
    return [(i, state) for i, line in numbered for state in line.split("\r") if state.strip()]


# --- progress bars --------------------------------------------------------------------------------

_BAR = re.compile(
    r"\s*\d+%\|[^|]*\|\s*(\d+)/(\d+) \[[^,\]]*,?[^,\]]*|(?<!\S)(\d+)(it) \[[^,\]]*,[^,\]]*"
)
"""tqdm's: " 10%|█   | 47/469 [00:01<00:10, 45.1it/s", and what it shows of an unknown length."""
_TALLY = re.compile(r"\s*(\d+)/(\d+)\s+[\[━=.>]")
"""Keras's: "469/469 ━━━━━" or "469/469 [=====]"."""


def _final(lines: Lines) -> Lines:
    """Return lines with one state of a progress bar for each loss that it shows."""
    if not any("/" in line or "it [" in line for _, line in lines):
        return lines
    tallies = [_TALLY.match(line) for _, line in lines]
    if any(tally and tally[1] == tally[2] for tally in tallies):
        # Keras's bar shows means of the epoch so far; the last is the epoch's loss.
        pairs = zip(lines, tallies, strict=True)
        lines = [line for line, tally in pairs if not tally or tally[1] == tally[2]]
    return _without_bars(lines)


def _without_bars(lines: Lines) -> Lines:
    """Return lines with a step in the place of tqdm's bar.

    Where a loop sets what the bar shows, it is drawn twice a step: with the new loss and the old
    count, then with the new count, or only now and then. Such counts lag, and are left out.
    """
    states = [_state(line) for _, line in lines]
    twice = any(a and a[0] == b[0] and a[1] != b[1] for a, b in pairwise(states) if b)
    found: Lines = []
    for (i, line), state, before in zip(lines, states, [None, *states], strict=False):
        if state is None:
            found.append((i, line))
            continue
        (name, count, total), shown = state
        if before is not None and before[1] == shown and before[0][0] == name:
            moved = before[0] != state[0]
            if twice if moved else (not twice or count == total):
                continue
        found.append((i, f"{name}{shown}" if twice else f"{name}, step {count}{shown}"))
    return found


def _state(line: str) -> tuple[tuple[str, str, str], str] | None:
    """Return a bar's name, count and length, and what is shown behind it."""
    bar = _BAR.search(line)
    if bar is None:
        return None
    name = line[: bar.start()].rstrip(": ")
    return (name, bar[1] or bar[3], bar[2] or bar[4]), line[bar.end() :]


# --- lines that name their numbers ----------------------------------------------------------------

_PAIR = re.compile(
    # No part of a word, a version (1.2.3), a time (00:10), a date (2024-05-01) or its like.
    rf"(?<![\w.])(?<!\d[:-])(?:{NUMBER})(?!\w|\.\w|[:-]\d)",
    re.IGNORECASE,
)
_APART = re.compile(r"[,;|()\t]|\s[-–—]\s|/")
_NAME = re.compile(r"[^\W\d][\w'’./-]*|[‖∥][^‖∥]+[‖∥]")
_ROUND = re.compile(r"\s*\[(\d+)\]\s")
_THOUSANDS = re.compile(rf"(?<![\w.,]){GROUPS}(?![\w,])")
LEVELS = {"DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL", "FATAL"}
"""What loggers write before a message; an ERROR is no loss."""
_TYPES = re.compile(r"\b(?:tensor|array|(?:np\.)?float\d*)\(")
"""What Python prints around a number that is an array's."""


def _pairs(line: str) -> list[dict[str, str]]:
    """Return the numbers of a line that stand behind their names; names that come again, in rows.

    In "train: loss 0.5, acc 0.8 | val: acc 0.7, loss 0.6" there are a train loss and a val loss.
    """
    found, end, part = [], 0, ""
    if rounds := _ROUND.match(line):  # as boosted trees count
        found.append(("", "round", rounds[1]))
        end = rounds.end()
    for match in _PAIR.finditer(line, end):
        before = _APART.split(line[end : match.start()])[-1]
        said = [word for word in _NAME.findall(before[-200:]) if word not in LEVELS]
        end = match.end()
        if said and line[end : end + 1] != "%":
            part = said[0] if len(said) > 1 and said[0].lower() in HELD_OUT | TRAIN else part
            found.append((part, " ".join(said).rstrip(".-'"), match[0].rstrip(",.")))
    return _rows(found)


def _rows(found: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    """Return a line's numbers as rows, in which no name comes again."""
    rows: list[dict[str, str]] = [{}]
    for part, name, number in found:
        if name in rows[-1] or (part and f"{part} {name}" in rows[-1]):
            rows.append({})
        rows[-1][name if not part or name.startswith(part) else f"{part} {name}"] = number
    return rows


def _named(lines: Lines) -> Columns:
    """Read lines that name their numbers, among others that do not."""
    points = any(re.search(r"\d\.\d", line) for _, line in lines)

    def rows() -> Iterator[tuple[int, dict[str, Any]]]:
        for i, line in lines:
            if points and "," in line:
                line = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), line)
            if "(" in line:
                line = _TYPES.sub("", line)
            for row in _pairs(line):
                yield i, dict(row)

    return filled(rows(), prose=True)
