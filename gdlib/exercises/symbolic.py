"""Exercises whose answer is a formula: a SymPy expression, compared by value at several points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from gdlib.exercises.compare import described
from gdlib.exercises.registry import Mistake, register
from gdlib.exercises.sandbox import NotStarted, NotYet
from gdlib.exercises.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

POINTS = 5


def expression(
    name: str,
    answer: Any,
    variables: Sequence[sp.Symbol],
    mistakes: Sequence[Mistake] = (),
    *,
    interval: tuple[float, float] = (0.3, 1.7),
    note: str = "",
) -> None:
    """Register an exercise whose answer is a SymPy expression, or a Matrix or list of them.

    Any equivalent form is correct. Symbols are matched by name, whatever was assumed of them.
    The comparison uses seeded points of `interval` for each variable. A mistake's `like` is a
    wrong expression; its `when` takes the reader's list of expressions.
    """
    right = formulas(answer)
    samples = np.random.default_rng(0).uniform(*interval, size=(POINTS, len(variables)))
    names = [variable.name for variable in variables]

    def judge(given: Any) -> Verdict:
        mine = formulas(given)
        check_symbols(mine, names)
        if len(mine) == len(right) and equal(mine, right, names, samples):
            return Verdict.right(note)
        for mistake in mistakes:
            if meant(mistake, mine, names, samples):
                return Verdict.wrong(mistake.message)
        if len(mine) != len(right):
            raise NotYet(f"Your answer has {len(mine)} formulas where {len(right)} are wanted.")
        return Verdict.wrong("This formula does not have the right value everywhere.")

    register(name, judge, mistakes)


def formulas(given: Any) -> list[sp.Expr]:
    """Return an answer as a flat list of expressions; texts are refused, never evaluated."""
    if isinstance(given, sp.MatrixBase):
        items = list(given)
    elif isinstance(given, list | tuple | np.ndarray):
        items = [item for row in given for item in formulas(row)]
    else:
        items = [given]
    if any(item is ... for item in items):
        raise NotStarted
    for item in items:
        if isinstance(item, bool) or not isinstance(item, sp.Expr | int | float):
            raise NotYet(f"This exercise wants a SymPy expression, and got {described(item)}.")
    return [sp.sympify(item) for item in items]


def check_symbols(mine: list[sp.Expr], names: list[str]) -> None:
    """Refuse a formula with a symbol that does not belong in it, or with NaN or infinity."""
    strangers = {s.name for item in mine for s in item.free_symbols} - set(names)
    if strangers:
        known = ", ".join(names) or "no symbols"
        raise NotYet(f"Your formula contains {', '.join(sorted(strangers))}; it may use {known}.")
    if any(item.has(sp.nan, sp.oo, -sp.oo, sp.zoo) for item in mine):
        raise NotYet("Your formula contains a division by zero: it is infinite or undefined.")


def equal(mine: list[sp.Expr], right: list[sp.Expr], names: list[str], samples: Any) -> bool:
    """Return whether the formulas agree at every sample, to a relative 1e-9."""
    return np.allclose(
        values(mine, names, samples), values(right, names, samples), rtol=1e-9, atol=1e-12
    )


def values(items: list[sp.Expr], names: list[str], samples: Any) -> np.ndarray:
    """Return the formulas' values, shape (points, formulas); undone derivatives are done."""
    rows = []
    for sample in samples:
        point = dict(zip(names, map(float, sample), strict=True))
        rows.append([at(item, point) for item in items])
    return np.array(rows, dtype=complex)


def at(item: sp.Expr, point: dict[str, float]) -> complex:
    """Return one formula's value where the symbols with these names have these values."""
    done = item.doit()
    return complex(done.subs({s: point[s.name] for s in done.free_symbols}).evalf())


def meant(mistake: Mistake, mine: list[sp.Expr], names: list[str], samples: Any) -> bool:
    """Return whether the formulas are this mistake; an error in its predicate means no."""
    try:
        if mistake.when is not None:
            return bool(mistake.when(mine))
        wrong = formulas(mistake.like)
        return len(wrong) == len(mine) and equal(mine, wrong, names, samples)
    except Exception:
        return False
