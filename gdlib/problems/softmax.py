"""Softmax regression: a linear classifier of several classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.layout import Layout
from gdlib.problems.model import Model, classes_of, cross_entropy, softmax

Array = NDArray[np.float64]

MOST_CLASSES = 10**6


class SoftmaxRegression(Model):
    """Mean cross-entropy of a linear classifier of K classes, with an optional penalty.

    θ holds "weights" of shape (n, K): a row's scores are x @ weights, its probabilities their
    softmax. With K = 2 this is logistic regression of the difference of the two columns.

    Parameters
    ----------
    features
        X, shape (N, n); add a column of ones for an intercept.
    labels
        Shape (N,), whole numbers 0 … K − 1.
    l2
        Strength of the penalty (l2/2)‖θ‖²; it applies to every parameter.
    classes
        K; by default one more than the largest label. Name it for held-out rows that may lack the
        last class.

    Raises
    ------
    TypeError, ValueError
        Data of the wrong shape or not finite, labels that are no whole numbers below K, one class
        alone, l2 below 0.
    """

    name = "softmax regression"

    def __init__(
        self, features: ArrayLike, labels: ArrayLike, l2: float = 0.0, classes: int | None = None
    ) -> None:
        x = checks.array("features", features, shape=(None, None)).copy()
        if not x.size:
            raise ValueError(f"features must be of shape (rows, parameters), not {x.shape}")
        y = checks.array("labels", labels, shape=(len(x),))
        most = int(y.max()) + 1 if classes is None else classes
        most = checks.count("classes", most, at_least=2, at_most=MOST_CLASSES)
        chosen = classes_of("labels", labels, len(x), most)
        super().__init__(x, chosen, Layout({"weights": (x.shape[1], most)}), l2)

    def on(self, features: ArrayLike, labels: ArrayLike) -> SoftmaxRegression:
        """Return the same model on other rows, without the penalty: what a held-out cost is."""
        other = self._readable(features)
        return SoftmaxRegression(other, labels, classes=self.layout.shapes["weights"][1])

    def predicted(self, parameters: dict[str, Any], features: Array) -> Any:
        """Return the probabilities of the classes, shape (B, K)."""
        return softmax(features @ parameters["weights"])

    def row_costs(self, parameters: dict[str, Any], features: Array, targets: Array) -> Any:
        """Return each row's cross-entropy."""
        return cross_entropy(features @ parameters["weights"], targets)

    def accuracy(self, theta: ArrayLike) -> float:
        """Return the share of rows whose most probable class is theirs."""
        found = self.predict(theta).argmax(axis=1)
        return float((found == self.targets.argmax(axis=1)).mean())
