"""The living figure of a surveyed cost, and the landscape of a table with one feature."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import widgets
from gdlib.landscapes import Landscape
from gdlib.optimizers import gradient_descent
from gdlib.problems import LeastSquares, LinearModel, LogisticRegression

Array = NDArray[np.float64]

MOST_ROWS = 40
"""Rows of a logistic regression in a figure; the browser adds them up at every point of its map."""
FALLBACK = 0.01
"""The rate of a figure whose cost has none to suggest."""
ROOM = 1.6
"""So far around the minimum a map reaches, in distances of the start from it."""
STEPS = 100


def widget(landscape: Landscape | None, rate: float | None, hollows: int) -> Any:
    """Return the figure of a landscape of one or two variables with a rate set, or None."""
    if landscape is None or landscape.n > 2:
        return None
    rule = gradient_descent(FALLBACK if rate is None else rate)
    if landscape.n == 1:
        return widgets.DescentLine(landscape, rule, landscapes=[landscape])
    if hollows > 1:
        return widgets.BasinMap(landscape, rule, landscapes=[landscape], steps=STEPS)
    return widgets.DescentExplorer(landscape, rule, landscapes=[landscape], steps=STEPS)


def landscape_of(
    problem: LinearModel, name: str, bounds: Any, start: Array, minimum: Array | None
) -> Landscape | str | None:
    """Write a problem with two parameters out as a landscape around its minimum, if it has one.

    Or say why there is no figure.
    """
    if problem.n != 2 or (minimum is None and bounds is None):
        return None
    written = isinstance(problem, LogisticRegression) and problem.rows <= MOST_ROWS
    if not written and not isinstance(problem, LeastSquares):
        return (
            "no figure: it is drawn of least squares, and of logistic regression with at most"
            f" {MOST_ROWS} rows"
        )
    if bounds is None and minimum is not None:
        away = np.abs(start - minimum)
        away = ROOM * np.where(away > 0.05 * away.max(), away, max(1.0, float(away.max())))
        bounds = np.stack([minimum - away, minimum + away], axis=1)
    called = copy.copy(problem)
    called.name = name
    try:
        return called.landscape(bounds, start.tolist())
    except ValueError:
        return "no figure: numbers so large or small cannot be written as a formula"
