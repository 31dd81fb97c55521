r"""Typeset an update rule line by line, with indices and hats, as papers do."""
# ruff: noqa: D102 - of the protocol, whose members the optimizer describes

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Protocol

import sympy as sp
from sympy.printing.latex import LatexPrinter

from gdlib.formula import names
from gdlib.formula.arrays import NUMBERS, Repeat
from gdlib.optimizers.symbols import g, k, theta
from gdlib.optimizers.typeset_arrays import MATRICES, ArrayLatex, numbers_among

NAMES = {
    "theta": r"\theta",
    "delta": r"\Delta",
    "m_hat": r"\hat{m}",
    "v_hat": r"\hat{v}",
    "v_max": r"v^{\max}",
    "mu_next": r"\mu^{+}",
    "mu_product": r"\Pi",
    "epsilon": r"\varepsilon",
    "lamda": r"\lambda",
    "beta1": r"\beta_1",
    "beta2": r"\beta_2",
    "beta0": r"\beta_0",
    "rho_now": r"\rho",
    "c_now": "c",
    "eta_max": r"\eta^{\max}",
    "M_turned": "M'",
    "G_turned": "G'",
}
PLACES = 20
"""Numbers of as many decimals stay fractions."""
_BESIDE = re.compile(r"(?<=[\w}]) \\boxed")


class Recurrence(Protocol):
    """What is asked of an optimizer here, so that an optimizer can stand above this module."""

    @property
    def step(self) -> sp.Expr: ...
    @property
    def moments(self) -> Mapping[sp.Symbol, sp.Expr]: ...
    @property
    def hyperparameters(self) -> Mapping[sp.Symbol, float]: ...
    @property
    def remembers(self) -> tuple[sp.Symbol, ...]: ...


class _RulePrinter(ArrayLatex, LatexPrinter):  # type: ignore[misc]  # SymPy publishes no types
    """LaTeX with the order of papers: constants before moments, memory before news."""

    letters: Mapping[sp.Symbol, str] = {}

    def __init__(
        self,
        now: dict[sp.Symbol, str],
        marked: frozenset[sp.Expr] = frozenset(),
        numbers: frozenset[sp.Symbol] = frozenset(),
    ) -> None:
        super().__init__()
        self.now, self.marked, self.numbers = now, marked, numbers

    def _print(self, expr: sp.Expr, **kwargs: object) -> str:
        if expr in self.marked:
            return boxed(type(self)(self.now, numbers=self.numbers).doprint(expr))
        return str(super()._print(expr, **kwargs))

    def _print_Symbol(self, symbol: sp.Symbol, _style: str = "plain") -> str:  # noqa: N802  SymPy's name
        name = self.letters.get(symbol) or letter(symbol)
        if symbol not in self.now:
            return name
        # m_a has an index of its own: a second one beside it is an error in LaTeX
        name = f"{{{name}}}" if "_" in name else name
        return f"{name}_{{{self.now[symbol]}}}"

    def _weight(self, e: sp.Expr) -> tuple[int, str]:
        """Order factors and terms: numbers, hyperparameters, moments, the gradient, θ."""
        if e.is_number:
            return 0, str(e)
        if (self.matrices or e.has(*NUMBERS)) and not self.is_array(e):
            return 2, str(e)
        moving = [s for s in e.free_symbols if s in self.now and s != k]
        if not moving:
            return (1 if e.is_Symbol else 2), str(e)
        newest = max((s == g) + 2 * (s == theta) for s in moving)
        return 3 + newest, str(e)

    def _print_Add(self, e: sp.Add, **_: object) -> str:  # noqa: N802  SymPy's name
        terms = sorted(e.args, key=lambda t: (t.could_extract_minus_sign(), self._late(t)))
        text = str(self._print(terms[0]))
        for term in terms[1:]:
            minus = term.could_extract_minus_sign()
            text += (" - " if minus else " + ") + str(self._print(-term if minus else term))
        return text

    def _late(self, term: sp.Expr) -> tuple[float, str]:
        """Order the terms of a sum: numbers, moments, the gradient, then small constants."""
        weight, text = self._weight(term)
        if any(self.now.get(s) == "k-1" for s in term.free_symbols - {theta}):
            return 1, text
        small = weight in (1, 2) or (term.is_Rational and _tiny(term))
        return (math.inf, text) if small else (weight, text)

    def _print_Pow(self, e: sp.Pow) -> str:  # noqa: N802  SymPy's name
        """Print a number to a moving power plainly, the exponent over one denominator."""
        if self.matrices and e.exp.is_Integer and e.exp > 1 and self.is_array(e.base):
            return f"{self._closed(e.base)}^{{\\circ {e.exp}}}"
        if not (e.base.is_Rational and e.exp.free_symbols):
            return str(super()._print_Pow(e))
        above, below = sp.fraction(sp.together(e.exp))
        text = f"({self._print(above)})" if above.is_Add else self._print(above)
        exponent = text if below == 1 else f"{text}/{below}"
        base = self._print(e.base)
        return f"{_bracketed(base) if '^' in base else base}^{{{exponent}}}"

    def _print_Mul(self, e: sp.Mul) -> str:  # noqa: N802  SymPy's name
        if e.could_extract_minus_sign():
            return f"-{self._print(-e)}"
        factors = sp.Mul.make_args(e)  # SymPy hands 1/x over as a product, too
        above = [f for f in factors if not _below(f)]
        below = [1 / f for f in factors if _below(f)]
        top = " ".join(map(self.factor, sorted(above, key=self._weight))) or "1"
        if not below:
            return top
        alone = len(below) == 1
        bottom = (
            self._print(below[0])
            if alone
            else " ".join(map(self.factor, sorted(below, key=self._weight)))
        )
        return rf"\frac{{{top}}}{{{bottom}}}"

    def factor(self, f: sp.Expr) -> str:
        if f in self.marked:
            return boxed(type(self)(self.now, numbers=self.numbers).factor(f))
        text = str(self._print(f))
        return _bracketed(text) if f.is_Add else text

    def _print_Rational(self, e: sp.Rational) -> str:  # noqa: N802  SymPy's name
        """Print a fraction with a power of ten below as papers write 0.96 and 10⁻⁸."""
        if e.q > 2 and 10**6 % e.q == 0:
            return f"{Decimal(int(e.p)) / Decimal(int(e.q)):f}"  # every digit, and no 1e-06
        return _tiny(e) or str(super()._print_Rational(e))

    def _print_sign(self, e: sp.Expr, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"\operatorname{{sign}}{power}\left({self._print(e.args[0])}\right)"


class _MatrixPrinter(_RulePrinter):
    """The same where θ and its moments are matrices."""

    matrices = True
    letters = MATRICES


def letter(symbol: sp.Symbol) -> str:
    """Return what a symbol is in LaTeX, without the index of its step."""
    return NAMES.get(symbol.name) or names.latex(symbol)


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)"


def _tiny(e: sp.Rational) -> str:
    """Print a decimal below a millionth with its power of ten; return nothing for other numbers."""
    places = next((n for n in range(7, PLACES) if 10**n % e.q == 0), None)
    if places is None or not 0 < abs(e.p) * 10**6 < e.q:
        return ""
    digits = str(abs(e.p) * 10**places // e.q)
    power = len(digits) - 1 - places
    size = f"{digits[0]}.{digits[1:]}".removesuffix(".")
    front = "" if size == "1" else rf"{size} \cdot "
    return f"{'-' if e.p < 0 else ''}{front}10^{{{power}}}"


def boxed(text: str) -> str:
    """Frame a piece of LaTeX, as what is new in a rule."""
    return rf"\boxed{{{text}}}"


def rule(optimizer: Recurrence, since: Recurrence | None = None) -> str:
    r"""Return a rule as `\begin{aligned} … \end{aligned}`: its moments in order, then its step.

    What differs from the rule `since` is boxed: the changed parts of a line that both have, and
    the whole right-hand side of one that only the new rule has.
    """
    other = optimizer if since is None else since
    kind = _MatrixPrinter if _of_matrices(optimizer) else _RulePrinter
    printer = partial(kind, numbers=numbers_among(optimizer))
    constants = {*optimizer.hyperparameters, *other.hyperparameters}
    now = {**dict.fromkeys((*optimizer.remembers, theta), "k-1"), g: "k"}
    lines = []
    given = getattr(optimizer, "gradient", g)
    if given != g:
        news = changes(getattr(other, "gradient", g), given, constants)
        lines.append(f"{printer(now).doprint(g)} &\\leftarrow {printer(now, news).doprint(given)}")
    for symbol, expression in optimizer.moments.items():
        news = changes(other.moments.get(symbol), expression, constants)
        again = expression if isinstance(expression, Repeat) else None
        right = printer(now, news).doprint(again.start if again else expression)
        now[symbol] = "k"
        left = printer(now).doprint(symbol)
        lines.append(f"{left} &= {right}")
        if again:
            body = again.body(symbol)
            times = rf"\quad \text{{({again.times} times)}}"
            lines.append(rf"{left} &\leftarrow {printer(now).doprint(body)} {times}")
    change = optimizer.step
    step = printer(now, changes(other.step, change, constants))
    theta_new = printer({theta: "k"}).doprint(theta)
    landing = theta + change
    if not landing.has(theta):  # a rule that says where to go, not how far
        lines.append(f"{theta_new} &= {step.doprint(landing)}")
        return _aligned(lines, roomy=since is not None)
    minus = change.could_extract_minus_sign()
    sign, size = ("-", -change) if minus else ("+", change)
    body = step.factor(size) if size.is_Add else step.doprint(size)
    lines.append(f"{theta_new} &= {step.doprint(theta)} {sign} {body}")
    return _aligned(lines, roomy=since is not None)


def _of_matrices(optimizer: Recurrence) -> bool:
    return getattr(optimizer, "others", None) is not None


def _aligned(lines: list[str], *, roomy: bool) -> str:
    """Join lines; boxes want room between them, and beside the letter before."""
    gap = " \\\\[3pt]\n" if roomy else " \\\\\n"
    spaced = (_BESIDE.sub(r" \\, \\boxed", line) for line in lines)
    return "\\begin{aligned}\n" + gap.join(spaced) + "\n\\end{aligned}"


def changes(old: sp.Expr | None, new: sp.Expr, constants: set[sp.Symbol]) -> frozenset[sp.Expr]:
    """Return the parts of `new` that `old` has not, as small as they can be named.

    Terms of a sum are compared in pairs that hold the same symbols but for `constants`; of a
    product the new factors are returned, and what stands below a fraction as it stands there.
    """
    if old == new:
        return frozenset()
    if old is None or not (new.is_Add or new.is_Mul):
        return frozenset({new})
    before, came = list(new.func.make_args(old)), list[sp.Expr]()
    for part in new.args:
        if part in before:
            before.remove(part)
        else:
            came.append(part)
    found: set[sp.Expr] = set()
    for part in came:
        moving = part.free_symbols - constants
        same = [o for o in before if new.is_Add and o.free_symbols - constants == moving]
        if same:
            before.remove(same[0])
            found |= changes(same[0], part, constants)
        elif not part.is_number:
            found.add(1 / part if _below(part) else part)
    return frozenset(found or {new})


def _below(f: sp.Expr) -> bool:
    """Tell whether a factor stands below the fraction."""
    if f.is_Rational:
        return bool(f.p == 1 and f.q > 1 and not _tiny(f))
    return bool(f.is_Pow and f.exp.could_extract_minus_sign())
