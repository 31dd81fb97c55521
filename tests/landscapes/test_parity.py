"""Each landscape of the catalogue equals its hand-derived reference and has its published facts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from tests.reference_landscapes import LANDSCAPES, complex_step, quadratic

NAMES = sorted(LANDSCAPES)


def sample(landscape: gd.Landscape, shape: tuple[int, ...] = (40,)) -> Any:
    """Draw points inside the bounds of a landscape."""
    low, high = np.array(landscape.bounds, dtype=float).T
    return np.random.default_rng(7).uniform(low, high, (*shape, len(low)))


def assert_close(actual: Any, expected: Any) -> None:
    """Compare to 13 digits of the largest entry: terms cancel where a value is near zero."""
    size = float(np.abs(expected).max())
    np.testing.assert_allclose(actual, expected, rtol=1e-13, atol=1e-13 * size)


def test_every_landscape_has_a_reference() -> None:
    assert set(gd.landscapes.catalogue) == set(LANDSCAPES)


@pytest.mark.parametrize("name", NAMES)
def test_the_references_own_derivatives_are_those_of_its_value(name: str) -> None:
    reference = LANDSCAPES[name]
    points = np.random.default_rng(3).uniform(-2, 2, (40, reference.dimension))
    assert_close(reference.gradient(points), complex_step(reference.value, points))
    assert_close(reference.hessian(points), complex_step(reference.gradient, points))


@pytest.mark.parametrize("name", NAMES)
def test_value_gradient_and_hessian_are_the_hand_derived_ones(name: str) -> None:
    landscape, reference = gd.landscapes.catalogue[name](), LANDSCAPES[name]
    points = sample(landscape)
    assert_close(landscape.value(points), reference.value(points))
    assert_close(landscape.gradient(points), reference.gradient(points))
    assert_close(landscape.hessian(points), reference.hessian(points))


@pytest.mark.parametrize("name", NAMES)
def test_leading_axes_are_kept(name: str) -> None:
    landscape, n = gd.landscapes.catalogue[name](), LANDSCAPES[name].dimension
    grid = sample(landscape, (3, 4))
    assert landscape.value(grid).shape == (3, 4)
    assert landscape.gradient(grid).shape == (3, 4, n)
    assert landscape.hessian(grid).shape == (3, 4, n, n)
    np.testing.assert_array_equal(landscape.gradient(grid)[1, 2], landscape.gradient(grid[1, 2]))


@pytest.mark.parametrize("name", NAMES)
def test_known_minima_are_minima(name: str) -> None:
    landscape, reference = gd.landscapes.catalogue[name](), LANDSCAPES[name]
    rng = np.random.default_rng(11)
    for minimum in np.array(landscape.minima, dtype=float):
        around = minimum + rng.uniform(-1e-2, 1e-2, (50, reference.dimension))
        assert np.all(reference.value(around) >= reference.value(minimum))
        if name not in ("ackley", "lasso"):  # minima on the tip of a cone and on a crease
            assert np.abs(reference.gradient(minimum)).max() <= 1e-6


FACTS = [(name, *fact) for name, reference in LANDSCAPES.items() for fact in reference.facts]


@pytest.mark.parametrize(("name", "point", "value", "kind"), FACTS)
def test_published_critical_points_are_critical(
    name: str, point: tuple[float, ...], value: float, kind: str
) -> None:
    landscape = gd.landscapes.catalogue[name]()
    at = np.array(point, dtype=float)
    assert landscape.value(at) == pytest.approx(value, abs=5e-4)
    assert np.abs(landscape.gradient(at)).max() <= 1e-4
    low, *_, high = [*np.linalg.eigvalsh(landscape.hessian(at))] * 2
    kinds = {(1, 1): "minimum", (-1, -1): "maximum", (-1, 1): "saddle"}
    assert kinds.get((np.sign(low), np.sign(high)), "degenerate") == kind


@pytest.mark.parametrize("name", ["himmelblau", "beale", "rosenbrock", "saddle", "double_well"])
def test_critical_points_are_found_whole_and_classified(name: str) -> None:
    found = gd.landscapes.catalogue[name]().critical_points()
    expected = LANDSCAPES[name].facts
    assert len(found) == len(expected)
    for point, value, kind in expected:
        nearest = min(found, key=lambda c: float(np.abs(np.subtract(c.point, point)).max()))
        np.testing.assert_allclose(nearest.point, point, atol=1e-3)
        assert nearest.value == pytest.approx(value, abs=5e-4)
        assert nearest.kind == kind


@pytest.mark.parametrize("condition", [1, 10, 50])
def test_a_quadratic_has_the_condition_it_was_given(condition: int) -> None:
    bowl = gd.landscapes.quadratic(condition=condition)
    points = sample(bowl)
    assert_close(bowl.gradient(points), quadratic(condition).gradient(points))
    eigenvalues = np.linalg.eigvalsh(bowl.hessian(points[0]))
    assert eigenvalues[-1] / eigenvalues[0] == pytest.approx(condition, rel=1e-14)


def test_beales_minimum_has_the_published_eigenvalues() -> None:
    eigenvalues = np.linalg.eigvalsh(gd.landscapes.beale().hessian(np.array([3.0, 0.5])))
    assert [f"{value:.4g}" for value in eigenvalues] == ["0.3015", "48.98"]
