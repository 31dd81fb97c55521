"""A transformer that predicts the next sign of a text: the smallest language model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.layout import Layout
from gdlib.problems.model import Model, cross_entropy, softmax

Array = NDArray[np.float64]

PARTS = ("query", "key", "value", "out", "in", "back")

MOST, DEEPEST = 1000, 100
"""Signs, numbers of a vector, ReLUs of a block, heads; and blocks."""

EPSILON = 1e-5
"""Keeps the divisor of a vector of zeros above 0."""


class Transformer(Model):
    """Mean cost, in bits a sign, of predicting each next sign of a text from those before it.

    Each sign of a window and its place have a vector. Blocks change these vectors: attention adds
    what earlier places say, weighted by a softmax of products, and a layer of ReLUs follows. Every
    part reads vectors that are divided by their root mean square (unless `normalised` is False)
    and adds its answer to them. At the end a matrix and a softmax make probabilities of a vector.

    θ holds "embedding" (signs, dimension), "position" (T, dimension), for each block "1.query",
    "1.key", "1.value", "1.out" (dimension, dimension), "1.in" (dimension, hidden) and "1.back"
    (hidden, dimension), and "output" (dimension, signs). There are no biases (Vaswani et al. 2017,
    arXiv:1706.03762, with the norm before each part).

    Parameters
    ----------
    windows
        Pieces of text, shape (N, T + 1), whole numbers 0 … signs − 1: from the first T of each the
        last T are predicted.
    signs
        How many different signs there are.
    dimension
        How many numbers a vector has; a multiple of `heads`.
    hidden
        How many ReLUs a block has.
    blocks, heads
        How many blocks there are, and in how many parts attention looks at the vectors.
    normalised
        Whether parts read vectors of one length.

    Raises
    ------
    TypeError, ValueError
        Windows of the wrong shape, numbers that are no signs, counts below 1 or above
        1000 (of blocks 100), a dimension that the heads cannot share.
    """

    name = "transformer"
    zero_is_a_start = False

    def __init__(
        self,
        windows: ArrayLike,
        signs: int,
        *,
        dimension: int = 32,
        hidden: int = 64,
        blocks: int = 2,
        heads: int = 2,
        normalised: bool = True,
    ) -> None:
        self.signs = checks.count("signs", signs, at_least=2, at_most=MOST)
        self.dimension = checks.count("dimension", dimension, at_least=1, at_most=MOST)
        self.hidden = checks.count("hidden", hidden, at_least=1, at_most=MOST)
        self.blocks = checks.count("blocks", blocks, at_least=1, at_most=DEEPEST)
        self.heads = checks.count("heads", heads, at_least=1, at_most=MOST)
        self.normalised = checks.flag("normalised", normalised)
        if self.dimension % self.heads:
            raise ValueError(f"dimension must be a multiple of heads = {heads}, not {dimension}")
        found = self._signs("windows", windows)
        if found.ndim != 2 or found.shape[1] < 2:
            raise ValueError(f"windows must be of shape (rows, at least 2), not {found.shape}")
        length = found.shape[1] - 1
        self.future = np.triu(np.ones((length, length), bool), 1)
        square = (self.dimension, self.dimension)
        shapes = {"embedding": (self.signs, self.dimension), "position": (length, self.dimension)}
        each = (*[square] * 4, (self.dimension, self.hidden), (self.hidden, self.dimension))
        for block in range(1, self.blocks + 1):
            shapes |= {f"{block}.{n}": shape for n, shape in zip(PARTS, each, strict=True)}
        shapes["output"] = (self.dimension, self.signs)
        super().__init__(found[:, :-1].copy(), found[:, 1:].copy(), Layout(shapes))

    def _signs(self, name: str, values: Any) -> NDArray[np.int64]:
        numbers = checks.array(name, values)
        strange = numbers[(numbers != np.floor(numbers)) | (numbers < 0) | (numbers >= self.signs)]
        if strange.size:
            wanted = f"whole numbers from 0 to {self.signs - 1}"
            raise ValueError(f"{name} must be {wanted}, not {strange[0]:g}")
        return numbers.astype(np.int64)

    def on(self, windows: ArrayLike) -> Transformer:  # type: ignore[override]
        """Return the same model on other windows: what a held-out cost is."""
        return Transformer(
            windows,
            self.signs,
            dimension=self.dimension,
            hidden=self.hidden,
            blocks=self.blocks,
            heads=self.heads,
            normalised=self.normalised,
        )

    def start(self, seed: int) -> Array:
        """Return a θ to start from: normal weights of variance 1 over how many numbers are read.

        Vectors of signs and places have a variance of 1/2 each. What a block adds and all scores
        are 0: every sign has the same probability.
        """
        rng = np.random.default_rng(checks.seed(seed))
        parts = {}
        for name, shape in self.layout.shapes.items():
            spread = math.sqrt(0.5) if name in ("embedding", "position") else shape[0] ** -0.5
            parts[name] = rng.normal(scale=spread, size=shape)
            if name.endswith((".out", ".back")) or name == "output":
                parts[name] *= 0
        return self.layout.pack(parts)

    def _readable(self, features: Any) -> Any:
        found = self._signs("features", features)
        if found.shape[1:] != self.features.shape[1:]:
            wanted = f"(rows, {self.features.shape[1]})"
            raise ValueError(f"features must be of shape {wanted}, not {found.shape}")
        return found

    def _scores(self, parameters: dict[str, Any], features: Any) -> Any:
        """Return the scores of each next sign, shape (..., T, signs), from arrays or `Var`s."""
        return self.read(parameters, parameters["embedding"][features])

    def read(self, parameters: dict[str, Any], vectors: Any) -> Any:
        """Return the scores that follow from the signs' vectors, shape (..., T, dimension)."""
        x = vectors + parameters["position"]
        for block in range(1, self.blocks + 1):
            part = {name: parameters[f"{block}.{name}"] for name in PARTS}
            x = x + self._attention(self._normal(x), part)
            x = x + np.maximum(0.0, self._normal(x) @ part["in"]) @ part["back"]
        return self._normal(x) @ parameters["output"]

    def _normal(self, x: Any) -> Any:
        return x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + EPSILON) if self.normalised else x

    def _attention(self, x: Any, part: dict[str, Any]) -> Any:
        """Return what each place takes from itself and those before it, added over the heads."""
        query, key, value = (x @ part[name] for name in ("query", "key", "value"))
        each, taken = self.dimension // self.heads, 0.0
        for head in range(self.heads):
            own = slice(head * each, (head + 1) * each)
            scores = query[..., own] @ key[..., own].mT / math.sqrt(each)
            weights = softmax(np.where(self.future, -1e9, scores))
            taken = taken + weights @ value[..., own] @ part["out"][own]
        return taken

    def predicted(self, parameters: dict[str, Any], features: Any) -> Any:
        """Return the probabilities of each next sign, shape (..., T, signs)."""
        return softmax(self._scores(parameters, features))

    def row_costs(self, parameters: dict[str, Any], features: Any, targets: Any) -> Any:
        """Return each window's cost, the mean over its T predictions, in bits."""
        scores = self._scores(parameters, features)
        costs = cross_entropy(scores, np.eye(self.signs)[targets])
        return costs.mean(axis=-1) / math.log(2)
