"""Check a gradient against differences of the cost itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks

Array = NDArray[np.float64]
Method = Literal["central", "complex"]

DOUBLE, SINGLE = (float(np.finfo(kind).eps) for kind in (np.float64, np.float32))
TINY, SINGLE_TINY = 1e-200, 1e-15
"""The complex step subtracts nothing, so any tiny number will do that its type can hold."""


def numerical_gradient(
    f: Callable[[Any], Any], x: ArrayLike, *, h: float | None = None, method: Method = "central"
) -> Array:
    """Estimate the gradient of a function of θ without differentiating it.

    Parameters
    ----------
    f
        θ ↦ J(θ), one number. For the complex step it must accept complex θ, and return a
        complex number for it.
    x
        The point, an array of any shape; `f` gets copies of it, always in double precision.
    h
        The width of the difference. By default it follows the precision ε of what `f` returns:
        ε^(1/3)·max(1, |θᵢ|) (central), 6e−6 in double and 5e−3 in single precision; 1e−200, or
        1e−15 in single precision (complex).
    method
        "central": (J(θ + h) − J(θ − h)) / 2h; "complex": Im J(θ + ih) / h
        (Squire & Trapp 1998, doi:10.1137/S003614459631241X).

    Returns
    -------
    array of the shape of `x`
        NaN or infinite along a direction in which the cost is, or stops with an overflow or a
        division by zero.

    Raises
    ------
    TypeError
        A cost that does not return a real number, or for the complex step no complex one.
    ValueError
        An unknown method; h ≤ 0, or too small to change a coordinate; a point that is not
        finite, or a cost that is not one number.
    """
    checks.function("f", f)
    checks.choice("method", method, ("central", "complex"))
    width = None if h is None else checks.number("h", h, above=0)
    point = checks.array("x", x)
    epsilon = DOUBLE
    while True:
        gradient, seen = _differences(f, point, method, width, epsilon)
        if seen <= epsilon or width is not None:
            return gradient
        epsilon = seen


def _differences(
    f: Callable[[Any], Any], point: Array, method: Method, h: float | None, epsilon: float
) -> tuple[Array, float]:
    """Return the gradient, and the ε of what came back: where it is coarser, all begins anew."""
    gradient = np.empty(point.shape)
    for i in np.ndindex(point.shape):
        size = max(1.0, abs(float(point[i])))
        if method == "central":
            gradient[i], seen = _central(f, point, i, h or best_width(epsilon) * size, epsilon)
        else:
            tiny = TINY if epsilon == DOUBLE else SINGLE_TINY
            gradient[i], seen = _complex(f, point, i, h or tiny * size)
        if seen > epsilon and h is None:
            return gradient, seen
    return gradient, epsilon


def best_width(epsilon: float) -> float:
    """Return the h, relative to max(1, |θᵢ|), at which a central difference errs least: ε^(1/3).

    Its error is then some ε^(2/3), of rounding, J·ε/h, and of curvature, J‴·h²/6.
    """
    return float(epsilon ** (1 / 3))


def precision(*values: Any) -> float:
    """Return the rounding ε of numbers that a cost returned: by their type, or by their digits.

    A single-precision number that was made a Python float, as `loss.item()` does, ends in 29 zero
    bits. Numbers of few digits, such as 0 and ½, are exact in any type and tell nothing.
    """
    arrays = [np.asarray(value) for value in values]
    found = [float(np.finfo(a.dtype).eps) for a in arrays if a.dtype.kind in "fc"]
    known = np.array(
        [float(a.real.item()) for a in arrays if a.size == 1 and a.dtype.kind in "fciu"]
    )
    known = known[np.isfinite(known)]
    with np.errstate(all="ignore"):
        single = (known == known.astype(np.float32)).all()
        short = (known == known.astype(np.float16)).all()
    return max([DOUBLE, *found, SINGLE if single and not short else 0.0])


def _central(
    f: Callable[[Any], Any], point: Array, i: tuple[int, ...], h: float, epsilon: float
) -> tuple[float, float]:
    up, down = point.copy(), point.copy()
    up[i], down[i] = float(point[i]) + h, float(point[i]) - h
    if epsilon > DOUBLE:  # such a cost rounds θ as well: let it round to what we divide by
        with np.errstate(all="ignore"):
            near = np.array([up[i], down[i]], np.float32)
        if np.isfinite(near).all():  # farther out it has no θ to round to
            up[i], down[i] = near
    # The difference that the floats really have, not the one that was asked for.
    between = float(up[i]) - float(down[i])
    if not 0 < between < math.inf:
        raise ValueError(f"h must change the coordinate {float(point[i])!r}, not be {h!r}")
    above = _ask(f, up, math.nan)
    if isinstance(above, np.ndarray):  # a cost may write its next answer into the same array
        above = above.copy()
    values = above, _ask(f, down, math.nan)
    high, low = (_one(value) for value in values)
    if isinstance(high, complex) or isinstance(low, complex):
        raise TypeError(
            "the cost must return a real number, not the complex"
            f" {checks.shown(high if isinstance(high, complex) else low)}"
        )
    return (high - low) / between, precision(*values)


def _complex(
    f: Callable[[Any], Any], point: Array, i: tuple[int, ...], h: float
) -> tuple[float, float]:
    shifted = point.astype(complex)
    shifted[i] += 1j * h
    value = _ask(f, shifted, complex(math.nan, math.nan))
    number = _one(value)
    if not isinstance(number, complex):
        raise TypeError(
            'for method="complex" the cost must return a complex number for a complex θ, not'
            f" {checks.shown(number)}: it drops the imaginary part, which holds the gradient"
        )
    return number.imag / h, precision(value)


def _ask(f: Callable[[Any], Any], theta: NDArray[Any], nowhere: complex) -> Any:
    """Return f(θ), or NaN of the wanted kind where Python's numbers raise and NumPy's overflow."""
    with np.errstate(all="ignore"):
        try:
            return f(theta)
        except ArithmeticError:
            return nowhere


def _one(value: Any) -> float | complex:
    """Return what a cost returned as one Python number, real or complex, NaN and ∞ as they are."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError("the cost must return one number, not a masked array")
    if isinstance(value, tuple) and len(value) == 2:
        raise TypeError(
            "the cost must return one number, not a pair (value, gradient): of a problem give"
            " problem.value, of another cost `lambda theta: cost(theta)[0]`"
        )
    try:
        array = np.asarray(value)
    except Exception:  # rows of different lengths, or whatever an `__array__` raises
        raise TypeError(f"the cost must return one number, not {checks.shown(value)}") from None
    try:
        if array.size != 1:
            raise ValueError(f"the cost must be one number, not an array of shape {array.shape}")
        item: Any = array.item()
        if array.dtype.kind in "bSUMmV" or isinstance(item, (str, bytes, bool)):
            raise TypeError
        return complex(item) if array.dtype.kind == "c" or _is_complex(item) else float(item)
    except (TypeError, OverflowError, RuntimeError):  # the last: a tensor that wants .detach()
        raise TypeError(f"the cost must return one number, not {checks.shown(value)}") from None


def _is_complex(item: Any) -> bool:
    return isinstance(item, complex) or checks.attribute(item, "is_real") is False
