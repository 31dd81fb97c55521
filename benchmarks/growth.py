"""How time grows with what is asked for: the slope of log time over log size, and its spread."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import sympy as sp
from numpy.typing import NDArray

import gdlib as gd
from benchmarks.measure import Row, cpu_seconds

ROUNDS = 7


def rows() -> Iterator[Row]:
    """Fit an exponent for steps, starts, dimensions and rows; 1 is in proportion."""
    bowl, plain = gd.landscapes.rosenbrock(), gd.gradient_descent(1e-4)

    def of_steps(n: int) -> object:
        return gd.descend(bowl, plain, steps=n)

    def of_starts(n: int) -> object:
        return gd.descend(bowl, plain, np.full((n, 2), 0.5), steps=20, keep="end")

    chains = {n: chain(n) for n in (4, 8, 16, 32)}

    def of_dimensions(n: int) -> object:
        return gd.descend(chains[n], plain, steps=2_000)

    def of_rows(n: int) -> object:
        return gd.descend_batches(data[n], plain, batch_size=32, epochs=1, seed=0, keep="end")

    sizes = (8_000, 32_000, 128_000)
    data = {n: problem(n) for n in sizes}
    yield exponent("steps of one run", of_steps, (4_000, 16_000, 64_000))
    yield exponent("starts at once", of_starts, (20_000, 80_000, 320_000))
    yield exponent("dimensions of a chain", of_dimensions, tuple(chains))
    yield exponent("rows of an epoch, B = 32", of_rows, sizes)


def chain(n: int) -> gd.Landscape:
    """Return Rosenbrock's valley in n dimensions, whose gradient has some n terms."""
    x = sp.symbols(f"x0:{n}", real=True)
    pairs = itertools.pairwise(x)
    expr = sp.Add(*(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in pairs))
    return gd.Landscape(f"chain of {n}", expr, x, [(-2, 2)] * n, [0.5] * n)


def problem(rows: int) -> gd.LeastSquares:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(rows, 20))
    return gd.LeastSquares(features, features @ np.ones(20))


def exponent(what: str, run: Callable[[int], object], sizes: tuple[int, ...]) -> Row:
    """Fit a slope to each size's least time of a few rounds; also give the spread of the rounds."""
    for n in sizes:
        run(n)
    times = [[cpu_seconds(lambda n=n: run(n)) for n in sizes] for _ in range(ROUNDS)]  # type: ignore[misc]
    slopes, least = [_slope(sizes, row) for row in times], np.min(times, axis=0)
    fitted, low, high = _slope(sizes, least), min(slopes), max(slopes)
    said = f"time ∝ size^{fitted:.2f} ({low:.2f} to {high:.2f})"
    return Row(f"growth with {what}", float(least[-1]), None, said, None, None)


def _slope(sizes: Sequence[int], times: Sequence[float] | NDArray[np.float64]) -> float:
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])
