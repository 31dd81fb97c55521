"""A bar that shows how far a long run has come, and nothing for a short one."""

from __future__ import annotations

from typing import Any

from tqdm.auto import tqdm

from gdlib.problems import Problem

LONG = 200_000
"""Steps from which a run shows a progress bar."""
HEAVY = 20_000_000_000
"""Numbers of features that a run reads, one step after the other, from which it shows one."""


def progress_bar(steps: int, cost: Any, batch: int | None = None) -> Any:
    """Return a bar over the steps, for a `with`; on batches of so many rows, or on all of them."""
    read = 0
    if isinstance(cost, Problem):
        read = steps * (cost.rows if batch is None else batch) * cost.width
    return tqdm(total=steps, disable=steps < LONG and read < HEAVY, leave=False)
