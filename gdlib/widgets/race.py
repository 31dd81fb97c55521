"""Traits of the widgets that run optimizers down a landscape: which, and how far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gdlib import checks, optimizers
from gdlib.descent.descend import descend
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.widgets import printed
from gdlib.widgets.ground import Ground, named, with_namesakes
from gdlib.widgets.traits import Count, Number, Several, Text, in_words, one_or_more, validate

MOST_STEPS = 10_000
RULES = "rules such as gd.adam(0.1)"
DEFAULT_RATES = {
    "gradient_descent": 0.01,
    "momentum": 0.01,
    "nesterov": 0.01,
    "adagrad": 0.3,
    "rmsprop": 0.02,
    "adam": 0.1,
    "adamw": 0.1,
    "amsgrad": 0.1,
    "nadam": 0.1,
    "lion": 0.02,
}
"""Rates with which a method that nobody has tuned yet joins a race of a hundred steps or so."""


def standard_methods() -> tuple[Optimizer, ...]:
    """Build every rule of the catalogue with a rate for a figure of unit size."""
    return tuple(
        build(learning_rate=DEFAULT_RATES[name]) if name in DEFAULT_RATES else build()
        for name, build in optimizers.catalogue.items()
    )


def _optimizer_from_json(value: Any, widget: Race) -> Optimizer:
    with in_words():
        template: Optimizer = named(value["name"], widget.methods, "method")
        return template.with_settings(**value["settings"])


class Race(Ground):
    """Optimizers that start together on one landscape; the base of the explorers.

    In the browser `landscape` is its name and `optimizers` a list of names with their numbers;
    in Python they are the objects themselves.
    """

    optimizers = Several(Optimizer, RULES).tag(
        sync=True,
        to_json=lambda value, _: [printed.settings(o) for o in value],
        from_json=lambda value, widget: tuple(_optimizer_from_json(o, widget) for o in value),
    )
    methods = Several(
        Optimizer, RULES, help="The methods to choose from, with the numbers they start with."
    )
    steps = Count(100, 0, MOST_STEPS, help="How many steps to take.").tag(sync=True)
    step = Count(None, 0, MOST_STEPS, help="The step shown; None for the last.").tag(sync=True)
    focus = Text(help="The method whose sliders are shown.").tag(sync=True)
    learning_rate = Number(1.0, above=0, help="The learning rate of the method in focus.").tag(
        sync=True
    )

    def __init__(
        self,
        landscape: Landscape | None = None,
        optimizers: Iterable[Optimizer] | Optimizer | None = None,
        **kwargs: Any,
    ) -> None:
        ground = self._ground(landscape)  # first: what else is wrong follows from it
        racing = self._racing(optimizers, kwargs.pop("learning_rate", None))
        given = kwargs.pop("methods", standard_methods())
        methods = with_namesakes(one_or_more("methods", given, Optimizer, RULES), racing)
        kwargs.setdefault("focus", racing[0].name)
        checks.choice("focus", kwargs["focus"], [optimizer.name for optimizer in racing])
        super().__init__(ground, optimizers=racing, methods=methods, **kwargs)
        self.observe(self._follow_optimizers, ["optimizers", "focus"])
        self.observe(self._follow_rate, ["learning_rate"])
        self._follow_optimizers()
        self.observe(self._describe, ["methods"])

    def _racing(self, given: Any, learning_rate: float | None) -> tuple[Optimizer, ...]:
        racing = standard_methods()[:1] if given is None else given
        chosen = one_or_more("optimizers", racing, Optimizer, RULES)
        _check_optimizers(chosen)
        if learning_rate is None:
            return chosen
        rate = checks.number("learning_rate", learning_rate, above=0)
        first = chosen[0].with_settings(learning_rate=rate)
        return (first, *chosen[1:])

    def _program(self) -> dict[str, Any]:
        """Add the rules, printed."""
        return {
            **super()._program(),
            "rules": [printed.rule(optimizer) for optimizer in self.methods],
        }

    def _in_focus(self) -> int:
        names = [optimizer.name for optimizer in self.optimizers]
        return names.index(self.focus) if self.focus in names else 0

    def _follow_optimizers(self, _change: Any = None) -> None:
        if self.optimizers:
            self.learning_rate = self.optimizers[self._in_focus()].settings["learning_rate"]

    def _follow_rate(self, change: Any) -> None:
        at = self._in_focus()
        if self.optimizers and self.optimizers[at].settings["learning_rate"] != change["new"]:
            changed = self.optimizers[at].with_settings(learning_rate=change["new"])
            self.optimizers = (*self.optimizers[:at], changed, *self.optimizers[at + 1 :])

    @validate("methods")
    def _check_methods(self, known: tuple[Optimizer, ...]) -> tuple[Optimizer, ...]:
        for optimizer in known:
            _check_rate(optimizer)
        return known

    @validate("optimizers")
    def _check_racing(self, chosen: tuple[Optimizer, ...]) -> tuple[Optimizer, ...]:
        _check_optimizers(chosen)
        missing = [o for o in chosen if o.name not in {known.name for known in self.methods}]
        if missing:
            self.methods = (*self.methods, *missing)
        return chosen

    @property
    def trajectories(self) -> dict[str, Trajectory]:
        """The paths as Python computes them, by method, from the state that is shown now."""
        return {
            optimizer.name: descend(self.landscape, optimizer, self.start, self.steps)
            for optimizer in self.optimizers
        }


def _check_rate(optimizer: Optimizer) -> None:
    if "learning_rate" not in optimizer.settings:
        raise ValueError(
            f"optimizers must have a learning rate η, which the figure sets; {optimizer.name} has"
            " none"
        )


def _check_optimizers(chosen: tuple[Optimizer, ...]) -> None:
    for optimizer in chosen:
        _check_rate(optimizer)
    names = [optimizer.name for optimizer in chosen]
    if not chosen:
        raise ValueError("optimizers is empty; at least one method must run")
    if len(set(names)) < len(names):
        raise ValueError(f"optimizers holds the same method twice: {', '.join(names)}")
