"""A formula as plain text, for where nothing can be typeset: ``θₖ₊₁``, ``(a + b)/c``, ``√x``.

It is read from the MathML that KaTeX makes, in which every command is the sign it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Callable

_MATHML = re.compile(r"<math.*?</math>", re.DOTALL)
_NAMESPACE = re.compile(r' xmlns="[^"]*"')
_RAISED = str.maketrans("0123456789+−-=()in*⊤′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿ*ᵀ′")
_LOWERED = str.maketrans("0123456789+−-=()ijkntx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ᵢⱼₖₙₜₓ")
_ACCENTS = {"^": "\u0302", "~": "\u0303", "ˉ": "\u0304", "‾": "\u0304", "˙": "\u0307"}
_SPACED = frozenset("=<>≤≥≈≠←→↦∈∼∝≪≫+−±")
_SIGN = re.compile(r"((?:^|[=<>≤≥≈←,] |[(\[])) ?([−+]) ")
"""A minus that nothing stands before: no blank follows it."""
_APPLIED = re.compile(r"\u2061 *(?=(\()?)")
"""KaTeX's sign between a function and what it is taken of."""
_INVISIBLE = dict.fromkeys([0x2062, 0x2063, 0x200B])
_FRACTIONS = {"1/2": "½", "1/3": "⅓", "1/4": "¼", "3/4": "¾"}


def plain(latex: str, render: Callable[..., str]) -> str:
    """Return a formula in LaTeX as one line of text; `render` is a `gdlib.book.katex.Renderer`."""
    found = _MATHML.search(render(latex, display=False))
    assert found, "KaTeX makes MathML"
    text = _said(ElementTree.fromstring(_NAMESPACE.sub("", found[0]))).translate(_INVISIBLE)
    text = _APPLIED.sub(lambda sign: "" if sign[1] else " ", text)
    return unicodedata.normalize("NFC", _SIGN.sub(r"\1\2", " ".join(text.split())))


def _said(element: ElementTree.Element) -> str:
    parts = [_said(child) for child in element if child.tag != "annotation"]
    if element.tag in _WRITERS:
        # That sign stands beside a function's name, as a child too many of \cos^2 x.
        named = (part.removesuffix("\u2061") for part in parts if part != "\u2061")
        return _WRITERS[element.tag](*named)
    text = (element.text or "") + "".join(parts)
    if element.tag == "mo" and text in _SPACED:
        return f" {text} "
    return f"{text} " if element.tag == "mo" and text in ",;" else text


def _high(text: str) -> str:
    return _script(text, _RAISED, "^")


def _low(text: str) -> str:
    return _script(text, _LOWERED, "_")


def _script(text: str, small: dict[int, int], sign: str) -> str:
    """Return a script in small letters where all of it has them, else behind `sign`."""
    text = text.replace(" ", "").replace("\u2061", "").translate(_INVISIBLE)
    if all(ord(letter) in small for letter in text):
        return text.translate(small)
    whole = len(text) == 1 or (text[0] + text[-1] == "()" and "(" not in text[1:])
    return sign + (text if whole else f"({text})")


def _fraction(top: str, bottom: str) -> str:
    text = f"{_grouped(top)}/{_grouped(bottom)}"
    return _FRACTIONS.get(text, text)


def _grouped(text: str) -> str:
    """Return a number, or a letter with its scripts, as it is; put what is longer in brackets."""
    text = text.strip()
    return text if re.fullmatch(r"[\d.]+|\w\W?|\w[₀-₉ᵢⱼₖₙ⁰-⁹²³]*", text) else f"({text})"


_WRITERS: dict[str, Callable[..., str]] = {
    "mfrac": _fraction,
    "msup": lambda base, up: base + _high(up),
    "msub": lambda base, low: base + _low(low),
    "msubsup": lambda base, low, up: base + _low(low) + _high(up),
    "mover": lambda base, mark: base + (_ACCENTS.get(mark) or _high(mark)),
    "munder": lambda base, low: base + _low(low),
    "munderover": lambda base, low, up: base + _low(low) + _high(up),
    "msqrt": lambda *parts: f"√{_grouped(''.join(parts))}",
    "mroot": lambda base, root: f"{_high(root)}√{_grouped(base)}",
    "mspace": lambda: " ",
    "mtable": lambda *rows: "; ".join(rows),
    "mtr": lambda *cells: ", ".join(cell.strip() for cell in cells),
}
