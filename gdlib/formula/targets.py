"""Print SymPy formulas as code: Python for one point, NumPy for arrays, JavaScript for the page.

Every target is printed from the same tree of binary operations, in the same order, so that all
of them round alike. LaTeX is not here: SymPy prints formulas, `typeset` rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from gdlib.formula import arrays, ieee
from gdlib.formula.lower import Block, Tree

TARGETS = ("python", "numpy", "javascript")

_COLUMN = {
    **dict.fromkeys(("python", "careful", "numba"), 0),
    **dict.fromkeys(("numpy", "mixed", "arrays"), 1),
    "javascript": 2,
}
"""Where a target is spelled in `FUNCTIONS`.

"careful" is Python that never raises (`ieee`); "numba" is Python to compile
(`machine`); "mixed" is NumPy where two plain numbers may meet; "arrays" is "mixed" with the
functions of whole arrays.
"""
_DIVIDE = {
    "careful": "divide({0}, {1})", **dict.fromkeys(("mixed", "arrays"), "np.divide({0}, {1})")
}  # fmt: skip

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
    # 0·u where u is neither above 0 nor below: NaN stays NaN, as in the other two columns.
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
    # 1 to the power NaN or ∞, and −1 to the power ∞, are 1 in C, and in Python and NumPy with it.
    "power": (
        "pow({0}, {1})",
        "np.power({0}, {1})",
        (
            "({0} === 1 || {0} === -1 && ({1} === Infinity || {1} === -Infinity)"
            " ? 1.0 : Math.pow({0}, {1}))"
        ),
    ),
}

OF_ARRAYS: dict[Any, str] = {
    arrays.matmul: "np.matmul({0}, {1})",
    arrays.transpose: "np.transpose({0})",
    arrays.norm: "np.sqrt(np.sum(np.square({0})))",
    arrays.mean: "np.mean({0})",
    arrays.row_means: "np.mean({0}, axis=1, keepdims=True)",
    arrays.column_means: "np.mean({0}, axis=0, keepdims=True)",
    arrays.rows: "np.shape({0})[0]",
    arrays.columns: "np.shape({0})[1]",
    arrays.identity: "np.eye(np.shape({0})[0])",
    arrays.spectral_power: "spectral_power({0}, {1})",
    arrays.eigenvectors: "eigenvectors({0})",
}
"""The functions of whole arrays, in NumPy alone; the last two are those of `autodiff.steps`."""

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
    # On the right even an equal rank keeps its parentheses: a − (b − c), and a(bc) rounds its way.
    texts = [_wrapped(o, target, rank + (i > 0)) for i, o in enumerate(operands)]
    if head == "neg":
        return f"-{texts[0]}"
    return f"{texts[0]} {head} {texts[1]}" if rank == 1 else f"{texts[0]}{head}{texts[1]}"


def spelled(head: Any, operands: Sequence[str], target: str) -> str:
    """Spell a function of operands that are spelled already."""
    text = OF_ARRAYS.get(head) or FUNCTIONS[head][_COLUMN[target]]
    return text.format(*operands)


def _wrapped(operand: Tree, target: str, least: int) -> str:
    text = infix(operand, target)
    looser = isinstance(operand, tuple) and _RANK.get(operand[0], least) < least
    return f"({text})" if looser else text


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


def compile_python(
    source: str, name: str, *, careful: bool = False, also: Mapping[str, Any] | None = None
) -> Callable[..., Any]:
    """Run generated Python and return the function called `name`.

    The source is printed from trees that `check` has passed; it is never a reader's text. Where
    `careful`, its functions of a number never raise, for the target of that name. It may call
    what is given `also`.
    """
    scope: dict[str, Any] = dict(ieee.CAREFUL if careful else ieee.PLAIN) | dict(also or {})
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
