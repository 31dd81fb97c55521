"""Update rules as scalar recurrences, each written once and run elementwise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.layout import Layout
from gdlib.optimizers import lowered, steps
from gdlib.optimizers.state import State
from gdlib.optimizers.steps import elementwise, step_source
from gdlib.optimizers.update_rule import UpdateRule, check_rule

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Optimizer(UpdateRule):
    """An update rule: θ ← θ + `step`, with what it computes and remembers on the way.

    Symbols may have any names. One that is called θ, g, k or η as `gdlib`'s own (`theta`, `g`,
    `k`, `eta`) is taken for it, whatever else is assumed of it.

    Parameters
    ----------
    name
        The method's usual name.
    step
        The change of θ as a SymPy expression in θ, g, k, the moments and the hyperparameters.
    moments
        Quantities in the order in which they are computed, each an expression that may read
        itself (its value one step ago) and those above it. What is read before it is
        assigned is remembered; the rest is intermediate.
    hyperparameters
        A number for each remaining symbol.
    source
        Where the rule was published.
    initial
        First values of remembered moments that do not start at 0.

    Raises
    ------
    TypeError
        Text, or anything else that is no SymPy expression, symbol or number in its place.
    ValueError
        A symbol without a value, a float inside a formula, a hyperparameter out of its range.
    """

    @classmethod
    def parse(cls, text: str, name: str = "my rule", **settings: float) -> Optimizer:
        """Read a rule from text, a line for each quantity and the step last; nothing is run.

        `gd.Optimizer.parse("m = beta*m + g; step = -eta*m", beta=0.9)` is momentum.

        Parameters
        ----------
        text
            At most 20 lines, or parts between semicolons: a name, `=` (or `+=`, `-=`, `*=`, `/=`)
            and a formula of + - * / ** and sqrt, exp, log, abs, sign, max, min, tanh and the like.
            `#` starts a comment. The last line is `step = …`, which is added to θ, `theta = …` or
            `theta -= …`. Names are `theta` (also `θ`, `x`), its gradient `g` (also `grad`), the
            number of the step `k` from 1 (also `t`), `eta` (also `η`, `lr`, `learning_rate`), and
            your own. What a line assigns is a moment: read before its line, it has its value of
            one step ago, at first 0. A number alone, `beta = 0.9`, is a setting, or a moment's
            first value if the moment has a line below.
        name
            What the rule is called.
        **settings
            Numbers for names that have no line, or instead of the text's: `beta=0.9`. Without
            one, η is 0.01.

        Raises
        ------
        TypeError
            `text` or `name` is not a string; a setting that the rule has not, or no number.
        ValueError
            Anything else than such lines, with the line and the column; a number out of its range.
        """
        from gdlib.optimizers import written

        owner = checks.text("name", name)
        rule = written.read(text, owner, settings)
        return cls(owner, rule.step, rule.moments, rule.numbers, initial=rule.initial)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as what it was built from; its loops are compiled there."""
        moments, numbers, initial = map(dict, (self.moments, self.hyperparameters, self.initial))
        return type(self), (self.name, self.step, moments, numbers, self.source, initial)

    @cached_property
    def lines(self) -> lowered.Lines:
        """The rule lowered to trees, line by line."""
        return lowered.lower_rule(
            tuple(self.moments.items()), self.step, tuple(self.hyperparameters)
        )

    @cached_property
    def rule(self) -> lowered.Rule:
        """Its lines sorted, for the loops and the browser."""
        return lowered.sort_lines(self.lines)

    def initial_moment(self, name: str) -> float:
        """Return the first value of a remembered moment, by what printed code calls it."""
        return float({self.names[s]: v for s, v in self.initial.items()}.get(name, 0.0))

    def stepper(self, theta: Array, layout: Layout | None = None) -> steps.Mover:
        """Return the rule with its memory, to move the array `theta` in place."""
        del layout  # each number by itself, whatever it belongs to
        return steps.Mover(self.rule, theta, self.initial_moment, self.numbers)

    def init(self, theta: ArrayLike) -> State:
        """Return the state before the first step, for a θ of any shape.

        Raises
        ------
        TypeError, ValueError
            θ is no array of numbers.
        """
        shape = checks.array("theta", theta, finite=False).shape
        return State(0, {m: np.full(shape, self.initial_moment(m)) for m in self.rule.moments})

    def _apply(
        self, g: Array, theta: Array, state: State, values: dict[str, float]
    ) -> tuple[Array, dict[str, Array]]:
        run = elementwise(self.lines)
        step, *moments = run(g, theta, float(state.step + 1), dict(state.moments), values)
        return step, dict(zip(self.rule.moments, moments, strict=True))

    def javascript(self) -> str:
        """Return the rule for one coordinate as a readable JavaScript function.

        It takes θ, g, the moments, k and the hyperparameters; it returns the step and the new
        moments.
        """
        return step_source(self.lines, "javascript")

    def code(self, language: str) -> str:
        """Return the rule as code to paste, with its settings as keyword arguments.

        Parameters
        ----------
        language
            "numpy", a function of θ, its gradient and a state; "torch", a `torch.optim.Optimizer`;
            "optax", a function that returns an `optax.GradientTransformation`; "keras", a
            `keras.optimizers.Optimizer` of Keras 3; "javascript", a function as in "numpy", of
            arrays of numbers; "latex", the equations as an `align*`. In Python's languages Python
            computes with what are numbers alone, and raises its errors where one is divided by 0;
            in "torch" and "keras" it does their functions, too: in "torch" exp(k) is an error from
            k = 710 on, and a power of a negative number that is not real.

        Raises
        ------
        TypeError, ValueError
            Another language.
        """
        from gdlib.optimizers import printed

        return printed.code(self, checks.choice("language", language, printed.LANGUAGES))


def check_optimizer(optimizer: Any, who: str = "") -> None:
    """Refuse what is not an elementwise rule; `who` says what needs one."""
    check_rule(optimizer)
    if not checks.is_a(optimizer, Optimizer):
        raise TypeError(
            f"{who or 'this'} needs a rule that moves each number by itself, like gd.adam();"
            f" {optimizer.name} looks at whole arrays: run it with gd.descend or gd.descend_batches"
        )
