"""A program that checks answers under a tracer: `python traced.py sys|threads|none`.

On Python 3.11 a tracer of a debugger or of coverage waits for ever if a check leaves the
interpreter's flag of pending exceptions raised; so this runs in a process that can be ended.
"""

import sys
import threading
import time
from types import FrameType
from typing import Any

from gdlib.exercises import check
from gdlib.exercises.kinds import function


@function("trial/double", inputs=[(3.0,)], seconds=0.2)
def double(x: Any) -> Any:
    """Double a number."""
    return 2 * x


def endless(x: Any) -> Any:
    """Never end, and swallow what is thrown."""
    while True:
        try:
            x = abs(x)
        except:  # noqa: E722 (the point of it)
            continue


def sleeping(x: Any) -> Any:
    """Wait longer than anybody does, in a call that nothing interrupts."""
    time.sleep(1e6)
    return x


def later(x: Any) -> Any:
    """Be entered, which a tracer that waits never does."""
    return x


def trace(_frame: FrameType, _event: str, _argument: Any) -> Any:
    """Follow every line, as a debugger does."""
    return trace


if __name__ == "__main__":
    if sys.argv[1] == "sys":
        sys.settrace(trace)
    if sys.argv[1] == "threads":
        threading.settrace(trace)
    for answer in (lambda x: x + x, sleeping, endless, lambda x: x + x):
        print(check("trial/double", answer).state, later(1))
    # A tracer that comes after the checks, while one of them still sleeps.
    sys.settrace(trace)
    print(later("traced"), sys.gettrace() is trace)
