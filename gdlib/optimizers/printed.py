"""Print an update rule as code to paste: a function, an optimizer of a framework, or LaTeX.

Nothing here runs. What a rule computes comes from `printed_lines`, what each framework wants
around it from `templates`.
"""

from __future__ import annotations

import keyword
import re
import string
import textwrap
from collections.abc import Callable, Iterable

import sympy as sp

from gdlib.formula import names
from gdlib.optimizers import templates, typeset
from gdlib.optimizers.printed_lines import RESERVED, Described, Parts, Rule, parts

WIDTH = 96
"""Columns of a signature and of a docstring."""
Filling = dict[str, str | list[str]]


def code(rule: Rule, language: str) -> str:
    """Return the code of a rule in one of `LANGUAGES`."""
    if language == "latex":
        return latex(rule)
    framework, template, fill = FILLED[language]
    p = parts(rule, framework)
    filling: Filling = {
        "Name": _class(rule),
        "lines": list(p.lines),
        "docstring": _docstring(rule),
        **fill(rule, p),
    }
    text = _filled(template, filling)
    return f"import math\n\n{text}" if re.search(r"\bmath\.", text) else text


def _filled(template: str, filling: Filling) -> str:
    """Put lines and texts in the places of a template."""
    lines = []
    for line in template.strip().split("\n"):
        place = line.strip()
        block = filling.get(place[1:]) if place.startswith("$") else None
        if isinstance(block, list):
            indent = line.removesuffix(place)
            lines += [indent + one if one else "" for one in block]
        else:
            lines.append(string.Template(line).substitute(filling))
    return "\n".join(lines) + "\n"


def _numpy(rule: Rule, p: Parts) -> Filling:
    about = (
        "Return theta after one step, and the next state. g is the gradient at theta, an array of"
        " its shape; the first state is {}."
    )
    return {
        "docstring": _docstring(rule, about),
        "signature": _signature(
            function_name(rule), ["theta, g, state", *["*"][: len(p.settings)]], p
        ),
        "memory": [f'{n} = state.get("{n}", {_full("np", "g", v)})' for n, v in p.memory.items()],
        "state": ", ".join(f'"{name}": {name}' for name in ("k", *p.memory)),
    }


def _torch(rule: Rule, p: Parts) -> Filling:
    del rule
    counted = "k" in p.reads
    first = {"k": "0"} if counted else {}
    first |= {name: _full("torch", "theta", value) for name, value in p.memory.items()}
    memory = ["state = self.state[theta]", "if not state:"] if first else []
    memory += [f'    state["{name}"] = {text}' for name, text in first.items()]
    memory += ['state["k"] += 1'] if counted else []
    return {
        "signature": _signature("__init__", ["self, params"], p),
        "pairs": _pairs(p.settings),
        "settings": [f'{name} = group["{name}"]' for name in p.settings if name in p.reads],
        "memory": memory + [f'{name} = state["{name}"]' for name in first],
        "kept": [f'state["{name}"] = {name}' for name in p.memory],
    }


def _optax(rule: Rule, p: Parts) -> Filling:
    pointed = "theta" in p.reads
    results = ", ".join(["step", *p.memory])
    trees = ["updates", *["params"][:pointed], *(f"state.{name}" for name in p.memory)]
    mapped = f"jax.tree.map(one, {', '.join(trees)})"
    chosen = "jax.tree.map(lambda _, result: result[i], updates, results)"
    return {
        "docstring": _docstring(
            rule, "learning_rate may be a schedule, a function of the steps before." * bool(p.rate)
        ),
        "signature": _signature(function_name(rule), [], p),
        "fields": [f"{name}: optax.Updates" for name in p.memory],
        "memory": [
            f"{name} = jax.tree.map(lambda leaf: {_full('jnp', 'leaf', value)}, params)"
            for name, value in p.memory.items()
        ],
        "state": ", ".join(["count", *p.memory]),
        "checked": _when(
            pointed,
            "if params is None:",
            '    raise ValueError("params are wanted: update(updates, state, params)")',
        ),
        "given": [
            # A float of no fixed precision: JAX takes roots of whole numbers in single precision.
            *_when("k" in p.reads, "k = 1.0*count"),
            *_when(
                bool(p.rate),
                "rate = learning_rate(state.count) if callable(learning_rate) else learning_rate",
            ),
        ],
        "taken": ", ".join(["g", *["theta"][:pointed], *p.memory]),
        "lines": [re.sub(r"\blearning_rate\b", "rate", line) for line in p.lines],
        "results": results,
        "mapped": [
            f"results = {mapped}",
            f"{results} = ({chosen} for i in range({1 + len(p.memory)}))",
        ]
        if p.memory
        else [f"step = {mapped}"],
    }


def _keras(rule: Rule, p: Parts) -> Filling:
    others = [name for name in p.settings if name != p.rate]
    memory = []
    for name, value in p.memory.items():
        first = f", initializer=keras.initializers.Constant({value!r})" if value else ""
        made = f'self.add_variable_from_reference(v, name="{name}"{first})'
        memory += [f'self.memory["{name}"] = [', f"    {made} for v in variables", "]"]
    given = {
        "theta": "ops.convert_to_tensor(variable)",
        p.rate: "ops.cast(learning_rate, dtype)",
        "k": "ops.cast(self.iterations + 1, dtype)",
        **{name: f'self.settings["{name}"]' for name in others},
    }
    kept = {name: f'self.memory["{name}"][index]' for name in p.memory}
    return {
        "signature": _signature("__init__", ["self"], p, f'name="{function_name(rule)}", **kwargs'),
        "rate": "learning_rate" if p.rate else "1.0",
        "pairs": _pairs(others),
        "memory": memory,
        "given": [f"{name} = {text}" for name, text in given.items() if name in p.reads]
        + _when(bool(kept), "index = self._get_variable_index(variable)")
        + [f"{name} = ops.convert_to_tensor({place})" for name, place in kept.items()],
        "kept": [f"self.assign({place}, {name})" for name, place in kept.items()],
    }


def _javascript(rule: Rule, p: Parts) -> Filling:
    about = (
        "Return [theta after one step, the next state]. theta and g, the gradient there, are arrays"
        " of numbers, of one length; the first state is {}."
    )
    name = next(iter(names.of([sp.Symbol(function_name(rule))]).values()))
    settings = ", ".join(f"{word} = {value!r}" for word, value in p.settings.items())
    arguments = ["theta", "g", "state", *[f"{{ {settings} }} = {{}}"][: len(p.settings)]]
    taken = ["theta", "g", *p.memory]
    lines = [line.partition(" = ") for line in p.lines]
    return {
        "docstring": ["/**", *(f" * {line}".rstrip() for line in _about(rule, about)), " */"],
        "signature": _broken(f"function {name}(", arguments, ") {"),
        "memory": [
            f"const {name} = k > 1 ? state.{name} : Array.from(theta, () => {value!r});"
            for name, value in p.memory.items()
        ],
        "taken": ", ".join(taken),
        "lines": [
            f"{'' if name in p.memory else 'const '}{name} = {text};" for name, _, text in lines
        ],
        "results": ", ".join(["theta + step", *p.memory]),
        "mapped": _broken(
            "const results = Array.from(theta, (_, index) => one(",
            [f"{name}[index]" for name in taken],
            "));",
        ),
        "state": ", ".join(["k", *(f"{name}: column({i})" for i, name in enumerate(p.memory, 1))]),
    }


def latex(rule: Described) -> str:
    """Return the rule's equations as an environment, with its numbers in a comment."""
    numbers = {typeset.letter(s): value for s, value in rule.hyperparameters.items()}
    numbers |= {f"{typeset.letter(s)}_0": rule.initial.get(s, 0.0) for s in rule.remembers}
    listed = ", ".join(f"{name}={_first(x)}" for name, x in numbers.items())
    notes = [f"% {line}" for line in _about(rule, f"Here {listed}." if numbers else "") if line]
    _, *equations, _ = typeset.rule(rule).split("\n")
    return "\n".join(["\\begin{align*}", *notes, *equations, "\\end{align*}", ""])


def _first(value: float | sp.Symbol) -> str:
    """Return a number as a reader writes it, and θ as the start that it is."""
    if isinstance(value, sp.Symbol):
        return f"{typeset.letter(value)}_0"
    return repr(value).removesuffix(".0")


FILLED: dict[str, tuple[str, str, Callable[[Rule, Parts], Filling]]] = {
    "numpy": ("numpy", templates.NUMPY, _numpy),
    "torch": ("torch", templates.TORCH, _torch),
    "optax": ("jax", templates.OPTAX, _optax),
    "keras": ("keras", templates.KERAS, _keras),
    "javascript": ("javascript", templates.JAVASCRIPT, _javascript),
}
"""Whose functions a language calls, its template, and what fills it."""
LANGUAGES = (*FILLED, "latex")


def _signature(name: str, before: list[str], p: Parts, *after: str) -> list[str]:
    """Print the head of a function, with the settings as keyword arguments with their numbers."""
    texts = [*before, *(f"{word}={value!r}" for word, value in p.settings.items()), *after]
    return _broken(f"def {name}(", texts, "):")


def _broken(head: str, texts: Iterable[str], end: str) -> list[str]:
    """Print arguments between the head and the end of a signature, on one line if they fit."""
    arguments = ", ".join(texts)
    line = f"{head}{arguments}{end}"
    return [line] if len(line) <= WIDTH else [head, f"    {arguments}", end]


def _when(condition: bool, *lines: str) -> list[str]:
    return list(lines) if condition else []


def _pairs(words: Iterable[str]) -> str:
    return ", ".join(f"{word}={word}" for word in words)


def _full(module: str, like: str, value: float) -> str:
    return f"{module}.full_like({like}, {value!r})" if value else f"{module}.zeros_like({like})"


def _docstring(rule: Described, more: str = "") -> list[str]:
    lines = _about(rule, more)
    lines[0] = f'"""{lines[0]}'
    return [*lines, '"""'] if len(lines) > 1 else [f'{lines[0]}"""']


def _about(rule: Described, more: str = "") -> list[str]:
    """Name the rule and its source."""
    source = f" ({_words(rule.source)})" if rule.source.strip() else ""
    first = f"{_words(rule.name) or 'A rule'}{source}, printed by gdlib."
    blocks = [textwrap.wrap(text, WIDTH - 8, break_long_words=False) for text in (first, more)]
    return [line for block in blocks if block for line in ("", *block)][1:]


def _words(text: str) -> str:
    """Return a text that can stand in a docstring and in a comment, on one line."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    plain = plain.replace("\\", "\\\\").replace('"', "'").replace("*/", "* /")
    return " ".join(plain.split())


def _class(rule: Described) -> str:
    """Return a rule's name as that of a class: GradientDescent."""
    words = re.findall("[A-Za-z0-9]+", rule.name)
    name = "".join(word[0].upper() + word[1:] for word in words)
    return name if name.isidentifier() and not keyword.iskeyword(name) else f"Rule{name}"


def function_name(rule: Described) -> str:
    """Return a rule's name as that of a function: gradient_descent."""
    name = "_".join(re.findall("[A-Za-z0-9]+", rule.name)).lower()
    taken = keyword.iskeyword(name) or name in RESERVED
    return f"rule_{name}".rstrip("_") if taken or not name.isidentifier() else name
