"""Value, gradient and Hessian of a formula, lowered and compiled once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib import checks
from gdlib.formula import lower, targets
from gdlib.formula.derivatives import Roots, derivatives, roots

Array = NDArray[np.float64]


def flat(
    formulas: tuple[sp.Expr, list[sp.Expr], list[list[sp.Expr]]], what: str
) -> tuple[list[sp.Expr], tuple[int, ...]]:
    """Return the formulas of value, gradient or Hessian in one list, and the shape they fill."""
    value, gradient, hessian = formulas
    n = len(gradient)
    checks.choice("what", what, ("value", "gradient", "hessian"))
    if what == "hessian":
        return [entry for row in hessian for entry in row], (n, n)
    return ([value], ()) if what == "value" else (gradient, (n,))


@cache
def lowered(expr: sp.Expr, variables: tuple[sp.Symbol, ...], what: str) -> lower.Block:
    """Lower value, gradient or Hessian to trees over `theta_0`, `theta_1` and so on."""
    names = {symbol: f"theta_{i}" for i, symbol in enumerate(variables)}
    formulas = flat(derivatives(expr, variables), what)[0]
    return lower.lower(formulas, names=names, roots=guarded_roots(expr, variables, what))


@cache
def guarded_roots(expr: sp.Expr, variables: tuple[sp.Symbol, ...], what: str) -> Roots:
    """Return the roots whose slopes "gradient" or "hessian" holds; a value has none."""
    if what == "value":
        return {}
    lower = [expr] if what == "gradient" else derivatives(expr, variables)[1]
    return roots(lower, variables)


@cache
def compiled(
    expr: sp.Expr, variables: tuple[sp.Symbol, ...], what: str
) -> tuple[Callable[..., list[Array]], tuple[int, ...]]:
    """Compile value, gradient or Hessian for NumPy: coordinates in, flat results out."""
    block = lowered(expr, variables, what)
    arguments = [f"theta_{i}" for i in range(len(variables))]
    source = targets.function(what, arguments, block, "numpy", (len(block.results),))
    return targets.compile_python(source, what), flat(derivatives(expr, variables), what)[1]
