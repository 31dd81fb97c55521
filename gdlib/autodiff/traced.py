"""A function and its gradient as a list of steps that another language can run: JSON.

A program has `inputs`, how many arrays it takes; `lines`, each `[step, …]`; and `outputs`. The
arrays are numbered: first the inputs, then what each line computes. A line's operands are such
numbers, and behind them stand what else the step needs:

- `["constant", numbers]`, nested lists;
- ufuncs by their name in NumPy, `["add", i, j]`, and `["where", mask, i, j]`;
- `["summed", i, axis, keepdims]`, `averaged` and `largest` likewise; `["repeated", i, like, axis,
  keepdims]`, which undoes a sum's shape; `["fitted", i, like]`, which adds up or repeats as
  broadcasting did; `["ratio", i, j]`, of their sizes;
- `["taken", i, index]` and `["put", i, like, index]`, whose index lists for each axis a whole
  number, null (a new axis), "..." or `{"slice": [first, last, step]}`, or `{"places": numbers}`;
- `["reshaped", i, shape]`, `["shaped_as", i, like]`, `["transposed", i]`, `["swapped", i]`,
  `["unchanged", i]`;
- of a symmetric matrix, `["spectral_power", i, exponent]` and `["eigenvectors", i]`.

`steps` says what each does. No shape stands in it that f did not write itself, so one program
serves arrays of other lengths. `frontend/src/core/tape.ts` runs it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from gdlib import checks
from gdlib.autodiff import steps
from gdlib.autodiff.reverse import differentiate
from gdlib.autodiff.var import Tape, Var

ARRAYS = {
    np.where: 3,
    **dict.fromkeys((steps.repeated, steps.ratio, steps.fitted, steps.put, steps.shaped_as), 2),
}
"""How many of a step's inputs are arrays, where it is not one and the step no ufunc."""


def traced(f: Callable[..., Any], *arrays: Any, by: Iterable[int] | None = None) -> dict[str, Any]:
    """Return the program that computes f and its gradients, by evaluating it once.

    Parameters
    ----------
    f
        A function of arrays that returns one number, written as `value_and_grad` wants it. What it
        decides with `if`, and what it reads from a shape, is the same in all runs of the program.
    *arrays
        Examples, for their numbers of axes.
    by
        The numbers of the arrays by which to differentiate, all by default. With none of them,
        `()`, the program computes f alone, which may then be any array, or a list of them.

    Returns
    -------
    dict
        As the module describes it; its outputs are f, then the gradients in the order of `by`.

    Raises
    ------
    TypeError, ValueError
        What `value_and_grad` raises; a number in `by` that no array has, an index or an `if` that
        depends on the arrays.
    """
    checks.function("f", f)
    given = [checks.array(f"array {i}", array) for i, array in enumerate(arrays)]
    tape = Tape(whole=True)
    inputs = [Var(array, tape) for array in given]
    chosen = range(len(given)) if by is None else by
    wanted = [checks.count("by", i, at_most=len(given) - 1) for i in chosen]
    try:
        if wanted:
            value, slopes = differentiate(
                lambda *some: f(*_filled(inputs, wanted, some)), *(inputs[i] for i in wanted)
            )
        else:
            value, slopes = f(*inputs), []
        results = value if isinstance(value, list) else [value]
        return _Program(inputs).of(tape, [*results, *slopes])
    finally:
        tape.clear()


def _filled(inputs: list[Var], wanted: list[int], some: tuple[Var, ...]) -> list[Var]:
    """Return the inputs, with those by which to differentiate in their places."""
    table = dict(zip(wanted, some, strict=True))
    return [table.get(i, x) for i, x in enumerate(inputs)]


class _Program:
    """The lines written so far, and the number of each array."""

    def __init__(self, inputs: list[Var]) -> None:
        self.inputs = len(inputs)
        self.numbers = {id(x): i for i, x in enumerate(inputs)}
        self.lines: list[list[Any]] = []
        self.written: dict[str, int] = {}

    def of(self, tape: Tape, results: list[Any]) -> dict[str, Any]:
        """Write what the results need, each line once."""
        needed = {id(x) for x in results}
        for step in reversed(tape):
            if id(step) in needed:
                needed.update(id(x) for x in step.inputs)
        for step in tape:
            if id(step) in needed and step.function is not None:
                self.numbers[id(step)] = self._write(self._line(step.function, step.inputs))
        outputs = [self._number(x) for x in results]
        return {"inputs": self.inputs, "lines": self.lines, "outputs": outputs}

    def _line(self, function: Any, inputs: tuple[Any, ...]) -> list[Any]:
        arrays = function.nin if isinstance(function, np.ufunc) else ARRAYS.get(function, 1)
        operands = [self._number(x) for x in inputs[:arrays]]
        indexed = function in (steps.taken, steps.put)
        options = [_index(x) if indexed else _option(x) for x in inputs[arrays:]]
        return [function.__name__, *operands, *options]

    def _number(self, x: Any) -> int:
        if isinstance(x, Var):
            return self.numbers[id(x)]
        return self._write(["constant", checks.array("a constant of f", x).tolist()])

    def _write(self, line: list[Any]) -> int:
        key = json.dumps(line)
        if key not in self.written:
            self.written[key] = self.inputs + len(self.lines)
            self.lines.append(line)
        return self.written[key]


def _option(value: Any) -> Any:
    """Write an axis, a shape, or whether axes are kept."""
    if isinstance(value, (tuple, list)):
        return [_option(one) for one in value]
    return value if value is None or isinstance(value, (bool, float)) else int(value)


def _index(index: Any) -> list[Any]:
    """Write what a part is taken by, axis by axis."""
    return [_place(part) for part in (index if isinstance(index, tuple) else (index,))]


def _place(part: Any) -> Any:
    if isinstance(part, Var):
        raise TypeError("an index must not depend on the arrays of a traced function")
    if part is None or part is ...:
        return None if part is None else "..."
    if isinstance(part, slice):
        return {"slice": [_option(end) for end in (part.start, part.stop, part.step)]}
    places = np.asarray(part)
    if places.dtype.kind == "b":
        raise TypeError("an index of a traced function must be whole numbers, not a mask")
    return {"places": places.tolist()} if places.ndim else int(places)
