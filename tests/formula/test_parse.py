"""A reader's line of arithmetic is read exactly, and nothing else is read at all."""

from __future__ import annotations

import ast
import math
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gdlib.formula import parse
from gdlib.formula.derivatives import MOST_NODES
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
    "(" * 6 + "0.9*x" + ")**20" * 6,
    "(" * 6 + "x*2" + ")**20" * 6 + "*y",
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


# What a reader types who writes as on paper, and what the answer must say.
HINTS = [
    ("2x", "write 2x as 2*x"),
    ("x + 2(x + 1)", "write 2(...) as 2*(...)"),
    ("3.5e2x", "write 3.5e2x as 3.5e2*x"),
    ("3e*x", "write 3e as 3*e"),
    ("(x + 1)(x - 1)", "write a product as (...)*(...)"),
    ("x(x - 1)", "a product is written x*(...)"),
    ("x y", "a sign is missing between x and y"),
    ("sin x", "write sin x as sin(x)"),
    ("sinx", "write sinx as sin(x)"),
    ("|x|", "write |x| as abs(x)"),
    ("x² + y²", "write x² as x**2"),
    ("1 + x⁻¹", "write x⁻¹ as x**-1"),
    ("x¹² + y²", "write x¹² as x**12"),
    ("x₁", "write x₁ as x_1"),
    ("x₁₂ + 1", "write x₁₂ as x_12"),
    ("x − 1", "write a minus sign as -"),
    ("x – 1", "write a minus sign as -"),
    ("2×x", "write a product as x*y"),
    ("x·y", "write a product as x*y"),
    ("x÷2", "write a fraction as x/y"),
    ("½*x", "write ½ as 1/2"),
    ("√x", "write √x as sqrt(x)"),
    ("π*x", "write π as pi"),
    ("PI*x", "write PI as pi"),
    ("0,5*x", "write a decimal with a point: 0.5"),
    ("J = x**2", "without an equals sign"),
    ("x^2", "write a power as x**2, not x^2"),
    (r"\frac{x}{2}", "not LaTeX"),
    ("x  # the cost", "without a comment"),
    ("lambda*x", "lambda is a word of Python's"),
    ("is*x", "is is a word of Python's"),
    ("nan*x", "nan is no variable"),
    ("x + inf", "inf is no variable"),
    ("oo*x", "oo is no variable"),
    ("I*x", "I is no variable"),
    ("x + х", "CYRILLIC SMALL LETTER HA"),
    ("Α + x", "GREEK CAPITAL LETTER ALPHA, which looks like a Latin A"),
    ("ν*v", "ν and v look alike"),
    ("θ*theta", "θ and theta look alike"),
    ("arctan(x)", "there is no function arctan: write atan(x)"),
    ("Sin(x)", "did you mean 'sin'?"),
    ("np.sin(x)", "write np.sin as sin"),
    ("f(x)", "there is no function f"),
    ("sqrt(x", "1 bracket(s) not closed"),
    ("x)", "1 bracket(s) closed too often"),
    ("", "it is empty"),
    ("x*/y", "it makes no sense from '/y' on"),
    ("y + asin(2)*x", "'asin(2)' has no finite real value"),
    ("y + x/0 + 1", "'x/0' has no finite real value"),
    ("x + max(x, y, 2)", "max takes 2 argument(s), not 3: 'max(x, y, 2)'"),
    ("x + y < 2", "not 'x + y < 2' (compare)"),
    ("1e99999999*x", "the number 1e99999999 has too many digits"),
    ("1e-99999999*x", "the number 1e-99999999 has too many digits"),
    ("1e9999999999999999999999*x", "has too many digits"),
    ("x‐y", "write a minus sign as -"),  # U+2010, a hyphen
    ("x∗y", "write a product as x*y"),  # U+2217, an asterisk operator
    ("x⁄y", "write a fraction as x/y"),  # U+2044, a fraction slash
    ("（x + 1）*y", "write brackets as ( )"),
    ("y + max(sqrt(-1 - x**2), x)", "'sqrt(-1 - x**2)' has no finite real value"),
    ("sin(log(-exp(y)))*x", "'log(-exp(y))' has no finite real value"),
    ("max(sin(1)**2 + cos(1)**2 - 1, x)", "compares a number whose sign nobody can tell"),
    ("1 + (-2)**x", "'(-2)**x' raises '-2' to a power that varies, which is real at a few"),
    ("log(0.3)**x", "'log(0.3)' to a power that varies, which is real at a few exponents alone"),
    ("(-exp(x))**y", "'-exp(x)' to a power that varies, which is real at a few exponents alone"),
    ("0**y + y", "'0**y' raises '0' to a power that varies, which is 0 or 1, without a slope"),
    ("sin((x - x)**y)*x", "'(x - x)**y' raises 'x - x' to a power that varies"),
    ("cosh(x)**asin(2*x/abs(x))", "a slope of 'cosh(x)**asin(2*x/abs(x))' holds what is nowhere"),
]


@pytest.mark.parametrize(("text", "words"), HINTS)
def test_what_is_written_as_on_paper_is_refused_with_how_to_write_it(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        Landscape.parse(text)


@pytest.mark.parametrize("text", ["2if x else y", "1or x", "0x1for x in y", "'\\d'*x", "1is x"])
def test_pythons_own_warnings_about_a_text_stay_its_own(text: str) -> None:
    with pytest.raises(ValueError, match="formula"):  # a warning would be an error here
        Landscape.parse(text)


@pytest.mark.parametrize(
    "name", ["x1", "x_12", "theta", "θ", "αβ", "I_0", "infinite", "ν", "lamda"]
)
def test_latin_and_greek_words_are_names_of_variables(name: str) -> None:
    assert Landscape.parse(f"{name}**2").variables == (sp.Symbol(name, real=True),)


# The second is |√x| of a real x: none where x < 0, where SymPy's complex one would have √|x|.
@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("abs(log(x))", 0.5, math.log(2)),
        ("abs(sqrt(x))", -1.0, math.nan),
        ("abs(-3*sqrt(x))", 4.0, 6.0),
        ("abs(exp(x*log(x)))", -1.0, math.nan),
        ("abs(x**y)", (-2.0, 3.0), 8.0),
        ("abs(x**y)", (2.0, 3.0), 8.0),
        ("abs(x**(1/3))", 8.0, 2.0),
        ("abs(1/x)", -4.0, 0.25),
        ("abs(x*log(x))", 0.5, math.log(2) / 2),
    ],
)
def test_a_size_is_that_of_a_real_number(text: str, at: Any, value: float) -> None:
    np.testing.assert_allclose(Landscape.parse(text).value(np.atleast_1d(at)), value, rtol=1e-15)


# Each took SymPy from 2 s to for ever, when it was differentiated twice or only made a number.
SLOW = [
    "max(" * 8 + "x" + "".join(f", {i}*x + {chr(97 + i % 7)})" for i in range(8)),
    "*".join(f"max(x, {i}*y)" for i in range(20)),
    "*".join(f"(x - {i}*y)" for i in range(20)),
    "*".join(f"abs(sin(x - {i}*y))" for i in range(12)),
    "max(y,x*sqrt(x))*max(y, x/2)*" * 5 + "min(x, y)",
    "(" * 6 + "x*y + 1" + ")**20 + z*x)**(1/3)" * 3,
    "*".join(f"sin(x{i}*x{(i + 1) % 8})*cos(x{i})" for i in range(8)),
    "min(max(min(max(min(x, y), z), w), a), b)*min(max(min(x, w), z), y)*max(x, abs(y - z))",
    "tanh((log(x) + y + z + a + b + c)**20)",
    "cosh((log(x) + log(y) + z)**20)",
    "sinh((sqrt(x) + sqrt(y) + sqrt(z) + a + b)**20)",
    "max(((b + a + x + x*0.5 + y + a*b)**19)**(max(z, c)/acos(x)), c)",
    "sqrt((b + a + x + y + a*b)**20 + 1) + (1 + (b + a + x + y + a*b)**20)**z",
    "sinh((max(x*(w + b), min(min(d, w), y)) - log(w - sqrt(z)) + 1/min(a*c*y/b, cos(d)))**20)",
    "max(cosh((log(x) + y + z + a + b + c)**20), y)*sqrt(x*sinh((log(y) + x + a + b + c)**20))",
]


@pytest.mark.parametrize("text", SLOW)
def test_the_work_that_a_text_asks_for_is_bounded(text: str) -> None:
    cost, words = parsed(text)
    assert parts(cost) <= MOST_NODES if cost else "hold at most 20,000 numbers" in words


# Of u = log(x) or √x, which SymPy does not prove real: value, slope and curvature by hand.
@pytest.mark.parametrize(
    ("text", "value", "slope", "curvature"),
    [
        ("sinh(log(x))", lambda z: (z - 1 / z) / 2, lambda z: (1 + z**-2) / 2, lambda z: -(z**-3)),
        ("cosh(log(x))", lambda z: (z + 1 / z) / 2, lambda z: (1 - z**-2) / 2, lambda z: z**-3),
        ("tanh(log(x))", lambda z: (z**2 - 1) / (z**2 + 1), lambda z: 4 * z / (z**2 + 1) ** 2,
         lambda z: (4 - 12 * z**2) / (z**2 + 1) ** 3),
        ("abs(sinh(log(x)))*2", lambda z: abs(z - 1 / z), lambda z: np.sign(z - 1) * (1 + z**-2),
         lambda z: -2 * np.sign(z - 1) * z**-3),
        ("sqrt(cosh(log(x))**2 - 1)*2", lambda z: abs(z - 1 / z),
         lambda z: np.sign(z - 1) * (1 + z**-2), lambda z: -2 * np.sign(z - 1) * z**-3),
        ("tanh(sqrt(x))**2 + 1/cosh(sqrt(x))**2 + x", lambda z: 1 + z, lambda z: 1 + 0 * z,
         lambda z: 0 * z),
    ],
)  # fmt: skip
def test_hyperbolic_functions_of_what_is_real_only_here_and_there(
    text: str, value: Any, slope: Any, curvature: Any
) -> None:
    at = np.array([0.2, 0.7, 1.3, 2.5, 4.0])
    cost = Landscape.parse(text)
    np.testing.assert_allclose(cost.value(at[:, None]), value(at), rtol=1e-12)
    np.testing.assert_allclose(cost.gradient(at[:, None])[:, 0], slope(at), rtol=1e-11)
    np.testing.assert_allclose(
        cost.hessian(at[:, None])[:, 0, 0], curvature(at), rtol=1e-10, atol=1e-12
    )
    assert pickle.loads(pickle.dumps(cost)) == cost
    assert np.isnan(cost.value([-1.0]))


def parsed(text: str) -> tuple[Landscape | None, str]:
    """Return a landscape, or the words with which it is refused."""
    try:
        return Landscape.parse(text), ""
    except ValueError as refused:
        return None, str(refused)


def parts(cost: Landscape) -> int:
    """Count the numbers, symbols and operations of both derivatives, as SymPy keeps them."""
    formulas = [*cost.gradient_formula, *cost.hessian_formula]
    return sum(1 for e in formulas for _ in sp.preorder_traversal(e))


NUMBERS = st.sampled_from(["0", "1", "2", "0.1", "3e-7", "1e11", "1e999", "0,5", "2x", "½", "pi"])
WORDS = st.sampled_from(["x", "y", "z", "theta", "e", "I", "nan", "х", "lambda", "a b", "α", "_"])
CALLS = st.sampled_from(
    ["sin", "tan", "asin", "exp", "log", "sqrt", "abs", "sign", "max", "min", "arctan", "x", ""]
)
SIGNS = st.sampled_from([" + ", "-", "*", "/", "**", " ", "^", "−", "·", ",", "=", "<", "//", "|"])


def longer(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda a, sign, b: a + sign + b, parts, SIGNS, parts),
        st.builds(lambda a, sign, b: f"({a}){sign}({b})", parts, SIGNS, parts),
        st.builds(lambda f, a: f"{f}({a})", CALLS, parts),
        st.builds(lambda f, a, b: f"{f}({a}, {b})", CALLS, parts, parts),
        st.builds(lambda a, n: f"({a})**{n}", parts, st.sampled_from(["2", "(1/2)", "20", "-3"])),
    )


@given(st.recursive(st.one_of(NUMBERS, WORDS, WORDS), longer, max_leaves=12))
@settings(max_examples=300, deadline=None)
def test_near_formulas_become_landscapes_or_words(text: str) -> None:
    cost, words = parsed(text)
    if cost:
        assert parts(cost) <= MOST_NODES
        assert cost.gradient(cost.start).shape == (cost.n,)
    else:
        assert len(words) > 20
        assert "JavaScript" not in words


@pytest.mark.parametrize(
    "text",
    ["(1e12**19*x)*(1e12**19*y)", "x*1e-12**19*1e-12**19", "1e12**19*x**20*1e12**6*1e6",
     "1e12**19*1e12**19 + x", "exp(1000)*x", "x*exp(700)*y*exp(700)", "cosh(700)*x*sinh(700)",
     "x + 1/(1/cosh(999))", "sin(exp(700)*x)"],
)  # fmt: skip
def test_numbers_that_no_double_holds_are_refused_in_a_formula_and_its_slopes(text: str) -> None:
    with pytest.raises(ValueError, match="holds a number that no double holds"):
        Landscape.parse(text)


@pytest.mark.parametrize("text", ["x/cosh(999)", "exp(x + 1000)", "x*exp(-1000)", "exp(700)*x"])
def test_numbers_that_are_finite_in_the_end_are_read(text: str) -> None:
    assert math.isfinite(Landscape.parse(text).value([-999.0]))


W = "w" * 150


@pytest.mark.parametrize(
    "text",
    ["é" * 400, "_" + W, f"{W}({W})", f"2{W}", f"{W} {W}", f"sin {W}", f"np.{W}", f"Α{W}",
     "2" * 400 + "x", "1," + "2" * 400, f"({W})({W})", "0b" + "1" * 400, "0x" + "f" * 400,
     f"max({W})", f"(0*{W})**{W}", f"1/(0*{W})", f"sqrt(-1-{W}**2)", f"{W}*/", f"θ{W}*theta{W}"],
)  # fmt: skip
def test_of_a_long_text_words_show_the_beginning(text: str) -> None:
    with pytest.raises(ValueError, match=r".{20}") as refused:
        Landscape.parse(text)
    assert len(str(refused.value)) <= 350


@pytest.mark.parametrize("junk", [None, 3, ["x"], b"x", sp.Symbol("x")])
def test_only_a_string_is_a_formula(junk: object) -> None:
    with pytest.raises(TypeError, match="a formula is a string"):
        parse.read(junk)  # type: ignore[arg-type]


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
        ("sinh(x) + cosh(x*y)*tanh(2)", sp.sinh(x) + sp.cosh(x * y) * sp.tanh(2)),
    ],
)
def test_arithmetic_is_read_exactly(text: str, expected: sp.Expr) -> None:
    assert parse.read(text) == expected


@given(st.text(alphabet="xy0123456789+-*/(). _esinx'\"[]{}:=,@\n", max_size=30))
@settings(max_examples=400)
def test_every_text_is_read_or_refused_with_a_value_error(text: str) -> None:
    try:
        expression = parse.read(text)
    except ValueError:
        return
    assert isinstance(expression, sp.Expr)
    assert all(str(s).isidentifier() for s in expression.free_symbols)


def test_the_reader_calls_nothing_that_evaluates() -> None:
    tree = ast.parse(Path(parse.__file__).read_text(encoding="utf-8"))
    called = {
        n.func.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    assert not called & {"eval", "exec", "compile", "__import__", "sympify"}


@pytest.mark.parametrize(
    ("at", "rest"), [(1, "'x+y?+zzzzz'"), (4, "'?+zzzzzzzz'"), (None, "its end"), (99, "its end")]
)
def test_a_slip_is_shown_with_ten_characters(at: int | None, rest: str) -> None:
    slip = SyntaxError()
    slip.offset = at
    assert parse._why("x+y?+zzzzzzzzz", slip) == f"it makes no sense from {rest} on"


@pytest.mark.parametrize("part", [sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I])
def test_what_is_no_real_number_is_seen_inside_a_formula(part: sp.Expr) -> None:
    x = sp.Symbol("x", real=True)
    assert parse.not_real(sp.Add(x, part, evaluate=False))
    assert not parse.not_real(x + 1)
