"""Print a rule of whole arrays as code to paste: a NumPy function, or LaTeX."""

from __future__ import annotations

import inspect

from gdlib.autodiff import steps
from gdlib.optimizers import array_lines, printed
from gdlib.optimizers.printed_lines import Described
from gdlib.optimizers.symbols import g, theta


def code(rule: Described, definition: array_lines.Definition, language: str) -> str:
    """Return the code of a rule in "numpy" or "latex"."""
    if language == "latex":
        return printed.latex(rule)
    names, numbers = rule.names, rule.hyperparameters
    initial = {s: rule.initial.get(s, 0.0) for s in rule.remembers}
    memory = {names[s]: "np.copy(theta)" if v == theta else repr(v) for s, v in initial.items()}
    settings = [f"{rule.keywords[s]}={value!r}" for s, value in numbers.items()]
    given = [f"{names[s]}={rule.keywords[s]}" for s in numbers]
    function = printed.function_name(rule)
    kept = ["k", *memory, *(["answer"] if definition.answer != theta else [])]
    state = ", ".join(f'"{name}": {name}' for name in kept)
    clip = getattr(rule, "gradient", g)
    source = array_lines.source(definition)
    shortened = []
    if clip != g:
        whole = array_lines.Definition((), clip, definition.hyperparameters, theta)
        source += "\n\n\n" + array_lines.source(whole).replace("def step(", "def shortened(")
        shortened = [f"(g,) = shortened(theta, g, k, {', '.join(given)})"]
    results = ", ".join(["step_", *kept[1:]])
    body = [
        '"""Return theta after one step, and the next state; the first state is {}."""',
        'k = state.get("k", 0) + 1',
        *shortened,
        *(f'{name} = state.get("{name}", {first})' for name, first in memory.items()),
        f"{results} = step(theta, g, {', '.join([*memory, 'k', *given])})",
        f"return theta + step_, {{{state}}}",
    ]
    head = f"def {function}(theta, g, state, *, {', '.join(settings)}):"
    helpers = [_plain(f) for f in (steps.spectral_power, steps.eigenvectors)
               if f"{f.__name__}(" in source]  # fmt: skip
    call = "\n".join([head, *(f"    {line}" for line in body)])
    about = f"# {rule.name} ({rule.source}), printed by gdlib: one array θ.\nimport numpy as np"
    return "\n\n\n".join([about, *helpers, source, call]) + "\n"


def _plain(function: object) -> str:
    """Return a function's source without its types."""
    text = inspect.getsource(function)  # type: ignore[arg-type]
    head, rest = text.split("\n", 1)
    for kind in (": Any", ": float", " -> Any"):
        head = head.replace(kind, "")
    return f"{head}\n{rest}".rstrip()
