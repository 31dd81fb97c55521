"""Landscapes of two variables: contour maps, and paths on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from numpy.typing import NDArray

from gdlib import checks
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.plotting.relief import MAP, Bounds, brief, levels_at, sample
from gdlib.plotting.theme import (
    DARK,
    INK,
    PALE,
    Look,
    Path2,
    apart,
    check_axes,
    check_colour,
    check_runs,
    check_texts,
    cut,
    has_map,
    legend,
    look,
    looks,
    name_of,
    points_of,
    style,
    text_size,
)

Array = NDArray[np.float64]

GRID = 240
"""Samples along each side of a map."""
COUNT = 11
"""Contour lines of a map, unless asked otherwise."""
BELOW = -1
"""Where a map's colours lie: what is drawn there is kept as pixels in an SVG or a PDF."""


def contours(
    ax: Axes,
    landscape: Landscape,
    *,
    bounds: Bounds | None = None,
    levels: int | Sequence[float] = COUNT,
    filled: bool = True,
    labels: bool = True,
) -> None:
    """Draw the contour map of a landscape of two variables, low ground dark, minima starred.

    Parameters
    ----------
    bounds
        `((x low, x high), (y low, y high))`; the landscape's own by default.
    levels
        How many lines, or their values. Lines are chosen at round values, close together near the
        lowest point and far apart above, so that valleys show on costs that span many decades.
    filled
        False draws lines alone.
    labels
        Whether lines carry their values.

    Raises
    ------
    TypeError, ValueError
        The landscape has not two variables; bounds of a wrong shape or order; levels that fall.
    """
    check_axes(ax)
    checks.flag("filled", filled), checks.flag("labels", labels)
    (x, y), heights = sample(landscape, bounds, GRID)
    chosen = levels_at(heights, levels)
    style(ax)
    if filled and len(chosen):
        bands = MAP(np.linspace(0, 1, len(chosen) + 1))
        shaded = ax.contourf(x, y, heights, chosen, colors=bands, extend="both", zorder=BELOW)
        shaded.set_gid("map")
        ax.set_rasterization_zorder(BELOW)  # Matplotlib 3.10 cannot rasterize a contour set alone
    lines = ax.contour(
        x, y, heights, chosen, colors=DARK if filled else INK, linewidths=0.7, linestyles="solid"
    ) if len(chosen) else None  # fmt: skip
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    ax.set_xlabel(name_of(landscape.variables[0]))
    ax.set_ylabel(name_of(landscape.variables[1]), rotation=0, va="center")
    if 0.4 < np.ptp(y) / np.ptp(x) < 2.5:
        ax.set_aspect("equal")
    if lines is not None:
        lines.set(alpha=0.4 if filled else 0.8, linewidth=0.7 if _few(lines) else 0.4)
        if labels:
            _label(ax, lines)
    for minimum in landscape.minima:
        _star(ax, minimum)


def path(
    ax: Axes,
    run: Path2,
    *,
    method: Optimizer | str | None = None,
    label: str | None = None,
    color: str | None = None,
) -> None:
    """Draw a path on a map: a ring at its start, the method's marker at its end.

    A run that leaves the picture is drawn to its edge. The Axes' limits stay as they are if a map
    has been drawn.

    Parameters
    ----------
    run
        A trajectory of one run, or its points, of shape (k + 1, 2).
    method
        The optimizer, or its name: whose look the path has. By default the label names it.
    label
        For the legend.
    color
        Another colour than the method's.

    Raises
    ------
    TypeError, ValueError
        Not one finite run in the plane.
    """
    check_axes(ax)
    check_texts(label=label)
    if color is not None:
        check_colour(color)
    points = points_of(run, 2)
    drawn = sum(line.get_gid() == "path" for line in ax.lines)
    chosen = look(label if method is None else method, drawn)
    _path(ax, points, Look(color or chosen.colour, chosen.marker, chosen.dash), label)
    if label:
        legend(ax)


def paths(ax: Axes, runs: Mapping[str, Path2]) -> None:
    """Draw several paths with a legend; a label that begins with a method's name has its look.

    Raises
    ------
    TypeError, ValueError
        As `path`.
    """
    check_axes(ax)
    checked = {label: points_of(run, 2) for label, run in check_runs(runs).items()}
    for (label, points), chosen in zip(checked.items(), looks(checked), strict=True):
        _path(ax, points, chosen, label)
    if checked:
        legend(ax)


def _few(lines: QuadContourSet) -> bool:
    """Tell whether contour lines are few enough to be drawn in full weight."""
    return sum(map(len, lines.allsegs)) <= 150


def _label(ax: Axes, lines: QuadContourSet) -> None:
    """Write values on every second line, once each, apart from the others."""
    frame = ax.transLimits
    taken: list[Array] = []
    places: list[Array] = []
    for segments in lines.allsegs[::2]:
        if not segments:
            continue
        longest = max(segments, key=lambda s: np.abs(np.diff(frame.transform(s), axis=0)).sum())
        unit = frame.transform(longest)
        room = 3 * np.minimum(unit, 1 - unit).min(1).clip(0, 0.12)
        for other in taken:
            room = np.minimum(room, np.hypot(*(unit - other).T))
        if len(unit) < 12 or room.max() < 0.1:
            continue
        taken.append(unit[room.argmax()])
        places.append(longest[room.argmax()])
    if not places:
        return
    # Each place names its level, for it lies on one line: Matplotlib 3.10 mixes levels up that are
    # asked for one by one.
    texts = ax.clabel(
        lines, manual=places, fmt=brief, fontsize=text_size(ax) * 0.8,
        colors=DARK if has_map(ax) else INK,
        inline_spacing=3,
    )  # fmt: skip
    for text in texts:
        text.set_alpha(1)


def _star(ax: Axes, at: Sequence[float]) -> None:
    ax.plot(
        *at, marker="*", ms=13, mfc=DARK if has_map(ax) else INK,
        mec=PALE if has_map(ax) else "none", mew=1.1,
        linestyle="none", zorder=4, gid="minimum", scalex=False, scaley=False,
    )  # fmt: skip


def _path(ax: Axes, points: Array, chosen: Look, label: str | None) -> None:
    """Draw a path's line, its iterates as far as they can be told apart, its start and its end."""
    if not ax.has_data():
        style(ax)
        ax.update_datalim(points)
        ax.autoscale_view()
    ax.autoscale(enable=False)
    shown, on_map = cut(ax, points), has_map(ax)
    edge: dict[str, Any] = {"mec": PALE if on_map else "none", "mew": 0.8}
    if on_map:
        ax.plot(*shown.T, color=PALE, alpha=0.85, linewidth=4.4, gid="halo", zorder=3)
    ax.plot(
        *shown.T, color=chosen.colour, linewidth=2, linestyle=chosen.linestyle,
        marker=chosen.marker, markersize=5.5, markevery=apart(ax, shown), **edge, label=label,
        gid="path", solid_joinstyle="round", zorder=3,
    )  # fmt: skip
    _start(ax, shown[0], on_map)
    if shown is points:
        ax.plot(
            *shown[-1], chosen.marker, color=chosen.colour, **(edge | {"mew": 1.3}), ms=9.5,
            gid="end", zorder=6,
        )  # fmt: skip


def _start(ax: Axes, at: Array, on_map: bool) -> None:
    """Draw a ring where a run starts, once where several start together."""
    rings = [line.get_xydata() for line in ax.lines if line.get_gid() == "start"]
    if any(np.array_equal(at, np.ravel(ring)) for ring in rings):
        return
    for color, width in ((PALE, 4.2), (DARK, 1.8)) if on_map else ((INK, 1.8),):
        ax.plot(*at, "o", ms=11, mfc="none", mec=color, mew=width, gid="start", zorder=5)
