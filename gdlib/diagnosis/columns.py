"""Which column of a log is what: losses, losses on data held out, slopes, rates, the clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.diagnosis import names
from gdlib.diagnosis.cells import Column, Columns

Array = NDArray[np.float64]


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
    again
        A count of the log that starts again within it, where no other counts the run; or None.
    """

    losses: Series
    held_out: Series | None
    norms: Series | None
    rates: Series | None
    clock: Series | None
    again: Series | None = None

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
        if not (np.abs(times) < 2**53).all() or (times != np.round(times)).any() or times[0] < 0:
            return None
        return names.unit(self.clock.name), times.astype(np.int64)


def understood(columns: Columns, loss: str | None = None) -> Log:
    """Find in a log's columns what a diagnosis can use; `loss` names the losses' own.

    Raises
    ------
    ValueError
        No column, or several, may be the losses; a cell of a column that is used is no number.
    """
    chosen = _losses(columns, loss)
    others = {name: column for name, column in columns.items() if name != chosen}
    held = [name for name in others if names.held_out(name)]
    if loss is None and names.held_out(chosen):
        held = []
    losses = _series(chosen, columns[chosen])
    clock, again = _clock(others)
    return Log(
        losses,
        _first(others, _alike(chosen, held)),
        _first(others, [name for name in others if names.is_norm(name)]),
        _first(others, [name for name in others if names.is_rate(name)]),
        clock,
        again,
    )


def _losses(columns: Columns, loss: str | None) -> str:
    """Return the name of the losses' column."""
    if loss is not None:
        checks.text("loss", loss)
        if loss not in columns:
            near = checks.did_you_mean(loss, columns)
            raise ValueError(
                f"the log has no column {checks.shown(loss)}; it has {_listed(columns)}{near}"
            )
        return loss
    named = [name for name in columns if names.is_loss(name)]
    # Before a number in running text anything may stand; only a loss's own name is believed there.
    perhaps = [n for n in columns if _may_be_loss(n, columns[n]) and not columns[n].prose]
    for group in ([name for name in named if not names.held_out(name)], named, perhaps):
        left = _preferred(columns, group)
        if len(left) == 1:
            return left[0]
        if left:
            raise ValueError(
                f"which column holds the losses must be said: loss={checks.shown(left[0])}, or"
                f" another of {_listed(left)}"
            )
    raise ValueError(
        f"no column of the log is known as losses: it has {_listed(columns)}; loss=… may name one"
    )


def _preferred(columns: Columns, group: list[str]) -> list[str]:
    """Return those of a group that are the whole loss, of training, of each step."""
    left = [name for name in group if names.whole_loss(name)] or group
    most = max((len(columns[name].values) for name in left), default=0)
    left = [name for name in left if len(columns[name].values) == most]
    left = [name for name in left if names.of_training(name)] or left
    left = [name for name in left if names.words(name) == ("loss",)] or left
    return [name for name in left if "loss" in names.words(name)] or left


def _listed(known: Iterable[str]) -> str:
    known = list(known)
    more = f" and {len(known) - 12} more" if len(known) > 12 else ""
    return ", ".join(checks.shown(name) for name in known[:12]) + more


def _alike(chosen: str, held: list[str]) -> list[str]:
    """Put first what measures the same as the losses do: val_loss for loss, not val_mse."""
    mine = names.LOSS.intersection(names.words(chosen))

    def unlike(name: str) -> tuple[bool, bool]:
        said = names.words(name)
        return mine.isdisjoint(said), "test" in said

    return sorted(held, key=unlike)


def _may_be_loss(name: str, column: Column) -> bool:
    return names.may_be_loss(name) and not _counts_unnamed(name, column)


def _counts_unnamed(name: str, column: Column) -> bool:
    """Tell a column without a name that counts: whole numbers that only grow."""
    if not name.startswith("column ") or len(column.values) < 2:
        return False
    values = np.array(column.values)
    return bool((values == np.round(values)).all() and (np.diff(values) > 0).all())


def _clock(columns: Columns) -> tuple[Series | None, Series | None]:
    """Return what counts along the run; and if nothing does, a count that starts again."""
    rank = {word: k for k, word in enumerate(names.CLOCKS)}
    counted = sorted(filter(names.counts, columns), key=lambda name: rank[names.words(name)[-1]])
    counted += [name for name in columns if _counts_unnamed(name, columns[name])]
    again = None
    # A count that starts again within each epoch is no clock of the run.
    for name in counted:
        series = Series(name, *_arrays(columns[name]))
        falls = (np.diff(series.values) < 0).any()
        if len(series.values) and columns[name].strange is None and not falls:
            return series, None
        again = again or (series if falls else None)
    return None, again


def _first(columns: Columns, found: list[str]) -> Series | None:
    return _series(found[0], columns[found[0]]) if found else None


def _arrays(column: Column) -> tuple[NDArray[np.int64], Array]:
    return np.array(column.rows, np.int64), np.array(column.values, np.float64)


def _series(name: str, column: Column) -> Series:
    if column.strange is not None:
        line, text = column.strange
        called = f"{checks.shown(name)} " if name else ""
        raise ValueError(f"line {line}: {called}must be a number, not {checks.shown(text)}")
    return Series(name, *_arrays(column))
