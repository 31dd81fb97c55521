"""What an update rule remembers between two steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.console import printable
from gdlib.frozen import Frozen

Array = NDArray[np.float64]

MOST = 2**53
"""Steps that a state may have taken: a rule counts in floats, where after these k + 1 is k."""


@printable
@dataclass(frozen=True, eq=False)
class State:
    """What a rule remembers between steps: how many it has taken, and its moments by name.

    Raises
    ------
    TypeError, ValueError
        A number of steps below 0 or above 2⁵³; moments that are no arrays of numbers by name.
    """

    step: int
    moments: Mapping[str, Array]

    def __post_init__(self) -> None:
        step = checks.count("a state's step", self.step)
        step = checks.count("a state's step", step, at_most=MOST)
        object.__setattr__(self, "step", step)
        checks.instance("a state's moments", self.moments, Mapping, "arrays by name")
        moments = {
            checks.text("a moment's name", name): checks.array(f"moment {name}", m, finite=False)
            for name, m in self.moments.items()
        }
        object.__setattr__(self, "moments", Frozen(moments))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return (self.step, set(self.moments)) == (other.step, set(other.moments)) and all(
            np.array_equal(m, other.moments[name], equal_nan=True)
            for name, m in self.moments.items()
        )

    __hash__ = None  # type: ignore[assignment]  # arrays change

    def __reduce__(self) -> tuple[Any, ...]:
        return State, (self.step, dict(self.moments))
