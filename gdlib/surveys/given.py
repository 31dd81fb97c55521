"""What a reader gives to survey: a cost and where to start, out of a formula or a table."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks, landscapes
from gdlib.descent.arguments import check_start, start_of
from gdlib.landscapes import Landscape
from gdlib.problems import LinearModel
from gdlib.surveys import fits, table
from gdlib.surveys.words import point

Array = NDArray[np.float64]

WANTED = "a Landscape, a formula, a problem or a table"
MOST_PARAMETERS, MOST_WORK = 200, 250_000_000
"""Parameters of a problem, and N·n², what its eigenvalues cost: some ten seconds."""
ELSEWHERE = (1 / 3, 2 / 3, 1 / 2, 0.9, 0.1)
"""Parts of the bounds at which a formula is tried that has no value, or no slope, at its usual
start: the same for each variable, then different ones."""


@dataclass(frozen=True)
class Read:
    """A cost, the point to start from, the names of its parameters, and what was read of it."""

    cost: Landscape | LinearModel
    start: Array
    names: list[str]
    notes: list[str]
    called: str
    bounds: Any = None


def read(cost: Any, target: Any, model: Any, start: Any, bounds: Any, name: Any) -> Read:
    """Return what to look at, or say what is wrong with what was given."""
    if name is not None:
        checks.text("name", name)
    if any(cost is build for build in landscapes.catalogue.values()):
        raise TypeError(f"call the landscape: gd.landscapes.{cost.__name__}()")
    if table.is_table(cost):
        columns = table.read(cost)
        made = fits.fit(columns, target, model)
        return _of_problem(made.problem, start, bounds, made.names, made.notes, name)
    for what, came in (("target", target), ("model", model)):
        if came is not None:
            raise TypeError(f"{what} goes with a table; this cost is none")
    if checks.is_a(cost, LinearModel):
        names = [f"θ{i}" for i in range(cost.n)]
        return _of_problem(cost, start, bounds, names, [], name)
    return _of_landscape(cost, start, bounds, name)


def _of_problem(
    problem: LinearModel, start: Any, bounds: Any, names: list[str], notes: list[str], name: Any
) -> Read:
    if problem.n > MOST_PARAMETERS:
        raise ValueError(
            f"a cost of data has at most {MOST_PARAMETERS} parameters here, not {problem.n:,}"
        )
    if problem.rows > (most := MOST_WORK // problem.n**2):
        raise ValueError(
            f"a cost of {problem.n} parameters has at most {most:,} rows here, not"
            f" {problem.rows:,}: draw some of them"
        )
    if bounds is not None:
        if problem.n != 2:
            raise ValueError(
                f"bounds go with a cost of one or two variables; this has {problem.n} parameters"
            )
        bounds = checks.bounds("bounds", bounds, 2)
    theta = start_of(problem, start)
    value, gradient = problem.value_and_gradient(theta)
    check_start(problem.name, theta[None], value[None], gradient[None])
    return Read(problem, theta, names, notes, name or problem.name, bounds)


def _of_landscape(cost: Any, start: Any, bounds: Any, name: Any) -> Read:
    notes = []
    if checks.is_a(cost, str):
        called = name or "your cost"
        land = Landscape.parse(cost.strip(), name=called, bounds=bounds, start=start)
        if start is None and (elsewhere := _another_start(land)) is not None:
            missing = "slope" if np.isfinite(land.value(land.start)) else "value"
            land = elsewhere
            notes.append(
                f"J has no {missing} at the usual start, so descents start at {point(land.start)}"
            )
    else:
        land = checks.instance("cost", cost, Landscape, WANTED)
        changed = {"name": name, "start": start, "bounds": bounds}
        changed = {key: value for key, value in changed.items() if value is not None}
        land = dataclasses.replace(land, **changed) if changed else land
    theta = np.array(land.start)
    value, gradient = land.value_and_gradient(theta)
    check_start(land.name, theta[None], value[None], gradient[None])
    return Read(land, theta, [str(v) for v in land.variables], notes, land.name, bounds)


def _another_start(land: Landscape) -> Landscape | None:
    """Return a landscape that starts where J falls, if it does not at its own start."""
    low, high = np.array(land.bounds).T
    parts = [np.resize(np.roll(ELSEWHERE, -i), land.n) for i in range(len(ELSEWHERE))]
    parts = [np.full(land.n, part) for part in ELSEWHERE] + parts
    starts = np.array([low + part * (high - low) for part in parts])
    values, gradients = land.value_and_gradient(starts)
    finite = np.isfinite(values) & np.isfinite(gradients).all(-1)
    falls = finite & gradients.any(-1)
    if falls[0] or not finite.any() or (finite[0] and not falls.any()):
        return None
    good = falls if falls.any() else finite
    return dataclasses.replace(land, start=starts[good.argmax()])
