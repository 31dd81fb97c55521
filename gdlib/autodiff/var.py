"""Arrays that are differentiated: what is done to them is done, and written on a tape."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, NoReturn

import numpy as np

from gdlib.autodiff import steps

Pull = Callable[..., Any]
"""From g, the slope of f with respect to a step's output, that output and the step's inputs, to the
slope with respect to one of these inputs."""

RULES: dict[Any, tuple[Pull | None, ...]] = {}
"""For each function that a step may be, a pull for each input; `rules` fills it in."""

_levels = count()


class Tape(list["Var"]):
    """The steps of one evaluation of f, in their order."""

    def __init__(self, *, nested: bool = False, whole: bool = False) -> None:
        self.level = next(_levels)  # a later tape is an inner one: a gradient of a gradient
        self.nested = nested  # among its values are Vars of another tape
        self.whole = whole  # steps without a slope, such as x > 0, are written down as well


def record(function: Any, *inputs: Any) -> Any:
    """Return `function(*inputs)`, and write the step on the innermost tape that an input is on.

    The values of its Vars may be Vars of another tape: then the step is written on that one too.
    """
    tape: Tape | None = None
    for x in inputs:
        if type(x) is Var and x.tape is not tape:
            tape = x.tape if tape is None else _inner(tape, x.tape)
    if tape is None:
        return function(*inputs)
    values = [x.value if type(x) is Var and x.tape is tape else x for x in inputs]
    out = record(function, *values) if tape.nested else function(*values)
    return Var(out, tape, function, inputs, values) if RULES[function] or tape.whole else out


def _inner(a: Tape, b: Tape) -> Tape:
    """Return the inner one of two tapes, for which the Vars of the other are values."""
    inner = max(a, b, key=lambda tape: tape.level)
    inner.nested = True
    return inner


def _operator(ufunc: Any) -> Any:
    """Return the methods for x ∘ y and, with x not a Var, for y ∘ x."""
    return lambda x, y: record(ufunc, x, y), lambda y, x: record(ufunc, x, y)


def _refuses(words: str) -> Any:
    def method(*_: Any, **__: Any) -> NoReturn:
        raise TypeError(words)

    return method


class Var:
    """An array that is differentiated: its value, and the step of the tape that computed it."""

    __slots__ = ("function", "inputs", "own", "slope", "tape", "value", "values")

    def __init__(
        self, value: Any, tape: Tape, function: Any = None, inputs: Any = (), values: Any = ()
    ) -> None:
        self.value, self.tape, self.function = value, tape, function
        self.inputs, self.values = inputs, values  # of the step: with Vars, and without
        self.slope: Any = None  # of f with respect to this Var, as far as it is known
        self.own = False  # the slope's array is nobody else's, and may be added to in place
        tape.append(self)

    __add__, __radd__ = _operator(np.add)
    __sub__, __rsub__ = _operator(np.subtract)
    __mul__, __rmul__ = _operator(np.multiply)
    __truediv__, __rtruediv__ = _operator(np.divide)
    __matmul__, __rmatmul__ = _operator(np.matmul)
    _power, __rpow__ = _operator(np.power)
    __lt__, __gt__ = _operator(np.less)
    __le__, __ge__ = _operator(np.less_equal)
    __eq__ = _operator(np.equal)[0]
    __ne__ = _operator(np.not_equal)[0]
    __hash__ = object.__hash__
    __bool__ = _refuses("a Var is neither true nor false: compare its numbers, or use np.where")
    __float__ = __int__ = __index__ = __array__ = _refuses(
        "a Var cannot become plain numbers, which have no slope: use NumPy's functions on it, "
        "rather than those of math, float(…), np.array([…]) or an array that is written to"
    )
    __setitem__ = _refuses("a Var cannot be written to: build a new array, with np.where for one")

    def __pow__(self, power: Any) -> Any:
        return record(np.square, self) if np.isscalar(power) and power == 2 else self._power(power)

    def __neg__(self) -> Any:
        return record(np.negative, self)

    def __abs__(self) -> Any:
        return record(np.absolute, self)

    def __getitem__(self, index: Any) -> Any:
        return record(steps.taken, self, index)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        return f"Var({self.value})"

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Var has no {name!r}; it has {', '.join(_offered())}")

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return self.value.shape  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        """How many axes the array has."""
        return self.value.ndim  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """How many numbers the array holds."""
        return self.value.size  # type: ignore[no-any-return]

    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        """The transpose."""
        return record(steps.transposed, self)

    @property
    def mT(self) -> Any:  # noqa: N802 (NumPy's name)
        """The transpose of each matrix of a stack."""
        return record(steps.swapped, self)

    def reshape(self, *shape: Any) -> Any:
        """Arrange the numbers anew."""
        return record(steps.reshaped, self, shape[0] if len(shape) == 1 else shape)

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Add up all numbers, or those along an axis."""
        return record(steps.summed, self, axis, keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Return the mean of all numbers, or of those along an axis."""
        return record(steps.averaged, self, axis, keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Return the largest of all numbers, or of those along an axis."""
        return record(steps.largest, self, axis, keepdims)

    def min(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Return the smallest of all numbers, or of those along an axis."""
        return -(-self).max(axis, keepdims)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Let NumPy hand over `np.exp(var)`, `array * var` and the like."""
        if method != "__call__" or ufunc not in RULES:
            said = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
            raise TypeError(f"np.{said} has no rule here; there is one for {_known()}")
        if options:
            raise TypeError(f"np.{ufunc.__name__} of a Var takes no {' or '.join(options)}=")
        return record(ufunc, *inputs)

    def __array_function__(self, function: Any, _types: Any, args: Any, options: Any) -> Any:
        """Let NumPy hand over `np.sum(var)`, `np.where(…, var, …)` and the like."""
        if function not in METHODS:
            raise TypeError(f"np.{function.__name__} has no rule here; there is one for {_known()}")
        return METHODS[function](*args, **options)


METHODS: dict[Any, Callable[..., Any]] = {
    np.sum: Var.sum,
    np.mean: Var.mean,
    np.max: Var.max,
    np.min: Var.min,
    np.reshape: Var.reshape,
    np.transpose: lambda x: x.T,
    np.shape: lambda x: x.shape,
    np.ndim: lambda x: x.ndim,
    np.where: lambda mask, x, y: record(np.where, mask, x, y),
}


def _known() -> str:
    functions = [f for f in RULES if isinstance(f, np.ufunc) and RULES[f]]
    return ", ".join(sorted(f"np.{f.__name__}" for f in [*functions, *METHODS])) + ", @, parts x[i]"


def _offered() -> list[str]:
    return [name for name in vars(Var) if name[0] != "_" and name not in Var.__slots__]
