"""What a reader's symbols are called in printed code, where the printer has names of its own.

A reader may call a symbol anything: `lambda`, `b0`, `α`, `learning rate`. A name that no printed
code uses otherwise stays as it is; any other gets an underscore at its end, which no name of the
printer has. So the two can never meet, whatever a later printer calls its own.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

import sympy as sp
from sympy.printing.latex import greek_letters_set

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
_NUMBERED = {False: re.compile(r"a\d+"), True: re.compile(r"[abc]\d+")}
"""Intermediate results: `a0` of a formula; in a loop also `b0` of its rule, `c0` of once a step."""
_ENDINGS = re.compile(r".*_(i|new|power|\d+)")
"""What a loop hangs on a moment's name: its coordinate, its next value, a running power."""

_JAVASCRIPT = """
    abstract arguments async await boolean break byte case catch char class const continue debugger
    default delete do double else enum eval export extends false final finally float for function
    goto if implements import in instanceof int interface let long native new null package private
    protected public return short static super switch synchronized this throw throws transient true
    try typeof undefined var void volatile while with yield
    Array Float64Array Infinity Math NaN Number Object constructor hasOwnProperty isPrototypeOf
    propertyIsEnumerable prototype toLocaleString toString valueOf
"""
_CALLED = """
    abs acos asin atan cos cosh divide enumerate exp float floor heaviside int log max min njit np
    pow range sign sin sinh sqrt tan tanh
"""
_LOOPS = """
    beyond block buffer buffers column ends features from g i k order path radius rate rateAt
    rates record run start starts state step steps targets theta values
"""
_TAKEN = frozenset((*keyword.kwlist, *_JAVASCRIPT.split(), *_CALLED.split()))
_TAKEN_IN_LOOPS = _TAKEN.union(_LOOPS.split())


def of(
    symbols: Iterable[sp.Symbol], ours: Iterable[sp.Symbol] = (), *, loop: bool = False
) -> dict[sp.Symbol, str]:
    """Return a name for each symbol, all different, that can stand in code of every target.

    Parameters
    ----------
    symbols
        In the order in which they may claim a name.
    ours
        Symbols of the package, which keep theirs.
    loop
        Whether the code is a loop, which hangs endings on names: `m_0`, `m_new`.
    """
    found = {symbol: symbol.name for symbol in ours}
    for symbol in symbols:
        if symbol not in found:
            found[symbol] = _free(symbol, set(found.values()), loop=loop)
    return found


def _free(symbol: sp.Symbol, given: set[str], *, loop: bool) -> str:
    """Return a symbol's own name if nothing else has it, else one with underscores at its end."""
    name = symbol.name
    taken = given | (_TAKEN_IN_LOOPS if loop else _TAKEN)
    other = _NUMBERED[loop].fullmatch(name) or (loop and _ENDINGS.fullmatch(name))
    if _PLAIN.fullmatch(name) and not other and name not in taken:
        return str(name)
    readable = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")
    name = f"{readable}_" if readable and readable[0].isalpha() else f"s{readable}_"
    while name in given:
        name += "_"
    return name


def unlike(symbols: Iterable[sp.Symbol], stem: str) -> str:
    """Return the stem, made longer until no symbol's name starts with it."""
    taken = [symbol.name for symbol in symbols]
    while any(name.startswith(stem) for name in taken):
        stem += "_"
    return stem


def typeset(formula: sp.Basic) -> str:
    """Return a formula in LaTeX, whatever its symbols are called."""
    return str(sp.latex(formula, symbol_names={s: latex(s) for s in formula.free_symbols}))


def latex(symbol: sp.Symbol) -> str:
    r"""Return a symbol in LaTeX; a name that is neither a word nor a letter's command is text.

    `beta_1` and `\alpha` are typeset; `50% & more` would end the formula, so it is set as text,
    with its special characters spelled out.
    """
    word = symbol.name.removeprefix("\\")
    if _WORD.fullmatch(word) and (word == symbol.name or word.lower() in greek_letters_set):
        return str(sp.latex(symbol))
    spelled = "".join(_SPELLED.get(c, c if c.isprintable() else " ") for c in symbol.name)
    return rf"\text{{{spelled.strip() or '?'}}}"


_WORD = re.compile(r"[^\W_]+(_\{?[^\W_]+\}?)*")
_SPELLED = {
    **{c: f"\\{c}" for c in "#%&_{}$"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
