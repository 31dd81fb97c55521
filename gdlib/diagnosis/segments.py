"""What stretches of a run show: its halves and quarters, its level, its end.

Numbers and their words; what they mean for the run, the signs say.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdlib.descent.endings import AT_REST
from gdlib.diagnosis.evidence import Evidence

Array = NDArray[np.float64]

CHANCE = 5.0
"""A fall or a rise of so many times the scatter is none by chance."""


def half(numbers: Array) -> Array:
    """Return the second half."""
    return numbers[len(numbers) // 2 :]


def quarter(numbers: Array, which: int) -> Array:
    """Return the first to fourth quarter."""
    return numbers[(which - 1) * len(numbers) // 4 : which * len(numbers) // 4]


def means(numbers: Array, count: int) -> Array:
    """Return the means of so many equal parts."""
    return np.array([part.mean() for part in np.array_split(numbers, count)])


def scatter(numbers: Array) -> float:
    """Return the standard deviation of what is not smooth, from second differences."""
    return float(np.median(np.abs(np.diff(numbers, 2)))) / (0.6745 * 6**0.5)


def chance(numbers: Array) -> float:
    """Return how much chance may make fall or rise; nothing, where too few show their scatter."""
    return CHANCE * scatter(numbers) if len(numbers) > 2 else 0.0


def ups(numbers: Array, grain: float) -> float:
    """Return the share of rises among the moves that are more than rounding, 0 if there are few."""
    moves = np.diff(numbers)
    moves = moves[np.abs(moves) > grain]
    return float((moves > 0).mean()) if len(moves) >= 4 else 0.0


def slope(numbers: Array) -> tuple[float, float]:
    """Return the trend a step, and its standard error; neighbours may resemble each other."""
    times = np.arange(len(numbers)) - (len(numbers) - 1) / 2
    total = float(times @ times)
    trend = float(times @ numbers) / total
    rest = numbers - numbers.mean() - trend * times
    return trend, float(rest.std()) * (len(numbers) / independent(rest) / total) ** 0.5


def error(first: Array, second: Array) -> float:
    """Return the standard error of the difference of two means of correlated numbers."""
    return float(np.sqrt(sum(part.var() / independent(part) for part in (first, second))))


def independent(part: Array) -> float:
    """Return how many independent numbers a stretch is worth: N(1 − ρ)/(1 + ρ)."""
    away = part - part.mean()
    total = float(away @ away)
    rho = float(away[1:] @ away[:-1]) / total if total else 0.0
    rho = min(max(rho, 0.0), 0.98)
    return max(len(part) * (1 - rho) / (1 + rho), 1.0)


def size(run: Evidence) -> float:
    """Return the scale on which changes of J count: its fall, but at least rounding's."""
    return float(max(np.ptp(run.losses), run.grain))


def arrived(run: Evidence) -> bool:
    """Tell whether J or ‖g‖ says that the run is at the end of its way."""
    if run.norms is None:
        return bool(np.ptp(quarter(run.losses, 4)) <= run.grain)
    small = run.norms[-1] <= max(AT_REST, run.faint) * run.norms.max()
    return bool(small) and not held_up(run)


def held_up(run: Evidence) -> bool:
    """Tell a small slope that no longer shrinks, above rounding: flat ground, no minimum."""
    assert run.norms is not None
    late = half(run.norms)
    return bool(late[-1] >= late[0] > 0) and not at_rounding(run)


def at_rounding(run: Evidence) -> bool:
    """Tell whether ‖g‖ is what rounding leaves of it."""
    assert run.norms is not None
    return bool(run.norms[-1] <= run.faint * run.norms.max())


def level(run: Evidence, factor: float) -> bool:
    """Tell whether ‖g‖ (or, alone, J) keeps its size from the third quarter to the last."""
    if run.norms is not None:
        return bool(quarter(run.norms, 4).mean() > factor * quarter(run.norms, 3).mean())
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
