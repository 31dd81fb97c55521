"""Read a line of arithmetic into SymPy without ever running it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import sympy as sp

FUNCTIONS: dict[str, Callable[..., sp.Expr]] = {
    name: getattr(sp, name)
    for name in (
        "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "sqrt",
        "sign", "Abs", "Max", "Min",
    )
} | {"abs": sp.Abs, "max": sp.Max, "min": sp.Min, "ln": sp.log}  # fmt: skip
CONSTANTS = {"pi": sp.pi, "E": sp.E, "e": sp.E}
TWO_PLACES = {"Max", "Min", "max", "min"}

LONGEST = 500
"""Characters in a formula."""
LARGEST_POWER = 20
LARGEST_NUMBER = 10**12
MOST_DIGITS = 300
"""Of a number that powers make: a double holds no more."""
# Differentiating twice takes time that grows fast with these three: at their limits, a few seconds.
MOST_OPERATIONS = 60
DEEPEST = 8
MOST_VARIABLES = 8


def read(text: str) -> sp.Expr:
    """Return the SymPy expression that `text` writes.

    Numbers, names, + − * / **, and the elementary functions; decimals become exact fractions.
    The text is parsed by Python's own parser and each node is rebuilt from a short list of
    what is allowed, so nothing in it can run.

    Raises
    ------
    TypeError
        `text` is not a string.
    ValueError
        Anything else than arithmetic, or numbers large enough to stall SymPy.
    """
    if not isinstance(text, str):
        raise TypeError(f"a formula is a string, not {type(text).__name__}")
    if len(text) > LONGEST:
        raise ValueError(f"a formula has at most {LONGEST} characters, not {len(text)}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"this is not a formula: {text[:60]!r}") from error
    _measure(tree)
    expression = _Reader(text.strip()).visit(tree)
    if expression.has(sp.zoo, sp.nan, sp.oo, sp.I):
        raise ValueError(f"the formula {text[:60]!r} has no finite real value")
    return expression


def _measure(tree: ast.AST) -> None:
    """Refuse what would stall SymPy: too many operations or variables, or too deep a nest."""
    nodes = list(ast.walk(tree))
    operations = sum(isinstance(n, (ast.BinOp, ast.UnaryOp, ast.Call)) for n in nodes)
    if operations > MOST_OPERATIONS:
        raise ValueError(f"a formula has at most {MOST_OPERATIONS} operations, not {operations}")
    names = {n.id for n in nodes if isinstance(n, ast.Name)} - {*FUNCTIONS, *CONSTANTS}
    if len(names) > MOST_VARIABLES:
        raise ValueError(f"a formula has at most {MOST_VARIABLES} variables, not {len(names)}")
    if _depth(tree) > DEEPEST:
        raise ValueError(f"functions, powers and fractions nest at most {DEEPEST} deep")


def _depth(node: ast.AST) -> int:
    """Count how deep functions, powers and fractions stand in each other."""
    nests = isinstance(node, ast.Call) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Pow, ast.Div))
    )
    return nests + max(map(_depth, ast.iter_child_nodes(node)), default=0)


class _Reader(ast.NodeVisitor):
    """Rebuild each allowed node; refuse all others by name."""

    def __init__(self, text: str) -> None:
        self.text = text

    def generic_visit(self, node: ast.AST) -> sp.Expr:
        part = ast.get_source_segment(self.text, node) if isinstance(node, ast.expr) else ""
        what = type(node).__name__.lower()
        raise ValueError(
            f"a formula holds numbers, variables and functions only, not {part!r} ({what})"
        )

    def visit_Constant(self, node: ast.Constant) -> sp.Expr:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            return self.generic_visit(node)
        digits = str(ast.get_source_segment(self.text, node)).replace("_", "")
        if digits[:2].lower() in ("0x", "0o", "0b"):
            raise ValueError(f"write {digits} in decimal: {node.value}")
        number = sp.Rational(digits)
        if max(abs(number.p), number.q) > LARGEST_NUMBER:
            raise ValueError(f"the number {node.value!r} has too many digits")
        return number

    def visit_Name(self, node: ast.Name) -> sp.Expr:
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if node.id in FUNCTIONS:
            raise ValueError(f"{node.id} is a function: write {node.id}(...)")
        if not node.id.replace("_", "").isalnum() or node.id.startswith("_") or "__" in node.id:
            raise ValueError(f"{node.id!r} is no name for a variable")
        return sp.Symbol(node.id, real=True)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> sp.Expr:
        operand = self.visit(node.operand)
        if isinstance(node.op, ast.USub):
            return -operand
        return operand if isinstance(node.op, ast.UAdd) else self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> sp.Expr:
        if isinstance(node.op, ast.BitXor):
            raise ValueError("write a power as x**2, not x^2")
        operations: dict[type, Callable[[Any, Any], sp.Expr]] = {
            ast.Add: lambda a, b: a + b,
            ast.Sub: lambda a, b: a - b,
            ast.Mult: lambda a, b: a * b,
            ast.Div: lambda a, b: a / b,
            ast.Pow: _power,
        }
        if type(node.op) not in operations:
            return self.generic_visit(node)
        return operations[type(node.op)](self.visit(node.left), self.visit(node.right))

    def visit_Call(self, node: ast.Call) -> sp.Expr:
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name not in FUNCTIONS or node.keywords:
            return self.generic_visit(node)
        wanted = 2 if name in TWO_PLACES else 1
        if len(node.args) != wanted:
            raise ValueError(f"{name} takes {wanted} argument(s), not {len(node.args)}")
        arguments = [self.visit(argument) for argument in node.args]
        for argument in arguments:  # exp(exp(exp(20))): SymPy would write its digits out
            if argument.is_number and not abs(argument.evalf(3)) <= LARGEST_NUMBER:
                raise ValueError(f"the number {str(argument)[:30]} in {name}(...) is too large")
        return FUNCTIONS[name](*arguments)


def _power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    number = exponent.is_Rational
    if (number and abs(exponent) > LARGEST_POWER) or (exponent.is_number and not number):
        raise ValueError(f"a power is at most {LARGEST_POWER}, not {exponent}")
    if number and base.is_Rational:
        digits = len(str(max(abs(base.p), base.q))) * abs(exponent)
        if digits > MOST_DIGITS:
            raise ValueError(f"the number ({str(base)[:30]})**{exponent} has too many digits")
    return base**exponent
