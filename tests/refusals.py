"""What public callables that draw nothing say to a few bad arguments, word for word.

`tests.bad_input` asks whether words are ours at all; here they are written down, in
`data/refusals.txt`, so that a wrong name or limit in one of them is seen. A value that is missing
there is taken. `python -m tests.refusals` writes the file anew, for its difference to be read.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import gdlib as gd
from gdlib import checks
from tests import bad_input

WRITTEN = Path(__file__).parent / "data" / "refusals.txt"
ABOVE = ("gdlib.exercises", "gdlib.plotting", "gdlib.widgets", "gdlib.workbench")
VALUES = (
    "None", "text", "NaN", "-1", "0", "1.5", "10**9", "list", "inf", "list of text", "odd dict",
    "nested",
)  # fmt: skip

TEXTS = (
    "", "x^2", "y = x", "x!", "x # y", "\\frac{x}{2}", "$x$", "[x]", "{x}", "30°*x", "x + ∞", "x²",
    "x⁻", "x₂", "2x", "3(x + 1)", "1.5sin(x)", "1,5*x", "(x + 1)(x - 1)", "(x + 1) y", "np.sin(x)",
    "sympy.sin(x)", "sin x", "x y", "(x", "x + 1))", "lambda*x", "x if y else 1", "nan*x",
    "Inf + x", "oo*x", "zoo - x", "Pi*x", "х*x", "ο + 1", "ж + 1", "é*x", "v*ν", "_x**2", "x__1",
    "sinx", "lnz*x", "theta*θ", "sec(x)", "log10(x)", "cost(x)", "sinn(x)", "f(x)", "mass(x)",
    "sin",
    "abs*2", "sin(x, y)", "max(x)", "x.real", "x, y", "'x'", "True*x", "x and y", "not x", "~x",
    "x // 2", "x < 1", "0x1F*x", "0o17*x", "0b11*x", "1e400*x", "1e999999999999999999*x",
    "1234567890123*x", "x**21", "x**-21", "x**pi", "(99**9)**20*x", "x/0",
    "log(0)*x", "sqrt(-1)*x", "0**x", "(-2)**x", "(-x**2)**y", "exp(exp(exp(20)))*x", "3 + 4",
    "x" + " + 1" * 61, "+".join("abcdfghjk"), "sin(" * 9 + "x" + ")" * 9, "x + " * 126 + "x",
    "a" * 40 + " b", "q" * 40 + "(x)",
    "x⁺", "xⁿ", "x₁₂*y", "x⁻²³", ".5x", "2.x", "1_0x", "2 (x)", "x1(2)3", "0,25 + x", "(x)(y)",
    "(x)2", "numpy.exp(x)", "math.sin(x) y", "sqrt   x", "abs y + 1", "((x", "NAN*x",
    "infinity*x", "PI", "pI*x", "Νx", "alpha*α", "x_ + x__", "_", "lnx", "absz*x", "qq(x)", "ß(x)",
    "b" * 31 + " c", "b" * 30 + " c", "3" + "d" * 31, "É*x", "x.y", "x @ y", "x % 2",
    "f(x=1)", "(x, y)(2)", "x[0]", "lambda: x", "...", "None", "1j*x", "b'x'", "max(x, y, 1)",
    "arcsin(x)", "sec(x, y)", "i*x + I*x", "def", "''", "0b1", "0X1",
)  # fmt: skip
"""Lines that are no formulas, one of each kind."""


@cache
def targets() -> dict[str, bad_input.Target]:
    """Return the public callables whose own module draws nothing, by name."""
    found = {target.name: target for target in bad_input.targets()}
    return {
        name: found[name]
        for name in sorted(found)
        if "mutmut" not in name  # which adds some of its own
        and not str(found[name].get().__module__).startswith(ABOVE)
    }


def said(target: bad_input.Target) -> list[str]:
    """Make the calls; return each refusal as a line, with … for what came."""
    valid = {p: make for p in target.required if (make := target.valid(p))}
    lines = []
    for parameter in target.parameters:
        heard: dict[str, list[str]] = {}
        for bad in VALUES:
            if (target.name, parameter, bad) == ("tune", "n_jobs", "-1"):
                continue  # a process for each core
            given = {p: make() for p, make in valid.items()}
            given[parameter] = bad_input.BAD[bad]()
            try:
                target.get()(**given)
            except (TypeError, ValueError, FileNotFoundError) as error:
                first = str(error).split("\n")[0]  # below it, a line is shown
                words = first.replace(f"not {checks.shown(given[parameter])}", "not …")
                heard.setdefault(f"{type(error).__name__}: {words}", []).append(bad)
        lines += [
            f"    {parameter} = {', '.join(which)}: {words}" for words, which in heard.items()
        ]
    return lines


def said_of(text: str) -> list[str]:
    """Read a line that is no formula; return the refusal, or nothing."""
    try:
        gd.Landscape.parse(text)
    except (TypeError, ValueError) as error:
        return [f"    {type(error).__name__}: {error}"]
    return []


def written() -> str:
    """Return all that is said, below the name of each callable and each line."""
    parts = {name: said(target) for name, target in targets().items()}
    parts |= {repr(text): said_of(text) for text in TEXTS}
    return "".join("\n".join([name, *lines, ""]) for name, lines in parts.items() if lines)


def read() -> dict[str, list[str]]:
    """Return what is written down, by the callable or the line."""
    found: dict[str, list[str]] = {}
    for line in WRITTEN.read_text(encoding="utf-8").splitlines():
        if not line.startswith("    "):
            name = line
        found.setdefault(name, []).extend([line] if line != name else [])
    return found


if __name__ == "__main__":
    WRITTEN.write_text(written(), encoding="utf-8")
