"""A bowl of two variables with its valley at an angle: its axes, and what a step does along each.

Everything is derived from the cost and from gradient descent's own rule. What it is not: a run;
`descent` has those.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from gdlib.optimizers import eta, gradient_descent
from gdlib.optimizers.symbols import g

flat, steep, curvature = sp.symbols("mu L lamda", positive=True)
"""The smaller and the larger curvature; either of them."""
tilt = sp.Symbol("phi", real=True)
"""The angle of the flat axis to the first variable's, in degrees."""
place = sp.symbols("theta_0 theta_1", real=True)
"""The two variables, counted from the minimum."""
share = sp.Symbol("epsilon", positive=True)
"""What is to be left of an error."""
LEVEL = sp.Rational(1, 2)
"""The cost on the ellipse that is measured."""
EQUAL = 1e-9
"""Curvatures that differ by a smaller share are equal, but for rounding."""
axial = sp.symbols("z_1 z_2", real=True)
"""The place along the flat and the steep axis."""
ROUNDING = 2.0**-50
"""A factor of a step below this, or an error that is this share of the start, is rounding."""


class Shape(NamedTuple):
    """A Hessian by its axes: the angle of the flat one in degrees, κ, and L."""

    angle: float
    condition: float
    steepest: float

    @property
    def curvatures(self) -> tuple[float, float]:
        """μ and L."""
        return self.steepest / self.condition, self.steepest


class Ellipse(NamedTuple):
    """Formulas over the symbols of this module."""

    along: tuple[sp.Expr, sp.Expr]
    """The place along the flat and the steep axis, z₁ and z₂."""
    upright: sp.Expr
    """The cost over z₁ and z₂."""
    back: tuple[sp.Expr, sp.Expr]
    """The place from z₁ and z₂."""
    factor: sp.Expr
    """What a step multiplies an error by, along an axis of curvature λ."""
    half_axis: sp.Expr
    """From the centre to the ellipse of cost `LEVEL`, along such an axis."""
    condition: sp.Expr
    """L/μ of the ellipse whose long half axis ends at the place."""
    best: sp.Expr
    """The rate at which the larger of the two factors is smallest."""
    steps: sp.Expr
    """Steps until `share` of an error is left, along an axis of curvature λ."""


@cache
def ellipse() -> Ellipse:
    """Derive the formulas."""
    angle = tilt * sp.pi / 180
    turn = sp.Matrix([[sp.cos(angle), -sp.sin(angle)], [sp.sin(angle), sp.cos(angle)]])
    z = axial
    upright = (flat * z[0] ** 2 + steep * z[1] ** 2) / 2
    along, back = turn.T * sp.Matrix(place), turn * sp.Matrix(z)
    step = gradient_descent(1.0).step
    factor = sp.expand((z[0] + step.subs(g, curvature * z[0])) / z[0])
    t = sp.Symbol("t", positive=True)
    half_axis = sp.solve(curvature * t**2 / 2 - LEVEL, t)[0]
    reach = sp.solve(half_axis - t, curvature)[0].subs(t, sp.sqrt(place[0] ** 2 + place[1] ** 2))
    low, high = (factor.subs(curvature, value) for value in (flat, steep))
    return Ellipse(
        (along[0], along[1]),
        upright,
        (back[0], back[1]),
        factor,
        half_axis,
        sp.simplify(steep / reach),
        sp.solve(low + high, eta)[0],
        sp.log(share) / sp.log(sp.Abs(factor)),
    )


def shape_of(hessian: NDArray[np.float64]) -> Shape:
    """Return the shape of a symmetric matrix (2, 2) with positive eigenvalues.

    The angle is above −90 and at most 90; it is 0 where both curvatures are equal.
    """
    (low, high), axes = np.linalg.eigh(hessian)
    if high - low <= EQUAL * high:
        return Shape(0.0, 1.0, float(high))
    x, y = axes[:, 0]
    angle = float(np.degrees(np.arctan2(y, x)))
    return Shape(angle - 180 * float(np.ceil(angle / 180 - 0.5)), float(high / low), float(high))


def axes(shape: Shape) -> NDArray[np.float64]:
    """Return the flat and the steep axis, each of length 1, as columns of shape (2, 2)."""
    c, s = np.cos(np.radians(shape.angle)), np.sin(np.radians(shape.angle))
    return np.array([[c, -s], [s, c]])


def factors(shape: Shape, rate: float) -> NDArray[np.float64]:
    """Return what a step multiplies the errors along the flat and the steep axis by, shape (2,)."""
    found = 1 - rate * np.array(shape.curvatures)
    return np.where(np.abs(found) < ROUNDING, 0.0, found)


def errors(shape: Shape, rate: float, start: ArrayLike, steps: int) -> NDArray[np.float64]:
    """Return the errors along the flat and the steep axis at each step, of shape (steps + 1, 2).

    Each is computed by itself, so that the rounding of a large one is not seen in a small one; one
    that is beyond the reach of floats is infinite.
    """
    first = np.asarray(start) @ axes(shape)
    first[np.abs(first) < ROUNDING * float(np.linalg.norm(start))] = 0.0
    with np.errstate(over="ignore", under="ignore"):
        found: NDArray[np.float64] = first * factors(shape, rate) ** np.arange(steps + 1)[:, None]
    return found


def half_axes(shape: Shape) -> tuple[float, float]:
    """Return the half axes of the ellipse of cost `LEVEL`, the long one first."""
    long, short = (ellipse().half_axis.subs(curvature, value) for value in shape.curvatures)
    return float(long), float(short)


def best_rate(shape: Shape) -> float:
    """Return the rate at which the larger of a step's two factors is smallest."""
    return float(ellipse().best.subs(dict(zip((flat, steep), shape.curvatures, strict=True))))
