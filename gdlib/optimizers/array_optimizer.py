"""Update rules that look at a whole array: matrices, norms, and what is made of other rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.autodiff import traced
from gdlib.formula import sayable
from gdlib.formula.arrays import OF_ARRAYS, Repeat
from gdlib.layout import Layout
from gdlib.optimizers import array_lines
from gdlib.optimizers.array_mover import ArrayMover
from gdlib.optimizers.state import State
from gdlib.optimizers.steps import Moves
from gdlib.optimizers.symbols import b0, g, k, theta
from gdlib.optimizers.update_rule import UpdateRule, check_rule

Array = NDArray[np.float64]
START, GRADIENT = theta, g
"""θ and g as symbols, for methods that call an array so."""


@dataclass(frozen=True, eq=False, repr=False)
class ArrayOptimizer(UpdateRule):
    """An update rule whose symbols stand for arrays: θ ← θ + `step`, number by number or as matrix.

    It is made by `gd.muon` and its like, or from another rule by `gd.clipped`. In its formulas
    + · / √ work number by number, and the functions of `gdlib.formula.arrays` on whole arrays.

    Parameters
    ----------
    name, step, moments, hyperparameters, source
        As for an `Optimizer`.
    initial
        First values of remembered moments that do not start at 0: numbers, or θ, the start.
    gradient
        What the rule is given for g: an expression in the whole gradient, all of θ's arrays.
    answer
        What a run reports in place of θ, an expression in θ and the moments after a step.
    others
        If θ consists of named arrays, the rule of those that are no matrices; without one, θ is
        moved as one array, whatever it consists of.
    apart
        Names of matrices that `others` moves, too: of θ's arrays, which must have names then.

    Raises
    ------
    TypeError, ValueError
        What an `Optimizer` refuses; others that are no rule, or the like.
    """

    gradient: sp.Expr = g
    answer: sp.Expr = theta
    others: UpdateRule | None = None
    apart: tuple[str, ...] = field(default=())

    def _check(self) -> None:
        super()._check()
        known = [theta, g, k, *self.moments, *self.hyperparameters]
        for name in ("gradient", "answer"):
            owner = f"{self.name}'s {name}"
            expression = sayable.formula(getattr(self, name), owner)
            symbols = [g, *self.hyperparameters] if name == "gradient" else known
            sayable.check(expression, symbols, owner, self._also())
            object.__setattr__(self, name, expression)
        if self.others is not None:
            check_rule(self.others)
        named = checks.instance("apart", self.apart, (tuple, list), "a tuple of names")
        object.__setattr__(self, "apart", tuple(checks.text("a name in apart", n) for n in named))

    def _also(self) -> tuple[type, ...]:
        return (*OF_ARRAYS, Repeat, sp.Lambda, sp.Tuple)

    def _first(self, name: str, value: Any) -> Any:
        return value if value == theta else super()._first(name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        moments, numbers, initial = map(dict, (self.moments, self.hyperparameters, self.initial))
        made = (self.name, self.step, moments, numbers, self.source, initial)
        return type(self), (*made, self.gradient, self.answer, self.others, self.apart)

    @cached_property
    def definition(self) -> array_lines.Definition:
        """What it says, to be printed."""
        lines = tuple(self.moments.items())
        return array_lines.Definition(lines, self.step, tuple(self.hyperparameters), self.answer)

    @cached_property
    def _shortened(self) -> Any:
        """The function of the whole gradient, with these settings."""
        settings = tuple(self.hyperparameters)
        rule = array_lines.Definition((), self.gradient, settings, theta)
        return array_lines.compiled(rule)

    def code(self, language: str) -> str:
        """Return the rule for one array as code to paste.

        Parameters
        ----------
        language
            "numpy", a function of θ, its gradient and a state, with its settings as keyword
            arguments; "latex", the equations as an `align*`.

        Raises
        ------
        TypeError, ValueError
            Another language.
        """
        from gdlib.optimizers import array_printed

        checks.choice("language", language, ("numpy", "latex"))
        return array_printed.code(self, self.definition, language)

    def stepper(self, theta: Array, layout: Layout | None = None) -> Moves:
        """Return the rule with its memory, to move the array `theta` in place.

        Raises
        ------
        ValueError
            A name in `apart` that the layout has not, or without a layout any; a matrix wanted
            where there is none.
        """
        return ArrayMover(self, theta, layout)

    def memory(self, theta: Array) -> dict[str, Any]:
        """Return the remembered moments before the first step, for an array of θ's shape.

        A moment whose shape its line decides is a number until then.
        """
        first = {s: self.initial.get(s, 0.0) for s in self.remembers}
        return {
            self.names[s]: theta.copy() if value == START else float(value)
            for s, value in first.items()
        }

    def run(
        self, theta: Any, g: Any, memory: dict[str, Any], k: Any, values: dict[str, Any]
    ) -> list[Any]:
        """Return the step, the moments after it and, if it is not θ, the answer.

        Of arrays, or of variables (`Var`) of a tape; k is a float.
        """
        with np.errstate(all="ignore"):
            return array_lines.compiled(self.definition)(theta=theta, g=g, **memory, k=k, **values)

    def seen(self, g: Any, values: dict[str, Any]) -> Any:
        """Return what the rule is given for the whole gradient g, an array or a `Var`."""
        if self.gradient == GRADIENT:
            return g
        with np.errstate(all="ignore"):
            (shortened,) = self._shortened(theta=g, g=g, k=0.0, **values)
        return shortened

    def init(self, theta: ArrayLike) -> State:
        """Return the state before the first step, for one array θ.

        Raises
        ------
        TypeError, ValueError
            θ is no array of numbers, or no matrix where the rule is one of matrices.
        """
        point = self._one(checks.array("theta", theta, finite=False))
        memory = self.memory(point)
        zero = np.zeros_like(point)
        after = self.run(point, zero, memory, 1.0, self.numbers)[1 : len(memory) + 1]
        shaped = zip(memory.items(), after, strict=True)
        return State(0, {n: np.array(np.broadcast_to(m, np.shape(a))) for (n, m), a in shaped})

    def with_settings(self, /, **settings: float) -> Self:
        """Return the same rule with other hyperparameters, as `Optimizer.with_settings`.

        How much of the average θ is, the `interpolation` of `gd.schedule_free`, changes for
        `others`, too.

        Raises
        ------
        TypeError, ValueError
            A keyword that this rule has not, or twice; a number out of its range.
        """
        made = super().with_settings(**settings)
        share, others = made.hyperparameters.get(b0), made.others
        if share is None or others is None or b0 not in others.hyperparameters:
            return made
        return replace(made, others=others.with_settings(interpolation=share))

    def _one(self, theta: Array) -> Array:
        if self.others is not None and theta.ndim != 2:
            raise ValueError(
                f"{self.name} moves a matrix of shape (rows, columns), not θ of shape {theta.shape}"
            )
        if not theta.size:
            raise ValueError(
                f"theta must hold at least one number, not have the shape {theta.shape}"
            )
        return theta

    @cached_property
    def _known_shapes(self) -> dict[tuple[int, ...], dict[str, tuple[int, ...]]]:
        """Those of moments by that of θ: `init` has to take a step to find them."""
        return {}

    def _shapes(self, theta: Array) -> dict[str, tuple[int, ...]]:
        if theta.shape not in self._known_shapes:
            self._known_shapes[theta.shape] = super()._shapes(theta)
        return self._known_shapes[theta.shape]

    def _apply(
        self, g: Array, theta: Array, state: State, values: dict[str, float]
    ) -> tuple[Array, dict[str, Array]]:
        memory = dict(state.moments)
        step, *rest = self.run(theta, self.seen(g, values), memory, float(state.step + 1), values)
        moments = {name: np.array(m) for name, m in zip(memory, rest, strict=False)}
        return np.array(np.broadcast_to(step, theta.shape)), moments

    def _other_shape(self, name: str, wanted: Any, came: Any) -> str:
        return f"the state's {name} must have the shape {wanted} here, not {came}"

    def program(self, shape: tuple[int, ...]) -> dict[str, Any]:
        """Return one step as a program for the page, for θ of this shape (`autodiff.traced`).

        Its inputs are θ, the gradient, the remembered moments in order, k and η; its outputs θ and
        the moments after the step, then the answer, which is θ unless the rule has another.

        Raises
        ------
        TypeError, ValueError
            A shape that is no tuple of whole numbers, or not that of a matrix for a rule of
            matrices.
        """
        lengths = checks.several("shape", shape, 2)
        point = np.ones([checks.count("shape", n, at_least=1, at_most=1000) for n in lengths])
        moments = self.init(point).moments
        fixed = {name: value for name, value in self.numbers.items() if name != "eta"}

        def after(theta: Any, g: Any, *rest: Any) -> list[Any]:
            *memory, k, rate = rest
            values = {**fixed, "eta": rate} if "eta" in self.numbers else fixed
            given = dict(zip(moments, memory, strict=True))
            step, *results = self.run(theta, self.seen(g, values), given, k, values)
            moved = theta + step
            answer = results[len(moments) :] or [moved]
            return [moved, *results[: len(moments)], *answer]

        return traced(after, point, point, *moments.values(), np.array(1.0), np.array(1.0), by=())


def lifted(rule: UpdateRule) -> ArrayOptimizer:
    """Return a rule as one of arrays, which does the same number by number."""
    check_rule(rule)
    if isinstance(rule, ArrayOptimizer):
        return rule
    return ArrayOptimizer(
        rule.name, rule.step, rule.moments, rule.hyperparameters, rule.source, rule.initial
    )
