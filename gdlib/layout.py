"""Where named arrays of any shapes lie within one flat θ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.autodiff import Var
from gdlib.console import printable
from gdlib.frozen import Frozen

Array = NDArray[np.float64]


@printable
@dataclass(frozen=True)
class Layout:
    """The shapes of named arrays that lie one after the other in a flat θ of shape (n,).

    Most rules move each number of θ by itself, so that one flat θ serves whatever is learned. A
    rule of matrices, like `gd.muon`, asks the layout where they lie.

    Parameters
    ----------
    shapes
        The shape of each array by its name, in the order in which they lie; () is one number.

    Raises
    ------
    TypeError, ValueError
        No arrays at all, a name that is no text, a shape that is not made of whole numbers of at
        least 1, or too many numbers to keep.
    """

    shapes: Mapping[str, tuple[int, ...]]

    def __post_init__(self) -> None:
        given = checks.instance("shapes", self.shapes, Mapping, "shapes by name")
        if not given:
            raise ValueError("shapes must name at least one array")
        shapes = {
            checks.text("a name in shapes", name): _shape(name, shape)
            for name, shape in given.items()
        }
        object.__setattr__(self, "shapes", Frozen(shapes))
        checks.room("arrays of these shapes", self.size)

    @property
    def size(self) -> int:
        """How many numbers there are in all: n."""
        return sum(map(math.prod, self.shapes.values()))

    @property
    def places(self) -> dict[str, tuple[slice, tuple[int, ...]]]:
        """Where each array lies in a flat θ, and its shape, by its name."""
        found, first = {}, 0
        for name, shape in self.shapes.items():
            last = first + math.prod(shape)
            found[name] = slice(first, last), shape
            first = last
        return found

    def __repr__(self) -> str:
        parts = ", ".join(f"{name} {shape}" for name, shape in self.shapes.items())
        return f"Layout({parts}: {self.size} numbers)"

    def unpack(self, theta: Any) -> dict[str, Any]:
        """Return the arrays by name, as parts of a flat θ.

        They are views of an array of floats, which write into it; of a `Var` of `autodiff`, too.
        """
        if not isinstance(theta, Var) and not checks.is_complex(theta):
            theta = checks.array("theta", theta, shape=(self.size,))
        if theta.shape != (self.size,):
            raise ValueError(f"theta must be of shape ({self.size},), not {theta.shape}")
        return {name: theta[at].reshape(shape) for name, (at, shape) in self.places.items()}

    def pack(self, arrays: Mapping[str, ArrayLike]) -> Array:
        """Return a flat θ of shape (n,) with these arrays in it.

        Raises
        ------
        TypeError, ValueError
            Other names than the layout's, or an array of another shape.
        """
        given = checks.instance("arrays", arrays, Mapping, "arrays by name")
        if set(given) != set(self.shapes):
            wanted = ", ".join(self.shapes)
            raise ValueError(f"arrays must be {wanted}, not {', '.join(map(str, given))}")
        each = [
            checks.array(f"{name} of arrays", given[name], shape=shape)
            for name, shape in self.shapes.items()
        ]
        return np.concatenate([one.ravel() for one in each])


def _shape(name: str, shape: Any) -> tuple[int, ...]:
    if checks.is_a(shape, str) or not np.iterable(shape):
        came = checks.shown(shape)
        raise TypeError(f"the shape of {name} must be a tuple of whole numbers, not {came}")
    return tuple(checks.count(f"the shape of {name}", one, at_least=1) for one in shape)
