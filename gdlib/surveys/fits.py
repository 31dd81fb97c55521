"""A table as a cost: which column is the target, which are features, and what is fitted."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.problems import LARGEST, LeastSquares, LinearModel, LogisticRegression
from gdlib.surveys.table import Column, Table
from gdlib.surveys.words import listed, number, short, times

Array = NDArray[np.float64]

MODELS = ("least squares", "logistic")
TARGETS = ("y", "target", "targets", "label", "labels")
"""Names that a column of targets has; else it is the last."""
INTERCEPT = "intercept"


class Fit(NamedTuple):
    """A problem of a table's rows, the names of its parameters, and what was read."""

    problem: LinearModel
    names: list[str]
    notes: list[str]


class Targets(NamedTuple):
    """What is to be fitted: a number a row, NaN in gaps; and what the two classes are called."""

    values: Array
    classes: tuple[str, str] | None


def fit(table: Table, target: Any, model: Any) -> Fit:
    """Return the problem of a table.

    Raises
    ------
    TypeError, ValueError
        A target that the table does not have, or that cannot be fitted so; no feature; no row
        without gaps; numbers that are infinite, or too large to be squared.
    """
    if model is not None:
        checks.choice("model", model, MODELS)
    name, why = _target(table, target)
    chosen = {n: c for n, c in table.columns.items() if n not in (name, table.index)}
    features = {n: c for n, c in chosen.items() if c.numeric}
    if not features:
        raise ValueError(
            f"a table must have a column of numbers beside its target “{short(name)}”; it has"
            f" {listed([*chosen]) or 'no other'}"
        )
    for called, column in {**features, name: table.columns[name]}.items():
        _check_size(table, called, column)
    x = np.column_stack([column.values for column in features.values()])
    kind, targets = _targets(name, table.columns[name], model)
    whole = ~np.isnan(x).any(1) & ~np.isnan(targets.values)
    if not whole.any():
        raise ValueError("a table must have a row with a number in each column; all have gaps")
    x, y = x[whole], targets.values[whole]
    _check_classes(name, kind, y, targets)
    data = np.column_stack([np.ones(len(x)), x])
    problem = LogisticRegression(data, y) if kind == "logistic" else LeastSquares(data, y)
    read = (
        f"read: {times(len(x), 'row')}; target “{short(name)}”{why};"
        f" {'features' if len(features) > 1 else 'feature'} {listed([*features])};"
        f" {'logistic regression' if kind == 'logistic' else kind}, with an intercept added"
    )
    notes = [read, *_classes(targets), *_left_out(table, chosen, whole)]
    notes += _plain_trouble(x, [*features])
    return Fit(problem, [INTERCEPT, *features], notes)


def _target(table: Table, target: Any) -> tuple[str, str]:
    if target is not None:
        checks.text("target", target)
        if target not in table.columns:
            near = checks.did_you_mean(target, table.columns)
            raise ValueError(
                f"the table has no column {checks.shown(target)}; it has"
                f" {listed([*table.columns])}{near}"
            )
        return target, ", as was said"
    known = [name for name in table.columns if name.strip().lower() in TARGETS]
    if len(known) == 1:
        return known[0], ", by its name"
    return [*table.columns][-1], ", the last column"


def _targets(name: str, column: Column, model: Any) -> tuple[str, Targets]:
    """Return which model is fitted, and its targets: of two classes, 0 and 1."""
    if not column.numeric:
        return "logistic", _of_texts(name, column, model)
    found = np.unique(column.values[~np.isnan(column.values)])
    kind = model or ("logistic" if len(found) == 2 and len(column.values) > 2 else MODELS[0])
    if kind != "logistic" or len(found) != 2:
        return kind, Targets(column.values, None)
    values = np.where(np.isnan(column.values), np.nan, column.values == found[1])
    low, high = map(number, found.tolist())
    return kind, Targets(values, None if (found == (0, 1)).all() else (low, high))


def _of_texts(name: str, column: Column, model: Any) -> Targets:
    texts = column.texts
    if texts is None:
        raise ValueError(f"the target “{short(name)}” must have a number in some row; it has none")
    classes = sorted({text for text in texts if text})
    if model == MODELS[0] or len(classes) > 2:
        place = f", not {checks.shown(column.strange[1])}" if column.strange else ""
        why = f" and for logistic regression two classes, not {len(classes):,}"
        raise ValueError(
            f"the target “{short(name)}” must hold numbers{place}"
            f"{why if model != MODELS[0] else ''}; target=… names another column"
        )
    found = {text: float(i) for i, text in enumerate(classes)}
    values = np.array([found.get(text, np.nan) for text in texts])
    low, high = (*classes, "", "")[:2]
    return Targets(values, (low, high))


def _check_classes(name: str, kind: str, y: Array, targets: Targets) -> None:
    """Refuse what is not two classes, now that rows with gaps are gone."""
    found = np.unique(y)
    if kind != "logistic" or len(found) == 2:
        return
    came = f"{len(found):,}"
    if len(found) == 1:
        only = targets.classes[int(found[0])] if targets.classes else number(float(found[0]))
        came = f"“{short(only)}” alone"
    raise ValueError(
        f"the target “{short(name)}” of a logistic regression must have two values, not {came}"
    )


def _check_size(table: Table, name: str, column: Column) -> None:
    with np.errstate(invalid="ignore"):
        bad = np.flatnonzero(np.abs(column.values) > LARGEST)
    if len(bad):
        row = int(bad[0])
        raise ValueError(
            f"{table.place} {table.places[row]}: “{short(name)}” must be at most {LARGEST:g}, not"
            f" {column.values[row]:g}"
        )


def _classes(targets: Targets) -> list[str]:
    if targets.classes is None:
        return []
    low, high = targets.classes
    return [f"labels: “{short(low)}” counts as 0, “{short(high)}” as 1"]


def _left_out(table: Table, chosen: dict[str, Column], whole: NDArray[np.bool_]) -> list[str]:
    notes = []
    if texts := [name for name, column in chosen.items() if not column.numeric]:
        notes.append(f"left out, for they are no numbers: {listed(texts)}")
    if table.index is not None:
        notes.append("left out: the first column, which has no name and counts the rows")
    if gaps := int((~whole).sum()):
        notes.append(f"left out: {times(gaps, 'row')} with gaps")
    for name, column in chosen.items():
        if column.numeric and column.strange is not None:
            line, text = column.strange
            notes.append(
                f"“{short(name)}” has gaps that are filled otherwise, first in {table.place}"
                f" {line}: {checks.shown(text)}"
            )
    return notes


def _plain_trouble(x: Array, names: list[str]) -> list[str]:
    """Say what makes the minimum no single point, where it can be seen at once."""
    constant = [n for n, spread in zip(names, np.ptp(x, axis=0), strict=True) if spread == 0]
    notes = [
        f"“{short(n)}” is the same in every row, as the intercept is, so many θ give the same J"
        for n in constant[:3]
    ]
    if len(x) < x.shape[1] + 1:
        notes.append(
            f"{times(len(x), 'row')} cannot determine {x.shape[1] + 1} parameters: the minimum is"
            " no single point"
        )
    return notes
