"""Figures of descents, drawn with Matplotlib on the caller's own Axes.

Every function styles the Axes that it is given, so no style sheet is needed: the ground is
transparent, text is a grey that can be read on white and on near-black pages, and each method has
the look that `palette.json` gives it everywhere. Nothing is computed here beyond what drawing
needs. For whole figures like the book's, with its sizes, there is a style sheet:
`plt.style.use("gdlib.plotting.book")`.
"""

from gdlib.plotting.charts import curve, lines, loss, steps
from gdlib.plotting.maps import contours, path, paths
from gdlib.plotting.motion import animate
from gdlib.plotting.regions import basins
from gdlib.plotting.relief import MAP
from gdlib.plotting.searches import line_search
from gdlib.plotting.surfaces import surface
from gdlib.plotting.theme import DARK, INK, PALE, Look, legend, look, style

__all__ = [
    "DARK",
    "INK",
    "MAP",
    "PALE",
    "Look",
    "animate",
    "basins",
    "contours",
    "curve",
    "legend",
    "line_search",
    "lines",
    "look",
    "loss",
    "path",
    "paths",
    "steps",
    "style",
    "surface",
]
