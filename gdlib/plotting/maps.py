"""Landscapes of two variables: contour maps, paths on them, and surfaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp
from matplotlib.axes import Axes
from matplotlib.colors import LightSource, LinearSegmentedColormap
from matplotlib.contour import QuadContourSet
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.plotting.style import (
    DARK,
    INK,
    PALE,
    PALETTE,
    Look,
    Path2,
    apart,
    cut,
    has_map,
    legend,
    look,
    looks,
    points_of,
    style,
    text_size,
)

Array = NDArray[np.float64]
Bounds = Sequence[Sequence[float]]

MAP = LinearSegmentedColormap.from_list("landscape", PALETTE["figure"]["map"])
GRID = 240
"""Samples along each side of a map."""
COUNT = 11
"""Contour lines of a map, unless asked otherwise."""


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
    ValueError
        The landscape has not two variables; bounds of a wrong shape or order; levels that fall.
    """
    (x, y), heights = _sample(landscape, bounds, GRID)
    chosen = _levels(heights, levels)
    style(ax)
    if filled and len(chosen):
        bands = MAP(np.linspace(0, 1, len(chosen) + 1))
        shaded = ax.contourf(x, y, heights, chosen, colors=bands, extend="both")
        shaded.set(gid="map", rasterized=True)
    lines = ax.contour(
        x, y, heights, chosen, colors=DARK if filled else INK, linewidths=0.7, linestyles="solid"
    ) if len(chosen) else None  # fmt: skip
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    ax.set_xlabel(f"${sp.latex(landscape.variables[0])}$")
    ax.set_ylabel(f"${sp.latex(landscape.variables[1])}$", rotation=0, va="center")
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
    ValueError
        Not one finite run in the plane.
    """
    drawn = sum(line.get_gid() == "path" for line in ax.lines)
    chosen = look(method or label, drawn)
    _path(ax, points_of(run, 2), Look(color or chosen.colour, chosen.marker, chosen.dash), label)
    if label:
        legend(ax)


def paths(ax: Axes, runs: Mapping[str, Path2]) -> None:
    """Draw several paths with a legend; a label that begins with a method's name has its look.

    Raises
    ------
    ValueError
        As `path`.
    """
    checked = {label: points_of(run, 2) for label, run in runs.items()}
    for (label, points), chosen in zip(checked.items(), looks(checked), strict=True):
        _path(ax, points, chosen, label)
    if checked:
        legend(ax)


def surface(ax: Any, landscape: Landscape, run: Path2 | None = None) -> None:
    """Draw a landscape of two variables as a surface, with a path on it.

    Parameters
    ----------
    ax
        An Axes with `projection="3d"`.
    run
        A trajectory of one run, or its points, of shape (k + 1, 2).

    Raises
    ------
    ValueError
        An Axes without a third dimension; a landscape or a run of another number of variables.
    """
    if not hasattr(ax, "plot_surface"):
        raise ValueError('surface needs an Axes made with projection="3d"')
    (x, y), heights = _sample(landscape, None, 70)
    chosen = _levels(heights, 40)
    colours = MAP(np.searchsorted(chosen, heights) / max(1, len(chosen)))[..., :3]
    relief = heights / (np.ptp(heights) or 1) * len(x) * 0.7
    lit = LightSource(300, 50).shade_rgb(colours, relief, fraction=0.7, blend_mode="soft")
    style(ax)
    ax.computed_zorder = False
    ax.plot_surface(
        *np.meshgrid(x, y), heights, facecolors=lit, rstride=1, cstride=1,
        linewidth=0, antialiased=False, shade=False, zorder=1,
    )  # fmt: skip
    ax.view_init(elev=38, azim=-60)
    ax.grid(visible=False)
    names = [f"${sp.latex(v)}$" for v in landscape.variables]
    ax.set(xlabel=names[0], ylabel=names[1], zlabel="$J$")
    ax.zaxis.label.set(color=INK, size=text_size(ax))
    ax.tick_params(colors=INK, labelsize=text_size(ax) * 0.8)
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color((0, 0, 0, 0))
        axis.line.set_color(INK)
    if run is not None:
        _lifted(ax, landscape, points_of(run, 2))


def _lifted(ax: Any, landscape: Landscape, points: Array) -> None:
    """Draw the part of a path that lies within the landscape's bounds, on the surface."""
    low, high = np.transpose(landscape.bounds)
    outside = ((points < low) | (points > high)).any(1)
    inside = points[: int(outside.argmax()) if outside.any() else len(points)]
    if not len(inside):
        return
    heights, colour = landscape.value(inside), OTHER.colour
    effects = [withStroke(linewidth=4.5, foreground=PALE)]
    ax.plot(*inside.T, heights, color=colour, linewidth=2, zorder=3, path_effects=effects)
    ax.plot(*inside[:1].T, heights[:1], "o", mfc="none", mec=DARK, mew=1.6, ms=9, zorder=4)
    ax.plot(*inside[-1:].T, heights[-1:], "o", color=colour, mec=PALE, ms=8, zorder=4)


OTHER = look("gradient descent")


def _sample(
    landscape: Landscape, bounds: Bounds | None, count: int
) -> tuple[tuple[Array, Array], Array]:
    """Evaluate a landscape on a grid: the two axes, and the heights of shape (count, count)."""
    if landscape.n != 2:
        raise ValueError(
            f"a map needs a landscape of 2 variables; {landscape.name} has {landscape.n}"
        )
    box = np.asarray(landscape.bounds if bounds is None else bounds, dtype=float)
    if box.shape != (2, 2) or not np.isfinite(box).all() or not (box[:, 0] < box[:, 1]).all():
        raise ValueError(f"bounds must be ((low, high), (low, high)), not {bounds!r}")
    x, y = (np.linspace(low, high, count) for low, high in box)
    heights = landscape.value(np.stack(np.meshgrid(x, y), axis=-1))
    return (x, y), np.ma.masked_invalid(heights)


def _levels(heights: Array, wanted: int | Sequence[float]) -> Array:
    """Choose round levels, even in a power of the height above the lowest point.

    The power is the one that puts half of the lines into the lower half of the area.
    """
    if not isinstance(wanted, int):
        given = np.asarray(wanted, dtype=float)
        if given.ndim != 1 or not len(given) or not (np.diff(given) > 0).all():
            raise ValueError(f"levels must be a number or rising values, not {wanted!r}")
        return given
    if wanted < 1:
        raise ValueError(f"levels must be at least 1, not {wanted}")
    low, middle, high, top = np.quantile(np.ma.compressed(heights), (0, 0.5, 0.985, 1))
    if not high > low:
        return np.empty(0)
    power = np.clip(np.log((middle - low) / (high - low) + 1e-6) / np.log(0.5), 1, 6)
    raw = low + (high - low) * (np.arange(1, wanted + 2) / (wanted + 0.5)) ** power
    rounded = np.unique([_round(a, min(b - a, a - low)) for a, b in pairwise(raw)])
    return np.asarray(rounded[(rounded > low) & (rounded < top)])


def _round(level: float, gap: float) -> float:
    """Round to a multiple of 1, 2 or 5 times a power of ten that is at most half of the gap."""
    power = 10.0 ** np.floor(np.log10(gap / 2))
    unit = max(u for u in (1, 2, 5) if u == 1 or u * power <= gap / 2) * power
    return float(f"{np.round(level / unit) * unit:.12g}") + 0.0  # no minus before zero


def _few(lines: QuadContourSet) -> bool:
    """Tell whether contour lines are few enough to be drawn in full weight."""
    return sum(map(len, lines.allsegs)) <= 150


def _label(ax: Axes, lines: QuadContourSet) -> None:
    """Write values on every second line, once each, apart from the others."""
    frame = ax.transLimits
    taken: list[Array] = []
    places = []
    for level, segments in list(zip(lines.levels, lines.allsegs, strict=True))[::2]:
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
        places.append((level, longest[room.argmax()]))
    for level, place in places:
        texts = ax.clabel(
            lines, [level], manual=[place], fmt=_number, fontsize=text_size(ax) * 0.75,
            colors=DARK if has_map(ax) else INK,
            inline_spacing=3,
        )  # fmt: skip
        for text in texts:
            text.set_alpha(1)


def _number(value: float) -> str:
    """Write a level briefly: powers of ten for the very large and the very small."""
    if value and not 1e-3 <= abs(value) < 1e5:
        digits, exponent = f"{value:.0e}".split("e")
        return f"${digits}\\cdot 10^{{{int(exponent)}}}$"
    return f"{value:g}".replace("-", "−")


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
