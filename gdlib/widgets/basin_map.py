"""Which minimum every start reaches, and how soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdlib import landscapes
from gdlib.descent import descend
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.widgets.race import Race

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
GOING, DIVERGED = -1, -2
REACH = 0.01
"""A run has reached a minimum if it ends nearer to it than this share of the map's diagonal."""
MOST_MINIMA = 200
NEWTON_STEPS = 8
MOST_NAMED = 8
"""Minima named in the text alternative."""


class Basins(NamedTuple):
    """The basins of attraction on a grid of starts.

    `owner` has shape (rows, columns), its first row at the top of the map: the number of the
    minimum that the run from there reaches, −1 for a run still going, −2 for one that diverged.
    `minima` has shape (m, 2).
    """

    owner: NDArray[np.int_]
    minima: Array

    @property
    def shares(self) -> Array:
        """The share of starts that reach each minimum, shape (m,)."""
        return np.array([(self.owner == i).mean() for i in range(len(self.minima))])


class BasinMap(Race):
    """Colour every start by the minimum that an optimizer reaches from it, paler for later.

    The map is that of the method in `focus`; a path is drawn for each method, from `start`.

    Parameters
    ----------
    landscape
        A `Landscape` of two variables; Himmelblau's, with four minima, by default.
    optimizers
        The methods, one `Optimizer` or several; gradient descent by default.
    start, steps, learning_rate
        Where the path shown starts; how many steps every start is given; the rate in focus.

    Raises
    ------
    TraitError
        Any value that makes no figure; the message says what was wanted.
    """

    @classmethod
    def default_landscape(cls) -> Landscape:
        """Return Himmelblau's function."""
        return landscapes.himmelblau()

    @property
    def focused(self) -> Optimizer:
        """The method whose map is shown."""
        found: Optimizer = self.optimizers[self._in_focus()]
        return found

    def basins(self, columns: int = 96, rows: int = 72) -> Basins:
        """Run from the middles of a grid's cells, and tell which minimum each run reaches."""
        (x0, x1), (y0, y1) = self.landscape.bounds
        x = x0 + (np.arange(columns) + 0.5) / columns * (x1 - x0)
        y = y1 - (np.arange(rows) + 0.5) / rows * (y1 - y0)
        starts = np.stack(np.meshgrid(x, y), axis=-1)
        runs = descend(self.landscape, self.focused, starts, self.steps, keep="end")
        owner, minima = _assign(self.landscape, runs.end.reshape(-1, 2))
        owner[(runs.status == "diverged").ravel()] = DIVERGED
        return Basins(owner.reshape(rows, columns), minima)

    def alt_text(self) -> str:
        """Say which share of starts reaches which minimum."""
        found = self.basins()
        largest = sorted(zip(-found.shares, found.minima.tolist(), strict=True))[:MOST_NAMED]
        parts = [
            f"{-share:.0%} of starts reach ({_short(x)}, {_short(y)})" for share, (x, y) in largest
        ]
        if (more := len(found.minima) - len(largest)) > 0:
            parts.append(f"{more} more minima share the rest")
        for code, words in ((GOING, "are still on their way"), (DIVERGED, "diverge")):
            if share := float((found.owner == code).mean()):
                parts.append(f"{share:.0%} {words}")
        return (
            f"Map of {self.landscape.name}, each start coloured by the minimum that"
            f" {self.focused.name} reaches within {self.steps} steps: {'; '.join(parts)}."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the map of basins with contour lines and the paths."""
        from matplotlib.colors import ListedColormap

        from gdlib import plotting

        axes = figure.subplots()
        found = self.basins(240, 180)
        (x0, x1), (y0, y1) = self.landscape.bounds
        colours = [plotting.look(None, i % 6).colour for i in range(max(1, len(found.minima)))]
        shown = np.ma.masked_less(found.owner, 0)
        axes.imshow(
            shown, cmap=ListedColormap(colours), vmin=-0.5, vmax=len(colours) - 0.5, alpha=0.5,
            extent=(x0, x1, y0, y1), aspect="auto", interpolation="nearest",
        )  # fmt: skip
        plotting.contours(axes, self.landscape, filled=False, labels=False)
        plotting.paths(axes, self.trajectories)
        for i, (x, y) in enumerate(found.minima[:26]):
            axes.annotate(
                chr(65 + i), (x, y), xytext=(7, 5), textcoords="offset points", weight="bold"
            )


def _short(x: float) -> str:
    return f"{0.0 if abs(x) < 1e-9 else x:.3g}"


def _assign(cost: Landscape, ends: Array) -> tuple[NDArray[np.int_], Array]:
    """Give every end the number of the minimum that it has reached; find minima not known yet."""
    diagonal = float(np.linalg.norm(np.ptp(np.array(cost.bounds), axis=1)))
    minima = np.array(cost.minima, dtype=float).reshape(-1, 2)
    owner = np.full(len(ends), GOING)
    finite = np.isfinite(ends).all(-1)
    while True:
        for i, minimum in enumerate(minima):
            near = np.hypot(*(ends - minimum).T) < REACH * diagonal
            owner[finite & near & (owner == GOING)] = i
        new = _another(cost, ends[finite & (owner == GOING)], REACH * diagonal)
        if new is None or len(minima) >= MOST_MINIMA:
            return owner, minima
        minima = np.vstack([minima, new])


def _another(cost: Landscape, ends: Array, reach: float) -> Array | None:
    """Return a minimum within reach of one of the ends, by Newton's method; None without one."""
    with np.errstate(all="ignore"):
        points = ends.copy()
        for _ in range(NEWTON_STEPS):
            gradients = cost.evaluate("gradient", points)
            points = points - _solve(cost.evaluate("hessian", points), gradients)
        settled = np.hypot(*(points - ends).T) < reach
        settled &= np.linalg.norm(cost.evaluate("gradient", points), axis=-1) < 1e-6
        for point in points[settled]:
            if (np.linalg.eigvalsh(cost.hessian(point)) > 0).all():
                return np.asarray(point)
    return None


def _solve(matrices: Array, vectors: Array) -> Array:
    """Solve two-by-two systems by Cramer's rule; NaN or ∞ where a matrix is singular."""
    (a, b), (c, d) = np.moveaxis(matrices, (-2, -1), (0, 1))
    p, q = np.moveaxis(vectors, -1, 0)
    solved = np.stack([d * p - b * q, a * q - c * p], axis=-1)
    return np.asarray(solved / (a * d - b * c)[..., None])
