"""A gradient by reverse mode: what it costs beside its function, and beside PyTorch and JAX."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import gdlib as gd
from benchmarks.measure import Row, compare, cpu_seconds

Cost = Callable[..., Any]


def network(inputs: int, hidden: int, outputs: int, rows: int) -> tuple[Cost, list[np.ndarray]]:
    """Make the squares of a tanh network, for arrays of any library; and a θ and a batch for it."""
    ends = np.cumsum([inputs * hidden, hidden, hidden * outputs])

    def cost(theta: Any, x: Any, y: Any, tanh: Callable[[Any], Any] = np.tanh) -> Any:
        w = theta[: ends[0]].reshape(inputs, hidden)
        b = theta[ends[0] : ends[1]]
        v = theta[ends[1] : ends[2]].reshape(hidden, outputs)
        return ((tanh(x @ w + b) @ v + theta[ends[2] :] - y) ** 2).mean()

    rng = np.random.default_rng(0)
    theta = rng.normal(size=int(ends[2]) + outputs) / np.sqrt(inputs)
    return cost, [theta, rng.normal(size=(rows, inputs)), rng.normal(size=(rows, outputs))]


def torch_gradient(cost: Cost, arrays: list[np.ndarray]) -> Callable[[], Any]:
    """Prepare PyTorch's gradient of the same cost."""
    torch: Any = importlib.import_module("torch")

    torch.set_num_threads(1)
    point, x, y = map(torch.tensor, arrays)
    point.requires_grad_()

    def run() -> Any:
        point.grad = None
        cost(point, x, y, torch.tanh).backward()
        return point.grad.numpy()

    return run


def jax_gradient(cost: Cost, arrays: list[np.ndarray]) -> Callable[[], Any]:
    """Prepare JAX's gradient of the same cost, compiled."""
    import jax

    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(jax.grad(lambda *given: cost(*given, jax.numpy.tanh)))
    given = [jax.numpy.asarray(array) for array in arrays]
    return lambda: np.asarray(compiled(*given))


def rows() -> Iterator[Row]:
    """Compare gradients of small networks, of a large one, and of ten numbers without data."""
    for shape, calls, aim in (
        ((1, 3, 1, 100), 200, None),
        ((1, 3, 1, 1000), 100, 0.2),
        ((784, 126, 10, 100), 2, 0.2),
    ):
        yield from _of_a_network(shape, calls, aim)
    ten = np.linspace(0.1, 1, 10)
    yield _beside_itself(
        "gradient: 10 numbers without data", lambda t: (np.sin(t) * t).sum(), ten, 1000, None
    )


def _of_a_network(shape: tuple[int, int, int, int], calls: int, aim: float | None) -> Iterator[Row]:
    cost, arrays = network(*shape)
    what = f"gradient: {arrays[0].size:,} parameters, {shape[-1]:,} rows"
    yield _beside_itself(what, lambda t: cost(t, *arrays[1:]), arrays[0], calls, aim)
    yield from _beside_others(what, cost, arrays, calls)


def _beside_itself(what: str, f: Cost, theta: np.ndarray, calls: int, aim: float | None) -> Row:
    gradient = gd.grad(f)
    return compare(
        what,
        lambda: _repeat(lambda: gradient(theta), calls),
        lambda: _repeat(lambda: f(theta), calls),
        "the function alone",
        aim=aim,
        pairs=15,
        clock=cpu_seconds,
    )


def _beside_others(what: str, cost: Cost, arrays: list[np.ndarray], calls: int) -> Iterator[Row]:
    theta, *batch = arrays
    gradient = gd.grad(lambda t: cost(t, *batch))
    for package, make in (("torch", torch_gradient), ("jax", jax_gradient)):
        if importlib.util.find_spec(package) is None:
            print(f"  {package} is not installed: no row of it")
            continue
        theirs = make(cost, arrays)
        np.testing.assert_allclose(theirs(), gradient(theta), rtol=1e-8, atol=1e-12)
        yield compare(
            what,
            lambda: _repeat(lambda: gradient(theta), calls),
            lambda theirs=theirs: _repeat(theirs, calls),  # type: ignore[misc]
            package,
            clock=cpu_seconds,
        )


def _repeat(run: Callable[[], object], calls: int) -> None:
    for _ in range(calls):
        run()
