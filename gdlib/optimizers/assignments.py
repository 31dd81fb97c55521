"""Cut the text of a rule into assignments, each of which knows its place.

What stands right of an equals sign is not looked at here.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from gdlib import checks
from gdlib.formula import notation, parse

FORM = "m = 0.9*m + g"
"""What a line looks like."""
SPELLINGS = {
    "x": "theta",
    **dict.fromkeys(("grad", "gradient"), "g"),
    "t": "k",
    **dict.fromkeys(("lr", "learning_rate"), "eta"),
    "eps": "epsilon",
    **dict.fromkeys(("lam", "weight_decay"), "lamda"),
    "beta_1": "beta1",
    "beta_2": "beta2",
}
"""Other names for the symbols of the rules; a Greek letter is its name: θ, β1."""
_ASSIGNED = re.compile(r"\s*([^\W\d]\w*)\s*([-+*/]?)=(?!=)\s*")
WORD = re.compile(r"[^\W\d]\w*")


class Assignment(NamedTuple):
    """One line of a rule: where it stands, what it assigns, as typed and as meant, and how.

    `typed` is for words about it, and so the beginning of a long name.
    """

    number: int
    whole: str
    at: int
    typed: str
    name: str
    sign: str
    formula: str
    formula_at: int

    def refuse(self, words: str, at: int | None = None) -> NoReturn:
        """Say what is wrong, with the line, the column and a mark below it."""
        refuse(words, self.number, self.whole, self.at if at is None else at)

    def find(self, name: str) -> int:
        """Return the column of a name's first place in the formula, however it is spelled."""
        places = WORD.finditer(self.whole, self.formula_at)
        return next((word.start() for word in places if meant(word[0]) == name), self.formula_at)


def refuse(words: str, number: int, whole: str, at: int) -> NoReturn:
    """Raise a ValueError that shows where in a line, at most 60 characters of it, it came up."""
    first = max(0, at - 40)
    shown = "".join(sign if sign.isprintable() else " " for sign in whole[first : first + 60])
    mark = f"\n    {shown}\n    {' ' * (at - first)}^" if shown.strip() else ""
    raise ValueError(f"line {number}, column {at + 1}: {words}{mark}")


def meant(word: str) -> str:
    """Return what a name is called here: `θ`, `lr` and `grad` are theta, eta and g."""
    plain = "".join(map(_letter, unicodedata.normalize("NFKC", word)))
    return SPELLINGS.get(plain, plain)


def _letter(sign: str) -> str:
    if not "α" <= sign.lower() <= "ω":
        return sign
    name = unicodedata.name(sign).split()[-1]
    return name.lower() if sign.islower() else name.title()


def assignments(text: str) -> Iterator[Assignment]:
    """Yield the assignments of a text, without its comments."""
    for number, whole in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        for part in re.finditer(r"[^;]+", whole.split("#", 1)[0]):
            if part[0].strip():
                yield _assignment(number, whole, part.start(), part[0])


def _assignment(number: int, whole: str, start: int, part: str) -> Assignment:
    """Take an assignment apart, or say what is none."""
    at = start + len(part) - len(part.lstrip())
    found = _ASSIGNED.match(part)
    if not found:
        came = checks.shown(part.strip(), 40)
        arrow = next((sign for sign in (":=", "←", "<-") if sign in part), "")
        refuse(
            f"write = instead of {arrow}"
            if arrow
            else f"left of = stands one name, as in {FORM}; not {came}"
            if "=" in part
            else f"a line is a name, an equals sign and a formula, as in {FORM}; not {came}",
            number, whole, at,
        )  # fmt: skip
    typed, sign = found[1], found[2]
    if wrong := _no_name(typed):
        refuse(wrong, number, whole, at)
    short = typed if len(typed) <= 30 else f"{typed[:29]}…"
    line = Assignment(number, whole, at, short, meant(typed), sign, part[found.end() :].rstrip(),
                 start + found.end())  # fmt: skip
    if "=" in line.formula:
        line.refuse(
            "one name stands left of one equals sign",
            line.formula_at + line.formula.index("="),
        )
    return line


def _no_name(word: str) -> str:
    """Return why a word cannot be assigned, whatever the rule, or nothing."""
    if keyword.iskeyword(word):
        instead = "lamda, or λ" if word == "lambda" else "another name"
        return f"{word} is a word of Python's: write {instead}"
    if word in parse.CONSTANTS or word in parse.FUNCTIONS or word in ("abs", "Abs"):
        return f"{word} has a meaning already: give what you compute another name"
    return notation.why_no_name(word, ())
