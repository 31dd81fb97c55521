"""A claim's chart as SVG: what was measured at each value of the control, and what is the limit.

A disc is a value at which the claim holds, a cross one at which it fails; the values stand at equal
distances, whatever they are. The page's script moves the ring.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence

from gdlib.book.claims.claim import Claim, Measured
from gdlib.book.claims.numbers import shown

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 340, 176, 60, 14, 12, 24
_HIGHEST, _TIMES = 1e12, 10
"""What diverges stands at the upper edge, with what is larger than this; without a logarithm, with
what is so many times larger than a limit."""
_DISC = '<circle r="4.5"/>'
_CROSS = '<path d="M-4-4L4 4M-4 4L4-4"/>'


def chart(claim: Claim, numbers: Sequence[float]) -> str:
    """Return the chart, with a text for who cannot see it."""
    height = _heights(claim.measured, numbers)
    across = _across(len(numbers))
    points = [(x, height(number)) for x, number in zip(across, numbers, strict=True)]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    marks = "".join(
        _mark(place, claim.measured.holds(number))
        for place, number in zip(points, numbers, strict=True)
    )
    lines = "".join(_limit(height(limit), limit) for limit in claim.measured.limits)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{html.escape(told(claim))}">'
        f'<path class="gd-axis" d="M{_LEFT - 8} {_TOP}V{_HEIGHT - _BOTTOM}H{_WIDTH}"/>{lines}'
        f'<polyline class="gd-way" points="{way}"/>{marks}{_ticks(claim, numbers, height, across)}'
        "</svg>"
    )


def told(claim: Claim) -> str:
    """Say what the chart shows; the numbers stand in the table below it."""
    low, high = claim.control.values[0], claim.control.values[-1]
    return (
        f"{claim.measured.says}, for {claim.control.says} from {shown(low)} to {shown(high)};"
        f" the claim holds where it is {bounds(claim.measured)}. The numbers follow in a table."
    )


def bounds(measured: Measured) -> str:
    """Say between which numbers a claim holds."""
    least, most = shown(measured.at_least), shown(measured.at_most)
    if math.isinf(measured.at_least):
        return f"at most {most}"
    return f"at least {least}" if math.isinf(measured.at_most) else f"from {least} to {most}"


def _heights(measured: Measured, numbers: Sequence[float]) -> Callable[[float], float]:
    """Return where a number stands, from the axis' top to its foot, with the limits in sight."""
    seen = [number for number in (*numbers, *measured.limits) if math.isfinite(number)]
    least = min((abs(number) for number in seen if number), default=1.0)
    if len(seen) < len(numbers) + len(measured.limits):
        seen.append(max(seen) * (100 if measured.log else 1.2))

    highest = _HIGHEST if measured.log else _TIMES * max(map(abs, measured.limits))

    def scaled(number: float) -> float:
        number = min(number, highest)
        return math.log10(max(number, least, 1 / _HIGHEST)) if measured.log else number

    low, high = min(map(scaled, seen)), max(map(scaled, seen))
    span = (high - low) or 1.0
    room = _HEIGHT - _BOTTOM - _TOP - 16
    return lambda number: _TOP + 8 + (high - min(high, scaled(number))) / span * room


def _across(count: int) -> list[float]:
    step = (_WIDTH - _LEFT - _RIGHT) / (count - 1)
    return [_LEFT + step * i for i in range(count)]


def _mark(place: tuple[float, float], holds: bool) -> str:
    kind, shape = ("gd-yes", _DISC) if holds else ("gd-no", _CROSS)
    return f'<g class="{kind}" transform="translate({place[0]:.1f},{place[1]:.1f})">{shape}</g>'


def _limit(height: float, limit: float) -> str:
    return (
        f'<path class="gd-limit" d="M{_LEFT - 8} {height:.1f}H{_WIDTH}"/>'
        f'<text x="{_LEFT - 12}" y="{height + 4:.1f}" text-anchor="end">{shown(limit)}</text>'
    )


def _ticks(
    claim: Claim,
    numbers: Sequence[float],
    height: Callable[[float], float],
    across: Sequence[float],
) -> str:
    """Name the ends of both axes, and the control's middle; a limit has its own number."""
    values, at = claim.control.values, (0, len(numbers) // 2, len(numbers) - 1)
    anchors = ("middle", "middle", "end")
    foot = "".join(
        f'<text x="{across[i] + (_RIGHT - 2) * (a == "end"):.1f}" y="{_HEIGHT - 6}"'
        f' text-anchor="{a}">{shown(values[i])}</text>'
        for i, a in zip(at, anchors, strict=True)
    )
    limits = [height(limit) for limit in claim.measured.limits]
    ends = {min(numbers), max(numbers)}
    side = "".join(
        f'<text x="{_LEFT - 12}" y="{height(end) + 4:.1f}" text-anchor="end">'
        f"{shown(end, brief=True)}</text>"
        for end in ends
        if all(abs(height(end) - limit) > 19 for limit in limits)
    )
    return foot + side
