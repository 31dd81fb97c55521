"""Paths that Python has already computed, played on one clock; the browser runs nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.widgets import printed
from gdlib.widgets.base import Widget
from gdlib.widgets.traits import MOST_LISTED, Checked, Count, Json, Object, Several, validate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
AnyPath = Trajectory | ArrayLike

MOST_FRAMES = 2000
_RESOLUTION = 5000
"""Steps of rounding across the picture: finer than a pixel of any screen it is shown on."""
_MARGIN = 0.06


GROUND = "a Landscape such as gd.landscapes.quadratic()"


class _Paths(Checked):
    def judge(self, name: str, value: Any) -> dict[str, Array]:
        """Ask for points in the plane, by name."""
        checks.instance(name, value, Mapping, "points by name")
        return {key: checks.array(key, path, shape=(None, 2)) for key, path in value.items()}


class _Bounds(Checked):
    def judge(self, name: str, value: Any) -> tuple[tuple[float, float], ...]:
        """Ask for a box in the plane."""
        return checks.bounds(name, value, 2)


class _Outlines(Checked):
    def judge(self, name: str, value: Any) -> dict[str, Array]:
        """Ask for closed curves in the plane, one for each moment, by the name of their path."""
        checks.instance(name, value, Mapping, "closed curves by the name of their path")
        return {key: checks.array(name, one, shape=(None, None, 2)) for key, one in value.items()}


class PathPlayer(Widget):
    """Play any paths over a landscape or over blank axes: a search of your own, a stored run.

    Parameters
    ----------
    paths
        One path or several, by name or in a list: each a `Trajectory` of one run, or its points,
        of shape (k + 1, 2); on a landscape of one variable (k + 1,) or (k + 1, 1).
    landscape
        What to draw below them; without it, `bounds` and `names` describe blank axes.
    bounds
        ((x low, x high), (y low, y high)); around the paths unless given.
    names
        What the axes are called.
    frames
        How many points of a path are kept at most; all paths are thinned alike.
    frame
        The moment shown; None for the last.
    notes
        What to say below the picture at each moment: a string for each point of the longest path.
    outlines
        A closed curve beside a path at each moment, by the path's name: corners in turn, of shape
        (k + 1, m, 2), with k + 1 as for the longest path.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    paths = _Paths()
    landscape = Object(Landscape, GROUND, allow_none=True)
    bounds = _Bounds()
    names = Several(str, "two strings", ("x", "y"))
    frames = Count(300, 2, MOST_FRAMES)
    frame = Count(None, 0, MOST_FRAMES, help="The moment shown; None for the last.").tag(sync=True)
    notes = Several(str, "strings, one for each moment")
    outlines = _Outlines({})
    _programs = Json().tag(sync=True)

    def __init__(
        self,
        paths: Mapping[str, AnyPath] | Iterable[AnyPath] | Trajectory,
        landscape: Landscape | None = None,
        **kwargs: Any,
    ) -> None:
        if landscape is not None:
            checks.instance("landscape", landscape, Landscape, GROUND)
            if landscape.n not in (1, 2):
                raise ValueError(
                    f"landscape must have 1 or 2 variables; {landscape.name} has {landscape.n}"
                )
        given = _named(paths)
        named = {name: _points(path, name, landscape) for name, path in given.items()}
        if landscape is not None and kwargs.get("bounds") is not None:
            raise ValueError("bounds are the landscape's own; leave them out")
        if kwargs.get("bounds") is None:
            kwargs["bounds"] = _around(named, landscape)
        if landscape is not None:
            kwargs["names"] = (*map(sp.pretty, landscape.variables), "J")[:2]
        super().__init__(paths=named, landscape=landscape, **kwargs)
        self._check_moments()
        heights = {name: _heights(path, landscape) for name, path in given.items()}
        self._programs = self._described(heights)

    @validate("names")
    def _check_names(self, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(names) != 2:
            raise ValueError(f"names must be two strings, not {names!r}")
        return names

    def _check_moments(self) -> None:
        """Ask for one note and one outline a moment, and for outlines of paths that there are."""
        told = {"notes": self.notes} if self.notes else {}
        for name, each in (
            told | {f"{key} of outlines": o for key, o in self.outlines.items()}
        ).items():
            if len(each) != self._moments:
                raise ValueError(f"{name} must be {self._moments}, one a moment, not {len(each)}")
        for name in self.outlines:
            checks.choice("a name of outlines", name, self.paths)

    @property
    def _moments(self) -> int:
        return max(len(points) for points in self.paths.values())

    @property
    def every(self) -> int:
        """How many steps lie between two frames."""
        return int(max(1, math.ceil((self._moments - 1) / (self.frames - 1))))

    def _described(self, heights: Mapping[str, Array | None]) -> dict[str, Any]:
        known = None if self.landscape is None else printed.landscape(self.landscape)
        return {
            "landscape": known,
            "bounds": [list(pair) for pair in self.bounds],
            "names": list(self.names),
            "every": self.every,
            "notes": [self.notes[k] for k in self._kept(len(self.notes))],
            "paths": [
                {
                    "name": name,
                    "steps": len(points) - 1,
                    **self._packed(points, heights[name]),
                    **self._outlined(name),
                }
                for name, points in self.paths.items()
            ],
        }

    def _packed(self, points: Array, heights: Array | None) -> dict[str, Any]:
        """Return the kept points in whole numbers of a unit, and the cost there."""
        kept = self._kept(len(points))
        packed: dict[str, Any] = {"unit": self._unit.tolist(), "moves": self._moves(points[kept])}
        if heights is not None:
            packed["heights"] = [float(f"{height:.3g}") for height in heights[kept]]
        return packed

    def _outlined(self, name: str) -> dict[str, Any]:
        """Return a path's outlines as its points are, each with as many corners."""
        if name not in self.outlines:
            return {}
        kept = self.outlines[name][self._kept(self._moments)]
        return {"corners": kept.shape[1], "outlines": self._moves(kept.reshape(-1, 2))}

    def _kept(self, count: int) -> list[int]:
        """Return which of so many points are frames: each so many steps, and the last."""
        return [*range(0, count - 1, self.every), count - 1] if count else []

    @property
    def _unit(self) -> Array:
        lows, highs = np.array(self.bounds).T
        return np.asarray(10.0 ** np.floor(np.log10((highs - lows) / _RESOLUTION)))

    def _moves(self, points: Array) -> list[int]:
        """Return points as whole numbers of a unit, each as the difference to the last."""
        whole = np.rint(points / self._unit)
        moves = np.diff(whole, axis=0, prepend=np.zeros((1, 2)))
        return [int(move) for move in moves.ravel()]

    def title(self) -> str:
        """Name the paths, and what they lie on."""
        place = f" on {self.landscape.name}" if self.landscape is not None else ""
        return f"{', '.join(self.paths)}{place}"

    def alt_text(self) -> str:
        """Say where each path begins and ends."""
        told = [
            f"{name}: {len(points) - 1} steps from {_spoken(points[0])} to {_spoken(points[-1])}"
            for name, points in self.paths.items()
        ]
        told += self.notes[-1:]
        ground = f"on {self.landscape.name}" if self.landscape is not None else "on blank axes"
        return f"Paths {ground}. {'; '.join(told)}."

    def draw(self, figure: Figure) -> None:
        """Draw the ground and the whole paths."""
        from gdlib import plotting

        axes = figure.subplots()
        if self.landscape is not None and self.landscape.n == 2:
            plotting.contours(axes, self.landscape)
        elif self.landscape is not None:
            plotting.curve(axes, self.landscape)
        self._draw_outlines(axes)
        plotting.paths(axes, self.paths)
        if self.landscape is None:
            axes.set(xlim=self.bounds[0], ylim=self.bounds[1])
            axes.set(xlabel=self.names[0], ylabel=self.names[1])

    def _draw_outlines(self, axes: Axes) -> None:
        """Draw each outline as it is at the moment shown."""
        from gdlib.plotting.theme import looks

        for name, chosen in zip(self.paths, looks(self.paths), strict=True):
            if name in self.outlines:
                moment = self._moments - 1 if self.frame is None else self.frame * self.every
                outline = self.outlines[name][min(moment, self._moments - 1)]
                axes.fill(*outline.T, facecolor="none", edgecolor=chosen.colour, linewidth=2)


def _named(paths: Any) -> dict[str, Any]:
    """Give paths names; those of a list are numbered."""
    if isinstance(paths, Mapping):
        named = {checks.text("a name of paths", name): path for name, path in paths.items()}
    else:
        # A list of points is a list of paths; an array, or a table, is one path.
        lone = isinstance(paths, Trajectory) or hasattr(paths, "__array__")
        each: Any = [paths] if lone else paths
        wanted = "be trajectories or arrays of points"
        listed = checks.several("paths", each, MOST_LISTED, wanted)
        named = {f"path {i}" if len(listed) > 1 else "path": p for i, p in enumerate(listed, 1)}
    if not 0 < len(named) <= MOST_LISTED:
        raise ValueError(f"paths must be at least one and at most {MOST_LISTED}, not {len(named)}")
    return named


def _points(path: Any, name: str, landscape: Landscape | None) -> Array:
    """Return a path's points in the picture, of shape (k + 1, 2); on a curve (θ, J(θ))."""
    n = 2 if landscape is None else landscape.n
    points = checks.array(f"{name} of paths", path.points if isinstance(path, Trajectory) else path)
    if n == 1 and points.ndim == 1:
        points = points[:, np.newaxis]
    if points.ndim != 2 or points.shape[1] != n or not len(points):
        raise ValueError(
            f"{name} of paths must have the shape (steps + 1, {n}), not {points.shape}"
        )
    if n == 1 and landscape is not None:
        points = np.column_stack([points, landscape.value(points)])
        if not np.isfinite(points).all():
            raise ValueError(f"{name} of paths must stay where {landscape.name} is finite")
    return points


def _heights(path: Any, landscape: Landscape | None) -> Array | None:
    """Return the cost at each point, where it is known and finite."""
    if isinstance(path, Trajectory):
        heights = path.values
    elif landscape is None:
        return None
    else:
        points = np.asarray(path, dtype=float)
        heights = landscape.value(points[:, np.newaxis] if points.ndim == 1 else points)
    return heights if np.isfinite(heights).all() else None


def _around(paths: Mapping[str, Array], landscape: Landscape | None) -> Any:
    """Return a landscape's bounds, or bounds around all points."""
    if landscape is not None and landscape.n == 2:
        return landscape.bounds
    points = np.concatenate(list(paths.values()))
    if landscape is not None:
        line = np.linspace(*landscape.bounds[0], 400)[:, np.newaxis]
        points = np.column_stack([line, landscape.value(line)])
    low, high = points.min(axis=0), points.max(axis=0)
    room = _MARGIN * np.where(high > low, high - low, 1.0)
    around = np.column_stack([low - room, high + room])
    if landscape is not None:
        around[0] = landscape.bounds[0]
    return tuple(map(tuple, around.tolist()))


def _spoken(point: Array) -> str:
    return f"({', '.join(f'{x:.3g}' for x in point)})"
