"""What comes in from readers: one rule for every number, array, seed and choice.

Each function takes the argument's name and what came. It returns the clean value, or raises a
`TypeError` (another kind of thing) or a `ValueError` (the right kind, but out of range) that says
what was wanted and what came. What a *formula* may hold is for `formula.sayable` to say.
"""

from __future__ import annotations

import difflib
import math
import numbers
import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_NUMBERS = 2**27
"""Numbers that a result may hold (1 GiB): what asks for more is refused before it is computed."""


def shown(value: Any, length: int = 60) -> str:
    """Return a short, one-line `repr` without a memory address, whatever the object's own does."""
    try:
        text = re.sub(r" at 0x[0-9a-fA-F]+", "", " ".join(repr(value).split()))
    except Exception:  # a reader's class may fail at anything
        text = f"a {type(value).__name__}"
    return text if len(text) <= length else text[: length - 1] + "…"


def is_a(value: Any, kinds: Any) -> bool:
    """Return `isinstance(value, kinds)`, and False for what cannot even say what it is."""
    try:
        return isinstance(value, kinds)
    except Exception:  # a proxy whose object is gone
        return False


def is_complex(value: Any) -> bool:
    """Tell whether a value is an array of complex numbers, as a complex step makes one of θ."""
    return is_a(value, np.ndarray) and value.dtype.kind == "c"


def attribute(value: Any, name: str) -> Any:
    """Return an attribute of what a reader gave, or None, whatever its `__getattr__` raises."""
    try:
        return getattr(value, name, None)
    except Exception:
        return None


def number(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
) -> float:
    """Return a finite real number within its limits as a float.

    Accepts Python's, NumPy's (of any width) and SymPy's real numbers, and arrays of shape ().

    Raises
    ------
    TypeError
        Text, a bool, None, a complex number, or anything else that is no real number.
    ValueError
        NaN, an infinity, or a number beyond the limits.
    """
    wanted = _range(above, at_least, below, at_most)
    real = value[()] if is_a(value, np.ndarray) and value.shape == () else value
    if not _is_real(real):
        limits = f" ({wanted})" if wanted else ""
        raise TypeError(f"{name} must be a number{limits}, not {shown(value)}")
    try:
        result = float(real)
    except OverflowError:  # an int or a fraction beyond the largest float
        result = math.inf
    except Exception:  # a number of a reader's own
        raise TypeError(f"{name} must be a number, not {shown(value)}") from None
    good = (
        math.isfinite(result)
        and (above is None or result > above)
        and (at_least is None or result >= at_least)
        and (below is None or result < below)
        and (at_most is None or result <= at_most)
    )
    if not good:
        raise ValueError(f"{name} must be {wanted or 'finite'}, not {shown(value)}")
    return result


NO_NUMBERS = (bool, np.timedelta64)
"""What Python and NumPy count among the whole numbers, and no reader does."""


def _is_real(value: Any) -> bool:
    return is_a(value, numbers.Real) and not is_a(value, NO_NUMBERS)


def _range(
    above: float | None, at_least: float | None, below: float | None, at_most: float | None
) -> str:
    """Say a range in words: "positive and finite", "at least 0 and below 1"."""
    low = (
        ("positive" if above == 0 else f"above {above:g}")
        if above is not None
        else f"at least {at_least:g}"
        if at_least is not None
        else ""
    )
    high = (
        f"below {below:g}"
        if below is not None
        else f"at most {at_most:g}"
        if at_most is not None
        else "finite"
        if low
        else ""
    )
    return " and ".join(part for part in (low, high) if part)


def count(name: str, value: Any, *, at_least: int = 0, at_most: int | None = None) -> int:
    """Return a whole number within its limits as an int; 100.0 is none.

    Raises
    ------
    TypeError, ValueError
        Anything but a whole number; one beyond the limits.
    """
    whole = value[()] if is_a(value, np.ndarray) and value.shape == () else value
    if is_a(whole, NO_NUMBERS) or not is_a(whole, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, not {shown(value)}")
    try:
        result = int(whole)
    except Exception:  # a number of a reader's own
        raise TypeError(f"{name} must be a whole number, not {shown(value)}") from None
    if result < at_least or (at_most is not None and result > at_most):
        wanted = f"at least {at_least}" if at_most is None else f"from {at_least} to {at_most}"
        raise ValueError(f"{name} must be {wanted}, not {shown(value)}")
    return result


def seed(value: Any, name: str = "seed") -> int:
    """Return a seed: a whole number, at least 0.

    Raises
    ------
    TypeError, ValueError
        None, without which a run cannot be repeated; a generator, which is used up as it draws,
        so that the same call would give another run; any other thing; a number below 0.
    """
    if value is None:
        raise TypeError(
            f"{name} must be a whole number, not None: without one, the run could not be repeated"
        )
    if is_a(value, (np.random.Generator, np.random.RandomState, np.random.BitGenerator)):
        raise TypeError(
            f"{name} must be a whole number, not a {type(value).__name__}: that is used up as it"
            " draws, so the same call would give another run"
        )
    return count(name, value)


def flag(name: str, value: Any) -> bool:
    """Return True or False, or refuse what is neither."""
    if not is_a(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, not {shown(value)}")
    return bool(value)


def text(name: str, value: Any) -> str:
    """Return a string, or refuse what is none."""
    if not is_a(value, str):
        raise TypeError(f"{name} must be a string, not {shown(value)}")
    result: str = value  # of a reader's own kind of string, the string itself
    return result


def choice(name: str, value: Any, options: Iterable[str]) -> str:
    """Return one of some words, or list them: `keep must be "path" or "end", not 'all'`."""
    known = list(options)
    if not is_a(value, str) or value not in known:
        quoted = [f'"{option}"' for option in known]
        wanted = " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
        kind = ValueError if is_a(value, str) else TypeError
        raise kind(f"{name} must be {wanted}, not {shown(value)}{did_you_mean(value, known)}")
    result: str = value  # of a reader's own kind of string, the string itself
    return result


def did_you_mean(word: Any, known: Iterable[str]) -> str:
    """Return `; did you mean 'steps'?` for a word that is nearly a known one, or nothing."""
    near = difflib.get_close_matches(str(word), list(known), n=1) if is_a(word, str) else []
    return f"; did you mean {near[0]!r}?" if near else ""


def keywords(
    owner: str, given: Iterable[str], known: Iterable[str], also: Iterable[str] = ()
) -> None:
    """Refuse a keyword that is not known; `also` are taken too, but not listed.

    Raises
    ------
    TypeError
        Saying which there are, and which is nearest.
    """
    listed, hidden = list(known), list(also)
    unknown = sorted(set(given) - {*listed, *hidden})
    if unknown:
        has = ", ".join(listed) or "none"
        near = did_you_mean(unknown[0], [*listed, *hidden])
        raise TypeError(f"{owner} has no {unknown[0]!r}; it has {has}{near}")


def array(
    name: str,
    value: Any,
    *,
    shape: tuple[Any, ...] | None = None,
    finite: bool = True,
    copy: bool = False,
) -> Array:
    """Return numbers as an array of floats.

    Accepts lists, NumPy arrays and scalars of any width, read-only ones too, DataFrames, Series,
    and what else converts to an array of real numbers. True and False count as 1 and 0.

    Parameters
    ----------
    shape
        What is wanted, None for any length: `(None, 2)`, and `(..., 2)` for any number of axes
        before.
    finite
        Refuse NaN and infinities.
    copy
        Return memory of its own, which the caller may write to.

    Raises
    ------
    TypeError
        A masked array, whose hidden numbers would be used; complex numbers, whose imaginary part
        would be dropped; text, dates, a sparse matrix, anything else.
    ValueError
        Rows of different lengths, a wrong shape, NaN or an infinity.
    """
    result = _floats(name, value)
    if shape is not None and not _fits(result.shape, shape):
        raise ValueError(f"{name} must be of shape {_shape(shape)}, not {result.shape}")
    if finite and not np.isfinite(result).all():
        at = tuple(map(int, np.argwhere(~np.isfinite(result))[0]))
        where = f" at index {at[0] if len(at) == 1 else at}" if at else ""
        raise ValueError(f"{name} must be finite, not {result[at]}{where}")
    return result.copy() if copy and np.may_share_memory(result, value) else result


def integers(name: str, value: Any, *, shape: tuple[Any, ...] | None = None) -> NDArray[Any]:
    """Return whole numbers as an array of integers, as `array` does of floats; 2.0 is none."""
    array(name, value, shape=shape)  # in words what is no array of numbers
    result = np.asarray(value)
    if result.dtype.kind not in "iu":
        raise TypeError(f"{name} must be whole numbers, not {shown(value)}")
    return result


def _floats(name: str, value: Any) -> Array:
    if _masked(value):
        raise TypeError(
            f"{name} must not be a masked array, whose hidden numbers would be used: choose rows"
            " with `.compressed()` or fill the gaps with `.filled(…)`"
        )
    if not is_a(value, np.ndarray) and attribute(value, "toarray") is not None:
        raise TypeError(f"{name} must be a dense array, not a {type(value).__name__}: .toarray()")
    try:
        raw = _raw(value)
    except ValueError:
        raise ValueError(
            f"{name} must be a regular array, not rows of different lengths: {shown(value)}"
        ) from None
    except Exception:  # whatever a reader's `__array__` raises
        raise TypeError(f"{name} must be numbers, not {shown(value)}") from None
    if raw.dtype.kind == "c":
        raise TypeError(f"{name} must be real numbers, not complex ones: {shown(value)}")
    if raw.dtype.kind == "O":
        strange = next((item for item in raw.flat if not _is_real_or_bool(item)), None)
        if strange is not None or not raw.size or any(item is None for item in raw.flat):
            raise TypeError(f"{name} must be numbers, not {shown(strange)}")
    elif raw.dtype.kind not in "buif":
        raise TypeError(f"{name} must be numbers, not {shown(value)}")
    try:
        with np.errstate(all="ignore"):
            return np.asarray(raw, dtype=np.float64)
    except OverflowError:
        raise ValueError(f"{name} must fit into floats, not {shown(value)}") from None


def _raw(value: Any) -> NDArray[Any]:
    """Return what NumPy makes of a value.

    Asked directly, an `__array__` of before NumPy 2 makes no warning. To ignore warnings would not
    do: their filters belong to all threads.
    """
    made = None if is_a(value, (np.ndarray, np.generic)) else attribute(value, "__array__")
    return np.asarray(value if made is None else made())


def _is_real_or_bool(value: Any) -> bool:
    return is_a(value, (numbers.Real, np.bool_))


def _masked(value: Any, depth: int = 0) -> bool:
    """Tell whether a value is a masked array, or a list that holds one: NumPy drops its mask."""
    if is_a(value, (list, tuple)):
        # NumPy's arrays have at most 64 axes; a list may hold itself.
        return depth < 64 and any(_masked(item, depth + 1) for item in value[:1000])
    return is_a(value, np.ma.MaskedArray)


def _fits(came: tuple[int, ...], wanted: tuple[Any, ...]) -> bool:
    if wanted and wanted[0] is ...:
        wanted = wanted[1:]
        came = came[len(came) - len(wanted) :] if len(came) >= len(wanted) else came
    return len(came) == len(wanted) and all(
        w is None or w == c for c, w in zip(came, wanted, strict=True)
    )


def _shape(wanted: tuple[Any, ...]) -> str:
    words = ["..." if w is ... else "any" if w is None else str(w) for w in wanted]
    return f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"


def bounds(name: str, value: Any, n: int) -> tuple[tuple[float, float], ...]:
    """Return n pairs (low, high) with low < high, both finite."""
    pairs = array(name, value, finite=False)
    if pairs.shape != (n, 2):
        wanted = "one pair (low, high)" if n == 1 else f"{n} pairs (low, high)"
        raise ValueError(f"{name} must be {wanted}, shape ({n}, 2), not {shown(value)}")
    for low, high in pairs.tolist():
        if not -math.inf < low < high < math.inf:
            raise ValueError(f"{name} must be (low, high) with low < high, not {(low, high)}")
    return tuple((low, high) for low, high in pairs.tolist())


def several(
    name: str, value: Any, most: int, wanted: str = "list several values"
) -> tuple[Any, ...]:
    """Return the items of a list, or of what else can be gone through; text is none.

    Raises
    ------
    TypeError, ValueError
        What cannot be gone through; more than `most` items, for a generator may go on.
    """
    if is_a(value, (str, bytes)) or not np.iterable(value):
        raise TypeError(f"{name} must {wanted}, not {shown(value)}")
    items = tuple(islice(value, most + 1))
    if len(items) > most:
        raise ValueError(f"{name} must list at most {most:,} values")
    return items


def instance(name: str, value: Any, kinds: type | tuple[type, ...], wanted: str) -> Any:
    """Return an object of some class; `wanted` says which: "a Landscape"."""
    if not is_a(value, kinds):
        raise TypeError(f"{name} must be {wanted}, not {shown(value)}")
    return value


def function(name: str, value: Any, wanted: str = "a function") -> Any:
    """Return something that can be called."""
    if not callable(value):
        raise TypeError(f"{name} must be {wanted}, not {shown(value)}")
    return value


def room(what: str, size: int, advice: str = "") -> None:
    """Refuse a result of more numbers than a machine should be asked to hold.

    Raises
    ------
    ValueError
        Saying how much it would be, and `advice`.
    """
    if size > MOST_NUMBERS:
        what = re.sub(r"\d{16,}", lambda n: f"1e{len(n[0]) - 1}", what)  # 10**400 as it can be read
        most, asked = (min(n, 10**300) * 8 / 2**30 for n in (MOST_NUMBERS, size))
        raise ValueError(f"{what} must fit into {most:g} GiB, not {asked:,.3g} GiB{advice}")
