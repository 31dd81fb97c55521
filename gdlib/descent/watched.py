"""Learning rates that are decided on the way, from what a run has recorded."""

from __future__ import annotations

from typing import Any

import numpy as np

from gdlib import checks
from gdlib.descent.arguments import check_schedule
from gdlib.descent.held_out import HeldOut
from gdlib.descent.stopping import Piece
from gdlib.optimizers import UpdateRule
from gdlib.schedules.plateau import OnPlateau


class Watched:
    """The rates of one run, written down from one look at its cost to the next."""

    def __init__(
        self, schedule: OnPlateau, optimizer: UpdateRule, steps: int, held_out: HeldOut | None
    ) -> None:
        check_schedule(optimizer, schedule, steps)
        self.rates, self.held_out = np.empty(steps), held_out
        self.interval, self.falling = schedule.interval, schedule.falling()
        next(self.falling)

    def check_looks(self, at_once: int) -> None:
        """Refuse an interval that ends where a run, which looks once in so many steps, does not."""
        if self.interval % at_once:
            raise ValueError(
                "on_plateau's interval must be a multiple of the steps between two looks at the"
                f" cost, {at_once} in this run, not {self.interval}"
            )

    def look(self, k: int, last: Piece) -> int:
        """Decide after `k` steps which rate comes next; return how many steps have it for sure."""
        ahead = self.interval - k % self.interval
        if ahead == self.interval:
            seen = last.values[0, 0] if self.held_out is None else self.held_out.said[-1][-1, 0]
            self.rates[k : k + ahead] = self.falling.send(float(seen))
        return ahead


def watched_of(
    schedule: Any, optimizer: UpdateRule, steps: int, held_out: HeldOut | None
) -> Watched | None:
    """Return what decides the rates on the way, or None where they are known beforehand."""
    if not checks.is_a(schedule, OnPlateau):
        return None
    return Watched(schedule, optimizer, steps, held_out)
