"""Reverse mode: from the last step of a tape to the first, slopes come back to the inputs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.autodiff import steps
from gdlib.autodiff.rules import RULES
from gdlib.autodiff.var import Tape, Var, record

Array = NDArray[np.float64]


def backward(result: Var) -> None:
    """Fill in the slopes of a result with respect to the inputs of its tape."""
    tape = result.tape
    result.slope = np.ones(result.shape)
    for step in reversed(tape):
        g = step.slope
        if g is None or step.function is None:
            continue
        for x, pull in zip(step.inputs, RULES[step.function], strict=False):
            if type(x) is not Var or x.tape is not tape or pull is None:
                continue
            if step.function is steps.taken and not tape.nested:
                _add_part(x, step.inputs[1], g)
            elif x.slope is None:
                x.slope = pull(g, step.value, *step.values)
            elif x.own:
                x.slope += pull(g, step.value, *step.values)
            else:
                x.slope, x.own = x.slope + pull(g, step.value, *step.values), True
        step.slope = None


def _add_part(x: Var, index: Any, g: Any) -> None:
    """Add the slope of x[index] to that of x in place: θ is long, and may have many parts."""
    if not x.own:
        x.slope, x.own = np.zeros(x.shape) if x.slope is None else np.array(x.slope), True
    if steps.may_repeat(index):
        x.slope += steps.put(g, x, index)
    else:
        x.slope[index] += g


def differentiate(f: Callable[..., Any], *points: Any) -> tuple[Any, list[Any]]:
    """Return f(*points), one number, and its slopes with respect to the points."""
    tape = Tape(nested=any(isinstance(point, Var) for point in points))
    inputs = [Var(point, tape) for point in points]
    try:
        result = f(*inputs)
        known = type(result) is Var
        shape = result.shape if known else checks.array("f(θ)", result, finite=False).shape
        if math.prod(shape) != 1:
            raise ValueError(f"f must return one number, not an array of shape {shape}")
        if not known or result.tape is not tape:  # θ is not in it
            return result, [_slope(x) for x in inputs]
        with np.errstate(all="ignore"):  # at √0 a slope is infinite, quietly
            backward(result)
        return result.value, [_slope(x) for x in inputs]
    finally:
        tape.clear()  # it refers to its Vars, and they to it: large arrays would stay for a while


def _slope(x: Var) -> Any:
    """Return the slope with respect to an input, in memory of its own."""
    slope = record(steps.fitted, np.zeros(()), x.value) if x.slope is None else x.slope
    return slope if type(slope) is Var or x.own else np.array(slope)


def value_and_grad(f: Callable[[Any], Any]) -> Callable[[ArrayLike], tuple[float, Array]]:
    """Return a function θ ↦ (f(θ), ∇f(θ)), which is what `descend` takes.

    The gradient comes from reverse-mode automatic differentiation: f is evaluated once, and the
    chain rule is applied to its steps from the last to the first. That costs a small multiple of f
    itself, whatever the number of parameters. For data of a hundred rows and more it is some three
    to eight times f; a function of ten numbers alone takes a dozen times as long, for every step is
    written down in Python. Frameworks that compile, such as JAX and PyTorch, do better on real
    work.

    Parameters
    ----------
    f
        A function of one array that returns one number, written with `+ - * / ** @`, comparisons,
        NumPy's `exp`, `log`, `log1p`, `logaddexp`, `sqrt`, `square`, `tanh`, `sin`, `cos`, `abs`,
        `maximum`, `minimum`, `where`, `sum`, `mean`, `max`, `min`, `reshape`, `transpose`, and
        parts `θ[i]`. It also runs on plain arrays, so that `numerical_gradient` can check it.

    Returns
    -------
    function
        Of θ, an array of real numbers of any shape, whole ones too. Of two equal numbers
        `np.maximum` gives the slope to the first, and `max` shares it; that of |θ| at 0 is 0. In
        another function that is differentiated, it gives second derivatives.

    Raises
    ------
    TypeError, ValueError
        `f` is no function; later, where it is called: an operation without a rule, a value that
        must be a plain number or is written to, a result that is not one number.
    """
    checks.function("f", f, "a function of an array that returns one number")

    def both(theta: Any) -> Any:
        quick = type(theta) is Var or (type(theta) is np.ndarray and theta.dtype == np.float64)
        point = theta if quick else checks.array("theta", theta, finite=False)
        value, (slope,) = differentiate(f, point)
        if isinstance(value, Var):  # a gradient is being differentiated
            return value, slope
        return float(value.item() if isinstance(value, np.ndarray) else value), slope

    return both


def grad(f: Callable[[Any], Any]) -> Callable[[ArrayLike], Array]:
    """Return the gradient of a function of one array, as a function: see `value_and_grad`."""
    both = value_and_grad(f)
    return lambda theta: both(theta)[1]
