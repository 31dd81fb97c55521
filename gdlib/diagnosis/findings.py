"""What a diagnosis says: its findings as frozen values, the same words as text and as HTML.

It judges nothing; `symptoms` does. Chapters are named here, once, for text and for the book.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

from gdlib import checks
from gdlib.console import printable


@dataclass(frozen=True)
class Kind:
    """What is always true of a kind of finding: what to try, and where the book explains it."""

    advice: str
    chapter: str
    section: str
    healthy: bool = False


CHAPTERS = {
    "02-update-rule": "The update rule",
    "03-learning-rate": "The learning rate",
    "04-valleys": "Valleys: conditioning and when to stop",
    "05-batches": "Batch, stochastic, mini-batch",
    "07-local-minima": "Local minima",
    "08-saddle-points": "Saddle points and plateaus",
    "09-corners": "Corners: where there is no derivative",
    "15-race": "The race",
}
"""The titles of the chapters that findings and surveys lead to."""


def reading(chapter: str) -> str:
    """Return a chapter as a reader names it: chapter 3, “The learning rate”."""
    return f"chapter {int(chapter[:2])}, “{CHAPTERS[chapter]}”"


KINDS = {
    "wrong sign": Kind(
        "turn the gradient's sign, or the step's", "02-update-rule", "sec-update-check"
    ),
    "wrong scale": Kind(
        "look for a lost or doubled factor: 2, 1/2, or the number of rows",
        "02-update-rule",
        "sec-update-check",
    ),
    "wrong gradient": Kind(
        "differentiate again, the named coordinate first", "02-update-rule", "sec-update-check"
    ),
    "diverged": Kind(
        "look at the step named here; if nothing else is found, halve the rate and run again",
        "03-learning-rate",
        "sec-lr-diverged",
    ),
    "rate above 2/L": Kind("lower the learning rate", "03-learning-rate", "sec-lr-one"),
    "falls, then climbs": Kind(
        "if these are losses on data held out, stop at the lowest; else look for what changed"
        " there, a rate that grows for instance, and check the gradient",
        "15-race",
        "sec-race-generalisation",
    ),
    "spike": Kind(
        "look at the rows of that step; limit the length of a step, or lower the rate",
        "03-learning-rate",
        "sec-lr-one",
    ),
    "bouncing": Kind(
        "halve the rate, or let it fall along the run", "03-learning-rate", "sec-lr-one"
    ),
    "nothing learned": Kind(
        "check that steps are applied and the rate is not lost, that targets belong to their rows,"
        " and that a handful of rows can be learned by heart",
        "02-update-rule",
        "sec-update-check",
    ),
    "noise floor": Kind(
        "let the rate fall, average the iterates, or take larger batches",
        "05-batches",
        "sec-batches-floor",
    ),
    "saddle passed": Kind(
        "nothing is wrong; to lose fewer steps there, start elsewhere or add a little noise",
        "08-saddle-points",
        "sec-saddle-signs",
    ),
    "plateau": Kind(
        "start elsewhere, or change the cost where it saturates; a rule that divides by the"
        " gradient's size crosses faster",
        "08-saddle-points",
        "sec-saddle-plateau",
    ),
    "crawling in a valley": Kind(
        "standardise the inputs, or take momentum; a larger rate alone will not do",
        "04-valleys",
        "sec-valleys-count",
    ),
    "rate too small": Kind("raise the learning rate", "03-learning-rate", "sec-lr-small"),
    "slow fall": Kind(
        "give the norms of the gradients, which tell why; or go on with three times the rate and"
        " compare",
        "04-valleys",
        "sec-valleys-stop",
    ),
    "healthy": Kind("", "04-valleys", "sec-valleys-stop", healthy=True),
    "cannot tell": Kind("", "04-valleys", "sec-valleys-stop", healthy=True),
}
"""Every kind of finding, in the order in which `diagnose` looks for them."""

MARKS = {"healthy": "✓", "cannot tell": "?"}


@printable
@dataclass(frozen=True)
class Finding:
    """One thing that a run shows.

    Attributes
    ----------
    kind
        Its name, one of `gdlib.diagnosis.findings.KINDS`.
    evidence
        The numbers that it rests on.
    step
        The step at which it is seen, if it has one.
    advice
        What to try; by default what its kind says.
    """

    kind: str
    evidence: str
    step: int | None = None
    advice: str = ""

    def __post_init__(self) -> None:
        checks.choice("the kind of a finding", self.kind, KINDS)
        checks.text("evidence", self.evidence)
        checks.text("advice", self.advice)
        if self.step is not None:
            object.__setattr__(self, "step", checks.count("step", self.step))
        if not self.advice:
            object.__setattr__(self, "advice", KINDS[self.kind].advice)

    @property
    def chapter(self) -> str:
        """The chapter to read, as its file is named: "03-learning-rate"."""
        return KINDS[self.kind].chapter

    @property
    def reading(self) -> str:
        """The chapter to read, as a reader names it: chapter 3, “The learning rate”."""
        return reading(self.chapter)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The evidence, what to try, and what to read, where there is something to say."""
        advice = f"Try: {self.advice}." if self.advice else ""
        read = "" if self.kind in MARKS else f"Read: {self.reading}."
        return tuple(part for part in (f"{self.evidence}.", advice, read) if part)

    def __str__(self) -> str:
        first, *others = self.sentences
        return "\n  ".join([f"{MARKS.get(self.kind, '!')} {self.kind}: {first}", *others])


def unsure(evidence: str, step: int | None = None) -> Finding:
    """Return the finding that something shows, and what it means cannot be told."""
    return Finding("cannot tell", evidence, step)


@printable
@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What `diagnose` found, the gravest first; it prints as plain lines, and as HTML.

    Attributes
    ----------
    findings
        At least one; a single "healthy" or "cannot tell" where nothing else is seen.
    notes
        What was read from a log, and from which of its columns.
    figure
        A log's curves with what was found marked on them, as SVG; a notebook shows it.
    """

    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    figure: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.findings, (list, tuple)):
            raise TypeError(f"findings must be a tuple of them, not {checks.shown(self.findings)}")
        for finding in self.findings:
            checks.instance("each of the findings", finding, Finding, "a Finding")
        if not self.findings:
            raise ValueError("findings must be at least one, not none")
        object.__setattr__(self, "findings", tuple(self.findings))
        checks.text("figure", self.figure)
        notes = checks.several("notes", self.notes, 100)
        object.__setattr__(self, "notes", tuple(checks.text("each of the notes", n) for n in notes))

    @property
    def kind(self) -> str:
        """The kind of the first finding."""
        return self.findings[0].kind

    @property
    def healthy(self) -> bool:
        """Whether nothing that needs a remedy was found."""
        return self.kind == "healthy"

    def __iter__(self) -> Iterator[Finding]:
        """Go through the findings."""
        return iter(self.findings)

    def __len__(self) -> int:
        """Return how many findings there are."""
        return len(self.findings)

    def __repr__(self) -> str:
        """Return the lines that a notebook shows and nbval compares."""
        return "\n".join([*(f"· {note}" for note in self.notes), *map(str, self.findings)])

    def _repr_html_(self) -> str:
        """Return the same words; the bar takes the text's colour, so it suits any theme."""
        notes = "".join(f"<li>· {html.escape(note)}</li>" for note in self.notes)
        items = notes + "".join(f"<li>{_html(finding)}</li>" for finding in self.findings)
        return (
            '<div class="gd-diagnosis" role="status" '
            'style="border-left:0.25em solid currentColor;padding-left:0.75em">'
            f'{self.figure}<ul style="list-style:none;margin:0;padding:0">{items}</ul></div>'
        )


def _html(finding: Finding) -> str:
    kind = KINDS[finding.kind]
    mark, name = MARKS.get(finding.kind, "!"), html.escape(finding.kind)
    words = html.escape(" ".join(finding.sentences))
    reading = html.escape(finding.reading)
    words = words.replace(reading, place(kind.chapter, kind.section, reading))
    return f"<strong>{mark} {name}</strong>: {words}"


def place(chapter: str, section: str, words: str) -> str:
    """Return words that the book's pages turn into a link to a section; elsewhere they are words.

    A notebook does not know where the book is.
    """
    return f'<span data-chapter="{chapter}" data-section="{section}">{words}</span>'
