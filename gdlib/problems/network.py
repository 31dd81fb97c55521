"""A small neural network: layers by name, and the cost of what they say."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.layout import Layout
from gdlib.problems.model import Model, classes_of, cross_entropy, log_loss, softmax

Array = NDArray[np.float64]

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(0.0, z),  # at 0 its slope is 0, as PyTorch has it
    "sigmoid": lambda z: 0.5 + 0.5 * np.tanh(0.5 * z),  # 1 / (1 + exp(−z)), safe for any z
    "linear": lambda z: z,
}
INITIALISATIONS: dict[str, Callable[[int, int], float]] = {
    "glorot": lambda into, out: 2 / (into + out),
    "he": lambda into, _out: 2 / into,
}
"""The variance of a weight, from how many numbers a unit reads and how many units read it."""


@dataclass(frozen=True)
class Convolution:
    """A first layer that looks at every patch of an image with the same weights.

    Parameters
    ----------
    filters
        How many numbers it says of a patch.
    size
        The patch's height and width in pixels; there is no padding.
    """

    filters: int
    size: int = 3

    def __post_init__(self) -> None:
        for name in ("filters", "size"):
            value = checks.count(name, getattr(self, name), at_least=1)
            object.__setattr__(self, name, value)


class Network(Model):
    """A network of layers, and the mean of what its answers cost.

    Each layer computes signal @ weights + bias and then the activation, but for the last, which
    has none. θ holds "<layer>.weights" of shape (in, out) and "<layer>.bias" of shape (out,). A
    convolution is such a layer too: it reads every patch of an image, with the same weights.

    Parameters
    ----------
    features
        Shape (N, inputs); for a convolution images of shape (N, height, width).
    targets
        Shape (N,) or (N, outputs); labels for the other losses.
    layers
        How many units each layer has, by its name, in their order; the first may be a
        `Convolution`. The last layer's units are the outputs.
    activation
        "tanh", "relu", "sigmoid" or "linear".
    loss
        "squares": half the squared distance of outputs and targets; "cross-entropy": of labels
        0 … K − 1 for K outputs; "logistic": the log loss of labels 0 and 1, for one output.
    initialisation
        The variance of the first weights, for `start`: "glorot", 2/(in + out) (Glorot & Bengio
        2010, eq. 12), or "he", 2/in (He et al. 2015, doi:10.1109/ICCV.2015.123, eq. 10).
    bias
        Whether layers add one.
    l2
        Strength of the penalty (l2/2)‖θ‖²; it applies to every parameter.

    Raises
    ------
    TypeError, ValueError
        Data of the wrong shape or not finite, no layers, a name with a dot in it, a convolution
        that is not the first layer or does not fit into the images, a word that names nothing.
    """

    name = "network"
    zero_is_a_start = False

    def __init__(
        self,
        features: ArrayLike,
        targets: ArrayLike,
        layers: Mapping[str, int | Convolution],
        *,
        activation: str = "tanh",
        loss: str = "squares",
        initialisation: str = "glorot",
        bias: bool = True,
        l2: float = 0.0,
    ) -> None:
        x = checks.array("features", features).copy()
        if x.ndim < 2 or not x.size:
            raise ValueError(f"features must be of shape (rows, inputs), not {x.shape}")
        self.layers = _layers(layers)
        self.activation = checks.choice("activation", activation, ACTIVATIONS)
        self.loss = checks.choice("loss", loss, ("squares", "cross-entropy", "logistic"))
        self.initialisation = checks.choice("initialisation", initialisation, INITIALISATIONS)
        self.bias = checks.flag("bias", bias)
        shapes = dict(_shapes(x.shape[1:], self.layers, self.bias))
        outputs = list(self.layers.values())[-1]
        y = self._wanted(targets, len(x), outputs)
        super().__init__(x, y, Layout(shapes), l2)

    def _wanted(self, targets: Any, rows: int, outputs: Any) -> Array:
        if self.loss == "cross-entropy":
            if outputs < 2:
                raise ValueError('loss="cross-entropy" wants a last layer of at least 2 units')
            return classes_of("targets", targets, rows, outputs)
        if self.loss == "logistic" and outputs != 1:
            raise ValueError(f'loss="logistic" wants a last layer of 1 unit, not {outputs}')
        y = checks.array("targets", targets).copy()
        if y.shape == (rows,) and outputs == 1:
            y = y[:, None]
        if y.shape != (rows, outputs):
            raise ValueError(f"targets must be of shape {(rows, outputs)}, not {y.shape}")
        strange = y[(y != 0) & (y != 1)]
        if self.loss == "logistic" and strange.size:
            raise ValueError(f"targets must be 0 or 1, not {strange[0]:g}")
        return y

    def on(self, features: ArrayLike, targets: ArrayLike) -> Network:
        """Return the same network on other rows, without the penalty: what a held-out cost is."""
        return Network(
            self._readable(features),
            targets,
            self.layers,
            activation=self.activation,
            loss=self.loss,
            initialisation=self.initialisation,
            bias=self.bias,
        )

    def start(self, seed: int) -> Array:
        """Return a θ to start from: normal weights of the initialisation's variance, biases 0."""
        rng = np.random.default_rng(checks.seed(seed))
        variance = INITIALISATIONS[self.initialisation]
        parts = {
            name: rng.normal(scale=math.sqrt(variance(*shape)), size=shape)
            if name.endswith(".weights")
            else np.zeros(shape)
            for name, shape in self.layout.shapes.items()
        }
        return self.layout.pack(parts)

    def signals(self, theta: ArrayLike, features: ArrayLike | None = None) -> dict[str, Array]:
        """Return what each layer says to rows of features, by its name; the last one's scores."""
        point = checks.array("theta", theta, shape=(self.n,))
        rows = self.features if features is None else self._readable(features)
        with np.errstate(all="ignore"):
            return dict(self._passed(self.layout.unpack(point), rows))

    def _passed(self, parameters: dict[str, Any], features: Array) -> Any:
        """Yield each layer's name and signal; they may be `Var`s."""
        signal: Any = features
        last = list(self.layers)[-1]
        for name, layer in self.layers.items():
            if isinstance(layer, Convolution):
                signal = _patches(signal, layer.size)
            elif len(signal.shape) > 2:
                signal = signal.reshape(len(features), -1)
            signal = signal @ parameters[f"{name}.weights"]
            if self.bias:
                signal = signal + parameters[f"{name}.bias"]
            if name != last:
                signal = ACTIVATIONS[self.activation](signal)
            yield name, signal

    def _scores(self, parameters: dict[str, Any], features: Array) -> Any:
        """Return the last layer's outputs, shape (B, outputs), from arrays or `Var`s by name."""
        *_, (_, last) = self._passed(parameters, features)
        return last

    def predicted(self, parameters: dict[str, Any], features: Array) -> Any:
        """Return the outputs, or for labels their probabilities."""
        scores = self._scores(parameters, features)
        if self.loss == "cross-entropy":
            return softmax(scores)
        return ACTIVATIONS["sigmoid"](scores) if self.loss == "logistic" else scores

    def row_costs(self, parameters: dict[str, Any], features: Array, targets: Array) -> Any:
        """Return what each row's outputs cost."""
        scores = self._scores(parameters, features)
        if self.loss == "cross-entropy":
            return cross_entropy(scores, targets)
        if self.loss == "logistic":
            return log_loss(scores, targets).sum(axis=1)
        return ((scores - targets) ** 2).sum(axis=1) * 0.5

    def accuracy(self, theta: ArrayLike) -> float:
        """Return the share of rows whose label is the most probable one.

        Raises
        ------
        ValueError
            A network without labels.
        """
        if self.loss == "squares":
            raise ValueError('accuracy is of labels: loss must be "cross-entropy" or "logistic"')
        found = self.predict(theta)
        if self.loss == "logistic":
            return float(((found > 0.5) == (self.targets > 0.5)).mean())
        return float((found.argmax(axis=1) == self.targets.argmax(axis=1)).mean())


def _layers(layers: Any) -> dict[str, int | Convolution]:
    given = checks.instance("layers", layers, Mapping, "a number of units by a layer's name")
    if not given:
        raise ValueError("layers must name at least one layer")
    found: dict[str, int | Convolution] = {}
    for name, layer in given.items():
        if "." in checks.text("a layer's name", name):
            raise ValueError(f"a layer's name must have no dot, not {name!r}")
        if isinstance(layer, Convolution):
            if found:
                raise ValueError(f"a convolution must be the first layer, not {name!r}")
            found[name] = layer
        else:
            found[name] = checks.count(f"the units of {name!r}", layer, at_least=1)
    if isinstance(found[name], Convolution):
        raise ValueError(f"the last layer must be a number of units, not {found[name]!r}")
    return found


def _shapes(inputs: tuple[int, ...], layers: Mapping[str, Any], bias: bool) -> Any:
    """Yield the name and shape of each layer's parameters, for rows of some shape."""
    for name, layer in layers.items():
        units = layer
        if isinstance(layer, Convolution):
            if len(inputs) != 2 or min(inputs) < layer.size:
                least = f"(rows, at least {layer.size}, at least {layer.size})"
                raise ValueError(f"features must be images of shape {least}, not rows of {inputs}")
            units, into = layer.filters, layer.size**2
            inputs = inputs[0] - layer.size + 1, inputs[1] - layer.size + 1, units
        else:
            into, inputs = math.prod(inputs), (units,)
        yield f"{name}.weights", (into, units)
        if bias:
            yield f"{name}.bias", (units,)


def _patches(images: Array, size: int) -> Array:
    """Return every patch of every image as a row of pixels: (B, height, width, size²)."""
    windows = sliding_window_view(images, (size, size), axis=(1, 2))
    return np.ascontiguousarray(windows).reshape(*windows.shape[:3], size**2)
