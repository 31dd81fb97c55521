"""What comes in: one converter for arrays and one rule for numbers, right and wrong."""

from __future__ import annotations

import math
import threading
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from gdlib import checks

READ_ONLY = np.array([1.0, 2.0])
READ_ONLY.flags.writeable = False


class Series:
    """What a table's column is to NumPy: an object with `__array__`."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array([1, 2], dtype)


class Keyed:
    """What a dictionary with attributes is: it raises KeyError where AttributeError was meant."""

    def __getattr__(self, name: str) -> Any:
        raise KeyError(name)


class OldSeries:
    """The same as it was written before NumPy 2, which warns of it."""

    def __array__(self, dtype: Any = None) -> Any:
        return np.array([1, 2], dtype)


@pytest.mark.parametrize(
    "given",
    [[1, 2], (1, 2), np.array([1, 2], np.int8), np.array([1, 2], np.float16), READ_ONLY, Series(),
     OldSeries(), np.array([1, 2], np.longdouble),
     [np.float32(1), 2], [Fraction(1), sp.Integer(2)]],
)  # fmt: skip
def test_what_holds_real_numbers_becomes_floats(given: Any) -> None:
    result = checks.array("the data", given, shape=(2,))
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, [1.0, 2.0])


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (np.ma.array([1, 2], mask=[False, True]), TypeError, "masked array"),
        ([np.ma.array([1, 2], mask=[False, True])], TypeError, "masked array"),
        ([1, 2j], TypeError, "complex"),
        (["1", "2"], TypeError, "numbers"),
        ([1, None], TypeError, "not None"),
        ({1: 2}, TypeError, "numbers"),
        (np.array(["2020-01-01"], "M8[D]"), TypeError, "numbers"),
        ([[1, 2], [3]], ValueError, "different lengths"),
        ([1.0, np.nan], ValueError, "finite, not nan at index 1"),
        ([[1.0, np.inf]], ValueError, r"finite, not inf at index \(0, 1\)"),
        ([10**400], ValueError, "fit into floats"),
        ([1.0], ValueError, r"shape \(2,\), not \(1,\)"),
    ],
)
def test_what_would_be_read_wrongly_is_refused(given: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        checks.array("the data", given, shape=(2,) if words.startswith("shape") else None)


def test_an_object_whose_attributes_raise_anything_is_refused_in_words() -> None:
    with pytest.raises(TypeError, match=r"^the data must be numbers, not <"):
        checks.array("the data", Keyed())


class Slow:
    """An array that is read only once it may be."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        self.asked.set()
        assert self.go.wait(10)
        return np.array([1, 2], dtype)


def test_arrays_read_in_two_threads_at_once_leave_the_warning_filters_alone() -> None:
    first, second = Slow(), Slow()
    with warnings.catch_warnings():
        before = list(warnings.filters)
        with ThreadPoolExecutor(2) as pool:
            for slow in (first, second):
                pool.submit(checks.array, "x", slow)
                assert slow.asked.wait(10)
            first.go.set()
            pool.submit(lambda: None).result()  # the first has ended
            second.go.set()
        assert list(warnings.filters) == before


class Broken(float):
    """A number that cannot be read."""

    def __float__(self) -> float:
        raise KeyError


class BrokenInt(int):
    def __int__(self) -> int:
        raise KeyError


def gone() -> Any:
    """Return a proxy whose object is no more: it raises at every question."""
    return weakref.proxy(Series())


def test_objects_that_raise_when_looked_at_are_refused_in_words() -> None:
    itself: list[Any] = []
    itself.append(itself)
    for value in (gone(), itself, [gone()]):
        with pytest.raises((TypeError, ValueError), match=r"^x must be"):
            checks.array("x", value)
    for value in (gone(), Broken(1.0), itself):
        with pytest.raises(TypeError, match=r"^x must be a number"):
            checks.number("x", value)
    for value in (gone(), BrokenInt(1)):
        with pytest.raises(TypeError, match=r"^x must be a whole number"):
            checks.count("x", value)
    for check in (checks.text, checks.flag):
        with pytest.raises(TypeError, match=r"^x must be"):
            check("x", gone())
    with pytest.raises(TypeError, match=r"^seed must be"):
        checks.seed(gone())
    with pytest.raises(TypeError, match=r"^x must be a Landscape"):
        checks.instance("x", gone(), dict, "a Landscape")


def test_a_copy_is_the_callers_own() -> None:
    given = np.array([1.0, 2.0])
    assert np.shares_memory(checks.array("x", given), given)
    assert not np.shares_memory(checks.array("x", given, copy=True), given)


@pytest.mark.parametrize("given", [2, np.int8(2), np.float16(2), np.array(2.0), Fraction(2)])
def test_a_number_of_any_width_is_a_float(given: Any) -> None:
    result = checks.number("the rate", given, above=0)
    assert result == 2.0
    assert type(result) is float


@pytest.mark.parametrize(
    "given", [True, "2", None, 2j, [2.0], np.array([2.0]), sp.Symbol("x"), np.timedelta64(3)]
)
def test_what_is_no_number_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match=r"the rate must be a number \(positive and finite\), not"):
        checks.number("the rate", given, above=0)


@pytest.mark.parametrize(
    ("limits", "given", "words"),
    [
        ({"above": 0}, 0, "positive and finite, not 0"),
        ({"above": 0}, np.nan, "not nan"),
        ({"above": 0}, 10**400, "positive and finite"),
        ({"at_least": 0, "below": 1}, 1, "at least 0 and below 1, not 1"),
        ({"at_most": 1}, 2, "at most 1, not 2"),
        ({}, np.inf, "finite, not inf"),
    ],
)
def test_a_number_beyond_its_limits_is_refused(limits: Any, given: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        checks.number("the rate", given, **limits)


@pytest.mark.parametrize("given", [1.0, True, "1", None, np.float64(1), np.timedelta64(3)])
def test_a_count_is_whole(given: Any) -> None:
    with pytest.raises(TypeError, match="whole number"):
        checks.count("steps", given)


def test_a_count_keeps_its_limits() -> None:
    assert checks.count("steps", np.uint8(3), at_least=3, at_most=3) == 3
    with pytest.raises(ValueError, match="from 1 to 2, not 3"):
        checks.count("steps", 3, at_least=1, at_most=2)


def test_a_seed_can_be_used_again() -> None:
    assert checks.seed(np.int64(3)) == 3
    for given, words in [(None, "repeated"), (np.random.default_rng(0), "used up"), (1.5, "whole")]:
        with pytest.raises(TypeError, match=words):
            checks.seed(given)


def test_a_choice_lists_its_words_and_guesses() -> None:
    with pytest.raises(ValueError, match="not 'pth'; did you mean 'path'"):
        checks.choice("keep", "pth", ["path", "end"])
    with pytest.raises(TypeError, match='"path" or "end"'):
        checks.choice("keep", ["path"], ["path", "end"])


def test_bounds_are_pairs_in_order() -> None:
    assert checks.bounds("bounds", np.array([[-1, 1]]), 1) == ((-1.0, 1.0),)
    for given in [(-1, 1), [(1, -1)], [(0, np.inf)], [(0, 1, 2)]]:
        with pytest.raises(ValueError, match=r"\(low, high\)"):
            checks.bounds("bounds", given, 1)


def test_an_object_whose_repr_fails_is_still_named() -> None:
    class Rude:
        def __repr__(self) -> str:
            raise RuntimeError

    with pytest.raises(TypeError, match="a Rude"):
        checks.number("the rate", Rude())


def test_what_came_is_shown_in_a_line_without_its_address() -> None:
    class Lines:
        def __repr__(self) -> str:
            return "two\n  lines <a b at 0x7fA0b9> and <c at 0X1>"

    assert checks.shown(object()) == "<object object>"
    assert checks.shown([object()] * 2) == "[<object object>, <object object>]"
    assert checks.shown(Lines()) == "two lines <a b> and <c at 0X1>"
    assert checks.shown("a" * 58) == f"'{'a' * 58}'"
    assert checks.shown("a" * 59) == f"'{'a' * 58}…"
    assert checks.shown("abc", length=4) == "'ab…"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({}, ""),
        ({"above": 0}, "positive and finite"),
        ({"above": 0.5}, "above 0.5 and finite"),
        ({"at_least": 0.25}, "at least 0.25 and finite"),
        ({"below": 1.5}, "below 1.5"),
        ({"at_most": 2}, "at most 2"),
        ({"above": 0, "below": 1}, "positive and below 1"),
        ({"above": -1, "at_most": 1}, "above -1 and at most 1"),
        ({"at_least": 0, "at_most": 1}, "at least 0 and at most 1"),
    ],
)
def test_a_range_is_said_in_words_and_kept_at_both_ends(
    limits: dict[str, float], words: str
) -> None:
    said = f" ({words})" if words else ""
    with pytest.raises(TypeError) as refused:
        checks.number("x", "1", **limits)
    assert str(refused.value) == f"x must be a number{said}, not '1'"
    for beyond in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match="x must be") as refused_too:
            checks.number("x", beyond, **limits)
        assert str(refused_too.value) == f"x must be {words or 'finite'}, not {beyond}"
    for limit, end in limits.items():
        if limit in ("at_least", "at_most"):
            assert checks.number("x", end, **limits) == end
        else:
            with pytest.raises(ValueError, match="x must be"):
                checks.number("x", end, **limits)


def test_more_than_a_machine_holds_is_refused_before_it_is_made() -> None:
    checks.room("the path", checks.MOST_NUMBERS)
    with pytest.raises(ValueError, match=r"1 GiB, not 74\.5 GiB; keep less"):
        checks.room("the path", 10**10, "; keep less")


def test_one_word_to_choose_from_is_all_there_is() -> None:
    with pytest.raises(ValueError, match=r"""^x must be "a", not 'b'$"""):
        checks.choice("x", "b", ["a"])
    with pytest.raises(ValueError, match=r"""^x must be "a", "b" or "c", not 'd'$"""):
        checks.choice("x", "d", ["a", "b", "c"])


def test_an_unknown_keyword_is_told_what_there_is_and_which_is_near() -> None:
    checks.keywords("f", ["steps", "stop"], ["steps"], ["stop"])
    for given, words in (
        (["stpes"], "f has no 'stpes'; it has steps, rate; did you mean 'steps'?"),
        (["stopp"], "f has no 'stopp'; it has steps, rate; did you mean 'stop'?"),
        (["zzz", "qqq"], "f has no 'qqq'; it has steps, rate"),
    ):
        with pytest.raises(TypeError) as refused:
            checks.keywords("f", given, ["steps", "rate"], ["stop"])
        assert str(refused.value) == words
    with pytest.raises(TypeError, match=r"^f has no 'a'; it has none$"):
        checks.keywords("f", ["a"], [])


def test_several_are_what_can_be_gone_through_up_to_a_most() -> None:
    assert checks.several("x", (i for i in range(3)), 3) == (0, 1, 2)
    with pytest.raises(ValueError, match=r"^x must list at most 1,000 values$"):
        checks.several("x", range(1001), 1000)
    for given in ("abc", b"abc", 3, None):
        with pytest.raises(TypeError) as refused:
            checks.several("x", given, 9)
        assert str(refused.value) == f"x must list several values, not {given!r}"
