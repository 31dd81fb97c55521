"""Diagnose what was recorded elsewhere: a log's file, its text, a table or lists by name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.diagnosis import columns, evidence, logs, several, symptoms
from gdlib.diagnosis.columns import Log, Series
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Diagnosis

Array = NDArray[np.float64]

GRAVE = ("diverged", "rate above 2/L", "spike", "nothing learned")
"""What is said before anything that held-out data show."""


def is_log(run: Any) -> bool:
    """Tell whether a reader gave a file's path, text, or a table with names."""
    return checks.is_a(run, (str, os.PathLike, Mapping)) or _is_frame(run)


def _is_frame(run: Any) -> bool:
    """Recognise a table of pandas or Polars."""
    named = checks.attribute(run, "columns") is not None
    return named and callable(checks.attribute(run, "to_dict")) and not checks.is_a(run, type)


def diagnosed(run: Any, loss: str | None) -> Diagnosis:
    """Say what a log shows, and from which of its columns."""
    log = columns.understood(_columns(run), loss)
    train = _evidence(log, log.losses, log.norms)
    findings = symptoms.seen(train)
    if (rates := _beside(log.rates, log.losses)) is not None:
        findings = several.with_rates(findings, train, rates)
    if log.held_out is not None:
        held = _evidence(log, log.held_out, None)
        if over := several.over_fitted(held, train):
            # Advice to go on, or to go faster, is no use to a run that should have stopped.
            findings = [*(finding for finding in findings if finding.kind in GRAVE), over]
    return Diagnosis(tuple(findings), tuple(_notes(log, train)))


def _evidence(log: Log, series: Series, norms: Series | None) -> Evidence:
    at = log.at(series)
    unit, times = at if at is not None else ("step", None)
    # Between losses that are steps apart, slopes do not tell how J falls.
    each = times is None or (bool((np.diff(times) == 1).all()) and unit == "step")
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
    said = [f"{len(log.losses.values):,} losses{_of(log.losses)}"]
    for what, series in (
        ("losses on data held out", log.held_out),
        ("gradient norms", log.norms),
        ("learning rates", log.rates),
    ):
        if series is not None:
            said.append(f"{len(series.values):,} {what}{_of(series)}")
    times = train.times
    counted = (
        f"{train.unit}s {times[0]:,} to {times[-1]:,}"
        if times is not None and len(times)
        else "no count of steps, so losses are counted from 0"
    )
    return [f"read: {', '.join(said)}; {counted}"]


def _of(series: Series) -> str:
    return f" (“{series.name}”)" if series.name else ""


def _columns(run: Any) -> logs.Columns:
    if _is_frame(run):
        run = {str(name): _filled(list(run[name])) for name in run.columns}
    if checks.is_a(run, Mapping):
        return _of_lists(run)
    if checks.is_a(run, str) and ("\n" in run or "\r" in run):
        return logs.read(run)
    return logs.read(_text(run))


def _of_lists(run: Mapping[Any, Any]) -> logs.Columns:
    found: logs.Columns = {}
    for name, cells in run.items():
        column = found.setdefault(str(name), logs.Column())
        for row, cell in enumerate(checks.several(f"column {name!r}", cells, logs.LARGEST)):
            plain = cell.item() if checks.is_a(cell, np.generic) else cell
            column.add(row, row + 1, plain)
    if not any(column.values for column in found.values()):
        raise ValueError(f"a log must hold numbers, not {checks.shown(run)}")
    return {name: column for name, column in found.items() if column.values or column.strange}


def _filled(cells: list[Any]) -> list[Any]:
    """Return a table's column without the NaN that stand where a log had nothing.

    A run that has diverged does not come back: NaN between numbers are gaps, and so are then those
    behind the last.
    """
    bad = [cell != cell for cell in cells]  # of all values NaN alone is not itself
    last = max((i for i, b in enumerate(bad) if not b), default=-1)
    if any(bad[:last]):
        return [None if b else cell for cell, b in zip(cells, bad, strict=True)]
    return cells


def _text(given: str | os.PathLike[str]) -> str:
    """Return what a text file holds; PowerShell writes UTF-16."""
    path = Path(given)
    if not path.is_file():
        what = "that is a folder" if path.is_dir() else "there is no such file"
        raise FileNotFoundError(
            f"run must be losses, a trajectory or a log, not {checks.shown(str(given))}: {what}"
        )
    raw = path.read_bytes()
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    return raw.decode("utf-16" if wide else "utf-8", errors="replace")
