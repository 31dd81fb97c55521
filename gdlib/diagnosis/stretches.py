"""What stretches of a run show: its halves and quarters, its level, its end.

Numbers and their words; what they mean for the run, `symptoms` says.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib.diagnosis.evidence import Evidence

Array = NDArray[np.float64]

ARRIVED = 1e-6
"""‖g‖ below this share of its largest value: J is then within some 1e−12 of its fall of a
minimum, unless κ exceeds a million."""
STILL = 1e-13
"""Changes of J below this share of its size are rounding."""


def half(numbers: Array) -> Array:
    """Return the second half."""
    return numbers[len(numbers) // 2 :]


def quarter(numbers: Array, which: int) -> Array:
    """Return the first to fourth quarter."""
    return numbers[(which - 1) * len(numbers) // 4 : which * len(numbers) // 4]


def size(run: Evidence) -> float:
    """Return the scale on which changes of J count: its fall, but at least rounding's."""
    return float(max(np.ptp(run.losses), STILL * np.abs(run.losses).max()))


def arrived(run: Evidence) -> bool:
    """Tell whether J or ‖g‖ says that the run is at the end of its way."""
    if run.norms is None:
        return bool(np.ptp(quarter(run.losses, 4)) <= STILL * max(np.abs(run.losses).max(), 1e-300))
    return bool(run.norms[-1] <= ARRIVED * run.norms.max()) and not held_up(run)


def held_up(run: Evidence) -> bool:
    """Tell a small slope that no longer shrinks, above rounding: flat ground, no minimum."""
    assert run.norms is not None
    late = half(run.norms)
    return bool(late[-1] >= late[0] > 0) and not at_rounding(run)


def at_rounding(run: Evidence) -> bool:
    """Tell whether ‖g‖ is what rounding leaves of it."""
    assert run.norms is not None
    return bool(run.norms[-1] <= STILL * run.norms.max())


def level(run: Evidence, factor: float) -> bool:
    """Tell whether ‖g‖ (or, alone, J) keeps its size from the third quarter to the last."""
    if run.norms is not None:
        return bool(np.median(quarter(run.norms, 4)) > factor * np.median(quarter(run.norms, 3)))
    fallen = quarter(run.losses, 3).mean() - quarter(run.losses, 4).mean()
    return bool(fallen < 0.25 * np.ptp(half(run.losses)))


def turns(numbers: Array) -> float | None:
    """Return the share of inner points at which a sequence turns."""
    moves = np.sign(np.diff(numbers))
    if len(moves) < 6:
        return None
    return float((moves[1:] * moves[:-1] < 0).mean())


def typical(products: Array | None, *, late: bool) -> float | None:
    """Return the middle product of the last quarter (or of all steps), if enough are known."""
    if products is None:
        return None
    part = quarter(products, 4) if late else products
    known = part[np.isfinite(part)]
    return float(np.median(known)) if 2 * len(known) >= len(part) and len(known) else None


def steepest(run: Evidence) -> float | None:
    """Return the largest product met anywhere."""
    if run.products is None or not np.isfinite(run.products).any():
        return None
    return float(np.nanmax(run.products))


def share(flags: NDArray[np.bool_]) -> str:
    """Print how many of the flags are set."""
    return f"{float(flags.mean()):.0%}"


def two(number: float) -> str:
    """Print two digits, plainly: 0.036, 2300."""
    return f"{float(f'{number:.2g}'):g}"


def percent(part: float, whole: float) -> str:
    """Print a share with a digit or two: 12%, 0.04%, 2e−07 %."""
    part_of = 100 * float(part / whole) if whole else 0.0
    return f"{part_of:.1g}%" if part_of < 1 else f"{part_of:.0f}%"
