"""A pad to draw a digit on, and a trained network that says which it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.problems import LARGEST, Network
from gdlib.widgets import drawing, networks
from gdlib.widgets.base import SHARED, Widget
from gdlib.widgets.traits import Checked, Json

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
NETWORK = 'a Network with 64 features, loss="cross-entropy" and no l2'
SIDE, MOST_POINTS = 200, 600
MOST_PARAMETERS = 20_000
DIGITS = 4
"""Significant ones of a weight on the page: more change no probability that is shown."""

A_TWO = (
    ((58, 62), (70, 38), (100, 28), (130, 40), (138, 66), (124, 96), (92, 128), (60, 168)),
    ((60, 168), (100, 164), (146, 170)),
)


class Drawing(Checked):
    """Strokes, each a row of points (x to the right, y down) within the pad."""

    def judge(self, name: str, value: Any) -> tuple[Any, ...]:
        """Ask for rows of points."""
        wanted = f"be strokes, each a row of points (x, y) from 0 to {SIDE}"
        kept = tuple(_stroke(name, one) for one in checks.several(name, value, MOST_POINTS, wanted))
        if sum(map(len, kept)) > MOST_POINTS:
            raise ValueError(f"{name} must have at most {MOST_POINTS} points")
        return kept


class DigitPad(Widget):
    """Draw a digit; a network that has learned scikit-learn's digits says which it is.

    These are 8 × 8 counts from 0 to 16, made of bitmaps of 32 × 32 pixels. A drawing is made
    into such a bitmap: as high as it, at most 20 pixels wide, with the pen that makes as many
    pixels black as the data have, 312 on average; blocks of 4 × 4 pixels are counted.

    Parameters
    ----------
    network
        A `Network` of dense layers with 64 features and `loss="cross-entropy"`.
    theta
        Its trained parameters, shape (n,); the page keeps four digits of each.
    levels
        What the network was given for an empty and for a full block; by default the lowest and
        the highest number of its features.
    strokes
        What is drawn at first, each stroke a row of points (x to the right, y down) from 0 to 200.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    strokes = Drawing(A_TWO, help="What is drawn.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(
        self,
        network: Network,
        theta: ArrayLike,
        levels: Sequence[float] | None = None,
        **kwargs: Any,
    ) -> None:
        checks.keywords(self.kind, kwargs, ["network", "theta", "levels", "strokes"], also=SHARED)
        self.network = _checked(network)
        self.theta = checks.array("theta", theta, shape=(network.n,), copy=True)
        self.levels = _levels(network, levels)
        super().__init__(_programs=self._program(), **kwargs)

    def _program(self) -> dict[str, Any]:
        shapes = self.network.layout.shapes
        return {
            "network": {
                "scores": networks.answers(self.network),
                "parts": [{"name": name, "shape": list(shape)} for name, shape in shapes.items()],
            },
            "theta": [float(f"{x:.{DIGITS}g}") for x in self.theta],
            "bitmap": {
                "pixels": drawing.PIXELS,
                "block": drawing.BLOCK,
                "widest": drawing.WIDEST,
                "taller": drawing.TALLER,
                "black": drawing.BLACK,
                "pens": drawing.PENS.tolist(),
            },
            "side": SIDE,
            "levels": list(self.levels),
        }

    @property
    def counts(self) -> NDArray[np.int_]:
        """What is drawn in the form of the data: black pixels in each block, shape (8, 8)."""
        return drawing.counts(self.strokes)

    @property
    def probabilities(self) -> Array:
        """How probable the network finds each digit, shape (K,)."""
        low, high = self.levels
        given = low + self.counts.reshape(1, -1) / drawing.BLOCK**2 * (high - low)
        return np.asarray(self.network.predict(self.theta, given)[0])

    def title(self) -> str:
        """Describe the network."""
        return repr(self.network)

    def alt_text(self) -> str:
        """Say what is drawn and what the network answers."""
        if not any(self.strokes):
            said = "Nothing is drawn yet."
        else:
            said = f"What is drawn at first is read as a {int(self.probabilities.argmax())}."
        return (
            "A pad to draw a digit on; beside it the 8 × 8 counts that a network is given of the"
            f" drawing, and a bar for each digit: how probable the network finds it. {said}"
        )

    def draw(self, figure: Figure) -> None:
        """Draw the strokes, the counts, and the bars."""
        from gdlib import plotting

        pad, blocks, bars = figure.subplots(1, 3)
        for stroke in self.strokes:
            pad.plot(*np.transpose(stroke), color=plotting.INK, lw=6, solid_capstyle="round")
        pad.set(xlim=(0, SIDE), ylim=(SIDE, 0), aspect="equal", xticks=[], yticks=[])
        blocks.imshow(self.counts, cmap="Greys", vmin=0, vmax=drawing.BLOCK**2)
        blocks.set(xticks=[], yticks=[])
        shares = self.probabilities if any(self.strokes) else np.zeros(len(self.probabilities))
        bars.barh(np.arange(len(shares)), shares, color=plotting.look("gradient descent").colour)
        bars.set(xlim=(0, 1), yticks=np.arange(len(shares)), xlabel="probability")
        bars.invert_yaxis()
        plotting.style(bars)


def _stroke(name: str, stroke: Any) -> tuple[tuple[float, float], ...]:
    points = checks.array(name, stroke, shape=(None, 2))
    if not ((points >= 0) & (points <= SIDE)).all():
        raise ValueError(f"{name} must lie from 0 to {SIDE}")
    return tuple((float(x), float(y)) for x, y in points)


def _checked(network: Network) -> Network:
    checks.instance("network", network, Network, NETWORK)
    networks.checked(network, 64, "cross-entropy", NETWORK)
    if network.n > MOST_PARAMETERS:
        raise ValueError(f"network must have at most {MOST_PARAMETERS} parameters, not {network.n}")
    return network


def _levels(network: Network, levels: Sequence[float] | None) -> tuple[float, float]:
    given = (network.features.min(), network.features.max()) if levels is None else levels
    pair = checks.array("levels", given, shape=(2,)).tolist()
    low, high = (checks.number("levels", x, at_least=-LARGEST, at_most=LARGEST) for x in pair)
    if low == high:
        raise ValueError(f"levels must be two different numbers, not {low:g} twice")
    return low, high
