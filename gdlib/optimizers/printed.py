"""Print an update rule as code to paste: a NumPy function, or an optimizer of a framework.

Nothing here runs. What a rule computes comes from `printed_lines`; here stands what each framework
wants around it.
"""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Callable, Iterable

from gdlib.optimizers.printed_lines import RESERVED, Parts, Rule, parts


def code(rule: Rule, language: str) -> str:
    """Return the code of a rule in one of `LANGUAGES`."""
    framework, write = LANGUAGES[language]
    found = parts(rule, framework)
    lines = "\n".join(write(rule, found)) + "\n"
    return f"import math\n\n{lines}" if re.search(r"\bmath\.", "\n".join(found.lines)) else lines


def _numpy(rule: Rule, p: Parts) -> Iterable[str]:
    pairs = ", ".join(['"k": k', *(f'"{name}": {name}' for name in p.memory)])
    yield from ["import numpy as np", "", ""]
    yield f"def {_function(rule)}(theta, g, state{_arguments(p, ', *, ')}):"
    yield from _docstring(
        rule, 4,
        "Return theta after one step, and the next state. g is the gradient at theta, an array of"
        " its shape; the first state is {}.",
    )  # fmt: skip
    yield '    k = state.get("k", 0) + 1'
    for name, first in p.memory.items():
        yield f'    {name} = state.get("{name}", {_full("np", "g", first)})'
    yield from _indented(p.lines, 4)
    yield f"    return theta + step, {{{pairs}}}"


def _torch(rule: Rule, p: Parts) -> Iterable[str]:
    settings = ", ".join(f"{name}={name}" for name in p.settings)
    yield from ["import torch", "", "", f"class {_class(rule)}(torch.optim.Optimizer):"]
    yield from _docstring(rule, 4)
    yield ""
    yield f"    def __init__(self, params{_arguments(p, ', ')}):"
    yield f"        super().__init__(params, dict({settings}))"
    yield from ["", "    @torch.no_grad()", "    def step(self, closure=None):"]
    yield '        """Move each parameter by one step; return what the closure returns."""'
    yield "        loss = None"
    yield "        if closure is not None:"
    yield "            with torch.enable_grad():"
    yield "                loss = closure()"
    yield "        for group in self.param_groups:"
    yield from (f'            {name} = group["{name}"]' for name in p.settings if name in p.reads)
    yield '            for theta in group["params"]:'
    yield "                if theta.grad is None:"
    yield "                    continue"
    yield "                g = theta.grad"
    yield "                if g.is_sparse:"
    yield f'                    raise RuntimeError("{_class(rule)} takes no sparse gradients")'
    yield from _indented([*_remembered(p), *p.lines], 16)
    yield from (f'                state["{name}"] = {name}' for name in p.memory)
    yield from ["                theta.add_(step)", "        return loss"]


def _remembered(p: Parts) -> Iterable[str]:
    """Fetch PyTorch's memory of one parameter, or make it."""
    if not p.memory and "k" not in p.reads:
        return
    yield "state = self.state[theta]"
    yield "if not state:"
    if "k" in p.reads:
        yield '    state["k"] = 0'
    yield from (f'    state["{n}"] = {_full("torch", "theta", v)}' for n, v in p.memory.items())
    if "k" in p.reads:
        yield from ['state["k"] += 1', 'k = state["k"]']
    yield from (f'{name} = state["{name}"]' for name in p.memory)


def _optax(rule: Rule, p: Parts) -> Iterable[str]:
    state, taken = f"{_class(rule)}State", ["g", *(["theta"] * ("theta" in p.reads)), *p.memory]
    trees = ["updates", *(["params"] * ("theta" in p.reads)), *(f"state.{n}" for n in p.memory)]
    yield from ["from typing import NamedTuple", "", "import jax", "import jax.numpy as jnp"]
    yield from ["import optax", "", "", f"class {state}(NamedTuple):"]
    yield f'    """What {_words(rule.name)} remembers: the number of its steps, and its moments."""'
    yield from ["", "    k: jax.Array", *(f"    {n}: optax.Updates" for n in p.memory), "", ""]
    yield f"def {_function(rule)}({_arguments(p, '')}):"
    yield from _docstring(
        rule,
        4,
        "learning_rate may be a schedule, a function of the steps before." if p.rate else "",
    )
    yield from ["", "    def init(params):", f"        return {state}("]
    yield "            k=jnp.zeros([], jnp.int32),"
    for name, first in p.memory.items():
        like = f"lambda p: {_full('jnp', 'p', first)}" if first else "jnp.zeros_like"
        yield f"            {name}=jax.tree.map({like}, params),"
    yield from ["        )", "", "    def update(updates, state, params=None):"]
    if "theta" in p.reads:
        yield "        if params is None:"
        yield '            raise ValueError("this rule reads params: update(updates, state, params)")'
    yield "        k = state.k + 1"
    if p.rate:
        yield "        rate = learning_rate(state.k) if callable(learning_rate) else learning_rate"
    yield from ["", f"        def one({', '.join(taken)}):"]
    yield from _indented([re.sub(r"\blearning_rate\b", "rate", line) for line in p.lines], 12)
    yield f"            return [{', '.join(['step', *p.memory])}]"
    yield from ["", f"        results = jax.tree.map(one, {', '.join(trees)})"]
    yield "        step, *memory = ("
    yield "            jax.tree.map(lambda _, result: result[i], updates, results)"
    yield f"            for i in range({1 + len(p.memory)})"
    yield from ["        )", f"        return step, {state}(k, *memory)", ""]
    yield "    return optax.GradientTransformation(init, update)"


def _keras(rule: Rule, p: Parts) -> Iterable[str]:
    others = [name for name in p.settings if name != p.rate]
    rate = "learning_rate" if p.rate else "1.0"
    yield from ["import keras", "from keras import ops", "", ""]
    yield f"class {_class(rule)}(keras.optimizers.Optimizer):"
    yield from _docstring(rule, 4)
    yield ""
    yield f'    def __init__(self{_arguments(p, ", ")}, name="{_function(rule)}", **kwargs):'
    yield f"        super().__init__(learning_rate={rate}, name=name, **kwargs)"
    yield f"        self.settings = dict({', '.join(f'{n}={n}' for n in others)})"
    yield from [
        "",
        "    def build(self, variables):",
        "        if self.built:",
        "            return",
    ]
    yield "        super().build(variables)"
    yield "        self.memory = {"
    for name, first in p.memory.items():
        start = f", initializer=keras.initializers.Constant({first!r})" if first else ""
        yield f'            "{name}": ['
        yield f'                self.add_variable_from_reference(v, name="{name}"{start})'
        yield from ["                for v in variables", "            ],"]
    yield from ["        }", "", "    def update_step(self, gradient, variable, learning_rate):"]
    yield "        dtype = variable.dtype"
    yield "        g = ops.cast(gradient, dtype)"
    if "theta" in p.reads:
        yield "        theta = ops.convert_to_tensor(variable)"
    if p.rate in p.reads:
        yield "        learning_rate = ops.cast(learning_rate, dtype)"
    if "k" in p.reads:
        yield "        k = ops.cast(self.iterations + 1, dtype)"
    yield from (f'        {name} = self.settings["{name}"]' for name in others if name in p.reads)
    if p.memory:
        yield "        index = self._get_variable_index(variable)"
    for name in p.memory:
        yield f'        {name} = ops.convert_to_tensor(self.memory["{name}"][index])'
    yield from _indented(p.lines, 8)
    yield from (f'        self.assign(self.memory["{name}"][index], {name})' for name in p.memory)
    yield from ["        self.assign_add(variable, step)", "", "    def get_config(self):"]
    yield "        return {**super().get_config(), **self.settings}"


LANGUAGES: dict[str, tuple[str, Callable[[Rule, Parts], Iterable[str]]]] = {
    "numpy": ("numpy", _numpy),
    "torch": ("torch", _torch),
    "optax": ("jax", _optax),
    "keras": ("keras", _keras),
}
"""Which framework's functions a language calls, and what writes its code."""


def _arguments(p: Parts, before: str) -> str:
    """Print the settings as keyword arguments with their numbers."""
    texts = [f"{name}={value!r}" for name, value in p.settings.items()]
    return before + ", ".join(texts) if texts else ""


def _full(module: str, like: str, value: float) -> str:
    return f"{module}.full_like({like}, {value!r})" if value else f"{module}.zeros_like({like})"


def _indented(lines: Iterable[str], spaces: int) -> Iterable[str]:
    return (" " * spaces + line for line in lines)


def _docstring(rule: Rule, spaces: int, more: str = "") -> Iterable[str]:
    """Name the rule and its source."""
    source = f" ({_words(rule.source)})" if rule.source.strip() else ""
    first = f"{_words(rule.name) or 'A rule'}{source}, printed by gdlib."
    blocks = [textwrap.wrap(text, 88, break_long_words=False) for text in (first, more) if text]
    lines = [line for block in blocks for line in ("", *block)][1:]
    end = ['"""'] if len(lines) > 1 else []
    lines[0] = f'"""{lines[0]}'
    lines[-1] += "" if end else '"""'
    return (" " * spaces + line if line else "" for line in (*lines, *end))


def _words(text: str) -> str:
    """Return a text that can stand between three quotation marks, on one line."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.replace("\\", "\\\\").replace('"', "'").split())


def _class(rule: Rule) -> str:
    """Return a rule's name as that of a class: GradientDescent."""
    words = re.findall("[A-Za-z0-9]+", rule.name)
    name = "".join(word[0].upper() + word[1:] for word in words)
    return name if name.isidentifier() and not keyword.iskeyword(name) else f"Rule{name}"


def _function(rule: Rule) -> str:
    """Return a rule's name as that of a function: gradient_descent."""
    name = "_".join(re.findall("[A-Za-z0-9]+", rule.name)).lower()
    taken = keyword.iskeyword(name) or name in RESERVED
    return f"rule_{name}".rstrip("_") if taken or not name.isidentifier() else name
