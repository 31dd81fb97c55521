"""Schedules, the proximal rule and problems, broken on purpose: each comparison can go red.

Each is compared with a reference written by hand, as it stands (green) and with one part of its
formula spoilt (red).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib import schedules
from gdlib.optimizers import symbols
from tests import reference_runs as by_hand
from tests.agreement import same
from tests.spoilt import rewrites

# --- schedules: every part of every formula ------------------------------------------------------

SCHEDULES: dict[str, tuple[schedules.Schedule, Callable[[int], float]]] = {
    "constant": (schedules.constant(0.3), lambda _: 0.3),
    "step": (schedules.step(0.4, 0.5, 7), lambda t: 0.4 * 0.5 ** (t // 7)),
    "exponential": (schedules.exponential(0.4, 0.9), lambda t: 0.4 * 0.9**t),
    "polynomial": (
        schedules.polynomial(0.4, 20, 2, 0.05),
        lambda t: 0.05 + 0.35 * (1 - min(t, 20) / 20) ** 2,
    ),
    "inverse time": (
        schedules.inverse_time(2.0, 0.3, 0.7),
        lambda t: 2.0 / (1 + 0.3 * t) ** 0.7,
    ),
    "cosine": (
        schedules.cosine(0.4, 20, 0.1),
        lambda t: 0.1 + 0.3 * (1 + math.cos(math.pi * min(t, 20) / 20)) / 2,
    ),
    "cosine with restarts": (
        schedules.cosine(0.4, 10, 0.1, restarts=True),
        lambda t: 0.1 + 0.3 * (1 + math.cos(math.pi * (t % 10) / 10)) / 2,
    ),
    "warm-up": (
        schedules.warmup(5, schedules.exponential(0.4, 0.9)),
        lambda t: 0.4 * (t + 1) / 5 if t < 5 else 0.4 * 0.9 ** (t - 5),
    ),
    "by epoch": (
        schedules.by_epoch(schedules.exponential(0.4, 0.9), 6),
        lambda t: 0.4 * 0.9 ** (t // 6),
    ),
    "linear decay": (schedules.linear_decay(0.4, 20), lambda t: 0.4 * max(0, 1 - (t + 1) / 21)),
    "warm-up, stable, decay": (
        schedules.wsd(0.4, 30, 6, 9),
        lambda t: 0.4 * max(0, min((t + 1) / 6, 1, (30 - t) / 10)),
    ),
}


def is_scheduled(schedule: Any, closed: Callable[[int], float]) -> bool:
    try:
        return same([schedule(k) for k in range(1, 45)], [closed(t) for t in range(44)])
    except ValueError:  # no finite rate at some step
        return False


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_part_of_a_schedule_matters(name: str) -> None:
    schedule, closed = SCHEDULES[name]
    assert is_scheduled(schedule, closed)
    spoilt = rewrites(schedule.expr, list(schedule.constants))
    survivors = []
    for expr in spoilt:
        try:
            slipped = dataclasses.replace(schedule, expr=expr)
        except ValueError:  # a formula that cannot be said
            continue
        if is_scheduled(slipped, closed):
            survivors.append(expr)
    assert spoilt
    # cos(π(t + ⌊t⌋)) is cos(π(t − ⌊t⌋)): another formula, the same rates.
    turn = (symbols.k - 1) / schedules.schedule.period
    same_rates = {schedule.expr.subs(turn - sp.floor(turn), turn + sp.floor(turn))}
    assert set(survivors) - same_rates == set()


# --- the proximal rule ---------------------------------------------------------------------------

BENT = np.array([[3.0, 1.0], [1.0, 2.0]])
PULL = np.array([2.0, -0.1])


def walk(rule: gd.Optimizer, l1: float) -> Any:
    """Follow a rule on ½θᵀAθ − bᵀθ + α‖θ‖₁, whose whole gradient it is given."""
    theta = np.array([0.9, -0.4])
    state, path = rule.init(theta), [theta]
    with np.errstate(all="ignore"):
        for _ in range(40):
            step, state = rule.update(BENT @ theta - PULL + l1 * np.sign(theta), state, theta)
            theta = theta + step
            path.append(theta)
    return np.stack(path)


def test_every_part_of_the_proximal_rule_matters() -> None:
    wanted = by_hand.ista(lambda t: BENT @ t - PULL, (0.9, -0.4), 40, learning_rate=0.1, l1=0.7)
    assert (wanted == 0).any()
    assert (wanted < 0).any()
    rule = gd.proximal_descent(0.1, 0.7)
    assert same(walk(rule, 0.7), wanted)

    def spoilt() -> Iterator[tuple[str, gd.Optimizer]]:
        known = list(rule.hyperparameters)
        for new in rewrites(rule.step, known):
            yield f"step = {new}", dataclasses.replace(rule, step=new)
        for moment, formula in rule.moments.items():
            for new in rewrites(formula, known):
                yield f"{moment} = {new}", dataclasses.replace(rule, moments={moment: new})

    slips = list(spoilt())
    assert len(slips) > 10
    assert [what for what, slip in slips if same(walk(slip, 0.7), wanted)] == []


# --- problems ------------------------------------------------------------------------------------

ROWS = np.random.default_rng(4).normal(size=(7, 2))
TARGETS = ROWS @ [1.0, -2.0] + np.random.default_rng(5).normal(size=7)
LABELS = np.array([0.0, 1, 1, 0, 1, 0, 0])
THETA = np.array([0.7, -0.4])


def is_problem(problem: gd.LeastSquares | gd.LogisticRegression) -> bool:
    """Compare a problem's value, gradient (at one point and at two) and Hessian with ours."""
    if isinstance(problem, gd.LeastSquares):
        wanted = by_hand.least_squares(ROWS, TARGETS, THETA)
    else:
        wanted = by_hand.logistic(ROWS, LABELS, THETA, 0.3)
    ours = problem.value(THETA), problem.gradient(THETA), problem.hessian(THETA)
    both = problem.gradient(np.stack([THETA, THETA]))
    return all(map(same, (*ours, both[1]), (*wanted, wanted[1])))


def squares() -> gd.LeastSquares:
    return gd.LeastSquares(ROWS, TARGETS)


def logs() -> gd.LogisticRegression:
    return gd.LogisticRegression(ROWS, LABELS, 0.3)


PROBLEM_SLIPS: dict[str, tuple[Callable[[], Any], str, Callable[..., Any]]] = {
    "no half of a square": (squares, "row_costs", lambda _, s, y: (s - y) ** 2),
    "a residual's sign": (squares, "row_slopes", lambda _, s, y: y - s),
    "twice the residual": (squares, "row_slopes", lambda _, s, y: 2 * (s - y)),
    "curvature 2": (squares, "row_curvatures", lambda _, s: 2 * np.ones_like(s)),
    "labels of ±1": (logs, "row_costs", lambda _, s, y: np.logaddexp(0, (1 - 2 * y) * s) - s),
    "the other label": (logs, "row_costs", lambda _, s, y: np.logaddexp(0, s) - (1 - y) * s),
    "slope of the score": (logs, "row_slopes", lambda _, s, y: s - y),
    "slope of the label": (logs, "row_slopes", lambda _, s, y: 1 / (1 + np.exp(s)) - y),
    "curvature p": (logs, "row_curvatures", lambda _, s: 1 / (1 + np.exp(-s))),
    "curvature of least squares": (logs, "row_curvatures", lambda _, s: np.ones_like(s)),
    "a sum for a mean": (
        squares,
        "mean_gradient",
        lambda problem, t, x, y: (t @ x.T - y) @ x + problem.l2 * t,
    ),
    "no penalty in the gradient": (
        logs,
        "mean_gradient",
        lambda problem, t, x, y: problem.row_slopes(t @ x.T, y) @ x / len(x),
    ),
    "all of the penalty": (
        logs,
        "mean_gradient",
        lambda problem, t, x, y: problem.row_slopes(t @ x.T, y) @ x / len(x) + 2 * problem.l2 * t,
    ),
}


def test_problems_as_they_stand_are_not_caught() -> None:
    assert is_problem(squares())
    assert is_problem(logs())


@pytest.mark.parametrize("slip", PROBLEM_SLIPS)
def test_a_slip_in_a_problem_is_caught(slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, method, instead = PROBLEM_SLIPS[slip]
    problem = make()
    assert callable(getattr(type(problem), method))
    monkeypatch.setattr(type(problem), method, instead)
    assert not is_problem(problem)
