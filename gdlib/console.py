"""Text for consoles that do not know every character, such as Windows' cp1252.

What a reader prints is made of `repr`s. Each public class passes its own through `printable`, once;
where the console can say everything, as in every notebook, nothing changes.
"""

from __future__ import annotations

import functools
import sys
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

Class = TypeVar("Class", bound=type)

WORDS = {
    "✓": "[ok]", "✗": "[x]", "○": "[ ]", "−": "-", "×": "x", "·": "*", "→": "->", "↦": "->",
    "←": "<-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∞": "inf", "√": "sqrt", "‖": "||",
    "∂": "d", "∇": "grad ", "∈": "in", "′": "'", "“": '"', "”": '"', "‘": "'", "’": "'", "⁄": "/",
    "–": "-", "—": "-", "\u2009": " ", "\u202f": " ",
}  # fmt: skip


def printable(cls: Class) -> Class:
    """Decorate a class: its `repr` and its `str` hold only what the console can say."""
    for name in ("__repr__", "__str__"):
        if name in vars(cls):
            setattr(cls, name, _said(vars(cls)[name]))
    return cls


def _said(method: Callable[[Any], str]) -> Callable[[Any], str]:
    @functools.wraps(method)
    def wrapped(self: Any) -> str:
        return said(method(self))

    return wrapped


def said(text: str) -> str:
    """Return a text in characters that standard output can encode; the rest in words: "theta"."""
    encoding = getattr(sys.stdout, "encoding", None) or sys.getdefaultencoding()
    return text if _knows(encoding, text) else "".join(_spelt(c, encoding) for c in text)


def _knows(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    except LookupError:  # a stream that names no encoding of Python's
        return True
    return True


def _spelt(character: str, encoding: str) -> str:
    """Return one character as it can be said: itself, its plain form, or its name."""
    if _knows(encoding, character):
        return character
    if character in WORDS:
        return WORDS[character]
    plain = unicodedata.normalize("NFKD", character)
    if plain != character:  # x₁, x², é
        return "".join(_spelt(c, encoding) for c in plain if not unicodedata.combining(c))
    name = unicodedata.name(character, "?").lower()
    if name.startswith("greek"):  # "greek small letter theta"
        letter = name.rpartition(" letter ")[2].split()[0].replace("lamda", "lambda")
        return letter.capitalize() if "capital" in name else letter
    return "?" if name == "?" else f"[{name}]"
