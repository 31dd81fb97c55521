"""Mini-batches beside a torch DataLoader; the full batch beside the memory that it reads."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator

import numpy as np

import gdlib as gd
from benchmarks.measure import Row, compare

ROWS, PARAMETERS, BATCH = 100_000, 20, 32
RATE = 0.01
PASSES = 20


def made() -> gd.LeastSquares:
    """Make a regression of 100,000 rows: 16 MB of features."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(ROWS, PARAMETERS))
    return gd.LeastSquares(features, features @ np.ones(PARAMETERS) + rng.normal(size=ROWS))


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
    yield compare(what, epoch, by_hand, "NumPy loop, rows by index", aim=1)
    if importlib.util.find_spec("torch") is not None:
        theirs = torch_epoch(problem)
        np.testing.assert_allclose(epoch(), theirs(), atol=0.05)  # another order of the rows
        yield compare(what, epoch, theirs, "torch DataLoader and SGD", aim=20, pairs=3)
    yield _bandwidth(problem)


def _bandwidth(problem: gd.LeastSquares) -> Row:
    """Compare full-batch steps with reading the features twice: Xθ reads them, then Xᵀr does."""
    plain, flat = gd.gradient_descent(RATE), problem.features.ravel()

    def steps() -> object:
        return gd.descend_batches(
            problem, plain, batch_size=ROWS, epochs=PASSES, seed=0, keep="end"
        )

    def reads() -> object:
        return [flat @ flat for _ in range(2 * PASSES)]

    what = f"{PASSES} steps on all rows (share of bandwidth)"
    return compare(what, steps, reads, "reading the features twice a step", aim=0.7)
