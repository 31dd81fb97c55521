"""A rule as text is read exactly, or refused with its line and column; nothing in it is run."""

from __future__ import annotations

import builtins
import os
import pickle
import re
import subprocess
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.optimizers import catalogue
from gdlib.optimizers.symbols import allowed, b1, beta, eps, eta, g, k, lam, m, rho, theta, v
from tests import attacks, rule_texts

MOMENTUM = "m = 0.9*m + g\nstep = -eta*m"


def steps(rule: gd.Optimizer, count: int = 30) -> Any:
    """Return the steps of a rule along the same random slopes, whichever the rule is."""
    slopes = np.random.default_rng(3).normal(size=(count, 4))
    point, state, found = np.array([1.0, -2.0, 0.5, 3.0]), rule.init(np.zeros(4)), []
    for slope in slopes:
        step, state = rule.update(slope, state, point)
        found.append(step)
        point = point + step
    return np.array(found)


@pytest.mark.parametrize("name", catalogue)
def test_each_rule_of_the_book_can_be_written(name: str) -> None:
    ours = catalogue[name](0.05)
    rule = gd.Optimizer.parse(rule_texts.RIGHT[name], name, **ours.settings)
    assert rule.settings == ours.settings
    assert rule.remembers == ours.remembers
    np.testing.assert_allclose(steps(rule), steps(ours), rtol=1e-15, atol=1e-18)


# What a text says, and the rule that it is, in SymPy.
READINGS: list[tuple[str, dict[sp.Symbol, Any], Any, dict[sp.Symbol, float]]] = [
    ("step = -eta*g", {}, -eta * g, {eta: 0.01}),
    ("theta = theta - eta*g", {}, -eta * g, {eta: 0.01}),
    ("theta -= eta*g", {}, -eta * g, {eta: 0.01}),
    ("θ -= η*g", {}, -eta * g, {eta: 0.01}),
    ("x = x - lr*grad", {}, -eta * g, {eta: 0.01}),
    ("x += -learning_rate*gradient", {}, -eta * g, {eta: 0.01}),
    ("lr = 0.5; x -= eta*g", {}, -eta * g, {eta: 0.5}),
    ("theta *= 1/2", {}, -theta / 2, {}),
    ("theta /= 2", {}, -theta / 2, {}),
    ("theta = 0", {}, -theta, {}),
    ("step = 0", {}, sp.Integer(0), {}),
    ("m = 0.9*m + g\nstep = -eta*m", {m: 9 * m / 10 + g}, -eta * m, {eta: 0.01}),
    ("m *= 0.9; step = -m", {m: 9 * m / 10}, -m, {}),
    ("m /= 2; step = -m", {m: m / 2}, -m, {}),
    ("m -= g; step = m", {m: m - g}, m, {}),
    ("m += g; step = -m", {m: m + g}, -m, {}),
    (";; m=g ;\n\n# a note; with = in it\r\n\tstep =-m# end", {m: g}, -m, {}),
    ("β = 0.9\nm = beta*m + g\nstep = -m", {m: beta * m + g}, -m, {beta: 0.9}),
    ("b = 3\nstep = -b*g/t", {}, -sp.Symbol("b", real=True) * g / k,
     {sp.Symbol("b", real=True): 3}),
    ("eps = 1e-16; step = -g/(abs(g) + ε)", {}, -g / (sp.Abs(g) + eps), {eps: 1e-16}),
    ("beta_1 = 1 - 0.1\nstep = -β1*g", {}, -b1 * g, {b1: 0.9}),
    ("lam = -0.5 + 1; step = -weight_decay*x", {}, -lam * theta, {lam: 0.5}),
    ("v = max(v, g**2); step = -g/sqrt(v)", {v: sp.Max(v, g**2)}, -g / sp.sqrt(v), {}),
    ("rho = .5; step = -g*ρ**k*sign(g)*ln(2)", {},
     -g * rho**k * sp.sign(g) * sp.log(2), {rho: 0.5}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "moments", "step", "numbers"), READINGS)
def test_lines_are_read_exactly(text: str, moments: Any, step: Any, numbers: Any) -> None:
    rule = gd.Optimizer.parse(text)
    assert dict(rule.moments) == moments
    assert sp.simplify(rule.step - step) == 0
    assert dict(rule.hyperparameters) == numbers
    assert (rule.name, rule.source) == ("my rule", "")


def test_a_written_rule_is_a_rule_like_any_other() -> None:
    rule = gd.Optimizer.parse(MOMENTUM, "heavy ball", eta=0.1)
    assert repr(rule) == "heavy ball(learning_rate=0.1)"
    assert "\\theta_{k}" in rule.latex()
    bowl = gd.landscapes.quadratic(4)
    ours = gd.descend(bowl, gd.momentum(0.1, 0.9), steps=20)
    np.testing.assert_allclose(gd.descend(bowl, rule, steps=20).points, ours.points, rtol=1e-13)
    np.testing.assert_array_equal(steps(pickle.loads(pickle.dumps(rule))), steps(rule))
    slower = gd.descend(bowl, rule, steps=9, learning_rate=gd.schedules.step(0.1))
    assert slower.points.shape == (10, 2)


def test_a_number_above_a_moments_line_is_its_first_value() -> None:
    rule = gd.Optimizer.parse("p = 1; q = 0; p = p/2; q = p + q; step = -p - q")
    assert steps(rule, 2)[:, 0].tolist() == [-1.0, -1.0]  # p 1/2, q 1/2; then p 1/4, q 3/4
    assert rule.hyperparameters == {}
    assert {str(s): value for s, value in rule.initial.items()} == {"p": 1.0}


def test_numbers_come_from_the_text_or_from_keywords_which_win() -> None:
    text = "beta = 0.9\nm = beta*m + (1 - rho)*g\nstep = -eta*m/c"
    rule = gd.Optimizer.parse(text, "mine", rho=0.5, c=2, lr=0.3)
    assert rule.settings == {"learning_rate": 0.3, "decay": 0.9, "rho": 0.5, "c": 2.0}
    assert gd.Optimizer.parse(text, rho=0.5, c=2, beta=0.1).settings["decay"] == 0.1
    assert gd.Optimizer.parse(text, rho=0.5, c=2, decay=0.1).settings["decay"] == 0.1
    assert gd.Optimizer.parse(text, c=2, β=0.1, ρ=0).settings["rho"] == 0
    assert rule.with_settings(beta=0.2, c=3, learning_rate=1).settings == {
        "learning_rate": 1.0, "decay": 0.2, "rho": 0.5, "c": 3.0,
    }  # fmt: skip


def test_settings_are_refused_that_are_unknown_double_or_out_of_range() -> None:
    with pytest.raises(TypeError, match=r"mine has no 'bet'; it has learning_rate, .*did you mean"):
        gd.Optimizer.parse("step = -eta*beta*g", "mine", bet=0.9)
    with pytest.raises(TypeError, match="mine: lr is the same as another keyword"):
        gd.Optimizer.parse("step = -eta*g", "mine", eta=0.9, lr=0.8)
    with pytest.raises(ValueError, match="mine: decay must be at least 0 and below 1, not 1"):
        gd.Optimizer.parse("step = -eta*beta*g", "mine", beta=1)
    with pytest.raises(TypeError, match="mine: learning_rate must be a number"):
        gd.Optimizer.parse("step = -eta*g", "mine", lr="fast")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="name must be a string"):
        gd.Optimizer.parse("step = -eta*g", 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="two of decay, beta are the same setting"):
        gd.momentum(0.1).with_settings(decay=0.5, beta=0.6)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("beta", 0, 1), ("beta3", 0, 1), ("rho_2", 0, 1), ("alpha1", 0, np.inf),
     ("epsilon_2", 0, np.inf), ("lamda", 0, np.inf), ("beta_max", -np.inf, np.inf),
     ("c", -np.inf, np.inf)],
)  # fmt: skip
def test_a_hyperparameters_name_says_its_range(name: str, low: float, high: float) -> None:
    span = allowed(sp.Symbol(name, real=True))
    assert (span.low, span.high, span.closed) == (low, high, low == 0)


@pytest.mark.parametrize("junk", [None, 3, ["step = -g"], b"step = -g", sp.Symbol("g")])
def test_only_a_string_is_read(junk: Any) -> None:
    with pytest.raises(TypeError, match="the text of a rule is a string, not"):
        gd.Optimizer.parse(junk)


# The text, the line and the column that are named, and some of the words.
REFUSALS = [
    ("m = 0.9*m + g\nstep = -eta*sqr(m)", 2, 13, "there is no function sqr: write x**2"),
    ("m = 0.9m + g; step = -m", 1, 7, "write 0.9m as 0.9*m"),
    ("step = -eta*x^2", 1, 14, "write a power as x**2, not x^2"),
    ("step = -eta·g", 1, 12, "write a product as x*y"),
    ("  θ = θ − η*g", 1, 9, "write a minus sign as -"),
    ("β = 0.9; step = -eta*q*β", 1, 22, "q has neither a line nor a number: write q = 0.9 above"),
    ("momentum = g\n\nstep = -momentun", 3, 9, "or momentun=0.9 beside the text; did you mean"),
    ("# first\nm = (g\nstep = -m", 2, 5, "1 bracket(s) not closed"),
    ("m = g;; step = m +* g", 1, 19, "it makes no sense from"),
    ("m =\nstep = g", 1, 4, "it is empty"),
    ("m = g", 1, 1, "the last line says step = -eta*m, or theta = theta - eta*m; not m = …"),
    ("step -= g", 1, 1, "the last line says"),
    ("step = -g; step = -g", 1, 1, "step stands here and lines follow"),
    ("theta = theta - g; m = g", 1, 1, "what changes θ is the last line, once"),
    ("m = g; m = 2*m; step = -m", 1, 8, "m is computed already, in line 1"),
    ("m = g\n  m += g\nstep = -m", 2, 3, "m is computed already, in line 1"),
    ("m = 1\nm = g\nstep = -m", 2, 1, "a number already, in line 1, and nothing reads it before"),
    ("c = 1\nc = 2\nstep = -c*g", 2, 1, "c has a value already, from line 1"),
    ("m = c*g\nc = 2\nstep = -m", 2, 1, "c is read above its number, in line 1"),
    ("g = 3; step = -g", 1, 1, "g has a meaning already, the gradient at θ"),
    ("t = k + 1; step = -g", 1, 1, "t has a meaning already, the number of the step"),
    ("eta = 0.1/k; step = -eta*g", 1, 1, "eta is a number, the learning rate: one that changes"),
    ("pi = 3; step = -g", 1, 1, "pi has a meaning already"),
    ("max = g; step = -g", 1, 1, "max has a meaning already"),
    ("lambda = 1; step = -g", 1, 1, "lambda is a word of Python's: write lamda, or λ"),
    ("m = step; step = -m", 1, 5, "step is added to θ and not kept"),
    ("step = 0.5*step - g", 1, 12, "step is added to θ and not kept"),
    ("a = b = g; step = -a", 1, 7, "one name stands left of one equals sign"),
    ("m, v = g; step = -m", 1, 1, "left of = stands one name"),
    ("m := g; step = -m", 1, 1, "write = instead of :="),
    ("m ← g; step = -m", 1, 1, "write = instead of ←"),
    ("import os; step = -g", 1, 1, "a line is a name, an equals sign and a formula"),
    ("beta = 1.5; step = -beta*g", 1, 8, "beta must be at least 0 and below 1, not 1.5"),
    ("c = 1e999; step = -c*g", 1, 5, "c must be a finite number"),
    ("step = -g/(2 - 2)", 1, 8, "has no finite real value"),
    ("theta /= 0", 1, 10, "this divides by 0"),
    ("m = 1e12**19*(1e12**19*g)\nstep = -m", 1, 5, "holds a number that no double holds"),
    ("step = -g*θ*theta", 1, 11, "θ and theta look alike"),
    ("м = g; step = -g", 1, 1, "CYRILLIC SMALL LETTER EM"),
    ("m = g\n" * 20 + "step = -m", 21, 1, "a rule has at most 20 lines, not 21"),
    ("step = 𝐪*g", 1, 8, "neither a line nor a number"),
    ("step = é*g", 1, 8, "LATIN SMALL LETTER E WITH ACUTE"),
    ("λ = 1; step = λ*ж", 1, 17, "CYRILLIC SMALL LETTER ZHE"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), REFUSALS)
def test_a_refusal_says_where_and_why(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        gd.Optimizer.parse(text)
    first, shown, mark = str(refused.value).split("\n")
    assert first.startswith(f"line {line}, column {column}: ")
    assert text.split("\n")[line - 1].startswith(shown[4:])
    assert mark == " " * (4 + column - 1) + "^"


def test_of_a_long_line_a_refusal_shows_the_place() -> None:
    with pytest.raises(ValueError, match="line 1, column 98: ") as refused:
        gd.Optimizer.parse("step = " + "g + " * 22 + "0*q(g)" + " + g" * 30)
    _, shown, mark = str(refused.value).split("\n")
    assert (len(shown), shown[len(mark) - 1 :][:4]) == (64, "q(g)")


def test_the_work_that_a_text_asks_for_is_bounded() -> None:
    line = "{0} = 0.5*{0} + " + "g + " * 22 + "g\n"  # 97 characters right of =
    lines = "".join(map(line.format, "abcdfhijln")) + "step = " + "-a" * 15
    assert len(gd.Optimizer.parse(lines).moments) == 10
    with pytest.raises(ValueError, match=r"line 11, column 1: .* at most 1000 char.*, not 1001"):
        gd.Optimizer.parse(lines + "b")


@pytest.mark.parametrize(
    "text", ["{0} = g; {0} = g; step = g", "{0} = 1e999; step = g", "{0} = 1; {0} = 2; step = g",
             "step = {0}", "{0} = g", "{0}", "{0} = g*{0}(2)", "step = 2{0}", "{0}, m = g"],
)  # fmt: skip
def test_of_a_long_name_a_refusal_shows_the_beginning(text: str) -> None:
    with pytest.raises(ValueError, match="line 1, column ") as refused:
        gd.Optimizer.parse(text.format("w" * 300))
    assert len(str(refused.value)) < 400


def test_a_long_text_and_an_empty_one_are_refused_as_a_whole() -> None:
    assert gd.Optimizer.parse("step = -g".ljust(4000)).step == -g
    with pytest.raises(ValueError, match="at most 4000 characters, not 4001"):
        gd.Optimizer.parse("step = -g".ljust(4001))
    for nothing in ("", " \n;; # m = g"):
        with pytest.raises(ValueError, match=r"holds lines like m = 0\.9\*m \+ g"):
            gd.Optimizer.parse(nothing)
    assert len(gd.Optimizer.parse("".join(f"m{i} = g\n" for i in range(19)) + "step = g").moments)


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Notice whatever a text could run; return what was run."""
    heard: list[Any] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(builtins, "canary", lambda *a: heard.append(a), raising=False)
    for name in ("eval", "open", "input", "breakpoint"):
        monkeypatch.setattr(builtins, name, lambda *a, **_: heard.append(a))
    monkeypatch.setattr(os, "system", heard.append)
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **_: heard.append(a))
    return heard


def test_attacks_are_refused_in_words_and_nothing_is_run(canary: list[Any], tmp_path: Path) -> None:
    assert len(set(attacks.TEXTS)) >= 200
    for text in attacks.TEXTS:
        with pytest.raises(ValueError, match=r".{20}") as refused:
            gd.Optimizer.parse(text)
        assert len(str(refused.value)) < 500
        assert "line " in str(refused.value) or "a rule" in str(refused.value)
    assert canary == []
    assert not list(tmp_path.iterdir())


def test_random_texts_are_read_or_refused_with_a_value_error(canary: list[Any]) -> None:
    words = [rule_texts.refused(text, ("numpy",)) for text in islice(rule_texts.texts(1), 2000)]
    assert 200 < words.count("") < 1500
    assert all(len(said) < 500 for said in words)
    assert canary == []
