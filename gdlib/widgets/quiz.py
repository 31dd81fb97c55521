"""A question in the page: the reader commits to an answer, and is then told about that answer."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import traitlets

from gdlib.console import printable
from gdlib.widgets import prose
from gdlib.widgets.base import Widget

_NAME = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
_ONE_PERCENT = 0.01


@printable
@dataclass(frozen=True)
class Option:
    """One answer to choose, and what a reader who chose it is told; `$…$` is typeset."""

    text: str
    feedback: str
    correct: bool = False

    def __post_init__(self) -> None:
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
    answer, tolerance, unit
        Instead of options, a number and how far off a right answer may be (absolute; one percent
        of `answer` unless given). The unit stands behind the field.
    mistakes
        What a reader is told who enters one of these numbers.
    explanation, hint
        What is told with the right number, and after any other number that no mistake explains.

    Raises
    ------
    TraitError
        A quiz that cannot be answered, or not wrongly; the message says what was wanted.
    """

    name = traitlets.Unicode(help="Under which the answers are remembered.")
    question = traitlets.Unicode()
    options = traitlets.Tuple()
    answer = traitlets.Float(None, allow_none=True)
    tolerance = traitlets.Float(None, allow_none=True)
    unit = traitlets.Unicode()
    mistakes = traitlets.Dict()
    explanation = traitlets.Unicode()
    hint = traitlets.Unicode()
    responses = traitlets.Tuple(
        help="What the reader answered, in order: options counted from 0, or numbers."
    ).tag(sync=True)
    _programs = traitlets.Dict().tag(sync=True)

    def __init__(
        self, name: str, question: str, options: Sequence[Option] = (), **kwargs: Any
    ) -> None:
        if kwargs.get("answer") is not None:
            kwargs.setdefault("tolerance", _ONE_PERCENT * abs(kwargs["answer"]))
        super().__init__(name=name, question=question, options=tuple(options), **kwargs)
        _check(self)
        try:
            self._programs = self._described()
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from error

    @property
    def correct(self) -> bool | None:
        """Whether the latest response is right; None before the first."""
        if not self.responses:
            return None
        latest = self.responses[-1]
        if self.answer is None:
            return bool(self.options[int(latest)].correct)
        return bool(abs(latest - self.answer) <= self.tolerance)

    @traitlets.validate("responses")
    def _check_responses(self, proposal: Any) -> tuple[float, ...]:
        given = tuple(proposal["value"])
        for response in given:
            if isinstance(response, bool) or not isinstance(response, (int, float)):
                raise traitlets.TraitError(f"responses are numbers, not {response!r}")
            if not math.isfinite(response) or not self._is_possible(response):
                raise traitlets.TraitError(f"no reader can answer {response!r} to this question")
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
        raise traitlets.TraitError(f'name must be like "chapter/question", not {quiz.name!r}')
    if not quiz.question.strip():
        raise traitlets.TraitError("question is empty")
    if bool(quiz.options) == (quiz.answer is not None):
        raise traitlets.TraitError("a quiz has either options or an answer that is a number")
    if quiz.answer is None:
        _check_options(quiz.options)
    else:
        _check_number(quiz.answer, quiz.tolerance, quiz.mistakes)


def _check_options(options: tuple[Any, ...]) -> None:
    for option in options:
        if not isinstance(option, Option):
            raise traitlets.TraitError(
                f"options holds {option!r}; it wants gd.Option(text, feedback)"
            )
    right = sum(option.correct for option in options)
    if not 0 < right < len(options):
        raise traitlets.TraitError(
            f"{right} of {len(options)} options are correct; at least one must be, and one must not"
        )
    if len({option.text for option in options}) < len(options):
        raise traitlets.TraitError("two options have the same text")


def _check_number(answer: float, tolerance: float | None, mistakes: Mapping[Any, Any]) -> None:
    if not math.isfinite(answer):
        raise traitlets.TraitError(f"answer must be finite, not {answer!r}")
    if tolerance is None or not 0 < tolerance < math.inf:
        raise traitlets.TraitError(f"tolerance must be positive and finite, not {tolerance!r}")
    for value in mistakes:
        if not math.isfinite(value) or abs(value - answer) <= tolerance:
            raise traitlets.TraitError(f"mistakes holds {value!r}, which is no mistake")
