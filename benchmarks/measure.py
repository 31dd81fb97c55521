"""Time two ways of doing the same, in turn, and compare them pair by pair."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    what
        What is done.
    ours, theirs
        Median seconds, of gdlib and of the alternative.
    alternative
        What a reader would use instead, or what is said of a time alone.
    ratio
        Median over the pairs of theirs / ours.
    aim
        The ratio to reach, or the seconds not to exceed where there is no alternative.
    """

    what: str
    ours: float
    theirs: float | None
    alternative: str
    ratio: float | None
    aim: float | None

    @property
    def reached(self) -> bool | None:
        """Whether the aim is met."""
        if self.aim is None:
            return None
        return self.ours <= self.aim if self.ratio is None else self.ratio >= self.aim


def seconds(run: Callable[[], object]) -> float:
    """Time one run."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def cpu_seconds(run: Callable[[], object]) -> float:
    """Time one run by what this process alone has computed, whatever else the machine does."""
    begun = time.process_time()
    run()
    return time.process_time() - begun


def compare(
    what: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    alternative: str,
    *,
    aim: float | None = None,
    pairs: int = 7,
    clock: Callable[[Callable[[], object]], float] = seconds,
) -> Row:
    """Run both in turn, A B A B …, after one warm-up each; noise then strikes both alike.

    Where neither has threads, the `clock` may be `cpu_seconds`: nothing else then counts.
    """
    ours()
    theirs()
    times = [(clock(ours), clock(theirs)) for _ in range(pairs)]
    return Row(
        what,
        statistics.median(a for a, _ in times),
        statistics.median(b for _, b in times),
        alternative,
        statistics.median(b / a for a, b in times),
        aim,
    )
