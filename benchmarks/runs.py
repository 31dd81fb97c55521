"""One run of 10,000 steps with its path, beside a NumPy loop and torch.optim."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import gdlib as gd
from benchmarks.measure import Row, compare, cpu_seconds

STEPS = 10_000
RATE = 1e-3
START = (-1.2, 1.0)


def _gradient(theta: Any) -> Any:
    x, y = theta
    return np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])


def numpy_gradient_descent() -> Any:
    """Run as a student writes it."""
    theta = np.array(START)
    path = [theta]
    for _ in range(STEPS):
        theta = theta - RATE * _gradient(theta)
        path.append(theta)
    return np.array(path)


def numpy_adam() -> Any:
    """Run as a student writes it, from the paper."""
    theta, m, v = np.array(START), np.zeros(2), np.zeros(2)
    path = [theta]
    for k in range(1, STEPS + 1):
        g = _gradient(theta)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        theta = theta - RATE * (m / (1 - 0.9**k)) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
        path.append(theta)
    return np.array(path)


def torch_run(name: str, steps: int) -> Callable[[], object]:
    """Prepare a run of torch.optim with autodiff."""
    import torch

    torch.set_num_threads(1)

    def run() -> object:
        theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        optimizer = getattr(torch.optim, name)([theta], lr=RATE)
        path = [theta.detach().clone()]
        for _ in range(steps):
            optimizer.zero_grad()
            cost = (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2
            cost.backward()
            optimizer.step()
            path.append(theta.detach().clone())
        return torch.stack(path)

    return run


def rows() -> Iterator[Row]:
    """Compare gradient descent and Adam on Rosenbrock's valley."""
    landscape = gd.landscapes.rosenbrock()
    torch_found = importlib.util.find_spec("torch") is not None
    for name, optimizer, plain, aim, torch_name in (
        ("gradient descent", gd.gradient_descent(RATE), numpy_gradient_descent, 7, "SGD"),
        ("Adam", gd.adam(RATE), numpy_adam, 12, "Adam"),
    ):

        def ours(optimizer: gd.Optimizer = optimizer) -> object:
            return gd.descend(landscape, optimizer, START, steps=STEPS)

        np.testing.assert_allclose(
            plain()[:100], gd.descend(landscape, optimizer, START).points[:100]
        )
        what = f"{name}: 10,000 steps and path"
        yield compare(what, ours, plain, "NumPy loop", aim=aim, clock=cpu_seconds)
        if torch_found:
            theirs = torch_run(torch_name, STEPS)
            yield compare(what, ours, theirs, f"torch.optim.{torch_name}", aim=150, pairs=3)
    yield _long_run()


def _long_run() -> Row:
    """Compare a long run of a function with many short ones: each step costs the same."""

    def run(steps: int) -> object:
        return gd.descend(lambda t: (t @ t / 2, t), gd.gradient_descent(RATE), START, steps=steps)

    return compare(
        "any function: 40,000 steps and path",
        lambda: run(40_000),
        lambda: [run(2_500) for _ in range(16)],
        "16 runs of 2,500 steps",
        aim=0.8,
        pairs=3,
        clock=cpu_seconds,
    )
