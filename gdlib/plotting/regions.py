"""Maps of basins: each start in the colour of the point that a run from there reaches."""

from __future__ import annotations

import string

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patheffects import withStroke

from gdlib import checks
from gdlib.descent.basins import Basins
from gdlib.plotting.maps import contours
from gdlib.plotting.theme import DARK, PALE, PALETTE, check_axes

COLOURS: list[str] = PALETTE["basins"]
"""Hues that no method has, for a path may cross them."""


def basins(ax: Axes, found: Basins) -> None:
    """Colour every start by the point that it reaches, with contour lines and the points' letters.

    Starts whose runs were still going, or diverged, are left blank. Points have letters as well as
    colours, which are no method's; six go round. Raises TypeError for another kind of thing.
    """
    check_axes(ax)
    checks.instance("found", found, Basins, "Basins, as gd.basins(...) returns them")
    (x0, x1), (y0, y1) = found.landscape.bounds
    colours = [COLOURS[i % len(COLOURS)] for i in range(max(1, len(found.points)))]
    ax.imshow(
        np.ma.masked_less(found.labels, 0),
        cmap=ListedColormap(colours),
        vmin=-0.5,
        vmax=len(colours) - 0.5,
        alpha=0.5,
        extent=(x0, x1, y0, y1),
        aspect="auto",
        interpolation="nearest",
    )
    contours(ax, found.landscape, filled=False, labels=False)
    for letter, critical in zip(string.ascii_uppercase, found.points, strict=False):
        ax.annotate(
            letter,
            (critical.point[0], critical.point[1]),
            xytext=(7, 5),
            textcoords="offset points",
            weight="bold",
            color=DARK,
            path_effects=[withStroke(linewidth=2.5, foreground=PALE)],
            annotation_clip=True,
        )
