"""Random texts near update rules, to be read or refused: `python -m tests.rule_texts 100000`.

Half are the pieces of rules in any order, most others right rules with a few changes, and one in
twenty is made of lines of arithmetic. Run by hand it reports how many were read, the slowest one,
the memory, and whatever went wrong.
"""

from __future__ import annotations

import ast
import random
import resource
import sys
import time
from collections.abc import Iterator
from itertools import islice

import gdlib as gd
from gdlib.optimizers.printed import LANGUAGES

RIGHT = {
    "gradient_descent": "theta = theta - eta*g",
    "momentum": "m = beta*m + g\nstep = -eta*m",
    "nesterov": "m = beta*m + g  # the frameworks' form\nstep = -eta*(g + beta*m)",
    "adagrad": "v += g**2; theta -= eta*g/(sqrt(v) + eps)",
    "adadelta": """
        v = rho*v + (1 - rho)*g**2
        delta = sqrt(u + epsilon)/sqrt(v + epsilon)*g
        u = rho*u + (1 - rho)*delta**2
        step = -eta*delta
    """,
    "rmsprop": "v = ρ*v + (1 - ρ)*g**2\nθ = θ - η*g/(sqrt(v) + ε)",
    "adam": """
        m = beta1*m + (1 - beta1)*grad
        v = beta2*v + (1 - beta2)*grad**2
        m_hat = m/(1 - beta1**k)
        v_hat = v/(1 - beta2**k)
        x -= lr*m_hat/(sqrt(v_hat) + epsilon)
    """,
    "adamw": """
        m = beta_1*m + (1 - beta_1)*g
        v = beta_2*v + (1 - beta_2)*g**2
        m_hat = m/(1 - beta_1**t); v_hat = v/(1 - beta_2**t)
        theta = theta - eta*(m_hat/(sqrt(v_hat) + eps) + weight_decay*theta)
    """,
    "amsgrad": """
        m = beta1*m + (1 - beta1)*g
        v = beta2*v + (1 - beta2)*g**2
        v_max = max(v_max, v)
        m_hat = m/(1 - beta1**k)
        v_hat = v_max/(1 - beta2**k)
        theta -= learning_rate*m_hat/(v_hat**(1/2) + epsilon)
    """,
    "nadam": """
        mu_product = 1
        m = beta1*m + (1 - beta1)*g
        v = beta2*v + (1 - beta2)*g**2
        mu = beta1*(1 - 0.5*0.96**(0.004*k))
        mu_next = beta1*(1 - 0.5*0.96**(0.004*(k + 1)))
        mu_product *= mu
        m_hat = mu_next*m/(1 - mu_product*mu_next) + (1 - mu)*g/(1 - mu_product)
        v_hat = v/(1 - beta2**k)
        step = -eta*m_hat/(sqrt(v_hat) + epsilon)
    """,
    "lion": """
        c = β1*m + (1 - β1)*g
        m = β2*m + (1 - β2)*g
        step = -η*(sign(c) + λ*θ)
    """,
}
"""The book's rules as text, in the spellings of various readers."""

NUMBERS = {"beta": 0.9, "rho": 0.9, "epsilon": 1e-8, "beta1": 0.9, "beta2": 0.99, "lamda": 0.01}
PIECES = (
    *"mvgkxe=;+-*/()., \n", "**", " = ", "+=", "-=", "*=", "/=", "step", "theta", "eta", "beta",
    "beta1", "0.9", "1", "0", "2", "1e-8", "20", "0.5*", "sqrt(", "max(", "min(", "abs(", "sign(",
    "exp(", "log(", "tanh(", "sin(", "acos(", ")", ")", ", ", "step = ", "m = ", "v = ", "\n",
    "theta -= ", "g**2", "(1 - beta)", "**k", "1e99", "1/", "0*", "#", "θ", "η", "²", "·", "−", "^",
    "_", "__", "'", "\"", "[", "]", "{", "}", ":", ":=", "==", "lambda ", "if ", "x.y", "import ",
    "\\", "\x00", "\ud800", "\u2028", "х", "𝐠", "∞", "pi", "I", "oo", "nan", "**20", "(-1)", "1j",
    "0x",
)  # fmt: skip
FUNCTIONS = (
    "sqrt", "exp", "log", "abs", "sign", "tanh", "sinh", "cosh", "sin", "tan", "acos", "atan",
)  # fmt: skip
WORDS = ("g", "theta", "k", "a", "b", "eta", "2", "0.1", "1e3", "pi")


def texts(seed: int) -> Iterator[str]:
    """Yield random texts without end."""
    draw = random.Random(seed)
    while True:
        make = draw.choices((_pieces, _changed, _grown), (10, 9, 1))[0]
        yield make(draw)


def _pieces(draw: random.Random) -> str:
    text = "".join(draw.choices(PIECES, k=draw.randint(1, 40)))
    return text if draw.random() < 0.5 else f"beta = 0.9\nm = {text}\nstep = -eta*m"


def _changed(draw: random.Random) -> str:
    text = "beta1 = 0.9; beta2 = 0.99; beta = 0.8; rho = 0.9; epsilon = 1e-8; lamda = 0.1\n"
    text += draw.choice(list(RIGHT.values()))
    for _ in range(draw.choice((0, 1, 1, 1, 2, 2, 3, 8))):
        at = draw.randrange(len(text) + 1)
        to = min(len(text), at + draw.choice((0, 0, 1, 1, 2, 9)))
        put = draw.choice((*PIECES, "", text[draw.randrange(len(text)) :][:9]))
        text = text[:at] + put + text[to:]
    return text


def _grown(draw: random.Random) -> str:
    names = ["m", "v", "w"][: draw.randint(0, 3)]
    lines = ["a = 0.7; b = 1.5", *(f"{name} = {_formula(draw, names, 4)}" for name in names)]
    return "\n".join([*lines, f"step = -eta*{_formula(draw, names, 5)}"])


def _formula(draw: random.Random, names: list[str], depth: int) -> str:
    kind = draw.randrange(8) if depth else 9
    if kind < 4:
        sides = [_formula(draw, names, draw.randrange(depth)) for _ in range(2)]
        return f"({sides[0]} {draw.choice('+-**/')} {sides[1]})"
    if kind == 4:
        power = draw.choice(("2", "3", "20", "-1", "(1/2)", "0.3", "-0.5", "k", "a"))
        return f"({_formula(draw, names, depth - 1)})**{power}"
    if kind == 5:
        sides = [_formula(draw, names, depth - 1) for _ in range(2)]
        return f"{draw.choice(('max', 'min'))}({sides[0]}, {sides[1]})"
    if kind < 8:
        return f"{draw.choice(FUNCTIONS)}({_formula(draw, names, depth - 1)})"
    return draw.choice((*WORDS, *names, *names))


def refused(text: str, languages: tuple[str, ...] = tuple(LANGUAGES)) -> str:
    """Return why a text is refused; what is read is lowered, typeset and printed, too."""
    try:
        rule = gd.Optimizer.parse(text)
    except ValueError as error:
        return str(error)
    assert rule.lines.step
    assert rule.latex().startswith("\\begin{aligned}")
    for language in languages:
        code = rule.code(language)
        if language not in ("javascript", "latex"):
            ast.parse(code)
    return ""


def main(count: int) -> None:
    """Read as many texts as asked, and report."""
    slowest, read, wrong = (0.0, ""), 0, 0
    for done, text in enumerate(islice(texts(0), count), 1):
        start = time.process_time()
        try:
            read += not refused(text)
        except Exception as error:
            wrong += 1
            print(f"{type(error).__name__}: {error!s:.200}: {text!a}", flush=True)
        slowest = max(slowest, (time.process_time() - start, text))
        if done % 10_000 == 0 or done == count:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{done} texts, {read} read, {wrong} wrong, at most {memory:.0f} MB", flush=True)
            print(f"slowest: {slowest[0]:.2f} s, {slowest[1]!a}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
