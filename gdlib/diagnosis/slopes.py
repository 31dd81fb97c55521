"""Whether recorded gradients are those of the cost: by differences, or by the run's own losses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Finding
from gdlib.differences import numerical_gradient

Array = NDArray[np.float64]

LOOKED_AT = (0.0, 0.25, 0.5, 0.75)
"""Where along a run differences are taken: not at its end, where the gradient may be rounding."""
ALL_AXES = 40
"""Up to so many parameters each partial derivative is checked; beyond, random directions are."""
AGREES = 1e-3
"""Central differences of smooth costs err by some 1e−9 (chapter 02); a kink between them, or a
cost in single precision, by 1e−4. A wrong factor is rarely nearer to 1 than this."""
FACTOR = 0.1
"""Slips of scale are factors like 2, 1/2, N or −1; one within 10% of 1 is something else."""
LARGEST = 1e6
"""A larger factor is no slip of scale."""
STEADY = 0.02
"""On a parabola each step's ratio of fall to promise is the same number but for rounding."""


def against_cost(run: Evidence, cost: Any, shape: tuple[int, ...]) -> Finding | None:
    """Compare gradients with central differences of the cost; θ is of the given shape."""
    assert run.points is not None
    assert run.gradients is not None
    assert run.norms is not None
    looked = sorted({int(share * run.steps) for share in LOOKED_AT})
    # Where the slope has all but gone, a difference is mostly its own error.
    chosen = [k for k in looked if run.norms[k] >= AGREES * run.norms[looked].max()]
    wrong = []
    for k in chosen:
        ways = _directions(run.points[k].size, run.gradients[k])
        said, true = ways @ run.gradients[k], _differences(cost, run.points[k], ways, shape)
        size = max(float(np.linalg.norm(true)), float(np.linalg.norm(said)))
        rounding = 1e-9 * (1 + abs(float(run.losses[k])))  # of the difference quotient itself
        if not np.linalg.norm(said - true) <= AGREES * size + rounding:
            wrong.append((k, said, true))
    return _named(*wrong[0], run.points.shape[1]) if 2 * len(wrong) >= len(chosen) else None


def _directions(n: int, gradient: Array) -> Array:
    """Return unit vectors as rows: the axes, or the gradient's own and eight at random."""
    if n <= ALL_AXES:
        return np.eye(n)
    ways = np.vstack([gradient, np.random.default_rng(0).standard_normal((8, n))])
    lengths = np.linalg.norm(ways, axis=1, keepdims=True)
    return np.asarray(ways / np.where(lengths > 0, lengths, 1.0))


def _differences(cost: Any, point: Array, ways: Array, shape: tuple[int, ...]) -> Array:
    def along(t: Array) -> float:
        answer = cost((point + t @ ways).reshape(shape))
        return float(np.asarray(answer[0] if isinstance(answer, tuple) else answer).reshape(()))

    # θ may be large: a difference of 6e−6 beside 1e6 would be lost to rounding.
    h = float(np.finfo(float).eps) ** (1 / 3) * max(1.0, float(np.abs(point).max(initial=0.0)))
    return numerical_gradient(along, np.zeros(len(ways)), h=h)


def _named(k: int, said: Array, true: Array, n: int) -> Finding:
    """Name the slip: a factor of all partial derivatives, or one of them."""
    factor = float(said @ true / (true @ true)) if true.any() else np.inf
    rest = np.linalg.norm(said - factor * true) if np.isfinite(factor) else np.inf
    if rest <= AGREES * np.linalg.norm(said) and abs(factor - 1) > FACTOR:
        words = f"at step {k} the gradient is {_times(factor)} the central differences of the cost"
        return _by_factor(factor, words)
    at = int(np.abs(said - true).argmax())
    what = f"coordinate {at}" if n <= ALL_AXES else "a direction"
    return Finding(
        "wrong gradient",
        f"at step {k}, along {what}, the gradient says {said[at]:.3g} and central differences"
        f" of the cost say {true[at]:.3g}",
        step=k,
    )


def against_losses(run: Evidence) -> Finding | None:
    """Compare each step's fall with the mean slope along it, which is exact on a parabola."""
    if run.points is None or run.gradients is None or run.products is None or run.steps < 5:
        return None
    means = (run.gradients[1:] + run.gradients[:-1]) / 2
    promised = (np.diff(run.points, axis=0) * means).sum(-1)
    change = np.diff(run.losses)
    resolved = np.abs(change) > 1e-6 * np.abs(run.losses).max()
    seen = np.isfinite(run.products) & resolved & (promised != 0)
    if seen.sum() < 5:
        return None
    ratios = promised[seen] / change[seen]
    low, factor, high = map(float, np.quantile(ratios, (0.1, 0.5, 0.9)))
    if high - low > STEADY * abs(factor) or abs(factor - 1) < FACTOR:
        return None
    if not 1 / LARGEST < abs(factor) < LARGEST:  # a cycle, along which the slopes cancel
        return None
    words = f"along its steps J changes as if the true gradient were {_times(1 / factor)} this one"
    return _by_factor(factor, words)


def _by_factor(factor: float, evidence: str) -> Finding:
    if factor < 0:
        return Finding("wrong sign", evidence)
    return Finding("wrong scale", evidence, advice=_advice(factor))


def _advice(factor: float) -> str:
    return f"divide the gradient by {factor:.3g}; look for a lost or doubled factor"


def _times(factor: float) -> str:
    return f"{factor:.3g} times".replace("-", "−")
