"""Run a reader's code so that nothing it does harms the check: time, output, warnings, errors.

The whole check runs in a worker thread. After the time limit, which counts the worker's own time
where the machine is busy with others, another thread tells the worker to stop by an asynchronous
exception, again and again if the code swallows it. That works on every platform
and leaves Ctrl-C to the caller. It cannot stop a single call into C that never returns to Python:
then the verdict still comes in time, unless that call holds the interpreter's lock.
"""

from __future__ import annotations

import contextlib
import contextvars
import copy
import ctypes
import dis
import linecache
import math
import queue
import re
import sys
import sysconfig
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gdlib.exercises import quiet

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = str(Path(__file__).parent.parent)
LIBRARIES = tuple(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))

MOST = 5
"""Limits that an answer may take by the clock, on a machine too busy to give it its time."""


class NotYet(Exception):  # noqa: N818 (an outcome, not an error)
    """The answer is not right; the text says what to look at."""


class NotStarted(Exception):  # noqa: N818 (as above)
    """The answer still holds the blank."""


class OutOfTime(BaseException):
    """Thrown into the worker when its time is over."""


class Settled(BaseException):
    """Thrown by a thread at itself, and caught there: see `settle`."""


class Worker(threading.Thread):
    """One call in a thread that can be told to stop."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True, name="gdlib-check")
        self.work = work
        self.context = contextvars.copy_context()
        self.result: Any = None
        self.error: BaseException | None = None
        self.lock = threading.Lock()
        self.wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.closed = False  # nothing is thrown any more
        self.thrown = False  # it did not end by itself
        self.clock: int | None = None  # of its own processor time, where the platform has one

    def run(self) -> None:
        """Do the work, keep its result or its error, and refuse to be interrupted after that."""
        try:
            try:
                if hasattr(time, "pthread_getcpuclockid"):
                    self.clock = time.pthread_getcpuclockid(threading.get_ident())
                self.result = self.context.run(guarded, self.work)
            except BaseException as error:
                self.error = error
            self.close()
        except OutOfTime:  # thrown as the work ended
            self.close()
        quiet.end(self)

    def used(self) -> float:
        """Return the seconds that it has computed for; infinity where that is not known."""
        try:
            return math.inf if self.clock is None else time.clock_gettime(self.clock)
        except OSError:  # it has ended
            return math.inf

    def close(self) -> None:
        """Let nothing more be thrown, and take what may still be on its way."""
        with self.lock:
            self.closed = True
        if self.thrown:
            settle()
        self.wake.put(None)

    def stop(self, patience: float = 0.5) -> None:
        """Throw `OutOfTime` into the thread until it ends or `patience` (seconds) is over."""
        end = time.monotonic() + patience
        while not self.closed and time.monotonic() < end:
            with self.lock:
                if not self.closed:
                    self.thrown = True
                    settle(self.ident)
            # Again and again: a loop with a bare except has to be hit outside its try.
            time.sleep(0.001)
        self.join(max(0.0, end - time.monotonic()))


class Watchdog(threading.Thread):
    """Starts a worker and stops it when its time is over, or when it is woken.

    A thread of its own, for Ctrl-C interrupts only the main one, and might do so half-way.
    """

    def __init__(self, work: Callable[[], Any], seconds: float) -> None:
        super().__init__(daemon=True, name="gdlib-watch")
        self.worker = Worker(work)
        self.seconds = seconds
        self.over = False
        self.ended: queue.SimpleQueue[None] = queue.SimpleQueue()

    def run(self) -> None:
        """Wait for the worker's end, its time or a call; then let nothing of it go on."""
        quiet.begin(self.worker)
        try:
            self.worker.start()
            self.wait()
            self.worker.stop()
        except RuntimeError as error:  # no more threads
            self.worker.error = error
            quiet.end(self.worker)
        self.over = True
        self.ended.put(None)
        if not self.worker.closed and self.worker.ident:
            self.worker.stop(patience=60)  # the verdict need not wait for it

    def wait(self, slice_: float = 0.1) -> None:
        """Return when the worker ends, when its time is over, or when somebody calls."""
        end = time.monotonic() + MOST * self.seconds
        with contextlib.suppress(queue.Empty):
            return self.worker.wake.get(timeout=self.seconds)
        while time.monotonic() < end and (before := self.worker.used()) < self.seconds:
            with contextlib.suppress(queue.Empty):
                return self.worker.wake.get(timeout=slice_)
            if self.worker.used() - before <= slice_ / 20:  # it sleeps or waits: no right to more
                break
        return None

    def cancel(self, patience: float = 1.0) -> None:
        """Stop the worker now, and return when it has stopped."""
        self.worker.wake.put(None)
        end = time.monotonic() + patience
        while not self.over and time.monotonic() < end:
            time.sleep(0.001)
        self.tidy()

    def tidy(self) -> None:
        """Wait for the thread's own end, which is near once the worker has ended."""
        if self.over and self.worker.closed:
            self.join()


def guarded(work: Callable[[], Any]) -> Any:
    """Return `work()`; an error that no check foresaw becomes `NotYet`, SystemExit included."""
    try:
        return work()
    except (NotYet, NotStarted, Mutated, OutOfTime):
        raise
    except BaseException as error:
        raise NotYet(f"Your answer cannot be read: {message_of(error)}{place(error)}.") from None


def hushed(work: Callable[[], Any]) -> Any:
    """Return `work()`, done in the caller's own thread."""
    here = threading.current_thread()
    quiet.begin(here)
    try:
        return guarded(work)
    finally:
        quiet.end(here)


def watched(work: Callable[[], Any], seconds: float) -> Any:
    """Return `work()`, done here; each turn of a loop and each call looks at the clock.

    That needs `sys.monitoring`, of Python 3.12; before, there is no limit.
    """
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        return hushed(work)
    tool = next(one for one in range(6) if monitoring.get_tool(one) is None)
    looked_at = monitoring.events.JUMP, monitoring.events.PY_START
    end = time.monotonic() + seconds
    late = False

    def look(*_: Any) -> None:
        nonlocal late
        late = late or time.monotonic() > end
        if late:
            raise OutOfTime

    def looking() -> Any:
        monitoring.set_events(tool, sum(looked_at))
        try:
            return work()
        finally:
            monitoring.set_events(tool, 0)

    monitoring.use_tool_id(tool, "gdlib-check")
    for event in looked_at:
        monitoring.register_callback(tool, event, look)
    try:
        result = hushed(looking)
    finally:
        monitoring.free_tool_id(tool)
    if late:  # what was thrown was caught
        raise OutOfTime
    return result


def settle(other: int | None = None) -> None:
    """Throw `OutOfTime` into another thread, if one is named; leave nothing pending in this one.

    Up to Python 3.12, an exception that is pending in one thread raises a flag for all of them,
    which is lowered only when one is received: to withdraw it leaves the flag up. In 3.11 a traced
    thread, under a debugger or coverage, never enters a function while the flag is up. So this
    thread lowers it at once, by receiving an exception of its own. The other thread still gets the
    one meant for it, when it next takes the interpreter's lock.
    """
    throw, here = ctypes.pythonapi.PyThreadState_SetAsyncExc, threading.get_ident()
    me, them = ctypes.c_ulong(here), ctypes.c_ulong(other or here)
    stop, own = ctypes.py_object(OutOfTime), ctypes.py_object(Settled)
    # From here on no function is entered.
    if other is not None:
        throw(them, stop)
    try:
        throw(me, own)
        while True:
            pass
    except Settled:
        return


def limited(work: Callable[[], Any], seconds: float) -> Any:
    """Return `work()`, or raise `OutOfTime` after `seconds`; quiet, and with seeded randomness."""
    with quiet.quiet():
        watch = Watchdog(work, seconds)
        try:
            watch.start()
            # Not `join`: once that is interrupted, Python 3.11 takes a running thread for ended.
            watch.ended.get()
        except RuntimeError:  # a Python without threads, in the browser
            return watched(work, seconds)
        except BaseException:  # Ctrl-C
            watch.cancel()
            raise
        watch.tidy()
    worker = watch.worker
    if worker.thrown:
        raise OutOfTime
    if worker.error is not None:
        raise worker.error
    return worker.result


def call(answer: Callable[..., Any], *inputs: Any) -> Any:
    """Return what the reader's function gives for copies of `inputs`.

    Raises `NotYet` naming the error and the reader's line, `NotStarted` if a blank `...` is left.
    """
    given = [fresh(value) for value in inputs]
    try:
        result = answer(*given)
    except (OutOfTime, NotYet):
        raise
    except BaseException as error:
        text = message_of(error)
        if "ellipsis" in text:
            raise NotStarted from None
        where = place(error)
        raise NotYet(f"Your code stops with {text}{where}.") from None
    if any(not identical(*pair) for pair in zip(given, inputs, strict=True)):
        raise Mutated(result)
    return result


class Mutated(Exception):  # noqa: N818 (as above)
    """The answer changed what it was given; the argument is its result."""


def fresh(value: Any) -> Any:
    """Return a copy of containers and arrays; anything else is shared."""
    return copy.deepcopy(value) if isinstance(value, np.ndarray | list | dict | set) else value


def identical(given: Any, original: Any) -> bool:
    """Return whether an input is still what it was."""
    if isinstance(original, np.ndarray):
        return np.array_equal(given, original, equal_nan=original.dtype.kind in "fc")
    if isinstance(original, list):
        return len(given) == len(original) and all(map(identical, given, original))
    return bool(given == original) if isinstance(original, dict | set | float | int) else True


def message_of(error: BaseException) -> str:
    """Return `NameError: name 'y' is not defined`: one line, no memory address, not too long."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = ""
    text = re.sub(r"0x[0-9a-fA-F]+", "0x…", text)
    text = text if len(text) <= 160 else text[:160] + "…"
    name = type(error).__name__
    return f"{name}: {text.rstrip('.')}" if text else name


def place(error: BaseException) -> str:
    """Return ` (line 3: `return x`)` for the reader's deepest line in a traceback, or nothing."""
    trace, found = error.__traceback__, ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith((HERE, *LIBRARIES)):
            found = at_line(name, trace.tb_lineno, trace.tb_frame.f_globals)
        trace = trace.tb_next
    return found


def at_line(name: str, line: int, names: dict[str, Any] | None = None) -> str:
    """Return a line's number and, where it is known, its text."""
    text = " ".join(linecache.getline(name, line, names).split())
    text = text if len(text) <= 100 else text[:100] + "…"
    return f" (line {line}: `{text}`)" if text else f" (line {line})"


def returning_line(answer: Callable[..., Any]) -> str:
    """Return the place of the only `return` of a reader's function; of its `def` if it has more."""
    code = getattr(answer, "__code__", None)
    if code is None:
        return ""
    lines, line = set(), code.co_firstlineno
    for step in dis.get_instructions(code):
        line = step.positions.lineno if step.positions and step.positions.lineno else line
        if step.opname.startswith("RETURN_") and step.opname != "RETURN_GENERATOR":
            lines.add(line)
    return at_line(code.co_filename, lines.pop() if len(lines) == 1 else code.co_firstlineno)
