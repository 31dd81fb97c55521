"""Tables of measured results: what a source says, what our run gives, and how far apart they are.

A chapter states a published or theoretical number as the text that its source prints; the table
compares to the last of those digits, and refuses what does not agree, so that a wrong number fails
the notebook and the build. It measures nothing itself.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from gdlib import checks

COLUMNS = ("source", "setup", "reference", "ours", "error")
"""The head of a table of results; a reference may be published, theory or another computation."""
_POWER = re.compile(r"\^(?:\(([^()]*)\)|([−-]?\w+))")
_EXACT = 1e-12  # relative; a quotient of integers is compared to the precision of float64


@dataclass(frozen=True)
class Result:
    """One number to compare with, published or theoretical, beside ours.

    `published` is the source's own text: a decimal (``"8.181818"``, ``"1.85e-11"``) or a quotient
    of integers (``"9/11"``). A number that is drawn at random cannot have all its digits: `within`
    says how far from it ours may lie, relative to it.

    Raises
    ------
    TypeError, ValueError
        `published` is neither, ours no finite number, or `within` none in [0, 1).
    """

    source: str
    setup: str
    published: str
    ours: float
    within: float = 0.0

    def __post_init__(self) -> None:
        for name in ("source", "setup", "published"):
            checks.text(name, getattr(self, name))
        _ = self._target()
        object.__setattr__(self, "ours", checks.number("ours", self.ours))
        checks.number("within", self.within, at_least=0, below=1)

    @property
    def exact(self) -> bool:
        """Whether ours rounds to what the source prints."""
        target, tolerance = self._target()
        return abs(float(self.ours) - float(target)) <= tolerance * (1 + 1e-9)

    @property
    def agrees(self) -> bool:
        """Whether ours rounds to what the source prints or, if sampled, lies `within` of it."""
        target = float(self._target()[0])
        return self.exact or abs(float(self.ours) - target) <= self.within * abs(target)

    @property
    def error(self) -> str:
        """Half a unit of the last published digit when ours has it, else the relative error."""
        target, tolerance = self._target()
        if self.exact:
            return f"< {_plain(tolerance)}"
        if not target:
            return _plain(abs(float(self.ours)))
        return f"{_plain(abs(float(self.ours) / float(target) - 1))} relative"

    def row(self) -> tuple[str, ...]:
        """Return the five cells of this result as text, in the table's order."""
        published = self.published.replace("-", "−")
        return (self.source, self.setup, published, self._ours(), self.error)

    def _target(self) -> tuple[Fraction, float]:
        """Return the published number, exactly, and the distance within which ours agrees."""
        text = self.published.replace("−", "-")
        try:
            if "/" in text:
                quotient = Fraction(text.replace(" ", ""))
                return quotient, _EXACT * abs(float(quotient))
            decimal = Decimal(text)
            exponent = int(decimal.as_tuple().exponent)
        except (InvalidOperation, ValueError, ZeroDivisionError):
            came = checks.shown(self.published)
            message = f"published is a decimal or a quotient of integers, not {came}"
            raise ValueError(message) from None
        return Fraction(decimal), 0.5 * 10.0**exponent

    def _ours(self) -> str:
        """Print ours with the digits that the source prints, or with seven."""
        if "/" in self.published:
            return f"{float(self.ours):.7g}".replace("-", "−")
        decimal = Decimal(self.published.replace("−", "-"))
        if "e" in self.published.lower():
            digits = len(decimal.as_tuple().digits) - 1
            mantissa, _, power = f"{float(self.ours):.{digits}e}".partition("e")
            return f"{mantissa}e{int(power)}".replace("-", "−")
        places = max(0, -int(decimal.as_tuple().exponent))
        return f"{float(self.ours):.{places}f}".replace("-", "−")


class WrongResultError(ValueError):
    """A measured number that is not its source's."""


class Measured:
    """A table of results: HTML in a notebook and on the page, aligned text elsewhere."""

    def __init__(self, results: tuple[Result, ...]) -> None:
        self.results = results

    def __repr__(self) -> str:
        rows = [COLUMNS, *(result.row() for result in self.results)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        padded = ((cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows)
        return "\n".join("  ".join(row).rstrip() for row in padded)

    def _repr_html_(self) -> str:
        return table((map(typeset, result.row()), result.exact) for result in self.results)


def typeset(text: str) -> str:
    """Return a cell's text as HTML, with its powers raised: ``0.99^k``, ``ε^(1/3)``."""
    return _POWER.sub(lambda power: f"<sup>{power[1] or power[2]}</sup>", html.escape(text))


def table(rows: Iterable[tuple[Iterable[str], bool]]) -> str:
    """Return the HTML of rows: five cells, already HTML, and whether ours has every digit."""
    head = "".join(f'<th role="columnheader" scope="col">{name}</th>' for name in COLUMNS)
    body = "".join(f'<tr role="row">{_cells(cells, exact)}</tr>' for cells, exact in rows)
    return (
        '<table class="measured" role="table"><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def measured(*results: Result) -> Measured:
    """Lay results out as a table; the last expression of a chapter's cell.

    Raises
    ------
    TypeError
        What is no result.
    WrongResultError
        A number that does not agree with what its source prints.
    """
    for result in results:
        checks.instance(
            "a result", result, Result, "one like gd.Result(source, setup, published, ours)"
        )
    wrong = [result for result in results if not result.agrees]
    if wrong:
        lines = (f"{r.source}, {r.setup}: {r.published}, and ours is {r.ours!r}" for r in wrong)
        advice = "(a sampled number says how far off it may be: Result(..., within=0.02))"
        raise WrongResultError("\n".join(["not the number of its source", *lines, advice]))
    return Measured(results)


def _cells(cells: Iterable[str], exact: bool) -> str:
    kinds = (*COLUMNS[:-1], "error" if exact else "error sampled")
    return "".join(
        f'<td role="cell" class="{kind}" data-label="{name}">{cell}</td>'
        for name, kind, cell in zip(COLUMNS, kinds, cells, strict=True)
    )


def _plain(number: float) -> str:
    """Print a small positive number with one or two digits: 5e−7, 0.02."""
    if number == 0:
        return "0"
    mantissa, _, power = f"{number:.1e}".partition("e")
    if -3 <= int(power) <= 1:
        return f"{number:.2g}"
    return f"{mantissa.removesuffix('.0')}e{int(power)}".replace("-", "−")
