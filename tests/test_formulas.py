"""A reader's line of arithmetic is read exactly, and nothing else is read at all."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gdlib import formulas
from gdlib.landscapes import Landscape

x, y = sp.symbols("x y", real=True)

ATTACKS = [
    "__import__('os').system('touch pwned')",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__class__",
    "x.diff",
    "x.subs(x, 1)",
    "eval('1')",
    "exec('import os')",
    "open('/etc/passwd')",
    "getattr(x, 'free_symbols')",
    "lambda: 1",
    "(lambda: 1)()",
    "[x for x in (1, 2)]",
    "{x: 1}",
    "{1, 2}",
    "(x, y)",
    "[1, 2]",
    "f'{x}'",
    "'a' * 9",
    "b'x'",
    "x if y else 1",
    "x and y",
    "not x",
    "x < y",
    "x == y",
    "x := 2",
    "(x := 2)",
    "x = 2",
    "x; y",
    "import os",
    "x[0]",
    "*x",
    "sin(*[1])",
    "sin(x=1)",
    "sin(**{})",
    "sin.__call__(x)",
    "sin(x).func",
    "__builtins__",
    "__x",
    "x__y",
    "_",
    "Symbol('x')",
    "sympify('1')",
    "Function('f')(x)",
    "Integral(x)",
    "gamma(x)",
    "sin",
    "sin(x, y)",
    "Max(x)",
    "yield x",
    "await x",
    "x @ y",
    "x // y",
    "x % y",
    "x << 2",
    "x | y",
    "~x",
    "x ^ 2",
    "True",
    "None",
    "...",
    "1j",
    "1/0",
    "log(0)",
    "sqrt(-1)",
    "1e999",
    "9**9**9**9",
    "2**1000000",
    "x**99",
    "x**(2**70)",
    "10**13",
    "x**pi",
    "(" * 150 + "x" + ")" * 150 + ".y",
    "-" * 450 + "x.y",
    "x+" * 300 + "x",
    "",
    "   ",
    "x y",
    "x\x00",
    "𝐨𝐬.system",
    "0x1F + x",
]

# Each stalled SymPy for minutes, or broke the generated code, without a limit of its own.
STALLS = [
    "exp(exp(exp(exp(exp(5))))) + x",
    "sin(10**12 * 20) * x",
    "sin(" * 60 + "x" + ")" * 60,
    "sin(x + " * 50 + "1" + ")" * 50,
    "sqrt(1 + " * 40 + "x" + ")" * 40,
    "**".join("x" * 30),
    "*".join(f"sin(x+{i})" for i in range(40)),
    "*".join(f"x{i}" for i in range(60)),
    "(" * 8 + "2" + "**20)" * 8 + "*x",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_anything_but_arithmetic_is_refused_and_never_run(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"."):
        Landscape.parse(text)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", STALLS)
def test_what_would_stall_sympy_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"at most|too large|too many digits"):
        Landscape.parse(text)


@pytest.mark.parametrize("junk", [None, 3, ["x"], b"x", sp.Symbol("x")])
def test_only_a_string_is_a_formula(junk: object) -> None:
    with pytest.raises(TypeError, match="a formula is a string"):
        formulas.read(junk)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x**4 - 3*x**2 + x*y + y**2", x**4 - 3 * x**2 + x * y + y**2),
        ("0.1*x", x / 10),
        ("1e-3*x", x / 1000),
        ("1_000*x", 1000 * x),
        ("exp(-x**2)*sin(pi*y)", sp.exp(-(x**2)) * sp.sin(sp.pi * y)),
        ("ln(e)*x", x),
        ("abs(x) + max(x, y)", sp.Abs(x) + sp.Max(x, y)),
        ("-x/+y", -x / y),
        ("sqrt(x**2 + 1)", sp.sqrt(x**2 + 1)),
        ("x**-2", x**-2),
        ("2**x", 2**x),
    ],
)
def test_arithmetic_is_read_exactly(text: str, expected: sp.Expr) -> None:
    assert formulas.read(text) == expected


@given(st.text(alphabet="xy0123456789+-*/(). _esinx'\"[]{}:=,@\n", max_size=30))
@settings(max_examples=400)
def test_every_text_is_read_or_refused_with_a_value_error(text: str) -> None:
    try:
        expression = formulas.read(text)
    except ValueError:
        return
    assert isinstance(expression, sp.Expr)
    assert all(str(s).isidentifier() for s in expression.free_symbols)


def test_the_reader_calls_nothing_that_evaluates() -> None:
    tree = ast.parse(Path(formulas.__file__).read_text(encoding="utf-8"))
    called = {
        n.func.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    assert not called & {"eval", "exec", "compile", "__import__", "sympify"}
