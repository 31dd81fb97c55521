"""Read an update rule from text, a line for each quantity; what is read is never run.

`assignments` cuts the lines, `formula.parse` reads what stands right of an equals sign. Here it is
decided what a line is: a setting, a first value, a moment, the step.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

import sympy as sp

from gdlib import checks
from gdlib.formula import parse, sayable
from gdlib.optimizers.assignments import FORM, WORD, Assignment, assignments, meant
from gdlib.optimizers.symbols import KEYWORDS, allowed, eta, g, k, theta

LONGEST = 4000
"""Characters in a rule, its comments among them."""
MOST_LINES = 20
MOST_READ = 1000
"""Characters that its formulas have together: SymPy sorts out a `max` in a time that adds up."""
RATE = 0.01
"""η where nobody says a number."""
_MEANINGS = {"g": "the gradient at θ", "k": "the number of the step"}
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


class Written(NamedTuple):
    """What a text says of a rule, as `Optimizer` takes it."""

    moments: dict[sp.Symbol, sp.Expr]
    step: sp.Expr
    numbers: dict[sp.Symbol, float]
    initial: dict[sp.Symbol, float]


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
    *lines, last = list(assignments(text)) or _nothing()
    if len(lines) >= MOST_LINES:
        last.refuse(f"a rule has at most {MOST_LINES} lines, not {len(lines) + 1}")
    length = sum(len(line.formula) for line in (*lines, last))
    if length > MOST_READ:
        last.refuse(f"a rule's formulas have at most {MOST_READ} characters, not {length}")
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
    raise ValueError(f"the text of a rule holds lines like {FORM}, and step = -eta*m; not nothing")


class _Rule:
    """What has been read so far of a rule: its numbers, first values and moments."""

    def __init__(self) -> None:
        self.numbers: dict[sp.Symbol, tuple[Assignment, float]] = {}
        self.formulas: dict[sp.Symbol, tuple[Assignment, sp.Expr]] = {}
        self.first: dict[sp.Symbol, float] = {}

    def take(self, line: Assignment) -> None:
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

    def _take_number(self, line: Assignment, symbol: sp.Symbol, formula: sp.Expr | None) -> None:
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

    def _take_formula(self, line: Assignment, symbol: sp.Symbol, formula: sp.Expr) -> None:
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

    def last(self, line: Assignment) -> sp.Expr:
        """Return the step that the last line takes."""
        if line.name not in ("theta", "step") or (line.name == "step" and line.sign):
            line.refuse(
                "the last line says step = -eta*m, or theta = theta - eta*m; not"
                f" {line.typed} {line.sign}= …"
            )
        formula = _read(line)
        if line.name == "step":
            return formula
        return _changed(line, theta, formula) - theta

    def look_for_unknown(
        self, line: Assignment, formula: sp.Expr, numbers: Mapping[sp.Symbol, float]
    ) -> None:
        """Refuse a formula that reads what nobody gave a number, or what no double holds."""
        known = [theta, g, k, *self.formulas, *numbers]
        for symbol in sorted(formula.free_symbols - {*known}, key=lambda s: line.find(s.name)):
            at = line.find(symbol.name)
            found = WORD.match(line.whole, at)
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


def _read(line: Assignment) -> sp.Expr:
    """Read the formula of a line."""
    try:
        formula = parse.read_placed(line.formula, _symbol)
    except parse.MisreadError as error:
        line.refuse(str(error), line.formula_at + error.column)
    if sp.Symbol("step", real=True) in formula.free_symbols:
        line.refuse(
            "step is added to θ and not kept: give what you want to remember another name",
            line.find("step"),
        )
    return formula


def _changed(line: Assignment, symbol: sp.Symbol, formula: sp.Expr) -> sp.Expr:
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


def _number(line: Assignment, formula: sp.Expr | None) -> float:
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
