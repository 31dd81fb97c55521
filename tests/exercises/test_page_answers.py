"""An answer that is no code gets the same words on a page without Python as from `check`."""

from __future__ import annotations

import json
import math
from functools import partial
from typing import Any

import numpy as np
import pytest

from gdlib.exercises import check, registry
from gdlib.exercises.kinds import value, wrongs
from gdlib.exercises.registry import EXERCISES, Mistake, load
from tests.widgets.typescript import run

SAYS = """
import { judge, line } from "./src/exercises/judge.ts";
const said = data.map(({ page, given }: any) => given.map((one: any) => line(judge(page, one))));
console.log(JSON.stringify(said));
"""
READS = """
import { readGiven } from "./src/exercises/judge.ts";
console.log(JSON.stringify(data.map(readGiven)));
"""
TYPED = """
import { judgeTyped, line } from "./src/exercises/judge.ts";
const said = data.map(([page, text]: any) => line(judgeTyped(page, text)));
console.log(JSON.stringify(said));
"""

load()
PAGES = sorted(name for name, exercise in EXERCISES.items() if exercise.page)
JUNK: list[Any] = [
    "", "abc", "2.4", "(1, 2)", "it's", True, False, [], (), (1,), [1, 2], (1, 2, 3), (math.nan, 1),
    math.nan, math.inf, -math.inf, 0, -0.0, 1, -1, 12.125, 12.135, 1000.5, 100000, 123456.5, 1e-5,
    2.5, 1e300, 1e-300, -1e22, (0.1,) * 9,
]  # fmt: skip


def test_the_exercises_that_want_no_code_are_those_of_the_book() -> None:
    assert len(PAGES) == 70
    assert sum("letters" in (EXERCISES[name].page or {}) for name in PAGES) == 19


def answers(name: str) -> list[Any]:
    """Return what readers may give: right, each mistake, next to both, anything else."""
    exercise = EXERCISES[name]
    page: Any = exercise.page
    if "letters" in page:
        return [*page["letters"], " B ", "e", "", "ab", 1, True, (1, 2)]
    expected = page["expected"]
    centres = [tuple(expected) if isinstance(expected, list) else expected]
    for mistake in exercise.mistakes:
        centres += [*wrongs(mistake), *(mistake.between or ())]
        if mistake.between:
            centres.append(_each(*mistake.between, _middle))
    rtol = page["rtol"] or 1e-9
    steps = [1, 1 + 0.9 * rtol, 1 + 1.1 * rtol, 1 - 0.9 * rtol, 1 - 1.1 * rtol, -1, 0.1, 10, 1.001]
    near = [_each(one, one, lambda x, _, by=step: x * by) for one in centres for step in steps]
    near += [_each(centres[0], centres[0], partial(_rounded, n)) for n in (1, 2, 3, 4)]
    rng = np.random.default_rng(1)
    return [*near, *JUNK, *(float(x) for x in 10 ** rng.uniform(-6, 12, 50) * rng.choice([-1, 1]))]


def _each(one: Any, other: Any, do: Any) -> Any:
    if isinstance(one, tuple):
        return tuple(do(x, y) for x, y in zip(one, other, strict=True))
    return do(float(one), float(other))


def _rounded(digits: int, number: float, _: float) -> float:
    return float(f"{number:.{digits}g}")


def _middle(low: float, high: float) -> float:
    return (low + high) / 2 if math.isfinite(high) else low + 1


def as_typed(given: Any) -> Any:
    """Return a value as the page has it."""
    if isinstance(given, tuple | list):
        kind = type(given).__name__
        return {"kind": kind, "items": [as_typed(item) for item in given]}
    return given


@pytest.mark.long
def test_page_and_package_say_the_same_of_every_answer() -> None:
    given = {name: answers(name) for name in PAGES}
    data = [
        {"page": EXERCISES[name].page, "given": [as_typed(one) for one in given[name]]}
        for name in PAGES
    ]
    for name, said in zip(PAGES, run(SAYS, data), strict=True):
        expected = [repr(check(name, one)) for one in given[name]]
        differ = [(g, p, e) for g, p, e in zip(given[name], said, expected, strict=True) if p != e]
        assert not differ, (name, differ[:3])
        heard = set(expected)
        assert any(words.startswith("✓") for words in heard), name
        for mistake in EXERCISES[name].mistakes:
            assert f"✗ not yet: {' '.join(mistake.message.split())}" in heard, mistake


def test_a_text_for_a_name_gets_the_same_words_too() -> None:
    before = dict(EXERCISES)
    value(
        "trial/name", "Adam", [Mistake("It lacks the correction.", among=("RMSProp",))], note="so"
    )
    try:
        given = ["Adam", "RMSProp", "SGD", "it's", 3, True, (1, 2), ""]
        said = run(
            SAYS,
            [{"page": EXERCISES["trial/name"].page, "given": [as_typed(one) for one in given]}],
        )
        assert said == [[repr(check("trial/name", one)) for one in given]]
    finally:
        registry.EXERCISES.clear()
        registry.EXERCISES.update(before)


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("2/11", 2 / 11),
        (" 1e-3 ", 1e-3),
        ("True", True),
        ("true", "true"),
        ("306, 1414", (306, 1414)),
        ("(306, 1414)", (306, 1414)),
        ("[1/2, √4]", [0.5, 2]),
        ("3,", (3,)),
        ("(3)", 3),
        ("(1 + 2) * (3 - 1)", 6),
        ("1, two", "1, two"),
        ("Adam", "Adam"),
        ("0,5", (0, 5)),
    ],
)
def test_what_is_typed_is_read_as_python_would_have_it(typed: str, given: Any) -> None:
    assert run(READS, [typed]) == json.loads(json.dumps([as_typed(given)]))


def test_what_is_no_number_is_told_how_to_become_one_in_no_words_of_code() -> None:
    one, two = (EXERCISES[name].page for name in ("race/bill", "nesterov/promise"))
    junk = ["9 steps", "12 %", "≈ 2", "gradients", "1 1/2", "<b>1</b>", "(1, 2, 3)", "935,000,000"]
    for said in run(TYPED, [(one, typed) for typed in [*junk, "2,4", "935,000"]]):
        assert said.startswith("✗ not yet: Write one number, such as 0.25")
    for said in run(TYPED, [(two, typed) for typed in [*junk, "306", "306 and 1414"]]):
        assert said.startswith("✗ not yet: Write 2 numbers, one comma between two")


def test_thousands_and_pairs_are_read_as_people_write_them() -> None:
    one, two = (EXERCISES[name].page for name in ("race/bill", "nesterov/promise"))
    given = [(one, text) for text in ("935000", "935 000", "935\u202f000", "9.35e5", "(935_000,)")]
    given += [(two, text) for text in ("306, 1414", "(306, 1414)", "306, 1 414")]
    assert {said[0] for said in run(TYPED, given)} == {"✓"}
    assert run(TYPED, [(one, " ")]) == ["○ not started"]


def test_four_digits_are_enough_for_every_number() -> None:
    """The page says so; a whole number is wanted whole."""
    numbers = {n: p["expected"] for n in PAGES if "expected" in (p := EXERCISES[n].page or {})}
    for name, expected in numbers.items():
        if isinstance(expected, float) and not expected.is_integer():
            assert check(name, float(f"{expected:.4g}")), name


def test_a_mistake_of_a_value_is_data() -> None:
    with pytest.raises(TypeError, match="a value's mistake has `like`, `among` or `between`"):
        value("trial/predicate", 1.0, [Mistake("No.", when=lambda x: x > 2)])
