"""Exercises that check themselves: `check("chapter/exercise", answer)` returns a `Verdict`.

`chNN_name.py` holds the checks of one chapter, and is imported when one of them is asked for.
"""

from __future__ import annotations

from typing import Any

from gdlib import checks
from gdlib.exercises.record import SESSION
from gdlib.exercises.registry import Exercise, find
from gdlib.exercises.sandbox import Mutated, NotStarted, NotYet, OutOfTime, limited
from gdlib.exercises.verdict import Verdict

__all__ = ["Verdict", "check"]


def check(exercise: str, answer: Any = ..., *, solution: bool = False) -> Verdict:
    """Judge an answer to `"chapter/exercise"`: not started, correct, or not yet and why.

    Whatever the answer does (raise, loop for ever, print, return nonsense), the verdict says so
    and nothing else happens; code that runs longer than 2 s is stopped. Output that the answer
    prints while it is checked is not shown. Checks in several threads take turns. The verdict
    counts in `gd.progress()`, unless `solution=True` says that the answer is the book's own, as
    the solutions in the chapters do: so a notebook may be run whole. Raises ValueError for an
    unknown exercise, with the names that come near, and TypeError if `exercise` is not a string
    or `solution` is neither True nor False.
    """
    found = find(exercise)
    checks.flag("solution", solution)
    if answer is None or answer is ...:
        return Verdict.not_started()
    verdict = _judged(found, answer)
    if not solution and verdict.state != "not started":
        SESSION.note_exercise(exercise, bool(verdict))
    return verdict


def _judged(found: Exercise, answer: Any) -> Verdict:
    try:
        return verdict_of(limited(lambda: found.judge(answer), found.seconds))
    except NotStarted:
        return Verdict.not_started()
    except NotYet as reason:
        return Verdict.wrong(str(reason))
    except Mutated:
        return Verdict.wrong(MUTATED)
    except OutOfTime:
        return Verdict.wrong(
            f"Your code was still running after {found.seconds:g} s and was stopped: "
            "does every loop in it end?" + f" {found.slow}".rstrip()
        )


MUTATED = (
    "Your function changes the array that it was given. Make a new one: "
    "`x = x - step` instead of `x -= step`."
)


def verdict_of(result: Any) -> Verdict:
    """Return a judge's verdict; anything else is a mistake in the check itself."""
    if not isinstance(result, Verdict):
        raise TypeError(f"a check must return a Verdict, not {type(result).__name__}")
    return result
