"""Matrix factorisation: a table with gaps as the product of two thin matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.layout import Layout
from gdlib.problems.linear import sigmoid
from gdlib.problems.model import Model, log_loss

Array = NDArray[np.float64]

MOST_RANK = 10_000


class MatrixFactorisation(Model):
    """The mean cost of a table's known entries, each told from two short vectors.

    θ holds "left" of shape (people, rank) and "right" of shape (items, rank). What is said of
    person i and item j is left[i] @ right[j]; with biases also mean + left.bias[i] +
    right.bias[j]. The rows of the problem are the known entries.

    Parameters
    ----------
    entries
        Shape (N, 2): the row and the column of each known entry, whole numbers from 0.
    values
        Shape (N,): what stands there; labels of 0 and 1 for the logistic loss.
    rank
        How long the vectors are.
    shape
        People and items; by default as many as the entries need.
    biases
        Whether each person and each item has a number of its own, and all of them one.
    loss
        "squares", half the squared difference, or "logistic", the log loss of labels.
    weights
        Shape (N,), at least 0: how often each entry counts; all once, by default.
    l2
        Strength of the penalty (l2/2)‖θ‖²; it applies to every parameter.

    Raises
    ------
    TypeError, ValueError
        Data of the wrong shape or not finite, entries outside the table, labels other than 0
        and 1, a word that names nothing, l2 below 0.
    """

    name = "matrix factorisation"
    zero_is_a_start = False

    def __init__(
        self,
        entries: ArrayLike,
        values: ArrayLike,
        rank: int,
        *,
        shape: tuple[int, int] | None = None,
        biases: bool = False,
        loss: str = "squares",
        weights: ArrayLike | None = None,
        l2: float = 0.0,
    ) -> None:
        places = checks.integers("entries", entries, shape=(None, 2)).astype(np.int64)
        if not len(places):
            raise ValueError("entries must be at least one")
        self.rank = checks.count("rank", rank, at_least=1, at_most=MOST_RANK)
        self.loss = checks.choice("loss", loss, ("squares", "logistic"))
        self.biases = checks.flag("biases", biases)
        people, items = _table(places, shape)
        y = checks.array("values", values, shape=(len(places),)).copy()
        strange = y[(y != 0) & (y != 1)]
        if self.loss == "logistic" and strange.size:
            raise ValueError(f"values must be 0 or 1, not {strange[0]:g}")
        if weights is not None:
            counts = checks.array("weights", weights, shape=(len(places),))
            if counts.min() < 0:
                raise ValueError(f"weights must be at least 0, not {counts.min():g}")
            y = np.stack([y, counts], axis=1)
        shapes: dict[str, tuple[int, ...]] = {
            "left": (people, self.rank),
            "right": (items, self.rank),
        }
        if self.biases:
            shapes |= {"left.bias": (people,), "right.bias": (items,), "mean": ()}
        super().__init__(places, y, Layout(shapes), l2)

    def on(self, entries: ArrayLike, values: ArrayLike) -> MatrixFactorisation:
        """Return the same model of other entries, without the penalty: a held-out cost."""
        return MatrixFactorisation(
            entries,
            values,
            self.rank,
            shape=(self.layout.shapes["left"][0], self.layout.shapes["right"][0]),
            biases=self.biases,
            loss=self.loss,
        )

    def start(self, seed: int, scale: float = 0.1) -> Array:
        """Return a θ to start from: vectors of normal numbers of that size, biases 0."""
        size = checks.number("scale", scale, above=0)
        rng = np.random.default_rng(checks.seed(seed))
        parts = {
            name: size * rng.normal(size=shape) if name in ("left", "right") else np.zeros(shape)
            for name, shape in self.layout.shapes.items()
        }
        return self.layout.pack(parts)

    def _readable(self, features: Any) -> Any:
        """Return other entries, of this table."""
        places = checks.integers("features", features, shape=(None, 2)).astype(np.int64)
        _table(places, (self.layout.shapes["left"][0], self.layout.shapes["right"][0]))
        return places

    def _scores(self, parameters: dict[str, Any], entries: Array) -> Any:
        """Return what is said of each entry, shape (B,), from arrays or `Var`s by name."""
        i, j = entries[:, 0], entries[:, 1]
        said = (parameters["left"][i] * parameters["right"][j]).sum(axis=1)
        if self.biases:
            said = said + parameters["left.bias"][i] + parameters["right.bias"][j]
            said = said + parameters["mean"]
        return said

    def predicted(self, parameters: dict[str, Any], features: Array) -> Any:
        """Return what is said of each entry, or with the logistic loss its probability of 1."""
        scores = self._scores(parameters, features)
        return sigmoid(scores) if self.loss == "logistic" else scores

    def row_costs(self, parameters: dict[str, Any], features: Array, targets: Array) -> Any:
        """Return what each known entry costs."""
        weighted = targets.ndim == 2
        values = targets[:, 0] if weighted else targets
        scores = self._scores(parameters, features)
        costs = log_loss(scores, values) if self.loss == "logistic" else (scores - values) ** 2 / 2
        return costs * targets[:, 1] if weighted else costs


def _table(places: NDArray[np.int64], shape: Any) -> tuple[int, int]:
    """Return how many people and items a table has, and refuse entries outside it."""
    least = int(places.min()) if len(places) else 0
    if least < 0:
        raise ValueError(f"entries must be at least 0, not {least}")
    needed = tuple(int(n) + 1 for n in places.max(axis=0)) if len(places) else (1, 1)
    if shape is None:
        return needed[0], needed[1]
    sizes = checks.several("shape", shape, 2, "be two numbers")
    if len(sizes) != 2:
        raise ValueError(f"shape must be two numbers, people and items, not {checks.shown(shape)}")
    people, items = (checks.count("shape", size, at_least=1) for size in sizes)
    if needed[0] > people or needed[1] > items:
        raise ValueError(f"entries must lie in a table of {(people, items)}, not of {needed}")
    return people, items
