"""What is said, who says it, and how it is judged: the claims as `data/*.toml` lists them.

Each topic has a file of claims in `data/` and a file of experiments in `experiments/`; a claim and
its experiment have one name. A file of claims reads::

    [[claim]]
    id = "too-large"                  # the experiment is `too_large` in the topic's file
    says = "…"                        # in the words that people use
    who = ["textbook", "lecture"]     # kinds of sources, never names
    taught = "sec-lr-two"             # the section of the book that teaches it
    set_up = "…"                      # what is run, as Markdown
    control = { says = "…", values = [0.1, 1.0] }
    measured = { says = "…", at_most = 1.0, log = true }
    verdict = "holds when"            # stated, and refused where the numbers say otherwise
    when = "…"                        # what follows "It holds when"
    flips = [2.0]                     # places of the control between two values of unlike answers
    why = "…"
    limits = "…"                      # what the experiment cannot show
    figure = { says = "…", at = "…" }  # if there is one: a living figure, with its settings
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
HOLDS, WHEN, NOT = VERDICTS = ("holds", "holds when", "does not hold")
SOURCES = (
    "textbook", "lecture", "blog", "framework's documentation", "paper's abstract",
    "interview question", "encyclopedia",
)  # fmt: skip


@dataclass(frozen=True)
class Control:
    """What the reader changes: its words and the values that it takes, in rising order."""

    says: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Measured:
    """What is measured, and between which numbers the claim holds."""

    says: str
    at_least: float = -math.inf
    at_most: float = math.inf
    log: bool = False

    def holds(self, number: float) -> bool:
        """Tell whether a claim holds where this was measured."""
        return self.at_least <= number <= self.at_most

    @property
    def limits(self) -> tuple[float, ...]:
        """The numbers at which a verdict turns."""
        return tuple(number for number in (self.at_least, self.at_most) if math.isfinite(number))


@dataclass(frozen=True)
class Figure:
    """A living figure that shows it better: what to see there, and its address."""

    says: str
    at: str


@dataclass(frozen=True)
class Claim:
    """A claim, the experiment that tries it, and the verdict that the page states."""

    topic: str
    id: str
    says: str
    who: tuple[str, ...]
    taught: str
    set_up: str
    control: Control
    measured: Measured
    verdict: str
    why: str
    limits: str
    when: str = ""
    flips: tuple[float, ...] = ()
    figure: Figure | None = None

    @property
    def experiment(self) -> str:
        """The name of its function in the topic's file."""
        return self.id.replace("-", "_")


def read(folder: Path = DATA) -> list[Claim]:
    """Return all claims, a file after the other.

    Raises
    ------
    ValueError
        What is missing, unknown, given twice or out of order; it names the claim.
    """
    claims = [
        _claim(path.stem, entry)
        for path in sorted(folder.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["claim"]
    ]
    names = [claim.id for claim in claims]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two claims are called {name!r}")
    return claims


def judge(claim: Claim, numbers: Sequence[float]) -> str:
    """Return the verdict that the measured numbers give.

    Raises
    ------
    ValueError
        The numbers say something else than the claim's `verdict` and `flips`.
    """
    answers = [claim.measured.holds(number) for number in numbers]
    found = HOLDS if all(answers) else WHEN if any(answers) else NOT
    if found != claim.verdict:
        raise ValueError(
            f"claim {claim.id!r}: its verdict is {claim.verdict!r},"
            f" the experiment says {found!r}: {_listed(claim, numbers)}"
        )
    places = list(pairwise(claim.control.values))
    turns = [place for place, (a, b) in zip(places, pairwise(answers), strict=True) if a != b]
    stated = [next((p for p in places if p[0] <= flip <= p[1]), None) for flip in claim.flips]
    if turns != stated:
        raise ValueError(
            f"claim {claim.id!r}: it is stated to flip at {list(claim.flips)},"
            f" the experiment flips between {turns}: {_listed(claim, numbers)}"
        )
    return found


def _listed(claim: Claim, numbers: Sequence[float]) -> str:
    pairs = zip(claim.control.values, numbers, strict=True)
    return ", ".join(f"{value:g}: {number:.3g}" for value, number in pairs)


def _claim(topic: str, entry: Mapping[str, Any]) -> Claim:
    name = str(entry.get("id", f"without an id in {topic}.toml"))
    try:
        return _checked(topic, entry)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"claim {name!r}: {error}") from error


def _checked(topic: str, entry: Mapping[str, Any]) -> Claim:
    known = {field.name for field in fields(Claim)} - {"topic"}
    if unknown := sorted(set(entry) - known):
        raise ValueError(f"nothing is called {unknown[0]!r}; there are {', '.join(sorted(known))}")
    made: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}
    made["control"] = Control(entry["control"]["says"], tuple(map(float, _values(entry))))
    made["measured"] = Measured(**entry["measured"])
    made["figure"] = Figure(**entry["figure"]) if "figure" in entry else None
    claim = Claim(topic, **made)
    if claim.verdict not in VERDICTS:
        raise ValueError(f"a verdict is one of {', '.join(VERDICTS)}, not {claim.verdict!r}")
    if strange := sorted(set(claim.who) - set(SOURCES)) or ["nobody"] * (not claim.who):
        raise ValueError(f"who says so is some of {', '.join(SOURCES)}, not {strange[0]!r}")
    if not claim.measured.limits:
        raise ValueError("measured needs at_least or at_most")
    if (claim.verdict == WHEN) != bool(claim.when and claim.flips):
        raise ValueError(f"`when` and `flips` go with the verdict {WHEN!r}, and with no other")
    return claim


def _values(entry: Mapping[str, Any]) -> list[float]:
    values = list(entry["control"]["values"])
    if len(values) < 3 or any(a >= b for a, b in pairwise(values)):
        raise ValueError(f"a control has three values or more, in rising order, not {values}")
    return values
