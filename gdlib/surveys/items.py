"""The items of a survey: what was found, in sentences with their numbers."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gdlib.descent.basins import ESCAPED, UNDECIDED, Basins
from gdlib.landscapes import Landscape
from gdlib.landscapes.critical_points import CriticalPoint
from gdlib.surveys.curvature import Scaled, Spectrum
from gdlib.surveys.minima import Minimum, Missing
from gdlib.surveys.result import Item, item
from gdlib.surveys.words import number, point, short, times, value

Array = NDArray[np.float64]

HELPS = 2.0
"""A change of units that lowers κ by less than this factor does not help."""
SMALL, CORRELATED = 4.0, 0.9
"""A κ up to this is no trouble; features that are correlated more deserve a word."""
SAME = 1e-9
"""Curvatures that differ by a smaller share are equal, but for rounding."""
LISTED, MOST_NAMED = 4, 12
"""Critical points of a kind that are listed by their places; parameters."""


def curvature(
    spectrum: Spectrum,
    where: str,
    *,
    everywhere: bool = False,
    hidden: bool = False,
    start: tuple[Spectrum, str] | None = None,
) -> Item:
    """Say the curvatures at a place, and those at the start where that is another.

    `hidden` are curvatures that rounding makes 0.
    """
    low, high, topic = spectrum.lowest, spectrum.largest, "curvature"
    numbers = {"lowest": low, "largest": high, "kappa": spectrum.kappa}
    if low < 0:
        said, topic = _down(spectrum, where), "convex"
    else:
        said = f"{where} {_range(spectrum)}{_kappa(spectrum, hidden)}"
        said = f"J is convex: {said}" if everywhere else said
    if start is not None:
        here, there = start
        numbers |= {"lowest_at_start": here.lowest, "largest_at_start": here.largest}
        if here.lowest < 0:
            said += f". {_down(here, there.capitalize())}"
        elif _range(here) != _range(spectrum):
            said += f". {there.capitalize()} {_range(here)}"
    return item("curvature", topic, f"{said}.", **numbers)


def _down(spectrum: Spectrum, where: str) -> str:
    ways = "every direction" if spectrum.largest < 0 else "some direction"
    return f"{where} {_range(spectrum)}: J curves down in {ways}, so it is not convex"


def _range(spectrum: Spectrum) -> str:
    low, high = spectrum.lowest, spectrum.largest
    if len(spectrum.values) == 1:
        return f"the curvature is {number(high)}"
    if high - low <= SAME * abs(high):
        return f"every curvature is {number(high)}"
    signs = ("μ = ", "L = ") if low >= 0 else ("", "")
    return f"the curvatures run from {signs[0]}{number(low)} to {signs[1]}{number(high)}"


def _kappa(spectrum: Spectrum, hidden: bool) -> str:
    if len(spectrum.values) == 1 or math.isnan(spectrum.kappa):
        return ""
    if math.isinf(spectrum.kappa):
        flat = times(spectrum.flat, "direction has no curvature", "directions have no curvature")
        return f"; {flat}{' but for rounding' if hidden else ', so κ is infinite'}"
    return f"; κ = L/μ = {number(spectrum.kappa)}"


def rates_at(spectrum: Spectrum, where: str) -> Item | None:
    """Say the limit of the rate at a place that is no minimum."""
    high = spectrum.largest
    if high <= 0:
        return None
    two, one = number(2 / high), number(1 / high)
    said = f"{where} 2/L = {two} and 1/L = {one}; where L is larger, only smaller rates are stable"
    return item("rates", "rates", f"{said}.", two_over_L=2 / high, one_over_L=1 / high)


def rates(spectrum: Spectrum, where: str, quadratic: bool) -> Item | None:
    """Say which rates are stable with the curvatures of a minimum, and how fast the best is."""
    high, kappa = spectrum.largest, spectrum.kappa
    if high <= 0:
        return None
    found, topic = {"two_over_L": 2 / high, "one_over_L": 1 / high}, "rates"
    said = f"{where}, rates below 2/L = {number(2 / high)} are stable; 1/L = {number(1 / high)}"
    if 1 + SAME < kappa < math.inf:
        best, factor = 2 / (spectrum.lowest + high), (kappa - 1) / (kappa + 1)
        steps = math.ceil(math.log(10) / (2 * math.atanh(1 / kappa)) - SAME)
        found |= {"best": best, "factor": factor, "steps": steps}
        topic = "steps" if kappa > SMALL else topic
        said += (
            f". Fastest is 2/(μ + L) = {number(best)}: a step leaves at most (κ − 1)/(κ + 1) ="
            f" {_factor(kappa)} of the error, and {_steps(steps)} at most a tenth"
        )
    elif quadratic and math.isfinite(kappa):
        said += ", with which one step is enough"
    return item("rates", topic, f"{said}.", **found)


def _steps(count: int) -> str:
    return times(count, "step") if count < 1000 else f"{number(count)} steps"


def _factor(kappa: float) -> str:
    """Return (κ − 1)/(κ + 1) with the digits that tell it from 1."""
    left = 2 / (kappa + 1)
    if left < 1e-4:
        return f"1 − {number(left)}"
    return f"{1 - left:.{3 if left > 0.01 else 1 - math.floor(math.log10(left))}g}"


def table_scaling(scaled: Scaled, names: list[str]) -> Item:
    """Say what standardised features do to κ."""
    before, after = scaled.before.kappa, scaled.after.kappa
    how = (
        "with standardised features (less their mean, over their standard deviation)"
        if scaled.centred
        else "with each feature divided by its root mean square"
    )
    how += ", the constant ones left out," if scaled.dropped else ""
    said = _changed(before, after, f"{how}{scaled.there}", counted=not scaled.at_zero)
    if scaled.correlated and after > SMALL and abs(scaled.correlated[2]) > CORRELATED:
        i, j, r = scaled.correlated
        said += (
            f". “{short(names[i])}” and “{short(names[j])}” are correlated (r = {r:.4f}), which"
            " no change of units mends"
        )
    return item("scaling", "scaling", f"{said}.", before=before, after=after)


def formula_scaling(before: Spectrum, after: Spectrum, there: str) -> Item:
    """Say what new units of the variables do to κ at the minimum; `there`, if it varies."""
    said = _changed(before.kappa, after.kappa, f"with each variable in units of 1/√Hᵢᵢ{there}")
    if after.kappa > SMALL:
        said += ". The rest is a valley at an angle, which no change of units turns"
    return item("scaling", "scaling", f"{said}.", before=before.kappa, after=after.kappa)


def _changed(before: float, after: float, how: str, counted: bool = True) -> str:
    """Say how κ changes; `counted` steps shrink with it, near the minimum."""
    if math.isinf(after):
        return f"it does not help: {how} κ stays infinite"
    if before <= SMALL:
        return f"little to gain, for κ is only {_size(before)}"
    if after * HELPS <= before:
        gain = f", about {number(before / after)} times fewer steps"
        gain = gain if counted and math.isfinite(before) else ""
        return f"{how} κ falls from {_size(before)} to {_size(after)}{gain}"
    word = "stays" if number(before) == number(after) else f"goes from {_size(before)} to"
    return f"it does not help much: {how} κ {word} {_size(after)}"


def _size(kappa: float) -> str:
    return "infinity" if math.isinf(kappa) else number(kappa)


def critical(found: list[CriticalPoint], size: float, convex: bool, box: str = "") -> Item:
    """Say where the landscape is flat, and of which kind each point is; at least one.

    `box` is where they were found, if there may be others elsewhere.
    """
    kinds = {"minimum": "minima", "saddle": "saddles", "maximum": "maxima", "degenerate": ""}
    said, counts = [], {}
    for kind, many in kinds.items():
        points = [c for c in found if c.kind == kind]
        counts[many or kind] = len(points)
        if points:
            one = kind if many else "degenerate point"
            said.append(f"{times(len(points), one, many)}{_places(points, size)}")
    topic = "convex" if convex else "critical points"
    where = f"found in {box}: " if box else ""
    return item("critical points", topic, f"{where}{'; '.join(said)}.", **counts)


def _places(points: list[CriticalPoint], size: float) -> str:
    places = [f"{point(c.point, size)} with J = {value(c.value)}" for c in points[:LISTED]]
    if len(points) == 1:
        return f" at {places[0]}"
    if len(points) <= LISTED:
        return f": {', '.join(places)}"
    return f", the lowest at {places[0]}"


def one_minimum(found: Minimum, names: list[str], size: float = 1.0) -> Item:
    """Say where the only minimum is, or the one that Newton's method finds."""
    small = np.abs(found.point) <= 1e-9 * size
    pairs = [
        f"{short(n)} = {number(0.0 if zero else x)}"
        for n, x, zero in zip(names, found.point.tolist(), small, strict=True)
    ]
    more = ", …" if len(pairs) > MOST_NAMED else ""
    which = "one minimum, for J is convex" if found.convex else "Newton's method finds a minimum"
    said = f"{which}: {', '.join(pairs[:MOST_NAMED])}{more}, with J = {value(found.value)}"
    return item("critical points", "convex", f"{said}.", minima=1, value=found.value)


def of_data(found: Minimum | Missing, names: list[str]) -> Item:
    """Say where the minimum of a problem is, or why it has none."""
    if isinstance(found, Minimum):
        return one_minimum(found, names)
    return item("critical points", "convex", f"{found.why}.", minima=0)


def corners() -> Item:
    """Say what curvatures leave out."""
    return item(
        "corners",
        "corners",
        "the slope may jump; the curvatures are those of the smooth pieces between, and in a corner"
        " a constant rate settles only by luck.",
    )


def basins(
    found: Basins, rate: float, size: float, steps: int, lost: tuple[float, float] | None = None
) -> Item:
    """Say which share of starts reaches which minimum, the lowest first.

    `lost` is a larger rate, and the share of starts that diverge with it.
    """
    order = sorted(
        zip(found.points, found.shares.tolist(), strict=True),
        key=lambda pair: (round(pair[0].value, 9), pair[0].point),
    )
    said = [f"{_share(share)} reach {point(c.point, size)}" for c, share in order[:LISTED]]
    if len(order) > LISTED:
        said.append(f"{_share(sum(share for _, share in order[LISTED:]))} reach others")
    unsettled = f"have not arrived after {times(steps, 'step')}"
    for code, words in ((ESCAPED, "diverge"), (UNDECIDED, unsettled)):
        if share := float((found.labels == code).mean()):
            said.append(f"{_share(share)} {words}")
    starts = f"of {times(found.labels.size, 'start')} in {box_of(found.landscape)}"
    numbers = {f"share_{i}": share for i, (_, share) in enumerate(order)}
    larger = ""
    if lost is not None and lost[0] != rate:
        larger = f" (with {number(lost[0])}, {_share(lost[1])} diverge)"
    said.insert(0, f"with η = {number(rate)}{larger}")
    return item("basins", "basins", f"{starts}, {', '.join(said)}.", **numbers)


def box_of(cost: Landscape) -> str:
    """Return a landscape's bounds as a product of intervals."""
    return " × ".join(f"[{number(low)}, {number(high)}]" for low, high in cost.bounds)


def _share(share: float) -> str:
    return f"{share:.0%}" if share >= 0.005 or not share else "under 1%"
