"""Traits of the widgets on one of several curves: which there are, and which is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gdlib import checks
from gdlib.landscapes import Landscape
from gdlib.widgets.base import Widget
from gdlib.widgets.traits import Count, Json, Several, one_or_more, validate

CURVES = "one or more landscapes of one variable"


class Curves(Widget):
    """One of some curves. In the browser `curve` is its number."""

    curves = Several(Landscape, CURVES)
    curve = Count(0, 0, help="Which of the curves, from 0.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(self, curves: Landscape | Sequence[Landscape], **kwargs: Any) -> None:
        given = _of_one_variable(one_or_more("curves", curves, Landscape, CURVES))
        at = checks.count("curve", kwargs.get("curve", 0), at_most=len(given) - 1)
        super().__init__(curves=given, **self._begin(given[at]) | kwargs)
        self._programs = self._program()

    @classmethod
    def _begin(cls, curve: Landscape) -> dict[str, Any]:
        """Return the traits that come with a curve, unless they are given."""
        raise NotImplementedError

    def _program(self) -> dict[str, Any]:
        """Return what the browser runs."""
        raise NotImplementedError

    @validate("curves")
    def _check_curves(self, given: tuple[Landscape, ...]) -> tuple[Landscape, ...]:
        return _of_one_variable(given)

    @validate("curve")
    def _check_curve(self, number: int) -> int:
        if number >= len(self.curves):
            raise ValueError(f"curve must be below {len(self.curves)}, not {number}")
        return number

    @property
    def landscape(self) -> Landscape:
        """The curve that is shown."""
        found: Landscape = self.curves[self.curve]
        return found


def _of_one_variable(given: tuple[Landscape, ...]) -> tuple[Landscape, ...]:
    if not given or not all(cost.n == 1 for cost in given):
        raise ValueError(f"curves must be {CURVES}")
    return given
