"""The cheat sheet: every rule, typeset from its own definition.

What frameworks do differently is written here, and what each rule is for in `rule_advice`, for no
definition can say it. `around_rules` adds what is put around a rule.
"""

from __future__ import annotations

import inspect
import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from gdlib import optimizers
from gdlib.book import around_rules, thumbnails
from gdlib.book.rule_advice import ADVICE
from gdlib.optimizers import Optimizer, symbols, typeset

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdlib.optimizers import UpdateRule

RULES: dict[str, Callable[..., UpdateRule]] = {**optimizers.catalogue, **optimizers.MATRIX_RULES}
"""Every rule by the name of its constructor, in the order of the page."""
_RATE = 0.1  # for rules whose rate has no default; nothing that is printed depends on it

# Read in the sources of PyTorch 2.13 and Keras 3.
CONVENTIONS = {
    "gradient_descent": "PyTorch's and Keras's `SGD` are this rule; their name says only that the"
    " gradient they are given comes from a mini-batch.",
    "momentum": "Undamped, as PyTorch's `SGD(momentum=…)`. Keras remembers $-\\eta m$: the same"
    " path while $\\eta$ is constant. Texts that damp it, $m \\leftarrow \\beta m + (1-\\beta) g$,"
    " need the rate $\\eta/(1-\\beta)$.",
    "nesterov": "The frameworks' form, in which $\\theta$ is the point looked ahead to: PyTorch's"
    " and Keras's `SGD(nesterov=True)`. In Nesterov's own form $\\theta$ is the point before"
    " the look ahead.",
    "adagrad": "$\\varepsilon$ outside the root and a sum that starts at 0: PyTorch. Keras:"
    " $\\varepsilon = 10^{-7}$ inside the root, a sum that starts at 0.1.",
    "adadelta": "$\\varepsilon$ inside both roots: the paper, PyTorch, Keras. The paper has no"
    " rate, $\\eta = 1$. Keras starts with $\\eta = 0.001$, $\\rho = 0.95$,"
    " $\\varepsilon = 10^{-7}$.",
    "rmsprop": "$\\varepsilon$ outside the root: PyTorch, where $\\rho$ is `alpha` and 0.99."
    " Inside the root: Keras, $\\rho = 0.9$, $\\varepsilon = 10^{-7}$.",
    "adam": "$\\varepsilon$ outside the root of the corrected $\\hat v$: the paper's Algorithm 1,"
    " PyTorch. Keras adds $\\varepsilon = 10^{-7}$ to the root of $v$ before correction, the"
    " paper's $\\hat\\varepsilon$.",
    "adamw": "Decay times $\\eta$: PyTorch, and Keras with $\\lambda = 0.004$. In the paper it"
    " follows the schedule but not the rate, so its $\\lambda$ is our $\\eta\\lambda$.",
    "amsgrad": "The largest $v$ so far, corrected afterwards: PyTorch's and Keras's"
    " `Adam(amsgrad=True)`. The paper corrects nothing.",
    "nadam": "$\\beta_1$ warms up by $0.96^{0.004k}$: PyTorch, whose rate starts at 0.002. Keras:"
    " $0.96^{k}$, which is warm after some fifty steps.",
    "lion": "Decay times $\\eta$: the paper, Keras. PyTorch has no Lion. Its rate is three to ten"
    " times smaller than AdamW's, says the paper.",
    "muon": "PyTorch: this rule. The author's file: $\\eta = 0.02$, $\\lambda = 0$. Optax:"
    " $\\sqrt{\\max(1, n/m)}$, for layers of inputs × outputs, and averages divided as Nadam's"
    " ({ref}`a table of the three <sec-norms-frameworks>`). Keras: $0.2\\sqrt{\\max(m, n)}$,"
    " $\\lambda = 0.004$.",
    "shampoo": "PyTorch and Keras have none."
    " [Distributed Shampoo](https://github.com/facebookresearch/optimizers) renews the roots every"
    " so many steps only, can average where this adds up, and takes the length of a step from"
    " another rule.",
    "soap": "PyTorch and Keras have none. The authors keep the axes, $m^2 + n^2$ numbers more, and"
    " renew them every ten steps by one step of power iteration; the first gradient is for the axes"
    " alone.",
    "adafactor": "PyTorch: this rule. Keras: $\\eta = 0.001$, and $10^{-30}$ added to the squares.",
}


def page(_app: Any) -> str:
    """Return the Markdown of all rules, and of what is put around them."""
    cards = [card(name, build) for name, build in RULES.items()]
    return "\n\n".join([*cards, around_rules.made(), around_rules.schedules()])


def card(name: str, build: Callable[..., UpdateRule]) -> str:
    """Return one rule: sentence, formula, picture, hyperparameters, use, memory, source."""
    free = [p for p in inspect.signature(build).parameters.values() if p.default is p.empty]
    rule = build(**{parameter.name: _RATE for parameter in free})
    tuned, run = thumbnails.best(rule)
    return "\n\n".join(
        [
            f"(rule-{name.replace('_', '-')})=\n## {rule.name[0].upper()}{rule.name[1:]}",
            f"{_sentence(build)} ({ADVICE[name].read})",
            f"$$\n{rule.latex()}\n$$",
            _figure(tuned, thumbnails.svg(tuned, run)),
            _table(rule, {parameter.name for parameter in free}),
            _facts(name, rule),
        ]
    )


def _sentence(build: Callable[..., UpdateRule]) -> str:
    """Return the docstring's first sentence, without what its formula and its source repeat."""
    text = " ".join((inspect.getdoc(build) or "").split("\n\n")[0].split())
    return re.sub(r"(: θ ←.*| \([^()]*\))\.$", ".", text)


def _figure(tuned: UpdateRule, picture: str) -> str:
    rate = f"η = {tuned.settings['learning_rate']:g}"
    return f'<figure class="gd-path">{picture}<figcaption>{rate}</figcaption></figure>'


def _table(rule: UpdateRule, required: set[str]) -> str:
    rows = ["| symbol | keyword | default | allowed |", "|---|---|---|---|"]
    for symbol, keyword in zip(rule.hyperparameters, rule.settings, strict=True):
        letter = _letter(symbol)
        default = "none" if keyword in required else _number(rule.settings[keyword])
        rows.append(f"| ${letter}$ | `{keyword}` | {default} | ${_range(symbol, letter)}$ |")
    return "\n".join(rows)


def _range(symbol: sp.Symbol, letter: str) -> str:
    """Return a hyperparameter's range as an inequality."""
    span = symbols.allowed(symbol)
    sign = r"\le" if span.closed else "<"
    low = f"{span.low:g} {sign} " if span.low > -math.inf else ""
    high = f" < {span.high:g}" if span.high < math.inf else ""
    return f"{low}{letter}{high}"


def _facts(name: str, rule: UpdateRule) -> str:
    facts = {
        "Use when": ADVICE[name].when,
        "Usual": ADVICE[name].usual,
        "Memory": _memory(rule) if isinstance(rule, Optimizer) else _of_a_matrix(rule),
        "Source": _linked(rule.source),
        "Who else": CONVENTIONS[name],
    }
    return "\n\n".join(f"{term}\n: {text}" for term, text in facts.items())


def _memory(rule: Optimizer) -> str:
    kept = [_remembered(rule, symbol) for symbol in rule.remembers]
    count = f"{len(kept)} number{'s' * (len(kept) != 1)} per parameter" if kept else "none"
    return f"{count}: {', '.join(kept)}" if kept else count


def _of_a_matrix(rule: UpdateRule) -> str:
    """Return how many numbers a rule keeps for m rows and n columns, from what it begins with."""
    m, n = sp.symbols("m n", positive=True)
    sides = {3: m, 5: n, 1: sp.S.One}
    state = rule.init(np.zeros((3, 5))).moments.values()
    numbers = sum(math.prod(sides[side] for side in moment.shape) for moment in state)
    kept = ", ".join(f"${_letter(symbol)}$" for symbol in rule.remembers)
    return f"${sp.latex(numbers)}$ numbers for a matrix: {kept}"


def _remembered(rule: Optimizer, symbol: sp.Symbol) -> str:
    """Return a moment's letter, and where it starts if that is not 0."""
    first = rule.initial_moment(str(symbol))
    return f"${_letter(symbol)}$" + (f" (from {first:g})" if first else "")


def _linked(source: str) -> str:
    """Return a source with its DOI, arXiv number or address as a link."""
    source = re.sub(r"https://([^/\s]+)(/\S+)", r"[\1](<https://\1\2>)", source)
    source = re.sub(r"doi:(10\.\S+[^\s;,.])", r"[doi:\1](<https://doi.org/\1>)", source)
    return re.sub(r"arXiv:(\d{4}\.\d{4,5})", r"[arXiv:\1](https://arxiv.org/abs/\1)", source)


def _letter(symbol: sp.Symbol) -> str:
    return typeset.NAMES.get(str(symbol)) or str(sp.latex(symbol))


def _number(value: float) -> str:
    """Return a default as papers write it: 0.001, 10⁻⁸, 2⁻⁵²."""
    for base, of in ((10, math.log10), (2, math.log2)):
        if 0 < value < 1e-3 and of(value).is_integer():
            return f"${base}^{{{of(value):g}}}$"
    return f"{value:g}"
