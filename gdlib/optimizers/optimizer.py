"""Update rules as scalar recurrences, each written once and run elementwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.console import printable
from gdlib.formula import sayable
from gdlib.frozen import Frozen
from gdlib.optimizers import lowered, steps
from gdlib.optimizers.steps import elementwise, step_source
from gdlib.optimizers.symbols import KEYWORDS, allowed, eta, g, k, theta

Array = NDArray[np.float64]

MOST = 2**53
"""Steps that a state may have taken: a rule counts in floats, where after these k + 1 is k."""


@printable
@dataclass(frozen=True, eq=False)
class State:
    """What a rule remembers between steps: how many it has taken, and its moments by name.

    Raises
    ------
    TypeError, ValueError
        A number of steps below 0 or above 2⁵³; moments that are no arrays of numbers by name.
    """

    step: int
    moments: Mapping[str, Array]

    def __post_init__(self) -> None:
        step = checks.count("a state's step", self.step)
        step = checks.count("a state's step", step, at_most=MOST)
        object.__setattr__(self, "step", step)
        checks.instance("a state's moments", self.moments, Mapping, "arrays by name")
        moments = {
            checks.text("a moment's name", name): checks.array(f"moment {name}", m, finite=False)
            for name, m in self.moments.items()
        }
        object.__setattr__(self, "moments", Frozen(moments))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return (self.step, set(self.moments)) == (other.step, set(other.moments)) and all(
            np.array_equal(m, other.moments[name], equal_nan=True)
            for name, m in self.moments.items()
        )

    __hash__ = None  # type: ignore[assignment]  # arrays change

    def __reduce__(self) -> tuple[Any, ...]:
        return State, (self.step, dict(self.moments))


@printable
@dataclass(frozen=True, eq=False)
class Optimizer:
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

    name: str
    step: sp.Expr
    moments: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    hyperparameters: Mapping[sp.Symbol, float] = field(default_factory=dict)
    source: str = ""
    initial: Mapping[sp.Symbol, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checks.text("an optimizer's name", self.name)
        checks.text(f"{self.name}'s source", self.source)
        for name in ("moments", "hyperparameters", "initial"):
            owner = f"{self.name}'s {name}"
            given = checks.instance(owner, getattr(self, name), Mapping, "a mapping of symbols")
            table = {sayable.symbol(s, f"a symbol of {owner}"): v for s, v in given.items()}
            object.__setattr__(self, name, table)
        moments = {s: sayable.formula(e, f"{self.name}'s {s}") for s, e in self.moments.items()}
        object.__setattr__(self, "moments", moments)
        object.__setattr__(self, "step", sayable.formula(self.step, f"{self.name}'s step"))
        self._adopt()
        self._check()
        for name in ("moments", "hyperparameters", "initial"):
            object.__setattr__(self, name, Frozen(getattr(self, name)))

    def _adopt(self) -> None:
        """Take a reader's θ, g, k and η, made with other assumptions, for the rule's own."""
        used = set().union(*(e.free_symbols for e in (self.step, *self.moments.values())))
        used |= {*self.hyperparameters}
        ours = {s.name: s for s in (theta, g, k, eta) if s not in used}
        own = {*self.moments, *(s for s in self.hyperparameters if s.name != "eta")}
        theirs = {s: ours[s.name] for s in used - own if s.name in ours}
        if theirs:
            step, moments = self.step.xreplace(theirs), self.moments.items()
            object.__setattr__(self, "step", step)
            object.__setattr__(self, "moments", {s: e.xreplace(theirs) for s, e in moments})
            numbers = {theirs.get(s, s): v for s, v in self.hyperparameters.items()}
            object.__setattr__(self, "hyperparameters", numbers)

    def _check(self) -> None:
        for s in (*self.moments, *self.hyperparameters):
            twice = s in self.moments and (s in self.hyperparameters or s == eta)
            if twice or s in (theta, g, k):
                raise ValueError(f"{self.name}: the symbol {s} has a meaning already")
        values = {
            s: allowed(s).number(f"{self.name}: {keyword}", self.hyperparameters[s])
            for s, keyword in self._keywords.items()
        }
        object.__setattr__(self, "hyperparameters", values)
        known = [theta, g, k, *self.moments, *self.hyperparameters]
        for symbol, expression in (*self.moments.items(), ("step", self.step)):
            sayable.check(expression, known, f"{self.name}'s {symbol}")
        first = {}
        for s, value in self.initial.items():
            if s not in self.moments:
                raise ValueError(f"{self.name}: initial {s} must be that of a moment")
            first[s] = checks.number(f"{self.name}: initial {s}", value)
        object.__setattr__(self, "initial", first)

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

    def __repr__(self) -> str:
        values = ", ".join(f"{key}={value:g}" for key, value in self.settings.items())
        return f"{self.name}({values})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as what it was built from; its loops are compiled there."""
        moments, numbers, initial = map(dict, (self.moments, self.hyperparameters, self.initial))
        return type(self), (self.name, self.step, moments, numbers, self.source, initial)

    @property
    def settings(self) -> dict[str, float]:
        """Hyperparameters by the keyword that a reader types."""
        return {self._keywords[s]: value for s, value in self.hyperparameters.items()}

    def with_settings(self, /, **settings: float) -> Optimizer:
        """Return the same rule with other hyperparameters, spelled as in `settings`.

        Those not named stay: `gd.adam(0.1).with_settings(beta1=0.5)`. A `decay` that is β or ρ in
        the rule is also taken by that name, `beta` or `rho`; so is each other symbol but η.

        Raises
        ------
        TypeError, ValueError
            A keyword that this rule has not, or twice; a number out of its range.
        """
        listed = {keyword: s for s, keyword in self._keywords.items()}
        symbols = {s.name: s for s in self._keywords if s != eta} | listed
        checks.keywords(self.name, settings, listed, symbols)
        changed = {symbols[keyword]: value for keyword, value in settings.items()}
        if len(changed) < len(settings):
            raise TypeError(f"{self.name}: two of {', '.join(settings)} are the same setting")
        return replace(self, hyperparameters={**self.hyperparameters, **changed})

    @cached_property
    def _keywords(self) -> dict[sp.Symbol, str]:
        """Each hyperparameter's keyword, all different: a second `decay` goes by its symbol."""
        found: dict[sp.Symbol, str] = {}
        for symbol in self.hyperparameters:
            word = KEYWORDS.get(symbol, symbol.name)
            word = symbol.name if word in found.values() else word
            while word in found.values():
                word += "_"
            found[symbol] = word
        return found

    @property
    def keywords(self) -> Mapping[sp.Symbol, str]:
        """How a reader spells each hyperparameter of this rule."""
        return Frozen(self._keywords)

    @property
    def names(self) -> dict[sp.Symbol, str]:
        """What each symbol is called in printed code."""
        return dict(lowered.names_of(tuple(self.moments), tuple(self.hyperparameters)))

    @property
    def numbers(self) -> dict[str, float]:
        """Hyperparameters by what printed code calls them."""
        names = self.names
        return {names[s]: value for s, value in self.hyperparameters.items()}

    @property
    def remembers(self) -> tuple[sp.Symbol, ...]:
        """The moments kept between steps: the rule's memory, in numbers per parameter."""
        return lowered.remembered_moments(tuple(self.moments.items()))

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
        return {self.names[s]: value for s, value in self.initial.items()}.get(name, 0.0)

    def stepper(self, theta: Array) -> steps.Mover:
        """Return the rule with its memory, to move the array `theta` in place."""
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

    def update(
        self,
        gradient: ArrayLike,
        state: State,
        theta: ArrayLike,
        learning_rate: float | None = None,
    ) -> tuple[Array, State]:
        """Take one step, elementwise.

        Parameters
        ----------
        gradient
            The slope at `theta`, an array of its shape. Both may hold infinities and NaN, as
            those of a run that diverges do.
        state
            What the step before returned, or `init`.
        theta
            Where the step begins.
        learning_rate
            Replaces the optimizer's own for this step.

        Returns
        -------
        step, state
            What to add to θ, and the state after.

        Raises
        ------
        TypeError, ValueError
            What is no array of numbers; a gradient whose shape is not θ's; another rule's state,
            or that of a θ of another shape; a rate for a rule that has none.
        """
        slopes, point = (
            checks.array(name, value, finite=False)
            for name, value in (("gradient", gradient), ("theta", theta))
        )
        if slopes.shape != point.shape:
            raise ValueError(f"the gradient must have θ's shape {point.shape}, not {slopes.shape}")
        self._check_state(state, point.shape)
        values = self.numbers
        if learning_rate is not None:
            if "eta" not in values:
                raise ValueError(f"{self.name} must have a learning rate for one to replace it")
            values["eta"] = checks.number("learning_rate", learning_rate, at_least=0)
        run = elementwise(self.lines)
        k = state.step + 1
        step, *moments = run(slopes, point, float(k), dict(state.moments), values)
        return step, State(k, dict(zip(self.rule.moments, moments, strict=True)))

    def _check_state(self, state: Any, shape: tuple[int, ...]) -> None:
        checks.instance("state", state, State, "one that init or update returned")
        mine, came = set(self.rule.moments), set(state.moments)
        if mine != came:
            wanted, other = (", ".join(sorted(names)) or "nothing" for names in (mine, came))
            raise ValueError(f"{self.name} needs a state that holds {wanted}, not {other}")
        for name, moment in state.moments.items():
            if moment.shape != shape:
                raise ValueError(
                    f"the state's {name} must have θ's shape {shape}, not {moment.shape}"
                )

    def latex(self, since: Optimizer | None = None) -> str:
        r"""Return the rule line by line, as papers print it: `\begin{aligned} … \end{aligned}`.

        Parameters
        ----------
        since
            Another rule; what this one changes in it is boxed.

        Raises
        ------
        TypeError
            `since` is no optimizer.
        """
        from gdlib.optimizers import typeset

        if since is not None:
            check_optimizer(since)
        return typeset.rule(self, since)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

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


def check_optimizer(optimizer: Any) -> None:
    """Refuse what is not an optimizer, such as a constructor that was not called."""
    if not checks.is_a(optimizer, Optimizer):
        came = checks.attribute(optimizer, "__name__") or optimizer
        raise TypeError(f"the optimizer must be one like gd.adam(), not {checks.shown(came)}")
