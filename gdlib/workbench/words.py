"""What a race says, as plain text: the rule's equations, a table of results, and notes on both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib.descent.endings import DIVERGED
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.tuning import Tuning
from gdlib.workbench import fair
from gdlib.workbench.entries import Cost

MOST_WRITTEN = 200
"""Characters of a cost's formula that are written out."""
MOST_SHOWN = 4
"""Coordinates of a start that are written out."""
_CAPITAL = re.compile(r"\b(Abs|Max|Min)\(")
Row = tuple[str, ...]


def title(optimizer: Optimizer, cost: Cost) -> str:
    """Say which rule runs on what."""
    formula = ""
    if isinstance(cost, Landscape) and len(str(cost.expr)) <= MOST_WRITTEN:
        formula = f", J = {_said(cost.expr)}"
    return f"{optimizer.name} on {cost.name}{formula}"


def equations(optimizer: Optimizer) -> list[str]:
    """Return a rule line by line as text: `m = 0.9*m + g`, and `step = -eta*m`."""
    lines = (*optimizer.moments.items(), ("step", optimizer.step))
    return [f"{name} = {_said(formula)}" for name, formula in lines]


def settings(optimizer: Optimizer) -> str:
    """Return a rule's numbers and first values, as its equations call them, or nothing."""
    numbers = [f"{s}={value:g}" for s, value in optimizer.hyperparameters.items()]
    first = [f"{s} starts at {value:g}" for s, value in optimizer.initial.items()]
    return ", ".join(numbers + first)


def _said(formula: sp.Expr) -> str:
    """Print a formula as a rule is typed: with decimals where they are short, and abs, max, min."""
    decimals = {
        number: sp.Symbol(f"{float(number):g}")
        for number in formula.atoms(sp.Rational)
        if number.q > 2 and 10**15 % number.q == 0 and sp.Rational(f"{float(number):g}") == number
    }
    return _CAPITAL.sub(lambda found: found[0].lower(), str(formula.xreplace(decimals)))


def table(
    optimizers: Iterable[Optimizer],
    runs: Mapping[str, Trajectory],
    tunings: Mapping[str, Tuning],
    tuned: bool,
) -> list[Row]:
    """Return the head and a row for each rule: its rate, its costs, how its run ended."""
    median = ("median J near the start",) if tuned else ()
    rows: list[Row] = [("rule", "η", "chosen", *median, "last J", "end")]
    for optimizer in optimizers:
        name, run = optimizer.name, runs[optimizer.name]
        found = tunings.get(name)
        rate = optimizer.settings.get("learning_rate")
        chosen = "none" if rate is None else "tuned" if found and fair.won(found) else "given"
        first = float(run.values[0])
        score = (_number(found.best.score, first) if found else "–",) if tuned else ()
        lost = run.status == DIVERGED
        last = "lost" if lost else _number(float(run.values[-1]), first)
        taken = _several(run.steps, "step")
        end = f"{run.status} after {taken}" if lost else f"took {taken}"
        rows.append((name, "–" if rate is None else f"{rate:.3g}", chosen, *score, last, end))
    return rows


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"


def _number(cost: float, first: float) -> str:
    """Return a cost with three digits, or that it is below what rounding leaves."""
    if not np.isfinite(cost):
        return "lost"
    least = fair.digitless(first)
    return f"< {least:.0e}" if abs(cost) < least else f"{cost:.3g}"


def notes(
    rows: list[Row], start: NDArray[np.float64], steps: int, tunings: Mapping[str, Tuning]
) -> list[str]:
    """Say what the numbers mean, what was tuned, and what must not be concluded."""
    place = "the start"
    if len(start) <= MOST_SHOWN:
        place = ", ".join(f"{x:g}" for x in start)
        place = f"({place})" if len(start) > 1 else place
    taken = _several(steps, "step")
    said = [f"last J: the cost after {taken} from {place}, a gradient evaluation each."]
    if tunings:
        said += [_protocol(place, steps), *_exceptions(tunings)]
    else:
        said += ["η: as given, nothing was tuned. So this says nothing about which rule is better."]
    if any(row[-1].startswith(DIVERGED) for row in rows):
        said += [
            "diverged: the next point, its cost or its slope was not finite; the run ends before."
        ]
    said += [
        f"{name} has no learning rate η: it runs as it is, and there is no living figure, which"
        " would set η."
        for name, _, chosen, *_ in rows
        if chosen == "none"
    ]
    return said


def _protocol(place: str, steps: int) -> str:
    return (
        f"η: each rule's own, the best of the same {len(fair.RATES)} from {fair.RATES[0]:g} to"
        f" {fair.RATES[-1]:g}, four a decade: with it the median of J after"
        f" {_several(steps, 'gradient evaluation')} from {fair.STARTS} starts near {place}, none of"
        " them that one, is lowest."
        " Runs that diverge count as lost. Only η is tuned: other settings are as given."
    )


def _exceptions(tunings: Mapping[str, Tuning]) -> list[str]:
    said = []
    for name, found in tunings.items():
        rates = fair.equals(found)
        if fair.won(found) and len(rates) > 1:
            said.append(
                f"{name}: but for rounding that median is the same with {len(rates)} rates, from"
                f" {rates[0]:.3g} to {rates[-1]:.3g}; it runs with"
                f" {found.best.settings['learning_rate']:.3g}."
            )
        if fair.at_edge(found):
            said.append(
                f"{name}: its best η is at the edge of the grid: a better one may lie outside."
            )
        elif not fair.won(found):
            said.append(
                f"{name}: with each η of the grid half of the runs or more diverged, so none is"
                " best; it runs with the rate given."
            )
    return said


def aligned(rows: Iterable[Row]) -> list[str]:
    """Return rows as lines of text, in columns."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
