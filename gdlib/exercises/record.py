"""What a reader has answered, kept for this session and, if wanted, in a file.

Levels only rise, and two records are merged by taking the higher level of each name: whatever is
merged, in whatever order, nothing that is done is lost.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gdlib.exercises.levels import FORMAT, LEVELS, LONGEST, NAME, REFUSALS, VERSION

Entries = dict[str, dict[str, str]]
"""Level by name, by kind: "quizzes" and "exercises"."""


class Record:
    """The levels of all that has been answered, and the file that keeps them, if there is one."""

    def __init__(self) -> None:
        self.entries: Entries = {kind: {} for kind in LEVELS}
        self.file: Path | None = None
        self.trouble = ""
        self._turn = threading.RLock()

    def note_exercise(self, name: str, correct: bool) -> None:
        """Note that an exercise has been tried, and whether it was right."""
        self._note("exercises", name, "right" if correct else "tried")

    def note_quiz(self, name: str, correct: bool) -> None:
        """Note the first answer of a try; a right one after a wrong one mends that."""
        with self._turn:
            failed = self.entries["quizzes"].get(name) == "wrong"
            self._note("quizzes", name, ("mended" if failed else "right") if correct else "wrong")

    def _note(self, kind: str, name: str, level: str) -> None:
        with self._turn:
            if self.merge({kind: {name: level}}) and self.file is not None:
                self._write(self.file)

    def merge(self, other: Mapping[str, Mapping[str, str]]) -> bool:
        """Take the higher level of each name; return whether anything has risen."""
        risen = False
        for kind, levels in other.items():
            mine, order = self.entries[kind], LEVELS[kind]
            for name, level in levels.items():
                if name not in mine or order.index(mine[name]) < order.index(level):
                    mine[name] = level
                    risen = True
        return risen

    def keep(self, file: Path) -> None:
        """Load a file if it is there, and write to it from now on.

        Raises ValueError for a file that is not ours, which stays as it is; OSError for one that
        cannot be read or written.
        """
        with self._turn:
            self._exchange(file)
            self.file, self.trouble = file, ""

    def _write(self, file: Path) -> None:
        """Write; a disk that is full or a file that was spoilt must not stop an exercise."""
        try:
            self._exchange(file)
        except (OSError, ValueError) as error:
            self.trouble = str(error)
        else:
            self.trouble = ""

    def _exchange(self, file: Path) -> None:
        """Take what the file has, which another notebook may have written, and write both."""
        if file.exists():
            self.merge(read(file))
        new = file.with_name(f"{file.name}.new")
        new.write_text(text_of(self.entries), encoding="utf-8")
        new.replace(file)


SESSION = Record()
"""What this kernel has seen."""


def read(file: Path) -> Entries:
    """Return what a file holds; raises ValueError, with the reason, if it is not ours."""
    try:
        with file.open(encoding="utf-8-sig") as opened:
            return entries_of(opened.read(LONGEST + 1))
    except UnicodeDecodeError:
        raise ValueError(f"{file} was not read: {REFUSALS['text']}") from None
    except ValueError as error:
        raise ValueError(f"{file} was not read: {error}") from None


def entries_of(text: str) -> Entries:
    """Return what the text of a file holds; raises ValueError, with the reason."""
    if len(text) > LONGEST:
        raise ValueError(REFUSALS["long"])
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(REFUSALS["text"]) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError(REFUSALS["format"])
    if found.get("version") != VERSION or isinstance(found["version"], bool):
        raise ValueError(REFUSALS["version"])
    entries = {kind: found.get(kind, {}) for kind in LEVELS}
    if not all(_are_ours(kind, levels) for kind, levels in entries.items()):
        raise ValueError(REFUSALS["entry"])
    return entries


def _are_ours(kind: str, levels: Any) -> bool:
    return isinstance(levels, dict) and all(
        re.fullmatch(NAME, name) and level in LEVELS[kind] for name, level in levels.items()
    )


def text_of(entries: Entries) -> str:
    """Return the text of a file."""
    ordered = {kind: dict(sorted(entries[kind].items())) for kind in LEVELS}
    return json.dumps({"format": FORMAT, "version": VERSION, **ordered}, indent=1) + "\n"
