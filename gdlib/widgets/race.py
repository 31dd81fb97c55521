"""Traits of the widgets that run optimizers down a landscape: which, from where, how far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gdlib import checks, landscapes, optimizers
from gdlib.descent.descend import descend
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.widgets import printed
from gdlib.widgets.base import Widget
from gdlib.widgets.traits import (
    Count,
    Json,
    Number,
    Object,
    Point,
    RangeError,
    Several,
    Text,
    in_words,
    one_or_more,
    validate,
)

MOST_STEPS = 10_000
RULES = "rules such as gd.adam(0.1)"
GROUNDS = "landscapes such as gd.landscapes.quadratic()"
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


def _named(name: str, values: Iterable[Any], what: str) -> Any:
    """Return the value called `name`, or say which there are."""
    found = {value.name: value for value in values}
    if name not in found:
        raise RangeError(f"there is no {what} {name!r} here; there are {', '.join(found)}")
    return found[name]


def _landscape_from_json(name: Any, widget: Race) -> Landscape:
    found: Landscape = _named(name, widget.landscapes, "landscape")
    return found


def _optimizer_from_json(value: Any, widget: Race) -> Optimizer:
    with in_words():
        template: Optimizer = _named(value["name"], widget.methods, "method")
        return template.with_settings(**value["settings"])


class Race(Widget):
    """Optimizers that start together on one landscape; the base of the explorers.

    In the browser `landscape` is its name and `optimizers` a list of names with their numbers;
    in Python they are the objects themselves.
    """

    dimensions = 2

    landscape = Object(Landscape, "a Landscape such as gd.landscapes.quadratic()").tag(
        sync=True, to_json=lambda value, _: value.name, from_json=_landscape_from_json
    )
    optimizers = Several(Optimizer, RULES).tag(
        sync=True,
        to_json=lambda value, _: [printed.settings(o) for o in value],
        from_json=lambda value, widget: tuple(_optimizer_from_json(o, widget) for o in value),
    )
    landscapes = Several(Landscape, GROUNDS, help="The landscapes to choose from.")
    methods = Several(
        Optimizer, RULES, help="The methods to choose from, with the numbers they start with."
    )
    start = Point(help="Where every run starts.").tag(sync=True)
    steps = Count(100, 0, MOST_STEPS, help="How many steps to take.").tag(sync=True)
    step = Count(None, 0, MOST_STEPS, help="The step shown; None for the last.").tag(sync=True)
    focus = Text(help="The method whose sliders are shown.").tag(sync=True)
    learning_rate = Number(1.0, above=0, help="The learning rate of the method in focus.").tag(
        sync=True
    )
    _programs = Json().tag(sync=True)

    def __init__(
        self,
        landscape: Landscape | None = None,
        optimizers: Iterable[Optimizer] | Optimizer | None = None,
        **kwargs: Any,
    ) -> None:
        landscape = self.default_landscape() if landscape is None else landscape
        checks.instance(
            "landscape", landscape, Landscape, "a Landscape such as gd.landscapes.quadratic()"
        )
        _check_dimensions(self, landscape)  # first: what else is wrong follows from it
        racing = self._racing(optimizers, kwargs.pop("learning_rate", None))
        known = one_or_more(
            "landscapes", kwargs.get("landscapes", self.default_landscapes()), Landscape, GROUNDS
        )
        given = kwargs.get("methods", standard_methods())
        methods = one_or_more("methods", given, Optimizer, RULES)
        kwargs["landscapes"], kwargs["methods"] = _with(known, [landscape]), _with(methods, racing)
        kwargs.setdefault("start", landscape.start)
        kwargs.setdefault("focus", racing[0].name)
        checks.choice("focus", kwargs["focus"], [optimizer.name for optimizer in racing])
        super().__init__(landscape=landscape, optimizers=racing, **kwargs)
        self.observe(self._follow_optimizers, ["optimizers", "focus"])
        self.observe(self._follow_rate, ["learning_rate"])
        self.observe(self._follow_landscape, ["landscape"])
        self._follow_optimizers()
        self._describe()
        self.observe(self._describe, ["landscapes", "methods"])

    @classmethod
    def default_landscape(cls) -> Landscape:
        """Return the landscape of a widget that was not given one."""
        raise NotImplementedError

    @classmethod
    def default_landscapes(cls) -> tuple[Landscape, ...]:
        """Return the catalogue's landscapes that this widget can draw."""
        built = (build() for build in landscapes.catalogue.values())
        return tuple(cost for cost in built if cost.n == cls.dimensions)

    def _racing(self, given: Any, learning_rate: float | None) -> tuple[Optimizer, ...]:
        racing = standard_methods()[:1] if given is None else given
        chosen = one_or_more("optimizers", racing, Optimizer, RULES)
        _check_optimizers(chosen)
        if learning_rate is None:
            return chosen
        rate = checks.number("learning_rate", learning_rate, above=0)
        first = chosen[0].with_settings(learning_rate=rate)
        return (first, *chosen[1:])

    def _describe(self, _change: Any = None) -> None:
        self._programs = self._program()

    def _program(self) -> dict[str, Any]:
        """Return what the browser runs: landscapes and rules, printed."""
        return {
            "landscapes": [printed.landscape(cost) for cost in self.landscapes],
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

    def _follow_landscape(self, change: Any) -> None:
        """Start at the new landscape's own start, unless the reader's lies on it as well."""
        old, new = change["old"], change["new"]
        inside = all(
            low <= x <= high for x, (low, high) in zip(self.start, new.bounds, strict=True)
        )
        if self.start == old.start or not inside:
            self.start = new.start

    @validate("landscape")
    def _check_landscape(self, cost: Landscape) -> Landscape:
        _check_dimensions(self, cost)
        if cost.name not in {known.name for known in self.landscapes}:
            self.landscapes = (*self.landscapes, cost)
        return cost

    @validate("landscapes")
    def _check_landscapes(self, known: tuple[Landscape, ...]) -> tuple[Landscape, ...]:
        for cost in known:
            _check_dimensions(self, cost)
        return known

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

    def title(self) -> str:
        """Name the landscape."""
        return str(self.landscape.name)


def _with(known: Iterable[Any], needed: Iterable[Any]) -> tuple[Any, ...]:
    """Return `known`, where each of `needed` replaces its namesake or joins at the end."""
    found = {getattr(value, "name", ""): value for value in known}
    return tuple((found | {getattr(value, "name", ""): value for value in needed}).values())


def _check_dimensions(widget: Race, cost: Landscape) -> None:
    if cost.n != widget.dimensions:
        raise ValueError(
            f"{widget.kind} draws landscapes of {widget.dimensions} variable(s);"
            f" {cost.name} has {cost.n}"
        )


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
