"""Diagnose what was recorded elsewhere: a log's file, its text, a table or lists by name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.diagnosis import columns, curve, evidence, logs, several, sources, symptoms
from gdlib.diagnosis.cells import Column, Columns
from gdlib.diagnosis.columns import Log, Series
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Diagnosis

Array = NDArray[np.float64]

GRAVE = ("diverged", "rate above 2/L", "spike", "nothing learned")
"""What is said before anything that held-out data show."""
LOG = "run must be losses, a trajectory or a log"


def is_log(run: Any) -> bool:
    """Tell whether a reader gave a file's path, text, or a table with names."""
    return checks.is_a(run, (str, os.PathLike, Mapping)) or sources.is_frame(run)


def diagnosed(run: Any, loss: str | None) -> Diagnosis:
    """Say what a log shows, and from which of its columns."""
    log = columns.understood(_columns(run), loss)
    train = _evidence(log, log.losses, log.norms)
    findings = symptoms.seen(train)
    if (rates := _beside(log.rates, log.losses)) is not None:
        findings = several.with_rates(findings, train, rates)
    held = None if log.held_out is None else _evidence(log, log.held_out, None)
    if held is not None and (over := several.over_fitted(held, train)):
        # Advice to go on, or to go faster, is no use to a run that should have stopped.
        findings = [*(finding for finding in findings if finding.kind in GRAVE), over]
    figure = curve.drawn(train, held, findings)
    return Diagnosis(tuple(findings), tuple(_notes(log, train)), figure)


def _evidence(log: Log, series: Series, norms: Series | None) -> Evidence:
    at = log.at(series)
    unit, times = at if at is not None else ("step", None)
    # Between losses that are steps apart, slopes do not tell how J falls.
    each = (log.clock is None and log.again is None) or (
        times is not None and bool((np.diff(times) == 1).all()) and unit == "step"
    )
    paired = norms is not None and each and np.array_equal(norms.rows, series.rows)
    given = norms.values if paired and norms is not None and (norms.values >= 0).all() else None
    return replace(evidence.of_lists(series.values, given, None), unit=unit, times=times)


def _beside(series: Series | None, losses: Series) -> Array | None:
    """Return a series' last value at or before each loss, NaN where there is none yet."""
    if series is None:
        return None
    place = np.searchsorted(series.rows, losses.rows, side="right") - 1
    return np.where(place < 0, np.nan, series.values[np.maximum(place, 0)])


def _notes(log: Log, train: Evidence) -> list[str]:
    """Say what was read from where: a column that was misunderstood must not go unseen."""
    said = []
    for what, series in (
        ("loss{}", log.losses),
        ("loss{} on data held out", log.held_out),
        ("gradient norm{}", log.norms),
        ("learning rate{}", log.rates),
    ):
        if series is not None:
            count, ending = len(series.values), "es" if "loss" in what else "s"
            said.append(f"{count:,} {what.format(ending if count != 1 else '')}{_of(series)}")
    times = train.times
    counted = (
        f"{train.unit}s {times[0]:,} to {times[-1]:,}"
        if times is not None and len(times)
        else "no count of steps, so losses are counted from 0"
    )
    return [f"read: {', '.join(said)}; {counted}", *_again(log)]


def _again(log: Log) -> list[str]:
    """Say that a count starts again: two runs in one log, or batches within an epoch."""
    if log.again is None:
        return []
    counts = log.again.values
    falls = np.flatnonzero(np.diff(counts) < 0)
    times = "once" if len(falls) == 1 else f"{len(falls):,} times"
    k = int(falls[0])
    again = f"starts again {times}, first with {counts[k + 1]:g} after {counts[k]:g}"
    return [f"“{log.again.name}” {again}: if these are runs of their own, diagnose each alone"]


def _of(series: Series) -> str:
    name = series.name if len(series.name) <= 60 else f"{series.name[:59]}…"
    return f" (“{name}”)" if name else ""


def _columns(run: Any) -> Columns:
    if sources.is_frame(run):
        run = {name: _filled(list(cells)) for name, cells in sources.parts(run).items()}
    if checks.is_a(run, Mapping):
        return _of_lists(run)
    if checks.is_a(run, str) and ("\n" in run or "\r" in run):
        return logs.read(run)
    return logs.read(sources.text(run, LOG))


def _of_lists(run: Mapping[Any, Any]) -> Columns:
    found: Columns = {}
    for name, cells in run.items():
        column = found.setdefault(str(name), Column())
        for row, cell in enumerate(
            checks.several(f"column {name!r} of the log", cells, sources.LARGEST)
        ):
            column.add(row, row + 1, sources.plain(cell))
    if not any(column.values for column in found.values()):
        raise ValueError(f"a log must hold numbers, not {checks.shown(run)}")
    return {name: column for name, column in found.items() if column.values}


def _filled(cells: list[Any]) -> list[Any]:
    """Return a table's column without the NaN that stand where a log had nothing.

    A run that has diverged does not come back: NaN between numbers are gaps, and so are then those
    behind the last.
    """
    # Of all values NaN alone is not itself.
    bad = [sources.is_missing(cell) or bool(np.ndim(cell) == 0 and cell != cell) for cell in cells]
    last = max((i for i, b in enumerate(bad) if not b), default=-1)
    if any(bad[:last]):
        return [None if b else cell for cell, b in zip(cells, bad, strict=True)]
    return cells
