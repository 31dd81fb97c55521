"""Spell trees for PyTorch, JAX, Keras and NumPy, where numbers meet arrays; and for JavaScript.

`targets` prints code whose operands are all of one kind. Here some names are plain numbers and the
others arrays: PyTorch's functions take no number, and what Keras makes of one is rounded to single
precision, so of numbers alone Python's own functions are taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import sympy as sp

from gdlib.formula.lower import Tree
from gdlib.formula.targets import FUNCTIONS, infix, names_in, spelled

MODULES = {"numpy": "np", "torch": "torch", "jax": "jnp", "keras": "ops"}
"""What printed code calls each framework's module of functions."""
_LITERAL = re.compile(r"[\d.]+(e[-+]?\d+)?")
_POWERS = {"numpy": "np.float_power", "jax": "jnp.power"}
"""What is NaN where Python's `**` is complex; where Python computes, `math.pow` refuses."""
_BUILT_IN = ("abs(", "max(", "min(", "(")


def text(tree: Tree, framework: str, numbers: Collection[str] | None = None) -> str:
    """Spell a tree with a framework's functions; `numbers` are the names of plain numbers.

    "javascript" has numbers alone.

    Without them, what holds no array is left to the framework too, as are functions in NumPy and
    JAX.
    """
    return infix(_spelled(tree, framework, numbers), "python")


def _spelled(tree: Tree, framework: str, numbers: Collection[str] | None) -> Tree:
    """Return a tree whose functions are leaves, spelled already, and whose fractions are decimals.

    A decimal is the double that the division of its numbers rounds to.
    """
    if isinstance(tree, str):
        return tree
    head, *operands = (tree[0], *(_spelled(part, framework, numbers) for part in tree[1:]))
    if head == "/":
        return _quotient(*operands)
    if head in ("+", "-", "*", "neg"):
        return (head, *operands)
    texts = [infix(operand, "python") for operand in operands]
    if framework == "javascript":
        return spelled(head, texts, framework)
    alone = numbers is not None and names_in(tree) <= {*numbers}
    if alone and head in ("pow", "power") and _may_be_complex(*texts):
        return f"{_POWERS.get(framework, 'math.pow')}({', '.join(texts)})"
    if head in ("pow", "power"):
        return "**".join(map(_enclosed, operands, texts))
    plain = [numbers is not None and names_in(part) <= {*numbers} for part in tree[1:]]
    if all(plain) and framework not in _POWERS:
        found = spelled(head, texts, "python")
        return found if found.startswith(_BUILT_IN) else f"math.{found}"
    return _of_arrays(head, texts, plain, framework)


def _of_arrays(head: Any, texts: list[str], plain: list[bool], framework: str) -> str:
    """Spell a function of arrays, and maybe of plain numbers beside them."""
    if framework == "torch" and head in (sp.Max, sp.Min) and any(plain):
        array, number = texts if plain[1] else reversed(texts)
        return f"torch.clamp({array}, {'min' if head == sp.Max else 'max'}={number})"
    if head == "where" and plain[0] and framework in ("torch", "keras"):
        return spelled(head, texts, "python")
    if framework == "torch" and head == "where":
        texts = [
            f"torch.full_like(g, {one})" if number else one
            for one, number in zip(texts, plain, strict=True)
        ]
    if framework == "torch" and head == sp.Heaviside:
        return f"torch.clamp(torch.sign({texts[0]}), min=0.0)"
    # As NumPy has them: the others took its names.
    return FUNCTIONS[head][1].replace("np.", f"{MODULES[framework]}.").format(*texts)


def _quotient(above: Tree, below: Tree) -> Tree:
    """Divide two literals, and a literal factor by a literal: 9.0*m/10.0 is 0.9*m."""
    if not _is_literal(below):
        return ("/", above, below)
    if _is_literal(above):
        return repr(float(str(above)) / float(str(below)))
    if isinstance(above, tuple) and above[0] == "*" and _has_literal(above):
        return ("*", _quotient(above[1], below), above[2])
    return ("/", above, below)


def _has_literal(product: Tree) -> bool:
    """Tell whether a product's first factor is a literal."""
    while isinstance(product, tuple) and product[0] == "*":
        product = product[1]
    return _is_literal(product)


def _is_literal(tree: Tree) -> bool:
    return isinstance(tree, str) and bool(_LITERAL.fullmatch(tree))


def _may_be_complex(base: str, exponent: str) -> bool:
    """Tell whether Python's power of two numbers can be complex: of a negative base."""
    whole = exponent == "k" or (_LITERAL.fullmatch(exponent) and float(exponent).is_integer())
    return not (whole or _LITERAL.fullmatch(base))


def _enclosed(tree: Tree, spelled: str) -> str:
    """Put brackets around what is not one name, number or call."""
    return spelled if isinstance(tree, str) and "**" not in tree else f"({spelled})"
