"""How the functions of whole arrays look in LaTeX."""

from __future__ import annotations

from typing import Any

import sympy as sp

from gdlib.formula import arrays
from gdlib.optimizers.symbols import g, k, theta


class ArrayLatex:
    """Methods of a LaTeX printer; `now` knows which symbols change with the step."""

    now: dict[sp.Symbol, str]
    numbers: frozenset[sp.Symbol] = frozenset()
    """Moments that are one number, whatever θ is."""
    matrices = False
    """Whether symbols stand for matrices: then what is done number by number is marked."""

    def _text(self, e: sp.Expr) -> str:
        return str(self._print(e))  # type: ignore[attr-defined]

    def _closed(self, e: sp.Expr) -> str:
        """Print what something is hung on: in brackets what is a sum, or has a superscript."""
        text = self._text(e)
        open_ = e.is_Add or e.is_Mul or e.is_Pow or isinstance(e, arrays.matmul)
        open_ = open_ or (e.is_Symbol and ("^" in text or "'" in text))
        return rf"\left({text}\right)" if open_ else text

    def is_array(self, e: sp.Expr) -> bool:
        """Tell whether an expression is an array, and not one number."""
        if isinstance(e, arrays.NUMBERS):
            return False
        if isinstance(e, sp.Symbol):
            return e in self.now and e != k and e not in self.numbers
        return any(self.is_array(part) for part in e.args)

    def _print_matmul(self, e: Any, exp: str | None = None) -> str:
        left, right = e.args
        if left == right:
            return f"{self._closed(left)}^{{2}}"
        texts = [rf"\left({self._text(a)}\right)" if a.is_Add else self._text(a) for a in e.args]
        text = " ".join(texts)
        return rf"\left({text}\right)^{{{exp}}}" if exp else text

    def _print_transpose(self, e: Any) -> str:
        return rf"{self._closed(e.args[0])}^{{\top}}"

    def _print_norm(self, e: Any, exp: str | None = None) -> str:
        index = "_F" if self.matrices else ""
        power = f"^{{{exp}}}" if exp else ""
        return rf"\left\lVert {self._text(e.args[0])} \right\rVert{index}{power}"

    def _print_mean(self, e: Any) -> str:
        return self._called("mean", e)

    def _print_row_means(self, e: Any) -> str:
        return self._called(r"means\ of\ rows", e)

    def _print_column_means(self, e: Any) -> str:
        return self._called(r"means\ of\ columns", e)

    def _print_eigenvectors(self, e: Any) -> str:
        return self._called("eigenvectors", e)

    def _called(self, name: str, e: Any) -> str:
        return rf"\operatorname{{{name}}}\left({self._text(e.args[0])}\right)"

    def _print_rows(self, e: Any, exp: str | None = None) -> str:
        del e
        return f"m^{{{exp}}}" if exp else "m"

    def _print_columns(self, e: Any, exp: str | None = None) -> str:
        del e
        return f"n^{{{exp}}}" if exp else "n"

    def _print_identity(self, e: Any) -> str:
        del e
        return "I"

    def _print_spectral_power(self, e: Any) -> str:
        of, exponent = e.args
        return f"{self._closed(of)}^{{{sp.latex(exponent, fold_short_frac=True)}}}"


def numbers_among(rule: Any) -> frozenset[sp.Symbol]:
    """Return the moments of a rule that are one number, whatever θ is."""
    known = ArrayLatex()
    known.now = dict.fromkeys(
        (theta, g, *(s for s, first in rule.initial.items() if first == theta)), "k"
    )
    for _ in rule.moments:  # a line may read one below it
        for symbol, expression in rule.moments.items():
            if known.is_array(expression):
                known.now = {**known.now, symbol: "k"}
    return frozenset(rule.moments) - frozenset(known.now)


MATRICES = {theta: r"\Theta", g: "G"}
"""What θ and its gradient are called where they are matrices."""
