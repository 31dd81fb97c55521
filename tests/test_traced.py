"""Programs of traced functions: their lines by hand. `tests/widgets/test_tape.py` runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gdlib.autodiff import traced


def test_a_program_by_hand() -> None:
    program = traced(lambda x, y: (x * y).sum(), np.ones(3), np.ones(3))
    assert program == {
        "inputs": 2,
        "lines": [
            ["multiply", 0, 1],
            ["summed", 2, None, False],
            ["constant", 1.0],
            ["repeated", 4, 2, None, False],
            ["multiply", 5, 1],
            ["fitted", 6, 0],
            ["multiply", 5, 0],
            ["fitted", 8, 1],
        ],
        "outputs": [3, 7, 9],
    }
    json.dumps(program, allow_nan=False)


def test_a_program_has_the_lines_that_its_outputs_need_each_once() -> None:
    def f(x: Any, y: Any) -> Any:
        _ = np.exp(y)  # nobody asks for it
        return np.sin(x) * np.sin(x) + y

    program = traced(f, 1.0, 2.0, by=())
    assert program["lines"] == [["sin", 0], ["multiply", 2, 2], ["add", 3, 1]]
    assert program["outputs"] == [4]
    only_y = traced(f, 1.0, 2.0, by=[1])
    assert [line[0] for line in only_y["lines"]] == ["sin", "multiply", "add", "constant"]


def test_no_length_of_an_example_stands_in_a_program() -> None:
    def f(w: Any, x: Any) -> Any:
        return np.mean(np.tanh(x @ w).max(axis=1))

    narrow, wide = (
        traced(f, np.ones((n, m)), np.ones((k, n))) for n, m, k in ((2, 3, 4), (7, 1, 1))
    )
    assert narrow == wide


def test_constants_and_indices_are_written_out() -> None:
    program = traced(lambda x: (x[1:, None, ..., 0] + [[2, 3]])[[0, 0]], np.ones((3, 2)), by=())
    index = [{"slice": [1, None, None]}, None, "...", 0]
    assert program["lines"] == [
        ["taken", 0, index],
        ["constant", [[2.0, 3.0]]],
        ["add", 1, 2],
        ["taken", 3, [{"places": [0, 0]}]],
    ]


def test_the_gradient_by_an_array_that_does_not_count_is_zero() -> None:
    program = traced(lambda x, _y: x * x, 1.0, np.ones(3))
    constant, fitted = program["lines"][-2:]
    assert constant == ["constant", 0.0]
    assert fitted[0] == "fitted"
    assert fitted[2] == 1


WORDS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "no function": (lambda: traced(3, 1.0), TypeError, "f must be a function, not 3"),  # type: ignore[arg-type]
    "no array": (
        lambda: traced(lambda x: x, "one"), TypeError, "array 0 must be numbers, not 'one'",
    ),
    "no such array": (
        lambda: traced(lambda x: x, 1.0, by=[1]), ValueError, "by must be from 0 to 0, not 1",
    ),
    "two numbers": (
        lambda: traced(lambda x: x, [1.0, 2.0]), ValueError,
        "f must return one number, not an array of shape (2,)",
    ),
    "a choice": (
        lambda: traced(lambda x: x if x > 0 else -x, 1.0), TypeError,
        "a Var is neither true nor false: compare its numbers, or use np.where",
    ),
    "a mask": (
        lambda: traced(lambda x: x[x > 0].sum(), [1.0, 2.0]), TypeError,
        "an index must not depend on the arrays of a traced function",
    ),
    "a mask of its own": (
        lambda: traced(lambda x: x[np.array([True, False])].sum(), [1.0, 2.0]), TypeError,
        "an index of a traced function must be whole numbers, not a mask",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_what_cannot_be_traced_is_said(name: str) -> None:
    call, kind, words = WORDS[name]
    with pytest.raises(kind) as said:
        call()
    assert str(said.value) == words
