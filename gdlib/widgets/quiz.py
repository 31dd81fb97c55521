"""A question in the page: the reader commits to an answer, and is then told about that answer."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gdlib import checks
from gdlib.console import printable
from gdlib.exercises.record import SESSION
from gdlib.widgets import prose
from gdlib.widgets.base import Widget
from gdlib.widgets.traits import Json, Number, Numbers, Object, Several, Text, one_or_more, validate

_NAME = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
_ONE_PERCENT = 0.01
OPTIONS = "gd.Option(text, feedback)"


@printable
@dataclass(frozen=True)
class Option:
    """One answer to choose, and what a reader who chose it is told; `$…$` is typeset."""

    text: str
    feedback: str
    correct: bool = False

    def __post_init__(self) -> None:
        checks.text("text", self.text)
        checks.text("feedback", self.feedback)
        checks.flag("correct", self.correct)
        if not (self.text.strip() and self.feedback.strip()):
            raise ValueError(f"an option needs a text and a feedback; this is {self!r}")


class Quiz(Widget):
    """Ask for one of several options, or for a number; answers stay on the reader's own machine.

    Nothing is told before the reader commits. Strings may hold `$LaTeX$`, `*stress*` and code in
    backticks.

    Parameters
    ----------
    name
        "chapter/question": what the reader's answers are remembered under.
    question
        The question.
    options
        Two `Option` or more, at least one correct and one not.
    answer
        Instead of options, a number.
    tolerance
        How far off a right answer may be: absolute; one percent of `answer` unless given.
    unit
        What stands behind the field for the number.
    mistakes
        What a reader is told who enters one of these numbers.
    explanation
        What is told with the right number.
    hint
        What is told after any other number that no mistake explains.

    Raises
    ------
    TypeError, ValueError
        A quiz that cannot be answered, or not wrongly; the message says what was wanted.
    """

    name = Text(help="Under which the answers are remembered.")
    question = Text()
    options = Several(Option, OPTIONS)
    answer = Number()
    tolerance = Number(above=0)
    unit = Text()
    mistakes = Object(Mapping, "what to say by number")
    explanation = Text()
    hint = Text()
    responses = Numbers(
        help="What the reader answered, in order: options counted from 0, or numbers."
    ).tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(
        self, name: str, question: str, options: Sequence[Option] = (), **kwargs: Any
    ) -> None:
        if kwargs.get("answer") is not None:
            answer = checks.number("answer", kwargs["answer"])
            if kwargs.get("tolerance") is None:
                kwargs["tolerance"] = checks.number(
                    "tolerance", _ONE_PERCENT * abs(answer), above=0
                )
        kwargs.setdefault("mistakes", {})
        super().__init__(
            name=name,
            question=question,
            options=one_or_more("options", options, Option, OPTIONS),
            **kwargs,
        )
        _check(self)
        self._programs = self._described()
        self.observe(self._note, ["responses"])

    def _note(self, _change: object) -> None:
        """Let `gd.progress()` know; what follows the first response of a try has been told."""
        if self.responses:
            SESSION.note_quiz(self.name, self._is_right(self.responses[0]))

    @property
    def correct(self) -> bool | None:
        """Whether the latest response is right; None before the first."""
        if not self.responses:
            return None
        return self._is_right(self.responses[-1])

    def _is_right(self, response: float) -> bool:
        if self.answer is None:
            return bool(self.options[int(response)].correct)
        return bool(abs(response - self.answer) <= self.tolerance)

    @validate("responses")
    def _check_responses(self, given: tuple[float, ...]) -> tuple[float, ...]:
        for response in given:
            if not self._is_possible(response):
                raise ValueError(f"responses: no reader can answer {response:g} to this question")
        return given

    def _is_possible(self, response: float) -> bool:
        return self.answer is not None or response in range(len(self.options))

    def _described(self) -> dict[str, Any]:
        """Return all that the browser needs, with the mathematics typeset."""
        asked = {"name": self.name, "question": prose.parse(self.question), **self._answers()}
        return {**asked, "print": f"{zlib.crc32(repr(sorted(asked.items())).encode()):08x}"}

    def _answers(self) -> dict[str, Any]:
        if self.answer is None:
            return {
                "options": [
                    {
                        "text": prose.parse(option.text),
                        "feedback": prose.parse(option.feedback),
                        "correct": option.correct,
                    }
                    for option in self.options
                ]
            }
        return {
            "number": {
                "answer": self.answer,
                "tolerance": self.tolerance,
                "unit": self.unit,
                "explanation": prose.parse(self.explanation),
                "hint": prose.parse(self.hint),
                "mistakes": [
                    {"value": float(value), "feedback": prose.parse(feedback)}
                    for value, feedback in self.mistakes.items()
                ],
            }
        }

    def title(self) -> str:
        """Name the question."""
        return str(self.name)

    def alt_text(self) -> str:
        """Ask the question in plain text."""
        return prose.plain(self.question)

    def fallback(self) -> dict[str, str]:
        """Return the question as HTML text, each answer folded."""
        if self.answer is None:
            folds = [(prose.html(o.text), prose.html(o.feedback)) for o in self.options]
        else:
            told = f"{self.answer:g} {self.unit}".strip()
            folds = [("The answer", f"{told}. {prose.html(self.explanation)}".strip())]
        rows = "\n".join(
            f"<details><summary>{summary}</summary><p>{text}</p></details>"
            for summary, text in folds
        )
        question = f"<p><strong>{prose.html(self.question)}</strong></p>"
        return {"text/html": f'<div class="gd-quiz">\n{question}\n{rows}\n</div>'}


def _check(quiz: Quiz) -> None:
    if not _NAME.fullmatch(quiz.name):
        raise ValueError(f'name must be like "chapter/question", not {quiz.name!r}')
    if not quiz.question.strip():
        raise ValueError("question is empty")
    if bool(quiz.options) == (quiz.answer is not None):
        raise ValueError("a quiz has either options or an answer that is a number")
    if quiz.answer is None:
        _check_options(quiz.options)
    else:
        _check_number(quiz.answer, quiz.tolerance, quiz.mistakes)


def _check_options(options: tuple[Option, ...]) -> None:
    right = sum(option.correct for option in options)
    if not 0 < right < len(options):
        raise ValueError(
            f"{right} of {len(options)} options are correct; at least one must be, and one must not"
        )
    if len({option.text for option in options}) < len(options):
        raise ValueError("two options have the same text")


def _check_number(answer: float, tolerance: float, mistakes: Mapping[Any, Any]) -> None:
    for value, told in mistakes.items():
        checks.text("mistakes", told)
        if abs(checks.number("mistakes", value) - answer) <= tolerance:
            raise ValueError(f"mistakes holds {value!r}, which is no mistake")
