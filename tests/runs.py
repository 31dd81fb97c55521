"""One run, asked for in each way that there is: alone, in a grid, called; whole, or its end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

import gdlib as gd


def alone(cost: gd.Landscape, rule: gd.Optimizer, start: Any, steps: int, **more: Any) -> Any:
    """Run from one start by the scalar loop."""
    return gd.descend(cost, rule, start, steps, **more)


def in_grid(cost: gd.Landscape, rule: gd.Optimizer, start: Any, steps: int, **more: Any) -> Any:
    """Run the same start twice in a grid; return the second run by itself."""
    many = gd.descend(cost, rule, [start, start], steps, **more)
    one = {name: getattr(many, name)[:, 1] for name in ("points", "values", "gradients")}
    taken = int(many.steps[1])
    return dataclasses.replace(
        many, **one, status=str(many.status[1]), steps=taken, evaluations=taken
    )


def called(cost: gd.Landscape, rule: gd.Optimizer, start: Any, steps: int, **more: Any) -> Any:
    """Run the cost as a reader's own function."""

    def function(theta: Any) -> Any:
        with np.errstate(all="ignore"):
            return cost.value(theta), cost.gradient(theta)

    return gd.descend(function, rule, start, steps, **more)


def _end(way: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given, **more: way(*given, **more, keep="end")


WAYS: dict[str, Callable[..., Any]] = {
    "alone": alone,
    "in a grid": in_grid,
    "called": called,
    "the end alone": _end(alone),
    "the end in a grid": _end(in_grid),
    "the end called": _end(called),
}
