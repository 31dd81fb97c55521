"""Traits of the widgets that run optimizers down a landscape: which, from where, how far."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import traitlets

from gdlib import landscapes, optimizers
from gdlib.descent import descend
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.trajectory import Trajectory
from gdlib.widgets import programs
from gdlib.widgets.base import Widget

MOST_STEPS = 10_000
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
        raise traitlets.TraitError(
            f"there is no {what} {name!r} here; there are {', '.join(found)}"
        )
    return found[name]


def _landscape_from_json(name: Any, widget: Race) -> Landscape:
    found: Landscape = _named(name, widget.landscapes, "landscape")
    return found


def _optimizer_from_json(value: Any, widget: Race) -> Optimizer:
    template: Optimizer = _named(value["name"], widget.methods, "method")
    return programs.with_settings(template, value["settings"])


class Race(Widget):
    """Optimizers that start together on one landscape; the base of the explorers.

    In the browser `landscape` is its name and `optimizers` a list of names with their numbers;
    in Python they are the objects themselves.
    """

    dimensions = 2

    landscape = traitlets.Instance(Landscape).tag(
        sync=True, to_json=lambda value, _: value.name, from_json=_landscape_from_json
    )
    optimizers = traitlets.Tuple().tag(
        sync=True,
        to_json=lambda value, _: [programs.settings(o) for o in value],
        from_json=lambda value, widget: tuple(_optimizer_from_json(o, widget) for o in value),
    )
    landscapes = traitlets.Tuple(help="The landscapes to choose from.")
    methods = traitlets.Tuple(help="The methods to choose from, with the numbers they start with.")
    start = traitlets.Tuple(help="Where every run starts.").tag(sync=True)
    steps = traitlets.Int(100, min=0, max=MOST_STEPS, help="How many steps to take.").tag(sync=True)
    step = traitlets.Int(
        None, allow_none=True, min=0, max=MOST_STEPS, help="The step shown; None for the last."
    ).tag(sync=True)
    focus = traitlets.Unicode(help="The method whose sliders are shown.").tag(sync=True)
    learning_rate = traitlets.Float(help="The learning rate of the method in focus.").tag(sync=True)
    _programs = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        landscape: Landscape | None = None,
        optimizers: Iterable[Optimizer] | Optimizer | None = None,
        **kwargs: Any,
    ) -> None:
        landscape = self.default_landscape() if landscape is None else landscape
        if isinstance(landscape, Landscape):
            _check_dimensions(self, landscape)  # first: what else is wrong follows from it
        racing = self._racing(optimizers, kwargs.pop("learning_rate", None))
        kwargs.setdefault("landscapes", self.default_landscapes())
        kwargs.setdefault("methods", standard_methods())
        kwargs["landscapes"] = _with(kwargs["landscapes"], [landscape])
        kwargs["methods"] = _with(kwargs["methods"], racing)
        kwargs.setdefault("start", getattr(landscape, "start", ()))
        if isinstance(kwargs["start"], (int, float)):
            kwargs["start"] = (kwargs["start"],)
        kwargs.setdefault("focus", racing[0].name)
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
        racing = (given,) if isinstance(given, Optimizer) else given
        chosen = tuple(standard_methods()[:1] if racing is None else racing)
        _check_optimizers(chosen)
        if learning_rate is None:
            return chosen
        first = programs.with_settings(chosen[0], {"learning_rate": _number(learning_rate)})
        return (first, *chosen[1:])

    def _describe(self, _change: Any = None) -> None:
        self._programs = {
            "landscapes": [programs.landscape(cost) for cost in self.landscapes],
            "rules": [programs.rule(optimizer) for optimizer in self.methods],
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
            changed = programs.with_settings(self.optimizers[at], {"learning_rate": change["new"]})
            self.optimizers = (*self.optimizers[:at], changed, *self.optimizers[at + 1 :])

    def _follow_landscape(self, change: Any) -> None:
        """Start at the new landscape's own start, unless the reader's lies on it as well."""
        old, new = change["old"], change["new"]
        inside = all(
            low <= x <= high for x, (low, high) in zip(self.start, new.bounds, strict=True)
        )
        if self.start == old.start or not inside:
            self.start = new.start

    @traitlets.validate("landscape")
    def _check_landscape(self, proposal: Any) -> Landscape:
        cost: Landscape = proposal["value"]
        _check_dimensions(self, cost)
        if cost.name not in {getattr(known, "name", None) for known in self.landscapes}:
            self.landscapes = (*self.landscapes, cost)
        return cost

    @traitlets.validate("landscapes")
    def _check_landscapes(self, proposal: Any) -> tuple[Landscape, ...]:
        for cost in proposal["value"]:
            if not isinstance(cost, Landscape):
                raise traitlets.TraitError(f"landscapes holds {cost!r}, which is no Landscape")
            _check_dimensions(self, cost)
        return tuple(proposal["value"])

    @traitlets.validate("optimizers")
    def _check_racing(self, proposal: Any) -> tuple[Optimizer, ...]:
        chosen = tuple(proposal["value"])
        _check_optimizers(chosen)
        missing = [o for o in chosen if o.name not in {known.name for known in self.methods}]
        if missing:
            self.methods = (*self.methods, *missing)
        return chosen

    @traitlets.validate("start")
    def _check_start(self, proposal: Any) -> tuple[float, ...]:
        try:
            start = tuple(float(x) for x in proposal["value"])
        except (TypeError, ValueError):
            start = ()
        if len(start) != self.dimensions or not all(map(math.isfinite, start)):
            raise traitlets.TraitError(
                f"start must be {self.dimensions} finite number(s), not {proposal['value']!r}"
            )
        return start

    @traitlets.validate("learning_rate")
    def _check_rate(self, proposal: Any) -> float:
        return _number(proposal["value"])

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


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise traitlets.TraitError(f"learning_rate must be positive and finite, not {value!r}")
    return float(value)


def _check_dimensions(widget: Race, cost: Landscape) -> None:
    if cost.n != widget.dimensions:
        raise traitlets.TraitError(
            f"{widget.kind} draws landscapes of {widget.dimensions} variable(s);"
            f" {cost.name} has {cost.n}"
        )


def _check_optimizers(chosen: tuple[Any, ...]) -> None:
    for optimizer in chosen:
        if not isinstance(optimizer, Optimizer):
            raise traitlets.TraitError(
                f"optimizers holds {optimizer!r}; it wants rules such as gd.adam(0.1)"
            )
    names = [optimizer.name for optimizer in chosen]
    if not chosen:
        raise traitlets.TraitError("optimizers is empty; at least one method must run")
    if len(set(names)) < len(names):
        raise traitlets.TraitError(f"optimizers holds the same method twice: {', '.join(names)}")
