"""The catalogue's test functions with gradients and Hessians derived by hand: the oracle for them.

Nothing here imports `gdlib` or SymPy. Points have shape (..., n), n = 2 but for the double
well's 1; a value has shape (...), a gradient (..., n), a Hessian (..., n, n).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Points = Any  # real, or complex for a complex step, of shape (..., n)
Function = Callable[..., Any]


@dataclass(frozen=True)
class Reference:
    """One landscape: f, its partial derivatives as functions of x and y, and published facts.

    `first` gives (f_x, f_y), `second` gives (f_xx, f_xy, f_yy), or is `None`. `facts` are critical
    points with their value and kind, to the digits that the source prints.
    """

    f: Function
    first: Function
    second: Function | None
    facts: tuple[tuple[tuple[float, ...], float, str], ...]
    dimension: int = 2

    def value(self, points: Points) -> Any:
        return self.f(*np.moveaxis(points, -1, 0))

    def gradient(self, points: Points) -> Any:
        partials = self.first(*np.moveaxis(points, -1, 0))
        return np.stack(np.broadcast_arrays(*partials), axis=-1)

    def hessian(self, points: Points) -> Any:
        """Return the hand-written Hessian, or a complex step through the hand-written gradient."""
        if self.second is None:
            return complex_step(self.gradient, points)
        partials = np.broadcast_arrays(*self.second(*np.moveaxis(points, -1, 0)))
        result = np.empty((*points.shape, self.dimension), dtype=points.dtype)
        rows, columns = np.triu_indices(self.dimension)
        for i, j, partial in zip(rows, columns, partials, strict=True):
            result[..., i, j] = result[..., j, i] = partial
        return result


def complex_step(function: Callable[[Points], Any], points: Points) -> Any:
    """Return the derivatives along each coordinate, on a new last axis, to the last digit.

    Squire & Trapp 1998, doi:10.1137/S003614459631241X: nothing is subtracted, so nothing cancels.
    """
    h = 1e-30
    steps = 1j * h * np.eye(points.shape[-1])
    return np.stack([function(points + step).imag / h for step in steps], axis=-1)


def quadratic(condition: float = 10) -> Reference:
    """Return ½(x² + κy²), Hessian diag(1, κ)."""
    return Reference(
        lambda x, y: (x**2 + condition * y**2) / 2,
        lambda x, y: (x, condition * y),
        lambda x, y: (1 + 0 * x, 0 * x, condition + 0 * y),
        (((0, 0), 0, "minimum"),),
    )


# Rosenbrock 1960, doi:10.1093/comjnl/3.3.175
rosenbrock = Reference(
    lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    lambda x, y: (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
    lambda x, y: (2 - 400 * y + 1200 * x**2, -400 * x, 200 + 0 * y),
    (((1, 1), 0, "minimum"),),
)

# Himmelblau 1972, Applied Nonlinear Programming, McGraw-Hill, ISBN 0-07-028921-2; Jamil & Yang
# 2013, doi:10.1504/IJMMNO.2013.055204. All critical points but (3, 2) are rounded.
himmelblau = Reference(
    lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    lambda x, y: (
        4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
        2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7),
    ),
    lambda x, y: (12 * x**2 + 4 * y - 42, 4 * (x + y), 12 * y**2 + 4 * x - 26),
    (
        ((3, 2), 0, "minimum"),
        ((-2.805118, 3.131312), 0, "minimum"),
        ((-3.779310, -3.283186), 0, "minimum"),
        ((3.584428, -1.848126), 0, "minimum"),
        ((3.385154, 0.073852), 13.312, "saddle"),
        ((0.086678, 2.884255), 67.719, "saddle"),
        ((-3.073026, -0.081353), 104.015, "saddle"),
        ((-0.127961, -1.953715), 178.337, "saddle"),
        ((-0.270845, -0.923039), 181.6165, "maximum"),
    ),
)


def _beale(x: Points, y: Points) -> tuple[Any, Any, Any]:
    """Return the three residuals."""
    return 1.5 - x * (1 - y), 2.25 - x * (1 - y**2), 2.625 - x * (1 - y**3)


def _beale_first(x: Points, y: Points) -> tuple[Any, Any]:
    a, b, c = _beale(x, y)
    return (
        -2 * (a * (1 - y) + b * (1 - y**2) + c * (1 - y**3)),
        2 * x * (a + 2 * b * y + 3 * c * y**2),
    )


def _beale_second(x: Points, y: Points) -> tuple[Any, Any, Any]:
    a, b, c = _beale(x, y)
    return (
        2 * ((1 - y) ** 2 + (1 - y**2) ** 2 + (1 - y**3) ** 2),
        2 * (a + 2 * y * b + 3 * y**2 * c)
        - 2 * x * ((1 - y) + 2 * y * (1 - y**2) + 3 * y**2 * (1 - y**3)),
        2 * x * (x + 2 * b + 4 * x * y**2 + 6 * y * c + 9 * x * y**4),
    )


# Beale 1958, in Moré, Garbow & Hillstrom 1981, doi:10.1145/355934.355936
beale = Reference(
    lambda x, y: sum(r**2 for r in _beale(x, y)),
    _beale_first,
    _beale_second,
    (((3, 0.5), 0, "minimum"), ((0, 1), 14.203125, "saddle")),
)

# Hilbert & Cohn-Vossen 1952, Geometry and the Imagination, §29: the real part of (x + iy)³
monkey_saddle = Reference(
    lambda x, y: x**3 - 3 * x * y**2,
    lambda x, y: (3 * x**2 - 3 * y**2, -6 * x * y),
    lambda x, y: (6 * x, -6 * y, -6 * x),
    (((0, 0), 0, "degenerate"),),
)

# Nesterov 2004, Introductory Lectures on Convex Optimization, doi:10.1007/978-1-4419-8853-9,
# section 1.2.3; Lee et al. 2016, arXiv:1602.04915, section 3
saddle = Reference(
    lambda x, y: x**2 / 2 + y**4 / 4 - y**2 / 2,
    lambda x, y: (x, y**3 - y),
    lambda x, y: (1 + 0 * x, 0 * x, 3 * y**2 - 1),
    (((0, 1), -0.25, "minimum"), ((0, -1), -0.25, "minimum"), ((0, 0), 0, "saddle")),
)

# The roots of x³ − 2x + ¼ by Viète: 2 √(2/3) cos(⅓ arccos(−(3/16) √(3/2)) − 2πj/3), j = 0, 1, 2
double_well = Reference(
    lambda x: x**4 / 4 - x**2 + x / 4,
    lambda x: (x**3 - 2 * x + 0.25,),
    lambda x: (3 * x**2 - 2,),
    (
        ((-1.473,), -1.3611, "minimum"),
        ((0.126,), 0.0157, "maximum"),
        ((1.347,), -0.6546, "minimum"),
    ),
    dimension=1,
)

# One Gaussian dent in a plain
plateau = Reference(
    lambda x, y: 1 - np.exp(-(x**2) / 2 - y**2),
    lambda x, y: tuple(c * np.exp(-(x**2) / 2 - y**2) for c in (x, 2 * y)),
    lambda x, y: tuple(
        c * np.exp(-(x**2) / 2 - y**2) for c in (1 - x**2, -2 * x * y, 2 - 4 * y**2)
    ),
    (((0, 0), 0, "minimum"),),
)

# Mühlenbein, Schomisch & Born 1991, doi:10.1016/S0167-8191(05)80052-3, here with n = 2
rastrigin = Reference(
    lambda x, y: 20 + x**2 + y**2 - 10 * (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)),
    lambda x, y: tuple(2 * t + 20 * np.pi * np.sin(2 * np.pi * t) for t in (x, y)),
    lambda x, y: (
        2 + 40 * np.pi**2 * np.cos(2 * np.pi * x),
        0 * x,
        2 + 40 * np.pi**2 * np.cos(2 * np.pi * y),
    ),
    (((0, 0), 0, "minimum"),),
)


def _ackley(x: Points, y: Points) -> tuple[Any, Any]:
    """Return the root mean square of the coordinates, and the exponential of the mean cosine."""
    cosines = np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)
    return np.sqrt((x**2 + y**2) / 2), np.exp(cosines / 2)


def _ackley_first(x: Points, y: Points) -> tuple[Any, ...]:
    rms, waves = _ackley(x, y)
    cone = 2 * np.exp(-rms / 5) / rms  # not differentiable at the origin, its minimum
    return tuple(cone * t + np.pi * waves * np.sin(2 * np.pi * t) for t in (x, y))


# Ackley 1987, doi:10.1007/978-1-4613-1997-9, here with n = 2
ackley = Reference(
    lambda x, y: 20 + np.e - 20 * np.exp(-_ackley(x, y)[0] / 5) - _ackley(x, y)[1],
    _ackley_first,
    None,
    (),
)

# Booth, Matyas, the camels: Jamil & Yang 2013, doi:10.1504/IJMMNO.2013.055204
booth = Reference(
    lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    lambda x, y: (10 * x + 8 * y - 34, 8 * x + 10 * y - 38),
    lambda x, y: (10 + 0 * x, 8 + 0 * x, 10 + 0 * y),
    (((1, 3), 0, "minimum"),),
)

matyas = Reference(
    lambda x, y: 0.26 * (x**2 + y**2) - 0.48 * x * y,
    lambda x, y: (0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x),
    lambda x, y: (0.52 + 0 * x, -0.48 + 0 * x, 0.52 + 0 * y),
    (((0, 0), 0, "minimum"),),
)

three_hump_camel = Reference(
    lambda x, y: 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2,
    lambda x, y: (4 * x - 4.2 * x**3 + x**5 + y, x + 2 * y),
    lambda x, y: (4 - 12.6 * x**2 + 5 * x**4, 1 + 0 * x, 2 + 0 * y),
    (
        ((0, 0), 0, "minimum"),
        ((1.747552, -0.873776), 0.298638, "minimum"),
        ((-1.747552, 0.873776), 0.298638, "minimum"),
    ),
)

# Dixon & Szegő 1978, Towards Global Optimisation 2
six_hump_camel = Reference(
    lambda x, y: (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2,
    lambda x, y: (8 * x - 8.4 * x**3 + 2 * x**5 + y, x - 8 * y + 16 * y**3),
    lambda x, y: (8 - 25.2 * x**2 + 10 * x**4, 1 + 0 * x, 48 * y**2 - 8),
    (
        ((0.0898420, -0.7126564), -1.0316285, "minimum"),
        ((-0.0898420, 0.7126564), -1.0316285, "minimum"),
    ),
)

# Styblinski & Tang 1990, doi:10.1016/0893-6080(90)90029-K, here with n = 2
styblinski_tang = Reference(
    lambda x, y: (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2,
    lambda x, y: tuple((4 * t**3 - 32 * t + 5) / 2 for t in (x, y)),
    lambda x, y: (6 * x**2 - 16, 0 * x, 6 * y**2 - 16),
    (((-2.903534, -2.903534), -78.33233, "minimum"),),
)


def _sign(x: Points) -> Any:
    """Return the sign of a real or complex number's real part, so that x·sign(x) is |x|."""
    return np.sign(np.real(x))


# Tibshirani 1996, doi:10.1111/j.2517-6161.1996.tb02080.x: least squares with an ℓ₁ penalty, here
# around the point (2, −½), where the bowl is −7/4. At the minimum (¾, 0) the slope in x is
# −5/4 + 1/4 + 1 = 0, and the bowl's in y, 3/8, is less than 1.
lasso = Reference(
    lambda x, y: (
        (x - 2) ** 2 / 2
        + (x - 2) * (y + 0.5) / 2
        + (y + 0.5) ** 2
        - 1.75
        + x * _sign(x)
        + y * _sign(y)
    ),
    lambda x, y: (x - 2 + (y + 0.5) / 2 + _sign(x), (x - 2) / 2 + 2 * (y + 0.5) + _sign(y)),
    lambda x, y: (1 + 0 * x, 0.5 + 0 * x, 2 + 0 * y),
    (),
)


def _wolfe_first(x: Points, y: Points) -> tuple[Any, Any]:
    root = np.sqrt(9 * x**2 + 16 * y**2)
    fan = np.real(x) > np.abs(np.real(y))
    ninth = np.where(np.real(x) > 0, 0, 9 * x**8)
    return (
        np.where(fan, 45 * x / root, 9 - ninth),
        np.where(fan, 80 * y / root, 16 * _sign(y)),
    )


def _wolfe_second(x: Points, y: Points) -> tuple[Any, Any, Any]:
    # 5 · 9 · 16 / root³ times (y², −xy, x²)
    scale = np.where(np.real(x) > np.abs(np.real(y)), 720 / (9 * x**2 + 16 * y**2) ** 1.5, 0)
    bend = np.where(np.real(x) > 0, 0, -72 * x**7)
    return scale * y**2 + bend, -scale * x * y, scale * x**2


# Wolfe 1975, doi:10.1007/BFb0120703
wolfe = Reference(
    lambda x, y: np.where(
        np.real(x) > np.abs(np.real(y)),
        5 * np.sqrt(9 * x**2 + 16 * y**2),
        9 * x + 16 * y * _sign(y) - np.where(np.real(x) > 0, 0, x**9),
    ),
    _wolfe_first,
    _wolfe_second,
    (),
)

LANDSCAPES: dict[str, Reference] = {
    "quadratic": quadratic(),
    "rosenbrock": rosenbrock,
    "himmelblau": himmelblau,
    "beale": beale,
    "saddle": saddle,
    "monkey_saddle": monkey_saddle,
    "double_well": double_well,
    "plateau": plateau,
    "rastrigin": rastrigin,
    "ackley": ackley,
    "booth": booth,
    "matyas": matyas,
    "three_hump_camel": three_hump_camel,
    "six_hump_camel": six_hump_camel,
    "styblinski_tang": styblinski_tang,
    "lasso": lasso,
    "wolfe": wolfe,
}
