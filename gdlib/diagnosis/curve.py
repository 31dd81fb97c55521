"""A log's losses as a picture, with what was found marked on them: SVG that suits any page.

It takes the text's colour; what was held out is dashed, and in a colour that differs from it for
every eye.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import MARKS, Finding

Array = NDArray[np.float64]

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 6, 354, 24, 166
LETTERS, WIDEST = 12, 500
"""The size of letters, in the picture's units, and its width where there is room, in pixels: on a
phone letters are then not too small, and elsewhere not too large."""
HELD_OUT = "#d55e00"
"""Okabe and Ito's vermilion."""
MOST = 600
"""Of more losses, the least and the largest of each stretch are drawn."""
WIDE = 30.0
"""Losses whose largest is so many times the least are drawn on a logarithmic scale."""


class Window(NamedTuple):
    """What is shown: steps from `first` to `last`, losses from `low` to `high`."""

    first: int
    last: int
    low: float
    high: float

    @property
    def log(self) -> bool:
        """Whether the scale is logarithmic."""
        return self.low > 0 and self.high > WIDE * self.low

    def across(self, times: Array) -> Array:
        """Return where steps stand."""
        return LEFT + (times - self.first) / max(self.last - self.first, 1) * (RIGHT - LEFT)

    def up(self, losses: Array) -> Array:
        """Return where losses stand."""
        low, high = self.low, self.high
        if self.log:
            losses, low, high = np.log(losses), float(np.log(low)), float(np.log(high))
        return BOTTOM - 4 - (losses - low) / ((high - low) or 1.0) * (BOTTOM - TOP - 8)


def drawn(train: Evidence, held: Evidence | None, findings: Sequence[Finding]) -> str:
    """Return a figure of losses over steps, or nothing for fewer than two."""
    if len(train.losses) < 2:
        return ""
    runs = [train] if held is None else [train, held]
    every = np.concatenate([run.losses for run in runs])
    last = len(train.losses) - 1 if train.ended is None else train.ended
    window = Window(train.time(0), train.time(last), float(every.min()), float(every.max()))
    lines = [_line(train, window, 'stroke="currentColor"')]
    if held is not None and len(held.losses):
        dashed = f'stroke="{HELD_OUT}" stroke-dasharray="4 3"'
        lines.append(_line(held, window, dashed, held=True))
    marks = [finding for finding in findings if finding.step is not None]
    lines += [_mark(finding, window, low=i) for i, finding in enumerate(marks)]
    unit, first, last = train.unit, window.first, window.last
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" class="gd-curve" role="img"'
        f' style="max-width:100%;width:{WIDEST}px"'
        f' aria-label="{_words(train, window, findings)}" font-size="{LETTERS}"'
        ' font-family="sans-serif" fill="currentColor">'
        f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="currentColor"/>'
        f'<text x="{LEFT}" y="14">{_key(window, held)}</text>{"".join(lines)}'
        f'<text x="{LEFT}" y="{BOTTOM + 18}">{unit} {first:,}</text>'
        f'<text x="{RIGHT}" y="{BOTTOM + 18}" text-anchor="end">{unit} {last:,}</text></svg>'
    )


def _words(train: Evidence, window: Window, findings: Sequence[Finding]) -> str:
    """Say the picture for who cannot see it."""
    way = f"from {train.losses[0]:.3g} to {train.losses[-1]:.3g}"
    steps = f"{train.unit}s {window.first:,} to {window.last:,}"
    found = ", ".join(
        finding.kind if finding.step is None else f"{finding.kind} at {train.unit} {finding.step:,}"
        for finding in findings
    )
    return html.escape(f"J over {steps}, {way}: {found}.")


def _key(window: Window, held: Evidence | None) -> str:
    scale = f"J, {window.low:.3g} to {window.high:.3g}{', log scale' if window.log else ''}"
    if held is None:
        return scale
    return f"{scale}; dashed: on data held out"


def _line(run: Evidence, window: Window, look: str, *, held: bool = False) -> str:
    kept = _kept(run.losses)
    times = np.array([run.time(int(k)) for k in kept], float)
    if held and run.times is None:  # they may be fewer, and stand for the same way
        times = window.first + times / max(len(run.losses) - 1, 1) * (window.last - window.first)
    across, up = window.across(times), window.up(run.losses[kept])
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up, strict=True))
    return f'<polyline points="{points}" fill="none" stroke-width="1.25" {look}/>'


def _kept(losses: Array) -> NDArray[np.int64]:
    """Return which losses are drawn: all, or of each stretch the least and the largest."""
    if len(losses) <= MOST:
        return np.arange(len(losses))
    parts = np.array_split(np.arange(len(losses)), MOST // 2)
    ends = {int(part[i]) for part in parts for i in (losses[part].argmin(), losses[part].argmax())}
    return np.array(sorted({0, len(losses) - 1, *ends}))


def _mark(finding: Finding, window: Window, *, low: int) -> str:
    """Draw where a finding is seen, with its name; the names of several stand below each other."""
    assert finding.step is not None
    x = float(window.across(np.array(float(finding.step))))
    right = x < (LEFT + RIGHT) / 2
    text = f"{MARKS.get(finding.kind, '!')} {html.escape(finding.kind)}"
    return (
        f'<path d="M{x:.1f} {TOP}V{BOTTOM}" stroke="currentColor" stroke-dasharray="1 2"/>'
        f'<text x="{x + (4 if right else -4):.1f}" y="{TOP + 11 + 14 * low}"'
        f' text-anchor="{"start" if right else "end"}">{text}</text>'
    )
