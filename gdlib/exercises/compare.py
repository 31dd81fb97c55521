"""Compare a reader's values with the right ones, and say in words what came instead."""

from __future__ import annotations

from typing import Any

import numpy as np

from gdlib.exercises.sandbox import NotStarted, NotYet


def same(got: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Return whether two values agree: numbers nearly, tuples item by item, NaN with NaN."""
    try:
        if isinstance(expected, tuple):
            return len(got) == len(expected) and all(
                same(*pair, rtol, atol) for pair in zip(got, expected, strict=True)
            )
        if isinstance(expected, str):
            return bool(got == expected)
        mine, theirs = numbers(got, expected), np.asarray(expected)
    except Exception:
        return False
    if mine.shape != theirs.shape:
        return False
    return bool(np.allclose(mine, theirs, rtol=rtol, atol=atol, equal_nan=True))


def cut_short(got: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Return whether a value is right but for its last digits: rounded to two or three of them.

    Of several values each is right or rounded.
    """
    if same(got, expected, rtol, atol):
        return True
    if isinstance(expected, str):
        return False
    try:
        if isinstance(expected, tuple):
            return len(got) == len(expected) and all(
                cut_short(*pair, rtol, atol) for pair in zip(got, expected, strict=True)
            )
        return float(numbers(got, expected)) in (float(f"{expected:.{n}g}") for n in (2, 3))
    except Exception:
        return False


def numbers(got: Any, expected: Any) -> np.ndarray:
    """Return `got` as an array of floats (of bools where a bool is expected); else `NotYet`."""
    array = np.asarray(got)
    if array.dtype == object:
        array = unboxed(array)
    wants_bool = np.asarray(expected).dtype == bool
    if (array.dtype == bool) != wants_bool or array.dtype.kind not in "biufc":
        raise NotYet(f"{described(got)} where {wanted(expected)} is wanted")
    if array.dtype.kind == "c" and np.asarray(expected).dtype.kind != "c":
        raise NotYet(f"complex numbers where {wanted(expected)} is wanted")
    return array


def unboxed(array: np.ndarray) -> np.ndarray:
    """Return an array of objects (SymPy numbers, fractions) as floats, if they are numbers."""
    if any(item is ... for item in array.flat):
        raise NotStarted
    # A numeric string or a stray bool is not a number; SymPy's numbers and fractions are.
    if not all(hasattr(item, "__float__") and not isinstance(item, bool) for item in array.flat):
        return array
    try:
        return array.astype(float)
    except OverflowError:
        raise NotYet("a number too large for a float") from None
    except (TypeError, ValueError):
        return array


def complaint(got: Any, expected: Any) -> str:
    """Return what is odd about the kind of value that came (`None where a number is wanted`).

    The empty string means that the kind is right and only the value differs.
    """
    if isinstance(expected, tuple):
        if not listed(got) or len(got) != len(expected):
            return f"{described(got)} where {len(expected)} values are wanted"
        found = (complaint(*pair) for pair in zip(got, expected, strict=True))
        return next(filter(None, found), "")
    if isinstance(expected, str):
        return "" if isinstance(got, str) else f"{described(got)} where a text is wanted"
    try:
        array = numbers(got, expected)
    except NotYet as reason:
        return str(reason)
    except ValueError:
        return f"a ragged list where {wanted(expected)} is wanted"
    if array.shape != np.shape(expected):
        return f"{described(got)} where {wanted(expected)} is wanted"
    if np.isnan(array).any() and not np.isnan(expected).any():
        return "NaN (not a number)"
    if np.isinf(array).any() and not np.isinf(expected).any():
        return "infinity"
    return ""


def listed(got: Any) -> bool:
    """Return whether a value is a tuple, a list or an array: something with items."""
    return isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim > 0)


def wanted(expected: Any) -> str:
    """Return what kind of value is right, never which."""
    array = np.asarray(expected)
    if array.dtype == bool:
        return "True or False" if array.ndim == 0 else f"an array of bools of shape {array.shape}"
    return "a number" if array.ndim == 0 else f"an array of shape {array.shape}"


def described(got: Any) -> str:
    """Return what came, in words: `None`, `a text`, `an array of shape (3,)`."""
    if got is None:
        return "None"
    if isinstance(got, str):
        return "a text"
    if isinstance(got, bool | np.bool_):
        return "True or False"
    if isinstance(got, type):
        return f"the class {got.__name__}"
    if callable(got):
        return "a function (call it)"
    if isinstance(got, int | float | np.number):
        return "a single number"
    if isinstance(got, np.ndarray) and got.dtype.kind in "biufc":
        return f"an array of shape {got.shape}"
    if isinstance(got, list | tuple):
        return f"a {type(got).__name__} of {len(got)}"
    return f"a value of type {type(got).__name__}"


def apart(got: Any, expected: Any) -> str:
    """Return a short text of what came, with the digits that tell it from what is right."""
    texts = [in_brief(got, digits) for digits in (4, 6, 9, 13, 17)]
    right = [in_brief(expected, digits) for digits in (4, 6, 9, 13, 17)]
    return next((mine for mine, its in zip(texts, right, strict=True) if mine != its), texts[0])


def in_brief(value: Any, digits: int = 4) -> str:
    """Return a short text of a value: numbers to 4 digits, arrays as lists, functions by name."""
    if isinstance(value, np.ndarray):
        return f"array{value.shape}" if value.size > 6 else in_brief(value.tolist(), digits)
    if isinstance(value, list | tuple):
        inside = ", ".join(in_brief(item, digits) for item in value[:6])
        inside += ", …" if len(value) > 6 else ""
        return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, int | float | np.number):
        return f"{value:.{digits}g}"
    return str(getattr(value, "__name__", type(value).__name__))
