"""Programs that Python traces, run by the page's own `core/tape.ts`: the same numbers, to 1e−12.

What is compared with is not the program but `gd.value_and_grad` on f itself, or NumPy; and the
arrays have other lengths than those that the program was traced with.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.autodiff import stop_gradient, traced
from tests.widgets.typescript import run

SCRIPT = """
import { compileTape } from "./src/core/tape";
const answers = data.map(({ program, shapes, inputs }) => {
  const tape = compileTape(program, shapes);
  for (let again = 0; again < 2; again++) {  // the second run finds its arrays filled
    tape.inputs.forEach((input, i) => input.data.set(inputs[i]));
    tape.run();
  }
  return tape.outputs.map(({ shape, data }) => ({ shape, numbers: Array.from(data) }));
});
console.log(JSON.stringify(answers));
"""
RNG = np.random.default_rng(17)


def squares(w: Any, b: Any, v: Any, c: Any, x: Any, y: Any) -> Any:
    return ((np.tanh(x @ w + b) @ v + c - y) ** 2).mean() / 2


def deep(u: Any, w: Any, v: Any, x: Any, y: Any) -> Any:
    hidden = np.maximum(0, np.maximum(0, x @ u) @ w)
    return np.sum((hidden @ v - y) ** 2) / 2


def cross_entropy(w: Any, b: Any, v: Any, c: Any, x: Any, y: Any) -> Any:
    scores = np.maximum(0, x @ w + b) @ v + c
    scores = scores - stop_gradient(scores).max(axis=-1, keepdims=True)
    return (np.log(np.exp(scores).sum(axis=-1)) - (y * scores).sum(axis=-1)).mean()


def logistic(theta: Any, x: Any, y: Any) -> Any:
    scores = x @ theta
    return np.mean(np.logaddexp(0, scores) - y * scores) + 0.05 * theta @ theta


def factors(u: Any, v: Any) -> Any:
    left, right = u[np.array([0, 2, 2, 1])], v[np.array([1, 0, 1, 1])]
    return np.square((left * right).sum(axis=1) - np.array([1.0, 2.0, 3.0, 4.0])).mean()


def along(theta: Any, direction: Any, x: Any, y: Any) -> Any:
    """The slope of a cost along a direction: its gradient is the Hessian times that."""
    return gd.grad(lambda t: logistic(t, x, y))(theta) @ direction


def everything(x: Any, y: Any) -> Any:
    a = np.where(x > y, np.sin(x), np.cos(y) * x) / (1.5 + np.abs(y))
    b = np.minimum(a.T, 0.25)[::-1, 1:] ** 3 + np.log1p(y * y)[:, None].sum()
    c = np.sqrt(1 + b.reshape(-1) ** 2) ** (0.5 + y.mean() ** 2)
    return np.log(c.sum()) - np.sign(x[0, -1]) * x[0, None, ..., 1].min() + (x[:1] * x[:, :1]).max()


def normal(*shape: int) -> Any:
    return RNG.normal(size=shape)


CASES: dict[str, tuple[Callable[..., Any], list[Any], list[Any], tuple[int, ...]]] = {
    "squares": (
        squares,
        [np.ones(s) for s in ((1, 2), (2,), (2, 1), (1,), (3, 1), (3, 1))],
        [normal(*s) for s in ((1, 20), (20,), (20, 1), (1,), (20, 1), (20, 1))],
        (0, 1, 2, 3),
    ),
    "one unit and one row, traced with more": (
        squares,
        [np.ones(s) for s in ((1, 2), (2,), (2, 1), (1,), (3, 1), (3, 1))],
        [normal(*s) for s in ((1, 1), (1,), (1, 1), (1,), (1, 1), (1, 1))],
        (0, 1, 2, 3),
    ),
    "more units and rows, traced with one": (
        squares,
        [np.ones(s) for s in ((1, 1), (1,), (1, 1), (1,), (1, 1), (1, 1))],
        [normal(*s) for s in ((1, 4), (4,), (4, 1), (1,), (5, 1), (5, 1))],
        (0, 1, 2, 3),
    ),
    "deep": (
        deep,
        [np.ones(s) for s in ((2, 2), (2, 2), (2, 1), (4, 2), (4, 1))],
        [normal(*s) for s in ((3, 7), (7, 5), (5, 2), (9, 3), (9, 2))],
        (0, 1, 2, 3, 4),
    ),
    "cross-entropy": (
        cross_entropy,
        [np.ones(s) for s in ((2, 3), (3,), (3, 2), (2,), (2, 2), (2, 2))],
        [*(normal(*s) for s in ((64, 16), (16,), (16, 10), (10,), (6, 64))), np.eye(10)[:6]],
        (0, 1, 2, 3),
    ),
    "logistic": (
        logistic,
        [np.ones(2), np.ones((3, 2)), np.ones(3)],
        [normal(4), 40 * normal(11, 4), (normal(11) > 0) * 1.0],
        (0,),
    ),
    "the Hessian times a vector": (
        along,
        [np.ones(2), np.ones(2), np.ones((3, 2)), np.ones(3)],
        [normal(4), normal(4), normal(11, 4), (normal(11) > 0) * 1.0],
        (0,),
    ),
    "factors": (factors, [np.ones((3, 1)), np.ones((2, 1))], [normal(3, 4), normal(2, 4)], (0, 1)),
    "everything": (
        everything,
        [normal(3, 3), normal(3)],
        [normal(5, 5), normal(5)],
        (0, 1),
    ),
}  # fmt: skip


@cache
def _browser() -> dict[str, Any]:
    """Run all programs in one process."""
    data = [
        {
            "program": traced(f, *examples, by=by),
            "shapes": [x.shape for x in given],
            "inputs": [x.ravel().tolist() for x in given],
        }
        for f, examples, given, by in CASES.values()
    ]
    return dict(zip(CASES, run(SCRIPT, data), strict=True))


def _expected(name: str) -> list[Any]:
    """Return f and its gradients by differentiating f itself, one array at a time."""
    f, _, given, by = CASES[name]

    def of(i: int) -> Any:
        return gd.grad(lambda x: f(*given[:i], x, *given[i + 1 :]))(given[i])

    return [np.asarray(f(*given)), *map(of, by)]


@pytest.mark.parametrize("name", CASES)
def test_a_program_gives_the_value_and_the_gradients_of_its_function(name: str) -> None:
    expected = _expected(name)
    for theirs, ours in zip(_browser()[name], expected, strict=True):
        assert tuple(theirs["shape"]) == ours.shape
        size = max(1e-300, np.abs(ours).max())
        assert np.abs(np.reshape(theirs["numbers"], ours.shape) - ours).max() <= 1e-12 * size


def test_without_gradients_a_program_computes_any_array() -> None:
    program = traced(
        lambda w, x: np.exp(x @ w) / np.exp(x @ w).sum(1, keepdims=True),
        np.ones((2, 2)), np.ones((2, 2)), by=(),
    )  # fmt: skip
    w, x = normal(3, 4), normal(5, 3)
    expected = np.exp(x @ w) / np.exp(x @ w).sum(axis=1, keepdims=True)
    data = [{"program": program, "shapes": [(3, 4), (5, 3)],
             "inputs": [w.ravel().tolist(), x.ravel().tolist()]}]  # fmt: skip
    [[found]] = run(SCRIPT, data)
    np.testing.assert_allclose(np.reshape(found["numbers"], (5, 4)), expected, rtol=1e-12)


INDICES = {
    "one": 2, "from the end": -1, "a slice": slice(1, 3), "backwards": slice(None, None, -1),
    "in steps": slice(3, 0, -2), "beyond": slice(-9, 9), "a column": (slice(None), 1),
    "a new axis": (slice(None), None, 0), "the rest": (..., 1), "rows": np.array([3, 0, 3]),
    "rows of rows": np.array([[0, 1], [-1, 2]]),
    "a number a row": (np.arange(4), np.array([0, 2, 1, 1])),
    "a number a row, and all behind": (np.array([1, 1]), np.array([0, 2])),
    "an axis between": (np.array([0, 1]), slice(None), np.array([1, 0])),
    "between, and behind a new one": (None, np.array([0, 1]), slice(None), np.array([1, 0])),
    "places of three axes": (1, slice(None), 0),
    "a number beside a list": (1, np.array([0, 2])), "none": slice(2, 2),
}  # fmt: skip


def test_an_index_takes_the_same_places_as_in_numpy() -> None:
    x = normal(4, 3, 2)
    programs = {name: traced(lambda t, i=i: t[i], x, by=()) for name, i in INDICES.items()}
    data = [
        {"program": program, "shapes": [x.shape], "inputs": [x.ravel().tolist()]}
        for program in programs.values()
    ]
    for (name, index), [found] in zip(INDICES.items(), run(SCRIPT, data), strict=True):
        assert tuple(found["shape"]) == x[index].shape, name
        np.testing.assert_array_equal(np.reshape(found["numbers"], x[index].shape), x[index], name)
