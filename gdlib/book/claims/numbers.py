"""Numbers as the page's charts and tables print them: three digits, powers of ten as such."""

from __future__ import annotations

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def shown(number: float, *, brief: bool = False) -> str:
    """Return a number in three digits, or, if it needs a power of ten, in one where room is short.

    >>> [shown(x) for x in (0.5, 1200.0, 3.28e16, 1e-6, -2.0, math.inf)]
    ['0.5', '1200', '3.28·10¹⁶', '10⁻⁶', '−2', 'diverges']
    """
    if not math.isfinite(number):
        return "diverges"
    if number == 0 or 1e-3 <= abs(number) < 1e5:
        digits = max(0, 2 - math.floor(math.log10(abs(number)))) if number else 0
        plain = f"{round(number, digits):.{digits}f}"
        return (plain.rstrip("0").rstrip(".") if digits else plain).replace("-", "−")
    mantissa, _, power = f"{number:.{0 if brief else 2}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    raised = f"10{str(int(power)).translate(_RAISED)}"
    text = {"1": raised, "-1": f"-{raised}"}.get(mantissa, f"{mantissa}·{raised}")
    return text.replace("-", "−")
