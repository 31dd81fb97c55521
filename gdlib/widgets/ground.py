"""Traits of the widgets that stand on a landscape: which, and where on it a run starts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gdlib import checks, landscapes
from gdlib.landscapes import Landscape
from gdlib.widgets import printed
from gdlib.widgets.base import Widget
from gdlib.widgets.traits import (
    Json,
    Object,
    Point,
    RangeError,
    Several,
    one_or_more,
    validate,
)

ONE = "a Landscape such as gd.landscapes.quadratic()"
GROUNDS = "landscapes such as gd.landscapes.quadratic()"


def named(name: str, values: Iterable[Any], what: str) -> Any:
    """Return the value called `name`, or say which there are."""
    found = {value.name: value for value in values}
    if name not in found:
        raise RangeError(f"there is no {what} {name!r} here; there are {', '.join(found)}")
    return found[name]


def with_namesakes(known: Iterable[Any], needed: Iterable[Any]) -> tuple[Any, ...]:
    """Return `known`, where each of `needed` replaces its namesake or joins at the end."""
    found = {getattr(value, "name", ""): value for value in known}
    return tuple((found | {getattr(value, "name", ""): value for value in needed}).values())


def _from_json(name: Any, widget: Ground) -> Landscape:
    found: Landscape = named(name, widget.landscapes, "landscape")
    return found


class Ground(Widget):
    """A start on one of some landscapes. In the browser `landscape` is its name."""

    dimensions = 2

    landscape = Object(Landscape, ONE).tag(
        sync=True, to_json=lambda value, _: value.name, from_json=_from_json
    )
    landscapes = Several(Landscape, GROUNDS, help="The landscapes to choose from.")
    start = Point(help="Where every run starts.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(self, landscape: Landscape | None = None, **kwargs: Any) -> None:
        ground = self._ground(landscape)
        given = kwargs.pop("landscapes", self._default_landscapes())
        known = with_namesakes(one_or_more("landscapes", given, Landscape, GROUNDS), [ground])
        kwargs.setdefault("start", ground.start)
        super().__init__(landscape=ground, landscapes=known, **kwargs)
        self.observe(self._follow_landscape, ["landscape"])
        self._describe()
        self.observe(self._describe, ["landscapes"])

    @classmethod
    def _ground(cls, given: Landscape | None) -> Landscape:
        """Return the landscape that is given, or the widget's own; refuse what it cannot draw."""
        landscape = cls._default_landscape() if given is None else given
        checks.instance("landscape", landscape, Landscape, ONE)
        cls._check_dimensions(landscape)
        return landscape

    @classmethod
    def _default_landscape(cls) -> Landscape:
        """Return the landscape of a widget that was not given one."""
        raise NotImplementedError

    @classmethod
    def _default_landscapes(cls) -> tuple[Landscape, ...]:
        """Return the catalogue's landscapes that this widget can draw."""
        built = (build() for build in landscapes.catalogue.values())
        return tuple(cost for cost in built if cost.n == cls.dimensions)

    @classmethod
    def _check_dimensions(cls, cost: Landscape) -> None:
        if cost.n != cls.dimensions:
            raise ValueError(
                f"{cls.kind} draws landscapes of {cls.dimensions} variable(s);"
                f" {cost.name} has {cost.n}"
            )

    def _describe(self, _change: Any = None) -> None:
        self._programs = self._program()

    def _program(self) -> dict[str, Any]:
        """Return what the browser runs: the landscapes, printed."""
        return {"landscapes": [printed.landscape(cost) for cost in self.landscapes]}

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
        self._check_dimensions(cost)
        if cost.name not in {known.name for known in self.landscapes}:
            self.landscapes = (*self.landscapes, cost)
        return cost

    @validate("landscapes")
    def _check_landscapes(self, known: tuple[Landscape, ...]) -> tuple[Landscape, ...]:
        for cost in known:
            self._check_dimensions(cost)
        return known

    def title(self) -> str:
        """Name the landscape."""
        return str(self.landscape.name)
