"""Small pictures of what a finding looks like: J and ‖g‖ along a labelled run, as SVG.

They take the page's own colours, light or dark.
"""

from __future__ import annotations

import html
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib.book import labelled_runs
from gdlib.diagnosis.findings import KINDS
from gdlib.trajectory import Trajectory

Array = NDArray[np.float64]

SHOWN: dict[str, tuple[int, int, str]] = {
    "wrong sign": (0, 30, "J climbs from the first step on, smoothly"),
    "wrong scale": (0, 30, "nothing looks wrong: J falls and the gradient shrinks"),
    "wrong gradient": (0, 30, "J may fall for a while, to somewhere that is no minimum"),
    "diverged": (0, 12, "J and the gradient grow by the same factor each step"),
    "rate above 2/L": (0, 25, "the gradient grows along a straight line on its log scale"),
    "bouncing": (2, 60, "J goes up and down in turn, and the gradient keeps its size"),
    "noise floor": (1, 400, "J falls quickly to a level, and the gradient hovers far from zero"),
    "saddle passed": (
        0, 75, "J rests at a step of a stair, where the gradient falls and rises again"
    ),
    "plateau": (2, 400, "J all but stands still at its start; the gradient is small and grows"),
    "crawling in a valley": (0, 150, "a quick fall, then a long tail in which ‖g‖ hardly shrinks"),
    "rate too small": (0, 60, "J falls a little, in a straight line, and ‖g‖ stays what it was"),
    "healthy": (0, 40, "J levels off while the gradient shrinks in a straight line"),
}  # fmt: skip
"""For each kind: the family that is drawn, up to which step, and what to see in it."""

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 300, 120, 12, 22, 20


def page(_app: Any, kind: str) -> str:
    """Return the HTML of one kind's figure."""
    if kind not in SHOWN:
        raise ValueError(f"a run is drawn for {', '.join(SHOWN)}, not for {kind!r}")
    return figure(kind)


def figure(kind: str) -> str:
    """Draw J and ‖g‖ of the first held-out run of a family."""
    family, steps, words = SHOWN[kind]
    run = first_run(kind, family)
    values = np.asarray(run.values, float)[: steps + 1]
    norms = np.sqrt((run.gradients**2).sum(-1))[: steps + 1]
    caption = f"{words[0].upper()}{words[1:]}."
    panels = _panel(values, "J", log=False), _panel(norms, "‖g‖, log scale", log=True)
    label = html.escape(f"J and the norm of the gradient over {len(values) - 1} steps: {words}.")
    return (
        f'<figure class="run"><div role="img" aria-label="{label}">{"".join(panels)}</div>'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def first_run(kind: str, family: int) -> Trajectory:
    """Return the run that the figure shows; labelled like those of the table."""
    draw = labelled_runs.FAMILIES[kind][family][2]
    seeds = [labelled_runs.HELD_OUT, list(KINDS).index(kind), family]
    run: Trajectory = draw(np.random.default_rng(seeds))["run"]
    return run


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
        f'<svg class="trace" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">'
        f'<path class="axis" d="M{_LEFT} {_TOP}V{base}H{_WIDTH - _LEFT}"/>'
        f'<polyline points="{points}"/><text x="{_LEFT}" y="14">{name}</text>'
        f'<text x="{_WIDTH - _LEFT}" y="14" text-anchor="end">{_scale(numbers)}</text>'
        f'<text x="{_WIDTH - _LEFT}" y="{_HEIGHT - 3}" text-anchor="end">step {len(shown) - 1}'
        "</text></svg>"
    )


def _scale(numbers: Array) -> str:
    low, high = (f"{number:.3g}".replace("e-0", "e-") for number in (numbers.min(), numbers.max()))
    return f"{low} to {high}".replace("-", "−")
