"""Mini-batches beside a torch DataLoader; the full batch beside the memory that it reads."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator

import numpy as np

import gdlib as gd
from benchmarks.measure import Row, compare, cpu_seconds

ROWS, PARAMETERS, BATCH = 100_000, 20, 32
MANY, PASSES = 1_000_000, 20
RATE = 0.01


def made(rows: int = ROWS) -> gd.LeastSquares:
    """Make a regression; a million rows are 160 MB, more than a processor's caches hold."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(rows, PARAMETERS))
    return gd.LeastSquares(features, features @ np.ones(PARAMETERS) + rng.normal(size=rows))


def numpy_epoch(problem: gd.LeastSquares) -> Callable[[], np.ndarray]:
    """Prepare an epoch as a student writes it: pick each batch's rows from a shuffled list."""

    def run() -> np.ndarray:
        theta, order = np.zeros(PARAMETERS), np.random.default_rng(0).permutation(ROWS)
        for i in range(0, ROWS, BATCH):
            rows = order[i : i + BATCH]
            x, y = problem.features[rows], problem.targets[rows]
            theta = theta - RATE * x.T @ (x @ theta - y) / len(rows)
        return theta

    return run


def torch_epoch(problem: gd.LeastSquares) -> Callable[[], np.ndarray]:
    """Prepare an epoch of torch.optim.SGD over a shuffling DataLoader, with autodiff."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    torch.set_num_threads(1)
    data = TensorDataset(torch.from_numpy(problem.features), torch.from_numpy(problem.targets))
    loader = DataLoader(data, batch_size=BATCH, shuffle=True)

    def run() -> np.ndarray:
        theta = torch.zeros(PARAMETERS, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([theta], lr=RATE)
        for x, y in loader:
            optimizer.zero_grad()
            cost = ((x @ theta - y) ** 2).mean() / 2
            cost.backward()
            optimizer.step()
        return np.asarray(theta.detach().numpy())

    return run


def rows() -> Iterator[Row]:
    """Compare an epoch of small batches, and steps on all rows."""
    problem = made()
    plain = gd.gradient_descent(RATE)

    def epoch() -> np.ndarray:
        run = gd.descend_batches(problem, plain, batch_size=BATCH, epochs=1, seed=0, keep="end")
        return np.asarray(run.points[-1])

    by_hand = numpy_epoch(problem)
    np.testing.assert_allclose(epoch(), by_hand(), rtol=1e-9)
    what = f"an epoch of 10⁵ rows, B = {BATCH}"
    yield compare(what, epoch, by_hand, "NumPy loop, rows by index", aim=1.5, clock=cpu_seconds)
    if importlib.util.find_spec("torch") is not None:
        theirs = torch_epoch(problem)
        np.testing.assert_allclose(epoch(), theirs(), atol=0.1)  # other batches: σ = 0.02
        yield compare(what, epoch, theirs, "torch DataLoader and SGD", aim=25, pairs=3)
    yield _bandwidth(made(MANY))


def _bandwidth(problem: gd.LeastSquares) -> Row:
    """Compare full-batch steps with STREAM's copy, which moves as many bytes.

    A step reads the features twice, for Xθ and for Xᵀr; a copy reads them once and writes them
    once. How memory bandwidth is measured: McCalpin 1995, "Memory bandwidth and machine balance".
    """
    plain, there = gd.gradient_descent(RATE), np.empty_like(problem.features)

    def steps() -> object:
        return gd.descend_batches(
            problem, plain, batch_size=problem.rows, epochs=PASSES, seed=0, keep="end"
        )

    def copies() -> None:
        for _ in range(PASSES):
            np.copyto(there, problem.features)

    what = f"{PASSES} steps on 10⁶ rows (share of bandwidth)"
    return compare(what, steps, copies, "copying the features as often", aim=0.7, pairs=5)
