"""How many random cases the property tests draw: 2,000 in all, or as many as GDLIB_CASES says."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings

TOTAL = int(os.environ.get("GDLIB_CASES", "2000"))


def share(part: float) -> Callable[[Any], Any]:
    """Return hypothesis's settings for a test that draws a part of the cases, always the same."""
    return settings(
        max_examples=max(1, round(part * TOTAL)),
        derandomize=True,
        database=None,
        deadline=None,
        # Shrinking runs a failing case hundreds of times more; each builds formulas in SymPy.
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
