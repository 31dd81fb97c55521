"""Perturbed descent against a loop by hand; random symmetric matrices against their theory."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import gdlib as gd

PASS = gd.Landscape.parse("x**2/2 + y**4/4 - y**2/2", start=(1.0, 0.0))
GIVEN: dict[str, Any] = {
    "learning_rate": 0.1, "radius": 0.01, "gradient_norm": 0.01, "cooldown": 50, "seed": 1,
}  # fmt: skip


def test_plain_descent_from_the_ridge_ends_at_the_saddle_and_the_perturbed_one_does_not() -> None:
    plain = gd.descend(PASS, gd.gradient_descent(0.1), steps=500)
    np.testing.assert_allclose(plain.end, 0, atol=1e-12)
    run = gd.perturbed_descent(PASS, **GIVEN)
    assert abs(abs(run.end[1]) - 1) < 0.02
    assert run.status == "out of steps"


def test_between_jumps_it_is_gradient_descent() -> None:
    run = gd.perturbed_descent(PASS, steps=300, **GIVEN)
    x, y = run.points.T
    stepped = np.stack([x - 0.1 * x, y - 0.1 * (y**3 - y)], axis=1)
    off = np.linalg.norm(run.points[1:] - stepped[:-1], axis=1)
    at = np.flatnonzero(off > 1e-12)
    slopes = np.linalg.norm(run.gradients, axis=1)
    assert len(at) >= 2
    assert (slopes[at] <= 0.01).all()
    assert (np.diff(at) >= 50).all()
    assert at[0] == np.flatnonzero(slopes <= 0.01)[0]
    assert (off[at] <= 0.01 * 1.1).all()  # a step stretches a jump by 1.1 at most


@pytest.mark.parametrize(("bound", "jumps"), [(1.0, True), (1 - 1e-12, False)])
def test_a_slope_of_just_the_bound_is_flat(bound: float, jumps: bool) -> None:
    slope = gd.Landscape.parse("x", start=(1.0,))
    run = gd.perturbed_descent(slope, steps=1, **(GIVEN | {"gradient_norm": bound}))
    assert (run.end[0] != 1 - 0.1) == jumps


def test_jumps_are_even_in_the_ball() -> None:
    flat = np.zeros((4000, 2))
    run = gd.perturbed_descent(PASS, flat, steps=1, **GIVEN)
    jump = run.end / np.array([0.9, 1.1])  # undo the step's stretching near the saddle
    radii = np.linalg.norm(jump, axis=-1) / 0.01
    assert radii.max() == pytest.approx(1, abs=1e-3)
    assert (radii < np.sqrt(0.5)).mean() == pytest.approx(0.5, abs=0.03)  # half of the area
    np.testing.assert_allclose(jump.mean(0), 0, atol=3e-4)


def test_a_grid_of_starts_leaves_the_saddle_and_a_seed_repeats_it() -> None:
    starts = np.zeros((3, 4, 2))
    one, two = (gd.perturbed_descent(PASS, starts, **GIVEN) for _ in range(2))
    np.testing.assert_array_equal(one.points, two.points)
    assert (np.abs(one.end[..., 1]) > 0.9).all()
    assert one.status.shape == (3, 4)


def test_a_run_that_overflows_ends_at_its_last_finite_point() -> None:
    run = gd.perturbed_descent(PASS, (0.0, 30.0), steps=50, **GIVEN)
    assert run.status == "diverged"
    assert np.isfinite(run.values).all()
    assert len(run.points) == run.steps + 1


def test_the_share_of_all_positive_spectra_is_the_known_one() -> None:
    # n = 1: ½; n = 2: (2 − √2)/4; n = 3: (π − 2√2)/4π (Dean & Majumdar 2008, §1)
    for n, wanted in ((1, 0.5), (2, (2 - 2**0.5) / 4), (3, (np.pi - 8**0.5) / (4 * np.pi))):
        spectra = np.linalg.eigvalsh(gd.random_symmetric(n, 40_000, seed=n))
        share = (spectra[:, 0] > 0).mean()
        assert abs(share - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / 40_000)


def test_eigenvalues_fill_wigners_semicircle() -> None:
    matrices = gd.random_symmetric(200, 20, seed=0)
    np.testing.assert_array_equal(matrices, matrices.swapaxes(1, 2))
    spectra = np.linalg.eigvalsh(matrices)
    assert spectra.max() == pytest.approx(np.sqrt(2), abs=0.06)
    assert spectra.var() == pytest.approx(0.5, rel=0.03)


def test_runs_that_overflow_beside_others_do_so_quietly() -> None:  # warnings are errors here
    starts = np.array([(0.0, 20.0), (0.0, 0.5), (0.0, -15.0)])
    run = gd.perturbed_descent(PASS, starts, steps=200, **GIVEN)
    assert run.status.tolist() == ["diverged", "out of steps", "diverged"]
    assert np.isfinite(run.gradients).all()


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"learning_rate": 0}, ValueError, "learning_rate must be positive and finite, not 0"),
        ({"radius": np.inf}, ValueError, "radius must be positive and finite, not inf"),
        ({"gradient_norm": -1}, ValueError, "gradient_norm must be at least 0"),
        ({"cooldown": 0}, ValueError, "cooldown must be at least 1, not 0"),
        ({"steps": 1.5}, TypeError, "steps must be a whole number, not 1.5"),
        ({"start": (1.0,)}, ValueError, "start must be of shape (..., 2), not (1,)"),
        ({"landscape": 3}, TypeError, "the cost must be a Landscape, not int"),
    ],
)
def test_mistakes_are_refused(
    changed: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        gd.perturbed_descent(**({"landscape": PASS} | GIVEN | changed))


def test_cooldown_goes_by_its_old_name_too() -> None:
    old = {"wait" if name == "cooldown" else name: value for name, value in GIVEN.items()}
    new = gd.perturbed_descent(PASS, steps=80, **GIVEN)
    np.testing.assert_array_equal(gd.perturbed_descent(PASS, steps=80, **old).points, new.points)
    with pytest.raises(ValueError, match="wait must be at least 1, not 0"):
        gd.perturbed_descent(PASS, **(old | {"wait": 0}))
    with pytest.raises(TypeError, match="cooldown must be a whole number, not None"):
        gd.perturbed_descent(PASS, **(GIVEN | {"cooldown": None}))
    with pytest.raises(TypeError, match="wait is what cooldown used to be called"):
        gd.perturbed_descent(PASS, **GIVEN, wait=5)


def test_no_matrices_are_refused() -> None:
    with pytest.raises(ValueError, match=r"dimension must be at least 1, not 0"):
        gd.random_symmetric(0, 5, seed=0)
