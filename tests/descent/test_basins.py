"""Basins of attraction against reasoning on paper, and a loop written by hand."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.descent import basins
from gdlib.descent.basins import ESCAPED, UNDECIDED, middles

HIMMELBLAU = gd.landscapes.himmelblau()
MINIMA = np.array([(3, 2), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)])


def walked(starts: Any, rate: float, steps: int) -> Any:
    """Descend Himmelblau's function by hand; return the number of the nearest minimum."""
    x, y = starts[..., 0].copy(), starts[..., 1].copy()
    with np.errstate(all="ignore"):
        for _ in range(steps):
            a, b = x * x + y - 11, x + y * y - 7
            x, y = x - rate * (4 * x * a + 2 * b), y - rate * (2 * a + 4 * y * b)
        far = np.stack([np.hypot(x - p, y - q) for p, q in MINIMA])
    return np.where(np.isfinite(far).all(0), far.argmin(0), ESCAPED)


def renamed(found: gd.Basins) -> Any:
    """Return the labels in the numbering of MINIMA."""
    order = [np.hypot(*(MINIMA - p.point).T).argmin() for p in found.points]
    return np.where(found.labels >= 0, np.array(order)[found.labels], found.labels)


@pytest.mark.parametrize("rate", [0.01, 0.014])
def test_every_start_has_the_label_of_a_loop_by_hand(rate: float) -> None:
    found = gd.basins(HIMMELBLAU, gd.gradient_descent(rate), (60, 80), 600)
    by_hand = walked(middles(HIMMELBLAU, (60, 80)), rate, 600)
    decided = renamed(found) != UNDECIDED
    assert decided.mean() > 0.98
    np.testing.assert_array_equal(renamed(found)[decided], by_hand[decided])


@pytest.mark.parametrize(
    ("name", "optimizer"),
    [
        ("himmelblau", gd.gradient_descent(0.01)),
        ("himmelblau", gd.momentum(0.01, decay=0.9)),
        ("himmelblau", gd.adam(0.1)),
        ("himmelblau", gd.adagrad(0.5)),
        ("three_hump_camel", gd.nesterov(0.02, decay=0.8)),
        ("saddle", gd.gradient_descent(0.1)),
        ("rastrigin", gd.gradient_descent(0.002)),
        ("rosenbrock", gd.gradient_descent(0.001)),
    ],
)
def test_freezing_runs_that_rest_changes_no_label(name: str, optimizer: gd.Optimizer) -> None:
    cost = gd.landscapes.catalogue[name]()
    frozen, free = (gd.basins(cost, optimizer, (40, 50), 800, freeze=f) for f in (True, False))
    np.testing.assert_array_equal(frozen.labels, free.labels)
    for one, other in zip(frozen.points, free.points, strict=True):
        np.testing.assert_allclose(one.point, other.point, atol=1e-9)
    assert (free.steps == 800).all()


def test_a_double_wells_ridge_parts_its_basins() -> None:
    well = gd.Landscape.parse("(x**2 - 1)**2 / 4 + y**2 / 2", bounds=((-2, 2), (-1, 1)))
    found = gd.basins(well, gd.gradient_descent(0.1), (3, 10), 400)
    left, right = (min(found.points), max(found.points))
    assert left.point == pytest.approx((-1, 0))
    assert right.point == pytest.approx((1, 0))
    labels = np.broadcast_to(
        [found.points.index(left)] * 5 + [found.points.index(right)] * 5, (3, 10)
    )
    np.testing.assert_array_equal(found.labels, labels)
    np.testing.assert_allclose(found.shares, 0.5)


def test_starts_on_a_ridge_reach_the_saddle_and_are_said_to() -> None:
    well = gd.Landscape.parse("(x**2 - 1)**2 / 4 + y**2 / 2", bounds=((-2, 2), (-1, 1)))
    found = gd.basins(well, gd.gradient_descent(0.1), (3, 11), 400)  # x = 0 in the middle column
    reached = found.points[found.labels[0, 5]]
    assert reached.kind == "saddle"
    assert reached.point == pytest.approx((0, 0), abs=1e-6)
    assert sorted(p.kind for p in found.points) == ["minimum", "minimum", "saddle"]


def test_resting_takes_the_steps_that_the_decay_asks_for() -> None:
    bowl = gd.landscapes.quadratic(condition=1)  # errors fall by (1 − η) a step
    found = gd.basins(bowl, gd.gradient_descent(0.1), (2, 2), 1000)
    (x0, x1), (y0, y1) = bowl.bounds
    size, error = np.hypot(x1 - x0, y1 - y0), (x1 - x0) / 4
    moved = 1e-6 * size / (0.9**-16 - 1)  # 16 steps from error e move by e·(0.9⁻¹⁶ − 1)
    wanted = np.log(moved / error) / np.log(0.9)
    assert wanted <= found.steps.max() <= wanted + 16


def test_a_rate_too_large_diverges_and_is_labelled_so() -> None:
    found = gd.basins(HIMMELBLAU, gd.gradient_descent(0.5), (6, 6), 100)
    assert (found.labels == ESCAPED).mean() > 0.9


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"landscape": np.sin}, TypeError, "basins take a Landscape, not ufunc"),
        ({"landscape": gd.landscapes.double_well()}, ValueError, "2 variables"),
        ({"optimizer": gd.adam}, TypeError, "the optimizer must be one like gd.adam()"),
        (
            {"shape": (0, 5)},
            ValueError,
            "shape's rows must be at least 1, not 0",
        ),
        ({"shape": 50}, TypeError, "shape must be (rows, columns)"),
        ({"steps": -1}, ValueError, "steps must be at least 0, not -1"),
    ],
)
def test_mistakes_are_refused(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    asked: dict[str, Any] = {"landscape": HIMMELBLAU, "optimizer": gd.gradient_descent(0.01)}
    with pytest.raises(error, match=re.escape(message)):
        gd.basins(**asked | arguments)


def assigned(text: str, ends: Any, flat: float, bounds: Any = ((-1, 1), (-1, 1))) -> Any:
    labels, known = basins._assign(gd.Landscape.parse(text, bounds=bounds), np.array(ends), flat)
    return labels.tolist(), known


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("axis", [0, 1])
def test_an_end_has_reached_a_minimum_within_a_hundredth_of_the_diagonal(
    axis: int, sign: int
) -> None:
    # The diagonal is 5; Newton's method arrives from anywhere in a parabola.
    box, away = ((-2, 2), (-1.5, 1.5)), sign * np.eye(2)[axis]
    labels, known = assigned("x**2 + 2*y**2", [0.0499 * away], 0.0, box)
    assert labels == [0]
    np.testing.assert_allclose(known, [(0, 0)], atol=1e-12)
    assert assigned("x**2 + 2*y**2", [0.0501 * away], 0.0, box)[0] == [UNDECIDED]
    labels, _ = assigned("x**2 + 2*y**2", [0.0501 * away, [np.nan] * 2, 0 * away], 0.0, box)
    assert labels == [UNDECIDED, ESCAPED, 0]


@pytest.mark.parametrize(("x", "flat", "label"), [(9e-4, 1e-3, 0), (2e-3, 1e-3, UNDECIDED)])
@pytest.mark.parametrize("text", ["x**2/2 - y**2/2", "-x**2/2 - y**2/2", "y**2/2 - x**2/2"])
def test_a_saddle_or_a_maximum_is_reached_only_where_the_slope_is_flat(
    text: str, x: float, flat: float, label: int
) -> None:
    assert assigned(text, [(x, 0.0)], flat)[0] == [label]
    assert assigned(text, [(0.0, x)], flat)[0] == [label]


def test_newtons_method_must_have_arrived_at_a_slope_of_a_millionth() -> None:
    # From x, eight steps on x⁴ leave (2/3)⁸x: within reach at once, but flat only from a small x.
    (near, far), _ = assigned("x**4 + y**2", [(0.02, 0.0), (0.0, 0.0)], 1.0)
    assert (near, far) == (0, 0)
    slope = 4 * (0.02 * (2 / 3) ** 8) ** 3
    assert slope < 1e-6 < 1e4 * slope
    assert assigned("10**4*x**4 + y**2", [(0.02, 0.0)], 1.0)[0] == [UNDECIDED]


def test_two_hundred_points_are_told_apart() -> None:
    odd = np.arange(-15, 17, 2.0)
    ends = np.stack(np.meshgrid(odd, odd), -1).reshape(-1, 2)  # 256 minima
    labels, known = assigned("cos(pi*x) + cos(pi*y)", ends, 0.0, ((-16, 16), (-16, 16)))
    assert labels == [*range(200), *[UNDECIDED] * 56]
    np.testing.assert_allclose(known, ends[:200], atol=1e-9)
