"""Landscapes of two variables as surfaces."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import LightSource
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from gdlib import checks
from gdlib.landscapes import Landscape
from gdlib.plotting.relief import MAP, levels_at, sample
from gdlib.plotting.theme import DARK, INK, PALE, Path2, look, name_of, points_of, style, text_size

Array = NDArray[np.float64]
GRID = 70
"""Samples along each side."""


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
    TypeError, ValueError
        An Axes without a third dimension; a landscape or a run of another number of variables.
    """
    if not hasattr(ax, "plot_surface"):
        raise TypeError(f'ax must be an Axes made with projection="3d", not {checks.shown(ax)}')
    points = None if run is None else points_of(run, 2)
    (x, y), heights = sample(landscape, None, GRID)
    chosen = levels_at(heights, 40)
    colours = MAP(np.searchsorted(chosen, heights) / max(1, len(chosen)))[..., :3]
    relief = heights / (np.ptp(heights) or 1) * len(x) * 0.7
    lit = LightSource(300, 50).shade_rgb(colours, relief, fraction=0.7, blend_mode="soft")
    style(ax)
    ax.computed_zorder = False
    ax.plot_surface(
        *np.meshgrid(x, y), heights, facecolors=lit, rstride=1, cstride=1,
        linewidth=0, antialiased=False, shade=False, zorder=1, gid="relief",
    )  # fmt: skip
    ax.view_init(elev=38, azim=-60)
    ax.grid(visible=False)
    names = [name_of(v) for v in landscape.variables]
    ax.set(xlabel=names[0], ylabel=names[1], zlabel="$J$")
    ax.zaxis.label.set(color=INK, size=text_size(ax))
    ax.tick_params(colors=INK, labelsize=text_size(ax) * 0.8)
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color((0, 0, 0, 0))
        axis.line.set_color(INK)
    if points is not None:
        _lifted(ax, landscape, points)


def _lifted(ax: Any, landscape: Landscape, points: Array) -> None:
    """Draw the part of a path that lies within the landscape's bounds, on the surface."""
    low, high = np.transpose(landscape.bounds)
    outside = ((points < low) | (points > high)).any(1)
    inside = points[: int(outside.argmax()) if outside.any() else len(points)]
    if not len(inside):
        return
    heights, colour = landscape.value(inside), look("gradient descent").colour
    effects = [withStroke(linewidth=4.5, foreground=PALE)]
    ax.plot(*inside.T, heights, color=colour, linewidth=2, zorder=3, path_effects=effects)
    ax.plot(*inside[:1].T, heights[:1], "o", mfc="none", mec=DARK, mew=1.6, ms=9, zorder=4)
    ax.plot(*inside[-1:].T, heights[-1:], "o", color=colour, mec=PALE, ms=8, zorder=4)
