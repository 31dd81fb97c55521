"""Landscapes and rules as JSON programs for the browser: printed formulas with their facts.

`formula.targets` spells the JavaScript. The front end fuses the two into one loop, statement for
statement as `optimizers.lowered` sorts them.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from gdlib.formula import compiled, lower, names, targets
from gdlib.formula.lower import Block, Tree
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.optimizers.symbols import eta, theta
from gdlib.theory import spectrum

Program = dict[str, Any]
Line = tuple[str, str]

RANGES: dict[str, Program] = {
    "learning_rate": {"low": 1e-4, "high": 10.0, "scale": "log"},
    "decay": {"low": 0.0, "high": 0.999, "scale": "to one"},
    "beta1": {"low": 0.0, "high": 0.999, "scale": "to one"},
    "beta2": {"low": 0.0, "high": 0.9999, "scale": "to one"},
    "epsilon": {"low": 1e-10, "high": 1.0, "scale": "log"},
    "weight_decay": {"low": 0.0, "high": 0.5, "scale": "linear"},
}
"""Where a slider for each hyperparameter runs; "to one" is even in log(1 − value)."""


def landscape(cost: Landscape) -> Program:
    """Return a landscape's formulas as JavaScript over `theta_0`, …, with its facts."""
    return {
        "name": cost.name,
        "math": mathml(sp.Eq(sp.Symbol("J"), cost.expr, evaluate=False)),
        "variables": [_LETTERS.get(v.name, v.name) for v in cost.variables],
        "bounds": [list(pair) for pair in cost.bounds],
        "start": list(cost.start),
        "minima": [list(point) for point in cost.minima],
        "valleys": _valleys(cost),
        "quadratic": _is_quadratic(cost),
        **{
            what: code(compiled.lowered(cost.expr, cost.variables, what))
            for what in ("value", "gradient", "hessian")
        },
    }


def rule(optimizer: Optimizer) -> Program:
    """Return a rule's statements as JavaScript; `_i` stands for a coordinate's number."""
    lowered = optimizer.rule
    return {
        "name": optimizer.name,
        "moments": [[name, optimizer.initial_moment(name)] for name in lowered.moments],
        "hyperparameters": [
            _hyperparameter(optimizer, symbol) for symbol in optimizer.hyperparameters
        ],
        "powers": [list(pair) for pair in lowered.powers],
        "once": _lines(lowered.once),
        "each_step": _lines(lowered.each_step),
        "each_coordinate": _lines(lowered.each_coordinate),
        **_derived(optimizer),
    }


def mathml(expression: sp.Basic) -> str:
    """Return presentation MathML, which every current browser typesets by itself."""
    from latex2mathml import converter

    return str(converter.convert(names.typeset(expression)))


def settings(optimizer: Optimizer) -> Program:
    """Return what the browser needs to name an optimizer: its rule and its numbers."""
    return {"name": optimizer.name, "settings": optimizer.settings}


def code(block: Block) -> Program:
    """Return straight-line code as JavaScript: named lines, then expressions of the results."""
    return {
        "lines": _lines(block.assignments),
        "results": [targets.infix(tree, "javascript") for tree in block.results],
    }


def _lines(assignments: tuple[tuple[str, Tree], ...]) -> list[Line]:
    return [(name, targets.infix(tree, "javascript")) for name, tree in assignments]


def _hyperparameter(optimizer: Optimizer, symbol: sp.Symbol) -> Program:
    keyword = optimizer.keywords[symbol]
    return {
        "symbol": optimizer.names[symbol],
        "letter": _LETTERS.get(symbol.name, symbol.name),
        "keyword": keyword,
        "value": optimizer.hyperparameters[symbol],
        **RANGES.get(keyword, {"low": 0.0, "high": 1.0, "scale": "linear"}),
    }


_LETTERS = {
    "eta": "η", "beta": "β", "rho": "ρ", "beta1": "β₁", "beta2": "β₂", "epsilon": "ε", "lamda": "λ",
    "alpha": "α", "theta": "θ",
}  # fmt: skip


_KNOWN: dict[tuple[Any, ...], Program] = {}


def _derived(optimizer: Optimizer) -> Program:
    """Return what SymPy derives from a rule whatever its numbers, once for all widgets."""
    key = (
        tuple(optimizer.moments.items()), optimizer.step, tuple(optimizer.hyperparameters),
    )  # fmt: skip
    if key not in _KNOWN:
        _KNOWN[key] = {"bound": _bound(optimizer), "terms": _terms(optimizer)}
    return _KNOWN[key]


def _bound(optimizer: Optimizer) -> Program | None:
    """Derive where a linear rule stops being stable on ½λθ²: the largest ηλ, and "2/L" as text.

    On g = λθ such a rule multiplies (θ, moments) by a matrix M. As η grows from 0, its first
    eigenvalue to leave the unit circle leaves through −1, so the bound solves det(M + I) = 0.
    """
    matrix = spectrum.matrix(optimizer)
    if matrix is None:
        return None
    rates = sp.solve((matrix + sp.eye(matrix.rows)).det(), eta)
    bound = sp.factor(rates[0] * spectrum.curvature)
    text = targets.infix(lower.lower([bound], names=optimizer.names).results[0], "javascript")
    return {"code": text, "text": _bound_text(bound)}


def _terms(optimizer: Optimizer) -> list[Program]:
    """Split a step into what memory adds, what the gradient adds now, and what pulls θ to 0.

    Each is an expression for one coordinate in θ, g, k, the moments before the step and the
    hyperparameters. A step that is not linear in its direction's memory is left whole.
    """
    now: dict[sp.Symbol, sp.Expr] = {}
    for symbol, expression in optimizer.moments.items():
        now[symbol] = expression.subs(now, simultaneous=True)
    step = optimizer.step.subs(now, simultaneous=True)
    parts: dict[str, sp.Expr] = {}
    for name, symbols in (("pull to zero", [theta]), ("memory", optimizer.remembers)):
        slopes = {s: sp.diff(step, s) for s in symbols if not step.has(sp.sign)}
        linear = {s: slope for s, slope in slopes.items() if not slope.has(s)}
        parts[name] = sp.Add(*(slope * s for s, slope in linear.items()))
        step = step.subs(dict.fromkeys(linear, 0))
    parts["gradient"] = step
    shown = [(name, part) for name, part in parts.items() if part != 0]
    return [
        {"name": name, **code(lower.lower([part], names=optimizer.names))}
        for name, part in reversed(shown)
    ]


def _bound_text(bound: sp.Expr) -> str:
    """Write a bound on ηL as one on η, on one line: "2/L", "2(β + 1)/L"."""
    letters = {s: sp.Symbol(_LETTERS.get(str(s), str(s))) for s in bound.free_symbols}
    above, below = (
        f"({part})" if part.is_Add else str(part) for part in sp.fraction(bound.subs(letters))
    )
    under = "L" if below == "1" else f"({below}L)"
    return f"{above}/{under}".replace("*", "")


def _valleys(cost: Landscape) -> list[list[float]]:
    """Return every minimum of a curve, the shallow ones too; of other landscapes the known ones."""
    if cost.n > 1:
        return [list(point) for point in cost.minima]
    if cost.has_corners:  # no curvature there, from which a regime could be named
        return []
    low, high = cost.bounds[0]
    try:
        found = [p.point[0] for p in cost.critical_points() if p.kind == "minimum"]
    except ValueError:  # a flat stretch, or thousands of valleys: none stands for the others
        return []
    return [[float(x)] for x in found if low <= x <= high]


def _is_quadratic(cost: Landscape) -> bool:
    """Tell whether the Hessian is the same everywhere, so that 2/L holds everywhere."""
    return not cost.has_corners and not cost.hessian_formula.free_symbols
