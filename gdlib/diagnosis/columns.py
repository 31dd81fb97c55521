"""Which column of a log is what: losses, losses on data held out, slopes, rates, the clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.diagnosis.logs import Column, Columns

Array = NDArray[np.float64]

LOSS = {
    "loss",
    "cost",
    "error",
    "err",
    "objective",
    "nll",
    "mse",
    "rmse",
    "mae",
    "logloss",
    "perplexity",
    "ppl",
    "j",
    "energy",
    "value",
    "criterion",
    "deviance",
}
HELD_OUT = {
    "val",
    "valid",
    "validation",
    "eval",
    "evaluation",
    "test",
    "testing",
    "dev",
    "heldout",
    "held",
    "holdout",
}
TRAIN = {"train", "training"}
PARTLY = {"batch", "running", "avg", "mean", "total", "step", "epoch", "smoothed"}
"""Words beside a loss that leave it the whole loss."""
RATES = {"lr", "learning rate", "learningrate", "step size"}
CLOCKS = (
    "step",
    "steps",
    "iter",
    "iteration",
    "iterations",
    "it",
    "batch",
    "update",
    "round",
    "epoch",
    "epochs",
)
"""In the order in which they are preferred."""


@dataclass(frozen=True, eq=False)
class Series:
    """One quantity of a log: what its column is called, its rows in the log, its numbers."""

    name: str
    rows: NDArray[np.int64]
    values: Array


@dataclass(frozen=True, eq=False)
class Log:
    """What a log says of a run.

    Attributes
    ----------
    losses
        The losses that descend: of the training data, or the only ones there are.
    held_out
        Losses on data held out, if the log has them beside the others.
    norms, rates
        ‖g‖ and η, if it has them.
    clock
        The step or epoch of each loss, if it has them, and what it counts: "step", "epoch".
    """

    losses: Series
    held_out: Series | None
    norms: Series | None
    rates: Series | None
    clock: Series | None

    def at(self, series: Series) -> tuple[str, NDArray[np.int64]] | None:
        """Return what counts along a series, and its number at each value, if the log has it."""
        if self.clock is None:
            return None
        # The clock may stand in a line of its own, before what it counts.
        place = np.searchsorted(self.clock.rows, series.rows, side="right") - 1
        if not len(place) or place[0] < 0:
            return None
        times = self.clock.values[place]
        if not (np.isfinite(times).all() and (np.diff(times) > 0).all()):
            return None
        if not (np.abs(times) < 2**53).all() or (times != np.round(times)).any():
            return None
        unit = "epoch" if "epoch" in _words(self.clock.name) else "step"
        return unit, times.astype(np.int64)


def understood(columns: Columns, loss: str | None = None) -> Log:
    """Find in a log's columns what a diagnosis can use; `loss` names the losses' own.

    Raises
    ------
    ValueError
        No column, or several, may be the losses; a cell of a column that is used is no number.
    """
    chosen = _losses(columns, loss)
    others = {name: column for name, column in columns.items() if name != chosen}
    held = [name for name in others if _held_out(name)]
    if loss is None and _held_out(chosen):
        held = []
    return Log(
        _series(chosen, columns[chosen]),
        _first(others, _alike(chosen, held)),
        _first(others, [name for name in others if _is_norm(name)]),
        _first(others, [name for name in others if _is_rate(name)]),
        _clock(others),
    )


def _words(name: str) -> list[str]:
    """Return a name's words: val_loss, valLoss and "val loss" have the same two."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[^\w‖∥]|_", " ", parted).lower().split()


def _held_out(name: str) -> bool:
    return not HELD_OUT.isdisjoint(_words(name)) and _is_loss(name)


def _is_loss(name: str) -> bool:
    return not LOSS.isdisjoint(_words(name)) and not _is_norm(name)


def _is_norm(name: str) -> bool:
    words = " ".join(_words(name))
    return "gnorm" in words or ("norm" in words and "grad" in words) or words in ("‖g‖", "∥g∥")


def _is_rate(name: str) -> bool:
    words = _words(name)
    return any(part in RATES for part in (*words, " ".join(words), " ".join(words[:2])))


def _losses(columns: Columns, loss: str | None) -> str:
    """Return the name of the losses' column."""
    if loss is not None:
        checks.text("loss", loss)
        if loss not in columns:
            near = checks.did_you_mean(loss, columns)
            raise ValueError(f"the log has no column {loss!r}; it has {_listed(columns)}{near}")
        return loss
    named = [name for name in columns if _is_loss(name)]
    for group in (
        [name for name in named if not _held_out(name)],
        named,
        [
            n
            for n in columns
            if not (_is_norm(n) or _is_rate(n) or _counts(n, columns[n]) or _is_time(n))
        ],
    ):
        whole = [n for n in group if not set(_words(n)) - LOSS - TRAIN - PARTLY] or group
        most = max((len(columns[name].values) for name in whole), default=0)
        # Losses of each step rather than of each epoch.
        whole = [name for name in whole if len(columns[name].values) == most]
        whole = [name for name in whole if not TRAIN.isdisjoint(_words(name))] or whole
        whole = [name for name in whole if _words(name) == ["loss"]] or whole
        if len(whole) == 1:
            return whole[0]
        if whole:
            raise ValueError(
                f"which column holds the losses must be said: loss={whole[0]!r}, or another of"
                f" {_listed(whole)}"
            )
    raise ValueError(f"no column of the log is known as losses: it has {_listed(columns)}")


def _listed(names: Any) -> str:
    known = [repr(name) for name in names]
    return ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")


def _alike(chosen: str, held: list[str]) -> list[str]:
    """Put first what measures the same as the losses do: val_loss for loss, not val_mse."""
    mine = LOSS.intersection(_words(chosen))
    return sorted(
        held, key=lambda name: (mine.isdisjoint(_words(name)), bool({"test"} & {*_words(name)}))
    )


def _is_time(name: str) -> bool:
    return not {
        "time",
        "wall",
        "seconds",
        "sec",
        "elapsed",
        "timestamp",
        "date",
        "runtime",
    }.isdisjoint(_words(name))


def _counts(name: str, column: Column) -> bool:
    if not {*CLOCKS}.isdisjoint(_words(name)):
        return True
    values = np.array(column.values)
    return name.startswith("column ") and bool(
        (values == np.round(values)).all() and (np.diff(values) > 0).all()
    )


def _clock(columns: Mapping[str, Column]) -> Series | None:
    named = [
        (rank, name)
        for rank, word in enumerate(CLOCKS)
        for name in columns
        if _words(name)[-1:] == [word]
    ]
    counted = [name for _, name in sorted(named, key=lambda pair: pair[0])]
    counted += [
        name for name in columns if name.startswith("column ") and _counts(name, columns[name])
    ]
    # A count that starts again within each epoch is no clock of the run.
    for name in counted:
        values = np.array(columns[name].values)
        if len(values) and not (np.diff(values) < 0).any():
            return _series(name, columns[name])
    return None


def _first(columns: Mapping[str, Column], names: list[str]) -> Series | None:
    return _series(names[0], columns[names[0]]) if names else None


def _series(name: str, column: Column) -> Series:
    if column.strange is not None:
        line, text = column.strange
        called = f"{name!r} " if name else ""
        raise ValueError(f"line {line}: {called}must be a number, not {checks.shown(text)}")
    return Series(name, np.array(column.rows, np.int64), np.array(column.values))
