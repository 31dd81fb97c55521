"""Formulas with one part spoilt: what a slip of the pen could have written instead."""

from __future__ import annotations

from typing import Any

import sympy as sp


def rewrites(formula: Any, hyperparameters: list[sp.Symbol]) -> list[Any]:
    """Return the formula with each part of it spoilt once: dropped, unwrapped or confused."""
    spoilt = {-formula}
    for part in sp.preorder_traversal(formula):
        instead: list[Any] = []
        if part.is_Add or part.is_Mul:
            instead = [part.func(*(a for a in part.args if a is not gone)) for gone in part.args]
        elif part.is_Piecewise:
            instead = [piece.expr for piece in part.args]
        elif isinstance(part, sp.LessThan):
            instead = [sp.StrictLessThan(*part.args, evaluate=False)]
        elif part.is_Pow or part.is_Function:
            instead = list(part.args)
        elif part in hyperparameters:
            instead = [other for other in hyperparameters if other != part]
        spoilt.update(_replaced(formula, part, other) for other in instead)
    finite = [new for new in spoilt - {formula} if not new.has(sp.zoo, sp.nan, sp.oo)]
    return sorted(finite, key=str)


def _replaced(formula: Any, part: Any, other: Any) -> Any:
    """Return the formula with something else for a part, or itself where that is no formula."""
    try:
        return formula.xreplace({part: other})
    except (TypeError, ValueError):  # SymPy's: a function of a number that has none
        return formula
