"""Say how to write in Python's notation what stands otherwise on paper: 2x, |x|, x², √x, 0,5."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import takewhile

from gdlib.checks import did_you_mean, shown

SIGNS = {
    **dict.fromkeys("−–—‐‑‒―﹣－", "a minus sign as -"), "＋": "a plus sign as +",
    **dict.fromkeys("×·⋅∗＊⋆•∙✕✖", "a product as x*y"), **dict.fromkeys("（）", "brackets as ( )"),
    "÷": "a fraction as x/y", "∕": "a fraction as x/y", "⁄": "a fraction as x/y",
    "／": "a fraction as x/y", "√": "√x as sqrt(x)", "∛": "∛x as x**(1/3)",
    "π": "π as pi", "|": "|x| as abs(x)", "‖": "‖x‖ as sqrt(x**2 + y**2)",
    "½": "½ as 1/2", "⅓": "⅓ as 1/3", "¼": "¼ as 1/4", "¾": "¾ as 3/4",
    "^": "a power as x**2, not x^2", "=": "the formula alone, without an equals sign",
    "!": "a factorial as its number", "#": "the formula alone, without a comment",
    "\\": "Python's notation, not LaTeX: a fraction as x/y, a root as sqrt(x)",
    "$": "Python's notation, not LaTeX: a fraction as x/y, a root as sqrt(x)",
    "[": "round brackets, not [ ]", "{": "round brackets, not { }",
    "°": "an angle in radians: 30*pi/180", "∞": "finite numbers only, not ∞",
}  # fmt: skip
"""What no formula holds, and what to write instead."""

FUNCTIONS = {
    "arcsin": "asin(x)", "arccos": "acos(x)", "arctan": "atan(x)", "tg": "tan(x)", "sgn": "sign(x)",
    "pow": "x**y", "power": "x**y", "square": "x**2", "sqr": "x**2", "cbrt": "x**(1/3)",
    "fabs": "abs(x)", "absolute": "abs(x)", "log10": "log(x)/log(10)", "log2": "log(x)/log(2)",
    "log1p": "log(1 + x)", "expm1": "exp(x) - 1", "sec": "1/cos(x)", "csc": "1/sin(x)",
    "cot": "1/tan(x)", "ctg": "1/tan(x)", "maximum": "max(x, y)", "minimum": "min(x, y)",
    "relu": "max(0, x)", "sigmoid": "1/(1 + exp(-x))", "norm": "sqrt(x**2 + y**2)",
}  # fmt: skip

NOT_REAL = ("nan", "inf", "infinity", "oo", "zoo", "i")
_NUMBER = r"(?<![\w.])(?!0[xXoObB])((?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
_LOOKS_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΥον", "ABEZHIKMNOPTYXYov", strict=True))


def misread(text: str) -> str:
    """Return how to write a sign that stands in the text and in no formula, or nothing."""
    for at, sign in enumerate(text):
        if sign in SIGNS:
            return f"write {SIGNS[sign]}"
        if _is_raised_or_lowered(sign):
            below = "SUBSCRIPT" in unicodedata.name(sign)
            small = "".join(takewhile(_is_raised_or_lowered, text[at:]))
            plain = unicodedata.normalize("NFKC", small).replace("−", "-")
            return f"write x{small} as {'x_' if below else 'x**'}{plain}"
    return ""


def _is_raised_or_lowered(sign: str) -> bool:
    plain = unicodedata.normalize("NFKC", sign)
    return sign != plain and (plain.isdigit() or sign in "ⁿ⁻⁺")


def missing(text: str) -> str:
    """Return where a sign of multiplication or a decimal point seems to be missing, or nothing."""
    if found := re.search(rf"{_NUMBER}\s*([^\W\d]\w*|\()", text):
        number, next_ = map(_short, found.groups())
        then = f"{next_}...)" if next_ == "(" else next_
        came = _short(found[0].strip("(")) + (then if next_ == "(" else "")
        return f"write {came} as {number}*{then}"
    if found := re.search(r"\d,\d+", text):
        return f"write a decimal with a point: {_short(found[0].replace(',', '.'))}"
    if found := re.search(r"\)\s*([\w(])", text):
        then = "(...)" if found[1] == "(" else found[1]
        return f"write a product as (...)*{then}"
    if found := re.search(r"\b(np|numpy|math|sp|sympy)\.(\w+)", text):
        return f"write {_short(found[0])} as {_short(found[2])}"
    if found := re.search(r"\b(sin|cos|tan|exp|log|ln|sqrt|abs)\s+(\w+)", text):
        return f"write {_short(found[0])} as {found[1]}({_short(found[2])})"
    if found := re.search(r"(\w+)\s+(\w+)", text):
        one, two = map(_short, found.groups())
        return f"a sign is missing between {one} and {two}: write a product as x*y"
    opened = text.count("(") - text.count(")")
    if opened:
        return f"{abs(opened)} bracket(s) {'not closed' if opened > 0 else 'closed too often'}"
    return ""


def _short(word: str) -> str:
    return word if len(word) <= 30 else f"{word[:29]}…"


def why_no_name(word: str, known: Iterable[str]) -> str:
    """Return why a word is no name for a variable, or nothing."""
    if word.lower() in NOT_REAL and word != "i":
        return f"{word} is no variable: a formula holds finite real numbers"
    if word.lower() == "pi":
        return f"write {word} as pi"
    for letter in word:
        if letter in _LOOKS_LATIN and _LOOKS_LATIN[letter] != "v":
            return _strange(word, letter, f"which looks like a Latin {_LOOKS_LATIN[letter]}")
        if not letter.isascii() and not "α" <= letter.lower() <= "ω":
            return _strange(word, letter, "not a Latin or Greek letter")
    if word.startswith("_") or "__" in word:
        return f"{shown(word)} is no name for a variable: underscores stand inside, one at a time"
    if found := re.fullmatch(r"(sin|cos|tan|exp|log|ln|sqrt|abs)([a-z])", word):
        return f"write {word} as {found[1]}({found[2]})"
    for twin in ("".join(map(spell, word)) for spell in (_latin, _spelled)):
        if twin != word and twin in known:
            return f"{_short(word)} and {_short(twin)} look alike: rename one of the two"
    return ""


def _latin(letter: str) -> str:
    return _LOOKS_LATIN.get(letter, letter)


def _spelled(letter: str) -> str:
    """Return a Greek letter's name, as which it is typeset."""
    return letter if letter.isascii() else unicodedata.name(letter).split()[-1].lower()


def _strange(word: str, letter: str, why: str) -> str:
    called = unicodedata.name(letter, f"U+{ord(letter):04X}")
    return f"{shown(word)} is no name for a variable: it holds {called}, {why}"


def why_no_function(word: str, known: Iterable[str]) -> str:
    """Return what to write instead of a function that there is not."""
    if word in FUNCTIONS:
        return f"there is no function {word}: write {FUNCTIONS[word]}"
    near = did_you_mean(word, known)
    if len(word) > 1 and near:
        return f"there is no function {_short(word)}{near}"
    word = _short(word)
    return (
        f"there is no function {word}; a product is written {word}*(...), the functions are: "
        + (", ".join(sorted(known)))
    )
