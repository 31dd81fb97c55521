"""sinh, cosh and tanh of real numbers, for where SymPy cannot prove that a number is real.

SymPy's are of complex numbers. Asked for the sign or the size of such a sinh(u), it takes u's real
and imaginary parts and multiplies them out: of a u like (log(x) + y + z)**20 for minutes. Where the
formula has a value u is real, and nothing needs to be multiplied out.
"""

from __future__ import annotations

from typing import Any

import sympy as sp


class _OfReal(sp.Function):  # type: ignore[misc]  # SymPy publishes no types
    is_extended_real = True

    def _unknown(self) -> None:
        return None

    # SymPy's own answers to these take real and imaginary parts.
    _eval_is_real = _eval_is_finite = _eval_is_positive = _eval_is_negative = _unknown
    _eval_is_nonnegative = _unknown

    def as_real_imag(self, deep: bool = True, **hints: Any) -> tuple[sp.Expr, sp.Expr]:
        del deep, hints
        return self, sp.S.Zero


# Named like SymPy's, for that is how they are printed.
class sinh(_OfReal, sp.sinh):  # type: ignore[misc]  # noqa: N801
    """The hyperbolic sine of a real number."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Return the derivative."""
        del argindex
        return cosh(self.args[0])


class cosh(_OfReal, sp.cosh):  # type: ignore[misc]  # noqa: N801
    """The hyperbolic cosine of a real number."""

    is_extended_positive = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Return the derivative."""
        del argindex
        return sinh(self.args[0])


class tanh(_OfReal, sp.tanh):  # type: ignore[misc]  # noqa: N801
    """The hyperbolic tangent of a real number."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Return the derivative."""
        del argindex
        return 1 - tanh(self.args[0]) ** 2


_SYMPYS: dict[type, type] = {sinh: sp.sinh, cosh: sp.cosh, tanh: sp.tanh}
_OURS = {theirs: ours for ours, theirs in _SYMPYS.items()}


def hyperbolic(function: type) -> Any:
    """Return what applies SymPy's sinh, cosh or tanh to what is proved real, and ours else."""
    return lambda u: (function if u.is_extended_real else _OURS[function])(u)


def sympys(function: type) -> type:
    """Return SymPy's function for one of these, and any other as it is."""
    return _SYMPYS.get(function, function)
