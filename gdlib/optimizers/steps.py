"""One step of a rule as code: a function of all that it depends on, and in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gdlib.formula import targets
from gdlib.formula.buffers import InPlace
from gdlib.formula.lower import Block
from gdlib.optimizers.lowered import Lines, Rule, by_rate
from gdlib.optimizers.symbols import eta

Array = NDArray[np.float64]


def step_source(lines: Lines, target: str) -> str:
    """Write one step of a rule as a function of all that it depends on.

    It is told the step's number k, and not what a loop carries on, so powers of β stay powers.
    """
    remembered = lines.remembered
    results = (lines.step, *(f"{name}_new" for name in remembered))
    block = Block(lines.assignments, results)
    arguments = ["theta", "g", *remembered, "k", *lines.hyperparameters]
    return targets.function("step", arguments, block, target, (len(results),))


@cache
def elementwise(lines: Lines) -> Callable[..., list[Array]]:
    """Compile one step as a function of arrays, which returns the step and the new moments."""
    function = targets.compile_python(step_source(lines, "mixed"), "step")

    def run(
        g: Array, theta: Array, k: float, state: dict[str, Any], values: dict[str, float]
    ) -> list[Array]:
        with np.errstate(all="ignore"):
            results = function(theta=theta, g=g, k=k, **state, **values)
        return [np.broadcast_to(np.asarray(r, float), theta.shape).copy() for r in results]

    return run


class _Scalars:
    """Numbers that array operations read, as arrays without axes: NumPy converts no number then.

    That takes it as long as the operation itself on a small array.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = set(known)
        self.names: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """Return what stands for a number that is known before the arrays' lines, else itself."""
        if text in self._known and text not in self.names:
            self.names[text] = f"scalar_{len(self.names)}"
        return self.names.get(text, text)

    def after(self, given: Iterable[str]) -> list[str]:
        """Print what follows where these numbers are given."""
        return [f"{self.names[n]} = np.array({n})" for n in given if n in self.names]


def in_place_source(rule: Rule) -> tuple[str, int]:
    """Write what starts a run in place on arrays of any shape, and how many buffers it needs.

    The function printed returns another, which takes one step with a gradient, and maybe a rate.
    """
    arrays = [f"{name}_i" for name in ("theta", "g", *rule.moments)]
    powers = [name for name, _ in rule.powers]
    stepwise = ["k", *powers, *(name for name, _ in rule.each_step)]
    constants = [*rule.hyperparameters, *(name for name, _ in rule.once)]
    scalars = _Scalars([*constants, *stepwise])
    printer = InPlace(arrays, scalars)
    printer.run(rule.each_coordinate, arrays)
    arguments = ["buffers", *(a for a in arrays if a != "g_i"), *rule.hyperparameters]
    rated = _rated(rule, scalars)
    trees = [tree for _, tree in (*rule.each_step, *rule.each_coordinate)]
    counted = any("k" in targets.names_in(tree) for tree in trees)
    kept = [*powers, *(line.split(" = ")[0] for line in rated), *(["k"] if counted else [])]
    body = [
        *([f"nonlocal {', '.join(kept)}"] if kept else []),
        *(["if rate is not None:"] if rated else []),
        *(f"    {line}" for line in rated),
        *(["k += 1.0"] if counted else []),
        *(f"{name} *= {base}" for name, base in rule.powers),
        *targets.statements(rule.each_step, "careful", ""),
        *scalars.after(stepwise),
        *printer.lines,
    ]
    lines = [
        *(f"{name} = buffers[{i}]" for i, name in enumerate(printer.buffers)),
        *targets.statements(rule.once, "careful", ""),
        *scalars.after(constants),
        *(f"{name} = 1.0" for name in powers),
        *(["k = 0.0"] if counted else []),
        # A closure: settings, memory and buffers are bound once, and a step is told its gradient.
        "def step(g_i, rate=None):",
        *(f"    {line}" for line in body or ["pass"]),  # a step of 0 leaves nothing to do
        "return step",
    ]
    source = "\n".join([f"def start({', '.join(arguments)}):", *(f"    {x}" for x in lines if x)])
    return source, len(printer.buffers)


def _rated(rule: Rule, scalars: _Scalars) -> list[str]:
    """Print what a schedule's rate renews."""
    if str(eta) not in rule.hyperparameters:
        return []
    # Only this: what else is computed once cannot have changed.
    moved = by_rate(rule)[1]
    names = [str(eta), *(name for name, _ in moved)]
    return [f"{eta} = rate", *targets.statements(moved, "careful", ""), *scalars.after(names)]


@cache
def steps_in_place(rule: Rule) -> tuple[Callable[..., Callable[..., None]], int]:
    """Compile what starts a run in place; also return how many buffers it needs."""
    source, buffers = in_place_source(rule)
    return targets.compile_python(source, "start", careful=True), buffers


class Moves(Protocol):
    """A rule with its memory, moving one θ in place."""

    theta: NDArray[np.float64]
    reported: NDArray[np.float64]
    """What a run records: θ itself, or what the rule says in its place."""

    @property
    def step(self) -> Callable[..., None]:
        """Move θ by one step with a gradient of its shape, at its own rate or the one given."""


class Mover:
    """A rule with its memory, moving one array θ of any shape in place, gradient by gradient."""

    def __init__(
        self,
        rule: Rule,
        theta: NDArray[np.float64],
        initial: Callable[[str], float],
        settings: Mapping[str, float],
    ) -> None:
        self.theta = self.reported = theta
        start, many = steps_in_place(rule)
        buffers = [np.empty_like(theta) for _ in range(many)]
        moments = [np.full(theta.shape, initial(name)) for name in rule.moments]
        self.step: Callable[..., None] = start(buffers, theta, *moments, **settings)
        """Move θ by one step with a gradient of its shape, at its own rate or the one given."""
