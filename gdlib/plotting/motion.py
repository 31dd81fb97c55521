"""Moving pictures of descents, to save as a GIF or an MP4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from gdlib import checks
from gdlib.landscapes import Landscape
from gdlib.plotting.maps import contours, paths
from gdlib.plotting.theme import Path2, check_axes, check_landscape, check_runs, points_of


def animate(
    ax: Axes,
    landscape: Landscape,
    runs: Mapping[str, Path2],
    *,
    steps_per_frame: int = 1,
    fps: float = 20,
) -> FuncAnimation:
    """Let the paths of several runs grow on a contour map, all on one clock of steps.

    Keep the result in a variable, and save it with `.save("descent.gif")` (Pillow) or
    `.save("descent.mp4")` (FFmpeg).

    Parameters
    ----------
    runs
        Trajectories of one run each, or their points of shape (k + 1, 2), by their labels.
    steps_per_frame
        How many steps each frame goes on.
    fps
        Frames a second.

    Raises
    ------
    TypeError, ValueError
        A landscape or runs not of two variables, no runs, or a pace that is not positive.
    """
    check_axes(ax)
    pace = checks.count("steps_per_frame", steps_per_frame, at_least=1)
    wait = 1000 / checks.number("fps", fps, above=1e-3, at_most=1000)
    check_landscape(landscape, 2)
    if not check_runs(runs):
        raise ValueError("runs must be at least one, to animate")
    lengths = [len(points_of(run, 2)) for run in runs.values()]
    contours(ax, landscape)
    before = len(ax.lines)
    paths(ax, runs)
    moving = [line for line in ax.lines[before:] if line.get_gid() in ("halo", "path", "end")]
    whole = [np.column_stack(line.get_data()) for line in moving]
    frames = 1 + -(-(max(lengths) - 1) // pace)

    def draw(frame: int) -> list[Artist]:
        at, path = frame * pace, whole[0]
        for line, points in zip(moving, whole, strict=True):
            if line.get_gid() == "end":
                line.set_data(*path[: at + 1][-1:].T)
            else:  # what is still to come waits at the tip
                path = points
                line.set_data(*points[np.minimum(np.arange(len(points)), at)].T)
        return list(moving)

    figure: Any = ax.get_figure(root=True)
    return FuncAnimation(figure, draw, frames=frames, interval=wait, blit=False)
