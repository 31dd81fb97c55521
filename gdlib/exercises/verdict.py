"""What a check says: one frozen value, one line of text, the same words in HTML.

It does not judge anything; `kinds` does.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Literal, get_args

from gdlib import checks
from gdlib.console import printable

Outcome = Literal["not started", "correct", "not yet"]
MARKS: dict[Outcome, str] = {"not started": "○", "correct": "✓", "not yet": "✗"}


@printable
@dataclass(frozen=True, repr=False)
class Verdict:
    """The outcome of one check; true when the answer is correct.

    `state` is "not started", "correct" or "not yet"; `message` is one line that names the
    mistake (or, for a correct answer, a remark); `score` is what a challenge measured.

    Raises
    ------
    TypeError, ValueError
        Another state, a message that is no string, a score that is no finite number.
    """

    state: Outcome
    message: str = ""
    score: float | None = None

    def __post_init__(self) -> None:
        checks.choice("state", self.state, get_args(Outcome))
        checks.text("message", self.message)
        if self.score is not None:
            checks.number("score", self.score)

    @classmethod
    def not_started(cls) -> Verdict:
        """Say that the blank is still blank."""
        return cls("not started")

    @classmethod
    def right(cls, message: str = "", score: float | None = None) -> Verdict:
        """Accept the answer, with an optional remark and a challenge's score."""
        return cls("correct", message, score)

    @classmethod
    def wrong(cls, message: str, score: float | None = None) -> Verdict:
        """Refuse the answer and name the mistake in one line."""
        return cls("not yet", message, score)

    def __bool__(self) -> bool:
        """Return whether the answer is correct."""
        return self.state == "correct"

    def __repr__(self) -> str:
        """Return the one line that a notebook shows and nbval compares."""
        return self._line

    @property
    def _line(self) -> str:
        line = f"{MARKS[self.state]} {self.state}"
        return f"{line}: {' '.join(self.message.split())}" if self.message else line

    def _repr_html_(self) -> str:
        """Return the same words; the bar takes the text's colour, so it suits any theme."""
        words = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self._line))
        name = self.state.replace(" ", "-")
        return (
            f'<div class="gd-verdict gd-{name}" role="status" '
            f'style="border-left:0.25em solid currentColor;padding-left:0.75em">{words}</div>'
        )
