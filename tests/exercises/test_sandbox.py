"""Whatever an answer does while it is checked stays inside the check."""

from __future__ import annotations

import math
import os
import random
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from gdlib.exercises import check, registry, sandbox
from gdlib.exercises.kinds import function

pytestmark = pytest.mark.usefixtures("trial")


def double(seconds: float = 2.0) -> None:
    @function("trial/double", inputs=[(3.0,), (np.array([1.0, 5.0]),)], seconds=seconds)
    def right(x: Any) -> Any:
        return 2 * x


def patient(x: Any) -> Any:
    while True:
        pass


def swallowing(x: Any) -> Any:
    while True:
        try:
            x = abs(x)
        except:  # noqa: E722
            continue


def returning_late(x: Any) -> Any:
    try:
        time.sleep(0.01)
        while True:
            x = x + 0
    except BaseException:
        return 2 * x


def without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a Python that has none, as in a browser."""

    def refuse(_self: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(sandbox.Watchdog, "start", refuse)


@pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="sys.monitoring came with Python 3.12")
@pytest.mark.parametrize("loop", [patient, swallowing, returning_late])
def test_an_endless_loop_is_stopped_without_threads_too(
    loop: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_threads(monkeypatch)
    double(seconds=0.1)
    assert repr(check("trial/double", loop)) == (
        "✗ not yet: Your code was still running after 0.1 s and was stopped: "
        "does every loop in it end?"
    )
    time.sleep(0.2)
    assert check("trial/double", double_of)  # nothing still looks at that clock


def double_of(x: Any) -> Any:
    for _ in range(3):
        pass
    return 2 * x


def test_without_threads_answers_are_judged_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    without_threads(monkeypatch)
    double()
    assert check("trial/double", double_of)
    assert not check("trial/double", abs)


@pytest.mark.parametrize("loop", [patient, swallowing, returning_late])
def test_an_endless_loop_is_stopped_and_its_thread_ends(loop: Callable[[Any], Any]) -> None:
    double(seconds=0.1)
    before = threading.active_count()
    verdict = check("trial/double", loop)
    assert repr(verdict) == (
        "✗ not yet: Your code was still running after 0.1 s and was stopped: "
        "does every loop in it end?"
    )
    assert threading.active_count() == before


def test_the_limit_is_two_seconds() -> None:
    double()
    start = time.monotonic()
    assert "still running after 2 s" in check("trial/double", patient).message
    assert time.monotonic() - start >= 2


def test_a_call_that_cannot_be_interrupted_still_gets_its_verdict() -> None:
    double(seconds=0.1)
    wake = threading.Event()
    assert "still running" in check("trial/double", lambda x: wake.wait()).message
    wake.set()


def test_an_endless_loop_is_stopped_off_the_main_thread_too() -> None:
    double(seconds=0.1)
    with ThreadPoolExecutor(1) as pool:
        assert "still running" in pool.submit(check, "trial/double", patient).result().message


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot signal one thread")
def test_a_real_interrupt_reaches_the_reader_and_ends_the_answer() -> None:
    double()
    main = threading.get_ident()
    before = threading.active_count()
    timer = threading.Timer(0.2, lambda: signal.pthread_kill(main, signal.SIGINT))
    # A shell has what it runs in the background ignore Ctrl-C.
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            check("trial/double", patient)
        timer.join()
    finally:
        signal.signal(signal.SIGINT, inherited)
    assert threading.active_count() == before


def test_prints_and_warnings_of_an_answer_are_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    def loud(x: Any) -> Any:
        print("noise", x)
        warnings.warn("noise", stacklevel=1)
        np.log(np.array(-1.0)) + np.float64(1) / np.float64(0)
        return 2 * x

    double()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check("trial/double", loud)
    print("afterwards")
    assert capfd.readouterr() == ("afterwards\n", "")


def test_an_answer_that_draws_random_numbers_draws_the_same_ones_each_time() -> None:
    def noisy(x: Any) -> Any:
        return random.random() + np.random.rand()  # noqa: NPY002

    double()
    random.seed(5)
    before = random.getstate()
    first = repr(check("trial/double", noisy))
    assert random.getstate() == before
    random.seed(6)
    np.random.seed(6)  # noqa: NPY002
    assert repr(check("trial/double", noisy)) == first


def test_an_error_is_told_with_its_line() -> None:
    def broken(x: Any) -> Any:
        y = 2 * x
        return y / len([])

    double()
    line = broken.__code__.co_firstlineno + 2
    assert check("trial/double", broken).message == (
        "Your code stops with ZeroDivisionError: float division by zero "
        f"(line {line}: `return y / len([])`)."
    )


def test_an_error_inside_a_library_is_told_with_the_readers_line() -> None:
    def broken(x: Any) -> Any:
        return np.linalg.inv(np.zeros((2, 2)))

    double()
    assert "(line" in (message := check("trial/double", broken).message)
    assert "`return np.linalg.inv(np.zeros((2, 2)))`" in message


def test_memory_addresses_are_not_shown() -> None:
    def broken(x: Any) -> Any:
        raise ValueError(object())

    double()
    assert "object at 0x…>" in check("trial/double", broken).message


def test_an_answer_that_changes_its_input_is_told_so_and_harms_no_later_check() -> None:
    def in_place(x: Any) -> Any:
        x *= 2
        return x

    double()
    for _ in range(2):
        assert "changes the array that it was given" in check("trial/double", in_place).message
    assert check("trial/double", lambda x: x + x)


def test_an_unknown_exercise_is_refused_with_near_matches() -> None:
    double()
    with pytest.raises(
        ValueError, match=r"no exercise 'trial/dubble'; did you mean 'trial/double'"
    ):
        check("trial/dubble", 1)
    with pytest.raises(ValueError, match=r"did you mean 'trial/double'"):
        check("trial/something-else", 1)
    with pytest.raises(ValueError, match="the chapters with exercises are"):
        check("zzz", 1)
    with pytest.raises(TypeError, match="must be a string, not <function patient>"):
        check(patient)  # type: ignore[arg-type]


def test_a_judge_that_returns_no_verdict_is_an_error_of_the_check() -> None:
    registry.register("trial/bad", lambda _: "yes")  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match="must return a Verdict, not str"):
        check("trial/bad", 1)


def test_an_array_with_nan_that_nobody_changed_counts_as_unchanged() -> None:
    assert sandbox.call(np.nansum, np.array([1.0, np.nan])) == 1.0


@pytest.mark.parametrize(("share", "stopped"), [(0.2, False), (0.0, True), (1.0, True)])
def test_only_an_answer_that_a_busy_machine_keeps_waiting_gets_more_time(
    share: float, stopped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has had `share` of the time so far: a fifth is a busy machine, nothing is a sleep."""
    start = time.monotonic()
    monkeypatch.setattr(
        sandbox.Worker, "used", lambda _: share * (time.monotonic() - start), raising=True
    )

    def slow() -> str:
        while time.monotonic() < start + (60 if stopped else 0.9):
            pass
        return "done"

    if stopped:
        with pytest.raises(sandbox.OutOfTime):
            sandbox.limited(slow, 0.5)
    else:
        assert sandbox.limited(slow, 0.5) == "done"


def test_a_thread_knows_how_long_it_has_computed() -> None:
    seen = []

    def work() -> None:
        worker = threading.current_thread()
        assert isinstance(worker, sandbox.Worker)
        before = worker.used()
        sum(i * i for i in range(300_000))
        seen.append((before, worker.used()))

    sandbox.limited(work, 5)
    before, after = seen[0]
    assert 0 <= before < after < math.inf or before == after == math.inf  # no such clock
