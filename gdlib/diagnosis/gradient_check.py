"""Whether recorded gradients are those of the cost: by differences, or by the run's own losses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib import checks
from gdlib.diagnosis.evidence import Evidence
from gdlib.diagnosis.findings import Finding, unsure
from gdlib.diagnosis.resolution import resolution
from gdlib.finite_differences import numerical_gradient

Array = NDArray[np.float64]

LOOKED_AT = (0.0, 0.25, 0.5, 0.75)
"""Where along a run differences are taken: not at its end, where the gradient may be rounding."""
ALL_AXES = 40
"""Up to so many parameters each partial derivative is checked; beyond, random directions are."""
AGREES = 1e-3
"""Central differences of smooth costs err by some 1e−9 in double precision (chapter 2) and 1e−4
in single. A wrong factor is rarely nearer to 1 than this."""
FACTOR = 0.1
"""Slips of scale are factors like 2, 1/2, N or −1; one within 10% of 1 is something else."""
LARGEST = 1e6
"""A larger factor is no slip of scale."""
STEADY = 0.02
"""On a parabola each step's ratio of fall to promise is the same number but for rounding."""

VARIED = 1.5
"""How far the falls of a run differ at least, for their ratios to be more than one number."""


def against_cost(run: Evidence, cost: Any, shape: tuple[int, ...]) -> Finding | None:
    """Compare gradients with central differences of the cost; θ is of the given shape.

    Returns
    -------
    Finding or None
        "cannot tell" where the cost's own rounding, or noise, hides what a slip would change.
    """
    assert run.points is not None
    assert run.gradients is not None
    assert run.norms is not None
    if not len(run.norms):
        return None
    looked = sorted({int(share * run.steps) for share in LOOKED_AT})
    # Where the slope has all but gone, a difference is mostly its own error.
    chosen = [k for k in looked if run.norms[k] >= AGREES * run.norms[looked].max()]
    reach = float(np.abs(run.points).max()) or np.inf
    wrong, hidden = [], []
    for k in chosen:
        ways = _directions(run.points[k].size, run.gradients[k])
        said = ways @ run.gradients[k]
        true, doubt = _differences(cost, run.points[k], ways, shape, reach)
        size = max(float(np.linalg.norm(true)), float(np.linalg.norm(said)))
        if not np.isfinite(true).all() or np.linalg.norm(doubt) > FACTOR * size:
            hidden.append((k, float(np.linalg.norm(doubt)), size))
        elif np.linalg.norm(np.maximum(np.abs(said - true) - 2 * doubt, 0)) > AGREES * size:
            wrong.append((k, said, true, doubt))
    if wrong and 2 * len(wrong) >= len(chosen) - len(hidden):
        return _named(*wrong[0], run.points.shape[1])
    return _unknown(*hidden[0]) if 2 * len(hidden) > len(chosen) else None


def _unknown(k: int, doubt: float, size: float) -> Finding:
    if not np.isfinite(doubt):
        return unsure(
            f"whether the gradients are right: near the point of step {k} the cost is not finite"
        )
    return unsure(
        f"whether the gradients are right: at step {k} differences of the cost err by {doubt:.1g}"
        f" beside a slope of {size:.2g}; a cost in double precision and without noise would tell"
    )


def _directions(n: int, gradient: Array) -> Array:
    """Return unit vectors as rows: the axes, or the gradient's own and eight at random."""
    if n <= ALL_AXES:
        return np.eye(n)
    ways = np.vstack([gradient, np.random.default_rng(0).standard_normal((8, n))])
    lengths = np.linalg.norm(ways, axis=1, keepdims=True)
    return np.asarray(ways / np.where(lengths > 0, lengths, 1.0))


def _differences(
    cost: Any, point: Array, ways: Array, shape: tuple[int, ...], reach: float
) -> tuple[Array, Array]:
    """Return the slopes along `ways`, and how far each may err; `reach` is the size of the run."""

    def along(t: Array) -> float:
        return float(_at(cost, point + t @ ways, shape))

    origin, way = np.zeros(len(ways)), np.ones(len(ways)) / len(ways) ** 0.5
    known = _at(cost, point, shape)
    rounded = point.astype(np.float32).astype(float)
    moved = (rounded != point).any() and np.isfinite(rounded).all()
    if moved and _at(cost, rounded, shape) == known:  # whatever it returns, it reads θ in single
        known = np.float32(known)
    # θ may be large: a difference of 6e−6 beside 1e6 would be lost to rounding.
    size = min(float(np.abs(point).max(initial=1.0)), reach)
    rounding, h = resolution(lambda t: along(t * way), known, size)
    slopes = numerical_gradient(along, origin, h=h)
    # Twice the width errs four times as much by curvature: what both differ by bounds it.
    bent = np.abs(numerical_gradient(along, origin, h=2 * h) - slopes)
    return slopes, bent + rounding / h


def _at(cost: Any, point: Array, shape: tuple[int, ...]) -> Any:
    """Return what a cost says of J, alone or beside a gradient."""
    answer = cost(point.reshape(shape).copy())
    value = answer[0] if isinstance(answer, tuple) and answer else answer
    number = np.asarray(checks.array("the value of the cost", value, finite=False))
    if number.size != 1:
        raise ValueError(f"the value of the cost must be one number, not of shape {number.shape}")
    kind = getattr(value, "dtype", None)
    if isinstance(kind, np.dtype) and kind.kind == "f":  # keep how finely it is known
        return kind.type(number.item())
    return number.item()


def _named(k: int, said: Array, true: Array, doubt: Array, n: int) -> Finding:
    """Name the slip: a factor of all partial derivatives, or one of them."""
    factor = float(said @ true / (true @ true)) if true.any() else np.inf
    rest = np.linalg.norm(said - factor * true) if np.isfinite(factor) else np.inf
    most = AGREES * np.linalg.norm(said) + 2 * np.linalg.norm(doubt)
    if rest <= most and abs(factor - 1) > FACTOR:
        words = f"at step {k} the gradient is {_times(factor)} the central differences of the cost"
        return _by_factor(factor, words)
    at = int((np.abs(said - true) - 2 * doubt).argmax())
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
    promised = (np.diff(run.points, axis=0) * means).sum(1)
    change = np.diff(run.losses)
    resolved = np.abs(change) > max(1e-6, run.safe) * np.abs(run.losses).max()
    seen = np.isfinite(run.products) & resolved & (promised != 0)
    if run.flips is not None:  # a step across a corner, or round a cycle, promises something else
        seen &= ~run.flips
    if seen.sum() < 5:
        return None
    # Steps of a cycle repeat each other, and their errors: each counts once.
    size = np.abs(change[seen]).max()
    once = np.unique(np.round(change[seen] / size, 6), return_index=True)[1]
    ratios = (promised[seen] / change[seen])[once]
    if len(ratios) < 5:
        return None
    low, factor, high = map(float, np.quantile(ratios, (0.1, 0.5, 0.9)))
    if high - low > STEADY * abs(factor) or abs(factor - 1) < FACTOR:
        return None
    near, far = map(float, np.quantile(np.abs(change[seen]), (0.1, 0.9)))
    if far < VARIED * near:  # steps that repeat each other, in a cycle, repeat one error
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
