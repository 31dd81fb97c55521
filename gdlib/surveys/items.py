"""The items of a survey: what was found, in sentences with their numbers."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gdlib.descent.basins import ESCAPED, UNDECIDED, Basins
from gdlib.descent.endings import CONVERGED, DIVERGED
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes.critical_points import CriticalPoint
from gdlib.surveys.curvature import Scaled, Spectrum
from gdlib.surveys.minima import Minimum, Missing
from gdlib.surveys.result import Item
from gdlib.surveys.trial import ROUNDING, Trial
from gdlib.surveys.words import number, point, short, times

Array = NDArray[np.float64]

HELPS = 2.0
"""A change of units that lowers κ by less than this factor does not help."""
SMALL, CORRELATED = 4.0, 0.9
"""A κ up to this is no trouble; features that are correlated more deserve a word."""
SAME = 1e-9
"""Curvatures that differ by a smaller share are equal, but for rounding."""
LISTED, MOST_NAMED, FIRST = 4, 12, 4
"""Critical points of a kind that are listed by their places; parameters; values of a run."""


def item(heading: str, topic: str, sentence: str, **numbers: float) -> Item:
    """Make an item; numbers that are none are left out."""
    known = {name: float(x) for name, x in numbers.items() if not math.isnan(x)}
    return Item(heading, sentence, known, topic)


def curvature(spectrum: Spectrum, where: str, everywhere: bool) -> Item:
    """Say the curvatures at a place."""
    low, high, topic = spectrum.lowest, spectrum.largest, "curvature"
    if low < 0:
        ways = "every direction" if high <= 0 else "some direction"
        said = f"{where} {_range(spectrum)}: J curves down in {ways}, so it is not convex"
        topic = "convex"
    else:
        said = f"{where} {_range(spectrum)}{_kappa(spectrum)}"
        said = f"J is convex: {said}" if everywhere else said
    return item("curvature", topic, f"{said}.", lowest=low, largest=high, kappa=spectrum.kappa)


def _range(spectrum: Spectrum) -> str:
    low, high = spectrum.lowest, spectrum.largest
    if len(spectrum.values) == 1:
        return f"the curvature is {number(high)}"
    if high - low <= SAME * abs(high):
        return f"every curvature is {number(high)}"
    signs = ("μ = ", "L = ") if low >= 0 else ("", "")
    return f"the curvatures run from {signs[0]}{number(low)} to {signs[1]}{number(high)}"


def _kappa(spectrum: Spectrum) -> str:
    if len(spectrum.values) == 1 or math.isnan(spectrum.kappa):
        return ""
    if math.isinf(spectrum.kappa):
        flat = times(spectrum.flat, "direction has no curvature", "directions have no curvature")
        return f"; {flat}, so κ is infinite"
    return f"; κ = L/μ = {number(spectrum.kappa)}"


def rates(spectrum: Spectrum, where: str, near: bool, quadratic: bool) -> Item | None:
    """Say which rates are stable with these curvatures; `near` a minimum, how fast the best is."""
    high, kappa = spectrum.largest, spectrum.kappa
    if high <= 0:
        return None
    two, one = number(2 / high), number(1 / high)
    found, topic = {"two_over_L": 2 / high, "one_over_L": 1 / high}, "rates"
    if spectrum.lowest < 0:
        said = f"{where} a rate above 2/L = {two} overshoots where J curves up most; 1/L = {one}"
        return item("rates", topic, f"{said}.", **found)
    said = f"{where} rates below 2/L = {two} are stable; 1/L = {one}"
    if near and 1 + SAME < kappa < math.inf:
        best, factor = 2 / (spectrum.lowest + high), (kappa - 1) / (kappa + 1)
        steps = math.ceil(math.log(10) / (2 * math.atanh(1 / kappa)) - SAME)
        found |= {"best": best, "factor": factor, "steps": steps}
        topic = "steps" if kappa > SMALL else topic
        said += (
            f". Fastest is 2/(μ + L) = {number(best)}: a step leaves at most (κ − 1)/(κ + 1) ="
            f" {_factor(kappa)} of the error, and {_steps(steps)} at most a tenth"
        )
    elif near and quadratic and math.isfinite(kappa):
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
    how += " at θ = 0" if scaled.at_zero else ""
    said = _changed(before, after, how)
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


def _changed(before: float, after: float, how: str) -> str:
    if math.isinf(after):
        return f"it does not help: {how} κ stays infinite"
    if before <= SMALL:
        return f"little to gain, for κ is only {_size(before)}; {how} it is {_size(after)}"
    if after * HELPS <= before:
        gain = "" if math.isinf(before) else f", about {number(before / after)} times fewer steps"
        return f"{how} κ falls from {_size(before)} to {_size(after)}{gain}"
    word = "stays" if number(before) == number(after) else f"goes from {_size(before)} to"
    return f"it does not help much: {how} κ {word} {_size(after)}"


def _size(kappa: float) -> str:
    return "infinity" if math.isinf(kappa) else number(kappa)


def critical(found: list[CriticalPoint], size: float, convex: bool) -> Item:
    """Say where the landscape is flat, and of which kind each point is; at least one."""
    kinds = {"minimum": "minima", "saddle": "saddles", "maximum": "maxima", "degenerate": ""}
    said, counts = [], {}
    for kind, many in kinds.items():
        points = [c for c in found if c.kind == kind]
        counts[many or kind] = len(points)
        if points:
            one = kind if many else "degenerate point"
            said.append(f"{times(len(points), one, many)}{_places(points, size)}")
    topic = "convex" if convex else "critical points"
    return item("critical points", topic, f"{'; '.join(said)}.", **counts)


def _places(points: list[CriticalPoint], size: float) -> str:
    places = [f"{point(c.point, size)} with J = {_value(c.value)}" for c in points[:LISTED]]
    if len(points) == 1:
        return f" at {places[0]}"
    if len(points) <= LISTED:
        return f": {', '.join(places)}"
    return f", the lowest at {places[0]}"


def _value(value: float) -> str:
    return number(0.0 if abs(value) < 1e-12 else value)


def one_minimum(found: Minimum, names: list[str], size: float = 1.0) -> Item:
    """Say where the only minimum is, or the one that Newton's method finds."""
    small = np.abs(found.point) <= 1e-9 * size
    pairs = [
        f"{short(n)} = {number(0.0 if zero else x)}"
        for n, x, zero in zip(names, found.point.tolist(), small, strict=True)
    ]
    more = ", …" if len(pairs) > MOST_NAMED else ""
    which = "one minimum, for J is convex" if found.convex else "Newton's method finds a minimum"
    said = f"{which}: {', '.join(pairs[:MOST_NAMED])}{more}, with J = {_value(found.value)}"
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
        "the slope may jump here: curvatures are those of the smooth pieces, and near a corner no"
        " constant rate settles.",
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
    box = " × ".join(f"[{number(low)}, {number(high)}]" for low, high in found.landscape.bounds)
    starts = f"of {times(found.labels.size, 'start')} in {box}"
    numbers = {f"share_{i}": share for i, (_, share) in enumerate(order)}
    larger = ""
    if lost is not None and lost[0] != rate:
        larger = f" (with {number(lost[0])}, {_share(lost[1])} diverge)"
    said.insert(0, f"with η = {number(rate)}{larger}")
    return item("basins", "basins", f"{starts}, {', '.join(said)}.", **numbers)


def _share(share: float) -> str:
    return f"{share:.0%}" if share >= 0.005 or not share else "under 1%"


def first_rate(trial: Trial, topic: str, ends: str = "minimum") -> Item:
    """Say the rate that was tried, why it, and what the run did; `ends` at which kind of point."""
    run = trial.run
    first = ", ".join(number(v) for v in run.values[:FIRST].tolist())
    said = f"η = {number(trial.rate)}, {trial.why}. Tried from the start: J = {first}"
    said += f"{', …' if run.steps >= FIRST else ''}; {_ending(run)}"
    if ends in ("saddle", "maximum"):
        said += f"; that is a {ends}, so start elsewhere"
    return item("first rate", topic, f"{said}.", learning_rate=trial.rate, steps=float(run.steps))


def _ending(run: Trajectory) -> str:
    """Say in words how a trial's run ended."""
    last, taken = _value(float(run.values[-1])), times(int(run.steps), "step")
    if run.status == CONVERGED and not run.steps:
        return "there the slope is 0 already, and no rate moves"
    if run.status == CONVERGED:
        return f"after {taken} it has converged: J = {last}, the slope a millionth of the first"
    if run.status == DIVERGED:
        return f"it diverged after {taken}"
    late = run.values[len(run.values) // 2 :]
    if (np.diff(late) <= ROUNDING * np.abs(run.values).max()).all():
        return f"after {taken} J = {last} and still falls"
    low, high = number(float(late.min())), number(float(late.max()))
    return f"after {taken} it bounces, with J from {low} to {high}"


def beyond(trial: Trial, on: Trajectory) -> Item:
    """Say that J was seen to fall without end, or that runs leave where it is finite."""
    said = f"with η = {number(trial.rate)} J falls from {number(float(trial.run.values[0]))}"
    if not trial.far:
        said += ", step by step, until the run leaves where J and its slope are finite"
    else:
        said = f"J falls without end, as far as was seen: {said}"
        # Of what overflows no digit is the same everywhere.
        if on.status == DIVERGED:
            said += " until numbers overflow"
        else:
            last, place = number(float(on.values[-1])), point(on.end)
            said += f" to {last} at {place}, on a slope that is no less"
    return item("first rate", "first rate", f"none: {said}.")


def no_rate(reason: str = "") -> Item:
    """Say that there is no rate to suggest, and why."""
    usual = (
        "with each of 1, 0.3, 0.1, … 1e-12 J rises from the start, or the run leaves where it is"
        " finite"
    )
    return item("first rate", "first rate", f"none: {reason or usual}.")
