"""Lower SymPy formulas to trees: powers as products, equal parts once, one order of operations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sympy as sp

from gdlib.formula import real
from gdlib.formula.names import unlike

Tree = str | tuple[Any, ...]
"""A name, a literal, or `(operation, operand, ...)`."""

LITERALS = {sp.pi: math.pi, sp.E: math.e}


class Block(NamedTuple):
    """Straight-line code: named intermediate trees in order, then the trees of the results."""

    assignments: tuple[tuple[str, Tree], ...]
    results: tuple[Tree, ...]


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
        refuse_floats(expression, "the formula")
    free = set().union(*(e.free_symbols for e in expressions))
    stem = unlike(free, "gd_")
    primitives: dict[sp.Symbol, sp.Expr] = {}
    known: dict[sp.Basic, sp.Basic] = {}
    sums = sp.numbered_symbols(f"{stem}sum_", real=True)
    plain = [_without_content(expression, primitives, sums, known) for expression in expressions]
    parts = [*plain, *primitives.values()]
    try:
        # All results in one search: what a gradient's coordinates share is computed once.
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
    e: sp.Expr,
    primitives: dict[sp.Symbol, sp.Expr],
    sums: Iterator[sp.Symbol],
    known: dict[sp.Basic, sp.Basic],
) -> sp.Expr:
    """Take common numbers out of sums, 2x + 2y → 2(x + y), which SymPy itself multiplies out.

    Each sum without its number is named in `primitives`, by the next of `sums`, so that it can be
    shared; each part is looked at once, however often it occurs, and what does not change is not
    built again.
    """
    if not e.args:
        return e
    if e not in known:
        args = tuple(_without_content(part, primitives, sums, known) for part in e.args)
        known[e] = _primitive(e if args == e.args else _rebuilt(e, args), primitives, sums)
    return known[e]


def _rebuilt(e: sp.Expr, args: tuple[sp.Basic, ...]) -> sp.Expr:
    # SymPy 1.14 turns some pieces' conditions round for ever when it looks at them again.
    return e.func(*args, evaluate=False) if e.is_Piecewise else e.func(*args)


def _primitive(
    e: sp.Expr, primitives: dict[sp.Symbol, sp.Expr], sums: Iterator[sp.Symbol]
) -> sp.Expr:
    content, primitive = e.primitive() if e.is_Add else (sp.S.One, e)
    if content == 1:
        return e
    found = next((s for s, p in primitives.items() if p == primitive), None)
    symbol = found or next(sums)
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
        if number.is_negative:
            return ("neg", self.tree(-number * rest))
        above: list[sp.Expr] = []
        below: list[sp.Expr] = []
        # All that is divided by goes into one product: one division is faster, and rounds once.
        for factor in sp.Mul.make_args(rest):
            inverse = factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative
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
        # The search for equal parts has named pieces of roots too; a root is known by its whole.
        while e.free_symbols & set(self.definitions):
            e = e.xreplace(self.definitions)
        known = {u.primitive()[1]: slopes for u, slopes in self.roots.items()}
        while e.is_Pow and e not in known:
            e = e.base
        return known.get(e.primitive()[1])

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> Tree:
        if base == sp.E:
            return (sp.exp, self.tree(exponent))
        if exponent.is_Rational and exponent.is_negative:
            return ("/", "1.0", self._divisor(base**-exponent))
        # Products, no power: `Math.pow(x, 3)` and `x**3` differ in the last bit, x·x·x does not.
        if exponent.is_Integer:
            return self._repeat(self.name(self.tree(base)), int(exponent))
        if exponent.is_Rational and exponent.q == 2:
            whole = int(exponent.p // 2)
            inside = self.name(self.tree(base)) if whole else self.tree(base)
            root: Tree = ("sqrt", inside)
            return ("*", self._repeat(str(inside), whole), root) if whole else root
        trees = self.tree(base), self.tree(exponent)
        given = exponent.is_Symbol and exponent not in self.definitions
        if exponent.is_number or given or (base.is_number and abs(base) != 1):
            return ("pow", *trees)
        # An exponent that is computed may be no finite number, which JavaScript takes otherwise:
        # its guard says base and exponent twice, so they get names.
        return ("power", *(tree if self._inside_piece else self.name(tree) for tree in trees))

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
    # 1/3 has no exact literal: every target divides the same two floats, and rounds alike.
    return ("/", f"{number.p}.0", f"{number.q}.0")


def _fold(head: tuple[Any, ...], operands: list[Tree]) -> Tree:
    """Apply a one- or two-place operation to its operands, from the left."""
    if len(operands) == 1:
        return operands[0] if head[0] in ("*", sp.Max, sp.Min) else (*head, operands[0])
    # From the left, as every target reads a·b·c; another order would round otherwise.
    total = operands[0]
    for operand in operands[1:]:
        total = (*head, total, operand)
    return total


def refuse_floats(expression: sp.Expr, owner: str) -> None:
    """Refuse float literals, each with the fraction to write instead."""
    for literal in sorted(expression.atoms(sp.Float), key=str):
        exact = sp.nsimplify(literal, rational=True)
        raise ValueError(
            f"{owner} holds the float {float(literal)!r}; write it exactly, for instance"
            f" sympy.Rational({exact.p}, {exact.q})"
        )
