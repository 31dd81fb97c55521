"""Mutants of mutmut that lived, each killed by the fact that it denies."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib import checks, schedules, tuning
from gdlib.descent import arguments, basins
from gdlib.descent.stopping import Piece, Watch
from gdlib.diagnosis import evidence
from gdlib.formula import machine, parse, signs
from gdlib.landscapes import critical_points
from gdlib.optimizers import symbols
from gdlib.optimizers.state import State
from tests.test_defaults import RULES


def test_every_rule_names_its_source() -> None:
    rules = [
        make() if name in RULES else make(0.1) for name, make in gd.optimizers.catalogue.items()
    ]
    assert all(
        any(c.isdigit() for c in rule.source) for rule in [*rules, gd.proximal_descent(1, 1)]
    )


def test_every_rule_goes_by_its_usual_name() -> None:
    rules = [make(learning_rate=0.1) for make in gd.optimizers.catalogue.values()]
    assert [rule.name for rule in [*rules, gd.proximal_descent(1, 1)]] == [
        "gradient descent", "momentum", "Nesterov", "AdaGrad", "Adadelta", "RMSProp", "Adam",
        "AdamW", "AMSGrad", "Nadam", "Lion", "proximal descent",
    ]  # fmt: skip


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


@pytest.mark.parametrize("name", gd.landscapes.catalogue)
def test_coordinates_are_called_x_and_y(name: str) -> None:
    variables = gd.landscapes.catalogue[name]().variables
    assert [str(v) for v in variables] == ["x", "y"][: len(variables)]
    assert all(v.is_real for v in variables)


def test_what_nobody_has_said_of_a_landscape_is_empty() -> None:
    mine = gd.Landscape("mine", X**2, (X,), [(-1, 1)], (1.0,))
    assert (mine.minima, mine.citation) == ((), "")
    assert gd.Landscape.parse("x**2").name == "my landscape"


def test_numbers_of_steps_are_kept_as_pythons_own() -> None:
    """As text and in files NumPy's whole numbers are not theirs."""
    state = State(np.int64(3), {})  # type: ignore[arg-type]
    spike = gd.diagnosis.Finding("spike", "it leaps", np.int64(3))  # type: ignore[arg-type]
    assert [type(each.step) for each in (state, spike)] == [int, int]
    assert (state.step, spike.step) == (3, 3)


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


def test_a_draft_lies_beside_its_file_for_no_name_moves_to_another_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("platformdirs")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "no folder for drafts"))
    file = machine._file("# θ\n")
    assert file is not None
    assert file.read_bytes() == "# θ\n".encode()  # whatever the system's own ends of lines


def test_only_words_are_guessed_at() -> None:
    with pytest.raises(TypeError, match=r"""not b'path'$"""):
        checks.choice("keep", b"path", ["path", "end"])


@pytest.mark.parametrize("take", [arguments.starts_of, arguments.start_of])
def test_a_run_starts_from_a_copy_of_what_is_given(take: Any) -> None:
    given = np.array([1.0, 2.0])
    assert not np.shares_memory(take(gd.landscapes.booth(), given), given)


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_watch_remembers_one_point_whatever_the_length_of_a_piece(rows: int) -> None:
    start = Piece(np.zeros((1, 2, 1)), np.full((1, 2), 9.0), np.ones((1, 2, 1)))
    watch = Watch(gd.Stop(value_change=0.1), start)
    values = np.linspace(8, 6, rows)[:, None] * np.ones(2)
    watch.settle(Piece(np.ones((rows, 2, 1)), values, np.ones((rows, 2, 1))))
    assert [part.shape for part in watch.last] == [(1, 2, 1), (1, 2), (1, 2, 1)]
    assert watch.last.values.tolist() == [values[-1].tolist()]


def test_a_rule_is_recovered_from_short_steps_in_single_precision() -> None:
    # Steps of a thousandth of θ have 4 of its 7 digits: ηg is met to 6·10⁻⁵ of itself.
    run = gd.descend(gd.landscapes.quadratic(1), gd.gradient_descent(1e-3), (3.0, -2.0), steps=25)
    single = {
        name: getattr(run, name).astype(np.float32) for name in ("points", "values", "gradients")
    }
    found = evidence.of_trajectory(dataclasses.replace(run, **single), None)
    assert found.rate == pytest.approx(1e-3, rel=1e-3)
    assert found.decay == 0


def test_a_cost_of_a_matrix_is_asked_for_matrices_by_the_diagnosis() -> None:
    def cost(theta: Any) -> Any:
        return float((theta @ theta.T).trace()) / 2, 3 * theta  # an array of 4 has no such product

    run = gd.descend(cost, gd.gradient_descent(0.1), [[1.0, 2.0], [3.0, -1.0]], steps=20)
    assert gd.diagnose(run, cost=cost).kind == "wrong scale"


LEVEL = np.random.default_rng(4).standard_normal(300)
CURVES = {
    "a floor of noise": 3 + 0.1 * LEVEL,
    "a fall to it": 3 + 0.1 * LEVEL + 40 * np.exp(-np.arange(300) / 20),
    "a smooth fall": 1 + 9 * np.exp(-np.arange(300) / 40),
    "a crawl": 1 + 9 * np.exp(-np.arange(300) / 4000),
    "a climb": np.exp(np.arange(300) / 20),
    "a zigzag": 2 + 0.3 * (-1.0) ** np.arange(300),
    "a spike": 1 + 9 * np.exp(-np.arange(300) / 40) + 50 * (np.arange(300) == 150),
    "a U": 1 + ((np.arange(300) - 150) / 150) ** 2,
}


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1e3, 1e6])
def test_a_diagnosis_does_not_depend_on_the_unit_of_the_cost(curve: str, unit: float) -> None:
    one, other = gd.diagnose(CURVES[curve]), gd.diagnose(unit * CURVES[curve])
    assert [(found.kind, found.step) for found in other] == [
        (found.kind, found.step) for found in one
    ]


@pytest.mark.parametrize(
    ("u", "low", "high"),
    [
        (sp.Abs(sp.cos(X) - 3), 2, 4),
        (sp.Abs(sp.cos(X) + 3), 2, 4),
        (sp.Abs(sp.cos(X) - sp.Rational(1, 2)), 0, sp.Rational(3, 2)),
        (sp.Abs(sp.tanh(X) + 5 * sp.sign(Y)), 0, 6),
        (sp.Max(sp.sin(X), sp.cos(Y) - 3), -1, 1),
        (sp.Min(sp.sin(X), sp.cos(Y) + 3), -1, 1),
        ((sp.sin(X) + 2) ** 2, 1, 9),
        ((sp.sin(X) - 2) ** 3, -27, -1),
        (sp.sin(X) ** 4, 0, 1),
        ((sp.sin(X) + 1) * (sp.cos(Y) - 2), -6, 0),
    ],
)
def test_a_range_is_bounded_from_both_sides(u: sp.Expr, low: Any, high: Any) -> None:
    assert signs.range_of(u) == (low, high)


def test_a_polynomial_is_multiplied_out_up_to_its_largest_degree() -> None:
    assert signs.is_positive(X**24 - X**12 + 1)
    assert not signs.is_positive(X**25 - X**12 + 1)
    cancelled = (X**2 + Y) ** 2 - X**4 - 2 * X**2 * Y + X**2 - 2 * X + 2  # y² + (x − 1)² + 1
    assert signs.is_positive(cancelled)
    assert not signs.is_nonnegative(cancelled - 2)
    for times in (X, X * Y):  # of degree 5 and 6 as it is written, with two variables
        assert not signs.is_positive(sp.expand(times * cancelled) - times * cancelled + X**2 + 1)


def test_a_polynomials_critical_points_are_found_beyond_the_bounds() -> None:
    near = gd.Landscape("cubic", X**3 - 3 * X, (X,), [(-0.5, 0.5)], (0.0,))
    assert [(c.point, c.kind) for c in near.critical_points()] == [
        ((1.0,), "minimum"), ((-1.0,), "maximum"),
    ]  # fmt: skip


def test_a_readers_own_eta_is_the_learning_rate() -> None:
    eta, g = sp.Symbol("eta"), sp.Symbol("g")  # nothing is assumed of either
    rule = gd.Optimizer("mine", -eta * g, {}, {eta: 0.1})
    assert rule.settings == {"learning_rate": 0.1}
    assert set(rule.hyperparameters) == {symbols.eta}
    run = gd.descend(gd.landscapes.quadratic(), rule, steps=1, learning_rate=[0.0])
    np.testing.assert_array_equal(run.points[0], run.points[1])


def test_first_values_of_moments_are_floats_whatever_they_are_given_as() -> None:
    v = sp.Symbol("v", real=True)
    rule = gd.Optimizer("mine", -symbols.eta * v, {v: v + symbols.g}, {symbols.eta: 0.1},
                        initial={v: sp.Rational(1, 2)})  # fmt: skip
    assert [(value, type(value)) for value in rule.initial.values()] == [(0.5, float)]


def test_a_grid_that_never_ends_is_refused_by_name() -> None:
    settings = ({"learning_rate": 0.1} for _ in itertools.count())
    with pytest.raises(ValueError, match=r"^the grid must list at most 100,000 values$"):
        tuning._settings(settings)
    with pytest.raises(ValueError, match=r"^the grid's learning_rate must list at most 100,000"):
        tuning._settings({"learning_rate": itertools.count()})
    with pytest.raises(ValueError, match=r"^the grid must have at most 100,000 settings$"):
        tuning._settings({"learning_rate": range(101), "decay": range(1000)})
    assert len(tuning._settings({"learning_rate": range(100), "decay": range(1000)})) == 100_000


def test_patience_counts_the_steps_since_the_lowest_value() -> None:
    start = Piece(np.zeros((1, 1, 1)), np.full((1, 1), 5.0), np.ones((1, 1, 1)))
    watch = Watch(gd.Stop(patience=3), start)
    values = np.array([[6.0], [4.0], [4.0], [5.0], [3.0], [7.0]])
    assert watch._waited(values)[:, 0].tolist() == [1, 0, 1, 2, 0, 1]
    assert watch._waited(np.array([[3.0]])).tolist() == [[2]]


@pytest.mark.parametrize("rule", [gd.adam(0.1), gd.proximal_descent(0.1, 0.1)])
def test_only_a_rule_with_boxes_is_set_with_room_between_its_lines(rule: gd.Optimizer) -> None:
    assert r"\\[3pt]" not in rule.latex()
    assert r"\\[3pt]" in rule.latex(since=gd.momentum(0.1))
