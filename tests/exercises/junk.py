"""Answers that no exercise accepts: every wrong kind of thing that can stand in a cell."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import numpy as np


class Hostile:
    """An object that raises whatever is asked of it."""

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise RuntimeError("no array")

    def __float__(self) -> NoReturn:
        raise SystemExit("no float")

    def __len__(self) -> NoReturn:
        raise KeyboardInterrupt

    def __eq__(self, other: object) -> NoReturn:
        raise MemoryError

    def __hash__(self) -> NoReturn:
        raise TypeError

    def __repr__(self) -> NoReturn:
        raise ValueError("no text")


VALUES: dict[str, Any] = {
    "an empty text": "",
    "a text": "junk & <b>markup</b>",
    "a number as text": "0.123456",
    "a bool": True,
    "a far number": -98765.4321,
    "a huge integer": 10**400,
    "NaN": float("nan"),
    "infinity": float("inf"),
    "a complex number": 1.5 + 2.5j,
    "an empty list": [],
    "a ragged list": [[1.0], [2.0, 3.0]],
    "a list of texts": ["a", "b"],
    "a nested None": [None, None],
    "an array of NaN": np.full(2, np.nan),
    "a wrong shape": np.zeros((3, 1, 2)),
    "an empty array": np.zeros(0),
    "an array of objects": np.array([{}, None], dtype=object),
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "a dictionary": {"a": 1},
    "a set": {1, 2},
    "bytes": b"x",
    "a module": sys,
    "a generator": (i for i in range(3)),
    "a hostile object": Hostile(),
    "a class": Hostile,
    "a built-in": print,
    "the wrong arity": lambda: 1.0,
    "a class with a call": type("Callable", (), {"__call__": lambda _, *__: None})(),
}


def raising(error: BaseException) -> Callable[..., Any]:
    """Return a function that raises `error` whatever it is given."""

    def answer(*_: Any) -> NoReturn:
        raise error

    return answer


def giving(result: Any) -> Callable[..., Any]:
    """Return a function that returns `result` whatever it is given."""
    return lambda *_: result


def generating(*_: Any) -> Iterator[float]:
    """Yield instead of return."""
    yield 1.0


async def awaiting(*_: Any) -> float:
    """Have to be awaited."""
    return 1.0


def recursive(*inputs: Any) -> Any:
    """Call itself for ever."""
    return recursive(*inputs)


def looping(*_: Any) -> NoReturn:
    """Run for ever and swallow whatever is thrown at it."""
    n = 0
    while True:
        try:
            n += 1
        except:  # noqa: E722 (the point of it)
            n -= 1


FUNCTIONS: dict[str, Any] = {
    **{f"a function returning {name}": giving(value) for name, value in VALUES.items()},
    **{
        f"a function raising {type(error).__name__}": raising(error)
        for error in (
            ValueError("<script>"),
            ZeroDivisionError(),
            SystemExit(3),
            KeyboardInterrupt(),
            GeneratorExit(),
            MemoryError(),
            StopIteration(),
            Exception(Hostile()),
        )
    },
    "a function that yields": generating,
    "a coroutine": awaiting,
    "endless recursion": recursive,
}
JUNK = {**VALUES, **FUNCTIONS}
