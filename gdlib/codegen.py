"""Print SymPy formulas as code: Python for one point, NumPy for arrays, JavaScript for the page.

Every target is printed from the same tree of binary operations, in the same order, so that all
of them round alike. LaTeX is not here: SymPy prints formulas, `typeset` rules.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import sympy as sp

from gdlib import ieee, real
from gdlib.checks import shown
from gdlib.names import unlike

Tree = str | tuple[Any, ...]
"""A name, a literal, or `(operation, operand, ...)`."""

TARGETS = ("python", "numpy", "javascript")

_COLUMN = {"python": 0, "careful": 0, "numpy": 1, "mixed": 1, "javascript": 2}
"""Where a target is spelled in `FUNCTIONS`.

"careful" is Python that never raises (`ieee`); "mixed" is NumPy where two plain numbers may meet.
"""
_DIVIDE = {"careful": "divide({0}, {1})", "mixed": "np.divide({0}, {1})"}

# One row a function: how each target spells it. `{0}` and `{1}` are the operands.
FUNCTIONS: dict[Any, tuple[str, str, str]] = {
    sp.sin: ("sin({0})", "np.sin({0})", "Math.sin({0})"),
    sp.cos: ("cos({0})", "np.cos({0})", "Math.cos({0})"),
    sp.tan: ("tan({0})", "np.tan({0})", "Math.tan({0})"),
    sp.asin: ("asin({0})", "np.arcsin({0})", "Math.asin({0})"),
    sp.acos: ("acos({0})", "np.arccos({0})", "Math.acos({0})"),
    sp.atan: ("atan({0})", "np.arctan({0})", "Math.atan({0})"),
    sp.sinh: ("sinh({0})", "np.sinh({0})", "Math.sinh({0})"),
    sp.cosh: ("cosh({0})", "np.cosh({0})", "Math.cosh({0})"),
    sp.tanh: ("tanh({0})", "np.tanh({0})", "Math.tanh({0})"),
    sp.exp: ("exp({0})", "np.exp({0})", "Math.exp({0})"),
    sp.log: ("log({0})", "np.log({0})", "Math.log({0})"),
    sp.Abs: ("abs({0})", "np.abs({0})", "Math.abs({0})"),
    sp.sign: (
        "(1.0 if {0} > 0 else -1.0 if {0} < 0 else 0.0*{0})",
        "np.sign({0})",
        "Math.sign({0})",
    ),
    sp.Max: ("max({0}, {1})", "np.maximum({0}, {1})", "Math.max({0}, {1})"),
    sp.Min: ("min({0}, {1})", "np.minimum({0}, {1})", "Math.min({0}, {1})"),
    # The derivative of Max and Abs at a kink: 0 there, the choice that chapters state.
    sp.Heaviside: (
        "(1.0 if {0} > 0 else 0.0 if {0} <= 0 else {0})",
        "np.maximum(np.sign({0}), 0.0)",
        "Math.max(Math.sign({0}), 0.0)",
    ),
    sp.floor: ("floor({0})", "np.floor({0})", "Math.floor({0})"),
    sp.Le: ("({0} <= {1})",) * 3,
    sp.Lt: ("({0} < {1})",) * 3,
    sp.Ge: ("({0} >= {1})",) * 3,
    sp.Gt: ("({0} > {1})",) * 3,
    "where": ("({1} if {0} else {2})", "np.where({0}, {1}, {2})", "({0} ? {1} : {2})"),
    "sqrt": ("sqrt({0})", "np.sqrt({0})", "Math.sqrt({0})"),
    "pow": ("pow({0}, {1})", "np.power({0}, {1})", "Math.pow({0}, {1})"),
}
LITERALS = {sp.pi: math.pi, sp.E: math.e}


class Block(NamedTuple):
    """Straight-line code: named intermediate trees in order, then the trees of the results."""

    assignments: tuple[tuple[str, Tree], ...]
    results: tuple[Tree, ...]


def formula(value: Any, owner: str = "the formula") -> sp.Expr:
    """Return a SymPy expression, or a whole number or fraction as one.

    Raises
    ------
    TypeError
        Anything else. Text above all: SymPy's own parser would run it.
    ValueError
        A float, which the targets would print differently.
    """
    if isinstance(value, str):
        raise TypeError(
            f"{owner} must be a SymPy expression, not text: {shown(value)}; write it with"
            " sympy.symbols, or let gd.Landscape.parse read a cost from text"
        )
    if isinstance(value, numbers.Rational) and not isinstance(value, (bool, sp.Expr)):
        return sp.Rational(int(value.numerator), int(value.denominator))
    if isinstance(value, (float, np.floating)):
        value = sp.Float(float(value))
    if not isinstance(value, sp.Expr):
        raise TypeError(f"{owner} must be a SymPy expression, not {shown(value)}")
    _refuse_floats(value, owner)
    return value


def symbol(value: Any, owner: str) -> sp.Symbol:
    """Return a SymPy symbol, or refuse what is none."""
    if not isinstance(value, sp.Symbol):
        raise TypeError(f"{owner} must be a SymPy symbol, not {shown(value)}")
    return value


def check(expression: sp.Expr, symbols: Collection[sp.Symbol], owner: str = "the formula") -> None:
    """Refuse what some target could not say exactly, naming the culprit.

    Raises
    ------
    TypeError
        `expression` is not a SymPy expression.
    ValueError
        A float literal, an unbound symbol, or a function that a target lacks.
    """
    if not isinstance(expression, sp.Expr):
        raise TypeError(f"{owner} must be a SymPy expression, not {type(expression).__name__}")
    _refuse_floats(expression, owner)
    unbound = sorted(map(str, expression.free_symbols - set(symbols)))
    if unbound:
        known = ", ".join(map(str, symbols)) or "none"
        other = " of other assumptions" if unbound[0] in map(str, symbols) else ""
        raise ValueError(
            f"{owner} holds the unbound symbol {unbound[0]!r}{other}; its symbols: {known}"
        )
    for part in sp.preorder_traversal(expression):
        if isinstance(part, sp.Rational) and part.is_finite and not _fits(part):
            raise ValueError(f"{owner} holds a number that no double holds: {shown(part)}")
        if not _sayable(part):
            why = f", which JavaScript cannot say{_instead(part)}"
            raise ValueError(f"{owner} holds {shown(part)}{why}")
    for number in _numbers(expression):
        if not math.isfinite(_double(number)):
            raise ValueError(f"{owner} holds a number that no double holds: {shown(number)}")


def _instead(part: sp.Basic) -> str:
    """Return how to write pieces and their conditions, where a part is of that kind."""
    if isinstance(part, sp.ITE):  # what SymPy makes of Max(Piecewise(...), x)
        return (
            ": a condition that compares pieces; write max, min and comparisons inside each piece,"
            " Piecewise((Max(x, y), x > 0), (Max(1, y), True))"
        )
    if isinstance(part, (sp.And, sp.Or, sp.Not, sp.Xor)):
        return (
            ": conditions that are joined; write pieces inside pieces,"
            " Piecewise((Piecewise((x, y > 0), (y, True)), x > 0), (y, True))"
        )
    if part in (sp.I, sp.nan, sp.oo, -sp.oo, sp.zoo):
        return ": it is no finite real number"
    if isinstance(part, (sp.Eq, sp.Ne)):
        return ": a condition compares with <, <=, > or >="
    return ": its last piece must be (..., True)" if part.is_Piecewise else ""


def _numbers(e: sp.Expr) -> set[sp.Expr]:
    """Return the numbers that are computed, such as exp(3), and a product's numbers together."""
    found: set[sp.Expr] = set()
    seen, left = {e}, [e]
    while left:
        part = left.pop()
        computed = [n for n in (part, *part.args) if n.args and n.is_number]
        if part in computed:
            found.add(part)
            continue
        if computed and part.is_Mul:
            found.add(sp.Mul(*(n for n in part.args if n.is_number)))
        new = {*part.args} - seen
        seen |= new
        left += new
    return found


@cache
def _double(number: sp.Expr) -> float:
    return float(compile_scalar("number", [], lower([number]), ())())


def _refuse_floats(expression: sp.Expr, owner: str) -> None:
    for literal in sorted(expression.atoms(sp.Float), key=str):
        exact = sp.nsimplify(literal, rational=True)
        raise ValueError(
            f"{owner} holds the float {float(literal)!r}; write it exactly, for instance"
            f" sympy.Rational({exact.p}, {exact.q})"
        )


def _sayable(part: sp.Basic) -> bool:
    if part in (sp.pi, sp.E) or isinstance(part, (sp.Rational, sp.Symbol)):
        return bool(part.is_finite is not False)
    if isinstance(part, sp.Piecewise):  # every point must fall into some piece
        return bool(part.args[-1].cond == sp.true)
    passed = (sp.Add, sp.Mul, sp.Pow, sp.functions.elementary.piecewise.ExprCondPair)
    return isinstance(part, passed) or real.sympys(part.func) in FUNCTIONS or part == sp.true


def _fits(number: sp.Rational) -> bool:
    """Tell whether a fraction, or what it is printed as, is a double."""
    whole = number.q & (number.q - 1) == 0
    size = abs(number) if whole else max(abs(number.p), number.q)
    return bool(size < 2**1023)


def lower(
    expressions: Sequence[sp.Expr],
    *,
    prefix: str = "a",
    names: Mapping[sp.Symbol, str] | None = None,
    roots: Mapping[sp.Expr, tuple[sp.Expr, ...]] | None = None,
) -> Block:
    """Share common subexpressions, turn integer powers into products, and order the operations.

    `prefix` starts the names of intermediates; `names` renames symbols. Where one of `roots` and
    all its slopes are 0, what divides by a power of it divides by 1 instead: 0/0 becomes 0.

    Raises
    ------
    ValueError
        A float literal: the targets would print it differently.
    """
    for expression in expressions:
        _refuse_floats(expression, "the formula")
    free = set().union(*(e.free_symbols for e in expressions))
    stem = unlike(free, "gd_")
    primitives: dict[sp.Symbol, sp.Expr] = {}
    known: dict[sp.Basic, sp.Basic] = {}
    plain = [_without_content(expression, primitives, stem, known) for expression in expressions]
    parts = [*plain, *primitives.values()]
    try:
        shared, reduced = sp.cse(parts, symbols=sp.numbered_symbols(f"{stem}cse_"), list=True)
    except RecursionError:  # SymPy 1.14 turns some conditions round for ever: share nothing
        shared, reduced = [], parts
    lowering = Lowering(prefix, dict(names or {}))
    lowering.pending = dict(shared) | dict(zip(primitives, reduced[len(plain) :], strict=True))
    lowering.definitions, lowering.roots = dict(lowering.pending), dict(roots or {})
    lowering.count(reduced)
    results = tuple(lowering.tree(expression) for expression in reduced[: len(plain)])
    return Block(tuple(lowering.assignments), results)


def _without_content(
    e: sp.Expr, primitives: dict[sp.Symbol, sp.Expr], stem: str, known: dict[sp.Basic, sp.Basic]
) -> sp.Expr:
    """Take common numbers out of sums, 2x + 2y → 2(x + y), which SymPy itself multiplies out.

    Each sum without its number is named in `primitives`, so that it can be shared; each part is
    looked at once, however often it occurs, and what does not change is not built again.
    """
    if not e.args:
        return e
    if e not in known:
        args = tuple(_without_content(part, primitives, stem, known) for part in e.args)
        known[e] = _primitive(e if args == e.args else _rebuilt(e, args), primitives, stem)
    return known[e]


def _rebuilt(e: sp.Expr, args: tuple[sp.Basic, ...]) -> sp.Expr:
    # SymPy 1.14 turns some pieces' conditions round for ever when it looks at them again.
    return e.func(*args, evaluate=False) if e.is_Piecewise else e.func(*args)


def _primitive(e: sp.Expr, primitives: dict[sp.Symbol, sp.Expr], stem: str) -> sp.Expr:
    content, primitive = e.primitive() if e.is_Add else (sp.S.One, e)
    if content == 1:
        return e
    found = next((s for s, p in primitives.items() if p == primitive), None)
    symbol = found or sp.Symbol(f"{stem}sum_{len(primitives)}", real=True)
    primitives[symbol] = primitive
    return content * symbol


class Lowering:
    """Turn SymPy expressions into trees, collecting named intermediates on the way."""

    def __init__(self, prefix: str, names: dict[sp.Symbol, Tree]) -> None:
        self.prefix = prefix
        self.names = names
        self.pending: dict[sp.Symbol, sp.Expr] = {}
        self.definitions: dict[sp.Symbol, sp.Expr] = {}
        self.roots: dict[sp.Expr, tuple[sp.Expr, ...]] = {}
        self.assignments: list[tuple[str, Tree]] = []
        self._seen: dict[Tree, str] = {}
        self._uses: dict[sp.Symbol, int] = {}
        self._inside_piece = False

    def count(self, expressions: Iterable[sp.Expr]) -> None:
        """Count where pending symbols are read: one that is read once needs no name."""
        for expression in (*expressions, *self.pending.values()):
            for part in sp.preorder_traversal(expression):
                if part in self.pending:
                    self._uses[part] = self._uses.get(part, 0) + 1

    def symbol(self, symbol: sp.Symbol) -> Tree:
        """Return a symbol's name, after lowering what it stands for."""
        if symbol in self.pending:
            tree = self.tree(self.pending.pop(symbol))
            # Python divides by zero with an error: a piece's quotient stays in the piece.
            shared = self._uses[symbol] > 1 and not (self._inside_piece and _divides(tree))
            self.names[symbol] = self.name(tree) if shared else tree
        return self.names.get(symbol, str(symbol))

    def name(self, tree: Tree) -> str:
        """Return a name for `tree`: its own if it has one, else a new intermediate's."""
        if isinstance(tree, str):
            return tree
        if tree not in self._seen:
            self._seen[tree] = f"{self.prefix}{len(self.assignments)}"
            self.assignments.append((self._seen[tree], tree))
        return self._seen[tree]

    def tree(self, e: sp.Expr) -> Tree:
        """Turn an expression into a tree, or into the name of one that stands already."""
        tree = self._tree(e)
        return self._seen.get(tree, tree)

    def _tree(self, e: sp.Expr) -> Tree:
        if isinstance(e, sp.Symbol):
            return self.symbol(e)
        if isinstance(e, sp.Rational):
            return _rational(e)
        if e in LITERALS:
            return repr(LITERALS[e])
        if isinstance(e, sp.Add):
            return self._sum(e)
        if isinstance(e, sp.Mul):
            return self._product(e)
        if isinstance(e, sp.Pow):
            return self._power(e.base, e.exp)
        if isinstance(e, sp.Piecewise):
            return self._pieces(list(e.args))
        operands = [self.tree(a) for a in e.args]
        if e.func in (sp.sign, sp.Heaviside):  # spelled more than once in a row of `FUNCTIONS`
            return (e.func, self.name(operands[0]))
        return _fold((real.sympys(e.func),), operands)

    def _pieces(self, pieces: list[Any]) -> Tree:
        """Turn the pieces of a function into nested choices; the last one takes the rest."""
        value, condition = pieces[0]
        test = "" if condition == sp.true else self.tree(condition)
        outside, self._inside_piece = self._inside_piece, True
        chosen = self.tree(value)
        self._inside_piece = outside
        if not test:
            return chosen
        return ("where", test, chosen, self._pieces(pieces[1:]))

    def _sum(self, e: sp.Add) -> Tree:
        terms = [(t.could_extract_minus_sign(), t) for t in e.as_ordered_terms()]
        terms.sort(key=lambda pair: pair[0])  # additions first, so that few signs are flipped
        negative, first = terms[0]
        total: Tree = ("neg", self.tree(-first)) if negative else self.tree(first)
        for negative, term in terms[1:]:
            total = ("-", total, self.tree(-term)) if negative else ("+", total, self.tree(term))
        return total

    def _product(self, e: sp.Mul) -> Tree:
        number, rest = e.as_coeff_Mul()
        if number < 0:
            return ("neg", self.tree(-number * rest))
        above: list[sp.Expr] = []
        below: list[sp.Expr] = []
        for factor in sp.Mul.make_args(rest):
            inverse = factor.is_Pow and factor.exp.is_Rational and factor.exp < 0
            (below if inverse else above).append(1 / factor if inverse else factor)
        if number.q & (number.q - 1) == 0:  # a power of two below: exact as a literal
            above = [number, *above] if number != 1 or not above else above
        else:
            above = [sp.Integer(number.p), *above] if number.p != 1 or not above else above
            below = [sp.Integer(number.q), *below]
        top = _fold(("*",), [self.tree(f) for f in above])
        return ("/", top, _fold(("*",), [self._divisor(f) for f in below])) if below else top

    def _divisor(self, e: sp.Expr) -> Tree:
        """Turn what is divided by into a tree: 1 where it is a root's 0 that can be removed."""
        tree = self.tree(e)
        slopes = self._slopes(e) if self.roots else None
        if slopes is None:
            return tree
        # A name is computed outside its piece, where Python may find no root of it.
        size = tree if self._inside_piece and slopes else self.name(tree)
        least: Tree = size
        for slope in slopes:
            least = ("+", least, (sp.Abs, self.tree(slope)))
        return ("where", (sp.Le, least, "0.0"), "1.0", size)

    def _slopes(self, e: sp.Expr) -> tuple[sp.Expr, ...] | None:
        """Return the slopes of the root that `e` is a power of, or None."""
        while e.free_symbols & set(self.definitions):
            e = e.xreplace(self.definitions)
        known = {u.primitive()[1]: slopes for u, slopes in self.roots.items()}
        while e.is_Pow and e not in known:
            e = e.base
        return known.get(e.primitive()[1])

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> Tree:
        if base == sp.E:
            return (sp.exp, self.tree(exponent))
        if exponent.is_Rational and exponent < 0:
            return ("/", "1.0", self._divisor(base**-exponent))
        if exponent.is_Integer:
            return self._repeat(self.name(self.tree(base)), int(exponent))
        if exponent.is_Rational and exponent.q == 2:
            whole = int(exponent.p // 2)
            inside = self.name(self.tree(base)) if whole else self.tree(base)
            root: Tree = ("sqrt", inside)
            return ("*", self._repeat(str(inside), whole), root) if whole else root
        return ("pow", self.tree(base), self.tree(exponent))

    def _repeat(self, base: str, times: int) -> Tree:
        """Multiply `base` by itself, squaring where it can."""
        if times == 1:
            return base
        if times % 2:
            return ("*", self.name(self._repeat(base, times - 1)), base)
        half = self.name(self._repeat(base, times // 2))
        return ("*", half, half)


def _divides(tree: Tree) -> bool:
    return not isinstance(tree, str) and (tree[0] == "/" or any(map(_divides, tree[1:])))


def _rational(number: sp.Rational) -> Tree:
    if number < 0:
        return ("neg", _rational(-number))
    if number.q & (number.q - 1) == 0:
        return repr(float(number))
    return ("/", f"{number.p}.0", f"{number.q}.0")


def _fold(head: tuple[Any, ...], operands: list[Tree]) -> Tree:
    """Apply a one- or two-place operation to its operands, from the left."""
    if len(operands) == 1:
        return operands[0] if head[0] in ("*", sp.Max, sp.Min) else (*head, operands[0])
    total = operands[0]
    for operand in operands[1:]:
        total = (*head, total, operand)
    return total


_RANK = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3}


def infix(tree: Tree, target: str) -> str:
    """Spell a tree in a target's language, with as few parentheses as keep its order."""
    if isinstance(tree, str):
        return tree
    head, *operands = tree
    if head not in _RANK:
        texts = [infix(o, target) for o in operands]
        return spelled(head, texts, target)
    if head == "/" and target in _DIVIDE:
        return _DIVIDE[target].format(*(infix(o, target) for o in operands))
    rank = _RANK[head]
    texts = [_wrapped(o, target, rank + (i > 0)) for i, o in enumerate(operands)]
    if head == "neg":
        return f"-{texts[0]}"
    return f"{texts[0]} {head} {texts[1]}" if rank == 1 else f"{texts[0]}{head}{texts[1]}"


def spelled(head: Any, operands: Sequence[str], target: str) -> str:
    """Spell a function of operands that are spelled already."""
    return FUNCTIONS[head][_COLUMN[target]].format(*operands)


def _wrapped(operand: Tree, target: str, least: int) -> str:
    text = infix(operand, target)
    rank = _RANK.get(operand[0], 9) if isinstance(operand, tuple) else 9
    return f"({text})" if rank < least else text


def names_in(tree: Tree) -> set[str]:
    """Return the names (not the literals) that a tree reads."""
    if isinstance(tree, str):
        return {tree} if tree[0].isalpha() or tree[0] == "_" else set()
    return set().union(*(names_in(operand) for operand in tree[1:]))


def statements(
    assignments: Iterable[tuple[str, Tree]], target: str, indent: str = "    "
) -> list[str]:
    """Spell assignments, a line each."""
    word, end = ("const ", ";") if target == "javascript" else ("", "")
    return [f"{indent}{word}{name} = {infix(tree, target)}{end}" for name, tree in assignments]


def function(
    name: str, arguments: Sequence[str], block: Block, target: str, shape: tuple[int, ...]
) -> str:
    """Write a whole function that returns a block's results, nested as `shape` says."""
    results = [infix(tree, target) for tree in block.results]
    for size in reversed(shape):
        rows = [results[i : i + size] for i in range(0, len(results), size)]
        results = [f"[{', '.join(row)}]" for row in rows]
    lines = statements(block.assignments, target)
    if target == "javascript":
        return "\n".join(
            [
                f"function {name}({', '.join(arguments)}) {{",
                *lines,
                f"    return {results[0]};",
                "}",
            ]
        )
    return "\n".join([f"def {name}({', '.join(arguments)}):", *lines, f"    return {results[0]}"])


def compile_python(source: str, name: str, *, careful: bool = False) -> Callable[..., Any]:
    """Run generated Python and return the function called `name`.

    The source is printed from trees that `check` has passed; it is never a reader's text. Where
    `careful`, its functions of a number never raise, for the target of that name.
    """
    scope: dict[str, Any] = dict(ieee.CAREFUL if careful else ieee.PLAIN)
    scope["np"] = np
    exec(compile(source, f"<generated {name}>", "exec"), scope)
    found: Callable[..., Any] = scope[name]
    return found


def compile_scalar(
    name: str, arguments: Sequence[str], block: Block, shape: tuple[int, ...]
) -> Callable[..., Any]:
    """Compile a function of numbers: plain Python, and where that raises, Python that does not."""
    plain, careful = (
        compile_python(function(name, arguments, block, target, shape), name, careful=quiet)
        for target, quiet in (("python", False), ("careful", True))
    )

    def call(*numbers: float) -> Any:
        try:
            return plain(*numbers)
        except ieee.RAISED:
            return careful(*numbers)

    return call
