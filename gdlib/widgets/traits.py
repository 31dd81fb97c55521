"""Traits whose values pass through `checks`: a widget refuses what any function refuses, in words.

What they raise is traitlets' own error, so that a widget keeps its old value, and a `TypeError` or
a `ValueError` as well.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import traitlets

from gdlib import checks

MOST_LISTED = 1000
"""Landscapes, methods or paths that one widget may be given."""


class KindError(traitlets.TraitError, TypeError):
    """Another kind of thing than a trait holds."""


class RangeError(traitlets.TraitError, ValueError):
    """The right kind of thing, with a value that makes no figure."""


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what `checks` raises into traitlets' error, and traitlets' own into a `ValueError`."""
    try:
        yield
    except (KindError, RangeError):
        raise
    except TypeError as error:
        raise KindError(str(error)) from None
    except (ValueError, traitlets.TraitError) as error:
        raise RangeError(str(error)) from None


def validate(name: str) -> Callable[[Callable[[Any, Any], Any]], Any]:
    """Let a method judge a trait: it takes the value, and returns it or raises as `checks` does."""

    def decorate(method: Callable[[Any, Any], Any]) -> Any:
        @functools.wraps(method)
        def judged(self: Any, proposal: Any) -> Any:
            with in_words():
                return method(self, proposal["value"])

        return traitlets.validate(name)(judged)

    return decorate


class Checked(traitlets.TraitType[Any, Any]):
    """A trait that says with `judge` what it takes."""

    def judge(self, name: str, value: Any) -> Any:
        """Return the clean value, or raise `TypeError` or `ValueError`."""
        raise NotImplementedError

    def validate(self, _obj: Any, value: Any) -> Any:
        """Let `judge` speak, under the trait's own name."""
        with in_words():
            return self.judge(str(self.name), value)


class Number(Checked):
    """A finite number within its limits, of any width."""

    def __init__(self, default: float | None = None, *, help: str = "", **limits: Any) -> None:  # noqa: A002
        self.limits = limits
        super().__init__(default, allow_none=default is None, help=help)

    def judge(self, name: str, value: Any) -> float:
        """Ask for a number."""
        return checks.number(name, value, **self.limits)


class Count(Checked):
    """A whole number within its limits; None where it is the default."""

    def __init__(
        self,
        default: int | None,
        low: int,
        high: int | None = None,
        *,
        help: str = "",  # noqa: A002
    ) -> None:
        self.low, self.high = low, high
        super().__init__(default, allow_none=default is None, help=help)

    def judge(self, name: str, value: Any) -> int:
        """Ask for a whole number."""
        return checks.count(name, value, at_least=self.low, at_most=self.high)


class Flag(Checked):
    """True or False."""

    def judge(self, name: str, value: Any) -> bool:
        """Ask for True or False."""
        return checks.flag(name, value)


class Text(Checked):
    """A string; empty by default."""

    def __init__(self, default: str = "", *, help: str = "") -> None:  # noqa: A002
        super().__init__(default, help=help)

    def judge(self, name: str, value: Any) -> str:
        """Ask for a string."""
        return checks.text(name, value)


class Choice(Checked):
    """One of some words."""

    def __init__(self, options: Iterable[str], default: str, *, help: str = "") -> None:  # noqa: A002
        self.options = tuple(options)
        super().__init__(default, help=help)

    def judge(self, name: str, value: Any) -> str:
        """Ask for one of the words."""
        return checks.choice(name, value, self.options)


class Numbers(Checked):
    """Finite numbers in a row, kept as a tuple; a list, an array or a lone number will do."""

    def __init__(self, *, help: str = "") -> None:  # noqa: A002
        super().__init__((), help=help)

    def judge(self, name: str, value: Any) -> tuple[float, ...]:
        """Ask for an array of one axis."""
        return numbers(name, value)


class Point(Numbers):
    """As many finite numbers as its widget has `dimensions`."""

    def validate(self, obj: Any, value: Any) -> Any:
        """Count them."""
        with in_words():
            return numbers(str(self.name), value, obj.dimensions)


class Object(Checked):
    """An object of some class; `wanted` says which."""

    def __init__(self, kind: type, wanted: str, *, allow_none: bool = False) -> None:
        self.kind, self.wanted = kind, wanted
        super().__init__(None, allow_none=allow_none)

    def judge(self, name: str, value: Any) -> Any:
        """Ask for the object."""
        return checks.instance(name, value, self.kind, self.wanted)


class Several(Checked):
    """Objects of a class, one or more, kept as a tuple."""

    def __init__(
        self,
        kind: type,
        wanted: str,
        default: tuple[Any, ...] = (),
        *,
        help: str = "",  # noqa: A002
    ) -> None:
        self.kind, self.wanted = kind, wanted
        super().__init__(default, help=help)

    def judge(self, name: str, value: Any) -> tuple[Any, ...]:
        """Ask for the objects."""
        return one_or_more(name, value, self.kind, self.wanted)


class Json(Checked):
    """What a page reads: JSON, which knows no NaN and no infinity."""

    def __init__(self) -> None:
        super().__init__({})

    def judge(self, name: str, value: Any) -> Any:
        """Ask for numbers that JSON can write."""
        return finite_json(name.strip("_"), value)


def finite_json(what: str, value: Any) -> Any:
    """Return what can be written as JSON, or say that it overflows."""
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        raise ValueError(
            f"{what} of a figure must be finite; with these numbers it holds NaN or infinity"
        ) from None
    return value


def numbers(name: str, value: Any, count: int | None = None) -> tuple[float, ...]:
    """Return so many finite numbers as a tuple; a lone number is a row of one."""
    array = checks.array(name, () if isinstance(value, (list, tuple)) and not value else value)
    if array.ndim == 0:
        array = array.reshape(1)
    if array.ndim != 1 or count not in (None, len(array)):
        wanted = "numbers in a row" if count is None else f"{count} finite number(s)"
        raise ValueError(f"{name} must be {wanted}, not {checks.shown(value)}")
    return tuple(array.tolist())


def one_or_more(name: str, value: Any, kind: type, wanted: str) -> tuple[Any, ...]:
    """Return one object of a class, or several, as a tuple."""
    if isinstance(value, kind):
        return (value,)
    if hasattr(value, "__array__"):  # an array is numbers, and one of text is not plain text
        raise TypeError(f"{name} must be {wanted}, not {checks.shown(value)}")
    listed = checks.several(name, value, MOST_LISTED, f"be {wanted}")
    for item in listed:
        if not isinstance(item, kind):
            raise TypeError(f"{name} must be {wanted}; it holds {checks.shown(item)}")
    return listed
