"""Read an update rule from text, a line for each quantity; what is read is never run.

`formula.parse` reads what stands right of an equals sign. Here it is said what stands left of it:
a setting, a first value, a moment, the step. Each refusal says its line and column.
"""

from __future__ import annotations

import keyword
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

import sympy as sp

from gdlib import checks
from gdlib.formula import notation, parse, sayable
from gdlib.optimizers.symbols import KEYWORDS, allowed, eta, g, k, theta

LONGEST = 4000
"""Characters in a rule."""
MOST_LINES = 20
RATE = 0.01
"""η where nobody says a number."""
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
_MEANINGS = {
    "theta": "the point, whose line is the last one",
    "g": "the gradient at θ",
    "k": "the number of the step",
    "step": "what is added to θ, by the last line",
}
_FORM = "m = 0.9*m + g"
_ASSIGNED = re.compile(r"\s*([^\W\d]\w*)\s*([-+*/]?)=(?!=)\s*")
_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


class Written(NamedTuple):
    """What a text says of a rule, as `Optimizer` takes it."""

    moments: dict[sp.Symbol, sp.Expr]
    step: sp.Expr
    numbers: dict[sp.Symbol, float]
    initial: dict[sp.Symbol, float]


class _Line(NamedTuple):
    """One assignment: where it stands, what it assigns, as typed and as meant, and how."""

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
        places = _WORD.finditer(self.whole, self.formula_at)
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


def _symbol(name: str) -> sp.Symbol:
    return sp.Symbol(meant(name), real=True)


def read(text: Any, owner: str, given: Mapping[str, Any]) -> Written:
    """Read a rule; `given` has numbers by a reader's keywords, which replace those of the text.

    Raises
    ------
    TypeError
        `text` is not a string; a keyword that the rule has not, or twice.
    ValueError
        What is no line of a rule, with its line and column; a number out of its range.
    """
    if not checks.is_a(text, str):
        raise TypeError(f"the text of a rule is a string, not {checks.shown(text)}")
    if len(text) > LONGEST:
        raise ValueError(f"a rule has at most {LONGEST} characters, not {len(text)}")
    *lines, last = list(_lines(text)) or _nothing()
    if len(lines) >= MOST_LINES:
        last.refuse(f"a rule has at most {MOST_LINES} lines, not {len(lines) + 1}")
    rule = _Rule()
    for line in lines:
        rule.take(line)
    step = rule.last(last)
    numbers = _numbers(rule, step, owner, given)
    for line, formula in (*rule.formulas.values(), (last, step)):
        rule.look_for_unknown(line, formula, numbers)
    moments = {s: formula for s, (_, formula) in rule.formulas.items()}
    initial = {s: value for s, value in rule.first.items() if value}
    return Written(moments, step, numbers, initial)


def _nothing() -> NoReturn:
    raise ValueError(f"the text of a rule holds lines like {_FORM}, and step = -eta*m; not nothing")


def _lines(text: str) -> Iterator[_Line]:
    """Yield the assignments of a text, without its comments."""
    for number, whole in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        for part in re.finditer(r"[^;]+", whole.split("#", 1)[0]):
            if part[0].strip():
                yield _assignment(number, whole, part.start(), part[0])


def _assignment(number: int, whole: str, start: int, part: str) -> _Line:
    """Take an assignment apart, or say what is none."""
    at = start + len(part) - len(part.lstrip())
    found = _ASSIGNED.match(part)
    if not found:
        came = checks.shown(part.strip(), 40)
        arrow = next((sign for sign in (":=", "←", "<-") if sign in part), "")
        refuse(
            f"write = instead of {arrow}"
            if arrow
            else f"left of = stands one name, as in {_FORM}; not {came}"
            if "=" in part
            else f"a line is a name, an equals sign and a formula, as in {_FORM}; not {came}",
            number, whole, at,
        )  # fmt: skip
    typed, sign = found[1], found[2]
    if wrong := _no_name(typed):
        refuse(wrong, number, whole, at)
    line = _Line(number, whole, at, typed, meant(typed), sign, part[found.end() :].rstrip(),
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


class _Rule:
    """What has been read so far of a rule: its numbers, first values and moments."""

    def __init__(self) -> None:
        self.numbers: dict[sp.Symbol, tuple[_Line, float]] = {}
        self.formulas: dict[sp.Symbol, tuple[_Line, sp.Expr]] = {}
        self.first: dict[sp.Symbol, float] = {}

    def take(self, line: _Line) -> None:
        """Take a line that is not the last one."""
        if line.name in ("theta", "step"):
            line.refuse(
                f"{line.typed} stands here and lines follow: what changes θ is the last line, once"
            )
        if line.name in _MEANINGS:
            line.refuse(f"{line.typed} has a meaning already, {_MEANINGS[line.name]}")
        symbol = _symbol(line.name)
        plain = not line.sign and _NUMBER.fullmatch(line.formula)
        formula = None if plain else _changed(line, symbol, _read(line))
        if formula is None or not formula.free_symbols:
            self._take_number(line, symbol, formula)
        else:
            self._take_formula(line, symbol, formula)

    def _take_number(self, line: _Line, symbol: sp.Symbol, formula: sp.Expr | None) -> None:
        """Take a setting, or what turns out to be a first value when its moment's line comes."""
        for other in (*self.numbers.values(), *self.formulas.values()):
            if other[0].name == line.name:
                line.refuse(f"{line.typed} has a value already, from line {other[0].number}")
            if symbol in getattr(other[1], "free_symbols", ()):
                line.refuse(
                    f"{line.typed} is read above its number, in line {other[0].number}: move this"
                    " line up"
                )
        self.numbers[symbol] = line, _number(line, formula)

    def _take_formula(self, line: _Line, symbol: sp.Symbol, formula: sp.Expr) -> None:
        """Take a moment's line, and the number above it as its first value."""
        if symbol == eta:
            line.refuse(
                f"{line.typed} is a number, the learning rate: one that changes is a schedule,"
                " which descend takes"
            )
        if symbol in self.formulas:
            line.refuse(
                f"{line.typed} is computed already, in line {self.formulas[symbol][0].number}: each"
                " quantity has one line"
            )
        if symbol in self.numbers:
            before = (formula, *(other for _, other in self.formulas.values()))
            number, value = self.numbers.pop(symbol)
            if not any(symbol in other.free_symbols for other in before):
                line.refuse(
                    f"{line.typed} has a number already, in line {number.number}, and nothing reads"
                    " it before this line: leave one of the two out"
                )
            self.first[symbol] = value
        self.formulas[symbol] = line, formula

    def last(self, line: _Line) -> sp.Expr:
        """Return the step that the last line takes."""
        if line.name not in ("theta", "step") or (line.name == "step" and line.sign):
            came = f"{checks.shown(line.typed, 30)[1:-1]} {line.sign}= …"
            line.refuse(
                f"the last line says step = -eta*m, or theta = theta - eta*m; not {came}"
            )
        formula = _read(line)
        if line.name == "step":
            return formula
        return _changed(line, theta, formula) - theta

    def look_for_unknown(
        self, line: _Line, formula: sp.Expr, numbers: Mapping[sp.Symbol, float]
    ) -> None:
        """Refuse a formula that reads what nobody gave a number, or what no double holds."""
        known = [theta, g, k, *self.formulas, *numbers]
        for symbol in sorted(formula.free_symbols - {*known}, key=lambda s: line.find(s.name)):
            at = line.find(symbol.name)
            found = _WORD.match(line.whole, at)
            typed = checks.shown(found[0] if found else symbol.name, 30)[1:-1]
            near = checks.did_you_mean(symbol.name, [s.name for s in self.formulas])
            line.refuse(
                f"{typed} has neither a line nor a number: write {typed} = 0.9 above, or"
                f" {typed}=0.9 beside the text{near}", at,
            )  # fmt: skip
        try:
            sayable.check(formula, known, f"the formula of {line.name}")
        except ValueError as error:
            line.refuse(str(error), line.formula_at)


def _read(line: _Line) -> sp.Expr:
    """Read the formula of a line."""
    try:
        formula = parse.read(line.formula, _symbol)
    except parse.Misread as error:
        line.refuse(str(error), line.formula_at + error.column)
    if sp.Symbol("step", real=True) in formula.free_symbols:
        line.refuse(
            "step is added to θ and not kept: give what you want to remember another name",
            line.find("step"),
        )
    return formula


def _changed(line: _Line, symbol: sp.Symbol, formula: sp.Expr) -> sp.Expr:
    """Return what `m += formula` makes of m, or `m = formula`."""
    if line.sign == "/" and formula.is_zero:
        line.refuse("this divides by 0", line.formula_at)
    values = {
        "": lambda: formula,
        "+": lambda: symbol + formula,
        "-": lambda: symbol - formula,
        "*": lambda: symbol * formula,
        "/": lambda: symbol / formula,
    }
    return values[line.sign]()


def _number(line: _Line, formula: sp.Expr | None) -> float:
    """Return the number of a line, rounded once: 0.999 is the double that Python reads."""
    try:
        value = float(line.formula if formula is None else formula)
    except (TypeError, OverflowError):  # SymPy found no real number
        value = math.nan
    if not math.isfinite(value):
        line.refuse(f"{line.typed} must be a finite number", line.formula_at)
    return value


def _numbers(
    rule: _Rule, step: sp.Expr, owner: str, given: Mapping[str, Any]
) -> dict[sp.Symbol, Any]:
    """Return each hyperparameter's number: a keyword's before the text's, η's by itself.

    Those of keywords are not looked at here: the optimizer does that.
    """
    read = step.free_symbols.union(*(formula.free_symbols for _, formula in rule.formulas.values()))
    numbers: dict[sp.Symbol, Any] = {eta: RATE} if eta in read else {}
    for symbol, (line, value) in rule.numbers.items():
        try:
            numbers[symbol] = allowed(symbol).number(line.typed, value)
        except ValueError as error:
            line.refuse(str(error), line.formula_at)
    missing = sorted(read - {theta, g, k, *rule.formulas, *numbers}, key=str)
    by_word: dict[str, sp.Symbol] = {}
    for symbol in (*numbers, *missing):
        by_word.setdefault(KEYWORDS.get(symbol, symbol.name), symbol)
    by_word |= {symbol.name: symbol for symbol in (*numbers, *missing)}
    came: dict[sp.Symbol, Any] = {}
    for word, value in given.items():
        name = word if word in by_word else meant(word)
        checks.keywords(owner, [name if name in by_word else word], by_word)
        if by_word[name] in came:
            raise TypeError(f"{owner}: {word} is the same as another keyword: give one of them")
        came[by_word[name]] = value
    return numbers | came
