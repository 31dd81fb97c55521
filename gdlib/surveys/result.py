"""What a survey says: its items as frozen values, the same words as text and as HTML.

It computes nothing; where the book explains each item is named here, once.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gdlib import checks
from gdlib.console import printable
from gdlib.diagnosis.findings import place, reading
from gdlib.frozen import Frozen
from gdlib.landscapes import Landscape
from gdlib.problems import LinearModel
from gdlib.surveys import drawn


class Section(NamedTuple):
    """A section of the book: its chapter's file, its label, its heading."""

    chapter: str
    label: str
    heading: str


SECTIONS = {
    "curvature": Section(
        "04-valleys", "sec-valleys-axes", "The axes of an ellipse are eigenvectors"
    ),
    "rates": Section("03-learning-rate", "sec-lr-one", "Each step multiplies the error by 1 − ηλ"),
    "steps": Section("04-valleys", "sec-valleys-count", "Ten times κ, ten times the steps"),
    "scaling": Section(
        "04-valleys", "sec-valleys-scaling", "Different units can make a valley narrow"
    ),
    "corners": Section(
        "09-corners",
        "sec-corners-subgradient",
        "A subgradient is the slope of a line that fits below",
    ),
    "convex": Section("07-local-minima", "sec-minima-convex", "A convex cost has no wrong hollow"),
    "critical points": Section(
        "08-saddle-points", "sec-saddle-signs", "A saddle curves up one way and down another"
    ),
    "basins": Section(
        "07-local-minima",
        "sec-minima-basins",
        "Which hollow? The start decides most, the method the rest",
    ),
    "first rate": Section("15-race", "sec-race-advice", "So which should I use?"),
    "one over L": Section(
        "02-update-rule", "sec-update-lemma", "Below 2/L every step goes down: the descent lemma"
    ),
}
"""Where the book explains what an item says, by topic."""


@printable
@dataclass(frozen=True)
class Item:
    """One thing that a survey says of a cost.

    Attributes
    ----------
    heading
        What it is about, in a word or two.
    sentence
        What is so, with the numbers.
    numbers
        The same numbers by name, unrounded: `{"lowest": 1.0, "largest": 10.0, "kappa": 10.0}`.
    topic
        Where the book explains it, one of `gdlib.surveys.result.SECTIONS`.
    """

    heading: str
    sentence: str
    numbers: Mapping[str, float]
    topic: str

    def __post_init__(self) -> None:
        checks.text("heading", self.heading)
        checks.text("sentence", self.sentence)
        checks.choice("topic", self.topic, SECTIONS)
        object.__setattr__(self, "numbers", Frozen(self.numbers))

    @property
    def chapter(self) -> str:
        """The chapter to read, as its file is named: "04-valleys"."""
        return SECTIONS[self.topic].chapter

    @property
    def section(self) -> str:
        """The label of the section to read: "sec-valleys-scaling"."""
        return SECTIONS[self.topic].label

    @property
    def reading(self) -> str:
        """What to read, as a reader names it: the chapter, and the heading of the section."""
        return f"{reading(self.chapter)}: “{SECTIONS[self.topic].heading}”"

    def __str__(self) -> str:
        return f"{self.heading}: {self.sentence}\n  Read: {self.reading}."


def item(heading: str, topic: str, sentence: str, **numbers: float) -> Item:
    """Make an item; numbers that are none are left out."""
    known = {name: float(x) for name, x in numbers.items() if not math.isnan(x)}
    return Item(heading, sentence, known, topic)


@printable
@dataclass(frozen=True, repr=False)
class Survey:
    """What the book can say of a cost; it prints as plain lines, and as HTML with a figure.

    Attributes
    ----------
    items
        What was found, the answer first: a first rate, which rates are stable, curvature, scaling,
        critical points, basins.
    notes
        What was read from a table, and what could not be said.
    cost
        The `Landscape` or the problem that was looked at.
    learning_rate
        The rate suggested for gradient descent, or None.
    landscape
        What the figure shows, of one or two variables; None where there is nothing to draw.
    hollows
        How many minima are known; from two on the figure is a map of their basins.

    Raises
    ------
    TypeError, ValueError
        Another kind of thing in one of them, or a rate that is not positive.
    """

    items: tuple[Item, ...]
    notes: tuple[str, ...]
    cost: Landscape | LinearModel
    learning_rate: float | None = None
    landscape: Landscape | None = None
    hollows: int = 0

    def __post_init__(self) -> None:
        items = checks.several("items", self.items, 100)
        for item in items:
            checks.instance("each of the items", item, Item, "one of a survey's")
        notes = checks.several("notes", self.notes, 100)
        for note in notes:
            checks.text("each of the notes", note)
        checks.instance("cost", self.cost, (Landscape, LinearModel), "a Landscape or a problem")
        hollows = checks.count("hollows", self.hollows)
        values: dict[str, Any] = {"items": items, "notes": notes, "hollows": hollows}
        if self.learning_rate is not None:
            values["learning_rate"] = checks.number("learning_rate", self.learning_rate, above=0)
        if self.landscape is not None:
            checks.instance("landscape", self.landscape, Landscape, "a Landscape")
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __iter__(self) -> Iterator[Item]:
        """Go through the items."""
        return iter(self.items)

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self.items)

    @property
    def widget(self) -> Any:
        """A new living figure of the cost with the suggested rate, or None.

        A `DescentLine` for one variable; for two a `BasinMap` where several minima are known, else
        a `DescentExplorer`.
        """
        return drawn.widget(self.landscape, self.learning_rate, self.hollows)

    def __repr__(self) -> str:
        """Return the lines that a notebook shows and nbval compares."""
        return "\n".join([*(f"· {note}" for note in self.notes), *map(str, self.items)])

    def _repr_html_(self) -> str:
        """Return the same words; the bar takes the text's colour, so it suits any theme."""
        notes = "".join(f"<li>· {html.escape(note)}</li>" for note in self.notes)
        items = "".join(
            f'<li style="margin-bottom:0.6em">{_html(item)}</li>' for item in self.items
        )
        return (
            '<div class="gd-survey" role="status" style="border-left:0.25em solid currentColor;'
            'padding-left:0.75em;overflow-wrap:anywhere">'
            f'<ul style="list-style:none;margin:0;padding:0">{notes}{items}</ul></div>'
        )

    def _ipython_display_(self) -> None:
        """Show the words, then the figure."""
        from IPython.display import display

        words = {"text/plain": repr(self), "text/html": self._repr_html_()}
        display(words, raw=True)  # type: ignore[no-untyped-call]
        if (figure := self.widget) is not None:
            display(figure)  # type: ignore[no-untyped-call]


def _html(item: Item) -> str:
    heading, sentence, where = map(html.escape, (item.heading, item.sentence, item.reading))
    return (
        f"<strong>{heading}</strong>: {sentence}<br>"
        f"Read: {place(item.chapter, item.section, where)}."
    )
