"""Derivatives of NumPy code: against the complex step, differences, and gradients by hand."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import gdlib as gd
from gdlib.autodiff import Var, stop_gradient
from gdlib.autodiff.reverse import differentiate
from gdlib.autodiff.rules import FLAT, RULES

RNG = np.random.default_rng(3)
MASK = np.array([[True, False, True], [False, True, True]])
X = RNG.normal(size=(2, 3))
THETA = RNG.uniform(-1.5, 1.5, 12)


def agree(gradient: Any, expected: Any, relative: float) -> bool:
    """Tell whether gradients are equal, relative to the largest slope."""
    size = max(1e-6, np.abs(expected).max())
    return bool(np.abs(gradient - expected).max() <= relative * size)


def by_complex_step(f: Callable[[Any], Any], theta: Any) -> Any:
    return gd.numerical_gradient(f, theta, method="complex")


# One function for each rule, that needs all of its pulls: of 12 numbers, none at a corner.
USES: dict[str, Callable[[Any], Any]] = {
    "add": lambda t: ((t[:3] + t[3:9].reshape(2, 3)) ** 2).sum() + (t[:2] + t[2]).sum() ** 2,
    "subtract": lambda t: ((t[:3] - t[3:9].reshape(2, 3)) ** 3 + (1 - t[0])).sum(),
    "multiply": lambda t: (t[:3] * t[3:9].reshape(2, 3) * t[9] * X).sum(),
    "divide": lambda t: (t[:3] / (2 + t[3:9].reshape(2, 3))).sum() + (1 / (2 + t[9:])).sum(),
    "power": lambda t: ((2 + t[:3]) ** t[3:9].reshape(2, 3)).sum() + (t[9:] ** 3).sum() + 2 ** t[0],
    "matmul": lambda t: ((t[:6].reshape(2, 3) @ t[6:].reshape(3, 2)) ** 2).sum(),
    "maximum": lambda t: (np.maximum(t[:3], t[3:9].reshape(2, 3)) * X).sum(),
    "minimum": lambda t: (np.minimum(t[:3], t[3:9].reshape(2, 3)) * X).sum(),
    "logaddexp": lambda t: (np.logaddexp(t[:3], 3 * t[3:9].reshape(2, 3)) * X).sum(),
    "where": lambda t: (np.where(MASK, t[:3], t[3:9].reshape(2, 3) * t[9]) ** 2).sum(),
    "negative": lambda t: (np.exp(-t)).sum(),
    "square": lambda t: (t**2 * np.square(t - 1)).sum(),
    "exp": lambda t: np.exp(t).sum(),
    "log": lambda t: np.log(2 + t).sum(),
    "log1p": lambda t: np.log1p(t / 2).sum(),
    "sqrt": lambda t: np.sqrt(2 + t).sum(),
    "tanh": lambda t: np.tanh(t).sum(),
    "sin": lambda t: np.sin(t).sum(),
    "cos": lambda t: np.cos(t).sum(),
    "absolute": lambda t: (np.abs(t) ** 3).sum() + abs(t[0]),
    "summed": lambda t: (t.reshape(3, 4).sum(axis=0) ** 2).sum() + np.sum(t[:4]) ** 2
    + (t.reshape(2, 3, 2).sum(axis=(0, 2)) ** 2 + t.reshape(4, 3).sum(-1, keepdims=True)).sum(),
    "averaged": lambda t: (t.reshape(3, 4).mean(axis=1) ** 2).sum() + np.mean(t[:4]) ** 2
    + (t.reshape(3, 4) * t.reshape(3, 4).mean(axis=1, keepdims=True)).sum(),
    "largest": lambda t: (t.reshape(3, 4).max(axis=0) ** 2).sum() + np.max(t) - np.min(t) ** 2
    + (t.reshape(3, 4) * t.reshape(3, 4).max(axis=1, keepdims=True)).sum(),
    "taken": lambda t: (t[[0, 2, 2, 0]] ** 2 * t[::3]).sum() + t[-1] ** 3,
    "reshaped": lambda t: (t.reshape(3, 4) @ t[:4] * np.reshape(t, (4, 3))[0]).sum(),
    "transposed": lambda t: (t.reshape(3, 4).T ** 2 @ t[:3]).sum() + (np.transpose(t) ** 2).sum(),
    "swapped": lambda t: (t.reshape(2, 3, 2).mT[0] @ t[:3] ** 2).sum(),
}  # fmt: skip
SECOND = {"repeated", "fitted", "put", "shaped_as"}
"""Steps of gradients alone: second derivatives go through them."""
REAL = {"maximum", "minimum", "logaddexp", "absolute", "largest"}
"""Functions that NumPy does not have for complex numbers, or has another of that name."""


def numerical(name: str, f: Callable[[Any], Any], theta: Any) -> tuple[Any, float]:
    """Return a gradient by numbers alone, and how exact it is."""
    if name in REAL:
        return gd.numerical_gradient(f, theta), 1e-8
    return by_complex_step(f, theta), 1e-13


def test_each_rule_has_a_function_that_needs_it() -> None:
    with_slopes = {step.__name__ for step in RULES if RULES[step]}
    assert with_slopes == set(USES) | SECOND
    assert all(RULES[step] == () for step in FLAT)


@pytest.mark.parametrize("name", USES)
def test_each_rule_agrees_with_numbers(name: str) -> None:
    expected, relative = numerical(name, USES[name], THETA)
    value, gradient = gd.value_and_grad(USES[name])(THETA)
    assert value == pytest.approx(float(USES[name](THETA)), rel=1e-14)
    assert agree(gradient, expected, relative)


def curvature(f: Callable[[Any], Any], theta: Any, direction: Any) -> Any:
    """Return the Hessian times a direction, by differentiating the slope along it."""
    return gd.grad(lambda t: gd.grad(f)(t) @ direction)(theta)


@pytest.mark.parametrize("name", USES)
def test_second_derivatives_agree_with_differences_of_the_gradient(name: str) -> None:
    direction, h = RNG.normal(size=12), 1e-5
    up, down = (gd.grad(USES[name])(THETA + sign * h * direction) for sign in (1, -1))
    assert agree(curvature(USES[name], THETA, direction), (up - down) / (2 * h), 1e-8)


PULLS = [(step, i) for step, pulls in RULES.items() for i, pull in enumerate(pulls) if pull]


@pytest.mark.parametrize(("step", "i"), PULLS, ids=lambda x: getattr(x, "__name__", str(x)))
def test_a_rule_that_is_a_little_wrong_is_seen(
    step: Any, i: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = RULES[step][i]
    assert right
    wrong = list(RULES[step])
    wrong[i] = lambda *inputs: right(*inputs) * 1.001
    name, direction = step.__name__, np.ones(12)
    second = name in SECOND or name == "taken"  # first derivatives add parts in place
    uses = USES.values() if name in SECOND else [USES[name]]
    if second:
        expected = [curvature(f, THETA, direction) for f in uses]
        monkeypatch.setitem(RULES, step, tuple(wrong))
        found = [curvature(f, THETA, direction) for f in uses]
    else:
        expected = [numerical(name, f, THETA)[0] for f in uses]
        monkeypatch.setitem(RULES, step, tuple(wrong))
        found = [gd.grad(f)(THETA) for f in uses]
    assert not all(agree(f, e, 1e-7) for f, e in zip(found, expected, strict=True))


LEAVES: list[Callable[[Any], Any]] = [
    lambda t: t[:3],
    lambda t: t[3:9].reshape(2, 3),
    lambda t: t[9],
    lambda t: t[10:11],
    lambda t: t[::6][:, None],
    lambda t: t.reshape(4, 3)[np.array([1, 3])],
    lambda t: t.reshape(4, 3)[[0, 0], :],
    lambda t: t[np.array([[0, 5, 5], [11, 5, 2]])],
    lambda t: t.reshape(3, 4).T[2],
    lambda _: X,
    lambda _: 0.75,
]
UNARY: list[Callable[[Any], Any]] = [
    np.sin,
    np.tanh,
    lambda x: np.exp(-x * x),
    lambda x: np.sqrt(1 + x**2),
    lambda x: np.log(2 + np.cos(x)),
    lambda x: -x,
    lambda x: x**3 / (1 + np.square(x)) ** 2,
    np.sum,
    lambda x: x.sum(axis=-1, keepdims=True) / 3 if x.ndim else x,
    lambda x: np.mean(x, axis=0) if x.ndim == 2 else x,
    lambda x: x - x.mean(),
    lambda x: x[..., ::-1] if x.ndim else x,
]
BINARY: list[Callable[[Any, Any], Any]] = [
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, y: x / (2 + np.sin(y)),
    lambda x, y: (1.5 + np.tanh(x)) ** y,
    lambda x, y: np.where(np.array([True, False, True]), x, y),
]
Expression = Any


def expressions() -> st.SearchStrategy[Expression]:
    """Trees of the functions above: all their arrays can be broadcast to (2, 3)."""
    leaf = st.sampled_from(LEAVES).map(lambda f: (f,))
    return st.recursive(
        leaf,
        lambda below: st.one_of(
            st.tuples(st.sampled_from(UNARY), below),
            st.tuples(st.sampled_from(BINARY), below, below),
        ),
        max_leaves=8,
    )


def evaluated(expression: Expression, theta: Any) -> Any:
    function, *below = expression
    if not below:
        return np.asarray(function(theta)) if not isinstance(theta, Var) else function(theta)
    inputs = [evaluated(one, theta) for one in below]
    return function(*(np.asarray(x) if isinstance(x, float) else x for x in inputs))


@settings(max_examples=150, deadline=None)
@given(expression=expressions(), seed=st.integers(0, 2**16))
def test_any_expression_has_the_gradient_of_the_complex_step(
    expression: Expression, seed: int
) -> None:
    def f(theta: Any) -> Any:
        return np.sum(evaluated(expression, theta) * np.array([1.0, -2.0, 0.5]))

    theta = np.random.default_rng(seed).uniform(-1.5, 1.5, 12)
    expected = by_complex_step(lambda t: f(t) + 0j, theta)
    size = max(1.0, abs(f(theta)))
    assert np.abs(gd.grad(f)(theta) - expected).max() <= 1e-11 * max(size, np.abs(expected).max())
    assert np.abs(expected - gd.numerical_gradient(f, theta)).max() <= 1e-6 * max(
        size, np.abs(expected).max()
    )


RANKS = [
    ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((5, 2, 3), (3,)),
    ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((3,), (5, 3, 4)), ((5, 2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (2, 3, 4)), ((1, 2, 3), (5, 3, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), RANKS)
def test_products_of_all_ranks(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    n = math.prod(left)
    theta = RNG.normal(size=n + math.prod(right))

    def f(t: Any) -> Any:
        product = t[:n].reshape(left) @ t[n:].reshape(right)
        weights = np.cos(np.arange(product.size)).reshape(product.shape)
        return (product**2 * weights).sum()

    assert agree(gd.grad(f)(theta), by_complex_step(f, theta), 1e-13)
    direction = RNG.normal(size=len(theta))
    up, down = (gd.grad(f)(theta + sign * 1e-5 * direction) for sign in (1, -1))
    assert agree(curvature(f, theta, direction), (up - down) / 2e-5, 1e-8)


INDICES = [
    1, -1, slice(1, 3), slice(None, None, -2), (slice(None), 1), (0, 2), None, (..., None),
    [0, 2, 0], np.array([1, 1, 1]), (np.array([0, 3, 0]), np.array([1, 1, 1])),
    (slice(None), [0, 0]), np.arange(12).reshape(4, 3) % 2 == 0, np.array([[0, 1], [3, 0]]),
    np.array([True, False, True, True]), (), np.int64(2),
]  # fmt: skip


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_parts_send_their_slopes_back_to_their_places(index: Any) -> None:
    theta = RNG.normal(size=(4, 3))

    def f(t: Any) -> Any:
        part = t[index]
        return (part**3).sum() + t[1, 1] * t[0, 0]  # and others, before and after

    assert agree(gd.grad(f)(theta), by_complex_step(f, theta), 1e-13)
    direction = np.ones(theta.shape)
    along = gd.grad(lambda t: (gd.grad(f)(t) * direction).sum())(theta)
    up, down = (gd.grad(f)(theta + sign * 1e-5) for sign in (1, -1))
    assert agree(along, (up - down) / 2e-5, 1e-8)


def _added_up(t: Any) -> Any:
    total = 0
    for x in t:
        total += x * x
    return total


# By hand: f, θ, ∇f.
KNOWN: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "x²y": (lambda t: t[0] ** 2 * t[1], [3.0, 2.0], [12.0, 9.0]),
    "Rosenbrock": (
        lambda t: (1 - t[0]) ** 2 + 100 * (t[1] - t[0] ** 2) ** 2, [-1.2, 1.0], [-215.6, -88.0],
    ),
    "a shared part": (lambda t: t.sum() * t.sum() + t[0], [1.0, 2.0], [7.0, 6.0]),
    "of two equal numbers the first": (lambda t: np.maximum(t[0], t[1]), [2.0, 2.0], [1.0, 0.0]),
    "a ReLU at 0": (lambda t: np.maximum(0, t).sum(), [0.0, 1.0], [0.0, 1.0]),
    "the smaller": (lambda t: np.minimum(t[0], t[1]), [2.0, 2.0], [1.0, 0.0]),
    "equal largest share": (lambda t: t.max(), [2.0, 2.0, 1.0, 2.0], [1 / 3, 1 / 3, 0.0, 1 / 3]),
    "|0|": (lambda t: np.abs(t).sum(), [0.0, -2.0], [0.0, -1.0]),
    "a constant": (lambda _: 3, [1.0, 2.0], [0.0, 0.0]),
    "θ in no place that counts": (lambda t: (t * 0).sum(), [1.0, 2.0], [0.0, 0.0]),
    "powers at 0": (lambda t: sum(t[0] ** k for k in range(4)), [0.0], [1.0]),
    "a power of 0": (lambda t: t[0] ** (2 + t[1]), [0.0, 1.0], [0.0, 0.0]),
    "a power of 2 and another": (lambda t: 2.0 ** t[0], [3.0], [8 * math.log(2)]),
    "what another array is compared with": (
        lambda t: (t * (t > 1) + 2 * t * (t <= 2) + 4 * t * (t >= 2)).sum() + t[t < 2].sum(),
        [1.5, 3.0], [4.0, 5.0],
    ),
    "unpacked": (math.prod, [3.0, 2.0], [2.0, 3.0]),
    "one number": (lambda t: t**3, 2.0, 12.0),
    "a matrix": (lambda t: np.trace(np.ones((2, 2))) * t[0, 1], [[1.0, 2.0]], [[0.0, 2.0]]),
    "without its slope": (lambda t: t[0] * stop_gradient(t[0] * t[1]), [3.0, 2.0], [6.0, 0.0]),
    "an array of one number": (lambda t: t[:1] * t[1:], [3.0, 2.0], [2.0, 3.0]),
    "lists beside arrays": (
        lambda t: t @ [5, 6] + [0, 6] @ t + (t ** [2, 1]).sum(), [1.0, 1.0], [7.0, 13.0],
    ),
    "NumPy's numbers beside arrays": (
        lambda t: (np.float64(3) * t / np.float32(2)).sum() + np.array([1, 2]) @ t, [1.0, 1.0],
        [2.5, 3.5],
    ),
    "augmented assignment": (_added_up, [1.0, 2.0], [2.0, 4.0]),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_gradients_by_hand(name: str) -> None:
    f, theta, expected = KNOWN[name]
    np.testing.assert_allclose(gd.grad(f)(theta), expected, rtol=1e-14)
    assert gd.value_and_grad(f)(theta)[0] == pytest.approx(float(np.squeeze(f(np.array(theta)))))


def test_what_comes_back_is_a_float_and_an_array_of_its_own() -> None:
    theta = np.array([1.0, 2.0])
    for f in (lambda t: t.sum(), lambda t: t @ t, lambda t: t[0] + t[1], lambda _: 2, np.mean):
        value, gradient = gd.value_and_grad(f)(theta)
        assert type(value) is float
        assert gradient.dtype == float
        assert gradient.flags.writeable
        gradient += 1
        again = gd.grad(f)(theta)
        np.testing.assert_array_equal(gradient, again + 1)
    np.testing.assert_array_equal(theta, [1.0, 2.0])


def test_if_decides_anew_at_each_point() -> None:
    def f(t: Any) -> Any:
        return t[0] ** 2 if t[0] > 0 else -3 * t[0]

    assert gd.grad(f)([2.0])[0] == 4
    assert gd.grad(f)([-2.0])[0] == -3


def test_an_inner_gradient_does_not_take_the_outer_variable_for_its_own() -> None:
    # d/dx [x · d/dy (x y)] = d/dx [x²], and d/dy (x + y) is 1 whatever x is.
    assert gd.grad(lambda x: x * gd.grad(lambda y: x * y)(5.0))(3.0) == 6
    assert gd.grad(lambda x: x * gd.grad(lambda y: x + y)(x))(3.0) == 1
    assert gd.grad(lambda x: gd.grad(lambda _: x**2)(1.0) + x)(3.0) == 1

    # s = x (y₀ + y₁) and ∂s²/∂y is 2sx twice, 8x² in all at y = 1.
    def summed(x: Any) -> Any:
        return gd.grad(lambda y: (y[:2] * x).sum() ** 2)(np.ones(3)).sum()

    assert gd.grad(summed)(3.0) == 48


def test_third_derivatives() -> None:
    third = gd.grad(gd.grad(gd.grad(lambda x: x**4 + np.exp(2 * x))))
    assert third(0.5) == pytest.approx(24 * 0.5 + 8 * math.e, rel=1e-14)


def test_gradients_by_several_arrays() -> None:
    value, (by_x, by_y) = differentiate(lambda x, y: (x @ y).sum(), X, X.T)
    assert value == pytest.approx((X @ X.T).sum())
    np.testing.assert_allclose(by_x, np.ones((2, 2)) @ X)
    np.testing.assert_allclose(by_y, X.T @ np.ones((2, 2)))


def test_nothing_stays_in_memory() -> None:
    def failing(t: Any) -> Any:
        _ = t * 2
        raise RuntimeError

    gc.collect()
    gc.disable()
    try:
        gd.grad(USES["matmul"])(THETA)
        curvature(USES["matmul"], THETA, np.ones(12))
        with pytest.raises(RuntimeError):
            gd.grad(failing)(THETA)
        assert not [one for one in gc.get_objects() if type(one) is Var]
    finally:
        gc.enable()


def test_descend_takes_the_pair() -> None:
    run = gd.descend(
        gd.value_and_grad(lambda t: ((t - 1) ** 2).sum()), gd.gradient_descent(0.25), [3.0, 0.0], 60
    )
    np.testing.assert_allclose(run.points[-1], [1.0, 1.0])


def test_infinite_slopes_are_numbers() -> None:
    with np.errstate(all="ignore"):
        assert gd.grad(np.sqrt)(0.0) == np.inf
        assert np.isnan(gd.grad(np.log)(np.nan))


PLAIN = (
    "a Var cannot become plain numbers, which have no slope: use NumPy's functions on it, rather"
    " than those of math, float(…), np.array([…]) or an array that is written to"
)
TRUTH = "a Var is neither true nor false: compare its numbers, or use np.where"
HAS = "it has shape, ndim, size, T, mT, reshape, sum, mean, max, min"
RULED = (
    "has no rule here; there is one for np.absolute, np.add, np.cos, np.divide, np.exp, np.log,"
    " np.log1p, np.logaddexp, np.matmul, np.max, np.maximum, np.mean, np.min, np.minimum,"
    " np.multiply, np.ndim, np.negative, np.power, np.reshape, np.shape, np.sin, np.sqrt,"
    " np.square, np.subtract, np.sum, np.tanh, np.transpose, np.where, @, parts x[i]"
)


def _written_to(t: Any) -> Any:
    t[0] = 1.0
    return t.sum()


def _into_an_array(t: Any) -> Any:
    array = np.zeros(2)
    array[0] = t[0]
    return array.sum()


def _in_place(t: Any) -> Any:
    array = np.zeros(2)
    array += t
    return array.sum()


WORDS: dict[str, tuple[Callable[[Any], Any], type[Exception], str]] = {
    "two numbers": (
        lambda t: t * 2, ValueError, "f must return one number, not an array of shape (2,)",
    ),
    "two plain numbers": (
        lambda _: np.ones(2), ValueError, "f must return one number, not an array of shape (2,)",
    ),
    "nothing": (lambda _: None, TypeError, "f(θ) must be numbers, not None"),
    "a ufunc": (np.arctan, TypeError, f"np.arctan {RULED}"),
    "a method of one": (np.add.reduce, TypeError, f"np.add.reduce {RULED}"),
    "a function": (np.linalg.norm, TypeError, f"np.linalg.norm {RULED}"),
    "an option": (
        lambda t: np.exp(t, where=[True, False]).sum(), TypeError,
        "np.exp of a Var takes no where=",
    ),
    "a method": (lambda t: t.std(), AttributeError, f"a Var has no 'std'; {HAS}"),
    "truth": (lambda t: t[1] if t[0] else 1, TypeError, TRUTH),
    "float": (lambda t: float(t[0]), TypeError, PLAIN),
    "math": (lambda t: math.sin(t[0]), TypeError, PLAIN),
    "an array of Vars": (lambda t: np.array([t[0], t[1]]).sum(), TypeError, PLAIN),
    "an index": (lambda t: t[[0, 1][t[0]]], TypeError, PLAIN),
    "written to": (
        _written_to, TypeError,
        "a Var cannot be written to: build a new array, with np.where for one",
    ),
    "in place": (_in_place, TypeError, "np.add of a Var takes no out="),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_what_cannot_be_differentiated_is_said(name: str) -> None:
    f, kind, words = WORDS[name]
    with pytest.raises(kind) as said:
        gd.grad(f)([0.5, 2.0])
    assert str(said.value) == words


def test_numpy_says_why_an_array_takes_no_var() -> None:
    with pytest.raises(ValueError, match="setting an array element") as said:
        gd.grad(_into_an_array)([0.5, 2.0])
    assert str(said.value.__cause__) == PLAIN


def test_what_is_no_function_or_no_point_is_said() -> None:
    with pytest.raises(TypeError, match="f must be a function of an array that returns one number"):
        gd.grad(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="theta must be real numbers, not complex ones"):
        gd.grad(np.sum)([1j])


def test_pytorch_says_the_same() -> None:
    torch = pytest.importorskip("torch")
    w, x, y = RNG.normal(size=(3, 4)), RNG.normal(size=(5, 3)), RNG.integers(0, 4, 5)

    def f(w: Any) -> Any:
        scores = np.maximum(0, x @ w) + np.tanh(x @ w)
        shifted = scores - scores.max(axis=1, keepdims=True)
        return (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(5), y]).mean()

    tensor = torch.tensor(w, requires_grad=True)
    product = torch.tensor(x) @ tensor
    loss = torch.nn.functional.cross_entropy(
        torch.relu(product) + torch.tanh(product), torch.tensor(y)
    )
    loss.backward()
    value, gradient = gd.value_and_grad(f)(w)
    assert value == pytest.approx(loss.item(), rel=1e-14)
    np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=1e-12, atol=1e-15)
