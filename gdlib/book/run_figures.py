"""Small pictures of what a finding looks like: J and ‖g‖ along a labelled run, as SVG.

They take the page's own colours, light or dark.
"""

from __future__ import annotations

import html
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib.descent.trajectory import Trajectory
from gdlib.diagnosis.findings import KINDS
from gdlib.diagnosis.labelled import families

Array = NDArray[np.float64]

SHOWN: dict[str, tuple[int, int, str]] = {
    "wrong sign": (0, 30, "J climbs from the first step on, smoothly"),
    "wrong scale": (0, 30, "nothing looks wrong: J falls and the gradient shrinks"),
    "wrong gradient": (0, 30, "J may fall for a while, to somewhere that is no minimum"),
    "diverged": (0, 12, "J and the gradient each grow by a constant factor a step"),
    "rate above 2/L": (0, 25, "the gradient grows along a straight line on its log scale"),
    "falls, then climbs": (0, 200, "J falls, turns, and climbs at a steady pace"),
    "spike": (2, 100, "J and the gradient leap in one step, then fall as before"),
    "bouncing": (2, 60, "J goes up and down in turn, and the gradient keeps its size"),
    "nothing learned": (2, 200, "J and the gradient hover where they began"),
    "noise floor": (1, 400, "J falls quickly to a level, and the gradient hovers far from zero"),
    "saddle passed": (
        0, 75, "J rests at a step of a stair, where the gradient falls and rises again"
    ),
    "plateau": (2, 400, "J all but stands still at its start; the gradient is small and grows"),
    "crawling in a valley": (0, 150, "a quick fall, then a long tail in which ‖g‖ hardly shrinks"),
    "rate too small": (0, 60, "J falls a little, in a straight line, and ‖g‖ hardly changes"),
    "slow fall": (1, 200, "J keeps falling, and hardly slower, at the end of the run"),
    "healthy": (0, 40, "J levels off; the gradient goes on shrinking, at last in a straight line"),
}  # fmt: skip
"""For each kind: the family that is drawn, up to which step, and what to see in it."""

_FIGURE = "max-width:var(--gd-measure);margin:0.75rem 0"
_GRID = "display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:0.5rem 1rem"
_PANEL = (
    "display:block;width:100%;height:auto;background:var(--gd-surface);"
    "border-radius:var(--gd-radius);fill:var(--gd-muted);font:11px var(--gd-sans)"
)
_CURVE = "stroke:var(--gd-accent);stroke-width:1.6;stroke-linejoin:round"
"""Their looks stand in the figures and not in the style sheet, which every page loads."""
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 300, 123, 12, 22, 23


def page(_app: Any, kind: str) -> str:
    """Return the HTML of one kind's figure."""
    if kind not in SHOWN:
        raise ValueError(f"a run is drawn for {', '.join(SHOWN)}, not for {kind!r}")
    return figure(kind)


def figure(kind: str) -> str:
    """Draw J, and ‖g‖ where it is given, of the first held-out run of a family."""
    family, steps, words = SHOWN[kind]
    values, norms = curves(kind, family)
    caption = f"{words[0].upper()}{words[1:]}."
    panels = [_panel(values[: steps + 1], "J", log=False)]
    if norms is not None:
        panels.append(_panel(norms[: steps + 1], "‖g‖, log scale", log=True))
    drawn = "J" if norms is None else "J and the norm of the gradient"
    label = html.escape(f"{drawn} over {len(values[: steps + 1]) - 1} steps: {words}.")
    return (
        f'<figure class="gd-ailing" style="{_FIGURE}">'
        f'<div style="{_GRID}" role="img" aria-label="{label}">{"".join(panels)}</div>'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def curves(kind: str, family: int) -> tuple[Array, Array | None]:
    """Return J, and ‖g‖ where it is given, of the run in the figure; labelled as in the table."""
    draw = families.FAMILIES[kind][family][2]
    given = draw(np.random.default_rng([families.HELD_OUT, list(KINDS).index(kind), family]))
    run = given["run"]
    if isinstance(run, Trajectory):
        return np.asarray(run.values, float), np.sqrt((run.gradients**2).sum(-1))
    norms = given.get("gradient_norms")
    return np.asarray(run, float), None if norms is None else np.asarray(norms, float)


def _panel(numbers: Array, name: str, *, log: bool) -> str:
    """Draw one curve over the steps, between its least and largest number."""
    shown = np.log10(np.maximum(numbers, numbers.max() * 1e-12)) if log else numbers
    low, high = float(shown.min()), float(shown.max())
    span = high - low or 1.0
    across = np.linspace(_LEFT, _WIDTH - _LEFT, len(shown))
    up = _TOP + (high - shown) / span * (_HEIGHT - _TOP - _BOTTOM)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up, strict=True))
    base = _HEIGHT - _BOTTOM + 4
    return (
        f'<svg style="{_PANEL}" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">'
        f'<path fill="none" style="stroke:var(--gd-line-strong)" d="M{_LEFT} {_TOP}V{base}'
        f'H{_WIDTH - _LEFT}"/>'
        f'<polyline points="{points}" fill="none" style="{_CURVE}"/>'
        f'<text x="{_LEFT}" y="14">{name}</text>'
        f'<text x="{_WIDTH - _LEFT}" y="14" text-anchor="end">{_scale(numbers)}</text>'
        f'<text x="{_WIDTH - _LEFT}" y="{_HEIGHT - 6}" text-anchor="end">step {len(shown) - 1}'
        "</text></svg>"
    )


def _scale(numbers: Array) -> str:
    low, high = (f"{number:.3g}" for number in (numbers.min(), numbers.max()))
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{low} to {high}").replace("-", "−")
