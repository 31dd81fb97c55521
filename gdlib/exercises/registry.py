"""Which exercises there are: registered by the chapters' files, loaded one chapter at a time."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gdlib import checks
from gdlib.exercises.verdict import Verdict

Judge = Callable[[Any], Verdict]


@dataclass(frozen=True)
class Mistake:
    """A likely mistake: what to say, and how it is recognised.

    `like` is a wrong answer (a value, or a function that errs in this way). Of a function, `when`
    is a predicate of `(result, *inputs)`, which has to hold on every input. Of a value, `among`
    has several wrong ones, and `between` a lower and an upper limit, both left out.
    """

    message: str
    like: Any = None
    when: Callable[..., Any] | None = None
    among: tuple[Any, ...] = ()
    between: tuple[Any, Any] | None = None


@dataclass(frozen=True)
class Exercise:
    """One exercise: its name, the function that judges an answer, the mistakes that it names.

    `page` has what a page needs to judge an answer that is no code, as JSON has it.
    """

    name: str
    judge: Judge
    mistakes: tuple[Mistake, ...] = ()
    seconds: float = 2.0
    secrets: tuple[str, ...] = ()  # texts that no message may contain; tests read them
    slow: str = ""  # what is said of an answer that ran out of time
    page: Mapping[str, Any] | None = None


EXERCISES: dict[str, Exercise] = {}


def register(
    name: str,
    judge: Judge,
    mistakes: Sequence[Mistake] = (),
    seconds: float = 2.0,
    secrets: Sequence[str] = (),
    slow: str = "",
    page: Mapping[str, Any] | None = None,
) -> None:
    """Add an exercise, `chapter/exercise`; the chapter is its file's, `ch02_update_rule`."""
    EXERCISES[name] = Exercise(name, judge, tuple(mistakes), seconds, tuple(secrets), slow, page)


def chapters() -> dict[str, str]:
    """Return chapter → module: `update-rule` → `gdlib.exercises.ch02_update_rule`."""
    package = importlib.import_module("gdlib.exercises")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    found = [(re.fullmatch(r"ch\d+_(\w+)", name), name) for name in names]
    return {m[1].replace("_", "-"): f"gdlib.exercises.{name}" for m, name in found if m}


def load(chapter: str | None = None) -> None:
    """Import one chapter's checks, or every chapter's."""
    for slug, module in chapters().items():
        if chapter in (None, slug):
            importlib.import_module(module)


def find(name: str) -> Exercise:
    """Return an exercise; raises TypeError for no string, ValueError with near matches."""
    checks.text("exercise", name)
    load(name.partition("/")[0])
    if name in EXERCISES:
        return EXERCISES[name]
    load()
    raise ValueError(f"there is no exercise {name!r}; {suggestion(name)}")


def suggestion(name: str) -> str:
    """Return the exercises that look like `name`, or all of its chapter's, or the chapters."""
    chapter = name.partition("/")[0]
    near = difflib.get_close_matches(name, sorted(EXERCISES), n=5, cutoff=0.6)
    near = near or sorted(other for other in EXERCISES if other.startswith(f"{chapter}/"))
    if near:
        return "did you mean " + " or ".join(map(repr, near)) + "?"
    return "the chapters with exercises are " + (", ".join(chapters()) or "none yet")
