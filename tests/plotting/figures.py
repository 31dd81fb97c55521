"""What tests read off a figure: its artists' data, its pixels."""

import io
from typing import Any

import numpy as np
import sympy as sp
from matplotlib.axes import Axes
from PIL import Image

import gdlib as gd


def drawn(ax: Axes, gid: str) -> list[Any]:
    """The data of the lines that carry a name, each of shape (m, 2)."""
    return [np.column_stack(line.get_data()) for line in ax.lines if line.get_gid() == gid]


def pixels(ax: Axes) -> np.ndarray[Any, Any]:
    """Render the figure: red, green, blue, alpha, of shape (rows, columns, 4)."""
    picture = io.BytesIO()
    ax.figure.savefig(picture, dpi=50)  # type: ignore[union-attr]
    return np.asarray(Image.open(picture).convert("RGBA"))


def parabola(curvature: int = 1) -> gd.Landscape:
    x = sp.Symbol("x", real=True)
    return gd.Landscape("parabola", curvature * x**2 / 2, [x], [(-2.5, 2.5)], (2.0,), [(0.0,)])
