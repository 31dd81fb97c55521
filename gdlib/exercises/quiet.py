"""Keep what an answer prints, warns and draws out of the reader's session; one check at a time.

Streams, warning filters and random numbers belong to the whole process, so checks in several
threads take turns. Only threads of answers are swallowed, also one that outlives its check.
"""

from __future__ import annotations

import contextlib
import io
import random
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

STREAMS = ("stdout", "stderr")

TURN = threading.Lock()
"""Held by the check that runs."""

answering: set[threading.Thread] = set()
"""Threads that run an answer; one that cannot be stopped stays here until it ends."""

_known: set[threading.Thread] | None = None
"""The threads that there were before the check that runs; None between checks."""
_change = threading.Lock()


class Hushed:
    """A stream of the reader's that swallows what answers write, and is transparent otherwise."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.sink = io.StringIO()
        self.sink.write = len  # type: ignore[method-assign]  # keeps nothing, however much comes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sink if _answers(threading.current_thread()) else self.stream, name)


def _answers(thread: threading.Thread) -> bool:
    """Tell whether a thread is an answer's, or began during a check as a daemon, as they are."""
    known = _known
    return thread in answering or (known is not None and thread not in known and thread.daemon)


def begin(thread: threading.Thread) -> None:
    """Swallow what a thread writes from now on."""
    with _change:
        answering.add(thread)


def end(thread: threading.Thread) -> None:
    """Give the streams back if this was the last thread of an answer, and no check runs."""
    with _change:
        answering.discard(thread)
        if not answering and _known is None:
            for name in STREAMS:
                if isinstance(stream := getattr(sys, name), Hushed):
                    setattr(sys, name, stream.stream)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Swallow what the answer prints and warns: it is called on inputs nobody asked to see."""
    if threading.current_thread() in answering:  # an answer that checks another
        yield
        return
    with TURN, _hushed(), _unwarned(), np.errstate(all="ignore"), seeded():
        yield


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    global _known  # noqa: PLW0603  (so are the streams)
    with _change:
        now = {name: getattr(sys, name) for name in STREAMS}
        now = {n: s if s is None or isinstance(s, Hushed) else Hushed(s) for n, s in now.items()}
        _set(now)
        _known = set(threading.enumerate())
    try:
        yield
    finally:
        with _change:
            _known = None
            left = bool(answering)
            _set({n: s.stream if s is not None and not left else s for n, s in now.items()})


def _set(streams: dict[str, Any]) -> None:
    for name, stream in streams.items():
        setattr(sys, name, stream)


@contextlib.contextmanager
def _unwarned() -> Iterator[None]:
    ours: Any = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ours = warnings.filters
            yield
    finally:
        # What outlives its check may be inside a `catch_warnings`, and will put `ours` back.
        ours[:] = warnings.filters


@contextlib.contextmanager
def seeded() -> Iterator[None]:
    """Give the answer the same global random numbers at every check, and put the old ones back."""
    # The reader's code may use NumPy's global generator, so that is the one to seed.
    states = random.getstate(), np.random.get_state()  # noqa: NPY002
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
