"""`progress()`: what is done and what is open, chapter by chapter."""

from __future__ import annotations

import html
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gdlib import checks
from gdlib.console import printable
from gdlib.exercises import registry
from gdlib.exercises.record import SESSION, Record

_COLUMNS = ("Chapter", "Right", "Tried", "Open", "Predictions")
_QUIZ_WORDS = {"right": "right", "mended": "right at a later try", "wrong": "to make again"}


@dataclass(frozen=True)
class ChapterProgress:
    """One chapter: its exercises, each in one of three tuples, and its predictions' levels."""

    number: int
    name: str
    right: tuple[str, ...]
    tried: tuple[str, ...]
    open: tuple[str, ...]
    predictions: tuple[tuple[str, str], ...]

    @property
    def begun(self) -> bool:
        """Whether anything here has been answered."""
        return bool(self.right or self.tried or self.predictions)

    @property
    def to_predict_again(self) -> tuple[str, ...]:
        """The predictions that were wrong at first and not made rightly since."""
        return tuple(name for name, level in self.predictions if level == "wrong")


@printable
@dataclass(frozen=True, repr=False)
class Progress:
    """Where a reader is: the chapters in order, and in words where that is kept."""

    chapters: tuple[ChapterProgress, ...]
    kept: str

    def __repr__(self) -> str:
        """Return a line for each chapter, and the names of what is open where one has begun."""
        width = max((len(chapter.name) for chapter in self.chapters), default=0)
        lines = [line for chapter in self.chapters for line in _lines(chapter, width)]
        return "\n".join([self._sum(), *lines, self.kept])

    def _sum(self) -> str:
        right = sum(len(chapter.right) for chapter in self.chapters)
        tried = sum(len(chapter.tried) for chapter in self.chapters)
        left = sum(len(chapter.open) for chapter in self.chapters)
        made = sum(len(chapter.predictions) for chapter in self.chapters)
        again = sum(len(chapter.to_predict_again) for chapter in self.chapters)
        said = [f"{right} of {right + tried + left} exercises right"]
        said += [f"{tried} tried"] if tried else []
        predicted = f"{made} prediction{'s' * (made != 1)} made"
        return f"{', '.join(said)}; {predicted}{f', {again} to make again' if again else ''}"

    def _repr_html_(self) -> str:
        """Return the same as a table; it takes the notebook's colours."""
        head = "".join(f'<th scope="col">{title}</th>' for title in _COLUMNS)
        rows = "".join(map(_row, self.chapters))
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"<p>{html.escape(self._sum())}</p>{table}<p>{html.escape(self.kept)}</p>"


def progress(file: str | os.PathLike[str] | None = None) -> Progress:
    """Show which exercises are right, tried and open, and which predictions have been made.

    What `gd.check` has judged and what has been answered in a `gd.Quiz` counts, since this kernel
    started; the book's own solutions do not count. With the name of a `.json` file, what it holds
    is added, and it is kept up to date from then on. The page "Where you are" imports such a file,
    and exports one. The result has `chapters`, each with `number`, `name`, the exercises in
    `right`, `tried` and `open`, and `predictions` as pairs of a name and "right", "wrong" or
    "mended" (wrong at first, right at a later try).

    Raises
    ------
    TypeError, ValueError
        No name of a `.json` file; a file with something else in it, which stays as it is.
    OSError
        A file that cannot be read or written.
    """
    if file is not None:
        if _on_a_page():
            raise ValueError("a page has no files: “Where you are” exports and imports the list")
        SESSION.keep(_path(file))
    return progress_of(SESSION)


def _on_a_page() -> bool:
    """Whether Python runs on a page of the book, which keeps the list itself."""
    return "GDLIB_PAGE" in os.environ


def _path(file: str | os.PathLike[str]) -> Path:
    if not checks.is_a(file, os.PathLike):
        checks.text("file", file)
    path = Path(file).expanduser().absolute()
    if path.suffix.lower() != ".json":
        raise ValueError(f"file must be the name of a .json file, not {checks.shown(str(file))}")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent} for {path.name}")
    return path


def progress_of(record: Record) -> Progress:
    """Return a record beside the exercises that there are."""
    registry.load()
    chapters = enumerate(registry.chapters(), start=1)
    return Progress(
        tuple(_chapter(number, name, record) for number, name in chapters), _kept(record)
    )


def _chapter(number: int, name: str, record: Record) -> ChapterProgress:
    levels = record.entries["exercises"]
    here = [one for one in registry.EXERCISES if one.startswith(f"{name}/")]
    right, tried, left = (
        _tails(one for one in here if levels.get(one) == level)
        for level in ("right", "tried", None)
    )
    quizzes = sorted(record.entries["quizzes"].items())
    made = tuple((quiz, level) for quiz, level in quizzes if quiz.startswith(f"{name}/"))
    return ChapterProgress(
        number, name, right, tried, left, tuple((_tail(quiz), level) for quiz, level in made)
    )


def _tails(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_tail, names))


def _tail(name: str) -> str:
    return name.partition("/")[2]


def _kept(record: Record) -> str:
    if _on_a_page():
        return "So far in this run of Python; the page keeps your list: see “Where you are”."
    if record.file is None:
        return 'Kept until Python ends; gd.progress("my-progress.json") keeps it in a file.'
    if record.trouble:
        return f"Not kept in {record.file.name}: {record.trouble}."
    return f"Kept in {record.file.name}."


def _lines(chapter: ChapterProgress, width: int) -> list[str]:
    total = len(chapter.right) + len(chapter.tried) + len(chapter.open)
    lines = [f"{chapter.number:2} {chapter.name:{width}}  {len(chapter.right)} of {total} right"]
    if chapter.begun:
        named = {
            "tried": ", ".join(chapter.tried),
            "open": ", ".join(chapter.open),
            "predicted": _predicted(chapter),
        }
        lines += [f"     {word}: {names}" for word, names in named.items() if names]
    return lines


def _predicted(chapter: ChapterProgress) -> str:
    return ", ".join(f"{name} ({_QUIZ_WORDS[level]})" for name, level in chapter.predictions)


def _row(chapter: ChapterProgress) -> str:
    groups = (chapter.right, chapter.tried, chapter.open)
    counted = [f"{len(names)}: {', '.join(names)}" if names else "0" for names in groups]
    if not chapter.begun:
        counted[-1] = str(len(chapter.open))
    cells = "".join(f"<td>{html.escape(text)}</td>" for text in (*counted, _predicted(chapter)))
    return f'<tr><th scope="row">{chapter.number}. {chapter.name}</th>{cells}</tr>'
