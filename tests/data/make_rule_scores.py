"""Run every rule at nine rates on 68 problems, and write what each run leaves of the cost.

A score is the common logarithm of (J_end − J*)/(J_start − J*) after 200 gradients, or after 150
mini-batches of 10 rows: the median of five starts, or of three orders of the rows; between −6 and
1, which a diverged run has, too. `python tests/data/make_rule_scores.py` takes some minutes and
writes gdlib/datasets/rule_scores.csv.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp

import gdlib as gd
from gdlib.problems import LeastSquares, LogisticRegression

TARGET = Path(__file__).parents[2] / "gdlib" / "datasets" / "rule_scores.csv"
RATES = [10 ** (k / 2) for k in range(-6, 3)]
UNITS = {"÷ 10": sp.Rational(1, 10), "": sp.Integer(1), "× 10": sp.Integer(10)}
NOWHERE = {"monkey_saddle", "rastrigin", "ackley"}
"""No minimum, or one that no rule finds from the start."""


def score(left: Any) -> float:
    """Return a run's score, from the fraction of the cost that it leaves at each seed."""
    with np.errstate(all="ignore"):
        logs = np.log10(np.maximum(left, 0))
    return float(np.median(np.clip(np.nan_to_num(logs, nan=1, posinf=1), -6, 1)))


def rules() -> Iterator[tuple[str, float, gd.Optimizer]]:
    for build in gd.optimizers.catalogue.values():
        for rate in RATES:
            optimizer = build(rate)
            yield optimizer.name, rate, optimizer


def bowls() -> Iterator[gd.Landscape]:
    """Yield chapter 15's bowl with curvatures 1 and 100, along the axes and turned."""
    x, y = sp.symbols("x y", real=True)
    along = sp.Rational(3, 5) * (x - 1) + sp.Rational(4, 5) * (y - 1)
    across = sp.Rational(3, 5) * (y - 1) - sp.Rational(4, 5) * (x - 1)
    square = ((-1.5, 3.5), (-1.5, 3.5))
    forms = {"bowl": (x - 1) ** 2 / 2 + 50 * (y - 1) ** 2}
    forms["turned bowl"] = along**2 / 2 + 50 * across**2
    for name, form in forms.items():
        yield gd.Landscape(name, form, (x, y), square, start=(3, 2), minima=((1, 1),))


def landscapes() -> Iterator[gd.Landscape]:
    yield from bowls()
    for name, build in gd.landscapes.catalogue.items():
        if name not in NOWHERE:
            yield build()


def on_landscape(land: gd.Landscape, unit: sp.Expr) -> list[float]:
    """Score every rule and rate on a landscape whose cost is multiplied by a number."""
    sides = np.ptp(np.array(land.bounds), axis=1)
    moved = 0.05 * sides * np.random.default_rng(0).uniform(-1, 1, (5, len(sides)))
    starts = np.array(land.start) + moved
    other = gd.Landscape(
        land.name, unit * land.expr, land.variables, land.bounds, land.start, land.minima
    )
    least = min(other.value(minimum) for minimum in land.minima)
    gaps = other.value(starts) - least
    scores = []
    for _, _, optimizer in rules():
        run = gd.descend(other, optimizer, starts, 200, keep="end")
        left = (run.values[-1] - least) / gaps
        scores.append(score(np.where(run.status == "diverged", np.inf, left)))
    return scores


def draw(seed: int) -> tuple[LeastSquares, LogisticRegression]:
    """Return chapter 15's dense and sparse problem, drawn anew."""
    rng = np.random.default_rng(seed)
    often = np.array([0.5, 0.5, 0.3, 0.2, 0.1, 0.1, 0.05, 0.05, 0.03, 0.03])
    mix = np.eye(10) + rng.normal(size=(10, 10)) / np.sqrt(10)
    features = rng.normal(size=(100, 10)) @ mix
    targets = features @ rng.normal(size=10) + 0.3 * rng.normal(size=100)
    words = 1.0 * (rng.random((100, 10)) < often)
    chance = 1 / (1 + np.exp(-words @ rng.choice([-2.0, 2.0], 10)))
    return (
        LeastSquares(features, targets),
        LogisticRegression(words, rng.random(100) < chance, l2=1e-3),
    )


def on_data(problem: Any) -> list[float]:
    """Score every rule and rate on mini-batches, in three orders of the rows."""
    theta = np.zeros(problem.n)
    start = problem.value(theta)
    for _ in range(30):
        theta = theta - np.linalg.solve(problem.hessian(theta), problem.gradient(theta))
    least = problem.value(theta)
    scores = []
    for _, _, optimizer in rules():
        runs = [
            gd.descend_batches(problem, optimizer, batch_size=10, epochs=15, seed=seed, keep="end")
            for seed in range(3)
        ]
        ends = [np.inf if run.status == "diverged" else run.values[-1] for run in runs]
        scores.append(score((np.array(ends) - least) / (start - least)))
    return scores


def table() -> Iterator[tuple[str, str, list[float]]]:
    """Yield each problem's kind, its name and its scores."""
    for land in landscapes():
        for words, unit in UNITS.items():
            yield land.name, f"{land.name} {words}".strip(), on_landscape(land, unit)
    for seed in range(1, 11):
        for kind, problem in zip(("dense", "sparse"), draw(seed), strict=True):
            yield kind, f"{kind} {seed}", on_data(problem)


def main() -> None:
    """Write the table."""
    heads = [f"{name} {rate:.2g}" for name, rate, _ in rules()]
    with TARGET.open("w", encoding="utf-8") as file:
        file.write(",".join(["kind", "problem", *heads]) + "\n")
        for kind, name, scores in table():
            cells = [f"{number:.1f}".replace("-0.0", "0.0") for number in scores]
            file.write(",".join([kind, name, *cells]) + "\n")


if __name__ == "__main__":
    main()
