"""How a run ends, in words, and where one that nothing has stopped counts as at rest.

The front end has its words and numbers from here: `frontend/make.py` runs this file by itself and
prints them when the package is built. So it needs neither NumPy nor the rest of the package.
"""

from __future__ import annotations

from typing import Final, Literal

Status = Literal["converged", "diverged", "stalled", "out of steps"]
"""How a run ends; `Trajectory` says what each means, `stopping.has_diverged` decides the second."""
CONVERGED: Final = "converged"
DIVERGED: Final = "diverged"
STALLED: Final = "stalled"
OUT_OF_STEPS: Final = "out of steps"
STATUSES: Final[tuple[Status, ...]] = (CONVERGED, DIVERGED, STALLED, OUT_OF_STEPS)

AT_REST: Final = 1e-6
"""‖g‖ below this share of its largest value on the way: J is then within some 1e−12 of its fall of
a minimum, unless κ exceeds a million."""
