"""Rules with a rate for each coordinate, and Muon."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from gdlib import datasets, schedules
from gdlib.descent.descend import descend
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer, adagrad, adam, adamw, gradient_descent, muon, rmsprop
from gdlib.optimizers.update_rule import UpdateRule
from gdlib.problems import LeastSquares, Network

Array = NDArray[np.float64]


def adagrad_stops(noise: float) -> float:
    """Return AdaGrad's effective rate after 4000 steps on x²/2 from 1, over that of the first."""
    rng = np.random.default_rng(11)
    squares: list[float] = []

    def cost(x: Array) -> tuple[float, Array]:
        slope = x + noise * rng.standard_normal(1)
        squares.append(float(slope[0] ** 2))
        return float(0.5 * x[0] ** 2), slope

    descend(cost, adagrad(0.5), np.ones(1), steps=4000, keep="end")
    return float(np.sqrt(squares[0] / sum(squares)))


def adagrad_favours_the_rare(share: float) -> float:
    """Return AdaGrad's last step along a feature in so many of 2000 rows, over one in all rows."""
    rng = np.random.default_rng(12)
    rule = adagrad(0.1)
    state, last = rule.init(np.zeros(2)), np.zeros(2)
    for present in rng.random(2000) < share:
        slopes = np.array([1.0, float(present)])
        step, state = rule.update(slopes, state, np.zeros(2))
        last = np.where(slopes > 0, np.abs(step), last)
    return float(last[1] / last[0])


def rmsprop_mends(size: float) -> float:
    """Return the mean J of RMSProp over AdaGrad's after one slope that is so many times too large.

    It is the 50th of 400 steps on x²/2, in 20 runs with noise of 0.3 on the slopes; each rule has
    its best rate, and the mean is over the second half.
    """
    rates = 10 ** np.arange(-2.0, 0.75, 0.25)
    forgetful, lasting = (
        min(_after_a_spike(build(rate), size) for rate in rates) for build in (rmsprop, adagrad)
    )
    return forgetful / lasting


def _after_a_spike(rule: Optimizer, size: float) -> float:
    rng = np.random.default_rng(17)
    costs: list[float] = []

    def cost(x: Array) -> tuple[float, Array]:
        costs.append(float(0.5 * (x**2).mean()))
        slopes = x + 0.3 * rng.standard_normal(20)
        return costs[-1], slopes * (size if len(costs) == 50 else 1.0)

    descend(cost, rule, np.ones(20), steps=400, keep="end")
    return float(np.mean(costs[200:]))


def adam_is_faster(condition: float) -> float:
    """Return Adam's steps to 10⁻⁶ of J over those of gradient descent, in a turned valley."""
    x, y = sp.symbols("x y", real=True)
    valley = Landscape(
        name="turned valley",
        expr=(x + y) ** 2 / 4 + sp.Rational(condition) * (x - y) ** 2 / 4,
        variables=(x, y),
        bounds=((-2.0, 2.0), (-2.0, 2.0)),
        start=(1.0, 0.0),
    )
    plain = _arrives(valley, gradient_descent(1.0), [2 / (1 + condition)], 40_000)
    return _arrives(valley, adam(1.0), list(10 ** np.arange(-3, 0.75, 0.25)), 4000) / plain


def _arrives(cost: Landscape, rule: Optimizer, rates: list[float], steps: int) -> float:
    """Return the fewest steps after which J is below a millionth of its start for 300 steps."""
    fewest = np.inf
    for rate in rates:
        run = descend(cost, rule, steps=steps, learning_rate=np.full(steps, rate))
        below = run.values <= 1e-6 * run.values[0]
        stays = np.convolve(np.append(below, np.full(300, below[-1])), np.ones(300), "valid") > 299
        if run.status != "diverged" and stays.any():
            fewest = min(fewest, int(np.argmax(stays)))
    return float(fewest)


def adam_is_the_default(trials: float) -> float:
    """Return the share of 68 problems on which Adam comes within a factor of 10 of the best rule.

    Each of eleven rules has so many trials, with rates drawn from nine; the mean of 200 draws.
    """
    table = datasets.rule_scores()
    rng = np.random.default_rng(13)
    names = list(dict.fromkeys(table.rules))
    columns = {name: [i for i, rule in enumerate(table.rules) if rule == name] for name in names}
    close = []
    for _ in range(200):
        ends = {
            name: table.scores[:, rng.choice(at, int(trials), replace=False)].min(1)
            for name, at in columns.items()
        }
        adam = next(ends[name] for name in names if name.lower() == "adam")
        close.append(adam <= np.min(list(ends.values()), axis=0) + 1)
    return float(np.mean(close))


def adaptive_beats_fixed(share: float) -> float:
    """Return J of AdaGrad over that of gradient descent after 20 steps, at their best rates.

    Of twenty features the commonest is in all of 400 rows and the rarest in so many of them; the
    median of nine draws.
    """
    rates = 10 ** np.arange(-2.0, 2.1, 0.25)
    ratios = []
    for seed in range(9):
        problem = _words(np.random.default_rng(seed), share)
        adaptive, fixed = (
            min(_last(problem, build(rate)) for rate in rates)
            for build in (adagrad, gradient_descent)
        )
        ratios.append(adaptive / fixed)
    return float(np.median(ratios))


def _words(rng: np.random.Generator, share: float) -> LeastSquares:
    present = rng.random((400, 20)) < np.geomspace(1, share, 20)
    present[rng.integers(0, 400, 20), np.arange(20)] = True
    features = present * rng.standard_normal((400, 20))
    return LeastSquares(features, features @ rng.standard_normal(20))


def _last(problem: LeastSquares, rule: Optimizer) -> float:
    run = descend(problem, rule, np.zeros(20), steps=20, keep="end")
    return float(max(run.values[-1], 1e-30)) if run.status != "diverged" else np.inf


def muon_is_twice_as_fast(condition: float) -> float:
    """Return J after 60 steps of Muon over J after 120 of AdamW, each at its best falling rate.

    J is ‖A W B‖²/2 for a matrix W, 12 by 12; A and B have that condition number, and random axes.
    """
    rng = np.random.default_rng(15)
    left, right = (_turned(rng, condition) for _ in range(2))
    start = rng.standard_normal((12, 12))

    def cost(w: Array) -> tuple[float, Array]:
        rest = left @ w @ right
        return float(0.5 * (rest**2).sum()), left.T @ rest @ right.T

    rates = 2.0 ** np.arange(-6, 2)
    orthogonal = min(_fallen(cost, muon(rate, weight_decay=0.0), rate, start, 60) for rate in rates)
    entrywise = min(
        _fallen(cost, adamw(rate, weight_decay=0.0), rate, start, 120) for rate in rates
    )
    return orthogonal / entrywise


def _turned(rng: np.random.Generator, condition: float) -> Array:
    axes = np.linalg.qr(rng.standard_normal((12, 12)))[0]
    return np.asarray(axes * np.geomspace(1, 1 / condition, 12) @ axes.T)


def _fallen(
    cost: Callable[[Array], tuple[float, Array]],
    rule: UpdateRule,
    rate: float,
    start: Array,
    steps: int,
) -> float:
    falling = schedules.polynomial(rate, steps=steps)
    run = descend(cost, rule, start, steps=steps, learning_rate=falling, keep="end")
    return float(run.values[-1]) if run.status != "diverged" else np.inf


def adam_needs_a_warm_up(rate: float) -> float:
    """Return the last cost of Adam without a warm-up over that with one of 20 of 200 steps."""
    network = _waves()
    schedule = schedules.polynomial(rate, steps=200)
    ends = []
    for rates in (schedule, schedules.warmup(20, schedule)):
        runs = [
            descend(
                network, adam(rate), network.start(seed), steps=200, learning_rate=rates
            ).values[-1]
            for seed in range(3)
        ]
        ends.append(np.exp(np.mean(np.log(runs))))
    return float(ends[0] / ends[1])


@cache
def _waves() -> Network:
    rng = np.random.default_rng(16)
    features = rng.standard_normal((64, 8))
    targets = np.sin(features @ rng.standard_normal((8, 2)))
    layers = {"first": 16, "second": 16, "answers": 2}
    return Network(features, targets, layers)
