"""Exercises that check themselves: `check("chapter/exercise", answer)` returns a `Verdict`.

`chNN_name.py` holds the checks of one chapter, and is imported when one of them is asked for.
"""

from __future__ import annotations

from typing import Any

from gdlib.exercises.registry import find
from gdlib.exercises.sandbox import Mutated, NotStarted, NotYet, OutOfTime, limited
from gdlib.exercises.verdict import Verdict

__all__ = ["Verdict", "check"]


def check(exercise: str, answer: Any = ...) -> Verdict:
    """Judge an answer to `"chapter/exercise"`: not started, correct, or not yet and why.

    Whatever the answer does (raise, loop for ever, print, return nonsense), the verdict says so
    and nothing else happens; code that runs longer than 2 s is stopped. Output that the answer
    prints while it is checked is not shown. Checks in several threads take turns. Raises
    ValueError for an unknown exercise, with the names that come near, and TypeError if `exercise`
    is not a string.
    """
    found = find(exercise)
    if answer is None or answer is ...:
        return Verdict.not_started()
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
