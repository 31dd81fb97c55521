"""Checks in several threads, and answers that outlive theirs, leave the session as it was."""

from __future__ import annotations

import contextlib
import io
import random
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from gdlib.exercises import check
from gdlib.exercises.kinds import function

pytestmark = pytest.mark.usefixtures("trial")


@pytest.fixture
def double() -> None:
    @function("trial/double", inputs=[(3.0,)], seconds=5)
    def right(x: Any) -> Any:
        return 2 * x

    @function("trial/quick", inputs=[(3.0,)], seconds=0.1)
    def same(x: Any) -> Any:
        return 2 * x


@contextlib.contextmanager
def session() -> Iterator[io.StringIO]:
    """Stand for a reader's console; at its end all that a check touches is as it was."""
    console = io.StringIO()
    with contextlib.redirect_stdout(console), contextlib.redirect_stderr(console):
        before = list(warnings.filters), random.getstate()
        yield console
        assert (sys.stdout, sys.stderr) == (console, console)
        assert (list(warnings.filters), random.getstate()) == before


class Answer:
    """Doubles once it may; says when it is asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked, self.go, self.error = threading.Event(), threading.Event(), error

    def __call__(self, x: Any) -> Any:
        self.asked.set()
        print("noise")
        self.go.wait(4)
        print("noise", file=sys.stderr)
        warnings.warn("noise", stacklevel=1)
        if self.error:
            raise self.error
        return 2 * x


@pytest.mark.parametrize("error", [None, OSError("broken")])
@pytest.mark.parametrize("first_ends_first", [True, False])
def test_two_checks_at_once_give_the_streams_back_whichever_ends_first(
    first_ends_first: bool, error: Exception | None, double: None
) -> None:
    first, second = Answer(), Answer(error)
    with session() as console:
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(check, "trial/double", first)
            assert first.asked.wait(4)
            two = pool.submit(check, "trial/double", second)
            second.asked.wait(0.2)  # at once, if they run at once
            for answer in (first, second) if first_ends_first else (second, first):
                answer.go.set()
                time.sleep(0.05)
            assert one.result()
            assert bool(two.result()) is (error is None)
        print("afterwards")
        assert console.getvalue() == "afterwards\n"


def test_what_other_threads_print_while_a_check_runs_is_shown(double: None) -> None:
    answer = Answer()
    with session() as console:
        with ThreadPoolExecutor(1) as pool:
            verdict = pool.submit(check, "trial/double", answer)
            assert answer.asked.wait(4)
            print("meanwhile")
            answer.go.set()
            assert verdict.result()
        assert console.getvalue() == "meanwhile\n"


def test_what_a_thread_of_the_answer_prints_while_it_is_checked_is_not_shown(double: None) -> None:
    def threaded(x: Any) -> Any:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(print, "noise").result()
        return 2 * x

    with session() as console:
        assert check("trial/double", threaded)
        assert console.getvalue() == ""


def test_an_answer_that_goes_on_after_its_verdict_prints_nothing_and_breaks_nothing(
    double: None,
) -> None:
    wake, threads = threading.Event(), []

    def stubborn(x: Any) -> Any:
        threads.append(threading.current_thread())
        while not wake.is_set():
            with contextlib.suppress(BaseException), warnings.catch_warnings():
                wake.wait()
        for _ in range(20):
            with contextlib.suppress(BaseException):
                print("too late")
                warnings.warn("too late", stacklevel=1)
        return 2 * x

    with session() as console:
        assert "still running" in check("trial/quick", stubborn).message
        print("shown")
        assert check("trial/double", lambda x: 2 * x)
        print("shown too")
        wake.set()
        threads[0].join(10)
        print("shown last")
        assert console.getvalue() == "shown\nshown too\nshown last\n"


def test_checks_at_once_draw_the_numbers_that_they_draw_alone(double: None) -> None:
    drawn: list[float] = []

    def noisy(x: Any) -> Any:
        found = [float(np.random.rand())]  # noqa: NPY002
        time.sleep(0.02)
        found.append(float(np.random.rand()))  # noqa: NPY002
        drawn.extend(found)
        return 2 * x

    check("trial/double", noisy)
    alone, drawn = drawn.copy(), []
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: check("trial/double", noisy), range(3)))
    assert drawn == 3 * alone


def test_an_answer_may_check_another_itself(double: None) -> None:
    def curious(x: Any) -> Any:
        print(check("trial/double", lambda y: 2 * y))
        return 2 * x

    with session() as console:
        assert check("trial/double", curious)
        assert console.getvalue() == ""


def test_an_answer_that_replaces_the_streams_does_not_keep_them(double: None) -> None:
    def grabbing(x: Any) -> Any:
        sys.stdout.writelines(["noise"])
        sys.stdout.flush()
        sys.stdout = sys.stderr = io.StringIO()
        return 2 * x

    with session():
        assert check("trial/double", grabbing)


def test_a_session_without_a_console_is_left_without_one(
    double: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)  # as under pythonw
    monkeypatch.setattr(sys, "stderr", None)

    def loud(x: Any) -> Any:
        print("noise")
        return 2 * x

    assert check("trial/double", loud)
    assert (sys.stdout, sys.stderr) == (None, None)
