"""Mutants of mutmut that lived, each killed by the fact that it denies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib import schedules
from gdlib.descent import basins
from gdlib.formula import machine, parse, signs
from gdlib.landscapes import critical_points
from gdlib.optimizers.optimizer import State
from tests.test_defaults import RULES


def test_every_rule_names_its_source() -> None:
    rules = [
        make() if name in RULES else make(0.1) for name, make in gd.optimizers.catalogue.items()
    ]
    assert all(
        any(c.isdigit() for c in rule.source) for rule in [*rules, gd.proximal_descent(1, 1)]
    )


def test_random_matrices_hang_on_their_seed_and_one_is_enough() -> None:
    one, same, other = (gd.random_symmetric(3, 1, seed=seed) for seed in (4, 4, 5))
    assert one.shape == (1, 3, 3)
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    with pytest.raises(ValueError, match="count must be at least 1, not 0"):
        gd.random_symmetric(3, 0, seed=4)


def test_newtons_method_counts_its_gradients_and_all_its_looks() -> None:
    landscape = gd.landscapes.rosenbrock()
    plain = gd.newton(landscape, steps=5)
    assert (plain.evaluations, plain.value_evaluations) == (5, 0)
    damped = gd.newton(landscape, steps=6, damped=True)
    looks, theta = 0, np.array(landscape.start)
    for _ in range(6):
        g, h = landscape.gradient(theta), landscape.hessian(theta)
        sizes, axes = np.linalg.eigh(h)
        step = -axes @ ((axes.T @ g) / np.abs(sizes))
        looks += 1
        while landscape.value(theta + step) > landscape.value(theta) + 1e-4 * (g @ step):
            step, looks = step / 2, looks + 1
        theta = theta + step
    assert looks > 6
    assert (damped.evaluations, damped.value_evaluations) == (6, looks)
    np.testing.assert_allclose(damped.end, theta, rtol=1e-9)


def test_a_curvature_is_flat_beside_the_largest_whatever_that_is() -> None:
    x, y = sp.symbols("x y", real=True)
    trough = gd.Landscape("trough", 50 * x**2 + y, (x, y), [(-1, 1)] * 2, (1.0, 1.0))
    run = gd.newton(trough, steps=1, damped=True)  # 1/(10⁻⁸·100) along y
    np.testing.assert_allclose(run.end, (0, 1 - 1e6), atol=1e-9)
    nothing = gd.Landscape.parse("x + y", start=(1.0, 1.0))  # no curvature at all: 1/10⁻¹⁶
    np.testing.assert_allclose(gd.newton(nothing, steps=1, damped=True).end, -1e16, rtol=1e-9)


def test_perturbed_runs_keep_the_values_and_counts_that_belong_to_their_points() -> None:
    landscape = gd.landscapes.himmelblau()
    for shape in ((2, 3), ()):
        run = gd.perturbed_descent(
            landscape, np.full((*shape, 2), 1 / 9), steps=7,
            learning_rate=0.01, radius=0.01, gradient_norm=0.01, cooldown=5, seed=0,
        )  # fmt: skip
        assert run.points.shape == (8, *shape, 2)
        np.testing.assert_allclose(run.values, landscape.value(run.points), rtol=1e-13)
        np.testing.assert_allclose(run.gradients, landscape.gradient(run.points), rtol=1e-12)
        for counts in (np.asarray(run.steps), np.asarray(run.evaluations)):
            assert counts.dtype.kind == "i"
            assert (counts == 7).all()
            assert counts.shape == shape


NAMES = {
    "constant": schedules.constant(0.1),
    "step": schedules.step(0.1),
    "exponential": schedules.exponential(0.1),
    "polynomial": schedules.polynomial(0.1, 9),
    "inverse time": schedules.inverse_time(0.1),
    "cosine": schedules.cosine(0.1, 9),
    "cosine with restarts": schedules.cosine(0.1, 9, restarts=True),
    "warm-up, then constant": schedules.warmup(3, schedules.constant(0.1)),
    "constant, by epoch": schedules.by_epoch(schedules.constant(0.1), 3),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_schedule_goes_by_its_usual_name(name: str) -> None:
    assert NAMES[name].name == name


X, Y = sp.symbols("x y", real=True)


@pytest.mark.parametrize(
    ("u", "low"),
    [
        (1 + sp.sin(X), 0),
        (1 - sp.tanh(X * Y), 0),
        (sp.cosh(X) - 1, 0),
        (sp.Abs(sp.sin(X)) * sp.exp(Y), 0),
        ((2 + sp.cos(X)) ** 3, 1),
        (sp.sqrt(X + Y), 0),
    ],
)
def test_what_touches_its_lowest_value_is_proved_to_be_nowhere_below_it(
    u: sp.Expr, low: int
) -> None:
    assert signs.range_of(u)[0] == low
    assert signs.is_nonnegative(u)
    assert signs.is_positive(u) == (low > 0)


@pytest.mark.parametrize(
    ("u", "x", "y"),
    [
        (X**-3, -1, 0),
        ((X + Y) ** -1, -1, 0),
        (X**3 + sp.sin(Y), -2, 0),
        ((sp.sin(X) - 2) ** 3, 0, 0),
        (sp.Max(X, Y), -1, -1),
    ],
)
def test_nothing_is_proved_of_what_is_below_0_somewhere(u: sp.Expr, x: int, y: int) -> None:
    assert u.subs({X: x, Y: y}) < 0
    assert not signs.is_nonnegative(u)


@pytest.mark.parametrize("text", ["0x1F*x", "0o17*x", "0O17*x", "0b11*x"])
def test_numbers_of_other_bases_are_no_arithmetic(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it in tens|decimal"):
        gd.Landscape.parse(text)


def test_a_polynomial_schedule_ends_at_no_rate_below_0() -> None:
    with pytest.raises(ValueError, match=r"^end must be at least 0 and finite, not -0\.1"):
        schedules.polynomial(0.1, steps=10, end=-0.1)
    assert schedules.polynomial(0.1, steps=10, end=0)(10) >= 0


def test_basins_of_a_landscape_that_is_nearly_flat_are_those_of_the_steep_one() -> None:
    """Whether a slope counts as none is asked beside the map's steepest, however small that is."""
    steep = gd.landscapes.himmelblau()
    low = gd.Landscape(
        "low", steep.expr / 10**9, steep.variables, steep.bounds, steep.start, steep.minima
    )
    one = gd.basins(steep, gd.gradient_descent(0.005), (6, 6), 800)
    other = gd.basins(low, gd.gradient_descent(0.005 * 10**9), (6, 6), 800)
    np.testing.assert_array_equal(one.labels, other.labels)
    assert (one.labels >= 0).all()


@pytest.mark.parametrize("box", [((0.5, 6.0), (0.5, 6.0)), ((-6.0, -0.5), (0.5, 6.0))])
def test_a_line_of_critical_points_is_found_in_a_box_on_one_side_of_0(
    box: tuple[tuple[float, float], tuple[float, float]],
) -> None:
    line = gd.Landscape("line", sp.sin(X + Y) ** 2, (X, Y), box, (box[0][0] + 1, 2.0))
    with pytest.raises(ValueError, match="not isolated"):
        line.critical_points()


def test_states_of_a_run_that_left_the_numbers_are_equal_too() -> None:
    lost = State(3, {"m": np.array([1.0, np.nan])})
    assert lost == State(3, {"m": np.array([1.0, np.nan])})
    assert lost != State(3, {"m": np.array([2.0, np.nan])})
    assert lost != State(4, {"m": np.array([1.0, np.nan])})
    assert lost != State(3, {"v": np.array([1.0, np.nan])})


def test_a_size_may_be_written_as_sympy_prints_it() -> None:
    assert parse.read("Abs(x - 3)") == parse.read("abs(x - 3)")
    assert parse.read(str(parse.read("abs(x - 3)"))) == parse.read("abs(x - 3)")


def test_a_landscapes_name_is_asked_for_by_name() -> None:
    with pytest.raises(TypeError, match="name must be a string, not 3"):
        gd.Landscape.parse("x**2", name=3)  # type: ignore[arg-type]


def test_points_of_another_length_are_refused_unchecked_too() -> None:
    with pytest.raises(ValueError, match="points of shape"):
        gd.landscapes.himmelblau().evaluate("value", np.ones((4, 3)))


def test_a_run_rests_where_it_hardly_moves_hardly_away_from_a_minimum() -> None:
    """The diagonal of the bowl's map is 5, so a step of 5e−6 and a way of 5e−4 are the bounds."""
    bowl = gd.Landscape("bowl", X**2 + 3 * Y**2, (X, Y), [(-2, 2), (-1.5, 1.5)], (1.0, 1.0))
    cap = gd.Landscape("cap", -(X**2) - Y**2, (X, Y), [(-2, 2), (-1.5, 1.5)], (1.0, 1.0))
    away, moved = np.array([4.9e-4, 5.1e-4]), np.array([4.9e-6, 5.1e-6])
    for axis in (0, 1):
        unit = np.eye(2)[:, [axis]]
        for sign in (-1, 1):
            now = sign * unit * away
            assert basins._resting(bowl, now, now).tolist() == [True, False]
            assert basins._resting(bowl, sign * unit * moved, np.zeros((2, 2))).tolist() == [
                True, False,
            ]  # fmt: skip
        assert not basins._resting(cap, unit * 1e-9, unit * 1e-9).any()


def test_polynomials_are_solved_exactly_and_nothing_else() -> None:
    def solved(expr: sp.Expr) -> object:
        return critical_points._polynomial(gd.Landscape("", expr, (X, Y), [(-2, 2)] * 2, (1, 1)))

    assert solved((X - 1) ** 2 + (Y - 1) ** 2 / 2) == [(1.0, 1.0)]
    for factor in (sp.pi, sp.E):
        assert solved(factor * X**2 + Y**2) is None
    assert solved(sp.exp(X) + Y**2) is None


def test_folders_of_the_cache_are_made_where_there_are_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("platformdirs")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / "a" / name))
    file = machine._file("x = 1\n")
    assert file is not None
    assert file.parent == tmp_path / "a" / "gdlib"
    assert file.read_text(encoding="utf-8") == "x = 1\n"
    assert machine._file("x = 1\n") == file
    assert machine._file("x = 2\n") != file
    assert [path.suffix for path in file.parent.iterdir()] == [".py", ".py"]
