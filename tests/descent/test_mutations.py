"""Batches, line searches, Newton, basins and the engine, broken on purpose: each can go red.

Each method is compared with a reference written by hand, as it stands (green) and with a slip in
a function that it calls (red).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.descent import basins as basins_module
from gdlib.descent import batches, line_search, stopping
from gdlib.descent import newton as newton_module
from gdlib.descent.many_starts import ManyStarts
from tests import reference_runs as by_hand
from tests.agreement import same

Slip = Callable[[pytest.MonkeyPatch], None]

ROWS = np.random.default_rng(4).normal(size=(7, 2))
TARGETS = ROWS @ [1.0, -2.0] + np.random.default_rng(5).normal(size=7)


def rosenbrock(t: Any) -> float:
    return float((1 - t[0]) ** 2 + 100 * (t[1] - t[0] ** 2) ** 2)


def its_slope(t: Any) -> Any:
    bend = 200 * (t[1] - t[0] ** 2)
    return np.array([-2 * (1 - t[0]) - 2 * t[0] * bend, bend])


def its_curvature(t: Any) -> Any:
    return np.array([[2 - 400 * t[1] + 1200 * t[0] ** 2, -400 * t[0]], [-400 * t[0], 200.0]])


RATES = [0.1 / k for k in range(1, 10)]
SHUFFLED: dict[str, Any] = {"batch_size": 3, "epochs": 3, "seed": 8}
BATCHED = {
    drawn: by_hand.on_batches(ROWS, TARGETS, learning_rates=RATES, replacement=drawn, **SHUFFLED)
    for drawn in (False, True)
}


def batches_run() -> bool:
    good = True
    for drawn, (points, samples) in BATCHED.items():
        asked = {**SHUFFLED, "learning_rate": RATES, "replacement": drawn}
        run = gd.descend_batches(gd.LeastSquares(ROWS, TARGETS), gd.gradient_descent(9.0), **asked)
        good &= same(run.points, points) and same(run.samples, samples)
    return good


def searches() -> bool:
    asked: dict[str, Any] = {"learning_rate": 0.9, "shrink": 0.3, "slope": 0.35}
    run = gd.backtracking(gd.landscapes.rosenbrock(), (-1.2, 1.0), steps=12, **asked)
    points, looks = by_hand.backtracking(rosenbrock, its_slope, (-1.2, 1.0), 12, **asked)
    return same(run.points, points) and bool(run.value_evaluations == looks)


def newtons() -> bool:
    landscape, start = gd.landscapes.rosenbrock(), (-1.2, 1.0)
    plain = gd.newton(landscape, start, steps=5)
    damped = gd.newton(landscape, (0.0, 1.0), steps=6, damped=True)  # curves down there
    return same(plain.points, by_hand.newton(its_slope, its_curvature, start, 5)) and same(
        damped.points, by_hand.damped_newton(rosenbrock, its_slope, its_curvature, (0.0, 1.0), 6)
    )


def basins_found() -> bool:
    # ¼(x² − 1)² + ½y²: the sign of a start's x tells its minimum, and x = 0 is the saddle's ridge.
    well = gd.Landscape.parse("(x**2 - 1)**2 / 4 + y**2 / 2", bounds=((-2, 1), (-1, 1)))
    found = gd.basins(well, gd.gradient_descent(0.3), (2, 9), 300)
    xs = -2 + (np.arange(9) + 0.5) / 3
    reached = np.array([found.points[label].point[0] for label in found.labels.ravel()])
    wanted = np.tile(np.sign(xs), 2)
    kinds = sorted(point.kind for point in found.points)
    rested = bool((found.steps[:, xs != 0] < 300).all())
    return same(reached, wanted) and rested and kinds == ["minimum", "minimum"]


def engine_runs() -> bool:
    """Compare Adam under a schedule, alone and in a grid, whole, at its end and stopped."""
    starts, rates = np.array([(2.0, 1.0), (-0.5, 0.3)]), [0.3 / (1 + k / 9) for k in range(150)]
    bowl, rule = gd.landscapes.quadratic(condition=10), gd.adam(9.0)
    path, m, v = [starts], np.zeros((2, 2)), np.zeros((2, 2))
    for k, rate in enumerate(rates, 1):
        g = path[-1] * [1, 10]
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        step = m / (1 - 0.9**k) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
        path.append(path[-1] - rate * step)
    norms = np.linalg.norm(np.array(path) * [1, 10], axis=-1)
    wanted = [int(np.flatnonzero(norms[:, i] <= 0.05)[0]) for i in (0, 1)]
    stop = gd.Stop(gradient_norm=0.05)
    asked: dict[str, Any] = {"steps": 150, "learning_rate": rates}
    whole = gd.descend(bowl, rule, starts, **asked)
    end = gd.descend(bowl, rule, starts, keep="end", **asked)
    stopped = gd.descend(bowl, rule, starts, stop=stop, **asked)
    good = same(whole.points, path) and same(end.points, path[-1:])
    good &= stopped.steps.tolist() == wanted
    for i, start in enumerate(starts):
        one = gd.descend(bowl, rule, start, stop=stop, **asked)
        last = gd.descend(bowl, rule, start, stop=stop, keep="end", **asked)
        good &= one.steps == last.steps == wanted[i]
        good &= same(one.points, [p[i] for p in path[: wanted[i] + 1]])
        good &= same(stopped.end[i], one.end) and same(last.end, one.end)
    return bool(good)


def patch(owner: Any, name: str, wrap: Callable[[Any], Any]) -> Slip:
    """Return a slip: a function of the package replaced by what `wrap` makes of it."""

    def slip(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(owner, name, wrap(getattr(owner, name)))

    return slip


def longer(step: Any) -> Any:
    return None if step is None else 1.01 * step


METHOD_SLIPS: dict[str, tuple[Callable[[], bool], Slip]] = {
    "batches in the rows' own order": (
        batches_run,
        patch(np.random, "default_rng", lambda _: lambda _seed: Ordered()),
    ),
    "batches of one seed more": (
        batches_run,
        patch(np.random, "default_rng", lambda make: lambda seed: make(seed + 1)),
    ),
    "a last batch divided by the full size": (
        batches_run,
        patch(
            gd.LeastSquares, "mean_gradient",
            lambda mean: lambda self, t, x, y: mean(self, t, x, y) * len(x) / 3,
        ),
    ),
    "rates one step late": (
        batches_run,
        patch(batches, "rates_of", lambda of: lambda *a, **k: [*(of(*a, **k)[:1]), *of(*a, **k)]),
    ),
    "a promise that does not shrink": (searches, patch(line_search, "armijo", lambda _: stubborn)),
    "another shrinking": (
        searches,
        patch(line_search, "armijo", lambda f: lambda *a: f(*a[:6], 0.5, *a[7:])),
    ),
    "Armijo's slope of the damped step": (
        searches,
        patch(line_search, "armijo", lambda f: lambda *a: f(*a[:7], 1e-4)),
    ),
    "one look too many": (
        searches,
        patch(line_search, "armijo", lambda f: lambda *a: (f(*a)[0], f(*a)[1] + 1)),
    ),
    "a step a hundredth longer": (
        searches,
        patch(line_search, "armijo", lambda f: lambda *a: (longer(f(*a)[0]), f(*a)[1])),
    ),
    "a Hessian that is twice as large": (
        newtons,
        patch(gd.Landscape, "hessian", lambda f: lambda self, x: 2 * f(self, x)),
    ),
    "a Hessian of its diagonal alone": (
        newtons,
        patch(gd.Landscape, "hessian", lambda f: lambda self, x: f(self, x) * np.eye(2)),
    ),
    "a damped step with the curvatures' signs": (
        newtons,
        patch(newton_module, "downhill", lambda _: lambda h, g: -np.linalg.solve(h, g)),
    ),
    "a damped step along the gradient": (
        newtons, patch(newton_module, "downhill", lambda _: lambda _h, g: -g),
    ),
    "a damped step that is never halved": (
        newtons, patch(newton_module, "armijo", lambda _: lambda *a: (a[4], 1)),
    ),
    "basins whose rows and columns change places": (
        basins_found, patch(basins_module, "middles", lambda f: lambda c, s: f(c, s)[..., ::-1]),
    ),
    "basins that start at the cells' corners": (
        basins_found, patch(basins_module, "middles", lambda f: lambda c, s: f(c, s) - 1 / 6),
    ),
    "basins that rest nowhere": (
        basins_found,
        patch(basins_module, "_bowl", lambda f: lambda h: f(h) & False),
    ),
    "moments that start at 1": (
        engine_runs, patch(gd.Optimizer, "initial_moment", lambda _: lambda _self, _name: 1.0),
    ),
    "a grid that forgets how often it has stepped": (
        engine_runs,
        patch(ManyStarts, "move", lambda f: lambda self, k, *rest: forgets(f, self, k, *rest)),
    ),
    "a stop one step late": (
        engine_runs, patch(stopping.Watch, "feed", lambda f: lambda *a: late(f(*a))),
    ),
    "a stop that asks the value": (
        engine_runs,
        patch(
            stopping.Watch, "feed",
            lambda f: lambda self, p, v, _g, j: f(self, p, v, np.stack([v, v], -1), j),
        ),
    ),
    "a grid's end that is its start": (
        engine_runs, patch(ManyStarts, "advance", lambda f: lambda *a: stays(f(*a), a[1])),
    ),
}  # fmt: skip


class Ordered:
    """A generator that shuffles nothing."""

    def permutation(self, rows: int) -> Any:
        return np.arange(rows)

    def integers(self, rows: int, size: int) -> Any:
        return np.arange(size) % rows


def stubborn(
    cost: Any, theta: Any, value: Any, gradient: Any, direction: Any, rate: Any, *rest: float
) -> Any:
    shrink, slope = rest
    promise = slope * rate * float(gradient @ direction)
    for looks in range(1, 101):
        if float(cost.value(theta + rate * direction)) <= value + promise:
            return rate * direction, looks
        rate *= shrink
    return None, 100


def forgets(move: Any, block: Any, k: int, *rest: Any) -> Any:
    """Forget at every look the powers of β by which Adam corrects."""
    block.powers = [1.0] * len(block.powers)
    return move(block, k, *rest)


def stays(made: Any, turn: Any) -> Any:
    return made._replace(points=np.repeat(turn.last.points, len(made.points), axis=0))


def late(answers: Any) -> Any:
    converged, stalled = answers
    return np.roll(converged, 1, axis=0), stalled


METHODS = [batches_run, searches, newtons, basins_found, engine_runs]


@pytest.mark.parametrize("is_right", METHODS)
def test_a_method_as_it_stands_is_not_caught(is_right: Callable[[], bool]) -> None:
    assert is_right()


@pytest.mark.parametrize("slip", METHOD_SLIPS)
def test_a_slip_in_a_method_is_caught(slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    is_right, break_it = METHOD_SLIPS[slip]
    break_it(monkeypatch)
    assert not is_right()


def test_every_method_has_a_slip() -> None:
    assert {is_right for is_right, _ in METHOD_SLIPS.values()} == set(METHODS)
