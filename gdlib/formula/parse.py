"""Read a line of arithmetic into SymPy without ever running it."""

from __future__ import annotations

import ast
import keyword
import re
import threading
import warnings
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import sympy as sp

from gdlib import checks
from gdlib.formula import notation, real

FUNCTIONS: dict[str, Callable[..., sp.Expr]] = {
    name: getattr(sp, name)
    for name in (
        "sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "sqrt", "sign", "Max", "Min",
    )
} | {"max": sp.Max, "min": sp.Min, "ln": sp.log}  # fmt: skip
FUNCTIONS |= {f.__name__: real.hyperbolic(f) for f in (sp.sinh, sp.cosh, sp.tanh)}
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


class MisreadError(ValueError):
    """A text that is no formula: in words, and from which of its columns on, counted from 0."""

    def __init__(self, words: str, column: int = 0) -> None:
        super().__init__(words)
        self.column = column


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
    try:
        return read_placed(text, lambda name: sp.Symbol(name, real=True))
    except MisreadError as error:
        raise ValueError(str(error)) from None


def read_placed(text: str, symbol: Callable[[str], sp.Symbol]) -> sp.Expr:
    """Return what `read` does, of the symbols that `symbol` makes of names.

    Raises
    ------
    TypeError, MisreadError
        As `read`, with the column.
    """
    if not isinstance(text, str):
        raise TypeError(f"a formula is a string, not {checks.shown(text)}")
    line = text.strip()
    if len(line) > LONGEST:
        raise MisreadError(f"a formula has at most {LONGEST} characters, not {len(line)}")
    tree = _parsed(line)
    _measure(tree)
    expression = _Reader(line, _names(tree), symbol).visit(tree)
    if not_real(expression):
        raise MisreadError(f"the formula {text[:60]!r} has no finite real value")
    return expression


def not_real(e: sp.Expr) -> bool:
    """Tell whether a formula holds something infinite, undefined or imaginary."""
    return bool(e.has(sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I))


_FILTERS = threading.Lock()
"""The warning filters belong to all threads: two that changed them at once left them changed."""


def _parsed(line: str) -> ast.expr:
    if hint := notation.misread(line):
        at = next(at for at, sign in enumerate(line) if notation.misread(sign))
        raise MisreadError(f"this is not a formula: {checks.shown(line)}; {hint}", at)
    try:
        with _FILTERS, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python's own, about 1or x
            return ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        at = max(0, min(getattr(error, "offset", None) or 0, len(line)) - 1)
        why = f"; {_why(line, error)}"
        raise MisreadError(f"this is not a formula: {checks.shown(line)}{why}", at) from None


def _why(line: str, error: Exception) -> str:
    """Say what is wrong with a line that Python's parser refuses."""
    if not line:
        return "it is empty"
    word = next((w for w in re.findall(r"\w+", line) if keyword.iskeyword(w)), None)
    if word:
        return f"{word} is a word of Python's: give the variable another name"
    at = getattr(error, "offset", None) or 0
    rest = checks.shown(line[at - 1 : at + 9]) if 0 < at <= len(line) else "its end"
    return notation.missing(line) or f"it makes no sense from {rest} on"


def _names(tree: ast.AST) -> set[str]:
    """Return the names of variables."""
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called}
    return names - {*FUNCTIONS, "abs", "Abs", *CONSTANTS}


def _measure(tree: ast.AST) -> None:
    """Refuse what would stall SymPy: too many operations or variables, or too deep a nest."""
    nodes = list(ast.walk(tree))
    operations = sum(isinstance(n, (ast.BinOp, ast.UnaryOp, ast.Call)) for n in nodes)
    if operations > MOST_OPERATIONS:
        raise MisreadError(f"a formula has at most {MOST_OPERATIONS} operations, not {operations}")
    names = _names(tree)
    if len(names) > MOST_VARIABLES:
        raise MisreadError(f"a formula has at most {MOST_VARIABLES} variables, not {len(names)}")
    if _depth(tree) > DEEPEST:
        raise MisreadError(f"functions, powers and fractions nest at most {DEEPEST} deep")


def _depth(node: ast.AST) -> int:
    """Count how deep functions, powers and fractions stand in each other."""
    nests = isinstance(node, ast.Call) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Pow, ast.Div))
    )
    return nests + max(map(_depth, ast.iter_child_nodes(node)), default=0)


class _Reader(ast.NodeVisitor):
    """Rebuild each allowed node; refuse all others by name."""

    def __init__(self, text: str, names: set[str], symbol: Callable[[str], sp.Symbol]) -> None:
        self.text = text
        self.names = names
        self.symbol = symbol

    def visit(self, node: ast.AST) -> Any:
        try:
            return super().visit(node)
        except MisreadError:  # in a part of this one, which is the nearer place
            raise
        except ValueError as error:
            start = self.text.encode()[: getattr(node, "col_offset", 0)]  # Python counts bytes
            raise MisreadError(str(error), len(start.decode())) from None

    def part(self, node: ast.AST) -> str:
        """Return what a node is in the text."""
        found = ast.get_source_segment(self.text, node) if isinstance(node, ast.expr) else None
        return checks.shown(found or self.text)

    def generic_visit(self, node: ast.AST) -> sp.Expr:
        what = type(node).__name__.lower()
        hint = (
            notation.missing(self.text)
            if isinstance(node, (ast.Tuple, ast.Call, ast.Attribute))
            else ""
        )
        raise ValueError(
            "a formula holds numbers, variables and functions only, not"
            f" {self.part(node)} ({what})" + (f"; {hint}" if hint else "")
        )

    def visit_Constant(self, node: ast.Constant) -> sp.Expr:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            return self.generic_visit(node)
        digits = str(ast.get_source_segment(self.text, node)).replace("_", "")
        if digits[:2].lower() in ("0x", "0o", "0b"):
            raise ValueError(f"write {checks.shown(node.value)} in decimal, not as {digits[:30]}")
        # Looked at before SymPy makes a fraction of it: 1e99999999 has 100 million digits.
        size = _size(digits)
        number = sp.Rational(digits) if size <= MOST_DIGITS else None
        if number is None or max(abs(number.p), number.q) > LARGEST_NUMBER:
            raise ValueError(f"the number {digits[:30]} has too many digits")
        return number

    def visit_Name(self, node: ast.Name) -> sp.Expr:
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if node.id in FUNCTIONS or node.id in ("abs", "Abs"):
            raise ValueError(f"{node.id} is a function: write {node.id}(...)")
        if wrong := notation.why_no_name(node.id, {*self.names, *CONSTANTS, *FUNCTIONS}):
            raise ValueError(wrong)
        return self.symbol(node.id)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> sp.Expr:
        if not isinstance(node.op, (ast.USub, ast.UAdd)):
            return self.generic_visit(node)
        operand = self.visit(node.operand)
        return -operand if isinstance(node.op, ast.USub) else operand

    def visit_BinOp(self, node: ast.BinOp) -> sp.Expr:
        operations: dict[type, Callable[[Any, Any], sp.Expr]] = {
            ast.Add: lambda a, b: a + b,
            ast.Sub: lambda a, b: a - b,
            ast.Mult: lambda a, b: a * b,
            ast.Div: lambda a, b: a / b,
            ast.Pow: _power,
        }
        if type(node.op) not in operations:
            return self.generic_visit(node)
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Pow) and not right.is_number and left.is_extended_nonpositive:
            why = "0 or 1, without a slope" if left.is_zero else "real at a few exponents alone"
            raise ValueError(
                f"{self.part(node)} raises {self.part(node.left)} to a power that varies, which is"
                f" {why}: write a base above 0"
            )
        return self.finite(node, operations[type(node.op)](left, right))

    def visit_Call(self, node: ast.Call) -> sp.Expr:
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name is None or node.keywords:
            return self.generic_visit(node)
        known = {*FUNCTIONS, "abs", "Abs"}
        if name not in known:
            raise ValueError(f"{self.part(node)}: {notation.why_no_function(name, known)}")
        wanted = 2 if name in TWO_PLACES else 1
        if len(node.args) != wanted:
            raise ValueError(
                f"{name} takes {wanted} argument(s), not {len(node.args)}: {self.part(node)}"
            )
        arguments = [self.visit(argument) for argument in node.args]
        for argument in arguments:  # exp(exp(exp(20))): SymPy would write its digits out
            if argument.is_number and not abs(argument.evalf(3)) <= LARGEST_NUMBER:
                raise ValueError(f"the number {str(argument)[:30]} in {name}(...) is too large")
        function = absolute if name in ("abs", "Abs") else FUNCTIONS[name]
        try:
            return self.finite(node, function(*arguments))
        except ValueError as error:
            if "not comparable" not in str(error):  # SymPy's words about a max or a min
                raise
        raise ValueError(f"{self.part(node)} compares a number whose sign nobody can tell")

    def finite(self, node: ast.AST, result: sp.Expr) -> sp.Expr:
        """Refuse what is infinite or nowhere real where it arises, by its place."""
        if not_real(result) or result.is_extended_real is False:
            raise ValueError(f"{self.part(node)} has no finite real value")
        return result


def _size(digits: str) -> int:
    """Return how many digits a decimal has when it is written out, without writing them."""
    try:
        number = Decimal(digits)
    except InvalidOperation:  # an exponent of 18 digits
        return MOST_DIGITS + 1
    return len(number.as_tuple().digits) + abs(int(number.as_tuple().exponent))


def _power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    number = exponent.is_Rational
    if (number and abs(exponent) > LARGEST_POWER) or (exponent.is_number and not number):
        raise ValueError(f"a power is at most {LARGEST_POWER}, not {checks.shown(exponent)}")
    factor = base.as_coeff_Mul()[0]  # of 0.9*x, too: SymPy raises it at once
    if number and factor != 1:
        digits = len(str(max(abs(factor.p), factor.q))) * abs(exponent)
        if digits > MOST_DIGITS:
            raise ValueError(f"the number ({str(base)[:30]})**{exponent} has too many digits")
    return base**exponent


def absolute(u: sp.Expr) -> sp.Expr:
    """Return |u| of a real u, factor by factor.

    SymPy's own is that of a complex number: |√x| = √|x|, which has a value where √x has none.
    """
    factors = [_factor_size(factor) for factor in sp.Mul.make_args(u)]
    return sp.Mul(*factors)


def _factor_size(u: sp.Expr) -> sp.Expr:
    if isinstance(u, sp.exp) or (u.is_Pow and u.exp.is_Rational and not u.exp.is_Integer):
        return u  # a power of e and a root are nowhere below 0
    if u.is_Pow and not u.exp.is_number:
        return sp.Max(u, -u)
    return sp.Abs(u)
