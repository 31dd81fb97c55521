"""A pytest plugin that tries mutants: reads the tests once, then forks a process for each mutant.

The parent runs no test, so that no child holds what the sound code has compiled or remembers. A
child runs the tests that were seen to call its mutant's function, the short ones first, until one
fails. `tests.mutants` says in a file what to try, and reads what became of it from another.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import json
import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation import trampoline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Function = Callable[..., Any]

ORDER, SEEN, OUTCOMES = (Path(f"{name}.json") for name in ("order", "seen", "outcomes"))
KILLED, ALIVE, BROKEN = 1, 0, 3
PATIENCE = 10.0
"""A mutant that takes so many times longer than the sound code, and seconds, runs for ever."""
ENOUGH = 60.0
"""Seconds that a mutant's tests may take together on the sound code; what lives longer is alive."""
ROOM = 8 << 30
"""Bytes of memory that a mutant may ask for."""

doors: list[tuple[Function, list[Function], Mapping[str, Function]]] = []
"""Of each function: its sound code, what is called instead of it now, and its mutants by name."""
called: set[str] = set()
seen_while_reading: dict[str, set[str]] = {}


def wrap_in_trampoline(
    mutants: Mapping[str, Function],
    is_classmethod: bool = False,
) -> Callable[[Function], Function]:
    """Let a function be exchanged; mutmut's own way asks the environment at every call."""
    del is_classmethod  # seen from what the mutant is

    def decorate(sound: Function) -> Function:
        now = [sound]
        doors.append((sound, now, mutants))

        @functools.wraps(sound)
        def through(*given: Any, **named: Any) -> Any:
            return now[0](*given, **named)

        return through

    return decorate


trampoline.wrap_in_trampoline = wrap_in_trampoline  # type: ignore[assignment]


def choose(name: str) -> None:
    """Put a mutant in its function's place."""
    for sound, now, mutants in doors:
        module, _, key = name.rpartition(".")
        if sound.__module__ == module and key in mutants:
            now[0] = getattr(mutants[key], "__func__", mutants[key])
            return
    raise LookupError(f"no mutant is called {name}")


def listen() -> None:
    """Note each call of a function that has mutants."""

    def noting(sound: Function, name: str) -> Function:
        def noted(*given: Any, **named: Any) -> Any:
            called.add(name)
            return sound(*given, **named)

        return noted

    for sound, now, mutants in doors:
        keys = [key for key in mutants if key != "_mutmut_orig"]
        if keys:
            name = f"{sound.__module__}.{keys[0].partition('__mutmut_')[0]}"
            now[0] = noting(sound, name)


def deafen() -> None:
    """Put the sound code back."""
    for sound, now, _ in doors:
        now[0] = sound


def forget() -> None:
    """Empty every cache of the package: a function behind one is called by the first test alone."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "gdlib":
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def pytest_configure() -> None:
    """Read the package before the tests' files, whose calls count."""
    for path in sorted(Path("gdlib").rglob("*.py.meta")):  # the package loads its modules late
        importlib.import_module(
            ".".join(path.with_suffix("").with_suffix("").parts).removesuffix(".__init__")
        )
    alone = os.environ.get("GDLIB_MUTANT")
    if alone:
        choose(alone)
    else:
        listen()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Keep apart what reading each file calls: it counts for each of the file's tests."""
    if not isinstance(collector, pytest.File):
        return (yield)
    forget()
    called.clear()
    report = yield
    seen_while_reading[collector.nodeid] = set(called)
    return report


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Find out which test calls what, unless that is known; then try the mutants in order."""
    if "GDLIB_MUTANT" in os.environ:
        return None
    order = json.loads(ORDER.read_text(encoding="utf-8"))
    if not SEEN.exists():
        look(session.items, order["processes"])
    deafen()
    forget()
    seen = json.loads(SEEN.read_text(encoding="utf-8"))
    items = {item.nodeid: item for item in session.items}
    outcomes = json.loads(OUTCOMES.read_text(encoding="utf-8")) if OUTCOMES.exists() else {}
    jobs: dict[str, tuple[Any, ...]] = {}
    for name in (name for name in order["mutants"] if name not in outcomes):
        tests = short_tests(name, seen)
        seconds = PATIENCE * (1 + sum(seen[test][0] for test in tests))
        jobs[name] = (attack, seconds, name, [items[test] for test in tests])
    alive = 0
    for done, (name, code) in enumerate(in_children(jobs, order["processes"]), start=1):
        outcomes[name] = code
        alive += code == ALIVE
        if done % 50 == 0 or done == len(jobs):
            say(f"{done} of {len(jobs)} mutants tried, {alive} alive")
            OUTCOMES.write_text(json.dumps(outcomes), encoding="utf-8")
    return True


def short_tests(name: str, seen: Mapping[str, Any]) -> list[str]:
    """Return the tests that a mutant is given: those that call its function, short ones first."""
    function = name.partition("__mutmut_")[0]
    calling = sorted((took, test) for test, (took, calls) in seen.items() if function in calls)
    together = itertools.accumulate(took for took, _ in calling)
    return [test for (_, test), total in zip(calling, together, strict=True) if total < ENOUGH]


def look(items: Sequence[pytest.Item], processes: int) -> None:
    """Run all tests on the sound code, and note of each how long it took and what it called."""
    parts = [Path(f"seen-{i}.json") for i in range(processes)]
    jobs = {str(part): (note, 1e4, part, items[i::processes]) for i, part in enumerate(parts)}
    for part, code in in_children(jobs, processes):
        if code != ALIVE:
            raise RuntimeError(f"the sound code's tests were ended before {part} was written")
    seen: dict[str, Any] = {}
    for path in parts:
        seen |= json.loads(path.read_text(encoding="utf-8"))
    SEEN.write_text(json.dumps(seen), encoding="utf-8")


def note(part: Path, items: Sequence[pytest.Item]) -> int:
    """Run tests on the sound code; write what each took and called."""
    seen = {}
    for item, after in itertools.zip_longest(items, items[1:]):
        forget()
        called.clear()
        start = time.process_time()
        if passes(item, after):
            calls = called | seen_while_reading[item.nodeid.partition("::")[0]]
            seen[item.nodeid] = (time.process_time() - start, sorted(calls))
        else:
            say(f"left out, for it fails on the sound code: {item.nodeid}")
    part.write_text(json.dumps(seen), encoding="utf-8")
    return ALIVE


def attack(name: str, items: Sequence[pytest.Item]) -> int:
    """Run tests on a mutant until one fails."""
    choose(name)
    for item, after in itertools.zip_longest(items, items[1:]):
        if not passes(item, after):
            return KILLED
    return ALIVE


def passes(item: pytest.Item, after: pytest.Item | None) -> bool:
    """Run one test; tell whether it passes."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=after))


def in_children(jobs: Mapping[str, tuple[Any, ...]], processes: int) -> Iterator[tuple[str, int]]:
    """Do each job in a forked process; yield its name and what it returned, or that it died."""
    running: dict[int, str] = {}
    for name, (do, seconds, *given) in jobs.items():
        if len(running) == processes:
            yield ended(running)
        running[fork(do, seconds, given)] = name
    while running:
        yield ended(running)


def ended(running: dict[int, str]) -> tuple[str, int]:
    """Wait for a child; return its name and its answer."""
    pid, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    if code == BROKEN:
        raise RuntimeError(f"{running[pid]} was not tried: its process failed by itself")
    return running.pop(pid), ALIVE if code == ALIVE else KILLED  # also who died, or ran for ever


def fork(do: Callable[..., int], seconds: float, given: Sequence[Any]) -> int:
    """Do something in a child that has so many seconds of processor time, and ends here."""
    pid = os.fork()
    if pid:
        return pid
    code = BROKEN
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1,) * 2)
        resource.setrlimit(resource.RLIMIT_DATA, (ROOM, ROOM))
        signal.alarm(
            int(20 * seconds) + 60
        )  # for a mutant that sleeps; a busy machine takes longer
        code = do(*given)
    except BaseException:
        say(traceback.format_exc())
        raise
    finally:
        os._exit(code)


def say(text: str) -> None:
    """Print a line past pytest, which keeps what is printed."""
    os.write(TERMINAL, f"{text}\n".encode())


TERMINAL = os.dup(2)
