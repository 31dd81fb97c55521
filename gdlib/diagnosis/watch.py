"""Look at a run while it happens: a callback for a loop of any framework."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from gdlib import checks
from gdlib.diagnosis import recorded
from gdlib.diagnosis.findings import Diagnosis, Finding

ALARMS = ("diverged", "rate above 2/L", "spike", "nothing learned", "falls, then climbs")
"""What is worth stopping for. What a run shows at its end alone, `Watch.diagnosis` says."""
FIRST, OFTEN = 50, 1.1
"""A run is judged at 50 losses, and then whenever it has grown by a tenth: looking at all of them
each time, that costs as many looks as a few times the run has losses."""


class WatchError(RuntimeError):
    """A run that a `Watch` has stopped.

    Attributes
    ----------
    finding
        What it shows.
    """

    def __init__(self, finding: Finding) -> None:
        checks.instance("finding", finding, Finding, "a Finding")
        super().__init__(str(finding))
        self.finding = finding


class Watch:
    """Look at a run while it happens; it warns, or raises, when something is wrong.

    Called at each step of a training loop, it counts steps from 0.

    `watch(loss)` is enough: in PyTorch behind `optimizer.step()`, in Lightning in a module's
    `training_step`, in Keras in a `LambdaCallback`; the page "What is wrong with my run?" has a
    line for each.

    Parameters
    ----------
    raises
        Raise `WatchError` instead of warning, which stops the loop.

    Raises
    ------
    TypeError
        `raises` is neither True nor False.
    """

    def __init__(self, *, raises: bool = False) -> None:
        self.raises = checks.flag("raises", raises)
        self._columns: dict[str, list[float | None]] = {
            "loss": [], "val_loss": [], "grad_norm": [], "lr": [],
        }  # fmt: skip
        self._next = FIRST
        self._said: set[str] = set()

    def __repr__(self) -> str:
        return f"Watch({len(self)} losses)"

    def __len__(self) -> int:
        """Return how many losses it has seen."""
        return len(self._columns["loss"])

    def __call__(
        self, loss: Any, *, val_loss: Any = None, grad_norm: Any = None, lr: Any = None
    ) -> None:
        """Take note of a step.

        Parameters
        ----------
        loss
            J at this step: a number, or what has an `item()`, such as a tensor without axes. NaN
            and infinities are what it looks for.
        val_loss, grad_norm, lr
            The loss on data held out, ‖g‖ and η, when they are known.

        Raises
        ------
        TypeError
            What is no number.
        ValueError
            A norm or a rate below 0, a rate that is not finite.
        WatchError
            With `raises=True`: the run shows one of `gdlib.diagnosis.watch.ALARMS`.
        """
        value = _number("loss", loss)
        others = {"val_loss": val_loss, "grad_norm": grad_norm, "lr": lr}
        read = {name: None if n is None else _number(name, n) for name, n in others.items()}
        if (read["grad_norm"] or 0.0) < 0:
            raise ValueError(f"grad_norm must be at least 0, not {read['grad_norm']:g}")
        if read["lr"] is not None:
            checks.number("lr", read["lr"], at_least=0)
        for name, cell in {"loss": value, **read}.items():
            self._columns[name].append(cell)
        if not math.isfinite(value) or len(self) >= self._next:
            self._next = max(self._next, int(len(self) * OFTEN) + 1)
            self._look(self.diagnosis())

    def _look(self, found: Diagnosis) -> None:
        for finding in found:
            if finding.kind in ALARMS and finding.kind not in self._said:
                self._said.add(finding.kind)
                if self.raises:
                    raise WatchError(finding)
                warnings.warn(str(finding), RuntimeWarning, stacklevel=3)

    def diagnosis(self) -> Diagnosis:
        """Return what `gdlib.diagnose` says of the run so far.

        Raises
        ------
        ValueError
            It has seen no loss yet.
        """
        if not len(self):
            raise ValueError("a watch must have seen a loss before it can judge")
        given = {
            name: cells
            for name, cells in self._columns.items()
            if any(cell is not None for cell in cells)
        }
        return recorded.diagnosed({"step": range(len(self)), **given}, "loss")


def _number(name: str, value: Any) -> float:
    """Return a number of Python, NumPy or a framework, NaN and infinities too."""
    plain = value
    if checks.is_a(value, (np.ndarray, np.generic)):
        plain = value[()] if not checks.is_a(value, np.ma.MaskedArray) else value
    elif callable(item := checks.attribute(value, "item")):
        try:
            plain = item()
        except Exception:  # a tensor with axes
            raise TypeError(f"{name} must be a number, not {checks.shown(value)}") from None
    return float(plain) if checks.is_a(plain, (float, np.floating)) else checks.number(name, plain)
