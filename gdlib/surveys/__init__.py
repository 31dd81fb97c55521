"""Say of a reader's own cost what the book can: curvature, rates, minima, a first rate."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdlib.landscapes import Landscape
from gdlib.problems import LinearModel
from gdlib.surveys import given, looked
from gdlib.surveys.result import Survey as Survey


def survey(
    cost: Landscape | LinearModel | str | PathLike[str] | Mapping[str, Any],
    *,
    target: str | None = None,
    model: str | None = None,
    start: ArrayLike | None = None,
    bounds: ArrayLike | None = None,
    name: str | None = None,
) -> Survey:
    """Say what the book can say of a cost, each with the chapter that explains it.

    A first rate for gradient descent, tried; 2/L; its curvatures, κ and what other units do to it;
    where it is flat; and which share of starts reaches which minimum.

    Parameters
    ----------
    cost
        A `Landscape`; a formula as `Landscape.parse` reads it, `"x**2 + 3*sin(y)"`; a problem; or a
        table of features and a target: the path of its file (`"….csv"`), its text (with line
        breaks), a DataFrame, or columns by name. Columns that are no numbers and rows with gaps
        are left out, which the notes say; an intercept is added.
    target
        For a table: the column of the targets. By default the one called y, target or label, or
        the last.
    model
        For a table: "least squares" or "logistic"; by default logistic where the target has two
        values.
    start
        Where gradient descent starts, shape (n,); by default a landscape's own start, θ = 0 of
        data.
    bounds
        `(low, high)` for each variable, shape (n, 2): where minima are sought and basins mapped.
    name
        What to call the cost.

    Returns
    -------
    Survey
        Prints a few lines an item; in a notebook a living figure stands below them.

    Raises
    ------
    TypeError, ValueError
        What is no cost; a formula that cannot be read; a table without a target or without
        numeric features; labels of other than two classes; a start where the cost is not finite.
    FileNotFoundError
        No such file.
    """
    read = given.read(cost, target, model, start, bounds, name)
    with np.errstate(all="ignore"):  # rates that are too large are tried, too
        return looked.at(read)
