"""What every update rule is: lines in order, a step, numbers for its symbols, and a source.

How a rule is run is not here: `optimizer` moves each number by itself, `array_optimizer` arrays.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.console import printable
from gdlib.formula import sayable
from gdlib.frozen import Frozen
from gdlib.layout import Layout
from gdlib.optimizers import lowered
from gdlib.optimizers.state import State
from gdlib.optimizers.steps import Moves
from gdlib.optimizers.symbols import KEYWORDS, allowed, eta, g, k, theta

Array = NDArray[np.float64]


@printable
@dataclass(frozen=True, eq=False, repr=False)
class UpdateRule(ABC):
    """A rule θ ← θ + `step`, with what it computes and remembers on the way."""

    name: str
    step: sp.Expr
    moments: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    hyperparameters: Mapping[sp.Symbol, float] = field(default_factory=dict)
    source: str = ""
    initial: Mapping[sp.Symbol, Any] = field(default_factory=dict)

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
            sayable.check(expression, known, f"{self.name}'s {symbol}", self._also())
        first = {}
        for s, value in self.initial.items():
            if s not in self.moments:
                raise ValueError(f"{self.name}: initial {s} must be that of a moment")
            first[s] = self._first(f"{self.name}: initial {s}", value)
        object.__setattr__(self, "initial", first)

    def _also(self) -> tuple[type, ...]:
        """Return the functions that its lines may hold beside those of numbers."""
        return ()

    def _first(self, name: str, value: Any) -> Any:
        """Return a moment's first value, or say what is wrong with it."""
        return checks.number(name, value)

    def __repr__(self) -> str:
        values = ", ".join(f"{key}={value:g}" for key, value in self.settings.items())
        return f"{self.name}({values})"

    @property
    def settings(self) -> dict[str, float]:
        """Hyperparameters by the keyword that a reader types."""
        return {self._keywords[s]: value for s, value in self.hyperparameters.items()}

    def with_settings(self, /, **settings: float) -> Self:
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
        """The moments kept between steps: the rule's memory."""
        return lowered.remembered_moments(tuple(self.moments.items()))

    @abstractmethod
    def stepper(self, theta: Array, layout: Layout | None = None) -> Moves:
        """Return the rule with its memory, to move the array `theta` in place."""

    @abstractmethod
    def init(self, theta: ArrayLike) -> State:
        """Return the state before the first step."""

    def update(
        self,
        gradient: ArrayLike,
        state: State,
        theta: ArrayLike,
        learning_rate: float | None = None,
    ) -> tuple[Array, State]:
        """Take one step.

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
        self._check_state(state, point)
        values = self.numbers
        if learning_rate is not None:
            if "eta" not in values:
                raise ValueError(f"{self.name} must have a learning rate for one to replace it")
            values["eta"] = checks.number("learning_rate", learning_rate, at_least=0)
        step, moments = self._apply(slopes, point, state, values)
        return step, State(state.step + 1, moments)

    @abstractmethod
    def _apply(
        self, g: Array, theta: Array, state: State, values: dict[str, float]
    ) -> tuple[Array, dict[str, Array]]:
        """Return the step from a checked state with these settings, and the moments after it."""

    def _check_state(self, state: Any, theta: Array) -> None:
        checks.instance("state", state, State, "one that init or update returned")
        wanted = self._shapes(theta)
        mine, came = set(wanted), set(state.moments)
        if mine != came:
            wanted_, other = (", ".join(sorted(names)) or "nothing" for names in (mine, came))
            raise ValueError(f"{self.name} needs a state that holds {wanted_}, not {other}")
        for name, moment in state.moments.items():
            if moment.shape != wanted[name]:
                raise ValueError(self._other_shape(name, wanted[name], moment.shape))

    def _shapes(self, theta: Array) -> dict[str, tuple[int, ...]]:
        """Return the shape of each moment that is remembered for such a θ."""
        return {name: moment.shape for name, moment in self.init(theta).moments.items()}

    def _other_shape(self, name: str, wanted: Any, came: Any) -> str:
        return f"the state's {name} must have θ's shape {wanted}, not {came}"

    def latex(self, since: UpdateRule | None = None) -> str:
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
            check_rule(since)
        return typeset.rule(self, since)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def check_rule(optimizer: Any) -> None:
    """Refuse what is not a rule, such as a constructor that was not called."""
    if not checks.is_a(optimizer, UpdateRule):
        came = checks.attribute(optimizer, "__name__") or optimizer
        raise TypeError(f"the optimizer must be one like gd.adam(), not {checks.shown(came)}")
